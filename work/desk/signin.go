package desk

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"

	"homeward/keep/ledger"
	"homeward/keep/store"
	"homeward/keep/vault"
	"homeward/work/intake"
)

// SignIn opens a member's keys and gives the token of a session. ErrSignIn for a
// wrong name, passphrase or one-time code, which of them is not said;
// vault.ErrBusy when too many sign in at once.
func (d *Desk) SignIn(ctx context.Context, login, passphrase, code string) (string, error) {
	var m store.Member
	var wraps []store.Wrap
	var epochs []store.Epoch
	authors := map[string][]byte{}
	err := d.Store.Read(ctx, func(tx *store.Tx) (err error) {
		if m, err = tx.MemberByLogin(login); err != nil {
			return err
		}
		if wraps, err = tx.Wraps(m.ID); err != nil {
			return err
		}
		if epochs, err = tx.Epochs(forIntake); err != nil {
			return err
		}
		all, err := tx.Members()
		for _, a := range all {
			authors[a.ID] = a.Verifier
		}
		return err
	})
	unknown := errors.Is(err, store.ErrNone)
	if err != nil && !unknown {
		return "", err
	}
	if unknown {
		// As much work as for somebody who is there.
		if _, err := d.Stretcher.Lock(ctx, passphrase, vault.Place{}, nil); err != nil {
			return "", err
		}
		return "", ErrSignIn
	}
	plain, err := d.Stretcher.Unlock(ctx, passphrase, memberPlace(m.ID), m.Locked)
	switch {
	case errors.Is(err, vault.ErrPassphrase):
		return "", ErrSignIn
	case err != nil:
		return "", err
	}
	var s secrets
	if err := json.Unmarshal(plain, &s); err != nil {
		return "", ErrSignIn
	}
	counter, ok := secondCounter(s.Second, code, d.Now(), m.Counter)
	if !ok || m.State != "active" {
		return "", ErrSignIn
	}
	session, err := d.open(m, s, wraps, authors)
	if err != nil {
		return "", err
	}
	// A public key that was put in by somebody else would have people's words sealed
	// to them.
	if !session.holds(epochs) {
		return "", ErrStrangeKey
	}
	token := rand.Text() + rand.Text()
	if err := d.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.UseCounter(m.ID, counter); err != nil {
			return ErrSignIn
		}
		if err := intake.Unlocked(tx, d.Now()); err != nil {
			return err
		}
		if err := d.share(tx, token, session, s); err != nil {
			return err
		}
		_, err := d.Ledger.Append(tx, ledger.Event{Kind: "desk.unlocked", Day: d.today(), By: m.ID})
		return err
	}); err != nil {
		return "", err
	}
	d.mu.Lock()
	if d.sessions == nil {
		d.sessions = map[[32]byte]*Session{}
	}
	d.sessions[sessionID(token)] = session
	d.mu.Unlock()
	return token, nil
}

// open opens the epochs' keys that were sealed to a member. A wrap that its author
// did not sign is an attack, or a broken disk, and stops the sign-in.
func (d *Desk) open(m store.Member, s secrets, wraps []store.Wrap, authors map[string][]byte) (*Session, error) {
	pair, err := vault.PrivateOf(s.Seed)
	if err != nil {
		return nil, err
	}
	out := &Session{Member: m.ID, Login: m.Login, Roles: m.Roles, seen: d.Now(), keys: intake.Keys{Intake: map[int64]vault.Private{}, Desk: map[int64]vault.Key{}}}
	out.pair = pair
	if out.signer, err = vault.SignerOf(s.Sign); err != nil {
		return nil, err
	}
	for _, w := range wraps {
		if err := vault.Check(authors[w.Author], w.Signature, "wrap", signed(w)...); err != nil {
			return nil, err
		}
		secret, err := pair.Unwrap(wrapPlace(w.Purpose, w.Member, w.Epoch), "epoch", w.Sealed)
		if err != nil {
			return nil, err
		}
		switch w.Purpose {
		case forIntake:
			out.keys.Intake[w.Epoch], err = vault.PrivateOf(secret)
		case forWorking:
			out.keys.Desk[w.Epoch], err = vault.KeyOf(secret)
			out.epoch = max(out.epoch, w.Epoch)
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Session gives the member behind a token, and notes that they are there.
// ErrSignedOut if they have done nothing for a while.
func (d *Desk) Session(token string) (*Session, error) {
	d.Sweep()
	if err := d.follow(token); err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	s, ok := d.sessions[sessionID(token)]
	if !ok {
		return nil, ErrSignedOut
	}
	s.seen = d.Now()
	return s, nil
}

// SignOut drops a member's keys, on all servers.
func (d *Desk) SignOut(token string) {
	d.forget(sessionID(token)) // first, whatever the database does
	d.destroy(token)
	d.forget(sessionID(token)) // a page asked for meanwhile may have opened it again
}

// Sweep drops the keys of those who have been idle; the server calls it now and then.
func (d *Desk) Sweep() {
	now := d.Now()
	d.drop(func(_ [32]byte, s *Session) bool { return now.Sub(s.seen) >= idle })
}

// drop ends sessions. With the last one goes all that was opened.
func (d *Desk) drop(which func(id [32]byte, s *Session) bool) {
	var ended []*Session
	d.mu.Lock()
	for id, s := range d.sessions {
		if which(id, s) {
			ended = append(ended, s)
			delete(d.sessions, id)
		}
	}
	if len(d.sessions) == 0 {
		d.summaries = nil
	}
	d.mu.Unlock()
	for _, s := range ended {
		s.wipe() // outside the lock: it waits for who is using the keys
	}
}

func (s *Session) wipe() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.keys.Intake {
		k.Wipe()
	}
	for _, k := range s.keys.Desk {
		k.Wipe()
	}
	s.signer.Wipe()
	s.shared.row.Wipe()
	s.pair.Wipe()
	for _, r := range s.rooms {
		if w, ok := r.(interface{ Wipe() }); ok {
			w.Wipe()
		}
	}
	s.keys, s.rooms, s.gone = intake.Keys{}, nil, true
}
