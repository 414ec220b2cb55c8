package office

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"homeward/form/exchange"
	"homeward/form/say"
	"homeward/know/hotline"
	"homeward/work/casework"
	"homeward/work/desk"
)

const importPath = "/desk/cases/import"

// columnNames are what a column can be, as sentences of the catalogue.
var columnNames = map[string]string{
	"id": "Number in the list (what we call them)", casework.CaseNumber: "Case number (rows with the same one are one case)",
	"name": "Name of the person", "family_name": "Family name", "given_name": "Given name", "other_names": "Other names and spellings",
	"birth_date": "Birth date", "age": "Age", "sex": "Sex", "nationality": "Where they are from", "phone": "Phone", "email": "E-mail", "account": "Messenger or other account",
	"document": "Passport or other document", "place": "Place", "country": "Where they were taken", "home_address": "Home address", "departed_on": "When they left",
	"last_contact": "Last contact with the person", "reported_on": "When it was reported", "stage": "Stage", "family_contact": "Family", "family_phone": "Phone of the family",
	"recruiter": "Who recruited them", "ransom": "Money that is demanded", "source": "According to whom", "note": "Notes (anybody on the case reads them)",
}

// remarkNames are why a value is not taken, as sentences of the catalogue.
var remarkNames = map[string]string{
	"date": "there is no such day, or it is not written as we can read it", "order": "it is not said whether the day or the month comes first", "future": "this lies in the future",
	"old": "this is before 1900", "country": "it is not said which country this is", "stage": "it is not said which stage this is", "long": "this is too long",
	"called": "it may give away who they are, so they are not called so",
}

// outNames are why a row is not taken.
var outNames = map[string]string{
	casework.OutEmpty: "Nothing in it belongs into a case.", casework.OutAgain: "It was taken in before, from this list.",
	casework.OutAlike: "It looks like a case that is there.", casework.OutCrowd: "Its case has as many people as a case can hold.",
}

// orderNames are the orders of dates.
var orderNames = map[string]string{
	"": "not said", "dmy": "day, month, year (31/12/2026)", "mdy": "month, day, year (12/31/2026)", "roc": "year of the Republic first (115/12/31)",
}

type importView struct {
	casework.Seen
	Message    string
	P          say.Phrases
	Fields     []exchange.Field
	Columns    []columnView
	First      []firstRow
	Encodings  []string
	Stages     []casework.Stage
	StageWords []casework.Word
	Countries  []hotline.Country
	Words      []casework.Word
	Orders     []string
	Zones      []string
	Accuracies []string
	Colleagues []desk.Colleague
	Me         string
	Bad        string // why the file could not be read, as form/exchange says it
	Rows       []rowView
	Show       string
	From, More int
	Few        []casework.Opened
	Rest       int
	Soon       bool
}

type columnView struct {
	exchange.Column
	Samples []string
}

// firstRow is one of the first rows of a list, as far as anything stands in it.
type firstRow struct {
	Line  int
	Cells []cellView
}

type cellView struct {
	Index         int
	Header, Value string
}

type rowView struct {
	casework.Row
	Lines []lineView
	Why   string
	Tick  bool // may be taken all the same
	Any   bool // is
}

// soon is an address that a page is to be reloaded from in a moment.
func (v importView) soon() string {
	if v.Soon {
		return importPath + "?on"
	}
	return ""
}

// lost says that there is no list, in the page where one is brought.
func (o *office) lost(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	o.bringPage(w, r, s, http.StatusConflict, "The list is not here any more: you were signed out since, another server has it, or it was set aside. Bring the same file again. Rows that were taken in already are known, and not taken twice.")
}

func (o *office) bringPage(w http.ResponseWriter, r *http.Request, s *desk.Session, status int, message string) {
	v := importView{}
	if message != "" {
		v.Message = phrases(r).T(message)
	}
	o.show(w, r, status, "import", "Bring a list", s, v)
}

// importFailed says what went wrong with a list. It gives true if something did.
func (o *office) importFailed(w http.ResponseWriter, r *http.Request, s *desk.Session, err error) bool {
	switch {
	case errors.Is(err, casework.ErrNoList):
		o.lost(w, r, s)
	case errors.Is(err, casework.ErrBusyList):
		o.fail(w, r, http.StatusConflict, "The list is being worked on, or is done. Look at the page of the list again.")
	default:
		return o.caseFailed(w, r, err)
	}
	return true
}

// importPage is GET /desk/cases/import: a list from file to cases, wherever it is.
func (o *office) importPage(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	list, err := o.Cases.List(s)
	if errors.Is(err, casework.ErrNoList) && !r.URL.Query().Has("on") {
		o.bringPage(w, r, s, http.StatusOK, "")
		return
	}
	if o.importFailed(w, r, s, err) {
		return
	}
	o.showImport(w, r, s, http.StatusOK, list.See())
}

func (o *office) showImport(w http.ResponseWriter, r *http.Request, s *desk.Session, status int, seen casework.Seen) {
	v := importView{Seen: seen, P: phrases(r)}
	if seen.Why != nil {
		v.Bad = strings.TrimPrefix(seen.Why.Error(), exchange.ErrSheet.Error()+": ")
		if !errors.Is(seen.Why, exchange.ErrSheet) {
			v.Bad = "" // what went wrong inside is for the log
		}
	}
	switch step := seen.Step; {
	case step == casework.Comparing, step == casework.Running:
		v.Soon = true
		o.show(w, r, status, "importing", "Bring a list", s, v)
	case step == casework.Done, step == casework.Stopped:
		v.Few = v.Opened[:min(200, len(v.Opened))]
		v.Rest = len(v.Opened) - len(v.Few)
		o.show(w, r, status, "importing", "Bring a list", s, v)
	case step == casework.Tried && !r.URL.Query().Has("columns"):
		o.tried(r, s, &v)
		o.show(w, r, status, "tried", "What would become of the list", s, v)
	default:
		o.columns(r, s, &v)
		o.show(w, r, status, "columns", "What is in the list", s, v)
	}
}

// columns fills the page where columns are chosen.
func (o *office) columns(r *http.Request, s *desk.Session, v *importView) {
	v.Fields, v.Encodings, v.Stages, v.Orders, v.Zones = casework.ListFields(), exchange.Encodings, o.Cases.Book.Stages, casework.DateOrders, casework.Zones
	v.Colleagues, v.Me = o.colleagues(r, s), s.Member
	v.Countries = hotline.Default().Countries()
	if v.Choices.Members == nil {
		for _, m := range v.Colleagues {
			if strings.Contains(m.Roles, desk.Coordinator) && m.ID != s.Member {
				v.Choices.Members = append(v.Choices.Members, m.ID)
			}
		}
	}
	if k, ok := o.Cases.Book.Kind("place"); ok {
		for _, f := range k.Fields {
			if f.ID == "accuracy" {
				v.Accuracies = f.Options
			}
		}
	}
	if v.Step == casework.Unread {
		return
	}
	v.StageWords, v.Words = casework.StageWords(v.Sheet, v.Choices), casework.CountryWords(v.Sheet, v.Choices)
	for _, c := range v.Choices.Mapping.Columns {
		one := columnView{Column: c}
		for row := range v.Sheet.Rows {
			if x := strings.TrimSpace(v.Sheet.At(row, c.Index)); x != "" && !slices.Contains(one.Samples, cutCell(x)) {
				if one.Samples = append(one.Samples, cutCell(x)); len(one.Samples) == 3 {
					break
				}
			}
			if row > 1000 {
				break
			}
		}
		v.Columns = append(v.Columns, one)
	}
	for i, row := range v.Sheet.Rows[:min(3, len(v.Sheet.Rows))] {
		one := firstRow{Line: v.Sheet.Lines[i]}
		for at, cell := range row {
			if x := cutCell(cell); x != "" {
				one.Cells = append(one.Cells, cellView{at, v.Sheet.Header[at], x})
			}
		}
		v.First = append(v.First, one)
	}
}

// cutCell cuts a cell for a page of many.
func cutCell(s string) string {
	if r := []rune(strings.TrimSpace(s)); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return strings.TrimSpace(s)
}

// rowsShown is how many rows of a dry run stand on a page.
const rowsShown = 50

// tried fills the page of the dry run.
func (o *office) tried(r *http.Request, s *desk.Session, v *importView) {
	v.Show = r.URL.Query().Get("show")
	v.From, _ = strconv.Atoi(r.URL.Query().Get("from"))
	n := 0
	members := o.logins(r, s)
	for _, row := range v.Plan.Rows {
		tick := len(row.Likes) > 0 && row.Out == casework.OutAlike || v.Choices.Anyway[row.Line]
		switch {
		case v.Show == "left" && row.Out == "", v.Show == "remarks" && (row.Out != "" || len(row.Remarks) == 0), v.Show == "alike" && !tick:
			continue
		}
		if n++; n <= v.From {
			continue
		}
		if len(v.Rows) == rowsShown {
			v.More = v.From + rowsShown
			break
		}
		one := rowView{Row: row, Why: outNames[row.Out], Tick: tick, Any: v.Choices.Anyway[row.Line]}
		for _, e := range row.Lines {
			if e.Kind != "document" { // its provenance, which is the same for all
				k, _ := o.Cases.Book.Kind(e.Kind)
				one.Lines = append(one.Lines, lineView{Entry: e, Label: v.P.T(k.Label), Facts: o.facts(v.P, e, members)})
			}
		}
		v.Rows = append(v.Rows, one)
	}
}

// Field says what a column is taken for.
func (v importView) Field(id string) string {
	if n, ok := columnNames[id]; ok {
		return v.P.T(n)
	}
	for _, k := range casework.Default().Kinds {
		for _, f := range k.Fields {
			if f.ID == id {
				return v.P.T(f.Label)
			}
		}
	}
	return id
}

// Remark says why a value is not taken.
func (v importView) Remark(m casework.Remark) string {
	why, ok := remarkNames[m.Why]
	if !ok {
		why = "it is not taken as this"
	}
	return v.P.T(why)
}

// Order says how dates are meant.
func (v importView) Order(id string) string { return v.P.T(orderNames[id]) }

// Alike says by what a row resembles something.
func (v importView) Alike(by string) string {
	var out []string
	for _, w := range strings.Fields(by) {
		out = append(out, v.P.T("same "+w))
	}
	return strings.Join(out, ", ")
}

// bring is POST /desk/cases/import: the file.
func (o *office) bring(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	f, err := readSent(r)
	if err != nil || f.next == nil {
		o.bringPage(w, r, s, http.StatusUnprocessableEntity, "No list arrived. Choose a file, and send it again.")
		return
	}
	b, err := io.ReadAll(io.LimitReader(f.next, casework.MaxList+1))
	switch {
	case len(b) > casework.MaxList:
		o.bringPage(w, r, s, http.StatusRequestEntityTooLarge, "The file is larger than 20 MB. Split it, or delete what is not needed.")
		return
	case err != nil:
		o.bringPage(w, r, s, http.StatusUnprocessableEntity, "The file did not arrive whole. Send it again.")
		return
	case len(b) == 0:
		o.bringPage(w, r, s, http.StatusUnprocessableEntity, "No list arrived. Choose a file, and send it again.")
		return
	}
	if _, err := o.Cases.Bring(r.Context(), s, b); o.importFailed(w, r, s, err) {
		return
	}
	http.Redirect(w, r, importPath, http.StatusSeeOther)
}

// patience is how long a page waits for what is done behind it, before it says how far
// that is. Tests are less patient.
var patience = 1500 * time.Millisecond

// importStep is POST /desk/cases/import/{step}.
func (o *office) importStep(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	step := r.PathValue("step")
	if !slices.Contains([]string{"read", "try", "anyway", "run", "forget"}, step) {
		o.fail(w, r, http.StatusNotFound, "There is no such page.")
		return
	}
	list, err := o.Cases.List(s)
	if step == "forget" && errors.Is(err, casework.ErrNoList) {
		err = nil // it is gone already
	}
	if o.importFailed(w, r, s, err) {
		return
	}
	_ = r.FormValue("")
	switch step {
	case "read":
		q := exchange.Options{Encoding: r.PostFormValue("encoding"), Sheet: r.PostFormValue("sheet"), Delimiter: r.PostFormValue("delimiter"), NoHeader: r.PostFormValue("noheader") == "yes"}
		if q.Delimiter == "tab" {
			q.Delimiter = "\t"
		}
		if q.HeaderRow, _ = strconv.Atoi(r.PostFormValue("header")); q.HeaderRow < 0 {
			q.HeaderRow = 0
		}
		err = list.ReadAgain(r.Context(), q)
	case "try":
		if err = list.Choose(o.chosen(r)); err == nil {
			err = list.Try()
		}
	case "anyway":
		rows := map[int]bool{}
		for _, line := range r.PostForm["here"] {
			n, _ := strconv.Atoi(line)
			rows[n] = slices.Contains(r.PostForm["any"], line)
		}
		err = list.Anyway(rows)
	case "run":
		err = list.Run()
	case "forget":
		err = o.Cases.Forget(s)
	}
	var bad *casework.Invalid
	if errors.As(err, &bad) {
		o.fail(w, r, http.StatusUnprocessableEntity, "One of the choices is not one of those offered, or too long. Go back and look.")
		return
	}
	if o.importFailed(w, r, s, err) {
		return
	}
	if step == "try" || step == "anyway" || step == "run" {
		ctx, cancel := context.WithTimeout(r.Context(), patience)
		defer cancel()
		list.Wait(ctx)
	}
	to := importPath
	if step == "anyway" {
		if q := r.PostFormValue("back"); len(q) < 40 && strings.HasPrefix(q, "?show=") && !strings.ContainsAny(q, "\r\n") {
			to += q
		}
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// chosen reads what a member decided about the columns and words of a list.
func (o *office) chosen(r *http.Request) (columns []string, ch casework.Choices) {
	p := phrases(r)
	f := r.PostForm
	ch = casework.Choices{
		Order: f.Get("order"), Zone: f.Get("zone"), Accuracy: f.Get("accuracy"), According: strings.TrimSpace(f.Get("according")), Members: []string{},
		Stages: map[string]string{}, Countries: map[string]string{}, Lang: p.Tag, Say: p.T,
	}
	ch.Members = append(ch.Members, f["with"]...)
	for i := 0; f.Has("c" + strconv.Itoa(i)); i++ {
		columns = append(columns, f.Get("c"+strconv.Itoa(i)))
	}
	for i, key := range f["stageword"] {
		ch.Stages[key] = f.Get("stage" + strconv.Itoa(i))
	}
	for i, key := range f["countryword"] {
		ch.Countries[key] = f.Get("country" + strconv.Itoa(i))
	}
	return columns, ch
}

// leftOut is GET /desk/cases/import/left.csv: the rows that were not taken, to be put
// right.
func (o *office) leftOut(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	list, err := o.Cases.List(s)
	if o.importFailed(w, r, s, err) {
		return
	}
	seen := list.See()
	if seen.Plan.Rows == nil {
		o.fail(w, r, http.StatusConflict, "Nothing was tried yet: first look at what would become of the list.")
		return
	}
	p := phrases(r)
	v := importView{P: p}
	header, rows := seen.LeftOut(func(row casework.Row) string {
		var out []string
		if row.Out != "" {
			out = append(out, p.T(outNames[row.Out]))
		}
		for _, m := range row.Remarks {
			out = append(out, fmt.Sprintf("%s: %s: %s.", v.Field(m.Field), m.Value, v.Remark(m)))
		}
		return strings.Join(out, " ")
	}, p.T("Row in the file"), p.T("Why it was not taken, or not all of it"))
	o.sendCSV(w, r, "rows-left", header, rows)
}
