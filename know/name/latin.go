package name

import (
	"slices"
	"strings"
	"sync"
)

// A token is one word or part of a hyphenated word of a name in Latin letters.
type token struct {
	text   string // plain letters
	sep    byte   // what stands before it: ' ', '-' or ','
	caps   bool   // written in capitals
	ah     bool   // "Ah" stood before it
	cuts   []int  // capitals or apostrophes inside: LiYuan, T'ien
	single bool   // one letter, an initial
}

// Limits that keep a hostile name from costing time: what is beyond is not
// read, and the name says so.
const (
	maxRunes  = 200
	maxTokens = 8
	maxWord   = 24
)

// latin is a name, or one way to take it, in Latin letters.
type latin struct {
	tokens  []token
	caps    bool // some words, not all, are in capitals: they are the surname
	comma   bool // a comma after the first words: they are the surname
	splits  []split
	runs    map[span]*run
	ground  float32 // log2 P(these letters | some Chinese name)
	best    int     // index of the split that explains them best
	parses  []parse
	once    sync.Once // guards parses, which pairs of letters and keys need
	settled sync.Once // guards runs, ground and the rest that settle finds
}

type span struct{ from, to int8 }

func (s span) empty() bool { return s.from == s.to }

// A split says which words are the surname and which the given name; the rest
// are extra: a Western name, a title nobody knows.
type split struct {
	family, given span
	double        bool // two surnames: of her husband and her own
	prior         float32
	extra         float32 // log2 of the extra words
	last          bool    // surname last
}

// run is a stretch of words written together, with where it may be cut.
type run struct {
	letters string
	sep     [maxWord + 1]byte // before letter i: 0 inside a word
	ground  [systems]float32  // log2 P(letters | a given name in that system)
	loose   float32           // log2 P(letters | any word)
}

// letterCost is the log2 of one letter of a word that no table knows.
const letterCost = -4.2

func (t *tables) wordCost(w string) float32 {
	switch {
	case t.western[w]:
		return -10
	case len(w) == 1:
		return -6
	}
	return -4 + letterCost*float32(len(w))
}

// readLatin makes the hypotheses of a list of words.
func (t *tables) readLatin(tokens []token) *latin {
	if len(tokens) == 0 {
		return nil
	}
	l := &latin{tokens: tokens, runs: map[span]*run{}}
	caps, comma := 0, 0
	for i, k := range tokens {
		if k.caps && !k.single {
			caps++
		}
		if k.sep == ',' && comma == 0 {
			comma = i
		}
	}
	l.caps = caps > 0 && caps < len(tokens)
	l.comma = comma > 0
	n := len(tokens)
	for i := range n {
		for _, fam := range []span{{int8(i), int8(i + 1)}, {int8(i), int8(i + 2)}} {
			if int(fam.to) > n {
				continue
			}
			double := false
			if fam.to-fam.from == 2 {
				joined := tokens[i].text + tokens[i+1].text
				x := t.lexicon[joined]
				switch {
				case x != nil && x.anyFamily > -17 && !x.oneSyllable(t):
				case n > 2 && t.isFamily(tokens[i].text) && t.isFamily(tokens[i+1].text) && tokens[i+1].sep != ',':
					double = true
				default:
					continue
				}
			} else if tokens[i].single {
				continue
			}
			l.addSplits(t, fam, double)
		}
	}
	l.addSplits(t, span{}, false) // no surname at all
	return l
}

// ready finds the background, once: keys do without it.
func (l *latin) ready(t *tables) { l.settled.Do(func() { l.settle(t) }) }

// oneSyllable says whether a spelling is only ever a surname of one character.
func (x *syllable) oneSyllable(t *tables) bool {
	return !slices.ContainsFunc(x.asFamily, func(p post) bool { return len([]rune(t.families[p.index].text)) > 1 })
}

func (t *tables) isFamily(w string) bool {
	x := t.lexicon[w]
	return x != nil && x.anyFamily > -16
}

func (l *latin) addSplits(t *tables, fam span, double bool) {
	n := int8(len(l.tokens))
	add := func(given span, prior float32, last bool) {
		s := split{family: fam, given: given, double: double, prior: prior, last: last}
		for i := range n {
			in := i >= fam.from && i < fam.to || i >= given.from && i < given.to
			if !in {
				s.extra += t.wordCost(l.tokens[i].text)
			}
		}
		if double {
			s.prior -= 5
		}
		s.prior += l.marks(fam, given)
		if s.prior > -25 {
			l.splits = append(l.splits, s)
		}
	}
	if !fam.empty() {
		last := fam.from > 0 && fam.to == n
		prior := float32(-5)
		if last {
			prior -= 1
		}
		add(span{}, prior, last)
	} else {
		letters := 0
		for _, k := range l.tokens {
			letters += len(k.text)
		}
		if n <= 4 && letters <= maxWord {
			add(span{0, n}, -7, false)
		}
		return
	}
	for j := range n {
		for k := j + 1; k <= n && k <= j+4; k++ {
			if j < fam.to && k > fam.from {
				continue
			}
			given := span{j, k}
			letters := 0
			for i := j; i < k; i++ {
				letters += len(l.tokens[i].text)
			}
			if letters > maxWord {
				continue
			}
			last := j < fam.from
			prior := float32(-.5)
			if last {
				prior = -1.8
				if fam.to != n && k != fam.from {
					prior -= 3
				}
			}
			if !last && j != fam.to || last && k != fam.from { // extra words between
				prior -= 3
			}
			if !last && fam.from > 0 && !t.western[l.tokens[0].text] && !l.caps {
				prior -= 1.5
			}
			add(given, prior, last)
		}
	}
}

// marks weighs what capitals, commas and hyphens say of a split.
func (l *latin) marks(fam, given span) float32 {
	var p float32
	if l.caps && !fam.empty() {
		for i := fam.from; i < fam.to; i++ {
			if !l.tokens[i].caps {
				p -= 6
			}
		}
		for i := range int8(len(l.tokens)) {
			if l.tokens[i].caps && !l.tokens[i].single && (i < fam.from || i >= fam.to) {
				p -= 4
			}
		}
	}
	if l.comma && !fam.empty() {
		if fam.from != 0 || int(fam.to) < len(l.tokens) && l.tokens[fam.to].sep != ',' {
			p -= 5
		}
	}
	for _, s := range []span{fam, given} {
		if s.empty() {
			continue
		}
		for i := s.from + 1; i < s.to; i++ {
			if l.tokens[i].sep == ',' {
				p -= 8
			}
		}
		if l.tokens[s.from].sep == '-' {
			p -= 5
		}
		if int(s.to) < len(l.tokens) && l.tokens[s.to].sep == '-' {
			p -= 5
		}
	}
	return p
}

// runOf joins the words of a span and finds its background.
func (l *latin) runOf(t *tables, s span) *run {
	if r := l.runs[s]; r != nil {
		return r
	}
	r := t.plainRun(l, s)
	t.groundOf(&r)
	l.runs[s] = &r
	return &r
}

// plainRun joins the words of a span.
func (t *tables) plainRun(l *latin, s span) run {
	var r run
	var b strings.Builder
	for i := s.from; i < s.to; i++ {
		k := l.tokens[i]
		at := b.Len()
		r.sep[at] = k.sep
		if i == s.from {
			r.sep[at] = 0
		} else if k.sep == ',' {
			r.sep[at] = ' '
		}
		for _, c := range k.cuts {
			if at+c <= maxWord {
				r.sep[at+c] = '^'
			}
		}
		r.loose += t.wordCost(k.text)
		if s.to-s.from == 1 {
			r.letters = k.text
			return r
		}
		b.WriteString(k.text)
	}
	r.letters = b.String()
	return r
}

// edge is the log2 probability that system s writes that separator between two
// syllables of a given name.
func edge(s System, sep byte) float32 {
	return edges[s][sepIndex(sep)]
}

func sepIndex(sep byte) int {
	switch sep {
	case 0:
		return 0
	case '-':
		return 1
	}
	return 2
}

var edges [systems][3]float32

func init() {
	for s := range systems {
		i := systemInfo[s]
		edges[s] = [3]float32{log2(i.joined), log2(i.hyphen), log2(i.space)}
	}
}

// brokenCost is paid where a space or hyphen stands inside a syllable.
const brokenCost = -8

// countCost is log2 P(number of characters in a given name).
var countCost = [5]float32{0, -2.4, -.35, -6, -9}

type cell [systems]float32

func noCell() cell {
	var c cell
	for i := range c {
		c[i] = never
	}
	return c
}

func (c *cell) top() (System, float32) {
	best := System(0)
	for s := range systems {
		if c[s] > c[best] {
			best = s
		}
	}
	return best, c[best]
}

// groundOf finds, for every system, how likely a given name in it is written
// with these letters, whoever bears it: the likeliest cutting into syllables.
func (t *tables) groundOf(r *run) {
	n := len(r.letters)
	for s := range systems {
		r.ground[s] = max(r.loose-6, impossible*2)
	}
	if n > maxWord {
		return
	}
	// by number of syllables, position
	var prev, next [maxWord + 1]cell
	var live, liveNext [maxWord + 1]bool
	live[0] = true
	for count := 1; count <= 3; count++ {
		clear(liveNext[:])
		for at := range n {
			if !live[at] {
				continue
			}
			c := &prev[at]
			best, bestValue := c.top()
			for k := at + 1; k <= min(n, at+8); k++ {
				x := t.lexicon[r.letters[at:k]]
				if x == nil {
					continue
				}
				cost := r.broken(at, k)
				to := &next[k]
				if !liveNext[k] {
					liveNext[k] = true
					*to = noCell()
				}
				for s := range systems {
					if x.given[s] == never {
						continue
					}
					v := c[s]
					if count > 1 {
						v = max(v+within[s][s], bestValue+within[best][s]) + edge(s, r.sep[at])
					}
					to[s] = max(to[s], v+x.given[s]+cost)
				}
			}
		}
		if liveNext[n] {
			for s := range systems {
				r.ground[s] = max(r.ground[s], next[n][s]+countCost[count])
			}
		}
		prev, live = next, liveNext
	}
}

// broken is the cost of separators inside a syllable; a capital inside a word
// is a hint only.
func (r *run) broken(from, to int) float32 {
	var p float32
	for i := from + 1; i < to; i++ {
		switch r.sep[i] {
		case 0:
		case '^':
			p -= 3
		default:
			p += brokenCost
		}
	}
	return p
}

// familyWord is the surname of a split as one word.
func (l *latin) familyWord(s span) string {
	if s.to-s.from == 1 {
		return l.tokens[s.from].text
	}
	var b strings.Builder
	for i := s.from; i < s.to; i++ {
		b.WriteString(l.tokens[i].text)
	}
	return b.String()
}

// familyGround is log2 P(word | some surname) for each system.
func (t *tables) familyGround(l *latin, s split) cell {
	var c cell
	if s.family.empty() {
		return c
	}
	word := l.familyWord(s.family)
	loose := letterCost*float32(len(word)) - 6
	for i := range c {
		c[i] = loose
	}
	if s.double {
		a, b := t.lexicon[l.tokens[s.family.from].text], t.lexicon[l.tokens[s.family.from+1].text]
		for i := range c {
			c[i] = max(c[i], a.family[i]+b.family[i])
		}
		return c
	}
	if x := t.lexicon[word]; x != nil {
		for i := range c {
			c[i] = max(c[i], x.family[i])
		}
	}
	return c
}

// settle finds the background of the whole: how likely are these letters if the
// name is anybody's.
func (l *latin) settle(t *tables) {
	l.ground = never
	for i, s := range l.splits {
		f := t.familyGround(l, s)
		var g *run
		if !s.given.empty() {
			g = l.runOf(t, s.given)
		}
		for a := range systems {
			v := f[a] + shareOf[a] + s.prior + s.extra
			if g == nil {
				if v > l.ground {
					l.ground, l.best = v, i
				}
				continue
			}
			for b := range systems {
				if w := v + toGiven[a][b] + g.ground[b]; w > l.ground {
					l.ground, l.best = w, i
				}
			}
		}
	}
	// A name that no table explains is a row of words.
	loose := float32(-8)
	for _, k := range l.tokens {
		loose += t.wordCost(k.text)
	}
	l.ground = max(l.ground, loose)
}

var shareOf [systems]float32

func init() {
	for s := range systems {
		shareOf[s] = log2(systemInfo[s].share)
	}
}
