package public

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"homeward/work/intake"
)

// No typed word may be lost. When a form for the desk cannot be taken, because of a
// crowd, a store that does not answer, a body that is too large or broken, or a fault
// of ours, its words go back to who typed them, in a form that sends them again.

// writtenAt says what a form's fields are, at each address to which people write.
var writtenAt = map[string]struct {
	fields []string // all of them
	words  []string // those that people type into, the most important first
	labels []string // what stands before each where it is shown
	act    string   // says what is to be done
	same   []string // values of act that change nothing when they are sent twice
}{
	"/t": {
		fields: []string{"at", "held", "kind", "relation", "danger", "text", "who", "where", "when", "lure", "contact", "safe", "unsafe", "first", "duress", "consent"},
		words:  []string{"text", "lure", "who", "where", "when", "contact", "safe", "unsafe", "duress"},
		labels: []string{"tell.text"},
		act:    "step", same: []string{"code"},
	},
	"/s": {
		fields: []string{"sent", "text", "where", "danger"},
		words:  []string{"text", "where"},
		labels: []string{"short.text"},
		act:    "show", same: []string{"1"},
	},
	"/b": {
		fields: []string{"v", "n", "code", "text", "danger", "day"},
		words:  []string{"text", "code"},
		labels: []string{"box.add", "box.code"},
		act:    "do", same: []string{"look", "talk", "talk-in", "delete", "deleted"},
	},
}

// againView gives back what was typed.
type againView struct {
	Site
	Message []string
	Whole   bool // everything that was typed is on the page
	To      string
	Hidden  []field
	Words   field  // stands in a box, to be seen
	Label   string // before it
	Act     field  // what the button does again
	Button  string
}

// carryAct keeps what was to be done while the page is shown in another language: its
// buttons of languages send the form without doing it.
const carryAct = "act"

// again gives a visitor's words back, with a button that sends them again. Where none
// could be read it says how to get at them.
func (d *door) again(w http.ResponseWriter, r *http.Request, a *asked, status int, key string) {
	later(w, status)
	s := d.siteIn(r, cmp.Or(a.fields["l"], r.URL.Query().Get("l")), r.URL.Path, "again")
	v, ok := givenBack(s, r, a)
	if !ok {
		message := []string{s.T(key)}
		if key == "again.part" {
			message = nil
		}
		d.show(w, r, status, "error", errorView{Site: s, Message: strings.Join(append(message, s.T("again.lost")), " ")})
		return
	}
	v.Message = []string{s.T(key)}
	if a.cut {
		v.Message = append(v.Message, s.T("again.cut"))
	}
	if a.file {
		v.Message = append(v.Message, s.T("again.file"))
	}
	v.Whole = !a.cut && key != "again.part"
	d.showSecret(w, r, status, "again", v)
}

// givenBack is the form that holds everything again. ok is false if there is nothing
// in it that one would want to have back.
func givenBack(s Site, r *http.Request, a *asked) (v againView, ok bool) {
	of, known := writtenAt[r.URL.Path]
	if !known {
		return v, false
	}
	v = againView{Site: s, To: r.URL.Path, Button: s.T("again.send")}
	v.Again = "again"
	switch {
	case r.URL.Query().Has("again"): // it was only to be shown in another language
		v.To += "?again"
	case r.URL.Path == "/s":
		v.AgainTo = shortAgain
	}
	act := cmp.Or(a.fields[of.act], a.fields[carryAct])
	shown := -1
	for _, name := range of.fields {
		value := a.fields[name]
		if value == "" {
			continue
		}
		ok = ok || name != "at"
		v.Hidden = append(v.Hidden, field{name, value})
		if i := slices.Index(of.words, name); i >= 0 && i < len(of.labels) && (shown < 0 || i < shown) {
			shown, v.Words, v.Label = i, field{name, value}, s.T(of.labels[i])
		}
	}
	if act != "" {
		ok = true
		v.Hidden = append(v.Hidden, field{carryAct, act})
		if slices.Contains(of.same, act) {
			v.Hidden = append(v.Hidden, field{of.act, act})
		} else {
			v.Act = field{of.act, act}
		}
	}
	switch {
	case act == "delete-sure":
		v.Button = s.T("box.delete_sure")
	case act == "" && a.file: // back to where a file is chosen
		v.Button = s.T("box.attach_head")
	}
	v.Hidden = slices.DeleteFunc(v.Hidden, func(f field) bool { return f.Name == v.Words.Name })
	if ok && r.URL.Path != "/b" { // sent twice, it is still one report
		v.Hidden = append(v.Hidden, field{"n", nonceOf(a)})
	}
	return v, ok
}

// elsewhere says that a page of another site made a browser send this. Such a page could
// bring somebody into a mailbox of its own, or hand them the nonce of a code it knows;
// what they write then would be read by whoever made it. Browsers that do not say
// where a form came from, and scripts, are not asked.
func elsewhere(r *http.Request) bool {
	from := r.Header.Get("Sec-Fetch-Site")
	return from == "cross-site" || from == "same-site"
}

// fromElsewhere shows what another site sent, without its codes, and does nothing. A
// form that somebody had saved is sent like that too: its words are not lost.
func (d *door) fromElsewhere(w http.ResponseWriter, r *http.Request) {
	a := d.readWords(w, r)
	defer a.free()
	for _, name := range []string{"n", "v", "code", "act", "do", "step", "show", "sent"} {
		delete(a.fields, name)
	}
	if r.URL.Path == "/b" {
		s := d.siteIn(r, a.fields["l"], "/b", "back")
		s.Again, s.AgainTo = "back", backAgain
		d.show(w, r, http.StatusForbidden, "back", backView{Site: s})
		return
	}
	d.again(w, r, a, http.StatusForbidden, "again.elsewhere")
}

// nonceOf is the nonce of a form, or a new one where it has none that could be one.
func nonceOf(a *asked) string {
	if n := a.fields["n"]; len(n) >= 20 && len(n) <= 64 {
		return n
	}
	return intake.Nonce()
}

// shutView says that nobody stands behind the door. What was typed into an older page
// is there to be copied; there is no box and nothing that sends.
type shutView struct {
	againView
	Copy []string
}

// shut is the page of a door behind which nobody stands.
func (d *door) shut(w http.ResponseWriter, r *http.Request, s Site, a *asked) {
	v := shutView{againView: againView{Site: s}}
	if a != nil {
		if back, ok := givenBack(s, r, a); ok {
			v.againView = back
			if v.Words.Name != "" {
				v.Hidden = append(v.Hidden, v.Words)
			}
		}
		for _, name := range writtenAt[r.URL.Path].words {
			if value := a.fields[name]; value != "" && name != "code" {
				v.Copy = append(v.Copy, value)
			}
		}
	}
	d.showSecret(w, r, http.StatusServiceUnavailable, "shut", v)
}

// later says when to try again, to who is sent away for a while.
func later(w http.ResponseWriter, status int) {
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", strconv.Itoa(retryAfter))
	}
}

// readKey is where a request keeps what was read of it.
type readKey struct{}

// reading lets a request remember what was read of it, for the page that is shown if
// a fault of ours ends it.
func reading(r *http.Request) (*http.Request, func() *asked) {
	var got *asked
	r = r.WithContext(context.WithValue(r.Context(), readKey{}, &got))
	return r, func() *asked { return got }
}

func remember(r *http.Request, a *asked) {
	if got, ok := r.Context().Value(readKey{}).(**asked); ok {
		*got = a
	}
}
