package office

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"homeward/know/hotline"
	"homeward/work/casework"
	"homeward/work/desk"
	"homeward/work/intake"
)

// caseFailed says what went wrong with a case. It gives true if something did.
func (o *office) caseFailed(w http.ResponseWriter, r *http.Request, err error) bool {
	var bad *casework.Invalid
	switch {
	case err == nil:
		return false
	case errors.As(err, &bad):
		o.fail(w, r, http.StatusUnprocessableEntity, "One of the choices is not one of those offered, or too long. Go back and look.")
	case errors.Is(err, desk.ErrForbidden):
		o.forbidden(w, r)
	case errors.Is(err, casework.ErrNone):
		o.fail(w, r, http.StatusNotFound, "There is no such case among yours.")
	case errors.Is(err, casework.ErrNoReport):
		o.fail(w, r, http.StatusUnprocessableEntity, "There is no such report. It may have been withdrawn and erased.")
	case errors.Is(err, casework.ErrShut):
		o.fail(w, r, http.StatusForbidden, "You are on this case, but do not hold this key of it. Ask a colleague who does.")
	case errors.Is(err, casework.ErrLast):
		o.fail(w, r, http.StatusConflict, "Not done: somebody must be left who can open every part of the case.")
	case errors.Is(err, desk.ErrSignedOut):
		o.askSignIn(w, r, http.StatusUnauthorized, "You have been signed out, because nothing was done for five minutes. Nothing of what you read stays open.")
	case casework.Altered(err):
		o.Log.Error("somebody has changed the database", "error", err)
		o.fail(w, r, http.StatusInternalServerError, "Something of this is not as whoever wrote it signed it: somebody has changed the database. Nothing of it is shown. Tell whoever runs the server.")
	default:
		o.Log.Error("a case could not be read or changed", "error", err)
		o.fail(w, r, http.StatusInternalServerError, "That did not work. What is in the case stays as it is. Try again.")
	}
	return true
}

type boardView struct {
	Rows    []casework.Summary
	Stages  []casework.Stage
	Stage   string
	Count   map[string]int
	Behind  int
	Query   string
	Found   []casework.Found
	Left    int
	Now     time.Time
	Members map[string]string
	More    int
}

// board is GET /desk/cases: the member's cases, most urgent first; with ?q= a search.
func (o *office) board(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	v := boardView{Now: o.Now(), Stages: o.Cases.Book.Stages, Stage: r.URL.Query().Get("stage"), Query: strings.TrimSpace(r.URL.Query().Get("q")), Count: map[string]int{}}
	rows, behind, err := o.Cases.Board(r.Context(), s)
	if o.caseFailed(w, r, err) {
		return
	}
	for _, row := range rows {
		v.Count[row.Stage]++
		if v.Stage == "" && row.Stage != "closed" || row.Stage == v.Stage {
			v.Rows = append(v.Rows, row)
		}
	}
	v.Rows, v.More = part(v.Rows, r)
	v.Behind = behind
	if v.Query != "" {
		if v.Found, v.Left, err = o.Cases.Search(r.Context(), s, v.Query); o.caseFailed(w, r, err) {
			return
		}
	}
	o.show(w, r, http.StatusOK, "cases", "Cases", s, v)
}

// part gives as many rows as anybody reads, from where ?from= says, and where the next
// ones begin, or 0.
func part[T any](all []T, r *http.Request) (rows []T, more int) {
	const most = 100
	from, _ := strconv.Atoi(r.URL.Query().Get("from"))
	from = max(0, min(from, len(all)))
	if len(all) > from+most {
		more = from + most
	}
	return all[from:min(len(all), from+most)], more
}

type personLine struct {
	casework.Count
	Case, Title string
	Last        int64
}

type peopleView struct {
	Lines []personLine
	Stage string
	More  int
	Lists lists
}

// people is GET /desk/people: everybody in the member's cases, by how far they are on
// their way home.
func (o *office) people(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	rows, _, err := o.Cases.Board(r.Context(), s)
	if o.caseFailed(w, r, err) {
		return
	}
	v := peopleView{Lists: lists{Tag: phrases(r).Tag}}
	for _, stage := range o.Cases.Book.Stages {
		for _, row := range rows {
			for _, one := range row.People {
				if one.Stage == stage.ID {
					v.Lines = append(v.Lines, personLine{one, row.ID, row.Title, row.Last})
				}
			}
		}
	}
	const most = 200
	from, _ := strconv.Atoi(r.URL.Query().Get("from"))
	from = max(0, min(from, len(v.Lines)))
	if len(v.Lines) > from+most {
		v.More = from + most
	}
	v.Lines = v.Lines[from:min(len(v.Lines), from+most)]
	o.show(w, r, http.StatusOK, "people", "People", s, v)
}

type dayLine struct {
	casework.Clock
	Case, Title string
	Late        bool
}

type dayView struct {
	Plans   []casework.Summary // cases in which a plan waits for somebody
	Lines   []dayLine
	Now     time.Time
	Members map[string]string
	More    int
}

// day is GET /desk/day: what is due, in all of the member's cases.
func (o *office) day(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	rows, _, err := o.Cases.Board(r.Context(), s)
	if o.caseFailed(w, r, err) {
		return
	}
	v := dayView{Now: o.Now(), Members: o.logins(r, s)}
	for _, row := range rows {
		if row.Plans > 0 {
			v.Plans = append(v.Plans, row)
		}
		for _, c := range row.Clocks {
			// What is a colleague's alone is on their own page.
			if c.Due > v.Now.Add(48*time.Hour).Unix() || c.Member != "" && c.Member != s.Member {
				continue
			}
			v.Lines = append(v.Lines, dayLine{c, row.ID, row.Title, c.Due <= v.Now.Unix()})
		}
	}
	slices.SortFunc(v.Lines, func(a, b dayLine) int {
		return cmp.Or(cmp.Compare(a.Due, b.Due), strings.Compare(a.Case, b.Case), cmp.Compare(a.N, b.N))
	})
	v.Lines, v.More = part(v.Lines, r)
	o.show(w, r, http.StatusOK, "day", "My day", s, v)
}

// logins gives members' sign-in names by id.
func (o *office) logins(r *http.Request, s *desk.Session) map[string]string {
	out, err := o.Desk.Names(r.Context(), s)
	if err != nil {
		o.Log.Error("members could not be read", "error", err)
	}
	return out
}

// colleagues gives those who can be put on a case.
func (o *office) colleagues(r *http.Request, s *desk.Session) (out []desk.Colleague) {
	all, err := o.Desk.Members(r.Context(), s)
	if err != nil {
		o.Log.Error("members could not be read", "error", err)
	}
	for _, m := range all.All {
		if m.State == "active" && desk.May(m.Roles, desk.WorkCases) {
			out = append(out, m)
		}
	}
	return out
}

type newCaseView struct {
	Message    string
	Nonce      string
	Report     string
	Called     string
	Origin     string
	Stage      string
	Stages     []casework.Stage
	Countries  []hotline.Country
	Colleagues []desk.Colleague
	Cases      []casework.Summary // to put the report into one that is there
	With       []string
	Me         string
}

// newCase is GET /desk/cases/new, from a report with ?report=.
func (o *office) newCase(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	v := newCaseView{Nonce: casework.Nonce(), Report: r.URL.Query().Get("report"), Stage: "missing"}
	for _, m := range o.colleagues(r, s) {
		if strings.Contains(m.Roles, desk.Coordinator) {
			v.With = append(v.With, m.ID)
		}
	}
	if v.Report != "" {
		if got, err := o.Desk.Read(r.Context(), s, v.Report); err == nil {
			v.Stage = stageOf(got.Report)
		}
	}
	o.showNewCase(w, r, s, http.StatusOK, v)
}

// stageOf proposes the stage that a report speaks of.
func stageOf(r intake.Report) string {
	held := r.Kind == "held" || r.Kind == "made_to_recruit"
	switch {
	case held && r.Relation == "self":
		return "in contact"
	case held && r.Where != "":
		return "located"
	}
	return "missing"
}

func (o *office) showNewCase(w http.ResponseWriter, r *http.Request, s *desk.Session, status int, v newCaseView) {
	v.Stages, v.Countries, v.Colleagues, v.Me = o.Cases.Book.Stages, hotline.Default().Countries(), o.colleagues(r, s), s.Member
	if v.Report != "" {
		rows, _, err := o.Cases.Board(r.Context(), s)
		if o.caseFailed(w, r, err) {
			return
		}
		v.Cases = slices.DeleteFunc(rows, func(c casework.Summary) bool { return c.Stage == "closed" })
		v.Cases = v.Cases[:min(50, len(v.Cases))]
	}
	o.show(w, r, status, "newcase", "Open a case", s, v)
}

// openCase is POST /desk/cases/new.
func (o *office) openCase(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	f := r.PostFormValue
	n := casework.New{Nonce: f("n"), Called: f("called"), Report: f("report"), Stage: f("stage"), Origin: f("origin"), Members: map[string][]string{}}
	for _, m := range r.PostForm["with"] {
		n.Members[m] = []string{casework.File, casework.Identity}
	}
	id, err := o.Cases.Open(r.Context(), s, n)
	var bad *casework.Invalid
	if errors.As(err, &bad) {
		v := newCaseView{Message: say1(phrases(r), bad, o.Cases.Book, "someone"), Nonce: n.Nonce, Report: n.Report, Called: n.Called, Origin: n.Origin, Stage: n.Stage, With: r.PostForm["with"]}
		o.showNewCase(w, r, s, http.StatusUnprocessableEntity, v)
		return
	}
	if o.caseFailed(w, r, err) {
		return
	}
	http.Redirect(w, r, "/desk/c/"+id, http.StatusSeeOther)
}

// joinCase is POST /desk/cases/join: a report is put into a case that is there.
func (o *office) joinCase(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	id := r.PostFormValue("case")
	e := casework.Entry{Kind: "report", Compartment: casework.File, Written: o.Now().Unix(), F: map[string]string{"text": r.PostFormValue("report")}}
	if _, _, err := o.Cases.Add(r.Context(), s, id, r.PostFormValue("n"), e, 0); o.caseFailed(w, r, err) {
		return
	}
	http.Redirect(w, r, "/desk/c/"+id, http.StatusSeeOther)
}
