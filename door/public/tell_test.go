package public

import (
	"compress/gzip"
	"context"
	"maps"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"homeward/form/say"
	"homeward/keep/store"
	"homeward/work/intake"
)

// whole is a report with every field filled in.
var whole = map[string]string{
	"held": "other", "kind": "held", "relation": "family", "danger": "yes",
	"text": "invented words\nin \"two\" lines & <more>", "who": "A. N. Invented", "where": "a tall <house>", "when": "on Monday",
	"safe": "after nine", "unsafe": "never in the morning", "first": "yes", "contact": "invented@test.invalid", "duress": "bluebird", "consent": "desk_only",
	"lure": "typing job,\nfree flight",
}

// walk goes through all pages of telling us, and shows each to look.
func walk(s *deskSite, lang string, look func(name, page string)) (nonce string) {
	s.t.Helper()
	look("first", s.open("/t?l="+lang))
	page := s.page(200, "/t", "l", lang, "lure", whole["lure"])
	look("carried", page)
	for _, step := range []string{"0", "1", "2", "3"} {
		f := form(s.t, page, "tell")
		nonce = f["n"]
		for _, name := range fieldsOf[int(step[0]-'0')] {
			f[name] = whole[name]
		}
		page = s.page(200, "/t", flat(f, "step", step)...)
		look("after "+step, page)
	}
	return nonce
}

// TestTellInEveryLanguage: every page without script, the whole way light enough
// for a slow line, and a code at its end.
func TestTellInEveryLanguage(t *testing.T) {
	s := newDeskSite(t)
	for _, tag := range say.Default().Tags() {
		total, last := 0, ""
		walk(s, tag, func(name, page string) {
			noScript(t, tag+" "+name, page)
			n := len(squeezeBytes([]byte(page), gzip.DefaultCompression))
			if name != "carried" {
				total += n
			}
			last = page
		})
		t.Logf("%-8s %5d bytes compressed from first page to code", tag, total)
		if total > 30<<10 {
			t.Errorf("%s: %d bytes compressed from first page to code, more than 30 KB", tag, total)
		}
		if c := codesOn(last); len(c) != 2 || len(strings.Fields(c[0])) != 9 || len(strings.Fields(c[1])) != 9 {
			t.Errorf("%s: codes %q", tag, c)
		}
	}
}

// noScript: a page is whole without script and style of its own, and each of its
// buttons and labels leads somewhere.
func noScript(t *testing.T, name, page string) {
	t.Helper()
	for _, bad := range []string{"<script", " style=", " onclick", " onload", " onchange", "javascript:", "src=", "ZgotmplZ", "[tell.", "[short.", "[code.", "[box."} {
		if strings.Contains(page, bad) {
			t.Errorf("%s holds %q", name, bad)
		}
	}
	for _, attr := range []string{"form", "for", "aria-describedby"} {
		for _, m := range attrOf.FindAllStringSubmatch(page, -1) {
			if m[1] != attr && "aria-"+m[1] != attr {
				continue
			}
			for _, id := range strings.Fields(m[2]) {
				if !strings.Contains(page, ` id="`+id+`"`) {
					t.Errorf("%s: %s points nowhere: %s", name, attr, id)
				}
			}
		}
	}
	if !strings.Contains(page, `class="leave"`) {
		t.Errorf("%s: no way to leave quickly", name)
	}
}

// TestAllThatWasToldArrives: what was typed on three pages stands in one report.
func TestAllThatWasToldArrives(t *testing.T) {
	s := newDeskSite(t)
	walk(s, "zh-Hant", func(string, string) {})
	all := s.reports()
	if len(all) != 1 {
		t.Fatalf("%d reports", len(all))
	}
	got := all[0].Report
	for _, f := range fieldsIn(got, "other") {
		if f.Value != whole[f.Name] {
			t.Errorf("%s: %q arrived, %q was typed", f.Name, f.Value, whole[f.Name])
		}
	}
	if got.Lang != "zh-Hant" || got.By != "" {
		t.Errorf("%+v", got)
	}
}

// TestOneField: what happened is the only thing that must be told.
func TestOneField(t *testing.T) {
	s := newDeskSite(t)
	s.tell(intake.Nonce(), "text", "x")
	for _, step := range []string{"2", "3"} {
		for _, empty := range []string{"", " \n\t ", "\x00"} {
			if step == "2" && empty == "\x00" {
				continue // found when it is sent
			}
			f := maps.Clone(whole)
			f["text"], f["n"], f["step"] = empty, intake.Nonce(), step
			page := s.page(422, "/t", flat(f)...)
			if !strings.Contains(page, `role="alert"`) || !strings.Contains(page, `<textarea id="text"`) {
				t.Errorf("step %s, %q: it does not ask for the text", step, empty)
			}
			keeps(t, "empty", page, f, "text")
		}
	}
	if n := len(s.reports()); n != 1 {
		t.Errorf("%d reports", n)
	}
}

// keeps: everything that was typed is still in the form, but for some fields.
func keeps(t *testing.T, name, page string, typed map[string]string, but ...string) {
	t.Helper()
	got := form(t, page, "tell")
	skip := strings.Join(append(but, "step", "at", "l"), " ") + " "
	for field, want := range typed {
		if !strings.Contains(skip, field+" ") && got[field] != want {
			t.Errorf("%s: %s is %.80q, %.80q was typed", name, field, got[field], want)
		}
	}
}

func TestOtherLanguageKeepsWhatWasTyped(t *testing.T) {
	s := newDeskSite(t)
	for _, tag := range say.Default().Tags() {
		for _, at := range []string{"0", "1", "2", "3"} {
			f := maps.Clone(whole)
			f["at"], f["n"] = at, intake.Nonce()
			// The form's own language comes first, the button's last.
			page := s.page(200, "/t", append(flat(f, "l", "en"), "l", tag)...)
			keeps(t, tag+" page "+at, page, f)
			if got := form(t, page, "tell"); got["at"] != at || got["l"] != tag {
				t.Errorf("%s: page %s in %s after page %s", tag, got["at"], got["l"], at)
			}
		}
	}
	if n := len(s.reports()); n != 0 {
		t.Errorf("changing the language sent %d reports", n)
	}
}

// TestCodeInAnotherLanguage: the code page can be read in another language, with
// the same code. Only what arrived has a code.
func TestCodeInAnotherLanguage(t *testing.T) {
	s := newDeskSite(t)
	page := s.page(200, "/t", "step", "3", "n", intake.Nonce(), "text", "x", "first", "yes")
	f := form(t, page, "code")
	other := s.page(200, "/t", flat(f, "l", "th")...)
	if codeOn(other) != codeOn(page) || !strings.Contains(other, `<html lang="th">`) {
		t.Errorf("%q, then %q", codesOn(page), codesOn(other))
	}
	if f["first"] != "yes" || form(t, other, "code")["first"] != "yes" {
		t.Error("it forgot that we may write first")
	}
	hant := s.page(200, "/t", flat(f, "l", "zh-Hant")...)
	if c := codesOn(hant)[1]; len([]rune(strings.ReplaceAll(c, " ", ""))) != 9 {
		t.Errorf("in characters: %q", c)
	}
	f["n"] = intake.Nonce()
	if page := s.page(404, "/t", flat(f)...); codeOn(page) != "" {
		t.Error("a code for what was never sent")
	}
	if n := len(s.reports()); n != 1 {
		t.Errorf("%d reports", n)
	}
}

func TestSentTwice(t *testing.T) {
	s := newDeskSite(t)
	nonce := intake.Nonce()
	first := s.tell(nonce, flat(whole)...)
	again := s.page(200, "/t", flat(whole, "step", "3", "n", nonce)...)
	if codeOn(again) != first {
		t.Errorf("%q, then %q", first, codeOn(again))
	}
	if !strings.Contains(again, said(t, "code.again")) {
		t.Error("it does not say that it had arrived before")
	}
	if all := s.reports(); len(all) != 1 || len(all[0].Lines) != 1 {
		t.Errorf("%+v", all)
	}
}

// said is how a string of the English catalogue stands on a page.
func said(t *testing.T, key string, pairs ...any) string {
	t.Helper()
	return strings.NewReplacer("&", "&amp;", `"`, "&#34;", "'", "&#39;").Replace(say.Default().In("en").Say(key, pairs...))
}

// TestTwoTabs: one form, sent from two tabs with other words: one code, and no word
// of either is lost. And a form that lay open for a week still sends.
func TestTwoTabs(t *testing.T) {
	s := newDeskSite(t)
	f := form(t, s.page(200, "/t", "step", "0"), "tell")
	one := s.tell(f["n"], "text", "from the first tab")
	s.clock.Add(7 * 24 * time.Hour)
	two := s.tell(f["n"], "text", "from the second tab")
	if one != two {
		t.Errorf("%q and %q", one, two)
	}
	all := s.reports()
	if len(all) != 1 || len(all[0].Lines) != 2 || all[0].Lines[0].Text != "from the first tab" || all[0].Lines[1].Text != "from the second tab" {
		t.Errorf("%+v", all)
	}
	if other := form(t, s.page(200, "/t", "step", "0"), "tell"); other["n"] == f["n"] || len(other["n"]) < 20 {
		t.Errorf("two forms have the nonces %q and %q", f["n"], other["n"])
	}
}

// TestTooLong: what is too long comes back whole, on the page where it can be made
// shorter.
func TestTooLong(t *testing.T) {
	s := newDeskSite(t)
	for _, c := range []struct {
		field string
		n     int
		page  string
	}{
		{"text", intake.MaxText + 1, "2"}, {"text", 300_000, "2"}, {"who", intake.MaxField + 1, "2"}, {"where", 50_000, "2"}, {"duress", intake.MaxField + 1, "3"}, {"contact", 9_000, "3"},
	} {
		f := maps.Clone(whole)
		f[c.field], f["n"] = strings.Repeat("字", c.n), intake.Nonce()
		page := s.page(422, "/t", flat(f, "step", "3")...)
		if at := form(t, page, "tell")["at"]; at != c.page || !strings.Contains(page, `role="alert"`) {
			t.Errorf("%s of %d: page %s, want %s", c.field, c.n, at, c.page)
		}
		keeps(t, c.field, page, f)
	}
	s.tell(intake.Nonce(), "text", strings.Repeat("字", intake.MaxText), "who", strings.Repeat("字", intake.MaxField))
	s.page(422, "/t", "step", "3", "n", intake.Nonce(), "text", "x", "kind", "'; drop")
	if w := s.send("/t", "step", "3", "text", strings.Repeat("x", 4*textMax)); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("4 MB: %d", w.Code)
	}
}

// TestLongMessageIsCarried: a message of any length can be told; of a very long one
// the beginning comes along, and the cut is seen before anything is sent.
func TestLongMessageIsCarried(t *testing.T) {
	s := newDeskSite(t)
	page := s.page(200, "/t", "lure", strings.Repeat("字", textMax/3))
	f := form(t, page, "tell")
	if n := len([]rune(f["lure"])); n != intake.MaxText || !strings.HasSuffix(f["lure"], "[…]") {
		t.Errorf("%d characters are carried, ending in %q", n, f["lure"][len(f["lure"])-6:])
	}
	s.tell(f["n"], "text", "x", "lure", f["lure"])
}

// TestShut: while nobody stands behind the door, nothing can be typed and nothing is
// taken; the way to telephone numbers is there.
func TestShut(t *testing.T) {
	unset := newDeskSite(t)
	for _, o := range []intake.Operator{{}, {Name: "n", Jurisdiction: "j", Hours: "h"}, {Name: "n", Jurisdiction: "j", OnCall: "o", Hours: " "}} {
		unset.write(func(tx *store.Tx) error { return intake.SetOperator(tx, o) })
		shut(t, unset)
	}
	if n := len(unset.reports()); n != 0 {
		t.Errorf("%d reports were kept", n)
	}
	none := newSite(t, nil)
	shut(t, &deskSite{site: none, t: t})
	if w := none.get("/b", "en"); w.Code != 503 {
		t.Errorf("/b without a desk: %d", w.Code)
	}
	if strings.Contains(none.get("/", "en").Body.String(), `href="/t"`) {
		t.Error("a door without a desk invites to tell")
	}
}

func shut(t *testing.T, s *deskSite) {
	t.Helper()
	for name, page := range map[string]string{
		"GET /t": s.get("/t", "en").Body.String(), "GET /s": s.get("/s", "en").Body.String(),
		"POST /t": s.send("/t", "step", "3", "n", intake.Nonce(), "text", "x").Body.String(),
		"POST /s": s.send("/s", "n", intake.Nonce(), "text", "x").Body.String(),
	} {
		if strings.HasPrefix(page, "\x1f\x8b") {
			page = gunzip(t, []byte(page))
		}
		noScript(t, name, page)
		if !strings.Contains(page, said(t, "tell.shut_head")) || strings.Contains(page, "<textarea") || !strings.Contains(page, `href="/n`) {
			t.Errorf("%s is not shut:\n%.300s", name, page)
		}
	}
	if w := s.get("/t", "en"); w.Code != http.StatusServiceUnavailable {
		t.Errorf("status %d", w.Code)
	}
}

// TestLate: after a day without anybody signed in, people are told before they type.
func TestLate(t *testing.T) {
	s := newDeskSite(t)
	for _, c := range []struct {
		after time.Duration
		late  bool
	}{{0, false}, {23 * time.Hour, false}, {26 * time.Hour, true}} {
		s.clock.Add(c.after)
		for _, p := range []string{"/t", "/s"} {
			if got := strings.Contains(s.open(p), said(t, "tell.late")); got != c.late {
				t.Errorf("%s after %v: late is %v", p, c.after, got)
			}
		}
	}
	s.member()
	if strings.Contains(s.open("/t"), said(t, "tell.late")) {
		t.Error("late although somebody has signed in")
	}
}

// fullIntake is a desk whose disk takes nothing.
type fullIntake struct{ Intake }

func (fullIntake) Receive(context.Context, string, intake.Report) (intake.Receipt, error) {
	return intake.Receipt{}, store.ErrFull
}

// TestDiskFull: nothing was kept, it says so, and everything is still on the page.
func TestDiskFull(t *testing.T) {
	s := newDeskSite(t)
	s.site = newSite(t, func(c *Config) { c.Intake = fullIntake{s.intake} })
	f := maps.Clone(whole)
	f["n"] = intake.Nonce()
	page := s.page(503, "/t", flat(f, "step", "3")...)
	keeps(t, "full", page, f)
	if !strings.Contains(page, said(t, "tell.full")) || codeOn(page) != "" {
		t.Error("it does not say that nothing was kept")
	}
	page = s.page(503, "/s", "n", f["n"], "text", "few words", "where", "there", "danger", "yes")
	if got := form(t, page, "short"); got["text"] != "few words" || got["where"] != "there" || got["danger"] != "yes" || got["n"] != f["n"] {
		t.Errorf("the short form holds %v", got)
	}
}

// TestShort: one box and one button within 6 KB; a code only for who asks.
func TestShort(t *testing.T) {
	s := newDeskSite(t)
	for _, tag := range say.Default().Tags() {
		page := s.open("/s?l=" + tag)
		n := len(squeezeBytes([]byte(page), gzip.DefaultCompression))
		t.Logf("%-8s /s %5d bytes compressed", tag, n)
		if n > 6<<10 {
			t.Errorf("/s in %s: %d bytes compressed, more than 6 KB", tag, n)
		}
		noScript(t, "/s "+tag, page)
	}
	f := form(t, s.open("/s?l=en"), "short")
	f["text"], f["where"], f["danger"] = "invented words", "a hill", "yes"

	// Another language keeps what was typed, and sends nothing.
	other := s.page(200, "/s?again", flat(f, "l", "th")...)
	if got := form(t, other, "short"); got["text"] != f["text"] || got["where"] != f["where"] || got["danger"] != "yes" || got["n"] != f["n"] || got["l"] != "th" {
		t.Errorf("in another language: %v", got)
	}
	if !strings.Contains(other, `formaction="/s?again"`) {
		t.Error("the buttons of languages would send")
	}

	sent := s.page(200, "/s", flat(f)...)
	noScript(t, "sent", sent)
	if codeOn(sent) != "" || strings.Contains(sent, "invented words") || strings.Contains(sent, "a hill") {
		t.Error("what was sent, or a code, is shown without being asked for")
	}
	g := form(t, sent, "short")
	if other := s.page(200, "/s?again", flat(g, "l", "vi")...); codeOn(other) != "" || form(t, other, "short")["sent"] != "1" {
		t.Error("another language after sending leads elsewhere")
	}
	shown := s.page(200, "/s", flat(g, "show", "1")...)
	code := codeOn(shown)
	noScript(t, "number", shown)
	if other := s.page(200, "/s?again", flat(form(t, shown, "short"), "l", "ms")...); codeOn(other) != code {
		t.Error("another number in another language")
	}
	if len(codesOn(shown)) != 1 {
		t.Errorf("codes %q", codesOn(shown))
	}
	s.page(200, "/b", "code", code)
	all := s.reports()
	if len(all) != 1 || all[0].Report.Text != "invented words" || all[0].Report.Where != "a hill" || !all[0].Report.Danger {
		t.Errorf("%+v", all)
	}
	if page := s.page(422, "/s", "n", intake.Nonce(), "where", "there"); form(t, page, "short")["where"] != "there" {
		t.Error("the place is gone")
	}
}

// TestNothingToldIsLogged plants a marker in every field and looks for it, and for
// the code, in the log.
func TestNothingToldIsLogged(t *testing.T) {
	const marker = "zebra4711"
	s := newDeskSite(t)
	f := map[string]string{"n": intake.Nonce(), "held": marker, "l": marker}
	for _, field := range fieldsIn(intake.Report{}, "") {
		switch field.Name {
		case "kind", "relation", "consent", "danger", "first", "held":
		default:
			f[field.Name] = marker
		}
	}
	f["lure"] = "STRONG " + marker
	page := s.page(200, "/t", flat(f, "step", "3")...)
	code := codesOn(page)
	s.page(422, "/t", flat(f, "step", "3", "kind", marker)...)
	s.page(200, "/s", "n", marker+intake.Nonce(), "text", marker)
	s.send("/s?"+marker, "n", f["n"], "show", marker)
	s.page(200, "/b", "code", code[0])
	s.page(422, "/b", "code", code[0]+marker)
	s.page(200, "/b", "do", "talk", "code", code[1])
	s.page(403, "/b", "v", marker)
	s.get("/b?code="+marker, "en")
	broken := newSite(t, func(c *Config) { c.Intake = panics{} })
	broken.post("/t", "en", "step", "3", "text", marker)
	for _, secret := range append(strings.Fields(code[0]+" "+code[1]), marker, f["n"], "192.0.2") {
		for _, log := range []string{s.log.String(), broken.log.String()} {
			// A group of a code can be this very year.
			log = regexp.MustCompile(`time=\S+`).ReplaceAllString(log, "")
			if strings.Contains(log, "="+secret) || strings.Contains(log, marker) {
				t.Errorf("the log holds %q:\n%s", secret, log)
			}
		}
	}
	if !strings.Contains(s.log.String(), "route=/t") || !strings.Contains(broken.log.String(), "handler failed") {
		t.Error("the log says nothing")
	}
}

type panics struct{ Intake }

func (panics) Door(context.Context) (intake.Door, error) {
	return intake.Door{Open: true, Operator: testOperator}, nil
}

func (panics) Receive(_ context.Context, _ string, r intake.Report) (intake.Receipt, error) {
	panic("cannot keep " + r.Text)
}
