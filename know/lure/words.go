package lure

import (
	"cmp"
	"slices"
	"unicode/utf8"

	"homeward/know/text"
)

// extractorWords is words.toml: the words by which the structured extractors
// know what a number is.
type extractorWords struct {
	Pay     []string            `toml:"pay"`    // words for pay
	Periods map[string][]string `toml:"period"` // month, week, day, hour, year
	Named   map[string][]string `toml:"named"`  // words for pay that say the period
	Scales  map[string][]string `toml:"scale"`  // "1000" = ["k", …]
	Age     []string            `toml:"age"`    // words for age
	Apps    []string            `toml:"apps"`   // messengers

	pay, periods, named, scales, age, apps wordSet
}

// prepare brings the words to the normal form and sorts them for looking up.
func (w *extractorWords) prepare() {
	fill := func(ws *wordSet, value string, words []string) {
		for _, x := range words {
			ws.add(text.Normalize(x).Text, value)
		}
	}
	fill(&w.pay, "", w.Pay)
	fill(&w.age, "", w.Age)
	fill(&w.apps, "", w.Apps)
	for value, words := range w.Periods {
		fill(&w.periods, value, words)
	}
	for value, words := range w.Named {
		fill(&w.named, value, words)
	}
	for value, words := range w.Scales {
		fill(&w.scales, value, words)
	}
	for _, ws := range []*wordSet{&w.pay, &w.periods, &w.named, &w.scales, &w.age, &w.apps} {
		ws.sort()
	}
}

// payCue says whether a word for pay stands beside a number.
func (w *extractorWords) payCue(before, after string) bool {
	return w.pay.in(before) || w.pay.in(first(after, 24))
}

// period gives the period a number is for: "month", "week", "day", "hour",
// "year", or "" where nothing says it.
func (w *extractorWords) period(before, after string) string {
	if p := w.named.earliest(lastN(before, 24)); p != "" {
		return p
	}
	if p := w.periods.earliest(first(after, 30)); p != "" {
		return p
	}
	return w.periods.earliest(lastN(before, 18))
}

// wordSet is words to look for, each with what it means, by their first byte:
// a short text is then passed once, whatever the number of words.
type wordSet [256][]meaning

type meaning struct{ word, value string }

func (ws *wordSet) add(word, value string) {
	if word != "" {
		ws[word[0]] = append(ws[word[0]], meaning{word, value})
	}
}

// sort puts longer words first, so that the longest decides.
func (ws *wordSet) sort() {
	for _, list := range ws {
		slices.SortFunc(list, func(a, b meaning) int {
			return cmp.Or(cmp.Compare(len(b.word), len(a.word)), cmp.Compare(a.word, b.word))
		})
	}
}

// in says whether a text has one of the words, as a whole word where it is of a-z.
func (ws *wordSet) in(s string) bool {
	_, ok := ws.find(s)
	return ok
}

// earliest gives the value of the first word in a text.
func (ws *wordSet) earliest(s string) string {
	m, _ := ws.find(s)
	return m.value
}

func (ws *wordSet) find(s string) (meaning, bool) {
	for i := range len(s) {
		if i > 0 && latin(s[i]) && latin(s[i-1]) {
			continue
		}
		for _, m := range ws[s[i]] {
			if startsWith(s[i:], m.word) {
				return m, true
			}
		}
	}
	return meaning{}, false
}

// at gives the longest word that stands at the beginning of a text.
func (ws *wordSet) at(s string) (meaning, bool) {
	if s == "" {
		return meaning{}, false
	}
	for _, m := range ws[s[0]] {
		if startsWith(s, m.word) {
			return m, true
		}
	}
	return meaning{}, false
}

// first gives the first n characters of a text, lastN the last n.
func first(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

func lastN(s string, n int) string {
	i := len(s)
	for ; n > 0 && i > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(s[:i])
		i -= size
	}
	return s[i:]
}
