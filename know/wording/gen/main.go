// Gen learns the weights of know/wording from the labelled texts of test/sets
// and writes them to weights.tsv. With -cv it writes nothing and prints, for
// each writer, how well a model learned from the others does on theirs.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"homeward/know/text"
	"homeward/know/wording"
)

// reserved is the writer whose texts nothing is learned from.
const reserved = "b"

func main() {
	log.SetFlags(0)
	cv := flag.Bool("cv", false, "print figures, each writer judged by a model that has not seen them")
	sets := flag.String("sets", "../../test/sets", "folder of labelled sets, one folder a writer")
	flag.Parse()
	byWriter, err := read(*sets)
	if err != nil {
		log.Fatal(err)
	}
	if !*cv {
		if err := os.WriteFile("weights.tsv", wording.Train(others(byWriter, reserved)), 0o644); err != nil {
			log.Fatal(err)
		}
		return
	}
	for i, w := range byWriter {
		if w.name == reserved {
			continue
		}
		m, err := wording.Parse(wording.Train(others(byWriter, reserved, w.name)))
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(byWriter[i].name, len(w.examples), curve(m, w.examples))
	}
}

type writer struct {
	name     string
	examples []wording.Example
}

func others(all []writer, without ...string) (out []wording.Example) {
	for _, w := range all {
		if !slices.Contains(without, w.name) {
			out = append(out, w.examples...)
		}
	}
	return out
}

// read gives the texts that wording can tell something of: pleas are not
// assessed, and a performance is told by answers.
func read(dir string) (out []writer, err error) {
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.jsonl"))
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		name := filepath.Base(filepath.Dir(f))
		if len(out) == 0 || out[len(out)-1].name != name {
			out = append(out, writer{name: name})
		}
		w := &out[len(out)-1]
		b, err := os.Open(f)
		if err != nil {
			return nil, err
		}
		sc := bufio.NewScanner(b)
		sc.Buffer(nil, 1<<20)
		for sc.Scan() {
			var l struct{ Label, Kind, Text string }
			if err := json.Unmarshal(sc.Bytes(), &l); err != nil {
				return nil, fmt.Errorf("%s: %w", f, err)
			}
			if l.Label == "plea" || l.Kind == "performance_invitation" {
				continue
			}
			w.examples = append(w.examples, wording.Example{Text: text.Normalize(l.Text).Text, Lure: l.Label == "lure"})
		}
		b.Close()
		if err := sc.Err(); err != nil {
			return nil, fmt.Errorf("%s: %w", f, err)
		}
	}
	return out, nil
}

// curve gives the area under the curve of true against false alarms, and the
// share of lures found where so many others fire.
func curve(m *wording.Model, examples []wording.Example) string {
	type scored struct {
		odds float64
		lure bool
	}
	var all []scored
	lures := 0
	for _, e := range examples {
		all = append(all, scored{m.LogOdds(m.Read(e.Text)), e.Lure})
		if e.Lure {
			lures++
		}
	}
	slices.SortFunc(all, func(a, b scored) int {
		switch {
		case a.odds > b.odds:
			return -1
		case a.odds < b.odds:
			return 1
		}
		return 0
	})
	var out strings.Builder
	found, wrong, area := 0, 0, 0
	shares := []float64{.02, .05, .1, .2}
	best := make([]float64, len(shares))
	odds := make([]float64, len(shares))
	for _, s := range all {
		if s.lure {
			found++
		} else {
			wrong++
			area += found
		}
		for i, share := range shares {
			if float64(wrong) <= share*float64(len(all)-lures) {
				best[i], odds[i] = float64(found)/float64(lures), s.odds
			}
		}
	}
	fmt.Fprintf(&out, "area %.3f", float64(area)/float64(lures)/float64(len(all)-lures))
	for i, share := range shares {
		fmt.Fprintf(&out, "  at %.2f others %.2f (odds %.1f)", share, best[i], odds[i])
	}
	return out.String()
}
