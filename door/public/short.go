package public

import (
	"net/http"

	"homeward/work/intake"
)

// shortView is one box and one button, and what comes after it.
type shortView struct {
	Site
	Door    intake.Door
	Message string
	Text    string
	Where   string
	Danger  bool
	Nonce   string
	Sent    bool
	Digits  []string
	Back    string // where to come back
}

// shortAgain shows the page as it stands in another language, and sends nothing.
const shortAgain = "/s?again"

// shortForm is GET /s.
func (d *door) shortForm(w http.ResponseWriter, r *http.Request) {
	s := d.site(r, "/s", "short")
	door, ok := d.opened(w, r, s, nil)
	if !ok {
		return
	}
	s.Again, s.AgainTo = "short", shortAgain
	d.show(w, r, http.StatusOK, "short", shortView{Site: s, Door: door, Nonce: intake.Nonce()})
}

// short is POST /s. First it keeps the few words; asked again with show, it gives
// the code, as numbers, to who wants one. It can be worse to be found with a code
// than to have none.
func (d *door) short(w http.ResponseWriter, r *http.Request) {
	a, s, ok := d.told(w, r, "/s", "short")
	defer a.free()
	if !ok {
		return
	}
	door, ok := d.opened(w, r, s, a)
	if !ok {
		return
	}
	s.Again, s.AgainTo = "short", shortAgain
	v := shortView{Site: s, Door: door, Text: a.fields["text"], Where: a.fields["where"], Danger: a.fields["danger"] == "yes", Nonce: nonceOf(a)}
	rep := intake.Report{Text: v.Text, Where: v.Where, Danger: v.Danger, Lang: s.Voice.Tag}
	if a.fields["show"] != "" {
		got := intake.CodeFor(v.Nonce)
		if _, err := d.Intake.Visit(r.Context(), got); err != nil {
			d.notOpened(w, r, backView{Site: s}, err) // nothing arrived under it: no number to come back with
			return
		}
		v.Sent, v.Digits, v.Back = true, got.Digits(), comeBackTo(r)
		d.showSecret(w, r, http.StatusOK, "short", v)
		return
	}
	if r.URL.Query().Has("again") {
		v.Sent = a.fields["sent"] != ""
		d.showSecret(w, r, http.StatusOK, "short", v)
		return
	}
	if _, err := d.Intake.Receive(r.Context(), v.Nonce, rep); err != nil {
		status, key, _ := d.notKept(err)
		later(w, status)
		if key == "tell.empty" { // its box has another name
			key = "again.empty"
		}
		v.Message = notSent(s, key)
		d.showSecret(w, r, status, "short", v)
		return
	}
	v.Sent, v.Text = true, ""
	d.showSecret(w, r, http.StatusOK, "short", v)
}
