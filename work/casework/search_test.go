package casework

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"homeward/know/text"
)

// TestShelves: a shelf finds the lines that a look at each line by itself finds.
func TestShelves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.StringMatching("[abＡ家 \\x00\\x01\n1]{0,12}")
		var entries []Entry
		for n := range rapid.IntRange(0, 6).Draw(t, "lines") {
			e := Entry{N: int64(n + 1), Compartment: rapid.SampledFrom(Compartments).Draw(t, "compartment"), Shut: rapid.IntRange(0, 4).Draw(t, "shut") == 0}
			e.F = map[string]string{"text": words.Draw(t, "text"), "place": words.Draw(t, "place")}
			entries = append(entries, e)
		}
		query := strings.Fields(text.Normalize(words.Draw(t, "query")).Text)
		query = slices.DeleteFunc(query, func(w string) bool { return strings.Contains(w, lineEnd) })
		if len(query) == 0 {
			query = []string{"a"}
		}
		var want, got []int64
		for _, e := range entries {
			one := text.Normalize(strings.ReplaceAll(e.F["place"]+" · "+e.F["text"], lineEnd, " ")).Text
			if !e.Shut && !slices.ContainsFunc(query, func(w string) bool { return !strings.Contains(one, w) }) {
				want = append(want, e.N)
			}
		}
		made := shelve(entries)
		for _, s := range made.on {
			for _, f := range s.find(query) {
				got = append(got, f.N)
				e := entries[f.N-1]
				if typed := strings.ReplaceAll(e.F["place"]+" · "+e.F["text"], lineEnd, " "); f.Text != typed {
					t.Fatalf("line %d is shown as %q and was typed as %q", f.N, f.Text, typed)
				}
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want) || made.lines != int64(len(entries)) {
			t.Fatalf("%q finds %v, want %v", query, got, want)
		}
	})
}

// BenchmarkSearch looks through 20,000 lines of 500 cases in memory.
func BenchmarkSearch(b *testing.B) {
	var all []shelf
	for i := range 500 {
		var entries []Entry
		for n := range 40 {
			words := strings.Repeat(fmt.Sprintf("invented words %d of a line about 大樓 and the road, ", i*n), 4)
			entries = append(entries, Entry{N: int64(n + 1), Compartment: File, F: map[string]string{"text": words}})
		}
		all = append(all, shelve(entries).on...)
	}
	for b.Loop() {
		for _, s := range all {
			if s.find([]string{"nowhere", "road"}) != nil {
				b.Fatal("found what is not there")
			}
		}
	}
}
