package public

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"homeward/form/picture"
	"homeward/form/say"
	"homeward/know/hotline"
	"homeward/work/check"
)

// TestRoutes: every route, its status, its kind, and a word that shows that the
// right page came.
func TestRoutes(t *testing.T) {
	s := newSite(t, nil)
	for _, c := range []struct {
		method, path string
		status       int
		kind, holds  string
	}{
		{"GET", "/", 200, "text/html", `name="t"`},
		{"HEAD", "/", 200, "text/html", ""},
		{"GET", "/h", 200, "text/html", "Is anyone being held, or unable to leave?"},
		{"GET", "/w/1", 200, "text/html", "Say that you need a week."},
		{"GET", "/w/2", 200, "text/html", "You can still turn back."},
		{"GET", "/w/3", 200, "text/html", "Is someone near who may see this screen?"},
		{"GET", "/w/4", 200, "text/html", "Stop paying now"},
		{"GET", "/w/5", 200, "text/html", "Paying has freed some people."},
		{"GET", "/w/6", 200, "text/html", "write to that phone first."},
		{"GET", "/w/0", 404, "text/html", "This page is not here."},
		{"GET", "/w/7", 404, "text/html", "This page is not here."},
		{"GET", "/w/12", 404, "text/html", "This page is not here."},
		{"GET", "/w/", 404, "text/html", "This page is not here."},
		{"GET", "/n", 200, "text/html", `name="home"`},
		{"GET", "/x/why", 200, "text/html", "www.wikipedia.org"},
		{"GET", "/about", 200, "text/html", "has not given a name"},
		{"GET", "/healthz", 200, "text/plain", "ok"},
		{"GET", "/favicon.ico", 204, "", ""},
		{"GET", "/api/v1/openapi.json", 200, "application/json", `"3.1.0"`},
		{"GET", "/nothing/here", 404, "text/html", "This page is not here."},
		{"PUT", "/", 405, "text/html", "This page cannot be used in that way."},
		{"POST", "/h", 405, "text/html", "This page cannot be used in that way."},
		{"GET", "/api/v1/screen", 405, "application/json", `{"id":"","error":"This page cannot`},
		{"GET", "/api/v2", 404, "application/json", `"error"`},
		{"BREW", "/", 405, "text/html", ""},
	} {
		w := s.do(httptest.NewRequest(c.method, c.path, nil))
		if w.Code != c.status || !strings.HasPrefix(w.Header().Get("Content-Type"), c.kind) || !strings.Contains(w.Body.String(), c.holds) {
			t.Errorf("%s %s: %d %q, want %d %q with %q\n%.300s", c.method, c.path, w.Code, w.Header().Get("Content-Type"), c.status, c.kind, c.holds, w.Body)
		}
		for name, want := range map[string]string{
			"Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got := w.Header().Get(name); got != want {
				t.Errorf("%s %s: %s is %q, want %q", c.method, c.path, name, got, want)
			}
		}
		if p := w.Header().Get("Content-Security-Policy"); !strings.HasPrefix(p, "default-src 'none'; style-src 'sha256-") || strings.Contains(p, "unsafe") {
			t.Errorf("%s %s: policy %q", c.method, c.path, p)
		}
		if c.status == 405 && w.Header().Get("Allow") == "" {
			t.Errorf("%s %s: no Allow", c.method, c.path)
		}
	}
}

// TestPolicyFits: the style on the page is the one whose hash is allowed, and
// no page holds a script, an event handler or an inline style.
func TestPolicyFits(t *testing.T) {
	s := newSite(t, nil)
	for _, p := range stillPages {
		body := s.get(p, "en").Body.String()
		_, rest, _ := strings.Cut(body, "<style>")
		style, _, ok := strings.Cut(rest, "</style>")
		if !ok || policy(style) != s.get(p, "en").Header().Get("Content-Security-Policy") {
			t.Errorf("%s: the style does not fit the policy", p)
		}
		for _, bad := range []string{"<script", " style=", " onclick", " onload", "javascript:", "http://", "src="} {
			if strings.Contains(body, bad) {
				t.Errorf("%s holds %q", p, bad)
			}
		}
	}
}

func TestLanguages(t *testing.T) {
	s := newSite(t, nil)
	for _, c := range []struct{ path, accept, lang, holds string }{
		{"/", "", `lang="en"`, "Check a message"},
		{"/", "zh-TW", `lang="zh-Hant-TW"`, "看一段訊息"},
		{"/", "zh-HK,en;q=0.5", `lang="zh-Hant-HK"`, "看一段訊息"},
		{"/", "zh-CN", `lang="zh-Hans"`, "看一段信息"},
		{"/?l=th", "zh-CN", `lang="th"`, "ตรวจข้อความ"},
		{"/?l=nonsense", "vi", `lang="vi"`, "Kiểm tra tin nhắn"},
		{"/nowhere?l=id", "", `lang="id"`, "Halaman ini tidak ada di sini."},
	} {
		body := s.get(c.path, c.accept).Body.String()
		if !strings.Contains(body, "<html "+c.lang+">") || !strings.Contains(body, c.holds) {
			t.Errorf("%s, %q: not %s", c.path, c.accept, c.lang)
		}
	}
	// A choice is carried by every link and form of this site; a guess by none.
	chosen := s.get("/?l=th", "").Body.String()
	for _, want := range []string{`href="/x?l=th"`, `href="/h?l=th"`, `href="/about?l=th"`, `name="l" value="th"`} {
		if !strings.Contains(chosen, want) {
			t.Errorf("the chosen language is not carried: no %s", want)
		}
	}
	if guessed := s.get("/", "th").Body.String(); !strings.Contains(guessed, `href="/h"`) || strings.Contains(guessed, `name="l"`) {
		t.Error("a guessed language is carried as if it were chosen")
	}
}

// TestPart: a language that is there in part says so, and marks English as such.
func TestPart(t *testing.T) {
	s := newSite(t, nil)
	body := s.get("/w/3?l=my", "").Body.String()
	v := say.Default().In("my")
	for _, want := range []string{v.Say("site.english"), v.Say("answer.plea_3"), v.Say("w3.label"), `<div lang="en">`} {
		if !strings.Contains(body, want) {
			t.Errorf("/w/3 in Burmese: no %q", want)
		}
	}
	if body := s.get("/w/3?l=th", "").Body.String(); strings.Contains(body, `<div lang="en">`) {
		t.Error("/w/3 in Thai is marked as English")
	}
}

func TestCheck(t *testing.T) {
	s := newSite(t, nil)
	for _, c := range []struct {
		name, text string
		holds      []string
		not        []string
	}{
		{
			"strong", "STRONG free flight, no experience, free flight",
			[]string{"<h1>Don&#39;t travel, pay or hand over your passport yet.</h1>", "We see 2 signs that recruiters", "<mark>", "Question FREE_TRAVEL?", "Who the employer is", "Also seen", "Seen, but not counted", `name="a-contract"`, "To send to your family", "22 May 2023", "What fits you now?"},
			nil,
		},
		{"some", "SOME free flight", []string{"<h1>Ask these before you decide.</h1>", "To send to your family"}, nil},
		{"unclear", "hello, how are you", []string{"<h1>We can&#39;t tell from this text. Real traps often look normal.</h1>", `name="a-money_talk"`}, []string{"To send to your family", "readonly"}},
		{"plea", "PLEA they took my passport", []string{"<h1>Is anyone being held, or unable to leave?</h1>", "No person has read your words", `action="/n"`, `href="/w/3"`}, []string{"<mark>", "To send to your family", "Question"}},
	} {
		w := s.post("/", "en", "t", c.text)
		if w.Code != 200 {
			t.Errorf("%s: status %d", c.name, w.Code)
		}
		for _, h := range c.holds {
			if !strings.Contains(w.Body.String(), h) {
				t.Errorf("%s: no %q", c.name, h)
			}
		}
		for _, h := range append(c.not, "[answer.", "[kind.", "[reason.", "[missing.") {
			if strings.Contains(w.Body.String(), h) {
				t.Errorf("%s: holds %q", c.name, h)
			}
		}
	}
}

// TestAnswersAreCarried: the questionnaire comes back with its answers and the
// text, and an answer that is a sign is explained as one.
func TestAnswersAreCarried(t *testing.T) {
	s := newSite(t, nil)
	w := s.post("/", "en", "t", "SOME free flight\r\nand board", "a-passport_asked", "yes", "a-contract", "no", "a-other", "maybe")
	body := w.Body.String()
	for _, want := range []string{
		`name="a-passport_asked" value="yes" checked`, `name="a-contract" value="no" checked`,
		"From your answer: Question passport_asked? Yes", "What PASSPORT means.", "SOME free flight\nand board</textarea>",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("no %q", want)
		}
	}
}

func TestPicture(t *testing.T) {
	s := newSite(t, nil)
	w := s.upload([]byte("STRONG free flight"))
	if w.Code != 200 || !strings.Contains(w.Body.String(), "What we read from the picture") {
		t.Errorf("picture: %d", w.Code)
	}
	w = s.upload([]byte("free flight"), "t", "STRONG from a friend")
	if w.Code != 200 || !strings.Contains(w.Body.String(), "STRONG from a friend\n\nfree flight</textarea>") {
		t.Errorf("picture and text: %d", w.Code)
	}
	w = s.upload(nil, "t", "SOME free flight")
	if w.Code != 200 || strings.Contains(w.Body.String(), "What we read") {
		t.Errorf("an empty file field counts as a picture: %d", w.Code)
	}
	w = s.upload([]byte("QR:STRONG free flight"))
	if w.Code != 200 || !strings.Contains(w.Body.String(), "STRONG free flight</textarea>") || !strings.Contains(w.Body.String(), "This copy cannot read pictures.") {
		t.Errorf("a code, but no words: %d", w.Code)
	}
}

func TestRefusals(t *testing.T) {
	long := strings.Repeat("a", textMax+1)
	lines := strings.Repeat("a\r\n", textMax/3) // longer on the way than in the text
	for _, c := range []struct {
		name   string
		err    error
		do     func(*site) *httptest.ResponseRecorder
		status int
		says   string
		retry  bool
	}{
		{"empty", nil, func(s *site) *httptest.ResponseRecorder { return s.post("/", "en", "t", " \n ") }, 422, "There is no text yet.", false},
		{"no field", nil, func(s *site) *httptest.ResponseRecorder { return s.post("/", "en") }, 422, "There is no text yet.", false},
		{"too long", nil, func(s *site) *httptest.ResponseRecorder { return s.post("/", "en", "t", long) }, 413, "longer than 1 MB", false},
		{"too long, multipart", nil, func(s *site) *httptest.ResponseRecorder { return s.upload(nil, "t", long) }, 413, "longer than 1 MB", false},
		{"not too long", nil, func(s *site) *httptest.ResponseRecorder { return s.post("/", "en", "t", lines) }, 200, "", false},
		{"1 MB of one character", nil, func(s *site) *httptest.ResponseRecorder { return s.post("/", "en", "t", long[1:]) }, 200, "", false},
		{"heavy", nil, func(s *site) *httptest.ResponseRecorder { return s.upload(make([]byte, pictureMax+1)) }, 413, "larger than 12 MB", false},
		{"letters", nil, func(s *site) *httptest.ResponseRecorder { return s.post("/", "en", "t", "STRONG \xff\xfe") }, 400, "Some letters could not be read", false},
		{"no words", nil, func(s *site) *httptest.ResponseRecorder { return s.upload([]byte(" ")) }, 422, "We found no words in this picture.", false},
		{"damaged", picture.ErrBroken, func(s *site) *httptest.ResponseRecorder { return s.upload([]byte("x")) }, 422, "damaged", false},
		{"not a picture", &picture.Error{Kind: picture.ErrNotPicture}, func(s *site) *httptest.ResponseRecorder { return s.upload([]byte("%PDF-1.4")) }, 415, "open this file as a picture", false},
		{"huge", picture.ErrTooLarge, func(s *site) *httptest.ResponseRecorder { return s.upload([]byte("x")) }, 413, "too many points", false},
		{"no reader", check.ErrNoReader, func(s *site) *httptest.ResponseRecorder { return s.upload([]byte("x")) }, 501, "cannot read pictures", false},
		{"slow", check.ErrTooSlow, func(s *site) *httptest.ResponseRecorder { return s.upload([]byte("x")) }, 503, "took too long", true},
		{"deadline", context.DeadlineExceeded, func(s *site) *httptest.ResponseRecorder { return s.upload([]byte("x")) }, 503, "took too long", true},
		{"busy", check.ErrBusy, func(s *site) *httptest.ResponseRecorder { return s.upload([]byte("x")) }, 503, "4 pictures are waiting before yours", true},
		{"unforeseen", http.ErrBodyNotAllowed, func(s *site) *httptest.ResponseRecorder { return s.post("/", "en", "t", "x") }, 500, "Something went wrong here.", false},
		{"panic", nil, func(s *site) *httptest.ResponseRecorder { return s.post("/", "en", "t", "PANIC") }, 500, "Something went wrong here.", false},
		{"not a form", nil, func(s *site) *httptest.ResponseRecorder {
			return s.do(httptest.NewRequest("POST", "/", strings.NewReader("x")))
		}, 400, "did not arrive whole", false},
		{"broken form", nil, func(s *site) *httptest.ResponseRecorder {
			r := httptest.NewRequest("POST", "/", strings.NewReader("--b\r\nContent-Disp"))
			r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
			return s.do(r)
		}, 400, "did not arrive whole", false},
		{"broken encoding", nil, func(s *site) *httptest.ResponseRecorder {
			r := httptest.NewRequest("POST", "/", strings.NewReader("t=%zz"))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			return s.do(r)
		}, 400, "did not arrive whole", false},
	} {
		s := newSite(t, func(cfg *Config) {
			cfg.Check = fakeCheck{err: c.err}
			cfg.Waiting = func() int { return 4 }
		})
		w := c.do(s)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.says) {
			t.Errorf("%s: %d, want %d with %q\n%.200s", c.name, w.Code, c.status, c.says, w.Body)
		}
		if (w.Header().Get("Retry-After") != "") != c.retry {
			t.Errorf("%s: Retry-After %q", c.name, w.Header().Get("Retry-After"))
		}
	}
}

// TestTypedTextIsKept: what was typed is still on the page after an error.
func TestTypedTextIsKept(t *testing.T) {
	s := newSite(t, func(c *Config) { c.Check = fakeCheck{err: check.ErrNoReader} })
	if b := s.upload([]byte("x"), "t", "my own words").Body.String(); !strings.Contains(b, "my own words</textarea>") {
		t.Error("the typed words are gone after an error")
	}
}

func TestNumbers(t *testing.T) {
	s := newSite(t, nil)
	w := s.post("/n", "en", "home", "HK", "here", "KH", "s", "there")
	body := w.Body.String()
	for _, want := range []string{"Numbers for this situation", `href="tel:&#43;8521868"`, "Call this one first.", "1868", `<option value="KH" selected>`} {
		if !strings.Contains(body, want) {
			t.Errorf("HK in KH: no %q", want)
		}
	}
	if w := s.post("/n", "en", "home", "", "here", "KH"); w.Code != 422 || !strings.Contains(w.Body.String(), "Choose both places first.") {
		t.Errorf("without a home: %d", w.Code)
	}
	if w := s.post("/n", "en", "home", "XX", "here", "KH"); w.Code != 422 {
		t.Errorf("unknown country: %d", w.Code)
	}
	if w := s.post("/n", "en", "home", "LA", "here", "KH", "s", "there"); !strings.Contains(w.Body.String(), "we have no checked number") {
		t.Error("LA in KH: it does not say that there is none")
	}
	if w := s.post("/n", "en", "home", "HK", "here", "HK", "s", strings.Repeat("x", 9999)); w.Code != 400 {
		t.Errorf("a field that is too long: %d", w.Code)
	}
	// A line that is only for those who hold the nationality is asked for first.
	w = s.post("/n", "en", "home", "CN", "here", "KH", "s", "there")
	if !strings.Contains(w.Body.String(), `name="mine" value="yes"`) || strings.Contains(w.Body.String(), "12308") {
		t.Error("CN: the line is shown before anybody chose that nationality, or cannot be chosen")
	}
	w = s.post("/n", "en", "home", "CN", "here", "KH", "s", "there", "mine", "yes")
	if !strings.Contains(w.Body.String(), "12308") {
		t.Error("CN: the line is not shown to those who chose")
	}
}

// TestNumbersSpeakTheLanguage: hours and dates beside a number are in the
// reader's language, and the police at home are named where there is no number.
func TestNumbersSpeakTheLanguage(t *testing.T) {
	s := newSite(t, nil)
	for _, c := range []struct{ lang, hours, date string }{
		{"en", "day and night", "10 January 2025"},
		{"zh-Hant", "全天24小時", "2025年1月10日"},
		{"zh-Hans", "全天24小时", "2025年1月10日"},
		{"th", "ตลอด 24 ชั่วโมง", "10 มกราคม พ.ศ. 2568 (2025)"},
		{"vi", "suốt ngày đêm", "10 tháng 1 năm 2025"},
		{"ms", "siang dan malam", "10 Januari 2025"},
	} {
		body := s.post("/n", c.lang, "home", "HK", "here", "KH", "s", "there").Body.String()
		if !strings.Contains(body, c.hours) || !strings.Contains(body, c.date) || strings.Contains(body, "24h") {
			t.Errorf("%s: no %q or no %q", c.lang, c.hours, c.date)
		}
		if c.lang != "en" && strings.Contains(body, "January") {
			t.Errorf("%s: a date is in English", c.lang)
		}
	}
	for _, tag := range say.Default().Tags() {
		said := hotline.Default().PoliceAtHome(tag)
		if body := s.post("/n", tag, "home", "VN", "here", "KH", "s", "missing").Body.String(); !strings.Contains(body, said) {
			t.Errorf("%s: no number, and nothing of the police at home", tag)
		}
		if body := s.post("/n", tag, "home", "HK", "here", "KH", "s", "missing").Body.String(); strings.Contains(body, said) {
			t.Errorf("%s: a line of home, and the police at home beside it", tag)
		}
	}
}

func TestLeave(t *testing.T) {
	s := newSite(t, nil)
	w := s.get("/x", "")
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "https://www.wikipedia.org/" {
		t.Errorf("%d to %q", w.Code, w.Header().Get("Location"))
	}
	if c := w.Header().Get("Clear-Site-Data"); c != `"cache", "storage"` {
		t.Errorf("Clear-Site-Data %q", c)
	}
	if w.Body.Len() > 0 {
		t.Error("leaving sends a body")
	}
}

func TestConfig(t *testing.T) {
	for _, c := range []struct {
		change func(*Config)
		err    string
	}{
		{func(c *Config) { c.Check = nil }, "Check"},
		{func(c *Config) { c.LeaveTo = "http://example.com/" }, "https"},
		{func(c *Config) { c.LeaveTo = "//example.com" }, "https"},
		{func(c *Config) { c.LeaveTo = "https://weather.example/" }, ""},
	} {
		cfg := Config{Check: fakeCheck{}, Packs: fakePacks{}, Now: time.Now}
		c.change(&cfg)
		_, err := New(cfg)
		if (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%v, want %q", err, c.err)
		}
	}
}

func TestOperatorAndExamples(t *testing.T) {
	s := newSite(t, func(c *Config) {
		c.Operator = Operator{"A Desk", "desk@example.org"}
		c.Examples = []Example{{Lang: "zh-Hant", Label: "客服", Text: "免費機票 <b>"}}
	})
	if b := s.get("/about", "en").Body.String(); !strings.Contains(b, "run by A Desk") || !strings.Contains(b, "desk@example.org") {
		t.Error("the operator is not named")
	}
	s = newSite(t, func(c *Config) { c.Examples = []Example{{Lang: "zh-Hant", Label: "客服", Text: "免費機票 <b>"}} })
	if b := s.get("/about", "th").Body.String(); !strings.Contains(b, "นี่คือการสาธิตบนเครื่องนี้เท่านั้น") {
		t.Error("a demonstration does not say so in the reader's language")
	}
	if b := s.get("/", "en").Body.String(); !strings.Contains(b, `value="免費機票 &lt;b&gt;"`) || !strings.Contains(b, `<button lang="zh-Hant">客服</button>`) {
		t.Error("the example is not there to click on")
	}
}

func TestPlainWithoutGzip(t *testing.T) {
	s := newSite(t, nil)
	w := s.get("/", "en")
	if w.Header().Get("Content-Encoding") != "" || !bytes.HasPrefix(w.Body.Bytes(), []byte("<!doctype html>")) {
		t.Error("packed for somebody who did not ask for it")
	}
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Accept-Encoding", "gzip;q=0")
	if w := s.do(r); w.Header().Get("Content-Encoding") != "" {
		t.Error("packed for somebody who refused it")
	}
	r.Header.Set("Accept-Encoding", "br, gzip")
	if w := s.do(r); gunzip(t, w.Body.Bytes()) == "" {
		t.Error("not packed")
	}
}
