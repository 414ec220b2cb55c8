package public

import (
	"cmp"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"homeward/know/lure"
	"homeward/work/check"
	"homeward/work/intake"
)

// tellView is one page of telling us. What was answered on the others travels in
// Hidden; nothing is kept before the last is sent.
type tellView struct {
	Site
	Door                       intake.Door
	Step                       int // 0 what it is; 1 to 3 the questions
	Message                    string
	Report                     intake.Report
	Held                       string
	Nonce                      string
	Hidden                     []field
	Kinds, Relations, Consents []string
}

type field struct{ Name, Value string }

// lastStep is the page whose button sends.
const lastStep = 3

// fieldsOf are the fields that each page asks.
var fieldsOf = [lastStep + 1][]string{
	{},
	{"held", "kind", "relation", "danger"},
	{"text", "who", "where", "when"},
	{"safe", "unsafe", "first", "contact", "duress", "consent"},
}

// tellFirst is GET /t: what telling us can do and what it cannot, before anything
// is typed.
func (d *door) tellFirst(w http.ResponseWriter, r *http.Request) {
	s := d.site(r, "/t", "tell")
	door, ok := d.opened(w, r, s, nil)
	if !ok {
		return
	}
	d.show(w, r, http.StatusOK, "tell", tellView{Site: s, Door: door})
}

// opened says whether somebody stands behind the door, and shows a page that says
// so if nobody does.
// What was typed stands on either page; a is nil where nothing was sent.
func (d *door) opened(w http.ResponseWriter, r *http.Request, s Site, a *asked) (intake.Door, bool) {
	if d.Intake == nil {
		s.CanTell = false
		d.shut(w, r, s, a)
		return intake.Door{}, false
	}
	door, err := d.Intake.Door(r.Context())
	if err != nil {
		d.Log.Error("the door's state could not be read", "error", err)
		if a != nil {
			d.again(w, r, a, http.StatusServiceUnavailable, "again.broken")
			return door, false
		}
		later(w, http.StatusServiceUnavailable)
		d.show(w, r, http.StatusServiceUnavailable, "error", errorView{Site: s, Message: s.T("again.broken")})
		return door, false
	}
	if !door.Open {
		d.shut(w, r, s, a)
		return door, false
	}
	return door, true
}

// told reads a form meant for the desk. When ok is false a page that says why has been
// shown. The caller frees what it gives.
func (d *door) told(w http.ResponseWriter, r *http.Request, path, name string) (a *asked, s Site, ok bool) {
	a, err := d.readForm(w, r)
	s = d.siteIn(r, cmp.Or(a.fields["l"], r.URL.Query().Get("l")), path, name)
	if err != nil {
		key := "again.part"
		switch {
		case errors.Is(err, errCrowd):
			key = "again.crowd"
		case errors.Is(err, check.ErrTooLong), errors.Is(err, errHeavy):
			key = "again.long"
		}
		d.again(w, r, a, foreseen(err).status, key)
	}
	return a, s, err == nil
}

// slowly holds a flood back; people who tell something are hardly ever turned away.
func (d *door) slowly(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if elsewhere(r) {
			d.fromElsewhere(w, r)
			return
		}
		if err := d.tellers.wait(r.Context(), r, d.Now()); err != nil {
			a := d.readWords(w, r)
			defer a.free()
			d.again(w, r, a, http.StatusServiceUnavailable, "again.crowd")
			return
		}
		h(w, r)
	}
}

// tell is POST /t: the next page, or the code.
func (d *door) tell(w http.ResponseWriter, r *http.Request) {
	a, s, ok := d.told(w, r, "/t", "tell")
	defer a.free()
	if !ok {
		return
	}
	door, ok := d.opened(w, r, s, a)
	if !ok {
		return
	}
	s.Again = "tell"
	v := tellView{Site: s, Door: door, Report: reportOf(a.fields, s.Voice.Tag), Held: a.fields["held"], Nonce: nonceOf(a)}
	switch a.fields["step"] {
	case "": // another language, or a message carried along from the check
		if at, err := strconv.Atoi(a.fields["at"]); err == nil {
			v.Step = max(0, min(lastStep, at))
		}
	case "0":
		v.Step = 1
	case "1":
		v.Step = 2
	case "2":
		if v.Step = 3; strings.TrimSpace(v.Report.Text) == "" {
			v.Step, v.Message = 2, notSent(s, "tell.empty")
		}
	case "code": // the code page in another language
		got := intake.CodeFor(v.Nonce)
		if _, err := d.Intake.Visit(r.Context(), got); err != nil {
			d.notOpened(w, r, backView{Site: s}, err)
			return
		}
		d.code(w, r, v, got)
		return
	default:
		d.receive(w, r, v)
		return
	}
	d.tellPage(w, r, http.StatusOK, v)
}

// tellPage shows a page of questions, with all other answers hidden in it.
func (d *door) tellPage(w http.ResponseWriter, r *http.Request, status int, v tellView) {
	v.Kinds, v.Relations, v.Consents = intake.Kinds, intake.Relations, intake.Consents
	all := fieldsIn(v.Report, v.Held)
	for _, f := range all {
		if f.Value != "" && !slices.Contains(fieldsOf[v.Step], f.Name) {
			v.Hidden = append(v.Hidden, f)
		}
	}
	if v.Message != "" && status == http.StatusOK {
		status = http.StatusUnprocessableEntity
	}
	d.showSecret(w, r, status, "tell", v)
}

// receive keeps the report and shows its code; what goes wrong is said on the page
// that still holds everything.
func (d *door) receive(w http.ResponseWriter, r *http.Request, v tellView) {
	got, err := d.Intake.Receive(r.Context(), v.Nonce, v.Report)
	if err != nil {
		status, key, step := d.notKept(err)
		later(w, status)
		v.Step, v.Message = step, notSent(v.Site, key)
		d.tellPage(w, r, status, v)
		return
	}
	d.code(w, r, v, got)
}

// notSent says what is wrong, and that everything is still on the page.
func notSent(s Site, key string) string {
	if key == "tell.full" { // says so itself
		return s.T(key)
	}
	return s.T(key) + " " + s.T("tell.again")
}

// notKept gives status, words and page for a report that was not taken.
func (d *door) notKept(err error) (status int, key string, step int) {
	var i *intake.Invalid
	switch {
	case errors.As(err, &i):
		key = map[string]string{"empty": "tell.empty", "long": "tell.long", "choice": "tell.choice"}[i.Why]
		for n, fields := range fieldsOf {
			if slices.Contains(fields, i.Field) {
				step = n
			}
		}
		if step == 0 {
			step = 2
		}
		return http.StatusUnprocessableEntity, key, step
	case intake.IsFull(err):
		d.Log.Error("a report could not be kept: the disk is full or read only")
	default:
		d.Log.Error("a report could not be kept", "error", err)
	}
	return http.StatusServiceUnavailable, "tell.full", lastStep
}

// codeView is the code page.
type codeView struct {
	Site
	Door   intake.Door
	Nonce  string // from which the code follows, to show it in another language
	Digits []string
	Words  []string
	Again  bool
	First  bool
	Level  string // of what was sent, "" if nothing can be said
	Back   string // where to come back
}

// code shows the code of what a form brought.
func (d *door) code(w http.ResponseWriter, r *http.Request, from tellView, got intake.Receipt) {
	s, rep := from.Site, from.Report
	s.Again = "code"
	v := codeView{Site: s, Door: from.Door, Nonce: from.Nonce, Digits: got.Digits(), Words: got.Words(s.Voice.Tag), Again: got.Again, First: rep.First, Back: comeBackTo(r)}
	if rep.Lure != "" || rep.Kind == "offer_seen" {
		if found, err := d.Check.Text(lure.Request{Text: cmp.Or(rep.Lure, rep.Text), Lang: s.Voice.Tag}); err == nil {
			v.Level = found.Assessment.Level.String()
		}
	}
	d.showSecret(w, r, http.StatusOK, "code", v)
}

// comeBackTo is the address that stands beside a code: whole, since it goes onto paper
// or is learned. A number, or a name without a dot, is the machine's own or a proxy's
// way to it, and would lead nobody back.
func comeBackTo(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil || !strings.Contains(host, ".") {
		return "/b"
	}
	return r.Host + "/b"
}

// reportOf reads a report from a form's fields.
func reportOf(f map[string]string, lang string) intake.Report {
	r := intake.Report{
		Kind: f["kind"], Relation: f["relation"], Danger: f["danger"] == "yes", Text: f["text"], Who: f["who"], Where: f["where"], When: f["when"], Lure: carried(f["lure"]),
		Contact: f["contact"], Safe: f["safe"], Unsafe: f["unsafe"], First: f["first"] == "yes", Duress: f["duress"], Consent: f["consent"], Lang: lang,
	}
	// The first question says as much as the second, to who answers only one.
	switch {
	case r.Kind == "" && (f["held"] == "me" || f["held"] == "other"):
		r.Kind = "held"
	}
	if r.Relation == "" && f["held"] == "me" {
		r.Relation = "self"
	}
	return r
}

// carried cuts a message that was carried along from the check to what a report
// takes. It stands in no box that could be shortened, and the cut is seen.
func carried(lure string) string {
	const cut = "\n[…]"
	if r := []rune(lure); len(r) > intake.MaxText {
		return string(r[:intake.MaxText-len([]rune(cut))]) + cut
	}
	return lure
}

// fieldsIn gives a report as a form's fields.
func fieldsIn(r intake.Report, held string) []field {
	yes := func(b bool) string {
		if b {
			return "yes"
		}
		return ""
	}
	return []field{
		{"held", held},
		{"kind", r.Kind},
		{"relation", r.Relation},
		{"danger", yes(r.Danger)},
		{"text", r.Text},
		{"who", r.Who},
		{"where", r.Where},
		{"when", r.When},
		{"lure", r.Lure},
		{"contact", r.Contact},
		{"safe", r.Safe},
		{"unsafe", r.Unsafe},
		{"first", yes(r.First)},
		{"duress", r.Duress},
		{"consent", r.Consent},
	}
}
