package disclosure_test

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"homeward/keep/store"
	"homeward/test/engines"
	"homeward/test/people"
	"homeward/work/casework"
	"homeward/work/desk"
	"homeward/work/disclosure"
)

func TestMain(m *testing.M) { engines.Main(m) }

// tale is a case of an invented person, two members on it, and the room of telling.
type tale struct {
	*people.Desk
	*disclosure.Disclosure
	t    *testing.T
	a, b *desk.Session
	id   string
}

func begin(t *testing.T, st *store.Store) *tale {
	t.Helper()
	d := people.New(t, st)
	x := &tale{Desk: d, t: t, a: d.First, b: d.Member("grey wren", desk.Caseworker)}
	x.Disclosure = &disclosure.Disclosure{Store: st, Ledger: d.Ledger, Cases: d.Cases, Now: d.Clock.Now, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	var err error
	x.id, err = d.Cases.Open(t.Context(), x.a, casework.New{Nonce: casework.Nonce(), Called: "the son", Origin: "TW", Members: map[string][]string{x.b.Member: casework.Compartments}})
	if err != nil {
		t.Fatal(err)
	}
	x.add("identity", "name", "測試人甲 MARKER-NAME", "document", "MARKER-PASSPORT")
	x.add("place", "place", "Invented Province", "accuracy", "district", "according", "himself")
	x.add("place", "place", "Example Garden MARKER-BUILDING", "accuracy", "building", "according", "himself")
	x.add("forced", "according", "himself", "text", "MARKER-LEGAL")
	return x
}

func (x *tale) add(kind string, pairs ...string) int64 {
	x.t.Helper()
	answers := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		answers[pairs[i]] = pairs[i+1]
	}
	e, err := x.Desk.Cases.Book.Make(kind, 1, 0, answers, "UTC", x.Clock.Now())
	if err != nil {
		x.t.Fatal(err)
	}
	n, _, err := x.Desk.Cases.Add(x.t.Context(), x.a, x.id, casework.Nonce(), e, 0)
	if err != nil {
		x.t.Fatal(err)
	}
	return n
}

func (x *tale) read() casework.Case {
	x.t.Helper()
	c, err := x.Desk.Cases.Read(x.t.Context(), x.a, x.id)
	if err != nil {
		x.t.Fatal(err)
	}
	return c
}

// waiting looks at how many plans of the case wait, as the second member's board has it.
func (x *tale) waiting(want int) {
	x.t.Helper()
	rows, _, err := x.Desk.Cases.Board(x.t.Context(), x.b)
	x.must(err)
	if len(rows) != 1 || rows[0].Plans != want {
		x.t.Errorf("plans that wait: %+v, want %d", rows, want)
	}
}

// plan chooses the answers that hold one of some words.
func (x *tale) plan(stage string, words ...string) disclosure.Plan {
	p := disclosure.Plan{Channel: "tw-mofa", Purpose: "rescue", Stage: stage, Lang: "en", People: []int{1}}
	for _, c := range disclosure.Choices(x.Desk.Cases.Book, x.read()) {
		if slices.ContainsFunc(words, func(w string) bool { return strings.Contains(c.Value, w) }) {
			p.Fields = append(p.Fields, c.Ref)
		}
	}
	return p
}

func (x *tale) refused(err error, why string) {
	x.t.Helper()
	var r *disclosure.Refused
	if !errors.As(err, &r) || !strings.Contains(strings.Join(r.Why, " "), why) {
		x.t.Errorf("%v, want a refusal that says %q", err, why)
	}
}

func (x *tale) consents(groups string) int64 {
	return x.add("consent", "purpose", "rescue", "answer", "given", "by", "the person", "groups", groups)
}

func (x *tale) must(err error) {
	x.t.Helper()
	if err != nil {
		x.t.Fatal(err)
	}
}

// TestStepByStep: district only with consent needs one member; the building and who it
// is need two, and nothing more goes into the copy than was chosen.
func TestStepByStep(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		x := begin(t, st)
		ctx := t.Context()
		if _, err := x.Propose(ctx, x.a, x.id, casework.Nonce(), x.plan("district", "Invented Province")); err == nil {
			t.Error("told without consent")
		} else {
			x.refused(err, "Consent for this purpose")
		}
		x.consents("district\nplace\nidentity")
		_, err := x.Propose(ctx, x.a, x.id, casework.Nonce(), x.plan("district", "Example Garden"))
		x.refused(err, "More was chosen than this stage")
		_, err = x.Propose(ctx, x.a, x.id, casework.Nonce(), x.plan("identity", "MARKER-PASSPORT"))
		x.refused(err, "Consent for this purpose") // documents were not agreed to
		if len(x.plan("identity", "MARKER-LEGAL").Fields) != 0 {
			t.Error("what the person was made to do can be chosen")
		}

		n, err := x.Propose(ctx, x.a, x.id, casework.Nonce(), x.plan("district", "Invented Province"))
		x.must(err)
		c, err := x.TakeCopy(ctx, x.a, x.id, n, casework.Nonce())
		x.must(err)
		if !strings.Contains(c.Text, "Invented Province") || strings.Contains(c.Text, "MARKER") || !strings.Contains(c.Text, c.Reference) {
			t.Errorf("the copy says\n%s", c.Text)
		}
		_, err = x.TakeCopy(ctx, x.b, x.id, n, casework.Nonce())
		x.refused(err, "taken already")
		same, err := x.TakenCopy(ctx, x.b, x.id, n)
		x.must(err)
		if same.Text != c.Text || same.SHA256 != c.SHA256 {
			t.Errorf("another copy:\n%s", same.Text)
		}
		if b, missing, err := same.PDF(); err != nil || missing != "" || !bytes.HasPrefix(b, []byte("%PDF")) || bytes.Contains(b, []byte("blue heron")) {
			t.Errorf("the PDF: %d bytes, %q, %v", len(b), missing, err)
		}
		x.must(x.Sent(ctx, x.a, x.id, n, casework.Nonce(), map[string]string{"at": "2026-05-04 12:00", "way": "by phone, the duty officer"}, "UTC"))
		_, err = x.TakenCopy(ctx, x.b, x.id, n)
		x.refused(err, "not shown again")
		x.refused(x.Cancel(ctx, x.a, x.id, n, casework.Nonce(), ""), "told already")
		x.must(x.Known(ctx, x.a, x.id, n, casework.Nonce(), map[string]string{"outcome": "helped"}, "UTC"))

		n, err = x.Propose(ctx, x.a, x.id, casework.Nonce(), x.plan("identity", "MARKER-NAME", "MARKER-BUILDING"))
		x.must(err)
		x.waiting(1)
		_, err = x.TakeCopy(ctx, x.a, x.id, n, casework.Nonce())
		x.refused(err, "A second member")
		x.refused(x.Approve(ctx, x.a, x.id, n, casework.Nonce(), "yes"), "cannot approve")
		x.must(x.Object(ctx, x.b, x.id, n, casework.Nonce(), "they forward to the police"))
		x.must(x.Approve(ctx, x.b, x.id, n, casework.Nonce(), "help is at the gate"))
		x.waiting(0)
		c, err = x.TakeCopy(ctx, x.a, x.id, n, casework.Nonce())
		x.must(err)
		if !strings.Contains(c.Text, "測試人甲") || strings.Contains(c.Text, "PASSPORT") || strings.Contains(c.Text, "LEGAL") {
			t.Errorf("the copy says\n%s", c.Text)
		}
		records, err := x.Records(ctx, x.b)
		x.must(err)
		if r := records["tw-mofa"]; r.Told != 1 || r.Outcomes["helped"] != 1 || r.Enough {
			t.Errorf("record %+v", r)
		}
		x.ledgerHas("telling.planned", "telling.copied", "telling.sent", "telling.known", "telling.approved", "telling.objected", "telling.refused")
	})
}

// TestWithdrawnBetween: consent that is withdrawn between approval and sending stops
// it, at each step.
func TestWithdrawnBetween(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		x := begin(t, st)
		ctx := t.Context()
		consent := x.consents("place")
		n, err := x.Propose(ctx, x.a, x.id, casework.Nonce(), x.plan("building", "MARKER-BUILDING"))
		x.must(err)
		x.must(x.Approve(ctx, x.b, x.id, n, casework.Nonce(), "yes"))
		_, err = x.TakeCopy(ctx, x.a, x.id, n, casework.Nonce())
		x.must(err)
		e, err := x.Desk.Cases.Book.Make("withdrawn", 0, consent, map[string]string{"text": "no more"}, "", x.Clock.Now())
		x.must(err)
		if _, _, err := x.Desk.Cases.Add(ctx, x.a, x.id, casework.Nonce(), e, 0); err != nil {
			t.Fatal(err)
		}
		x.refused(x.Sent(ctx, x.a, x.id, n, casework.Nonce(), map[string]string{"at": "2026-05-04", "way": "mail"}, "UTC"), "Something has changed")
		if r, err := x.Records(ctx, x.a); err != nil || len(r) != 0 {
			t.Errorf("counted as told: %+v, %v", r, err)
		}
		// What was taken back is a no, which two members do not overrule.
		p := x.plan("building", "MARKER-BUILDING")
		p.Without = "we think it is better"
		_, err = x.Propose(ctx, x.a, x.id, casework.Nonce(), p)
		x.refused(err, "said no")
		x.consents("place")
		_, err = x.Propose(ctx, x.a, x.id, casework.Nonce(), x.plan("building", "MARKER-BUILDING"))
		x.must(err)
	})
}

// TestWithoutConsent: a no is a no; who cannot be asked is decided for by two members,
// and it is looked at again within a day.
func TestWithoutConsent(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		x := begin(t, st)
		ctx := t.Context()
		x.add("consent", "purpose", "rescue", "answer", "given", "by", "the family", "groups", "district\nplace")
		p := x.plan("district", "Invented Province")
		_, err := x.Propose(ctx, x.a, x.id, casework.Nonce(), p)
		x.refused(err, "Consent for this purpose") // a family's word is not the person's
		p.Without = "no word for two days; beaten last week"
		n, err := x.Propose(ctx, x.a, x.id, casework.Nonce(), p)
		x.must(err)
		_, err = x.TakeCopy(ctx, x.a, x.id, n, casework.Nonce())
		x.refused(err, "A second member")
		x.must(x.Approve(ctx, x.b, x.id, n, casework.Nonce(), "I agree"))
		clocks := x.read().State.Clocks
		if !slices.ContainsFunc(clocks, func(c casework.Clock) bool {
			return c.Kind == "review" && c.Due == x.Clock.Now().Add(24*time.Hour).Unix()
		}) {
			t.Errorf("no review within a day: %+v", clocks)
		}
		x.add("consent", "purpose", "rescue", "answer", "refused", "by", "the person")
		_, err = x.TakeCopy(ctx, x.a, x.id, n, casework.Nonce())
		x.refused(err, "said no")
	})
}

// TestDownstream: everybody whom what is told may come to, with the least sure step.
func TestDownstream(t *testing.T) {
	all := []disclosure.Channel{
		{ID: "a", Name: "A", Forwards: []disclosure.Edge{{To: "b", How: "ask"}, {To: "x", How: "no"}}},
		{ID: "b", Name: "B", Forwards: []disclosure.Edge{{To: "c", How: "yes"}, {To: "a", How: "yes"}}},
		{ID: "c", Name: "C", Forwards: []disclosure.Edge{{To: "the police of the town", How: "yes"}}},
	}
	var got []string
	for _, r := range disclosure.Downstream(all, "a") {
		got = append(got, r.Name+" "+r.How+" "+strings.Join(r.Via, ">"))
	}
	if want := []string{"B ask ", "C ask B", "the police of the town ask B>C"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestRegister: what the program ships is there as facts with their sureness; a desk's
// own word stands beside it, and two who write at once do not overwrite each other.
func TestRegister(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		x := begin(t, st)
		ctx := t.Context()
		c, err := x.Channel(ctx, x.b, "kh-117")
		x.must(err)
		if c.Demands == "" || c.Prosecutes != "yes" || c.Sureness != "supported" {
			t.Errorf("as shipped: %+v", c)
		}
		c.Experience = "nobody here has used it"
		if _, err := x.SaveChannel(ctx, x.b, casework.Nonce(), c); !errors.Is(err, desk.ErrForbidden) {
			t.Errorf("a caseworker keeps the register: %v", err)
		}
		_, err = x.SaveChannel(ctx, x.a, casework.Nonce(), c)
		x.must(err)
		if _, err := x.SaveChannel(ctx, x.a, casework.Nonce(), c); !errors.Is(err, disclosure.ErrConflict) {
			t.Errorf("an old page: %v", err)
		}
		c, err = x.Channel(ctx, x.b, "kh-117")
		x.must(err)
		if c.Experience != "nobody here has used it" || c.Revision != 1 {
			t.Errorf("kept: %+v", c)
		}
	})
}

func (x *tale) ledgerHas(kinds ...string) {
	x.t.Helper()
	var all strings.Builder
	if err := x.Disclosure.Store.Read(x.t.Context(), func(tx *store.Tx) error {
		return tx.LedgerRows(0, 1_000_000, func(_ int64, _, event, _, _ []byte) error {
			all.Write(event)
			return nil
		})
	}); err != nil {
		x.t.Fatal(err)
	}
	for _, k := range kinds {
		if !strings.Contains(all.String(), `"`+k+`"`) {
			x.t.Errorf("the ledger lacks %s", k)
		}
	}
	if strings.Contains(all.String(), "MARKER") {
		x.t.Error("the ledger identifies somebody")
	}
}
