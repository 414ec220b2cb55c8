package name

import (
	"math"
	"slices"
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
	edges  [3]int8  // how many of its syllables are joined, hyphened, spaced
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

func (t *tables) makeParses(l *latin) []parse {
	var out []parse
	for _, s := range l.splits {
		base := parse{split: s, rest: s.prior + s.extra}
		if s.double {
			continue
		}
		if !s.family.empty() {
			base.family = l.familyWord(s.family)
			if t.lexicon[base.family] == nil {
				continue
			}
		}
		for i := range int8(len(l.tokens)) {
			if (i < s.family.from || i >= s.family.to) && (i < s.given.from || i >= s.given.to) {
				base.extra = append(base.extra, l.tokens[i].text)
			}
		}
		f := t.familyGround(l, s)
		if s.given.empty() {
			_, v := f.top()
			base.weight = base.rest + v
			out = append(out, base)
			continue
		}
		t.cut(t.plainRun(l, s.given), 0, base, f, cell{}, &out)
	}
	slices.SortStableFunc(out, func(a, b parse) int {
		switch {
		case a.weight > b.weight:
			return -1
		case a.weight < b.weight:
			return 1
		}
		return 0
	})
	for i := range out {
		if i == maxParses || out[i].weight < out[0].weight-10 {
			out = out[:i]
			break
		}
	}
	return out
}

// cut cuts the letters of a run into up to three syllables, all ways.
func (t *tables) cut(r *run, at int, p parse, f, g cell, out *[]parse) {
	if at == len(r.letters) {
		best := never
		for a := range systems {
			for b := range systems {
				best = max(best, f[a]+shareOf[a]+toGiven[a][b]+g[b])
			}
		}
		if best == never || best < -90 {
			return
		}
		p.rest += countCost[len(p.given)]
		p.weight = p.rest + best
		p.given = slices.Clone(p.given)
		*out = append(*out, p)
		return
	}
	if len(p.given) == 3 || len(*out) > 200 {
		return
	}
	for k := at + 1; k <= min(len(r.letters), at+7); k++ {
		x := t.lexicon[r.letters[at:k]]
		if x == nil {
			continue
		}
		broken := r.broken(at, k)
		if broken <= brokenCost {
			break
		}
		next, q := g, p
		q.given = append(p.given[:len(p.given):len(p.given)], r.letters[at:k])
		q.rest += broken
		any := false
		best, bestValue := g.top()
		for s := range systems {
			if at > 0 {
				next[s] = max(next[s], bestValue+within[best][s]) + edge(s, r.sep[at])
			}
			next[s] += x.given[s]
			any = any || next[s] > never
		}
		if at > 0 {
			q.edges[sepIndex(r.sep[at])]++
		}
		if any {
			t.cut(r, k, q, f, next, out)
		}
	}
}

// joint is log2 P(two spellings | one unknown character) for each pair of
// systems; of a surname where family is set.
type joint [systems][systems]float32

func (t *tables) jointOf(a, b string, family bool) *joint {
	var j joint
	x, y := t.lexicon[a], t.lexicon[b]
	for s := range systems {
		for u := range systems {
			j[s][u] = never
		}
	}
	if x == nil || y == nil {
		return &j
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
		var share float32
		if family {
			share = t.families[index].share
		} else {
			share = t.list[index].given
		}
		end := k
		for end < len(q) && q[end].index == index {
			end++
		}
		for ; i < len(p) && p[i].index == index; i++ {
			for m := k; m < end; m++ {
				sum[p[i].sys][q[m].sys] += math.Exp2(float64(share + p[i].p + q[m].p))
			}
		}
		k = end
	}
	for s := range systems {
		for u := range systems {
			if sum[s][u] > 0 {
				j[s][u] = log2(sum[s][u])
			}
		}
		if a == b { // the same system writes the same: nothing to choose again
			own := x.given[s]
			if family {
				own = max(x.family[s], -18) // a surname in no list
			}
			j[s][s] = max(j[s][s], own-.15)
		}
	}
	if a != b {
		if d := slip(a, b); d > leastSlip {
			for s := range systems {
				own, other := x.given[s], y.given[s]
				if family {
					own, other = x.family[s], y.family[s]
				}
				j[s][s] = max(j[s][s], max(own, other)+noise+d)
			}
		}
	}
	return &j
}

// latinLatin weighs two names in letters as two spellings of one Chinese name
// that nobody wrote down. It gives never where one of them is not readable so.
func (t *tables) latinLatin(a, b *latin) (float32, pairReading) {
	best, how := never, pairReading{}
	a.ready(t)
	b.ready(t)
	ground := a.ground + b.ground
	type key struct {
		a, b   string
		family bool
	}
	cache := map[key]*joint{}
	get := func(x, y string, family bool) *joint {
		k := key{x, y, family}
		j := cache[k]
		if j == nil {
			j = t.jointOf(x, y, family)
			cache[k] = j
		}
		return j
	}
	for _, p := range t.parsesOf(a) {
		for _, q := range t.parsesOf(b) {
			base := p.rest + q.rest + sharedExtra(t, p, q)
			var fam *joint
			famTop := never
			if p.family != "" && q.family != "" {
				if p.family != q.family && (!t.isFamily(p.family) || !t.isFamily(q.family)) {
					continue
				}
				fam = get(p.family, q.family, true)
				for s := range systems {
					for u := range systems {
						famTop = max(famTop, fam[s][u]+shareOf[s]+shareOf[u])
					}
				}
				if famTop == never {
					continue
				}
			}
			price, kind := float32(0), "all"
			var rows []*joint
			switch {
			case len(p.given) == 0 || len(q.given) == 0:
				if len(p.given) != len(q.given) {
					continue // surname only: the words decide
				}
			case len(p.given) == len(q.given):
				for i := range p.given {
					rows = append(rows, get(p.given[i], q.given[i], false))
				}
			default:
				short, long, turn := p, q, false
				if len(short.given) > len(long.given) {
					short, long, turn = q, p, true
				}
				if len(short.given) != 1 {
					continue
				}
				price, kind = oneOfGiven, "one"
				if short.split.given.to-short.split.given.from == 1 && hasAh(a, b, p, q) {
					price += 6
				}
				v, row := never, (*joint)(nil)
				var other string
				for i, g := range long.given {
					x, y := short.given[0], g
					if turn {
						x, y = y, x
					}
					j := get(x, y, false)
					_, _, w := j.top()
					if w > v {
						v, row = w, j
						other = long.given[1-min(i, 1)]
					}
				}
				if row == nil {
					continue
				}
				// The other syllable is as it is for anybody.
				if x := t.lexicon[other]; x != nil {
					price += max(x.anyGiven(), -14)
				}
				rows = append(rows, row)
			}
			for s := range systems {
				for u := range systems {
					v := base + price
					if fam != nil {
						f := fam[s][u] + shareOf[s] + shareOf[u]
						v += max(f, famTop-4.5)
					} else {
						v += shareOf[s] + shareOf[u]
						if (p.family == "") != (q.family == "") {
							w := p.family + q.family
							x := t.lexicon[w]
							v += leftFamily + max(x.anyFamily(), -16)
						}
					}
					if s == u {
						v -= shareOf[s] - sameLog
					} else {
						v += otherLog
					}
					for _, r := range rows {
						v += r[s][u]
					}
					for e, sep := range []byte{0, '-', ' '} {
						v += float32(p.edges[e])*edge(s, sep) + float32(q.edges[e])*edge(u, sep)
					}
					if v > best {
						best, how = v, pairReading{p, q, s, u, kind}
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

func (x *syllable) anyGiven() float32 {
	best := never
	for s := range systems {
		best = max(best, x.given[s]+shareOf[s])
	}
	return best
}

func (j *joint) top() (System, System, float32) {
	var bs, bu System
	best := never
	for s := range systems {
		for u := range systems {
			if j[s][u] > best {
				bs, bu, best = s, u, j[s][u]
			}
		}
	}
	return bs, bu, best
}

func hasAh(a, b *latin, p, q parse) bool {
	for _, x := range []struct {
		l *latin
		p parse
	}{{a, p}, {b, q}} {
		if !x.p.split.given.empty() && x.l.tokens[x.p.split.given.from].ah {
			return true
		}
	}
	return false
}

// sharedExtra rewards words beside the Chinese name that both have: Andrew.
func sharedExtra(t *tables, p, q parse) float32 {
	var v float32
	for _, x := range p.extra {
		if slices.Contains(q.extra, x) {
			v -= t.wordCost(x) + 1
		}
	}
	return v
}

// pairReading says how two spellings were read as one Chinese name.
type pairReading struct {
	a, b   parse
	sa, sb System
	kind   string
}
