package lure

import (
	"strings"
	"testing"

	"homeward/know/text"
)

// A name of a messenger over and over was once read to the end of the text
// from each of them: minutes, not a blink.
func TestOneWordOverAndOver(t *testing.T) {
	for _, s := range []string{"line-", "telegram.", "wechat-a-", "kakao--", "line : ", "+1", "1 ", "@a.", "https://", "w.w."} {
		Default().Screen(Request{Text: strings.Repeat(s, (1<<20)/len(s))})
	}
}

// Every name of a messenger is found where an account follows it.
func TestEveryApp(t *testing.T) {
	p := Default()
	for _, app := range p.words.Apps {
		if got := p.Screen(Request{Text: "x, " + app + ": demo_88"}); !has(got, "MESSENGER") {
			t.Errorf("%q and an account: no messenger", app)
		}
	}
}

func has(a Assessment, id string) bool {
	for _, f := range a.Findings {
		if f.Indicator == id {
			return true
		}
	}
	for _, f := range a.NotCounted {
		if f.Indicator == id {
			return true
		}
	}
	return false
}

// A text of the words of many phrases costs what its length allows, and no more;
// one of a language's own examples, line after line, loses nothing to that bound.
func TestFlood(t *testing.T) {
	const size = 1 << 18 // many times what may be saved up
	p := Default()
	scan := func(s string) *scratch {
		sc := new(scratch)
		sc.st.read(text.Normalize(fill(s, size)).Text)
		p.scan(sc)
		if most := stepsSaved + len(sc.st.syms)*stepsEach; sc.steps > most+most/100 {
			t.Errorf("%.40q over and over: %d steps, more than %d", s, sc.steps, most)
		}
		return sc
	}
	var firsts, partial strings.Builder
	for _, l := range p.languages {
		var examples strings.Builder
		for _, w := range l.Signs {
			for _, x := range append(w.Match, w.NoMatch...) {
				examples.WriteString(x + "\n")
			}
			for _, phrase := range w.Phrases {
				orders, err := parsePhrase(phrase, l.Lists)
				if err != nil {
					t.Fatal(err)
				}
				for _, slots := range orders {
					for _, lit := range slots[0].literals {
						firsts.WriteString(lit + "\n")
					}
					for _, s := range slots[:len(slots)-1] {
						partial.WriteString(s.literals[0] + " ")
					}
				}
			}
		}
		if sc := scan(examples.String()); sc.passed > 0 {
			t.Errorf("%s: %d literals of its own examples are passed over", l.Lang, sc.passed)
		}
	}
	if sc := scan(strings.Join(chat, "\n")); sc.passed > 0 {
		t.Errorf("chat: %d literals are passed over", sc.passed)
	}
	for _, s := range []string{firsts.String(), partial.String(), "0 ", "rm5k ", "3 usdt\n", "gaji rm5k ", "saya kerja ", "你去", "公司"} {
		scan(s)
	}
}

// fill repeats a text up to a size.
func fill(s string, size int) string { return strings.Repeat(s, size/len(s)+1)[:size] }

// One exception as long as its line, and many matches, are not compared each with each.
func TestLongException(t *testing.T) {
	sc := new(scratch)
	for i := range int32(200_000) {
		sc.matches = append(sc.matches, match{start: 4 * i, end: 4*i + 2})
		sc.excepts = append(sc.excepts, match{start: 4*i + 2, end: 4*i + 3})
	}
	sc.excepts = append(sc.excepts, match{start: 0, end: 1000})
	sc.tidy()
	if len(sc.matches) != 200_000-250 {
		t.Errorf("%d matches are left", len(sc.matches))
	}
}
