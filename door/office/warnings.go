package office

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"homeward/work/advisory"
	"homeward/work/casework"
	"homeward/work/desk"
)

// warnings is GET /desk/warnings.
func (o *office) warnings(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	all, err := o.Warnings.All(r.Context(), s)
	if o.caseFailed(w, r, err) {
		return
	}
	astray, err := o.Warnings.Astray(r.Context(), s)
	if o.caseFailed(w, r, err) {
		return
	}
	if len(astray) > 0 {
		o.Log.Error("the public reads warnings that nobody here released so", "ids", strings.Join(astray, " "))
	}
	o.show(w, r, http.StatusOK, "warnings", "Warnings", s, warningsView{all, astray})
}

type warningsView struct {
	All    []advisory.Advisory
	Astray []string
}

// claimForm is a claim as its boxes hold it.
type claimForm struct {
	advisory.Claim
	I            int
	ForText      string
	AgainstText  string
	State        string
	Fixed, Rests []string // refusals
}

type warningView struct {
	Message   []string
	Good      string // that something was done
	A         advisory.View
	Claims    []claimForm
	Allowed   string
	Places    string
	Fixed     []string
	Wording   []string
	Presses   []pressView
	Scan      *advisory.Scan
	Result    *advisory.Result
	Titles    map[string]string // of the reader's cases
	Nonce     string
	Languages []string
	Levels    []string
	Kinds     []string
	Members   map[string]string
	New       bool
}

type pressView struct {
	advisory.Pressed
	Mine bool
	In   []string // cases the reader can open
	Else int      // others
}

// newWarning is GET /desk/warnings/new.
func (o *office) newWarning(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	v := warningView{New: true, Nonce: casework.Nonce()}
	v.A.Lang = phrases(r).Tag
	o.showWarning(w, r, s, http.StatusOK, v)
}

// warning is GET /desk/warnings/{id}.
func (o *office) warning(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	o.readWarning(w, r, s, http.StatusOK, warningView{})
}

// readWarning shows a warning as it is kept.
func (o *office) readWarning(w http.ResponseWriter, r *http.Request, s *desk.Session, status int, v warningView) {
	a, err := o.Warnings.Read(r.Context(), s, r.PathValue("id"))
	if o.warningFailed(w, r, err) {
		return
	}
	v.A = a
	o.showWarning(w, r, s, status, v)
}

func (o *office) showWarning(w http.ResponseWriter, r *http.Request, s *desk.Session, status int, v warningView) {
	v.Languages, v.Levels, v.Kinds, v.Members = advisory.Languages, advisory.Levels, advisory.Kinds, o.logins(r, s)
	v.Fixed, v.Wording = v.A.Verdict.Refusals()
	v.Titles = map[string]string{}
	rows, _, err := o.Cases.Board(r.Context(), s)
	if o.caseFailed(w, r, err) {
		return
	}
	for _, row := range rows {
		v.Titles[row.ID] = row.Title
		if row.Title == "" {
			v.Titles[row.ID] = casework.Short(row.ID)
		}
	}
	for _, p := range v.A.Pressed {
		out := pressView{Pressed: p, Mine: p.Member == s.Member}
		for _, id := range p.In {
			if _, ok := v.Titles[id]; ok {
				out.In = append(out.In, id)
			} else {
				out.Else++
			}
		}
		v.Presses = append(v.Presses, out)
	}
	if v.Claims == nil {
		v.Allowed, v.Places = strings.Join(v.A.Allowed, "\n"), strings.Join(v.A.Territories, " ")
		for i, c := range v.A.Content.Claims {
			f := claimForm{Claim: c, ForText: advisory.Written(c.For), AgainstText: advisory.Written(c.Against)}
			if i < len(v.A.Verdict.Claims) {
				j := v.A.Verdict.Claims[i]
				f.State, f.Fixed, f.Rests = j.Said(), j.Fixed, j.Wording
			}
			v.Claims = append(v.Claims, f)
		}
	}
	// One empty claim waits for the next sentence.
	v.Claims = append(v.Claims, claimForm{Claim: advisory.Claim{Level: advisory.Says}})
	for i := range v.Claims {
		v.Claims[i].I = i
	}
	o.show(w, r, status, "warning", "Warning", s, v)
}

// warningFailed says what went wrong with a warning. It gives true if something did.
func (o *office) warningFailed(w http.ResponseWriter, r *http.Request, err error) bool {
	if errors.Is(err, advisory.ErrNone) {
		o.fail(w, r, http.StatusNotFound, "There is no such warning.")
		return true
	}
	return o.caseFailed(w, r, err)
}

// typedWarning reads a warning from its form. The claims come back as they were typed; err is
// set if one of them cannot be read.
func typedWarning(r *http.Request) (c advisory.Content, forms []claimForm, err error) {
	_ = r.FormValue("")
	f := r.PostFormValue
	c = advisory.Content{
		Lang: f("lang"), Title: f("title"), Body: f("body"), Call: f("call"), Author: f("author"), Risk: f("risk"), Override: f("override"), Unscanned: f("unscanned"),
		Territories: strings.FieldsFunc(f("territories"), func(r rune) bool { return strings.ContainsRune(" ,;、，\r\n", r) }), Allowed: strings.Split(f("allowed"), "\n"),
	}
	for i := range 20 {
		g := func(name string) string { return f(fmt.Sprintf("c%d-%s", i, name)) }
		one := claimForm{ForText: g("for"), AgainstText: g("against"), Claim: advisory.Claim{
			Text: g("text"), Level: g("level"), Who: g("who"), Official: g("official") == "yes", Counsel: advisory.Counsel{Name: g("counsel"), Day: g("counselday")},
			Extraordinary: g("extraordinary") == "yes", Wrong: g("wrong"), Context: g("context"), Other: g("other"),
		}}
		if strings.TrimSpace(one.Text+one.Who+one.ForText+one.AgainstText+one.Wrong+one.Context+one.Other+one.Counsel.Name+one.Counsel.Day) == "" {
			continue
		}
		var bad error
		if one.For, bad = advisory.ParseEvidence(one.ForText); bad != nil {
			err = bad
		}
		if one.Against, bad = advisory.ParseEvidence(one.AgainstText); bad != nil {
			err = bad
		}
		forms = append(forms, one)
		c.Claims = append(c.Claims, one.Claim)
	}
	return c, forms, err
}

// whyNot are the boxes of a warning, as sentences.
var whyNot = map[string]string{
	"title": "Title", "body": "Text", "call": "What to do", "author": "Author or pen name", "risk": "Who could be harmed by it, and what was done about that",
	"lang": "Language", "territories": "Countries, as TW KH", "claims": "Claim", "evidence": "What is behind it", "counsel": "Lawyer who signed that off", "notice": "What was wrong", "override": "Why it goes out all the same",
}

// saveWarning is POST /desk/warnings/new and POST /desk/warnings/{id}.
func (o *office) saveWarning(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	id := r.PathValue("id")
	c, forms, err := typedWarning(r)
	revision, _ := strconv.ParseInt(r.PostFormValue("revision"), 10, 64)
	kept := id
	if err == nil {
		kept, err = o.Warnings.Save(r.Context(), s, id, r.PostFormValue("n"), revision, c)
	}
	back := func(status int, message string) {
		v := warningView{New: id == "", Nonce: r.PostFormValue("n"), Message: []string{message}, Claims: forms, Allowed: r.PostFormValue("allowed"), Places: r.PostFormValue("territories")}
		if v.Claims == nil {
			v.Claims = []claimForm{}
		}
		if id != "" {
			var err error
			if v.A, err = o.Warnings.Read(r.Context(), s, id); o.warningFailed(w, r, err) {
				return
			}
		}
		notices, gone := v.A.Notices, v.A.Gone
		v.A.Content = c
		v.A.Notices, v.A.Gone = notices, gone
		o.showWarning(w, r, s, status, v)
	}
	var bad *advisory.Invalid
	p := phrases(r)
	switch {
	case errors.As(err, &bad) && bad.Field == "evidence" && bad.Why == "case":
		back(http.StatusUnprocessableEntity, p.T("Not kept: evidence names a line of a case that is not there, or that you cannot open."))
	case errors.As(err, &bad):
		back(http.StatusUnprocessableEntity, p.T("Not kept.")+" "+p.T(whyNot[bad.Field])+": "+p.T(refusals[bad.Why]))
	case errors.Is(err, advisory.ErrConflict):
		back(http.StatusConflict, p.T("Not kept: a colleague changed it while you wrote. What you typed is still here. Look at theirs in another window before you keep yours."))
	case !o.warningFailed(w, r, err):
		http.Redirect(w, r, "/desk/warnings/"+kept, http.StatusSeeOther)
	}
}

// scanWarning is POST /desk/warnings/{id}/scan.
func (o *office) scanWarning(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	scan, err := o.Warnings.Scan(r.Context(), s, r.PathValue("id"))
	if o.warningFailed(w, r, err) {
		return
	}
	o.readWarning(w, r, s, http.StatusOK, warningView{Scan: &scan})
}

// releaseWarning is POST /desk/warnings/{id}/release: one member's press.
func (o *office) releaseWarning(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	_ = r.FormValue("")
	revision, _ := strconv.ParseInt(r.PostFormValue("revision"), 10, 64)
	yes := advisory.Yes{Words: slices.Clone(r.PostForm["word"]), Wording: r.PostFormValue("wording") == "yes", Unscanned: r.PostFormValue("unscanned") == "yes"}
	got, err := o.Warnings.Press(r.Context(), s, r.PathValue("id"), revision, yes)
	var no *advisory.Refused
	v := warningView{}
	switch {
	case errors.As(err, &no):
		v.Message = no.Why
		if len(got.Scan.Hits) > 0 {
			v.Scan = &got.Scan
		}
		o.readWarning(w, r, s, http.StatusConflict, v)
	case errors.Is(err, advisory.ErrConflict):
		v.Message = []string{"A colleague has changed it since you opened it. Read it again before you release it."}
		o.readWarning(w, r, s, http.StatusConflict, v)
	case o.warningFailed(w, r, err):
	default:
		v.Result, v.Scan = &got, &got.Scan
		v.Good = "Your release is kept."
		if got.Released {
			v.Good = "It is out."
		}
		o.readWarning(w, r, s, http.StatusOK, v)
	}
}

// correctWarning is POST /desk/warnings/{id}/correct.
func (o *office) correctWarning(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	id := r.PathValue("id")
	revision, _ := strconv.ParseInt(r.PostFormValue("revision"), 10, 64)
	kind, gone := r.PostFormValue("kind"), false
	if kind == "gone" {
		kind, gone = advisory.Withdrawn, true
	}
	err := o.Warnings.Correct(r.Context(), s, id, revision, advisory.Notice{Kind: kind, Text: r.PostFormValue("notice")}, gone)
	var bad *advisory.Invalid
	var no *advisory.Refused
	p := phrases(r)
	switch {
	case errors.As(err, &bad):
		o.readWarning(w, r, s, http.StatusUnprocessableEntity, warningView{Message: []string{p.T("Not kept.") + " " + p.T(whyNot[bad.Field]) + ": " + p.T(refusals[bad.Why]), r.PostFormValue("notice")}})
	case errors.As(err, &no):
		o.readWarning(w, r, s, http.StatusConflict, warningView{Message: no.Why})
	case errors.Is(err, advisory.ErrConflict):
		o.readWarning(w, r, s, http.StatusConflict, warningView{Message: []string{"A colleague has changed it since you opened it. Read it again before you correct it.", r.PostFormValue("notice")}})
	case !o.warningFailed(w, r, err):
		http.Redirect(w, r, "/desk/warnings/"+id, http.StatusSeeOther)
	}
}
