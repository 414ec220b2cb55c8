package lure

import (
	"cmp"
	"slices"
	"sync"
)

// match is one place where a concept was seen, in bytes of the normal form.
type match struct {
	concept    int
	start, end int32
	clause     int32
	pattern    int32 // or -1 from an extractor
	value      string
}

// pattern is one phrase in one order, and what it speaks for.
type pattern struct {
	concept int
	phrase  string // as the pack has it
	voids   scope  // not a sign but what takes one back
	slots   int    // how many
	base    int    // of its chain records, for patterns of more than one slot
	gaps    []int  // before each slot
}

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
	gen     uint32
	matches []match
	excepts []match // "except" patterns seen
	unless  []match // "unless" patterns seen
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// scan runs the phrases over the stream and leaves matches in sc.matches,
// ordered by concept and place, with what an exception covers removed.
func (p *Packs) scan(sc *scratch) {
	if len(sc.chain) < p.links {
		sc.chain = make([][2]link, p.links)
		sc.gen = 0
	}
	sc.gen++
	if sc.gen == 0 { // after 2^32 scans the stamps begin anew
		clear(sc.chain)
		sc.gen = 1
	}
	sc.matches, sc.excepts, sc.unless = sc.matches[:0], sc.excepts[:0], sc.unless[:0]
	a := p.auto
	at := int32(0)
	for i, r := range sc.st.syms {
		at = a.step(at, r)
		for s := at; s != 0; s = a.states[s].up {
			for _, h := range a.hits[a.states[s].hitFrom:a.states[s].hitTo] {
				p.hit(sc, h, i)
			}
		}
	}
	sc.tidy()
}

func (p *Packs) hit(sc *scratch, h hit, i int) {
	st := &sc.st
	from := i - int(h.length) + 1
	if !st.wordStart(from) {
		return
	}
	end := i
	if !st.wordEnd(i) {
		if !h.open {
			return
		}
		for !st.wordEnd(end) {
			end++
		}
	}
	if h.exact != 0 && !st.numbers(from, i, p.auto.exact[h.exact]) {
		return
	}
	pat := &p.patterns[h.pattern]
	start := from
	if pat.slots > 1 {
		k := int(h.slot)
		if k > 0 {
			prev := sc.chain[pat.base+k-1]
			ok := false
			for _, l := range prev {
				gap := from - int(l.end) - 1
				if l.gen == sc.gen && gap >= 0 && gap <= pat.gaps[k] && st.clause[l.start] == st.clause[from] {
					start, ok = int(l.start), true
					break
				}
			}
			if !ok {
				return
			}
		}
		if k < pat.slots-1 {
			c := &sc.chain[pat.base+k]
			if c[0].gen != sc.gen || int(c[0].end) != end {
				c[1] = c[0]
			}
			c[0] = link{sc.gen, int32(start), int32(end)}
			return
		}
	}
	m := match{concept: pat.concept, start: st.pos[start], end: st.end[end], clause: st.clause[start], pattern: h.pattern}
	switch pat.voids {
	case nothing:
		sc.matches = append(sc.matches, m)
	case overlap:
		sc.excepts = append(sc.excepts, m)
	case clause:
		sc.unless = append(sc.unless, m)
	}
}

// tidy orders the matches, keeps the longest of those that overlap for one
// concept, and drops what an exception touches.
func (sc *scratch) tidy() {
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

// voided says whether an exception of its concept takes a match back.
func (sc *scratch) voided(m match) bool {
	for _, e := range sc.excepts {
		if e.concept == m.concept && e.start < m.end && m.start < e.end {
			return true
		}
	}
	for _, u := range sc.unless {
		if u.concept == m.concept && u.clause == m.clause {
			return true
		}
	}
	return false
}
