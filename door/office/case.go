package office

import (
	"cmp"
	"errors"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"homeward/form/say"
	"homeward/know/hotline"
	"homeward/know/place"
	"homeward/work/casework"
	"homeward/work/desk"
	"homeward/work/disclosure"
)

// refusals are why an answer is not taken, as sentences of the catalogue.
var refusals = map[string]string{
	"must": "this must be filled in", "long": "this is too long", "choice": "choose one of those offered",
	"date":   "there is no such day; write it as 2026-11-24 or 2026-11-24 14:30",
	"future": "this lies in the future", "old": "this is before 1900", "kind": "there is no such form",
	"position": "this is no position; two numbers such as 13.7563, 100.5018 are one",
	"swapped":  "latitude comes first; perhaps this is meant:", "person": "there is no such person in the case",
}

// say1 says in a member's language which answer is not taken, and why.
func say1(p say.Phrases, i *casework.Invalid, b *casework.Book, kind string) string {
	label := i.Field
	if k, ok := b.Kind(kind); ok {
		for _, f := range k.Fields {
			if f.ID == i.Field {
				label = f.Label
			}
		}
	}
	s := p.T("Not kept.") + " " + p.T(label) + ": " + p.T(refusals[i.Why])
	if i.Meant != "" {
		s += " " + i.Meant
	}
	return s
}

type caseView struct {
	casework.Case
	Title     string
	Message   string
	Short     string
	Why       []string
	Kinds     []casework.Kind
	Checklist []casework.Item
	Sources   map[string]casework.Source
	Stage     casework.Stage
	Members   []casework.Seat
	Others    []desk.Colleague
	Plans     []disclosure.Weighed
	Now       time.Time
	Lines     []lineView
	Nonce     string
	Zones     []string
	Stages    []casework.Stage
	Back      string
	Older     int
}

// lineView is a line of the timeline with its words in the reader's language.
type lineView struct {
	casework.Entry
	Label string
	Who   string // the person it is about
	By    string
	Facts []fact
	About []lineView
	Grade casework.Grade
	Own   bool // may be graded, corrected and so on
}

type fact struct {
	Label, Value string
	Long         bool
}

// facts puts a line's answers into words, in the order of its form.
func (o *office) facts(p say.Phrases, e casework.Entry, members map[string]string) (out []fact) {
	k, ok := o.Cases.Book.Kind(e.Kind)
	if !ok {
		return nil
	}
	for _, f := range k.Fields {
		v := e.F[f.ID]
		if v == "" {
			continue
		}
		switch f.Type {
		case "choice", "some":
			parts := strings.Split(v, "\n")
			for i := range parts {
				parts[i] = p.T(parts[i])
			}
			v = strings.Join(parts, ", ")
		case "when":
			v += " (" + city(e.Zone) + ")"
		case "country":
			v = hotline.Default().CountryName(v, p.Tag)
		case "member":
			v = members[v]
		case "position":
			if pt := e.F["point"]; pt != v {
				v += " = " + pt
			}
			if at, err := place.Parse(e.F["point"]); err == nil && at.Shifted() {
				v += "\n" + p.T("Chinese maps (Gaode, Tencent, Baidu) show points here shifted. If it was read off one, the place is %s.", at.FromGCJ02().String())
			}
		}
		out = append(out, fact{p.T(f.Label), v, f.Type == "long" || f.Type == "position"})
	}
	return out
}

// city is the place of a zone.
func city(zone string) string {
	_, c, ok := strings.Cut(zone, "/")
	if !ok {
		return zone
	}
	return strings.ReplaceAll(c, "_", " ")
}

func (o *office) line(p say.Phrases, c casework.Case, e casework.Entry, members map[string]string) lineView {
	l := lineView{Entry: e, By: members[e.By], Facts: o.facts(p, e, members), Grade: c.State.Grades[e.N]}
	k, _ := o.Cases.Book.Kind(e.Kind)
	l.Label, l.Own = p.T(k.Label), !k.Own
	if e.Shut {
		l.Label = p.T("Sealed: you do not hold this key")
		if e.Compartment == casework.Legal {
			l.Label = p.T("What they were made to do: sealed")
		}
	}
	if e.Person > 0 && e.Person <= len(c.State.People) {
		l.Who = called(p, c.State.People[e.Person-1])
	}
	for _, a := range c.State.About[e.N] {
		if a.Kind != "grade" {
			l.About = append(l.About, o.line(p, c, a, members))
		}
	}
	return l
}

// called is what the desk calls a person, or their number where nobody has said.
func called(p say.Phrases, x casework.Person) string {
	if x.Called != "" {
		return x.Called
	}
	return p.T("person %d", x.No)
}

// theCase is GET /desk/c/{id}.
func (o *office) theCase(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	o.showCase(w, r, s, http.StatusOK, "")
}

func (o *office) showCase(w http.ResponseWriter, r *http.Request, s *desk.Session, status int, message string) {
	v, ok := o.caseView(w, r, s)
	if !ok {
		return
	}
	v.Message = message
	// What happened last comes first: it is what one looks for; the rest is a click away.
	const most = 60
	slices.Reverse(v.Lines)
	slices.SortStableFunc(v.Lines, func(a, b lineView) int { return cmp.Compare(b.At(), a.At()) })
	if len(v.Lines) > most && !r.URL.Query().Has("all") {
		v.Older = len(v.Lines) - most
		v.Lines = v.Lines[:most]
	}
	o.show(w, r, status, "case", v.Title, s, v)
}

// caseView reads a case for a page. Those who were not let in have been told so.
func (o *office) caseView(w http.ResponseWriter, r *http.Request, s *desk.Session) (caseView, bool) {
	c, err := o.Cases.Read(r.Context(), s, r.PathValue("id"))
	if o.caseFailed(w, r, err) {
		return caseView{}, false
	}
	p, members := phrases(r), o.logins(r, s)
	v := caseView{
		Case: c, Short: casework.Short(c.ID), Now: o.Now(), Nonce: casework.Nonce(), Zones: casework.Zones, Sources: o.Cases.Book.Sources,
		Stages: o.Cases.Book.Stages, Members: c.Members, Checklist: o.Cases.Book.Checklist(c.State.Stage, c.State.Minor()),
	}
	v.Stage, _ = o.Cases.Book.Stage(c.State.Stage)
	if v.Title = c.State.Title(); v.Title == "" {
		v.Title = v.Short
	}
	for _, k := range o.Cases.Book.Kinds {
		if !k.Own && slices.Contains(c.Mine, k.Compartment) {
			v.Kinds = append(v.Kinds, k)
		}
	}
	for _, m := range o.colleagues(r, s) {
		if !slices.ContainsFunc(c.Members, func(x casework.Seat) bool { return x.Member == m.ID }) {
			v.Others = append(v.Others, m)
		}
	}
	for _, e := range c.Entries {
		// What is about another line stands under it.
		if e.Of == 0 || e.Shut {
			v.Lines = append(v.Lines, o.line(p, c, e, members))
		}
	}
	if o.Telling != nil && s.May(desk.PlanTelling) == nil {
		if v.Plans, err = o.Telling.Plans(r.Context(), s, c); o.caseFailed(w, r, err) {
			return caseView{}, false
		}
	}
	for _, row := range []casework.Summary{casework.Summarise(c)} {
		v.Why = row.Why(v.Now)
	}
	return v, true
}

type addView struct {
	Message string
	Case    string
	Title   string
	Kind    casework.Kind
	People  []casework.Person
	Person  int
	Of      int64
	Values  map[string]string
	Zone    string
	Zones   []string
	Nonce   string
	Seen    int64
	Lists   lists
}

// lists are what a form offers to choose from.
type lists struct {
	Countries []hotline.Country
	Members   []desk.Colleague
	Tag       string
}

// addForm is GET /desk/c/{id}/add/{kind}.
func (o *office) addForm(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	c, err := o.Cases.Read(r.Context(), s, r.PathValue("id"))
	if o.caseFailed(w, r, err) {
		return
	}
	q := r.URL.Query()
	person, _ := strconv.Atoi(q.Get("person"))
	of, _ := strconv.ParseInt(q.Get("of"), 10, 64)
	v := addView{Person: person, Of: of, Nonce: casework.Nonce(), Seen: c.State.Lines, Values: map[string]string{}}
	if len(c.State.People) == 1 && person == 0 && r.PathValue("kind") != "someone" {
		v.Person = 1
	}
	if r.PathValue("kind") == "someone" && person > 0 && person <= len(c.State.People) {
		x := c.State.People[person-1]
		v.Values = map[string]string{"called": x.Called, "origin": x.Origin, "destination": x.Destination, "left": x.Left, "minor": x.Minor, "speaks": x.Speaks}
	}
	o.showAdd(w, r, s, http.StatusOK, c, v)
}

func (o *office) showAdd(w http.ResponseWriter, r *http.Request, s *desk.Session, status int, c casework.Case, v addView) {
	k, ok := o.Cases.Book.Kind(r.PathValue("kind"))
	if !ok || k.Own && !slices.Contains(byHand, k.ID) {
		o.fail(w, r, http.StatusNotFound, "There is no such form.")
		return
	}
	if !slices.Contains(c.Mine, k.Compartment) {
		o.caseFailed(w, r, casework.ErrShut)
		return
	}
	v.Case, v.Kind, v.People, v.Zones, v.Title = c.ID, k, c.State.People, casework.Zones, c.State.Title()
	if v.Zone == "" {
		v.Zone = zoneOf(r)
	}
	v.Lists = lists{hotline.Default().Countries(), o.colleagues(r, s), phrases(r).Tag}
	o.show(w, r, status, "add", k.Label, s, v)
}

// byHand are the kinds with a page of their own whose form is this one all the same.
var byHand = []string{"stage", "done", "withdrawn", "correction", "grade"}

// zone is the cookie that remembers where a member last said a time was.
const zone = "z"

func zoneOf(r *http.Request) string {
	if c, err := r.Cookie(zone); err == nil && slices.Contains(casework.Zones, strings.ReplaceAll(c.Value, ".", "/")) {
		return strings.ReplaceAll(c.Value, ".", "/")
	}
	return "Asia/Phnom_Penh"
}

// add is POST /desk/c/{id}/add/{kind}.
func (o *office) add(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	id, kind := r.PathValue("id"), r.PathValue("kind")
	c, err := o.Cases.Read(r.Context(), s, id)
	if o.caseFailed(w, r, err) {
		return
	}
	_ = r.FormValue("")
	person, _ := strconv.Atoi(r.PostFormValue("person"))
	of, _ := strconv.ParseInt(r.PostFormValue("of"), 10, 64)
	seen, _ := strconv.ParseInt(r.PostFormValue("seen"), 10, 64)
	if seen <= 0 || seen > c.State.Lines {
		seen = c.State.Lines // what this very request has seen
	}
	answers := map[string]string{}
	for name, values := range r.PostForm {
		if field, ok := strings.CutPrefix(name, "f-"); ok {
			answers[field] = strings.Join(values, "\n")
		}
	}
	v := addView{Person: person, Of: of, Nonce: r.PostFormValue("n"), Seen: seen, Values: answers, Zone: r.PostFormValue("zone")}
	k, ok := o.Cases.Book.Kind(kind)
	if !ok || k.Own && !slices.Contains(byHand, kind) {
		o.fail(w, r, http.StatusNotFound, "There is no such form.")
		return
	}
	if kind == "someone" && person == 0 {
		person = len(c.State.People) + 1
	}
	if person < 0 || person > len(c.State.People) && kind != "someone" || person > len(c.State.People)+1 {
		v.Message = say1(phrases(r), &casework.Invalid{Field: "person", Why: "person"}, o.Cases.Book, kind)
		o.showAdd(w, r, s, http.StatusUnprocessableEntity, c, v)
		return
	}
	if of > 0 && !slices.ContainsFunc(c.Entries, func(e casework.Entry) bool { return e.N == of && !e.Shut }) {
		o.fail(w, r, http.StatusNotFound, "There is no such line in the case, or you cannot open it.")
		return
	}
	e, err := o.Cases.Book.Make(kind, person, of, answers, v.Zone, o.Now())
	if of > 0 && kind == "correction" {
		// A correction is sealed like what it corrects.
		e.Compartment = c.Entries[of-1].Compartment
	}
	var bad *casework.Invalid
	if errors.As(err, &bad) {
		v.Message = say1(phrases(r), bad, o.Cases.Book, kind)
		o.showAdd(w, r, s, http.StatusUnprocessableEntity, c, v)
		return
	}
	_, newer, err := o.Cases.Add(r.Context(), s, id, v.Nonce, e, seen)
	if errors.Is(err, casework.ErrConflict) {
		if c, err = o.Cases.Read(r.Context(), s, id); o.caseFailed(w, r, err) {
			return
		}
		v.Message = phrases(r).T("Not kept: colleagues have written in this case since you opened the page. Read it, then send again; your words are below.")
		v.Seen = c.State.Lines
		o.showAdd(w, r, s, http.StatusConflict, c, v)
		return
	}
	if o.caseFailed(w, r, err) {
		return
	}
	if slices.Contains(casework.Zones, v.Zone) {
		http.SetCookie(w, &http.Cookie{Name: zone, Value: strings.ReplaceAll(v.Zone, "/", "."), Path: "/desk", MaxAge: 400 * 86400, HttpOnly: true, Secure: o.Secure, SameSite: http.SameSiteStrictMode})
	}
	to := "/desk/c/" + id
	if newer {
		to += "?newer"
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

type oneLineView struct {
	Case, Title string
	Line        lineView
	Seen        int64
	Nonce       string
	Corrected   bool
	// Blind hides the grade of the source from who has not graded the information yet,
	// and says so: two judgements that know of each other are one.
	Blind bool
}

// oneLine is GET /desk/c/{id}/n/{n}.
func (o *office) oneLine(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	c, err := o.Cases.Read(r.Context(), s, r.PathValue("id"))
	if o.caseFailed(w, r, err) {
		return
	}
	n, _ := strconv.Atoi(r.PathValue("n"))
	if n < 1 || n > len(c.Entries) || c.Entries[n-1].Shut {
		o.fail(w, r, http.StatusNotFound, "There is no such line in the case, or you cannot open it.")
		return
	}
	v := oneLineView{Case: c.ID, Title: c.State.Title(), Line: o.line(phrases(r), c, c.Entries[n-1], o.logins(r, s)), Seen: c.State.Lines, Nonce: casework.Nonce()}
	v.Blind = v.Line.Grade.Information == ""
	o.show(w, r, http.StatusOK, "line", v.Line.Label, s, v)
}

// seats is POST /desk/c/{id}/members: put somebody on the case, or take them off.
func (o *office) seats(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	id, member := r.PathValue("id"), r.PostFormValue("member")
	var err error
	if r.PostFormValue("do") == "remove" {
		err = o.Cases.Remove(r.Context(), s, id, member)
	} else {
		comps := []string{casework.File}
		for _, c := range r.PostForm["key"] {
			if c != casework.File {
				comps = append(comps, c)
			}
		}
		err = o.Cases.Share(r.Context(), s, id, member, comps)
	}
	if o.caseFailed(w, r, err) {
		return
	}
	if member == s.Member {
		http.Redirect(w, r, "/desk/cases", http.StatusSeeOther)
		return
	}
	http.Redirect(w, r, "/desk/c/"+id, http.StatusSeeOther)
}

// sheet is GET /desk/c/{id}/sheet: what the next shift must know, to print or to read.
func (o *office) sheet(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	v, ok := o.caseView(w, r, s)
	if !ok {
		return
	}
	slices.Reverse(v.Lines)
	v.Lines = v.Lines[:min(8, len(v.Lines))]
	o.show(w, r, http.StatusOK, "sheet", "Hand-over sheet", s, v)
}

// caseFuncs are what the templates of cases need.
var caseFuncs = template.FuncMap{
	"country": func(code, tag string) string {
		if code == "" {
			return ""
		}
		return hotline.Default().CountryName(code, tag)
	},
	"caseNo": casework.Short,
	"add1":   func(n int) int { return n + 1 },
	"outwhy": func(out string) string { return outNames[out] },
	"left": func(out map[string]int) (n int) {
		for _, rows := range out {
			n += rows
		}
		return n
	},
	"lines": func(s string) []string { return strings.Split(s, "\n") },
	"among": func(all, one string) bool { return slices.Contains(strings.Split(all, "\n"), one) },
	"in":    slices.Contains[[]string],
	"city":  city,
	"due":   func(unix int64, zone string) string { return inZone(unix, zone) },
	"late":  func(unix int64, now time.Time) bool { return unix <= now.Unix() },
	// onDay gives the day of a moment, in a place's time if one is named: what was
	// said as a day there must not show as the day before.
	"onDay": func(unix int64, zone ...string) string {
		loc := time.UTC
		if len(zone) > 0 {
			if l, err := time.LoadLocation(zone[0]); err == nil {
				loc = l
			}
		}
		return time.Unix(unix, 0).In(loc).Format("2006-01-02")
	},
	"days": func(days int64) string { return time.Unix(days*86400, 0).UTC().Format("2006-01-02") },
	// dict hands a part of a page its words and what it shows.
	"dict": func(v view, x any) any {
		return struct {
			View view
			X    any
		}{v, x}
	},
}

// inZone gives a moment in a place's time.
func inZone(unix int64, zone string) string {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		loc = time.UTC
	}
	return time.Unix(unix, 0).In(loc).Format("2006-01-02 15:04") + " (" + city(loc.String()) + ")"
}
