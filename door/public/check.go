package public

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strings"
	"unicode/utf8"

	"homeward/form/picture"
	"homeward/know/lure"
	"homeward/work/check"
)

// check is POST /: the answer, or the form again with what went wrong.
func (d *door) check(w http.ResponseWriter, r *http.Request) {
	if err := d.slow.wait(r.Context(), r, d.Now()); err != nil {
		a := d.readWords(w, r)
		defer a.free()
		d.refuse(w, r, d.siteIn(r, cmp.Or(a.fields["l"], r.URL.Query().Get("l")), "/", "check"), err, a)
		return
	}
	a, err := d.readForm(w, r)
	defer a.free()
	s := d.siteIn(r, cmp.Or(a.fields["l"], r.URL.Query().Get("l")), "/", "check")
	if err != nil {
		d.refuse(w, r, s, err, a)
		return
	}
	if !utf8.ValidString(a.text) {
		clean := strings.ToValidUTF8(a.text, "\uFFFD")
		d.back(w, r, s, http.StatusBadRequest, s.T("error.letters"), clean)
		return
	}
	found, err := d.assess(r.Context(), a, s.Voice.Tag)
	if err != nil && found.Text == "" {
		d.refuse(w, r, s, err, a)
		return
	}
	s.Name, s.Again = "answer", "again"
	v := d.answer(s, found.Assessment, found.Text, a.answers(), len(a.picture) > 0)
	if err != nil { // its words could not be read, but a code in it could
		_, v.Message = d.refusal(s, err)
	}
	d.show(w, r, http.StatusOK, "answer", v)
}

// assess screens the text, or reads the picture first. A picture's words stand
// after what was typed. The result's Text is what was assessed.
func (d *door) assess(ctx context.Context, a *asked, lang string) (check.Result, error) {
	typed := strings.TrimSpace(a.text)
	if len(a.picture) == 0 {
		if typed == "" {
			return check.Result{}, check.ErrEmpty
		}
		found, err := d.Check.Text(lure.Request{Text: a.text, Lang: lang, Answers: a.answers()})
		if err == nil {
			found.Text = a.text
		}
		return found, err
	}
	ctx, cancel := context.WithTimeout(ctx, timeLeft)
	defer cancel()
	read, err := d.Check.Picture(ctx, a.picture, lang)
	if typed == "" || read.Text == "" {
		return read, err
	}
	text := typed + "\n\n" + read.Text
	found, ferr := d.Check.Text(lure.Request{Text: text, Lang: lang, Answers: a.answers()})
	if ferr != nil {
		return check.Result{}, ferr
	}
	found.Text = text
	return found, err
}

// refuse says why there is no answer, with the form and the text still there.
func (d *door) refuse(w http.ResponseWriter, r *http.Request, s Site, err error, a *asked) {
	status, message := d.refusal(s, err)
	later(w, status)
	switch {
	case a.cut && a.text != "":
		message += " " + s.T("again.cut")
	case a.text == "" && errors.Is(err, errForm):
		message += " " + s.T("again.lost")
	}
	if a.file && errors.Is(err, errCrowd) {
		message += " " + s.T("again.file")
	}
	d.back(w, r, s, status, message, strings.ToValidUTF8(a.text, "\uFFFD"))
}

// refusal gives an error's status, and the words for it.
func (d *door) refusal(s Site, err error) (int, string) {
	k := foreseen(err)
	if k.key == "error.busy" {
		return k.status, s.T(k.key, "N", max(1, d.Waiting()))
	}
	return k.status, s.T(k.key)
}

// retryAfter is how many seconds to wait before trying again.
const retryAfter = 60

// refused is an error, and what is answered to it.
type refused struct {
	err    error
	status int
	key    string
}

// refusals are the errors that were foreseen.
var refusals = []refused{
	{check.ErrBusy, http.StatusServiceUnavailable, "error.busy"},
	{check.ErrTooSlow, http.StatusServiceUnavailable, "error.slow"},
	{context.DeadlineExceeded, http.StatusServiceUnavailable, "error.slow"},
	{errCrowd, http.StatusServiceUnavailable, "error.crowd"},
	{check.ErrEmpty, http.StatusUnprocessableEntity, "error.empty"},
	{check.ErrNoText, http.StatusUnprocessableEntity, "error.no_text"},
	{picture.ErrBroken, http.StatusUnprocessableEntity, "error.damaged"},
	{picture.ErrNotPicture, http.StatusUnsupportedMediaType, "error.not_picture"},
	{picture.ErrTooLarge, http.StatusRequestEntityTooLarge, "error.huge"},
	{check.ErrTooLong, http.StatusRequestEntityTooLarge, "error.long"},
	{errHeavy, http.StatusRequestEntityTooLarge, "error.heavy"},
	{check.ErrNoReader, http.StatusNotImplemented, "error.no_reader"},
	{errForm, http.StatusBadRequest, "error.form"},
}

// foreseen finds an error among them, or says that something is broken.
func foreseen(err error) refused {
	for _, k := range refusals {
		if errors.Is(err, k.err) {
			return k
		}
	}
	return refused{err, http.StatusInternalServerError, "error.broken"}
}
