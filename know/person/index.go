package person

import (
	"cmp"
	"errors"
	"hash/fnv"
	"math"
	"slices"
	"strings"
	"sync"

	"homeward/know/name"
)

// Index finds, for a record, those among many that may be the same person. It
// lives in memory, grows record by record, and forgets nothing; it is built anew
// when the name tables change. Any number of searches may run beside each other
// and beside Add.
type Index struct {
	mu       sync.RWMutex
	shards   [256]shard
	texts    [][]byte // chunks of records' fields
	at       []uint64 // chunk<<32 | offset
	sketches []name.Sketch
	words    map[uint64]uint32 // how many records have a word in their name
	places   map[uint64]uint32
	scratch  sync.Pool
}

// shard holds the postings of keys with one first byte: hash<<32 | row, sorted,
// and a short unsorted tail of what came last.
type shard struct {
	sorted, tail []uint64
}

const (
	chunkSize = 1 << 20
	maxRows   = 1 << 27
	maxTail   = 2048
)

// ErrFull says that an index holds as many records as it can.
var ErrFull = errors.New("the index is full: it holds 134 million records")

// NewIndex makes an empty index.
func NewIndex() *Index {
	return &Index{words: map[uint64]uint32{}, places: map[uint64]uint32{}}
}

// Len is the number of records.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.at)
}

// Add puts a record in and gives its row.
func (x *Index) Add(r Record) (int, error) { return x.AddPerson(Read(r)) }

// AddPerson puts in a record that was already taken apart.
func (x *Index) AddPerson(p *Person) (int, error) {
	keys := p.Keys()
	hashes := make([]uint32, len(keys))
	for i, k := range keys {
		hashes[i] = k.hash()
	}
	sketch := name.Sketch{}
	if len(p.names) > 0 {
		sketch = p.names[0].Sketch()
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	row := len(x.at)
	if row >= maxRows {
		return 0, ErrFull
	}
	x.keep(p.Record)
	x.sketches = append(x.sketches, sketch)
	for _, h := range hashes {
		x.shards[h>>24].add(uint64(h)<<32 | uint64(row))
	}
	seen := map[string]bool{}
	for _, n := range p.names {
		for _, w := range n.Plain() {
			if !seen[w] {
				seen[w] = true
				x.words[hashWord(w)]++
			}
		}
	}
	for _, w := range p.place {
		x.places[hashWord(w)]++
	}
	return row, nil
}

func hashWord(w string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(w))
	return h.Sum64()
}

func (s *shard) add(v uint64) {
	s.tail = append(s.tail, v)
	if len(s.tail) < max(64, min(maxTail, len(s.sorted)/8)) {
		return
	}
	slices.Sort(s.tail)
	merged := make([]uint64, 0, len(s.sorted)+len(s.tail)+len(s.tail)/2)
	i, j := 0, 0
	for i < len(s.sorted) && j < len(s.tail) {
		if s.sorted[i] <= s.tail[j] {
			merged = append(merged, s.sorted[i])
			i++
		} else {
			merged = append(merged, s.tail[j])
			j++
		}
	}
	merged = append(append(merged, s.sorted[i:]...), s.tail[j:]...)
	s.sorted, s.tail = merged, s.tail[:0]
}

// rows gives the postings of a hash in the sorted part.
func (s *shard) rows(h uint32) []uint64 {
	from, _ := slices.BinarySearch(s.sorted, uint64(h)<<32)
	to, _ := slices.BinarySearch(s.sorted[from:], uint64(h)<<32|maxRows)
	to += from
	return s.sorted[from:to]
}

// separator stands between the fields of a kept record; Read makes nothing of
// it, so a field that holds it loses nothing by its becoming a space.
const separator = "\x1f"

func (x *Index) keep(r Record) {
	text := strings.Join([]string{clean(r.ID), clean(r.Name), clean(r.OtherNames), clean(r.BirthDate), clean(r.Sex), clean(r.Nationality), clean(r.Phone), clean(r.Document), clean(r.Place)}, separator) + "\x1e"
	if n := len(x.texts); n == 0 || len(x.texts[n-1])+len(text) > cap(x.texts[n-1]) {
		x.texts = append(x.texts, make([]byte, 0, max(chunkSize, len(text))))
	}
	n := len(x.texts) - 1
	x.at = append(x.at, uint64(n)<<32|uint64(len(x.texts[n])))
	x.texts[n] = append(x.texts[n], text...)
}

func clean(s string) string {
	const most = 4 * maxField
	if len(s) > most { // what is longer is not read either
		s = strings.ToValidUTF8(s[:most], "")
	}
	return strings.NewReplacer(separator, " ", "\x1e", " ").Replace(s)
}

// Record gives a record back by its row.
func (x *Index) Record(row int) (Record, bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.record(row)
}

func (x *Index) record(row int) (Record, bool) {
	if row < 0 || row >= len(x.at) {
		return Record{}, false
	}
	chunk := x.texts[x.at[row]>>32][uint32(x.at[row]):]
	end := slices.Index(chunk, 0x1e)
	f := strings.Split(string(chunk[:end]), separator)
	return Record{f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7], f[8]}, true
}

// Model gives the model with the frequencies that the index has counted: of the
// words of names and of places. Few records count little, so the built-in guess
// stays until there are some thousands.
func (x *Index) Model(w Weights) Model {
	const enough = 2000
	m := Model{Weights: w}
	x.mu.RLock()
	n := len(x.at)
	x.mu.RUnlock()
	if n < enough {
		return m
	}
	m.Frequency = func(word string) float64 { return x.share(x.words, word, n) }
	m.Place = func(word string) float64 { return x.share(x.places, word, n) }
	return m
}

func (x *Index) share(counts map[uint64]uint32, word string, n int) float64 {
	x.mu.RLock()
	defer x.mu.RUnlock()
	c := counts[hashWord(word)]
	return (float64(c) + .5) / (float64(max(n, len(x.at))) + 1)
}

// Budget bounds one search.
type Budget struct {
	Postings   int // entries of the index looked at
	Candidates int // candidates given back
}

// DefaultBudget keeps a search among a million under ten milliseconds.
func DefaultBudget() Budget { return Budget{Postings: 12000, Candidates: 32} }

// roadMost is the largest bucket of a road that says enough to be looked
// through; a larger one is cut as a whole.
var roadMost = [roads]int{ByName: 8000, ByCharacters: 4000, ByWords: 1200, ByWordYear: 600, ByBirth: 600, ByPhone: 600, ByDocument: 600, ByPlace: 300}

// Candidate is a record worth a full comparison; Rank is a rough order, in bits.
type Candidate struct {
	Row  int
	Rank float64
}

// Cut is a bucket that was not looked through, or not to its end: what a search
// did not do is said.
type Cut struct {
	Road Road
	Key  string
	Size int // records in it
	Read int // of which were looked at
}

// Found is the result of a search.
type Found struct {
	Candidates []Candidate
	Seen       int // different records that shared a key
	Cut        []Cut
}

// scratch is what one search notes of each row; it is used again, and stamp
// says which notes are of this search.
type scratch struct {
	notes []mark
	rows  []uint32
	turn  uint32
}

type mark struct {
	stamp uint32
	rank  float32
	roads uint16
}

type bucket struct {
	key    Key
	sorted []uint64
	tail   []uint64
	size   int
}

// Candidates finds the records that share a key with p. The smallest buckets,
// which say most, come first; when the budget of postings is used up the rest is
// cut, and Found says so.
func (x *Index) Candidates(p *Person, b Budget) Found {
	keys := p.SearchKeys()
	x.mu.RLock()
	defer x.mu.RUnlock()
	var found Found
	n := len(x.at)
	if n == 0 {
		return found
	}
	buckets := x.buckets(keys)
	s, _ := x.scratch.Get().(*scratch)
	if s == nil {
		s = &scratch{}
	}
	defer x.scratch.Put(s)
	if len(s.notes) < n {
		s.notes, s.turn = make([]mark, n+n/8), 0
	}
	s.turn++
	if s.turn == 0 {
		clear(s.notes)
		s.turn = 1
	}
	s.rows = s.rows[:0]
	left := b.Postings
	for _, k := range buckets {
		worth := float32(math.Log2(float64(n+1) / float64(k.size)))
		read := 0
		if k.size > roadMost[k.key.Road] {
			found.Cut = append(found.Cut, Cut{k.key.Road, k.key.Value, k.size, 0})
			continue
		}
		for _, list := range [][]uint64{k.sorted, k.tail} {
			for _, v := range list {
				if left == 0 {
					break
				}
				left--
				read++
				s.touch(uint32(v), k.key.Road, worth)
			}
		}
		if read < k.size {
			found.Cut = append(found.Cut, Cut{k.key.Road, k.key.Value, k.size, read})
		}
	}
	found.Seen = len(s.rows)
	found.Candidates = x.best(p, s, b.Candidates)
	return found
}

func (x *Index) buckets(keys []Key) []bucket {
	var out []bucket
	for _, k := range keys {
		h := k.hash()
		sh := &x.shards[h>>24]
		bk := bucket{key: k, sorted: sh.rows(h)}
		for _, v := range sh.tail {
			if uint32(v>>32) == h {
				bk.tail = append(bk.tail, v)
			}
		}
		if bk.size = len(bk.sorted) + len(bk.tail); bk.size > 0 {
			out = append(out, bk)
		}
	}
	slices.SortStableFunc(out, func(a, b bucket) int { return cmp.Compare(a.size, b.size) })
	return out
}

// touch notes that a row shares a key. Roads add up; a second key of one road
// says little new.
func (s *scratch) touch(row uint32, r Road, worth float32) {
	m := &s.notes[row]
	if m.stamp != s.turn {
		*m = mark{stamp: s.turn}
		s.rows = append(s.rows, row)
	}
	if m.roads&(1<<r) != 0 {
		worth *= .2
	}
	m.roads |= 1 << r
	m.rank += worth
}

// best orders what was touched, by the keys shared and by the sketch of the
// name.
func (x *Index) best(p *Person, s *scratch, most int) []Candidate {
	var probes []*name.Probe
	for _, n := range p.names {
		probes = append(probes, name.NewProbe(n))
	}
	best := topRows{most: most}
	for _, row := range s.rows {
		fit := float32(-20)
		for _, pr := range probes {
			fit = max(fit, pr.Fit(x.sketches[row], fit))
		}
		if len(probes) == 0 {
			fit = 0
		}
		best.offer(Candidate{int(row), float64(s.notes[row].rank*.5 + fit)})
	}
	slices.SortFunc(best.list, better)
	return best.list
}

// better orders candidates: the higher rank first, then the earlier row.
func better(a, b Candidate) int {
	if c := cmp.Compare(b.Rank, a.Rank); c != 0 {
		return c
	}
	return cmp.Compare(a.Row, b.Row)
}

// topRows keeps the best of many candidates: a heap with the worst on top.
type topRows struct {
	most int
	list []Candidate
}

func (t *topRows) offer(c Candidate) {
	switch {
	case t.most <= 0:
	case len(t.list) < t.most:
		t.list = append(t.list, c)
		for i := len(t.list) - 1; i > 0; {
			up := (i - 1) / 2
			if better(t.list[up], t.list[i]) > 0 {
				break
			}
			t.list[up], t.list[i] = t.list[i], t.list[up]
			i = up
		}
	case better(c, t.list[0]) < 0:
		t.list[0] = c
		for i := 0; ; {
			worst := i
			for _, k := range []int{2*i + 1, 2*i + 2} {
				if k < len(t.list) && better(t.list[k], t.list[worst]) > 0 {
					worst = k
				}
			}
			if worst == i {
				break
			}
			t.list[i], t.list[worst] = t.list[worst], t.list[i]
			i = worst
		}
	}
}

// Hit is a record of the index with what comparing it gave.
type Hit struct {
	Row     int
	Record  Record
	Verdict Verdict
}

// Match finds the records that are perhaps the same person, best first, at most
// limit of them. Found says what was looked at and what was cut.
func (x *Index) Match(m Model, p *Person, b Budget, limit int) ([]Hit, Found) {
	found := x.Candidates(p, b)
	type scored struct {
		row    int
		bits   float64
		person *Person
	}
	// Two at a time: this is where the time of a search goes.
	var mu sync.Mutex
	var got []scored
	var wg sync.WaitGroup
	for half := range 2 {
		wg.Go(func() {
			for i := half; i < len(found.Candidates); i += 2 {
				row := found.Candidates[i].Row
				r, ok := x.Record(row)
				if !ok {
					continue
				}
				q := Read(r)
				if bits, kind := m.Score(p, q); kind != IsDifferent {
					mu.Lock()
					got = append(got, scored{row, bits, q})
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	slices.SortFunc(got, func(a, b scored) int {
		if c := cmp.Compare(b.bits, a.bits); c != 0 {
			return c
		}
		return cmp.Compare(a.row, b.row)
	})
	var out []Hit
	for _, g := range got[:min(limit, len(got))] {
		out = append(out, Hit{g.row, g.person.Record, m.Compare(p, g.person)})
	}
	return out, found
}
