package office

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"homeward/work/desk"
)

type accountView struct {
	Message   string
	Languages string
	Keys      bool // languages are sealed with the desk's keys
	Choose    chooseView
}

// account is GET /desk/account.
func (o *office) account(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	o.own(w, r, s, http.StatusOK, "")
}

func (o *office) own(w http.ResponseWriter, r *http.Request, s *desk.Session, status int, message string) {
	m, err := o.Desk.Members(r.Context(), s)
	if err != nil {
		o.memberTrouble(w, r, err)
		return
	}
	v := accountView{Message: message, Keys: !s.Keyless(), Choose: o.choosing(r, "", r.PostFormValue("second"))}
	if i := slices.IndexFunc(m.All, func(c desk.Colleague) bool { return c.ID == s.Member }); i >= 0 {
		v.Languages = strings.Join(m.All[i].Languages, " ")
	}
	if typed := r.PostFormValue("languages"); typed != "" {
		v.Languages = typed
	}
	o.show(w, r, status, "account", "My account", s, v)
}

// languages is POST /desk/account/languages.
func (o *office) languages(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	tags := strings.FieldsFunc(r.PostFormValue("languages"), func(c rune) bool { return strings.ContainsRune(" ,;、，\t\n", c) })
	switch err := o.Desk.SetLanguages(r.Context(), s, tags); {
	case err == nil:
		http.Redirect(w, r, "/desk/account", http.StatusSeeOther)
	case errors.Is(err, desk.ErrLanguage):
		o.own(w, r, s, http.StatusUnprocessableEntity, "Not kept: write languages as tags, such as th, vi, zh-Hant.")
	case errors.Is(err, desk.ErrKeyless):
		o.own(w, r, s, http.StatusConflict, "Not done: you have no keys of this desk yet.")
	default:
		o.broken(w, r, err)
	}
}

// newPassphrase is POST /desk/account/passphrase.
func (o *office) newPassphrase(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	f := r.PostFormValue
	if f("fresh") != f("again") {
		o.own(w, r, s, http.StatusUnprocessableEntity, "Not done: the two passphrases are not the same.")
		return
	}
	o.renewed(w, r, s, o.Desk.NewPassphrase(r.Context(), s, f("passphrase"), f("code"), f("fresh")))
}

// newAuthenticator is POST /desk/account/authenticator.
func (o *office) newAuthenticator(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	f := r.PostFormValue
	second, err := desk.SecondOf(f("second"))
	if err == nil {
		err = o.Desk.NewAuthenticator(r.Context(), s, f("passphrase"), f("old"), second, f("code"))
	}
	o.renewed(w, r, s, err)
}

// renewed asks to sign in with what was changed.
func (o *office) renewed(w http.ResponseWriter, r *http.Request, s *desk.Session, err error) {
	if err == nil {
		o.askSignIn(w, r, http.StatusOK, "It is changed. Sign in anew.")
		return
	}
	if status, message := chosenBadly(err); message != "" {
		o.own(w, r, s, status, message)
		return
	}
	if errors.Is(err, desk.ErrConflict) {
		o.own(w, r, s, http.StatusConflict, "Not done: something was changed meanwhile. Look again.")
		return
	}
	o.broken(w, r, err)
}
