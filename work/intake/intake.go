// Package intake is the door: a report comes in, a code goes out, and behind the
// code is a mailbox.
//
// Receiving needs no secret of the desk. What somebody sends is sealed in memory,
// kept, and noted in the ledger in one transaction; only when that is on disk does
// the sender see the code.
package intake

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"homeward/keep/jobs"
	"homeward/keep/ledger"
	"homeward/keep/store"
	"homeward/keep/vault"
)

// Intake receives reports. Its fields are needed, but for Wake.
type Intake struct {
	Store  *store.Store
	Ledger *ledger.Log
	Now    func() time.Time
	Visits vault.Key // seals visits; the same on all servers of one desk
	Wake   func()    // a job was queued

	mu    sync.Mutex
	shown map[string]time.Time // answers shown a moment ago, by report and number
}

var (
	// ErrShut says that the door is not open: nobody stands behind it.
	ErrShut = errors.New("intake: the door is shut")
	// ErrUnknown says that there is no mailbox under a code, or no more.
	ErrUnknown = errors.New("intake: no mailbox under this code")
	// ErrVisit says that a visit is over: the code is asked for again.
	ErrVisit = errors.New("intake: this visit is over")
)

// Receipt is a code, to be shown to its sender and to nobody else.
type Receipt struct {
	code  vault.Code
	Again bool // the same had arrived before
}

// Words gives the code in a language: en, zh-Hant, zh-Hans.
func (r Receipt) Words(lang string) []string { return r.code.Words(lang) }

// Digits gives the code as nine groups of four digits.
func (r Receipt) Digits() []string { return r.code.Digits() }

// Nonce is put into a form before it is filled in; the code follows from it.
func Nonce() string { return rand.Text() }

// day is how coarsely times stand on the disk.
func day(t time.Time) int64 { return t.Unix() / 86400 }

// Receive takes a report. The same nonce and report give the same code and one
// report; the same nonce with other words adds those words to it. The error is
// *Invalid, ErrShut, or store.ErrFull and others, after which nothing was kept and
// sending again is right.
func (in *Intake) Receive(ctx context.Context, nonce string, r Report) (Receipt, error) {
	if len(nonce) < 20 || len(nonce) > 64 {
		return Receipt{}, &Invalid{"nonce", "empty"}
	}
	if err := r.check(); err != nil {
		return Receipt{}, err
	}
	code := vault.CodeOf([]byte(nonce))
	words, err := json.Marshal(r)
	if err != nil {
		return Receipt{}, err
	}
	again, err := in.keep(ctx, code, code.Once(words), Sent{Report: &r}, r.Danger, true)
	return Receipt{code, again}, err
}

// keep seals and keeps one sending under a code. With fresh the report is made if
// it is not there.
func (in *Intake) keep(ctx context.Context, code vault.Code, once []byte, s Sent, danger, fresh bool) (again bool, err error) {
	now := in.Now()
	s.At = now.Unix()
	mailbox := code.Mailbox().Public()
	t, err := in.sealTo(ctx, mailbox)
	if err != nil {
		return false, err
	}
	id := code.ID()
	m, err := t.seal(id, once, s, day(now))
	if err != nil {
		return false, err
	}
	err = in.Store.Write(ctx, func(tx *store.Tx) error {
		if fresh {
			if _, _, err := tx.AddReport(store.Report{ID: id, Lookup: code.Lookup(), Mailbox: mailbox.Bytes(), Day: day(now), Calm: !danger}); err != nil {
				return err
			}
		}
		r, err := tx.Report(id)
		if err != nil || r.State == store.Closing {
			return errors.Join(ErrUnknown, err)
		}
		if m.N, again, err = tx.NextMessage(id, store.In, once, !danger); err != nil || again {
			return err
		}
		kind := "message.received"
		if m.N == 1 {
			kind = "report.received"
		}
		if m.Filed, err = in.Ledger.Append(tx, ledger.Event{Kind: kind, Day: day(now), Of: id, Detail: map[string]string{"filing": filing(code, once)}}); err != nil {
			return err
		}
		if err := tx.AddMessage(m); err != nil {
			return err
		}
		if danger {
			return jobs.Add(tx, "wake", id, id, now)
		}
		return nil
	})
	if err == nil && danger && in.Wake != nil {
		in.Wake()
	}
	return again, err
}

// filing is what the ledger holds of a sending: only who has the code can show
// that it is theirs.
func filing(code vault.Code, once []byte) string {
	h := sha256.New()
	h.Write([]byte("homeward/filing/v1"))
	h.Write(code.Filing())
	h.Write(once)
	return hex.EncodeToString(h.Sum(nil))
}

// sealTo reads who messages are sealed to now.
func (in *Intake) sealTo(ctx context.Context, mailbox vault.Public) (to, error) {
	t := to{mailbox: mailbox}
	err := in.Store.Read(ctx, func(tx *store.Tx) (err error) {
		if t.epoch, err = tx.NewestEpoch("intake"); err != nil {
			return err
		}
		b, err := tx.Setting("circle")
		if err != nil {
			return err
		}
		if t.circle, err = vault.CircleOf(b); err != nil {
			return err
		}
		t.intake, err = vault.PublicOf(t.epoch.Public)
		return err
	})
	if errors.Is(err, store.ErrNone) {
		return t, ErrShut
	}
	return t, err
}

// Typed reads a code as somebody typed it; the errors are those of vault.ReadCode.
func Typed(s string) (Receipt, error) {
	c, err := vault.ReadCode(s)
	return Receipt{code: c}, err
}

// Slip says what is wrong with a typed code, for the page.
type Slip struct {
	At      int // entry, from one; 0 if no one entry
	Count   int // how many entries there were, if not nine
	Given   string
	Nearest []string
	Swapped bool // all are known, but they do not belong together
}

// SlipOf reads an error of Typed.
func SlipOf(err error) Slip {
	var m *vault.Misread
	var n *vault.Miscount
	switch {
	case errors.As(err, &m):
		return Slip{At: m.At, Given: m.Given, Nearest: m.Nearest}
	case errors.As(err, &n):
		return Slip{Count: n.Got}
	case errors.Is(err, vault.ErrSlip):
		return Slip{Swapped: true}
	}
	return Slip{}
}

// IsFull says whether an error means that the disk takes nothing.
func IsFull(err error) bool { return errors.Is(err, store.ErrFull) }

// String hides the code from whatever prints.
func (Receipt) String() string { return "•" }

// CodeFor gives the code that follows from a form's nonce, for who asks to see it
// after the words have arrived.
func CodeFor(nonce string) Receipt { return Receipt{code: vault.CodeOf([]byte(nonce))} }
