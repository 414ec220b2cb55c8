package person

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"homeward/know/name"
)

// Kind is what a verdict says.
type Kind string

// The kinds. IsPossible asks somebody to look; none of them merges anything.
const (
	IsSame      Kind = "same"
	IsPossible  Kind = "possible"
	IsDifferent Kind = "different"
)

// Factor is one field's part in a verdict.
type Factor struct {
	Field string  `json:"field"`
	Bits  float64 `json:"bits"`
	Says  string  `json:"says"`
}

// Verdict says how likely two records are one person, and why. It is a value
// that can be kept and shown anywhere, and made again from the same records,
// weights and tables.
type Verdict struct {
	Bits       float64  `json:"bits"` // log2 likelihood ratio; finite
	Kind       Kind     `json:"verdict"`
	Reading    string   `json:"reading"` // how the names were read
	Factors    []Factor `json:"factors"`
	NotCounted []string `json:"not_counted,omitempty"`
	Would      []string `json:"would,omitempty"` // what would change the verdict
	Names      string   `json:"names"`           // version of the name tables
	Weights    string   `json:"weights"`         // version of the weights
}

// Why is a verdict in one line: "name +14.2, birth +4.2 (one digit off)".
func (v Verdict) Why() string {
	var parts []string
	for _, f := range v.Factors {
		s := fmt.Sprintf("%s %+.1f", f.Field, f.Bits)
		if f.Says != "" {
			s += " (" + f.Says + ")"
		}
		parts = append(parts, s)
	}
	return strings.Join(append(parts, v.NotCounted...), "; ")
}

// Model is what records are compared with.
type Model struct {
	Weights   Weights
	Frequency name.Frequency            // of words of names; may be nil
	Place     func(word string) float64 // share of records with a word in their place; may be nil

	// Bearers says how many records have a number, a phone's last seven digits or a
	// document; may be nil.
	Bearers func(number string) int

	score func(x, y *name.Name) (float64, bool) // name.Score, or what remembers it
}

// Default is the shipped model.
func Default() Model { return Model{Weights: DefaultWeights()} }

// The most that names and places may say. A long name is not more certain than
// one in sixteen million, and a place is shared by many.
const (
	maxNameBits  = 24
	maxPlaceBits = 10
	maxNation    = 1 // of a place of which no more than the country is shared
)

// found is a field's level with its bits and words.
type found struct {
	level  level
	bits   float64
	says   string
	number string // that both have
}

// Compare weighs two records. Which comes first makes no difference.
func (m Model) Compare(a, b *Person) Verdict {
	if b.key < a.key {
		a, b = b, a
	}
	v := Verdict{Names: name.Version, Weights: m.Weights.Version}
	var nameBits float64
	var sound bool
	var tried namePair
	if len(a.names) == 1 && len(b.names) == 1 {
		tried = namePair{a.names[0], b.names[0]}
	} else {
		nameBits, sound, tried = m.nameBits(a, b)
	}
	other := 0.
	if tried.a != nil {
		match := name.Compare(tried.a, tried.b, m.Frequency)
		if len(a.names) == 1 && len(b.names) == 1 {
			nameBits, sound = math.Min(match.Bits, maxNameBits), match.Sound
		}
		v.Reading = match.Reading
		v.Factors = append(v.Factors, Factor{"name", round(nameBits), strings.Join(match.Why, "; ")})
	} else {
		v.NotCounted = append(v.NotCounted, "no name to compare")
	}
	for _, f := range m.fields(a, b) {
		if f.level == missing && f.bits == 0 {
			continue
		}
		other += f.bits
		field := levelInfo[f.level].field
		if f.level == missing {
			field = "place"
		}
		v.Factors = append(v.Factors, Factor{field, round(f.bits), f.says})
	}
	v.Bits = round(nameBits + other)
	v.Kind = m.kind(v.Bits, nameBits, other, sound)
	if v.Kind == IsSame && (a.company || b.company) {
		v.Kind = IsPossible // a company may have many people
	}
	for _, p := range []*Person{a, b} {
		for _, n := range p.Notes {
			if !contains(v.NotCounted, n) {
				v.NotCounted = append(v.NotCounted, n)
			}
		}
	}
	v.Would = m.would(v, a, b, nameBits, sound)
	return v
}

// Names weighs two names alone, for who has no more. The bits are those of the
// name, without the bound that a name has beside other fields; it is the same
// only where fewer than one pair in a million would agree so by chance.
func (m Model) Names(a, b *name.Name) Verdict {
	match := name.Compare(a, b, m.Frequency)
	v := Verdict{Bits: match.Bits, Reading: match.Reading, Names: match.Version, Weights: m.Weights.Version}
	v.Kind = m.kind(match.Bits, match.Bits, leastOther, match.Sound)
	v.Factors = []Factor{{"name", match.Bits, strings.Join(match.Why, "; ")}}
	if v.Kind == IsPossible {
		if match.Sound {
			v.Would = append(v.Would, "the name written in characters by the person or on a document")
		}
		v.Would = append(v.Would, "a birth date, a phone or a document number")
	}
	return v
}

// Score is Compare without the words.
func (m Model) Score(a, b *Person) (float64, Kind) {
	if b.key < a.key {
		a, b = b, a
	}
	bits, sound, _ := m.nameBits(a, b)
	other := 0.
	for _, f := range m.fields(a, b) {
		other += f.bits
	}
	total := round(bits + other)
	kind := m.kind(total, bits, other, sound)
	if kind == IsSame && (a.company || b.company) {
		kind = IsPossible
	}
	return total, kind
}

// leastOther is how much other facts than the name must say before two records
// are called the same: however rare a name is, two people can bear it.
const leastOther = 3

// kind turns bits into a verdict. A name that only sounds alike stays possible
// unless other facts alone nearly decide, and one that disagrees whatever they
// say: twins share their day of birth, their phone and their place.
func (m Model) kind(bits, nameBits, other float64, sound bool) Kind {
	switch {
	case bits >= m.Weights.Same && !disagree(nameBits) && other >= leastOther && (!sound || other >= m.Weights.Same/2):
		return IsSame
	case bits >= m.Weights.Possible:
		return IsPossible
	}
	return IsDifferent
}

// disagree says whether two names speak against one person. Without a name on
// both sides their bits are 0.
func disagree(nameBits float64) bool { return nameBits < 0 }

type namePair struct{ a, b *name.Name }

func (m Model) nameBits(a, b *Person) (float64, bool, namePair) {
	best, sound := math.Inf(-1), false
	var how namePair
	for _, x := range a.names {
		for _, y := range b.names {
			s, alike := m.scoreNames(x, y)
			if s > best || s == best && sound && !alike {
				best, sound, how = s, alike, namePair{x, y}
			}
		}
	}
	if how.a == nil {
		return 0, false, how
	}
	if tries := len(a.names) * len(b.names); tries > 1 {
		best -= math.Log2(float64(tries)) / 2
	}
	return math.Min(best, maxNameBits), sound, how
}

func (m Model) scoreNames(x, y *name.Name) (float64, bool) {
	if m.score != nil {
		return m.score(x, y)
	}
	return name.Score(x, y, m.Frequency)
}

func (m Model) fields(a, b *Person) []found {
	levels := fieldLevels(a, b)
	out := make([]found, 0, len(levels)+1)
	for _, f := range levels {
		if f.level != missing {
			f.bits += m.Weights.bits[f.level]
			if f.level == phoneSame || f.level == documentSame {
				m.shared(&f)
			}
			out = append(out, f)
		}
	}
	return append(out, m.comparePlace(a, b))
}

// shared makes a number say less where more than two records have it, as the phone
// of an office or of a family: of the n²/2 pairs that share it few are one person.
func (m Model) shared(f *found) {
	if m.Bearers == nil {
		return
	}
	if n := m.Bearers(f.number); n > 2 {
		f.bits = math.Max(0, f.bits-2*math.Log2(float64(n)/2))
		f.says += fmt.Sprintf("; %d records have it", n)
	}
}

// fieldLevels compares all fields but names and places.
func fieldLevels(a, b *Person) []found {
	return []found{compareBirth(a, b), compareSex(a, b), compareNation(a, b), comparePhone(a, b), compareDocument(a, b)}
}

// newYearCost is how many bits less the same year says where one date is 1 January
// and the other is not, than where a day is not given: some are born on that day.
// With less, more strangers than before are taken for each other in
// historical_50k of docs/quality.md.
const newYearCost = 4

func compareBirth(a, b *Person) found {
	best := found{bits: math.Inf(-1)}
	w := shipped
	for _, x := range a.births {
		for _, y := range b.births {
			l := dateLevel(x, y)
			cost := (x.Cost + y.Cost) / 2
			unknownDay := l == birthYear && x.Day > 0 && y.Day > 0 // one of them is 1 January
			if unknownDay {
				cost += newYearCost
			}
			if score := w.bits[l] - cost; best.level == missing || score > w.bits[best.level]+best.bits {
				says := levelInfo[l].says
				if unknownDay {
					says = "the same year; 1 January often stands for an unknown day"
				}
				for _, d := range []Date{x, y} {
					if d.How != "" && !strings.Contains(says, d.How) {
						says = d.How + ", " + says
					}
				}
				best = found{level: l, bits: -cost, says: says}
			}
		}
	}
	if best.level == missing {
		return found{}
	}
	if math.IsInf(best.bits, 0) {
		best.bits = 0
	}
	return best
}

var shipped = DefaultWeights()

func level1(l level) found { return found{level: l, says: levelInfo[l].says} }

func compareSex(a, b *Person) found {
	switch {
	case a.sex == 0 || b.sex == 0:
		return found{}
	case a.sex == b.sex:
		return level1(sexSame)
	}
	return level1(sexOther)
}

// greater are nationalities that papers and people mix up.
var greater = map[string]bool{"cn": true, "tw": true, "hk": true, "mo": true}

// known says whether all of these are in the table of nationalities.
func known(codes []string) bool {
	return !slices.ContainsFunc(codes, func(x string) bool { return nations[x] == "" })
}

func compareNation(a, b *Person) found {
	if len(a.nations) == 0 || len(b.nations) == 0 {
		return found{}
	}
	if !known(a.nations) || !known(b.nations) { // a word that nobody here understands is no other country
		if slices.ContainsFunc(a.nations, func(x string) bool { return slices.Contains(b.nations, x) }) {
			return level1(nationSame)
		}
		return found{}
	}
	near := false
	for _, x := range a.nations {
		for _, y := range b.nations {
			if x == y {
				return level1(nationSame)
			}
			near = near || greater[x] && greater[y]
		}
	}
	if near {
		return level1(nationNear)
	}
	return level1(nationOther)
}

func comparePhone(a, b *Person) found {
	best, number := missing, ""
	for _, x := range a.phones {
		for _, y := range b.phones {
			end := x[len(x)-7:]
			// The end of a number is the same with and without its country.
			x, y := local(x), local(y)
			n := min(len(x), len(y), 9)
			s, t := x[len(x)-n:], y[len(y)-n:]
			l := phoneOther
			switch {
			case s == t:
				l = phoneSame
			case slip(s, t):
				l = phoneSlip
			}
			if best == missing || l < best {
				best, number = l, end
			}
		}
	}
	if best == missing {
		return found{}
	}
	f := level1(best)
	f.number = number
	return f
}

// local is a number without what is dialled before it: 00 before a country, 0
// before a number inside one. Without them +855 12 000 345 and 012 000 345 have
// one end.
func local(d string) string {
	switch {
	case len(d) >= 11 && strings.HasPrefix(d, "00"):
		return d[2:]
	case len(d) > 7 && d[0] == '0':
		return d[1:]
	}
	return d
}

func compareDocument(a, b *Person) found {
	best, number := missing, ""
	for _, x := range a.documents {
		for _, y := range b.documents {
			l := documentKind
			switch {
			case x == y:
				l = documentSame
			case slip(x, y) || oneMore(x, y) || oneMore(y, x):
				l = documentSlip
			case len(x) == len(y) && shape(x) == shape(y):
				l = documentOther
			}
			if best == missing || l < best {
				best, number = l, x
			}
		}
	}
	if best == missing {
		return found{}
	}
	f := level1(best)
	f.number = number
	return f
}

// oneMore says whether long is short with one character more.
func oneMore(long, short string) bool {
	if len(long) != len(short)+1 {
		return false
	}
	i := 0
	for i < len(short) && long[i] == short[i] {
		i++
	}
	return long[i+1:] == short[i:]
}

func shape(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return '9'
		}
		return 'A'
	}, s)
}

// latinWords says whether a place is written in letters a to z.
func latinWords(place []string) bool { return place[0] != "" && place[0][0] < 0x80 }

// placeBits is what one shared word of a place says.
func (m Model) placeBits(w string) float64 {
	if m.Place != nil {
		if p := m.Place(w); p > 0 {
			return math.Min(9, -math.Log2(p)) * .8
		}
		return 7
	}
	return math.Min(6, 1+.6*float64(len(w)))
}

func (m Model) comparePlace(a, b *Person) found {
	if len(a.place) == 0 || len(b.place) == 0 {
		return found{}
	}
	var bits float64
	var shared []string
	used := map[int]bool{}
	for _, x := range a.place {
		for j, y := range b.place {
			if used[j] {
				continue
			}
			if x == y {
				bits += m.placeBits(x)
				shared = append(shared, x)
				used[j] = true
				break
			}
			if len(x) > 3 && len(y) > 3 && (slip(x, y) || oneMore(x, y) || oneMore(y, x)) {
				bits += math.Max(0, math.Min(m.placeBits(x), m.placeBits(y))-3)
				shared = append(shared, x)
				used[j] = true
				break
			}
		}
	}
	if len(shared) == 0 && latinWords(a.place) != latinWords(b.place) {
		return found{} // 妙瓦底 and Myawaddy: in two scripts nothing can be in common
	}
	if len(shared) == 0 {
		return found{level: placeOther, bits: m.Weights.bits[placeOther], says: levelInfo[placeOther].says}
	}
	missed := min(len(a.place), len(b.place)) - len(shared)
	bits = math.Min(bits-.7*float64(missed), maxPlaceBits)
	if !slices.ContainsFunc(shared, func(w string) bool { return !nationWords[w] }) {
		bits = math.Min(bits, maxNation)
	}
	return found{bits: bits, says: "shared: " + strings.Join(shared, " ")}
}

// would says what more would change a verdict. Where the names disagree no number
// makes two records the same, so none is asked for.
func (m Model) would(v Verdict, a, b *Person, nameBits float64, sound bool) []string {
	var out []string
	need := m.Weights.Same - v.Bits
	if v.Kind == IsDifferent {
		need = m.Weights.Possible - v.Bits
		if need > 20 {
			return []string{"nothing that is usual: the records disagree"}
		}
	}
	if v.Kind == IsSame {
		return []string{"a birth date ten years off, or another number of the same document, would"}
	}
	if v.Kind == IsPossible && disagree(nameBits) {
		return []string{"the names disagree: somebody must look"}
	}
	if sound {
		out = append(out, "the name written in characters by the person or on a document")
	}
	for _, x := range []struct {
		absent bool
		level  level
		says   string
	}{
		{len(a.documents) == 0 || len(b.documents) == 0, documentSame, "the same document number"},
		{len(a.phones) == 0 || len(b.phones) == 0, phoneSame, "the same phone"},
		{len(a.births) == 0 || len(b.births) == 0, birthSame, "the same day of birth"},
		{len(a.births) == 0 || len(b.births) == 0, birthYear, "the same year of birth"},
	} {
		if x.absent && m.Weights.bits[x.level] >= need {
			out = append(out, fmt.Sprintf("%s (%+.1f)", x.says, m.Weights.bits[x.level]))
		}
	}
	return out
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
