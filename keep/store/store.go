// Package store keeps rows, on one of two engines with one schema and one set of
// queries: SQLite, a file in the data directory, for a desk with one machine;
// PostgreSQL 15 or later when one machine is not enough.
//
// What Write returns nil for is on disk: SQLite in WAL mode with synchronous=FULL,
// PostgreSQL with its own synchronous_commit. Times, days and ids are handed in;
// nothing here looks at a clock. What is sealed arrives sealed: whatever stands
// in a column in the clear is listed in docs/threats.md.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

var (
	// ErrNone says that there is no such row.
	ErrNone = errors.New("store: no such row")
	// ErrConflict says that the row was changed since it was read.
	ErrConflict = errors.New("store: changed meanwhile by somebody else")
	// ErrFull says that the disk takes no more, or nothing at all. Nothing was kept.
	ErrFull = errors.New("store: the disk is full or cannot be written to")
	// ErrNewer says that the database was made by a newer program.
	ErrNewer = errors.New("store: this database was made by a newer version of the program; use that one")
	// ErrOlder says that the database has not been brought up to date.
	ErrOlder = errors.New("store: this database is of an older version; use the program it was made with, or start the server of this version once")
	// ErrUnfinished says that a backup was being put back and was not finished.
	ErrUnfinished = errors.New("store: a restore into this database was not finished; it is incomplete. Empty the place and restore again")
)

// Store is an open database. It is safe for use by many.
type Store struct {
	db     *sql.DB // SQLite: readers; PostgreSQL: all
	engine engine
	writer *writer // SQLite alone
}

// Open opens the database at url, postgres://…, or with an empty url the SQLite
// file homeward.db in dir, and brings its schema up to date.
func Open(ctx context.Context, url, dir string) (*Store, error) {
	return open(ctx, url, dir, newest, true)
}

// Look is Open for a database that is there, and leaves its schema as it is: ErrOlder
// or ErrNewer if it is not this program's, ErrNone if nothing is there.
func Look(ctx context.Context, url, dir string) (*Store, error) {
	if url == "" {
		if _, err := os.Stat(filepath.Join(dir, file)); err != nil {
			return nil, ErrNone
		}
	}
	return open(ctx, url, dir, asIs, true)
}

// open opens a database with its schema at a version. With whole it refuses one that
// a restore left unfinished.
func open(ctx context.Context, url, dir string, version int64, whole bool) (*Store, error) {
	s := &Store{}
	var err error
	switch {
	case url == "":
		err = s.openSQLite(ctx, dir, version)
	case strings.HasPrefix(url, "postgres://"), strings.HasPrefix(url, "postgresql://"):
		err = s.openPostgres(ctx, url, version)
	default:
		err = errors.New("store: the database is postgres://… or, left out, a file in the data directory")
	}
	if err == nil && whole {
		err = s.Read(ctx, func(tx *Tx) error {
			mark, err := tx.Setting(unfinished)
			if err == nil && mark != nil {
				err = ErrUnfinished
			}
			return err
		})
	}
	if err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Close ends what is under way and closes the database.
func (s *Store) Close() error {
	var errs []error
	if s.writer != nil {
		errs = append(errs, s.writer.close())
	}
	if s.db != nil {
		errs = append(errs, s.db.Close())
	}
	return errors.Join(errs...)
}

// Write runs f in one transaction and returns once it is durable. If f fails
// nothing of it is kept. f may run more than once, and must do nothing else that
// lasts; it must use its Tx and no other way to the database.
func (s *Store) Write(ctx context.Context, f func(*Tx) error) error {
	if s.writer != nil {
		return s.writer.write(ctx, f)
	}
	return s.writePostgres(ctx, f)
}

// Read runs f in a transaction that sees one state and writes nothing.
func (s *Store) Read(ctx context.Context, f func(*Tx) error) error {
	o := &sql.TxOptions{ReadOnly: true}
	if s.engine.postgres {
		o.Isolation = sql.LevelRepeatableRead
	}
	tx, err := s.db.BeginTx(ctx, o)
	if err != nil {
		return s.engine.name(err)
	}
	defer tx.Rollback()
	return s.engine.name(f(&Tx{ctx: ctx, engine: s.engine, db: tx, readOnly: true}))
}

// Postgres says which engine this is, for tests and what is printed.
func (s *Store) Postgres() bool { return s.engine.postgres }

// engine is what differs between the two.
type engine struct{ postgres bool }

// Tx is a transaction. It is good within the function that it was handed to.
type Tx struct {
	ctx    context.Context
	engine engine
	db     querier

	readOnly bool
}

// querier is *sql.Tx, or the writer with its prepared statements.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// exec runs a named query and says how many rows it touched.
func (t *Tx) exec(name string, args ...any) (int64, error) {
	r, err := t.db.ExecContext(t.ctx, t.engine.query(name), args...)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", name, err)
	}
	return r.RowsAffected()
}

// one runs a named query that touches one row: ErrConflict if it touched none.
func (t *Tx) one(name string, args ...any) error {
	n, err := t.exec(name, args...)
	if err == nil && n == 0 {
		return ErrConflict
	}
	return err
}

// row scans the first row of a named query: ErrNone if there is none.
func (t *Tx) row(name string, args []any, into ...any) error {
	found := false
	err := t.rows(name, args, func(scan func(...any) error) error {
		if found {
			return nil
		}
		found = true
		return scan(into...)
	})
	if err == nil && !found {
		return ErrNone
	}
	return err
}

// rows calls f for each row of a named query.
func (t *Tx) rows(name string, args []any, f func(scan func(...any) error) error) error {
	rows, err := t.db.QueryContext(t.ctx, t.engine.query(name), args...)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows.Scan); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// list reads all rows of a named query.
func list[T any](t *Tx, name string, args []any, fields func(*T) []any) ([]T, error) {
	var out []T
	err := t.rows(name, args, func(scan func(...any) error) error {
		var v T
		if err := scan(fields(&v)...); err != nil {
			return err
		}
		out = append(out, v)
		return nil
	})
	return out, err
}
