package text

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// problem looks for a broken promise of Normalize and Span on the text s, of
// which it tries spans between at most a hundred places.
func problem(s string) string {
	n := Normalize(s)
	if !utf8.ValidString(n.Text) {
		return "Text is not UTF-8"
	}
	if again := Normalize(n.Text).Text; again != n.Text {
		return "not idempotent: " + quote(n.Text) + " becomes " + quote(again)
	}

	// x/text finds fault with more than 30 jamo that could compose (UAX #15,
	// Stream-Safe Text Format).
	jamo := func(r rune) bool { return r < 0x1100 || r > 0x11FF }
	if len(strings.Join(strings.FieldsFunc(n.Text, jamo), "")) < 60 && !norm.NFKC.IsNormalString(n.Text) {
		return "not in NFKC: " + quote(n.Text)
	}

	boundary := map[int]bool{0: true, len(s): true}
	for g := uniseg.NewGraphemes(s); g.Next(); {
		from, to := g.Positions()
		boundary[from], boundary[to] = true, true
	}
	step := max(1, len(n.Text)/100)
	lastFrom, lastTo := 0, 0
	for i := 0; i <= len(n.Text); i += step {
		from, _ := n.Span(i, len(n.Text))
		_, to := n.Span(0, i)
		empty, empty2 := n.Span(i, i)
		switch {
		case from < lastFrom || to < lastTo:
			return "Span is not monotone"
		case from < 0 || from > len(s) || to < 0 || to > len(s):
			return "Span leaves the source"
		case !boundary[from] || !boundary[to]:
			return "Span cuts a grapheme cluster"
		case empty != empty2 || empty != from && i < len(n.Text):
			return "an empty span is not empty"
		}
		lastFrom, lastTo = from, to
	}

	// Every letter of the source belongs to some character of the normal form.
	covered := make([]bool, len(s))
	for i, r := range n.Text {
		from, to := n.Span(i, i+utf8.RuneLen(r))
		if from >= to {
			return "a character came from nowhere"
		}
		for k := from; k < to && !covered[k]; k++ {
			covered[k] = true
		}
	}
	for i, r := range s {
		if e := lookup(r); e&letter != 0 && !unicode.IsMark(r) && !covered[i] && strings.ContainsFunc(Normalize(string(r)).Text, Letter) {
			return "no span holds " + quote(string(r))
		}
	}
	return ""
}

func quote(s string) string {
	if len(s) > 200 {
		s = s[:200]
	}
	return fmt.Sprintf("%+q", s)
}

// odd are the characters at which the rules meet.
var odd = []string{
	" ", "\n", "\t", "\r\n", "\u3000", "\u00a0", ".", "·", "•", "*", "_", "~", "|", "^", "-", "—", "=", "+", ",", "。", "、", "/", ":", "!", "(", "\"",
	"a", "b", "E", "Z", "0", "9", "é", "ệ", "đ", "ß", "æ", "Ⅳ", "ﬁ", "㎏", "ﷺ", "½", "…", "́", "̣", "̛", "̸", "̈", "\u0344", "⃣", "\ufe0f",
	"а", "и", "й", "ё", "Ж", "т", "α", "Ν", "ω", "ա", "Ꭺ", "ꓮ", "𝐅", "𝓳", "Ⓐ", "🅰", "🆓", "⒜", "❶", "①", "ᴀ",
	"\u200b", "\u200d", "\u2060", "\u202e", "\u00ad", "\ufeff", "\U000e0041", "\u034f", "\u115f", "\u3164",
	"高", "薪", "裏", "⼀", "⺁", "豈", "𠀀", "〇", "か", "゛", "゙", "ｶ", "ﾞ", "ー", "ㄅ", "한", "ᄒ", "ᅡ", "ᆫ", "ㅎ", "가",
	"ก", "ำ", "ี", "่", "้", "ๆ", "๑", "ກ", "ຳ", "ក", "្", "ា", "ច", "៣", "က", "ဥ", "ီ", "ျ", "ြ", "့", "်", "၀",
	"क", "़", "ा", "क़", "ে", "া", "ا", "ٔ", "ٓ", "َ", "ّ", "ش", "ב", "ּ", "ཱ", "ི", "\u0f73", "\u0f77", "\u0600", "\u0d4e", "\U000110bd",
	"🔥", "👨", "❤", "★", "🇹", "🇭", "🏽", "©", "™", "→", "\ue000", "\U000f0000", "\ufffc", "\U0001d15e", "\uffff",
	"\xff", "\x80", "\xe4\xb8", "\xed\xa0\x80", "\xf0\x9f", "\x00",
}

func texts() *rapid.Generator[string] {
	piece := rapid.OneOf(
		rapid.SampledFrom(odd),
		rapid.SampledFrom(odd),
		rapid.StringN(0, 3, 12),
		rapid.Custom(func(t *rapid.T) string {
			return strings.Repeat(rapid.SampledFrom(odd).Draw(t, "again"), rapid.IntRange(1, 9).Draw(t, "times"))
		}),
		rapid.Custom(func(t *rapid.T) string {
			sep := rapid.SampledFrom([]string{" ", ".", "-", "·", "  ", "🔥", "\u200b"}).Draw(t, "sep")
			return strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"f", "r", "é", "е", "🄴", "job", "高", "ง", "가"}), 2, 7).Draw(t, "letters"), sep)
		}),
	)
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(piece, 0, 14).Draw(t, "pieces"), "")
	})
}

func TestPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := texts().Draw(t, "s")
		if p := problem(s); p != "" {
			t.Fatalf("%+q: %s", s, p)
		}
	})
}

// Every code point, alone and in company.
func TestPromisesOfEachCharacter(t *testing.T) {
	for r := rune(0); r <= utf8.MaxRune; r++ {
		if r >= 0x32400 && r < 0xE0000 || r > 0xE1000 && r%97 != 0 || !utf8.ValidRune(r) {
			continue
		}
		for _, s := range []string{string(r), "高" + string(r) + "薪", "a " + string(r) + string(r) + "\u0308"} {
			n := Normalize(s)
			if again := Normalize(n.Text).Text; again != n.Text {
				t.Errorf("%+q becomes %+q becomes %+q", s, n.Text, again)
			}
		}
	}
}

// The same thing a great many times: right, and not in the square of the time.
func TestPromisesOfLongRuns(t *testing.T) {
	for _, unit := range odd {
		s := "高" + strings.Repeat(unit, 20_000/len(unit)) + "a"
		if p := problem(s); p != "" {
			t.Errorf("many %+q: %s", unit, p)
		}
	}
}

func FuzzNormalize(f *testing.F) {
	for _, s := range odd {
		f.Add(s + "a" + s + "高" + s + s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if p := problem(s); p != "" {
			t.Fatalf("%+q: %s", s, p)
		}
	})
}
