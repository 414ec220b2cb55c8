package public

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// FuzzForm: no body of a form, of either encoding, breaks the door or makes it
// hold memory after the answer.
func FuzzForm(f *testing.F) {
	f.Add("application/x-www-form-urlencoded", "t=STRONG+free+flight&a-contract=no&l=th")
	f.Add("application/x-www-form-urlencoded", "t=%ff&%00=%zz&&&=")
	f.Add("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"t\"\r\n\r\nhello\r\n--b\r\nContent-Disposition: form-data; name=\"p\"; filename=\"x.png\"\r\n\r\n\x89PNG\r\n--b--\r\n")
	f.Add("multipart/form-data; boundary=\"\"", "")
	f.Add("multipart/form-data", "--")
	c := Config{Check: fakeCheck{}, Packs: fakePacks{}, Now: time.Now, Limits: Limits{Burst: 1 << 30, All: 1 << 30}}
	h, err := New(c)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, kind, body string) {
		for _, path := range []string{"/", "/n"} {
			r := httptest.NewRequest("POST", path, strings.NewReader(body))
			r.Header.Set("Content-Type", kind)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code >= 500 && !strings.Contains(body, "PANIC") {
				t.Errorf("%s: status %d", path, w.Code)
			}
			if !utf8.Valid(w.Body.Bytes()) {
				t.Errorf("%s: the page is not valid UTF-8", path)
			}
		}
	})
}

// FuzzDoor: no form breaks telling us, the mailbox, or a file in pieces; nothing is
// lost of what was acknowledged, and nothing that broke is shown.
func FuzzDoor(f *testing.F) {
	f.Add("/t", "application/x-www-form-urlencoded", "step=3&n=a+nonce+of+more+than+twenty&text=words&kind=held&danger=yes")
	f.Add("/t", "application/x-www-form-urlencoded", "step=2&at=9&l=th&text=%ff%00&lure=%e2%80%ae")
	f.Add("/s", "application/x-www-form-urlencoded", "text=words&show=1&n=x")
	f.Add("/b", "application/x-www-form-urlencoded", "code=0001+0002+0003&do=talk&v=AAAA")
	f.Add("/b", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"v\"\r\n\r\nx\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../x\"\r\n\r\nbytes\r\n--b--\r\n")
	f.Add("/api/v1/files", "application/json", `{"nonce": "12345678"}`)
	f.Add("/api/v1/files/x", "application/json", `{"name": 3}`)
	s := newDeskSite(f)
	f.Fuzz(func(t *testing.T, path, kind, body string) {
		switch path {
		case "/t", "/s", "/b", "/api/v1/files", "/api/v1/files/x":
		default:
			path = "/t"
		}
		r := httptest.NewRequest("POST", path, strings.NewReader(body))
		r.Header.Set("Content-Type", kind)
		r.Header.Set("Authorization", "Bearer "+strings.ToValidUTF8(body, ""))
		r.RemoteAddr = "127.0.0.1:1"
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Errorf("%s: status %d", path, w.Code)
		}
		if !utf8.Valid(w.Body.Bytes()) {
			t.Errorf("%s: the page is not valid UTF-8", path)
		}
	})
}

// FuzzLine: no line makes the programs' door fail, and every answer is a line.
func FuzzLine(f *testing.F) {
	f.Add(`{"id":"1","text":"STRONG free flight","lang":"th","answers":{"contract":"no"}}`)
	f.Add(`{"id":{},"text":null,"image":"AA=="}`)
	f.Add("{\"text\":\"\xff\"}\n[]\n")
	h, err := New(Config{Check: fakeCheck{}, Packs: fakePacks{}, Now: time.Now, Limits: Limits{Burst: 1 << 30, All: 1 << 30}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body string) {
		if strings.Contains(body, "PANIC") {
			t.Skip("the word by which the fake check panics on purpose")
		}
		for _, kind := range []string{asJSON, asLines} {
			r := httptest.NewRequest("POST", "/api/v1/screen", strings.NewReader(body))
			r.Header.Set("Content-Type", kind)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code >= 500 {
				t.Errorf("status %d: %s", w.Code, w.Body)
			}
			out := w.Body.String()
			if out != "" && (!utf8.ValidString(out) || !strings.HasSuffix(out, "}\n")) {
				t.Errorf("not lines: %q", out)
			}
		}
	})
}
