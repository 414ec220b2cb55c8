package exchange

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/pelletier/go-toml/v2"

	"homeward/know/text"
)

// Field is a kind of column and what people call it.
type Field struct {
	ID     string              `toml:"id"`
	Many   bool                `toml:"many"`   // several columns may be of this kind
	Second string              `toml:"second"` // where further columns of this kind go
	Names  map[string][]string `toml:"names"`  // by language
}

//go:embed fields.toml
var fieldsTOML string

var known = sync.OnceValue(func() []Field {
	var file struct {
		Field []Field `toml:"field"`
	}
	d := toml.NewDecoder(strings.NewReader(fieldsTOML)).DisallowUnknownFields()
	if err := d.Decode(&file); err != nil {
		panic(err) // a test rules it out
	}
	return file.Field
})

// Fields are the kinds of columns we know (fields.toml), or those of them that
// are asked for, in that order; one that is not known is left out.
func Fields(ids ...string) []Field {
	if len(ids) == 0 {
		return slices.Clone(known())
	}
	var out []Field
	for _, id := range ids {
		if i := slices.IndexFunc(known(), func(f Field) bool { return f.ID == id }); i >= 0 {
			out = append(out, known()[i])
		}
	}
	return out
}

// Sureness says how well a column's name fits its field.
type Sureness int

// A guess below Likely is worth a look before it is used.
const (
	None   Sureness = iota // no field
	Unsure                 // the name holds a name of the field, among other words
	Likely                 // a part of the name is a name of the field
	Sure                   // the name is a name of the field
	Chosen                 // a person said so
)

func (s Sureness) String() string {
	return [...]string{"none", "unsure", "likely", "sure", "chosen"}[s]
}

// Column is one column of the list and what it was taken for.
type Column struct {
	Index    int
	Header   string
	Field    string // empty: taken for nothing, left over
	Sureness Sureness
	Why      string
}

// Mapping says of every column what it was taken for; none is left out.
type Mapping struct {
	Columns []Column
	fields  []Field
}

// Map guesses from the names of the columns which is which.
func Map(header []string, fields []Field) Mapping {
	m := Mapping{Columns: make([]Column, len(header)), fields: slices.Clone(fields)}
	book := newNames(fields)
	for i, h := range header {
		c := Column{Index: i, Header: h}
		c.Field, c.Sureness, c.Why = book.find(h)
		m.Columns[i] = c
	}
	// Where one column is enough, the surest has it; of equals the first.
	for _, f := range fields {
		if f.Many {
			continue
		}
		best := -1
		for i, c := range m.Columns {
			if c.Field == f.ID && (best < 0 || c.Sureness > m.Columns[best].Sureness) {
				best = i
			}
		}
		for i := range m.Columns {
			c := &m.Columns[i]
			if c.Field != f.ID || i == best {
				continue
			}
			why := fmt.Sprintf("%s is in column %d already", f.ID, best+1)
			if second := m.field(f.Second); second != nil && second.Many {
				c.Field, c.Sureness, c.Why = second.ID, min(c.Sureness, Likely), why
			} else {
				c.Field, c.Sureness, c.Why = "", None, why
			}
		}
	}
	return m
}

func (m Mapping) field(id string) *Field {
	if i := slices.IndexFunc(m.fields, func(f Field) bool { return f.ID == id }); i >= 0 {
		return &m.fields[i]
	}
	return nil
}

// Choose lets a person say what a column is; an empty field leaves it over.
// Whoever had that field before is left over, unless several may have it.
func (m *Mapping) Choose(column int, field string) error {
	if column < 0 || column >= len(m.Columns) {
		return fmt.Errorf("there is no column %d; the list has %d", column+1, len(m.Columns))
	}
	if field == "" {
		c := &m.Columns[column]
		c.Field, c.Sureness, c.Why = "", None, "chosen"
		return nil
	}
	f := m.field(field)
	if f == nil {
		var ids []string
		for _, f := range m.fields {
			ids = append(ids, f.ID)
		}
		return fmt.Errorf("%s is no field; there are %s", quote(field), strings.Join(ids, ", "))
	}
	for i := range m.Columns {
		if c := &m.Columns[i]; !f.Many && i != column && c.Field == field {
			c.Field, c.Sureness, c.Why = "", None, fmt.Sprintf("%s was given to column %d", field, column+1)
		}
	}
	c := &m.Columns[column]
	c.Field, c.Sureness, c.Why = field, Chosen, "chosen"
	return nil
}

// Leftover are the columns taken for nothing. Show them: what is in them would
// otherwise be lost without a word.
func (m Mapping) Leftover() []Column {
	return slices.DeleteFunc(slices.Clone(m.Columns), func(c Column) bool { return c.Field != "" })
}

// Missing are the fields that no column was taken for.
func (m Mapping) Missing() []string {
	var out []string
	for _, f := range m.fields {
		if !slices.ContainsFunc(m.Columns, func(c Column) bool { return c.Field == f.ID }) {
			out = append(out, f.ID)
		}
	}
	return out
}

// Values are the cells of a row that belong to a field and hold anything.
func (m Mapping) Values(row []string, field string) []string {
	var out []string
	for _, c := range m.Columns {
		if c.Field == field && c.Index < len(row) && strings.TrimSpace(row[c.Index]) != "" {
			out = append(out, row[c.Index])
		}
	}
	return out
}

// Value is the first of Values.
func (m Mapping) Value(row []string, field string) string {
	if all := m.Values(row, field); len(all) > 0 {
		return all[0]
	}
	return ""
}

// names is what all fields are called, brought to one form.
type names struct {
	exact map[string]string // key without spaces -> field
	held  []heldName        // longest first
}

type heldName struct {
	words string // " date of birth "
	key   string // "dateofbirth"
	field string
}

func newNames(fields []Field) names {
	n := names{exact: map[string]string{}}
	for _, f := range fields {
		all := []string{f.ID}
		for _, of := range f.Names {
			all = append(all, of...)
		}
		for _, name := range all {
			words := fold(name)
			key := strings.ReplaceAll(words, " ", "")
			if key == "" {
				key = strings.TrimSpace(name) // "#"
			}
			if _, there := n.exact[key]; there {
				continue // a test sees to it that it is the same field
			}
			n.exact[key] = f.ID
			n.held = append(n.held, heldName{" " + words + " ", key, f.ID})
		}
	}
	slices.SortFunc(n.held, func(a, b heldName) int {
		if d := len(b.key) - len(a.key); d != 0 {
			return d
		}
		return strings.Compare(a.key, b.key)
	})
	return n
}

// fold brings a name to words of letters, marks and digits with one space
// between them.
func fold(s string) string {
	return strings.Join(strings.FieldsFunc(text.Normalize(s).Text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	}), " ")
}

// longest is how much of a column's name is looked at.
const longest = 300

func (n names) find(header string) (field string, sure Sureness, why string) {
	if strings.TrimSpace(header) == "" {
		return "", None, "the column has no name"
	}
	if r := []rune(header); len(r) > longest {
		header = string(r[:longest])
	}
	if f := n.lookup(header); f != "" {
		return f, Sure, "by its name"
	}
	// "姓名 / Name", "Phone (with country code)", "電話 2"
	parts := strings.FieldsFunc(header, func(r rune) bool {
		return strings.ContainsRune("()（）[]【】「」/／|\n\r:：,，;；*＊-–—", r)
	})
	var found []string
	matched, filled := 0, 0
	for _, p := range parts {
		p = strings.TrimRightFunc(p, func(r rune) bool { return unicode.IsDigit(r) || unicode.IsSpace(r) })
		if fold(p) == "" {
			continue
		}
		filled++
		if f := n.lookup(p); f != "" {
			matched++
			if !slices.Contains(found, f) {
				found = append(found, f)
			}
		}
	}
	switch {
	case len(found) == 1 && matched == filled && filled > 1:
		return found[0], Sure, "by its name, in more than one way"
	case len(found) == 1:
		return found[0], Likely, "by a part of its name"
	case len(found) > 1:
		return "", None, "could be " + strings.Join(found, " or ")
	}
	found = n.within(header)
	switch len(found) {
	case 0:
		return "", None, "nobody knows this name"
	case 1:
		return found[0], Unsure, "its name holds a word for it"
	}
	return "", None, "could be " + strings.Join(found, " or ")
}

func (n names) lookup(s string) string {
	key := strings.ReplaceAll(fold(s), " ", "")
	if key == "" {
		key = strings.TrimSpace(s)
	}
	return n.exact[key]
}

// within are the fields whose names stand inside a column's name: as whole
// words, or anywhere in scripts without spaces. A name inside a longer one that
// was found is not counted.
func (n names) within(header string) []string {
	words := " " + fold(header) + " "
	var found []string
	for _, h := range n.held {
		runes := []rune(h.key)
		look := h.words
		if len(runes) > 0 && text.SpaceFree(runes[0]) {
			if look = h.key; len(runes) < 2 {
				continue
			}
		} else if len(runes) < 3 {
			continue
		}
		if !strings.Contains(words, look) {
			continue
		}
		// Taken out, so that "phone" is not found in "family phone" again.
		words = strings.ReplaceAll(words, look, " \x00 ")
		if !slices.Contains(found, h.field) {
			found = append(found, h.field)
		}
	}
	return found
}
