package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// file is the name of the database in the data directory.
const file = "homeward.db"

func (s *Store) openSQLite(ctx context.Context, dir string, version int64) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("store: %w", errors.Join(ErrFull, err))
	}
	path := filepath.Join(dir, file)
	// The file is made here so that nobody else can ever read it.
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("store: %s: %w", path, errors.Join(ErrFull, err))
	}
	f.Close()
	dsn := func(more ...string) string {
		// temp_store=2 is memory: nothing is spilled to a file in clear.
		pragmas := append([]string{"busy_timeout(10000)", "journal_mode(wal)", "synchronous(full)", "secure_delete(on)", "temp_store(2)"}, more...)
		v := url.Values{"_pragma": pragmas}
		return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: v.Encode()}).String()
	}
	w, err := sql.Open("sqlite", dsn())
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	w.SetMaxOpenConns(1)
	if err := migrate(ctx, w, s.engine, version); err != nil {
		w.Close()
		return s.engine.name(fmt.Errorf("store: %s: %w", path, err))
	}
	if s.db, err = sql.Open("sqlite", dsn("query_only(on)")); err != nil {
		w.Close()
		return fmt.Errorf("store: %w", err)
	}
	s.db.SetMaxOpenConns(max(4, 2*runtime.GOMAXPROCS(0)))
	s.db.SetMaxIdleConns(4)
	s.writer, err = newWriter(ctx, w, s.engine)
	return err
}

// name gives the errors that callers can do something about a name.
func (e engine) name(err error) error {
	var l *sqlite.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &l):
		switch l.Code() & 0xff {
		case sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR:
			return errors.Join(ErrFull, err)
		}
	case e.postgres && (strings.Contains(err.Error(), "SQLSTATE 53100") || strings.Contains(err.Error(), "SQLSTATE 25006")):
		return errors.Join(ErrFull, err)
	}
	return err
}
