package name

import (
	"cmp"
	"slices"
	"sync"
)

// The chance that two people write one character as another that sounds alike,
// and the price of a wrong one. Both are ours.
const (
	soundAlike = -5.5
	sameSystem = .6 // that two records of one person are spelt in one system
)

var sameLog, otherLog = log2(sameSystem), log2(1 - sameSystem)

// hanHan weighs two names in characters: bits, and whether they only sound
// alike.
func (t *tables) hanHan(a, b *han) (bits float32, sound bool, how string) {
	best := never
	for _, x := range a.splits {
		for _, y := range b.splits {
			v := x.prior + y.prior
			family, familySound := t.sameFamily(x, y)
			given, givenSound, kind := t.sameGiven(x.given, y.given, a.nick || b.nick)
			if v += family + given; v > best {
				best, sound, how = v, familySound || givenSound, kind
				if family < 0 && (x.family != "" && y.family != "") {
					how = "family"
				}
			}
		}
	}
	if a.nick && b.nick {
		return min(best, nickBits), sound, how
	}
	if string(a.runes) == string(b.runes) && a.nick == b.nick {
		return max(best, min(40, 5*float32(len(a.runes)))), false, "all"
	}
	return max(best, otherFamily), sound, how
}

func (t *tables) sameFamily(x, y hanSplit) (float32, bool) {
	switch {
	case x.family == "" && y.family == "":
		return 0, false
	case x.family == "" || y.family == "":
		return leftFamily, false
	case x.family == y.family:
		v := float32(13)
		if s := t.surnames[x.family]; s != nil {
			v = min(v, -s.share)
		}
		if (x.own == "") != (y.own == "") {
			v -= 2
		}
		return v, false
	case x.own != "" && x.own == y.family || y.own != "" && y.own == x.family:
		return 3, false
	}
	if t.soundsAlike([]rune(x.family), []rune(y.family)) {
		return -3, true
	}
	return otherFamily, false
}

func (t *tables) givenBits(r rune) float32 {
	if c := t.chars[r]; c != nil {
		return min(16, -c.given)
	}
	return 10
}

func (t *tables) sameGiven(x, y []rune, nick bool) (float32, bool, string) {
	if len(x) == 0 || len(y) == 0 {
		if len(x) == len(y) {
			return 0, false, "all"
		}
		return westernOnly + 2, false, "left"
	}
	if len(x) == len(y) {
		var v float32
		sound := false
		for i := range x {
			switch {
			case x[i] == y[i]:
				v += t.givenBits(x[i])
			case t.soundsAlike(x[i:i+1], y[i:i+1]):
				v += soundAlike + 6
				sound = true
			default:
				return otherGiven, false, "other"
			}
		}
		return v, sound, "all"
	}
	short, long := x, y
	if len(short) > len(long) {
		short, long = long, short
	}
	if len(short) == 1 && slices.Contains(long, short[0]) {
		v := t.givenBits(short[0]) + oneOfGiven
		if nick {
			v += 5
		}
		return v, false, "one"
	}
	return otherGiven, false, "other"
}

// soundsAlike says whether two rows of characters are read alike in Mandarin or
// Cantonese, whatever the tone.
func (t *tables) soundsAlike(x, y []rune) bool {
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if !t.oneSound(x[i], y[i]) {
			return false
		}
	}
	return true
}

func (t *tables) oneSound(x, y rune) bool {
	if x == y {
		return true
	}
	c, d := t.chars[x], t.chars[y]
	if c == nil || d == nil {
		return isHangul(x) && d != nil && slices.Contains(d.korean, x) || isHangul(y) && c != nil && slices.Contains(c.korean, y) ||
			isHangul(x) && d != nil && slices.ContainsFunc(d.korean, func(k rune) bool { return southern(k) == x }) ||
			isHangul(y) && c != nil && slices.ContainsFunc(c.korean, func(k rune) bool { return southern(k) == y })
	}
	return c.soundsLike(d)
}

func (c *character) soundsLike(d *character) bool {
	for _, p := range c.sounds {
		if slices.Contains(d.sounds, p) {
			return true
		}
	}
	return false
}

// parse is one reading of letters as syllables.
type parse struct {
	split  split
	family string
	given  []string
	edge   cell     // what joining, hyphening or parting its syllables so costs in each system
	rest   float32  // what the split and separators cost
	weight float32  // log2 of how well the best system explains it
	extra  []string // words that are neither
}

const maxParses = 10

// parsesOf finds the readings of letters that explain them nearly as well as
// the best.
func (t *tables) parsesOf(l *latin) []parse {
	if l == nil {
		return nil
	}
	l.once.Do(func() { l.parses = t.makeParses(l) })
	return l.parses
}

// cutter cuts the letters of given names into up to three syllables, all ways.
type cutter struct {
	t      *tables
	split  int
	run    run
	family cell // log2 P(the surname, and a given name in that system)
	ends   [3]int8
	out    []draft
}

// draft is a parse that may not be among the best: the split by its number, and
// where the syllables end.
type draft struct {
	split, n     int
	ends         [3]int8
	rest, weight float32
}

// enough is how many ways to cut are looked at.
const enough = 200

var cutters = sync.Pool{New: func() any { return &cutter{} }}

func (t *tables) makeParses(l *latin) []parse {
	c := cutters.Get().(*cutter)
	defer cutters.Put(c)
	c.t, c.out = t, c.out[:0]
	for i, s := range l.splits {
		if s.double || !s.family.empty() && t.lexicon[l.familyWord(s.family)] == nil {
			continue
		}
		f := t.familyGround(l, s)
		rest := s.prior + s.extra
		if s.given.empty() {
			_, v := f.top()
			c.out = append(c.out, draft{split: i, rest: rest, weight: rest + v})
			continue
		}
		c.split, c.run = i, t.plainRun(l, s.given)
		for b := range systems {
			c.family[b] = never
			for a := range systems {
				c.family[b] = max(c.family[b], f[a]+shareOf[a]+toGiven[a][b])
			}
		}
		c.cut(0, 0, rest, cell{})
	}
	slices.SortStableFunc(c.out, func(a, b draft) int { return cmp.Compare(b.weight, a.weight) })
	var out []parse
	for i, d := range c.out {
		if i == maxParses || d.weight < c.out[0].weight-10 {
			break
		}
		out = append(out, t.finish(l, d))
	}
	return out
}

func (t *tables) finish(l *latin, d draft) parse {
	s := l.splits[d.split]
	p := parse{split: s, rest: d.rest, weight: d.weight}
	if !s.family.empty() {
		p.family = l.familyWord(s.family)
	}
	for i := range int8(len(l.tokens)) {
		if (i < s.family.from || i >= s.family.to) && (i < s.given.from || i >= s.given.to) {
			p.extra = append(p.extra, l.tokens[i].text)
		}
	}
	if d.n == 0 {
		return p
	}
	r := t.plainRun(l, s.given)
	from := int8(0)
	for _, to := range d.ends[:d.n] {
		p.given = append(p.given, r.letters[from:to])
		if from > 0 {
			for sys := range systems {
				p.edge[sys] += edge(sys, r.sep[from])
			}
		}
		from = to
	}
	return p
}

func (c *cutter) cut(at, n int, rest float32, g cell) {
	r := &c.run
	if at == len(r.letters) {
		best := never
		for s := range systems {
			best = max(best, c.family[s]+g[s])
		}
		if best == never || best < -90 {
			return
		}
		rest += countCost[n]
		c.out = append(c.out, draft{c.split, n, c.ends, rest, rest + best})
		return
	}
	if n == 3 || len(c.out) > enough {
		return
	}
	var before cell
	if at > 0 {
		best, bestValue := g.top()
		for s := range systems {
			before[s] = max(g[s], bestValue+within[best][s]) + edge(s, r.sep[at])
		}
	}
	for k := at + 1; k <= min(len(r.letters), at+7); k++ {
		x := c.t.lexicon[r.letters[at:k]]
		if x == nil {
			continue
		}
		broken := r.broken(at, k)
		if broken <= brokenCost {
			break
		}
		next, any := before, false
		for s := range systems {
			next[s] += x.given[s]
			any = any || next[s] > never
		}
		if any {
			c.ends[n] = int8(k)
			c.cut(k, n+1, rest+broken, next)
		}
	}
}

// joint is log2 P(two spellings | one unknown character) for each pair of
// systems; of a surname where family is set.
type joint struct {
	a, b   *syllable
	family bool
	bits   [systems][systems]float32
	top    float32
	mixed  *mixture // of a surname that both spellings have
}

// mixture is the bits of a surname with how usual the systems are. Which system
// a surname is in is a hint only: a likelier one may be meant.
type mixture struct {
	bits [systems][systems]float32
	top  float32
}

// strayFamily is the price of a surname that is in another system than its best.
const strayFamily = -4.5

// together is what the choice of two systems costs, where the first is chosen
// freely and the second often is the same.
func together(s, u System) float32 {
	if s == u {
		return shareOf[s] + sameLog
	}
	return shareOf[s] + shareOf[u] + otherLog
}

// jointOf makes a joint or takes one that was made lately.
func (t *tables) jointOf(a, b string, family bool) *joint {
	x, y := t.lexicon[a], t.lexicon[b]
	if x == nil || y == nil {
		return t.makeJoint(a, b, x, y, family)
	}
	h := uint32(x.id)*2654435761 + uint32(y.id)*40503
	if family {
		h += 1 << 20
	}
	slot := &t.joints[h>>20]
	if j := slot.Load(); j != nil && j.a == x && j.b == y && j.family == family {
		return j
	}
	j := t.makeJoint(a, b, x, y, family)
	slot.Store(j)
	return j
}

func (t *tables) makeJoint(a, b string, x, y *syllable, family bool) *joint {
	j := &joint{a: x, b: y, family: family, top: never}
	for s := range systems {
		for u := range systems {
			j.bits[s][u] = never
		}
	}
	if x == nil || y == nil {
		return j
	}
	p, q := x.asGiven, y.asGiven
	if family {
		p, q = x.asFamily, y.asFamily
	}
	var sum [systems][systems]float64
	for i, k := 0, 0; i < len(p) && k < len(q); {
		switch {
		case p[i].index < q[k].index:
			i++
			continue
		case p[i].index > q[k].index:
			k++
			continue
		}
		index := p[i].index
		var share float64
		if family {
			share = t.families[index].prob
		} else {
			share = t.list[index].givenProb
		}
		end := k
		for end < len(q) && q[end].index == index {
			end++
		}
		for ; i < len(p) && p[i].index == index; i++ {
			for m := k; m < end; m++ {
				sum[p[i].sys][q[m].sys] += share * p[i].prob * q[m].prob
			}
		}
		k = end
	}
	for s := range systems {
		for u := range systems {
			if sum[s][u] > 0 {
				j.bits[s][u] = log2(sum[s][u])
			}
		}
		if a == b { // the same system writes the same: nothing to choose again
			own := x.given[s]
			if family {
				own = max(x.family[s], -18) // a surname in no list
			}
			j.bits[s][s] = max(j.bits[s][s], own-.15)
		}
	}
	if a != b {
		if d := slip(a, b); d > leastSlip {
			for s := range systems {
				own, other := x.given[s], y.given[s]
				if family {
					own, other = x.family[s], y.family[s]
				}
				j.bits[s][s] = max(j.bits[s][s], max(own, other)+noise+d)
			}
		}
	}
	for s := range systems {
		for u := range systems {
			j.top = max(j.top, j.bits[s][u])
		}
	}
	if family && j.top > never {
		j.mixed = j.mix()
	}
	return j
}

func (j *joint) mix() *mixture {
	best := never
	for s := range systems {
		for u := range systems {
			best = max(best, j.bits[s][u]+shareOf[s]+shareOf[u])
		}
	}
	m := &mixture{top: never}
	for s := range systems {
		for u := range systems {
			m.bits[s][u] = max(j.bits[s][u], best+strayFamily-shareOf[s]-shareOf[u]) + together(s, u)
			m.top = max(m.top, m.bits[s][u])
		}
	}
	return m
}

// anySystems stands for a mixture where a surname is not on both sides.
var anySystems = mixture{top: never}

func init() {
	m := &anySystems
	for s := range systems {
		for u := range systems {
			m.bits[s][u] = together(s, u)
			m.top = max(m.top, m.bits[s][u])
		}
	}
}

// latinLatin weighs two names in letters as two spellings of one Chinese name
// that nobody wrote down. It gives never where one of them is not readable so.
func (t *tables) latinLatin(a, b *latin) (float32, pairReading) {
	best, how := never, pairReading{}
	a.ready(t)
	b.ready(t)
	ground := a.ground + b.ground
	ps, qs := t.parsesOf(a), t.parsesOf(b)
	for i := range ps {
		for k := range qs {
			p, q := &ps[i], &qs[k]
			base := p.rest + q.rest + sharedExtra(t, p, q)
			fam := &anySystems
			if p.family != "" && q.family != "" {
				if p.family != q.family && (!t.isFamily(p.family) || !t.isFamily(q.family)) {
					continue
				}
				if fam = t.jointOf(p.family, q.family, true).mixed; fam == nil {
					continue
				}
			} else if p.family != q.family {
				base += leftFamily + max(t.lexicon[p.family+q.family].anyFamily, -16)
			}
			if base+fam.top <= best { // what follows only costs
				continue
			}
			var row [3]*joint
			rows, kind := row[:0], "all"
			switch {
			case len(p.given) == 0 || len(q.given) == 0:
				if len(p.given) != len(q.given) {
					continue // surname only: the words decide
				}
			case len(p.given) == len(q.given):
				for i := range p.given {
					rows = append(rows, t.jointOf(p.given[i], q.given[i], false))
				}
			default:
				price, one := t.oneGiven(a, b, p, q)
				if one == nil {
					continue
				}
				base += price
				kind = "one"
				rows = append(rows, one)
			}
			bound := base + fam.top
			for _, r := range rows {
				bound += r.top
			}
			if bound <= best {
				continue
			}
			for s := range systems {
				for u := range systems {
					v := base + fam.bits[s][u] + p.edge[s] + q.edge[u]
					for _, r := range rows {
						v += r.bits[s][u]
					}
					if v > best {
						best, how = v, pairReading{*p, *q, s, u, kind}
					}
				}
			}
		}
	}
	if best == never {
		return never, how
	}
	return best - ground, how
}

// oneGiven looks among the given name of one side for the single syllable of
// the other: its price and joint, or nil.
func (t *tables) oneGiven(a, b *latin, p, q *parse) (float32, *joint) {
	short, long, turn := p, q, false
	if len(short.given) > len(long.given) {
		short, long, turn = q, p, true
	}
	if len(short.given) != 1 {
		return 0, nil
	}
	price := float32(oneOfGiven)
	if short.split.given.to-short.split.given.from == 1 && (a.hasAh(p) || b.hasAh(q)) {
		price += 6
	}
	v, row, other := never, (*joint)(nil), ""
	for i, g := range long.given {
		x, y := short.given[0], g
		if turn {
			x, y = y, x
		}
		if j := t.jointOf(x, y, false); j.top > v {
			v, row, other = j.top, j, long.given[1-min(i, 1)]
		}
	}
	// The other syllable is as it is for anybody.
	if x := t.lexicon[other]; x != nil {
		price += max(x.anyGiven, -14)
	}
	return price, row
}

// hasAh says whether "Ah" stands before the given name of a reading.
func (l *latin) hasAh(p *parse) bool {
	return !p.split.given.empty() && l.tokens[p.split.given.from].ah
}

// sharedExtra rewards words beside the Chinese name that both have, such as
// Andrew; a word on each side that the other has not speaks against.
func sharedExtra(t *tables, p, q *parse) float32 {
	var v float32
	shared := 0
	for _, x := range p.extra {
		if slices.Contains(q.extra, x) {
			v += min(t.wordBits(x, nil), -t.wordCost(x)-1)
			shared++
		}
	}
	return v + otherExtra*float32(min(len(p.extra), len(q.extra))-shared)
}

// otherExtra is the price of a word beside a Chinese name for another.
const otherExtra = -8

// pairReading says how two spellings were read as one Chinese name.
type pairReading struct {
	a, b   parse
	sa, sb System
	kind   string
}
