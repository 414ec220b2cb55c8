package office

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"html"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"homeward/work/desk"
	"homeward/work/intake"
)

// item is a field of a form, or with name "file" a file.
type item struct{ name, file, body string }

func words(nonce, text string) []item {
	return []item{{"n", "", nonce}, {"kind", "", "held"}, {"text", "", text}, {"contact", "", "@invented on a messenger"}, {"safe", "", "after ten"}}
}

// body makes a form with files.
func body(t testing.TB, items ...item) (kind string, b []byte) {
	t.Helper()
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	for _, i := range items {
		var p io.Writer
		var err error
		if i.name == "file" {
			p, err = w.CreateFormFile("file", i.file)
		} else {
			p, err = w.CreateFormField(i.name)
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(p, i.body); err != nil {
			t.Fatal(err)
		}
	}
	w.Close()
	return w.FormDataContentType(), buf.Bytes()
}

func (m *member) send(kind string, b io.Reader) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", "/desk/new", b)
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if m.cookie != nil {
		r.AddCookie(m.cookie)
	}
	w := httptest.NewRecorder()
	m.ServeHTTP(w, r)
	return w
}

// bring sends a form with files and gives the page.
func (m *member) bring(status int, items ...item) string {
	m.t.Helper()
	kind, b := body(m.t, items...)
	w := m.send(kind, bytes.NewReader(b))
	if w.Code != status {
		m.t.Fatalf("%d, want %d\n%.1500s", w.Code, status, w.Body)
	}
	return w.Body.String()
}

// files gives name and bytes of all files of the only report, as a member downloads them.
func (m *member) files() (out []string) {
	m.t.Helper()
	page := m.page(200, "GET", m.only())
	for _, l := range regexp.MustCompile(`href="(/desk/r/[^"/]+/f/[^"/]+)" dir="auto" download>([^<]*)<`).FindAllStringSubmatch(page, -1) {
		b := m.page(200, "GET", l[1])
		if len(b) > 100 {
			b = fmt.Sprintf("%x", sha256.Sum256([]byte(b)))
		}
		out = append(out, html.UnescapeString(l[2])+"="+b)
	}
	return out
}

func TestTakeAReportWithItsScreenshots(t *testing.T) {
	r := newRooms(t, nil)
	m := r.signIn()
	form := m.page(200, "GET", "/desk/new")
	for _, want := range []string{`enctype="multipart/form-data"`, `type="file" name="file" multiple`, `name="contact"`, `name="safe"`, `name="unsafe"`} {
		if !strings.Contains(form, want) {
			t.Errorf("the form has no %s", want)
		}
	}
	if strings.Index(form, `name="text"`) > strings.Index(form, `type="file"`) || strings.LastIndex(form, "name=") != strings.Index(form, `name="file"`) {
		t.Error("the files do not stand last in the form")
	}
	big := strings.Repeat("a screenshot of more than one piece ", 60_000) // 2.1 MB
	nonce := intake.Nonce()
	page := m.bring(200, append(words(nonce, "PLANTED words"), item{"file", "one.png", "bytes of one"}, item{"file", `C:\x\two.png`, big}, item{"file", "three.png", "bytes of three"})...)
	if !strings.Contains(page, "Files that were kept") || strings.Contains(page, `role="alert"`) {
		t.Errorf("%s", page)
	}
	want := fmt.Sprint([]string{"one.png=bytes of one", "two.png=" + fmt.Sprintf("%x", sha256.Sum256([]byte(big))), "three.png=bytes of three"})
	if got := m.files(); fmt.Sprint(got) != want {
		t.Errorf("%.300q", got)
	}
	report := m.page(200, "GET", m.only())
	for _, w := range []string{"PLANTED words", "@invented on a messenger", "after ten", "Attached by a member"} {
		if !strings.Contains(report, w) {
			t.Errorf("the report has no %q", w)
		}
	}
	// Sent again, with one file more: one report, nothing twice, the new one kept.
	again := m.bring(200, append(words(nonce, "PLANTED words"), item{"file", "one.png", "bytes of one"}, item{"file", "one.png", "bytes of four"})...)
	code := regexp.MustCompile(`<p class="code">.*`)
	if code.FindString(again) != code.FindString(page) {
		t.Error("another code")
	}
	if got := m.files(); len(got) != 4 || got[3] != "one.png=bytes of four" {
		t.Errorf("%.500q", got)
	}
	// The sender finds the mailbox by the code; a form without files is as it was.
	empty := m.bring(200, append(words(intake.Nonce(), "other words"), item{"file", "", ""})...)
	if strings.Contains(empty, "kept</h2>") || strings.Contains(empty, `role="alert"`) {
		t.Errorf("no file was chosen, and the page speaks of files: %s", empty)
	}
}

// TestABrokenFileCostsOnlyItself, and the page says which.
func TestABrokenFileCostsOnlyItself(t *testing.T) {
	r := newRooms(t, nil)
	m := r.signIn()
	page := m.bring(200, append(words(intake.Nonce(), "PLANTED words"), item{"file", "good.png", "good"}, item{"file", "empty.png", ""}, item{"file", "heavy\u202egnp.<b>", strings.Repeat("x", intake.MaxFile+1)}, item{"file", "last.png", "last"})...)
	for _, want := range []string{"Not all files were kept", "<bdi>empty.png</bdi>: empty", "<bdi>heavygnp.&lt;b&gt;</bdi>: larger than 50 MB", "<li><bdi>good.png</bdi></li><li><bdi>last.png</bdi></li>", `class="code"`} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in %s", want, page)
		}
	}
	if got := m.files(); fmt.Sprint(got) != "[good.png=good last.png=last]" {
		t.Errorf("%q", got)
	}
}

// TestAFormThatBreaksOff at each byte: what was acknowledged is there, and words are on
// the page or in the desk.
func TestAFormThatBreaksOff(t *testing.T) {
	r := newRooms(t, nil)
	m := r.signIn()
	kind, b := body(t, append(words(intake.Nonce(), "PLANTED words"), item{"file", "one.png", "bytes of one"}, item{"file", "two.png", "bytes of two"})...)
	text := bytes.Index(b, []byte("PLANTED words")) + len("PLANTED words")
	last := bytes.Index(b, []byte("after ten"))
	first := bytes.Index(b, []byte("bytes of one"))
	for cut := 0; cut < len(b)-1; cut += 7 {
		for name, broken := range map[string]io.Reader{"ends": bytes.NewReader(b[:cut]), "fails": io.MultiReader(bytes.NewReader(b[:cut]), iotest.ErrReader(errors.New("the line broke")))} {
			w := m.send(kind, broken)
			page := w.Body.String()
			kept := w.Code == 200 && strings.Contains(page, `class="code"`)
			switch {
			case cut > first && !kept:
				t.Fatalf("%s at %d: the words were whole and not kept: %d", name, cut, w.Code)
			case cut < last && kept:
				t.Fatalf("%s at %d: half a form was taken: %q", name, cut, b[cut-40:cut])
			case !kept && cut > text+4 && !strings.Contains(page, "PLANTED words"):
				t.Fatalf("%s at %d: the words are lost: %d %s", name, cut, w.Code, page)
			case kept && !strings.Contains(page, "The form broke off") && cut < len(b)-4:
				t.Fatalf("%s at %d: nothing is said", name, cut)
			}
		}
	}
	if w := m.send(kind, bytes.NewReader(b)); w.Code != 200 {
		t.Errorf("%d", w.Code)
	}
	if got := m.files(); fmt.Sprint(got) != "[one.png=bytes of one two.png=bytes of two]" {
		t.Errorf("%q", got)
	}
}

// TestFilesBeforeTheWords are refused, and the words come back to be sent again.
func TestFilesBeforeTheWords(t *testing.T) {
	r := newRooms(t, nil)
	m := r.signIn()
	nonce := intake.Nonce()
	page := m.bring(422, append([]item{{"file", "one.png", "bytes of one"}}, words(nonce, "PLANTED words")...)...)
	for _, want := range []string{"files came before the words", "choose them again", "PLANTED words", "@invented on a messenger", "after ten", nonce} {
		if !strings.Contains(strings.ToLower(page), strings.ToLower(want)) {
			t.Errorf("no %q", want)
		}
	}
	if strings.Contains(m.page(200, "GET", "/desk"), "PLANTED") {
		t.Error("it was kept nevertheless")
	}
	// Between: the words are kept, and what came too late is on the page.
	page = m.bring(200, item{"n", "", nonce}, item{"text", "", "PLANTED words"}, item{"file", "one.png", "x"}, item{"safe", "", "LATE hours"})
	if !strings.Contains(page, "LATE hours") || !strings.Contains(page, "were not taken") {
		t.Errorf("%s", page)
	}
	if got := m.files(); len(got) != 1 {
		t.Errorf("%q", got)
	}
}

func TestRefusedFormsKeepTheWords(t *testing.T) {
	r := newRooms(t, nil)
	m := r.signIn()
	file := item{"file", "one.png", "x"}
	for _, c := range []struct {
		name   string
		status int
		says   string
		items  []item
	}{
		{"empty", 422, "account is empty. The files were not kept", append(words(intake.Nonce(), ""), file)},
		{"long", 422, "holds too much. The files were not kept", append(words(intake.Nonce(), "PLANTED "+strings.Repeat("x", intake.MaxText)), file)},
		{"choice", 422, "choose again", append(words(intake.Nonce(), "PLANTED words"), item{"relation", "", "neighbour"}, file)},
		{"more than a megabyte", 413, "more than 1 MB", append(words(intake.Nonce(), "PLANTED words"), item{"who", "", strings.Repeat("x", 1<<20)}, file)},
		{"many fields", 413, "more than 1 MB", append(words(intake.Nonce(), "PLANTED words"), make([]item, 70)...)},
	} {
		page := m.bring(c.status, c.items...)
		if !strings.Contains(page, c.says) || c.name != "empty" && !strings.Contains(page, "PLANTED") || !strings.Contains(page, "after ten") {
			t.Errorf("%s: %.900s", c.name, page)
		}
	}
	if strings.Contains(m.page(200, "GET", "/desk"), "PLANTED") {
		t.Error("something was kept")
	}
}

// endless gives a file that does not end, and counts what is read of it.
type endless struct{ n int64 }

func (e *endless) Read(b []byte) (int, error) {
	e.n += int64(len(b))
	return copy(b, bytes.Repeat([]byte("x"), len(b))), nil
}

// TestAFormWithoutEnd is cut, the words kept.
func TestAFormWithoutEnd(t *testing.T) {
	if testing.Short() {
		t.Skip("it reads 250 MB")
	}
	r := newRooms(t, nil)
	m := r.signIn()
	kind, b := body(t, append(words(intake.Nonce(), "PLANTED words"), item{"file", "good.png", "good"}, item{"file", "endless.png", ""})...)
	b = b[:bytes.LastIndex(b, []byte("\r\n--"))]
	e := &endless{}
	w := m.send(kind, io.MultiReader(bytes.NewReader(b), e))
	if w.Code != 200 || !strings.Contains(w.Body.String(), "endless.png</bdi>: larger than 50 MB") || !strings.Contains(w.Body.String(), "good.png") || !strings.Contains(w.Body.String(), "broke off") {
		t.Errorf("%d %.2000s", w.Code, w.Body)
	}
	if e.n > filesMax+1<<20 {
		t.Errorf("%d bytes were read", e.n)
	}
}

// TestNothingInTheClear: no temporary file is made for what a form brings.
func TestNothingInTheClear(t *testing.T) {
	dir := t.TempDir()
	r := newRooms(t, nil)
	m := r.signIn()
	t.Setenv("TMPDIR", dir)
	seen := 0
	look := func() {
		seen++
		if all, err := os.ReadDir(dir); err != nil || len(all) > 0 {
			t.Errorf("%v %v", all, err)
		}
	}
	kind, b := body(t, append(words(intake.Nonce(), "PLANTED words"), item{"file", "one.png", strings.Repeat("x", 40<<20)})...)
	for _, who := range []*member{m, {rooms: r}} { // and somebody whose keys were dropped
		n := seen
		who.send(kind, &peeked{bytes.NewReader(b), look})
		if seen < n+10 {
			t.Error("nobody looked")
		}
	}
	look()
}

type peeked struct {
	r    io.Reader
	look func()
}

func (p *peeked) Read(b []byte) (int, error) {
	p.look()
	return p.r.Read(b[:min(len(b), 1<<20)])
}

// TestADraftWithFiles: keys were dropped while somebody wrote; the words wait, and the
// page says that the files do not.
func TestADraftWithFiles(t *testing.T) {
	r := newRooms(t, nil)
	m := r.signIn()
	r.clock.Add(10 * time.Minute)
	page := m.bring(http.StatusUnauthorized, append(words(intake.Nonce(), "PLANTED words"), item{"file", "one.png", "x"}, item{"duress", "", "LATE word"})...)
	if !strings.Contains(page, "PLANTED words") || !strings.Contains(page, "LATE word") || !strings.Contains(page, "choose them again") {
		t.Errorf("%s", page)
	}
	var carried []string
	for _, f := range regexp.MustCompile(`name="([^"]+)" value="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		carried = append(carried, f[1], html.UnescapeString(f[2]))
	}
	code, err := desk.SecondCode(r.second, r.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	back := m.page(200, "POST", "/desk/in", append(carried, "name", login, "passphrase", passphrase, "code", code)...)
	if !strings.Contains(back, "PLANTED words") || !strings.Contains(back, `enctype="multipart/form-data"`) || !strings.Contains(back, `type="file" name="file"`) {
		t.Errorf("%s", back)
	}
}

// TestWhyBroken has a word for each way in which a file is not kept.
func TestWhyBroken(t *testing.T) {
	r := newRooms(t, func(c *Config) { c.Desk = breaking{c.Desk} })
	m := r.signIn()
	page := m.bring(200, append(words(intake.Nonce(), "PLANTED words"), item{"file", "one.png", "x"})...)
	if !strings.Contains(page, "one.png</bdi>: something broke on our side") || strings.Contains(page, "SECRET") {
		t.Errorf("%s", page)
	}
}

type breaking struct{ Desk }

func (breaking) Attach(context.Context, *desk.Session, intake.Receipt, string, io.Reader) error {
	return errors.New("SECRET of the machine")
}

// FuzzTakeAReport: no form with files breaks the desk, and none is taken without words.
func FuzzTakeAReport(f *testing.F) {
	kind, b := body(f, append(words("a nonce of more than twenty", "words"), item{"file", "one.png", "bytes"}, item{"safe", "", "late"})...)
	f.Add(kind, b)
	kind, b = body(f, item{"file", "", ""}, item{"text", "", "\xff\x00words"}, item{"n", "", "a nonce of more than twenty"})
	f.Add(kind, b)
	f.Add("multipart/form-data", []byte("--b"))
	f.Add("multipart/form-data; boundary=b", []byte("--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nwords\r\n--b--"))
	f.Add("application/x-www-form-urlencoded", []byte("n=a+nonce+of+more+than+twenty&text=words&kind=held"))
	r := newRooms(f, nil)
	m := r.signIn()
	out := &member{rooms: r}
	f.Fuzz(func(t *testing.T, kind string, b []byte) {
		if w := m.send(kind, bytes.NewReader(b)); w.Code >= 500 {
			t.Errorf("%d", w.Code)
		}
		if w := out.send(kind, bytes.NewReader(b)); w.Code != http.StatusUnauthorized {
			t.Errorf("signed out: %d", w.Code)
		}
	})
}
