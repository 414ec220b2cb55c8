package person

import (
	"encoding/json"
	"fmt"
	"math"
)

// level is how one field of two records agrees.
type level uint8

const (
	missing level = iota
	birthSame
	birthPlaceholder
	birthSwapped
	birthDigit
	birthMonth
	birthOtherYear
	birthYearOther
	birthYear
	birthNextYear
	birthNear
	birthFar
	birthDecade
	sexSame
	sexOther
	nationSame
	nationNear
	nationOther
	phoneSame
	phoneSlip
	phoneOther
	documentSame
	documentSlip
	documentOther
	documentKind
	placeOther
	levels
)

var levelInfo = [levels]struct{ field, says string }{
	missing:          {"", ""},
	birthSame:        {"birth", "the same day"},
	birthPlaceholder: {"birth", "the same year, on 1 January, which often stands for an unknown day"},
	birthSwapped:     {"birth", "day and month changed places"},
	birthDigit:       {"birth", "one digit off"},
	birthMonth:       {"birth", "the same month and year"},
	birthOtherYear:   {"birth", "the same day, another year"},
	birthYearOther:   {"birth", "the same year, another day"},
	birthYear:        {"birth", "the same year; no more is known"},
	birthNextYear:    {"birth", "a year apart"},
	birthNear:        {"birth", "two or three years apart"},
	birthFar:         {"birth", "years apart"},
	birthDecade:      {"birth", "ten years or more apart"},
	sexSame:          {"sex", "the same"},
	sexOther:         {"sex", "another"},
	nationSame:       {"nationality", "the same"},
	nationNear:       {"nationality", "often taken for each other"},
	nationOther:      {"nationality", "another"},
	phoneSame:        {"phone", "the same"},
	phoneSlip:        {"phone", "one digit off"},
	phoneOther:       {"phone", "another"},
	documentSame:     {"document", "the same number"},
	documentSlip:     {"document", "one character off"},
	documentOther:    {"document", "another number of the same kind"},
	documentKind:     {"document", "another number, perhaps of another document"},
	placeOther:       {"place", "nothing in common"},
}

// Weights are the bits of each level: log2 of how much likelier it is for one
// person than for two. A value of Weights never changes; Estimate makes another.
type Weights struct {
	bits [levels]float64
	// Same and Possible are the least bits of those verdicts.
	Same, Possible float64
	// Version tells whoever replays a verdict which weights it was made with.
	Version string
}

// DefaultWeights are shipped: chances of agreement we judged from experience
// with registers and tried on the public sets of docs/quality.md, not on cases.
func DefaultWeights() Weights {
	w := Weights{Same: 20, Possible: 6, Version: "person-1"}
	for l, mu := range map[level][2]float64{ // share among pairs of one person, and of two
		birthSame: {.75, 1. / 22000}, birthPlaceholder: {.02, 1. / 9000}, birthSwapped: {.015, 1. / 40000}, birthDigit: {.06, 1. / 900},
		birthMonth: {.02, 1. / 900}, birthOtherYear: {.02, 1. / 1600}, birthYearOther: {.02, 1. / 70}, birthYear: {.85, 1. / 50},
		birthNextYear: {.012, 1. / 28}, birthNear: {.008, 1. / 15}, birthFar: {.008, 1. / 5}, birthDecade: {.006, 1. / 1.6},
		sexSame: {.975, .52}, sexOther: {.025, .48},
		nationSame: {.93, .25}, nationNear: {.03, .06}, nationOther: {.05, .7},
		phoneSame: {.55, 1. / 60000}, phoneSlip: {.02, 1. / 25000}, phoneOther: {.43, .999},
		documentSame: {.8, 1. / 400000}, documentSlip: {.05, 1. / 60000}, documentOther: {.05, .9}, documentKind: {.15, .9},
		placeOther: {.3, .85},
	} {
		w.bits[l] = math.Log2(mu[0] / mu[1])
	}
	return w
}

// Bits gives the weight of a level by the name of its field and what it says;
// it is for pages that show the table.
func (w Weights) Bits() []Factor {
	var out []Factor
	for l := birthSame; l < levels; l++ {
		out = append(out, Factor{Field: levelInfo[l].field, Says: levelInfo[l].says, Bits: round(w.bits[l])})
	}
	return out
}

// Estimate weighs anew from pairs that somebody judged. Each level's chances
// are counted in both kinds of pairs on top of the shipped weights, which count
// as much as a hundred pairs of each kind: a desk with few judgements keeps
// nearly what was shipped. Judgements of unsure are left out, since they say
// nothing. The thresholds stay.
func (w Weights) Estimate(pairs []Judged, version string) Weights {
	const shipped = 100
	var same, other [levels]float64
	fieldSame, fieldOther := map[string]float64{}, map[string]float64{}
	for _, p := range pairs {
		if p.Answer == Unsure {
			continue
		}
		for _, l := range fieldLevels(p.A, p.B) {
			if l.level == missing {
				continue
			}
			if p.Answer == Same {
				same[l.level]++
				fieldSame[levelInfo[l.level].field]++
			} else {
				other[l.level]++
				fieldOther[levelInfo[l.level].field]++
			}
		}
	}
	out := w
	out.Version = version
	for l := birthSame; l < levels; l++ {
		field := levelInfo[l].field
		// Shipped chances of the level: any pair with this ratio will do as a start.
		u := 1 / (1 + math.Exp2(w.bits[l]))
		m := 1 - u
		if fieldSame[field]+fieldOther[field] == 0 {
			continue
		}
		mm := (same[l] + shipped*m) / (fieldSame[field] + shipped)
		uu := (other[l] + shipped*u) / (fieldOther[field] + shipped)
		out.bits[l] = math.Max(-12, math.Min(24, math.Log2(mm/uu)))
	}
	return out
}

func round(x float64) float64 { return math.Round(x*1000) / 1000 }

// stored is how weights are kept: levels by what they say, so that a file can be
// read by people and survives another order of levels.
type stored struct {
	Version  string             `json:"version"`
	Same     float64            `json:"same"`
	Possible float64            `json:"possible"`
	Bits     map[string]float64 `json:"bits"`
}

func (l level) key() string { return levelInfo[l].field + ": " + levelInfo[l].says }

// MarshalJSON writes weights so that a desk can keep those it estimated.
func (w Weights) MarshalJSON() ([]byte, error) {
	s := stored{w.Version, w.Same, w.Possible, map[string]float64{}}
	for l := birthSame; l < levels; l++ {
		s.Bits[l.key()] = round(w.bits[l])
	}
	return json.Marshal(s)
}

// UnmarshalJSON reads what MarshalJSON wrote. A level that is not named keeps
// the shipped weight; a name that is no level is an error, since a weight that
// silently counts for nothing would mislead.
func (w *Weights) UnmarshalJSON(b []byte) error {
	out := DefaultWeights()
	s := stored{Same: out.Same, Possible: out.Possible, Version: out.Version}
	if err := json.Unmarshal(b, &s); err != nil {
		return fmt.Errorf("these are no weights: %w", err)
	}
	if s.Possible > s.Same {
		return fmt.Errorf("the least bits of possible (%g) are more than those of same (%g)", s.Possible, s.Same)
	}
	byKey := map[string]level{}
	for l := birthSame; l < levels; l++ {
		byKey[l.key()] = l
	}
	for k, v := range s.Bits {
		l, ok := byKey[k]
		if !ok {
			return fmt.Errorf("there is no level %q: write one of those that the shipped weights have", k)
		}
		if math.Abs(v) > 40 {
			return fmt.Errorf("level %q: %g bits are more than any field can say (40)", k, v)
		}
		out.bits[l] = v
	}
	out.Same, out.Possible, out.Version = s.Same, s.Possible, s.Version
	*w = out
	return nil
}
