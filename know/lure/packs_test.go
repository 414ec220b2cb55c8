package lure

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestExamples(t *testing.T) {
	for _, fault := range Default().Check() {
		t.Error(fault)
	}
}

// Whoever explains the words taken together shows what they see, and what they do not.
func TestWordsHaveExamples(t *testing.T) {
	n := 0
	for _, l := range Default().languages {
		w, ok := l.Signs[wordsID]
		if !ok {
			continue
		}
		n++
		if len(w.Match) == 0 || len(w.NoMatch) == 0 {
			t.Errorf("%s: %d examples to match, %d not to", l.Lang, len(w.Match), len(w.NoMatch))
		}
	}
	if n < 8 {
		t.Errorf("%d languages have examples of the words taken together", n)
	}
}

// The words taken together are a method, and nothing else passes for one.
func TestMethod(t *testing.T) {
	const (
		words = "id = \"WORDING\"\nversion = 2\nrole = \"method\"\n"
		pay   = "id = \"PAY_HIGH\"\nversion = 1\nrole = \"sign\"\n"
		sign  = "[sign.WORDING]\n"
	)
	for name, test := range map[string]struct{ file, old, new, want string }{
		"a method that is said to be a sign": {"concepts.toml", words, strings.Replace(words, "method", "sign", 1), "WORDING has the role method"},
		"a sign that is said to be a method": {"concepts.toml", pay + "weight = 2\n", strings.Replace(pay, "sign", "method", 1), "PAY_HIGH"},
		"a method with a weight":             {"concepts.toml", words, words + "weight = 1\n", "no weight"},
		"a method with a phrase":             {"en.toml", sign, sign + "phrases = [\"easy money\"]\n", "no phrases"},
	} {
		_, err := Load(changed(t, test.file, test.old, test.new))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want an error with %q", name, err, test.want)
		}
	}
}

// An example that is not what it says is found.
func TestWordsExampleFails(t *testing.T) {
	i := slices.IndexFunc(Default().languages, func(l language) bool { return l.Lang == "en" })
	en := Default().languages[i].Signs[wordsID]
	for name, test := range map[string]struct{ old, new, want string }{
		"a lure that must not match": {en.NoMatch[0], en.Match[0], "must not"},
		"a lunch that must match":    {en.Match[0], "Lunch at noon with auntie, bring the umbrella", "does not see"},
	} {
		p, err := Load(changed(t, "en.toml", test.old, test.new))
		if err != nil {
			t.Fatal(err)
		}
		if faults := p.Check(); len(faults) != 1 || !strings.Contains(faults[0], test.want) {
			t.Errorf("%s: %q, want one fault with %q", name, faults, test.want)
		}
	}
}

// changed is the packs with one text replaced in one file.
func changed(t *testing.T, file, old, new string) fs.FS {
	t.Helper()
	out := fstest.MapFS{}
	names, err := fs.Glob(packsFS(), "*.toml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		b, err := fs.ReadFile(packsFS(), name)
		if err != nil {
			t.Fatal(err)
		}
		if name == file {
			if !strings.Contains(string(b), old) {
				t.Fatalf("%s does not hold %q", file, old)
			}
			b = []byte(strings.Replace(string(b), old, new, 1))
		}
		out[name] = &fstest.MapFile{Data: b}
	}
	return out
}
