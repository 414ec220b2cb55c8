package main

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"homeward/know/name"
	"homeward/know/person"
)

// namePair is a line of the cross-script pairs.
type namePair struct {
	A, B, Romanisation, Kind string
	Same                     bool
}

// method is one way to give a pair a number.
type method struct {
	name  string
	score func(namePair) float64
}

// scored is a pair with what a method gave it.
type scored struct {
	namePair
	bits float64
}

// names prints how well names and records are matched on the public sets of
// HOMEWARD_EVAL; without it, it says that it was skipped.
func names(misses bool) {
	dir := os.Getenv("HOMEWARD_EVAL")
	if dir == "" {
		fmt.Println("\nnames: skipped, HOMEWARD_EVAL names no folder of public sets")
		return
	}
	dir = filepath.Join(dir, "names")
	pairs, err := readPairs(filepath.Join(dir, "cross_script_pairs_dev.jsonl"))
	if err != nil {
		fmt.Fprintln(os.Stderr, "names:", err)
		return
	}
	crossScript(pairs, misses)
	keysMeet(pairs)
	otherScripts(dir)
	febrl(dir)
	historical(dir)
	lists(dir)
}

func readPairs(path string) ([]namePair, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []namePair
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		var p namePair
		if err := json.Unmarshal(sc.Bytes(), &p); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, sc.Err()
}

var romanisations = []string{"pinyin", "cantonese", "wade-giles", "hokkien", "tongyong"}

// judged says whether a pair is one of those whose figures count.
func judged(p namePair) bool {
	return slices.Contains([]string{"full", "full_noisy", "near_spelling", "same_surname"}, p.Kind)
}

func crossScript(pairs []namePair, misses bool) {
	ours := method{"ours", func(p namePair) float64 {
		bits, _ := name.Score(name.Read(p.A), name.Read(p.B), nil)
		return bits
	}}
	fmt.Printf("\nnames, one script against the other: kinds full and full_noisy against near_spelling and same_surname\n")
	fmt.Printf("%-34s %8s %8s %8s   recall by system at the method's one threshold for P>=.95\n", "", "R@P.99", "R@P.95", "AP")
	for _, m := range append(baselines(), ours) {
		var all []scored
		for _, p := range pairs {
			if judged(p) {
				all = append(all, scored{p, m.score(p)})
			}
		}
		curve(m.name, all)
		if m.name == ours.name {
			folds(all)
			everyKind(pairs, m)
			if misses {
				wrong(all)
			}
		}
	}
}

// curve prints the recall at two precisions and, at the second, by system.
func curve(name string, all []scored) {
	_, r99 := threshold(all, .99)
	t, r95 := threshold(all, .95)
	fmt.Printf("%-34s %8.3f %8.3f %8.3f  ", name, r99, r95, averagePrecision(all))
	for _, r := range romanisations {
		hit, n := 0, 0
		for _, s := range all {
			if s.Same && s.Romanisation == r {
				n++
				if s.bits >= t {
					hit++
				}
			}
		}
		fmt.Printf(" %s %.3f (%d)", r, float64(hit)/float64(max(n, 1)), n)
	}
	fmt.Println()
}

func sorted(all []scored) []scored {
	out := slices.Clone(all)
	slices.SortStableFunc(out, func(a, b scored) int {
		switch {
		case a.bits > b.bits:
			return -1
		case a.bits < b.bits:
			return 1
		}
		return 0
	})
	return out
}

// threshold is the lowest one with at least that precision, and its recall.
// Ties are taken together, so a method that gives many pairs one number pays.
func threshold(all []scored, precision float64) (bits, recall float64) {
	list := sorted(all)
	positives := 0
	for _, s := range list {
		if s.Same {
			positives++
		}
	}
	found, best := 0, 0
	for i, s := range list {
		if s.Same {
			found++
		}
		if i+1 < len(list) && list[i+1].bits == s.bits {
			continue
		}
		if float64(found) >= precision*float64(i+1) && found > best {
			best, bits = found, s.bits
		}
	}
	if best == 0 {
		return 1e9, 0
	}
	return bits, float64(best) / float64(max(positives, 1))
}

// averagePrecision takes ties together, as threshold does.
func averagePrecision(all []scored) float64 {
	list := sorted(all)
	found, before, sum := 0, 0, 0.
	for i, s := range list {
		if s.Same {
			found++
		}
		if i+1 < len(list) && list[i+1].bits == s.bits {
			continue
		}
		sum += float64(found-before) * float64(found) / float64(i+1)
		before = found
	}
	return sum / float64(max(found, 1))
}

// folds chooses the threshold on four fifths of the people and counts on the
// other fifth, in turn. A person is their Han name: all pairs with it go together.
func folds(all []scored) {
	const n = 5
	fold := func(s scored) int {
		h := fnv.New32a()
		_, _ = io.WriteString(h, s.A)
		return int(h.Sum32() % n)
	}
	for _, want := range []float64{.95, .99} {
		var found, wrong, positives int
		by := map[string][2]int{}
		var bits []string
		for k := range n {
			var train, test []scored
			for _, s := range all {
				if fold(s) == k {
					test = append(test, s)
				} else {
					train = append(train, s)
				}
			}
			t, _ := threshold(train, want)
			bits = append(bits, fmt.Sprintf("%.1f", t))
			for _, s := range test {
				c := by[s.Romanisation]
				if s.Same {
					positives++
					c[1]++
				}
				if s.bits >= t {
					if s.Same {
						found++
						c[0]++
					} else {
						wrong++
					}
				}
				if s.Same {
					by[s.Romanisation] = c
				}
			}
		}
		fmt.Printf("  cross-validated by person, threshold for P>=%.2f: precision %.3f recall %.3f;", want, float64(found)/float64(max(found+wrong, 1)), float64(found)/float64(max(positives, 1)))
		for _, r := range romanisations {
			fmt.Printf(" %s %.3f", r, float64(by[r][0])/float64(max(by[r][1], 1)))
		}
		fmt.Printf("; thresholds %s\n", strings.Join(bits, " "))
	}
}

// everyKind prints the shipped verdicts for each kind of pair.
func everyKind(pairs []namePair, m method) {
	type row struct{ n, same, possible int }
	by := map[string]*row{}
	var order []string
	bits := map[string][]float64{}
	model := person.Default()
	for _, p := range pairs {
		r := by[p.Kind]
		if r == nil {
			r = &row{}
			by[p.Kind] = r
			order = append(order, p.Kind)
		}
		r.n++
		v := model.Names(name.Read(p.A), name.Read(p.B))
		switch v.Kind {
		case person.IsSame:
			r.same++
		case person.IsPossible:
			r.possible++
		}
		bits[p.Kind] = append(bits[p.Kind], v.Bits)
	}
	slices.Sort(order)
	fmt.Printf("  %-24s %6s %8s %10s %12s\n", "verdicts as shipped", "n", "same", "possible", "median bits")
	for _, k := range order {
		r := by[k]
		slices.Sort(bits[k])
		fmt.Printf("  %-24s %6d %8.3f %10.3f %12.1f\n", k, r.n, float64(r.same)/float64(r.n), float64(r.possible)/float64(r.n), bits[k][r.n/2])
	}
	different := map[float64]bool{}
	for _, list := range bits {
		for _, b := range list {
			different[b] = true
		}
	}
	fmt.Printf("  different numbers given: %d of %d pairs\n", len(different), len(pairs))
}

func wrong(all []scored) {
	t, _ := threshold(all, .95)
	for _, s := range sorted(all) {
		if s.Same != (s.bits >= t) {
			fmt.Printf("  %6.1f %s = %s  %s %s\n", s.bits, s.A, s.B, s.Kind, s.Romanisation)
		}
	}
}

// keysMeet prints how often two spellings of one name share a key.
func keysMeet(pairs []namePair) {
	met, n := map[string]int{}, map[string]int{}
	keys := 0
	for _, p := range pairs {
		if !p.Same || !judged(p) {
			continue
		}
		a, b := name.Read(p.A), name.Read(p.B)
		n[p.Romanisation]++
		n["all"]++
		keys += len(a.Keys())
		if shareKey(a.Keys(), b.SearchKeys()) || shareKey(b.Keys(), a.SearchKeys()) {
			met[p.Romanisation]++
			met["all"]++
		}
	}
	fmt.Printf("  blocking recall, by sound alone:")
	for _, r := range append([]string{"all"}, romanisations...) {
		fmt.Printf(" %s %.3f", r, float64(met[r])/float64(max(n[r], 1)))
	}
	fmt.Printf("; %.1f keys a Han name\n", float64(keys)/float64(max(n["all"], 1)))
}

func shareKey(a, b []string) bool {
	return slices.ContainsFunc(a, func(k string) bool { return slices.Contains(b, k) })
}

// otherScripts prints what is reached where there is little data: pairs that are
// the same, against as many made by shifting one side by a row.
func otherScripts(dir string) {
	fmt.Printf("  %-34s %6s %10s %14s\n", "other sets, same against shifted", "n", "R@P.95", "possible or same")
	model := person.Default()
	for _, set := range []struct{ file, by string }{{"other_script_pairs/other_script_pairs.jsonl", "lang_a"}, {"latin_variants_se_asia/latin_variants_se_asia.jsonl", "country"}, {"latin_variants_acl/latin_variants_acl.jsonl", ""}} {
		f, err := os.Open(filepath.Join(dir, set.file))
		if err != nil {
			fmt.Println("  skipped:", err)
			continue
		}
		groups := map[string][][2]string{}
		sc := bufio.NewScanner(f)
		sc.Buffer(nil, 1<<20)
		for sc.Scan() {
			var row map[string]any
			if json.Unmarshal(sc.Bytes(), &row) != nil {
				continue
			}
			a, _ := row["a"].(string)
			b, _ := row["b"].(string)
			g, _ := row[set.by].(string)
			groups[g] = append(groups[g], [2]string{a, b})
		}
		f.Close()
		var order []string
		for g := range groups {
			order = append(order, g)
		}
		slices.Sort(order)
		for _, g := range order {
			list := groups[g]
			if len(list) < 10 {
				continue
			}
			var all []scored
			shown := 0
			for i, p := range list {
				v := model.Names(name.Read(p[0]), name.Read(p[1]))
				if v.Kind != person.IsDifferent {
					shown++
				}
				all = append(all, scored{namePair{Same: true}, v.Bits})
				other := list[(i+1+len(list)/2)%len(list)][1]
				if other != p[1] {
					all = append(all, scored{namePair{}, model.Names(name.Read(p[0]), name.Read(other)).Bits})
				}
			}
			_, r := threshold(all, .95)
			title, _, _ := strings.Cut(set.file, "/")
			fmt.Printf("  %-34s %6d %10.3f %14.3f\n", title+" "+g, len(list), r, float64(shown)/float64(len(list)))
		}
	}
}

// table reads a CSV, also gzipped, without its header, and trims its fields.
func table(path string) ([][]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			return nil, err
		}
	}
	c := csv.NewReader(r)
	c.FieldsPerRecord = -1
	rows, err := c.ReadAll()
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	for _, row := range rows {
		for i := range row {
			row[i] = strings.TrimSpace(row[i])
		}
	}
	return rows[1:], nil
}

func febrl(dir string) {
	a, err := table(filepath.Join(dir, "febrl/dataset4a.csv"))
	b, err2 := table(filepath.Join(dir, "febrl/dataset4b.csv"))
	if err != nil || err2 != nil {
		fmt.Println("  febrl4: skipped:", err, err2)
		return
	}
	record := func(x []string) person.Record {
		return person.Record{ID: x[0], Name: x[1] + " " + x[2], BirthDate: x[9], Document: x[10], Place: strings.Join(x[3:9], " ")}
	}
	truth := func(id string) string { return strings.Split(id, "-")[1] }
	start := time.Now()
	ix := person.NewIndex()
	for _, x := range a {
		if _, err := ix.Add(record(x)); err != nil {
			fmt.Println("  febrl4:", err)
			return
		}
	}
	model := ix.Model(person.DefaultWeights())
	var all []scored
	for _, x := range b {
		p := person.Read(record(x))
		for _, c := range ix.Candidates(p, person.DefaultBudget()).Candidates {
			r, _ := ix.Record(c.Row)
			bits, _ := model.Score(p, person.Read(r))
			all = append(all, scored{namePair{Same: truth(r.ID) == truth(x[0])}, bits})
		}
	}
	records("febrl4", all, len(b), time.Since(start))
}

func historical(dir string) {
	rows, err := table(filepath.Join(dir, "historical_50k/historical_figures_with_errors_50k.csv.gz"))
	if err != nil {
		fmt.Println("  historical_50k: skipped:", err)
		return
	}
	size := map[string]int{}
	for _, x := range rows {
		size[x[1]]++
	}
	total := 0
	for _, n := range size {
		total += n * (n - 1) / 2
	}
	start := time.Now()
	ix := person.NewIndex()
	people := make([]*person.Person, len(rows))
	for i, x := range rows {
		people[i] = person.Read(person.Record{ID: x[0], Name: x[2], BirthDate: x[6], Place: x[7] + " " + x[8], Sex: x[9]})
		if _, err := ix.AddPerson(people[i]); err != nil {
			fmt.Println("  historical_50k:", err)
			return
		}
	}
	model := ix.Model(person.DefaultWeights())
	var mu sync.Mutex
	var all []scored
	var wg sync.WaitGroup
	for w := range 2 {
		wg.Go(func() {
			var mine []scored
			for i := w; i < len(people); i += 2 {
				for _, c := range ix.Candidates(people[i], person.Budget{Postings: 20000, Candidates: 40}).Candidates {
					if c.Row > i {
						bits, _ := model.Score(people[i], people[c.Row])
						mine = append(mine, scored{namePair{Same: rows[i][1] == rows[c.Row][1]}, bits})
					}
				}
			}
			mu.Lock()
			all = append(all, mine...)
			mu.Unlock()
		})
	}
	wg.Wait()
	records("historical_50k", all, total, time.Since(start))
}

// records prints recall of all true pairs, also of those that never met.
func records(title string, all []scored, total int, took time.Duration) {
	found := 0
	for _, s := range all {
		if s.Same {
			found++
		}
	}
	fmt.Printf("  %-16s", title)
	for _, p := range []float64{.999, .99, .975, .95} {
		t, r := threshold(all, p)
		fmt.Printf("  P>=%.3f R %.4f (bits %.1f)", p, r*float64(found)/float64(total), t)
	}
	fmt.Printf("; candidates hold %.4f; %.1f s\n", float64(found)/float64(total), took.Seconds())
}
