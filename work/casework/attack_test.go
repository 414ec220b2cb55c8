package casework_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"homeward/keep/store"
	"homeward/keep/vault"
	"homeward/test/engines"
	"homeward/test/people"
	"homeward/work/casework"
	"homeward/work/desk"
)

// TestEditedAndSentAgain: a form that is sent again as it was adds one line; one whose
// words were changed before it was sent again adds another. Neither is lost.
func TestEditedAndSentAgain(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		d := people.New(t, st)
		id := opened(t, d, d.First, casework.New{Called: "somebody"})
		nonce := casework.Nonce()
		for _, text := range []string{"call the uncle", "call the uncle", "do not call the uncle"} {
			if _, _, err := d.Cases.Add(t.Context(), d.First, id, nonce, line(t, d, "task", 0, 0, "text", text), 0); err != nil {
				t.Fatal(err)
			}
		}
		got, err := d.Cases.Read(t.Context(), d.First, id)
		if err != nil || len(got.State.Tasks) != 2 || got.State.Tasks[1].F["text"] != "do not call the uncle" {
			t.Errorf("%d tasks, %v", len(got.State.Tasks), err)
		}
	})
}

// TestTwoNewPeopleAtOnce: two members who each add somebody new at once do not make one
// person of them.
func TestTwoNewPeopleAtOnce(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		d := people.New(t, st)
		a, b := d.First, d.Member("grey wren", desk.Caseworker)
		id := opened(t, d, a, casework.New{Called: "the son", Members: map[string][]string{b.Member: casework.Compartments}})
		page, err := d.Cases.Read(t.Context(), a, id)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := d.Cases.Add(t.Context(), a, id, casework.Nonce(), line(t, d, "someone", 2, 0, "called", "the cousin"), page.State.Lines); err != nil {
			t.Fatal(err)
		}
		if _, _, err := d.Cases.Add(t.Context(), b, id, casework.Nonce(), line(t, d, "someone", 2, 0, "called", "the neighbour"), page.State.Lines); !errors.Is(err, casework.ErrConflict) {
			t.Errorf("the second of two: %v", err)
		}
		got, err := d.Cases.Read(t.Context(), a, id)
		if err != nil || got.State.Title() != "the son, the cousin" {
			t.Errorf("%q, %v", got.State.Title(), err)
		}
	})
}

// TestPutBackWithLess: who was taken off a case and put back on it with fewer keys, all
// with an open tab, opens what those keys open and no more.
func TestPutBackWithLess(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		d := people.New(t, st)
		ctx := t.Context()
		a, b := d.First, d.Member("grey wren", desk.Caseworker)
		id := opened(t, d, a, casework.New{Called: "the son", Members: map[string][]string{b.Member: {casework.File, casework.Identity}}})
		add(t, d, a, id, "identity", 1, "name", "MARKER-NAME")
		if got, err := d.Cases.Read(ctx, b, id); err != nil || got.State.People[0].Identity["name"] == "" {
			t.Fatalf("%+v, %v", got.State, err)
		}
		if err := d.Cases.Remove(ctx, a, id, b.Member); err != nil {
			t.Fatal(err)
		}
		if err := d.Cases.Share(ctx, a, id, b.Member, []string{casework.File}); err != nil {
			t.Fatal(err)
		}
		got, err := d.Cases.Read(ctx, b, id)
		if err != nil || !slices.Equal(got.Mine, []string{casework.File}) || got.State.People[0].Identity["name"] != "" {
			t.Errorf("with the file key alone: %v, %+v, %v", got.Mine, got.State.People[0].Identity, err)
		}
		if _, _, err := d.Cases.Add(ctx, b, id, casework.Nonce(), line(t, d, "task", 0, 0, "text", "in the new key"), 0); err != nil {
			t.Errorf("a line in the new key: %v", err)
		}
	})
}

// forge writes a key of a folder that nobody gave.
func forge(t *testing.T, st *store.Store, like *desk.Session, id string, member *desk.Session, comp string) {
	t.Helper()
	if err := st.Write(t.Context(), func(tx *store.Tx) error {
		return tx.AddFolderKey(store.FolderKey{Folder: id, Compartment: comp, Generation: 1, Member: member.Member, Sealed: []byte("x"), Author: like.Member, Signature: []byte("x")})
	}); err != nil {
		t.Fatal(err)
	}
}

// TestAForgedSeat: somebody who can write to the database puts a member on a case. They
// get no key when the case's keys are next changed, and are not shown as on it.
func TestAForgedSeat(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		d := people.New(t, st)
		ctx := t.Context()
		a, b, c := d.First, d.Member("grey wren", desk.Caseworker), d.Member("red kite", desk.Caseworker)
		x := d.Member("old owl", desk.Caseworker)
		id := opened(t, d, a, casework.New{Called: "the son", Members: map[string][]string{b.Member: casework.Compartments, c.Member: casework.Compartments}})
		forge(t, st, a, id, x, casework.File)
		got, err := d.Cases.Read(ctx, a, id)
		if err != nil || slices.ContainsFunc(got.Members, func(s casework.Seat) bool { return s.Member == x.Member }) {
			t.Errorf("on the case by its page: %+v, %v", got.Members, err)
		}
		for _, off := range []func() error{
			func() error { return d.Cases.Remove(ctx, a, id, b.Member) },
			func() error { _, err := d.Cases.HandOver(ctx, a, c.Member, ""); return err },
		} {
			if err := off(); err != nil {
				t.Fatal(err)
			}
			if err := st.Read(ctx, func(tx *store.Tx) error {
				rows, err := tx.FolderKeys(id)
				for _, w := range rows {
					if w.Member == x.Member && w.Generation > 1 {
						t.Errorf("a key of %s, generation %d, was sealed to a member whom nobody put on the case", w.Compartment, w.Generation)
					}
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// TestAReportThatIsNotThere: a case names no report that does not exist; its id stands
// in the clear.
func TestAReportThatIsNotThere(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		d := people.New(t, st)
		for _, report := range []string{"nothing of the sort", strings.Repeat("x", 1<<20)} {
			if _, err := d.Cases.Open(t.Context(), d.First, casework.New{Nonce: casework.Nonce(), Called: "x", Report: report}); !errors.Is(err, casework.ErrNoReport) {
				t.Errorf("%d bytes: %v", len(report), err)
			}
		}
	})
}

// TestRefusedToLeave: whoever may not leave, because nobody else administers the desk,
// keeps their cases.
func TestRefusedToLeave(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		d := people.New(t, st)
		ctx := t.Context()
		d.Leaving = func(ctx context.Context, s *desk.Session, member, to string) error {
			_, err := d.Cases.HandOver(ctx, s, member, to)
			return err
		}
		b := d.Member("grey wren", desk.Caseworker)
		id := opened(t, d, d.First, casework.New{Called: "the son"})
		for _, to := range []string{"", b.Member} {
			if err := d.Leave(ctx, d.First, d.First.Member, to); !errors.Is(err, desk.ErrLast) {
				t.Errorf("the last administrator leaves: %v", err)
			}
			if err := d.Leave(ctx, d.First, "NOBODY", to); !errors.Is(err, store.ErrNone) {
				t.Errorf("nobody leaves: %v", err)
			}
		}
		if _, err := d.Cases.Read(ctx, d.First, id); err != nil {
			t.Errorf("still here, and their case is gone: %v", err)
		}
		if _, err := d.Cases.Read(ctx, b, id); !errors.Is(err, casework.ErrNone) {
			t.Errorf("it was handed over: %v", err)
		}
	})
}

// TestALostRoleBlocksNobody: somebody who lost the role that cases ask for is still
// named on them. Others are taken off all the same, and new keys are not sealed to them.
func TestALostRoleBlocksNobody(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		d := people.New(t, st)
		ctx := t.Context()
		a, b, c := d.First, d.Member("grey wren", desk.Caseworker), d.Member("red kite", desk.Caseworker)
		x := d.Member("old owl", desk.Caseworker)
		all := casework.Compartments
		id := opened(t, d, a, casework.New{Called: "the son", Members: map[string][]string{b.Member: all, c.Member: all, x.Member: all}})
		if err := d.SetRoles(ctx, a, x.Member, []string{desk.Auditor}); err != nil {
			t.Fatal(err)
		}
		a = d.SignIn("blue heron")
		if err := d.Cases.Remove(ctx, a, id, b.Member); err != nil {
			t.Errorf("taking a colleague off: %v", err)
		}
		if _, err := d.Cases.HandOver(ctx, a, c.Member, ""); err != nil {
			t.Errorf("a colleague leaves: %v", err)
		}
		if err := st.Read(ctx, func(tx *store.Tx) error {
			rows, err := tx.FolderKeys(id)
			for _, w := range rows {
				if w.Member == x.Member && w.Generation > 1 {
					t.Errorf("a key of generation %d was sealed to who lost the role", w.Generation)
				}
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		add(t, d, a, id, "task", 0, "text", "in the newest key")
		if err := d.Cases.Remove(ctx, a, id, a.Member); !errors.Is(err, casework.ErrLast) {
			t.Errorf("the last who may open it: %v", err)
		}
	})
}

// TestOpenedWhileLeaving: a case that somebody opens while they are taken off the desk
// is not left with keys of theirs.
func TestOpenedWhileLeaving(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		d := people.New(t, st)
		ctx := t.Context()
		b := d.Member("grey wren", desk.Caseworker)
		late := ""
		d.Leaving = func(ctx context.Context, s *desk.Session, member, to string) error {
			_, err := d.Cases.HandOver(ctx, s, member, to)
			if late == "" { // they still press a button
				late = opened(t, d, b, casework.New{Called: "opened late", Members: map[string][]string{d.First.Member: casework.Compartments}})
			}
			return err
		}
		if err := d.Leave(ctx, d.First, b.Member, ""); err != nil {
			t.Fatal(err)
		}
		if err := st.Read(ctx, func(tx *store.Tx) error {
			rows, err := tx.FolderKeysOf(b.Member)
			if len(rows) > 0 {
				t.Errorf("%d keys are left to who left", len(rows))
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Cases.Read(ctx, d.SignIn("blue heron"), late); err != nil {
			t.Errorf("a colleague who is on it: %v", err)
		}
	})
}

// TestStrangeCircle: somebody who can write to the database puts a circle of trustees of
// their own in place of the desk's. Nobody who is at work seals anything to it, and the
// next sign-in stops.
func TestStrangeCircle(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		d := people.New(t, st)
		ctx := t.Context()
		a, b := d.First, d.Member("grey wren", desk.Caseworker)
		id := opened(t, d, a, casework.New{Called: "one", Members: map[string][]string{b.Member: casework.Compartments}})
		strange, _, err := vault.Deal(2, 3)
		if err != nil {
			t.Fatal(err)
		}
		if err := st.Write(ctx, func(tx *store.Tx) error { return tx.PutSetting("circle", strange.Bytes()) }); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Cases.Open(ctx, a, casework.New{Nonce: casework.Nonce(), Called: "two"}); !errors.Is(err, desk.ErrForged) {
			t.Errorf("a case sealed to a stranger: %v", err)
		}
		if err := d.Cases.Remove(ctx, a, id, b.Member); !errors.Is(err, desk.ErrForged) {
			t.Errorf("new keys sealed to a stranger: %v", err)
		}
		if err := d.Leave(ctx, a, b.Member, ""); !errors.Is(err, desk.ErrForged) {
			t.Errorf("all the desk's keys sealed to a stranger: %v", err)
		}
		if err := d.TrySignIn("grey wren"); !errors.Is(err, desk.ErrForged) {
			t.Errorf("signing in: %v", err)
		}
	})
}
