package store

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"io/fs"
	"time"

	"github.com/pressly/goose/v3"
)

// migrate brings the schema up to date. Migrations only ever go forward.
func migrate(ctx context.Context, db *sql.DB, e engine) error {
	dialect := goose.DialectSQLite3
	if e.postgres {
		dialect = goose.DialectPostgres
	}
	sub, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(dialect, db, rewritten{sub, e}, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	have, err := p.GetDBVersion(ctx)
	if err != nil {
		return err
	}
	sources := p.ListSources()
	if have > sources[len(sources)-1].Version {
		return ErrNewer
	}
	if _, err := p.Up(ctx); err != nil {
		return err
	}
	return nil
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
