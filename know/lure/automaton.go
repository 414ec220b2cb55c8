package lure

import "slices"

// automaton finds many literals in one pass (Aho and Corasick, "Efficient
// string matching", CACM 18(6), 1975). The children of a state stand together, in
// the order of their symbols. The root's have a table besides. It follows what begins at the beginning of a word
// alone, since nothing else can be a match.
type automaton struct {
	root   [1 << 16]int32 // by symbol; those beyond are in far
	far    map[rune]int32
	states []state
	ends   []end // the first is none; and one more, where the hits of the last end
	hits   []hit
	groups []group    // of hits of later slots; and one more, as for the hits
	exact  [][]string // the numbers that literals insist on
}

type state struct {
	sym   rune // leads here
	fail  int32
	child int32 // the first of
	many  int32 // so many
	end   int32 // of the longest literal that ends here, or 0
}

// end is where a literal ends: its hits, those of first slots before the others.
type end struct {
	langs        uint64 // of its hits, a bit each
	first, later int32
	group        int32 // the first of the groups of later
	next         int32 // the next shorter literal that ends here too, or 0
	length       int32
}

// group is hits of later slots of an end whose patterns stand in one word of
// scratch.begun, in their order. A common word is a later slot of hundreds of
// patterns, few of which have begun in a text: a look at a word passes over
// sixty-four of them.
type group struct {
	patterns uint64 // a bit each
	word     int32  // in scratch.begun
	hit      int32  // the first; the last stands before the first of the next group
}

// hit says that slot `slot` of pattern `pattern` ends here. It holds what most
// hits need, so that they need not look further.
type hit struct {
	pattern int32
	record  int32  // of the slot, in scratch.chain and Packs.slots
	exact   uint16 // in automaton.exact, or 0
	slot    int8
	reach   int8 // how far behind it a slot that follows may begin
	lang    int8 // of the pattern, by number, or anyLang
	open    bool
	last    bool // no slot follows
	repeats bool // the slot may come twice
}

// anyLang stands for the language of patterns that are at home in every text.
const anyLang = 63

// builder gathers literals before the automaton is made.
type builder struct {
	known  map[string]int32 // spellings met before: most phrases share their words
	folded []folded
	syms   []rune // of all spellings
	hits   []pending
	exact  [][]string
	reader folder
}

// folded is a spelling in the matcher's alphabet.
type folded struct {
	from, to int32  // in builder.syms
	exact    uint16 // in builder.exact, or 0
	open     bool
}

// pending is a hit and its spelling, by number.
type pending struct {
	spelling int32
	hit
}

// newBuilder makes room for so many spellings and hits, and takes more.
func newBuilder(spellings, hits int) *builder {
	return &builder{
		known: make(map[string]int32, spellings), folded: make([]folded, 0, spellings), syms: make([]rune, 0, 8*spellings),
		hits: make([]pending, 0, hits), exact: make([][]string, 1),
	}
}

func (b *builder) of(spelling int32) []rune {
	f := &b.folded[spelling]
	return b.syms[f.from:f.to]
}

// fold gives the number of a spelling.
func (b *builder) fold(spelling string) int32 {
	n, ok := b.known[spelling]
	if !ok {
		n = b.insert(b.reader.fold(spelling))
		b.known[spelling] = n
	}
	return n
}

func (b *builder) insert(l literal) int32 {
	f := folded{from: int32(len(b.syms)), open: l.open}
	b.syms = append(b.syms, l.syms...)
	f.to = int32(len(b.syms))
	if l.exact != nil {
		f.exact = uint16(len(b.exact))
		b.exact = append(b.exact, l.exact)
	}
	b.folded = append(b.folded, f)
	return int32(len(b.folded) - 1)
}

// add says that a spelling is one of a slot's.
func (b *builder) add(spelling int32, h hit) {
	f := &b.folded[spelling]
	h.exact, h.open = f.exact, f.open
	b.hits = append(b.hits, pending{spelling, h})
}

// sorted is a spelling in its place among all.
type sorted struct {
	syms     []rune
	spelling int32
}

func (b *builder) build() *automaton {
	all := make([]sorted, len(b.folded))
	for i := range all {
		all[i] = sorted{b.of(int32(i)), int32(i)}
	}
	slices.SortFunc(all, func(x, y sorted) int { return slices.Compare(x.syms, y.syms) })
	a := &automaton{far: map[rune]int32{}, exact: b.exact}
	a.grow(all, a.gather(b, all))
	return a
}

// gather puts the hits of one literal together, and gives each spelling's end.
func (a *automaton) gather(b *builder, all []sorted) []int32 {
	endOf := make([]int32, len(all))
	a.ends = make([]end, 1, len(all)+2)
	for i, s := range all {
		if i == 0 || !slices.Equal(s.syms, all[i-1].syms) {
			a.ends = append(a.ends, end{length: int32(len(s.syms))})
		}
		endOf[s.spelling] = int32(len(a.ends) - 1)
	}
	a.ends = append(a.ends, end{})
	for _, h := range b.hits {
		if e := &a.ends[endOf[h.spelling]]; h.slot == 0 {
			e.first++
		} else {
			e.later++
		}
	}
	n := int32(0)
	for i := range a.ends {
		e := &a.ends[i]
		first, later := e.first, e.later
		e.first, e.later = n, n+first
		n += first + later
	}
	a.hits = make([]hit, n)
	filled := make([][2]int32, len(a.ends))
	for _, h := range b.hits {
		i := endOf[h.spelling]
		if h.slot == 0 {
			a.hits[a.ends[i].first+filled[i][0]] = h.hit
			filled[i][0]++
		} else {
			a.hits[a.ends[i].later+filled[i][1]] = h.hit
			filled[i][1]++
		}
	}
	a.group()
	return endOf
}

// group makes the groups of all ends, and says what languages meet there.
func (a *automaton) group() {
	for i := range len(a.ends) - 1 {
		e := &a.ends[i]
		e.group = int32(len(a.groups))
		for k := e.later; k < a.ends[i+1].first; k++ {
			word := a.hits[k].pattern / 64
			if n := int32(len(a.groups)); n == e.group || a.groups[n-1].word != word {
				a.groups = append(a.groups, group{word: word, hit: k})
			}
			a.groups[len(a.groups)-1].patterns |= 1 << (a.hits[k].pattern % 64)
		}
		for _, h := range a.hits[e.first:a.ends[i+1].first] {
			e.langs |= 1 << h.lang
		}
	}
	a.ends[len(a.ends)-1].group = int32(len(a.groups))
	a.groups = append(a.groups, group{hit: int32(len(a.hits))})
}

// span is the spellings that begin with what leads to a state.
type span struct{ from, to, length int32 }

// grow makes the states, breadth first: what a failure link leads to is there
// before the states that need it.
func (a *automaton) grow(all []sorted, endOf []int32) {
	a.states = make([]state, 1, 4*len(all)+2)
	spans := make([]span, 1, cap(a.states))
	spans[0] = span{to: int32(len(all))}
	for at := int32(0); int(at) < len(a.states); at++ {
		s := spans[at]
		a.states[at].child = int32(len(a.states))
		a.states[at].end = a.states[a.states[at].fail].end
		if s.from < s.to && len(all[s.from].syms) == int(s.length) {
			e := endOf[all[s.from].spelling]
			a.ends[e].next = a.states[at].end
			a.states[at].end = e
			for s.from < s.to && len(all[s.from].syms) == int(s.length) {
				s.from++
			}
		}
		for s.from < s.to {
			sym := all[s.from].syms[s.length]
			to := s.from
			for to < s.to && all[to].syms[s.length] == sym {
				to++
			}
			c := state{sym: sym}
			switch {
			case at != 0:
				c.fail = a.step(a.states[at].fail, a.states[at].sym, sym)
			case sym < 1<<16:
				a.root[sym] = int32(len(a.states))
			default:
				a.far[sym] = int32(len(a.states))
			}
			a.states = append(a.states, c)
			a.states[at].many++
			spans = append(spans, span{s.from, to, s.length + 1})
			s.from = to
		}
	}
	a.settle()
}

// settle numbers the states anew, so that what is read one after the other stands
// together: most states have one child, and then it is the next.
func (a *automaton) settle() {
	old := a.states
	at := make([]int32, len(old)) // where each stands from now on
	next := int32(1)
	stack := []int32{0} // whose children have no place yet
	for len(stack) > 0 {
		s := old[stack[len(stack)-1]]
		stack = stack[:len(stack)-1]
		for c := s.child + s.many - 1; c >= s.child; c-- {
			at[c] = next + c - s.child
			stack = append(stack, c)
		}
		next += s.many
	}
	a.states = make([]state, len(old))
	for i, s := range old {
		s.fail = at[s.fail]
		if s.many > 0 {
			s.child = at[s.child]
		}
		a.states[at[i]] = s
	}
	for sym := range a.root {
		a.root[sym] = at[a.root[sym]]
	}
	for sym, s := range a.far {
		a.far[sym] = at[s]
	}
}

// step leads from a state over a symbol; last is the symbol before it.
func (a *automaton) step(at int32, last, sym rune) int32 {
	for at != 0 {
		s := &a.states[at]
		if i := find(a.states[s.child:s.child+s.many], sym); i >= 0 {
			return s.child + int32(i)
		}
		at = s.fail
	}
	switch {
	case joined(last, sym):
		return 0
	case sym < 1<<16:
		return a.root[sym]
	}
	return a.far[sym]
}

// find gives which of these states a symbol leads to, or -1.
func find(states []state, sym rune) int {
	if len(states) < 8 {
		for i := range states {
			if states[i].sym == sym {
				return i
			}
		}
		return -1
	}
	lo, hi := 0, len(states)
	for lo < hi {
		if mid := (lo + hi) / 2; states[mid].sym < sym {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(states) && states[lo].sym == sym {
		return lo
	}
	return -1
}
