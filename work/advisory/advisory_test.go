package advisory_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"homeward/keep/ledger"
	"homeward/keep/store"
	"homeward/test/engines"
	"homeward/test/people"
	"homeward/work/advisory"
	"homeward/work/casework"
	"homeward/work/desk"
	"homeward/work/intake"
)

func TestMain(m *testing.M) { engines.Main(m) }

// room is two members, a case both are on, and the room of warnings.
type room struct {
	*people.Desk
	*advisory.Advisories
	t     *testing.T
	store *store.Store
	a, b  *desk.Session
	id    string // the case
}

func begin(t *testing.T, st *store.Store) *room {
	t.Helper()
	d := people.New(t, st)
	x := &room{Desk: d, t: t, store: st, a: d.First, b: d.Member("grey wren", desk.Caseworker)}
	x.Advisories = &advisory.Advisories{Store: st, Ledger: d.Ledger, Desk: d.Desk, Cases: d.Cases, Now: d.Clock.Now, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	x.id = x.open(x.a, map[string][]string{x.b.Member: casework.Compartments})
	return x
}

func (x *room) open(s *desk.Session, with map[string][]string) string {
	x.t.Helper()
	id, err := x.Desk.Cases.Open(x.t.Context(), s, casework.New{Nonce: casework.Nonce(), Called: "the son", Origin: "TW", Members: with})
	if err != nil {
		x.t.Fatal(err)
	}
	return id
}

func (x *room) add(s *desk.Session, id, kind string, pairs ...string) int64 {
	x.t.Helper()
	answers := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		answers[pairs[i]] = pairs[i+1]
	}
	e, err := x.Desk.Cases.Book.Make(kind, 1, 0, answers, "UTC", x.Clock.Now())
	if err != nil {
		x.t.Fatalf("%s %v: %v", kind, answers, err)
	}
	n, _, err := x.Desk.Cases.Add(x.t.Context(), s, id, casework.Nonce(), e, 0)
	if err != nil {
		x.t.Fatal(err)
	}
	return n
}

const sentence = "A former worker says that passports are taken on the first evening."

// whole is a warning that passes the gate.
func whole() advisory.Content {
	evid, err := advisory.ParseEvidence("https://example.invalid/1 | a former worker | testimony | B2")
	if err != nil {
		panic(err)
	}
	return advisory.Content{
		Lang: "en", Title: "Offers that end behind a fence", Body: sentence + "\nDo not travel yet.", Call: "Show the offer to somebody who gains nothing from it.",
		Author: "Example Desk", Territories: []string{"TW", "kh"}, Risk: "nobody is named",
		Claims: []advisory.Claim{{Text: sentence, Who: "a former worker", Level: advisory.Says, For: evid, Wrong: "a passport that was given back"}},
	}
}

func (x *room) save(c advisory.Content) string {
	x.t.Helper()
	id, err := x.Save(x.t.Context(), x.a, "", casework.Nonce(), 0, c)
	if err != nil {
		x.t.Fatal(err)
	}
	return id
}

func (x *room) change(id string, f func(c *advisory.Content)) {
	x.t.Helper()
	v := x.read(id)
	f(&v.Content)
	if _, err := x.Save(x.t.Context(), x.a, id, "", v.Revision, v.Content); err != nil {
		x.t.Fatal(err)
	}
}

func (x *room) read(id string) advisory.View {
	x.t.Helper()
	v, err := x.Advisories.Read(x.t.Context(), x.a, id)
	if err != nil {
		x.t.Fatal(err)
	}
	return v
}

// press gives what came of a press, and the refusals if it was refused.
func (x *room) press(s *desk.Session, id string, yes advisory.Yes) (advisory.Result, string) {
	x.t.Helper()
	got, err := x.Press(x.t.Context(), s, id, x.read(id).Revision, yes)
	var no *advisory.Refused
	if errors.As(err, &no) {
		return got, strings.Join(no.Why, " ")
	}
	if err != nil {
		x.t.Fatal(err)
	}
	return got, ""
}

func (x *room) out() []advisory.Warning {
	x.t.Helper()
	all, err := x.Public(x.t.Context())
	if err != nil {
		x.t.Fatal(err)
	}
	return all
}

// events gives the ledger's events of warnings, with what they say.
func (x *room) events() (out []string) {
	x.t.Helper()
	if err := x.store.Read(x.t.Context(), func(tx *store.Tx) error {
		size, err := tx.LedgerSize()
		if err != nil {
			return err
		}
		return tx.LedgerRows(0, size, func(_ int64, _, event, _, _ []byte) error {
			var e ledger.Event
			if err := json.Unmarshal(event, &e); err == nil && strings.HasPrefix(e.Kind, "warning.") {
				out = append(out, strings.TrimSpace(fmt.Sprint(e.Kind, " ", e.Detail)))
			}
			return nil
		})
	}); err != nil {
		x.t.Fatal(err)
	}
	return out
}

// TestTwoMembersRelease: one alone cannot, not even twice; the second can; a change in
// between makes both press anew; a correction and a withdrawal stand above the text.
func TestTwoMembersRelease(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		x := begin(t, st)
		id := x.save(whole())
		for range 2 {
			if got, no := x.press(x.a, id, advisory.Yes{}); no != "" || got.Released || !slices.Contains(got.Waits, "A second member must release it.") {
				t.Fatalf("one member alone: %+v %s", got, no)
			}
		}
		x.change(id, func(c *advisory.Content) { c.Call = "Ask first." })
		if got, no := x.press(x.b, id, advisory.Yes{}); no != "" || got.Released {
			t.Fatalf("a press counts for another text: %+v %s", got, no)
		}
		if n := len(x.out()); n != 0 {
			t.Fatalf("%d are out", n)
		}
		got, no := x.press(x.a, id, advisory.Yes{})
		if no != "" || !got.Released || got.Unscanned != 0 {
			t.Fatalf("two members: %+v %s", got, no)
		}
		w := x.out()[0]
		if w.ID != id || w.Call != "Ask first." || w.Claims[0].State != advisory.Allegation || w.Claims[0].Single || !slices.Equal(w.Territories, []string{"TW", "KH"}) {
			t.Errorf("what is out: %+v", w)
		}
		if _, no := x.press(x.b, id, advisory.Yes{}); !strings.Contains(no, "out as it stands") {
			t.Errorf("released twice: %s", no)
		}
		x.change(id, func(c *advisory.Content) { c.Call = "Ask twice." })
		if _, no := x.press(x.b, id, advisory.Yes{}); !strings.Contains(no, "Write in a correction") {
			t.Errorf("the text changes without a word: %s", no)
		}
		x.Clock.Add(48 * time.Hour)
		x.a, x.b = x.SignIn("blue heron"), x.SignIn("grey wren")
		notice := func(kind, text string, gone bool) {
			t.Helper()
			if err := x.Correct(t.Context(), x.a, id, x.read(id).Revision, advisory.Notice{Kind: kind, Text: text}, gone); err != nil {
				t.Fatal(err)
			}
			x.press(x.a, id, advisory.Yes{})
			if got, no := x.press(x.b, id, advisory.Yes{}); no != "" || !got.Released {
				t.Fatalf("%s: %+v %s", kind, got, no)
			}
		}
		notice(advisory.Correction, "We had the evening wrong.", false)
		if w := x.out()[0]; len(w.Notices) != 1 || w.Notices[0].Text != "We had the evening wrong." || w.Body == "" || w.Revision != 2 || w.Changed-w.First != 2 {
			t.Errorf("corrected: %+v", w)
		}
		notice(advisory.Withdrawn, "It was not so.", false)
		if w := x.out()[0]; len(w.Notices) != 2 || !w.Withdrawn || w.Body == "" {
			t.Errorf("withdrawn: %+v", w)
		}
		notice(advisory.Withdrawn, "It must not be read.", true)
		if w := x.out()[0]; !w.Gone || w.Body+w.Title+w.Author != "" || len(w.Claims) != 0 {
			t.Errorf("taken away: %+v", w)
		}
		if got := strings.Join(x.events(), "\n"); !strings.Contains(got, "warning.released map[revision:1]") || !strings.Contains(got, "warning.corrected") || !strings.Contains(got, "warning.withdrawn") || strings.Count(got, "warning.refused") != 2 {
			t.Errorf("the ledger:\n%s", got)
		}
	})
}

// TestOverride: a single source stated as fact is refused; two members who write down why
// can let it go out, marked, and the ledger says so; one of them alone cannot. What is
// contested they cannot.
func TestOverride(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		x := begin(t, st)
		c := whole()
		c.Claims[0].Level = advisory.Fact
		id := x.save(c)
		if _, no := x.press(x.a, id, advisory.Yes{Wording: true}); !strings.Contains(no, "One source cannot be stated as fact") {
			t.Errorf("without a reason: %q", no)
		}
		x.change(id, func(c *advisory.Content) { c.Override = "he is in danger if it waits" })
		if _, no := x.press(x.a, id, advisory.Yes{}); !strings.Contains(no, "One source cannot be stated as fact") {
			t.Errorf("without agreeing to it: %q", no)
		}
		x.press(x.a, id, advisory.Yes{Wording: true})
		if _, no := x.press(x.b, id, advisory.Yes{}); no == "" || len(x.out()) > 0 {
			t.Error("the second member did not agree to it, and it is out")
		}
		if got, no := x.press(x.b, id, advisory.Yes{Wording: true}); no != "" || !got.Released {
			t.Fatalf("both agree: %+v %s", got, no)
		}
		if w := x.out()[0]; !w.Claims[0].Single {
			t.Errorf("it is not marked: %+v", w.Claims)
		}
		if got := strings.Join(x.events(), "\n"); !strings.Contains(got, "override:wording") {
			t.Errorf("it left no trace:\n%s", got)
		}
		against, _ := advisory.ParseEvidence("https://example.invalid/2 | police | official record")
		c.Claims[0].Against, c.Claims[0].Other, c.Override = against, "Police deny it.", "because"
		c.Body += "\nPolice deny it."
		id = x.save(c)
		if _, no := x.press(x.a, id, advisory.Yes{Wording: true}); !strings.Contains(no, "cannot be stated as plain fact") {
			t.Errorf("contested, and overridden: %q", no)
		}
	})
}

// TestConsentWithdrawn: one person's word of a case needs their consent to media, also
// on the day it goes out.
func TestConsentWithdrawn(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		x := begin(t, st)
		n := x.add(x.a, x.id, "statement", "according", "himself", "text", "invented words about papers")
		yes := x.add(x.a, x.id, "consent", "purpose", "media", "answer", "given", "by", "the person", "groups", "story")
		c := whole()
		c.Claims[0].For, _ = advisory.ParseEvidence(fmt.Sprintf("case %s/%d | himself | testimony", casework.Short(x.id), n))
		id := x.save(c)
		if v := x.read(id); v.Claims[0].For[0].Consent != "given" || v.Claims[0].For[0].Case != x.id {
			t.Fatalf("%+v", v.Claims[0].For)
		}
		if _, no := x.press(x.a, id, advisory.Yes{}); no != "" {
			t.Fatal(no)
		}
		e, err := x.Desk.Cases.Book.Make("withdrawn", 1, yes, map[string]string{"text": "no longer"}, "", x.Clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := x.Desk.Cases.Add(t.Context(), x.a, x.id, "", e, 0); err != nil {
			t.Fatal(err)
		}
		if _, no := x.press(x.b, id, advisory.Yes{}); !strings.Contains(no, "not agreed to media") {
			t.Errorf("withdrawn, and released: %q", no)
		}
		// A line of a case that whoever writes it cannot open is not taken.
		c.Claims[0].For, _ = advisory.ParseEvidence("case ABCDEF/1 | x | testimony")
		var bad *advisory.Invalid
		if _, err := x.Save(t.Context(), x.a, "", casework.Nonce(), 0, c); !errors.As(err, &bad) {
			t.Errorf("a line nobody can see: %v", err)
		}
	})
}

// TestNothingOfTheDesk: whatever stands in any field of a case or in a report, in any
// disguise, keeps a warning in.
func TestNothingOfTheDesk(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		x := begin(t, st)
		markers := map[string]string{} // by where they stand
		mark := func(where string) string {
			n := len(markers)
			m := fmt.Sprintf("Qu%c%cxmark", 'a'+n/26, 'a'+n%26)
			markers[where] = m
			return m
		}
		for _, k := range x.Desk.Cases.Book.Kinds {
			if k.ID == "report" {
				continue // it holds the id of a report that is there, and nothing else
			}
			e := casework.Entry{Kind: k.ID, Compartment: k.Compartment, Written: x.Clock.Now().Unix(), Person: 1, F: map[string]string{}}
			for _, f := range k.Fields {
				switch f.Type {
				case "line":
					e.F[f.ID] = mark(k.ID + "." + f.ID)
				case "long":
					e.F[f.ID] = "what they said of " + mark(k.ID+"."+f.ID) + " when it was late, and nobody came"
				}
			}
			if k.ID == "place" {
				e.F["position"], e.F["point"] = "11.5564, 104.9282", "11.55640, 104.92820"
			}
			if k.ID == "copied" {
				e.Data = []byte(`{"Text":"a line with ` + mark("copied data") + ` in it"}`)
			}
			if _, _, err := x.Desk.Cases.Add(t.Context(), x.a, x.id, casework.Nonce(), e, 0); err != nil {
				t.Fatalf("%s: %v", k.ID, err)
			}
		}
		if _, err := x.Intake.Receive(t.Context(), intake.Nonce(), intake.Report{
			Kind: "missing", Who: mark("report who"), Where: mark("report where"), Contact: mark("report contact"), Text: "invented words",
		}); err != nil {
			t.Fatal(err)
		}
		if len(markers) < 45 {
			t.Fatalf("only %d fields", len(markers))
		}
		disguises := map[string]func(string) string{
			"as it is": func(s string) string { return s },
			"full width": func(s string) string {
				return strings.Map(func(r rune) rune { return r - '!' + '！' }, s)
			},
			"spaced":   func(s string) string { return strings.Join(strings.Split(s, ""), " ") },
			"dotted":   func(s string) string { return strings.Join(strings.Split(s, ""), ".") },
			"upper":    strings.ToUpper,
			"cyrillic": func(s string) string { return strings.NewReplacer("a", "а", "x", "х").Replace(s) },
			"hidden":   func(s string) string { return s[:4] + "\u200b" + s[4:] },
		}
		fields := []func(*advisory.Content, string){
			func(c *advisory.Content, s string) { c.Body += "\nAbout " + s + " we know more." },
			func(c *advisory.Content, s string) { c.Title += ": " + s },
			func(c *advisory.Content, s string) { c.Call += " " + s },
			func(c *advisory.Content, s string) { c.Author = s },
		}
		try := func(s string, f func(*advisory.Content, string)) string {
			t.Helper()
			c := whole()
			f(&c, s)
			_, no := x.press(x.a, x.save(c), advisory.Yes{})
			return no
		}
		if no := try("nothing of theirs", fields[0]); no != "" {
			t.Fatalf("an ordinary warning is refused: %s", no)
		}
		i := 0
		for where, m := range markers {
			for name, disguise := range disguises {
				i++
				if no := try(disguise(m), fields[i%len(fields)]); !strings.Contains(no, "holds something of the desk's") {
					t.Errorf("%s, %s: %q passes: %q", where, name, disguise(m), no)
				}
			}
		}
		for _, s := range []string{"11.556, 104.928", "104.9281 / 11.5565", x.id, strings.ToLower(casework.Short(x.id))} {
			if no := try(s, fields[0]); no == "" {
				t.Errorf("%q passes", s)
			}
		}
		if len(x.out()) > 0 {
			t.Error("something is out")
		}
	})
}

// TestPublicNames: a compound's name goes out if two members let it stand; a person's
// never does, whoever agrees.
func TestPublicNames(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		x := begin(t, st)
		x.add(x.a, x.id, "place", "place", "Example Garden", "accuracy", "compound", "according", "himself")
		x.add(x.a, x.id, "identity", "name", "Testman Invented")
		c := whole()
		c.Body += "\nDo not go to Example Garden."
		c.Allowed = []string{"Example Garden", "Testman Invented"}
		id := x.save(c)
		if _, no := x.press(x.a, id, advisory.Yes{}); no == "" {
			t.Error("listed by one, agreed to by nobody, and it passes")
		}
		if got, no := x.press(x.a, id, advisory.Yes{Words: []string{"Example Garden"}}); no != "" || len(got.Scan.Allowed) != 1 {
			t.Fatalf("%+v %s", got, no)
		}
		if _, no := x.press(x.b, id, advisory.Yes{}); no == "" {
			t.Error("the second member did not agree, and it passes")
		}
		if got, no := x.press(x.b, id, advisory.Yes{Words: []string{"Example Garden"}}); no != "" || !got.Released {
			t.Fatalf("%+v %s", got, no)
		}
		c.Body += "\nTestman Invented was there."
		id = x.save(c)
		if _, no := x.press(x.a, id, advisory.Yes{Words: c.Allowed, Wording: true, Unscanned: true}); no == "" {
			t.Error("a person's name passes")
		}
	})
}

// TestWhatNobodySearched: cases that neither member can open keep it in; so does a
// compartment, and a line that came after the search.
func TestWhatNobodySearched(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		x := begin(t, st)
		third := x.Member("still owl", desk.Caseworker)
		id := x.save(whole())
		x.press(x.a, id, advisory.Yes{})
		// A case that only the first can open gains a line after the first has pressed.
		x.open(x.a, nil)
		if got, no := x.press(x.b, id, advisory.Yes{}); no != "" || got.Released || got.Unscanned != 1 {
			t.Fatalf("a case that nobody has searched: %+v %s", got, no)
		}
		if got, _ := x.press(x.a, id, advisory.Yes{}); !got.Released {
			t.Fatalf("searched by one of them: %+v", got)
		}
		// One that only a third can open.
		theirs := x.open(third, nil)
		id = x.save(whole())
		x.press(x.a, id, advisory.Yes{})
		if got, _ := x.press(x.b, id, advisory.Yes{}); got.Released || got.Unscanned != 1 {
			t.Fatalf("a colleague's case: %+v", got)
		}
		if got, _ := x.press(x.b, id, advisory.Yes{Unscanned: true}); got.Released {
			t.Fatal("no reason was written, and it is out")
		}
		x.change(id, func(c *advisory.Content) { c.Unscanned = "she is ill and it cannot wait" })
		x.press(x.a, id, advisory.Yes{Unscanned: true})
		if got, _ := x.press(x.b, id, advisory.Yes{}); got.Released {
			t.Fatal("only one agreed, and it is out")
		}
		if got, _ := x.press(x.b, id, advisory.Yes{Unscanned: true}); !got.Released {
			t.Fatalf("both agreed: %+v", got)
		}
		if got := strings.Join(x.events(), "\n"); !strings.Contains(got, "unscanned:1") {
			t.Errorf("the ledger:\n%s", got)
		}
		// On the case, but without the key of who it is.
		if err := x.Desk.Cases.Share(t.Context(), third, theirs, x.b.Member, []string{casework.File}); err != nil {
			t.Fatal(err)
		}
		id = x.save(whole())
		x.press(x.a, id, advisory.Yes{})
		if got, _ := x.press(x.b, id, advisory.Yes{}); !got.Released {
			t.Fatalf("nothing is sealed away in it: %+v", got)
		}
		x.add(third, theirs, "identity", "name", "Testman Invented")
		c := whole()
		c.Body += "\nTestman Invented was there."
		id = x.save(c)
		x.press(x.a, id, advisory.Yes{})
		if got, _ := x.press(x.b, id, advisory.Yes{}); got.Released || got.Unscanned != 1 {
			t.Fatalf("who it is was searched by nobody: %+v", got)
		}
		// Who can open it sees it, and what they found bars it; the others see only that.
		if _, no := x.press(third, id, advisory.Yes{}); no == "" {
			t.Error("it passes whoever can open it")
		}
		v := x.read(id)
		i := slices.IndexFunc(v.Pressed, func(p advisory.Pressed) bool { return p.Refused })
		if i < 0 || !slices.Equal(v.Pressed[i].In, []string{theirs}) {
			t.Errorf("the refusal: %+v", v.Pressed)
		}
	})
}

// TestNotForEverybody: an administrator and an auditor can do nothing here; two who save
// at once do not write over each other.
func TestNotForEverybody(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		x := begin(t, st)
		id := x.save(whole())
		for _, role := range []string{desk.Administrator, desk.Auditor} {
			s := x.Member("only "+role, role)
			if _, err := x.Save(t.Context(), s, "", casework.Nonce(), 0, whole()); !errors.Is(err, desk.ErrForbidden) {
				t.Errorf("%s writes: %v", role, err)
			}
			if _, err := x.Press(t.Context(), s, id, 1, advisory.Yes{}); !errors.Is(err, desk.ErrForbidden) {
				t.Errorf("%s releases: %v", role, err)
			}
		}
		if _, err := x.Save(t.Context(), x.b, id, "", 1, whole()); err != nil {
			t.Fatal(err)
		}
		if _, err := x.Save(t.Context(), x.a, id, "", 1, whole()); !errors.Is(err, advisory.ErrConflict) {
			t.Errorf("a colleague's change is written over: %v", err)
		}
		if _, err := x.Press(t.Context(), x.a, id, 1, advisory.Yes{}); !errors.Is(err, advisory.ErrConflict) {
			t.Errorf("released unseen: %v", err)
		}
		nonce := casework.Nonce()
		one, err1 := x.Save(t.Context(), x.a, "", nonce, 0, whole())
		two, err2 := x.Save(t.Context(), x.a, "", nonce, 0, whole())
		if err1 != nil || err2 != nil || one != two {
			t.Errorf("sent twice: %s %s %v %v", one, two, err1, err2)
		}
		for name, bad := range map[string]func(*advisory.Content){
			"language":  func(c *advisory.Content) { c.Lang = "xx" },
			"territory": func(c *advisory.Content) { c.Territories = []string{"Taiwan"} },
			"length":    func(c *advisory.Content) { c.Body = strings.Repeat("x", 4001) },
			"counsel":   func(c *advisory.Content) { c.Claims[0].Counsel.Day = "2026-02-30" },
		} {
			c := whole()
			bad(&c)
			var no *advisory.Invalid
			if _, err := x.Save(t.Context(), x.a, "", casework.Nonce(), 0, c); !errors.As(err, &no) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// TestAstray: somebody who can write to the database changes what the public reads, puts
// out a warning of their own, or has the way back to an older one. Members notice.
func TestAstray(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		x := begin(t, st)
		id := x.save(whole())
		x.press(x.a, id, advisory.Yes{})
		if got, no := x.press(x.b, id, advisory.Yes{}); no != "" || !got.Released {
			t.Fatalf("%+v %s", got, no)
		}
		astray := func() []string {
			t.Helper()
			got, err := x.Astray(t.Context(), x.b)
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		if got := astray(); len(got) != 0 {
			t.Errorf("as it was released: %v", got)
		}
		for _, p := range []store.Published{{ID: id, Revision: 2, Body: `{"lang":"en","title":"All is well, come"}`, Day: 20_600}, {ID: "0123456789ab", Revision: 1, Body: `{"lang":"en","title":"of nobody"}`, Day: 20_600}} {
			if err := st.Write(t.Context(), func(tx *store.Tx) error { return tx.Publish(p) }); err != nil {
				t.Fatal(err)
			}
			if got := astray(); !slices.Contains(got, p.ID) {
				t.Errorf("%s was changed: %v", p.ID, got)
			}
		}
	})
}

// TestANoToMedia: who said no is not written about because their family says yes; and a
// consent that was withdrawn where the second member cannot see it keeps the warning in.
func TestANoToMedia(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		x := begin(t, st)
		alone := x.open(x.a, nil)
		c := whole()
		claim := func(id string) string {
			t.Helper()
			n := x.add(x.a, id, "statement", "according", "himself", "text", "invented words about papers")
			c.Claims[0].For, _ = advisory.ParseEvidence(fmt.Sprintf("case %s/%d | himself | testimony", casework.Short(id), n))
			return x.save(c)
		}
		x.add(x.a, x.id, "consent", "purpose", "media", "answer", "given", "by", "the person", "groups", "story")
		x.add(x.a, x.id, "consent", "purpose", "media", "answer", "refused", "by", "the person")
		x.add(x.a, x.id, "consent", "purpose", "media", "answer", "given", "by", "the family", "groups", "story")
		if v := x.read(claim(x.id)); v.Claims[0].For[0].Consent == "given" {
			t.Error("a family's yes stands above the person's no")
		}
		yes := x.add(x.a, alone, "consent", "purpose", "media", "answer", "given", "by", "the person", "groups", "story")
		id := claim(alone)
		if _, no := x.press(x.a, id, advisory.Yes{}); no != "" {
			t.Fatal(no)
		}
		e, err := x.Desk.Cases.Book.Make("withdrawn", 1, yes, map[string]string{"text": "no longer"}, "", x.Clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := x.Desk.Cases.Add(t.Context(), x.a, alone, "", e, 0); err != nil {
			t.Fatal(err)
		}
		if got, _ := x.press(x.b, id, advisory.Yes{}); got.Released {
			t.Error("released by a member who cannot see that consent was withdrawn")
		}
	})
}
