package public

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"maps"
	"mime/multipart"
	"net"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"homeward/form/say"
	"homeward/work/intake"
)

// crowded is a door at which everybody who comes from outside is turned away.
func crowded(c *Config) {
	full := Limits{Every: time.Hour, Burst: 1, All: 1 << 20, Longest: time.Nanosecond}
	c.Limits, c.Tellers = full, full
}

// crowd is a desk whose door turns everybody but the machine itself away.
func crowd(t testing.TB) *deskSite {
	s := newDeskSite(t)
	s.site = newSite(t, func(c *Config) {
		c.Intake, c.Now = s.intake, s.clock.Now
		crowded(c)
	})
	s.site.post("/t", "en") // the one that is let in
	return s
}

// turnedAway posts from outside and gives the page, which must be of this status.
func (s *deskSite) turnedAway(status int, path string, fields ...string) string {
	s.t.Helper()
	w := s.site.post(path, "en", fields...)
	if w.Code != status {
		s.t.Fatalf("POST %s: %d, want %d", path, w.Code, status)
	}
	if status == 503 && w.Header().Get("Retry-After") == "" {
		s.t.Errorf("POST %s: it does not say when to come back", path)
	}
	if w.Header().Get("Content-Encoding") != "" {
		s.t.Errorf("POST %s is packed", path)
	}
	return w.Body.String()
}

// button gives name and value of the button of a form, as a browser sends them.
func button(t testing.TB, page, id string) []string {
	t.Helper()
	_, body, _ := strings.Cut(page, `<form id="`+id+`"`)
	body, _, _ = strings.Cut(body, "</form>")
	_, attrs, ok := strings.Cut(body, "<button")
	if !ok {
		t.Fatalf("no button in %s", id)
	}
	attrs, _, _ = strings.Cut(attrs, ">")
	a := map[string]string{}
	for _, m := range attrOf.FindAllStringSubmatch(attrs, -1) {
		a[m[1]] = html.UnescapeString(m[2])
	}
	if a["name"] == "" {
		return nil
	}
	return []string{a["name"], a["value"]}
}

// actionOf is where a form is sent.
func actionOf(page, id string) string {
	_, rest, _ := strings.Cut(page, `<form id="`+id+`"`)
	_, rest, _ = strings.Cut(rest, `action="`)
	to, _, _ := strings.Cut(rest, `"`)
	return html.UnescapeString(to)
}

// TestCrowdGivesWordsBack: who is turned away gets every word back, in each language,
// in a form that sends it when the crowd is over.
func TestCrowdGivesWordsBack(t *testing.T) {
	for _, tag := range say.Default().Tags() {
		s := crowd(t)
		f := maps.Clone(whole)
		f["n"], f["at"], f["l"] = intake.Nonce(), "3", tag
		page := s.turnedAway(503, "/t", flat(f, "step", "3")...)
		noScript(t, tag, page)
		if !strings.Contains(page, `<html lang="`+say.Default().In(tag).Locale) || strings.Contains(page, "[again.") {
			t.Errorf("%s: not in this language", tag)
		}
		got := form(t, page, "again")
		for name, want := range f {
			if got[name] != want {
				t.Errorf("%s: %s is %q, %q was typed", tag, name, got[name], want)
			}
		}
		// In another language, still turned away: the same, and the button still sends.
		page = s.turnedAway(503, actionOf(page, "again"), flat(got, "l", "th")...)
		if !strings.Contains(page, `<html lang="th`) {
			t.Errorf("%s: no change of language", tag)
		}
		got = form(t, page, "again")
		code := codeOn(s.page(200, actionOf(page, "again"), append(flat(got), button(t, page, "again")...)...))
		if code == "" {
			t.Fatalf("%s: sent again, there is no code", tag)
		}
		all := s.reports()
		if len(all) != 1 || all[0].Report.Text != whole["text"] || all[0].Report.Duress != whole["duress"] || all[0].Report.Lure != whole["lure"] {
			t.Errorf("%s: %+v", tag, all)
		}
	}
}

// TestCrowdElsewhere: the same for the short form, the mailbox, and the check; what a
// language button sends does nothing.
func TestCrowdElsewhere(t *testing.T) {
	s := crowd(t)
	page := s.turnedAway(503, "/s", "text", "few\nwords", "where", "there", "danger", "yes")
	got := form(t, page, "again")
	if got["text"] != "few\nwords" || got["where"] != "there" || got["danger"] != "yes" || len(got["n"]) < 20 {
		t.Errorf("/s gives back %v", got)
	}
	if !strings.Contains(page, `formaction="/s?again"`) {
		t.Error("/s: the buttons of languages would send")
	}
	other := s.turnedAway(503, "/s?again", flat(got, "l", "vi")...)
	if to := actionOf(other, "again"); to != "/s?again" {
		t.Errorf("shown only in another language, it would be sent to %s", to)
	}
	s.page(200, actionOf(page, "again"), append(flat(got), button(t, page, "again")...)...)
	s.page(200, actionOf(page, "again"), append(flat(got), button(t, page, "again")...)...)
	if all := s.reports(); len(all) != 1 || all[0].Report.Where != "there" {
		t.Errorf("/s, sent twice: %+v", all)
	}

	digits, _ := s.codes("en")
	page = s.turnedAway(503, "/b", "code", digits)
	if got := form(t, page, "again"); got["code"] != digits {
		t.Errorf("the code is gone: %v", got)
	}
	token := s.visit(digits)
	page = s.turnedAway(503, "/b", "v", token, "n", intake.Nonce(), "do", "add", "text", "one thing more")
	got = form(t, page, "again")
	if got["do"] != "" || strings.Join(button(t, page, "again"), "=") != "do=add" {
		t.Error("adding stands outside the button, where a change of language does it")
	}
	if look := s.page(200, "/b", flat(got, "l", "th")...); form(t, look, "look")["text"] != "one thing more" {
		t.Error("in another language the words are gone")
	}
	s.page(200, "/b", append(flat(got), button(t, page, "again")...)...)
	lines := s.page(200, "/b", "do", "talk", "code", digits)
	if strings.Count(lines, "one thing more") != 1 {
		t.Errorf("what was added arrived %d times", strings.Count(lines, "one thing more"))
	}
	page = s.turnedAway(503, "/b", "v", token, "do", "delete-sure")
	if !strings.Contains(page, said(t, "box.delete_sure")) {
		t.Error("a button that deletes does not say so")
	}

	// The check keeps the text, and says of the picture that it is gone.
	s.site.post("/", "en") // the one that is let in
	w := s.upload([]byte("a picture"), "t", "typed words")
	if w.Code != 503 || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), ">\ntyped words</textarea>") || !strings.Contains(w.Body.String(), said(t, "again.file")) {
		t.Errorf("check: %d\n%.2000s", w.Code, w.Body)
	}
}

// TestFileInACrowd: a file is not given back; it says so, and leads to where one is
// chosen.
func TestFileInACrowd(t *testing.T) {
	s := crowd(t)
	digits, _ := s.codes("en")
	token := s.visit(digits)
	var body bytes.Buffer
	mw := multipart.NewWriter(&body)
	_ = mw.WriteField("v", token)
	_ = mw.WriteField("n", intake.Nonce())
	p, _ := mw.CreateFormFile("file", "a.png")
	_, _ = p.Write(bytes.Repeat([]byte("x"), 1<<20))
	_ = mw.Close()
	r := httptest.NewRequest("POST", "/b", &body)
	r.Header.Set("Content-Type", mw.FormDataContentType())
	w := s.do(r)
	page := w.Body.String()
	if w.Code != 503 || !strings.Contains(page, said(t, "again.file")) {
		t.Fatalf("%d\n%.1500s", w.Code, page)
	}
	back := s.page(200, "/b", append(flat(form(t, page, "again")), button(t, page, "again")...)...)
	if !strings.Contains(back, `name="file"`) {
		t.Error("it does not lead to where a file is chosen")
	}
}

// deaf is a desk whose store does not answer.
type deaf struct{ Intake }

var errDeaf = errors.New("invented: the store does not answer")

func (deaf) Door(context.Context) (intake.Door, error) { return intake.Door{}, errDeaf }
func (deaf) Visit(context.Context, intake.Receipt) (*intake.Visit, error) {
	return nil, errDeaf
}
func (deaf) Continue(context.Context, string) (*intake.Visit, error) { return nil, errDeaf }

// TestStoreDoesNotAnswer: the words come back, and are sent once it answers again.
func TestStoreDoesNotAnswer(t *testing.T) {
	s := newDeskSite(t)
	real := s.site
	broken := newSite(t, func(c *Config) { c.Intake = deaf{s.intake} })
	f := maps.Clone(whole)
	f["n"], f["at"] = intake.Nonce(), "3"

	s.site = broken
	page := s.page(503, "/t", flat(f, "step", "3")...)
	got := form(t, page, "again")
	for name, want := range f {
		if got[name] != want {
			t.Errorf("%s is %q, %q was typed", name, got[name], want)
		}
	}
	short := s.page(503, "/s", "text", "few words", "where", "there")
	if got := form(t, short, "again"); got["text"] != "few words" || got["where"] != "there" {
		t.Errorf("/s gives back %v", got)
	}
	back := s.page(503, "/b", "v", "a visit", "do", "add", "text", "one thing more", "n", "a nonce of twenty letters")
	if got := form(t, back, "back"); got["text"] != "one thing more" || got["n"] != "a nonce of twenty letters" {
		t.Errorf("/b gives back %v", got)
	}
	for _, w := range []*httptest.ResponseRecorder{s.send("/t", "text", "x"), s.send("/b", "code", "x", "v", "y"), s.get("/t", "en")} {
		if w.Code != 503 || w.Header().Get("Retry-After") == "" {
			t.Errorf("%d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
		}
	}
	s.site = real
	s.page(200, "/t", append(flat(got), button(t, page, "again")...)...)
	if all := s.reports(); len(all) != 1 || all[0].Report.Text != whole["text"] {
		t.Errorf("%+v", all)
	}
}

// TestFaultGivesWordsBack: also when the program fails while it holds the words.
func TestFaultGivesWordsBack(t *testing.T) {
	s := newDeskSite(t)
	s.site = newSite(t, func(c *Config) { c.Intake = panics{s.intake} })
	page := s.page(500, "/t", "step", "3", "n", "a nonce of twenty letters", "text", "invented words")
	if got := form(t, page, "again"); got["text"] != "invented words" || got["n"] != "a nonce of twenty letters" {
		t.Errorf("it gives back %v", got)
	}
	if strings.Contains(s.log.String(), "invented words") || !strings.Contains(s.log.String(), "panics.Receive") {
		t.Errorf("the log: %s", s.log.String())
	}
	if w := s.site.post("/", "en", "t", "PANIC words"); w.Code != 500 || !strings.Contains(w.Body.String(), ">\nPANIC words</textarea>") {
		t.Errorf("check: %d\n%.900s", w.Code, w.Body)
	}
}

// TestBodyOverTheLimit: of what is too large the beginning comes back, with all other
// fields that stood before the limit; never half a character.
func TestBodyOverTheLimit(t *testing.T) {
	s := newDeskSite(t)
	long := strings.Repeat("字", 4*textMax/9) // 4 MB as a browser writes it
	for pad := range 9 {
		// Values are sent sorted by name: contact stands before text.
		page := s.page(413, "/t", "n", "a nonce of twenty letters", "contact", "first"+strings.Repeat("x", pad), "text", long+long)
		got := form(t, page, "again")
		if got["contact"] != "first"+strings.Repeat("x", pad) || got["n"] != "a nonce of twenty letters" {
			t.Errorf("what stood before it is gone: %.200v", got)
		}
		if n := len(got["text"]); n < textMax-4 || n > textMax || strings.Trim(got["text"], "字") != "" {
			t.Errorf("%d bytes of text come back, ending in %q", n, got["text"][max(0, n-9):])
		}
		for _, key := range []string{"again.long", "again.cut", "again.send"} {
			if !strings.Contains(page, said(t, key)) {
				t.Errorf("it does not say %s", key)
			}
		}
		if strings.Contains(page, said(t, "tell.again")) {
			t.Error("it says that everything is still there")
		}
	}
	// Sent as it came back, the page says in words that it is too long; nothing is kept.
	page := s.page(413, "/t", "text", long+long)
	back := s.page(422, "/t", append(flat(form(t, page, "again")), "step", "3")...)
	if !strings.Contains(back, said(t, "tell.long")) {
		t.Error("it does not say that the text is too long")
	}
	// One field of many that is too long takes none of the others along.
	f := maps.Clone(whole)
	f["who"] = strings.Repeat("x", textMax+1)
	got := form(t, s.page(413, "/t", flat(f, "step", "3", "n", intake.Nonce())...), "again")
	for name, want := range whole {
		if name != "who" && got[name] != want {
			t.Errorf("%s is %.80q, %.80q was typed", name, got[name], want)
		}
	}
	if len(got["who"]) != textMax {
		t.Errorf("%d bytes of the long field", len(got["who"]))
	}
	for _, send := range []func() *httptest.ResponseRecorder{
		func() *httptest.ResponseRecorder { return s.site.post("/", "en", "t", strings.Repeat("字", textMax)) },
		func() *httptest.ResponseRecorder { return s.upload(nil, "t", strings.Repeat("字", textMax/2)) },
	} {
		w := send()
		if w.Code != 413 || strings.Count(w.Body.String(), "字") != textMax/3 || !strings.Contains(w.Body.String(), said(t, "again.cut")) {
			t.Errorf("check: %d, %d characters come back", w.Code, strings.Count(w.Body.String(), "字"))
		}
	}
	if n := len(s.reports()); n != 0 {
		t.Errorf("%d reports were kept", n)
	}
}

// TestBrokenBody: what arrived of a broken form comes back; where nothing can be read
// it says how to get at the words.
func TestBrokenBody(t *testing.T) {
	s := newDeskSite(t)
	const asForm, asParts = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
	part := func(name, value string) string {
		return "--x\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value
	}
	many := strings.Repeat("&a=1", fieldsMax)
	for _, c := range []struct{ name, path, kind, body, text string }{
		{"a bare percent sign", "/t", asForm, "n=x&text=100%&step=3", "100%"},
		{"a broken name", "/t", asForm, "%zz=1&text=words&step=3", "words"},
		{"too many fields", "/t", asForm, "text=words&step=3" + many, "words"},
		{"a long small field", "/t", asForm, "kind=" + strings.Repeat("x", 999) + "&text=words&step=3", "words"},
		{"a long name", "/t", asForm, strings.Repeat("n", 999) + "=1&text=words&step=3", "words"},
		{"no end", "/s", asParts, part("where", "there") + "\r\n" + part("text", "words and no e"), "words and no e"},
		{"a long small part", "/s", asParts, part("danger", strings.Repeat("x", 999)) + "\r\n" + part("text", "words") + "\r\n--x--\r\n", "words"},
		{"rubbish after it", "/s", asParts, part("text", "words") + "\r\n--x\r\n\xff\xff", "words"},
		{"not a form", "/t", "text/plain", "text=words", ""},
		{"no kind", "/s", "", "text=words", ""},
		{"no boundary", "/t", "multipart/form-data", "text=words", ""},
		{"nothing", "/t", asParts, "", ""},
		{"another boundary", "/s", "multipart/form-data; boundary=y", part("text", "words") + "\r\n--x--\r\n", ""},
		{"a file without a visit", "/b", asParts, "rubbish", ""},
	} {
		r := httptest.NewRequest("POST", c.path, strings.NewReader(c.body))
		r.Header.Set("Content-Type", c.kind)
		r.RemoteAddr = "127.0.0.1:9"
		w := s.do(r)
		page := w.Body.String()
		if w.Code != 400 {
			t.Errorf("%s: %d", c.name, w.Code)
			continue
		}
		noScript(t, c.name, page)
		if c.text == "" {
			if !strings.Contains(page, said(t, "again.lost")) {
				t.Errorf("%s: it does not say how to get the words back", c.name)
			}
			continue
		}
		if got := form(t, page, "again")["text"]; got != c.text {
			t.Errorf("%s: %q comes back, %q arrived", c.name, got, c.text)
		}
		if !strings.Contains(page, said(t, "again.part")) || strings.Contains(page, said(t, "tell.again")) {
			t.Errorf("%s: it does not say that something may be missing", c.name)
		}
	}
	if n := len(s.reports()); n != 0 {
		t.Errorf("%d reports were kept", n)
	}
}

// TestShutMeanwhile: a door that was shut while somebody typed takes nothing, and shows
// them their words to copy, in each language.
func TestShutMeanwhile(t *testing.T) {
	s := newDeskSite(t)
	s.site = newSite(t, func(c *Config) { c.Intake = closed{s.intake} })
	for _, path := range []string{"/t", "/s"} {
		page := s.page(503, path, "step", "3", "n", intake.Nonce(), "text", "typed <words>", "where", "a hill", "l", "en")
		noScript(t, path, page)
		for _, tag := range []string{"th", "zh-Hant", "en"} {
			if !strings.Contains(page, ">typed &lt;words&gt;</blockquote>") || !strings.Contains(page, ">a hill</blockquote>") || strings.Contains(page, "<textarea") {
				t.Errorf("%s: the words are not there to be copied", path)
			}
			to := path
			if path == "/s" {
				to = shortAgain
			}
			page = s.page(503, to, flat(form(t, page, "again"), "l", tag)...)
			if !strings.Contains(page, `<html lang="`+say.Default().In(tag).Locale) {
				t.Errorf("%s: not in %s", path, tag)
			}
		}
	}
	if strings.Contains(s.get("/t", "en").Body.String(), said(t, "again.shut")) {
		t.Error("it speaks of words where none were typed")
	}
}

type closed struct{ Intake }

func (closed) Door(context.Context) (intake.Door, error) { return intake.Door{}, nil }

// TestVisitOverWhileTyping: after more than twenty minutes of typing the code is asked
// for again, and the words wait for it.
func TestVisitOverWhileTyping(t *testing.T) {
	s := newDeskSite(t)
	digits, _ := s.codes("en")
	f := form(t, s.page(200, "/b", "code", digits), "look")
	f["text"], f["danger"] = "typed for\nhalf an hour", "yes"
	s.clock.Add(time.Hour)
	page := s.page(403, "/b", flat(f, "do", "add")...)
	noScript(t, "over", page)
	got := form(t, page, "back")
	if got["text"] != f["text"] || got["danger"] != "yes" || got["n"] != f["n"] || !strings.Contains(page, said(t, "tell.again")) {
		t.Fatalf("it gives back %v", got)
	}
	// Another language, and a slip in the code, do not lose them either.
	got = form(t, s.page(200, "/b?again", flat(got, "l", "th")...), "back")
	got["code"] = digits + " 1"
	got = form(t, s.page(422, "/b", flat(got)...), "back")
	got["code"] = digits
	page = s.page(200, "/b", flat(got)...)
	box := form(t, page, "look")
	if box["text"] != f["text"] || box["danger"] != "yes" || box["n"] != f["n"] {
		t.Fatalf("behind the code: %v", box)
	}
	page = s.page(200, "/b", flat(box, "do", "add")...)
	if next := form(t, page, "look"); next["n"] == f["n"] || next["text"] != "" {
		t.Errorf("after sending: %v", next)
	}
	if n := strings.Count(s.page(200, "/b", "do", "talk", "code", digits), "typed for\nhalf an hour"); n != 1 {
		t.Errorf("it arrived %d times", n)
	}
	// A mailbox that was deleted meanwhile: the words are still there to be copied.
	token := s.visit(digits)
	s.page(200, "/b", "v", token, "do", "delete-sure")
	if got := form(t, s.page(404, "/b", "v", token, "do", "add", "text", "too late", "n", intake.Nonce()), "back"); got["text"] != "too late" {
		t.Errorf("after deleting: %v", got)
	}
}

// TestOtherLanguageInPlace: the pages after deleting and of everything that was
// written change language without doing anything again, and hold no code.
func TestOtherLanguageInPlace(t *testing.T) {
	s := newDeskSite(t)
	digits, words := s.codes("en")
	talk := s.page(200, "/b", "do", "talk", "code", digits)
	if flat := strings.ReplaceAll(talk, " ", ""); strings.Contains(flat, strings.ReplaceAll(digits, " ", "")) || strings.Contains(talk, words) {
		t.Error("the page of everything holds the code")
	}
	for _, tag := range say.Default().Tags() {
		ask := s.page(200, "/b", flat(form(t, talk, "talk"), "l", tag)...)
		noScript(t, tag+" ask", ask)
		if !strings.Contains(ask, `<html lang="`+say.Default().In(tag).Locale) || strings.Contains(ask, `role="alert"`) {
			t.Errorf("%s: it does not ask for the code in this language", tag)
		}
		f := form(t, ask, "back")
		if slip := s.page(422, "/b", flat(f, "code", "one two")...); form(t, slip, "back")["do"] != "talk" {
			t.Errorf("%s: after a slip, the code opens something else", tag)
		}
		if all := s.page(200, "/b", flat(f, "code", digits)...); !strings.Contains(all, "PLANTED words") || strings.Contains(all, `<html lang="en">`) && tag != "en" {
			t.Errorf("%s: the code does not show everything", tag)
		}
	}

	other := codeOn(s.page(200, "/t", "step", "3", "n", intake.Nonce(), "text", "another report"))
	gone := s.page(200, "/b", "v", s.visit(digits), "do", "delete-sure")
	for _, tag := range say.Default().Tags() {
		f := form(t, gone, "deleted")
		if len(f) > 4 { // the lock, language, what, and the day
			t.Errorf("the form holds %v", f)
		}
		page := s.page(200, "/b", flat(f, "l", tag)...)
		noScript(t, tag, page)
		if v := say.Default().In(tag); !strings.Contains(page, html.EscapeString(v.Say("box.deleted_head"))) || !strings.Contains(page, v.Date(f["day"])) {
			t.Errorf("%s: %.600s", tag, page[strings.Index(page, "<main"):])
		}
	}
	for _, day := range []string{"", "x", "2020-01-01", "2999-01-01", "<b>"} {
		if page := s.page(422, "/b", "do", "deleted", "day", day); strings.Contains(page, said(t, "box.deleted_head")) {
			t.Errorf("%q: it says that something was deleted", day)
		}
	}
	s.page(200, "/b", "code", other)
}

// TestNoMemoryForWords: when all memory for texts is used, it says when to try again
// and where the words are.
func TestNoMemoryForWords(t *testing.T) {
	pages, err := parsePages()
	if err != nil {
		t.Fatal(err)
	}
	d := &door{Config: Config{Now: time.Now, Say: say.Default()}, slow: newSlow(Limits{}), pages: pages}
	d.textBytes.Store(heldMax)
	r := httptest.NewRequest("POST", "/t", strings.NewReader("text=words"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	a, _, ok := d.told(w, r, "/t", "tell")
	a.free()
	if ok || w.Code != 503 || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), said(t, "again.lost")) || !strings.Contains(w.Body.String(), said(t, "again.crowd")) {
		t.Errorf("%d\n%s", w.Code, w.Body)
	}
	if n := d.textBytes.Load(); n != heldMax {
		t.Errorf("%d bytes stay counted", n-heldMax)
	}
}

// TestFromAnotherSite: a page of another site can neither send a report nor open a
// mailbox through somebody's browser, nor give them a nonce whose code it knows. What
// was typed into a saved form is not lost.
func TestFromAnotherSite(t *testing.T) {
	s := newDeskSite(t)
	digits, _ := s.codes("en")
	before := len(s.reports())
	token := s.visit(digits)
	send := func(from, path string, fields ...string) *httptest.ResponseRecorder {
		v := url.Values{}
		for i := 0; i+1 < len(fields); i += 2 {
			v.Set(fields[i], fields[i+1])
		}
		r := httptest.NewRequest("POST", path, strings.NewReader(v.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", from)
		return s.do(r)
	}
	const planted = "a nonce of another site"
	for _, from := range []string{"cross-site", "same-site"} {
		for _, path := range []string{"/t", "/s"} {
			w := send(from, path, "step", "3", "show", "1", "n", planted, "text", "typed words", "where", "there")
			page := w.Body.String()
			if w.Code != 403 || strings.Contains(page, planted) {
				t.Fatalf("%s %s: %d\n%.900s", from, path, w.Code, page)
			}
			f := form(t, page, "again")
			if f["text"] != "typed words" || f["where"] != "there" || len(f["n"]) < 20 || button(t, page, "again") != nil || f["show"] != "" {
				t.Errorf("%s %s: %v", from, path, f)
			}
		}
		for _, fields := range [][]string{{"code", digits}, {"v", token}, {"v", token, "do", "delete-sure"}, {"do", "deleted", "day", "2026-11-28"}} {
			w := send(from, "/b", fields...)
			if f := form(t, w.Body.String(), "back"); w.Code != 403 || f["code"] != "" || strings.Contains(w.Body.String(), token) {
				t.Errorf("%s /b %v: %d, %v", from, fields, w.Code, f)
			}
		}
	}
	if n := len(s.reports()); n != before {
		t.Errorf("%d reports came in", n-before)
	}
	for _, from := range []string{"same-origin", "none", ""} {
		if w := send(from, "/b", "code", digits); w.Code != 200 {
			t.Errorf("%q: %d", from, w.Code)
		}
	}
}

// TestNonceThatCannotBe: a nonce that was cut on its way is replaced; the words are sent.
func TestNonceThatCannotBe(t *testing.T) {
	for _, n := range []string{"", "short", strings.Repeat("x", 65), strings.Repeat("x", 250)} {
		s := newDeskSite(t)
		if c := codeOn(s.page(200, "/t", "step", "3", "n", n, "text", "x")); c == "" {
			t.Errorf("%q: no code", n)
		}
		s.page(200, "/s", "n", n, "text", "y")
		if got := len(s.reports()); got != 2 {
			t.Errorf("%q: %d reports", n, got)
		}
	}
}

// TestEmptyBoxes: an empty box is spoken of by no other box's name.
func TestEmptyBoxes(t *testing.T) {
	s := newDeskSite(t)
	digits, _ := s.codes("en")
	for name, page := range map[string]string{
		"short": s.page(422, "/s", "n", intake.Nonce(), "text", " "),
		"add":   s.page(422, "/b", "v", s.visit(digits), "do", "add", "n", intake.Nonce(), "text", ""),
	} {
		if !strings.Contains(page, said(t, "again.empty")) || strings.Contains(page, said(t, "tell.empty")) {
			t.Errorf("%s asks for the wrong box", name)
		}
	}
}

// TestAnswerStays: an answer that is shown once does not vanish, and is not denied, when
// a button beside it says that something cannot be done yet.
func TestAnswerStays(t *testing.T) {
	s := newDeskSite(t)
	digits, _ := s.codes("en")
	s.answer("an invented answer")
	page := s.page(200, "/b", "code", digits)
	for _, c := range []struct {
		do     string
		status int
	}{{"proof", 200}, {"add", 422}, {"look", 200}} {
		f := form(t, page, "look")
		page = s.page(c.status, "/b", flat(f, "do", c.do)...)
		if !strings.Contains(page, "an invented answer") || strings.Contains(page, said(t, "box.no_answer")) {
			t.Errorf("after %s the answer is gone", c.do)
		}
	}
}

// TestOtherButtonsKeepWords: words that were typed and not sent are still in their box
// after asking for the proof, or whether to delete, and going back.
func TestOtherButtonsKeepWords(t *testing.T) {
	s := newDeskSite(t)
	digits, _ := s.codes("en")
	f := form(t, s.page(200, "/b", "code", digits), "look")
	f["text"], f["danger"] = "not sent\nyet", "yes"
	for _, do := range []string{"proof", "delete"} {
		page := s.page(200, "/b", flat(f, "do", do)...)
		if do == "delete" { // also through another language
			page = s.page(200, "/b", flat(form(t, page, "look"), "l", "th")...)
			page = s.page(200, "/b", flat(form(t, page, "look"), "do", "look")...)
		}
		if got := form(t, page, "look"); got["text"] != "not sent\nyet" || got["danger"] != "yes" {
			t.Errorf("%s: %v", do, got)
		}
	}
	page := s.page(200, "/b", "code", digits)
	for _, do := range []string{"proof", "delete"} {
		if !strings.Contains(page, `<button form="look" name="do" value="`+do+`">`) {
			t.Errorf("%s does not send the words along", do)
		}
	}
}

// TestFileBreaksOff: half a file is not taken for a whole one, and no file for a
// broken one.
func TestFileBreaksOff(t *testing.T) {
	s := newDeskSite(t)
	digits, _ := s.codes("en")
	head := "--x\r\nContent-Disposition: form-data; name=\"v\"\r\n\r\n" + s.visit(digits) + "\r\n--x\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\n"
	const file = "\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n"
	for _, c := range []struct {
		name, tail, key string
		status          int
	}{
		{"no end", file + "half a pict", "box.attach_failed", 422},
		{"half an end", file + "half a pict\r\n-", "box.attach_failed", 422},
		{"none chosen", strings.Replace(file, "a.png", "", 1) + "\r\n--x--\r\n", "again.no_file", 422},
		{"an empty one", file + "\r\n--x--\r\n", "box.attach_failed", 422},
		{"whole", file + "a picture\r\n--x--\r\n", "box.attached", 200},
	} {
		r := httptest.NewRequest("POST", "/b", strings.NewReader(head+intake.Nonce()+c.tail))
		r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
		if w := s.do(r); w.Code != c.status || !strings.Contains(w.Body.String(), said(t, c.key)) {
			t.Errorf("%s: %d", c.name, w.Code)
		}
	}
	all := s.reports()
	if len(all) != 1 || len(all[0].Files) != 1 || all[0].Files[0].Size != int64(len("a picture")) {
		t.Errorf("%+v", all)
	}

	// And where the line breaks.
	server := httptest.NewServer(s)
	defer server.Close()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	body := head + intake.Nonce() + file + strings.Repeat("x", 3000)
	_, _ = fmt.Fprintf(conn, "POST /b HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: %d\r\n\r\n%s", len(body)+5000, body)
	_ = conn.(*net.TCPConn).CloseWrite()
	answer, _ := io.ReadAll(conn)
	if strings.Contains(string(answer), said(t, "box.attached")) {
		t.Error("a file whose line broke is called whole")
	}
	server.Close() // waits for it
	s.clock.Add(time.Second)
	if len(s.reports()[0].Files) != 1 {
		t.Error("half a file was kept")
	}
}

// TestWhereToComeBack: beside a code stands an address that leads back.
func TestWhereToComeBack(t *testing.T) {
	s := newDeskSite(t)
	for host, want := range map[string]string{"desk.test.invalid": "desk.test.invalid/b", "desk.test.invalid:8443": "desk.test.invalid:8443/b", "127.0.0.1:8080": "/b", "[::1]:80": "/b", "[::1]": "/b", "localhost:8080": "/b", "backend": "/b", "": "/b"} {
		for _, c := range []struct{ path, body string }{{"/t", "step=3&text=x"}, {"/s", "text=x&show=1&n="}} {
			n := intake.Nonce()
			s.tell(n, "text", "y")
			r := httptest.NewRequest("POST", c.path, strings.NewReader(c.body+"&n="+n))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Host = host
			if page := s.do(r).Body.String(); !strings.Contains(page, said(t, "code.come_back", "Path", want)) {
				t.Errorf("%q %s: it does not say %q", host, c.path, want)
			}
		}
	}
}

// TestHiddenStaysHidden: no rule of the style shows what is marked as hidden.
func TestHiddenStaysHidden(t *testing.T) {
	page := newSite(t, nil).get("/", "en").Body.String()
	if !strings.Contains(page, "[hidden]{display:none !important}") {
		t.Error("a box carried along is shown, since the style gives boxes a display of their own")
	}
}
