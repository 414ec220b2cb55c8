package public

import (
	"net/http/httptest"
	"strings"
	"testing"

	"homeward/form/say"
)

// stillPages are the pages that do not depend on what a visitor sends.
var stillPages = []string{"/", "/h", "/w/1", "/w/2", "/w/3", "/w/4", "/w/5", "/w/6", "/n", "/x/why", "/about"}

// TestBytes: every page fits the first flight of a connection.
func TestBytes(t *testing.T) {
	s := newSite(t, nil)
	for _, tag := range say.Default().Tags() {
		for _, p := range stillPages {
			r := httptest.NewRequest("GET", p+"?l="+tag, nil)
			r.Header.Set("Accept-Encoding", "gzip, br")
			w := s.do(r)
			if w.Code != 200 || w.Header().Get("Content-Encoding") != "gzip" {
				t.Fatalf("%s %s: %d, %q", p, tag, w.Code, w.Header().Get("Content-Encoding"))
			}
			n := w.Body.Len()
			t.Logf("%-8s %-8s %5d", tag, p, n)
			if n > 14<<10 {
				t.Errorf("%s in %s: %d bytes compressed, more than 14 KB", p, tag, n)
			}
		}
	}
}

// TestAnswerBytes: an answer to a chat-length message is no heavier than a page.
func TestAnswerBytes(t *testing.T) {
	s := newSite(t, nil)
	for _, tag := range say.Default().Tags() {
		body := "l=" + tag + "&t=STRONG+free+flight+no+experience+Cambodia"
		r := httptest.NewRequest("POST", "/", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Accept-Encoding", "gzip")
		n := s.do(r).Body.Len()
		t.Logf("%-8s answer   %5d", tag, n)
		if n > 14<<10 {
			t.Errorf("the answer in %s: %d bytes compressed, more than 14 KB", tag, n)
		}
	}
}

func TestStyleIsSmall(t *testing.T) {
	css, err := pageFiles.ReadFile("pages/style.css")
	if err != nil {
		t.Fatal(err)
	}
	n := len(squeeze(string(css)))
	t.Logf("style: %d bytes", n)
	if n > 6<<10 {
		t.Errorf("the style is %d bytes, more than 6 KB", n)
	}
}
