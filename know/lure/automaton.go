package lure

import (
	"cmp"
	"slices"
)

// automaton finds many literals in one pass (Aho and Corasick, "Efficient
// string matching", CACM 18(6), 1975). The root has a table of its own; every
// other state keeps its few edges sorted.
type automaton struct {
	root   [1 << 16]int32 // by symbol; those beyond are in far
	far    map[rune]int32
	states []state
	edges  []edge
	hits   []hit      // of all states, each state's own together
	exact  [][]string // the numbers that literals insist on
}

type state struct {
	fail     int32
	up       int32 // nearest state along the failure links that has hits, or 0
	from, to int32 // its edges
	hitFrom  int32
	hitTo    int32
}

type edge struct {
	from int32
	sym  rune
	to   int32
}

// hit says that slot `slot` of pattern `pattern` ends here.
type hit struct {
	pattern int32
	length  int16
	slot    int8
	open    bool
	exact   int32 // in automaton.exact, or 0
}

// builder gathers literals before the automaton is made.
type builder struct {
	next   map[place]int32   // the trie
	known  map[string]folded // spellings met before: most phrases share their words
	hits   [][]hit
	exact  [][]string
	reader folder
}

// folded is a spelling in the matcher's alphabet, and the state it leads to.
type folded struct {
	literal
	state int32
}

// place is a state and the symbol that leads on from it.
type place struct {
	state int32
	sym   rune
}

func newBuilder() *builder {
	return &builder{next: make(map[place]int32, 1<<17), known: make(map[string]folded, 1<<16), hits: make([][]hit, 1, 1<<16), exact: make([][]string, 1)}
}

// fold gives a spelling in the matcher's alphabet, and its state.
func (b *builder) fold(spelling string) folded {
	f, ok := b.known[spelling]
	if !ok {
		f.literal = b.reader.fold(spelling)
		f.state = b.state(f.syms)
		b.known[spelling] = f
	}
	return f
}

// state leads through the trie, and on where it ends.
func (b *builder) state(syms []rune) int32 {
	at := int32(0)
	for _, r := range syms {
		to, ok := b.next[place{at, r}]
		if !ok {
			to = int32(len(b.hits))
			b.next[place{at, r}] = to
			b.hits = append(b.hits, nil)
		}
		at = to
	}
	return at
}

// add says that a spelling is one of a slot's.
func (b *builder) add(l folded, pattern, slot int) {
	h := hit{pattern: int32(pattern), length: int16(len(l.syms)), slot: int8(slot), open: l.open}
	if l.exact != nil {
		h.exact = int32(len(b.exact))
		b.exact = append(b.exact, l.exact)
	}
	b.hits[l.state] = append(b.hits[l.state], h)
}

func (b *builder) build() *automaton {
	a := &automaton{far: map[rune]int32{}, states: make([]state, len(b.hits)), exact: b.exact}
	for p, to := range b.next {
		a.edges = append(a.edges, edge{p.state, p.sym, to})
		switch {
		case p.state != 0:
		case p.sym < 1<<16:
			a.root[p.sym] = to
		default:
			a.far[p.sym] = to
		}
	}
	slices.SortFunc(a.edges, func(x, y edge) int { return cmp.Or(cmp.Compare(x.from, y.from), cmp.Compare(x.sym, y.sym)) })
	e := int32(0)
	for i := range a.states {
		s := &a.states[i]
		s.from = e
		for int(e) < len(a.edges) && a.edges[e].from == int32(i) {
			e++
		}
		s.to = e
		s.hitFrom = int32(len(a.hits))
		a.hits = append(a.hits, b.hits[i]...)
		s.hitTo = int32(len(a.hits))
	}
	// Breadth first, so that a state's failure link is known before its children's.
	queue := make([]int32, 0, len(a.states))
	for _, e := range a.edges[a.states[0].from:a.states[0].to] {
		queue = append(queue, e.to)
	}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		s := a.states[at]
		for _, e := range a.edges[s.from:s.to] {
			f := a.step(s.fail, e.sym)
			c := &a.states[e.to]
			c.fail = f
			if t := a.states[f]; t.hitTo > t.hitFrom {
				c.up = f
			} else {
				c.up = t.up
			}
			queue = append(queue, e.to)
		}
	}
	return a
}

func (a *automaton) step(at int32, sym rune) int32 {
	for at != 0 {
		s := &a.states[at]
		if to := find(a.edges[s.from:s.to], sym); to != 0 {
			return to
		}
		at = s.fail
	}
	if sym < 1<<16 {
		return a.root[sym]
	}
	return a.far[sym]
}

func find(edges []edge, sym rune) int32 {
	if len(edges) < 8 {
		for i := range edges {
			if edges[i].sym == sym {
				return edges[i].to
			}
		}
		return 0
	}
	lo, hi := 0, len(edges)
	for lo < hi {
		mid := (lo + hi) / 2
		if edges[mid].sym < sym {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(edges) && edges[lo].sym == sym {
		return edges[lo].to
	}
	return 0
}
