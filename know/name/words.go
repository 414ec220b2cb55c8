package name

import (
	"math"
	"slices"
	"strings"
)

// Frequency gives the share of people whose name has a word, or 0 where it
// does not know. A desk with records of its own counts them; without, a word is
// taken to be the rarer the longer it is.
type Frequency func(word string) float64

// wordBits is how much it says that two names share a word: -log2 of its share.
func (t *tables) wordBits(w string, f Frequency) float32 {
	if f != nil {
		if p := f(w); p > 0 {
			return float32(min(15, -math.Log2(p)))
		}
		return 14
	}
	if bits, ok := t.common[w]; ok {
		return bits
	}
	if x := t.lexicon[w]; x != nil {
		best := x.anyFamily
		for s := range systems {
			best = max(best, x.given[s]+shareOf[s]+1)
		}
		if -best < 11 {
			return max(4, -best)
		}
	}
	if t.western[w] {
		return 7.5
	}
	return min(13, max(4, 3.2+1.15*float32(len(w))))
}

// The prices of two lists of words that do not agree.
const (
	conflict    = -6   // a word on each side with nothing to match it
	conflictTwo = -4   // a second pair of such words
	leftover    = -.8  // a word on one side only
	otherFather = -6   // both name a father or mother, and not the same
	turned      = -1   // the same words in another order
	initialFits = 1.5  // J for John
	joinedCost  = -1.5 // Abdulaziz for Abdul Aziz
)

// wordMatch is one pair of words that stand for each other.
type wordMatch struct {
	a, b  int // index of the (first) word
	bits  float32
	level wordLevel
}

type wordLevel uint8

const (
	sameWord wordLevel = iota
	nearWord
	startWord
	initialWord
	joinedWord
)

// compareWords weighs two names of any kind as lists of words.
func (t *tables) compareWords(a, b *form, f Frequency) (float32, []wordMatch) {
	var used struct{ a, b [maxTokens]bool }
	var got []wordMatch
	n, m := min(len(a.words), maxTokens), min(len(b.words), maxTokens)
	if n == 0 || m == 0 {
		return 0, nil
	}
	var total float32
	// Somebody's own name is no match for a father's.
	fathers := a.kin < n && b.kin < m
	apart := func(i, j int) bool { return fathers && (i < a.kin) != (j < b.kin) }
	take := func(w wordMatch) {
		used.a[w.a], used.b[w.b] = true, true
		got = append(got, w)
		total += w.bits
	}
	for i := range n { // exact first: most names are decided here
		for j := range m {
			if !used.a[i] && !used.b[j] && !apart(i, j) && a.words[i].text == b.words[j].text && len(a.words[i].text) > 1 {
				take(wordMatch{i, j, t.wordBits(a.words[i].text, f) - .3, sameWord})
			}
		}
	}
	t.takeJoined(a, b, f, &used.a, &used.b, take)
	t.takeJoined(b, a, f, &used.b, &used.a, func(w wordMatch) { take(wordMatch{w.b, w.a, w.bits, w.level}) })
	for range min(n, m) { // the best pair of what is left, again and again
		best := wordMatch{bits: 0}
		for i := range n {
			for j := range m {
				if used.a[i] || used.b[j] || apart(i, j) {
					continue
				}
				w := t.nearWords(a.words[i], b.words[j], f)
				w.a, w.b = i, j
				if w.bits > best.bits {
					best = w
				}
			}
		}
		if best.bits <= 0 {
			break
		}
		take(best)
	}
	leftA, leftB := 0, 0
	for i := range min(n, max(a.kin, 1)) {
		if !used.a[i] {
			leftA++
		}
	}
	for j := range min(m, max(b.kin, 1)) {
		if !used.b[j] {
			leftB++
		}
	}
	if otherParents(a, b, got) {
		total += otherFather
	}
	both := min(leftA, leftB)
	for k := range both {
		if k == 0 {
			total += conflict
		} else {
			total += conflictTwo
		}
	}
	total += leftover * float32(max(leftA, leftB)-both)
	for i := 1; i < len(got); i++ {
		if (got[i].a < got[0].a) != (got[i].b < got[0].b) {
			total += turned
			break
		}
	}
	return total, got
}

// otherParents says whether both names have a father's or mother's, and these
// have nothing in common.
func otherParents(a, b *form, got []wordMatch) bool {
	return a.kin < min(len(a.words), maxTokens) && b.kin < min(len(b.words), maxTokens) &&
		!slices.ContainsFunc(got, func(w wordMatch) bool { return w.a >= a.kin && w.b >= b.kin })
}

// takeJoined matches two neighbouring words of a with one of b.
func (t *tables) takeJoined(a, b *form, f Frequency, usedA, usedB *[maxTokens]bool, take func(wordMatch)) {
	for i := 0; i+1 < min(len(a.words), maxTokens); i++ {
		if usedA[i] || usedA[i+1] {
			continue
		}
		joined := a.words[i].written + a.words[i+1].written
		for j := range min(len(b.words), maxTokens) {
			if !usedB[j] && (b.words[j].written == joined || b.words[j].text == a.words[i].text+a.words[i+1].text) {
				usedA[i+1] = true
				take(wordMatch{i, j, t.wordBits(joined, f) + joinedCost, joinedWord})
				break
			}
		}
	}
}

// nearWords weighs two words that are not equal. The price of a slip is the
// chance of one, times how many other words lie as near.
func (t *tables) nearWords(x, y word, f Frequency) wordMatch {
	if len(x.text) == 1 || len(y.text) == 1 {
		if x.text[0] == y.text[0] {
			return wordMatch{bits: initialFits, level: initialWord}
		}
		return wordMatch{}
	}
	if t.common[x.text] > 0 && t.common[y.text] > 0 && x.text != y.text {
		return wordMatch{} // Rajesh and Rakesh are two names, not a slip
	}
	short, long := x.text, y.text
	if len(short) > len(long) {
		short, long = long, short
	}
	worth := max(t.wordBits(x.text, f), t.wordBits(y.text, f)) // what is mistyped looks rare, so
	if f == nil || worth > 11 {
		worth = min(t.wordBits(x.text, f), t.wordBits(y.text, f)) // ask the commoner
	}
	best := wordMatch{}
	if len(short) >= 3 && long[:len(short)] == short {
		best = wordMatch{bits: worth - 5.5, level: startWord}
	}
	loose := x.converted || y.converted
	limit := .36 * float32(len(long))
	d := distance(x.text, y.text, loose)
	if m := modern(x.text); m != x.text || modern(y.text) != y.text {
		d = min(d, distance(m, modern(y.text), loose))
	}
	if x.text != x.written || y.text != y.written {
		d = min(d, distance(x.written, y.written, loose))
	}
	if d <= limit {
		price := 2.2 + 3.6*d
		if loose {
			price = 1.5 + 2.6*d
		}
		if b := worth - price; b > best.bits {
			best = wordMatch{bits: b, level: nearWord}
		}
	}
	return best
}

// modern writes a word of the old Indonesian spelling (before 1972) in the new one.
func modern(w string) string {
	if !strings.Contains(w, "oe") && !strings.Contains(w, "j") {
		return w
	}
	return oldSpelling.Replace(w)
}

var oldSpelling = strings.NewReplacer("oe", "u", "tj", "c", "dj", "j", "sj", "sy", "nj", "ny", "ja", "ya", "jo", "yo", "ju", "yu")

// distance is a weighted edit distance: one for a strange letter, less for what
// ears and fingers confuse. Loose is for words that came from another script,
// whose vowels were half guessed.
func distance(a, b string, loose bool) float32 {
	if len(a) > maxWord || len(b) > maxWord {
		a, b = a[:min(len(a), maxWord)], b[:min(len(b), maxWord)]
	}
	n, m := len(a), len(b)
	if n-m > 4 || m-n > 4 {
		return 99
	}
	var rows [3][maxWord + 1]float32
	for j := 1; j <= m; j++ {
		rows[0][j] = rows[0][j-1] + gap(b, j-1, loose)
	}
	for i := 1; i <= n; i++ {
		cur, up, two := &rows[i%3], &rows[(i+2)%3], &rows[(i+1)%3]
		cur[0] = up[0] + gap(a, i-1, loose)
		for j := 1; j <= m; j++ {
			v := up[j-1]
			if a[i-1] != b[j-1] {
				v += change(a[i-1], b[j-1], loose)
			}
			v = min(v, up[j]+gap(a, i-1, loose), cur[j-1]+gap(b, j-1, loose))
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] && a[i-1] != a[i-2] {
				v = min(v, two[j-2]+.8)
			}
			cur[j] = v
		}
	}
	return rows[n%3][m]
}

func change(x, y byte, loose bool) float32 {
	vowels := isVowel(x) && isVowel(y)
	switch {
	case vowels && loose:
		return .3
	case vowels:
		return .75
	case alikeLetters[x-'a'][y-'a'] && loose:
		return .35
	case alikeLetters[x-'a'][y-'a']:
		return .7
	}
	return 1
}

func gap(s string, i int, loose bool) float32 {
	switch {
	case i > 0 && s[i] == s[i-1], i+1 < len(s) && s[i] == s[i+1]:
		return .4
	case loose && isVowel(s[i]):
		return .3
	case loose && s[i] == 'h':
		return .2
	case s[i] == 'h':
		return .6
	case isVowel(s[i]):
		return .9
	}
	return 1
}
