package name

import (
	"cmp"
	"fmt"
	"math"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Match is what comparing two names gives. It is a value: the same two texts
// and the same table version give the same match, on any machine.
type Match struct {
	Bits    float64 // log2 of how much likelier the two are if they are one name; finite
	Sound   bool    // the characters differ and only sound alike: nothing but other facts can decide
	Reading string  // how the pair was read, such as "黃小明 read as Cantonese: 黃 Wong, 小 Siu, 明 Ming"
	Why     []string
	Version string // of the tables and rules
}

// maxBits keeps every answer finite and of one scale.
const maxBits = 60

// Compare weighs two names. Frequencies, where a desk has counted its own, say
// how usual a word is; nil takes the built-in guess. Which name comes first
// makes no difference.
func Compare(a, b *Name, f Frequency) Match {
	if b.Text < a.Text { // one order, so that the answer cannot depend on it
		a, b = b, a
	}
	m := Match{Version: Version}
	if !a.Readable() || !b.Readable() {
		m.Reading = "not compared"
		m.Why = []string{"one of the two has no name to read"}
		return m
	}
	best := bestOutcome(a, b, f)
	m.Bits = final(best.bits)
	m.Sound = best.sound
	m.Reading, m.Why = load().explain(best)
	for _, u := range best.unlike {
		m.Why = append(m.Why, u.says)
	}
	for _, n := range []*Name{a, b} {
		for _, x := range n.Notes {
			m.Why = append(m.Why, fmt.Sprintf("%s: %s", short(n.Text), x))
		}
	}
	return m
}

// Score is Compare without the explanation, for who has many to go through.
func Score(a, b *Name, f Frequency) (bits float64, sound bool) {
	if b.Text < a.Text {
		a, b = b, a
	}
	if !a.Readable() || !b.Readable() {
		return 0, false
	}
	best := bestOutcome(a, b, f)
	return final(best.bits), best.sound
}

// final bounds the bits and rounds them, so that every machine prints the same.
func final(bits float32) float64 {
	return math.Round(math.Max(-maxBits, math.Min(maxBits, float64(bits)))*1000) / 1000
}

func bestOutcome(a, b *Name, f Frequency) outcome {
	t := load()
	best := outcome{bits: never}
	for i := range a.forms {
		for k := range b.forms {
			o := t.compareForms(a.forms[i], b.forms[k], f)
			if o.bits > best.bits {
				best = o
			}
		}
	}
	if tries := len(a.forms) * len(b.forms); tries > 1 {
		best.bits -= log2(float64(tries)) / 2 // several tries find something more easily
	}
	return best
}

// outcome is the best way to see two forms as one.
type outcome struct {
	a, b  *form
	bits  float32
	kind  string // han, hanLatin, latin, words
	sound bool
	how   string
	read  reading
	turn  bool // a is the one in letters
	pair  pairReading
	words []wordMatch

	unlike []difference
	nick   string // how a nickname was met: one, other
}

func (t *tables) compareForms(a, b *form, f Frequency) outcome {
	o := outcome{a: a, b: b, bits: never}
	switch {
	case a.han != nil && b.han != nil:
		o.kind = "han"
		o.bits, o.sound, o.how = t.hanHan(a.han, b.han)
	case a.han != nil:
		o.kind = "hanLatin"
		o.bits, o.read = t.hanLatin(a.han, b.latin(t))
		o.nickname(t, a.han, b)
	case b.han != nil:
		o.kind, o.turn = "hanLatin", true
		o.bits, o.read = t.hanLatin(b.han, a.latin(t))
		o.nickname(t, b.han, a)
	default:
		o = t.compareLatin(a, b, f)
		o.unlike = unlike(a, b)
		for _, u := range o.unlike {
			o.bits += u.bits
		}
		if a.nick && b.nick {
			o.bits = min(o.bits, nickBits)
		}
	}
	return o
}

// nickname weighs 阿玲 or 老王 against a whole name in letters: one syllable, or the
// surname, is all there is to compare, and that it is not there says little too.
func (o *outcome) nickname(t *tables, h *han, f *form) {
	if !h.nick || !t.syllabic(f) {
		return
	}
	best, how := float32(leastNick), "other"
	ps := t.parsesOf(f.latin(t))
	for i := range ps {
		p := &ps[i]
		if p.weight < ps[0].weight-6 {
			break
		}
		for _, s := range h.splits {
			for place, part := range t.sketchHan(s).Parts {
				said := p.given
				if place == 0 {
					said = []string{p.family}
				}
				if part == 0 || place == 1 || place == 0 && len(s.given) > 0 {
					continue
				}
				r := t.rowOf(rowKey{part: part, family: place == 0}, fromCharacters)
				for _, g := range said {
					x := t.lexicon[g]
					if x == nil {
						continue
					}
					if b := r.of(x.id) - 3; b > best {
						best, how = b, "one"
					}
				}
			}
		}
	}
	if best > o.bits {
		o.bits, o.nick = min(best, nickBits), how
	}
}

// leastNick is what a nickname says that is not found in a name: people have
// several.
const leastNick = -3

// nickBits is the most that one nickname on both sides says: very many are Ah Ming.
const nickBits = 4

// difference is something beside the words that two names differ in.
type difference struct {
	bits float32
	says string
}

// unlike finds what tells two names in letters apart though their words agree.
func unlike(a, b *form) []difference {
	var out []difference
	if a.sex != 0 && b.sex != 0 && a.sex != b.sex {
		out = append(out, difference{-12, "one is a man's name and one a woman's"})
	}
	if a.rank != "" && b.rank != "" && a.rank != b.rank {
		out = append(out, difference{-9, "father and son, by Jr and Sr or the number"})
	}
	if a.marked && b.marked {
		others := 0
		for i := range min(len(a.words), len(b.words)) {
			x, y := a.words[i], b.words[i]
			if x.text == y.text && norm.NFC.String(cmp.Or(x.marks, x.text)) != norm.NFC.String(cmp.Or(y.marks, y.text)) {
				others++
			}
		}
		if others > 0 { // people leave marks out and mistype them, but seldom write others
			out = append(out, difference{-7 * float32(min(2, others)), "the Vietnamese marks differ"})
		}
	}
	return out
}

// chinese says whether the tables read letters as a Chinese name much better
// than as mere words.
func (t *tables) chinese(f *form) bool {
	f.zhOnce.Do(func() { f.isZh = t.syllabic(f) && t.readsAsChinese(f) })
	return f.isZh
}

// syllabic is a quick look: at least two words, or one word of two syllables and
// more, are rows of syllables that the tables know.
func (t *tables) syllabic(f *form) bool {
	count := 0
	for _, k := range f.tokens {
		count += t.syllablesIn(k.text)
	}
	return count >= 2
}

// syllablesIn is the least number of known syllables that make a word, or 0.
func (t *tables) syllablesIn(w string) int {
	n := len(w)
	if n == 0 || n > maxWord {
		return 0
	}
	var least [maxWord + 1]int
	for at := range n {
		if at > 0 && least[at] == 0 || least[at] == 3 {
			continue
		}
		for k := at + 1; k <= min(n, at+8); k++ {
			if t.lexicon[w[at:k]] != nil && (least[k] == 0 || least[k] > least[at]+1) {
				least[k] = least[at] + 1
			}
		}
	}
	return least[n]
}

func (t *tables) readsAsChinese(f *form) bool {
	if f.kin < len(f.words) || f.other {
		return false
	}
	l := f.latin(t)
	if l == nil {
		return false
	}
	l.ready(t)
	loose := float32(-8)
	for _, k := range l.tokens {
		loose += t.wordCost(k.text)
	}
	if l.ground-loose < 4 || len(l.splits) == 0 {
		return false
	}
	s := l.splits[l.best]
	if s.family.empty() || s.given.empty() || s.double {
		return false
	}
	x := t.lexicon[l.familyWord(s.family)]
	return x != nil && x.anyFamily > -19 && len(t.parsesOf(l)) > 0
}

func (t *tables) compareLatin(a, b *form, f Frequency) outcome {
	o := outcome{a: a, b: b, kind: "words"}
	o.bits, o.words = t.compareWords(a, b, f)
	if a.other || b.other || !t.chinese(a) && !t.chinese(b) {
		return o
	}
	v, pair := t.latinLatin(a.latin(t), b.latin(t))
	if v == never {
		if t.chinese(a) && t.chinese(b) {
			// No one Chinese name has both spellings.
			o.bits = min(o.bits, otherFamily+min(0, o.bits)/8)
		}
		return o
	}
	if t.chinese(a) && t.chinese(b) || v > o.bits {
		c := o
		c.kind, c.bits, c.pair = "latin", v, pair
		if v < otherGiven { // as with characters: another name altogether
			c.bits = otherGiven + (v-otherGiven)/20
		}
		if o.bits > c.bits && noConflict(o, a, b) {
			return o // the words agree one by one
		}
		return c
	}
	return o
}

// noConflict says whether every word of the shorter name stands in the other.
func noConflict(o outcome, a, b *form) bool {
	same := 0
	for _, w := range o.words {
		if w.level == sameWord {
			same++
		}
	}
	return same == min(len(a.words), len(b.words)) && same >= 2
}

// explain puts an outcome into words.
func (t *tables) explain(o outcome) (string, []string) {
	switch o.kind {
	case "hanLatin":
		h, l := o.a, o.b
		if o.turn {
			h, l = o.b, o.a
		}
		switch o.nick {
		case "one":
			return fmt.Sprintf("%s is a nickname that fits a part of %s", short(h.text), short(l.text)), nil
		case "other":
			return fmt.Sprintf("%s is a nickname that is not heard in %s", short(h.text), short(l.text)), nil
		}
		return t.explainHanLatin(h, l, o.read)
	case "han":
		return explainHan(o)
	case "latin":
		return explainPair(o)
	}
	return t.explainWords(o)
}

func (t *tables) explainHanLatin(h, l *form, r reading) (string, []string) {
	if r.family == "other" {
		return fmt.Sprintf("%s and %s: no reading of the characters gives these letters", short(h.text), short(l.text)), nil
	}
	original := originals(t, h)
	var parts, why []string
	if r.family == "met" && r.han.family != "" && !r.latin.family.empty() {
		parts = append(parts, fmt.Sprintf("%s %s", original(r.han.family+r.han.own), capital(l.latin(t).familyWord(r.latin.family))))
	}
	if r.family == "left" {
		why = append(why, "the surname stands on one side only")
	}
	switch r.given {
	case "all":
		if !r.latin.given.empty() && len(r.han.given) > 0 {
			run := l.latin(t).runOf(t, r.latin.given)
			for i, seg := range t.segments(run, r.han.given, r.rest) {
				parts = append(parts, fmt.Sprintf("%s %s", original(string(r.han.given[i])), capital(seg.text)))
				if note := seg.note; note != "" {
					why = append(why, note)
				}
			}
		}
	case "western":
		why = append(why, "the given name is not written out in letters: only the surname was compared")
	case "one":
		if i, text := t.partOf(l, r); i >= 0 {
			parts = append(parts, fmt.Sprintf("%s %s", original(string(r.han.given[i])), capital(text)))
		}
		why = append(why, "only one part of the given name is written in letters")
	case "initials":
		why = append(why, "the given name is written as initials")
	case "other":
		why = append(why, "the given name in letters is another one")
	}
	if r.latin.last && !r.latin.given.empty() {
		why = append(why, "surname last")
	}
	system := r.first.String()
	if r.given == "all" && r.rest != r.first && !r.latin.given.empty() {
		system = fmt.Sprintf("%s (surname) and %s (given name)", r.first, r.rest)
	}
	return fmt.Sprintf("%s read as %s: %s", short(h.text), system, strings.Join(parts, ", ")), why
}

// partOf finds again which character the letters of a given name stand for,
// where they are but a part of it.
func (t *tables) partOf(l *form, r reading) (int, string) {
	text := l.latin(t).runOf(t, r.latin.given).letters
	best, top := -1, never
	for i, ch := range r.han.given {
		if p, _ := t.segmentPrice(text, ch, r.rest); p > top {
			best, top = i, p
		}
	}
	return best, text
}

// originals gives back the characters as they were written for folded ones.
func originals(t *tables, f *form) func(string) string {
	back := map[rune]rune{}
	for _, r := range f.text {
		back[t.fold(r)] = r
	}
	return func(s string) string {
		return strings.Map(func(r rune) rune {
			if o, ok := back[r]; ok {
				return o
			}
			return r
		}, s)
	}
}

type segment struct{ text, note string }

// segments finds again how the letters were cut, for the explanation.
func (t *tables) segments(r *run, given []rune, sys System) []segment {
	var best []segment
	top := never
	var walk func(at, i int, v float32, got []segment)
	walk = func(at, i int, v float32, got []segment) {
		if i == len(given) {
			if at == len(r.letters) && v > top {
				top, best = v, append([]segment(nil), got...)
			}
			return
		}
		from := at + 1
		if i == len(given)-1 {
			from = len(r.letters)
		}
		for k := from; k <= min(len(r.letters), at+8); k++ {
			text := r.letters[at:k]
			p, note := t.segmentPrice(text, given[i], sys)
			walk(k, i+1, v+p+r.broken(at, k), append(got, segment{text, note}))
		}
	}
	if len(given) <= 4 {
		walk(0, 0, 0, nil)
	}
	return best
}

func (t *tables) segmentPrice(text string, r rune, sys System) (float32, string) {
	best, note := float32(-40), fmt.Sprintf("%c is not read %s in any table, it only sounds like it", r, capital(text))
	for _, w := range t.givenWays(r) {
		p, n := w.p, ""
		if w.sys != sys {
			p -= 4
		}
		if w.text != text {
			p += noise + slip(text, w.text)
			n = fmt.Sprintf("%s is near to %s, a spelling of %c", capital(text), capital(w.text), r)
		}
		if p > best {
			best, note = p, n
		}
	}
	if best < -26 {
		return best, fmt.Sprintf("%c is not read %s in any table", r, capital(text))
	}
	return best, note
}

func explainHan(o outcome) (string, []string) {
	x, y := short(o.a.text), short(o.b.text)
	switch {
	case o.sound:
		return fmt.Sprintf("%s and %s sound alike", x, y), []string{"different characters with one sound: the name cannot tell, other facts must"}
	case o.how == "family":
		return fmt.Sprintf("%s and %s have different surnames", x, y), nil
	case o.how == "one":
		return fmt.Sprintf("%s and %s share a part of the given name", x, y), nil
	case o.bits > 0:
		return fmt.Sprintf("%s and %s are the same characters, counting traditional, simplified and variant forms as one", x, y), nil
	}
	return fmt.Sprintf("%s and %s are different characters", x, y), nil
}

func explainPair(o outcome) (string, []string) {
	p, q := o.pair.a, o.pair.b
	systems := o.pair.sa.String()
	if o.pair.sb != o.pair.sa {
		systems += " and " + o.pair.sb.String()
	}
	if o.bits <= 0 {
		return fmt.Sprintf("%s and %s: hardly one Chinese name", short(o.a.text), short(o.b.text)), nil
	}
	var parts []string
	if p.family != "" && q.family != "" {
		parts = append(parts, pairOf(p.family, q.family))
	}
	if len(p.given) == len(q.given) {
		for i := range p.given {
			parts = append(parts, pairOf(p.given[i], q.given[i]))
		}
	}
	var why []string
	if o.pair.kind == "one" {
		short := p
		if len(short.given) > len(q.given) {
			short = q
		}
		parts = append(parts, capital(short.given[0]))
		why = append(why, "one of the two has only a part of the given name")
	}
	return fmt.Sprintf("%s and %s as spellings of one Chinese name (%s): %s", short(o.a.text), short(o.b.text), systems, strings.Join(parts, ", ")), why
}

func pairOf(a, b string) string {
	if a == b {
		return capital(a)
	}
	return capital(a) + "/" + capital(b)
}

func (t *tables) explainWords(o outcome) (string, []string) {
	var parts []string
	for _, w := range o.words {
		x, y := o.a.words[w.a].text, o.b.words[w.b].text
		switch w.level {
		case sameWord, joinedWord:
			parts = append(parts, capital(x))
		case nearWord:
			parts = append(parts, fmt.Sprintf("%s near %s", capital(x), capital(y)))
		case startWord:
			parts = append(parts, fmt.Sprintf("%s begins like %s", capital(x), capital(y)))
		case initialWord:
			parts = append(parts, fmt.Sprintf("initial %s for %s", capital(x), capital(y)))
		}
	}
	var why []string
	if otherParents(o.a, o.b, o.words) {
		why = append(why, "another father or mother")
	}
	if len(parts) == 0 {
		return fmt.Sprintf("%s and %s share no word", short(o.a.text), short(o.b.text)), why
	}
	return fmt.Sprintf("%s and %s share: %s", short(o.a.text), short(o.b.text), strings.Join(parts, ", ")), why
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// short keeps a name in an explanation to a line.
func short(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
