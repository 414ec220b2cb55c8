package public

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden: one answer a level, in English and Traditional Chinese, byte for
// byte. The style is left out, so that a colour does not change eight files.
func TestGolden(t *testing.T) {
	s := newSite(t, nil)
	for _, lang := range []string{"en", "zh-Hant"} {
		for level, text := range map[string]string{
			"strong":  "STRONG 柬埔寨, free flight, no experience. 免費機票。",
			"some":    "SOME free flight to Cambodia",
			"unclear": "hello, is this Anna?",
			"plea":    "PLEA 救命",
		} {
			body := s.post("/", "", "t", text, "l", lang, "a-passport_asked", "yes").Body.String()
			from := strings.Index(body, "<style>")
			to := strings.Index(body, "</style>")
			got := body[:from+len("<style>")] + body[to:]
			path := filepath.Join("testdata", "answer-"+level+"."+lang+".html")
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				continue
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatalf("%v (write it with -update)", err)
			}
			if got != string(want) {
				t.Errorf("%s differs; look at it, then run with -update\n%s", path, firstDifference(got, string(want)))
			}
		}
	}
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return "got  " + g[i] + "\nwant " + w[i]
		}
	}
	return "one is longer"
}
