package retention_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"homeward/keep/ledger"
	"homeward/keep/store"
	"homeward/test/engines"
	"homeward/test/people"
	"homeward/work/casework"
	"homeward/work/desk"
	"homeward/work/intake"
	"homeward/work/retention"
)

func TestMain(m *testing.M) { engines.Main(m) }

type house struct {
	*people.Desk
	t *testing.T
	*retention.Retention
}

func open(t *testing.T, s *store.Store) *house {
	d := people.New(t, s)
	return &house{d, t, &retention.Retention{Store: s, Ledger: d.Desk.Ledger, Now: d.Clock.Now}}
}

// told takes a report and gives its id.
func (h *house) told(words string) string {
	h.t.Helper()
	before := h.ids("")
	if _, err := h.Intake.Receive(h.t.Context(), intake.Nonce(), intake.Report{Text: words}); err != nil {
		h.t.Fatal(err)
	}
	for _, id := range h.ids("") {
		if !slices.Contains(before, id) {
			return id
		}
	}
	h.t.Fatal("no report")
	return ""
}

// ids gives the reports in a state, or in all.
func (h *house) ids(state string) (out []string) {
	h.t.Helper()
	for _, st := range []string{store.New, store.Worked, store.Closing} {
		if state != "" && state != st {
			continue
		}
		if err := h.Desk.Desk.Store.Read(h.t.Context(), func(tx *store.Tx) error {
			rows, err := tx.Reports(st, store.Report{}, 1000)
			for _, r := range rows {
				out = append(out, r.ID)
			}
			return err
		}); err != nil {
			h.t.Fatal(err)
		}
	}
	return out
}

func (h *house) worked(id string) {
	h.t.Helper()
	r, err := h.Desk.Desk.Read(h.t.Context(), h.First, id)
	if err != nil {
		h.t.Fatal(err)
	}
	if err := h.Worked(h.t.Context(), h.First, id, r.Row.Revision); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) days(n int) {
	h.Clock.Add(time.Duration(n) * 24 * time.Hour)
	h.First = h.SignIn("blue heron")
}

func (h *house) set(leads, cases int64) {
	h.t.Helper()
	if err := h.Set(h.t.Context(), "", retention.Policy{Leads: leads, Cases: cases}); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) erase() retention.Erased {
	h.t.Helper()
	n, err := h.Erase(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	return n
}

// events gives the details of events of a kind, by what they are of.
func (h *house) events(kind string) map[string]string {
	h.t.Helper()
	out := map[string]string{}
	if err := h.Desk.Desk.Store.Read(h.t.Context(), func(tx *store.Tx) error {
		if _, err := ledger.Verify(tx, h.Desk.Ledger.Verifier()); err != nil {
			return err
		}
		size, err := tx.LedgerSize()
		if err != nil {
			return err
		}
		return tx.LedgerRows(0, size, func(_ int64, _, event, _, _ []byte) error {
			if i := strings.Index(string(event), `"of":"`); i > 0 && strings.Contains(string(event), `"kind":"`+kind+`"`) {
				of, _, _ := strings.Cut(string(event)[i+6:], `"`)
				out[of] = string(event)
			}
			return nil
		})
	}); err != nil {
		h.t.Fatal(err)
	}
	return out
}

// TestLeads: what was worked, belongs to no case, is held by nobody and old is erased,
// and nothing else.
func TestLeads(t *testing.T) {
	engines.Each(t, func(t *testing.T, s *store.Store) {
		h := open(t, s)
		used, unused, unread, muted, held, again := h.told("used"), h.told("unused"), h.told("unread"), h.told("muted"), h.told("held"), h.told("again")
		for _, id := range []string{used, unused, held, again} {
			h.worked(id)
		}
		if err := h.Mute(t.Context(), h.First, muted, true); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Cases.Open(t.Context(), h.First, casework.New{Nonce: casework.Nonce(), Called: "a son", Report: used}); err != nil {
			t.Fatal(err)
		}
		if err := h.Hold(t.Context(), h.First, held, "a court in an invented land"); err != nil {
			t.Fatal(err)
		}
		h.days(400)
		if n := h.erase(); n != (retention.Erased{}) {
			t.Errorf("erased by no policy: %v", n)
		}
		h.set(90, 0)
		h.days(retention.Notice - 1)
		if n := h.erase(); n != (retention.Erased{}) {
			t.Errorf("erased before the notice was over: %v", n)
		}
		// Somebody writes again on the day before: that is unread, whatever its age.
		if err := s.Write(t.Context(), func(tx *store.Tx) error {
			n, _, err := tx.NextMessage(again, store.In, []byte("later"), true)
			if err != nil {
				return err
			}
			return tx.AddMessage(store.Message{Report: again, N: n, Direction: store.In, Body: []byte("x"), ForIntake: []byte("x"), Once: []byte("later"), Day: h.Clock.Now().Unix() / 86400})
		}); err != nil {
			t.Fatal(err)
		}
		h.days(1)
		if n := h.erase(); n != (retention.Erased{Reports: 1}) {
			t.Errorf("erased %v", n)
		}
		left := h.ids("")
		if slices.Contains(left, unused) || len(left) != 5 {
			t.Errorf("left %v of %v", left, []string{used, unused, unread, muted, held, again})
		}
		if e := h.events("report.erased")[unused]; !strings.Contains(e, `"why":"age"`) {
			t.Errorf("the ledger says %q", e)
		}
		if n := h.erase(); n != (retention.Erased{}) {
			t.Errorf("erased again: %v", n)
		}
		// The hold's end erases nothing by itself; the clock does, the next day.
		if err := h.Release(t.Context(), h.First, held, "the court has ruled"); err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(h.ids(""), held) {
			t.Error("erased by the end of its hold")
		}
		if n := h.erase(); n != (retention.Erased{Reports: 1}) || slices.Contains(h.ids(""), held) {
			t.Errorf("after the hold: %v", n)
		}
	})
}

// TestCases: a closed case goes with its keys, its lines and its reports, unless it is
// held, open, or somebody wrote again.
func TestCases(t *testing.T) {
	engines.Each(t, func(t *testing.T, s *store.Store) {
		h := open(t, s)
		file := func(called string, closed bool) (id, report string) {
			report = h.told(called)
			h.worked(report)
			id, err := h.Cases.Open(t.Context(), h.First, casework.New{Nonce: casework.Nonce(), Called: called, Report: report})
			if err != nil {
				t.Fatal(err)
			}
			if closed {
				e, err := h.Cases.Book.Make("stage", 1, 0, map[string]string{"stage": "closed", "text": "as agreed"}, "", h.Clock.Now())
				if err != nil {
					t.Fatal(err)
				}
				if _, _, err := h.Cases.Add(t.Context(), h.First, id, casework.Nonce(), e, 0); err != nil {
					t.Fatal(err)
				}
			}
			return id, report
		}
		gone, goneReport := file("gone", true)
		still, stillReport := file("still open", false)
		held, heldReport := file("held", true)
		wrote, wroteReport := file("wrote again", true)
		shared, _ := file("shares a report", false)
		if err := s.Write(t.Context(), func(tx *store.Tx) error {
			return tx.Keep(store.Hold{Item: goneReport, Why: shared, Day: 1})
		}); err != nil {
			t.Fatal(err)
		}
		alone, aloneReport := file("alone", true)
		if err := h.Hold(t.Context(), h.First, held, "a lawyer asked"); err != nil {
			t.Fatal(err)
		}
		h.set(0, 730)
		h.days(729)
		if n := h.erase(); n != (retention.Erased{}) {
			t.Errorf("a day early: %v", n)
		}
		if err := s.Write(t.Context(), func(tx *store.Tx) error {
			_, _, err := tx.NextMessage(wroteReport, store.In, []byte("later"), true)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		h.days(1)
		if n := h.erase(); n != (retention.Erased{Cases: 2, Reports: 1}) {
			t.Errorf("erased %v", n)
		}
		if err := s.Read(t.Context(), func(tx *store.Tx) error {
			for id, there := range map[string]bool{gone: false, still: true, held: true, wrote: true, shared: true, alone: false} {
				_, err := tx.Folder(id)
				keys, _ := tx.FolderKeys(id)
				lines, _ := tx.Entries(id)
				if (err == nil) != there || (len(keys) > 0) != there || (len(lines) > 0) != there {
					t.Errorf("case %s: %v, %d keys, %d lines, should be there: %v", id[:6], err, len(keys), len(lines), there)
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		left := h.ids("")
		for report, there := range map[string]bool{goneReport: true /* of another case too */, stillReport: true, heldReport: true, wroteReport: true, aloneReport: false} {
			if slices.Contains(left, report) != there {
				t.Errorf("a report of a case: there %v", !there)
			}
		}
		if e := h.events("case.erased"); len(e) != 2 || e[gone] == "" {
			t.Errorf("the ledger says %v", e)
		}
	})
}

func TestHolds(t *testing.T) {
	engines.Each(t, func(t *testing.T, s *store.Store) {
		h := open(t, s)
		id := h.told("something")
		worker := h.Member("grey crane", desk.Caseworker)
		for _, c := range []struct {
			who    *desk.Session
			item   string
			reason string
			want   error
		}{
			{worker, id, "I want to", desk.ErrForbidden},
			{h.First, id, "  ", retention.ErrReason},
			{h.First, id, strings.Repeat("x", 2001), retention.ErrReason},
			{h.First, "nothere", "a reason", retention.ErrNone},
		} {
			if err := h.Hold(t.Context(), c.who, c.item, c.reason); !errors.Is(err, c.want) {
				t.Errorf("%q %q: %v", c.item, c.reason, err)
			}
		}
		for _, reason := range []string{"first", "and again"} {
			if err := h.Hold(t.Context(), h.First, id, reason); err != nil {
				t.Fatal(err)
			}
		}
		got, err := h.Holds(t.Context(), worker)
		if err != nil || len(got) != 1 || got[0].Reason != "and again" || got[0].By != h.First.Member || !got[0].On || got[0].Item != id {
			t.Errorf("%+v, %v", got, err)
		}
		// The reason stands nowhere in the clear; that it is held does.
		if err := s.Read(t.Context(), func(tx *store.Tx) error {
			r, err := tx.Record("hold", id)
			if strings.Contains(string(r.Body), "again") {
				t.Error("the reason stands in the clear")
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if err := h.Release(t.Context(), h.First, id, "no longer"); err != nil {
			t.Fatal(err)
		}
		if got, err := h.Holds(t.Context(), worker); err != nil || len(got) != 0 {
			t.Errorf("%+v, %v", got, err)
		}
		if len(h.events("hold.set")) != 1 || len(h.events("hold.ended")) != 1 {
			t.Error("the ledger does not tell of it")
		}
	})
}

func TestPolicy(t *testing.T) {
	engines.Each(t, func(t *testing.T, s *store.Store) {
		h := open(t, s)
		for _, p := range []retention.Policy{{Leads: 29}, {Leads: -1}, {Cases: 179}, {Cases: 40_000}, {Leads: 1 << 60}} {
			if err := h.Set(t.Context(), "", p); err == nil {
				t.Errorf("%+v was taken", p)
			}
		}
		since := func() int64 {
			var p retention.Policy
			if err := s.Read(t.Context(), func(tx *store.Tx) (err error) { p, err = retention.PolicyOf(tx); return err }); err != nil {
				t.Fatal(err)
			}
			return p.Since
		}
		h.set(90, 0)
		first := since()
		h.days(10)
		h.set(120, 0) // later than before: no new notice
		if since() != first {
			t.Error("a longer period began the notice anew")
		}
		h.set(120, 730) // cases were kept for ever before
		if since() != first+10 {
			t.Error("a new period began without notice")
		}
		h.days(10)
		h.set(60, 730)
		if since() != first+20 {
			t.Error("a shorter period began without notice")
		}
		if err := h.Desk.Desk.Store.Write(t.Context(), func(tx *store.Tx) error { return tx.PutSetting("retention", []byte("{")) }); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Erase(t.Context()); err == nil {
			t.Error("a setting that cannot be read is taken for one")
		}
	})
}

// TestNothingElseIsErased: whatever rows there are, only what the rule names goes.
func TestNothingElseIsErased(t *testing.T) {
	s, err := store.Open(t.Context(), "", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	log, err := ledger.NewLog("x", make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Unix(86400*20000, 0)
	r := &retention.Retention{Store: s, Ledger: log, Now: func() time.Time { return now }}
	if err := r.Set(context.Background(), "", retention.Policy{Leads: 90}); err != nil {
		t.Fatal(err)
	}
	now = now.Add(retention.Notice * 24 * time.Hour)
	today := now.Unix() / 86400
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		id := fmt.Sprintf("R%06d", n)
		age := rapid.Int64Range(0, 200).Draw(t, "age")
		said := rapid.Int64Range(0, age).Draw(t, "age of the last message")
		state := rapid.SampledFrom([]string{store.New, store.Worked, store.Closing}).Draw(t, "state")
		hold := rapid.SampledFrom([]string{"", "", store.Held, "CASE"}).Draw(t, "hold")
		sealed := rapid.Bool().Draw(t, "only the intake opens it")
		var forIntake []byte
		if sealed {
			forIntake = []byte("x")
		}
		if err := s.Write(context.Background(), func(tx *store.Tx) error {
			if _, _, err := tx.AddReport(store.Report{ID: id, Lookup: []byte(id), Mailbox: []byte("m"), Day: today - age, Calm: true}); err != nil {
				return err
			}
			num, _, err := tx.NextMessage(id, store.In, []byte("o"), true)
			if err != nil {
				return err
			}
			if err := tx.AddMessage(store.Message{Report: id, N: num, Direction: store.In, Body: []byte("b"), ForIntake: forIntake, Once: []byte("o"), Day: today - said}); err != nil {
				return err
			}
			row, err := tx.Report(id)
			if err != nil {
				return err
			}
			if hold != "" {
				if err := tx.Keep(store.Hold{Item: id, Why: hold}); err != nil {
					return err
				}
			}
			after := int64(0)
			if state == store.Closing {
				after = today + 3
			}
			return tx.SetState(row, state, after)
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Erase(context.Background()); err != nil {
			t.Fatal(err)
		}
		want := state == store.Worked && hold == "" && !sealed && said >= 90
		err := s.Read(context.Background(), func(tx *store.Tx) error { _, err := tx.Report(id); return err })
		if errors.Is(err, store.ErrNone) != want {
			t.Fatalf("age %d, said %d, %s, hold %q, sealed %v: erased %v, want %v", age, said, state, hold, sealed, !want, want)
		}
	})
}
