package office

import (
	"errors"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"homeward/work/desk"
)

type signInView struct {
	Message, Hint string
	draft
}

// draft is what a member had typed when their keys were dropped. It waits in the
// sign-in form, so that no word is lost, and goes on from there.
type draft struct {
	To    string // the form's address
	Kept  []field
	Files bool // files were with it, which do not wait
}

type field struct{ Name, Value string }

// forms are the addresses that a draft can go on to: every form behind the sign-in.
var (
	forms   = regexp.MustCompile(`^/desk/[a-zA-Z0-9/-]{1,120}$`)
	noDraft = []string{"/desk/in", "/desk/out", "/desk/lang"}
)

// draftOf takes up what was typed: from a form that came too late, or from the
// sign-in form that carries it.
func draftOf(r *http.Request) (d draft) {
	carried := r.URL.Path == "/desk/in"
	if d.To = r.URL.Path; carried {
		d.To = r.PostFormValue("to")
	}
	if r.Method != http.MethodPost || !forms.MatchString(d.To) || slices.Contains(noDraft, d.To) {
		return draft{}
	}
	f, _ := readSent(r) // what could be read of it
	f.passOver()
	d.Files = f.files
	for _, name := range slices.Sorted(maps.Keys(f.Values)) {
		kept, ok := strings.CutPrefix(name, "k-")
		if !carried {
			kept, ok = name, true
		}
		if ok && len(d.Kept) < 30 {
			d.Kept = append(d.Kept, field{kept, f.Get(name)})
		}
	}
	return d
}

func (o *office) askSignIn(w http.ResponseWriter, r *http.Request, status int, message string) {
	v := signInView{Message: message, draft: draftOf(r)}
	if o.Hint != nil {
		v.Hint = o.Hint()
	}
	o.show(w, r, status, "signin", "Sign in", nil, v)
}

// signIn is POST /desk/in.
func (o *office) signIn(w http.ResponseWriter, r *http.Request) {
	token, err := o.Desk.SignIn(r.Context(), r.PostFormValue("name"), r.PostFormValue("passphrase"), r.PostFormValue("code"))
	switch {
	case errors.Is(err, desk.ErrSignIn):
		o.askSignIn(w, r, http.StatusForbidden, "Name, passphrase or code is wrong, or the code was used already. A new code comes every 30 seconds.")
		return
	case errors.Is(err, desk.ErrBusy):
		o.askSignIn(w, r, http.StatusServiceUnavailable, "Many sign in at this moment. Try again in a minute.")
		return
	case errors.Is(err, desk.ErrStrangeKey), errors.Is(err, desk.ErrForged):
		o.Log.Error("sign-in stopped: a key in the database is not this desk's")
		o.askSignIn(w, r, http.StatusConflict, "Stopped: a key in the database was not made by this desk. Somebody has changed the database. Shut the door, keep the disk as it is, and compare the ledger with a checkpoint kept elsewhere.")
		return
	case err != nil:
		o.Log.Error("sign-in failed", "error", err)
		o.askSignIn(w, r, http.StatusInternalServerError, "That did not work, and not because of you. Try again; if it stays so, look into the server's log.")
		return
	}
	http.SetCookie(w, &http.Cookie{Name: cookie, Value: token, Path: "/desk", HttpOnly: true, Secure: o.Secure, SameSite: http.SameSiteStrictMode})
	if s, err := o.Desk.Session(token); err == nil {
		if err := o.Desk.TurnEpochs(r.Context(), s); err != nil {
			o.Log.Error("the intake key could not be turned", "error", err)
		}
	}
	if d := draftOf(r); d.To != "" {
		s, err := o.Desk.Session(token)
		if err == nil {
			o.show(w, r, http.StatusOK, "kept", "Go on", s, d)
			return
		}
	}
	http.Redirect(w, r, "/desk", http.StatusSeeOther)
}

// signOut is POST /desk/out.
func (o *office) signOut(w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie(cookie); err == nil {
		o.Desk.SignOut(c.Value)
	}
	http.SetCookie(w, &http.Cookie{Name: cookie, Path: "/desk", MaxAge: -1, HttpOnly: true, Secure: o.Secure, SameSite: http.SameSiteStrictMode})
	w.Header().Set("Clear-Site-Data", `"cache", "storage"`)
	http.Redirect(w, r, "/desk", http.StatusSeeOther)
}
