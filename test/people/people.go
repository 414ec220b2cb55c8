// Package people sets a desk up for tests: a store, a clock that only tests move, and
// members who are at work.
package people

import (
	"bytes"
	"io"
	"log/slog"
	"testing"
	"time"

	"homeward/keep/ledger"
	"homeward/keep/store"
	"homeward/keep/vault"
	"homeward/know/lure"
	"homeward/test/clock"
	"homeward/work/casework"
	"homeward/work/desk"
	"homeward/work/intake"
)

// Passphrase is everybody's.
const Passphrase = "five invented words for tests"

// Desk is a desk with its first member, administrator and coordinator, at work.
type Desk struct {
	*desk.Desk
	Cases *casework.Casework
	Clock *clock.Clock
	First *desk.Session

	t       testing.TB
	seconds map[string]string
}

// New sets a desk up.
func New(t testing.TB, s *store.Store) *Desk {
	t.Helper()
	l, err := ledger.NewLog("desk.invalid", bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	d := &Desk{t: t, Clock: clock.At(time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)), seconds: map[string]string{}}
	now := d.Clock.Now
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	d.Desk = &desk.Desk{
		Store: s, Ledger: l, Stretcher: vault.NewQuickStretcher(), Screen: lure.Default().Screen, Now: now, Log: log,
		Intake: &intake.Intake{Store: s, Ledger: l, Now: now, Visits: vault.NewKey()},
	}
	d.Cases = &casework.Casework{Store: s, Ledger: l, Book: casework.Default(), Now: now, Log: log}
	made, err := d.SetUp(t.Context(), "blue heron", Passphrase, 2, 3)
	if err != nil {
		t.Fatal(err)
	}
	d.seconds["blue heron"] = made.Second
	d.First = d.SignIn("blue heron")
	return d
}

// Member adds a member, as they come: invited, joined, confirmed; and signs them in.
func (d *Desk) Member(login string, roles ...string) *desk.Session {
	d.t.Helper()
	made, err := d.Hire(d.t.Context(), d.First, login, Passphrase, roles...)
	if err != nil {
		d.t.Fatal(err)
	}
	d.seconds[login] = made.Second
	return d.SignIn(login)
}

// SignIn signs a member in.
func (d *Desk) SignIn(login string) *desk.Session {
	d.t.Helper()
	s, err := d.trySignIn(login)
	if err != nil {
		d.t.Fatal(err)
	}
	return s
}

// TrySignIn gives why a member cannot sign in, or nil.
func (d *Desk) TrySignIn(login string) error {
	_, err := d.trySignIn(login)
	return err
}

func (d *Desk) trySignIn(login string) (*desk.Session, error) {
	d.Clock.Add(31 * time.Second) // a code is good once
	code, err := desk.SecondCode(d.seconds[login], d.Clock.Now())
	if err != nil {
		return nil, err
	}
	token, err := d.Desk.SignIn(d.t.Context(), login, Passphrase, code)
	if err != nil {
		return nil, err
	}
	return d.Session(token)
}
