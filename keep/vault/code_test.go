package vault

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestListsAreFitForCodes(t *testing.T) {
	for _, l := range Lists() {
		if len(l.Entries) != 2048 || len(l.index) != 2048 {
			t.Errorf("%s: %d entries, %d different", l.Lang, len(l.Entries), len(l.index))
		}
		for _, e := range l.Entries {
			if l.Lang != "en" && len([]rune(e)) != 1 {
				t.Errorf("%s: %q is not one character", l.Lang, e)
			}
		}
	}
	fours := map[string]bool{}
	for _, e := range Lists()[0].Entries {
		fours[e[:min(4, len(e))]] = true
	}
	if len(fours) != 2048 {
		t.Errorf("only %d beginnings of four letters", len(fours))
	}
}

func TestEverySlipIsFound(t *testing.T) {
	for n := range 5 {
		s := CodeOf([]byte{byte(n)}).symbols()
		for i := range s {
			for v := range uint16(2048) {
				if v != s[i] {
					wrong := s
					if wrong[i] = v; holds(wrong) {
						t.Fatalf("entry %d wrong and not found", i)
					}
				}
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := CodeOf(rapid.SliceOfN(rapid.Byte(), 1, 20).Draw(t, "nonce")).symbols()
		if !holds(s) {
			t.Fatal("a good code does not hold")
		}
		i := rapid.IntRange(0, symbols-1).Draw(t, "i")
		j := rapid.IntRange(0, symbols-1).Draw(t, "j")
		if s[i] != s[j] {
			if s[i], s[j] = s[j], s[i]; holds(s) {
				t.Fatalf("%d and %d swapped and not found", i, j)
			}
		}
	})
}

func TestCodesAreReadInEveryForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := CodeOf(rapid.SliceOfN(rapid.Byte(), 1, 20).Draw(t, "nonce"))
		en, hant, hans, num := c.Words("en"), c.Words("zh-Hant"), c.Words("zh-Hans"), c.Digits()
		short := make([]string, len(en))
		for i, w := range en {
			short[i] = w[:min(4, len(w))]
		}
		var numbered strings.Builder
		for _, w := range en {
			fmt.Fprintf(&numbered, "• %s\r\n", strings.ToUpper(w))
		}
		for _, typed := range []string{
			strings.Join(en, " "), strings.ToUpper(strings.Join(en, "-")), " " + strings.Join(short, ",  ") + ".", numbered.String(), wide(strings.Join(en, " ")),
			strings.Join(hant, ""), strings.Join(hant, " "), strings.Join(hans, "、"), strings.Join(hans, "\n"),
			strings.Join(num, " "), strings.Join(num, ""), strings.Join(num, "-"), wide(strings.Join(num, " ")),
		} {
			got, err := ReadCode(typed)
			if err != nil || got.symbols() != c.symbols() {
				t.Fatalf("ReadCode(%q): %v", typed, err)
			}
		}
		if string(c.Lookup()) == string(c.Filing()) {
			t.Error("what is stored says what is not")
		}
	})
}

// TestChineseCodesAreReadInOneList makes sure that no good code means another in
// the other list, for many codes.
func TestChineseCodesAreReadInOneList(t *testing.T) {
	for n := range 3000 {
		c := CodeOf(fmt.Append(nil, n))
		for _, lang := range []string{"zh-Hant", "zh-Hans"} {
			got, err := ReadCode(strings.Join(c.Words(lang), ""))
			if err != nil || got.symbols() != c.symbols() {
				t.Fatalf("%s: %v", lang, err)
			}
		}
	}
}

func wide(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '　'
		case r > ' ' && r < 0x7f:
			return r - '!' + '！'
		}
		return r
	}, s)
}

func TestRunTogether(t *testing.T) {
	read := 0
	for n := range 300 {
		c := CodeOf(fmt.Append(nil, n))
		got, err := ReadCode(strings.Join(c.Words("en"), ""))
		if err == nil && got.symbols() != c.symbols() {
			t.Fatal("read as another code")
		}
		if err == nil {
			read++
		}
	}
	if read < 290 {
		t.Errorf("%d of 300 were read", read)
	}
}

func TestMistypedCodes(t *testing.T) {
	c := CodeOf([]byte("an invented nonce"))
	en := c.Words("en")
	with := func(i int, w string) string {
		out := append([]string(nil), en...)
		out[i] = w
		return strings.Join(out, " ")
	}
	slip := en[3][:1] + "q" + en[3][1:]
	_, err := ReadCode(with(3, slip))
	var m *Misread
	if !errors.As(err, &m) || m.At != 4 || m.Given != slip || len(m.Nearest) == 0 || m.Nearest[0] != en[3] {
		t.Errorf("a letter too many: %v %+v", err, m)
	}
	other := "zebra"
	if en[0] == other {
		other = "apple"
	}
	if _, err := ReadCode(with(0, other)); !errors.Is(err, ErrSlip) {
		t.Errorf("another word: %v", err)
	}
	var count *Miscount
	if _, err := ReadCode(strings.Join(en[:8], " ")); !errors.As(err, &count) || count.Got != 8 {
		t.Errorf("eight words: %v", err)
	}
	if _, err := ReadCode("0001 0002 2049 0001 0001 0001 0001 0001 0001"); !errors.As(err, &m) || m.At != 3 {
		t.Errorf("a number too high: %v", err)
	}
	for _, none := range []string{"", "  ", "!!!", "ครับ", strings.Repeat("a", 5000)} {
		if _, err := ReadCode(none); err == nil {
			t.Errorf("%q was read", none)
		}
	}
	if strings.Contains(fmt.Sprint(err), en[3]) {
		t.Error("the error as text gives words of the code away")
	}
}

func FuzzReadCode(f *testing.F) {
	c := CodeOf([]byte("an invented nonce"))
	f.Add(strings.Join(c.Words("en"), " "))
	f.Add(strings.Join(c.Words("en"), ""))
	f.Add(strings.Join(c.Words("zh-Hant"), ""))
	f.Add(strings.Join(c.Digits(), ""))
	f.Add("actactactactactactactactactactactact")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ReadCode(s)
		if err == nil && !holds(c.symbols()) {
			t.Error("read and does not hold")
		}
	})
}

// TestEightWords: of eight whole words one is missing, also where one of them could be
// cut in two.
func TestEightWords(t *testing.T) {
	var m *Miscount
	if _, err := ReadCode("large place wish snow kitten rate garment inhale"); !errors.As(err, &m) || m.Got != 8 {
		t.Errorf("%v", err)
	}
}
