// Package desk is the other side of the door: its members sign in, unlock, read and
// answer.
//
// A member's keys live in the server's memory while the member is at work, and
// nowhere else in the clear. When the last one has gone nothing can be read.
package desk

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"homeward/keep/ledger"
	"homeward/keep/store"
	"homeward/keep/vault"
	"homeward/know/lure"
	"homeward/work/intake"
)

// Desk is the desk's rooms. Its exported fields are needed.
type Desk struct {
	Store     *store.Store
	Ledger    *ledger.Log
	Intake    *intake.Intake
	Stretcher *vault.Stretcher
	Screen    func(lure.Request) lure.Assessment
	Now       func() time.Time
	Log       *slog.Logger

	// Leaving hands over what a member of another room leaves behind, such as their
	// cases, before they go; nil if there is nothing.
	Leaving func(ctx context.Context, s *Session, from, to string) error

	mu        sync.Mutex
	sessions  map[[32]byte]*Session
	summaries map[string]Summary // by report, while somebody is signed in
	version   int                // of the summaries: how often one was changed
	inQueue   *inQueue
	opening   bool
	server    *server  // where there are several
	rollSeen  sync.Map // hashes of lines of the roll that were checked
}

var (
	// ErrSignedOut says that nobody is signed in with this token, or no longer.
	ErrSignedOut = errors.New("desk: signed out")
	// ErrSignIn says that name, passphrase and code do not belong together.
	ErrSignIn = errors.New("desk: name, passphrase or code is wrong")
	// ErrStrangeKey says that reports are being sealed to a key that is not the desk's:
	// somebody has written to the database. Shut the door and look into it.
	ErrStrangeKey = errors.New("desk: an intake key is not this desk's; somebody has changed the database")
	// ErrConflict, ErrNone, ErrBusy and ErrForged are those of the rooms below, so that
	// a door need not know them.
	ErrConflict = store.ErrConflict
	ErrNone     = store.ErrNone
	ErrBusy     = vault.ErrBusy
	ErrForged   = vault.ErrSignature
	// ErrSetUp says that the desk has been set up already.
	ErrSetUp = errors.New("desk: this desk has been set up already")
)

// Session is a member at work.
type Session struct {
	Member string
	Login  string
	Roles  string

	seen time.Time // under Desk.mu

	mu     sync.RWMutex // held while keys are in use, so that none is wiped under a hand
	keys   intake.Keys
	tokens map[int64]vault.TokenKey
	root   string // of the roll, as this member knows it
	circle string // hash of the circle of trustees, the same
	epoch  int64  // of the desk's working key
	pair   vault.Private
	signer vault.Signer
	gone   bool
	rooms  map[string]any // what other rooms keep for as long as the member is at work
	shared sharing
}

// with lends a member's keys to f. ErrSignedOut if they have been dropped.
func (s *Session) with(f func(k intake.Keys) error) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.gone {
		return ErrSignedOut
	}
	return f(s.keys)
}

// idle is how long a member may do nothing before their keys are dropped.
const idle = 5 * time.Minute

// secrets are what a member's passphrase locks.
type secrets struct {
	Seed   []byte `json:"seed"` // of the key pair others seal to
	Sign   []byte `json:"sign"`
	Second []byte `json:"second"` // of the one-time codes
	Root   string `json:"root"`   // hash of the roll's first line
	Circle string `json:"circle"` // hash of the circle of trustees
}

func memberPlace(id string) vault.Place {
	return vault.Place{Table: "member", Row: id, Field: "locked"}
}

// Made is what setting up gives, to be written down and printed. It is shown once.
type Made struct {
	Login  string
	Second string   // for an authenticator, in base 32
	URI    string   // the same as otpauth://
	Shares []string // of the circle of trustees
	K      int
}

// Purposes of keys.
const (
	forIntake  = "intake"
	forWorking = "working"
	forTokens  = "token"
)

// TooWeak says why a sign-in name or passphrase is not taken.
type TooWeak struct{ Why string }

func (t *TooWeak) Error() string { return "desk: " + t.Why }

// strong is the least that is asked of a passphrase. Length is what counts: NIST SP
// 800-63B asks for 15 characters where nothing else stands beside it.
func strong(login, passphrase string) error {
	switch {
	case len(login) < 2 || len(login) > 60:
		return &TooWeak{"the name to sign in with has 2 to 60 letters"}
	case len([]rune(passphrase)) < 15:
		return &TooWeak{"the passphrase has fewer than 15 characters; four or five words are good"}
	case len(passphrase) > 1000:
		return &TooWeak{"the passphrase is longer than 1,000 characters"}
	}
	return nil
}

// openEpoch adds an epoch and seals its secret half to members and trustees, signed
// by who made it.
func (d *Desk) openEpoch(tx *store.Tx, e store.Epoch, secret []byte, to []store.Member, circle vault.Circle, author string, signer vault.Signer) error {
	if err := tx.AddEpoch(e); err != nil {
		return err
	}
	for _, m := range to {
		public, err := vault.PublicOf(m.Public)
		if err != nil {
			return err
		}
		sealed, err := public.Wrap(wrapPlace(e.Purpose, m.ID, e.ID), "epoch", secret)
		if err != nil {
			return err
		}
		if err := addWrap(tx, store.Wrap{Purpose: e.Purpose, Epoch: e.ID, Member: m.ID, Sealed: sealed, Author: author}, signer); err != nil {
			return err
		}
	}
	sealed := circle.Wrap(wrapPlace(e.Purpose, "", e.ID), "epoch", secret)
	if err := addWrap(tx, store.Wrap{Purpose: e.Purpose, Epoch: e.ID, Sealed: sealed, Author: author}, signer); err != nil {
		return err
	}
	_, err := d.Ledger.Append(tx, ledger.Event{Kind: "epoch.opened", Day: e.Opened, By: author, Of: fmt.Sprintf("%s/%d", e.Purpose, e.ID)})
	return err
}

func wrapPlace(purpose, member string, epoch int64) vault.Place {
	return vault.Place{Table: "wrap", Row: purpose + "/" + member, Field: "key", Epoch: uint64(epoch)}
}

// signed are the parts of a wrap that its author signs.
func signed(w store.Wrap) [][]byte {
	sum := sha256.Sum256(w.Sealed)
	return [][]byte{[]byte(w.Purpose), fmt.Append(nil, w.Epoch), []byte(w.Member), sum[:], []byte(w.Author)}
}

func addWrap(tx *store.Tx, w store.Wrap, signer vault.Signer) error {
	w.Signature = signer.Sign("wrap", signed(w)...)
	return tx.AddWrap(w)
}

func (d *Desk) today() int64 { return d.Now().Unix() / 86400 }
