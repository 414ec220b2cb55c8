package name

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// letters that no decomposition takes apart.
var apart = map[rune]string{
	'đ': "d", 'ð': "d", 'ø': "o", 'ł': "l", 'ß': "ss", 'æ': "ae", 'œ': "oe", 'þ': "th", 'ı': "i", 'ŋ': "ng", 'ħ': "h", 'ə': "e", 'ơ': "o", 'ư': "u",
}

// Plain gives the letters a to z of s, in lower case and without marks;
// everything else is dropped: "Nguyễn" is nguyen.
func Plain(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		if r >= 'a' && r <= 'z' {
			b.WriteRune(r)
		} else if t, ok := apart[r]; ok {
			b.WriteString(t)
		}
	}
	return b.String()
}

// vietnamese says whether a word has marks as Vietnamese writes them: on vowels,
// or đ.
func vietnamese(s string) bool {
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		switch r {
		case 0x300, 0x301, 0x302, 0x303, 0x306, 0x309, 0x31B, 0x323, 'đ':
			return true
		}
	}
	return false
}

// PinyinOf gives the first Mandarin reading of each Chinese character in s,
// without tones and with v for ü: what a naive matcher would compare with. The
// reading of a surname is not looked up.
func PinyinOf(s string) []string {
	t := load()
	var out []string
	for _, r := range s {
		if c := t.chars[r]; c != nil && len(c.mandarin) > 0 {
			out = append(out, strings.TrimRight(c.mandarin[0], "12345"))
		}
	}
	return out
}
