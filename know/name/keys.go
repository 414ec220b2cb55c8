package name

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// group joins systems whose spellings share their classes: keys are made per
// group, not per system.
var group = [systems]uint8{Pinyin: 0, WadeGiles: 0, Tongyong: 0, Taiwan: 0, HongKong: 1, Macau: 1, Malaya: 1, Jyutping: 1, Hokkien: 2, Teochew: 2, Hakka: 3, Hainan: 3, Korean: 4, Vietnamese: 5}

const groups = 6

// classes are the sound classes of one syllable in each group, likeliest first.
type classes [groups][]class

// weighed collects classes with their weight and keeps those that matter.
type weighed [groups]map[class]float64

func (w *weighed) add(s System, text string, p float64) {
	g := group[s]
	if w[g] == nil {
		w[g] = map[class]float64{}
	}
	w[g][classOf(text)] += p
}

// keep takes the classes that hold at least the given share of their group.
func (w *weighed) keep(share float64, most int) classes {
	var out classes
	for g := range w {
		var sum float64
		for _, p := range w[g] {
			sum += p
		}
		for c, p := range w[g] {
			if p >= share*sum {
				out[g] = append(out[g], c)
			}
		}
		slices.SortFunc(out[g], func(a, b class) int {
			if d := cmp.Compare(w[g][b], w[g][a]); d != 0 {
				return d
			}
			return cmp.Compare(string([]byte{a.first, a.end}), string([]byte{b.first, b.end}))
		})
		if len(out[g]) > most {
			out[g] = out[g][:most]
		}
	}
	return out
}

// clsKey names classes that were made before.
type clsKey struct {
	of    byte // f surname, g given, F and G of a spelling
	text  string
	share float64
	most  int
}

// kept makes classes or takes those that were made before; there are at most as
// many as characters and spellings, and a bound for what strangers send.
func (t *tables) kept(k clsKey, made func() classes) classes {
	t.mu.RLock()
	c, ok := t.cls[k]
	t.mu.RUnlock()
	if ok {
		return c
	}
	c = made()
	t.mu.Lock()
	if len(t.cls) < 1<<16 {
		t.cls[k] = c
	}
	t.mu.Unlock()
	return c
}

func (t *tables) familyClasses(text string, share float64, most int) classes {
	return t.kept(clsKey{'f', text, share, most}, func() classes { return t.makeFamily(text, share, most) })
}

func (t *tables) makeFamily(text string, share float64, most int) classes {
	var w weighed
	if s := t.surnameOf(text); s != nil {
		for _, x := range s.ways {
			w.add(x.sys, x.text, math.Exp2(float64(x.p))*systemInfo[x.sys].share)
		}
	}
	return w.keep(share, most)
}

func (t *tables) givenClasses(r rune, share float64, most int) classes {
	return t.kept(clsKey{'g', string(r), share, most}, func() classes { return t.makeGiven(r, share, most) })
}

func (t *tables) makeGiven(r rune, share float64, most int) classes {
	var w weighed
	for _, x := range t.givenWays(r) {
		w.add(x.sys, x.text, math.Exp2(float64(x.p))*systemInfo[x.sys].share)
	}
	return w.keep(share, most)
}

// spelledClasses says, for a spelling whose character nobody knows, how that
// character may sound in every group.
func (t *tables) spelledClasses(text string, family bool, share float64, most int) classes {
	of := byte('G')
	if family {
		of = 'F'
	}
	return t.kept(clsKey{of, text, share, most}, func() classes { return t.makeSpelled(text, family, share, most) })
}

func (t *tables) makeSpelled(text string, family bool, share float64, most int) classes {
	x := t.lexicon[text]
	if x == nil {
		return classes{}
	}
	var w weighed
	posts := x.asGiven
	if family {
		posts = x.asFamily
	}
	by := map[int32]float64{}
	for _, p := range posts {
		prior := float32(0)
		if family {
			prior = t.families[p.index].share
		} else {
			prior = t.list[p.index].given
		}
		by[p.index] += math.Exp2(float64(prior+p.p)) * systemInfo[p.sys].share
	}
	for index, p := range by {
		var ways []way
		if family {
			ways = t.families[index].ways
		} else {
			ways = t.givenWays(t.list[index].char)
		}
		for _, x := range ways {
			w.add(x.sys, x.text, p*math.Exp2(float64(x.p))*systemInfo[x.sys].share)
		}
	}
	return w.keep(share, most)
}

// maxKeys bounds the keys of one name.
const maxKeys = 64

type keySet struct{ keys []string }

func (k *keySet) add(s []byte) {
	if len(s) > 0 && len(k.keys) < maxKeys && !slices.ContainsFunc(k.keys, func(o string) bool { return o == string(s) }) {
		k.keys = append(k.keys, string(s))
	}
}

// places are the classes of a surname and of up to four syllables.
type places [5][]class

// cross adds a key for every choice of one class a place.
func (k *keySet) cross(p *places, n int) {
	var key [2 * len(p)]byte
	k.choose(p[:n], key[:0])
}

func (k *keySet) choose(p [][]class, key []byte) {
	if len(p) == 0 {
		k.add(key)
		return
	}
	for _, c := range p[0] {
		k.choose(p[1:], append(key, c.first, c.end))
	}
}

// mixed are the groups whose surnames go with given names of another group.
var mixed = [][2]int{{2, 0}, {1, 0}, {0, 1}, {2, 1}, {0, 2}, {1, 2}}

func (k *keySet) names(family classes, given []classes) {
	var p places
	n := min(1+len(given), len(p))
	for g := range groups {
		p[0] = family[g]
		for i, x := range given[:n-1] {
			p[1+i] = x[g]
		}
		k.cross(&p, n)
	}
	for _, m := range mixed {
		p[0] = first(family[m[0]], 1)
		for i, x := range given[:n-1] {
			p[1+i] = first(x[m[1]], 1)
		}
		k.cross(&p, n)
	}
}

func first(c []class, n int) []class { return c[:min(n, len(c))] }

// Keys are the sound keys under which a name is put into an index: the classes
// of its surname and given name, for every family of spellings it may be written
// in and every way to take it apart. Two spellings of one Chinese name nearly
// always share one. A name of another kind has none; its words are Words.
func (n *Name) Keys() []string { return n.keys(false) }

// SearchKeys are the keys to look a name up by: those of Keys, and for a name in
// letters also how it may sound in other families.
func (n *Name) SearchKeys() []string { return n.keys(true) }

func (n *Name) keys(search bool) []string {
	t := load()
	var k keySet
	for i := range n.forms {
		f := n.forms[i]
		if f.han != nil {
			t.hanKeys(f.han, &k, search)
		} else if t.syllabic(f) {
			t.latinKeys(f, &k, search)
		}
	}
	return k.keys
}

func (t *tables) hanKeys(h *han, k *keySet, search bool) {
	for _, s := range h.splits {
		if s.family == "" || len(s.given) == 0 || len(s.given) > 3 || s.prior < -3.5 {
			continue
		}
		most, share := 2, .12
		if search {
			most, share = 4, .05
		}
		if s.prior < -1 {
			most = 1
		}
		var given []classes
		for _, r := range s.given {
			given = append(given, t.givenClasses(r, share, most))
		}
		k.names(t.familyClasses(s.family, share, most), given)
	}
}

func (t *tables) latinKeys(f *form, k *keySet, search bool) {
	if f.kin < len(f.words) {
		return
	}
	parses := t.parsesOf(f.latin(t))
	for i, p := range parses {
		if p.family == "" || len(p.given) == 0 || p.weight < parses[0].weight-12 {
			continue
		}
		own := places{{classOf(p.family)}}
		n := 1
		for _, g := range p.given[:min(len(p.given), len(own)-1)] {
			c := []class{classOf(g)}
			if search { // 英 is Ying or Eng, 佑 You or Eu
				switch c[0].first {
				case '0':
					c = append(c, class{'Y', c[0].end})
				case 'Y':
					c = append(c, class{'0', c[0].end})
				}
			}
			own[n] = c
			n++
		}
		k.cross(&own, n)
		if search && i < 3 && p.weight > parses[0].weight-5 {
			var given []classes
			for _, g := range p.given {
				given = append(given, t.spelledClasses(g, false, .2, 2))
			}
			k.names(t.spelledClasses(p.family, true, .2, 2), given)
		}
	}
}

// Words are the codes of a name's words, whatever its kind: the first sound and
// the consonants that ears keep. Pairs of them make keys for names that are not
// Chinese.
func (n *Name) Words() []string {
	var out []string
	for i := range n.forms {
		for _, w := range n.forms[i].words {
			if c := code(w.text); len(w.text) > 1 && !slices.Contains(out, c) && len(out) < maxTokens {
				out = append(out, c)
			}
		}
	}
	return out
}

// Plain are the words of a name as they are compared, for who counts how usual
// they are.
func (n *Name) Plain() []string {
	var out []string
	for i := range n.forms {
		for _, w := range n.forms[i].words {
			if !slices.Contains(out, w.text) {
				out = append(out, w.text)
			}
		}
	}
	return out
}

// Characters is the name in folded Chinese characters, or "" where it has none.
func (n *Name) Characters() string {
	for i := range n.forms {
		if h := n.forms[i].han; h != nil && !h.nick {
			return string(h.runes)
		}
	}
	return ""
}

// code keeps of a word its first letter's class and up to four classes of
// consonants; a short word keeps its vowels, for there is little else.
func code(w string) string {
	var b strings.Builder
	last := byte(0)
	for i := range len(w) {
		c := w[i]
		switch c {
		case 'a', 'e', 'i', 'o', 'u', 'y', 'h', 'w':
			if i > 0 {
				if c != 'h' {
					last = 0
				}
				continue
			}
			if c != 'h' && c != 'w' {
				c = 'a'
			}
		case 'c', 'k', 'q', 'g', 'x':
			c = 'k'
		case 's', 'z', 'j':
			c = 's'
		case 'd', 't':
			c = 't'
		case 'b', 'p':
			c = 'p'
		case 'f', 'v':
			c = 'f'
		case 'm', 'n':
			c = 'n'
		}
		if c == last {
			continue
		}
		last = c
		b.WriteByte(c)
		if b.Len() == 5 {
			break
		}
	}
	return b.String()
}
