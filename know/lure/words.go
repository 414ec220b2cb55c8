package lure

import (
	"cmp"
	"slices"
	"strings"

	"homeward/know/text"
)

// extractorWords is words.toml: the words by which the structured extractors
// know what a number is.
type extractorWords struct {
	Pay     []string            `toml:"pay"`    // words for pay
	Periods map[string][]string `toml:"period"` // month, week, day, hour
	Scales  map[string][]string `toml:"scale"`  // "1000" = ["k", …]
	Age     []string            `toml:"age"`    // words for age
	Apps    []string            `toml:"apps"`   // messengers
	Named   map[string][]string `toml:"named"`  // words for pay that say the period
	periods []periodWord
	named   []periodWord
	scales  []scaleWord
}

type periodWord struct{ period, word string }

type scaleWord struct {
	word  string
	times float64
}

func (w *extractorWords) prepare() {
	for _, s := range []*[]string{&w.Pay, &w.Age, &w.Apps} {
		for i, x := range *s {
			(*s)[i] = text.Normalize(x).Text
		}
	}
	w.periods, w.named = periodWords(w.Periods), periodWords(w.Named)
	for times, words := range w.Scales {
		var f float64
		for _, c := range times {
			f = f*10 + float64(c-'0')
		}
		for _, x := range words {
			w.scales = append(w.scales, scaleWord{text.Normalize(x).Text, f})
		}
	}
	slices.SortFunc(w.scales, func(a, b scaleWord) int {
		return cmp.Or(cmp.Compare(len(b.word), len(a.word)), cmp.Compare(a.word, b.word))
	})
}

// periodWords lists the words, longest first, so that the longest decides.
func periodWords(m map[string][]string) []periodWord {
	var out []periodWord
	for period, words := range m {
		for _, x := range words {
			out = append(out, periodWord{period, text.Normalize(x).Text})
		}
	}
	slices.SortFunc(out, func(a, b periodWord) int {
		return cmp.Or(cmp.Compare(len(b.word), len(a.word)), cmp.Compare(a.word, b.word))
	})
	return out
}

// payCue says whether a word for pay stands beside a number.
func (w *extractorWords) payCue(before, after string) bool {
	for _, x := range w.Pay {
		if holds(before, x) || holds(first(after, 24), x) {
			return true
		}
	}
	return false
}

// period gives the period a number is for: "month", "week", "day", "hour",
// "year", or "" where nothing says it.
func (w *extractorWords) period(before, after string) string {
	for _, p := range w.named {
		if holds(lastN(before, 24), p.word) {
			return p.period
		}
	}
	near := first(after, 30)
	bestAt, best := len(near)+1, ""
	for _, p := range w.periods {
		if i := index(near, p.word); i >= 0 && i < bestAt {
			bestAt, best = i, p.period
		}
	}
	if best != "" {
		return best
	}
	for _, p := range w.periods {
		if holds(lastN(before, 18), p.word) {
			return p.period
		}
	}
	return ""
}

// holds says whether s has the word, as a whole word where it is of a-z.
func holds(s, word string) bool { return index(s, word) >= 0 }

func index(s, word string) int {
	for from := 0; ; {
		i := strings.Index(s[from:], word)
		if i < 0 {
			return -1
		}
		i += from
		if startsWith(s[i:], word) && endsWith(s[:i+len(word)], word) {
			return i
		}
		from = i + 1
	}
}

func first(s string, n int) string { return s[:min(n, len(s))] }
func lastN(s string, n int) string { return s[max(0, len(s)-n):] }
