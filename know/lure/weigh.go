package lure

import (
	"errors"
	"slices"

	"homeward/know/wording"
)

// wordsID is the concept that stands for all words of a text taken together.
const wordsID = "WORDING"

// weighing is how much a text's words, taken together, weigh beside its signs. Its
// values stand in kinds.toml, fitted on texts of writers that neither the phrases
// nor the words had seen; see docs/quality.md.
type weighing struct {
	Words     float64 `toml:"words"`     // for each natural log of odds
	Most      float64 `toml:"most"`      // log of odds beyond which words say no more
	Place     float64 `toml:"place"`     // a destination abroad is named
	Compounds float64 `toml:"compounds"` // or one where compounds stand
	Counter   float64 `toml:"counter"`   // less for each different counter-sign
	Plain     int     `toml:"plain"`     // points of signs that no words outweigh
	// What the sum must reach, by what the signs alone say.
	StrongOfStrong float64 `toml:"strong_of_strong"`
	StrongOfSome   float64 `toml:"strong_of_some"`
	StrongOfOne    float64 `toml:"strong_of_one"` // a single sign met the rule
	SomeOfSome     float64 `toml:"some_of_some"`  // a rule is met
	SomeOfSigns    float64 `toml:"some_of_signs"` // none is, but there is a sign
	SomeOfNone     float64 `toml:"some_of_none"`
	// Shown is the log of odds from which the words themselves are shown as a sign.
	Shown float64 `toml:"shown"`
}

func (w weighing) check() error {
	if w.Words <= 0 || w.Most <= 0 || w.StrongOfSome < w.StrongOfStrong || w.StrongOfOne < w.StrongOfSome || w.SomeOfSigns < w.SomeOfSome || w.SomeOfNone < w.SomeOfSigns {
		return errors.New("kinds.toml: weighing: words and most are more than 0, and the less the signs say, the more the words must")
	}
	return nil
}

// bin is half a passage: how much of a text's words is added up at a time.
const bin = passage / 2

// heavy is a run of words by what it says for a lure.
type heavy struct{ start, end, weight int }

// tops is how many of the heaviest runs are kept: enough that some stand apart.
const tops = 16

// read adds up the words of a text in normal form, bin by bin, and keeps the
// heaviest, heaviest first, longer ones before shorter ones.
func (j *judge) read(s string) {
	j.bins = j.bins[:0]
	j.p.wording.Weigh(s, func(start, end int, l wording.Likeness) {
		for start/bin >= len(j.bins) {
			j.bins = append(j.bins, wording.Likeness{})
		}
		b := &j.bins[start/bin]
		*b = b.Add(l)
		w := l.Weight()
		if w <= 0 {
			return
		}
		k := j.heaviest
		for k > 0 && (w > j.top[k-1].weight || w == j.top[k-1].weight && end-start > j.top[k-1].end-j.top[k-1].start) {
			k--
		}
		if k < tops {
			j.heaviest = min(j.heaviest+1, tops)
			copy(j.top[k+1:j.heaviest], j.top[k:])
			j.top[k] = heavy{start, end, w}
		}
	})
}

// odds gives the log of odds of the words from byte from on: of the whole text if
// it is of chat length, otherwise of one passage.
func (j *judge) odds(from int32, whole bool) float64 {
	var l wording.Likeness
	for i, b := range j.bins {
		if whole || i == int(from/bin) || i == int(from/bin)+1 {
			l = l.Add(b)
		}
	}
	return j.p.wording.LogOdds(l)
}

// weigh gives the level of a passage from what its signs say and what its words say.
// A strong level needs signs that met a rule: words alone only call for questions.
// Signs that are plain enough are never outweighed, and what they alone made strong
// is always asked about.
func (j *judge) weigh(signs Level, odds float64) Level {
	w := j.p.weighing
	n := j.count(j.p.signs)
	if signs > Unclear && n.points >= w.Plain {
		return signs
	}
	sum := w.Words * min(w.Most, odds)
	switch {
	case j.has("DEST_SEA"):
		sum += w.Compounds
	case j.all([][]int{j.p.groups["DEST"]}):
		sum += w.Place
	}
	if signs == Strong { // counter-signs never hold anything back from strong
		if sum >= w.StrongOfStrong {
			return Strong
		}
		return Some
	}
	sum -= w.Counter * float64(j.honest())
	some := w.SomeOfSome
	switch {
	case signs == Unclear && n.distinct > 0:
		some = w.SomeOfSigns
	case signs == Unclear:
		some = w.SomeOfNone
	}
	switch {
	case signs == Some && (n.distinct > 1 && sum >= w.StrongOfSome || sum >= w.StrongOfOne):
		return Strong
	case sum >= some, signs == Some && n.points >= 3 && j.has("DEST_SEA") && j.honest() < 2:
		return Some // several signs, where the compounds stand: no words make it one not to ask about
	}
	return Unclear
}

// nearest gives the kind of which most was seen, for a text whose signs alone met no
// rule; -1 if there is none of any.
func (j *judge) nearest() int {
	best, most := -1, 0
	for k := range j.p.kinds {
		if n := j.count(j.p.signsOf[k]).points; n > most {
			best, most = k, n
		}
	}
	return best
}

// maxWords is how many of a text's words are shown for all of them.
const maxWords = 4

// telling gives the words that weigh most, as matches of the concept that stands for
// all of them.
func (j *judge) telling() (out []match) {
	c, ok := j.p.index[wordsID]
	if !ok {
		return nil
	}
	for _, r := range j.top[:j.heaviest] {
		if len(out) == maxWords {
			break
		}
		if !slices.ContainsFunc(out, func(m match) bool { return int(m.start) < r.end && r.start < int(m.end) }) {
			out = append(out, match{concept: c, start: int32(r.start), end: int32(r.end), pattern: -1})
		}
	}
	return out
}
