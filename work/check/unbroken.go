package check

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	// A line that is only a time, as beside every bubble: 21:47, 9:05 PM, 下午 3:20.
	onlyTime = regexp.MustCompile(`(?i)^[^\pL\pN]*(?:上午|下午|晚上)?\s*\d{1,2}[:：.]\d{2}\s*(?:[ap]\.?m\.?)?[^\pL\pN]*$`)
	// The status line at the top of a phone's screen.
	statusLine = regexp.MustCompile(`^\d{1,2}[:：]?\d{2}\b.{0,40}(?:%|\b[2345]G\b|\bLTE\b|\bVoLTE\b)`)
)

// text gives the page's text, one line for each line written: lines that were
// only broken because the bubble was full are joined again. Times beside
// bubbles, the status line and what are no words are left out.
func (p page) text() string {
	var kept []textLine
	for i, l := range p.lines {
		if onlyTime.MatchString(l.text) || i == 0 && statusLine.MatchString(l.text) || !wordy(l.text) {
			continue
		}
		kept = append(kept, l)
	}
	var b strings.Builder
	for start := 0; start < len(kept); {
		end := start + 1
		for end < len(kept) && together(kept[end-1], kept[end]) {
			end++
		}
		if start > 0 {
			b.WriteByte('\n')
		}
		unbroken(&b, kept[start:end])
		start = end
	}
	return b.String()
}

// unbroken writes lines that stand together, without the breaks that are only
// there because the lines were full. Where most are not, it is a list, whose
// longest line is no fuller than its others.
func unbroken(b *strings.Builder, lines []textLine) {
	right := 0
	for _, l := range lines {
		right = max(right, l.right)
	}
	full := 0
	for i := range len(lines) - 1 {
		if isFull(lines[i], lines[i+1], right) {
			full++
		}
	}
	list := 2*full < len(lines)
	for i, l := range lines {
		switch {
		case i == 0:
		case list || !isFull(lines[i-1], l, right):
			b.WriteByte('\n')
		default:
			b.WriteString(seam(lines[i-1].text, l.text))
		}
		b.WriteString(l.text)
	}
}

// wordy reports whether a line has a letter or at least three digits.
func wordy(s string) bool {
	digits := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			return true
		}
		if unicode.IsDigit(r) {
			digits++
		}
	}
	return digits >= 3
}

func (l textLine) height() int { return l.bottom - l.top }

// together reports whether two lines stand close to each other, begin at the
// same margin and are of about one size.
func together(a, b textLine) bool {
	low, high := min(a.height(), b.height()), max(a.height(), b.height())
	if low <= 0 || high > 2*low {
		return false
	}
	gap, indent := b.top-a.bottom, b.left-a.left
	return gap*10 < low*8 && gap > -low && indent < 2*high && indent > -2*high
}

// isFull reports whether a line is so full, up to a right margin, that the
// first word of the next had no room on it.
func isFull(l, next textLine, right int) bool {
	need := next.height() * 3 / 2
	if begin, _ := utf8.DecodeRuneInString(next.text); !spaceFree(begin) && len(next.words) > 0 {
		need = next.words[0].right - next.words[0].left + next.height()/2
	}
	return l.right+need >= right
}

// seam gives what joins two parts of a broken line.
func seam(a, b string) string {
	end, _ := utf8.DecodeLastRuneInString(a)
	begin, _ := utf8.DecodeRuneInString(b)
	switch {
	case spaceFree(end) && spaceFree(begin), end == '-' && unicode.IsDigit(begin):
		return ""
	case unicode.Is(unicode.Han, begin) && unicode.IsPunct(end) && end >= utf8.RuneSelf:
		return ""
	}
	return " "
}

// spaceFree reports whether a letter belongs to a script written without
// spaces between words.
func spaceFree(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}
