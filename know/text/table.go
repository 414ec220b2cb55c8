package text

import (
	"strings"
	"unicode/utf8"
)

// An entry says what to do at a code point: a class, properties, and in the
// low bits what the class needs: the target of a swap, the number of an
// expansion, the canonical combining class of a mark.
type entry uint32

const (
	// Classes. The zero class stays as it is.
	swap      entry = 1 << 21 // is matched as one other character
	expand    entry = 2 << 21 // is matched as several
	drop      entry = 3 << 21 // is left out
	space     entry = 4 << 21 // white space, control character, picture
	newline   entry = 5 << 21
	noise     entry = 6 << 21 // may stand between letters to hide a word
	mark      entry = 7 << 21 // combining mark of one script
	compose   entry = 8 << 21 // may melt into what stands before it
	diacritic entry = 9 << 21 // the same, and is dropped if it does not
	regional  entry = 10 << 21

	classMask entry = 15 << 21
	valueMask entry = 1<<21 - 1

	// Properties.
	letter  entry = 1 << 25 // letter, mark or digit
	free    entry = 1 << 26 // letter of a script written without spaces
	plain   entry = 1 << 27 // Grapheme_Cluster_Break=Other and no pictograph
	prepend entry = 1 << 28 // Grapheme_Cluster_Break=Prepend
	head    entry = 1 << 29 // may compose with what follows
)

// span is a run of code points from lo that share entry and script.
type span struct {
	lo     rune
	entry  entry
	script uint8
}

// Han characters that only one way of writing Chinese has. They stand in the
// place of a script in the table, and count as Han.
const (
	scriptHant = uint8(len(scriptNames)) + iota
	scriptHans
)

const blockSize = 64

// trie holds entry and script of each code point below trieEnd, in blocks of
// which equal ones are stored once.
type trie struct {
	index   [trieEnd/blockSize + 1]uint16
	entries []entry
	scripts []uint8
	long    []string
}

var table = build()

// lookup gives the entry of any rune.
func lookup(r rune) entry {
	if uint32(r) < trieEnd {
		return table.entries[int(table.index[r/blockSize])*blockSize+int(r%blockSize)]
	}
	switch {
	case r >= 0xE0000 && r < 0xE1000:
		return drop // tags, variation selectors and what is reserved for their like
	case r >= 0xF0000:
		return space | plain // private use
	}
	return plain
}

// script gives the number of a rune's script: an index of scriptNames, 0 for
// none, or one of the two kinds of Han above.
func script(r rune) uint8 {
	if uint32(r) >= trieEnd {
		return 0
	}
	return table.scripts[int(table.index[r/blockSize])*blockSize+int(r%blockSize)]
}

// Letter reports whether r is a letter, mark or digit of a word in normal form.
func Letter(r rune) bool { return lookup(r)&letter != 0 }

// SpaceFree reports whether r is a letter (or mark) of a script written without
// spaces between words: Han, Kana, Bopomofo, Thai, Lao, Khmer, Myanmar; or of
// Hangul, whose spacing varies. Digits are not.
func SpaceFree(r rune) bool { return lookup(r)&free != 0 }

func build() *trie {
	const room = 1000 * blockSize // a little more than there are
	t := &trie{entries: make([]entry, 0, room), scripts: make([]uint8, 0, room)}
	overlaid := t.blocksOverlaid()
	uniform := map[span]uint16{}
	at := 0
	for b := range t.index {
		lo := rune(b * blockSize)
		for at+1 < len(spans) && spans[at+1].lo <= lo {
			at++
		}
		s := span{0, spans[at].entry, spans[at].script}
		whole := !overlaid[b] && (at+1 == len(spans) || spans[at+1].lo >= lo+blockSize)
		if n, ok := uniform[s]; whole && ok {
			t.index[b] = n
			continue
		}
		t.index[b] = uint16(len(t.entries) / blockSize)
		if whole {
			uniform[s] = t.index[b]
		}
		for r, k := lo, at; r < lo+blockSize; r++ {
			for k+1 < len(spans) && spans[k+1].lo <= r {
				k++
			}
			t.entries = append(t.entries, spans[k].entry)
			t.scripts = append(t.scripts, spans[k].script)
		}
	}
	t.overlay()
	return t
}

// blocksOverlaid lists the blocks in which single code points differ.
func (t *trie) blocksOverlaid() []bool {
	in := make([]bool, len(t.index))
	for _, s := range []string{hantOnly, hansOnly} {
		for _, r := range s {
			in[r/blockSize] = true
		}
	}
	for _, s := range []string{ideographs, swaps} {
		for i := 0; i < len(s); {
			r, _, n := pair(s[i:])
			in[r/blockSize] = true
			i += n
		}
	}
	for line := range strings.Lines(expansions) {
		r, _ := utf8.DecodeRuneInString(line)
		in[r/blockSize] = true
	}
	return in
}

func (t *trie) overlay() {
	slot := func(r rune) int { return int(t.index[r/blockSize])*blockSize + int(r%blockSize) }
	set := func(r rune, class, value entry) {
		e := &t.entries[slot(r)]
		*e = *e&^(classMask|valueMask) | class | value
	}
	for _, s := range []string{ideographs, swaps} {
		for i := 0; i < len(s); {
			r, to, n := pair(s[i:])
			set(r, swap, entry(to))
			i += n
		}
	}
	for line := range strings.Lines(expansions) {
		r, n := utf8.DecodeRuneInString(line)
		set(r, expand, entry(len(t.long)))
		t.long = append(t.long, line[n:len(line)-1])
	}
	for _, r := range hantOnly {
		t.scripts[slot(r)] = scriptHant
	}
	for _, r := range hansOnly {
		t.scripts[slot(r)] = scriptHans
	}
}

// pair decodes the two runes at the start of s and says how long they are.
func pair(s string) (a, b rune, n int) {
	a, n = utf8.DecodeRuneInString(s)
	b, m := utf8.DecodeRuneInString(s[n:])
	return a, b, n + m
}
