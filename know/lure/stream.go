package lure

import (
	"unicode"
	"unicode/utf8"

	"homeward/know/text"
)

// sep stands in the matcher's alphabet for anything that parts words.
const (
	sep    = ' '
	stop   = '\n' // the same at the end of a clause, which no phrase crosses
	number = '0'
)

// stream is a message in the matcher's alphabet: letters as they are, a number
// as one sign, every run of anything else as one sep. A plain space beside a
// number, or beside a letter of a script that is written without spaces,
// vanishes, so that "加 LINE" and "加LINE", "5 k" and "5k" are the same.
type stream struct {
	text   string
	syms   []rune
	pos    []int32 // byte offset of each symbol in the normal form
	end    []int32 // byte offset behind it
	clause []int32 // number of the clause it stands in
	shared bool    // no letter is its languages' own: see own
}

// kind of a rune, looked up for the common ones.
const (
	runeSep   = iota
	runeBreak // ends a clause
	runeWord
	runeTight // a letter of a script without spaces

	runeKind = 3
	runeOwn  = 4 // set beside the kind: see own
)

var runeKinds = func() [1 << 16]uint8 {
	var t [1 << 16]uint8
	for r := range rune(1 << 16) {
		t[r] = classify(r)
		if !common(r) {
			t[r] |= runeOwn
		}
	}
	return t
}()

// common says of a letter that languages with different words share it: a to z,
// and ideographs.
func common(r rune) bool { return r < utf8.RuneSelf || unicode.Is(unicode.Han, r) }

// own says that a letter is not common.
func own(r rune) bool {
	if r < 1<<16 {
		return runeKinds[r]&runeOwn != 0
	}
	return !common(r)
}

func classify(r rune) uint8 {
	switch r {
	case '\n', '!', '。', '…', '।', '။', '។':
		return runeBreak
	}
	if r >= 0x1F1E6 && r <= 0x1F1FF { // half of a flag
		return runeTight
	}
	if !text.Letter(r) {
		return runeSep
	}
	if text.SpaceFree(r) {
		return runeTight
	}
	return runeWord
}

func kindOf(r rune) uint8 {
	if r < 1<<16 {
		return runeKinds[r] & runeKind
	}
	return classify(r)
}

func (st *stream) read(s string) {
	st.syms, st.pos, st.end, st.clause = st.syms[:0], st.pos[:0], st.end[:0], st.clause[:0]
	st.text, st.shared = s, true
	clause := int32(0)
	pending := false // a separator was seen
	plain := true    // and it was nothing but spaces
	pendingAt := 0
	mark := rune(sep) // sep or stop
	last := uint8(runeSep)
	for i := 0; i < len(s); {
		r, n := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(s[i:])
		}
		k := kindOf(r)
		switch {
		case k == runeBreak:
			clause++
			mark = stop
			fallthrough
		case k == runeSep:
			if !pending {
				pending, plain, pendingAt = true, true, i
			}
			if r != ' ' {
				plain = false
			}
			// A full stop before a space ends a clause; one between letters is a disguise.
			if r == '.' && i+1 < len(s) && s[i+1] == ' ' {
				clause++
				mark = stop
			}
		default:
			if digit(r) {
				r, k = number, runeTight
				for i+n < len(s) && (digit(rune(s[i+n])) || (s[i+n] == ',' || s[i+n] == '.') && i+n+1 < len(s) && digit(rune(s[i+n+1]))) {
					n++
				}
			}
			if pending {
				if len(st.syms) > 0 && !(plain && (k == runeTight || last == runeTight)) {
					st.add(mark, pendingAt, i, clause)
				}
				pending, mark = false, sep
			}
			// Two SARA E look like SARA AE, and are often typed for it.
			if l := len(st.syms) - 1; r == 'เ' && l >= 0 && st.syms[l] == 'เ' && int(st.end[l]) == i {
				st.syms[l], st.end[l] = 'แ', int32(i+n)
			} else {
				st.add(r, i, i+n, clause)
			}
			st.shared = st.shared && !own(r)
			last = k
		}
		i += n
	}
}

func (st *stream) add(r rune, from, to int, clause int32) {
	st.syms = append(st.syms, r)
	st.pos = append(st.pos, int32(from))
	st.end = append(st.end, int32(to))
	st.clause = append(st.clause, clause)
}

// wordEnd says whether a match may end with symbol i: not inside a word of a
// script that has spaces.
func (st *stream) wordEnd(i int) bool {
	return i+1 >= len(st.syms) || !joined(st.syms[i], st.syms[i+1])
}

// numbers says whether the numbers among symbols from to last are these.
func (st *stream) numbers(from, last int, want []string) bool {
	k := 0
	for i := from; i <= last; i++ {
		if st.syms[i] != number {
			continue
		}
		if k >= len(want) || want[k] != "" && want[k] != st.text[st.pos[i]:st.end[i]] {
			return false
		}
		k++
	}
	return true
}

// joined says whether two neighbours belong to one word.
func joined(a, b rune) bool {
	return a != number && b != number && kindOf(a) == runeWord && kindOf(b) == runeWord
}

func digit(r rune) bool { return r >= '0' && r <= '9' }
