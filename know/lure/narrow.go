package lure

import (
	"strings"
	"unicode/utf8"
)

// narrow says that half of the lines of a text hold hardly anything: three
// words, or six characters of a script without spaces.
func narrow(s string) bool {
	if strings.Count(s, "\n") < 2 {
		return false // as most messages
	}
	lines, short := 0, 0
	for line := range strings.Lines(s) {
		n := 0
		for w := range strings.FieldsSeq(line) {
			n += 2
			if r, _ := utf8.DecodeRuneInString(w); apart(r) {
				n += utf8.RuneCountInString(w) - 2
			}
		}
		if n == 0 {
			continue
		}
		lines++
		if n <= 6 {
			short++
		}
	}
	return lines >= 3 && 2*short >= lines
}

// over gives the assessment with quotes of another text of the same places.
func (a Assessment) over(s string) Assessment {
	for _, fs := range [][]Finding{a.Findings, a.Counter} {
		for i := range fs {
			if fs[i].End > 0 {
				fs[i].Quote = strings.ToValidUTF8(s[fs[i].Start:fs[i].End], "\uFFFD")
			}
		}
	}
	for i := range a.NotCounted {
		n := &a.NotCounted[i]
		n.Quote = strings.ToValidUTF8(s[n.Start:n.End], "\uFFFD")
	}
	return a
}
