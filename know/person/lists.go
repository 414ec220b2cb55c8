package person

import (
	"cmp"
	"context"
	"hash/maphash"
	"maps"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"homeward/know/name"
)

// List is many records, got one by one so that whoever has them keeps them in
// whatever shape suits. At is called from several goroutines at once.
type List struct {
	Len int
	At  func(row int) Record
}

// Pair is two rows with what comparing them gave. Inside one list both are rows
// of it and A is the smaller.
type Pair struct {
	A, B    int
	Bits    float64
	Kind    Kind
	Verdict *Verdict // the explanation, where it was asked for
}

// Plan says how lists are compared. The zero Plan is the usual one.
type Plan struct {
	Least    float64 // bits a pair must have to be given out; 0 is Weights.PossibleAmong
	Explain  float64 // make a Verdict for pairs of so many bits and more; 0 is for none
	Each     int     // pairs of one record with later ones that are scored; 0 is 120
	Postings int     // entries of the index that are looked at for one record; 0 is by the lists' size
	Workers  int     // 0 is one a processor
	Progress func(done, of int)
}

// Compared says what was looked at and what was not.
type Compared struct {
	Records    int     // of both lists
	Scored     int     // pairs compared in full
	Pairs      int     // given out
	Same       int     // of which the verdict is same
	CutRecords int     // records whose search was not done to the end
	CutEntries int     // entries that were left unread by it
	Crowded    int     // records with more candidates than were scored
	Wide       bool    // names in letters were also looked up as they sound in other spellings
	Noted      []Noted // records that were not read, or not all of them, in order
}

// Noted is a record of which something was not counted.
type Noted struct {
	Row    int // rows of the second list come after those of the first
	Unused bool
	Notes  []string
}

// Lists up to this many records are searched more widely than there is time for
// in larger ones.
var wideLists = 60_000 // a variable for tests

// blank marks where a list has no date of birth.
const blankBirth = 0

// comparison is the working memory of Compare.
type comparison struct {
	model  Model
	plan   Plan
	a, b   List
	one    bool // b is a
	first  int  // index rows of b begin here
	rows   int
	wide   bool
	bar    float64 // what a quick look must give for a full one
	facts  []facts
	more   map[int][]name.Sketch // of the other names of rows that have several
	keys   [][]uint32            // of rows that are looked up, where they are not made anew
	shards [256]postings
	words  map[uint64]uint32
	places map[uint64]uint32
}

// CompareLists compares the records of a with those of b, or, where b is nil,
// those of a with each other, and gives out the pairs whose bits are enough: in
// the order of the rows of a, the best first. Records meet by what they share
// (Road); a search that would take too long is cut, and Compared says so. It
// uses all processors; the answer does not depend on how many.
func CompareLists(ctx context.Context, w Weights, a List, b *List, p Plan, give func(Pair) error) (Compared, error) {
	c := comparison{plan: p, a: a, one: b == nil, model: Model{Weights: w}}
	if !c.one {
		c.b, c.first = *b, a.Len
	}
	c.rows = a.Len + c.b.Len
	if c.rows > maxRows {
		return Compared{}, ErrFull
	}
	if c.plan.Workers < 1 {
		c.plan.Workers = runtime.GOMAXPROCS(0)
	}
	c.plan.Least = cmp.Or(c.plan.Least, w.PossibleAmong(c.rows))
	c.wide = c.rows <= wideLists
	postings := 4000
	c.bar = c.plan.Least - 5
	if !c.wide {
		postings = max(300, min(postings, 300_000_000/c.rows))
		c.bar = c.plan.Least + 4 + chance(c.rows)
	}
	c.plan.Postings = cmp.Or(c.plan.Postings, postings)
	c.plan.Each = cmp.Or(c.plan.Each, 120)
	if c.plan.Progress == nil {
		c.plan.Progress = func(int, int) {}
	}
	done := Compared{Records: c.rows, Wide: c.wide}
	if err := c.take(ctx, &done); err != nil {
		return done, err
	}
	c.count()
	c.countNumbers()
	err := c.search(ctx, &done, give)
	return done, err
}

// chance is how many bits more a pair needs among so many records: among twice
// as many twice as many strangers agree by chance.
func chance(records int) float64 {
	return math.Max(0, math.Log2(float64(records)/float64(wideLists)))
}

// PossibleAmong is the least bits of a pair that is worth somebody's time where
// so many records are compared. Up to 60,000 it is Possible.
func (w Weights) PossibleAmong(records int) float64 { return w.Possible + chance(records) }

func (c *comparison) record(row int) Record {
	if row < c.a.Len {
		return c.a.At(row)
	}
	return c.b.At(row - c.a.Len)
}

// indexed says whether a row is one of those that are found; the others look.
func (c *comparison) indexed(row int) bool { return c.one || row >= c.first }

// stretch is how many records are worked between two looks at the context.
const stretch = 1 << 14

// each runs do for all rows from..to-1, several at once, in small portions.
func (c *comparison) each(from, to int, do func(worker, row int)) {
	const portion = 64
	var next atomic.Int64
	next.Store(int64(from))
	var wg sync.WaitGroup
	for worker := range c.plan.Workers {
		wg.Go(func() {
			for {
				start := int(next.Add(portion)) - portion
				if start >= to {
					return
				}
				for row := start; row < min(start+portion, to); row++ {
					do(worker, row)
				}
			}
		})
	}
	wg.Wait()
}

// taken is what one worker gathered while records were taken apart.
type taken struct {
	shards [256][]uint64
	words  map[uint64]uint32
	places map[uint64]uint32
	more   map[int][]name.Sketch
	noted  []Noted
}

// take reads every record once: its keys go into the index, the words of its
// name and place are counted.
func (c *comparison) take(ctx context.Context, done *Compared) error {
	c.facts = make([]facts, c.rows)
	if !c.wide {
		c.keys = make([][]uint32, c.rows)
	}
	all := make([]taken, c.plan.Workers)
	for i := range all {
		all[i] = taken{words: map[uint64]uint32{}, places: map[uint64]uint32{}, more: map[int][]name.Sketch{}}
	}
	for from := 0; from < c.rows; from += stretch {
		if err := ctx.Err(); err != nil {
			return err
		}
		c.each(from, min(from+stretch, c.rows), func(worker, row int) { c.takeOne(&all[worker], row) })
		c.plan.Progress(min(from+stretch, c.rows)/4, c.rows)
	}
	c.words, c.places, c.more = all[0].words, all[0].places, all[0].more
	for i, t := range all {
		done.Noted = append(done.Noted, t.noted...)
		if i == 0 {
			continue
		}
		for h, n := range t.words {
			c.words[h] += n
		}
		for h, n := range t.places {
			c.places[h] += n
		}
		maps.Copy(c.more, t.more)
	}
	slices.SortFunc(done.Noted, func(x, y Noted) int { return cmp.Compare(x.Row, y.Row) })
	c.each(0, len(c.shards), func(_, s int) {
		n := 0
		for _, t := range all {
			n += len(t.shards[s])
		}
		list := make([]uint64, 0, n)
		for _, t := range all {
			list = append(list, t.shards[s]...)
		}
		c.shards[s].list = list
		c.shards[s].sort()
	})
	return ctx.Err()
}

func (c *comparison) takeOne(t *taken, row int) {
	p := Read(c.record(row))
	f := &c.facts[row]
	if unused := p.Empty(); unused || len(p.Notes) > 0 {
		t.noted = append(t.noted, Noted{row, unused, p.Notes})
		if unused {
			return
		}
	}
	for i, n := range p.names {
		if i == 0 {
			f.sketch = n.Sketch()
		} else {
			t.more[row] = append(t.more[row], n.Sketch())
			f.year |= moreNames
		}
	}
	f.sex = p.sex
	if len(p.births) > 0 {
		d := p.births[0]
		f.birth = uint32(d.Year)<<9 | uint32(d.Month)<<5 | uint32(d.Day)
		if !c.wide && !slices.ContainsFunc(p.births, func(o Date) bool { return o.Year != d.Year }) {
			f.year |= yearCode(d.Year)
		}
	}
	var words []string
	if len(p.phones) > 0 {
		x := p.phones[0]
		f.number[0] = numberHash(x[len(x)-7:])
	}
	if len(p.documents) > 0 {
		f.number[1] = numberHash(p.documents[0])
	}
	for _, n := range p.names {
		words = append(words, n.Plain()...)
	}
	slices.Sort(words)
	words = slices.Compact(words)
	for _, w := range words {
		t.words[hashWord(w)]++
		for i := range len(w) {
			f.letters |= 1 << (w[i] & 31)
		}
	}
	if len(words) > 0 {
		f.words = uint32(hashWord(strings.Join(words, " "))) | 1
	}
	for _, w := range p.place {
		t.places[hashWord(w)]++
	}
	if !c.indexed(row) && c.wide {
		return
	}
	hashes := listKeys(p, false)
	if !c.wide {
		c.keys[row] = hashes
		if row < c.a.Len {
			c.keys[row] = append(hashes[:len(hashes):len(hashes)], yearKeys(p)...)
		}
	}
	if c.indexed(row) {
		for _, h := range hashes {
			year := f.yearCode()
			if h&dated == 0 {
				year = 0
			}
			t.shards[h>>24] = append(t.shards[h>>24], posting(h, year, row))
		}
	}
}

// count makes the model know how usual words are.
func (c *comparison) count() {
	const enough = 2000 // as for an Index
	if c.rows < enough {
		return
	}
	share := func(counts map[uint64]uint32) func(string) float64 {
		return func(w string) float64 { return (float64(counts[hashWord(w)]) + .5) / (float64(c.rows) + 1) }
	}
	c.model.Frequency, c.model.Place = share(c.words), share(c.places)
}

// countNumbers makes the model know which phones and documents many records have.
func (c *comparison) countNumbers() {
	var all []uint32
	for i := range c.facts {
		for _, n := range c.facts[i].number {
			if n != 0 {
				all = append(all, n)
			}
		}
	}
	slices.Sort(all)
	many := map[uint32]int{}
	for from := 0; from < len(all); {
		to := from
		for to < len(all) && all[to] == all[from] {
			to++
		}
		if to-from > 2 {
			many[all[from]] = to - from
		}
		from = to
	}
	c.model.Bearers = func(number string) int { return many[numberHash(number)] }
}

func numberHash(number string) uint32 { return uint32(hashWord(number)) | 1 }

// How many rows are worked before their pairs are given out: more at once is
// quicker, since namesakes follow each other, and holds more pairs.
const (
	firstReach = 1 << 12
	mostReach  = 16 * stretch
	mostHeld   = 300_000 // pairs
)

// byName orders rows by their names, so that those who meet the same others
// follow each other and what was taken apart for one serves the next.
func (c *comparison) byName(from, to int) []int {
	rows := make([]int, 0, to-from)
	for row := from; row < to; row++ {
		rows = append(rows, row)
	}
	slices.SortFunc(rows, func(x, y int) int {
		a, b := &c.facts[x].sketch, &c.facts[y].sketch
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), slices.Compare(a.Parts[:], b.Parts[:]), cmp.Compare(x, y))
	})
	return rows
}

// search looks every row up and gives out what it finds, in order.
func (c *comparison) search(ctx context.Context, done *Compared, give func(Pair) error) error {
	lookers := make([]looker, c.plan.Workers)
	for i := range lookers {
		lookers[i] = looker{notes: make([]note, c.rows), persons: make([]cached, keptPersons), names: make([]keptName, keptNames), scores: make([]keptScore, keptNames), seed: maphash.MakeSeed(), model: c.model}
		lookers[i].model.score = lookers[i].score
	}
	reach := firstReach
	for start := 0; start < c.a.Len; {
		rows := c.byName(start, min(start+reach, c.a.Len))
		found, many := make([][]Pair, len(rows)), 0
		for from := 0; from < len(rows); from += stretch {
			if err := ctx.Err(); err != nil {
				return err
			}
			to := min(from+stretch, len(rows))
			c.each(from, to, func(worker, i int) { found[rows[i]-start] = c.lookUp(&lookers[worker], rows[i]) })
			c.plan.Progress(c.rows/4+int(float64(start+to)/float64(c.a.Len)*float64(c.rows-c.rows/4)), c.rows)
		}
		for i, pairs := range found[:len(rows)] {
			for _, p := range pairs {
				done.Pairs++
				if p.Kind == IsSame {
					done.Same++
				}
				if err := give(p); err != nil {
					return err
				}
			}
			found[i] = nil
			many += len(pairs)
		}
		start += len(rows)
		// As far as what is found at this rate can be held.
		reach = max(firstReach/4, min(mostReach, reach*4, mostHeld*len(rows)/max(many, 1)))
	}
	for _, l := range lookers {
		done.Scored += l.scored
		done.CutRecords += l.cut
		done.CutEntries += l.entries
		done.Crowded += l.crowded
	}
	return nil
}

// lookUp finds the pairs of one row.
func (c *comparison) lookUp(l *looker, row int) []Pair {
	var hashes []uint32
	if c.wide {
		p := c.person(l, row)
		if p.Empty() {
			return nil
		}
		hashes = listKeys(p, true)
	} else {
		hashes = c.keys[row]
	}
	c.touch(l, row, hashes)
	if len(l.touched) == 0 {
		return nil
	}
	c.order(l, row)
	if len(l.ranked) == 0 {
		return nil
	}
	p := c.person(l, row)
	var out []Pair
	for _, k := range l.ranked {
		q := c.person(l, k.Row)
		l.scored++
		bits, kind := l.model.Score(p, q)
		if bits < c.plan.Least {
			continue
		}
		pair := Pair{A: row, B: k.Row - c.first, Bits: bits, Kind: kind}
		if c.plan.Explain != 0 && bits >= c.plan.Explain {
			v := c.model.Compare(p, q)
			pair.Verdict = &v
		}
		out = append(out, pair)
	}
	slices.SortFunc(out, func(x, y Pair) int {
		return cmp.Or(cmp.Compare(y.Bits, x.Bits), cmp.Compare(x.B, y.B))
	})
	return out
}

// Empty says that there is nothing to compare a record by: no name that can be
// read, no phone and no document.
func (p *Person) Empty() bool {
	return len(p.names) == 0 && len(p.phones) == 0 && len(p.documents) == 0
}
