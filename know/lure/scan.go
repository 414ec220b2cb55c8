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
	lang       int32 // of the phrase, by number
	value      string
}

// pattern is one phrase in one order, and what it speaks for.
type pattern struct {
	phrase  string // as the pack has it
	concept int32
	lang    int32 // of the pack, by number; both Chinese packs are one
	voids   scope // not a sign but what takes one back
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
type link struct{ start, end int32 }

// scratch is what one scan needs, used again by the next. Symbols are counted
// on from scan to scan, so that what an earlier one left is out of reach.
type scratch struct {
	st      stream
	base    int32     // number of the first symbol of this scan
	first   [][2]link // per pattern, of its first slot
	chain   [][2]link // per slot, of the others
	alive   []int32   // per pattern: the last symbol where a slot but the first may begin
	begun   []uint64  // a bit per pattern: a slot of it was seen in this text
	matches []match
	excepts []match // "except" patterns seen
	unless  []match // "unless" patterns seen
	judge   judge
	foreign uint64 // languages, by number, that the text has no word of
	endings []ending
	reached int // the symbol of the last ending taken up
	left    int // steps, there
	steps   int // taken, and
	passed  int // literals passed over to hold the bound
}

// maxKept is the longest text, in symbols, whose working memory is kept for the next.
const maxKept = 1 << 18

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// A text of the words of many phrases, made to be slow, must not hold a core for
// seconds. So each symbol brings some steps, and those not needed are saved up;
// where none are left, literals are passed over until there are. A step is about
// what a look at one hit costs: a nanosecond. An ordinary text takes 100 a symbol;
// TestFlood holds that none is passed over.
const (
	stepsEach  = 300
	stepsSaved = 1 << 20 // at the beginning, and at most
	stepsTaken = 8       // to take a hit up
	stepsMatch = 32      // to sort a match in
)

// ending is a literal that ends at a symbol.
type ending struct{ end, at int32 }

// ahead is how many endings are gathered before they are taken up. Taken up one by one
// they push what the automaton needs next out of the nearest memory, and the scan takes
// a tenth longer.
const ahead = 64

// scan runs the phrases over the stream and leaves matches in sc.matches,
// ordered by concept and place, with what an exception covers removed.
func (p *Packs) scan(sc *scratch) {
	sc.begin(p)
	a := p.auto
	away := uint64(0) // languages whose patterns have nothing to find here
	if sc.st.shared {
		away = sc.foreign
	}
	at, last := int32(0), rune(sep)
	for i, r := range sc.st.syms {
		at = a.step(at, last, r)
		last = r
		for e := a.states[at].end; e != 0; e = a.ends[e].next {
			if a.ends[e].langs&^away != 0 {
				sc.endings = append(sc.endings, ending{e, int32(i)})
			}
		}
		if len(sc.endings) >= ahead {
			p.take(sc, away)
		}
	}
	p.take(sc, away)
	sc.base += int32(len(sc.st.syms))
	sc.tidy()
}

// take takes up the endings that were gathered.
func (p *Packs) take(sc *scratch, away uint64) {
	a, st := p.auto, &sc.st
	for _, x := range sc.endings {
		i := int(x.at)
		sc.left = min(sc.left+stepsEach*(i-sc.reached), stepsSaved)
		sc.reached = i
		if sc.left <= 0 {
			sc.passed++
			continue
		}
		// All that end here are one literal: its bounds are looked at once.
		end, next := &a.ends[x.end], &a.ends[x.end+1]
		whole := st.wordEnd(i)
		from := i - int(end.length) + 1
		first := a.hits[end.first:end.later]
		before := len(sc.matches) + len(sc.excepts) + len(sc.unless)
		taken := len(first)
		for k := range first {
			if h := &first[k]; (whole || h.open) && away>>h.lang&1 == 0 {
				p.hit(sc, h, from, i)
			}
		}
		// Most are small words inside phrases that have not begun.
		begin := sc.base + int32(from)
		groups := a.groups[end.group : next.group+1]
		for g := range groups[1:] {
			if sc.begun[groups[g].word]&groups[g].patterns == 0 {
				continue
			}
			later := a.hits[groups[g].hit:min(groups[g+1].hit, next.first)]
			for k := range later {
				if h := &later[k]; sc.alive[h.pattern] >= begin && (whole || h.open) {
					p.hit(sc, h, from, i)
					taken++
				}
			}
		}
		found := len(sc.matches) + len(sc.excepts) + len(sc.unless) - before
		steps := int(next.first-end.later) + taken*stepsTaken + found*stepsMatch
		sc.left -= steps
		sc.steps += steps
	}
	sc.endings = sc.endings[:0]
}

// begin makes ready for the symbols that st holds.
func (sc *scratch) begin(p *Packs) {
	if len(sc.chain) < len(p.slots) || len(sc.alive) < len(p.patterns) || sc.base > 1<<30 {
		sc.first = make([][2]link, len(p.patterns))
		sc.chain = make([][2]link, len(p.slots))
		sc.alive = make([]int32, len(p.patterns))
		sc.begun = make([]uint64, len(p.patterns)/64+1)
		sc.base = 0
	}
	clear(sc.begun)
	sc.base += maxGap + 2 // out of reach of what was there before
	sc.matches, sc.excepts, sc.unless, sc.passed, sc.steps = sc.matches[:0], sc.excepts[:0], sc.unless[:0], 0, 0
	sc.endings, sc.reached, sc.left = sc.endings[:0], 0, stepsSaved
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
	start := from
	if h.slot > 0 || !h.last {
		k := int32(h.slot)
		if k > 0 || h.repeats {
			began, ok := sc.before(p.slots[h.record-k:], h, from)
			switch {
			case ok:
				start = began
			case k > 0:
				return
			}
		}
		c := sc.links(h, k)
		l := link{sc.base + int32(start), sc.base + int32(end)}
		if c[0].end != l.end {
			c[1] = c[0]
		}
		c[0] = l
		sc.begun[h.pattern/64] |= 1 << (h.pattern % 64)
		sc.alive[h.pattern] = max(sc.alive[h.pattern], l.end+1+int32(h.reach))
		if !h.last {
			return
		}
	}
	pat := &p.patterns[h.pattern]
	if sc.foreign>>h.lang&1 != 0 && st.sharedFrom(start, end) {
		return
	}
	m := match{concept: int(pat.concept), start: st.pos[start], end: st.end[end], clause: st.clause[start], pattern: h.pattern, lang: pat.lang}
	switch pat.voids {
	case nothing:
		sc.matches = append(sc.matches, m)
	case overlap:
		sc.excepts = append(sc.excepts, m)
	case clause:
		sc.unless = append(sc.unless, m)
	}
}

// sharedFrom says that symbols from to i hold no letter but those that languages
// with different words have in common: a to z, and ideographs.
func (st *stream) sharedFrom(from, i int) bool {
	return st.shared || !slices.ContainsFunc(st.syms[from:i+1], own)
}

// before looks for a slot that slot k may follow and that ended just before
// symbol from, or a gap before it; it gives the symbol where the chain began.
func (sc *scratch) before(slots []step, h *hit, from int) (int, bool) {
	st := &sc.st
	gap := false
	k := int32(h.slot)
	j := k
	if !slots[k].repeats {
		gap = slots[k].gap
		j--
	}
	begin := sc.base + int32(from)
	for ; j >= 0; j-- {
		for _, l := range sc.links(h, j) {
			switch apart := begin - l.end - 1; {
			case apart == 0, apart == 1 && st.syms[from-1] == sep,
				gap && apart > 0 && apart <= maxGap && st.clause[l.start-sc.base] == st.clause[from]:
				return int(l.start - sc.base), true
			}
		}
		if j < k && !slots[j].optional {
			break
		}
		gap = gap || slots[j].gap
	}
	return 0, false
}

// links gives how far slot k of a hit's pattern has come. Those of first slots stand
// by themselves, since most patterns come no further.
func (sc *scratch) links(h *hit, k int32) *[2]link {
	if k == 0 {
		return &sc.first[h.pattern]
	}
	return &sc.chain[h.record-int32(h.slot)+k]
}

// tidy orders the matches, keeps the longest of those that overlap for one
// concept, and drops what an exception touches.
func (sc *scratch) tidy() {
	reaching(sc.excepts)
	slices.SortFunc(sc.unless, byConceptAndClause)
	slices.SortFunc(sc.matches, byConceptAndPlace)
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

// reaching orders exceptions, and lets each reach as far as those before it: the
// last one that begins before a match ends then says whether any overlaps it.
func reaching(es []match) {
	slices.SortFunc(es, byConceptAndStart)
	for i := 1; i < len(es); i++ {
		if e, last := &es[i], es[i-1]; e.concept == last.concept {
			e.end = max(e.end, last.end)
		}
	}
}

// voided says whether an exception of its concept takes a match back: one of any
// language of the text that overlaps it, since people mix languages within a phrase
// ("walang placement fee"), or one of its own language in the clause.
func (sc *scratch) voided(m match) bool {
	i, _ := slices.BinarySearchFunc(sc.excepts, match{concept: m.concept, start: m.end}, byConceptAndStart)
	if i > 0 && sc.excepts[i-1].concept == m.concept && sc.excepts[i-1].end > m.start {
		return true
	}
	_, found := slices.BinarySearchFunc(sc.unless, m, byConceptAndClause)
	return found
}

// The orders compare one thing after the other, since the first nearly always
// decides.

// byConceptAndPlace puts the longer first of those that begin together, and the
// earlier pattern first of those that say the same.
func byConceptAndPlace(a, b match) int {
	switch {
	case a.concept != b.concept:
		return cmp.Compare(a.concept, b.concept)
	case a.start != b.start:
		return cmp.Compare(a.start, b.start)
	case a.end != b.end:
		return cmp.Compare(b.end, a.end)
	}
	return cmp.Compare(a.pattern, b.pattern)
}

func byConceptAndStart(a, b match) int {
	if a.concept != b.concept {
		return cmp.Compare(a.concept, b.concept)
	}
	return cmp.Compare(a.start, b.start)
}

func byConceptAndClause(a, b match) int {
	switch {
	case a.concept != b.concept:
		return cmp.Compare(a.concept, b.concept)
	case a.lang != b.lang:
		return cmp.Compare(a.lang, b.lang)
	}
	return cmp.Compare(a.clause, b.clause)
}
