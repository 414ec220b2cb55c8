package intake

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"homeward/keep/ledger"
	"homeward/keep/store"
	"homeward/keep/vault"
	"homeward/test/clock"
	"homeward/test/engines"
)

func TestMain(m *testing.M) { engines.Main(m) }

// desk is an intake with the keys that a desk would hold.
type desk struct {
	*Intake
	keys  Keys
	clock *clock.Clock
}

func newDesk(t *testing.T, s *store.Store) *desk {
	t.Helper()
	l, err := ledger.NewLog("desk.invalid", bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{clock: clock.At(time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC))}
	d.Intake = &Intake{Store: s, Ledger: l, Now: d.clock.Now, Visits: vault.NewKey()}
	private := vault.NewPrivate()
	circle, _, err := vault.Deal(2, 3)
	if err != nil {
		t.Fatal(err)
	}
	d.keys = Keys{Intake: map[int64]vault.Private{1: private}}
	if err := s.Write(t.Context(), func(tx *store.Tx) error {
		return errors.Join(tx.AddEpoch(store.Epoch{Purpose: "intake", ID: 1, Public: private.Public().Bytes()}), tx.PutSetting("circle", circle.Bytes()))
	}); err != nil {
		t.Fatal(err)
	}
	return d
}

func told(text string) Report {
	return Report{Kind: "missing", Relation: "family", Text: text, Safe: "after 9", Duress: "bluebird"}
}

func (d *desk) receive(t *testing.T, nonce string, r Report) Receipt {
	t.Helper()
	got, err := d.Receive(t.Context(), nonce, r)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func (d *desk) rows(t *testing.T, id string) (ms []store.Message) {
	t.Helper()
	if err := d.Store.Read(t.Context(), func(tx *store.Tx) (err error) {
		ms, err = tx.Messages(id)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return ms
}

// answer writes as the desk would.
func (d *desk) answer(t *testing.T, r Receipt, text string) {
	t.Helper()
	key := vault.NewKey()
	once := []byte(text)
	id := r.code.ID()
	m := store.Message{Report: id, Direction: store.Out, Once: once, Day: 1}
	m.Body = key.Seal(place(id, once, "body", 0), Sent{At: d.clock.Now().Unix(), Text: text}.bytes())
	var err error
	if m.ForMailbox, err = r.code.Mailbox().Public().Wrap(place(id, once, "key", 0), forMailbox, key.Bytes()); err != nil {
		t.Fatal(err)
	}
	if err := d.Store.Write(t.Context(), func(tx *store.Tx) (err error) {
		if m.N, _, err = tx.NextMessage(id, store.Out, once, true); err != nil {
			return err
		}
		return tx.AddMessage(m)
	}); err != nil {
		t.Fatal(err)
	}
}

func TestAReportGetsOneCode(t *testing.T) {
	engines.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s)
		nonce := Nonce()
		var wg sync.WaitGroup
		codes := make([]string, 10)
		for i := range codes {
			wg.Go(func() {
				r, err := d.Receive(t.Context(), nonce, told("my son left and his phone is off"))
				if err != nil {
					t.Error(err)
					return
				}
				codes[i] = strings.Join(r.Digits(), " ")
			})
		}
		wg.Wait()
		for _, c := range codes {
			if c != codes[0] {
				t.Errorf("%q and %q for one sending", c, codes[0])
			}
		}
		r, err := Typed(codes[0])
		if err != nil {
			t.Fatal(err)
		}
		if ms := d.rows(t, r.code.ID()); len(ms) != 1 {
			t.Errorf("%d messages for one sending", len(ms))
		} else if sent, err := d.keys.open(ms[0]); err != nil || sent.Report.Text != "my son left and his phone is off" || sent.Report.Duress != "bluebird" {
			t.Errorf("%+v %v", sent, err)
		}
		// The same form sent with other words: nothing is lost, nothing doubled.
		if again := d.receive(t, nonce, told("and he wrote once from a hotel")); strings.Join(again.Digits(), " ") != codes[0] {
			t.Error("other words, another code")
		}
		if ms := d.rows(t, r.code.ID()); len(ms) != 2 {
			t.Errorf("%d messages", len(ms))
		}
	})
}

func TestMailbox(t *testing.T) {
	engines.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s)
		r := d.receive(t, Nonce(), told("first words"))
		v, err := d.Visit(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		if a, err := d.Newest(t.Context(), v); a != nil || err != nil {
			t.Errorf("an answer before there is one: %v %v", a, err)
		}
		d.answer(t, r, "first answer")
		d.answer(t, r, "second answer")
		for range 2 { // the page did not arrive
			if a, err := d.Newest(t.Context(), v); err != nil || a == nil || a.Text != "second answer" {
				t.Errorf("%+v %v", a, err)
			}
		}
		d.clock.Add(11 * time.Minute)
		if a, _ := d.Newest(t.Context(), v); a != nil {
			t.Errorf("shown again: %q", a.Text)
		}
		v, err = d.Continue(t.Context(), v.Token)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := d.Add(t.Context(), v, "a form's nonce", "more words", false); err != nil {
				t.Fatal(err)
			}
		}
		talk, err := d.Talk(t.Context(), r)
		if err != nil || len(talk) != 4 || talk[0].Text != "first words" || !talk[0].Mine || talk[2].Text != "second answer" || talk[2].Mine || talk[3].Text != "more words" {
			t.Errorf("%+v %v", talk, err)
		}
		token := v.Token
		d.clock.Add(time.Hour)
		if _, err := d.Continue(t.Context(), token); !errors.Is(err, ErrVisit) {
			t.Errorf("an old page: %v", err)
		}
		for _, bad := range []string{"", "x", strings.Repeat("A", 380)} {
			if _, err := d.Continue(t.Context(), bad); !errors.Is(err, ErrVisit) {
				t.Errorf("%.10q: %v", bad, err)
			}
		}
	})
}

func TestWithdrawnIsAsIfItNeverWas(t *testing.T) {
	engines.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s)
		r := d.receive(t, Nonce(), told("PLANTED words"))
		v, err := d.Visit(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		erase, err := d.Withdraw(t.Context(), v)
		if err != nil || erase.Sub(d.clock.Now()) < 72*time.Hour || erase.Sub(d.clock.Now()) > 97*time.Hour {
			t.Errorf("erased at %v: %v", erase, err)
		}
		_, gone := d.Visit(t.Context(), r)
		_, never := d.Visit(t.Context(), Receipt{code: vault.CodeOf([]byte("never given to anybody"))})
		if !errors.Is(gone, ErrUnknown) || !errors.Is(never, ErrUnknown) || gone.Error() != never.Error() {
			t.Errorf("withdrawn %v, unknown %v", gone, never)
		}
		if _, err := d.Withdraw(t.Context(), v); err != nil {
			t.Errorf("withdrawn twice: %v", err)
		}
		if err := d.Add(t.Context(), v, "n", "more", false); !errors.Is(err, ErrUnknown) {
			t.Errorf("added after: %v", err)
		}
		if n, err := d.Erase(t.Context()); n != 0 || err != nil {
			t.Errorf("erased at once: %d %v", n, err)
		}
		d.clock.Set(erase)
		if n, err := d.Erase(t.Context()); n != 1 || err != nil {
			t.Errorf("%d %v", n, err)
		}
		if ms := d.rows(t, r.code.ID()); len(ms) != 0 {
			t.Error("still there")
		}
		if err := s.Read(t.Context(), func(tx *store.Tx) error {
			f, err := ledger.Verify(tx, d.Ledger.Verifier())
			if f.Size != 3 {
				t.Errorf("%+v", f)
			}
			return err
		}); err != nil {
			t.Error(err)
		}
	})
}

func TestProofOfFiling(t *testing.T) {
	engines.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s)
		r := d.receive(t, Nonce(), told("words"))
		other := d.receive(t, Nonce(), told("other words"))
		v, err := d.Visit(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Filing(t.Context(), v); !errors.Is(err, ledger.ErrNotYet) {
			t.Errorf("before a checkpoint: %v", err)
		}
		if err := s.Write(t.Context(), func(tx *store.Tx) error {
			_, err := d.Ledger.Checkpoint(tx, 1)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		proof, err := d.Filing(t.Context(), v)
		if err != nil {
			t.Fatal(err)
		}
		if err := CheckFiling(d.Ledger.Verifier(), r, proof); err != nil {
			t.Error(err)
		}
		if err := CheckFiling(d.Ledger.Verifier(), other, proof); err == nil {
			t.Error("another code proves the same filing")
		}
		if err := CheckFiling(d.Ledger.Verifier(), r, strings.Replace(proof, "event e", "event f", 1)); err == nil {
			t.Error("a changed proof holds")
		}
	})
}

func TestWhatIsRefused(t *testing.T) {
	s := engines.SQLite(t)
	in := &Intake{Store: s, Now: time.Now}
	if _, err := in.Receive(t.Context(), Nonce(), told("x")); !errors.Is(err, ErrShut) {
		t.Errorf("a door with nobody behind it: %v", err)
	}
	d := newDesk(t, s)
	for _, c := range []struct {
		field, why string
		report     Report
	}{
		{"text", "empty", Report{Text: " \n\x00 "}},
		{"text", "long", Report{Text: strings.Repeat("字", MaxText+1)}},
		{"where", "long", Report{Text: "x", Where: strings.Repeat("a", MaxField+1)}},
		{"kind", "choice", Report{Text: "x", Kind: "'; drop"}},
		{"relation", "choice", Report{Text: "x", Relation: "boss"}},
	} {
		_, err := d.Receive(t.Context(), Nonce(), c.report)
		var i *Invalid
		if !errors.As(err, &i) || i.Field != c.field || i.Why != c.why {
			t.Errorf("%+v: %v", c, err)
		}
	}
	if _, err := d.Receive(t.Context(), "short", told("x")); err == nil {
		t.Error("a nonce that anybody could guess")
	}
	r := d.receive(t, Nonce(), Report{Text: "bad \xff bytes\x07 and \u202e marks"})
	if ms := d.rows(t, r.code.ID()); len(ms) == 1 {
		if sent, err := d.keys.open(ms[0]); err != nil || sent.Report.Text != "bad \uFFFD bytes and \u202e marks" {
			t.Errorf("%q %v", sent.Report.Text, err)
		}
	}
	if s := fmt.Sprintf("%v %+v %s", r, r, r); strings.ContainsAny(s, "0123456789") && strings.Contains(s, r.Digits()[0]) {
		t.Errorf("a receipt prints its code: %s", s)
	}
}

func TestMessagesCannotBeMoved(t *testing.T) {
	s := engines.SQLite(t)
	d := newDesk(t, s)
	a, b := d.receive(t, Nonce(), told("a")), d.receive(t, Nonce(), told("b"))
	ma, mb := d.rows(t, a.code.ID())[0], d.rows(t, b.code.ID())[0]
	for _, move := range []func(m *store.Message){
		func(m *store.Message) { m.Body = mb.Body },
		func(m *store.Message) { m.ForIntake = mb.ForIntake },
		func(m *store.Message) { m.Body, m.ForIntake = mb.Body, mb.ForIntake },
		func(m *store.Message) { m.Report = mb.Report },
		func(m *store.Message) { m.Epoch = 2 },
	} {
		m := ma
		move(&m)
		if _, err := d.keys.open(m); !errors.Is(err, vault.ErrSealed) {
			t.Errorf("moved and opened: %v", err)
		}
	}
}
