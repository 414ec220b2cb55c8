package disclosure_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"homeward/keep/store"
	"homeward/keep/vault"
	"homeward/test/engines"
	"homeward/work/casework"
	"homeward/work/disclosure"
)

// TestANonceUsedTwice: a form's number that was used for another step hides no step. The
// copy is taken once, whatever a member sends.
func TestANonceUsedTwice(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		x := begin(t, st)
		ctx := t.Context()
		x.consents("district\nplace")
		for _, nonce := range []string{"", "a nonce of more than twenty"} {
			n, err := x.Propose(ctx, x.a, x.id, nonce, x.plan("district", "Invented Province"))
			x.must(err)
			_, err = x.TakeCopy(ctx, x.a, x.id, n, nonce)
			x.must(err)
			_, err = x.TakeCopy(ctx, x.a, x.id, n, nonce)
			x.refused(err, "taken already")
			other := x.plan("district", "Invented Province")
			other.Expect = "another plan"
			m, err := x.Propose(ctx, x.a, x.id, nonce, other)
			x.must(err)
			if m == n {
				t.Errorf("nonce %q: another plan was swallowed", nonce)
			}
		}
	})
}

// TestANoStands: who said no is not told about because somebody writes later that they
// cannot be asked, or gives consent in their place.
func TestANoStands(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		x := begin(t, st)
		ctx := t.Context()
		x.add("consent", "purpose", "rescue", "answer", "refused", "by", "the person")
		p := x.plan("district", "Invented Province")
		p.Without = "we think it is better for them"
		for _, later := range [][]string{{"answer", "cannot be asked now", "by", "the person"}, {"answer", "given", "by", "the family", "groups", "district\nplace"}} {
			x.add("consent", append([]string{"purpose", "rescue"}, later...)...)
			_, err := x.Propose(ctx, x.a, x.id, casework.Nonce(), p)
			x.refused(err, "said no")
		}
		x.consents("district\nplace") // their own word changes it
		_, err := x.Propose(ctx, x.a, x.id, casework.Nonce(), p)
		x.must(err)
	})
}

// TestAboutEverybody: a line that is about all of a case is told only with everybody's
// consent.
func TestAboutEverybody(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		x := begin(t, st)
		ctx := t.Context()
		add := func(kind string, person int, pairs map[string]string) {
			t.Helper()
			e, err := x.Desk.Cases.Book.Make(kind, person, 0, pairs, "UTC", x.Clock.Now())
			x.must(err)
			_, _, err = x.Desk.Cases.Add(ctx, x.a, x.id, casework.Nonce(), e, 0)
			x.must(err)
		}
		add("someone", 2, map[string]string{"called": "the cousin"})
		add("place", 0, map[string]string{"place": "Both are in Example Town", "accuracy": "town", "according": "the mother"})
		x.consents("district\nplace")
		add("consent", 2, map[string]string{"purpose": "rescue", "answer": "refused", "by": "the person"})
		_, err := x.Propose(ctx, x.a, x.id, casework.Nonce(), x.plan("district", "Both are in"))
		x.refused(err, "whom the plan does not name")
		_, err = x.Propose(ctx, x.a, x.id, casework.Nonce(), x.plan("district", "Invented Province"))
		x.must(err)
	})
}

// TestOnePersonNamedManyTimes: is one person, in the copy and in the register.
func TestOnePersonNamedManyTimes(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		x := begin(t, st)
		ctx := t.Context()
		x.consents("district\nplace")
		p := x.plan("district", "Invented Province")
		for range 10_000 {
			p.People = append(p.People, 1)
		}
		p.Fields = append(p.Fields, p.Fields...)
		n, err := x.Propose(ctx, x.a, x.id, casework.Nonce(), p)
		x.must(err)
		c, err := x.TakeCopy(ctx, x.a, x.id, n, casework.Nonce())
		x.must(err)
		if c.People != 1 || strings.Count(c.Text, "Invented Province") != 1 {
			t.Errorf("%d people:\n%s", c.People, c.Text)
		}
	})
}

// TestAForgedChannel: a member who may not keep the register, and can write to the
// database, writes in a coordinator's name what a channel is. It is not believed.
func TestAForgedChannel(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		x := begin(t, st)
		ctx := t.Context()
		body, err := json.Marshal(disclosure.Channel{ID: "kh-117", Name: "the wrong number", Reach: "+000"})
		x.must(err)
		row := store.Record{Kind: "channel", ID: "kh-117", Revision: 1, Author: x.a.Member, Day: 1}
		row.Body, row.Epoch, err = x.b.Seal(vault.Place{Table: "record", Row: "channel/kh-117", Field: "body", Revision: 1}, body)
		x.must(err)
		row.Signature, err = x.b.Sign("record", []byte(row.Kind), []byte(row.ID), fmt.Append(nil, row.Revision), row.Body, []byte(row.Author))
		x.must(err)
		x.must(st.Write(ctx, func(tx *store.Tx) error { return tx.AddRecord(row) }))
		if _, err := x.Channel(ctx, x.a, "kh-117"); !errors.Is(err, vault.ErrSignature) {
			t.Errorf("a forged channel: %v", err)
		}
	})
}
