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
// gone through.
type Probe struct {
	t     *tables
	sides []side
}

// side is one way to take the name asked for, with the bits of what stands in a
// place of the other sketch, by the kind of that.
type side struct {
	own        Sketch
	characters [4]*row
	spellings  [4]*row
	left       [3][5]float32 // by kind: the most that this place and those after it can give
}

// What a part adds that does not fit, that fits well, and the same character.
const (
	unfit         = -5
	mostFit       = 12
	sameCharacter = 8
)

// NewProbe makes a probe of a name, with all likely ways to take it.
func NewProbe(n *Name) *Probe {
	p := &Probe{t: load()}
	for i := range n.forms {
		f := n.forms[i]
		if f.han != nil && !f.han.nick {
			for _, s := range f.han.splits {
				if len(p.sides) < 4 && s.family != "" && len(s.given) > 0 {
					p.sides = append(p.sides, p.t.sideOf(p.t.sketchHan(s)))
				}
			}
		} else if p.t.syllabic(f) {
			for k, q := range p.t.parsesOf(f.latin(p.t)) {
				if k < 4 && len(p.sides) < 6 && q.family != "" && len(q.given) > 0 {
					p.sides = append(p.sides, p.t.sideOf(p.t.sketchParse(q)))
				}
			}
		}
	}
	return p
}

// ProbeOf makes a probe of a sketch: of one way to take a name, without it.
func ProbeOf(s Sketch) *Probe {
	p := &Probe{t: load()}
	if s.Kind != NoSketch {
		p.sides = []side{p.t.sideOf(s)}
	}
	return p
}

func (t *tables) sideOf(own Sketch) side {
	x := side{own: own}
	for place, part := range own.Parts {
		if part == 0 || place == 1 {
			continue // the second character of a surname goes with the first
		}
		k := rowKey{part: part, family: place == 0}
		if own.Kind == Spellings {
			x.characters[place] = t.rowOf(k, toCharacters)
			x.spellings[place] = t.rowOf(k, toSpellings)
			continue
		}
		if place == 0 {
			k.second = own.Parts[1]
		}
		x.spellings[place] = t.rowOf(k, fromCharacters)
	}
	for kind := Characters; kind <= Spellings; kind++ {
		for place := 3; place >= 0; place-- {
			most := float32(0)
			switch {
			case own.Parts[place] == 0:
			case own.Kind == Characters && kind == Characters:
				most = sameCharacter
			case kind == Characters:
				most = x.characters[place].top()
			default:
				most = x.spellings[place].top()
			}
			x.left[kind][place] = x.left[kind][place+1] + most
		}
	}
	return x
}

// Fit gives about the bits that a name with this sketch would get: good for an
// order, not for a verdict. Where they are less than least it may stop early and
// give any number below that.
func (p *Probe) Fit(s Sketch, least float32) float32 {
	if s.Kind == NoSketch || len(p.sides) == 0 {
		return 0
	}
	best := float32(-99)
	for i := range p.sides {
		best = max(best, p.fit(&p.sides[i], s, max(best, least)))
	}
	return best
}

func (p *Probe) fit(x *side, s Sketch, least float32) float32 {
	var sum float32
	for place, part := range s.Parts {
		if sum+x.left[s.Kind][place] < least {
			return min(sum+x.left[s.Kind][place], least-1)
		}
		own := x.own.Parts[place]
		if place == 1 && x.own.Kind != s.Kind {
			continue // letters write a surname of two characters as one word
		}
		switch {
		case part == 0 && own == 0:
		case part == 0 || own == 0:
			sum += unfit
		default:
			sum += min(mostFit, p.part(x, s.Kind, place, own, part))
		}
	}
	return sum
}

func (p *Probe) part(x *side, kind SketchKind, place int, own, part uint16) float32 {
	switch {
	case x.own.Kind == Characters && kind == Characters:
		if own == part {
			return sameCharacter
		}
		if p.t.list[own-1].soundsLike(p.t.list[part-1]) {
			return .5
		}
		return unfit
	case kind == Characters:
		return x.characters[place].of(part)
	}
	return x.spellings[place].of(part)
}

// row holds, for one spelling or character, about the bits of every spelling or
// character that may stand for it: what Fit adds for them.
type row struct {
	ids  []uint16
	bits []float32
}

func (r *row) of(id uint16) float32 {
	if r == nil {
		return unfit
	}
	if i, ok := slices.BinarySearch(r.ids, id); ok {
		return r.bits[i]
	}
	return unfit
}

// top is the most that a row gives to anything.
func (r *row) top() float32 {
	if r == nil || len(r.bits) == 0 {
		return 0
	}
	return max(0, min(mostFit, slices.Max(r.bits)))
}

// rowKey says what a row is of: parts of a Sketch.
type rowKey struct {
	part, second uint16
	family       bool
}

// rowKind says from what to what a row leads.
type rowKind uint8

const (
	toSpellings    rowKind = iota // of a spelling, the spellings of the same characters
	toCharacters                  // of a spelling, its characters
	fromCharacters                // of characters, their spellings
	rowKinds
)

// rowOf makes a row once; there are no more than spellings and characters.
func (t *tables) rowOf(k rowKey, kind rowKind) *row {
	t.mu.RLock()
	r, ok := t.rows[kind][k]
	t.mu.RUnlock()
	if ok {
		return r
	}
	bits := map[uint16]float32{}
	switch kind {
	case toSpellings:
		t.fillSpellings(k, bits)
	case toCharacters:
		t.fillCharacters(k, bits)
	case fromCharacters:
		t.fillFromCharacters(k, bits)
	}
	r = &row{}
	for id, b := range bits {
		if b > unfit {
			r.ids = append(r.ids, id)
		}
	}
	slices.Sort(r.ids)
	for _, id := range r.ids {
		r.bits = append(r.bits, bits[id])
	}
	t.mu.Lock()
	if len(t.rows[kind]) < 1<<16 {
		t.rows[kind][k] = r
	}
	t.mu.Unlock()
	return r
}

// usual is how usual a spelling is, whoever has it.
func (x *syllable) usual(family bool) float32 {
	if family {
		return x.anyFamily
	}
	return x.anyGiven
}

func (t *tables) fillFromCharacters(k rowKey, out map[uint16]float32) {
	var ways []way
	if k.family {
		text := string(t.list[k.part-1].char)
		if k.second != 0 {
			text += string(t.list[k.second-1].char)
		}
		if s := t.surnameOf(text); s != nil {
			ways = s.ways
		}
	} else {
		ways = t.givenWays(t.list[k.part-1].char)
	}
	for _, w := range ways {
		if l := t.lexicon[w.text]; l != nil {
			raise(out, l.id, w.p+shareOf[w.sys]/2-l.usual(k.family))
		}
	}
}

func raise(m map[uint16]float32, id uint16, bits float32) {
	if old, ok := m[id]; !ok || bits > old {
		m[id] = bits
	}
}

func (t *tables) fillCharacters(k rowKey, out map[uint16]float32) {
	l := t.lexicon[t.spelt[k.part-1]]
	posts := l.asGiven
	if k.family {
		posts = l.asFamily
	}
	for _, c := range posts {
		id := uint16(c.index + 1)
		if k.family {
			r := []rune(t.families[c.index].text)
			id = uint16(t.chars[r[0]].index + 1)
		}
		raise(out, id, c.p+shareOf[c.sys]/2-l.usual(k.family))
	}
}

func (t *tables) fillSpellings(k rowKey, out map[uint16]float32) {
	x := t.lexicon[t.spelt[k.part-1]]
	sum := map[uint16]float64{x.id: 0}
	posts := x.asGiven
	if k.family {
		posts = x.asFamily
	}
	for _, p := range posts {
		var ways []way
		var share float32
		if k.family {
			ways, share = t.families[p.index].ways, t.families[p.index].share
		} else {
			ways, share = t.givenWays(t.list[p.index].char), t.list[p.index].given
		}
		for _, w := range ways {
			if y := t.lexicon[w.text]; y != nil {
				sum[y.id] += math.Exp2(float64(share + p.p + w.p + (shareOf[p.sys]+shareOf[w.sys])*.75))
			}
		}
	}
	own := max(x.usual(k.family), -16)
	for id, p := range sum {
		bits := log2(p) - own - max(t.lexicon[t.spelt[id-1]].usual(k.family), -16)
		if id == x.id {
			bits = max(bits, 1-own)
		}
		out[id] = bits
	}
}
