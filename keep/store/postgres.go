package store

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

func (s *Store) openPostgres(ctx context.Context, url string, version int64) error {
	s.engine.postgres = true
	c, err := pgx.ParseConfig(url)
	if err != nil {
		return errors.New("store: the database address cannot be read; it is postgres://user@host/name") // its text may hold a password
	}
	s.db = stdlib.OpenDB(*c)
	s.db.SetMaxOpenConns(max(16, 4*runtime.GOMAXPROCS(0)))
	s.db.SetMaxIdleConns(16)
	if err := s.alone(ctx, func() error { return migrate(ctx, s.db, s.engine, version) }); err != nil {
		return s.engine.name(fmt.Errorf("store: postgres: %w", err))
	}
	return nil
}

// alone keeps two servers that start at once from migrating at once.
func (s *Store) alone(ctx context.Context, f func() error) error {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	const lock = 7163003 // any number that is only ours
	if _, err := conn.ExecContext(ctx, "select pg_advisory_lock($1)", lock); err != nil {
		return err
	}
	defer conn.ExecContext(context.WithoutCancel(ctx), "select pg_advisory_unlock($1)", lock)
	return f()
}

// tries bounds how often a transaction that lost a race is run again.
const tries = 10

func (s *Store) writePostgres(ctx context.Context, f func(*Tx) error) error {
	for try := range tries {
		err := s.tryPostgres(ctx, f)
		var pg *pgconn.PgError
		if err == nil || !errors.As(err, &pg) || pg.Code != "40001" && pg.Code != "40P01" {
			return s.engine.name(err)
		}
		select {
		case <-time.After(time.Duration(try+1) * 5 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return errors.New("store: too many at once; try again")
}

func (s *Store) tryPostgres(ctx context.Context, f func(*Tx) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := f(&Tx{ctx: ctx, engine: s.engine, db: tx}); err != nil {
		return err
	}
	return tx.Commit()
}
