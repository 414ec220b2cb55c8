package office

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"homeward/form/say"
	"homeward/work/desk"
	"homeward/work/intake"
)

// marking is what members do with a report among themselves.
type marking interface {
	Note(ctx context.Context, s *desk.Session, id, text string) error
	Assign(ctx context.Context, s *desk.Session, id, was, to string) error
	Snooze(ctx context.Context, s *desk.Session, id string, until time.Time) error
	Judge(ctx context.Context, s *desk.Session, id, other string, same bool, reason string) error
}

// marked ends what was done with a report: back to its page, with whatever else was
// written on it.
func (o *office) marked(w http.ResponseWriter, r *http.Request, s *desk.Session, err error, t typed) {
	if o.keyless(w, r, s) {
		return
	}
	var long *intake.Invalid
	switch {
	case err == nil && t.none():
		http.Redirect(w, r, "/desk/r/"+r.PathValue("id"), http.StatusSeeOther)
	case err == nil:
		o.read(w, r, s, http.StatusOK, "Done. What you had written is still here.", t)
	case errors.Is(err, desk.ErrNone) && t.Other == "":
		o.gone(w, r)
	case errors.Is(err, desk.ErrNone):
		o.read(w, r, s, http.StatusNotFound, "Not kept: one of the two reports is not there.", t)
	case errors.Is(err, desk.ErrConflict):
		o.read(w, r, s, http.StatusConflict, "Not done: a colleague was quicker. What they did is below.", t)
	case errors.Is(err, desk.ErrEmpty):
		o.read(w, r, s, http.StatusUnprocessableEntity, "Not kept: nothing is written.", t)
	case errors.Is(err, desk.ErrItself):
		o.read(w, r, s, http.StatusUnprocessableEntity, "Not kept: that is this report itself.", t)
	case errors.Is(err, desk.ErrNotHere):
		o.read(w, r, s, http.StatusUnprocessableEntity, "Not done: nobody of that name answers reports here any more.", t)
	case errors.Is(err, desk.ErrWhen):
		o.read(w, r, s, http.StatusUnprocessableEntity, "Not done: it can be put off for 30 days at most.", t)
	case errors.As(err, &long):
		o.read(w, r, s, http.StatusUnprocessableEntity, "Not kept: it is longer than 5,000 characters.", t)
	default:
		o.Log.Error("a mark was not kept", "error", err)
		o.read(w, r, s, http.StatusServiceUnavailable, "Not kept. What you had written is still here. Try again.", t)
	}
}

// note is POST /desk/r/{id}/note.
func (o *office) note(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	t := typedOn(r)
	err := o.Desk.Note(r.Context(), s, r.PathValue("id"), t.NoteDraft)
	if err == nil {
		t.NoteDraft = ""
	}
	o.marked(w, r, s, err, t)
}

// assign is POST /desk/r/{id}/assign.
func (o *office) assign(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	o.marked(w, r, s, o.Desk.Assign(r.Context(), s, r.PathValue("id"), r.PostFormValue("was"), r.PostFormValue("to")), typedOn(r))
}

// snooze is POST /desk/r/{id}/snooze, for a number of hours; 0 wakes it.
func (o *office) snooze(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	hours, err := strconv.Atoi(r.PostFormValue("hours"))
	if err != nil || hours < 0 || hours > 10_000 {
		o.marked(w, r, s, desk.ErrWhen, typedOn(r))
		return
	}
	o.marked(w, r, s, o.Desk.Snooze(r.Context(), s, r.PathValue("id"), o.Now().Add(time.Duration(hours)*time.Hour)), typedOn(r))
}

// judge is POST /desk/r/{id}/same: yes or no, with the other report and a reason.
func (o *office) judge(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	t := typedOn(r)
	// Its address is taken, too.
	other := strings.TrimSpace(t.Other)
	if i := strings.LastIndex(other, "/"); i >= 0 {
		other = other[i+1:]
	}
	err := o.Desk.Judge(r.Context(), s, r.PathValue("id"), strings.ToUpper(other), r.PostFormValue("same") == "yes", t.Reason)
	if err == nil {
		t.Other, t.Reason = "", ""
	} else {
		t.JudgeOpen = true
	}
	o.marked(w, r, s, err, t)
}

// ask is POST /desk/r/{id}/ask: numbered questions go into the answer's box, in the
// sender's language. Nothing is sent yet.
func (o *office) ask(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	t := typedOn(r)
	var numbers []int
	for _, q := range r.PostForm["q"] {
		if n, err := strconv.Atoi(q); err == nil && len(numbers) < 100 {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	book, _ := say.Asking(t.AskLang)
	text := book.Text(slices.Compact(numbers))
	t.AskOpen = text == ""
	if text != "" {
		t.Draft = strings.TrimLeft(strings.TrimRight(t.Draft, "\n ")+"\n\n"+text, "\n")
	}
	o.read(w, r, s, http.StatusOK, "Nothing is sent yet: look at the box below.", t)
}

type phraseView struct {
	Mine, Theirs say.Phrasebook
	Langs        []string
}

// phrasebook is GET /desk/phrases.
func (o *office) phrasebook(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	v := phraseView{Langs: say.PhraseLanguages}
	v.Mine, _ = say.Asking(phrases(r).Tag)
	tag := r.URL.Query().Get("l")
	if tag == "" {
		tag = "th"
	}
	v.Theirs, _ = say.Asking(tag)
	o.show(w, r, http.StatusOK, "phrases", "Phrases", s, v)
}
