package wording

import (
	"bytes"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// Example is a text in the normal form of know/text, and whether it is a lure.
type Example struct {
	Text string
	Lure bool
}

// How the weights are learned. Chosen by leaving out one writer at a time;
// anything near these does as well.
const (
	epochs = 15
	rate   = 0.2
	shrink = 1e-4
	stride = 7919 // visits every example as long as their number is no multiple of it
	// Smallest weight that is kept, in log odds: smaller ones change nothing.
	kept = 0.4
)

// Train learns weights from examples and gives them as a file that Parse reads.
// The same examples in the same order give the same file.
func Train(examples []Example) []byte {
	index := map[string]int{}
	var runs []string
	rows := make([][]int, len(examples))
	for i, e := range examples {
		each(e.Text, func(end int, ends []run) {
			for _, r := range ends {
				words := name(e.Text[r.start:end])
				k, ok := index[words]
				if !ok {
					k = len(runs)
					index[words] = k
					runs = append(runs, words)
				}
				rows[i] = append(rows[i], k)
			}
		})
	}
	w := make([]float64, len(runs))
	past := make([]float64, len(runs))
	for epoch := range epochs {
		for n := range rows {
			// Lures and others of one language stand together in the sets: a large
			// prime step mixes them, another way in each round.
			i := (n*stride + epoch*stride/epochs) % len(rows)
			norm := 1 / spread(len(rows[i]))
			z := 0.0
			for _, k := range rows[i] {
				z += w[k]
			}
			miss := 1 / (1 + math.Exp(-z*norm))
			if examples[i].Lure {
				miss--
			}
			for _, k := range rows[i] {
				g := miss*norm + shrink*w[k]
				past[k] += g * g
				w[k] -= rate * g / math.Sqrt(past[k]+1e-3)
			}
		}
	}
	var out bytes.Buffer
	for _, run := range slices.Sorted(maps.Keys(index)) {
		if v := w[index[run]]; math.Abs(v) >= kept {
			fmt.Fprintf(&out, "%s\t%.0f\n", run, max(-math.MaxInt16, min(math.MaxInt16, v*unit)))
		}
	}
	return out.Bytes()
}

// name gives a run as its words alone, parted by spaces, with numbers as 0.
func name(s string) string {
	var b strings.Builder
	free := false
	for i := 0; ; {
		t, next, ok := scan(s, i)
		if !ok {
			return b.String()
		}
		if b.Len() > 0 && !(free && t.free) {
			b.WriteByte(' ')
		}
		number := false
		for _, r := range s[t.start:t.end] {
			digit := r >= '0' && r <= '9'
			switch {
			case !digit:
				b.WriteRune(r)
			case !number:
				b.WriteByte('0')
			}
			number = digit
		}
		free = t.free
		i = next
	}
}
