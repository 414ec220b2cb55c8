package public

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"homeward/form/say"
	"homeward/keep/store"
	"homeward/keep/vault"
	"homeward/work/intake"
)

// codes gives the code of a new report: as digits, and as words of a language.
func (s *deskSite) codes(lang string) (digits, words string) {
	s.t.Helper()
	c := codesOn(s.page(200, "/t", "step", "3", "n", intake.Nonce(), "text", "PLANTED words", "l", lang))
	return c[0], c[1]
}

// visit opens a mailbox and gives the token in its forms.
func (s *deskSite) visit(code string) string {
	s.t.Helper()
	return form(s.t, s.page(200, "/b", "code", code), "look")["v"]
}

// TestCodeInAnyForm: as it was written down, or nearly so.
func TestCodeInAnyForm(t *testing.T) {
	s := newDeskSite(t)
	for _, tag := range say.Default().Tags() {
		digits, words := s.codes(tag)
		for _, typed := range []string{
			digits, words, strings.ReplaceAll(digits, " ", "\n"), strings.ReplaceAll(digits, " ", ""), strings.ReplaceAll(digits, " ", "-"),
			strings.ToUpper(words), "  " + strings.ReplaceAll(words, " ", ",  ") + ". ",
		} {
			page := s.page(200, "/b", "code", typed, "l", tag)
			noScript(t, tag+" mailbox", page)
			if strings.Contains(page, "PLANTED") {
				t.Errorf("%s: what was told is shown to who has the code alone", tag)
			}
		}
	}
}

// TestSlips: a code with a slip is met with the part that is wrong, and stays in the
// box to be compared with the paper.
func TestSlips(t *testing.T) {
	s := newDeskSite(t)
	_, words := s.codes("en")
	w := strings.Fields(words)
	change := func(i int, to string) string {
		c := slices.Clone(w)
		c[i] = to
		return strings.Join(c, " ")
	}
	swapped := slices.Clone(w)
	swapped[0], swapped[1] = w[1], w[0]
	for _, c := range []struct{ name, typed, says string }{
		{"one slip", change(2, w[2]+"x"), said(t, "box.misread", "At", 3, "Given", w[2]+"x")},
		{"one slip, with what it may be", change(2, w[2]+"x"), w[2] + "</span>"},
		{"another word", change(2, "zebra"), said(t, "box.swapped")},
		{"swapped", strings.Join(swapped, " "), said(t, "box.swapped")},
		{"one is missing", strings.Join(w[1:], " "), said(t, "box.count", "Count", 8)},
		{"nothing", "", said(t, "box.none")},
		{"markup", change(0, "<script>"), said(t, "box.misread", "At", 1, "Given", "script")},
	} {
		if c.name == "swapped" && w[0] == w[1] || c.name == "another word" && w[2] == "zebra" {
			continue
		}
		if c.name == "one slip, with what it may be" {
			// The nearest words are named, the right one among them.
			page := s.page(422, "/b", "code", c.typed)
			_, nearest, _ := strings.Cut(page, " <span>")
			if nearest, _, _ = strings.Cut(nearest, "</span>"); !strings.Contains(nearest, w[2]) {
				t.Errorf("%q: nearest are %q", c.typed, nearest)
			}
			continue
		}
		page := s.page(422, "/b", "code", c.typed)
		noScript(t, c.name, page)
		if c.name != "markup" && !strings.Contains(page, c.says) {
			t.Errorf("%s: no %q\n%.900s", c.name, c.says, page[strings.Index(page, "<main"):])
		}
		if got := form(t, page, "back")["code"]; got != c.typed {
			t.Errorf("%s: the box holds %q", c.name, got)
		}
	}
	other := s.page(200, "/b?again", flat(map[string]string{"code": change(2, "zebr")}, "l", "th")...)
	if got := form(t, other, "back")["code"]; got != change(2, "zebr") {
		t.Errorf("in another language the box holds %q", got)
	}
}

// TestDeletedIsAsIfItNeverWas: a code that was withdrawn, one whose report is erased
// and one that never was are answered with the same page.
func TestDeletedIsAsIfItNeverWas(t *testing.T) {
	s := newDeskSite(t)
	digits, _ := s.codes("en")
	token := s.visit(digits)

	ask := s.page(200, "/b", "v", token, "do", "delete")
	noScript(t, "ask", ask)
	if !strings.Contains(ask, `value="delete-sure"`) || strings.Contains(ask, `id="text"`) {
		t.Error("it does not ask whether to delete")
	}
	if other := s.page(200, "/b", flat(form(t, ask, "look"), "l", "th")...); !strings.Contains(other, `value="delete-sure"`) {
		t.Error("asked in another language, the question is gone")
	}
	if back := s.page(200, "/b", "v", token, "do", "look"); strings.Contains(back, `value="delete-sure"`) {
		t.Error("there is no way back")
	}
	s.page(200, "/b", "code", digits) // nothing is deleted by looking

	gone := s.page(200, "/b", "v", token, "do", "delete-sure")
	noScript(t, "deleted", gone)
	if !strings.Contains(gone, "28 November 2026") {
		t.Errorf("it does not say when it is erased:\n%.600s", gone[strings.Index(gone, "<main"):])
	}
	answer := func(typed string) string {
		return strings.ReplaceAll(s.page(404, "/b", "code", typed), typed, "CODE")
	}
	never := answer(strings.Join(vault.CodeOf([]byte("never given to anybody")).Digits(), " "))
	withdrawn := answer(digits)
	s.clock.Add(5 * 24 * time.Hour)
	if n, err := s.intake.Erase(t.Context()); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	erased := answer(digits)
	if never != withdrawn || never != erased {
		t.Errorf("unknown, withdrawn and erased are told apart:\n%s\n%s", firstDifference(withdrawn, never), firstDifference(erased, never))
	}
	for _, do := range []string{"look", "add", "delete", "delete-sure", "proof"} {
		s.page(403, "/b", "v", token, "do", do, "text", "x") // the visit is over by now
	}
	s.page(404, "/b", "do", "talk", "code", digits)
}

// TestOpenPageAfterDeleting: a page that was open while the report was deleted.
func TestOpenPageAfterDeleting(t *testing.T) {
	s := newDeskSite(t)
	digits, _ := s.codes("en")
	token := s.visit(digits)
	s.page(200, "/b", "v", token, "do", "delete-sure")
	for _, do := range []string{"", "look", "add", "delete", "delete-sure", "proof"} {
		s.page(404, "/b", "v", token, "do", do, "text", "x", "n", intake.Nonce())
	}
}

func TestAnswerIsShownOnce(t *testing.T) {
	s := newDeskSite(t)
	digits, words := s.codes("zh-Hant")
	s.answer("An invented <answer>\nof two lines.")
	const shown = "An invented &lt;answer&gt;\nof two lines."
	for range 2 { // the page did not arrive
		if page := s.page(200, "/b", "code", digits); !strings.Contains(page, shown) || !strings.Contains(page, "24 November 2026") {
			t.Errorf("no answer:\n%.900s", page[strings.Index(page, "<main"):])
		}
	}
	token := s.visit(digits)
	s.clock.Add(11 * time.Minute)
	for _, page := range []string{s.page(200, "/b", "code", digits), s.page(200, "/b", "code", words), s.page(200, "/b", "v", token)} {
		if strings.Contains(page, "An invented") {
			t.Error("shown again")
		}
	}
}

// TestAdd: one more word, sent twice, arrives once; what could not be sent stays.
func TestAdd(t *testing.T) {
	s := newDeskSite(t)
	digits, _ := s.codes("en")
	f := form(t, s.page(200, "/b", "code", digits), "look")
	f["text"], f["danger"] = "one more <word>", "yes"
	if got := form(t, s.page(200, "/b", flat(f, "l", "th")...), "look"); got["text"] != f["text"] || got["danger"] != "yes" {
		t.Errorf("in another language the box holds %v", got)
	}
	for range 2 {
		page := s.page(200, "/b", flat(f, "do", "add")...)
		if got := form(t, page, "look"); got["text"] != "" || got["danger"] != "" || !strings.Contains(page, `role="status"`) {
			t.Errorf("after sending the box holds %v", got)
		}
	}
	page := s.page(422, "/b", flat(f, "do", "add", "text", " ", "danger", "yes")...)
	if got := form(t, page, "look"); got["danger"] != "yes" || got["n"] != f["n"] || !strings.Contains(page, `role="alert"`) {
		t.Errorf("after an empty sending: %v", got)
	}
	long := strings.Repeat("字", intake.MaxText+1)
	if got := form(t, s.page(422, "/b", flat(f, "do", "add", "text", long)...), "look"); got["text"] != long {
		t.Error("what was too long is gone")
	}
	all := s.reports()
	if len(all) != 1 || len(all[0].Lines) != 2 || all[0].Lines[1].Text != "one more <word>" || !all[0].Summary.Danger {
		t.Errorf("%+v", all)
	}
}

// TestTalk: everything that was written is shown to who types the code, not to who
// finds a page left open.
func TestTalk(t *testing.T) {
	s := newDeskSite(t)
	digits, words := s.codes("zh-Hant")
	token := s.visit(digits)
	s.page(200, "/b", "v", token, "do", "add", "n", intake.Nonce(), "text", "SECOND words")
	s.answer("An invented answer.")
	for _, fields := range [][]string{{"do", "talk", "v", token}, {"do", "talk", "v", token, "code", ""}} {
		if page := s.page(422, "/b", fields...); strings.Contains(page, "PLANTED") {
			t.Error("a page left open shows everything")
		}
	}
	if page := s.page(200, "/b", "do", "talk", "v", token, "code", words, "text", "words not sent yet", "n", intake.Nonce()); !strings.Contains(page, "words not sent yet") {
		t.Error("showing everything loses the words in the box")
	}
	page := s.page(200, "/b", "do", "talk", "v", token, "code", words)
	noScript(t, "talk", page)
	at := -1
	for _, want := range []string{"PLANTED words", "SECOND words", "An invented answer."} {
		i := strings.Index(page, want)
		if i <= at {
			t.Errorf("%q is not there, or not in its order", want)
		}
		at = i
	}
}

// TestProof: not before the ledger's day has ended; then a file that says nothing of
// what was told.
func TestProof(t *testing.T) {
	s := newDeskSite(t)
	digits, _ := s.codes("en")
	token := s.visit(digits)
	if page := s.page(200, "/b", "v", token, "do", "proof"); !strings.Contains(page, said(t, "box.proof_late")) {
		t.Error("it does not say that the proof comes later")
	}
	s.write(func(tx *store.Tx) error {
		_, err := s.ledger.Checkpoint(tx, s.clock.Now().Unix()/86400)
		return err
	})
	w := s.send("/b", "v", token, "do", "proof")
	code, err := intake.Typed(digits)
	if err != nil {
		t.Fatal(err)
	}
	if err := intake.CheckFiling(s.ledger.Verifier(), code, w.Body.String()); err != nil || w.Code != 200 {
		t.Errorf("%d: %v", w.Code, err)
	}
	h := w.Header()
	if !strings.HasPrefix(h.Get("Content-Type"), "text/plain") || !strings.HasPrefix(h.Get("Content-Disposition"), "attachment") || h.Get("Cache-Control") != "no-store" {
		t.Errorf("%v", h)
	}
}

// TestVisitsEnd: a page left open works for twenty minutes; then the code is asked
// for.
func TestVisitsEnd(t *testing.T) {
	s := newDeskSite(t)
	digits, _ := s.codes("en")
	token := s.visit(digits)
	s.clock.Add(19 * time.Minute)
	s.page(200, "/b", "v", token)
	s.clock.Add(2 * time.Minute)
	for _, old := range []string{token, "x", strings.Repeat("A", 400), "<script>"} {
		page := s.page(403, "/b", "v", old)
		noScript(t, "old page", page)
		if !strings.Contains(page, `id="code"`) {
			t.Error("the code is not asked for")
		}
	}
}

// TestFile: one file beside the words.
func TestFile(t *testing.T) {
	s := newDeskSite(t)
	digits, _ := s.codes("en")
	token := s.visit(digits)
	send := func(v string, parts ...string) *httptest.ResponseRecorder {
		var body bytes.Buffer
		m := multipart.NewWriter(&body)
		_ = m.WriteField("v", v)
		_ = m.WriteField("n", intake.Nonce())
		_ = m.WriteField("text", "words not sent yet")
		_ = m.WriteField("danger", "yes")
		for _, p := range parts {
			w, err := m.CreateFormFile("file", "<shot>.png")
			if err != nil {
				t.Fatal(err)
			}
			_, _ = w.Write([]byte(p))
		}
		_ = m.Close()
		r := httptest.NewRequest("POST", "/b", &body)
		r.Header.Set("Content-Type", m.FormDataContentType())
		r.RemoteAddr = "127.0.0.1:9"
		return s.do(r)
	}
	if w := send(token, "an invented picture"); w.Code != 200 || !strings.Contains(w.Body.String(), `role="status"`) || form(t, w.Body.String(), "look")["text"] != "words not sent yet" {
		t.Errorf("%d, and the words in the box beside are %q", w.Code, form(t, w.Body.String(), "look")["text"])
	}
	if w := send(token); w.Code != 400 {
		t.Errorf("a form without a file: %d", w.Code)
	}
	if w := send("x", "y"); w.Code != 403 || !strings.Contains(w.Body.String(), "words not sent yet") {
		t.Errorf("without a visit: %d", w.Code)
	}
	all := s.reports()
	if len(all) != 1 || len(all[0].Files) != 1 || all[0].Files[0].Size != int64(len("an invented picture")) {
		t.Errorf("%+v", all)
	}
}

// TestAFileThatBreaksOff at each byte is not kept, and can be sent again with the same
// form: whether the body ends, or is shorter than it said.
func TestAFileThatBreaksOff(t *testing.T) {
	s := newDeskSite(t)
	digits, _ := s.codes("en")
	token := s.visit(digits)
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	_ = m.WriteField("v", token)
	_ = m.WriteField("n", intake.Nonce())
	w, err := m.CreateFormFile("file", "shot.png")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = w.Write([]byte("an invented picture"))
	end := body.Len()
	_ = m.Close()
	send := func(r io.Reader) int {
		req := httptest.NewRequest("POST", "/b", r)
		req.Header.Set("Content-Type", m.FormDataContentType())
		req.RemoteAddr = "127.0.0.1:9"
		return s.do(req).Code
	}
	for cut := end - 25; cut < end+20; cut++ {
		for name, r := range map[string]io.Reader{"ends": bytes.NewReader(body.Bytes()[:cut]), "is short": io.MultiReader(bytes.NewReader(body.Bytes()[:cut]), iotest.ErrReader(io.ErrUnexpectedEOF))} {
			if code := send(r); code == 200 {
				t.Fatalf("a body that %s at %d of %d was taken for whole", name, cut, body.Len())
			}
		}
	}
	if all := s.reports(); len(all) != 1 || len(all[0].Files) != 0 {
		t.Errorf("half a file was kept: %+v", all)
	}
	if code := send(bytes.NewReader(body.Bytes())); code != 200 {
		t.Errorf("%d", code)
	}
	if all := s.reports(); len(all[0].Files) != 1 || all[0].Files[0].Size != int64(len("an invented picture")) {
		t.Errorf("%+v", all[0].Files)
	}
}
