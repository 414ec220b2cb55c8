package office

import (
	"bytes"
	"net/http"
	"slices"
	"strconv"
	"time"

	"homeward/form/exchange"
	"homeward/form/say"
	"homeward/know/hotline"
	"homeward/work/casework"
	"homeward/work/desk"
)

// outColumns are the columns of a list that is taken out, as sentences of the catalogue.
var outColumns = []struct {
	ID, Label string
	value     func(p say.Phrases, row casework.Summary, one casework.Count) string
}{
	{"case", "case", func(_ say.Phrases, row casework.Summary, _ casework.Count) string { return casework.Short(row.ID) }},
	{"person", "person", func(_ say.Phrases, _ casework.Summary, one casework.Count) string { return one.Called }},
	{"stage", "stage", func(p say.Phrases, _ casework.Summary, one casework.Count) string { return p.T(one.Stage) }},
	{"origin", "origin", func(_ say.Phrases, _ casework.Summary, one casework.Count) string { return one.Origin }},
	{"destination", "destination", func(_ say.Phrases, _ casework.Summary, one casework.Count) string { return one.Destination }},
	{"month", "month", func(_ say.Phrases, _ casework.Summary, one casework.Count) string { return one.Month }},
	{"outcome", "outcome", func(p say.Phrases, _ casework.Summary, one casework.Count) string { return p.T(one.Outcome) }},
	{"last", "last word", func(_ say.Phrases, row casework.Summary, _ casework.Count) string {
		if row.Last == 0 {
			return ""
		}
		return time.Unix(row.Last, 0).UTC().Format("2006-01-02")
	}},
	{"tasks", "open tasks", func(_ say.Phrases, row casework.Summary, _ casework.Count) string { return strconv.Itoa(row.Tasks) }},
	{"origin_name", "origin, in words", func(p say.Phrases, _ casework.Summary, one casework.Count) string {
		return countryOr(one.Origin, p.Tag)
	}},
	{"destination_name", "destination, in words", func(p say.Phrases, _ casework.Summary, one casework.Count) string {
		return countryOr(one.Destination, p.Tag)
	}},
}

// usual are the columns that are taken where nothing else is said.
const usual = 9

func countryOr(code, tag string) string {
	if code == "" {
		return ""
	}
	return hotline.Default().CountryName(code, tag)
}

type outView struct {
	Message  string
	Columns  []outColumn
	Identity []casework.Field
}

type outColumn struct {
	ID, Label string
	On        bool
}

// identityFields are the columns that say who somebody is.
func (o *office) identityFields() []casework.Field {
	k, _ := o.Cases.Book.Kind("identity")
	return k.Fields
}

// outForm is GET /desk/cases/out: which columns, and in what file.
func (o *office) outForm(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	o.showOut(w, r, s, http.StatusOK, "")
}

func (o *office) showOut(w http.ResponseWriter, r *http.Request, s *desk.Session, status int, message string) {
	v := outView{Identity: o.identityFields()}
	if message != "" {
		v.Message = phrases(r).T(message)
	}
	for i, c := range outColumns {
		v.Columns = append(v.Columns, outColumn{c.ID, c.Label, i < usual})
	}
	o.show(w, r, status, "out", "Take the list", s, v)
}

// takeOut is POST /desk/cases/out: the list as a file; with names only for who says so
// and holds the keys.
func (o *office) takeOut(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	_ = r.FormValue("")
	var names []string
	for _, f := range o.identityFields() {
		if slices.Contains(r.PostForm["identity"], f.ID) {
			names = append(names, f.ID)
		}
	}
	switch said := r.PostFormValue("names") == "yes"; {
	case len(names) > 0 && !said:
		o.showOut(w, r, s, http.StatusUnprocessableEntity, "You chose columns that say who somebody is. Also tick that the list is to hold them, or take them out.")
		return
	case said && len(names) == 0:
		names = []string{"name"}
	}
	var columns []string
	for _, c := range outColumns {
		if slices.Contains(r.PostForm["col"], c.ID) {
			columns = append(columns, c.ID)
		}
	}
	if len(columns)+len(names) == 0 {
		o.showOut(w, r, s, http.StatusUnprocessableEntity, "Choose at least one column.")
		return
	}
	header, rows, ok := o.caseList(w, r, s, columns, names)
	if !ok {
		return
	}
	if r.PostFormValue("as") == "xlsx" {
		o.sendXLSX(w, r, "cases", header, rows)
		return
	}
	o.sendCSV(w, r, "cases", header, rows)
}

// casesCSV is GET /desk/cases.csv: what the lists show, without names.
func (o *office) casesCSV(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	var columns []string
	for _, c := range outColumns[:usual] {
		columns = append(columns, c.ID)
	}
	if header, rows, ok := o.caseList(w, r, s, columns, nil); ok {
		o.sendCSV(w, r, "cases", header, rows)
	}
}

// caseList makes the rows of a list: a person each. False if it has answered itself.
func (o *office) caseList(w http.ResponseWriter, r *http.Request, s *desk.Session, columns, names []string) (header []string, rows [][]string, ok bool) {
	board, behind, err := o.Cases.Board(r.Context(), s)
	if o.caseFailed(w, r, err) {
		return nil, nil, false
	}
	if behind > 0 {
		o.fail(w, r, http.StatusServiceUnavailable, "Your cases are still being opened. Try again in a moment.")
		return nil, nil, false
	}
	known := map[string][]casework.Person{}
	if len(names) > 0 {
		var ids []string
		for _, row := range board {
			ids = append(ids, row.ID)
		}
		if known, err = o.Cases.Known(r.Context(), s, ids, names); o.caseFailed(w, r, err) {
			return nil, nil, false
		}
	}
	p := phrases(r)
	for _, c := range outColumns {
		if slices.Contains(columns, c.ID) {
			header = append(header, p.T(c.Label))
		}
	}
	for _, f := range o.identityFields() {
		if slices.Contains(names, f.ID) {
			header = append(header, p.T(f.Label))
		}
	}
	for _, row := range board {
		for i, one := range row.People {
			var out []string
			for _, c := range outColumns {
				if slices.Contains(columns, c.ID) {
					out = append(out, c.value(p, row, one))
				}
			}
			people, open := known[row.ID]
			for _, f := range names {
				switch {
				case !open:
					out = append(out, p.T("sealed: you do not hold this key"))
				case i < len(people):
					out = append(out, people[i].Identity[f])
				}
			}
			rows = append(rows, out)
		}
	}
	return header, rows, true
}

func (o *office) sendCSV(w http.ResponseWriter, r *http.Request, name string, header []string, rows [][]string) {
	var b bytes.Buffer
	if err := exchange.WriteCSV(&b, header, rows); err != nil {
		o.Log.Error("a list could not be written", "error", err)
		o.fail(w, r, http.StatusInternalServerError, "The list could not be written.")
		return
	}
	send(w, "text/csv; charset=utf-8", name+".csv", b.Bytes())
}

func (o *office) sendXLSX(w http.ResponseWriter, r *http.Request, name string, header []string, rows [][]string) {
	var b bytes.Buffer
	if err := exchange.WriteXLSX(&b, phrases(r).T("Cases"), header, rows); err != nil {
		o.fail(w, r, http.StatusUnprocessableEntity, "The list does not fit into a workbook. Take it as CSV.")
		return
	}
	send(w, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", name+".xlsx", b.Bytes())
}

func send(w http.ResponseWriter, kind, name string, b []byte) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	_, _ = w.Write(b)
}
