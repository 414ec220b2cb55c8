package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// table is one that a backup holds, with its key.
type table struct{ name, key string }

// kept are the tables of a backup. Rows are read in the order of their keys: as they
// lie on a PostgreSQL disk they would tell who came after whom.
var kept = []table{
	{"setting", "name"},
	{"epoch", "purpose, id"},
	{"wrap", "purpose, epoch, member"},
	{"member", "id"},
	{"roll", "n"},
	{"invitation", "id"},
	{"profile", "member"},
	{"report", "id"},
	{"mark", "report, n"},
	{"message", "report, n"},
	{"attachment", "id"},
	{"chunk", "attachment, kind, n"},
	{"folder", "id"},
	{"folder_key", "folder, compartment, generation, member"},
	{"entry", "folder, n"},
	{"record", "kind, id, revision"},
	{"published", "id, revision"},
	{"hold", "item, why"},
	{"job", "id"},
	{"ledger", "seq"},
	{"ledger_hash", "n"},
	{"checkpoint", "size"},
	{"ledger_head", "one"},
}

// fleeting are those that mean nothing after a restart: who is signed in, which
// servers run, who holds a lease.
var fleeting = []string{"session", "session_key", "server", "lease"}

// The two statements below are built here and not in a file, since they are the same
// for every table; names come from the list above and from the schema alone.

// Dump reads all rows that a backup holds: head is called for each table, then row for
// each of its rows. Values are nil, int64, string or []byte. In a transaction of Read
// all of it is of one moment, and nobody who writes waits for it.
func (t *Tx) Dump(head func(table string, columns []string) error, row func(values []any) error) error {
	for _, k := range kept {
		columns, err := t.columns(k.name)
		if err != nil {
			return err
		}
		if err := head(k.name, columns); err != nil {
			return err
		}
		if err := t.dumpTable(k, columns, row); err != nil {
			return fmt.Errorf("store: %s: %w", k.name, err)
		}
	}
	return nil
}

func (t *Tx) dumpTable(k table, columns []string, row func([]any) error) error {
	rows, err := t.db.QueryContext(t.ctx, "select "+strings.Join(columns, ", ")+" from "+k.name+" order by "+k.key)
	if err != nil {
		return err
	}
	defer rows.Close()
	values := make([]any, len(columns))
	into := make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if err := row(values); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (t *Tx) columns(table string) ([]string, error) {
	rows, err := t.db.QueryContext(t.ctx, "select * from "+table+" where 1 = 0")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	return rows.Columns()
}

// Schema gives the version of the schema.
func (s *Store) Schema(ctx context.Context) (int64, error) { return applied(ctx, s.db) }

// unfinished is the setting that marks a database into which a backup is being put.
const unfinished = "restore not finished"

// ErrNotEmpty says that a place holds something already.
var ErrNotEmpty = errors.New("store: there is a database already; restore only into an empty place")

// Filling is an empty database into which a backup is being put. Until Finish it is
// marked as incomplete, and Open refuses it.
type Filling struct {
	store   *Store
	url     string
	dir     string
	columns map[string][]string
}

// Fill makes a database at url or in dir, as Open does, with the schema of a version:
// ErrNewer if this program does not know it, ErrNotEmpty if anything is there.
func Fill(ctx context.Context, url, dir string, version int64) (*Filling, error) {
	if version < 1 {
		return nil, errors.New("store: that is no version of a schema")
	}
	if err := Vacant(ctx, url, dir); err != nil {
		return nil, err
	}
	s, err := open(ctx, url, dir, version, false)
	if err != nil {
		return nil, err
	}
	f := &Filling{store: s, url: url, dir: dir, columns: map[string][]string{}}
	if err := s.Write(ctx, func(tx *Tx) error {
		if err := tx.PutSetting(unfinished, []byte("yes")); err != nil {
			return err
		}
		_, err := tx.exec("ledger_head_drop")
		return err
	}); err != nil {
		s.Close()
		return nil, err
	}
	for _, k := range kept {
		// A table that cannot be asked is one that this version had not yet.
		if columns, err := (&Tx{ctx: ctx, engine: s.engine, db: s.db}).columns(k.name); err == nil {
			f.columns[k.name] = columns
		}
	}
	return f, nil
}

// Known gives the newest version of the schema that this program knows.
func Known() (version int64) {
	files, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		panic(err)
	}
	for _, f := range files {
		number, _, _ := strings.Cut(path.Base(f), "_")
		if n, err := strconv.ParseInt(number, 10, 64); err == nil {
			version = max(version, n)
		}
	}
	return version
}

// Vacant returns ErrNotEmpty unless no database of ours is there, and nil only if one
// can be made.
func Vacant(ctx context.Context, url, dir string) error {
	if url == "" {
		if _, err := os.Lstat(filepath.Join(dir, file)); err == nil {
			return ErrNotEmpty
		}
		return nil
	}
	s := &Store{}
	defer s.Close()
	switch err := s.openPostgres(ctx, url, asIs); {
	case errors.Is(err, ErrNone):
		return nil
	case err == nil, errors.Is(err, ErrOlder), errors.Is(err, ErrNewer):
		return ErrNotEmpty
	default:
		return err
	}
}

// Columns checks that a table with these columns, in any order, is one of this schema.
func (f *Filling) Columns(table string, columns []string) error {
	have, given := slices.Clone(f.columns[table]), slices.Clone(columns)
	slices.Sort(have)
	slices.Sort(given)
	if have == nil || !slices.Equal(have, given) {
		return fmt.Errorf("store: the backup's table %q is not as this program knows it", table)
	}
	return nil
}

// Rows adds rows to a table, all or none.
func (f *Filling) Rows(ctx context.Context, table string, columns []string, rows [][]any) error {
	if err := f.Columns(table, columns); err != nil {
		return err
	}
	marks := make([]string, len(columns))
	for i := range marks {
		marks[i] = fmt.Sprintf("$%d", i+1)
	}
	insert := "insert into " + table + " (" + strings.Join(columns, ", ") + ") values (" + strings.Join(marks, ", ") + ")"
	return f.store.Write(ctx, func(tx *Tx) error {
		for _, r := range rows {
			if len(r) != len(columns) {
				return fmt.Errorf("store: a row of %s has %d values", table, len(r))
			}
			if _, err := tx.db.ExecContext(tx.ctx, insert, r...); err != nil {
				return fmt.Errorf("store: %s: %w", table, err)
			}
		}
		return nil
	})
}

// Count says how many rows a table has, without the mark.
func (f *Filling) Count(ctx context.Context, table string) (n int64, err error) {
	if f.columns[table] == nil {
		return 0, fmt.Errorf("store: there is no table %q", table)
	}
	err = f.store.db.QueryRowContext(ctx, "select count(*) from "+table).Scan(&n)
	if table == "setting" {
		n--
	}
	return n, err
}

// Upgrade brings the schema up to this program's.
func (f *Filling) Upgrade(ctx context.Context) error {
	if err := f.Close(); err != nil {
		return err
	}
	s, err := open(ctx, f.url, f.dir, newest, false)
	if err != nil {
		return err
	}
	f.store = s
	return nil
}

// Finish runs last and takes the mark off in one transaction: before it the database
// is incomplete, after it whole. The filling is closed then.
func (f *Filling) Finish(ctx context.Context, last func(*Tx) error) error {
	if err := f.store.Write(ctx, func(tx *Tx) error {
		if err := last(tx); err != nil {
			return err
		}
		return tx.one("setting_drop", unfinished)
	}); err != nil {
		return err
	}
	return f.Close()
}

// Close leaves the database as it is.
func (f *Filling) Close() error {
	s := f.store
	f.store = &Store{}
	return s.Close()
}
