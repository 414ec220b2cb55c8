package person

import (
	"hash/maphash"

	"homeward/know/name"
)

// looker is the memory of one worker that searches.
type looker struct {
	notes   []note // of rows, as long as their turn is this one
	near    [][]uint64
	spans   []span
	touched []uint32
	facts   []facts // of what was touched
	turn    uint32
	persons []cached
	names   []keptName
	scores  []keptScore
	model   Model // that of the comparison, with what was scored lately
	seed    maphash.Seed
	ranked  []Candidate
	scored  int
	cut     int
	entries int
	crowded int
}

type keptName struct {
	text string
	name *name.Name
}

type keptScore struct {
	a, b  *name.Name
	bits  float64
	sound bool
}

// score is name.Score for names that are kept, so that two who are called alike
// are compared once for all their namesakes.
func (l *looker) score(x, y *name.Name) (float64, bool) {
	slot := &l.scores[maphash.Comparable(l.seed, [2]*name.Name{x, y})%keptNames]
	if slot.a != x || slot.b != y {
		bits, sound := name.Score(x, y, l.model.Frequency)
		*slot = keptScore{x, y, bits, sound}
	}
	return slot.bits, slot.sound
}

type note struct {
	turn uint32
	rank float32
}

type cached struct {
	row    int
	person *Person
}

// Persons and names that were taken apart lately are kept: many rows have one
// name, and each row is looked at from several others.
const (
	keptPersons = 2048
	keptNames   = 8192
)

func (c *comparison) person(l *looker, row int) *Person {
	slot := &l.persons[row%keptPersons]
	if slot.person == nil || slot.row != row {
		*slot = cached{row, read(c.record(row), l.name)}
	}
	return slot.person
}

func (l *looker) name(text string) *name.Name {
	const longest = 100 // what is longer is seldom there twice
	if len(text) > longest {
		return name.Read(text)
	}
	slot := &l.names[maphash.String(l.seed, text)%keptNames]
	if slot.text != text || slot.name == nil {
		slot.text, slot.name = text, name.Read(text)
	}
	return slot.name
}
