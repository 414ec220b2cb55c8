package office

import (
	"cmp"
	"errors"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"

	"homeward/form/clean"
	"homeward/form/say"
	"homeward/work/desk"
	"homeward/work/intake"
)

type reportView struct {
	desk.Reading
	Message string
	typed
	Now      time.Time
	Head     string // of the assessment
	Names    map[string]string
	Members  []desk.Colleague // to whom it can be given
	Book     say.Phrasebook   // in the member's language
	AskLangs []string
}

// typed is what a member has written on the page of a report. Whatever button they
// press, it is still there.
type typed struct {
	Draft, NoteDraft, Other, Reason, AskLang string
	JudgeOpen, AskOpen                       bool
}

func typedOn(r *http.Request) typed {
	f := r.PostFormValue
	return typed{Draft: f("text"), NoteDraft: f("note"), Other: f("other"), Reason: f("reason"), AskLang: f("ask-lang")}
}

// none says whether nothing is written.
func (t typed) none() bool {
	return strings.TrimSpace(t.Draft+t.NoteDraft+t.Other+t.Reason) == ""
}

// report is GET /desk/r/{id}.
func (o *office) report(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	o.read(w, r, s, http.StatusOK, "", typed{})
}

func (o *office) read(w http.ResponseWriter, r *http.Request, s *desk.Session, status int, message string, t typed) {
	if o.keyless(w, r, s) {
		return
	}
	got, err := o.Desk.Read(r.Context(), s, r.PathValue("id"))
	switch {
	case errors.Is(err, desk.ErrNone):
		o.fail(w, r, http.StatusNotFound, "There is no such report. It may have been withdrawn and erased.")
		return
	case err != nil:
		o.Log.Error("a report could not be opened", "error", err)
		o.fail(w, r, http.StatusInternalServerError, "This report does not open with your keys. It stays as it is.")
		return
	}
	tag := phrases(r).Tag
	v := reportView{Reading: got, Message: message, typed: t, Now: o.Now(), Head: say.Default().In(tag).Say("answer." + got.Assessment.Level.String()), AskLangs: say.PhraseLanguages}
	v.Book, _ = say.Asking(tag)
	if v.AskLang == "" {
		theirs := got.Report.Lang
		if len(got.Summary.Spoken) > 0 {
			theirs = got.Summary.Spoken[0]
		}
		book, _ := say.Asking(theirs)
		v.AskLang = book.Tag
	}
	m, err := o.Desk.Members(r.Context(), s)
	if err != nil {
		o.broken(w, r, err)
		return
	}
	v.Names = map[string]string{}
	for _, c := range m.All {
		v.Names[c.ID] = c.Login
		if c.State == "active" && desk.May(c.Roles, desk.AnswerReports) {
			v.Members = append(v.Members, c)
		}
	}
	o.show(w, r, status, "report", "Report", s, v)
}

// keyless tells a member who waits for keys so, where keys are needed.
func (o *office) keyless(w http.ResponseWriter, r *http.Request, s *desk.Session) bool {
	if !s.Keyless() {
		return false
	}
	o.fail(w, r, http.StatusConflict, "You have no keys of this desk yet. A coordinator gives them at their next sign-in, on the page Members; then sign in again.")
	return true
}

// answer is POST /desk/r/{id}/answer. What was typed is never lost: it comes back
// with what went wrong.
func (o *office) answer(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	if o.keyless(w, r, s) {
		return
	}
	t := typedOn(r)
	text := t.Draft
	revision, _ := strconv.ParseInt(r.PostFormValue("revision"), 10, 64)
	err := o.Desk.Answer(r.Context(), s, r.PathValue("id"), text, revision)
	var long *intake.Invalid
	switch {
	case err == nil && t.NoteDraft+t.Other+t.Reason != "":
		t.Draft = ""
		o.read(w, r, s, http.StatusOK, "The answer is sent. What else you had written is still here.", t)
	case err == nil:
		http.Redirect(w, r, "/desk", http.StatusSeeOther)
	case errors.Is(err, desk.ErrNone):
		o.gone(w, r)
	case errors.Is(err, desk.ErrConflict):
		o.read(w, r, s, http.StatusConflict, "Not sent: something came in, or a colleague answered, since you opened this page. It is below; your words are still in the box.", t)
	case errors.Is(err, desk.ErrEmpty):
		o.read(w, r, s, http.StatusUnprocessableEntity, "Not sent: nothing is written.", t)
	case errors.As(err, &long):
		o.read(w, r, s, http.StatusUnprocessableEntity, "Not sent: it is longer than 20,000 characters.", t)
	default:
		o.Log.Error("an answer was not kept", "error", err)
		o.read(w, r, s, http.StatusServiceUnavailable, "Not sent. Your words are still in the box. Try again.", t)
	}
}

// worked is POST /desk/r/{id}/worked.
func (o *office) worked(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	if o.keyless(w, r, s) {
		return
	}
	t := typedOn(r)
	if !t.none() {
		o.read(w, r, s, http.StatusUnprocessableEntity, "Not done: something is written on this page. Send or keep it, or empty the boxes.", t)
		return
	}
	revision, _ := strconv.ParseInt(r.PostFormValue("revision"), 10, 64)
	switch err := o.Desk.Worked(r.Context(), s, r.PathValue("id"), revision); {
	case err == nil:
		http.Redirect(w, r, "/desk", http.StatusSeeOther)
	case errors.Is(err, desk.ErrNone):
		o.gone(w, r)
	case errors.Is(err, desk.ErrConflict):
		o.read(w, r, s, http.StatusConflict, "Something came in since you opened this page. It is below.", t)
	default:
		o.Log.Error("a report was not marked", "error", err)
		o.read(w, r, s, http.StatusServiceUnavailable, "Not done. Try again.", t)
	}
}

// mute is POST /desk/r/{id}/mute, with on or off.
func (o *office) mute(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	if o.keyless(w, r, s) {
		return
	}
	t := typedOn(r)
	switch err := o.Desk.Mute(r.Context(), s, r.PathValue("id"), r.PostFormValue("mute") == "on"); {
	case errors.Is(err, desk.ErrNone):
		o.gone(w, r)
	case err != nil:
		o.Log.Error("a report was not muted", "error", err)
		o.read(w, r, s, http.StatusServiceUnavailable, "Not done. Try again.", t)
	case !t.none():
		o.read(w, r, s, http.StatusOK, "Done. What you had written is still here.", t)
	default:
		http.Redirect(w, r, "/desk", http.StatusSeeOther)
	}
}

// gone is for a report that there is not, or no more.
func (o *office) gone(w http.ResponseWriter, r *http.Request) {
	o.fail(w, r, http.StatusNotFound, "There is no such report. It may have been withdrawn and erased.")
}

type newView struct {
	Message   string
	Report    intake.Report
	Nonce     string
	Kinds     []string
	Relations []string
}

// newForm is GET /desk/new: a report told by phone, or a thread from a messenger.
func (o *office) newForm(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	o.show(w, r, http.StatusOK, "new", "Take a report", s, newView{Nonce: intake.Nonce(), Kinds: intake.Kinds, Relations: intake.Relations})
}

// typeIn is POST /desk/new; the code is there to be read out. The words are received
// first, and then the files, each by itself.
func (o *office) typeIn(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	f, err := readSent(r)
	again := func(status int, message string) {
		if f.passOver(); f.files {
			message += " The files were not kept either: choose them again."
		}
		o.show(w, r, status, "new", "Take a report", s, newView{message, f.typed(), cmp.Or(f.Get("n"), intake.Nonce()), intake.Kinds, intake.Relations})
	}
	var tooMuch *http.MaxBytesError
	switch {
	case errors.Is(err, errWords), errors.As(err, &tooMuch):
		again(http.StatusRequestEntityTooLarge, "Not kept: what is in the boxes is more than 1 MB. The start of it is below; all of it is still on the page before this one.")
		return
	case err != nil:
		again(http.StatusBadRequest, "Not kept: the form did not arrive whole. What arrived is below; all of it is still on the page before this one.")
		return
	case f.next != nil && f.Get("text") == "":
		if f.passOver(); f.Get("text") != "" {
			again(http.StatusUnprocessableEntity, "Not kept: the files came before the words; a script must send files last. What you typed is below.")
			return
		}
	}
	rep := f.typed()
	got, err := o.Desk.TypeIn(r.Context(), s, f.Get("n"), rep)
	if err != nil {
		message := "Not kept. What you typed is still on this page. Try again."
		status := http.StatusServiceUnavailable
		var i *intake.Invalid
		if errors.As(err, &i) {
			status = http.StatusUnprocessableEntity
			message = map[string]string{"empty": "Not kept: the account is empty.", "long": "Not kept: one of the boxes holds too much.", "choice": "Not kept: choose again."}[i.Why]
		} else {
			o.Log.Error("a report was not kept", "error", err)
		}
		again(status, message)
		return
	}
	v := codeView{Digits: got.Digits(), Words: got.Words("en"), Hant: got.Words("zh-Hant")}
	o.attachAll(r, s, got, f, &v)
	o.show(w, r, http.StatusOK, "code", "Code to read out", s, v)
}

// fileName is a file's name without marks of direction, by which a program could
// look like a picture (Trojan Source, CVE-2021-42574).
func fileName(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, s)
	return cmp.Or(strings.TrimSpace(s), "file")
}

// file is GET /desk/r/{id}/f/{file}: the file as it came, always as a download.
func (o *office) file(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	if o.keyless(w, r, s) {
		return
	}
	f, b, err := o.Desk.File(r.Context(), s, r.PathValue("id"), r.PathValue("file"))
	switch {
	case errors.Is(err, desk.ErrNone):
		o.fail(w, r, http.StatusNotFound, "There is no such file.")
		return
	case err != nil:
		o.Log.Error("a file could not be opened", "error", err)
		o.fail(w, r, http.StatusInternalServerError, "This file does not open, or is not what it was when it arrived.")
		return
	}
	download(w, f.Name, b)
}

// copyView is what was left out of a working copy, or that there is none.
type copyView struct {
	File    intake.File
	Back    string
	Removed []string
	Missing []string
	None    string
	Type    string
}

// copied is GET /desk/r/{id}/f/{file}/copy: what a working copy leaves out; with
// ?get the copy itself.
func (o *office) copied(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	if o.keyless(w, r, s) {
		return
	}
	f, b, err := o.Desk.File(r.Context(), s, r.PathValue("id"), r.PathValue("file"))
	if err != nil {
		o.fail(w, r, http.StatusNotFound, "There is no such file, or it does not open.")
		return
	}
	get := r.URL.Query().Has("get")
	making := o.Copier.Preview
	if get {
		making = o.Copier.Copy
	}
	c, err := making(r.Context(), b)
	if err == nil && get {
		// Neither the name that the sender's device gave it.
		download(w, "copy"+ending(c.Type), c.Copy)
		return
	}
	v := copyView{File: f, Back: "/desk/r/" + r.PathValue("id"), Removed: c.Removed, Missing: c.Missing, Type: c.Type}
	if err != nil {
		v.None = strings.TrimPrefix(err.Error(), clean.ErrNoCopy.Error()+": ")
	}
	o.show(w, r, http.StatusOK, "copy", "Working copy", s, v)
}

// download sends bytes that no browser shows by itself.
func download(w http.ResponseWriter, name string, b []byte) {
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": fileName(name)}))
	_, _ = w.Write(b)
}

// Gone says what a working copy leaves out; what has no words in a language stays
// English.
func (v view) Gone(what string) string {
	const seen = "seen in this file: "
	if rest, ok := strings.CutPrefix(what, seen); ok {
		return v.T(seen) + v.T(rest)
	}
	return v.T(what)
}

// ending gives a file's ending by its type.
func ending(mediaType string) string {
	return map[string]string{
		"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "image/heic": ".heic", "image/heif": ".heif", "image/avif": ".avif",
		"application/pdf": ".pdf", "audio/ogg": ".ogg", "audio/amr": ".amr", "audio/amr-wb": ".awb", "audio/mp4": ".m4a", "video/mp4": ".mp4", "video/quicktime": ".mov", "video/3gpp": ".3gp",
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
	}[mediaType]
}
