package say

import (
	"slices"
	"strings"
	"testing"
)

// TestPhrasebooksMatch: the same number means the same everywhere, so all have as many
// questions and answers, none twice.
func TestPhrasebooksMatch(t *testing.T) {
	en, ok := Asking("en")
	if !ok || len(en.Questions) < 10 {
		t.Fatalf("%d questions", len(en.Questions))
	}
	files, err := embeddedPhrases.ReadDir("phrases")
	if err != nil || len(files) != len(PhraseLanguages) {
		t.Errorf("%d files for %d languages: %v", len(files), len(PhraseLanguages), err)
	}
	for _, tag := range PhraseLanguages {
		p, ok := Asking(tag)
		if !ok || p.Intro == "" || !strings.Contains(p.Intro, "7d") || len(p.Questions) != len(en.Questions) {
			t.Errorf("%s: %d questions, intro %q", tag, len(p.Questions), p.Intro)
			continue
		}
		asks := map[string]bool{}
		for i, q := range p.Questions {
			if q.Ask == "" || asks[q.Ask] || len(q.Answers) != len(en.Questions[i].Answers) || slices.Contains(q.Answers, "") {
				t.Errorf("%s, question %d: %+v", tag, i+1, q)
			}
			if sorted := slices.Sorted(slices.Values(q.Answers)); len(slices.Compact(sorted)) != len(q.Answers) {
				t.Errorf("%s, question %d: two answers are one: %q", tag, i+1, q.Answers)
			}
			if tag != "en" && q.Ask == en.Questions[i].Ask {
				t.Errorf("%s, question %d is English", tag, i+1)
			}
			asks[q.Ask] = true
		}
	}
}

func TestAsking(t *testing.T) {
	for asked, want := range map[string]string{"th": "th", "th-TH": "th", "zh-TW": "zh-Hant", "zh": "zh-Hans", "zh-MY": "zh-Hans", "fil": "tl", "in": "id"} {
		if p, ok := Asking(asked); !ok || p.Tag != want {
			t.Errorf("%s: %s %v", asked, p.Tag, ok)
		}
	}
	for _, asked := range []string{"", "de", "<b>", strings.Repeat("a", 100_000)} {
		if p, ok := Asking(asked); ok || p.Tag != "en" {
			t.Errorf("%.20s: %s %v", asked, p.Tag, ok)
		}
	}
}

// TestAQuestionInThaiIsUnderstoodInEnglish: what it is for.
func TestAQuestionInThaiIsUnderstoodInEnglish(t *testing.T) {
	th, _ := Asking("th")
	en, _ := Asking("en")
	sent := th.Text([]int{7, 99, 0, 4})
	if !strings.Contains(sent, th.Questions[6].Ask) || !strings.Contains(sent, "7d  "+th.Questions[6].Answers[3]) || strings.Count(sent, th.Intro) != 1 {
		t.Errorf("%s", sent)
	}
	if th.Text([]int{99}) != "" {
		t.Error("a question that is none is sent")
	}
	for text, want := range map[string][]string{
		"7b":                   {"7b"},
		"7B, 4 a. 3.c":         {"7b", "4a", "3c"},
		"๗ 7b ครับ 7b":         {"7b"},
		"7b4a":                 nil, // not sure what is meant: left to who reads it
		"7b 4a":                {"7b", "4a"},
		"at 17b or 7:30a":      nil,
		"7z 99a 12c 0a":        {"12c"},
		"call 2b-3":            {"2b"},
		"":                     nil,
		strings.Repeat("a", 9): nil,
	} {
		var got []string
		for _, m := range en.Understand(text) {
			got = append(got, m.Given)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
	if m := en.Understand("7b"); m[0].Answer != "At night" || m[0].Ask != en.Questions[6].Ask {
		t.Errorf("%+v", m)
	}
}

func FuzzUnderstand(f *testing.F) {
	f.Add("7b 4a")
	f.Fuzz(func(t *testing.T, s string) {
		en, _ := Asking("en")
		if len(en.Understand(s)) > 20 {
			t.Error("more than twenty")
		}
	})
}
