package story

import (
	"fmt"
	"html"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"homeward/work/desk"
)

// TestTheWayHome: a sister telephones. Two members of a desk carry one person from the
// first word to home, tell somebody in two steps, and see what came of it.
func TestTheWayHome(t *testing.T) {
	house := opensADesk(t)
	heron := house.atADesk("heron")
	heron.signsIn("admin", passphrase, house.oneTimeCode())

	// A second pair of eyes is needed before anything is told. Heron makes a link that
	// works once; Wren chooses her own passphrase and reads four words into the phone.
	wren := house.atADesk("wren")
	wrensSecret := heron.brings(wren, "wren", "caseworker")

	// A sister telephones. Heron types what she says, and reads her a code.
	heron.opens("/desk/new")
	heron.writes("Account, in their words", "我妹妹跟歌舞團出國，昨天用別人的手機傳：姊，不要來。")
	heron.writes("Whom it is about", "妹妹小歌")
	heron.presses("Keep it and make a code")
	heron.reads("Read these numbers out twice")

	// It becomes a case. On every list she is "the singer"; her name is in a part of its
	// own. Wren may open both, but not what she was made to do.
	heron.opens("/desk")
	heron.presses("我妹妹跟歌舞團出國，昨天用別人的手機傳：姊，不要來。")
	heron.presses("Open a case from this report, or put it into one")
	heron.writes("What we call the person here, without their real name", "the singer")
	heron.picks("Taiwan")
	heron.chooses("wren")
	heron.presses("Open the case")
	heron.reads("Missing", "Do not call the person's phone to see whether it rings.")
	heron.adds("+ Who they are", "Name, as they write it", "示範姓名甲乙")
	heron.adds("+ What they were made to do", "According to whom", "herself", "In their words", "she was made to write to strangers")
	heron.adds("+ Where they are", "Place", "Invented Province", "How exactly", "/district", "According to whom", "her sister")

	// She writes herself. She promises to write again, and agrees to what may be told.
	heron.adds("+ Contact", "When", house.clock(-time.Hour), "With whom", "/the person", "When they promised to be in touch again", house.clock(2*time.Hour), "Times are those of", "/UTC")
	heron.adds("+ Consent", "For what", "/rescue", "Answer", "/given", "Who answered", "/the person", "What may be told", "!district")
	heron.presses("Change the stage")
	heron.picks("in contact")
	heron.writes("Why", "she wrote herself")
	heron.presses("Add to the case")
	heron.reads("in contact", "A promised call")

	// Wren finds the case among hers, and what was done to her stays shut.
	wren.signsIn("wren", passphrase, secondOf(house, wrensSecret))
	wren.opens("/desk/cases")
	wren.presses("the singer")
	wren.reads("示範姓名甲乙", "What they were made to do: sealed")
	wren.readsNowhere("write to strangers")

	// The hour passes and nothing comes. The case says so, and what it may mean.
	house.later(3 * time.Hour)
	heron.signsIn("admin", passphrase, house.oneTimeCode())
	heron.opens("/desk/cases")
	heron.reads("a promised call did not come")
	heron.presses("the singer")
	heron.reads("First because: a promised call did not come", "Do not call or write.")

	// First the district only, to the ministry at home. Nothing is chosen until she
	// chooses it; the page says what must be read, and nobody is named.
	heron.presses("Plan to tell somebody")
	heron.picks("Taiwan: Ministry of Foreign Affairs, emergency contact centre")
	heron.chooses("Where they are, Place: Invented Province district")
	heron.presses("Look at it")
	heron.reads("No second member is needed", "Not enough to say anything.", "Ask whom it passes this on to")
	heron.presses("Keep the plan")
	heron.presses("Take the copy, once")
	heron.reads("Invented Province", "Do not pass this on to anybody")
	heron.readsNowhere("示範姓名甲乙", "write to strangers")
	heron.writesNth("When", house.clock(0))
	heron.writes("How, and to whom in person", "by telephone, the officer on duty")
	heron.presses("It has been told")
	heron.pickIn("What came of it", "helped")
	heron.presses("Enter it")
	heron.reads("What came of it: helped")

	// Help is at the gate: now they ask who it is. She is asked first, and says yes.
	heron.presses("the singer")
	heron.adds("+ Consent", "For what", "/rescue", "Answer", "/given", "Who answered", "/the person", "What may be told", "!identity")
	heron.presses("Plan to tell somebody")
	heron.picks("Taiwan: Ministry of Foreign Affairs, emergency contact centre")
	heron.picks("who it is, once help is at the gate")
	heron.chooses("Who they are, Name, as they write it: 示範姓名甲乙 identity")
	heron.presses("Look at it")
	heron.reads("A second member must approve it.")
	heron.presses("Keep the plan")
	heron.reads("Approved by nobody yet.", "Ask a colleague on this case")

	// Wren reads it, and agrees. Only then can the copy be taken.
	plan := ask[string](heron, `location.pathname`)
	wren.signsIn("wren", passphrase, secondOf(house, wrensSecret))
	wren.opens(plan)
	wren.writes("Why you agree", "the gate is open")
	wren.presses("Approve")
	wren.reads("Approved: wren")
	heron.opens(plan)
	heron.presses("Take the copy, once")
	heron.reads("示範姓名甲乙")
	heron.writesNth("When", house.clock(0))
	heron.writes("How, and to whom in person", "at the gate")
	heron.presses("It has been told")
	heron.pickIn("What came of it", "helped")
	heron.presses("Enter it")

	// Out, and home. She says herself whether the words fit.
	heron.presses("the singer")
	for _, stage := range []string{"out", "home"} {
		heron.presses("Change the stage")
		heron.picks(stage)
		heron.writes("Why", "as she told us")
		heron.presses("Add to the case")
	}
	heron.reads("What to do at this stage: Home", "did they show you that they knew somebody had been told?")
	heron.adds("+ Outcome", "How it ended", "/home", "Does the person agree", "/yes")
	heron.reads("Outcome: home")

	// What was told, by whom, and what came of it stands in the ledger; no name does.
	heron.opens("/desk/ledger")
	heron.reads("told somebody", "took the copy for a recipient", "approved telling somebody", "entered what came of telling")
	heron.readsNowhere("示範姓名甲乙", "the singer")
	heron.opens("/desk/channels")
	heron.reads("told 2 times")

	// A warning, so that others do not go. In the first writing a name slips in, and the
	// search keeps it in.
	const claim = "A travel office says that troupes offer dancers a show abroad with the flight paid."
	heron.opens("/desk/warnings/new")
	heron.writes("Title", "Shows abroad that end behind a wall")
	heron.writes("Text", claim+" Ask who holds the passport. Greetings to 示範姓名甲乙.")
	heron.writes("What to do", "Keep your passport. Tell somebody at home the address before you fly.")
	heron.writes("Author or pen name", "A test desk")
	heron.writes("Countries, as TW KH", "TW")
	heron.writes("Who could be harmed by it, and what was done about that", "Nobody is described; no place is named.")
	heron.writes("The sentence", claim)
	heron.writes("Who says it, as in the sentence", "A travel office")
	heron.writes("What is behind it", "https://example.invalid/leaflet | a travel office | press | C3")
	heron.writes("What would show that it is wrong", "Troupes whose dancers keep their passports.")
	heron.presses("Keep it")
	warning := ask[string](heron, `location.pathname`)
	heron.pressesOn("I have read it; release it")
	heron.reads("示範姓名甲乙", "Where it stands")
	heron.writes("Text", claim+" Ask who holds the passport.")
	heron.presses("Keep it")
	heron.pressesOn("I have read it; release it")
	reader := house.withAPhone("reader", "zh-TW")
	reader.opens("/w")
	reader.readsNowhere("behind a wall")

	// One is not enough. Wren reads it and releases it too; then it is out.
	wren.signsIn("wren", passphrase, secondOf(house, wrensSecret))
	wren.opens(warning)
	wren.pressesOn("I have read it; release it")
	wren.reads("as the public sees it")
	house.later(time.Minute) // public pages are remembered for half of one
	reader.opens("/w")
	reader.opens(ask[string](reader, `[...document.querySelectorAll('main a')].find(a => a.textContent.includes('behind a wall')).pathname`))
	reader.reads("Ask who holds the passport.", "Keep your passport.")

	// Nothing that the public can read, in any language, gives anybody away.
	for _, path := range []string{"/", "/w", ask[string](reader, `location.pathname`), "/w.atom", "/t", "/s", "/b", "/n", "/h", "/about"} {
		for _, lang := range []string{"en", "zh-Hant", "th"} {
			house.givesNobodyAway(path, lang, "示範姓名甲乙", "示範", "小歌", "妹妹", "the singer", "Invented Province", "write to strangers", "wren", "heron", "admin")
		}
	}
}

// givesNobodyAway reads every byte of a public page as somebody's browser gets it.
func (h *house) givesNobodyAway(path, lang string, words ...string) {
	h.t.Helper()
	req, err := http.NewRequestWithContext(h.t.Context(), http.MethodGet, h.url+path, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	req.Header.Set("Accept-Language", lang)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	all := html.UnescapeString(string(b)) + fmt.Sprint(resp.Header)
	for _, w := range words {
		if strings.Contains(all, w) {
			h.t.Errorf("%s in %s says %q", path, lang, w)
		}
	}
}

// pressesOn presses a button whose page may say that it was refused.
func (p *person) pressesOn(words string) {
	p.t.Helper()
	p.may = 409
	p.presses(words)
	p.may = 0
}

// signsIn signs a member in.
func (p *person) signsIn(name, pass, code string) {
	p.t.Helper()
	p.opens("/desk")
	if !strings.Contains(p.page(), "Code of your authenticator") {
		return // still at work
	}
	p.writes("Name", name)
	p.writes("Passphrase", pass)
	p.writes("Code of your authenticator", code)
	p.presses("Sign in and unlock")
}

// brings invites somebody, who joins and is confirmed once the words were compared. It
// gives the secret of their authenticator.
func (p *person) brings(other *person, name, role string) string {
	p.t.Helper()
	p.opens("/desk/members")
	p.chooseIn("Invite somebody", role)
	p.presses("Make a one-time link")
	link := ask[string](p, `document.querySelector('main code').innerText`)
	other.opens("/desk/join/" + link[strings.LastIndex(link, "/")+1:])
	secret := ask[string](other, `document.querySelector('input[name=second]').value`)
	other.writes("A name to sign in with. It stands in the clear on the disk: take one that names nobody.", name)
	other.writes("A passphrase: four or five words, at least 15 characters. Nobody can reset it.", passphrase)
	other.writes("The passphrase once more", passphrase)
	other.writes("The code it shows now", secondOf(p.house, secret))
	other.presses("Go on")
	words := ask[string](other, `document.querySelector('.code').innerText`)
	p.opens("/desk/members")
	p.presses("Compare the words")
	p.reads(words)
	p.presses("The words are the same")
	p.house.later(31 * time.Second) // the code at the joining was good once
	return secret
}

func secondOf(h *house, secret string) string {
	code, err := desk.SecondCode(secret, h.now())
	if err != nil {
		h.t.Fatal(err)
	}
	return code
}

// clock writes a moment as a form takes it, in UTC.
func (h *house) clock(from time.Duration) string {
	return h.now().Add(from).UTC().Format("2006-01-02 15:04")
}

// adds a line to the case before them: a form's boxes by their words; a value that
// begins with / is picked from a list, one with ! is ticked.
func (p *person) adds(link string, pairs ...string) {
	p.t.Helper()
	p.presses(link)
	for i := 0; i+1 < len(pairs); i += 2 {
		switch value, ok := strings.CutPrefix(pairs[i+1], "/"); {
		case ok:
			p.pickIn(pairs[i], value)
		case strings.HasPrefix(pairs[i+1], "!"):
			p.chooses(pairs[i+1][1:])
		default:
			p.writesNth(pairs[i], pairs[i+1])
		}
	}
	p.presses("Add to the case")
}

// labelled is an expression for the label that begins with words, the example of a date
// beside them left out.
const labelled = `[...document.querySelectorAll('main label')].filter(l => l.firstChild && text(l.firstChild) === WORDS && l.control)`

// writesNth writes into the box whose label begins with these words.
func (p *person) writesNth(label, text string) {
	p.t.Helper()
	box := p.one("box "+label, labelled+`.map(l => l.control)`, label)
	ask[bool](p, `(e => (e.value = '', e.focus(), true))(`+string(box)+`)`)
	p.types(text)
}

// pickIn picks a line out of the list that has these words beside it.
func (p *person) pickIn(label, line string) {
	p.t.Helper()
	list := p.one("list "+label, labelled+`.map(l => l.control).filter(c => c.tagName === 'SELECT')`, label)
	if !ask[bool](p, `(e => { for (const o of e.options) if (o.textContent.trim() === `+quoted(line)+`) { o.selected = true; return true } return false })(`+string(list)+`)`) {
		p.t.Fatalf("%s finds no %q in %q on:\n%s", p.name, line, label, p.page())
	}
}

// chooseIn ticks a box of the form under a heading.
func (p *person) chooseIn(heading, words string) {
	p.t.Helper()
	if !ask[bool](p, `(() => { for (const f of document.querySelectorAll('form')) { const h = f.querySelector('h2'); if (h && h.textContent.trim() === `+quoted(heading)+`) for (const l of f.querySelectorAll('label')) if (l.textContent.trim() === `+quoted(words)+`) { l.control.checked = true; return true } } return false })()`) {
		p.t.Fatalf("%s finds no %q under %q on:\n%s", p.name, words, heading, p.page())
	}
}
