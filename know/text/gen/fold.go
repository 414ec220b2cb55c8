package main

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// folder says what each code point becomes. The numbers are those of the rules
// in the package comment of know/text.
type folder struct {
	*ucd
	confusable map[rune]string
	han        map[rune]rune // traditional and variant ideographs to one target
	memo       map[rune]string
}

func newFolder(u *ucd, confusable map[rune]string) *folder {
	f := &folder{ucd: u, confusable: confusable, memo: map[rune]string{}}
	f.han = f.ideographs()
	return f
}

// class is what the reader of a message has to do at a code point.
func (f *folder) class(r rune) string {
	c := f.category[r]
	switch {
	case r == '\n' || c == "Zl" || c == "Zp":
		return "newline"
	case c == "Cc" || f.space[r] || r == 0x2800: // a braille pattern without dots
		return "space"
	case f.dropped(r):
		return "drop"
	case c == "Co" || r == 0xFFFC || r == 0xFFFD:
		return "space"
	case strings.HasPrefix(f.name[r], "REGIONAL INDICATOR SYMBOL"):
		return "regional"
	case strings.ContainsRune(".·*_~|^-=+", r):
		return "noise"
	case f.diacritic(r):
		return "diacritic"
	case f.maybe[r]:
		return "compose"
	case strings.HasPrefix(c, "M") && f.fold(r) == string(r):
		return "mark"
	}
	if t := f.fold(r); t != string(r) {
		if t == " " {
			return "space"
		}
		if utf8.RuneCountInString(t) > 1 {
			return "expand"
		}
		return "swap"
	}
	return "keep"
}

// dropped: rule 3.
func (f *folder) dropped(r rune) bool {
	return f.ignorable[r] || f.category[r] == "Cf" || f.category[r] == "Me"
}

// diacritic: a mark that belongs to no one script, as the accents of Latin and
// the voicing marks of Kana. It stays only inside a letter it composes with.
func (f *folder) diacritic(r rune) bool {
	if f.category[r] != "Mn" {
		return false
	}
	switch {
	case r >= 0x300 && r < 0x370, r >= 0x483 && r < 0x48A, r >= 0x1AB0 && r < 0x1B00, r >= 0x1DC0 && r < 0x1E00,
		r >= 0x20D0 && r < 0x2100, r >= 0xFE20 && r < 0xFE30, r == 0x3099, r == 0x309A, r >= 0xA66F && r < 0xA67E,
		r >= 0x2DE0 && r < 0x2E00:
		return true
	}
	return false
}

// fold is the form of one code point that stands alone, closed under itself.
func (f *folder) fold(r rune) string {
	if t, ok := f.memo[r]; ok {
		return t
	}
	f.memo[r] = string(r) // a cycle ends here
	t := f.step(r)
	if t != string(r) {
		var b strings.Builder
		for _, q := range t {
			switch f.class(q) {
			case "drop":
			case "space":
				b.WriteByte(' ')
			case "diacritic":
				if f.free(q) || f.category[r] == "Mn" {
					b.WriteRune(q)
				}
			default:
				b.WriteString(f.fold(q))
			}
		}
		t = b.String()
	}
	f.memo[r] = t
	return t
}

func (f *folder) step(r rune) string {
	if r < utf8.RuneSelf {
		return string(unicode.ToLower(r))
	}
	if t, ok := hand[r]; ok {
		return t
	}
	if strings.HasPrefix(f.category[r], "M") {
		return norm.NFKC.String(string(r))
	}
	if t := f.enclosed(r); t != "" {
		return t
	}
	if s := norm.NFKC.String(string(r)); s != string(r) {
		return s
	}
	if d, ok := f.digit[r]; ok && f.category[r] == "Nd" {
		return string(rune('0' + d))
	}
	if t := f.letter(r); t != "" {
		return t
	}
	if t := f.punctuation(r); t != "" {
		return t
	}
	if f.pictograph(r) {
		return " "
	}
	if t, ok := f.han[r]; ok {
		return string(t)
	}
	return string(unicode.ToLower(r))
}

// pictograph: rule 9.
func (f *folder) pictograph(r rune) bool {
	if f.picto[r] || f.modifier[r] {
		return true
	}
	if c := f.category[r]; c[:min(1, len(c))] != "S" && c != "No" && c != "Po" {
		return r == 0x203B
	}
	for _, b := range pictureBlocks {
		if r >= b[0] && r <= b[1] {
			return true
		}
	}
	return false
}

var (
	latin    = regexp.MustCompile(`^LATIN (?:SMALL|CAPITAL) LETTER ([A-Z]{1,2})(?: WITH .*)?$`)
	smallCap = regexp.MustCompile(`^LATIN LETTER SMALL CAPITAL ([A-Z]{1,2})(?: WITH .*)?$`)
	inFrame  = regexp.MustCompile(`^(?:NEGATIVE CIRCLED|NEGATIVE SQUARED|CROSSED NEGATIVE SQUARED|SQUARED|PARENTHESIZED) LATIN (?:CAPITAL|SMALL) LETTER ([A-Z])$`)
	inCircle = regexp.MustCompile(`CIRCLED (?:SANS-SERIF )?(?:DIGIT|NUMBER) `)
)

// enclosed: letters and numbers in circles and squares that NFKC leaves alone,
// or of which it would keep the parentheses.
func (f *folder) enclosed(r rune) string {
	name := f.name[r]
	if m := inFrame.FindStringSubmatch(name); m != nil {
		return strings.ToLower(m[1])
	}
	if inCircle.MatchString(name) {
		return f.number[r]
	}
	return ""
}

// letter gives the Latin letters that a letter is, with or without marks and
// strokes (rule 4), or looks like (rule 5); "" where it is neither.
func (f *folder) letter(r rune) string {
	if r < utf8.RuneSelf {
		if unicode.IsLetter(r) {
			return string(unicode.ToLower(r))
		}
		return ""
	}
	if t, ok := hand[r]; ok {
		return t
	}
	if d, n := utf8.DecodeRuneInString(norm.NFD.String(string(r))); n > 0 && d != r {
		return f.letter(d)
	}
	for _, re := range []*regexp.Regexp{latin, smallCap} {
		if m := re.FindStringSubmatch(f.name[r]); m != nil {
			return strings.ToLower(m[1])
		}
	}
	lower, upper := unicode.ToLower(r), unicode.ToUpper(r)
	order := []rune{r, lower, upper}
	if s := f.script[r]; s == "Cyrl" || s == "Armn" {
		order = []rune{lower, upper} // keeps words of these scripts equal in either case
	}
	for _, q := range order {
		if t, ok := hand[q]; ok {
			return t
		}
		if t := f.looksLike(q); t != "" {
			return t
		}
	}
	return ""
}

// looksLike: rule 5.
func (f *folder) looksLike(r rune) string {
	t, ok := f.confusable[r]
	c := f.category[r]
	if !ok || own[f.script[r]] || !strings.Contains("Lu Ll Lt Lo Lm Nl No So Sm", c) {
		return ""
	}
	var b strings.Builder
	for _, q := range norm.NFD.String(t) {
		switch {
		case strings.HasPrefix(f.category[q], "M"):
		case q >= '0' && q <= '9':
			b.WriteRune(q)
		case latin.MatchString(f.name[q]), smallCap.MatchString(f.name[q]):
			b.WriteString(f.letter(q))
		case hand[q] != "":
			b.WriteString(hand[q])
		default:
			return ""
		}
	}
	s := b.String()
	switch {
	case s == "rn":
		s = "m" // the prototype of m
	case t == "l" && c == "Lu":
		s = "i" // the prototype of I
	case s == "l" && c[0] == 'S':
		return "" // bars
	}
	if len(s) > 1 && strings.Contains("Cyrl Grek Armn Cher", f.script[r]) {
		return ""
	}
	if c[0] == 'L' && strings.ContainsAny(s, "0123456789") {
		return ""
	}
	return s
}

// punctuation gives the ASCII mark that a mark looks like.
func (f *folder) punctuation(r rune) string {
	t, ok := f.confusable[r]
	c := f.category[r]
	if !ok || own[f.script[r]] || c == "" || c[0] != 'P' && c[0] != 'S' && c != "Lm" || c == "Sc" || r >= 0x3000 && r < 0x3100 {
		return ""
	}
	if t == "''" {
		t = `"`
	}
	if len(t) == 1 && strings.Contains("\"'`,.:;!?/\\()[]{}<>*~|+=_%&@#-", t) {
		return t
	}
	return ""
}
