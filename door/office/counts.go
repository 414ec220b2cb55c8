package office

import (
	"fmt"
	"html/template"
	"net/http"
	"strconv"

	"homeward/form/exchange"
	"homeward/form/paper"
	"homeward/form/say"
	"homeward/know/hotline"
	"homeward/work/casework"
	"homeward/work/desk"
)

// countsView is the counts with their tables in the reader's words.
type countsView struct {
	casework.Counts
	K      int
	Tables []countsTable
}

type countsTable struct {
	Label string
	Rows  []casework.Cell
	Chart template.HTML // drawn by form/paper, which escapes every word
}

// countWords are what the tables are called, in their order.
var countWords = []string{"Where they are on the way", "Where they are from", "Where they were taken", "In which month they left, or were told of"}

func countsOf(p say.Phrases, c casework.Counts) countsView {
	v := countsView{Counts: c, K: casework.K}
	word := func(s string) string { return p.T(s) }
	land := func(s string) string {
		if s == "" {
			return p.T("not known")
		}
		return hotline.Default().CountryName(s, p.Tag)
	}
	plain := func(s string) string {
		if s == "" {
			return p.T("not known")
		}
		return s
	}
	for _, t := range []struct {
		label string
		table casework.Table
		name  func(string) string
	}{
		{countWords[0], c.Status, word},
		{countWords[1], c.Origins, land},
		{countWords[2], c.Destinations, land},
		{countWords[3], c.Months, plain},
	} {
		out := countsTable{Label: p.T(t.label)}
		chart := paper.Chart{ID: fmt.Sprintf("counts-%d", len(v.Tables)), Title: out.Label, Description: p.T("The same numbers stand in the table below."), Over: out.Label, Withheld: p.T("withheld")}
		people := paper.Series{Name: p.T("people")}
		for _, cell := range t.table.Cells {
			cell.Name = t.name(cell.Name)
			out.Rows = append(out.Rows, cell)
			if len(chart.Groups) < paper.MaxGroups {
				chart.Groups = append(chart.Groups, cell.Name)
				people.Counts = append(people.Counts, paper.Count{N: cell.N, Withheld: cell.Withheld})
			}
		}
		chart.Series = []paper.Series{people}
		// The table says it all where there is nothing to draw.
		if svg, err := chart.SVG(); err == nil {
			out.Chart = template.HTML(svg) //nolint:gosec // of our own making, as above
		}
		v.Tables = append(v.Tables, out)
	}
	return v
}

// counts is GET /desk/counts: what the press asks for, in one click.
func (o *office) counts(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	c, err := o.Cases.Counts(r.Context(), s)
	if o.caseFailed(w, r, err) {
		return
	}
	o.show(w, r, http.StatusOK, "counts", "Counts", s, countsOf(phrases(r), c))
}

// countsCSV is GET /desk/counts.csv.
func (o *office) countsCSV(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	c, err := o.Cases.Counts(r.Context(), s)
	if o.caseFailed(w, r, err) {
		return
	}
	if c.Behind > 0 {
		o.fail(w, r, http.StatusServiceUnavailable, "Your cases are still being opened. Try again in a moment.")
		return
	}
	p := phrases(r)
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="counts.csv"`)
	number := func(c casework.Cell) string {
		if c.Withheld {
			return p.T("withheld")
		}
		return strconv.Itoa(c.N)
	}
	rows := [][]string{{p.T("all together"), "", number(c.Known)}}
	for _, t := range countsOf(p, c).Tables {
		for _, cell := range t.Rows {
			rows = append(rows, []string{t.Label, cell.Name, number(cell)})
		}
	}
	_ = exchange.WriteCSV(w, []string{p.T("counted by"), p.T("value"), p.T("people")}, rows)
}
