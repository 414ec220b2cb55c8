package public

import (
	"net/http/httptest"
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

func TestStyleIsSmall(t *testing.T) {
	css, err := pageFiles.ReadFile("pages/style.css")
	if err != nil {
		t.Fatal(err)
	}
	if n := len(squeeze(string(css))); n > 5<<10 {
		t.Errorf("the style is %d bytes, more than 5 KB", n)
	}
}
