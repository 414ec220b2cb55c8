package store_test

import (
	"errors"
	"testing"

	"homeward/keep/store"
	"homeward/test/engines"
)

func TestServersAndSessions(t *testing.T) {
	engines.Each(t, func(t *testing.T, s *store.Store) {
		write := func(f func(*store.Tx) error) {
			t.Helper()
			if err := s.Write(t.Context(), f); err != nil {
				t.Fatal(err)
			}
		}
		id, other := []byte("one"), []byte("other")
		write(func(tx *store.Tx) error {
			return errors.Join(
				tx.PutServer(store.Server{ID: "A", Public: []byte("a"), Seen: 10, Vouched: []byte("v")}),
				tx.PutServer(store.Server{ID: "B", Public: []byte("b"), Seen: 20, Vouched: []byte("w")}),
				tx.PutServer(store.Server{ID: "A", Public: []byte("c"), Seen: 30, Vouched: []byte("x")}),
				tx.PutSession(id, store.Session{Member: "M", Sealed: []byte("s"), Expires: 100, Vouched: []byte("v")}),
				tx.PutSession(other, store.Session{Member: "M", Sealed: []byte("t"), Expires: 200, Vouched: []byte("v")}),
				tx.PutSessionKey(id, "A", []byte("k")),
				tx.PutSessionKey(id, "A", []byte("not this")), // the first stands
				tx.PutSessionKey(other, "A", []byte("l")),
				tx.PutSessionKey([]byte("no session"), "A", []byte("m")),
				tx.TouchSession(id, 150, []byte("u")),
			)
		})
		key := func(id []byte) (b []byte) {
			if err := s.Read(t.Context(), func(tx *store.Tx) (err error) {
				b, err = tx.SessionKey(id, "A")
				return err
			}); err != nil && !errors.Is(err, store.ErrNone) {
				t.Fatal(err)
			}
			return b
		}
		if err := s.Read(t.Context(), func(tx *store.Tx) error {
			live, err := tx.Servers(20)
			if err != nil || len(live) != 1 || live[0].ID != "A" || string(live[0].Public) != "c" || live[0].Seen != 30 || string(live[0].Vouched) != "x" {
				t.Errorf("%+v %v", live, err)
			}
			got, err := tx.Session(id)
			if err != nil || got.Member != "M" || string(got.Sealed) != "s" || got.Expires != 150 || string(got.Vouched) != "u" {
				t.Errorf("%+v %v", got, err)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if string(key(id)) != "k" || key([]byte("no session")) != nil {
			t.Errorf("%q %q", key(id), key([]byte("no session")))
		}
		write(func(tx *store.Tx) error { return errors.Join(tx.ExpireSessions(150), tx.DropServers(20)) })
		if key(id) != nil || string(key(other)) != "l" {
			t.Error("a key outlives its session, or is gone before")
		}
		write(func(tx *store.Tx) error { return tx.DropSession(other) })
		if key(other) != nil {
			t.Error("a key outlives its session")
		}
		for _, gone := range [][]byte{id, other} {
			if err := s.Write(t.Context(), func(tx *store.Tx) error { return tx.TouchSession(gone, 300, nil) }); !errors.Is(err, store.ErrConflict) {
				t.Errorf("a session that is gone was prolonged: %v", err)
			}
		}
		if err := s.Read(t.Context(), func(tx *store.Tx) error {
			live, err := tx.Servers(0)
			if len(live) != 1 {
				t.Errorf("%+v", live)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
}
