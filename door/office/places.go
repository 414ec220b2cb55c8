package office

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"homeward/know/hotline"
	"homeward/work/casework"
	"homeward/work/desk"
)

type placesView struct {
	Held, Safe []casework.Place
	Lists      lists
}

// places is GET /desk/places.
func (o *office) places(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	all, err := o.Cases.Places(r.Context(), s)
	if o.caseFailed(w, r, err) {
		return
	}
	v := placesView{Lists: lists{Tag: phrases(r).Tag}}
	for _, p := range all {
		if p.Safe {
			v.Safe = append(v.Safe, p)
		} else {
			v.Held = append(v.Held, p)
		}
	}
	o.show(w, r, http.StatusOK, "places", "Places", s, v)
}

type placeView struct {
	Message string
	P       casework.Place
	New     bool
	Names   string
	Cases   []casework.Summary // that speak of it
	Lists   lists
	Me      string
}

// place is GET /desk/places/{id}; "held" and "safe" are empty forms.
func (o *office) place(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	id := r.PathValue("id")
	if id == "held" || id == "safe" {
		o.showPlace(w, r, s, http.StatusOK, casework.Place{Safe: id == "safe"}, "")
		return
	}
	p, ok := o.findPlace(w, r, s, id)
	if ok {
		o.showPlace(w, r, s, http.StatusOK, p, "")
	}
}

func (o *office) findPlace(w http.ResponseWriter, r *http.Request, s *desk.Session, id string) (casework.Place, bool) {
	all, err := o.Cases.Places(r.Context(), s)
	if o.caseFailed(w, r, err) {
		return casework.Place{}, false
	}
	i := slices.IndexFunc(all, func(p casework.Place) bool { return p.ID == id })
	if i < 0 {
		o.fail(w, r, http.StatusNotFound, "There is no such place among those you know of.")
		return casework.Place{}, false
	}
	return all[i], true
}

func (o *office) showPlace(w http.ResponseWriter, r *http.Request, s *desk.Session, status int, p casework.Place, message string) {
	v := placeView{Message: message, P: p, New: p.ID == "", Names: strings.Join(p.Names, "\n"), Lists: lists{hotline.Default().Countries(), o.colleagues(r, s), phrases(r).Tag}, Me: s.Member}
	if !p.Safe && p.ID != "" {
		rows, _, err := o.Cases.Board(r.Context(), s)
		if o.caseFailed(w, r, err) {
			return
		}
		for _, c := range rows {
			if slices.ContainsFunc(c.Places, p.Is) {
				v.Cases = append(v.Cases, c)
			}
		}
	}
	o.show(w, r, status, "place", "Place", s, v)
}

// savePlace is POST /desk/places/{id}.
func (o *office) savePlace(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	f, id := r.PostFormValue, r.PathValue("id")
	p := casework.Place{
		Safe: id == "safe", Names: strings.Split(strings.ReplaceAll(f("names"), "\r\n", "\n"), "\n"), Country: f("country"), District: f("district"), Position: f("position"),
		Room: f("room"), Needs: f("needs"), Reach: f("reach"), Notes: f("notes"), Known: f("known") == "yes", Members: r.PostForm["with"],
	}
	p.Revision, _ = strconv.ParseInt(f("revision"), 10, 64)
	if id != "held" && id != "safe" {
		old, ok := o.findPlace(w, r, s, id)
		if !ok {
			return
		}
		p.ID, p.Safe = old.ID, old.Safe
	}
	_, err := o.Cases.SavePlace(r.Context(), s, p)
	var bad *casework.Invalid
	switch ph := phrases(r); {
	case errors.As(err, &bad):
		m := ph.T("Not kept.") + " " + ph.T(placeWords[bad.Field]) + ": " + ph.T(refusals[bad.Why])
		if bad.Meant != "" {
			m += " " + bad.Meant
		}
		o.showPlace(w, r, s, http.StatusUnprocessableEntity, p, m)
	case errors.Is(err, casework.ErrConflict):
		o.showPlace(w, r, s, http.StatusConflict, p, ph.T("Not kept: a colleague changed this since you opened the page. Open it again in another window, and compare."))
	case !o.caseFailed(w, r, err):
		http.Redirect(w, r, "/desk/places", http.StatusSeeOther)
	}
}

var placeWords = map[string]string{"names": "Names, one a line, in every language", "notes": "Notes", "position": "Position", "country": "Country"}
