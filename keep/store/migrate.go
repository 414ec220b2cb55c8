package store

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
)

// Versions of the schema that are none.
const (
	newest = 0
	asIs   = -1
)

// migrate brings the schema up to a version. Migrations only ever go forward.
func migrate(ctx context.Context, db *sql.DB, e engine, version int64) error {
	p, err := migrations(db, e)
	if err != nil {
		return err
	}
	sources := p.ListSources()
	last := sources[len(sources)-1].Version
	if version == asIs {
		// Asked without goose, which would write its table into a database of others.
		have, err := applied(ctx, db)
		switch {
		case err != nil:
			return err
		case have > last:
			return ErrNewer
		case have < last:
			return ErrOlder
		}
		return nil
	}
	have, err := p.GetDBVersion(ctx)
	if err != nil {
		return err
	}
	if have > last || version > last {
		return ErrNewer
	}
	if version == newest {
		_, err = p.Up(ctx)
	} else {
		_, err = p.UpTo(ctx, version)
	}
	return err
}

func migrations(db *sql.DB, e engine) (*goose.Provider, error) {
	dialect := goose.DialectSQLite3
	if e.postgres {
		dialect = goose.DialectPostgres
	}
	sub, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return nil, err
	}
	p, err := goose.NewProvider(dialect, db, rewritten{sub, e}, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	return p, nil
}

// applied gives the version of a schema that is there: ErrNone if none is.
func applied(ctx context.Context, db *sql.DB) (version int64, err error) {
	err = db.QueryRowContext(ctx, "select coalesce(max(version_id), 0) from goose_db_version").Scan(&version)
	if err != nil && (strings.Contains(err.Error(), "no such table") || strings.Contains(err.Error(), "SQLSTATE 42P01")) {
		return 0, ErrNone
	}
	return version, err
}

// rewritten gives migration files as the engine takes them.
type rewritten struct {
	fs.FS
	engine engine
}

func (r rewritten) Open(name string) (fs.File, error) {
	f, err := r.FS.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil || info.IsDir() {
		return f, err
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	b = []byte(r.engine.migration(string(b)))
	return memory{bytes.NewReader(b), info, int64(len(b))}, nil
}

// memory is a file that is only bytes.
type memory struct {
	*bytes.Reader
	fs.FileInfo
	length int64
}

func (m memory) Stat() (fs.FileInfo, error) { return m, nil }
func (m memory) Size() int64                { return m.length }
func (m memory) Close() error               { return nil }
func (m memory) ModTime() time.Time         { return time.Time{} }
