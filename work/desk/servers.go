package desk

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"homeward/keep/store"
	"homeward/keep/vault"
)

// Several servers on one PostgreSQL share their members' sessions. A session's row
// holds the member's secrets under a key that follows from two halves: the cookie,
// which the database never sees, and a row key, which is sealed to each live server's
// own key pair and to nothing else. That pair is made at start and lives in memory.
// So the database opens nothing, and neither do the database and the cookie together
// once the servers are off.
//
// On SQLite there is one server and none of this happens.

const (
	// alive is how old a server's last word may be for sessions to be sealed to it.
	alive = 90 * time.Second
	// coarse is how much later than a click the row may say so: it is not written for
	// every page. A member idle on one server is dropped by the others between
	// idle-coarse and idle, never later.
	coarse = 30 * time.Second
	// within bounds what is asked of the database on the way to a page.
	within = 10 * time.Second
)

// server is this process as the others know it.
type server struct {
	id  string
	key vault.Private
}

// sharing is what a session keeps to be opened on other servers too.
type sharing struct {
	row vault.Key       // the half that is sealed to servers
	at  map[string]bool // servers it was sealed to; under Desk.mu
}

// carried is what a session's row holds, sealed.
type carried struct {
	Member string `json:"member"`
	Seed   []byte `json:"seed"`
	Sign   []byte `json:"sign"`
	Root   string `json:"root"`   // of the roll, as this member knows it
	Circle string `json:"circle"` // of trustees, the same
}

func sessionID(token string) [32]byte { return sha256.Sum256([]byte(token)) }

func sessionPlace(id [32]byte) vault.Place {
	return vault.Place{Table: "session", Row: hex.EncodeToString(id[:]), Field: "sealed"}
}

func sessionKeyPlace(id [32]byte, server string) vault.Place {
	return vault.Place{Table: "session_key", Row: hex.EncodeToString(id[:]) + "/" + server, Field: "sealed"}
}

func number(n int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }

// me gives this server, made when it is first asked for.
func (d *Desk) me() *server {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.server == nil {
		d.server = &server{rand.Text(), vault.NewPrivate()}
	}
	return d.server
}

// Beat tells the desk's other servers that this one is there, drops the sessions that
// were ended elsewhere, seals the others to servers that have come since, and destroys
// rows that have expired. Call it at the start and every twenty seconds or so. With one
// server on SQLite it does nothing.
func (d *Desk) Beat(ctx context.Context) error {
	if !d.Store.Postgres() {
		return nil
	}
	now := d.Now()
	err := d.Store.Write(ctx, func(tx *store.Tx) error {
		if err := d.announce(tx, now); err != nil {
			return err
		}
		return errors.Join(tx.DropServers(now.Add(-time.Hour).UnixMicro()), tx.ExpireSessions(now.UnixMicro()))
	})
	if err != nil {
		return fmt.Errorf("desk: the other servers could not be told: %w", err)
	}
	return d.shareAgain(ctx, now)
}

// announce writes this server's row.
func (d *Desk) announce(tx *store.Tx, now time.Time) error {
	me := d.me()
	s := store.Server{ID: me.id, Public: me.key.Public().Bytes(), Seen: now.UnixMicro()}
	s.Vouched = d.Ledger.Vouch("server", []byte(s.ID), s.Public, number(s.Seen))
	return tx.PutServer(s)
}

// servers gives the live servers' keys. A row that none of the desk's servers signed is
// somebody else's, who can write to the database: it gets nothing, and is reported.
func (d *Desk) servers(tx *store.Tx, now time.Time) (map[string]vault.Public, error) {
	all, err := tx.Servers(now.Add(-alive).UnixMicro())
	if err != nil {
		return nil, err
	}
	out := map[string]vault.Public{}
	for _, s := range all {
		public, err := vault.PublicOf(s.Public)
		if err != nil || !d.Ledger.Vouched(s.Vouched, "server", []byte(s.ID), s.Public, number(s.Seen)) {
			d.Log.Error("a row in the table server was not made by this desk's servers; somebody has changed the database", "server", s.ID)
			continue
		}
		out[s.ID] = public
	}
	return out, nil
}

// share writes the row of a session that was just opened.
func (d *Desk) share(tx *store.Tx, token string, s *Session, secret secrets) error {
	if !d.Store.Postgres() {
		return nil
	}
	now := d.Now()
	if err := d.announce(tx, now); err != nil { // it may be this server's first deed
		return err
	}
	to, err := d.servers(tx, now)
	if err != nil {
		return err
	}
	plain, err := json.Marshal(carried{s.Member, secret.Seed, secret.Sign, s.root, s.circle})
	if err != nil {
		return err
	}
	defer clear(plain)
	id := sessionID(token)
	row := vault.NewKey()
	key := vault.KeyOfBoth("session", []byte(token), row)
	defer key.Wipe()
	expires := now.Add(idle).UnixMicro()
	if err := tx.PutSession(id[:], store.Session{Member: s.Member, Sealed: key.Seal(sessionPlace(id), plain), Expires: expires, Vouched: d.vouchFor(id, s.Member, expires)}); err != nil {
		return err
	}
	s.shared = sharing{row: row, at: map[string]bool{}}
	for server, public := range to {
		if err := putSessionKey(tx, id, server, public, row); err != nil {
			return err
		}
		s.shared.at[server] = true
	}
	return nil
}

func putSessionKey(tx *store.Tx, id [32]byte, server string, to vault.Public, row vault.Key) error {
	sealed, err := to.Wrap(sessionKeyPlace(id, server), "session", row.Bytes())
	if err != nil {
		return err
	}
	return tx.PutSessionKey(id[:], server, sealed)
}

// vouchFor signs until when a session lasts, so that the database can neither prolong
// it nor bring back for long what was destroyed.
func (d *Desk) vouchFor(id [32]byte, member string, expires int64) []byte {
	return d.Ledger.Vouch("session", id[:], []byte(member), number(expires))
}

// shareAgain seals the sessions in memory to servers that came after they were opened,
// and drops those whose row is gone.
func (d *Desk) shareAgain(ctx context.Context, now time.Time) error {
	d.mu.Lock()
	mine := slices.Collect(maps.Keys(d.sessions))
	d.mu.Unlock()
	var live map[string]vault.Public
	ended := map[[32]byte]bool{}
	if err := d.Store.Read(ctx, func(tx *store.Tx) (err error) {
		for _, id := range mine {
			switch _, err := tx.Session(id[:]); {
			case errors.Is(err, store.ErrNone):
				ended[id] = true
			case err != nil:
				return err
			}
		}
		live, err = d.servers(tx, now)
		return err
	}); err != nil {
		return err
	}
	d.drop(func(id [32]byte, _ *Session) bool { return ended[id] })
	type missing struct {
		id     [32]byte
		s      *Session
		server string
	}
	var todo []missing
	d.mu.Lock()
	for id, s := range d.sessions {
		for server := range live {
			if s.shared.at != nil && !s.shared.at[server] {
				todo = append(todo, missing{id, s, server})
			}
		}
	}
	d.mu.Unlock()
	for _, m := range todo {
		m.s.mu.RLock()
		err := error(nil)
		if !m.s.gone {
			err = d.Store.Write(ctx, func(tx *store.Tx) error {
				return putSessionKey(tx, m.id, m.server, live[m.server], m.s.shared.row)
			})
		}
		m.s.mu.RUnlock()
		if err != nil {
			return err
		}
		d.mu.Lock()
		m.s.shared.at[m.server] = true
		d.mu.Unlock()
	}
	return nil
}

// follow brings this server's copy of a session into line with its row: gone when the
// row is, opened when another server signed the member in. ErrSignedOut when there is
// nothing to open, or it is over.
func (d *Desk) follow(token string) error {
	if !d.Store.Postgres() {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	id, now := sessionID(token), d.Now()
	var row store.Session
	var m store.Member
	var newest store.Epoch
	err := d.Store.Read(ctx, func(tx *store.Tx) (err error) {
		if row, err = tx.Session(id[:]); err != nil {
			return err
		}
		if m, err = tx.Member(row.Member); err != nil {
			return err
		}
		newest, err = tx.NewestEpoch(forIntake)
		return err
	})
	switch {
	case errors.Is(err, store.ErrNone):
		d.forget(id)
		return ErrSignedOut
	case err != nil:
		return err
	case !d.Ledger.Vouched(row.Vouched, "session", id[:], []byte(row.Member), number(row.Expires)):
		d.Log.Error("a session's row was not made by this desk's servers; somebody has changed the database", "member", row.Member)
		d.destroy(token)
		d.forget(id)
		return ErrSignedOut
	case row.Expires <= now.UnixMicro() || m.State != "active":
		d.destroy(token)
		d.forget(id)
		return ErrSignedOut
	}
	d.mu.Lock()
	s := d.sessions[id]
	d.mu.Unlock()
	if s != nil && s.Roles != m.Roles {
		d.forget(id) // what was opened under the roles of before
		s = nil
	}
	if s == nil || !s.knows(newest.ID) {
		if err := d.reopen(ctx, id, token, row, m); err != nil {
			return err
		}
	}
	if row.Expires-now.UnixMicro() > (idle - coarse).Microseconds() {
		return nil
	}
	expires := now.Add(idle).UnixMicro()
	err = d.Store.Write(ctx, func(tx *store.Tx) error {
		return tx.TouchSession(id[:], expires, d.vouchFor(id, row.Member, expires))
	})
	if errors.Is(err, store.ErrConflict) {
		d.forget(id) // signed out elsewhere in this moment
		return ErrSignedOut
	}
	return err
}

// knows says whether a session has the key of an intake epoch, if its member reads here.
func (s *Session) knows(epoch int64) bool {
	if s.May(ReadReports) != nil {
		return true
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	_, ok := s.keys.Intake[epoch]
	return ok || len(s.keys.Desk) == 0
}

// reopen opens a session from its row, with all keys that the member has by now.
func (d *Desk) reopen(ctx context.Context, id [32]byte, token string, row store.Session, m store.Member) error {
	me := d.me()
	var sealed []byte
	var wraps []store.Wrap
	var epochs []store.Epoch
	authors := map[string][]byte{}
	err := d.Store.Read(ctx, func(tx *store.Tx) (err error) {
		if sealed, err = tx.SessionKey(id[:], me.id); err != nil {
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
	if errors.Is(err, store.ErrNone) {
		return ErrSignedOut // signed in before this server was there
	}
	if err != nil {
		return err
	}
	s, err := d.unseal(me, id, token, row, sealed, func(secret secrets) (*Session, error) { return d.open(m, secret, wraps, authors) })
	if err != nil {
		d.Log.Error("a session's row does not open", "member", m.ID, "error", err)
		return ErrSignedOut
	}
	if !s.holds(epochs) {
		s.wipe()
		return ErrStrangeKey
	}
	d.mu.Lock()
	if d.sessions == nil {
		d.sessions = map[[32]byte]*Session{}
	}
	old := d.sessions[id]
	if old == nil {
		d.sessions[id] = s
	}
	d.mu.Unlock()
	if old != nil {
		old.renew(s)
	}
	return nil
}

// unseal opens a session's row with the token and this server's half.
func (d *Desk) unseal(me *server, id [32]byte, token string, row store.Session, sealed []byte, open func(secrets) (*Session, error)) (*Session, error) {
	half, err := me.key.Unwrap(sessionKeyPlace(id, me.id), "session", sealed)
	if err != nil {
		return nil, err
	}
	rowKey, err := vault.KeyOf(half)
	if err != nil {
		return nil, err
	}
	key := vault.KeyOfBoth("session", []byte(token), rowKey)
	defer key.Wipe()
	plain, err := key.Open(sessionPlace(id), row.Sealed)
	if err != nil {
		return nil, err
	}
	defer clear(plain)
	var c carried
	if err := json.Unmarshal(plain, &c); err != nil || c.Member != row.Member {
		return nil, vault.ErrSealed
	}
	s, err := open(secrets{Seed: c.Seed, Sign: c.Sign})
	if err != nil {
		return nil, err
	}
	s.root, s.circle = c.Root, c.Circle
	s.shared = sharing{row: rowKey, at: map[string]bool{me.id: true}}
	return s, nil
}

// renew takes over the keys of the same session, opened anew: epochs were turned on
// another server.
func (s *Session) renew(from *Session) {
	s.mu.Lock()
	if !s.gone {
		s.keys, from.keys = from.keys, s.keys
		s.tokens, from.tokens = from.tokens, s.tokens
		s.epoch = from.epoch
	}
	s.mu.Unlock()
	from.wipe()
}

// holds says whether a session has the secret half of every intake key that people's
// words are sealed to. One that it has not was put in by somebody else. Who has none,
// or does not read here, has nothing to compare it with.
func (s *Session) holds(epochs []store.Epoch) bool {
	if s.May(ReadReports) != nil || len(s.keys.Desk) == 0 {
		return true
	}
	for _, e := range epochs {
		own, ok := s.keys.Intake[e.ID]
		if e.Retired == 0 && (!ok || !bytes.Equal(own.Public().Bytes(), e.Public)) {
			return false
		}
	}
	return true
}

// forget drops this server's copy of a session.
func (d *Desk) forget(id [32]byte) {
	d.drop(func(have [32]byte, _ *Session) bool { return have == id })
}

// destroy takes out a session's row, so that no server opens it again.
func (d *Desk) destroy(token string) {
	if !d.Store.Postgres() {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	id := sessionID(token)
	if err := d.Store.Write(ctx, func(tx *store.Tx) error { return tx.DropSession(id[:]) }); err != nil {
		d.Log.Error("a session's row could not be destroyed; it expires within five minutes", "error", err)
	}
}
