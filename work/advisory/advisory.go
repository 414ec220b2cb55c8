// Package advisory is what the desk tells everybody: a warning made of cases and lures.
//
// Each of its claims says how sure it is, what is behind it, and what would show that it
// is wrong; a gate holds the wording to that. Before it goes out everything that the
// desk's cases and reports hold is looked for in it, and two members release it, each
// after a search through what they can open. What is out is in clear; a correction stands
// above the old text, and a warning that is withdrawn stays, with what was wrong.
package advisory

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"homeward/keep/ledger"
	"homeward/keep/store"
	"homeward/keep/vault"
	"homeward/know/hotline"
	"homeward/work/casework"
	"homeward/work/desk"
)

// Advisories is the room where warnings are made. Its fields are needed.
type Advisories struct {
	Store  *store.Store
	Ledger *ledger.Log
	Desk   *desk.Desk
	Cases  *casework.Casework
	Now    func() time.Time
	Log    *slog.Logger
}

// Languages a warning can be written in: those of the public pages.
var Languages = []string{"en", "zh-Hant", "zh-Hans", "ms", "th", "vi", "id", "tl", "hi", "my", "km"}

// Notice is what is said above a warning that is out.
type Notice struct {
	Kind string `json:"kind"` // correction, withdrawn
	Text string `json:"text"` // what was wrong
	Day  int64  `json:"day"`
}

// What a notice can be.
const (
	Correction = "correction"
	Withdrawn  = "withdrawn"
)

// Content is all that members agree to when they release a warning: each of them presses
// for exactly this.
type Content struct {
	Lang        string   `json:"lang"`
	Title       string   `json:"title"`
	Body        string   `json:"body"`
	Call        string   `json:"call,omitempty"` // what to do
	Author      string   `json:"author"`         // or a pen name
	Territories []string `json:"territories,omitempty"`
	Claims      []Claim  `json:"claims,omitempty"`
	Risk        string   `json:"risk"`              // who could be harmed by it, and what was done about that
	Allowed     []string `json:"allowed,omitempty"` // words of the desk's that are public anyway
	// Override says why its wording goes out although less is behind it than the gate
	// asks for; Unscanned why it goes out although some cases were searched by nobody.
	Override  string   `json:"override,omitempty"`
	Unscanned string   `json:"unscanned,omitempty"`
	Notices   []Notice `json:"notices,omitempty"`
	Gone      bool     `json:"gone,omitempty"` // withdrawn, and the text is taken away
}

// Hash is what a press is bound to.
func (c Content) hash(id string) string {
	b, err := json.Marshal(c)
	if err != nil {
		panic(err) // it holds nothing that JSON does not know
	}
	sum := sha256.Sum256(append([]byte("advisory\x00"+id+"\x00"), b...))
	return hex.EncodeToString(sum[:])
}

// words is the part of it that people read, to see whether that has changed.
func (c Content) words() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q", c.Title, c.Body, c.Call))
	return hex.EncodeToString(sum[:])
}

// all is every word of it that goes out.
func (c Content) all() string {
	var out []string
	if !c.Gone {
		out = append(out, c.Title, c.Body, c.Call, c.Author)
		for _, cl := range c.Claims {
			out = append(out, cl.Text, cl.Context)
		}
	}
	for _, n := range c.Notices {
		out = append(out, n.Text)
	}
	return strings.Join(out, "\n\n\n\n")
}

// Out is what was released last.
type Out struct {
	Hash    string `json:"hash"`
	Words   string `json:"words"`
	Notices int    `json:"notices"`
	Day     int64  `json:"day"`
	Public  string `json:"public,omitempty"` // hash of what the public was given
}

// Advisory is a warning in the making, or one that is out.
type Advisory struct {
	ID       string `json:"-"`
	Revision int64  `json:"-"`
	By       string `json:"-"` // who wrote this revision
	Day      int64  `json:"-"`
	Content
	Out *Out `json:"out,omitempty"`
}

// Step is where it stands: being written, published, published and being changed,
// withdrawn.
func (a Advisory) Step() string {
	switch {
	case a.Out == nil:
		return "being written"
	case a.Out.Hash != a.hash(a.ID):
		return "published, and being changed"
	case len(a.Notices) > 0 && a.Notices[len(a.Notices)-1].Kind == Withdrawn:
		return "withdrawn"
	}
	return "published"
}

// Invalid says which answer is not taken, and why.
type Invalid = casework.Invalid

var (
	// ErrNone says that there is no such warning.
	ErrNone = store.ErrNone
	// ErrConflict says that a colleague changed it meanwhile.
	ErrConflict = store.ErrConflict
)

// Refused says why something is not done. That it was tried stands in the ledger.
type Refused struct{ Why []string } // English sentences of the catalogue

func (r *Refused) Error() string { return "advisory: refused: " + strings.Join(r.Why, " ") }

func (a *Advisories) today() int64 { return a.Now().Unix() / 86400 }

// kind and press are the kinds of records: the warning itself, and a member's press.
const (
	kind  = "advisory"
	press = "press"
)

func recordPlace(r store.Record) vault.Place {
	return vault.Place{Table: "record", Row: r.Kind + "/" + r.ID, Field: "body", Revision: uint64(r.Revision)}
}

func signedRecord(r store.Record) [][]byte {
	return [][]byte{[]byte(r.Kind), []byte(r.ID), fmt.Append(nil, r.Revision), r.Body, []byte(r.Author)}
}

func (a *Advisories) seal(s *desk.Session, kind, id string, revision int64, v any) (store.Record, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return store.Record{}, err
	}
	r := store.Record{Kind: kind, ID: id, Revision: revision, Author: s.Member, Day: a.today()}
	if r.Body, r.Epoch, err = s.Seal(recordPlace(r), b); err != nil {
		return store.Record{}, err
	}
	r.Signature, err = s.Sign("record", signedRecord(r)...)
	return r, err
}

// open opens a record that its author has signed.
func open(s *desk.Session, people []desk.Card, r store.Record, into any) error {
	i := slices.IndexFunc(people, func(p desk.Card) bool { return p.ID == r.Author })
	if i < 0 {
		return vault.ErrSignature
	}
	if err := vault.Check(people[i].Verifier, r.Signature, "record", signedRecord(r)...); err != nil {
		return err
	}
	b, err := s.Open(recordPlace(r), r.Epoch, r.Body)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, into)
}

func openAdvisory(s *desk.Session, people []desk.Card, r store.Record) (Advisory, error) {
	var x Advisory
	err := open(s, people, r, &x)
	x.ID, x.Revision, x.By, x.Day = r.ID, r.Revision, r.Author, r.Day
	return x, err
}

// All gives every warning, newest change first.
func (a *Advisories) All(ctx context.Context, s *desk.Session) (out []Advisory, err error) {
	if err := s.May(desk.WriteAdvisory); err != nil {
		return nil, err
	}
	var rows []store.Record
	var people []desk.Card
	if err := a.Store.Read(ctx, func(tx *store.Tx) (err error) {
		if rows, err = tx.Records(kind); err != nil {
			return err
		}
		people, err = desk.Cards(tx)
		return err
	}); err != nil {
		return nil, err
	}
	for _, r := range rows {
		x, err := openAdvisory(s, people, r)
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	slices.SortStableFunc(out, func(a, b Advisory) int {
		return cmp.Or(cmp.Compare(b.Day, a.Day), strings.Compare(a.Title, b.Title))
	})
	return out, nil
}

// View is a warning as members see it: with the gate's verdict and who has pressed.
type View struct {
	Advisory
	Verdict Verdict
	Pressed []Pressed
}

// Read gives one warning.
func (a *Advisories) Read(ctx context.Context, s *desk.Session, id string) (View, error) {
	if err := s.May(desk.WriteAdvisory); err != nil {
		return View{}, err
	}
	var v View
	err := a.Store.Read(ctx, func(tx *store.Tx) (err error) {
		v.Advisory, v.Pressed, err = a.readIn(tx, s, id)
		return err
	})
	v.Verdict = Judge(v.Content, a.Now())
	return v, err
}

// readIn gives the newest revision and the presses that count for it or were refused.
func (a *Advisories) readIn(tx *store.Tx, s *desk.Session, id string) (Advisory, []Pressed, error) {
	people, err := s.CheckedCards(tx)
	if err != nil {
		return Advisory{}, nil, err
	}
	r, err := tx.Record(kind, id)
	if err != nil {
		return Advisory{}, nil, err
	}
	x, err := openAdvisory(s, people, r)
	if err != nil {
		return Advisory{}, nil, err
	}
	hash := x.hash(id)
	var out []Pressed
	for _, p := range people {
		r, err := tx.Record(press, id+"/"+p.ID)
		if errors.Is(err, store.ErrNone) {
			continue
		} else if err != nil {
			return Advisory{}, nil, err
		}
		var one Pressed
		if err := open(s, people, r, &one); err != nil {
			return Advisory{}, nil, err
		}
		// A press is its member's own, of this very text, while they work here.
		if one.Hash != hash || r.Author != p.ID || p.State != "active" || !desk.May(p.Roles, desk.ReleaseWarning) {
			continue
		}
		one.Member, one.revision = p.ID, r.Revision
		out = append(out, one)
	}
	return x, out, nil
}

// The longest that is taken, in characters. With all its claims a warning must still
// come over a bad line in one piece.
const (
	maxTitle = 200
	maxBody  = 4000
)

// Save keeps a warning; an empty id begins one, which the nonce of the form names, so
// that sending it twice begins one. revision is that of the page: ErrConflict if a
// colleague was quicker. Whoever has pressed must press anew.
func (a *Advisories) Save(ctx context.Context, s *desk.Session, id, nonce string, revision int64, c Content) (string, error) {
	if err := s.May(desk.WriteAdvisory); err != nil {
		return "", err
	}
	if err := c.check(a.Now()); err != nil {
		return "", err
	}
	begin := id == ""
	if begin {
		id, revision = newID(nonce), 0
	}
	var old Advisory
	if !begin {
		v, err := a.Read(ctx, s, id)
		if err != nil {
			return "", err
		}
		old = v.Advisory
		if old.Revision != revision {
			return "", ErrConflict
		}
	}
	// Notices are written by Correct alone.
	c.Notices, c.Gone = old.Notices, old.Gone
	if err := a.resolve(ctx, s, c.Claims, old.Claims); err != nil {
		return "", err
	}
	err := a.keep(ctx, s, Advisory{ID: id, Revision: revision, Content: c, Out: old.Out}, "warning.written")
	if begin && errors.Is(err, ErrConflict) { // the same form, sent again
		err = nil
	}
	return id, err
}

func (a *Advisories) keep(ctx context.Context, s *desk.Session, x Advisory, event string) error {
	row, err := a.seal(s, kind, x.ID, x.Revision+1, x)
	if err != nil {
		return err
	}
	return a.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.AddRecord(row); err != nil {
			return err
		}
		return a.note(tx, s, event, x.ID, nil)
	})
}

func (a *Advisories) note(tx *store.Tx, s *desk.Session, event, id string, detail map[string]string) error {
	_, err := a.Ledger.Append(tx, ledger.Event{Kind: event, Day: a.today(), By: s.Member, Of: id, Detail: detail})
	return err
}

// Correct writes a notice that will stand above a warning that is out, once two members
// have released it; gone takes the text away as well.
func (a *Advisories) Correct(ctx context.Context, s *desk.Session, id string, revision int64, n Notice, gone bool) error {
	if err := s.May(desk.WriteAdvisory); err != nil {
		return err
	}
	n.Text, n.Day = strings.TrimSpace(n.Text), a.today()
	switch {
	case n.Text == "":
		return &Invalid{Field: "notice", Why: "must"}
	case len([]rune(n.Text)) > 600:
		return &Invalid{Field: "notice", Why: "long"}
	case n.Kind != Correction && n.Kind != Withdrawn || gone && n.Kind != Withdrawn:
		return &Invalid{Field: "kind", Why: "choice"}
	}
	v, err := a.Read(ctx, s, id)
	if err != nil {
		return err
	}
	x := v.Advisory
	switch {
	case x.Revision != revision:
		return ErrConflict
	case x.Out == nil:
		return &Refused{[]string{"It is not out yet: change its text."}}
	case len(x.Notices) >= 10:
		return &Invalid{Field: "notice", Why: "long"}
	}
	// One that is not out yet is replaced.
	x.Notices = append(slices.Clone(x.Notices[:x.Out.Notices]), n)
	x.Gone = gone
	return a.keep(ctx, s, x, "warning.notice")
}

func newID(nonce string) string {
	if len(nonce) < 20 {
		nonce = rand.Text()
	}
	sum := sha256.Sum256([]byte("advisory\x00" + nonce))
	return hex.EncodeToString(sum[:6])
}

func (c *Content) check(now time.Time) error {
	for _, s := range []*string{&c.Title, &c.Body, &c.Call, &c.Author, &c.Risk, &c.Override, &c.Unscanned} {
		*s = strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(*s, "\uFFFD"), "\r\n", "\n"))
	}
	long := func(field, s string, most int) error {
		if len([]rune(s)) > most {
			return &Invalid{Field: field, Why: "long"}
		}
		return nil
	}
	for _, f := range []struct {
		field, s string
		most     int
	}{
		{"title", c.Title, maxTitle},
		{"body", c.Body, maxBody},
		{"call", c.Call, 600},
		{"author", c.Author, maxTitle},
		{"risk", c.Risk, 2000},
		{"override", c.Override + c.Unscanned, 2000},
	} {
		if err := long(f.field, f.s, f.most); err != nil {
			return err
		}
	}
	if !slices.Contains(Languages, c.Lang) {
		return &Invalid{Field: "lang", Why: "choice"}
	}
	c.Territories = tidy(c.Territories, strings.ToUpper)
	for _, t := range c.Territories {
		if len(t) != 2 || hotline.Default().CountryName(t, "en") == "" {
			return &Invalid{Field: "territories", Why: "choice"}
		}
	}
	c.Allowed = tidy(c.Allowed, func(s string) string { return s })
	if len([]rune(strings.Join(c.Allowed, ""))) > 6000 {
		return &Invalid{Field: "claims", Why: "long"}
	}
	if len(c.Allowed) > 100 || len(c.Territories) > 40 || len(c.Claims) > 12 {
		return &Invalid{Field: "claims", Why: "long"}
	}
	for i := range c.Claims {
		cl := &c.Claims[i]
		for _, s := range []*string{&cl.Text, &cl.Who, &cl.Wrong, &cl.Context, &cl.Other, &cl.Counsel.Name, &cl.Counsel.Day} {
			*s = strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(*s, "\uFFFD"), "\r\n", "\n"))
			if err := long("claims", *s, 600); err != nil {
				return err
			}
		}
		if cl.Counsel.Day != "" {
			if day, err := time.Parse("2006-01-02", cl.Counsel.Day); err != nil {
				return &Invalid{Field: "counsel", Why: "date"}
			} else if day.After(now) {
				return &Invalid{Field: "counsel", Why: "future"}
			}
		}
	}
	return nil
}

func tidy(in []string, f func(string) string) (out []string) {
	for _, s := range in {
		if s = f(strings.TrimSpace(s)); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// resolve looks up the lines of cases that claims rest on: their grade, and whether the
// person agreed to media. A line that the member cannot open must be one that stood there
// before; it keeps what was found then.
func (a *Advisories) resolve(ctx context.Context, s *desk.Session, claims, before []Claim) error {
	was := map[string]Evidence{}
	for _, c := range before {
		for _, e := range slices.Concat(c.For, c.Against) {
			was[fmt.Sprint(e.Case, "/", e.Line)] = e
		}
	}
	cases := map[string]casework.Case{}
	var mine []casework.Summary
	for i := range claims {
		for _, all := range [][]Evidence{claims[i].For, claims[i].Against} {
			for k := range all {
				e := &all[k]
				if e.Case == "" {
					continue
				}
				if mine == nil {
					var err error
					if mine, _, err = a.Cases.Board(ctx, s); err != nil {
						return err
					}
				}
				full := ""
				for _, sum := range mine {
					if sum.ID == e.Case || casework.Short(sum.ID) == e.Case {
						full = sum.ID
					}
				}
				old, stood := was[fmt.Sprint(e.Case, "/", e.Line)]
				if full == "" {
					if !stood {
						return &Invalid{Field: "evidence", Why: "case"}
					}
					e.Grade, e.Consent, e.Unavailable = old.Grade, old.Consent, true
					continue
				}
				c, ok := cases[full]
				if !ok {
					var err error
					if c, err = a.Cases.Read(ctx, s, full); err != nil {
						return err
					}
					cases[full] = c
				}
				if e.Line > int64(len(c.Entries)) || c.Entries[e.Line-1].Shut {
					if !stood {
						return &Invalid{Field: "evidence", Why: "case"}
					}
					e.Grade, e.Consent, e.Unavailable = old.Grade, old.Consent, true
					continue
				}
				e.Case = full
				e.Grade, e.Consent = "", "missing"
				if g := c.State.Grades[e.Line]; g.Source != "" && g.Information != "" {
					e.Grade = g.Source + g.Information
				}
				if agreed(c, c.Entries[e.Line-1].Person, a.Now()) {
					e.Consent = "given"
				}
			}
		}
	}
	return nil
}

// agreed says whether those whom a line is about agreed that media are told their story.
func agreed(c casework.Case, person int, now time.Time) bool {
	found := false
	for _, p := range c.State.People {
		if person != 0 && p.No != person {
			continue
		}
		found = true
		if !slices.ContainsFunc(p.Consents, func(c casework.Consent) bool {
			return c.F["purpose"] == "media" && c.Holds(now, p.Minor == "yes") && slices.Contains(strings.Split(c.F["groups"], "\n"), "story")
		}) {
			return false
		}
		// A refusal after it counts, and nobody else's yes takes it back.
		var last casework.Consent
		for _, x := range p.Consents {
			own := x.F["by"] == "the person" || p.Minor == "yes" && x.F["by"] == "a guardian"
			if x.F["purpose"] == "media" && (own || x.F["answer"] != "given") {
				last = x
			}
		}
		if last.F["answer"] != "given" {
			return false
		}
	}
	return found
}
