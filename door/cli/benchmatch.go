package cli

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"homeward/know/name"
	"homeward/know/person"
)

const benchMatchHelp = `Makes N people up (the same for the same --seed), and measures on this machine:
index    their list is written to a temporary file; then, from that file, a program
         that has just started reads it and builds the index: time and memory. Then
         records arrive one by one: half are second records of somebody in the index
         (another script or spelling, a slip, less known), half are strangers. Each is
         taken apart, searched for and added.
batch    N records, of which a sixth are second records, are compared all with all,
         as homeward match does; precision and recall against the truth.
pinyin   the same with all names in Pinyin and a keyboard's slips in the second
         records, as a CSV through homeward match --json, reading and reasons included.
Times on a machine that others use too are longer; the processor time stands beside them.`

type matchBench struct {
	*Env
	people  int
	queries int
	seed    uint64
}

func (e *Env) benchMatch(args []string) error {
	b := matchBench{Env: e}
	f := e.flags("bench match", "", benchMatchHelp)
	f.IntVar(&b.people, "people", 100_000, "how many people")
	f.IntVar(&b.queries, "arrivals", 1000, "how many records arrive")
	f.Uint64Var(&b.seed, "seed", 1, "another number makes other people")
	part := f.String("part", "", "only this: "+strings.Join(benchParts, ", "))
	if err := parse(f, args); err != nil {
		return err
	}
	if f.NArg() > 0 || b.people < 100 || b.people > 20_000_000 || b.queries < 20 || *part != "" && !slices.Contains(benchParts, *part) {
		return usage("write: homeward bench match --people N, with N of 100 to 20 million and 20 arrivals or more")
	}
	fmt.Fprintf(b.Stdout, "invented people     %d, seed %d; tables %s, weights %s; %d processors\n", b.people, b.seed, name.Version, person.DefaultWeights().Version, runtime.GOMAXPROCS(0))
	for i, run := range []func() error{b.index, b.batch, b.pinyin} {
		if *part != "" && *part != benchParts[i] {
			continue
		}
		if err := run(); err != nil {
			return err
		}
		debug.FreeOSMemory()
	}
	return nil
}

var benchParts = []string{"index", "batch", "pinyin"}

// somebody is an invented person; what is written of them differs from record to
// record.
type somebody struct {
	name                   name.Invented
	year, month, day       int
	phone, document, place string
	male                   bool
}

var benchPlaces = []string{"Poipet", "Sihanoukville", "Myawaddy", "Bavet", "Laukkaing", "Golden Triangle", "Bangkok", "Mae Sot", "Phnom Penh", "Vientiane"}

func (b matchBench) somebody(i int) somebody {
	r := rand.New(rand.NewPCG(b.seed, uint64(i)))
	return somebody{
		name: name.Invent(r.Float64), year: 1965 + r.IntN(43), month: 1 + r.IntN(12), day: 1 + r.IntN(28), male: r.IntN(3) > 0,
		phone: fmt.Sprintf("+886 9%08d", r.IntN(1e8)), document: fmt.Sprintf("E%08d", r.IntN(1e8)), place: benchPlaces[r.IntN(len(benchPlaces))],
	}
}

// record is what one list has of a person: not everything, not without slips,
// and the name in characters or letters.
func (b matchBench) record(s somebody, i, version int) person.Record {
	r := rand.New(rand.NewPCG(b.seed+1, uint64(i)<<4|uint64(version)))
	chance := func(p float64) bool { return r.Float64() < p }
	out := person.Record{ID: fmt.Sprintf("%d-%d", i, version), Name: s.name.Han}
	letters := chance(.4)
	if version > 0 && chance(.7) { // a second record is mostly written in the other script
		first := rand.New(rand.NewPCG(b.seed+1, uint64(i)<<4))
		letters = first.Float64() >= .4
	}
	if letters {
		out.Name = written(s.name.Latin, r, version > 0)
	}
	if chance(.75) {
		y, m, d := s.year, s.month, s.day
		switch p := r.Float64(); {
		case version == 0:
		case p < .06:
			d = d/10*10 + (d%10+1+r.IntN(8))%10
		case p < .09:
			y += 1 - 2*r.IntN(2)
		case p < .12:
			m, d = min(d, 12), m
		}
		out.BirthDate = fmt.Sprintf("%d-%02d-%02d", y, m, d)
		if !letters && chance(.15) {
			out.BirthDate = fmt.Sprintf("民國%d年%d月%d日", y-1911, m, d)
		}
	}
	if chance(.9) {
		out.Sex = "F"
		if s.male {
			out.Sex = "M"
		}
	}
	if chance(.7) {
		out.Nationality = "Taiwan"
	}
	if chance(.5) {
		if out.Phone = s.phone; version > 0 && chance(.4) {
			out.Phone = fmt.Sprintf("+66 8%08d", r.IntN(1e8))
		}
	}
	if chance(.3) {
		out.Document = s.document
	}
	if chance(.6) {
		out.Place = s.place
	}
	return out
}

// written is a name in letters as another hand writes it.
func written(s string, r *rand.Rand, second bool) string {
	if !second {
		return s
	}
	family, given, _ := strings.Cut(s, " ")
	switch r.IntN(6) {
	case 0:
		s = given + " " + strings.ToUpper(family)
	case 1:
		s = strings.ToUpper(family) + ", " + given
	case 2:
		s = family + " " + strings.NewReplacer("-", " ").Replace(given)
	case 3:
		s = family + " " + strings.NewReplacer("-", "", " ", "").Replace(given)
	}
	if r.Float64() < .08 && len(s) > 5 { // a slip of the keyboard
		at := 1 + r.IntN(len(s)-2)
		s = s[:at] + s[at+1:]
	}
	return s
}

func (b matchBench) cpu() time.Duration { return cpuOf(os.Getpid()) }

func perhaps(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }

func milli(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) }

// tempList writes a list to a temporary file, which whoever asked for it removes.
func tempList(write func(io.Writer) error) (*os.File, error) {
	file, err := os.CreateTemp("", "homeward-bench-*.csv")
	if err != nil {
		return nil, fmt.Errorf("the list cannot be written: %w", err)
	}
	if err := write(file); err != nil {
		_ = file.Close()
		_ = os.Remove(file.Name())
		return nil, err
	}
	return file, nil
}

// index measures a desk's index: from disk, and as records arrive.
func (b matchBench) index() error {
	file, err := tempList(b.save)
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	defer file.Close()
	debug.FreeOSMemory()
	// As whoever holds a million should: less memory for a little more time.
	defer debug.SetGCPercent(debug.SetGCPercent(40))
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	start, cpu := b.Now(), b.cpu()
	ix := person.NewIndex()
	if err := b.load(file, ix); err != nil {
		return err
	}
	fmt.Fprintf(b.Stdout, "start from disk     %s (processor %s): the list is read and every record taken apart anew; no index is kept on disk\n", perhaps(b.Now().Sub(start)), perhaps(b.cpu()-cpu))
	fmt.Fprintf(b.Stdout, "memory              %d MB resident, %d MB at most\n", memoryOf(os.Getpid(), "VmRSS"), memoryOf(os.Getpid(), "VmHWM"))
	b.arrivals(ix)
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	fmt.Fprintf(b.Stdout, "memory afterwards   %d MB resident, %d MB at most; %d bytes a person in use\n", memoryOf(os.Getpid(), "VmRSS"), memoryOf(os.Getpid(), "VmHWM"), m.HeapAlloc/uint64(ix.Len()))
	runtime.KeepAlive(ix)
	return nil
}

func (b matchBench) save(file io.Writer) error {
	w := csv.NewWriter(file)
	for i := range b.people {
		if i%1000 == 0 && b.Context.Err() != nil {
			return codeError{exitFailed, "stopped before the end"}
		}
		r := b.record(b.somebody(i), i, 0)
		if err := w.Write([]string{r.ID, r.Name, r.OtherNames, r.BirthDate, r.Sex, r.Nationality, r.Phone, r.Document, r.Place}); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// load reads the list and fills the index, on all processors.
func (b matchBench) load(file io.Reader, ix *person.Index) error {
	in := csv.NewReader(bufio.NewReaderSize(file, 1<<16))
	batches := make(chan []person.Record, 4)
	var wg sync.WaitGroup
	var mu sync.Mutex
	var failed error
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for records := range batches {
				for _, r := range records {
					if _, err := ix.Add(r); err != nil {
						mu.Lock()
						failed = err
						mu.Unlock()
					}
				}
			}
		})
	}
	var err error
	for err == nil && b.Context.Err() == nil {
		var records []person.Record
		for len(records) < 256 {
			var f []string
			if f, err = in.Read(); err != nil {
				break
			}
			records = append(records, person.Record{ID: f[0], Name: f[1], OtherNames: f[2], BirthDate: f[3], Sex: f[4], Nationality: f[5], Phone: f[6], Document: f[7], Place: f[8]})
		}
		batches <- records
	}
	close(batches)
	wg.Wait()
	if b.Context.Err() != nil {
		return codeError{exitFailed, "stopped before the end"}
	}
	if !errors.Is(err, io.EOF) {
		return err
	}
	return failed
}

// arrivals lets records come in one by one.
func (b matchBench) arrivals(ix *person.Index) {
	model := ix.Model(person.DefaultWeights())
	var took []time.Duration
	var seen []int
	meet, met, found, first, second, cut := 0, 0, 0, 0, 0, 0
	cpu := b.cpu()
	for q := range b.queries {
		known := q%2 == 0
		who := int(uint64(q) * 2654435761 % uint64(b.people))
		if !known {
			who = b.people + q
		}
		r := b.record(b.somebody(who), who, 1+q%15)
		start := b.Now()
		p := person.Read(r)
		hits, got := ix.Match(model, p, person.DefaultBudget(), 10)
		if _, err := ix.AddPerson(p); err != nil {
			return
		}
		took = append(took, b.Now().Sub(start))
		if len(got.Cut) > 0 {
			cut++
		}
		if !known {
			continue
		}
		second++
		for i, h := range hits {
			if same(h.Record.ID, r.ID) {
				found++
				if i == 0 {
					first++
				}
				break
			}
		}
		if slices.ContainsFunc(got.Candidates, func(c person.Candidate) bool {
			x, _ := ix.Record(c.Row)
			return same(x.ID, r.ID) && x.ID != r.ID
		}) {
			met++
		}
	}
	cpu = b.cpu() - cpu
	// What could be found if nothing were cut: fewer of them, for it takes long.
	asked := 0
	for q := 0; q < min(b.queries, 400); q += 2 {
		who := int(uint64(q) * 2654435761 % uint64(b.people))
		r := b.record(b.somebody(who), who, 1+q%15)
		got := ix.Candidates(person.Read(r), person.Budget{Postings: 1 << 30, Candidates: b.people + b.queries})
		asked++
		seen = append(seen, got.Seen)
		if slices.ContainsFunc(got.Candidates, func(c person.Candidate) bool {
			x, _ := ix.Record(c.Row)
			return same(x.ID, r.ID) && x.ID != r.ID
		}) {
			meet++
		}
	}
	slices.Sort(took)
	slices.Sort(seen)
	n := len(took)
	fmt.Fprintf(b.Stdout, "a record arrives    p50 %s, p95 %s, longest %s (aim: p95 10 ms on two quiet cores); processor %s each\n", milli(took[n/2]), milli(took[n*95/100]), milli(took[n-1]), milli(cpu/time.Duration(n)))
	fmt.Fprintf(b.Stdout, "second records      %d of %d are among the candidates, %d among the ten best, %d the best; of %d searches %d were cut\n", met, second, found, first, n, cut)
	fmt.Fprintf(b.Stdout, "blocking            recall %.3f where nothing is cut; candidates median %d, p95 %d (%d searches)\n", float64(meet)/float64(asked), seen[len(seen)/2], seen[len(seen)*95/100], asked)
}

// same says whether two records are of one invented person.
func same(a, b string) bool {
	x, _, _ := strings.Cut(a, "-")
	y, _, _ := strings.Cut(b, "-")
	return x == y
}

// batch compares a list with itself, as homeward match does.
func (b matchBench) batch() error {
	second := b.people / 6
	records := make([]person.Record, 0, b.people)
	for i := range b.people - second {
		records = append(records, b.record(b.somebody(i), i, 0))
	}
	for i := range second {
		records = append(records, b.record(b.somebody(i), i, 1))
	}
	// As in a list, nothing says by its place what belongs together.
	r := rand.New(rand.NewPCG(b.seed+2, 0))
	r.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
	debug.FreeOSMemory()
	var all []benchPair
	start, cpu := b.Now(), b.cpu()
	weights := person.DefaultWeights()
	got, err := person.CompareLists(b.Context, weights, person.List{Len: len(records), At: func(i int) person.Record { return records[i] }}, nil, person.Plan{}, func(p person.Pair) error {
		all = append(all, benchPair{float32(p.Bits), same(records[p.A].ID, records[p.B].ID)})
		return nil
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(b.Stdout, "batch               %d records with %d pairs that are one person: %s (processor %s), %d MB resident at most\n", len(records), second, perhaps(b.Now().Sub(start)), perhaps(b.cpu()-cpu), memoryOf(os.Getpid(), "VmHWM"))
	fmt.Fprintf(b.Stdout, "                    %d pairs compared in full; searches cut %d (entries not looked at %d), crowded %d\n", got.Scored, got.CutRecords, got.CutEntries, got.Crowded)
	b.quality(all, second)
	return nil
}

// benchPair is a pair that was found, and whether it is one invented person.
type benchPair struct {
	bits float32
	same bool
}

// quality prints what was found of so many pairs that there are.
func (b matchBench) quality(all []benchPair, second int) {
	slices.SortFunc(all, func(x, y benchPair) int { return cmp.Compare(y.bits, x.bits) })
	weights := person.DefaultWeights()
	for _, least := range []float64{weights.Same, weights.Possible} {
		n, right := 0, 0
		for _, x := range all {
			if float64(x.bits) >= least {
				n++
				if x.same {
					right++
				}
			}
		}
		fmt.Fprintf(b.Stdout, "%4.0f bits and more   precision %.3f, recall %.3f\n", least, float64(right)/float64(max(n, 1)), float64(right)/float64(second))
	}
	for _, want := range []float64{.95, .98, .99} {
		best, bits, right := 0, float32(0), 0
		for i, x := range all {
			if x.same {
				right++
			}
			if i+1 < len(all) && all[i+1].bits == x.bits {
				continue
			}
			if float64(right) >= want*float64(i+1) {
				best, bits = right, x.bits
			}
		}
		fmt.Fprintf(b.Stdout, "at precision %.2f   recall %.3f (%.1f bits)\n", want, float64(best)/float64(second), bits)
	}
}

// pinyin goes the whole way of a list in one spelling: from a file to lines of
// pairs with their reasons.
func (b matchBench) pinyin() error {
	second := b.people / 6
	file, err := tempList(func(w io.Writer) error { return b.savePinyin(w, second) })
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	defer file.Close()
	e := *b.Env
	var all []benchPair
	lines := pairReader{take: func(p matchLine) { all = append(all, benchPair{float32(p.Bits), same(p.A, p.B)}) }}
	e.Stdout, e.Stderr = &lines, io.Discard
	e.Terminal = func(any) bool { return false }
	start, cpu := b.Now(), b.cpu()
	if err := e.match([]string{"--json", file.Name()}); err != nil {
		return err
	}
	fmt.Fprintf(b.Stdout, "pinyin              %d records in one spelling with %d pairs that are one person, from CSV to JSON: %s (processor %s), %d MB resident at most\n", b.people, second, perhaps(b.Now().Sub(start)), perhaps(b.cpu()-cpu), memoryOf(os.Getpid(), "VmHWM"))
	b.quality(all, second)
	return nil
}

func (b matchBench) savePinyin(file io.Writer, second int) error {
	var rows [][]string
	for i := range b.people {
		if i%1000 == 0 && b.Context.Err() != nil {
			return codeError{exitFailed, "stopped before the end"}
		}
		version := 0
		if i >= b.people-second {
			i, version = i-(b.people-second), 1
		}
		s := b.somebody(i)
		r := rand.New(rand.NewPCG(b.seed+3, uint64(i)<<4|uint64(version)))
		written := s.name.Latin
		if p := name.PinyinOf(s.name.Han); len(p) > 1 {
			written = strings.ToUpper(p[0][:1]) + p[0][1:] + " " + strings.ToUpper(p[1][:1]) + strings.Join(p[1:], "")[1:]
		}
		row := []string{fmt.Sprintf("%d-%d", i, version), written, "", "F", "", s.place}
		if s.male {
			row[3] = "M"
		}
		day := s.day
		if version > 0 {
			row[1] = slipped(written, r)
			if r.Float64() < .1 {
				day = 1 + r.IntN(28)
			}
		}
		if r.Float64() < .85 {
			row[2] = fmt.Sprintf("%d-%02d-%02d", s.year, s.month, day)
		}
		if r.Float64() < .5 {
			row[4] = s.phone
		}
		rows = append(rows, row)
	}
	r := rand.New(rand.NewPCG(b.seed+4, 0))
	r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	w := csv.NewWriter(file)
	_ = w.Write([]string{"id", "name", "birth_date", "sex", "phone", "place"}) // Error gives what is wrong
	_ = w.WriteAll(rows)
	return w.Error()
}

// slipped is a name as one in four is typed: a letter left out, put in, or another.
func slipped(s string, r *rand.Rand) string {
	at, letter := 1+r.IntN(len(s)-1), string(rune('a'+r.IntN(26)))
	switch r.IntN(12) {
	case 0:
		return s[:at] + s[at+1:]
	case 1:
		return s[:at] + letter + s[at:]
	case 2:
		return s[:at] + letter + s[at+1:]
	}
	return s
}

// pairReader reads the lines that homeward match prints, as they are written.
type pairReader struct {
	take func(matchLine)
	rest []byte
}

func (p *pairReader) Write(b []byte) (int, error) {
	p.rest = append(p.rest, b...)
	for {
		line, after, ok := bytes.Cut(p.rest, []byte("\n"))
		if !ok {
			return len(b), nil
		}
		var m matchLine
		if err := json.Unmarshal(line, &m); err != nil {
			return 0, err
		}
		p.take(m)
		p.rest = after
	}
}
