package disclosure

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"homeward/form/say"
	"homeward/keep/ledger"
	"homeward/keep/store"
	"homeward/know/hotline"
	"homeward/work/casework"
	"homeward/work/desk"
)

// Stages of telling, from the least: the district only, then the building, and who it
// is only once help is at the gate.
var Stages = []string{"district", "building", "identity"}

// allowed are the groups of fields that each stage of telling may hold.
var allowed = map[string][]string{
	"district": {"district"},
	"building": {"district", "place", "harm", "story"},
	"identity": casework.Groups,
}

// identifying are the groups that need a second member.
var identifying = []string{"place", "contact", "documents", "identity"}

// Purposes are what a telling, and a consent, can be for.
var Purposes = []string{"rescue", "police where held", "police at home", "embassy", "media"}

// Steps are where a plan can stand.
var Steps = []string{"planned", "approved", "copied", "sent", "known", "cancelled"}

// Languages of a copy.
var Languages = []string{"en", "zh-Hant"}

// Ref names one answer of one line.
type Ref struct {
	N     int64  `json:"n"`
	Field string `json:"field"`
}

// Plan is what is meant to be told to whom. Its values are not in it: they are taken
// from the case when the copy is made.
type Plan struct {
	Channel string `json:"channel"`
	Purpose string `json:"purpose"`
	Stage   string `json:"stage"`
	Lang    string `json:"lang"`
	People  []int  `json:"people"`
	Fields  []Ref  `json:"fields"`
	// Without says why it must be told although consent cannot be asked for; two
	// members then decide together, and look at it again within a day.
	Without string `json:"without,omitempty"`
	Expect  string `json:"expect,omitempty"` // what should come of it, and by when
}

// tidy names everybody and everything once.
func (p *Plan) tidy() {
	p.People = slices.Compact(slices.Sorted(slices.Values(p.People)))
	seen := map[Ref]bool{}
	p.Fields = slices.DeleteFunc(slices.Clone(p.Fields), func(r Ref) bool {
		again := seen[r]
		seen[r] = true
		return again
	})
}

// Choice is one answer of a case that could be told.
type Choice struct {
	Ref
	Group  string
	Kind   string // of the line
	Label  string // English, of the catalogue
	Value  string // as typed
	Type   string // of the field
	Zone   string // of a time
	Person int
	Chosen bool
}

// Shown puts an answer into words of a language.
func (c Choice) Shown(lang string) string {
	p := say.Desk(lang)
	switch c.Type {
	case "choice", "some":
		parts := strings.Split(c.Value, "\n")
		for i := range parts {
			parts[i] = p.T(parts[i])
		}
		return strings.Join(parts, ", ")
	case "country":
		return hotline.Default().CountryName(c.Value, p.Tag)
	case "when":
		_, city, _ := strings.Cut(c.Zone, "/")
		return c.Value + " (" + strings.ReplaceAll(cmp.Or(city, c.Zone), "_", " ") + ")"
	}
	return c.Value
}

// Choices lists every answer of a case that could be told, as far as the reader can
// open it. Nothing is chosen. What a person was made to do is not among them.
func Choices(b *casework.Book, c casework.Case) (out []Choice) {
	for _, e := range c.Entries {
		k, ok := b.Kind(e.Kind)
		if !ok || e.Shut || e.Compartment == casework.Legal {
			continue
		}
		for _, f := range k.Fields {
			if f.Group == "" || e.F[f.ID] == "" {
				continue
			}
			out = append(out, Choice{Ref: Ref{e.N, f.ID}, Group: group(e, f), Kind: k.Label, Label: f.Label, Value: e.F[f.ID], Type: f.Type, Zone: e.Zone, Person: e.Person})
		}
	}
	return out
}

// group gives which consent covers an answer. A place that is no more exact than a
// district is one.
func group(e casework.Entry, f casework.Field) string {
	if e.Kind == "place" && f.ID == "place" && slices.Contains([]string{"district", "town", "country"}, e.F["accuracy"]) {
		return "district"
	}
	return f.Group
}

// Weighed is a plan with all that has to be known before it is carried out.
type Weighed struct {
	Plan
	N          int64 // its line
	By         string
	Channel    Channel
	Chosen     []Choice
	Groups     []string
	Downstream []Reach
	Record     Record
	// Consent says for each person whether it covers the plan: given, missing,
	// refused, cannot.
	Consent   map[int]string
	Without   bool // it rests on two members and not on a consent
	TwoNeeded bool
	// Blocked are the reasons why it cannot go on, as English sentences of the
	// catalogue; Warnings are what must be read before it does.
	Blocked, Warnings []string
	Objections        []casework.Entry
	Approval          *casework.Entry
	Copy, Sent        *casework.Entry
	Outcome           *casework.Entry
	Cancelled         *casework.Entry
	Reference         string
	Step              string // planned, approved, copied, sent, known, cancelled
}

// Weigh looks at a plan in the light of the case as it is now.
func Weigh(b *casework.Book, c casework.Case, p Plan, channels []Channel, records map[string]Record, now time.Time) Weighed {
	p.tidy()
	w := Weighed{Plan: p, Consent: map[int]string{}, Step: "planned"}
	ch, err := channelOf(channels, p.Channel)
	switch {
	case err != nil:
		w.block("There is no such channel.")
	case ch.Closed:
		w.block("This channel is marked as not to be used.")
	}
	w.Channel, w.Downstream, w.Record = ch, Downstream(channels, p.Channel), records[p.Channel]
	if !slices.Contains(Purposes, p.Purpose) || !slices.Contains(Stages, p.Stage) || !slices.Contains(Languages, p.Lang) {
		w.block("Purpose, stage or language is not one of those offered.")
	}
	all := Choices(b, c)
	for _, r := range p.Fields {
		i := slices.IndexFunc(all, func(o Choice) bool { return o.Ref == r })
		if i < 0 {
			w.block("Something that was chosen is not in the case, or you cannot open it.")
			continue
		}
		o := all[i]
		o.Chosen = true
		if corrected(c, r.N) {
			w.warn("A line that was chosen has been corrected since: read the correction.")
		}
		if !slices.Contains(allowed[p.Stage], o.Group) {
			w.block("More was chosen than this stage of telling allows.")
		}
		// A line about nobody in particular is about all of the case.
		if o.Person > 0 && !slices.Contains(p.People, o.Person) || o.Person == 0 && len(p.People) < len(c.State.People) {
			w.block("Something was chosen about a person whom the plan does not name.")
		}
		w.Chosen = append(w.Chosen, o)
		if !slices.Contains(w.Groups, o.Group) {
			w.Groups = append(w.Groups, o.Group)
		}
	}
	if len(p.Fields) == 0 {
		w.block("Nothing was chosen.")
	}
	if len(p.People) == 0 {
		w.block("The plan names nobody.")
	}
	for _, no := range p.People {
		if no < 1 || no > len(c.State.People) {
			w.block("The plan names somebody who is not in the case.")
			continue
		}
		w.Consent[no] = w.consent(c.State.People[no-1], now)
	}
	w.TwoNeeded = w.Without || p.Stage != "district" || slices.ContainsFunc(w.Groups, func(g string) bool { return slices.Contains(identifying, g) })
	w.advise(c, now)
	return w
}

func (w *Weighed) block(why string) {
	if !slices.Contains(w.Blocked, why) {
		w.Blocked = append(w.Blocked, why)
	}
}

func (w *Weighed) warn(why string) {
	if !slices.Contains(w.Warnings, why) {
		w.Warnings = append(w.Warnings, why)
	}
}

// consent says whether what a person agreed to covers the plan. The newest answer for
// the purpose counts; a no stands until they say something else themselves.
func (w *Weighed) consent(p casework.Person, now time.Time) string {
	minor := p.Minor == "yes"
	status := "missing"
	for _, c := range p.Consents {
		if c.F["purpose"] != w.Purpose {
			continue
		}
		switch own := c.F["by"] == "the person" || minor && c.F["by"] == "a guardian"; {
		case own && (c.F["answer"] == "refused" || c.F["answer"] == "given" && c.Withdrawn):
			status = "refused" // what was taken back is a no
		case status == "refused" && (!own || c.F["answer"] != "given"):
		case c.F["answer"] == "cannot be asked now":
			status = "cannot"
		case c.Holds(now, minor):
			status = "given"
			for _, g := range w.Groups {
				if !slices.Contains(strings.Split(c.F["groups"], "\n"), g) {
					status = "missing"
				}
			}
		default:
			status = "missing"
		}
	}
	switch status {
	case "refused":
		w.block("The person has said no to this.")
	case "missing", "cannot":
		if strings.TrimSpace(w.Plan.Without) == "" {
			w.block("Consent for this purpose and for all that was chosen is missing. Ask first; or, if they cannot be asked and their life is in danger, write down why, and two members decide.")
		} else {
			w.Without = true
		}
	}
	return status
}

// advise says what must be read before anything is told.
func (w *Weighed) advise(c casework.Case, now time.Time) {
	if w.Channel.Prosecutes == "yes" {
		w.warn("This channel may prosecute the person for what they were forced to do.")
	}
	if w.Channel.Demands != "" {
		w.warn("This channel demands more than is planned: read what, before anybody is asked for it.")
	}
	if slices.ContainsFunc(w.Downstream, func(r Reach) bool { return r.How == "yes" }) {
		w.warn("It passes on what it is told. See to whom.")
	}
	if slices.ContainsFunc(w.Downstream, func(r Reach) bool { return r.How == "ask" }) {
		w.warn("Ask whom it passes this on to, before anything is said.")
	}
	if !w.Record.Enough {
		w.warn("Not enough is known of this channel to say anything about its record.")
	}
	for _, bad := range []string{"they knew", "harmed", "moved"} {
		if w.Record.Outcomes[bad] > 0 {
			w.warn("After telling this channel it has happened that somebody was harmed, was moved, or that the captors knew. Read its record.")
		}
	}
	switch w.Channel.Sureness {
	case "do_not_ship":
		w.warn("Nobody stands behind this number. Do not use it before an office has said that it is theirs.")
	case "recheck", "unsure":
		w.warn("It is not sure that this number or its name is right. Compare it with the office's own page first.")
	}
	if t, err := time.Parse("2006-01-02", w.Channel.Checked); err != nil || now.Sub(t) > 92*24*time.Hour {
		w.warn("Nobody has checked this channel in the last three months.")
	}
	for _, no := range w.People {
		if no >= 1 && no <= len(c.State.People) && c.State.People[no-1].Forced {
			w.warn("There was a sign that the person is being forced. What they asked for may not be what they want.")
		}
	}
	if w.Without {
		w.warn("It rests on two members and not on the person's word. Look at it again within a day.")
	}
}

func corrected(c casework.Case, n int64) bool {
	return slices.ContainsFunc(c.State.About[n], func(e casework.Entry) bool { return e.Kind == "correction" })
}

// Plans gives every plan of a case, newest first, each weighed anew.
func (d *Disclosure) Plans(ctx context.Context, s *desk.Session, c casework.Case) ([]Weighed, error) {
	channels, err := d.Channels(ctx, s)
	if err != nil {
		return nil, err
	}
	records, err := d.Records(ctx, s)
	if err != nil {
		return nil, err
	}
	var out []Weighed
	for _, e := range c.Entries {
		if e.Kind == "intent" && !e.Shut {
			out = append(out, d.weigh(c, e, channels, records))
		}
	}
	slices.Reverse(out)
	return out, nil
}

func (d *Disclosure) weigh(c casework.Case, e casework.Entry, channels []Channel, records map[string]Record) Weighed {
	var p Plan
	if err := json.Unmarshal(e.Data, &p); err != nil {
		return Weighed{N: e.N, Blocked: []string{"This plan cannot be read."}}
	}
	w := Weigh(d.Cases.Book, c, p, channels, records, d.Now())
	w.N, w.By = e.N, e.By
	for _, a := range c.State.About[e.N] {
		switch a.Kind {
		case "objection":
			w.Objections = append(w.Objections, a)
		case "approval":
			w.Approval, w.Step = &a, "approved"
		case "copy":
			w.Copy, w.Step, w.Reference = &a, "copied", a.F["reference"]
		case "sent":
			w.Sent, w.Step = &a, "sent"
		case "told":
			w.Outcome, w.Step = &a, "known"
		case "cancelled":
			w.Cancelled, w.Step = &a, "cancelled"
		}
	}
	if w.Step == "planned" && !w.TwoNeeded {
		w.Step = "approved"
	}
	return w
}

// Refused says why a step of a telling is not taken. That it was tried stands in the
// ledger.
type Refused struct{ Why []string } // English sentences of the catalogue

func (r *Refused) Error() string { return "disclosure: refused: " + strings.Join(r.Why, " ") }

func refuse(why ...string) error { return &Refused{why} }

// Propose keeps a plan. One that is blocked is refused with all reasons.
func (d *Disclosure) Propose(ctx context.Context, s *desk.Session, id, nonce string, p Plan) (int64, error) {
	if err := s.May(desk.PlanTelling); err != nil {
		return 0, err
	}
	p.tidy()
	data, err := json.Marshal(p)
	if err != nil {
		return 0, err
	}
	if len(p.Fields) > 200 || len(p.People) > 200 || len([]rune(p.Without+p.Expect)) > 20_000 {
		return 0, &Invalid{Field: "without", Why: "long"}
	}
	return d.step(ctx, s, id, 0, nonce, "telling.planned", func(_ *store.Tx, c casework.Case, channels []Channel, records map[string]Record) ([]casework.Entry, error) {
		w := Weigh(d.Cases.Book, c, p, channels, records, d.Now())
		if len(w.Blocked) > 0 {
			return nil, &Refused{w.Blocked}
		}
		return []casework.Entry{d.entry("intent", casework.File, 0, nil, data)}, nil
	})
}

func (d *Disclosure) entry(kind, compartment string, of int64, f map[string]string, data json.RawMessage) casework.Entry {
	return casework.Entry{Kind: kind, Compartment: compartment, Written: d.Now().Unix(), Of: of, F: f, Data: data}
}

// step does one step of a telling while nobody else can change the case. A refusal
// stands in the ledger too.
func (d *Disclosure) step(ctx context.Context, s *desk.Session, id string, of int64, nonce, event string, f func(*store.Tx, casework.Case, []Channel, map[string]Record) ([]casework.Entry, error)) (int64, error) {
	channels, err := d.Channels(ctx, s)
	if err != nil {
		return 0, err
	}
	records, err := d.Records(ctx, s)
	if err != nil {
		return 0, err
	}
	detail := map[string]string{}
	if of > 0 {
		detail["plan"] = fmt.Sprint(of)
	}
	n, err := d.Cases.Decide(ctx, s, id, nonce, func(tx *store.Tx, c casework.Case) ([]casework.Entry, error) {
		lines, err := f(tx, c, channels, records)
		if err != nil {
			return nil, err
		}
		_, err = d.Ledger.Append(tx, ledger.Event{Kind: event, Day: d.today(), By: s.Member, Of: id, Detail: detail})
		return lines, err
	})
	var r *Refused
	if errors.As(err, &r) {
		detail["step"] = event
		if err := d.Store.Write(ctx, func(tx *store.Tx) error {
			_, err := d.Ledger.Append(tx, ledger.Event{Kind: "telling.refused", Day: d.today(), By: s.Member, Of: id, Detail: detail})
			return err
		}); err != nil {
			return 0, err
		}
	}
	return n, err
}

// on does a step on a plan of the case.
func (d *Disclosure) on(ctx context.Context, s *desk.Session, id string, n int64, nonce, event string, f func(*store.Tx, Weighed) ([]casework.Entry, error)) error {
	_, err := d.step(ctx, s, id, n, nonce, event, func(tx *store.Tx, c casework.Case, channels []Channel, records map[string]Record) ([]casework.Entry, error) {
		i := slices.IndexFunc(c.Entries, func(e casework.Entry) bool { return e.N == n && e.Kind == "intent" && !e.Shut })
		if i < 0 {
			return nil, ErrNone
		}
		return f(tx, d.weigh(c, c.Entries[i], channels, records))
	})
	return err
}

// Object writes down what speaks against a plan. It blocks nothing; it must be read.
func (d *Disclosure) Object(ctx context.Context, s *desk.Session, id string, n int64, nonce, text string) error {
	if err := s.May(desk.PlanTelling); err != nil {
		return err
	}
	e, err := d.Cases.Book.Make("objection", 0, n, map[string]string{"text": text}, "", d.Now())
	if err != nil {
		return err
	}
	return d.on(ctx, s, id, n, nonce, "telling.objected", func(*store.Tx, Weighed) ([]casework.Entry, error) { return []casework.Entry{e}, nil })
}

// Approve is the second member's yes. Whoever planned it is refused.
func (d *Disclosure) Approve(ctx context.Context, s *desk.Session, id string, n int64, nonce, text string) error {
	if err := s.May(desk.ApproveTelling); err != nil {
		return err
	}
	e, err := d.Cases.Book.Make("approval", 0, n, map[string]string{"text": text}, "", d.Now())
	if err != nil {
		return err
	}
	return d.on(ctx, s, id, n, nonce, "telling.approved", func(_ *store.Tx, w Weighed) ([]casework.Entry, error) {
		switch {
		case w.By == s.Member:
			return nil, refuse("Whoever planned it cannot approve it.")
		case w.Step == "cancelled":
			return nil, refuse("This plan was given up.")
		case w.Approval != nil:
			return nil, refuse("A colleague has approved it already.")
		case len(w.Blocked) > 0:
			return nil, &Refused{w.Blocked}
		}
		lines := []casework.Entry{e}
		if w.Without {
			// Two members decided in the person's place: it is looked at within a day.
			r := d.entry("decision", casework.File, n, map[string]string{"text": "Told without consent", "reason": w.Plan.Without}, nil)
			r.Times = map[string]int64{"review": d.Now().Add(24 * time.Hour).Unix()}
			lines = append(lines, r)
		}
		return lines, nil
	})
}

// Cancel gives a plan up.
func (d *Disclosure) Cancel(ctx context.Context, s *desk.Session, id string, n int64, nonce, text string) error {
	if err := s.May(desk.PlanTelling); err != nil {
		return err
	}
	e, err := d.Cases.Book.Make("cancelled", 0, n, map[string]string{"text": text}, "", d.Now())
	if err != nil {
		return err
	}
	return d.on(ctx, s, id, n, nonce, "telling.cancelled", func(_ *store.Tx, w Weighed) ([]casework.Entry, error) {
		if w.Sent != nil {
			return nil, refuse("It was told already. Enter what came of it.")
		}
		return []casework.Entry{e}, nil
	})
}

// TakeCopy makes the one copy of a plan. It can be taken once: the intent stands in the
// ledger before, and a second attempt is refused and stands there too.
func (d *Disclosure) TakeCopy(ctx context.Context, s *desk.Session, id string, n int64, nonce string) (Copy, error) {
	if err := s.May(desk.PlanTelling); err != nil {
		return Copy{}, err
	}
	var out Copy
	reference := Reference()
	err := d.on(ctx, s, id, n, nonce, "telling.copied", func(_ *store.Tx, w Weighed) ([]casework.Entry, error) {
		switch {
		case w.Step == "cancelled":
			return nil, refuse("This plan was given up.")
		case w.Copy != nil:
			return nil, refuse("The copy was taken already. Make a new plan for another.")
		case w.TwoNeeded && w.Approval == nil:
			return nil, refuse("A second member must approve it first.")
		case len(w.Blocked) > 0:
			return nil, &Refused{w.Blocked}
		}
		out = write(w, reference, d.Now())
		data, err := json.Marshal(out)
		if err != nil {
			return nil, err
		}
		return []casework.Entry{
			d.entry("copy", casework.File, n, map[string]string{"reference": out.Reference, "sha256": out.SHA256}, nil),
			d.entry("copied", casework.Identity, n, nil, data),
		}, nil
	})
	return out, err
}

// Reference makes the reference of one copy, in letters and digits that are read out
// without mistakes. It says nothing of the case.
func Reference() string {
	r := rand.Text() // of A–Z and 2–7
	return r[:4] + "-" + r[4:8]
}

// Sent notes that a member has told the channel. Consent that was withdrawn since the
// copy was taken stops it.
func (d *Disclosure) Sent(ctx context.Context, s *desk.Session, id string, n int64, nonce string, answers map[string]string, zone string) error {
	if err := s.May(desk.PlanTelling); err != nil {
		return err
	}
	e, err := d.Cases.Book.Make("sent", 0, n, answers, zone, d.Now())
	if err != nil {
		return err
	}
	return d.on(ctx, s, id, n, nonce, "telling.sent", func(tx *store.Tx, w Weighed) ([]casework.Entry, error) {
		switch {
		case w.Copy == nil:
			return nil, refuse("Take the copy first: what is told must stand in the ledger before it is.")
		case w.Sent != nil:
			return nil, refuse("It is entered already as told.")
		case w.Step == "cancelled":
			return nil, refuse("This plan was given up.")
		case len(w.Blocked) > 0:
			return nil, &Refused{append([]string{"Something has changed since the copy was taken. Do not tell it; destroy the copy."}, w.Blocked...)}
		}
		t := Told{Channel: w.Plan.Channel, Stage: w.Plan.Stage, Day: d.today(), People: len(w.Plan.People)}
		row, err := sealRecord(s, "telling", telling(id, n), 1, t, d.today())
		if err != nil {
			return nil, err
		}
		return []casework.Entry{e}, tx.AddRecord(row)
	})
}

// telling is a telling's id in the desk's register; who sees only the register cannot
// tell from it which case it is of.
func telling(id string, n int64) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "telling\x00%s\x00%d", id, n))
	return hex.EncodeToString(sum[:13])
}

// Known notes what came of a telling, in a fixed form.
func (d *Disclosure) Known(ctx context.Context, s *desk.Session, id string, n int64, nonce string, answers map[string]string, zone string) error {
	if err := s.May(desk.PlanTelling); err != nil {
		return err
	}
	e, err := d.Cases.Book.Make("told", 0, n, answers, zone, d.Now())
	if err != nil {
		return err
	}
	return d.on(ctx, s, id, n, nonce, "telling.known", func(tx *store.Tx, w Weighed) ([]casework.Entry, error) {
		if w.Sent == nil {
			return nil, refuse("It has not been entered as told yet.")
		}
		old, err := tx.Record("telling", telling(id, n))
		if err != nil {
			return nil, err
		}
		people, err := desk.Cards(tx)
		if err != nil {
			return nil, err
		}
		var t Told
		if err := openRecord(s, people, old, &t); err != nil {
			return nil, err
		}
		t.Outcome = e.F["outcome"]
		row, err := sealRecord(s, "telling", old.ID, old.Revision+1, t, d.today())
		if err != nil {
			return nil, err
		}
		return []casework.Entry{e}, tx.AddRecord(row)
	})
}
