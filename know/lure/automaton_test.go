package lure

import (
	"slices"
	"strings"
	"testing"

	"homeward/know/text"

	"pgregory.net/rapid"
)

// The automaton finds what a naive search finds at the beginnings of words.
func TestAutomatonAgainstNaive(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		word := rapid.StringOfN(rapid.RuneFrom([]rune("ab薪 ")), 1, 4, -1)
		words := rapid.SliceOfNDistinct(word, 1, 12, rapid.ID).Draw(rt, "words")
		text := rapid.StringOfN(rapid.RuneFrom([]rune("ab薪c ")), 0, 60, -1).Draw(rt, "text")
		b := newBuilder(0, 0)
		for i, w := range words {
			b.add(b.insert(literal{syms: []rune(w)}), hit{pattern: int32(i)})
		}
		a := b.build()
		type found struct{ word, end int }
		var got, want []found
		at, last := int32(0), rune(sep)
		runes := []rune(text)
		for i, r := range runes {
			at = a.step(at, last, r)
			last = r
			for e := a.states[at].end; e != 0; e = a.ends[e].next {
				for _, h := range a.hits[a.ends[e].first:a.ends[e+1].first] {
					got = append(got, found{int(h.pattern), i})
				}
			}
		}
		for i, w := range words {
			n := len([]rune(w))
			for end := n - 1; end < len(runes); end++ {
				start := end - n + 1
				if inside := start > 0 && joined(runes[start-1], runes[start]); !inside && string(runes[start:end+1]) == w {
					want = append(want, found{i, end})
				}
			}
		}
		order := func(x, y found) int { return (x.end-y.end)*100 + x.word - y.word }
		slices.SortFunc(got, order)
		slices.SortFunc(want, order)
		if !slices.Equal(got, want) {
			rt.Fatalf("in %q with %v: got %v, want %v", text, words, got, want)
		}
	})
}

// sees says whether one phrase, as the only one, is seen in a text.
func sees(t *testing.T, phrase, text string) bool {
	t.Helper()
	p := &Packs{concepts: []concept{{ID: "X", Role: Sign}}, index: map[string]int{"X": 0}}
	b := newBuilder(0, 0)
	if err := p.addPhrase(b, phrase, 0, 0, nothing, map[string][]string{"app": {"line", "telegram"}}); err != nil {
		t.Fatalf("%q: %v", phrase, err)
	}
	p.auto = b.build()
	return p.fires("X", text, "en")
}

func TestPhrases(t *testing.T) {
	for _, test := range []struct {
		phrase string
		yes    []string
		no     []string
	}{
		{"high salary", []string{"HIGH  SALARY", "high.salary", "h\u200bigh salary", "ｈｉｇｈ salary", "high salary!", "very high-salary job"}, []string{"highsalary", "high a salary", "thigh salary", "high salaryman"}},
		{"chat*", []string{"chatting", "chat"}, []string{"achat"}},
		{"(free|paid) [return |one way ](flight|ticket)", []string{"free flight", "paid return ticket", "free one way ticket"}, []string{"free the ticket", "return ticket"}},
		{"free ~ flight", []string{"free hotel and flight", "free flight"}, []string{"free\nflight", "free " + strings.Repeat("x ", 30) + "flight"}},
		{"flight & hotel", []string{"hotel then flight", "flight and hotel"}, []string{"flight only"}},
		{"add <app>", []string{"add line", "add Telegram"}, []string{"add me"}},
		{"# usd", []string{"3,000 usd", "5usd"}, []string{"usd 5"}},
		{"24/7 shift", []string{"24/7 shift"}, []string{"7/24 shift", "23/7 shift"}},
		{"high salary", nil, []string{"high\nsalary", "high. salary"}},
		{"包(機票|食宿)", []string{"包機票", "包机票", "包 機 票", "包🌸機🌸票", "包．食．宿"}, []string{"包住", "包。機票"}},
		{"(月|日)[可|就]*領", []string{"月領", "月可領", "日就可領"}, []string{"領月", "月不領"}},
		{"แอดมิน", []string{"เเอดมิน", "แ อ ด มิ น"}, []string{"เอดมิน"}},
		{"加line", []string{"加 LINE", "加LINE吧"}, []string{"加liner"}},
		{"lương cao", []string{"luong cao", "LƯƠNG CAO"}, []string{"luong thap"}},
	} {
		for _, s := range test.yes {
			if !sees(t, test.phrase, s) {
				t.Errorf("%q does not see %q", test.phrase, s)
			}
		}
		for _, s := range test.no {
			if sees(t, test.phrase, s) {
				t.Errorf("%q sees %q", test.phrase, s)
			}
		}
	}
}

// A spelling that is taken for normal is.
func TestNormalSpelling(t *testing.T) {
	for _, l := range Default().languages {
		for _, w := range l.Signs {
			for _, x := range slices.Concat(w.Match, w.NoMatch, w.Phrases) {
				for _, s := range strings.FieldsFunc(x, func(r rune) bool { return strings.ContainsRune("()[]|~", r) }) {
					if s = strings.TrimSpace(s); normal(s) && text.Normalize(s).Text != s {
						t.Errorf("%q is not in the normal form", s)
					}
				}
			}
		}
	}
	for _, s := range []string{"", "a b c d", "Ab", "ab  cd", "ab ", "lương", "a1", "ab-cd"} {
		if normal(s) {
			t.Errorf("%q is taken for normal", s)
		}
	}
}

func TestBrokenPhrases(t *testing.T) {
	for _, phrase := range []string{"", "(a|b", "a|b)", "[a]", "~", "<nobody>", "a & b & c", "5", "!!!", "hotline (is|:)", "(%|per cent) a day", strings.Repeat("(a|b|c|d|e|f|g)x", 40), "((((((a))))))"} {
		p := &Packs{}
		if err := p.addPhrase(newBuilder(0, 0), phrase, 0, 0, nothing, nil); err == nil {
			t.Errorf("%q: no error", phrase)
		}
	}
}

func FuzzPhrase(f *testing.F) {
	for _, s := range []string{"(a|b) [c|d]* ~ e", "x & y", "包(機|票)+", "<app>", "((a|b)c?)*"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, phrase string) {
		p := &Packs{}
		_ = p.addPhrase(newBuilder(0, 0), phrase, 0, 0, nothing, map[string][]string{"app": {"line"}})
	})
}
