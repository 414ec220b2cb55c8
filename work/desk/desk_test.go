package desk

import (
	"bytes"
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
	"homeward/keep/vault"
	"homeward/know/lure"
	"homeward/test/clock"
	"homeward/test/engines"
	"homeward/work/intake"
)

func TestMain(m *testing.M) { engines.Main(m) }

const (
	name       = "blue heron"
	passphrase = "five invented words for tests"
)

type rig struct {
	*Desk
	clock *clock.Clock
	made  Made
}

// newRig is a desk with its first member.
func newRig(t testing.TB, s *store.Store) *rig {
	t.Helper()
	r := emptyRig(t, s)
	var err error
	if r.made, err = r.SetUp(t.Context(), name, passphrase, 2, 3); err != nil {
		t.Fatal(err)
	}
	return r
}

func emptyRig(t testing.TB, s *store.Store) *rig {
	t.Helper()
	l, err := ledger.NewLog("desk.invalid", bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{clock: clock.At(time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC))}
	now := r.clock.Now
	r.Desk = &Desk{
		Store: s, Ledger: l, Stretcher: vault.NewQuickStretcher(), Screen: lure.Default().Screen, Now: now, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Intake: &intake.Intake{Store: s, Ledger: l, Now: now, Visits: vault.NewKey()},
	}
	return r
}

func (r *rig) code(t testing.TB) string {
	t.Helper()
	c, err := SecondCode(r.made.Second, r.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (r *rig) signIn(t testing.TB) (*Session, string) {
	t.Helper()
	r.clock.Add(31 * time.Second) // a code is good once
	token, err := r.SignIn(t.Context(), name, passphrase, r.code(t))
	if err != nil {
		t.Fatal(err)
	}
	s, err := r.Session(token)
	if err != nil {
		t.Fatal(err)
	}
	return s, token
}

func (r *rig) queue(t testing.TB, s *Session) []Summary {
	t.Helper()
	q, err := r.Queue(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return q.Rows
}

func (r *rig) tell(t testing.TB, rep intake.Report) intake.Receipt {
	t.Helper()
	got, err := r.Intake.Receive(t.Context(), intake.Nonce(), rep)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestSignIn(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		r := newRig(t, st)
		if _, err := r.SetUp(t.Context(), "another", passphrase, 2, 3); !errors.Is(err, ErrSetUp) {
			t.Errorf("set up twice: %v", err)
		}
		code := r.code(t)
		for _, c := range [][3]string{{"nobody", passphrase, code}, {name, "six invented words for the tests", code}, {name, passphrase, "000000"}, {name, passphrase, ""}} {
			if _, err := r.SignIn(t.Context(), c[0], c[1], c[2]); !errors.Is(err, ErrSignIn) {
				t.Errorf("%v: %v", c, err)
			}
		}
		token, err := r.SignIn(t.Context(), name, passphrase, code[:3]+" "+code[3:])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.SignIn(t.Context(), name, passphrase, code); !errors.Is(err, ErrSignIn) {
			t.Errorf("a code used twice: %v", err)
		}
		s, err := r.Session(token)
		if err != nil || s.Login != name || !strings.Contains(s.Roles, "administrator") {
			t.Errorf("%+v %v", s, err)
		}
		r.clock.Add(4 * time.Minute)
		if _, err := r.Session(token); err != nil {
			t.Errorf("after four minutes: %v", err)
		}
		r.clock.Add(5 * time.Minute)
		if _, err := r.Session(token); !errors.Is(err, ErrSignedOut) {
			t.Errorf("after five idle minutes: %v", err)
		}
		if _, err := r.Queue(t.Context(), s); err != nil && !errors.Is(err, ErrSignedOut) {
			t.Errorf("%v", err)
		}
		if _, err := r.Read(t.Context(), s, "x"); !errors.Is(err, ErrSignedOut) {
			t.Errorf("keys live on: %v", err)
		}
		_, token = r.signIn(t)
		r.SignOut(token)
		if _, err := r.Session(token); !errors.Is(err, ErrSignedOut) {
			t.Errorf("signed out: %v", err)
		}
	})
}

func TestWeakPassphrases(t *testing.T) {
	r := &Desk{Stretcher: vault.NewQuickStretcher()}
	for _, c := range [][2]string{{"a", passphrase}, {name, "short"}, {name, strings.Repeat("a", 2000)}, {"", ""}} {
		var w *TooWeak
		if _, err := r.SetUp(t.Context(), c[0], c[1], 2, 3); !errors.As(err, &w) {
			t.Errorf("%v: %v", c, err)
		}
	}
}

func TestFromReportToAnswer(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		r := newRig(t, st)
		r.tell(t, intake.Report{Kind: "offer_seen", Text: "Is this all right? Typing job, they pay the flight to Cambodia and 3000 USD"})
		lost := r.tell(t, intake.Report{Kind: "missing", Relation: "family", Text: "my daughter's phone is off", Duress: "Bluebird"})
		r.clock.Add(time.Hour)
		held := r.tell(t, intake.Report{Kind: "held", Relation: "self", Danger: true, Text: "they lock the doors at night"})
		s, _ := r.signIn(t)
		got, err := r.Queue(t.Context(), s)
		q := got.Rows
		if err != nil || got.Behind != 0 || len(q) != 3 {
			t.Fatalf("%+v %v", got, err)
		}
		if q[0].Kind != "held" || !slices.Contains(q[0].Why, "danger") || q[1].Kind != "missing" || q[2].Kind != "offer_seen" {
			t.Errorf("order: %+v", q)
		}
		read, err := r.Read(t.Context(), s, q[0].ID)
		if err != nil || read.Report.Text != "they lock the doors at night" || len(read.Lines) != 1 {
			t.Fatalf("%+v %v", read, err)
		}
		if err := r.Answer(t.Context(), s, q[0].ID, "  ", read.Row.Revision); !errors.Is(err, ErrEmpty) {
			t.Errorf("an empty answer: %v", err)
		}
		if err := r.Answer(t.Context(), s, q[0].ID, "we read this", read.Row.Revision); err != nil {
			t.Fatal(err)
		}
		v, err := r.Intake.Visit(t.Context(), held)
		if err != nil {
			t.Fatal(err)
		}
		if a, err := r.Intake.Newest(t.Context(), v); err != nil || a == nil || a.Text != "we read this" {
			t.Errorf("%+v %v", a, err)
		}
		if q = r.queue(t, s); len(q) != 2 {
			t.Errorf("%d left", len(q))
		}
		worked, _, err := r.WorkedPage(t.Context(), s, store.Report{}, 10)
		if err != nil || len(worked) != 1 || worked[0].Kind != "held" {
			t.Errorf("%+v %v", worked, err)
		}
		// More comes in while somebody writes an answer.
		before, err := r.Read(t.Context(), s, q[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		lv, err := r.Intake.Visit(t.Context(), lost)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Intake.Add(t.Context(), lv, "n", "all is well, the bluebird sings", false); err != nil {
			t.Fatal(err)
		}
		if err := r.Answer(t.Context(), s, q[0].ID, "an answer to the first", before.Row.Revision); !errors.Is(err, store.ErrConflict) {
			t.Errorf("an answer to half of it: %v", err)
		}
		if q = r.queue(t, s); len(q) != 2 || !q[0].Forced || !slices.Contains(q[0].Why, "forced") {
			t.Errorf("the duress word: %+v", q)
		}
	})
}

// TestWorkedIsBeyondAnOldDisk: once all is worked and the epoch has turned, the keys
// of the old epoch are nowhere.
func TestWorkedIsBeyondAnOldDisk(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		r := newRig(t, st)
		r.tell(t, intake.Report{Text: "one"})
		s, _ := r.signIn(t)
		if err := r.TurnEpochs(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		r.clock.Add(8 * 24 * time.Hour)
		s, _ = r.signIn(t)
		if err := r.TurnEpochs(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		second := r.tell(t, intake.Report{Text: "two"})
		epochs := func() (open []int64) {
			if err := st.Read(t.Context(), func(tx *store.Tx) error {
				all, err := tx.Epochs(forIntake)
				for _, e := range all {
					if e.Retired == 0 {
						open = append(open, e.ID)
					}
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return open
		}
		if got := epochs(); !slices.Equal(got, []int64{1, 2}) {
			t.Fatalf("open epochs %v", got)
		}
		q := r.queue(t, s)
		if len(q) != 2 {
			t.Fatalf("%+v", q)
		}
		for _, sum := range q {
			if sum.First != "one" && sum.First != "two" {
				t.Errorf("not opened: %+v", sum)
			}
			if sum.First == "one" {
				read, err := r.Read(t.Context(), s, sum.ID)
				if err != nil {
					t.Fatal(err)
				}
				if err := r.Worked(t.Context(), s, sum.ID, read.Row.Revision); err != nil {
					t.Fatal(err)
				}
			}
		}
		r.clock.Add(24 * time.Hour)
		s, _ = r.signIn(t)
		if err := r.TurnEpochs(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		if got := epochs(); !slices.Equal(got, []int64{2}) {
			t.Errorf("open epochs %v", got)
		}
		s, _ = r.signIn(t)
		if _, ok := s.keys.Intake[1]; ok {
			t.Error("the old epoch's key is still given out")
		}
		worked, _, err := r.WorkedPage(t.Context(), s, store.Report{}, 10)
		if err != nil || len(worked) != 1 {
			t.Fatalf("%v %v", worked, err)
		}
		if read, err := r.Read(t.Context(), s, worked[0].ID); err != nil || read.Report.Text != "one" {
			t.Errorf("what was worked does not open to the desk: %v", err)
		}
		if _, err := r.Intake.Visit(t.Context(), second); err != nil {
			t.Error(err)
		}
		if err := st.Read(t.Context(), func(tx *store.Tx) error {
			_, err := ledger.Verify(tx, r.Ledger.Verifier())
			return err
		}); err != nil {
			t.Error(err)
		}
	})
}

func TestStrangeKeyStopsTheSignIn(t *testing.T) {
	st := engines.SQLite(t)
	r := newRig(t, st)
	if err := st.Write(t.Context(), func(tx *store.Tx) error {
		return tx.AddEpoch(store.Epoch{Purpose: forIntake, ID: 2, Public: vault.NewPrivate().Public().Bytes()})
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.SignIn(t.Context(), name, passphrase, r.code(t)); !errors.Is(err, ErrStrangeKey) {
		t.Errorf("%v", err)
	}
}

func TestForgedWrapStopsTheSignIn(t *testing.T) {
	st := engines.SQLite(t)
	r := newRig(t, st)
	// Somebody with the disk puts a key of their own in front of the member.
	if err := st.Write(t.Context(), func(tx *store.Tx) error {
		m, err := tx.MemberByLogin(name)
		if err != nil {
			return err
		}
		public, err := vault.PublicOf(m.Public)
		if err != nil {
			return err
		}
		mine := vault.NewPrivate()
		sealed, err := public.Wrap(wrapPlace(forIntake, m.ID, 2), "epoch", mine.Bytes())
		if err != nil {
			return err
		}
		return errors.Join(tx.AddEpoch(store.Epoch{Purpose: forIntake, ID: 2, Public: mine.Public().Bytes()}),
			tx.AddWrap(store.Wrap{Purpose: forIntake, Epoch: 2, Member: m.ID, Sealed: sealed, Author: m.ID, Signature: make([]byte, 64)}))
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.SignIn(t.Context(), name, passphrase, r.code(t)); !errors.Is(err, vault.ErrSignature) {
		t.Errorf("%v", err)
	}
}

// TestTrusteesRecover: two of three trustees open one report, or hand the desk to a
// new member when every passphrase is lost.
func TestTrusteesRecover(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		r := newRig(t, st)
		if len(r.made.Shares) != 3 || r.made.K != 2 {
			t.Fatalf("%+v", r.made)
		}
		r.tell(t, intake.Report{Text: "the words of one"})
		r.tell(t, intake.Report{Text: "the words of another"})
		s, token := r.signIn(t)
		q := r.queue(t, s)
		r.SignOut(token)
		answer := func(req Request, shares ...int) (files []string) {
			carried, _, err := ReadRequest(req.Text())
			if err != nil {
				t.Fatal(err)
			}
			for _, i := range shares {
				share, err := vault.ShareOf(r.made.Shares[i])
				if err != nil {
					t.Fatal(err)
				}
				f, err := carried.AnswerWith(share)
				if err != nil {
					t.Fatal(err)
				}
				files = append(files, f)
			}
			return files
		}
		one, err := r.AskTrustees(t.Context(), q[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		if _, what, _ := ReadRequest(one.Text()); what != "report "+q[0].ID {
			t.Errorf("trustees read %q", what)
		}
		got, err := r.RecoverReport(t.Context(), q[0].ID, answer(one, 0, 2))
		if err != nil || len(got) != 1 || got[0].Report.Text != q[0].First {
			t.Errorf("%+v %v", got, err)
		}
		if _, err := r.RecoverReport(t.Context(), q[1].ID, answer(one, 0, 2)); err == nil {
			t.Error("answers for one report opened another")
		}
		if _, err := r.RecoverReport(t.Context(), q[0].ID, answer(one, 1)); err == nil {
			t.Error("one trustee alone opened a report")
		}
		if _, err := r.RecoverDesk(t.Context(), "second", passphrase, answer(one, 0, 2)); err == nil {
			t.Error("answers for a report opened the desk")
		}
		all, err := r.AskTrustees(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		if _, what, _ := ReadRequest(all.Text()); what != allKeys {
			t.Errorf("trustees read %q", what)
		}
		made, err := r.RecoverDesk(t.Context(), "second", "other invented words for tests", answer(all, 1, 2))
		if err != nil {
			t.Fatal(err)
		}
		code, err := SecondCode(made.Second, r.clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		token, err = r.SignIn(t.Context(), "second", "other invented words for tests", code)
		if err != nil {
			t.Fatal(err)
		}
		if s, err = r.Session(token); err != nil {
			t.Fatal(err)
		}
		if q := r.queue(t, s); len(q) != 2 || q[0].First == "" {
			t.Errorf("the new member reads %+v", q)
		}
		for _, bad := range []string{"", "homeward request v1", "homeward request v1\nfor x\n!!"} {
			if _, _, err := ReadRequest(bad); err == nil {
				t.Errorf("%q was read", bad)
			}
		}
	})
}

// BenchmarkUnlock signs in with 5,000 unread and 100,000 worked reports, and counts
// the time to a queue that can be used: urgent first, the rest opening behind it.
// Stretching the passphrase is made quick here; in earnest it adds most of a second.
func BenchmarkUnlock(b *testing.B) {
	st := engines.SQLite(b)
	r := newRig(b, st)
	for i := range 5000 {
		r.tell(b, intake.Report{Text: unlike(i), Danger: i%100 == 7})
	}
	if err := st.Write(b.Context(), func(tx *store.Tx) error {
		for i := range 100_000 {
			id := fmt.Sprintf("%026d", i)
			if _, _, err := tx.AddReport(store.Report{ID: id, Lookup: []byte(id), Mailbox: []byte("x"), Calm: true}); err != nil {
				return err
			}
			row, err := tx.Report(id)
			if err != nil {
				return err
			}
			if err := tx.SetSummary(row, make([]byte, 560), 1, store.Worked); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		b.StopTimer()
		r.clock.Add(10 * time.Minute)
		r.Sweep()
		r.clock.Add(31 * time.Second)
		code := r.code(b)
		b.StartTimer()
		token, err := r.SignIn(b.Context(), name, passphrase, code)
		if err != nil {
			b.Fatal(err)
		}
		s, err := r.Session(token)
		if err != nil {
			b.Fatal(err)
		}
		if q := r.queue(b, s); len(q) < 200 || !q[0].Danger {
			b.Fatalf("%d in the queue", len(q))
		}
	}
}

// unlike gives words that are like no other's.
func unlike(i int) string {
	return strings.Repeat(fmt.Sprintf("%x ", uint64(i+1)*0x9E3779B97F4A7C15), 4)
}

func TestFloodsStandAsOne(t *testing.T) {
	st := engines.SQLite(t)
	r := newRig(t, st)
	for i := range 40 {
		r.tell(t, intake.Report{Danger: true, Text: fmt.Sprintf("They hold him in the big building behind the market and nobody helps, please send someone, number %d", i)})
	}
	real := r.tell(t, intake.Report{Kind: "missing", Text: "my sister wrote last week from a bus station and since then nothing at all"})
	r.tell(t, intake.Report{Text: "hello"})
	s, _ := r.signIn(t)
	q := r.queue(t, s)
	if len(q) != 3 || q[0].Alike != 40 || q[1].Kind != "missing" {
		t.Fatalf("%+v", q)
	}
	if n := len(r.Alike(s, q[0].ID)); n != 40 {
		t.Errorf("%d behind it", n)
	}
	// Muted, whatever still comes.
	if err := r.Mute(t.Context(), s, q[1].ID, true); err != nil {
		t.Fatal(err)
	}
	v, err := r.Intake.Visit(t.Context(), real)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Intake.Add(t.Context(), v, "n", "more and more", true); err != nil {
		t.Fatal(err)
	}
	got, err := r.Queue(t.Context(), s)
	if err != nil || len(got.Rows) != 2 || len(got.Muted) != 1 {
		t.Fatalf("%+v %v", got, err)
	}
	if err := r.Mute(t.Context(), s, got.Muted[0].ID, false); err != nil {
		t.Fatal(err)
	}
	if q := r.queue(t, s); len(q) != 3 {
		t.Errorf("unmuted: %d", len(q))
	}
}

// TestTheQueueIsOrderedAnew: the order is kept while nothing changes, follows what does,
// and goes with the last member.
func TestTheQueueIsOrderedAnew(t *testing.T) {
	st, err := store.Open(t.Context(), "", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	r := newRig(t, st)
	r.tell(t, intake.Report{Kind: "other", Text: "first invented words of somebody"})
	s, token := r.signIn(t)
	if q := r.queue(t, s); len(q) != 1 || r.inQueue == nil {
		t.Fatalf("%+v", q)
	}
	kept := r.inQueue
	if r.queue(t, s); r.inQueue != kept {
		t.Error("nothing has changed and it was put in order again")
	}
	r.tell(t, intake.Report{Kind: "held", Danger: true, Text: "second and quite different words"})
	q := r.queue(t, s)
	if len(q) != 2 || !q[0].Danger {
		t.Fatalf("after another report: %+v", q)
	}
	if err := r.Mute(t.Context(), s, q[0].ID, true); err != nil {
		t.Fatal(err)
	}
	if q := r.queue(t, s); len(q) != 1 || q[0].Danger {
		t.Fatalf("after muting: %+v", q)
	}
	o, err := r.Read(t.Context(), s, q[1].ID)
	if err != nil {
		t.Fatal(err)
	}
	// As another server does it: this one's memory hears nothing of it.
	if err := st.Write(t.Context(), func(tx *store.Tx) error { return tx.SetState(o.Row, store.Worked, 0) }); err != nil {
		t.Fatal(err)
	}
	if q := r.queue(t, s); len(q) != 0 {
		t.Fatalf("after a colleague elsewhere worked it: %+v", q)
	}
	r.SignOut(token)
	if r.inQueue != nil || r.summaries != nil {
		t.Error("words stay in memory when the last member has gone")
	}
}
