package office

import (
	"bytes"
	"context"
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"homeward/form/clean"
	"homeward/form/say"
	"homeward/keep/ledger"
	"homeward/keep/vault"
	"homeward/know/lure"
	"homeward/test/clock"
	"homeward/test/engines"
	"homeward/work/desk"
	"homeward/work/evidence"
	"homeward/work/intake"
)

const (
	login      = "blue heron"
	passphrase = "five invented words for tests"
)

// rooms are the members' rooms of a real desk, on SQLite in a temporary folder.
type rooms struct {
	http.Handler
	t      testing.TB
	clock  *clock.Clock
	intake *intake.Intake
	desk   *desk.Desk
	second string
	log    bytes.Buffer
}

func newRooms(t testing.TB, change func(*Config)) *rooms {
	t.Helper()
	st := engines.SQLite(t)
	l, err := ledger.NewLog("desk.invalid", bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	r := &rooms{t: t, clock: clock.At(time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC))}
	now := r.clock.Now
	log := slog.New(slog.NewTextHandler(&r.log, nil))
	r.intake = &intake.Intake{Store: st, Ledger: l, Now: now, Visits: vault.NewKey()}
	r.desk = &desk.Desk{Store: st, Ledger: l, Intake: r.intake, Stretcher: vault.NewQuickStretcher(), Screen: lure.Default().Screen, Now: now, Log: log}
	made, err := r.desk.SetUp(t.Context(), login, passphrase, 2, 3)
	if err != nil {
		t.Fatal(err)
	}
	r.second = made.Second
	c := Config{Desk: r.desk, Copier: evidence.NewCopier(), Now: now, Log: log}
	casesToo(&c)
	if change != nil {
		change(&c)
	}
	if r.Handler, err = New(c); err != nil {
		t.Fatal(err)
	}
	return r
}

// member is a browser, signed in or not.
type member struct {
	*rooms
	cookie *http.Cookie
}

func (m *member) ask(method, path string, fields ...string) *httptest.ResponseRecorder {
	v := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		v.Add(fields[i], fields[i+1])
	}
	r := httptest.NewRequest(method, path, strings.NewReader(v.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept-Encoding", "gzip")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if m.cookie != nil {
		r.AddCookie(m.cookie)
	}
	w := httptest.NewRecorder()
	m.ServeHTTP(w, r)
	return w
}

// page asks for a page that must be of this status.
func (m *member) page(status int, method, path string, fields ...string) string {
	m.t.Helper()
	w := m.ask(method, path, fields...)
	if w.Code != status {
		m.t.Fatalf("%s %s: %d, want %d\n%.900s", method, path, w.Code, status, w.Body)
	}
	return w.Body.String()
}

func (r *rooms) signIn() *member {
	r.t.Helper()
	r.clock.Add(31 * time.Second) // a one-time code is good once
	code, err := desk.SecondCode(r.second, r.clock.Now())
	if err != nil {
		r.t.Fatal(err)
	}
	m := &member{rooms: r}
	w := m.ask("POST", "/desk/in", "name", login, "passphrase", passphrase, "code", code)
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/desk" || len(w.Result().Cookies()) != 1 {
		r.t.Fatalf("signing in: %d %v", w.Code, w.Header())
	}
	m.cookie = w.Result().Cookies()[0]
	return m
}

func (r *rooms) tell(rep intake.Report) intake.Receipt {
	r.t.Helper()
	got, err := r.intake.Receive(r.t.Context(), intake.Nonce(), rep)
	if err != nil {
		r.t.Fatal(err)
	}
	return got
}

var (
	reportPath = regexp.MustCompile(`/desk/r/[^"/]+`)
	revisionOf = regexp.MustCompile(`name="revision" value="(\d+)"`)
)

// only gives the address of the one report in the queue.
func (m *member) only() string {
	m.t.Helper()
	all := reportPath.FindAllString(m.page(200, "GET", "/desk"), -1)
	if len(all) != 1 {
		m.t.Fatalf("in the queue: %v", all)
	}
	return all[0]
}

// routes are all addresses, with a report's put in.
func routes(report string) [][2]string {
	return [][2]string{
		{"GET", "/desk"},
		{"GET", "/desk?of=muted"},
		{"GET", report},
		{"POST", report + "/answer"},
		{"POST", report + "/worked"},
		{"POST", report + "/mute"},
		{"GET", report + "/f/x"},
		{"GET", "/desk/new"},
		{"POST", "/desk/new"},
		{"GET", "/desk/nothing/here"},
		{"PUT", "/desk/new"},
	}
}

// TestWithoutASession: who has not signed in, or not lately, is asked to and sees
// nothing.
func TestWithoutASession(t *testing.T) {
	r := newRooms(t, nil)
	code := r.tell(intake.Report{Text: "PLANTED words", Kind: "held"})
	m := r.signIn()
	report := m.only()
	out := r.signIn()
	out.page(303, "POST", "/desk/out")
	r.clock.Add(time.Minute)
	m.page(200, "GET", report)
	r.clock.Add(5 * time.Minute)
	strangers := map[string]*member{
		"nobody": {rooms: r}, "an idle member": m, "signed out": out,
		"a made-up token": {rooms: r, cookie: &http.Cookie{Name: cookie, Value: strings.Repeat("A", 52)}},
	}
	for name, who := range strangers {
		for _, route := range routes(report) {
			w := who.ask(route[0], route[1], "text", "TYPED", "revision", "1", "mute", "on", "n", intake.Nonce())
			body := w.Body.String()
			if strings.Contains(body, "PLANTED") || strings.Contains(body, "someone is held") || strings.Contains(body, login) {
				t.Errorf("%s, %v: %s", name, route, body)
			}
			switch {
			case route[1] == "/desk/nothing/here", route[0] == "PUT":
				if w.Code != 404 && w.Code != 405 {
					t.Errorf("%s, %v: %d", name, route, w.Code)
				}
			case route[0] == "GET" && strings.HasPrefix(route[1], "/desk?") || route[1] == "/desk":
				if w.Code != 200 || !strings.Contains(body, `action="/desk/in"`) {
					t.Errorf("%s, %v: %d, no way to sign in", name, route, w.Code)
				}
			case w.Code != 401 || !strings.Contains(body, `action="/desk/in"`):
				t.Errorf("%s, %v: %d, no way to sign in", name, route, w.Code)
			}
		}
	}
	m = r.signIn()
	if m.only() != report {
		t.Error("somebody who was not signed in has changed something")
	}
	v, err := r.intake.Visit(t.Context(), code)
	if err != nil {
		t.Fatal(err)
	}
	if a, err := r.intake.Newest(t.Context(), v); a != nil || err != nil {
		t.Errorf("somebody who was not signed in has answered: %v %v", a, err)
	}
}

// TestSignIn: with everything right, and not otherwise; what is wrong is not said.
func TestSignIn(t *testing.T) {
	r := newRooms(t, nil)
	who := &member{rooms: r}
	code, err := desk.SecondCode(r.second, r.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	var pages []string
	for _, c := range [][3]string{{"nobody", passphrase, code}, {login, "six invented words for the tests", code}, {login, passphrase, "000000"}, {login, passphrase, ""}, {"", "", ""}} {
		w := who.ask("POST", "/desk/in", "name", c[0], "passphrase", c[1], "code", c[2])
		pages = append(pages, w.Body.String())
		if w.Code != 403 || len(w.Result().Cookies()) != 0 || strings.Contains(w.Body.String(), passphrase) {
			t.Errorf("%q: %d %v", c, w.Code, w.Header())
		}
	}
	for _, p := range pages {
		if p != pages[0] {
			t.Error("the page tells which part was wrong")
		}
	}
	for _, secure := range []bool{false, true} {
		r := newRooms(t, func(c *Config) { c.Secure = secure })
		c := r.signIn().cookie
		if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/desk" || c.Secure != secure || c.MaxAge != 0 || !c.Expires.IsZero() || len(c.Value) < 40 {
			t.Errorf("cookie %s", c)
		}
	}
}

func TestSignOut(t *testing.T) {
	r := newRooms(t, nil)
	m := r.signIn()
	w := m.ask("POST", "/desk/out")
	c := w.Result().Cookies()
	if w.Code != 303 || len(c) != 1 || c[0].MaxAge >= 0 || c[0].Path != "/desk" || w.Header().Get("Clear-Site-Data") == "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}

// TestCrossOrigin: no other site can make a member's browser do anything.
func TestCrossOrigin(t *testing.T) {
	r := newRooms(t, nil)
	r.tell(intake.Report{Text: "PLANTED words"})
	m := r.signIn()
	report := m.only()
	for _, header := range [][2]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://elsewhere.invalid"}, {"Origin", "null"}} {
		for _, path := range []string{report + "/answer", report + "/worked", report + "/mute", "/desk/new", "/desk/in", "/desk/out"} {
			req := httptest.NewRequest("POST", path, strings.NewReader("text=x&revision=1&mute=on"))
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			req.Header.Set(header[0], header[1])
			req.AddCookie(m.cookie)
			w := httptest.NewRecorder()
			r.ServeHTTP(w, req)
			if w.Code != 403 || strings.Contains(w.Body.String(), "PLANTED") {
				t.Errorf("%s with %v: %d", path, header, w.Code)
			}
		}
	}
	if m.only() != report {
		t.Error("another site has changed something")
	}
}

// TestHeaders: on every page, whoever asks.
func TestHeaders(t *testing.T) {
	r := newRooms(t, func(c *Config) { c.Secure = true })
	r.tell(intake.Report{Text: "PLANTED words"})
	m := r.signIn()
	for _, who := range []*member{m, {rooms: r}} {
		for _, route := range append(routes(m.only()), [2]string{"GET", "/desk/style.css"}, [2]string{"POST", "/desk/in"}) {
			w := who.ask(route[0], route[1])
			for name, want := range map[string]string{
				"Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
				"Cache-Control":           "no-store", "Referrer-Policy": "same-origin", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
				"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin", "Content-Encoding": "",
				"Strict-Transport-Security": "max-age=31536000",
			} {
				if got := w.Header().Get(name); got != want {
					t.Errorf("%v: %s is %q, want %q", route, name, got, want)
				}
			}
			for _, bad := range []string{"<script", " style=", "<style", " onclick", `src="http`, `href="http`} {
				if strings.Contains(w.Body.String(), bad) {
					t.Errorf("%v holds %q", route, bad)
				}
			}
		}
	}
}

// TestEscaped: what a stranger wrote is shown as letters, and turns the direction of
// nothing but itself.
func TestEscaped(t *testing.T) {
	r := newRooms(t, nil)
	const bad = "<script>alert(1)</script> \"'> </textarea> \u202egpj.exe\u2066"
	r.tell(intake.Report{Text: bad, Who: bad, Where: bad, When: bad, Safe: bad, Unsafe: bad, Contact: bad, Duress: bad, Lure: bad + " free flight to Cambodia, no experience, " + bad, Lang: "<b>"})
	m := r.signIn()
	queue := m.page(200, "GET", "/desk")
	report := m.page(200, "GET", m.only())
	for name, page := range map[string]string{"queue": queue, "report": report} {
		for _, tag := range []string{"<script", "<b>\"", "<b></td>", "\"'>"} {
			if strings.Contains(page, tag) {
				t.Errorf("%s holds %q", name, tag)
			}
		}
		for _, part := range regexp.MustCompile(`<([^>]*)>[^<]*\x{202e}`).FindAllStringSubmatch(page, -1) {
			if !strings.Contains(part[1], `dir="auto"`) {
				t.Errorf("%s: marks of direction reach beyond <%s>", name, part[1])
			}
		}
		if !strings.Contains(page, "&lt;script&gt;") {
			t.Errorf("%s does not show what was written", name)
		}
	}
	if n := strings.Count(report, "&lt;script&gt;"); n < 9 {
		t.Errorf("only %d of the fields are shown", n)
	}
	page := m.page(422, "POST", m.only()+"/answer", "text", strings.Repeat("字", intake.MaxText)+bad, "revision", "1")
	if strings.Count(page, "<textarea") != strings.Count(page, "</textarea>") || strings.Contains(page, "<script") {
		t.Error("a draft breaks out of its box")
	}
}

// TestAnswer: it waits behind the code, and the report leaves the queue.
func TestAnswer(t *testing.T) {
	r := newRooms(t, nil)
	code := r.tell(intake.Report{Text: "PLANTED words", Kind: "missing", Relation: "family"})
	m := r.signIn()
	path := m.only()
	page := m.page(200, "GET", path)
	if !strings.Contains(page, "No, do not contact them first") {
		t.Error("it does not say that nobody may write first")
	}
	revision := revisionOf.FindStringSubmatch(page)[1]
	for _, c := range []struct {
		text   string
		status int
	}{{" \n", 422}, {strings.Repeat("字", intake.MaxText+1), 422}} {
		if page := m.page(c.status, "POST", path+"/answer", "text", c.text, "revision", revision); !strings.Contains(page, strings.TrimSpace(c.text)+"</textarea>") {
			t.Errorf("%.20q is gone", c.text)
		}
	}
	m.page(303, "POST", path+"/answer", "text", "an <answer>", "revision", revision)
	if page := m.page(200, "GET", "/desk"); !strings.Contains(page, "Nothing is waiting.") {
		t.Error("it is still in the queue")
	}
	v, err := r.intake.Visit(t.Context(), code)
	if err != nil {
		t.Fatal(err)
	}
	if a, err := r.intake.Newest(t.Context(), v); err != nil || a == nil || a.Text != "an <answer>" {
		t.Errorf("%+v %v", a, err)
	}
	if strings.Contains(r.log.String(), "answer>") || strings.Contains(r.log.String(), "PLANTED") {
		t.Errorf("the log holds what was written:\n%s", &r.log)
	}
}

// TestStaleAnswer: what came in meanwhile is shown, the words are still in the box,
// and the same form then sends.
func TestStaleAnswer(t *testing.T) {
	r := newRooms(t, nil)
	code := r.tell(intake.Report{Text: "first words", Duress: "bluebird"})
	m := r.signIn()
	path := m.only()
	revision := revisionOf.FindStringSubmatch(m.page(200, "GET", path))[1]
	v, err := r.intake.Visit(t.Context(), code)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.intake.Add(t.Context(), v, intake.Nonce(), "all is well, the Bluebird sings", false); err != nil {
		t.Fatal(err)
	}
	page := m.page(409, "POST", path+"/answer", "text", "my own\nwords", "revision", revision)
	for _, want := range []string{"my own\nwords</textarea>", "the Bluebird sings", `role="alert"`, "The duress word came up."} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q", want)
		}
	}
	m.page(409, "POST", path+"/worked", "revision", revision)
	m.page(409, "POST", path+"/answer", "text", "x", "revision", "no number")
	m.page(303, "POST", path+"/answer", "text", "my own words", "revision", revisionOf.FindStringSubmatch(page)[1])
}

func TestUnknownReport(t *testing.T) {
	m := newRooms(t, nil).signIn()
	for _, id := range []string{"x", "AAAAAAAAAAAAAAAAAAAAAAAAAA", "%3Cscript%3E", "..%2f", "'%20or%201"} {
		m.page(404, "GET", "/desk/r/"+id)
		m.page(404, "GET", "/desk/r/"+id+"/f/x")
		m.page(404, "POST", "/desk/r/"+id+"/answer", "text", "x", "revision", "1")
		m.page(404, "POST", "/desk/r/"+id+"/worked", "revision", "1")
		m.page(404, "POST", "/desk/r/"+id+"/mute", "mute", "on")
	}
}

// TestTypeIn: a report told by phone; nothing is lost for one box too full.
func TestTypeIn(t *testing.T) {
	r := newRooms(t, nil)
	m := r.signIn()
	page := m.page(200, "GET", "/desk/new")
	nonce := regexp.MustCompile(`name="n" value="([^"]+)"`).FindStringSubmatch(page)[1]
	page = m.page(422, "POST", "/desk/new", "n", nonce, "text", "told by phone", "who", strings.Repeat("x", intake.MaxField+1), "kind", "held", "danger", "yes")
	for _, want := range []string{"told by phone</textarea>", `value="held" selected`, `value="yes" checked`, nonce} {
		if !strings.Contains(page, want) {
			t.Errorf("after an error: no %q", want)
		}
	}
	page = m.page(200, "POST", "/desk/new", "n", nonce, "text", "told by phone", "kind", "held", "lang", "th")
	if n := strings.Count(page, `<p class="code"`); n != 3 {
		t.Errorf("%d codes to read out", n)
	}
	if page := m.page(200, "GET", m.only()); !strings.Contains(page, "Typed in by a member") {
		t.Error("it does not say that a member typed it in")
	}
	if again := m.page(200, "POST", "/desk/new", "n", nonce, "text", "told by phone", "kind", "held", "lang", "th"); again != page {
		m.only() // sent twice, kept once
	}
}

func TestMute(t *testing.T) {
	r := newRooms(t, nil)
	r.tell(intake.Report{Text: "PLANTED words"})
	m := r.signIn()
	path := m.only()
	m.page(303, "POST", path+"/mute", "mute", "on")
	if page := m.page(200, "GET", "/desk"); strings.Contains(page, "PLANTED") || !strings.Contains(page, "1 muted") {
		t.Error("muted, and still in the queue or lost from sight")
	}
	if page := m.page(200, "GET", "/desk?of=muted"); !strings.Contains(page, "PLANTED") {
		t.Error("what is muted cannot be found")
	}
	m.page(303, "POST", path+"/mute", "mute", "off")
	m.only()
}

// TestFile: a file comes as it is, as a download, under a name that looks like what
// it is.
func TestFile(t *testing.T) {
	r := newRooms(t, nil)
	v, err := r.intake.Visit(t.Context(), r.tell(intake.Report{Text: "x"}))
	if err != nil {
		t.Fatal(err)
	}
	if err := r.intake.Attach(t.Context(), v, intake.Nonce(), "shot\u202egnp.<b>", strings.NewReader("<script>alert(1)</script>")); err != nil {
		t.Fatal(err)
	}
	m := r.signIn()
	page := m.page(200, "GET", m.only())
	path := regexp.MustCompile(`/desk/r/[^"]+/f/[^"]+`).FindString(page)
	if !strings.Contains(page, ">shotgnp.&lt;b&gt;</a>") {
		t.Error("the name is not shown, or not as it is")
	}
	w := m.ask("GET", path)
	h := w.Header()
	if w.Body.String() != "<script>alert(1)</script>" || h.Get("Content-Type") != "application/octet-stream" || h.Get("Content-Disposition") != `attachment; filename="shotgnp.<b>"` {
		t.Errorf("%d %v", w.Code, h)
	}
}

// smallPDF is an invented one, without a table: the program that draws finds its way.
const smallPDF = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(PLANTED)>>>>endobj\n" +
	"2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>endobj\n" +
	"trailer<</Root 1 0 R>>\n%%EOF\n"

// copyPage files a PDF and gives the address of its working copy.
func copyPage(t *testing.T, r *rooms) (*member, string) {
	t.Helper()
	v, err := r.intake.Visit(t.Context(), r.tell(intake.Report{Text: "x"}))
	if err != nil {
		t.Fatal(err)
	}
	if err := r.intake.Attach(t.Context(), v, intake.Nonce(), "PLANTED.pdf", strings.NewReader(smallPDF)); err != nil {
		t.Fatal(err)
	}
	m := r.signIn()
	return m, regexp.MustCompile(`/desk/r/[^"]+/f/[^"]+/copy`).FindString(m.page(200, "GET", m.only()))
}

// TestCopyOfAPDF: its page says what goes, and the copy is drawn when it is taken.
func TestCopyOfAPDF(t *testing.T) {
	if _, err := exec.LookPath("pdftoppm"); err != nil || runtime.GOOS != "linux" {
		t.Skip("no pdftoppm (Debian: poppler-utils)")
	}
	m, path := copyPage(t, newRooms(t, nil))
	page := m.page(200, "GET", path)
	for _, want := range []string{"application/pdf", "pictures of the pages", "earlier versions", "seen in this file: script", `href="?get"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q:\n%s", want, page)
		}
	}
	w := m.ask("GET", path+"?get")
	if got := w.Body.String(); w.Header().Get("Content-Disposition") != "attachment; filename=copy.pdf" || !strings.HasPrefix(got, "%PDF-") || !strings.Contains(got, "DCTDecode") || strings.Contains(got, "PLANTED") {
		t.Errorf("%v %.200q", w.Header(), got)
	}
}

// TestNoProgramForPDFs: where PDFs cannot be drawn, the page says how they can be.
func TestNoProgramForPDFs(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("PDFs are drawn on Linux alone")
	}
	t.Setenv("PATH", t.TempDir())
	m, path := copyPage(t, newRooms(t, nil))
	for _, path := range []string{path, path + "?get"} {
		page := m.page(200, "GET", path)
		if !strings.Contains(page, "apt-get install poppler-utils") || strings.Count(strings.ToLower(page), "no safe copy made") != 1 || strings.Contains(page, `href="?get"`) {
			t.Errorf("%s:\n%s", path, page)
		}
	}
}

// TestCopySaysWhatItLacks: nobody passes on half a document without knowing.
func TestCopySaysWhatItLacks(t *testing.T) {
	m, path := copyPage(t, newRooms(t, func(c *Config) { c.Copier = lacking{} }))
	if page := m.page(200, "GET", path); !strings.Contains(page, "pages 3 to 7") || !strings.Contains(page, "lacks") {
		t.Errorf("nothing of what is missing:\n%s", page)
	}
}

type lacking struct{ Copier }

func (lacking) Preview(context.Context, []byte) (clean.Result, error) {
	return clean.Result{Type: "application/pdf", Removed: []string{"x"}, Missing: []string{"pages 3 to 7"}}, nil
}

// failing panics with what it holds.
type failing struct{ Desk }

func (failing) Queue(context.Context, *desk.Session) (desk.Queue, error) {
	panic("PLANTED words of a report")
}

func (failing) Answer(_ context.Context, _ *desk.Session, _, text string, _ int64) error {
	panic("cannot send " + text)
}

func TestPanic(t *testing.T) {
	r := newRooms(t, func(c *Config) { c.Desk = failing{c.Desk} })
	m := r.signIn()
	pages := m.page(500, "GET", "/desk") + m.page(500, "POST", "/desk/r/x/answer", "text", "PLANTED words", "revision", "1")
	for _, text := range []string{pages, r.log.String()} {
		for _, secret := range []string{"PLANTED", "goroutine", ".go:", passphrase, m.cookie.Value} {
			if strings.Contains(text, secret) {
				t.Errorf("it shows %q:\n%s", secret, text)
			}
		}
	}
	if n := strings.Count(r.log.String(), "a page of the desk failed"); n != 2 {
		t.Errorf("%d failures in the log:\n%s", n, &r.log)
	}
}

// TestHint: a demonstration tells how to sign in; a desk does not.
func TestHint(t *testing.T) {
	who := &member{rooms: newRooms(t, nil)}
	if strings.Contains(who.page(200, "GET", "/desk"), "<pre") {
		t.Error("a desk tells how to sign in")
	}
	who = &member{rooms: newRooms(t, func(c *Config) { c.Hint = func() string { return "Code: <123456>" }; c.Banner = "A & demonstration" })}
	if page := who.page(200, "GET", "/desk"); !strings.Contains(page, "Code: &lt;123456&gt;") || !strings.Contains(page, "A &amp; demonstration") {
		t.Error("a demonstration does not tell how to sign in")
	}
}

// TestViews renders each page with a view that holds nothing, and one that holds
// everything.
func TestViews(t *testing.T) {
	pages, err := parsePages()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Unix(1_800_000_000, 0)
	sum := desk.Summary{ID: "ID", Kind: "held", Relation: "self", Danger: true, Lang: "th", First: "f", Level: "plea", At: 1, Last: 2, Messages: 2, Forced: true, Muted: true, Alike: 3, Why: []string{"danger", "forced", "papers", "held", "ransom", "plea", "self", "missing", "recruit", "sealed"}}
	full := desk.Reading{Summary: sum, Assessment: lure.Assessment{Level: lure.Strong, Findings: []lure.Finding{{Indicator: "I", Quote: "q", Source: "s"}}}}
	full.Row.ID = "ID"
	full.Lines = []intake.OpenLine{{N: 1, At: 1, Text: "t"}, {N: 2, At: 2, Mine: true, Text: "u", By: "b"}, {N: 3, At: 3, Text: "v", By: "b"}}
	full.Files = []intake.File{{ID: "F"}, {ID: "G", FileMeta: intake.FileMeta{Name: "n", Size: 3}}}
	full.Report = intake.Report{Text: "t", Who: "w", Where: "x", When: "y", Lure: "l", Contact: "c", Safe: "s", Unsafe: "u", First: true, Duress: "d", Consent: "may_tell"}
	full.Marks = []desk.Mark{{Kind: desk.Noted, By: "M", Text: "n"}, {Kind: desk.Assigned, By: "M", To: "M"}, {Kind: desk.Assigned, By: "M"}, {Kind: desk.Snoozed, Until: 9}, {Kind: desk.Same, Report: "R", Text: "r"}, {Kind: desk.NotSame, Report: "R", Text: "r"}}
	full.Summary.Marked = desk.Marked{To: "M", Until: now.Unix() + 60, Heard: 9, Notes: 1, Same: []string{"R"}}
	full.Readers = []string{"M"}
	full.Safe = desk.Safety{Verdict: desk.CannotTell, Clocks: []desk.LocalTime{{Country: "TH", Offset: 420, Clock: "12:00"}}}
	who, member, who2 := map[string]string{"M": login}, desk.Colleague{ID: "M", Login: login, Roles: "administrator coordinator", State: "active", Languages: []string{"th"}, Waits: true}, intake.Operator{Name: "n", Jurisdiction: "j", Hours: "h", OnCall: "mailto:x"}
	book, _ := say.Asking("th")
	choose := chooseView{Name: "n", Second: "S", URI: "otpauth://x", QR: "<svg></svg>"}
	for _, c := range []struct {
		page string
		body any
	}{
		{"signin", signInView{}},
		{"signin", signInView{Message: "m", Hint: "h", draft: draft{"/desk/new", []field{{"text", "t"}}, true}}},
		{"queue", queueView{Head: "Unread"}},
		{"queue", queueView{Head: "Unread", Queue: desk.Queue{Waits: true}}},
		{"queue", queueView{Queue: desk.Queue{Rows: []desk.Summary{sum, {}}, Behind: 3, Muted: []desk.Summary{sum}, Asleep: []desk.Summary{sum}}, Head: "Unread", Now: now, Names: who, WaitingMembers: 2}},
		{"queue", queueView{Queue: desk.Queue{Rows: []desk.Summary{sum}}, Head: "Muted", Of: "muted", Now: now, Names: who}},
		{"report", reportView{}},
		{"report", reportView{Reading: full, Message: "m", typed: typed{"d", "n", "o", "r", "th", true, true}, Now: now, Head: "h", Names: who, Members: []desk.Colleague{member}, Book: book, AskLangs: say.PhraseLanguages}},
		{"members", membersView{Roles: desk.Roles}},
		{"members", membersView{desk.Members{All: []desk.Colleague{member, {ID: "N", Login: "gone", State: "left"}}, Invited: []desk.Invited{{ID: "I", Roles: "auditor", Expires: 5}, {ID: "J", Roles: "auditor", Login: "j", Taken: true}}, Waiting: 2}, "m", "M", desk.Roles}},
		{"invited", "http://desk.invalid/desk/join/T"},
		{"applicant", applicantView{}},
		{"applicant", applicantView{desk.Invited{ID: "I", Login: "l", Mine: true}, desk.Words{English: []string{"a"}, Chinese: []string{"字"}}}},
		{"leave", leaveView{"m", member, []desk.Colleague{member}}},
		{"join", joinView{"m", "T", "auditor", choose}},
		{"words", desk.Words{English: []string{"a"}, Chinese: []string{"字"}}},
		{"account", accountView{"m", "th vi", true, choose}},
		{"account", accountView{}},
		{"settings", settingsView{"m", operatorForm{O: who2}, who2, true}},
		{"settings", settingsView{Form: operatorForm{ReadOnly: true}}},
		{"ledger", ledgerView{}},
		{"ledger", ledgerView{Rows: []desk.LedgerRow{{}}, Size: 9, Next: 3, Names: who, Broken: "b", Checked: true}},
		{"phrases", phraseView{book, book, say.PhraseLanguages}},
		{"setup", setupView{"m", "T", choose, operatorForm{O: who2}}},
		{"shares", sharesView{"m", "T", 2, []string{"HW-1", "HW-2"}}},
		{"new", newView{}},
		{"new", newView{"m", full.Report, "n", intake.Kinds, intake.Relations}},
		{"code", codeView{}},
		{"code", codeView{[]string{"0001"}, []string{"a"}, []string{"字"}, []string{"k.png"}, []broken{{"b.png", "w"}}, true, []field{{"safe", "v"}}}},
		{"error", ""},
		{"error", "m"},
	} {
		for _, who := range []string{"", login} {
			var buf bytes.Buffer
			err := pages[c.page].ExecuteTemplate(&buf, "layout", view{Banner: who, Login: who, Roles: strings.Join(desk.Roles, " "), Title: "t", Voice: say.Default().In("en"), Body: c.body})
			if err != nil {
				t.Errorf("%s: %v", c.page, err)
			}
			for _, bad := range []string{"ZgotmplZ", "[tell.", "<no value>", "%!"} {
				if strings.Contains(buf.String(), bad) {
					t.Errorf("%s holds %q", c.page, bad)
				}
			}
		}
	}
}

func TestWhy(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	for _, c := range []struct {
		why  []string
		last time.Duration
		want string
	}{
		{nil, 0, "0 min since last word"},
		{[]string{"danger", "held"}, 59 * time.Minute, "danger now, someone is held, 59 min since last word"},
		{[]string{"plea"}, 47 * time.Hour, "reads like a plea, 47 h since last word"},
		{nil, 49 * time.Hour, "2 days since last word"},
		{nil, -time.Hour, "0 min since last word"}, // a clock that was set back
	} {
		if got := why(say.Desk("en"), desk.Summary{Why: c.why, Last: now.Add(-c.last).Unix()}, now); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// TestADraftOutlivesTheKeys: a member writes for longer than their keys live; the
// words wait through signing in, also through a wrong passphrase, and go on.
func TestADraftOutlivesTheKeys(t *testing.T) {
	r := newRooms(t, nil)
	r.tell(intake.Report{Text: "invented words"})
	m := r.signIn()
	id := regexp.MustCompile(`/desk/r/([A-Z0-9]+)`).FindStringSubmatch(m.page(200, "GET", "/desk"))[1]
	revision := regexp.MustCompile(`name="revision" value="(\d+)"`).FindStringSubmatch(m.page(200, "GET", "/desk/r/"+id))[1]
	r.clock.Add(10 * time.Minute)
	late := m.page(http.StatusUnauthorized, "POST", "/desk/r/"+id+"/answer", "text", "a long and careful answer", "revision", revision)
	kept := regexp.MustCompile(`name="([^"]+)" value="([^"]*)"`)
	var carried []string
	for _, f := range kept.FindAllStringSubmatch(late, -1) {
		carried = append(carried, f[1], html.UnescapeString(f[2]))
	}
	if !strings.Contains(late, "a long and careful answer") || len(carried) < 6 {
		t.Fatalf("the words are gone: %q", carried)
	}
	wrong := m.page(http.StatusForbidden, "POST", "/desk/in", append(carried, "name", login, "passphrase", "wrong", "code", "000000")...)
	if !strings.Contains(wrong, "a long and careful answer") {
		t.Error("a wrong passphrase loses the words")
	}
	code, err := desk.SecondCode(r.second, r.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	back := m.page(http.StatusOK, "POST", "/desk/in", append(carried, "name", login, "passphrase", passphrase, "code", code)...)
	if !strings.Contains(back, "a long and careful answer") || !strings.Contains(back, `action="/desk/r/`+id+`/answer"`) {
		t.Errorf("after signing in: %s", back)
	}
	// Another address than a form of the desk is not taken up.
	for _, to := range []string{"https://example.invalid/", "/desk/out", "//x/desk/new", "/desk/r/" + id + "/answer?x"} {
		if page := m.page(http.StatusForbidden, "POST", "/desk/in", "to", to, "k-text", "words", "name", "x", "passphrase", "x", "code", "x"); strings.Contains(page, "k-text") {
			t.Errorf("%q is gone on to", to)
		}
	}
}
