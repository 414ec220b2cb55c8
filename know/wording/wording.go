// Package wording says how close the words of a message are to those of lures
// that are known, from examples that people have labelled.
//
// It is a linear model: each word, pair of words, or run of up to four
// characters of a script without spaces has a weight, positive where it stood in
// lures more than in honest texts. The weights stand in weights.tsv, one a
// line, to be read and argued with; they are learned from the labelled texts of
// test/sets by know/wording/gen. Method: logistic regression (Cox, JRSS B 20,
// 1958) on word n-grams, fitted by AdaGrad (Duchi, Hazan, Singer, JMLR 12, 2011).
//
// Likeness is no evidence by itself. It knows only the words of its examples,
// and what it says of a text is never more than a reason to weigh other signs
// more, or less.
package wording

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	_ "embed"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"homeward/know/text"
)

//go:generate go run ./gen

//go:embed weights.tsv
var weights []byte

// Default is the model of the embedded weights.
var Default = sync.OnceValue(func() *Model {
	m, err := Parse(weights)
	if err != nil {
		panic(err) // a test parses it
	}
	return m
})

// Version identifies the embedded weights: whoever says which rules gave an answer
// has to name them too.
func Version() [sha256.Size]byte { return sha256.Sum256(weights) }

// unit is how many steps of a weight make one of log odds.
const unit = 256

// few is how many runs count as few: texts with no more say little, whatever they
// say.
const few = 40

// many is how many runs a chat or a short advert has at most. Beyond it only the
// mean counts: a page of text is not surer than a paragraph.
const many = 150

// spread is what the sum of n weights is divided by.
func spread(n int) float64 {
	if n <= many {
		return math.Sqrt(float64(n + few))
	}
	return math.Sqrt(many+few) * float64(n) / many
}

// Model holds the weights. The zero Model knows no word and finds every text
// even.
type Model struct {
	// An open table: a weight of 0 is an empty place. Its length is a power of two.
	table []entry
	// maybe has a bit for each hash's upper part that is in the table: most runs of a
	// text are unknown, and a text asks for hundreds, so what says no is small.
	maybe []uint64
}

type entry struct {
	hash   uint32
	weight int32
}

// Likeness is what the words of a text, or of a part of one, add up to. The zero
// Likeness is that of an empty text.
type Likeness struct {
	sum   int32 // of weights
	grams int32 // all that were looked at, known or not
}

// Add joins what two parts say.
func (l Likeness) Add(o Likeness) Likeness { return Likeness{l.sum + o.sum, l.grams + o.grams} }

// LogOdds gives the natural logarithm of the odds that a text of such words is
// a lure, among examples that are half lures. Short texts, and texts of unknown
// words, come out near even.
func (m *Model) LogOdds(l Likeness) float64 {
	return float64(l.sum) / spread(int(l.grams)) / unit
}

// Weight is the weight of a single run, in 1/256 of log odds; 0 when it is not known.
func (l Likeness) Weight() int { return int(l.sum) }

// Weigh calls f for each run of words, in the order in which they end, with its
// bytes in s and what it says. s is in the normal form of know/text.
func (m *Model) Weigh(s string, f func(start, end int, l Likeness)) {
	// Looked up together, runs come from memory at the same time, not one after the other.
	var batch [64]weighed
	n := 0
	each(s, func(end int, runs []run) {
		if n+len(runs) > len(batch) {
			m.weigh(batch[:n], f)
			n = 0
		}
		for _, r := range runs {
			batch[n] = weighed{start: r.start, end: end, hash: r.hash}
			n++
		}
	})
	m.weigh(batch[:n], f)
}

// weighed is a run on its way to its weight.
type weighed struct {
	start, end int
	hash       uint32
	maybe      bool // its weight is not surely 0
}

func (m *Model) weigh(batch []weighed, f func(start, end int, l Likeness)) {
	if len(m.table) > 0 {
		for i := range batch {
			h := batch[i].hash
			batch[i].maybe = m.maybe[h>>18]>>(h>>12&63)&1 != 0
		}
	}
	for i := range batch {
		b := &batch[i]
		l := Likeness{grams: 1}
		if b.maybe {
			l.sum = m.weight(b.hash)
		}
		f(b.start, b.end, l)
	}
}

// Read adds up all words of s.
func (m *Model) Read(s string) (l Likeness) {
	m.Weigh(s, func(_, _ int, r Likeness) { l = l.Add(r) })
	return l
}

func (m *Model) weight(hash uint32) int32 {
	mask := uint32(len(m.table) - 1)
	i := hash & mask
	for m.table[i].weight != 0 && m.table[i].hash != hash {
		i = (i + 1) & mask
	}
	return m.table[i].weight
}

const (
	maxWords = 2 // in a run of words
	maxChars = 4 // in a run that holds a script without spaces
)

// token is a word, or one character of a script without spaces.
type token struct {
	start, end int
	hash       uint32
	free       bool // written without spaces
}

// run is a run of words by where it begins.
type run struct {
	start int
	hash  uint32
}

// each calls f for every word of s with the runs that end with it, shorter ones
// first. Digits count as one sign for "a number"; marks that are no words part them
// but are not looked at.
func each(s string, f func(end int, runs []run)) {
	var last [maxChars]token // the latest, newest at the end
	var runs [maxChars]run
	n := 0
	i := 0
	for {
		t, next, ok := scan(s, i)
		if !ok {
			return
		}
		between := s[last[maxChars-1].end:t.start]
		if n > 0 && between != "" && between != " " && strings.Trim(between, " ") != "" {
			n = 0 // no run reaches over a mark
		}
		i = next
		copy(last[:], last[1:])
		last[maxChars-1] = t
		n = min(n+1, maxChars)
		hash, free, k := uint32(0), false, 0
		for ; k < n; k++ {
			o := last[maxChars-1-k]
			if free = free || o.free; k >= maxWords && !free {
				break
			}
			hash = hash*0x9E3779B1 ^ o.hash
			runs[k] = run{o.start, hash | 1} // 0 is no hash
		}
		f(t.end, runs[:k])
	}
}

// scan gives the next token of s from byte i on.
func scan(s string, i int) (t token, next int, ok bool) {
	const offset, prime = 2166136261, 16777619 // FNV-1a (Fowler, Noll, Vo)
	h := uint32(offset)
	start, number := -1, false
	for i < len(s) {
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
		}
		switch digit := r >= '0' && r <= '9'; {
		case r >= utf8.RuneSelf && text.SpaceFree(r):
			if start >= 0 {
				return token{start, i, h, false}, i, true
			}
			for k := i; k < i+size; k++ {
				h = (h ^ uint32(s[k])) * prime
			}
			return token{i, i + size, h, true}, i + size, true
		case digit && number:
		case digit || r >= 'a' && r <= 'z' || text.Letter(r):
			if start < 0 {
				start = i
			}
			if digit {
				h = (h ^ '0') * prime
			} else {
				for k := i; k < i+size; k++ {
					h = (h ^ uint32(s[k])) * prime
				}
			}
			number = digit
		case start >= 0:
			return token{start, i, h, false}, i, true
		}
		i += size
	}
	if start >= 0 {
		return token{start, i, h, false}, i, true
	}
	return token{}, i, false
}

// Parse reads weights: a run a line, a tab, and its weight in 1/256 of log odds.
func Parse(b []byte) (*Model, error) {
	size := 1
	for size < bytes.Count(b, []byte("\n"))*3/2 {
		size *= 2
	}
	m := &Model{table: make([]entry, size), maybe: make([]uint64, 1<<14)}
	sc := bufio.NewScanner(bytes.NewReader(b))
	for n := 1; sc.Scan(); n++ {
		run, weight, ok := strings.Cut(sc.Text(), "\t")
		w, err := strconv.ParseInt(weight, 10, 16)
		if !ok || err != nil || run == "" || w == 0 {
			return nil, fmt.Errorf("weights.tsv:%d: want a run of words, a tab, and a whole number other than 0", n)
		}
		m.set(hashOf(run), int32(w))
	}
	return m, sc.Err()
}

// hashOf gives the hash of a whole run.
func hashOf(words string) uint32 {
	var h uint32
	each(words, func(_ int, runs []run) {
		if last := runs[len(runs)-1]; last.start == 0 {
			h = last.hash
		}
	})
	return h
}

func (m *Model) set(hash uint32, weight int32) {
	mask := uint32(len(m.table) - 1)
	i := hash & mask
	for m.table[i].weight != 0 && m.table[i].hash != hash {
		i = (i + 1) & mask
	}
	m.table[i] = entry{hash, weight}
	m.maybe[hash>>18] |= 1 << (hash >> 12 & 63)
}
