package casework_test

import (
	"crypto/sha256"
	"database/sql"
	"errors"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"

	"homeward/keep/store"
	"homeward/keep/vault"
	"homeward/test/engines"
	"homeward/test/people"
	"homeward/work/casework"
	"homeward/work/desk"
)

// TestWhoeverWritesToTheDatabase: what somebody who can write to the database does to a
// case is noticed by members who signed in before, when they open it.
func TestWhoeverWritesToTheDatabase(t *testing.T) {
	url := engines.Postgres(t)
	st, err := store.Open(t.Context(), url, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	db, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	exec := func(query string, args ...any) {
		t.Helper()
		r, err := db.Exec(query, args...)
		if err != nil {
			t.Fatal(err)
		}
		if n, _ := r.RowsAffected(); n == 0 {
			t.Fatal("nothing was changed: " + query)
		}
	}
	d := people.New(t, st)
	ctx := t.Context()
	a, b := d.First, d.Member("grey wren", desk.Caseworker)
	all := map[string][]string{b.Member: casework.Compartments}
	altered := func(what, id string) {
		t.Helper()
		if _, err := d.Cases.Read(ctx, a, id); !casework.Altered(err) {
			t.Errorf("%s: %v", what, err)
		}
	}
	// The end is cut off, a line in the middle is cut out.
	cut := opened(t, d, a, casework.New{Called: "one", Members: all})
	add(t, d, a, cut, "task", 0, "text", "two")
	add(t, d, a, cut, "task", 0, "text", "three")
	exec("delete from entry where folder = $1 and n = 3", cut)
	altered("without its end", cut)
	if _, _, err := d.Cases.Add(ctx, a, cut, casework.Nonce(), line(t, d, "task", 0, 0, "text", "x"), 0); !casework.Altered(err) {
		t.Errorf("a line behind a missing one: %v", err)
	}
	// A stranger's verifier in a colleague's place: keys that the stranger made, in that
	// colleague's name, are not taken by who signed in before.
	c := d.Member("red kite", desk.Caseworker) // stands for the stranger: somebody with a signing key
	id := opened(t, d, a, casework.New{Called: "two", Members: all})
	exec("update member set verifier = (select verifier from member where id = $1) where id = $2", c.Member, b.Member)
	if err := st.Write(ctx, func(tx *store.Tx) error {
		m, err := tx.Member(a.Member)
		if err != nil {
			return err
		}
		public, err := vault.PublicOf(m.Public)
		if err != nil {
			return err
		}
		for _, comp := range casework.Compartments {
			place := vault.Place{Table: "folder_key", Row: id + "/" + a.Member, Field: comp, Epoch: 2}
			k := store.FolderKey{Folder: id, Compartment: comp, Generation: 2, Member: a.Member, Author: b.Member}
			known := vault.NewKey()
			if k.Sealed, err = public.Wrap(place, "folder", known.Bytes()); err != nil {
				return err
			}
			sum := sha256.Sum256(k.Sealed)
			if k.Signature, err = c.Sign("folder_key", []byte(k.Folder), []byte(comp), []byte("2"), []byte(k.Member), sum[:], []byte(k.Author)); err != nil {
				return err
			}
			if err := tx.AddFolderKey(k); err != nil {
				return err
			}
		}
		return tx.TurnFolder(id, 2)
	}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := d.Cases.Add(ctx, a, id, casework.Nonce(), line(t, d, "task", 0, 0, "text", "words for a stranger"), 0); !casework.Altered(err) {
		t.Errorf("written with a stranger's key: %v", err)
	}
	if _, _, err := d.Cases.Board(ctx, a); !casework.Altered(err) {
		t.Errorf("the list of cases: %v", err)
	}
	if err := d.Cases.Share(ctx, a, cut, c.Member, []string{casework.File}); !errors.Is(err, desk.ErrForged) {
		t.Errorf("sealed by a roll that is forged: %v", err)
	}
}
