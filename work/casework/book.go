package casework

import (
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/pelletier/go-toml/v2"
)

// Compartments of a case. Each has a key of its own, sealed to those who may open it.
const (
	File     = "file"     // what happened, where, what next
	Identity = "identity" // who it is
	Legal    = "legal"    // what the person was made to do
)

// Compartments lists them.
var Compartments = []string{File, Identity, Legal}

// Field is one question of a form.
type Field struct {
	ID      string   `toml:"id"`
	Type    string   `toml:"type"`
	Label   string   `toml:"label"`
	Options []string `toml:"options"`
	Must    bool     `toml:"must"`
	Group   string   `toml:"group"` // which consent covers it; "" is never told
}

// Kind is a kind of entry.
type Kind struct {
	ID          string  `toml:"id"`
	Compartment string  `toml:"compartment"`
	Label       string  `toml:"label"`
	Hint        string  `toml:"hint"`
	Own         bool    `toml:"own"` // has a page of its own
	Fields      []Field `toml:"fields"`
}

// Item is one line of a checklist: one of Do, Ask, Never.
type Item struct {
	Do     string `toml:"do"`
	Ask    string `toml:"ask"`
	Never  string `toml:"never"`
	Minor  bool   `toml:"minor"` // only for somebody under 18
	Source string `toml:"source"`
}

// Stage is a part of the way home.
type Stage struct {
	ID    string `toml:"id"`
	Label string `toml:"label"`
	Items []Item `toml:"item"`
}

// Source is what a line of a checklist rests on.
type Source struct {
	Name    string `toml:"name"`
	Checked string `toml:"checked"` // YYYY-MM-DD
	Note    string `toml:"note"`
}

// Book is what the program knows of cases: kinds of entry, stages, checklists. It is
// read only.
type Book struct {
	Kinds   []Kind            `toml:"kind"`
	Stages  []Stage           `toml:"stage"`
	Sources map[string]Source `toml:"source"`
}

var (
	//go:embed kinds.toml
	kindsTOML []byte
	//go:embed stages.toml
	stagesTOML []byte
)

// Default is the book the program ships with.
var Default = sync.OnceValue(func() *Book {
	b, err := ParseBook(kindsTOML, stagesTOML)
	if err != nil {
		panic(err)
	}
	return b
})

// Groups of fields, from the least to the most that telling gives away.
var Groups = []string{"district", "story", "harm", "place", "contact", "documents", "identity"}

var types = []string{"line", "long", "when", "day", "choice", "some", "person", "member", "country", "position"}

// ParseBook reads the two files strictly; all that is wrong is named.
func ParseBook(kinds, stages []byte) (*Book, error) {
	b := &Book{}
	if err := toml.Unmarshal(kinds, b); err != nil {
		return nil, fmt.Errorf("casework: kinds: %w", err)
	}
	if err := toml.Unmarshal(stages, b); err != nil {
		return nil, fmt.Errorf("casework: stages: %w", err)
	}
	var errs []error
	wrong := func(format string, v ...any) { errs = append(errs, fmt.Errorf("casework: "+format, v...)) }
	for i, k := range b.Kinds {
		if k.ID == "" || k.Label == "" || !slices.Contains(Compartments, k.Compartment) {
			wrong("kind %d (%s) lacks an id, a label or a compartment", i+1, k.ID)
		}
		for _, f := range k.Fields {
			if !slices.Contains(types, f.Type) || f.Label == "" {
				wrong("kind %s: field %s has no label or an unknown type %q", k.ID, f.ID, f.Type)
			}
			if f.Group != "" && !slices.Contains(Groups, f.Group) {
				wrong("kind %s: field %s: unknown group %q", k.ID, f.ID, f.Group)
			}
			if (f.Type == "choice" || f.Type == "some") != (len(f.Options) > 0) {
				wrong("kind %s: field %s: options go with choice and some, and only there", k.ID, f.ID)
			}
		}
	}
	for _, s := range b.Stages {
		for _, it := range s.Items {
			n := 0
			for _, t := range []string{it.Do, it.Ask, it.Never} {
				if t != "" {
					n++
				}
			}
			if _, ok := b.Sources[it.Source]; !ok || n != 1 {
				wrong("stage %s: a line has not one of do, ask, never, or no known source", s.ID)
			}
		}
	}
	return b, errors.Join(errs...)
}

// Kind gives a kind by its id.
func (b *Book) Kind(id string) (Kind, bool) {
	i := slices.IndexFunc(b.Kinds, func(k Kind) bool { return k.ID == id })
	if i < 0 {
		return Kind{}, false
	}
	return b.Kinds[i], true
}

// Stage gives a stage by its id.
func (b *Book) Stage(id string) (Stage, bool) {
	i := slices.IndexFunc(b.Stages, func(s Stage) bool { return s.ID == id })
	if i < 0 {
		return Stage{}, false
	}
	return b.Stages[i], true
}

// Checklist gives the lines of a stage, with those for a minor where one is concerned.
func (b *Book) Checklist(stage string, minor bool) (out []Item) {
	s, _ := b.Stage(stage)
	for _, it := range s.Items {
		if !it.Minor || minor {
			out = append(out, it)
		}
	}
	return out
}

// Sentences lists every English sentence of the book that a page shows, for the test
// that they have a translation.
func (b *Book) Sentences() (out []string) {
	for _, k := range b.Kinds {
		out = append(out, k.Label, k.Hint)
		for _, f := range k.Fields {
			out = append(out, f.Label)
			out = append(out, f.Options...)
		}
	}
	for _, s := range b.Stages {
		out = append(out, s.Label)
		for _, it := range s.Items {
			out = append(out, it.Do+it.Ask+it.Never)
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	return slices.DeleteFunc(out, func(s string) bool { return s == "" })
}
