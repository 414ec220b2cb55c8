package office

import (
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"homeward/keep/ledger"
	"homeward/keep/store"
	"homeward/keep/vault"
	"homeward/know/lure"
	"homeward/test/clock"
	"homeward/work/desk"
	"homeward/work/intake"
)

func find(t *testing.T, page, pattern string) string {
	t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("no %s in\n%.1500s", pattern, page)
	}
	return html.UnescapeString(m[1])
}

func (r *rooms) codeFor(t *testing.T, second string) string {
	t.Helper()
	c, err := desk.SecondCode(second, r.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestFirstRun: from an empty directory to the first sign-in, in the browser.
func TestFirstRun(t *testing.T) {
	st, err := store.Open(t.Context(), "", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	l, err := ledger.NewLog("desk.invalid", make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	r := &rooms{t: t, clock: clock.At(time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC))}
	now := r.clock.Now
	log := slog.New(slog.NewTextHandler(&r.log, nil))
	r.intake = &intake.Intake{Store: st, Ledger: l, Now: now, Visits: vault.NewKey()}
	r.desk = &desk.Desk{Store: st, Ledger: l, Intake: r.intake, Stretcher: vault.NewQuickStretcher(), Screen: lure.Default().Screen, Now: now, Log: log}
	if r.Handler, err = New(Config{Desk: r.desk, Now: now, Log: log, SetUpToken: "THETOKEN"}); err != nil {
		t.Fatal(err)
	}
	m := &member{rooms: r}
	if page := m.page(200, "GET", "/desk"); !strings.Contains(page, `href="/desk/setup"`) {
		t.Error("an empty desk does not lead to the beginning")
	}
	page := m.page(200, "GET", "/desk/setup")
	second := find(t, page, `name="second" value="([A-Z2-7]+)"`)
	if !strings.Contains(page, "otpauth://totp/") || !strings.Contains(page, "<svg class=\"qr\"") {
		t.Error("the authenticator's secret is shown neither as a link nor as a picture")
	}
	form := func(change ...string) []string {
		f := map[string]string{"token": "THETOKEN", "name": login, "passphrase": passphrase, "again": passphrase, "second": second, "code": r.codeFor(t, second), "operator": "An invented desk", "jurisdiction": "Nowhere", "hours": "never", "on_call": "mailto:nobody@desk.invalid"}
		for i := 0; i+1 < len(change); i += 2 {
			f[change[i]] = change[i+1]
		}
		var out []string
		for k, v := range f {
			out = append(out, k, v)
		}
		return out
	}
	for name, c := range map[string]struct {
		status int
		change []string
	}{
		"another token":       {403, []string{"token", "WRONG"}},
		"no token":            {403, []string{"token", ""}},
		"two passphrases":     {422, []string{"again", "something else entirely"}},
		"a short passphrase":  {422, []string{"passphrase", "short", "again", "short"}},
		"a wrong code":        {422, []string{"code", "000000"}},
		"nobody to be called": {422, []string{"on_call", "the boss"}},
	} {
		page := m.page(c.status, "POST", "/desk/setup", form(c.change...)...)
		if !strings.Contains(page, "An invented desk") || !strings.Contains(page, second) || strings.Contains(page, passphrase) {
			t.Errorf("%s: what was typed is gone, or the passphrase is shown", name)
		}
	}
	page = m.page(200, "POST", "/desk/setup", form()...)
	shares := regexp.MustCompile(`HW(?:-[0-9A-Z]+)+`).FindAllString(page, -1)
	if len(shares) != 3 {
		t.Fatalf("%d shares", len(shares))
	}
	if empty, err := r.desk.Empty(t.Context()); err != nil || !empty {
		t.Error("something is kept before the shares are on paper")
	}
	// On a wrong group the shares are shown again.
	if page := m.page(422, "POST", "/desk/setup/done", "token", "THETOKEN", "group", "XXXXX"); !strings.Contains(page, shares[0]) {
		t.Error("the shares are gone")
	}
	m.page(403, "POST", "/desk/setup/done", "token", "WRONG", "group", shares[1])
	last := shares[1][strings.LastIndex(shares[1], "-")+1:]
	m.page(200, "POST", "/desk/setup/done", "token", "THETOKEN", "group", " "+strings.ToLower(last))
	for _, path := range []string{"/desk/setup", "/desk/setup/done"} {
		m.page(404, "POST", path, form()...)
	}
	m.page(404, "GET", "/desk/setup")
	r.second = second
	m = r.signIn()
	if page := m.page(200, "GET", "/desk/settings"); !strings.Contains(page, "An invented desk") || !strings.Contains(page, "The door is open.") {
		t.Error("the operator's details are not kept")
	}
	if d, err := r.intake.Door(t.Context()); err != nil || !d.Open {
		t.Errorf("the door is shut: %v", err)
	}
	if strings.Contains(r.log.String(), passphrase) || strings.Contains(r.log.String(), second) {
		t.Error("the log holds secrets")
	}
}

// TestFirstRunIsForgotten: what was made and not confirmed is thrown away.
func TestFirstRunIsForgotten(t *testing.T) {
	r := newRooms(t, func(c *Config) { c.SetUpToken = "T" })
	(&member{rooms: r}).page(404, "GET", "/desk/setup") // there is a desk already
	(&member{rooms: r}).page(404, "POST", "/desk/setup", "token", "T")
}

// TestInvitingInTheBrowser: link, joining, four words, confirming, signing in.
func TestInvitingInTheBrowser(t *testing.T) {
	r := newRooms(t, nil)
	boss := r.signIn()
	boss.page(422, "POST", "/desk/members/invite")
	page := boss.page(200, "POST", "/desk/members/invite", "role", desk.Caseworker)
	path := find(t, page, `http://[^/]+(/desk/join/[A-Z2-7]+)<`)
	who := &member{rooms: r}
	page = who.page(200, "GET", path)
	second := find(t, page, `name="second" value="([A-Z2-7]+)"`)
	who.page(422, "POST", path, "name", "grey owl", "passphrase", passphrase, "again", "other", "second", second, "code", r.codeFor(t, second))
	page = who.page(422, "POST", path, "name", "grey owl", "passphrase", passphrase, "again", passphrase, "second", second, "code", "000000")
	if !strings.Contains(page, "grey owl") || find(t, page, `name="second" value="([A-Z2-7]+)"`) != second {
		t.Error("after a wrong code the authenticator is another")
	}
	who.page(409, "POST", path, "name", login, "passphrase", passphrase, "again", passphrase, "second", second, "code", r.codeFor(t, second))
	words := who.page(200, "POST", path, "name", "grey owl", "passphrase", passphrase, "again", passphrase, "second", second, "code", r.codeFor(t, second))
	spoken := find(t, words, `<p class="code" lang="en">(.*?)</p>`)
	who.page(404, "GET", path)
	list := boss.page(200, "GET", "/desk/members")
	applicant := find(t, list, `href="(/desk/members/a/[A-Z2-7]+)"`)
	page = boss.page(200, "GET", applicant)
	if find(t, page, `<p class="code" lang="en">(.*?)</p>`) != spoken {
		t.Errorf("other words than %s", spoken)
	}
	boss.page(409, "POST", applicant+"/confirm", "same", "four other words here")
	boss.page(303, "POST", applicant+"/confirm", "same", find(t, page, `name="same" value="([^"]+)"`))
	r.clock.Add(31 * time.Second)
	w := who.ask("POST", "/desk/in", "name", "grey owl", "passphrase", passphrase, "code", r.codeFor(t, second))
	if w.Code != http.StatusSeeOther {
		t.Fatalf("%d", w.Code)
	}
	who.cookie = w.Result().Cookies()[0]
	if page := who.page(200, "GET", "/desk"); !strings.Contains(page, "Nothing is waiting.") || strings.Contains(page, "/desk/settings") {
		t.Error("a caseworker's rooms")
	}
	// They change their passphrase, and go.
	r.clock.Add(31 * time.Second)
	const fresh = "quite other invented words"
	who.page(422, "POST", "/desk/account/passphrase", "passphrase", passphrase, "code", r.codeFor(t, second), "fresh", fresh, "again", "x")
	who.page(403, "POST", "/desk/account/passphrase", "passphrase", "wrong", "code", r.codeFor(t, second), "fresh", fresh, "again", fresh)
	who.page(200, "POST", "/desk/account/passphrase", "passphrase", passphrase, "code", r.codeFor(t, second), "fresh", fresh, "again", fresh)
	who.page(401, "GET", "/desk/members")
	id := ""
	for _, m := range regexp.MustCompile(`href="/desk/members/m/([A-Z2-7]+)/leave"`).FindAllStringSubmatch(boss.page(200, "GET", "/desk/members"), -1) {
		if page := boss.page(200, "GET", "/desk/members/m/"+m[1]+"/leave"); strings.Contains(page, "<b>grey owl</b>") {
			id = m[1]
		}
	}
	boss.page(422, "POST", "/desk/members/m/"+id+"/leave", "to", "")
	boss.page(303, "POST", "/desk/members/m/"+id+"/leave", "to", "", "sure", "yes")
	r.clock.Add(31 * time.Second)
	who.page(403, "POST", "/desk/in", "name", "grey owl", "passphrase", fresh, "code", r.codeFor(t, second))
	if page := boss.page(200, "GET", "/desk/members"); !strings.Contains(page, "has left") {
		t.Error("the list does not say it")
	}
	page = boss.page(200, "POST", "/desk/ledger/verify")
	for _, want := range []string{"none changed or missing", "member.left", "epoch.opened", "member.confirmed"} {
		if !strings.Contains(page, want) {
			t.Errorf("the ledger has no %q", want)
		}
	}
}

// TestNoWordIsLost: whichever button is pressed, what is in the other boxes stays.
func TestNoWordIsLost(t *testing.T) {
	r := newRooms(t, nil)
	r.tell(intake.Report{Text: "invented words of a sender: 7b and 4a", Lang: "vi"})
	m := r.signIn()
	path := m.only()
	for button, fields := range map[string][]string{
		"note":   {"note", "kept now"},
		"assign": {"to", ""},
		"snooze": {"hours", "2"},
		"ask":    {"q", "1", "q", "7", "ask-lang", "vi"},
		"mute":   {"mute", "off"},
		"same":   {"other", "nothing", "reason", "no reason", "same", "yes"},
		"worked": {"revision", "1"},
	} {
		w := m.ask("POST", path+"/"+button, append([]string{"text", "half an answer"}, fields...)...)
		if page := w.Body.String(); !strings.Contains(page, "half an answer") || w.Code == http.StatusSeeOther {
			t.Errorf("%s: %d, the answer is gone", button, w.Code)
		}
		if button != "same" && button != "note" {
			w := m.ask("POST", path+"/"+button, append([]string{"note", "half a note"}, fields...)...)
			if !strings.Contains(w.Body.String(), "half a note") {
				t.Errorf("%s: %d, the note is gone", button, w.Code)
			}
		}
	}
	page := m.page(200, "POST", path+"/ask", "q", "7", "q", "1", "ask-lang", "vi", "text", "xin chào")
	box := find(t, page, `(?s)name="text"[^>]*>\n(.*?)</textarea>`)
	if !strings.HasPrefix(box, "xin chào\n\n") || !strings.Contains(box, "7. Khi nào") || strings.Index(box, "1. ") > strings.Index(box, "7. ") {
		t.Errorf("the box: %q", box)
	}
	if !strings.Contains(page, "<b>7b</b> When may we write to you? At night") {
		t.Error("an answer by number is not understood")
	}
	// A note that was kept is shown, and the page is asked for anew.
	m.page(303, "POST", path+"/note", "note", "called <b>twice</b>")
	if page := m.page(200, "GET", path); !strings.Contains(page, "called &lt;b&gt;twice&lt;/b&gt;") {
		t.Error("the note is not shown, or not as it was written")
	}
	if page := m.page(200, "GET", "/desk?of=mine"); strings.Contains(page, path) {
		t.Error("it is nobody's, and mine")
	}
	me := find(t, m.page(200, "GET", path), `<option value="([A-Z2-7]{20,})"`)
	m.page(303, "POST", path+"/assign", "to", me)
	m.page(303, "POST", path+"/snooze", "hours", "0")
	if page := m.page(409, "POST", path+"/assign", "to", "", "was", "somebody else", "text", "half an answer"); !strings.Contains(page, "half an answer") {
		t.Error("after a conflict the answer is gone")
	}
	if page := m.page(200, "GET", "/desk?of=mine"); !strings.Contains(page, path) {
		t.Error("it is mine, and not there")
	}
	m.page(303, "POST", path+"/snooze", "hours", "2")
	if page := m.page(200, "GET", "/desk"); strings.Contains(page, path) || !strings.Contains(page, "1 put off") {
		t.Error("it is put off, and there")
	}
	if page := m.page(200, "GET", "/desk?of=asleep"); !strings.Contains(page, path) {
		t.Error("it is put off, and nowhere")
	}
}

func TestSettingsAreNotOverwritten(t *testing.T) {
	r := newRooms(t, nil)
	m := r.signIn()
	m.page(303, "POST", "/desk/settings", "operator", "An invented desk", "hours", "never")
	page := m.page(409, "POST", "/desk/settings", "operator", "Another", "hours", "always")
	if !strings.Contains(page, `value="Another"`) || !strings.Contains(page, `name="was-operator" value="An invented desk"`) {
		t.Error("what was typed is gone, or what a colleague set is not shown")
	}
	m.page(422, "POST", "/desk/settings", "was-operator", "An invented desk", "was-hours", "never", "operator", "Another", "on_call", "me")
	m.page(303, "POST", "/desk/settings", "was-operator", "An invented desk", "was-hours", "never", "operator", "Another")
}

// TestLanguage: the rooms in 繁體中文, and nothing of them in English.
func TestLanguage(t *testing.T) {
	r := newRooms(t, nil)
	r.tell(intake.Report{Kind: "held", Text: "文字", Lang: "zh-Hant"})
	m := r.signIn()
	path := m.only()
	for _, p := range []string{"/desk", path, "/desk/new", "/desk/members", "/desk/account", "/desk/settings", "/desk/ledger", "/desk/phrases", "/desk/nothing"} {
		req := newRequest("GET", p, m.cookie, &http.Cookie{Name: tongue, Value: "zh-Hant"})
		w := serve(r, req)
		body := w.Body.String()
		if !strings.Contains(body, `<html lang="zh-Hant">`) {
			t.Errorf("%s: %d", p, w.Code)
		}
		if p == path || p == "/desk/phrases" || p == "/desk/ledger" {
			continue // they hold words of others
		}
		text := regexp.MustCompile(`(?s)<style.*?</style>|<svg.*?</svg>|<code>.*?</code>|<[^>]*>`).ReplaceAllString(body, " ")
		for _, english := range regexp.MustCompile(`\b[A-Za-z]{3,} [A-Za-z]{2,} [A-Za-z]{2,}`).FindAllString(text, -1) {
			t.Errorf("%s says %q", p, english)
		}
	}
}

func newRequest(method, path string, cookies ...*http.Cookie) *http.Request {
	r := httptest.NewRequest(method, path, nil)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for _, c := range cookies {
		r.AddCookie(c)
	}
	return r
}

func serve(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}
