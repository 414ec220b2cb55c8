package public

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"homeward/know/lure"
	"homeward/work/check"
)

// fakeCheck assesses by words: STRONG, SOME, PLEA in the text; anything else is
// unclear. Words in <<…>> are findings. A picture is its own bytes as text.
type fakeCheck struct{ err error }

func (f fakeCheck) Text(r lure.Request) (check.Result, error) {
	if strings.Contains(r.Text, "PANIC") {
		panic("cannot screen: " + r.Text)
	}
	if f.err != nil {
		return check.Result{}, f.err
	}
	a := lure.Assessment{Packs: "0123456789ab", Languages: []string{"en"}, Kinds: []string{}}
	switch {
	case strings.Contains(r.Text, "STRONG"):
		a.Level, a.Kinds = lure.Strong, []string{"compound_job"}
	case strings.Contains(r.Text, "SOME"):
		a.Level, a.Kinds = lure.Some, []string{"task_job"}
	case strings.Contains(r.Text, "PLEA"):
		a.Level = lure.Plea
		return check.Result{Assessment: a}, nil
	}
	for i, word := range []string{"free flight", "免費機票", "no experience", "Cambodia", "柬埔寨"} {
		id := []string{"FREE_TRAVEL", "FREE_TRAVEL", "LOW_BAR", "PLACE", "PLACE"}[i]
		role := lure.Sign
		if id == "PLACE" {
			role = lure.Context
		}
		for at := 0; ; {
			n := strings.Index(r.Text[at:], word)
			if n < 0 {
				break
			}
			at += n
			a.Findings = append(a.Findings, lure.Finding{Indicator: id, Role: role, Start: at, End: at + len(word), Quote: word, Source: "FBI"})
			at += len(word)
		}
	}
	if r.Answers["passport_asked"] == "yes" {
		a.Findings = append(a.Findings, lure.Finding{Indicator: "PASSPORT", Role: lure.Sign, Answer: "passport_asked=yes", Source: "ILO"})
	}
	if a.Level >= lure.Some {
		a.Missing = []string{"employer", "contract"}
		a.Counter = []lure.Finding{{Indicator: "LICENSED", Role: lure.Counter, Start: 0, End: 4, Quote: r.Text[:min(4, len(r.Text))]}}
		a.NotCounted = []lure.NotCounted{{Indicator: "PLACE", Quote: "Thailand", Reason: "context"}}
		a.Questions = []lure.Question{
			{ID: "contract", Answers: []string{"yes", "no", "unknown"}, Text: "?"},
			{ID: "passport_asked", Answers: []string{"yes", "no", "unknown"}, Text: "?"},
			{ID: "FREE_TRAVEL", Text: "?"},
		}
	}
	if a.Level == lure.Unclear {
		for _, key := range []string{"contract", "organiser_checked", "met_in_person", "passport_asked", "place_changed", "told_to_lie", "owes_money", "asked_money", "money_talk"} {
			a.Questions = append(a.Questions, lure.Question{ID: key, Answers: []string{"yes", "no", "unknown"}, Text: "?"})
		}
	}
	return check.Result{Assessment: a}, nil
}

// Picture: bytes that begin with QR: are a code in a picture whose words cannot
// be read.
func (f fakeCheck) Picture(_ context.Context, data []byte, lang string) (check.Result, error) {
	text := strings.ToValidUTF8(string(data), "?")
	code, isCode := strings.CutPrefix(text, "QR:")
	switch {
	case isCode:
		r, _ := fakeCheck{}.Text(lure.Request{Text: code, Lang: lang})
		r.Text = code
		return r, check.ErrNoReader
	case strings.TrimSpace(text) == "":
		return check.Result{}, check.ErrNoText
	}
	r, err := f.Text(lure.Request{Text: text, Lang: lang})
	if err == nil {
		r.Text = text
	}
	return r, err
}

type fakePacks struct{}

func (fakePacks) Explanation(id, lang string) string {
	if lang == "zh-Hant" {
		return "「" + id + "」的說明。"
	}
	return "What " + id + " means."
}

func (fakePacks) Sources(string) []lure.Source {
	return []lure.Source{{Body: "FBI IC3", Document: "PSA I-052223-PSA", Date: "2023-05-22", CheckedOn: "2026-11-24"}}
}

func (fakePacks) Questionnaire(kinds []string) []string {
	if len(kinds) == 0 {
		return nil
	}
	return []string{"contract", "passport_asked"}
}

func (fakePacks) QuestionText(key, lang string) string {
	if lang == "zh-Hant" {
		return "問題 " + key + "？"
	}
	return "Question " + key + "?"
}

// site is a door under test, with what it logs.
type site struct {
	http.Handler
	log bytes.Buffer
}

func newSite(t testing.TB, change func(*Config)) *site {
	t.Helper()
	s := &site{}
	c := Config{
		Check: fakeCheck{}, Packs: fakePacks{},
		Log:    slog.New(slog.NewTextHandler(&s.log, nil)),
		Limits: Limits{Burst: 1 << 20, All: 1 << 20},
		Now:    func() time.Time { return time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC) },
	}
	if change != nil {
		change(&c)
	}
	h, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	s.Handler = h
	return s
}

func (s *site) do(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func (s *site) get(path, langs string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("Accept-Language", langs)
	return s.do(r)
}

func (s *site) post(path, langs string, fields ...string) *httptest.ResponseRecorder {
	v := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		v.Add(fields[i], fields[i+1])
	}
	r := httptest.NewRequest("POST", path, strings.NewReader(v.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept-Language", langs)
	return s.do(r)
}

// upload is a POST of a form with a picture.
func (s *site) upload(picture []byte, fields ...string) *httptest.ResponseRecorder {
	var buf bytes.Buffer
	mw := multipart.NewWriter(&buf)
	for i := 0; i+1 < len(fields); i += 2 {
		_ = mw.WriteField(fields[i], fields[i+1])
	}
	p, _ := mw.CreateFormFile("p", "shot.png")
	_, _ = p.Write(picture)
	_ = mw.Close()
	r := httptest.NewRequest("POST", "/", &buf)
	r.Header.Set("Content-Type", mw.FormDataContentType())
	return s.do(r)
}

func gunzip(t testing.TB, b []byte) string {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
