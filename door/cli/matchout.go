package cli

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode"

	"github.com/rivo/uniseg"
	"golang.org/x/term"

	"homeward/form/exchange"
	"homeward/know/person"
)

const usualTable = 200

// table prints the pairs for a terminal: who beside whom, and under it why.
func (m *matching) table() {
	pairs := m.kept
	limit := m.limit
	if limit <= 0 {
		limit = usualTable
	}
	more := max(0, len(pairs)-limit)
	pairs = pairs[:len(pairs)-more]
	if len(pairs) == 0 {
		fmt.Fprintln(m.out, "No pairs.")
		return
	}
	wide := m.columns()
	rows := [][]string{{"bits", "verdict", "A", "", "B", ""}}
	nameRoom := max(12, (wide-18)/2-12)
	for _, p := range pairs {
		rows = append(rows, []string{
			fmt.Sprintf("%5.1f", p.Bits), string(p.Kind),
			shorten(oneLine(m.a.id(p.A)), 12), shorten(nameIn(m.a.record(p.A)), nameRoom),
			shorten(oneLine(m.b.id(p.B)), 12), shorten(nameIn(m.b.record(p.B)), nameRoom),
		})
	}
	for i, line := range columnsOf(rows, 0) {
		fmt.Fprintln(m.out, line)
		if i == 0 {
			continue
		}
		for _, w := range wrap(clean(whyOf(*pairs[i-1].Verdict)), max(20, wide-8)) {
			fmt.Fprintln(m.out, "        "+w)
		}
	}
	if more > 0 {
		fmt.Fprintf(m.out, "%d more: --limit shows more, --csv writes them.\n", more)
	}
}

func nameIn(r person.Record) string {
	if n := oneLine(r.Name); n != "" {
		return n
	}
	if n := oneLine(r.OtherNames); n != "" {
		return n
	}
	return "(no name)"
}

// columns is how wide the terminal is; what is no terminal gets a hundred.
func (m *matching) columns() int {
	if n, err := strconv.Atoi(m.Getenv("COLUMNS")); err == nil && n >= 40 && n <= 1000 {
		return n
	}
	if f, ok := m.Stdout.(*os.File); ok {
		if n, _, err := term.GetSize(int(f.Fd())); err == nil && n >= 40 {
			return n
		}
	}
	return 100
}

// columnsOf lines cells up by what they take on a screen: a Chinese character
// takes two places.
func columnsOf(rows [][]string, indent int) []string {
	var widths []int
	for _, r := range rows {
		for i, c := range r {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], uniseg.StringWidth(clean(c)))
		}
	}
	var out []string
	for _, r := range rows {
		var b strings.Builder
		b.WriteString(strings.Repeat(" ", indent))
		for i, c := range r {
			c = clean(c)
			b.WriteString(c)
			if i+1 < len(r) {
				b.WriteString(strings.Repeat(" ", widths[i]-uniseg.StringWidth(c)+2))
			}
		}
		out = append(out, strings.TrimRight(b.String(), " "))
	}
	return out
}

// oneLine brings a cell to one line without anything that steers a terminal.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
}

// shorten cuts to a width on screen, never through a character.
func shorten(s string, width int) string {
	if uniseg.StringWidth(s) <= width {
		return s
	}
	var b strings.Builder
	used := 0
	g := uniseg.NewGraphemes(s)
	for g.Next() {
		if used += g.Width(); used > width-1 {
			break
		}
		b.WriteString(g.Str())
	}
	return b.String() + "…"
}

// wrap breaks a text into lines, between words where it can.
func wrap(s string, width int) []string {
	var out []string
	for s != "" {
		line, rest, used := "", s, 0
		state := -1
		for rest != "" {
			var seg string
			seg, rest, _, state = uniseg.FirstLineSegmentInString(rest, state)
			w := uniseg.StringWidth(seg)
			if used > 0 && used+uniseg.StringWidth(strings.TrimRight(seg, " ")) > width {
				rest = seg + rest
				break
			}
			line += seg
			used += w
		}
		out = append(out, strings.TrimRight(line, " "))
		s = rest
	}
	return out
}

func (m *matching) writeCSV(w io.Writer) error {
	c, err := exchange.NewCSV(w, []string{"a", "b", "bits", "verdict", "name_a", "name_b", "why", "line_a", "line_b", "answer"})
	if err != nil {
		return err
	}
	for _, p := range m.kept {
		if err := c.Row([]string{
			m.a.id(p.A), m.b.id(p.B), strconv.FormatFloat(p.Bits, 'f', 1, 64), string(p.Kind), m.a.record(p.A).Name, m.b.record(p.B).Name,
			whyOf(*p.Verdict), strconv.Itoa(m.a.sheet.Lines[p.A]), strconv.Itoa(m.b.sheet.Lines[p.B]), "",
		}); err != nil {
			return err
		}
	}
	if err := c.Flush(); err != nil {
		return fmt.Errorf("%s could not be written: %w", m.csv, err)
	}
	return nil
}

// writeRejects lists the rows that were not used, or not wholly, so that
// nothing is lost without a word.
func (m *matching) writeRejects(w io.Writer, got person.Compared) error {
	c, err := exchange.NewCSV(w, []string{"list", "line", "id", "name", "used", "why"})
	if err != nil {
		return err
	}
	for _, n := range got.Noted {
		l, row := m.a, n.Row
		if row >= len(m.a.sheet.Rows) {
			l, row = m.b, row-len(m.a.sheet.Rows)
		}
		used, why := "in part", n.Notes
		if n.Unused {
			used, why = "no", append([]string{"there is no name, no phone and no document to compare by"}, n.Notes...)
		}
		if err := c.Row([]string{l.label, strconv.Itoa(l.sheet.Lines[row]), l.id(row), l.record(row).Name, used, strings.Join(why, "; ")}); err != nil {
			return err
		}
	}
	if err := c.Flush(); err != nil {
		return fmt.Errorf("%s could not be written: %w", m.rejects, err)
	}
	return nil
}
