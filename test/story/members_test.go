package story

import (
	"strings"
	"testing"
	"time"

	"homeward/work/desk"
)

// colleague is somebody at the desk with an authenticator of their own.
type colleague struct {
	*person
	login, pass, second string
}

// signsIn waits for the next code, since each is good once.
func (c *colleague) signsIn() {
	c.t.Helper()
	c.house.later(31 * time.Second)
	code, err := desk.SecondCode(c.second, c.house.now())
	if err != nil {
		c.t.Fatal(err)
	}
	c.opens("/desk")
	c.writes("Name", c.login)
	c.writes("Passphrase", c.pass)
	c.writes("Code of your authenticator", code)
	c.presses("Sign in and unlock")
}

// TestTwoAtTheDesk: a colleague comes by four words over the phone, asks somebody in a
// language that she does not read, understands the answer, and one day goes.
func TestTwoAtTheDesk(t *testing.T) {
	house := opensADesk(t)
	first := &colleague{house.atADesk("the first member"), "admin", passphrase, house.second}
	first.signsIn()
	first.opens("/desk/account")
	first.writes("Tags with spaces between, such as: en zh-Hant th", "en zh-Hant")
	first.presses("Keep")

	// She makes a link and sends it by a way of her own.
	first.opens("/desk/members")
	ask[bool](first.person, `document.querySelector('form[action$=invite] [value=caseworker]').checked = true`)
	first.presses("Make a one-time link")
	first.reads("It is good once, for three days, and is not shown again.")
	link := strings.TrimPrefix(ask[string](first.person, `document.querySelector('code').innerText`), house.url)

	// The colleague chooses a name, a passphrase and an authenticator.
	second := &colleague{house.atADesk("the second member"), "grey owl", "invented words of an owl", ""}
	second.opens(link)
	second.second = ask[string](second.person, `document.querySelector('[name=second]').value`)
	code, err := desk.SecondCode(second.second, house.now())
	if err != nil {
		t.Fatal(err)
	}
	second.writes("A name to sign in with. It stands in the clear on the disk: take one that names nobody.", second.login)
	second.writes("A passphrase: four or five words, at least 15 characters. Nobody can reset it.", second.pass)
	second.writes("The passphrase once more", second.pass)
	second.writes("The code it shows now", code)
	second.presses("Go on")

	// She reads four words over the phone. Until they are compared she is nobody here.
	second.reads("Call whoever invited you, by a number you know")
	spoken := plain(ask[string](second.person, `document.querySelector('.code[lang=en]').innerText`))
	if len(strings.Fields(spoken)) != 4 {
		t.Errorf("words to read out: %q", spoken)
	}
	first.opens("/desk/members")
	first.presses("Compare the words")
	first.reads(spoken, "grey owl", "caseworker")
	first.presses("The words are the same")
	first.reads("grey owl", "works here", "None are open.")

	// In the night somebody writes a few words in Vietnamese.
	held := house.withAPhone("somebody held", "vi")
	held.opens("/h")
	held.presses(held.says("tell.short_link"))
	held.writes(held.says("short.text"), "Cửa bị khóa, tôi không ra ngoài được. Họ giữ hộ chiếu của tôi.")
	held.chooses(held.says("short.danger"))
	held.presses(held.says("short.send"))
	held.presses(held.says("short.show"))
	number := plain(ask[string](held, `document.querySelector('.digits').innerText`))

	// In the morning the new colleague has it. Nobody here reads Vietnamese, and the
	// queue says so; she takes it, and leaves a note for the first.
	second.signsIn()
	second.reads("Danger now", "First because: danger now", "needs translation")
	second.presses("Cửa bị khóa, tôi không ra ngoài được. Họ giữ hộ chiếu của tôi.")
	second.reads("Needs translation: nobody here has said that they read its language.", "Do not write first.", "It is nobody's yet.")
	second.picks("grey owl")
	second.presses("Give it to them")
	second.reads("Whose it is: grey owl")
	second.writes("A note. Members see it, the sender never.", "An invented note between us.")
	second.presses("Keep the note")
	second.reads("An invented note between us.")

	// She asks by number. The question goes out in Vietnamese.
	second.unfolds("Questions from the phrasebook")
	second.chooses("7. When may we write to you?")
	second.presses("Put them into the box")
	second.reads("Nothing is sent yet: look at the box below.")
	second.presses("Send the answer")
	held.opens("/b")
	held.writes(held.says("box.code"), number)
	held.presses(held.says("box.open"))
	held.reads("7. Khi nào chúng tôi có thể viết cho bạn?", "7b Ban đêm")
	held.readsNowhere("invented note")
	held.writes(held.says("box.add"), "7b")
	held.presses(held.says("box.add_send"))

	// And the first member, who reads no Vietnamese either, understands.
	first.opens("/desk")
	first.presses("Cửa bị khóa, tôi không ra ngoài được. Họ giữ hộ chiếu của tôi.")
	first.reads("Read as answers of the phrasebook:", "7b When may we write to you? At night", "An invented note between us.", "Whose it is: grey owl")

	// One day the colleague goes. What was hers is the first member's, on one screen.
	first.opens("/desk/members")
	first.opens(ask[string](first.person, `[...document.querySelectorAll('tr')].find(r => r.textContent.includes('grey owl')).querySelector('a[href$=leave]').getAttribute('href')`))
	first.reads("grey owl", "What is theirs goes to")
	first.picks("admin")
	first.chooses("They leave, for good. To come back they are invited anew.")
	first.presses("Let them go")
	first.reads("has left")
	first.opens("/desk?of=mine")
	first.reads("Cửa bị khóa")
	first.opens("/desk/ledger")
	first.reads("let a member go", "opened a new key", "gave the desk's keys")
	first.presses("Verify all of it")
	first.reads("none changed or missing")
}

// unfolds what is folded away behind some words.
func (p *person) unfolds(words string) {
	p.t.Helper()
	ask[bool](p, `(d => (d.open = true))([...document.querySelectorAll('summary')].find(s => s.textContent.trim() === `+"`"+words+"`"+`).parentElement)`)
}
