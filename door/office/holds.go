package office

import (
	"errors"
	"net/http"
	"strings"

	"homeward/work/desk"
	"homeward/work/retention"
)

type holdsView struct {
	Message string
	All     []retention.Hold
	Item    string // for a new one
	Reason  string
	Members map[string]string
}

// holds is GET /desk/holds: what is kept from being erased by age, and why.
func (o *office) holds(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	o.showHolds(w, r, s, http.StatusOK, holdsView{Item: r.URL.Query().Get("item")})
}

func (o *office) showHolds(w http.ResponseWriter, r *http.Request, s *desk.Session, status int, v holdsView) {
	all, err := o.Age.Holds(r.Context(), s)
	if o.caseFailed(w, r, err) {
		return
	}
	v.All, v.Members = all, o.logins(r, s)
	o.show(w, r, status, "holds", "Kept from being erased", s, v)
}

// hold is POST /desk/holds, with do hold or release.
func (o *office) hold(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	v := holdsView{Item: strings.TrimSpace(r.PostFormValue("item")), Reason: r.PostFormValue("reason")}
	do := o.Age.Hold
	if r.PostFormValue("do") == "release" {
		do = o.Age.Release
	}
	err := do(r.Context(), s, v.Item, v.Reason)
	switch {
	case errors.Is(err, retention.ErrReason):
		v.Message = "Not done: write why. Whoever comes after you must be able to judge it."
		o.showHolds(w, r, s, http.StatusUnprocessableEntity, v)
	case errors.Is(err, retention.ErrNone):
		v.Message = "Not done: there is no such report or case."
		o.showHolds(w, r, s, http.StatusNotFound, v)
	case !o.caseFailed(w, r, err):
		http.Redirect(w, r, "/desk/holds", http.StatusSeeOther)
	}
}
