package name

import (
	"math"
	"slices"
)

// Sketch is a Chinese name in ten bytes: enough to see in a hundred nanoseconds
// whether a look at the whole is worth it. It belongs to one version of the
// tables. The zero Sketch is a name of another kind.
type Sketch struct {
	Kind  SketchKind
	Parts [4]uint16 // two of the surname, two of the given name; 0 is none
}

// SketchKind says what the parts of a Sketch are.
type SketchKind uint8

// The kinds of sketches.
const (
	NoSketch   SketchKind = iota
	Characters            // places in the table of characters, from 1
	Spellings             // places in the table of spellings, from 1
)

// Sketch makes the sketch of a name: of its characters where it has some.
func (n *Name) Sketch() Sketch {
	t := load()
	for i := range n.forms {
		if h := n.forms[i].han; h != nil && !h.nick {
			return t.sketchHan(h.splits[0])
		}
	}
	for i := range n.forms {
		if f := n.forms[i]; t.syllabic(f) {
			for _, p := range t.parsesOf(f.latin(t)) {
				if p.family != "" && len(p.given) > 0 {
					return t.sketchParse(p)
				}
			}
		}
	}
	return Sketch{}
}

func (t *tables) sketchHan(s hanSplit) Sketch {
	k := Sketch{Kind: Characters}
	for i, r := range []rune(s.family) {
		if c := t.chars[r]; c != nil && i < 2 {
			k.Parts[i] = uint16(c.index + 1)
		}
	}
	for i, r := range s.given {
		if c := t.chars[r]; c != nil && i < 2 {
			k.Parts[2+i] = uint16(c.index + 1)
		}
	}
	return k
}

func (t *tables) sketchParse(p parse) Sketch {
	k := Sketch{Kind: Spellings}
	if x := t.lexicon[p.family]; x != nil {
		k.Parts[0] = x.id
	}
	for i, g := range p.given {
		if x := t.lexicon[g]; x != nil && i < 2 {
			k.Parts[2+i] = x.id
		}
	}
	return k
}

// Probe holds what a name would look like in a Sketch, so that many can be
// gone through. It is for one goroutine.
type Probe struct {
	t     *tables
	sides []side
}

// side is one way to take the name asked for.
type side struct {
	han   bool
	own   Sketch
	syl   [4]string             // of letters: surname, -, given names
	char  [4]map[uint16]float32 // bits of a character in that place
	spell [4]map[uint16]float32 // bits of a spelling in that place, of characters
	row   [4]*row               // bits of a spelling in that place, of letters
}

// unfit is what a part that does not fit adds.
const unfit = -5

// NewProbe makes a probe of a name.
func NewProbe(n *Name) *Probe {
	p := &Probe{t: load()}
	for i := range n.forms {
		f := n.forms[i]
		if f.han != nil && !f.han.nick {
			for _, s := range f.han.splits {
				if len(p.sides) < 4 && s.family != "" && len(s.given) > 0 {
					p.sides = append(p.sides, p.ofHan(s))
				}
			}
		} else if p.t.syllabic(f) {
			for k, q := range p.t.parsesOf(f.latin(p.t)) {
				if k < 4 && len(p.sides) < 6 && q.family != "" && len(q.given) > 0 {
					p.sides = append(p.sides, p.ofParse(q))
				}
			}
		}
	}
	return p
}

func (p *Probe) ofHan(s hanSplit) side {
	t := p.t
	x := side{han: true, own: t.sketchHan(s)}
	fill := func(place int, ways []way, family bool) {
		m := map[uint16]float32{}
		for _, w := range ways {
			l := t.lexicon[w.text]
			if l == nil {
				continue
			}
			usual := l.anyGiven()
			if family {
				usual = l.anyFamily()
			}
			bits := w.p + shareOf[w.sys]/2 - usual
			if old, ok := m[l.id]; !ok || bits > old {
				m[l.id] = bits
			}
		}
		x.spell[place] = m
	}
	if f := t.surnameOf(s.family); f != nil {
		fill(0, f.ways, true)
	}
	for i, r := range s.given {
		if i < 2 {
			fill(2+i, t.givenWays(r), false)
		}
	}
	return x
}

func (p *Probe) ofParse(q parse) side {
	t := p.t
	x := side{own: t.sketchParse(q)}
	x.syl[0] = q.family
	for i, g := range q.given {
		if i < 2 {
			x.syl[2+i] = g
		}
	}
	for place, text := range x.syl {
		l := t.lexicon[text]
		if text == "" || l == nil {
			continue
		}
		m := map[uint16]float32{}
		posts, usual := l.asGiven, l.anyGiven()
		if place == 0 {
			posts, usual = l.asFamily, l.anyFamily()
		}
		for _, c := range posts {
			id := uint16(c.index + 1)
			if place == 0 {
				r := []rune(t.families[c.index].text)
				id = uint16(t.chars[r[0]].index + 1)
			}
			bits := c.p + shareOf[c.sys]/2 - usual
			if old, ok := m[id]; !ok || bits > old {
				m[id] = bits
			}
		}
		x.char[place] = m
		x.row[place] = t.rowOf(text, place == 0)
	}
	return x
}

// Fit gives about the bits that a name with this sketch would get: good for an
// order, not for a verdict.
func (p *Probe) Fit(s Sketch) float32 {
	if s.Kind == NoSketch || len(p.sides) == 0 {
		return 0
	}
	best := float32(-99)
	for i := range p.sides {
		best = max(best, p.fit(&p.sides[i], s))
	}
	return best
}

func (p *Probe) fit(x *side, s Sketch) float32 {
	var sum float32
	for place, part := range s.Parts {
		own := x.own.Parts[place]
		if place == 1 && x.han != (s.Kind == Characters) {
			continue // letters write a surname of two characters as one word
		}
		switch {
		case part == 0 && own == 0:
		case part == 0 || own == 0:
			sum += unfit
		default:
			sum += min(12, p.part(x, s.Kind, place, own, part))
		}
	}
	return sum
}

func (p *Probe) part(x *side, kind SketchKind, place int, own, part uint16) float32 {
	switch {
	case x.han && kind == Characters:
		if own == part {
			return 8
		}
		if p.t.oneSound(p.t.list[own-1].char, p.t.list[part-1].char) {
			return .5
		}
		return unfit
	case x.han:
		if b, ok := x.spell[place][part]; ok {
			return b
		}
		return unfit
	case kind == Characters:
		if b, ok := x.char[place][part]; ok {
			return b
		}
		return unfit
	}
	if x.row[place] == nil {
		return unfit
	}
	return x.row[place].of(part)
}

// row holds, for one spelling, about the bits of every other that a character
// may have as well: what Fit adds for them.
type row struct {
	ids  []uint16
	bits []float32
}

func (r *row) of(id uint16) float32 {
	if i, ok := slices.BinarySearch(r.ids, id); ok {
		return r.bits[i]
	}
	return unfit
}

// rowOf makes the row of a spelling once; there are no more rows than spellings.
func (t *tables) rowOf(text string, family bool) *row {
	x := t.lexicon[text]
	if x == nil {
		return nil
	}
	kind := 0
	if family {
		kind = 1
	}
	t.mu.RLock()
	r := t.rows[kind][x.id]
	t.mu.RUnlock()
	if r != nil {
		return r
	}
	sum := make([]float64, len(t.spelt)+1)
	posts := x.asGiven
	if family {
		posts = x.asFamily
	}
	for _, p := range posts {
		var ways []way
		var share float32
		if family {
			ways, share = t.families[p.index].ways, t.families[p.index].share
		} else {
			ways, share = t.givenWays(t.list[p.index].char), t.list[p.index].given
		}
		for _, w := range ways {
			y := t.lexicon[w.text]
			if y == nil {
				continue
			}
			sum[y.id] += math.Exp2(float64(share + p.p + w.p + (shareOf[p.sys]+shareOf[w.sys])*.75))
		}
	}
	usual := func(y *syllable) float32 {
		if family {
			return max(y.anyFamily(), -16)
		}
		return max(y.anyGiven(), -16)
	}
	r = &row{}
	own := usual(x)
	for id := 1; id < len(sum); id++ {
		if sum[id] == 0 && id != int(x.id) {
			continue
		}
		bits := log2(sum[id]) - own - usual(t.lexicon[t.spelt[id-1]])
		if id == int(x.id) {
			bits = max(bits, 1-own)
		}
		if bits > unfit {
			r.ids, r.bits = append(r.ids, uint16(id)), append(r.bits, bits)
		}
	}
	t.mu.Lock()
	t.rows[kind][x.id] = r
	t.mu.Unlock()
	return r
}
