package desk

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"homeward/keep/ledger"
	"homeward/keep/store"
	"homeward/keep/vault"
	"homeward/test/engines"
	"homeward/work/intake"
)

// pair is a desk of two servers on one PostgreSQL, with one clock.
type pair struct {
	*rig       // server A
	b    *Desk // server B
	db   *sql.DB
	log  bytes.Buffer
}

func newPair(t *testing.T) *pair {
	t.Helper()
	url := engines.Postgres(t)
	open := func() *store.Store {
		s, err := store.Open(t.Context(), url, "")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		return s
	}
	p := &pair{rig: newRig(t, open())}
	p.Log = slog.New(slog.NewTextHandler(&p.log, nil))
	p.b = p.another(open())
	var err error
	if p.db, err = sql.Open("pgx", url); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.db.Close() })
	return p
}

// another is one more server of the same desk.
func (p *pair) another(s *store.Store) *Desk {
	in := &intake.Intake{Store: s, Ledger: p.Ledger, Now: p.Now, Visits: vault.NewKey()}
	return &Desk{Store: s, Ledger: p.Ledger, Intake: in, Stretcher: p.Stretcher, Screen: p.Screen, Now: p.Now, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
}

func (p *pair) beat(t *testing.T, servers ...*Desk) {
	t.Helper()
	for _, d := range servers {
		if err := d.Beat(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// count says how many rows a table has.
func (p *pair) count(t *testing.T, table string) (n int) {
	t.Helper()
	if err := p.db.QueryRow("select count(*) from " + table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func (p *pair) exec(t *testing.T, query string, args ...any) {
	t.Helper()
	r, err := p.db.Exec(query, args...)
	if err != nil {
		t.Fatal(err)
	}
	if n, _ := r.RowsAffected(); n == 0 {
		t.Fatalf("%s touched nothing", query)
	}
}

func refused(t *testing.T, d *Desk, token, why string) {
	t.Helper()
	if _, err := d.Session(token); !errors.Is(err, ErrSignedOut) {
		t.Errorf("%s: %v", why, err)
	}
}

// reads signs nobody in: it takes up a session and reads the only report.
func reads(t *testing.T, d *Desk, token, why string) *Session {
	t.Helper()
	s, err := d.Session(token)
	if err != nil {
		t.Fatalf("%s: %v", why, err)
	}
	q, err := d.Queue(t.Context(), s)
	if err != nil || len(q.Rows) != 1 || q.Rows[0].First != "the words of one" {
		t.Fatalf("%s: %+v %v", why, q, err)
	}
	if _, err := d.Read(t.Context(), s, q.Rows[0].ID); err != nil {
		t.Fatalf("%s: %v", why, err)
	}
	return s
}

func TestSignInAtOneReadAtAnother(t *testing.T) {
	p := newPair(t)
	p.tell(t, intake.Report{Text: "the words of one"})
	p.beat(t, p.Desk, p.b)
	_, token := p.signIn(t)
	reads(t, p.Desk, token, "A")
	s := reads(t, p.b, token, "B")
	if s.Login != name || !strings.Contains(s.Roles, "administrator") {
		t.Errorf("%+v", s)
	}
	if again, err := p.b.Session(token); err != nil || again != s {
		t.Errorf("opened for each page: %v", err)
	}
	refused(t, p.b, token+"A", "another token")
	p.b.SignOut(token)
	if _, err := p.b.Queue(t.Context(), s); !errors.Is(err, ErrSignedOut) && err != nil {
		t.Error(err)
	}
	if n, m := p.count(t, "session"), p.count(t, "session_key"); n != 0 || m != 0 {
		t.Errorf("%d sessions and %d keys are left", n, m)
	}
	refused(t, p.Desk, token, "signed out at B, used at A")
	if len(p.sessions) != 0 {
		t.Error("A keeps the keys")
	}
	refused(t, p.b, token, "signed out at B")
}

// TestEndedElsewhere: keys leave a server's memory though nobody asks it for a page.
func TestEndedElsewhere(t *testing.T) {
	p := newPair(t)
	p.beat(t, p.Desk, p.b)
	s, token := p.signIn(t)
	if _, err := p.b.Session(token); err != nil {
		t.Fatal(err)
	}
	p.b.SignOut(token)
	p.beat(t, p.Desk)
	if len(p.sessions) != 0 || s.with(func(intake.Keys) error { return nil }) == nil {
		t.Error("A keeps the keys")
	}
}

func TestIdleIsShared(t *testing.T) {
	p := newPair(t)
	p.tell(t, intake.Report{Text: "the words of one"})
	p.beat(t, p.Desk, p.b)
	_, token := p.signIn(t)
	// At work at B for longer than A would wait.
	for range 4 {
		p.clock.Add(2 * time.Minute)
		reads(t, p.b, token, "B")
		p.Sweep()
		p.beat(t, p.Desk, p.b)
	}
	if len(p.sessions) != 0 {
		t.Error("A still holds keys that nobody uses there")
	}
	reads(t, p.Desk, token, "back at A")
	p.clock.Add(5 * time.Minute)
	refused(t, p.Desk, token, "five idle minutes")
	if n := p.count(t, "session"); n != 0 {
		t.Error("the row outlives the session")
	}
	refused(t, p.b, token, "five idle minutes, at B")
	// The same when nobody comes back.
	_, token = p.signIn(t)
	p.clock.Add(5 * time.Minute)
	p.b.Sweep()
	p.beat(t, p.b)
	if n, m := p.count(t, "session"), p.count(t, "session_key"); n != 0 || m != 0 {
		t.Errorf("%d sessions and %d keys are left", n, m)
	}
	refused(t, p.Desk, token, "expired")
}

// TestLastSeenIsCoarse: the row is not written for every page.
func TestLastSeenIsCoarse(t *testing.T) {
	p := newPair(t)
	_, token := p.signIn(t)
	expires := func() (n int64) {
		if err := p.db.QueryRow("select expires from session").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	at := expires()
	for _, c := range []struct {
		after time.Duration
		moved bool
	}{{10 * time.Second, false}, {19 * time.Second, false}, {time.Second, true}, {29 * time.Second, false}} {
		p.clock.Add(c.after)
		if _, err := p.Session(token); err != nil {
			t.Fatal(err)
		}
		if now := expires(); (now != at) != c.moved {
			t.Errorf("after %v more: moved %v", c.after, now != at)
		} else {
			at = now
		}
	}
}

func TestWhoIsNoLongerAMemberIsOut(t *testing.T) {
	p := newPair(t)
	p.beat(t, p.Desk, p.b)
	for _, at := range []*Desk{p.Desk, p.b} {
		_, token := p.signIn(t)
		p.exec(t, "update member set state = 'left'")
		refused(t, at, token, "not active any more")
		if p.count(t, "session") != 0 {
			t.Error("the row is left")
		}
		p.exec(t, "update member set state = 'active'")
	}
}

// TestRolesThatChange count on every server from the next page on.
func TestRolesThatChange(t *testing.T) {
	p := newPair(t)
	p.tell(t, intake.Report{Text: "the words of one"})
	p.beat(t, p.Desk, p.b)
	_, token := p.signIn(t)
	reads(t, p.b, token, "B")
	for _, roles := range []string{"auditor", "administrator", "caseworker"} {
		p.exec(t, "update member set roles = $1", roles)
		for _, d := range []*Desk{p.Desk, p.b} {
			s, err := d.Session(token)
			if err != nil || s.Roles != roles {
				t.Fatalf("%s: %+v %v", roles, s, err)
			}
			if again, err := d.Session(token); err != nil || again != s {
				t.Errorf("%s: opened for each page: %v", roles, err)
			}
		}
	}
	reads(t, p.Desk, token, "may read again")
}

// TestAServerThatCameLater opens nothing until one that has the session says so.
func TestAServerThatCameLater(t *testing.T) {
	p := newPair(t)
	p.tell(t, intake.Report{Text: "the words of one"})
	_, token := p.signIn(t)
	refused(t, p.b, token, "B came later")
	p.beat(t, p.b)
	refused(t, p.b, token, "nobody has sealed it to B")
	p.beat(t, p.Desk)
	reads(t, p.b, token, "sealed to B since")
	// A is no more, and a third comes: B passes it on.
	third := p.another(p.b.Store)
	p.clock.Add(2 * time.Minute)
	p.beat(t, third, p.b)
	reads(t, third, token, "sealed on by B")
	// Servers that were silent get nothing.
	p.clock.Add(2 * time.Minute)
	_, token = p.signIn(t)
	refused(t, p.b, token, "B was silent for two minutes")
}

// TestANewEpochReachesTheOtherServer: a report sealed to a key that was made on one
// server while a member worked on another.
func TestANewEpochReachesTheOtherServer(t *testing.T) {
	p := newPair(t)
	p.clock.Add(8 * 24 * time.Hour)
	p.beat(t, p.Desk, p.b)
	_, token := p.signIn(t)
	here, err := p.Desk.Session(token)
	if err != nil {
		t.Fatal(err)
	}
	there, err := p.b.Session(token)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.TurnEpochs(t.Context(), here); err != nil {
		t.Fatal(err)
	}
	p.tell(t, intake.Report{Text: "the words of one"})
	if reads(t, p.b, token, "B") != there {
		t.Error("the session was opened anew under the member's hands")
	}
}

// TestTamperedRows: what somebody who can write to the database can do to a session.
func TestTamperedRows(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(t *testing.T, p *pair)
	}{
		{"prolonged", func(t *testing.T, p *pair) { p.exec(t, "update session set expires = expires + 60000000") }},
		{"given to another", func(t *testing.T, p *pair) {
			p.exec(t, "insert into member select 'OTHER', 'another', roles, public, verifier, locked, counter, state, revision from member")
			p.exec(t, "update session set member = 'OTHER'")
		}},
		{"changed", func(t *testing.T, p *pair) {
			p.exec(t, "update session set sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1)")
		}},
		{"cut", func(t *testing.T, p *pair) { p.exec(t, "update session set sealed = ''::bytea") }},
		{"its key changed", func(t *testing.T, p *pair) {
			p.exec(t, "update session_key set sealed = set_byte(sealed, 1150, get_byte(sealed, 1150) # 1)")
		}},
		{"its key cut", func(t *testing.T, p *pair) { p.exec(t, "update session_key set sealed = ''::bytea") }},
		{"not signed", func(t *testing.T, p *pair) { p.exec(t, "update session set vouched = null") }},
		{"another's row under its id", func(t *testing.T, p *pair) {
			_, other := p.signIn(t)
			id := sessionID(other)
			p.exec(t, "update session set (sealed, vouched, expires) = (select sealed, vouched, expires from session where id = $1) where id <> $1", id[:])
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPair(t)
			p.beat(t, p.Desk, p.b)
			_, token := p.signIn(t)
			c.do(t, p)
			refused(t, p.b, token, c.name)
			if _, ok := p.b.sessions[sessionID(token)]; ok {
				t.Error("it was opened")
			}
		})
	}
}

// TestADestroyedRowPutBack: a copy of the rows, put back after signing out with the
// cookie in hand, opens no longer than the five minutes that its signature says.
func TestADestroyedRowPutBack(t *testing.T) {
	p := newPair(t)
	p.beat(t, p.Desk, p.b)
	_, token := p.signIn(t)
	p.exec(t, "create table s as select * from session")
	p.exec(t, "create table k as select * from session_key")
	p.SignOut(token)
	p.clock.Add(5 * time.Minute)
	p.exec(t, "insert into session select * from s")
	p.exec(t, "insert into session_key select * from k")
	refused(t, p.b, token, "put back")
}

// TestAForgedServerGetsNothing: a key that somebody puts beside those of the servers is
// sealed nothing to, whether it is new, or an old server's with a new key or a new time.
func TestAForgedServerGetsNothing(t *testing.T) {
	p := newPair(t)
	p.beat(t, p.Desk, p.b)
	mine := vault.NewPrivate()
	l, err := ledger.NewLog("desk.invalid", bytes.Repeat([]byte{8}, 32))
	if err != nil {
		t.Fatal(err)
	}
	seen := p.clock.Now().Add(time.Minute).UnixMicro()
	forged := store.Server{ID: "FORGED", Public: mine.Public().Bytes(), Seen: seen}
	forged.Vouched = l.Vouch("server", []byte(forged.ID), forged.Public, number(seen))
	if err := p.Store.Write(t.Context(), func(tx *store.Tx) error { return tx.PutServer(forged) }); err != nil {
		t.Fatal(err)
	}
	p.exec(t, "insert into server select 'OLD', public, seen, vouched from server where id = $1", p.b.server.id)
	p.exec(t, "update server set seen = seen + 40000000 where id = $1", p.b.server.id)
	_, token := p.signIn(t)
	p.beat(t, p.Desk)
	var to string
	if err := p.db.QueryRow("select string_agg(server, ',') from session_key").Scan(&to); err != nil {
		t.Fatal(err)
	}
	if to != p.server.id {
		t.Errorf("sealed to %s", to)
	}
	refused(t, p.b, token, "its row was changed")
	if !strings.Contains(p.log.String(), "FORGED") || !strings.Contains(p.log.String(), "somebody has changed the database") {
		t.Errorf("nobody is told: %s", &p.log)
	}
}

// TestNeitherHalfOpens: the row opens with the cookie and a server's memory; with one
// of them alone it does not.
func TestNeitherHalfOpens(t *testing.T) {
	p := newPair(t)
	p.beat(t, p.Desk, p.b)
	_, token := p.signIn(t)
	id := sessionID(token)
	var row store.Session
	var sealed []byte
	if err := p.Store.Read(t.Context(), func(tx *store.Tx) (err error) {
		if row, err = tx.Session(id[:]); err != nil {
			return err
		}
		sealed, err = tx.SessionKey(id[:], p.b.server.id)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	opened := func(s secrets) (*Session, error) {
		if len(s.Seed) != vault.KeySize || len(s.Sign) != vault.KeySize {
			t.Error("no seeds")
		}
		return &Session{}, nil
	}
	if _, err := p.b.unseal(p.b.server, id, token, row, sealed, opened); err != nil {
		t.Errorf("both: %v", err)
	}
	if _, err := p.b.unseal(p.b.server, id, strings.Repeat("A", len(token)), row, sealed, opened); !errors.Is(err, vault.ErrSealed) {
		t.Errorf("a server without the cookie: %v", err)
	}
	if _, err := p.b.unseal(&server{p.b.server.id, vault.NewPrivate()}, id, token, row, sealed, opened); !errors.Is(err, vault.ErrSealed) {
		t.Errorf("the cookie without a server: %v", err)
	}
	for _, secret := range [][]byte{[]byte(token), p.made.secretBytes(t)} {
		if bytes.Contains(row.Sealed, secret) || bytes.Contains(sealed, secret) {
			t.Error("a secret stands in the row")
		}
	}
}

func (m Made) secretBytes(t *testing.T) []byte {
	t.Helper()
	if m.Second == "" {
		t.Fatal("no second factor")
	}
	return []byte(m.Second)
}

// TestOneServerWritesNoSession: on SQLite nothing of a session reaches the disk.
func TestOneServerWritesNoSession(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		r := newRig(t, st)
		if err := r.Beat(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, token := r.signIn(t)
		id := sessionID(token)
		there := func() bool {
			err := st.Read(t.Context(), func(tx *store.Tx) error {
				_, err := tx.Session(id[:])
				return err
			})
			if err != nil && !errors.Is(err, store.ErrNone) {
				t.Fatal(err)
			}
			return err == nil
		}
		if there() != st.Postgres() {
			t.Errorf("a row: %v", there())
		}
		r.SignOut(token)
		if there() {
			t.Error("the row is left")
		}
		refused(t, r.Desk, token, "signed out")
	})
}

// TestManyPagesAtOnce: pages of one member, on both servers, while they sign out.
func TestManyPagesAtOnce(t *testing.T) {
	p := newPair(t)
	p.tell(t, intake.Report{Text: "the words of one"})
	p.beat(t, p.Desk, p.b)
	_, token := p.signIn(t)
	var wg sync.WaitGroup
	failed := make(chan error, 100)
	for i := range 24 {
		d := p.Desk
		if i%2 == 0 {
			d = p.b
		}
		wg.Go(func() {
			for range 3 {
				s, err := d.Session(token)
				if err == nil {
					_, err = d.Queue(t.Context(), s)
				}
				if err != nil && !errors.Is(err, ErrSignedOut) {
					failed <- fmt.Errorf("page %d: %w", i, err)
				}
			}
		})
	}
	wg.Go(func() { p.SignOut(token) })
	wg.Wait()
	close(failed)
	for err := range failed {
		t.Error(err)
	}
	refused(t, p.Desk, token, "A")
	refused(t, p.b, token, "B")
	if len(p.sessions)+len(p.b.sessions) != 0 {
		t.Error("keys are left")
	}
}
