package lure

import (
	"cmp"
	"slices"
	"sync"
	"unicode"
	"unicode/utf8"

	"homeward/know/wording"
)

// match is one place where a concept was seen, in bytes of the normal form.
type match struct {
	concept    int
	start, end int32
	clause     int32
	pattern    int32 // or -1 from an extractor
	lang       int32 // of the phrase, by number
	value      string
}

// pattern is one phrase in one order, and what it speaks for.
type pattern struct {
	concept int
	phrase  string // as the pack has it
	lang    int32  // of the pack, by number; both Chinese packs are one
	voids   scope  // not a sign but what takes one back
	base    int    // of its chain records, for patterns of more than one slot
	slots   []step
}

// step is what the scan needs to know of a slot.
type step struct{ gap, optional, repeats bool }

// scope is how far a pattern that takes a sign back reaches.
type scope uint8

const (
	nothing scope = iota // it is a sign
	overlap              // voids what it overlaps ("except")
	clause               // voids what stands in its clause ("unless")
)

// link is how far a pattern of several slots has come: where it began and
// where its latest slot ended, in symbols.
type link struct {
	gen        uint32
	start, end int32
}

// scratch is what one scan needs, used again by the next.
type scratch struct {
	st      stream
	chain   [][2]link
	active  []uint32 // per pattern: the scan in which a slot of it was last seen
	gen     uint32
	matches []match
	excepts []match // "except" patterns seen
	unless  []match // "unless" patterns seen
	longest int32   // of excepts, in bytes
	bins    []wording.Likeness
	foreign uint64 // languages, by number, that the text has no word of
}

// maxKept is the longest text, in symbols, whose working memory is kept for the next.
const maxKept = 1 << 18

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// scan runs the phrases over the stream and leaves matches in sc.matches,
// ordered by concept and place, with what an exception covers removed.
func (p *Packs) scan(sc *scratch) {
	if len(sc.chain) < p.links {
		sc.chain = make([][2]link, p.links)
		sc.active = make([]uint32, len(p.patterns))
		sc.gen = 0
	}
	sc.gen++
	if sc.gen == 0 { // after 2^32 scans the stamps begin anew
		clear(sc.chain)
		clear(sc.active)
		sc.gen = 1
	}
	sc.matches, sc.excepts, sc.unless = sc.matches[:0], sc.excepts[:0], sc.unless[:0]
	a := p.auto
	st := &sc.st
	at := int32(0)
	for i, r := range st.syms {
		at = a.step(at, r)
		for s := at; s != 0; s = a.states[s].up {
			hits := a.hits[a.states[s].hitFrom:a.states[s].hitTo]
			if len(hits) == 0 {
				continue // the state itself has none; those above it may
			}
			// All that end in one state are one literal: its bounds are looked at once.
			from := i - int(hits[0].length) + 1
			if !st.wordStart(from) {
				continue
			}
			whole := st.wordEnd(i)
			for k := range hits {
				h := &hits[k]
				// Most hits are small words inside phrases that have not begun.
				if h.slot > 0 && sc.active[h.pattern] != sc.gen || !whole && !h.open {
					continue
				}
				p.hit(sc, h, from, i)
			}
		}
	}
	sc.tidy()
}

// hit takes up that a literal, one slot of a pattern, stands at symbols from to i.
func (p *Packs) hit(sc *scratch, h *hit, from, i int) {
	st := &sc.st
	if h.exact != 0 && !st.numbers(from, i, p.auto.exact[h.exact]) {
		return
	}
	end := i
	if h.open {
		for !st.wordEnd(end) {
			end++
		}
	}
	pat := &p.patterns[h.pattern]
	start := from
	if len(pat.slots) > 1 {
		k := int(h.slot)
		began, ok := sc.before(pat, k, from)
		switch {
		case ok:
			start = began
		case k > 0:
			return
		}
		c := &sc.chain[pat.base+k]
		if c[0].gen != sc.gen || int(c[0].end) != end {
			c[1] = c[0]
		}
		c[0] = link{sc.gen, int32(start), int32(end)}
		sc.active[h.pattern] = sc.gen
		if k < len(pat.slots)-1 {
			return
		}
	}
	if sc.foreign&(1<<pat.lang) != 0 && pat.voids != clause && st.shared(start, end) {
		return
	}
	m := match{concept: pat.concept, start: st.pos[start], end: st.end[end], clause: st.clause[start], pattern: h.pattern, lang: pat.lang}
	switch pat.voids {
	case nothing:
		sc.matches = append(sc.matches, m)
	case overlap:
		sc.excepts = append(sc.excepts, m)
	case clause:
		sc.unless = append(sc.unless, m)
	}
}

// shared says that symbols from to i hold no letter but those that languages
// with different words have in common: a to z, and ideographs.
func (st *stream) shared(from, i int) bool {
	return !slices.ContainsFunc(st.syms[from:i+1], func(r rune) bool {
		return r >= utf8.RuneSelf && !unicode.Is(unicode.Han, r)
	})
}

// before looks for a slot that slot k may follow and that ended just before
// symbol from, or a gap before it; it gives the symbol where the chain began.
func (sc *scratch) before(pat *pattern, k, from int) (int, bool) {
	st := &sc.st
	gap := false
	j := k
	if !pat.slots[k].repeats {
		gap = pat.slots[k].gap
		j--
	}
	for ; j >= 0; j-- {
		for _, l := range sc.chain[pat.base+j] {
			if l.gen != sc.gen {
				continue
			}
			apart := from - int(l.end) - 1
			switch {
			case apart == 0, apart == 1 && st.syms[from-1] == sep:
				return int(l.start), true
			case gap && apart > 0 && apart <= maxGap && st.clause[l.start] == st.clause[from]:
				return int(l.start), true
			}
		}
		if j < k && !pat.slots[j].optional {
			break
		}
		gap = gap || pat.slots[j].gap
	}
	return 0, false
}

// tidy orders the matches, keeps the longest of those that overlap for one
// concept, and drops what an exception touches.
func (sc *scratch) tidy() {
	slices.SortFunc(sc.excepts, byConceptAndStart)
	slices.SortFunc(sc.unless, byConceptAndClause)
	sc.longest = 0
	for _, e := range sc.excepts {
		sc.longest = max(sc.longest, e.end-e.start)
	}
	slices.SortFunc(sc.matches, func(a, b match) int {
		return cmp.Or(cmp.Compare(a.concept, b.concept), cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end))
	})
	kept := sc.matches[:0]
	for _, m := range sc.matches {
		if n := len(kept); n > 0 && kept[n-1].concept == m.concept && m.start < kept[n-1].end {
			if m.end-m.start > kept[n-1].end-kept[n-1].start && !sc.voided(m) {
				kept[n-1] = m
			}
			continue
		}
		if !sc.voided(m) {
			kept = append(kept, m)
		}
	}
	sc.matches = kept
}

// voided says whether an exception of its concept takes a match back: one of
// any language that overlaps it, since people mix languages within a phrase, or
// one of its own language in the clause. Both lists are in order, see tidy.
func (sc *scratch) voided(m match) bool {
	// An exception that overlaps begins before the match ends; those of one
	// concept are few and short, so that a look back over a gap's length is enough.
	i, _ := slices.BinarySearchFunc(sc.excepts, match{concept: m.concept, start: m.end}, byConceptAndStart)
	for i--; i >= 0 && sc.excepts[i].concept == m.concept; i-- {
		if sc.excepts[i].end > m.start {
			return true
		}
		if sc.excepts[i].start < m.start-sc.longest {
			break
		}
	}
	_, found := slices.BinarySearchFunc(sc.unless, m, byConceptAndClause)
	return found
}

func byConceptAndStart(a, b match) int {
	return cmp.Or(cmp.Compare(a.concept, b.concept), cmp.Compare(a.start, b.start))
}

func byConceptAndClause(a, b match) int {
	return cmp.Or(cmp.Compare(a.concept, b.concept), cmp.Compare(a.lang, b.lang), cmp.Compare(a.clause, b.clause))
}
