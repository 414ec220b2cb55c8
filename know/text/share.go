package text

import (
	"math/bits"
	"slices"
)

var (
	scriptLatn = scriptNumber("Latn")
	scriptHani = scriptNumber("Hani")
	scriptHira = scriptNumber("Hira")
	scriptKana = scriptNumber("Kana")
	scriptHang = scriptNumber("Hang")
)

// scriptNumber gives the number of an ISO 15924 code, 0 if there is none.
func scriptNumber(code string) uint8 {
	switch code {
	case "Hant":
		return scriptHant
	case "Hans":
		return scriptHans
	}
	return uint8(max(0, slices.Index(scriptNames[:], code)))
}

// share is how much of a message something has, in letters of an alphabet.
type share[T any] struct {
	of     T
	weight int
}

// densities: one ideograph or syllable says as much as several letters.
func density(script uint8) int {
	switch script {
	case scriptHani, scriptHant, scriptHans, scriptHang:
		return 3
	case scriptHira, scriptKana:
		return 2
	}
	return 1
}

// ranked gives what has at least a tenth of all, largest first.
func ranked[T any](shares []share[T]) []T {
	total := 0
	for _, s := range shares {
		total += s.weight
	}
	slices.SortStableFunc(shares, func(a, b share[T]) int { return b.weight - a.weight })
	var out []T
	for _, s := range shares {
		if s.weight > 0 && s.weight*10 >= total {
			out = append(out, s.of)
		}
	}
	return out
}

// Scripts says in which scripts a message is written, as ISO 15924 codes, the
// one with the largest share first; nil if it has no letter. Scripts with less
// than a tenth are left out.
func Scripts(s string) []string {
	var count [len(scriptNames) + 2]int
	for _, r := range s {
		if n := script(r); n != 0 && lookup(r)&letter != 0 {
			count[n] += density(n)
		}
	}
	count[scriptHani] += count[scriptHant] + count[scriptHans]
	var shares []share[string]
	for n, name := range scriptNames {
		if count[n] > 0 {
			shares = append(shares, share[string]{name, count[n]})
		}
	}
	return ranked(shares)
}

// languages weighs what was read.
func (t *tally) languages(k *knowledge) []string {
	var room [8]share[string]
	shares := room[:0]
	add := func(language, weight int) {
		shares = append(shares, share[string]{k.tags[language], weight})
	}
	t.chinese(k, add)
	for _, n := range k.others {
		if count := t.letters[n]; count > 0 {
			add(t.pick(k.scripts[n], count), count*density(n))
		}
	}
	t.latin(k, add)
	return ranked(shares)
}

// chinese parts ideographs and Kana between Japanese and the two ways of writing
// Chinese. What could be either way of writing counts as the one that shows, or
// as simplified if neither does.
func (t *tally) chinese(k *knowledge, add func(language, weight int)) {
	hant, hans := t.letters[scriptHant], t.letters[scriptHans]
	han := t.letters[scriptHani] + hant + hans
	kana := t.letters[scriptHira] + t.letters[scriptKana]
	if kana > 0 {
		weight := kana * 2
		if kana*6 >= han { // a lone の decorates Chinese too
			weight += han * 3
			han = 0
		}
		add(k.scripts[scriptHira][0], weight)
	}
	if han == 0 {
		return
	}
	traditional, simplified := k.scripts[scriptHant][0], k.scripts[scriptHans][0]
	switch few := min(hant, hans); {
	case few >= 2 && few*3 >= max(hant, hans):
		add(simplified, han*3*hans/(hant+hans))
		add(traditional, han*3*hant/(hant+hans))
	case hant > hans:
		add(traditional, han*3)
	default:
		add(simplified, han*3)
	}
}

// pick chooses between the languages of one script, of which count letters were
// read: the first, unless words and letters that speak for another are more and
// not just a name or two.
func (t *tally) pick(languages []int, count int) int {
	best, most := languages[0], 0
	for _, l := range languages {
		weight := 0
		for _, e := range t.evidence() {
			if e.set>>l&1 != 0 {
				weight += e.weight
			}
		}
		if weight > most && (l == languages[0] || weight*12 >= count) {
			best, most = l, weight
		}
	}
	return best
}

// latin finds the languages in Latin script: the one that explains most of the
// words known, then the one that explains most of the rest, and so on.
func (t *tally) latin(k *knowledge, add func(language, weight int)) {
	var room [len(t.kinds)]evidence
	rest := room[:0]
	known := 0
	for _, e := range t.evidence() {
		if e.set &= k.latin; e.set != 0 {
			rest = append(rest, e)
			known += e.weight
		}
	}
	all := t.letters[scriptLatn]
	if known*6 < all {
		return // names, links, or a language we do not know
	}
	// scale gives the words that are in no list to the languages that are.
	scale := func(weight int) int { return min(weight*4, weight*all/known) }
	for first := true; len(rest) > 0; first = false {
		best, found := t.mostLatin(rest)
		if len(best) == 0 {
			return
		}
		switch {
		case first && found.unique == 0 && (found.words < 2 || len(best) > 2):
			return
		case !first && (found.unique < 2 || found.weight*5 < known):
			return
		}
		if found.unique > 0 {
			best = best[:1]
		}
		var set uint64
		for _, l := range best {
			add(l, scale(found.weight)/len(best))
			set |= 1 << l
		}
		rest = slices.DeleteFunc(rest, func(e evidence) bool { return e.set&set != 0 })
	}
}

// found is what one language explains.
type found struct{ words, unique, weight int }

// mostLatin gives the languages that explain most, several if they explain
// equally much, and what the first of them explains. A word that only one
// language has counts twice.
func (t *tally) mostLatin(rest []evidence) (best []int, of found) {
	var scores [maxLanguages]int
	var sums [maxLanguages]found
	top := 0
	for _, e := range rest {
		for set := e.set; set != 0; set &= set - 1 {
			l := bits.TrailingZeros64(set)
			scores[l] += e.weight
			sums[l].words += e.words
			sums[l].weight += e.weight
			if e.set&(e.set-1) == 0 {
				scores[l] += e.weight
				sums[l].unique += e.words
			}
			top = max(top, scores[l])
		}
	}
	if top == 0 {
		return nil, found{}
	}
	for l, score := range scores {
		if score == top {
			best = append(best, l)
		}
	}
	return best, sums[best[0]]
}
