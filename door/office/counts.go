package office

import (
	"encoding/csv"
	"net/http"
	"strconv"

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
	Most  int // the largest number, for the bars
}

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
		{"Where they are on the way", c.Status, word},
		{"Where they are from", c.Origins, land},
		{"Where they were taken", c.Destinations, land},
		{"In which month they left, or were told of", c.Months, plain},
	} {
		out := countsTable{Label: p.T(t.label)}
		for _, cell := range t.table.Cells {
			out.Most = max(out.Most, cell.N)
			cell.Name = t.name(cell.Name)
			out.Rows = append(out.Rows, cell)
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
	_, _ = w.Write([]byte("\ufeff"))
	out := csv.NewWriter(w)
	number := func(c casework.Cell) string {
		if c.Withheld {
			return p.T("withheld")
		}
		return strconv.Itoa(c.N)
	}
	_ = out.Write([]string{p.T("counted by"), p.T("value"), p.T("people")})
	_ = out.Write([]string{p.T("all together"), "", number(c.Known)})
	for _, t := range countsOf(p, c).Tables {
		for _, cell := range t.Rows {
			_ = out.Write([]string{plainCell(t.Label), plainCell(cell.Name), number(cell)})
		}
	}
	out.Flush()
}
