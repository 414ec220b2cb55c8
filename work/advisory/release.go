package advisory

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"homeward/keep/store"
	"homeward/work/casework"
	"homeward/work/desk"
	"homeward/work/intake"
)

// Seen is how far a member's search has come in one case.
type Seen struct {
	Lines int64    `json:"l"`
	Shut  []string `json:"s,omitempty"` // compartments of which lines stayed shut
}

// Scan is what a search through all that one member can open has found.
type Scan struct {
	Hits    []Hit // that forbid the release
	Allowed []Hit // that two members let stand, if both press for it
	Cases   int
	Reports int
	Sealed  int // reports that do not open
	Terms   int
	Short   int
	seen    map[string]Seen
}

// Yes is what a member agrees to beside the text itself.
type Yes struct {
	Words     []string // of Allowed
	Wording   bool     // the override
	Unscanned bool
}

// Pressed is a member's press: for one text, after a search.
type Pressed struct {
	Member    string          `json:"-"`
	Hash      string          `json:"hash"`
	Day       int64           `json:"day"`
	Words     []string        `json:"words,omitempty"`
	Wording   bool            `json:"wording,omitempty"`
	Unscanned bool            `json:"unscanned,omitempty"`
	Cases     map[string]Seen `json:"cases,omitempty"`
	Sealed    int             `json:"sealed,omitempty"`
	// Refused says that it was tried and refused because of what the warning holds, and
	// in which cases that stands; for who may not open one it is "a case".
	Refused bool     `json:"refused,omitempty"`
	In      []string `json:"in,omitempty"`

	revision int64
}

// scan searches all that a member can open for what a text holds.
func (a *Advisories) scan(ctx context.Context, s *desk.Session, c Content, words []string) (Scan, error) {
	search := Search{Page: NewPage(c.all())}
	out := Scan{seen: map[string]Seen{}}
	places, err := a.Cases.Places(ctx, s)
	if err != nil {
		return Scan{}, err
	}
	search.Places(places)
	if err := a.Cases.Each(ctx, s, func(one casework.Case) error {
		out.Cases++
		seen := Seen{Lines: int64(len(one.Entries))}
		for _, e := range one.Entries {
			if e.Shut && !slices.Contains(seen.Shut, e.Compartment) {
				seen.Shut = append(seen.Shut, e.Compartment)
			}
		}
		out.seen[one.ID] = seen
		search.Case(a.Cases.Book, one)
		return nil
	}); err != nil {
		return Scan{}, err
	}
	if out.Sealed, err = a.Desk.EachReport(ctx, s, func(o intake.Opened) error {
		out.Reports++
		search.Report(o)
		return nil
	}); err != nil {
		return Scan{}, err
	}
	out.Terms, out.Short = search.Terms, search.Short
	var may []string
	for _, w := range c.Allowed {
		if slices.Contains(words, w) {
			may = append(may, squashed(w))
		}
	}
	for _, h := range search.Hits {
		if h.May && (slices.Contains(may, squashed(h.Value)) || slices.Contains(may, squashed(h.Found))) {
			out.Allowed = append(out.Allowed, h)
		} else {
			out.Hits = append(out.Hits, h)
		}
	}
	return out, nil
}

// Scan searches all that a member can open, without releasing anything.
func (a *Advisories) Scan(ctx context.Context, s *desk.Session, id string) (Scan, error) {
	v, err := a.Read(ctx, s, id)
	if err != nil {
		return Scan{}, err
	}
	out, err := a.scan(ctx, s, v.Content, v.Allowed)
	if err != nil {
		return Scan{}, err
	}
	return out, a.Store.Write(ctx, func(tx *store.Tx) error {
		return a.note(tx, s, "warning.scanned", id, map[string]string{"cases": fmt.Sprint(out.Cases), "hits": fmt.Sprint(len(out.Hits))})
	})
}

// Result is what came of a press.
type Result struct {
	Released  bool
	Waits     []string // for what: English sentences of the catalogue
	Unscanned int      // open cases and reports that neither member has searched
	Closed    int      // closed ones
	Scan      Scan
}

// Press is one member's yes to a warning as it stands at a revision. Everything that the
// member can open is searched anew; the gate is asked anew. With the second member's
// press it goes out, unless cases are left that neither has searched.
func (a *Advisories) Press(ctx context.Context, s *desk.Session, id string, revision int64, yes Yes) (Result, error) {
	if err := s.May(desk.ReleaseWarning); err != nil {
		return Result{}, err
	}
	v, err := a.Read(ctx, s, id)
	if err != nil {
		return Result{}, err
	}
	if v.Revision != revision {
		return Result{}, ErrConflict
	}
	if v.Out != nil && v.Out.Hash == v.hash(id) {
		return Result{}, a.refuse(ctx, s, id, "state", "It is out as it stands.")
	}
	// The lines it rests on are looked at as they are now.
	fresh := v.Content
	fresh.Claims = slices.Clone(fresh.Claims)
	for i := range fresh.Claims {
		fresh.Claims[i].For, fresh.Claims[i].Against = slices.Clone(fresh.Claims[i].For), slices.Clone(fresh.Claims[i].Against)
	}
	if err := a.resolve(ctx, s, fresh.Claims, v.Claims); err != nil {
		return Result{}, err
	}
	verdict := Judge(fresh, a.Now())
	if why, step := gate(v.Advisory, verdict, yes); len(why) > 0 {
		return Result{}, a.refuse(ctx, s, id, step, why...)
	}
	scan, err := a.scan(ctx, s, v.Content, yes.Words)
	if err != nil {
		return Result{}, err
	}
	mine := Pressed{Hash: v.hash(id), Day: a.today(), Words: yes.Words, Wording: yes.Wording, Unscanned: yes.Unscanned, Cases: scan.seen, Sealed: scan.Sealed}
	if len(scan.Hits) > 0 {
		mine.Refused, mine.Cases = true, nil
		for _, h := range scan.Hits {
			if h.Case != "" && !slices.Contains(mine.In, h.Case) {
				mine.In = append(mine.In, h.Case)
			}
		}
	}
	out := Result{Scan: scan}
	if err := a.Store.Write(ctx, func(tx *store.Tx) error {
		out = Result{Scan: scan}
		return a.press(tx, s, v.Advisory, verdict, mine, &out)
	}); err != nil {
		return Result{}, err
	}
	if mine.Refused {
		return out, &Refused{[]string{"It holds something of the desk's cases or reports. Take it out of the text."}}
	}
	return out, nil
}

func (a *Advisories) refuse(ctx context.Context, s *desk.Session, id, step string, why ...string) error {
	if err := a.Store.Write(ctx, func(tx *store.Tx) error {
		return a.note(tx, s, "warning.refused", id, map[string]string{"why": step})
	}); err != nil {
		return err
	}
	return &Refused{why}
}

// gate gives the reasons why a warning may not go out, as far as its words go.
func gate(x Advisory, v Verdict, yes Yes) (why []string, step string) {
	if x.Out != nil {
		if len(x.Notices) <= x.Out.Notices {
			return []string{"It is out already. Write in a correction what has changed."}, "notice"
		}
		// A notice makes nothing worse than it is: it must never have to wait for
		// evidence, only the words below it if they change.
		if x.Notices[len(x.Notices)-1].Kind == Withdrawn || x.words() == x.Out.Words {
			return nil, ""
		}
	}
	fixed, wording := v.Refusals()
	if len(fixed) > 0 {
		return append(fixed, wording...), "gate"
	}
	if len(wording) > 0 && (strings.TrimSpace(x.Override) == "" || !yes.Wording) {
		return wording, "wording"
	}
	return nil, ""
}

// press keeps a member's press, and releases the warning if it is the second.
func (a *Advisories) press(tx *store.Tx, s *desk.Session, seen Advisory, verdict Verdict, mine Pressed, out *Result) error {
	x, others, err := a.readIn(tx, s, seen.ID)
	if err != nil {
		return err
	}
	if x.Revision != seen.Revision {
		return ErrConflict
	}
	last, err := tx.Record(press, x.ID+"/"+s.Member)
	if err != nil && !errors.Is(err, store.ErrNone) {
		return err
	}
	row, err := a.seal(s, press, x.ID+"/"+s.Member, last.Revision+1, mine)
	if err != nil {
		return err
	}
	if err := tx.AddRecord(row); err != nil {
		return err
	}
	if mine.Refused {
		return a.note(tx, s, "warning.refused", x.ID, map[string]string{"why": "scan", "hits": fmt.Sprint(len(out.Scan.Hits))})
	}
	if err := a.note(tx, s, "warning.pressed", x.ID, nil); err != nil {
		return err
	}
	both := []Pressed{mine}
	for _, p := range others {
		if p.Member != s.Member && !p.Refused {
			both = append(both, p)
		}
	}
	sizes, err := casework.Sizes(tx)
	if err != nil {
		return err
	}
	out.Unscanned, out.Closed = uncovered(sizes, both)
	wait := func(is bool, why string) {
		if is {
			out.Waits = append(out.Waits, why)
		}
	}
	wait(len(both) < 2, "A second member must release it.")
	for _, h := range out.Scan.Allowed {
		wait(len(both) > 1 && !everyone(both, func(p Pressed) bool { return allows(p, h) }) && !slices.Contains(out.Waits, wordWaits), wordWaits)
	}
	// What the other member let stand, this one must let stand too.
	for _, p := range both[1:] {
		for _, w := range p.Words {
			wait(!slices.Contains(mine.Words, w) && !slices.Contains(out.Waits, wordWaits), wordWaits)
		}
	}
	_, wording := gateNeeds(x, verdict)
	wait(wording && len(both) > 1 && !everyone(both, func(p Pressed) bool { return p.Wording }), "Both members must agree to the wording that less is behind than it claims.")
	wait(len(both) > 1 && out.Unscanned > 0 && (x.Unscanned == "" || !everyone(both, func(p Pressed) bool { return p.Unscanned })), "Cases are left that neither of you has searched. Ask a member who is on them to release it; or write down why not, and both agree.")
	if len(out.Waits) > 0 {
		return nil
	}
	out.Released = true
	return a.publish(tx, s, x, verdict, wording, out)
}

const wordWaits = "Both members must let the same words stand."

func allows(p Pressed, h Hit) bool {
	return slices.ContainsFunc(p.Words, func(w string) bool { q := squashed(w); return q == squashed(h.Value) || q == squashed(h.Found) })
}

func everyone(all []Pressed, f func(Pressed) bool) bool {
	return !slices.ContainsFunc(all, func(p Pressed) bool { return !f(p) })
}

// gateNeeds says whether the wording rests on the override.
func gateNeeds(x Advisory, v Verdict) (fixed, wording bool) {
	why, step := gate(x, v, Yes{})
	return step == "gate" && len(why) > 0, step == "wording"
}

// uncovered counts the cases that no press has searched to their last line and in all
// their compartments, taken together; and reports that open for nobody.
func uncovered(sizes []casework.Size, all []Pressed) (open, closed int) {
	for _, c := range sizes {
		var shut []string
		first, covered := true, false
		for _, p := range all {
			seen, ok := p.Cases[c.ID]
			if !ok || seen.Lines < c.Lines {
				continue
			}
			if first {
				shut, first = seen.Shut, false
			} else {
				shut = slices.DeleteFunc(slices.Clone(shut), func(s string) bool { return !slices.Contains(seen.Shut, s) })
			}
			covered = len(shut) == 0
		}
		switch {
		case covered:
		case c.Open:
			open++
		default:
			closed++
		}
	}
	least := -1
	for _, p := range all {
		if least < 0 || p.Sealed < least {
			least = p.Sealed
		}
	}
	return open + max(0, least), closed
}

// publish puts a warning out, in clear.
func (a *Advisories) publish(tx *store.Tx, s *desk.Session, x Advisory, verdict Verdict, override bool, out *Result) error {
	before, err := tx.PublishedHistory(x.ID)
	if err != nil {
		return err
	}
	w := Warning{Lang: x.Lang, Notices: x.Notices, Gone: x.Gone, First: a.today()}
	revision := int64(1)
	if n := len(before); n > 0 {
		revision, w.First = before[n-1].Revision+1, before[0].Day
	}
	w.Withdrawn = len(x.Notices) > 0 && x.Notices[len(x.Notices)-1].Kind == Withdrawn
	w.Title = x.Title
	if !x.Gone {
		w.Body, w.Call, w.Author, w.Territories = x.Body, x.Call, x.Author, x.Territories
		for _, j := range verdict.Claims {
			w.Claims = append(w.Claims, Sure{Text: j.Text, Level: j.Level, State: j.State, TakenBack: j.Retracted, Single: j.Single, Ungraded: j.Ungraded, Context: j.Context})
		}
	} else {
		w.Title = ""
	}
	b, err := json.Marshal(w)
	if err != nil {
		return err
	}
	out1 := store.Published{ID: x.ID, Revision: revision, Body: string(b), Day: a.today()}
	if err := tx.Publish(out1); err != nil {
		return err
	}
	x.Out = &Out{Hash: x.hash(x.ID), Words: x.words(), Notices: len(x.Notices), Day: a.today(), Public: publicHash(out1)}
	row, err := a.seal(s, kind, x.ID, x.Revision+1, x)
	if err != nil {
		return err
	}
	if err := tx.AddRecord(row); err != nil {
		return err
	}
	event := "warning.released"
	if len(x.Notices) > 0 {
		event = map[string]string{Correction: "warning.corrected", Withdrawn: "warning.withdrawn"}[x.Notices[len(x.Notices)-1].Kind]
	}
	detail := map[string]string{"revision": fmt.Sprint(revision)}
	if override {
		detail["override"] = "wording"
	}
	if out.Unscanned > 0 {
		detail["unscanned"] = fmt.Sprint(out.Unscanned)
	}
	if n := len(out.Scan.Allowed); n > 0 {
		detail["allowed"] = fmt.Sprint(n)
	}
	return a.note(tx, s, event, x.ID, detail)
}

func publicHash(p store.Published) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "published\x00%s\x00%d\x00%d\x00%s", p.ID, p.Revision, p.Day, p.Body))
	return hex.EncodeToString(sum[:])
}

// Astray gives the ids of warnings of which the public reads something else than two
// members released, or nothing, or which nobody here wrote. What is out stands in clear
// and carries no signature, so that the door can show it while nobody is signed in:
// whoever can write to the database can change it, and this is how members notice. Of
// what was released before its hash was kept, only that it is there is compared.
func (a *Advisories) Astray(ctx context.Context, s *desk.Session) (out []string, err error) {
	if err := s.May(desk.WriteAdvisory); err != nil {
		return nil, err
	}
	err = a.Store.Read(ctx, func(tx *store.Tx) error {
		public, err := tx.AllPublished()
		if err != nil {
			return err
		}
		rows, err := tx.Records(kind)
		if err != nil {
			return err
		}
		people, err := desk.Cards(tx)
		if err != nil {
			return err
		}
		released := map[string]string{}
		for _, r := range rows {
			x, err := openAdvisory(s, people, r)
			if err != nil {
				return err
			}
			if x.Out != nil {
				released[x.ID] = x.Out.Public
			}
		}
		for _, p := range public {
			if hash, ok := released[p.ID]; !ok || hash != "" && hash != publicHash(p) {
				out = append(out, p.ID)
			}
			delete(released, p.ID)
		}
		for id := range released {
			out = append(out, id)
		}
		slices.Sort(out)
		return nil
	})
	return out, err
}

// Warning is what the public sees. It holds no member and no case.
type Warning struct {
	ID          string   `json:"-"`
	Revision    int64    `json:"-"`
	Changed     int64    `json:"-"` // unix days
	First       int64    `json:"first"`
	Lang        string   `json:"lang"`
	Title       string   `json:"title,omitempty"`
	Body        string   `json:"body,omitempty"`
	Call        string   `json:"call,omitempty"`
	Author      string   `json:"author,omitempty"`
	Territories []string `json:"territories,omitempty"`
	Claims      []Sure   `json:"claims,omitempty"`
	Notices     []Notice `json:"notices,omitempty"`
	Withdrawn   bool     `json:"withdrawn,omitempty"`
	Gone        bool     `json:"gone,omitempty"`
}

// Sure is how sure a sentence of a warning is.
type Sure struct {
	Text      string `json:"text"`
	Level     string `json:"level"`
	State     string `json:"state"`
	TakenBack bool   `json:"taken_back,omitempty"`
	Single    bool   `json:"single,omitempty"` // less is behind it than it claims; two members decided
	Ungraded  bool   `json:"ungraded,omitempty"`
	Context   string `json:"context,omitempty"`
}

// Public gives every warning that is out, newest change first.
func (a *Advisories) Public(ctx context.Context) (out []Warning, err error) {
	var rows []store.Published
	if err := a.Store.Read(ctx, func(tx *store.Tx) (err error) {
		rows, err = tx.AllPublished()
		return err
	}); err != nil {
		return nil, err
	}
	for _, r := range rows {
		w := Warning{ID: r.ID, Revision: r.Revision, Changed: r.Day}
		if err := json.Unmarshal([]byte(r.Body), &w); err != nil {
			return nil, fmt.Errorf("advisory: published %s: %w", r.ID, err)
		}
		out = append(out, w)
	}
	return out, nil
}
