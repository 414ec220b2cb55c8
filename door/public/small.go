package public

import (
	"net/http"

	"homeward/form/say"
	"homeward/know/hotline"
)

// helpView is for somebody who is held or looks for somebody.
type helpView struct {
	Site
	Picker picker
}

// help is GET /h.
func (d *door) help(w http.ResponseWriter, r *http.Request) {
	s := d.site(r, "/h", "help")
	d.still(w, r, s, "help", "help", func() any { return helpView{s, d.picker(s, hotline.There, false)} })
}

// leaveQuickly is GET /x: to an ordinary page, at once. The browser is asked to
// drop what it keeps of this site; what that does not remove stands on /x/why.
func (d *door) leaveQuickly(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("Clear-Site-Data", `"cache", "storage"`)
	h.Set("Location", d.LeaveTo)
	w.WriteHeader(http.StatusSeeOther)
}

type whyView struct {
	Site
	Target string
}

// why is GET /x/why.
func (d *door) why(w http.ResponseWriter, r *http.Request) {
	s := d.site(r, "/x/why", "why")
	d.still(w, r, s, "why", "why", func() any { return whyView{s, d.leave} })
}

type aboutView struct {
	Site
	Operator Operator
	Review   []reviewed
}

type reviewed struct {
	*say.Voice
}

// about is GET /about.
func (d *door) about(w http.ResponseWriter, r *http.Request) {
	s := d.site(r, "/about", "about")
	d.still(w, r, s, "about", "about", func() any {
		v := aboutView{Site: s, Operator: d.Operator}
		for _, tag := range d.Say.Tags() {
			v.Review = append(v.Review, reviewed{d.Say.In(tag)})
		}
		return v
	})
}

// missing answers every address that is not here.
func (d *door) missing(w http.ResponseWriter, r *http.Request) {
	d.fail(w, r, "error.missing", http.StatusNotFound)
}

// otherMethod answers a method that an address does not take.
func (d *door) otherMethod(allow string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", allow)
		d.fail(w, r, "error.method", http.StatusMethodNotAllowed)
	}
}

func health(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("ok\n"))
}

// icon is empty: a tab that shows no picture is the quieter one.
func icon(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }
