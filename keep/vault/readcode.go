package vault

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

var (
	// ErrSlip says that all nine entries are known and yet do not belong
	// together: one is wrong, or two have changed places.
	ErrSlip = errors.New("vault: one entry of the code is wrong, or two have changed places")
	// ErrNoCode says that there is no code in what was typed.
	ErrNoCode = errors.New("vault: no code in this")
)

// Misread says which entry of a code is in no list.
type Misread struct {
	At      int      // counted from one
	Given   string   // as typed
	Nearest []string // of the list, by spelling; nothing stored was asked
}

func (m *Misread) Error() string {
	return fmt.Sprintf("vault: entry %d of the code is not in the list", m.At)
}

// Miscount says that a code has not nine entries.
type Miscount struct{ Got int }

func (m *Miscount) Error() string {
	return fmt.Sprintf("vault: a code has %d entries, this has %d", symbols, m.Got)
}

// longestCode bounds what is read as a code, in bytes.
const longestCode = 1000

// ReadCode reads a code in any of its forms as people type them: in any case,
// full-width, with marks, numbers, line ends or nothing at all between the
// entries; of an English word the first four letters are enough. The error is
// ErrNoCode, *Miscount, *Misread or ErrSlip. It never tries against anything
// stored, so that a slip tells nobody whether a code exists.
func ReadCode(typed string) (Code, error) {
	if len(typed) > longestCode {
		return Code{}, ErrNoCode
	}
	s := strings.ToLower(norm.NFKC.String(typed))
	var han, latin, digits int
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Han, r):
			han++
		case r >= 'a' && r <= 'z':
			latin++
		case r >= '0' && r <= '9':
			digits++
		}
	}
	switch {
	case han > 0 && han >= latin:
		return readHan(s)
	case latin > 0:
		return readWords(s)
	case digits > 0:
		return readDigits(s)
	}
	return Code{}, ErrNoCode
}

func readDigits(s string) (Code, error) {
	groups := strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	if joined := strings.Join(groups, ""); len(groups) != symbols && len(joined) == 4*symbols {
		groups = groups[:0]
		for i := 0; i < len(joined); i += 4 {
			groups = append(groups, joined[i:i+4])
		}
	}
	if len(groups) != symbols {
		return Code{}, &Miscount{len(groups)}
	}
	var out [symbols]uint16
	for i, g := range groups {
		n, err := strconv.Atoi(g)
		if err != nil || n < 1 || n > 2048 || len(g) > 4 {
			return Code{}, &Misread{At: i + 1, Given: g}
		}
		out[i] = uint16(n - 1)
	}
	return whole(out)
}

// readHan reads nine characters. Many stand in both lists at one number, and a
// few at two, so that the whole code is read in one list.
func readHan(s string) (Code, error) {
	var entries []string
	for _, r := range s {
		if unicode.Is(unicode.Han, r) {
			entries = append(entries, string(r))
		}
	}
	if len(entries) != symbols {
		return Code{}, &Miscount{len(entries)}
	}
	var first error
	for _, l := range Lists()[1:] {
		c, err := l.read(entries)
		if err == nil {
			return c, nil
		}
		// The list in which more is known tells more of what is wrong.
		if first == nil || later(err) > later(first) {
			first = err
		}
	}
	return Code{}, first
}

// later says how far an error got.
func later(err error) int {
	if m := (*Misread)(nil); errors.As(err, &m) {
		return m.At
	}
	return symbols + 1
}

func readWords(s string) (Code, error) {
	l := Lists()[0]
	words := strings.FieldsFunc(s, func(r rune) bool { return r < 'a' || r > 'z' })
	if len(words) == symbols {
		return l.read(words)
	}
	split := l.split(strings.Join(words, ""))
	if split == nil {
		return Code{}, &Miscount{len(words)}
	}
	c, err := l.read(split)
	// Eight whole words are eight, though a long one of them may be cut in two.
	if err != nil && len(words) > 1 && !slices.ContainsFunc(words, func(w string) bool { _, ok := l.find(w); return !ok }) {
		return Code{}, &Miscount{len(words)}
	}
	return c, err
}

func (l *List) read(entries []string) (Code, error) {
	var out [symbols]uint16
	for i, e := range entries {
		n, ok := l.find(e)
		if !ok {
			return Code{}, &Misread{i + 1, e, l.nearest(e)}
		}
		out[i] = n
	}
	return whole(out)
}

func whole(s [symbols]uint16) (Code, error) {
	if !holds(s) {
		return Code{}, ErrSlip
	}
	return codeOf(s), nil
}

// find looks an entry up, or the only one that begins so, from four letters on.
func (l *List) find(e string) (uint16, bool) {
	if n, ok := l.index[e]; ok {
		return n, true
	}
	if len(e) < 4 || l.Lang != "en" {
		return 0, false
	}
	i, _ := slices.BinarySearch(l.Entries, e) // the English list is in order
	if i == len(l.Entries) || !strings.HasPrefix(l.Entries[i], e) {
		return 0, false
	}
	return uint16(i), i+1 == len(l.Entries) || !strings.HasPrefix(l.Entries[i+1], e)
}

// split parts words that were run together into nine, if there is just one way
// whose check holds; nil otherwise.
func (l *List) split(s string) []string {
	if len(s) > symbols*l.letters {
		return nil
	}
	// ways[i] are the ends of words that can begin at i and leave a way to the end.
	type state struct{ at, left int }
	dead := map[state]bool{}
	var found [][]string
	var walk func(at int, so []string) bool
	walk = func(at int, so []string) bool {
		st := state{at, symbols - len(so)}
		if st.left == 0 {
			if at == len(s) {
				found = append(found, slices.Clone(so))
				return true
			}
			return false
		}
		if dead[st] || len(found) > 64 {
			return false
		}
		any := false
		for end := at + 3; end <= min(len(s), at+l.letters); end++ {
			if _, ok := l.index[s[at:end]]; ok && walk(end, append(so, s[at:end])) {
				any = true
			}
		}
		dead[st] = !any
		return any
	}
	walk(0, nil)
	var good []string
	for _, f := range found {
		if _, err := l.read(f); err == nil {
			if good != nil {
				return nil
			}
			good = f
		}
	}
	if good == nil && len(found) > 0 {
		return found[0] // read again for its error
	}
	return good
}

// nearest gives up to three entries that are spelt most like e.
func (l *List) nearest(e string) []string {
	if l.Lang != "en" || len(e) > 2*l.letters {
		return nil // of characters nobody can say which is near
	}
	type near struct {
		word string
		far  int
	}
	var all []near
	for _, w := range l.Entries {
		if d := distance(e, w); d <= 2 {
			all = append(all, near{w, d})
		}
	}
	slices.SortStableFunc(all, func(a, b near) int { return cmp.Compare(a.far, b.far) })
	var out []string
	for _, n := range all[:min(3, len(all))] {
		out = append(out, n.word)
	}
	return out
}

// distance counts letters put in, left out, changed or swapped with their
// neighbour (Damerau, CACM 7, 1964; the restricted form).
func distance(a, b string) int {
	before, row, next := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		next[0] = i + 1
		for j := range len(b) {
			d := row[j]
			if a[i] != b[j] {
				d++
			}
			d = min(d, row[j+1]+1, next[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				d = min(d, before[j-1]+1)
			}
			next[j+1] = d
		}
		before, row, next = row, next, before
	}
	return row[len(b)]
}
