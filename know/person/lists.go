package person

import (
	"cmp"
	"context"
	"hash/maphash"
	"maps"
	"math"
	"math/bits"
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

// facts is what a quick look at a record needs.
type facts struct {
	sketch name.Sketch // of the first name
	sex    byte
	year   uint8     // of birth, as postings keep it; 0 where it is not known or not sure
	birth  uint32    // of the plainest reading: year<<9 | month<<5 | day
	number [2]uint32 // of the first phone and document, 0 for none
	// Of a name that has no sketch there is this: its words, and which letters.
	words   uint32
	letters uint32
}

// moreNames is set in the year of rows with other names: comparison.more. With it in
// a place of its own, facts would no longer be half a line of the processor's memory.
const moreNames = 0x80

func (f *facts) more() bool      { return f.year&moreNames != 0 }
func (f *facts) yearCode() uint8 { return f.year &^ moreNames }

// postings say which rows have a key, for all keys with one first byte: hash,
// year of birth and row, sorted. So the rows with a key whose year is one, or is
// not known, stand together.
type postings struct {
	list   []uint64
	starts []uint32 // where the hashes begin that have these next bits
}

const (
	rowBits   = 27 // maxRows
	yearBits  = 5
	startBits = 12
)

// yearCode is what a posting keeps of a year: rarely the same for another.
func yearCode(year int) uint8 { return uint8(1 + year%(1<<yearBits-1)) }

func posting(hash uint32, year uint8, row int) uint64 {
	return uint64(hash)<<32 | uint64(year)<<rowBits | uint64(row)
}

func (p *postings) sort() {
	slices.Sort(p.list)
	p.starts = make([]uint32, 1<<startBits+1)
	for _, v := range p.list {
		p.starts[v<<8>>(64-startBits)+1]++
	}
	for i := range 1 << startBits {
		p.starts[i+1] += p.starts[i]
	}
}

// near gives the postings among which those of a hash are.
func (p *postings) near(hash uint32) []uint64 {
	part := hash << 8 >> (32 - startBits)
	return p.list[p.starts[part]:p.starts[part+1]]
}

// of gives the postings of a hash out of those near it.
func of(near []uint64, hash uint32) []uint64 {
	from, _ := slices.BinarySearch(near, uint64(hash)<<32)
	near = near[from:]
	to := len(near)
	if hash != math.MaxUint32 {
		to, _ = slices.BinarySearch(near, uint64(hash+1)<<32)
	}
	return near[:to]
}

// inYear gives those of one hash's postings that have this year, from a row on.
func inYear(of []uint64, hash uint32, year uint8, row int) []uint64 {
	from, _ := slices.BinarySearch(of, posting(hash, year, row))
	of = of[from:]
	to, _ := slices.BinarySearch(of, posting(hash, year, 0)+1<<rowBits)
	return of[:to]
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

// Among many records a name alone fits too many, and so does a year: lists are
// searched by both together too.
const (
	byNameYear = roads + iota
	byNameDay
)

// dated marks the hashes of keys that are too usual to look at all who have
// them: only at those who were born in the same year or nobody knows when.
const dated = 1

// listKeys are the hashes of Keys, and of the sound of the name together with
// the year and with the day of birth.
func listKeys(p *Person, search bool) []uint32 {
	keys := p.keys(search)
	out := make([]uint32, 0, len(keys)*2)
	for _, k := range keys {
		h := k.hash() &^ dated
		switch k.Road {
		case ByName, ByCharacters, ByWords, ByPlace:
			h |= dated
		}
		out = append(out, h)
		if k.Road != ByName {
			continue
		}
		for i, d := range p.births {
			if i == 2 {
				break
			}
			out = append(out, Key{byNameYear, k.Value + string(rune(d.Year))}.hash()&^dated)
			if d.Day > 0 {
				out = append(out, Key{byNameDay, k.Value + string([]rune{rune(d.Month), rune(d.Day)})}.hash()&^dated)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// yearKeys are what a row of a large list is looked up by besides its keys: how
// its name sounds in other spellings, together with the year of birth.
func yearKeys(p *Person) []uint32 {
	const most = 12
	var out []uint32
	if len(p.births) == 0 {
		return nil
	}
	year := string(rune(p.births[0].Year))
	for _, n := range p.names {
		if n.Characters() != "" {
			continue // characters have keys for all spellings
		}
		own := n.Keys()
		for _, k := range n.SearchKeys() {
			if len(out) < most && !slices.Contains(own, k) {
				out = append(out, Key{byNameYear, k + year}.hash()&^dated)
			}
		}
	}
	return out
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

// looker is the memory of one worker that searches.
type looker struct {
	notes   []note // of rows, as long as their turn is this one
	near    [][]uint64
	spans   []span
	touched []uint32
	facts   []facts // of what was touched
	turn    uint32
	persons []cached
	names   []keptName
	scores  []keptScore
	model   Model // that of the comparison, with what was scored lately
	seed    maphash.Seed
	ranked  []Candidate
	scored  int
	cut     int
	entries int
	crowded int
}

type keptName struct {
	text string
	name *name.Name
}

type keptScore struct {
	a, b  *name.Name
	bits  float64
	sound bool
}

// score is name.Score for names that are kept, so that two who are called alike
// are compared once for all their namesakes.
func (l *looker) score(x, y *name.Name) (float64, bool) {
	slot := &l.scores[maphash.Comparable(l.seed, [2]*name.Name{x, y})%keptNames]
	if slot.a != x || slot.b != y {
		bits, sound := name.Score(x, y, l.model.Frequency)
		*slot = keptScore{x, y, bits, sound}
	}
	return slot.bits, slot.sound
}

type note struct {
	turn uint32
	rank float32
}

type cached struct {
	row    int
	person *Person
}

// Persons and names that were taken apart lately are kept: many rows have one
// name, and each row is looked at from several others.
const (
	keptPersons = 2048
	keptNames   = 8192
)

func (c *comparison) person(l *looker, row int) *Person {
	slot := &l.persons[row%keptPersons]
	if slot.person == nil || slot.row != row {
		*slot = cached{row, read(c.record(row), l.name)}
	}
	return slot.person
}

func (l *looker) name(text string) *name.Name {
	const longest = 100 // what is longer is seldom there twice
	if len(text) > longest {
		return name.Read(text)
	}
	slot := &l.names[maphash.String(l.seed, text)%keptNames]
	if slot.text != text || slot.name == nil {
		slot.text, slot.name = text, name.Read(text)
	}
	return slot.name
}

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

type span struct {
	rows []uint64
	size int
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

// touch goes through the rows that share a key, the rarest keys first, until
// enough was looked at.
func (c *comparison) touch(l *looker, row int, hashes []uint32) {
	if l.turn++; l.turn == 0 {
		clear(l.notes)
		l.turn = 1
	}
	l.touched = l.touched[:0]
	spans := l.spans[:0]
	first, year := 0, c.facts[row].yearCode()
	if c.one { // inside one list a pair is found from its smaller row
		first = row + 1
	}
	l.near = l.near[:0]
	for _, h := range hashes { // all at once, as with facts below
		l.near = append(l.near, c.shards[h>>24].near(h))
	}
	for i, h := range hashes {
		all := of(l.near[i], h)
		if len(all) == 0 {
			continue
		}
		if h&dated != 0 && year == 0 {
			spans = append(spans, span{all, len(all)})
			continue
		}
		if rows := inYear(all, h, 0, first); len(rows) > 0 {
			spans = append(spans, span{rows, len(all)})
		}
		if h&dated == 0 {
			continue
		}
		if rows := inYear(all, h, year, first); len(rows) > 0 {
			spans = append(spans, span{rows, len(all)})
		}
	}
	l.spans = spans
	slices.SortStableFunc(spans, func(x, y span) int { return cmp.Compare(len(x.rows), len(y.rows)) })
	left, unread := c.plan.Postings, 0
	for _, s := range spans {
		worth := float32(math.Log2(float64(c.rows+1) / float64(s.size)))
		if len(s.rows) > left {
			unread += len(s.rows) - left
		}
		for _, v := range s.rows[:min(left, len(s.rows))] {
			other := uint32(v) & (1<<rowBits - 1)
			if int(other) < first {
				continue
			}
			if n := &l.notes[other]; n.turn != l.turn {
				*n = note{l.turn, worth}
				l.touched = append(l.touched, other)
			} else {
				n.rank += worth / 4 // a second key says little new
			}
		}
		left -= min(left, len(s.rows))
	}
	if unread > 0 {
		l.cut++
		l.entries += unread
	}
}

// About the most that a name gives, and what one does that is not spelt alike.
const (
	bestFit = 24
	someFit = 14
)

// order ranks what was touched by a quick look and keeps the best.
func (c *comparison) order(l *looker, row int) {
	l.ranked = l.ranked[:0]
	// A sketch knows one way to take a name; where there is time, all are looked at.
	few := c.wide && len(l.touched) <= 24
	var probes []*name.Probe // made when the first is needed
	own := &c.facts[row]
	l.facts = l.facts[:0]
	for _, t := range l.touched { // all at once: memory is slow, and answers many at a time
		l.facts = append(l.facts, c.facts[t])
	}
	for i, t := range l.touched {
		f := &l.facts[i]
		quick := nearBirth(own.birth, f.birth)
		if own.sex != 0 && f.sex != 0 && own.sex != f.sex {
			quick -= 4
		}
		for i, n := range own.number {
			if n != 0 && n == f.number[i] {
				quick += 14
			}
		}
		sketched := c.sketched(int(t), f) && c.sketched(row, own)
		if !sketched && !few {
			if guess := c.guess(own, f, quick); c.wide || guess >= c.bar {
				l.ranked = append(l.ranked, Candidate{int(t), guess + float64(l.notes[t].rank)/2})
			}
			continue
		}
		if !few && sketched {
			alone := quick // without the name
			if quick+bestFit < c.bar {
				continue // no name makes up for that
			}
			if !c.wide {
				// A name in another spelling is no reason to look where the dates
				// of birth disagree; the same spelling is.
				if own.sketch == f.sketch {
					l.ranked = append(l.ranked, Candidate{int(t), quick + bestFit + float64(l.notes[t].rank)/2})
					continue
				}
				if alone < 0 {
					continue
				}
			}
			if probes == nil {
				probes = c.probes(l, row)
			}
			fit, least := float32(-20), float32(-20)
			if !c.wide { // what is too little need not be known
				least = float32(c.bar - quick)
			}
			for _, pr := range probes {
				fit = max(fit, pr.Fit(f.sketch, max(fit, least)))
				if f.more() {
					for _, s := range c.more[int(t)] {
						fit = max(fit, pr.Fit(s, max(fit, least)))
					}
				}
			}
			quick += float64(fit)
			if quick < c.bar && !(c.wide && alone >= 10) {
				continue
			}
		}
		l.ranked = append(l.ranked, Candidate{int(t), quick + float64(l.notes[t].rank)/2})
	}
	slices.SortFunc(l.ranked, func(x, y Candidate) int {
		return cmp.Or(cmp.Compare(y.Rank, x.Rank), cmp.Compare(x.Row, y.Row))
	})
	if len(l.ranked) > c.plan.Each {
		l.crowded++
		l.ranked = l.ranked[:c.plan.Each]
	}
}

// sketched says whether all names of a row have a sketch.
func (c *comparison) sketched(row int, f *facts) bool {
	return f.sketch.Kind != name.NoSketch && (!f.more() || !slices.ContainsFunc(c.more[row], func(s name.Sketch) bool { return s.Kind == name.NoSketch }))
}

// guess is about what a pair gives where a name is no Chinese one, or so
// mistyped that it looks like none.
func (c *comparison) guess(x, y *facts, others float64) float64 {
	switch {
	case x.words != 0 && x.words == y.words:
		return others + bestFit
	case x.letters == 0 || y.letters == 0:
		return others + someFit
	}
	// A name that holds the other, and one with a slip or two, hold its letters.
	more := min(bits.OnesCount32(x.letters&^y.letters), bits.OnesCount32(y.letters&^x.letters))
	return others + someFit - 4*float64(more)
}

// probes are those of a row's names; where there are many rows, of the likeliest
// way to take its first.
func (c *comparison) probes(l *looker, row int) []*name.Probe {
	if !c.wide {
		out := []*name.Probe{name.ProbeOf(c.facts[row].sketch)}
		for _, s := range c.more[row] {
			out = append(out, name.ProbeOf(s))
		}
		return out
	}
	var out []*name.Probe
	for _, n := range c.person(l, row).names {
		out = append(out, name.NewProbe(n))
	}
	return out
}

// nearBirth is about what two dates of birth say.
func nearBirth(x, y uint32) float64 {
	switch {
	case x == blankBirth || y == blankBirth:
		return 0
	case x == y:
		return 12
	}
	years := math.Abs(float64(x>>9) - float64(y>>9))
	months, days := x>>5&15 == y>>5&15, x&31 == y&31
	switch {
	case years == 0 && (months || days || x>>5&15 == y&31 && x&31 == y>>5&15):
		return 5
	case months && days && years <= 12:
		return 4
	case years == 0 && (onlyYear(x) || onlyYear(y)):
		return 4
	case years == 0:
		return -1
	case years <= 3:
		return -3
	}
	return -5
}

// onlyYear says that a date of birth is no more than its year, or 1 January of it.
func onlyYear(x uint32) bool { return x&0x1ff == 0 || x&0x1ff == 1<<5|1 }

// Empty says that there is nothing to compare a record by: no name that can be
// read, no phone and no document.
func (p *Person) Empty() bool {
	return len(p.names) == 0 && len(p.phones) == 0 && len(p.documents) == 0
}
