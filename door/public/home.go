package public

import "net/http"

// homeView is the check page. Text and Message are there when something has to
// be corrected first.
type homeView struct {
	Site
	Message  string
	Text     string
	Examples []Example
	Warned   bool // something has been published
}

// home is GET /: a box for the text, a field for a picture, one button.
func (d *door) home(w http.ResponseWriter, r *http.Request) {
	s := d.site(r, "/", "check")
	key, all := "home", d.published(r.Context())
	if len(all) > 0 {
		key = "home warned"
	}
	d.still(w, r, s, key, "home", func() any { return homeView{Site: s, Examples: d.Examples, Warned: len(all) > 0} })
}

// back shows the check page again with what was typed and what to do.
func (d *door) back(w http.ResponseWriter, r *http.Request, s Site, status int, message, text string) {
	d.show(w, r, status, "home", homeView{Site: s, Message: message, Text: text, Examples: d.Examples})
}
