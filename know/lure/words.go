package lure

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"homeward/know/text"
)

// extractorWords is words.toml: the words by which the structured extractors
// know what a number is.
type extractorWords struct {
	Pay     []string            `toml:"pay"`    // words for pay
	Hints   []string            `toml:"hint"`   // words that are for pay only beside a currency
	Periods map[string][]string `toml:"period"` // month, week, day, hour, year
	Named   map[string][]string `toml:"named"`  // words for pay that say the period
	Rates   []string            `toml:"rate"`   // words that make the amount before them a rate
	Scales  map[string][]string `toml:"scale"`  // "1000" = ["k", …]
	Age     []string            `toml:"age"`    // words for age
	Apps    []string            `toml:"apps"`   // messengers

	pay, hints, rates, periods, named, scales, age, apps wordSet
}

// prepare brings the words to the normal form and sorts them for looking up.
func (w *extractorWords) prepare() {
	fill := func(ws *wordSet, value string, words []string) {
		for _, x := range words {
			ws.add(text.Normalize(x).Text, value)
		}
	}
	fill(&w.pay, "", w.Pay)
	fill(&w.hints, "", w.Hints)
	fill(&w.rates, "", w.Rates)
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
	for _, ws := range []*wordSet{&w.pay, &w.hints, &w.rates, &w.periods, &w.named, &w.scales, &w.age, &w.apps} {
		ws.sort()
	}
}

// payCue says whether a word for pay stands beside a number.
func (w *extractorWords) payCue(before, after string) bool {
	return w.pay.in(before) || w.pay.in(first(after, 24))
}

// period gives the period a number is for: "month", "week", "day", "hour",
// "year", or "" where nothing in its clause says it.
func (w *extractorWords) period(before, after string) string {
	before, after = clauseOf(before, after)
	if p := w.named.earliest(lastN(before, 24)); p != "" {
		return p
	}
	if p := w.periods.earliest(first(after, 30)); p != "" {
		return p
	}
	return w.periods.earliest(lastN(before, 18))
}

// rated says that a number is followed at once by a rate, and by nothing that
// is counted: "3000+ monthly", not "3000 monthly visitors".
func (w *extractorWords) rated(after string) bool {
	after = strings.TrimLeft(after, "+ ")
	m, ok := w.rates.at(after)
	if !ok {
		return false
	}
	rest := strings.TrimLeft(after[len(m.word):], " ")
	return rest == "" || !latin(rest[0]) || !strings.HasSuffix(m.word, "ly") && !startsWith(rest, "of")
}

// clauseOf cuts what stands before and after a number down to its clause: a
// week behind a comma is when one leaves, not how often one is paid. A comma
// between digits parts nothing.
func clauseOf(before, after string) (string, string) {
	for i := len(before) - 1; i >= 0; i-- {
		if ends(before, i) {
			before = before[i+1:]
			break
		}
	}
	for i := range len(after) {
		if ends(after, i) {
			after = after[:i]
			break
		}
	}
	return before, after
}

func ends(s string, i int) bool {
	switch s[i] {
	case ';', '!', '?':
		return true
	case ',', '.':
		inside := i > 0 && i+1 < len(s) && digit(rune(s[i-1])) && digit(rune(s[i+1]))
		return !inside && (s[i] == ',' || i+1 < len(s) && s[i+1] == ' ')
	}
	return false
}

// wordSet is words to look for, each with what it means, by their first letter (see
// byLetter): a short text is then passed once, whatever the number of words.
type wordSet [256][]meaning

// byLetter gives the place of words that begin with a letter. Those beyond a to z
// share places; by their bytes nearly all of a script would share one.
func byLetter(r rune) uint8 {
	if r < utf8.RuneSelf {
		return uint8(r)
	}
	return uint8(r) | utf8.RuneSelf
}

type meaning struct{ word, value string }

func (ws *wordSet) add(word, value string) {
	if word != "" {
		r, _ := utf8.DecodeRuneInString(word)
		ws[byLetter(r)] = append(ws[byLetter(r)], meaning{word, value})
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
	for i, r := range s {
		if i > 0 && latin(s[i]) && latin(s[i-1]) {
			continue
		}
		for _, m := range ws[byLetter(r)] {
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
	r, _ := utf8.DecodeRuneInString(s)
	for _, m := range ws[byLetter(r)] {
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
