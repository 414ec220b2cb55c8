// Quality prints how well screening does on the labelled sets of this
// repository, and how often it fires on ordinary texts; and how well
// names and records of people are matched.
//
//	go run ./test/quality            the table of docs/quality.md
//	go run ./test/quality -misses    and what was missed, for who writes indicators
//	go run ./test/quality -names     only names and records of people
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"homeward/know/lure"
)

// labelled is one text of a set.
type labelled struct {
	ID      string            `json:"id"`
	Lang    string            `json:"lang"`
	Label   string            `json:"label"` // lure, negative, plea
	Kind    string            `json:"kind"`
	Text    string            `json:"text"`
	Answers map[string]string `json:"answers"`
}

func main() {
	packs := flag.String("packs", "", "a folder of packs instead of the embedded ones")
	sets := flag.String("sets", "test/sets", "folder of labelled sets, one folder a writer")
	set := flag.String("set", "", "only this writer's set")
	lang := flag.String("lang", "", "only this language")
	misses := flag.Bool("misses", false, "print the texts that were judged wrong")
	onlyOrdinary := flag.Bool("ordinary", false, "only the ordinary texts")
	onlyNames := flag.Bool("names", false, "only names and records of people")
	flag.BoolVar(&kinds, "kinds", false, "also by kind")
	flag.Parse()
	if *onlyNames {
		names(*misses)
		return
	}
	p := lure.Default()
	if *packs != "" {
		var err error
		if p, err = lure.Load(os.DirFS(*packs)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	if *onlyOrdinary {
		ordinary(p, *misses)
		return
	}
	writers, err := fs.Glob(os.DirFS(*sets), "*")
	if err != nil || len(writers) == 0 {
		fmt.Fprintln(os.Stderr, "no labelled sets in", *sets)
		os.Exit(1)
	}
	for _, w := range writers {
		if *set != "" && *set != w {
			continue
		}
		report(p, w, filepath.Join(*sets, w), *lang, *misses)
	}
	if *set == "" && *lang == "" {
		disguised(p, *sets)
		ordinary(p, *misses)
		names(*misses)
	}
}

var kinds bool

// tally counts one language of one set.
type tally struct {
	lures, lureSome, lureStrong     int
	others, otherSome, otherStrong  int
	pleas, pleaFound, pleaElsewhere int
}

func (t *tally) add(o tally) {
	t.lures += o.lures
	t.lureSome += o.lureSome
	t.lureStrong += o.lureStrong
	t.others += o.others
	t.otherSome += o.otherSome
	t.otherStrong += o.otherStrong
	t.pleas += o.pleas
	t.pleaFound += o.pleaFound
	t.pleaElsewhere += o.pleaElsewhere
}

func report(p *lure.Packs, writer, dir, only string, misses bool) {
	fmt.Printf("\nwriter %s\n%-22s %22s %22s %22s %22s %18s %s\n", writer, "", "lures some+", "lures strong", "others some+", "others strong", "pleas found", "others as plea")
	files, _ := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	slices.Sort(files)
	var all tally
	byKind := map[string]*tally{}
	for _, f := range files {
		lang := strings.TrimSuffix(filepath.Base(f), ".jsonl")
		if only != "" && only != lang {
			continue
		}
		t := score(p, f, misses, byKind)
		line(lang, t)
		all.add(t)
	}
	line("pooled", all)
	if kinds {
		for _, k := range slices.Sorted(maps.Keys(byKind)) {
			line(k, *byKind[k])
		}
	}
}

func line(name string, t tally) {
	fmt.Printf("%-22s %22s %22s %22s %22s %18s %d\n", name, share(t.lureSome, t.lures), share(t.lureStrong, t.lures), share(t.otherSome, t.others), share(t.otherStrong, t.others), share(t.pleaFound, t.pleas), t.pleaElsewhere)
}

func score(p *lure.Packs, file string, misses bool, byKind map[string]*tally) tally {
	var sum tally
	for _, l := range read(file) {
		var t tally
		a := p.Screen(lure.Request{Text: l.Text, Answers: l.Answers})
		wrong := false
		switch l.Label {
		case "lure":
			t.lures++
			if a.Level == lure.Some || a.Level == lure.Strong {
				t.lureSome++
			}
			if a.Level == lure.Strong {
				t.lureStrong++
			}
			wrong = a.Level != lure.Strong
		case "negative":
			t.others++
			if a.Level == lure.Some || a.Level == lure.Strong {
				t.otherSome++
			}
			if a.Level == lure.Strong {
				t.otherStrong++
			}
			wrong = a.Level != lure.Unclear
		case "plea":
			t.pleas++
			if a.Level == lure.Plea {
				t.pleaFound++
			}
			wrong = a.Level != lure.Plea
		}
		if l.Label != "plea" && a.Level == lure.Plea {
			t.pleaElsewhere++
		}
		if wrong && misses {
			show(l, a)
		}
		sum.add(t)
		if byKind[l.Kind] == nil {
			byKind[l.Kind] = new(tally)
		}
		byKind[l.Kind].add(t)
	}
	return sum
}

func show(l labelled, a lure.Assessment) {
	fmt.Printf("\n%s %s %s -> %s %v\n  %s\n", l.ID, l.Label, l.Kind, a.Level, a.Kinds, strings.ReplaceAll(l.Text, "\n", "\n  "))
	for _, f := range a.Findings {
		fmt.Printf("    %s %q %s%s  %s\n", f.Indicator, f.Quote, f.Answer, f.Value, cut(f.Phrase))
	}
	for _, f := range a.Counter {
		fmt.Printf("    counter %s %q\n", f.Indicator, f.Quote)
	}
	for _, f := range a.NotCounted {
		fmt.Printf("    not counted %s %q %s  %s\n", f.Indicator, f.Quote, f.Reason, cut(f.Phrase))
	}
}

func cut(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

func read(file string) []labelled {
	f, err := os.Open(file)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	defer f.Close()
	var out []labelled
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		var l labelled
		if err := json.Unmarshal(sc.Bytes(), &l); err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", file, err)
			os.Exit(1)
		}
		out = append(out, l)
	}
	return out
}

// share prints k of n with Wilson's 95 % interval (Wilson, JASA 22, 1927).
func share(k, n int) string {
	if n == 0 {
		return "-"
	}
	lo, hi := wilson(k, n)
	return fmt.Sprintf("%.2f (%d) %.2f-%.2f", float64(k)/float64(n), n, lo, hi)
}

func wilson(k, n int) (lo, hi float64) {
	const z = 1.96
	p, m := float64(k)/float64(n), float64(n)
	mid := p + z*z/(2*m)
	half := z * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	d := 1 + z*z/m
	return max(0, (mid-half)/d), min(1, (mid+half)/d)
}
