package public

import (
	"cmp"
	"errors"
	"net/http"
	"strings"
	"time"

	"homeward/work/intake"
)

// backView asks for a code.
type backView struct {
	Site
	Typed string // to be compared with the paper
	Talk  bool   // everything that was written is shown then
	// Text was typed before the visit was over; it waits for the code.
	Text    string
	Danger  bool
	Nonce   string
	Message string
	Nearest string
}

// backAgain shows the page that asks for a code in another language.
const backAgain = "/b?again"

// backOf is the page that asks for a code, with what was typed so far.
func backOf(s Site, a *asked) backView {
	return backView{
		Site: s, Typed: a.fields["code"], Talk: a.fields["do"] == "talk",
		Text: a.fields["text"], Danger: a.fields["danger"] == "yes", Nonce: cmp.Or(a.fields["n"], intake.Nonce()),
	}
}

// comeBack is GET /b.
func (d *door) comeBack(w http.ResponseWriter, r *http.Request) {
	s := d.site(r, "/b", "back")
	if d.Intake == nil {
		d.opened(w, r, s, nil)
		return
	}
	s.Again, s.AgainTo = "back", backAgain
	d.show(w, r, http.StatusOK, "back", backView{Site: s})
}

// boxView is the mailbox.
type boxView struct {
	Site
	Token   string
	Nonce   string
	Answer  *intake.Answer
	At      string
	Message string // good news
	Trouble string // or not
	Text    string
	Danger  bool
	Sure    bool // asks whether to delete everything
}

// box is POST /b: a code opens the mailbox, a visit goes on in it.
func (d *door) box(w http.ResponseWriter, r *http.Request) {
	if d.Intake != nil && isMultipart(r) {
		d.attach(w, r)
		return
	}
	a, s, ok := d.told(w, r, "/b", "box")
	defer a.free()
	if !ok {
		return
	}
	if d.Intake == nil {
		d.opened(w, r, s, a)
		return
	}
	if r.URL.Query().Has("again") {
		s.Again, s.AgainTo = "back", backAgain
		d.showSecret(w, r, http.StatusOK, "back", backOf(s, a))
		return
	}
	switch a.fields["do"] {
	case "talk":
		d.talk(w, r, s, a)
		return
	case "talk-in": // in another language: the page does not hold the code, so it asks
		s.Again, s.AgainTo = "back", backAgain
		v := backOf(s, a)
		v.Talk = true
		d.showSecret(w, r, http.StatusOK, "back", v)
		return
	case "deleted":
		d.deletedIn(w, r, s, a)
		return
	}
	var visit *intake.Visit
	var err error
	if token := a.fields["v"]; token != "" {
		visit, err = d.Intake.Continue(r.Context(), token)
	} else {
		visit, err = d.enter(r, a.fields["code"])
	}
	if err != nil {
		d.notOpened(w, r, backOf(s, a), err)
		return
	}
	s.Again = "look"
	nonce := intake.Nonce()
	if a.fields["text"] != "" { // words that wait to be sent: twice is still once
		nonce = cmp.Or(a.fields["n"], nonce)
	}
	v := boxView{Site: s, Token: visit.Token, Nonce: nonce, Text: a.fields["text"], Danger: a.fields["danger"] == "yes"}
	switch a.fields["do"] {
	case "add":
		d.add(w, r, v, visit, a)
	case "delete":
		v.Sure = true
		d.showSecret(w, r, http.StatusOK, "box", v)
	case "delete-sure":
		d.delete(w, r, v, visit)
	case "proof":
		d.proof(w, r, v, visit)
	default:
		d.look(w, r, http.StatusOK, v, visit)
	}
}

// enter opens a mailbox with a typed code.
func (d *door) enter(r *http.Request, typed string) (*intake.Visit, error) {
	got, err := intake.Typed(typed)
	if err != nil {
		return nil, &mistyped{err}
	}
	return d.Intake.Visit(r.Context(), got)
}

// mistyped is a code that cannot be one.
type mistyped struct{ error }

// notOpened says why a mailbox did not open. What was typed is still there: nine
// words are not typed twice for one slip.
func (d *door) notOpened(w http.ResponseWriter, r *http.Request, v backView, err error) {
	s := v.Site
	v.Again, v.AgainTo = "back", backAgain
	status := http.StatusNotFound
	var m *mistyped
	switch {
	case errors.As(err, &m):
		status = http.StatusUnprocessableEntity
		v.Message, v.Nearest = slip(s, intake.SlipOf(m.error))
	case errors.Is(err, intake.ErrUnknown):
		v.Message = s.T("box.unknown")
	case errors.Is(err, intake.ErrVisit):
		status, v.Message = http.StatusForbidden, s.T("box.over")
	default:
		d.Log.Error("a mailbox could not be opened", "error", err)
		status, v.Message = http.StatusServiceUnavailable, s.T("again.broken")
		later(w, status)
	}
	d.showSecret(w, r, status, "back", v)
}

// slip puts into words what is wrong with a typed code.
func slip(s Site, p intake.Slip) (message, nearest string) {
	switch {
	case p.At > 0:
		if len(p.Nearest) > 0 {
			nearest = s.T("box.nearest", "Words", strings.Join(p.Nearest, ", "))
		}
		return s.T("box.misread", "At", p.At, "Given", p.Given), nearest
	case p.Count > 0:
		return s.T("box.count", "Count", p.Count), ""
	case p.Swapped:
		return s.T("box.swapped"), ""
	}
	return s.T("box.none"), ""
}

// look shows the newest answer.
func (d *door) look(w http.ResponseWriter, r *http.Request, status int, v boxView, visit *intake.Visit) {
	a, err := d.Intake.Newest(r.Context(), visit)
	if err != nil {
		d.notOpened(w, r, v.back(), err)
		return
	}
	if v.Answer = a; a != nil {
		v.At = v.Voice.Date(a.At.Format("2006-01-02"))
	}
	d.showSecret(w, r, status, "box", v)
}

// back is the page that asks for the code, when a visit is over, with the words that
// were not sent.
func (v boxView) back() backView {
	return backView{Site: v.Site, Text: v.Text, Danger: v.Danger, Nonce: v.Nonce}
}

func (d *door) add(w http.ResponseWriter, r *http.Request, v boxView, visit *intake.Visit, a *asked) {
	err := d.Intake.Add(r.Context(), visit, a.fields["n"], a.fields["text"], a.fields["danger"] == "yes")
	switch {
	case errors.Is(err, intake.ErrUnknown):
		d.notOpened(w, r, v.back(), err)
	case err != nil:
		status, key, _ := d.notKept(err)
		later(w, status)
		if key == "tell.empty" { // its box has another name
			key = "again.empty"
		}
		v.Trouble = notSent(v.Site, key)
		v.Nonce = cmp.Or(a.fields["n"], v.Nonce)
		d.look(w, r, status, v, visit)
	default:
		v.Message, v.Text, v.Danger, v.Nonce = v.T("box.added"), "", false, intake.Nonce()
		d.look(w, r, http.StatusOK, v, visit)
	}
}

// deletedView says when what was written is erased.
type deletedView struct {
	Site
	Date string
	Day  string // the same, for the page in another language
}

const dayForm = "2006-01-02"

func (d *door) delete(w http.ResponseWriter, r *http.Request, v boxView, visit *intake.Visit) {
	at, err := d.Intake.Withdraw(r.Context(), visit)
	if err != nil {
		d.notOpened(w, r, v.back(), err)
		return
	}
	d.deletedPage(w, r, v.Site, at.Format(dayForm))
}

func (d *door) deletedPage(w http.ResponseWriter, r *http.Request, s Site, day string) {
	s.Again = "deleted"
	d.showSecret(w, r, http.StatusOK, "deleted", deletedView{s, s.Voice.Date(day), day})
}

// deletedIn shows the page after deleting in another language. It does nothing, and
// shows nothing but a day on which something can be erased.
func (d *door) deletedIn(w http.ResponseWriter, r *http.Request, s Site, a *asked) {
	at, err := time.Parse(dayForm, a.fields["day"])
	if err != nil || at.Before(d.Now().AddDate(0, 0, -2)) || at.After(d.Now().AddDate(0, 0, 7)) {
		s.Again, s.AgainTo = "back", backAgain
		d.showSecret(w, r, http.StatusUnprocessableEntity, "back", backView{Site: s})
		return
	}
	d.deletedPage(w, r, s, a.fields["day"])
}

func (d *door) proof(w http.ResponseWriter, r *http.Request, v boxView, visit *intake.Visit) {
	text, err := d.Intake.Filing(r.Context(), visit)
	if err != nil {
		v.Trouble = v.T("box.proof_late")
		d.look(w, r, http.StatusOK, v, visit) // an answer that was on the page stays on it
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="note.txt"`)
	_, _ = w.Write([]byte(text))
}

// talkView is everything that was written.
type talkView struct {
	Site
	Lines []talkLine
	// Text was typed and not sent when everything was asked for; it goes on from there.
	Text   string
	Danger bool
	Nonce  string
}

type talkLine struct {
	intake.Line
	Date string
}

// talk shows what was written to who types the code again; a visit is not enough.
func (d *door) talk(w http.ResponseWriter, r *http.Request, s Site, a *asked) {
	got, err := intake.Typed(a.fields["code"])
	if err != nil {
		d.notOpened(w, r, backOf(s, a), &mistyped{err})
		return
	}
	lines, err := d.Intake.Talk(r.Context(), got)
	if err != nil {
		d.notOpened(w, r, backOf(s, a), err)
		return
	}
	s.Again = "talk"
	v := talkView{Site: s, Text: a.fields["text"], Danger: a.fields["danger"] == "yes", Nonce: cmp.Or(a.fields["n"], intake.Nonce())}
	for _, l := range lines {
		v.Lines = append(v.Lines, talkLine{l, s.Voice.Date(l.At.Format("2006-01-02"))})
	}
	d.showSecret(w, r, http.StatusOK, "talk", v)
}
