package person

import (
	"strings"
	"unicode"
)

// A document's number has so many digits, and so many characters.
const (
	leastDigits   = 4
	leastDocument = 5
	mostDocument  = 24
	leastRow      = 8 // digits that rise so long were not given by an office
)

// documentNumber takes the number out of what stands in a field for one: "" is
// for none, as in "confiscated", "no passport" and "00000000".
func documentNumber(s string) string {
	best, most := "", 0
	for _, run := range numberRuns(s) {
		n := 0
		for _, w := range run {
			n = max(n, len(digits(w)))
		}
		if best == "" || n > most { // a date beside a number has shorter parts
			best, most = strings.Join(run, ""), n
		}
	}
	d := digits(best)
	switch {
	case len(d) < leastDigits, len(best) < leastDocument, len(best) > mostDocument:
		return ""
	case strings.Count(d, d[:1]) == len(d), len(d) >= leastRow && fillerDigits(d):
		return ""
	}
	return best
}

// numberRuns parts a field at its words ("Passport", "exp", 護照) and gives what
// stands between them, piece by piece. A number may be written in short pieces,
// as 1 2345 67890 12 3 and AB 123 456 are. One that is whole does not take in
// what follows: K03345678 (2029) is two.
func numberRuns(s string) [][]string {
	var out [][]string
	var run []string
	end := func() {
		if len(digits(strings.Join(run, ""))) > 0 {
			out = append(out, run)
		}
		run = nil
	}
	for _, w := range documentPieces(s) {
		switch {
		case documentWord(w):
			end()
			continue
		case len(run) > 0 && (whole(w) || whole(run[len(run)-1]) && len(w) >= leastDigits):
			if len(digits(strings.Join(run, ""))) > 0 {
				end()
			}
		}
		run = append(run, w)
	}
	end()
	return out
}

// documentPieces are the stretches of digits and letters A to Z, in capitals; a
// stretch of other letters is a piece too, for it parts what stands about it.
func documentPieces(s string) []string {
	var out []string
	var piece strings.Builder
	flush := func() {
		if piece.Len() > 0 {
			out = append(out, piece.String())
			piece.Reset()
		}
	}
	foreign := false
	for _, r := range s {
		c := alnumByte(r)
		switch {
		case c != 0:
			piece.WriteByte(c)
			foreign = false
			continue
		case unicode.IsLetter(r) && !foreign:
			flush()
			out = append(out, "")
		default:
			flush()
		}
		foreign = unicode.IsLetter(r)
	}
	flush()
	return out
}

// shortWords stand beside a number and are no part of it, as a series of one or
// two letters is.
var shortWords = setOf("NO", "NR", "ID", "IC", "PP", "OF", "TO", "IN", "ON", "BY")

// documentWord says whether a piece is a word and no part of a number.
func documentWord(w string) bool {
	return w == "" || shortWords[w] || len(w) > 2 && digits(w) == ""
}

// whole says whether a piece is a number by itself: letters, and digits enough.
func whole(w string) bool {
	n := len(digits(w))
	return n >= leastDigits && n < len(w)
}
