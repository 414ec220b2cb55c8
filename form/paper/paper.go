// Package paper puts what the desk hands over on paper: a copy for one
// recipient, a hand-over sheet, a dossier, as a PDF or as plain text; and
// charts for a page.
//
// It is pure: the same document gives the same bytes, on every machine, at
// any time. A PDF names no program, no author and no date.
package paper

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// Document is what stands on the paper.
type Document struct {
	Title     string  // heads the first page; readers show it as the file's name
	Lang      string  // of the text, a BCP 47 tag: "en", "zh-Hant"
	Reference string  // stands at the foot of every page, whole: "Our reference K7-22"
	Blocks    []Block // from top to bottom
}

// Block is a Heading, Paragraph, Pairs, List, Table, Rule or Note.
type Block interface {
	texts(func(string))
	print(*sheet)
	say(*strings.Builder, Document)
}

// Heading stands over what follows it and stays with it.
type Heading struct{ Text string }

// Paragraph is running text. A line break in it is kept.
type Paragraph struct{ Text string }

// Pair is one line of Pairs.
type Pair struct{ Key, Value string }

// Pairs are facts with their names, in two columns.
type Pairs struct{ Pairs []Pair }

// List is numbered from 1.
type List struct{ Items []string }

// Table has a head that is repeated on every page. One that is too wide for
// the page is written row by row, each value beside its head.
type Table struct {
	Head []string
	Rows [][]string
}

// Rule is a line across the page.
type Rule struct{}

// Note is set apart by a bar at its side.
type Note struct{ Text string }

// What one document may hold. More is a mistake, or somebody's attack.
const (
	MaxBlocks    = 5_000
	MaxRunes     = 200_000
	MaxColumns   = 40
	MaxReference = 80
)

// MissingError says that the PDF is whole, but that characters stand in it as
// boxes because no font here has them. Show it to the member: they decide
// whether the paper can go out so.
type MissingError struct {
	Characters []Missing // in the order of first appearance
}

// Missing is one character without a font.
type Missing struct {
	Rune  rune
	Times int
}

func (e *MissingError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d characters have no shape in the fonts and are printed as boxes:", len(e.Characters))
	for i, m := range e.Characters {
		if i == 20 {
			fmt.Fprintf(&b, " and %d more", len(e.Characters)-i)
			break
		}
		fmt.Fprintf(&b, " %c (U+%04X, %d times)", m.Rune, m.Rune, m.Times)
	}
	b.WriteString("; write them in other letters, or hand the paper over so")
	return b.String()
}

// PDF prints the document on A4. With a *MissingError the PDF is there too;
// with any other error it is not.
func (d Document) PDF() ([]byte, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	s := newSheet(d)
	s.title(d.Title)
	for _, b := range d.Blocks {
		b.print(s)
	}
	if s.err != nil {
		return nil, s.err
	}
	file, err := s.write()
	if err != nil {
		return nil, err
	}
	if missing := s.setter.missing; len(missing) > 0 {
		return file, &MissingError{missing}
	}
	return file, nil
}

// Text is the same as plain text, to be copied into a message.
func (d Document) Text() string {
	var b strings.Builder
	if t := oneLine(d.Title); t != "" {
		b.WriteString(t + "\n")
	}
	for _, block := range d.Blocks {
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		block.say(&b, d)
	}
	if ref := oneLine(d.Reference); ref != "" {
		b.WriteString("\n" + ref + "\n")
	}
	return b.String()
}

func (d Document) check() error {
	if _, err := language.Parse(d.Lang); err != nil || strings.Contains(d.Lang, "_") {
		return fmt.Errorf("the language %q of the paper is no language tag: write en or zh-Hant, say", d.Lang)
	}
	if n := utf8.RuneCountInString(oneLine(d.Reference)); n > MaxReference {
		return fmt.Errorf("the reference has %d characters, the foot of a page has room for %d", n, MaxReference)
	}
	if len(d.Blocks) > MaxBlocks {
		return fmt.Errorf("the paper has %d parts, at most %d can be printed: make two papers of it", len(d.Blocks), MaxBlocks)
	}
	n := utf8.RuneCountInString(d.Title)
	count := func(s string) { n += 1 + utf8.RuneCountInString(s) }
	for i, b := range d.Blocks {
		if b == nil {
			return fmt.Errorf("part %d of the paper is empty", i+1)
		}
		b.texts(count)
		if t, ok := b.(Table); ok {
			if err := t.check(); err != nil {
				return fmt.Errorf("part %d of the paper: %w", i+1, err)
			}
		}
	}
	if n > MaxRunes {
		return fmt.Errorf("the paper has %d characters, at most %d can be printed: make two papers of it", n, MaxRunes)
	}
	return nil
}

func (t Table) check() error {
	if len(t.Head) == 0 || len(t.Head) > MaxColumns {
		return fmt.Errorf("a table has 1 to %d columns, this one has %d", MaxColumns, len(t.Head))
	}
	for i, r := range t.Rows {
		if len(r) != len(t.Head) {
			return fmt.Errorf("row %d of a table has %d cells under %d heads", i+1, len(r), len(t.Head))
		}
	}
	return nil
}

func (h Heading) texts(f func(string))   { f(h.Text) }
func (p Paragraph) texts(f func(string)) { f(p.Text) }
func (n Note) texts(f func(string))      { f(n.Text) }
func (Rule) texts(func(string))          {}

func (p Pairs) texts(f func(string)) {
	for _, x := range p.Pairs {
		f(x.Key)
		f(x.Value)
	}
}

func (l List) texts(f func(string)) {
	for _, x := range l.Items {
		f(x)
	}
}

func (t Table) texts(f func(string)) {
	for _, row := range append([][]string{t.Head}, t.Rows...) {
		for _, x := range row {
			f(x)
		}
	}
}

func (h Heading) say(b *strings.Builder, _ Document)   { b.WriteString(oneLine(h.Text) + "\n") }
func (p Paragraph) say(b *strings.Builder, _ Document) { b.WriteString(clean(p.Text) + "\n") }
func (n Note) say(b *strings.Builder, _ Document)      { b.WriteString(clean(n.Text) + "\n") }
func (Rule) say(b *strings.Builder, _ Document)        { b.WriteString("———\n") }

func (p Pairs) say(b *strings.Builder, d Document) {
	for _, x := range p.Pairs {
		b.WriteString(oneLine(x.Key) + d.colon() + clean(x.Value) + "\n")
	}
}

func (l List) say(b *strings.Builder, _ Document) {
	for i, x := range l.Items {
		fmt.Fprintf(b, "%d. %s\n", i+1, clean(x))
	}
}

func (t Table) say(b *strings.Builder, _ Document) {
	for _, row := range append([][]string{t.Head}, t.Rows...) {
		for i, x := range row {
			if i > 0 {
				b.WriteString(" | ")
			}
			b.WriteString(oneLine(x))
		}
		b.WriteByte('\n')
	}
}

// colon is what parts a name from its value in the document's language.
func (d Document) colon() string {
	if strings.HasPrefix(d.Lang, "zh") {
		return "："
	}
	return ": "
}
