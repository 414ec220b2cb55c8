package name

import "strings"

// han is a name in Chinese characters, folded; sure says how to take it.
type han struct {
	runes  []rune
	nick   bool // 阿明, 小黄: a nickname
	splits []hanSplit
}

// hanSplit is one way to take a row of characters: how many are surname.
type hanSplit struct {
	family, own string // own is a married woman's second surname
	given       []rune
	prior       float32
}

// The prices of what may befall a given name: all of it is romanised, only a
// Western name is given, another name is used, one syllable alone, initials.
const (
	allGiven    = -.15
	westernOnly = -3.5
	otherGiven  = -11.5
	oneOfGiven  = -8
	initials    = -6
	otherFamily = -13
	leftFamily  = -3
	noise       = -7 // somebody mistyped or misheard a syllable
	unheard     = -6 // a syllable in a reading that the tables lack
)

// hangulCompounds are the Korean surnames of two syllables.
var hangulCompounds = map[string]string{"남궁": "南宮", "황보": "皇甫", "선우": "鮮于", "제갈": "諸葛", "독고": "獨孤", "사공": "司空", "서문": "西門", "동방": "東方"}

func (t *tables) folded(s string) string { return strings.Map(t.fold, s) }

func (t *tables) readHan(runes []rune, nick bool) *han {
	if len(runes) == 0 {
		return nil
	}
	h := &han{runes: runes, nick: nick}
	n := len(runes)
	if nick {
		h.splits = append(h.splits, hanSplit{given: runes, prior: 0})
		if n == 1 {
			h.splits = append(h.splits, hanSplit{family: string(runes), prior: -1})
		}
		return h
	}
	if n == 1 {
		h.splits = append(h.splits, hanSplit{given: runes, prior: -1}, hanSplit{family: string(runes), prior: -1})
		return h
	}
	two := string(runes[:2])
	if hanja, ok := hangulCompounds[two]; ok {
		two = t.folded(hanja)
	}
	compound := n >= 3 && t.surnames[two] != nil
	if compound {
		h.splits = append(h.splits, hanSplit{family: two, given: runes[2:], prior: -.1})
	}
	p := float32(0)
	if compound {
		p = -3
	}
	if n <= 4 {
		h.splits = append(h.splits, hanSplit{family: string(runes[:1]), given: runes[1:], prior: p})
	}
	if n >= 4 && n <= 5 && t.surnames[string(runes[:1])] != nil && t.surnames[string(runes[1:2])] != nil {
		h.splits = append(h.splits, hanSplit{family: string(runes[:1]), own: string(runes[1:2]), given: runes[2:], prior: -.5})
		h.splits = append(h.splits, hanSplit{family: string(runes[1:2]), given: runes[2:], prior: -3}, hanSplit{family: string(runes[:1]), given: runes[2:], prior: -3})
	}
	if n <= 3 {
		h.splits = append(h.splits, hanSplit{given: runes, prior: -6})
	}
	if len(h.splits) == 0 {
		h.splits = append(h.splits, hanSplit{given: runes, prior: 0})
	}
	return h
}

// familyWays is log2 P(word | surname) for each system, with slips of the pen.
func (t *tables) familyWays(text, word string, slips bool) cell {
	c := noCell()
	s := t.surnameOf(text)
	if s == nil {
		return c
	}
	mask := maskOf(word)
	for _, w := range s.ways {
		switch {
		case w.text == word:
			c[w.sys] = max(c[w.sys], w.p)
		case slips:
			if !mayslip(mask, w.mask) {
				continue
			}
			if d := slip(word, w.text); d > leastSlip {
				c[w.sys] = max(c[w.sys], w.p+noise+d)
			}
		}
	}
	return c
}

// givenRun is log2 P(letters | these characters) for each system of the first
// syllable... of the whole, by the likeliest cutting.
func (t *tables) givenRun(r *run, given []rune, slips bool) cell {
	n := len(r.letters)
	if n > maxWord || len(given) == 0 || len(given) > n {
		return noCell()
	}
	var prev, next [maxWord + 1]cell
	var live, liveNext [maxWord + 1]bool
	live[0] = true
	for i, ch := range given {
		clear(liveNext[:])
		ways := t.givenWays(ch)
		for at := range n {
			if !live[at] {
				continue
			}
			best, bestValue := prev[at].top()
			if i == 0 {
				prev[at], bestValue = cell{}, 0
			}
			arrive := func(w way, k int, p float32) {
				v := prev[at][w.sys]
				if i > 0 {
					v = max(v+within[w.sys][w.sys], bestValue+within[best][w.sys]) + edge(w.sys, r.sep[at])
				}
				v += p
				if !liveNext[k] {
					liveNext[k] = true
					next[k] = noCell()
				}
				next[k][w.sys] = max(next[k][w.sys], v)
			}
			rest := r.letters[at:]
			var masks [maxSyllable + 1]uint32
			if slips {
				for d := 1; d <= min(maxSyllable, len(rest)); d++ {
					masks[d] = masks[d-1] | 1<<(rest[d-1]&31)
				}
			}
			last := i == len(given)-1
			left := len(given) - 1 - i
			for _, w := range ways {
				if len(w.text) <= len(rest) && rest[:len(w.text)] == w.text && (!last || len(w.text) == len(rest)) {
					k := at + len(w.text)
					arrive(w, k, w.p+r.broken(at, k))
				}
				if !slips {
					continue
				}
				for d := max(1, len(w.text)-2); d <= len(w.text)+2 && d <= len(rest)-left; d++ {
					if last && d != len(rest) || d > maxSyllable || !mayslip(masks[d], w.mask) || rest[:d] == w.text {
						continue
					}
					if c := slip(rest[:d], w.text); c > leastSlip {
						arrive(w, at+d, w.p+noise+c+r.broken(at, at+d))
					}
				}
			}
			if slips {
				t.unheard(r, at, left, last, ways, arrive)
			}
		}
		prev, live = next, liveNext
	}
	if !live[n] {
		return noCell()
	}
	return prev[n]
}

// unheard lets a syllable stand for a character though no table reads it so:
// cheaper where its first sound and its end agree with a known reading.
func (t *tables) unheard(r *run, at, left int, last bool, ways []way, arrive func(way, int, float32)) {
	rest := r.letters[at:]
	for d := 1; d <= min(7, len(rest)-left); d++ {
		if last && d != len(rest) {
			continue
		}
		x := t.lexicon[rest[:d]]
		if x == nil {
			continue
		}
		price := unheard + float32(0)
		c := classOf(rest[:d])
		first, end, both := false, false, false
		for _, w := range ways {
			o := classOf(w.text)
			first = first || o.first == c.first
			end = end || o.end == c.end
			both = both || o == c
		}
		switch {
		case both:
		case first && end:
			price -= 1
		case first:
			price -= 3
		default:
			price -= 5
		}
		price += r.broken(at, at+d)
		for s := range systems {
			if x.given[s] == never {
				continue
			}
			p := x.given[s] + price
			if s == Pinyin || s == Tongyong { // one reading, one spelling: little is unheard of
				p -= 4
			}
			arrive(way{text: rest[:d], sys: s}, at+d, p)
		}
	}
}

// hanLatin is log2 P(letters | characters) against log2 P(letters | anybody):
// bits, and the split and systems that gave most.
func (t *tables) hanLatin(h *han, l *latin) (float32, reading) {
	best, how := never, reading{}
	if l == nil {
		return otherFamily, reading{given: "other", family: "other"}
	}
	l.ready(t)
	for _, slips := range []bool{false, true} {
		b, r := t.hanLatinWith(h, l, slips)
		if b > best {
			best, how = b, r
		}
		// A slip is looked for where the exact spelling does not explain the name.
		if best-l.ground > 4 {
			break
		}
	}
	if how.given == "other" || how.given == "western" {
		best += t.likeness(how.han.given, l, how.latin.given)
	}
	return best - l.ground, how
}

// likeness is a last part of a bit for given names that do not fit: how near
// the letters are to the pinyin. It parts what would otherwise be ties.
func (t *tables) likeness(given []rune, l *latin, s span) float32 {
	if len(given) == 0 || s.empty() {
		return 0
	}
	pinyin := strings.Join(PinyinOf(string(given)), "")
	word := l.familyWord(s)
	return .7 * max(0, 1-distance(pinyin, word, false)/float32(max(len(pinyin), len(word), 1)))
}

// reading says how a pair was read.
type reading struct {
	han    hanSplit
	latin  split
	first  System
	rest   System
	slips  bool
	given  string // how the given name was met: all, western, other, one, initials
	family string // met, other, left
}

func (t *tables) hanLatinWith(h *han, l *latin, slips bool) (float32, reading) {
	best, how := never, reading{}
	type key struct {
		s    span
		text string
	}
	fams := map[key]cell{}
	givens := map[key]cell{}
	for _, hs := range h.splits {
		for _, ls := range l.splits {
			base := hs.prior + ls.prior + ls.extra
			if base < best {
				continue
			}
			var f cell
			famHow := "met"
			switch {
			case hs.family == "" && ls.family.empty():
			case ls.family.empty():
				for s := range f {
					f[s] = leftFamily
				}
				famHow = "left"
			case hs.family == "":
				f = t.familyGround(l, ls)
				for s := range f {
					f[s] += leftFamily
				}
				famHow = "left"
			default:
				k := key{ls.family, hs.family + "/" + hs.own}
				var ok bool
				if f, ok = fams[k]; !ok {
					f = t.familyCell(l, ls, hs, slips)
					fams[k] = f
				}
			}
			_, fTop := f.top()
			if base+fTop < best || fTop == never {
				continue
			}
			shares := &shareOf
			if hs.family != "" {
				shares = &t.surnameOf(hs.family).prior
			}
			try := func(g cell, price float32, givenHow string, same bool) {
				if _, most := g.top(); base+fTop+price+most <= best {
					return // what systems go together only costs
				}
				for a := range systems {
					if f[a] == never {
						continue
					}
					v := base + f[a] + shares[a] + price
					if same {
						if v > best {
							best, how = v, reading{hs, ls, a, a, slips, givenHow, famHow}
						}
						continue
					}
					for b := range systems {
						if w := v + toGiven[a][b] + g[b]; w > best {
							best, how = w, reading{hs, ls, a, b, slips, givenHow, famHow}
						}
					}
				}
			}
			if ls.given.empty() {
				if len(hs.given) == 0 {
					try(cell{}, 0, "all", true)
				} else {
					try(cell{}, westernOnly+2, "western", true)
				}
				continue
			}
			r := l.runOf(t, ls.given)
			if len(hs.given) > 0 {
				k := key{ls.given, string(hs.given)}
				g, ok := givens[k]
				if !ok {
					g = t.givenRun(r, hs.given, slips)
					givens[k] = g
				}
				try(g, allGiven, "all", false)
				t.partly(l, ls, hs, r, slips, func(g cell, price float32, givenHow string) { try(g, price, givenHow, false) })
			}
			try(r.ground, otherGiven, "other", false)
		}
	}
	if fallback := l.ground + otherFamily; fallback > best {
		// Nothing fits. Keep a trace of how far off it is, so that there are few ties.
		off := max(best, fallback-40) - fallback
		best = fallback + off/40
		how.family, how.given = "other", "other"
	}
	return best, how
}

func (t *tables) familyCell(l *latin, ls split, hs hanSplit, slips bool) cell {
	if !ls.double {
		c := t.familyWays(hs.family, l.familyWord(ls.family), slips)
		if hs.own != "" {
			o := t.familyWays(hs.own, l.familyWord(ls.family), slips)
			for s := range c {
				c[s] = max(c[s]-1, o[s]-1)
			}
		}
		return c
	}
	if hs.own == "" {
		return noCell()
	}
	x := t.familyWays(hs.family, l.tokens[ls.family.from].text, slips)
	y := t.familyWays(hs.own, l.tokens[ls.family.from+1].text, slips)
	for s := range x {
		x[s] += y[s]
	}
	return x
}

// partly tries what is often all that is known: "Ah Ming", "S. M. Wong".
func (t *tables) partly(l *latin, ls split, hs hanSplit, r *run, slips bool, try func(cell, float32, string)) {
	if len(hs.given) > 1 && len(hs.given) <= 3 {
		ah := float32(0)
		if l.tokens[ls.given.from].ah {
			ah = 6
		}
		for i, ch := range hs.given {
			g := t.givenRun(r, []rune{ch}, slips)
			if _, v := g.top(); v == never {
				continue
			}
			price := float32(oneOfGiven) + ah
			if i == 0 {
				price -= 1
			}
			try(g, price, "one")
		}
	}
	if int(ls.given.to-ls.given.from) == len(hs.given) {
		for i := ls.given.from; i < ls.given.to; i++ {
			if !l.tokens[i].single {
				return
			}
		}
		g := noCell()
		for s := range systems {
			var p float32
			for i, ch := range hs.given {
				p += t.initial(ch, s, l.tokens[int(ls.given.from)+i].text)
			}
			g[s] = p
		}
		try(g, initials, "initials")
	}
}

// initial is log2 P(letter | character, system).
func (t *tables) initial(ch rune, s System, letter string) float32 {
	best := never
	for _, w := range t.givenWays(ch) {
		if w.sys == s && w.text[:1] == letter {
			best = max(best, w.p)
		}
	}
	return best
}
