package office

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"homeward/work/casework"
	"homeward/work/desk"
	"homeward/work/disclosure"
)

type planView struct {
	Message  []string
	Case     string
	Title    string
	Plan     disclosure.Plan
	Choices  []disclosure.Choice
	Channels []disclosure.Channel
	People   []casework.Person
	Stages   []string
	Purposes []string
	Langs    []string
	Looked   *disclosure.Weighed
	Nonce    string
	Lists    lists
}

// planForm is GET /desk/c/{id}/tell: nothing is chosen.
func (o *office) planForm(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	p := disclosure.Plan{Stage: "district", Purpose: "rescue", Lang: "en", Channel: r.URL.Query().Get("channel")}
	o.showPlan(w, r, s, http.StatusOK, planView{Plan: p, Nonce: casework.Nonce()}, false)
}

func (o *office) showPlan(w http.ResponseWriter, r *http.Request, s *desk.Session, status int, v planView, look bool) {
	c, err := o.Cases.Read(r.Context(), s, r.PathValue("id"))
	if o.caseFailed(w, r, err) {
		return
	}
	channels, err := o.Telling.Channels(r.Context(), s)
	if o.caseFailed(w, r, err) {
		return
	}
	if r.Method == http.MethodGet && len(c.State.People) == 1 {
		v.Plan.People = []int{1} // whom else
	}
	v.Case, v.Title, v.People, v.Channels = c.ID, c.State.Title(), c.State.People, channels
	v.Choices = disclosure.Choices(o.Cases.Book, c)
	for i := range v.Choices {
		v.Choices[i].Chosen = slices.Contains(v.Plan.Fields, v.Choices[i].Ref)
	}
	v.Stages, v.Purposes, v.Langs = disclosure.Stages, disclosure.Purposes, disclosure.Languages
	v.Lists.Tag = phrases(r).Tag
	if look {
		records, err := o.Telling.Records(r.Context(), s)
		if o.caseFailed(w, r, err) {
			return
		}
		looked := disclosure.Weigh(o.Cases.Book, c, v.Plan, channels, records, o.Now())
		v.Looked = &looked
	}
	o.show(w, r, status, "plan", "Plan to tell somebody", s, v)
}

func planOf(r *http.Request) disclosure.Plan {
	_ = r.FormValue("")
	f := r.PostFormValue
	p := disclosure.Plan{Channel: f("channel"), Purpose: f("purpose"), Stage: f("stage"), Lang: f("lang"), Without: strings.TrimSpace(f("without")), Expect: strings.TrimSpace(f("expect"))}
	for _, v := range r.PostForm["person"] {
		if no, err := strconv.Atoi(v); err == nil {
			p.People = append(p.People, no)
		}
	}
	for _, v := range r.PostForm["tell"] {
		n, field, _ := strings.Cut(v, "/")
		if no, err := strconv.ParseInt(n, 10, 64); err == nil {
			p.Fields = append(p.Fields, disclosure.Ref{N: no, Field: field})
		}
	}
	return p
}

// plan is POST /desk/c/{id}/tell: look first, then keep.
func (o *office) plan(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	v := planView{Plan: planOf(r), Nonce: r.PostFormValue("n")}
	if r.PostFormValue("do") != "keep" {
		o.showPlan(w, r, s, http.StatusOK, v, true)
		return
	}
	n, err := o.Telling.Propose(r.Context(), s, r.PathValue("id"), v.Nonce, v.Plan)
	var no *disclosure.Refused
	var bad *disclosure.Invalid
	switch {
	case errors.As(err, &no):
		v.Message = no.Why
		o.showPlan(w, r, s, http.StatusUnprocessableEntity, v, true)
	case errors.As(err, &bad):
		v.Message = []string{"Not kept: one of the boxes holds too much."}
		o.showPlan(w, r, s, http.StatusUnprocessableEntity, v, true)
	case !o.caseFailed(w, r, err):
		http.Redirect(w, r, "/desk/c/"+r.PathValue("id")+"/t/"+strconv.FormatInt(n, 10), http.StatusSeeOther)
	}
}

type tellingView struct {
	Message []string
	Case    string
	Title   string
	W       disclosure.Weighed
	By      string
	Members map[string]string
	Mine    bool // the reader planned it
	Copy    *disclosure.Copy
	Words   string // of the copy, for who may open them
	People  []casework.Person
	Nonce   string
	Zone    string
	Zones   []string
	Sent    casework.Kind
	Told    casework.Kind
	Values  map[string]string
	Lists   lists
}

// telling is GET /desk/c/{id}/t/{n}.
func (o *office) telling(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	o.showTelling(w, r, s, http.StatusOK, tellingView{})
}

func (o *office) showTelling(w http.ResponseWriter, r *http.Request, s *desk.Session, status int, v tellingView) {
	c, err := o.Cases.Read(r.Context(), s, r.PathValue("id"))
	if o.caseFailed(w, r, err) {
		return
	}
	plans, err := o.Telling.Plans(r.Context(), s, c)
	if o.caseFailed(w, r, err) {
		return
	}
	n, _ := strconv.ParseInt(r.PathValue("n"), 10, 64)
	i := slices.IndexFunc(plans, func(p disclosure.Weighed) bool { return p.N == n })
	if i < 0 {
		o.fail(w, r, http.StatusNotFound, "There is no such plan in this case.")
		return
	}
	v.W, v.Case, v.Title, v.People, v.Members = plans[i], c.ID, c.State.Title(), c.State.People, o.logins(r, s)
	v.By, v.Mine, v.Nonce, v.Zone, v.Zones = v.Members[v.W.By], v.W.By == s.Member, casework.Nonce(), zoneOf(r), casework.Zones
	v.Sent, _ = o.Cases.Book.Kind("sent")
	v.Told, _ = o.Cases.Book.Kind("told")
	v.Lists.Tag = phrases(r).Tag
	if v.Values == nil {
		v.Values = map[string]string{}
	}
	o.show(w, r, status, "telling", "Plan to tell somebody", s, v)
}

// copyPDF is POST /desk/c/{id}/t/{n}/pdf: the copy that was taken, to print.
func (o *office) copyPDF(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	n, _ := strconv.ParseInt(r.PathValue("n"), 10, 64)
	c, err := o.Telling.TakenCopy(r.Context(), s, r.PathValue("id"), n)
	var no *disclosure.Refused
	switch {
	case errors.As(err, &no):
		o.showTelling(w, r, s, http.StatusConflict, tellingView{Message: no.Why})
		return
	case errors.Is(err, disclosure.ErrNone):
		o.fail(w, r, http.StatusNotFound, "There is no such plan in this case.")
		return
	case o.caseFailed(w, r, err):
		return
	}
	b, _, err := c.PDF()
	if err != nil {
		o.Log.Error("a copy could not be printed", "error", err)
		o.showTelling(w, r, s, http.StatusInternalServerError, tellingView{Message: []string{"The copy could not be printed. Take its text."}, Copy: &c})
		return
	}
	download(w, c.Reference+".pdf", b)
}

// tellingStep is POST /desk/c/{id}/t/{n}/{step}.
func (o *office) tellingStep(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	id, nonce, text := r.PathValue("id"), r.PostFormValue("n"), r.PostFormValue("text")
	n, _ := strconv.ParseInt(r.PathValue("n"), 10, 64)
	answers := map[string]string{}
	for name, values := range r.PostForm {
		if field, ok := strings.CutPrefix(name, "f-"); ok {
			answers[field] = strings.Join(values, "\n")
		}
	}
	var err error
	var c disclosure.Copy
	switch r.PathValue("step") {
	case "object":
		err = o.Telling.Object(r.Context(), s, id, n, nonce, text)
	case "approve":
		err = o.Telling.Approve(r.Context(), s, id, n, nonce, text)
	case "cancel":
		err = o.Telling.Cancel(r.Context(), s, id, n, nonce, text)
	case "copy":
		c, err = o.Telling.TakeCopy(r.Context(), s, id, n, nonce)
	case "sent":
		err = o.Telling.Sent(r.Context(), s, id, n, nonce, answers, r.PostFormValue("zone"))
	case "told":
		err = o.Telling.Known(r.Context(), s, id, n, nonce, answers, r.PostFormValue("zone"))
	default:
		o.fail(w, r, http.StatusNotFound, "There is no such page.")
		return
	}
	var no *disclosure.Refused
	var bad *disclosure.Invalid
	switch {
	case errors.As(err, &no):
		o.showTelling(w, r, s, http.StatusConflict, tellingView{Message: no.Why, Values: answers})
	case errors.As(err, &bad):
		kind := map[string]string{"object": "objection", "approve": "approval", "cancel": "cancelled", "sent": "sent", "told": "told"}[r.PathValue("step")]
		o.showTelling(w, r, s, http.StatusUnprocessableEntity, tellingView{Message: []string{say1(phrases(r), bad, o.Cases.Book, kind)}, Values: answers})
	case errors.Is(err, disclosure.ErrNone):
		o.fail(w, r, http.StatusNotFound, "There is no such plan in this case.")
	case o.caseFailed(w, r, err):
	case c.Text != "":
		v := tellingView{Copy: &c}
		if _, missing, err := c.PDF(); err == nil && missing != "" {
			v.Message = []string{phrases(r).T("These characters stand in the PDF as boxes, because no font here has them:") + " " + missing}
		}
		o.showTelling(w, r, s, http.StatusOK, v)
	default:
		http.Redirect(w, r, "/desk/c/"+id+"/t/"+r.PathValue("n"), http.StatusSeeOther)
	}
}

// sure says how sure a number is, in words for people.
func sure(sureness string) string {
	if sureness == "do_not_ship" {
		return "nobody stands behind it"
	}
	return sureness
}

type channelsView struct {
	Channels []disclosure.Channel
	Records  map[string]disclosure.Record
	Names    map[string]string // channels' by id: one may pass on to another
	Enough   int
	Lists    lists
}

// channels is GET /desk/channels.
func (o *office) channels(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	all, err := o.Telling.Channels(r.Context(), s)
	if o.caseFailed(w, r, err) {
		return
	}
	records, err := o.Telling.Records(r.Context(), s)
	if o.caseFailed(w, r, err) {
		return
	}
	names := map[string]string{}
	for _, c := range all {
		names[c.ID] = c.Name
	}
	o.show(w, r, http.StatusOK, "channels", "Channels", s, channelsView{all, records, names, disclosure.Meaningful, lists{Tag: phrases(r).Tag}})
}

type channelView struct {
	Message    string
	C          disclosure.Channel
	Record     disclosure.Record
	Downstream []disclosure.Reach
	Forwards   string // one a line: how | to | source
	Nonce      string
	Enough     int
	Lists      lists
	Keep       bool // the reader may change it
}

// channel is GET /desk/channels/{id}; "new" is an empty form.
func (o *office) channel(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	c := disclosure.Channel{}
	if id := r.PathValue("id"); id != "new" {
		var err error
		if c, err = o.Telling.Channel(r.Context(), s, id); errors.Is(err, disclosure.ErrNone) {
			o.fail(w, r, http.StatusNotFound, "There is no such channel.")
			return
		} else if o.caseFailed(w, r, err) {
			return
		}
	}
	o.showChannel(w, r, s, http.StatusOK, c, "")
}

func (o *office) showChannel(w http.ResponseWriter, r *http.Request, s *desk.Session, status int, c disclosure.Channel, message string) {
	all, err := o.Telling.Channels(r.Context(), s)
	if o.caseFailed(w, r, err) {
		return
	}
	records, err := o.Telling.Records(r.Context(), s)
	if o.caseFailed(w, r, err) {
		return
	}
	v := channelView{Message: message, C: c, Record: records[c.ID], Downstream: disclosure.Downstream(all, c.ID), Nonce: casework.Nonce(), Enough: disclosure.Meaningful, Keep: s.May(desk.KeepChannels) == nil}
	v.Lists = lists{Tag: phrases(r).Tag}
	for _, e := range c.Forwards {
		v.Forwards += e.How + " | " + e.To + " | " + e.Source + "\n"
	}
	o.show(w, r, status, "channel", "Channel", s, v)
}

// saveChannel is POST /desk/channels/{id}.
func (o *office) saveChannel(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	f := r.PostFormValue
	c := disclosure.Channel{}
	if id := r.PathValue("id"); id != "new" {
		var err error
		if c, err = o.Telling.Channel(r.Context(), s, id); errors.Is(err, disclosure.ErrNone) {
			o.fail(w, r, http.StatusNotFound, "There is no such channel.")
			return
		} else if o.caseFailed(w, r, err) {
			return
		}
	}
	c.Name, c.Territory, c.Kind, c.Reach, c.Demands, c.Prosecutes = f("name"), strings.ToUpper(f("territory")), f("kind"), f("reach"), f("demands"), f("prosecutes")
	c.Warning, c.Experience, c.Closed = f("warning"), f("experience"), f("closed") == "yes"
	c.Revision, _ = strconv.ParseInt(f("revision"), 10, 64)
	c.Forwards = nil
	for _, l := range strings.Split(f("forwards"), "\n") {
		if strings.TrimSpace(l) == "" {
			continue
		}
		parts := strings.SplitN(l, "|", 3)
		e := disclosure.Edge{How: strings.ToLower(strings.TrimSpace(parts[0]))}
		if len(parts) > 1 {
			e.To = strings.TrimSpace(parts[1])
		}
		if len(parts) > 2 {
			e.Source = strings.TrimSpace(parts[2])
		}
		c.Forwards = append(c.Forwards, e)
	}
	if f("checked") == "yes" {
		c.Checked, c.CheckedBy = o.Now().UTC().Format("2006-01-02"), s.Login
	}
	_, err := o.Telling.SaveChannel(r.Context(), s, f("n"), c)
	var bad *disclosure.Invalid
	switch p := phrases(r); {
	case errors.As(err, &bad):
		o.showChannel(w, r, s, http.StatusUnprocessableEntity, c, p.T("Not kept.")+" "+p.T(channelWords[bad.Field])+": "+p.T(refusals[bad.Why]))
	case errors.Is(err, disclosure.ErrConflict):
		o.showChannel(w, r, s, http.StatusConflict, c, p.T("Not kept: a colleague changed this channel since you opened the page. Open it again in another window, and compare."))
	case !o.caseFailed(w, r, err):
		http.Redirect(w, r, "/desk/channels", http.StatusSeeOther)
	}
}

var channelWords = map[string]string{"name": "Name", "experience": "Our experience", "forwards": "Passes on to"}
