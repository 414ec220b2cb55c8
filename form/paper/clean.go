package paper

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// clean takes out of a text what nobody sees: control characters, marks that
// turn the direction of writing, joiners and spaces of no width where no
// script needs them, selectors of variants. They could hide words, turn a
// number round, or carry a mark by which the copy's source is known. Bytes
// that are no text become U+FFFD, which is seen.
func clean(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	runes := []rune(strings.ToValidUTF8(s, string(utf8.RuneError)))
	var b strings.Builder
	b.Grow(len(s))
	jamo := false
	for i, r := range runes {
		switch {
		case r == '\n', r == '\r', r == 0x85, r == 0x2028, r == 0x2029, r == '\v', r == '\f':
			b.WriteByte('\n')
		case r == '\t':
			b.WriteByte(' ')
		case isJoiner(r):
			if i > 0 && i+1 < len(runes) && needsJoiner(runes[i-1]) && needsJoiner(runes[i+1]) {
				b.WriteRune(r)
			}
		case unseen(r):
		default:
			b.WriteRune(r)
			jamo = jamo || r >= 0x1100 && r <= 0x11FF
		}
	}
	if jamo {
		return norm.NFC.String(b.String()) // Hangul in pieces, as some systems write it, has no shapes of its own
	}
	return b.String()
}

// oneLine is clean for what stands on one line: a title, a number.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(clean(s), unicode.IsSpace), " ")
}

// isJoiner tells the marks of no width that some scripts write with: the
// space between words that is not seen, and the two that join and part.
func isJoiner(r rune) bool { return r >= 0x200B && r <= 0x200D }

func needsJoiner(r rune) bool {
	return unicode.In(r, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// unseen tells what leaves no mark on paper (Unicode: Cc, Cf, Cs, and letters
// and marks that are to be ignored).
func unseen(r rune) bool {
	switch {
	case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Cs):
		return true
	case r == 0x034F, r == 0x115F, r == 0x1160, r == 0x3164, r == 0xFFA0, r == 0x17B4, r == 0x17B5, r == 0x2800:
		return true
	case r >= 0x180B && r <= 0x180F, r >= 0xFE00 && r <= 0xFE0F, r >= 0xE0000 && r <= 0xE0FFF, r >= 0xFFF0 && r <= 0xFFF8, r >= 0x2060 && r <= 0x206F:
		return true
	}
	return false
}
