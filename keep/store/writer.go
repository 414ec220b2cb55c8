package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
)

// writer is the one connection that writes to SQLite. Transactions that arrive
// while another is being made durable share the next commit: each runs in a
// savepoint of its own, so that one that fails takes nothing with it, and all are
// told "kept" only after the one commit has reached the disk.
type writer struct {
	db     *sql.DB
	conn   *sql.Conn
	engine engine
	queue  chan *pending
	gone   chan struct{}
	done   chan struct{}
	once   sync.Once
	stmts  map[string]*sql.Stmt
}

type pending struct {
	ctx    context.Context
	f      func(*Tx) error
	err    error
	thrown any // what f panicked with
	done   chan struct{}
}

// together bounds how many transactions share a commit, so that the first does
// not wait long for the last.
const together = 64

var errClosed = errors.New("store: closed")

func newWriter(ctx context.Context, db *sql.DB, e engine) (*writer, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		db.Close()
		return nil, e.name(err)
	}
	w := &writer{db: db, conn: conn, engine: e, queue: make(chan *pending), gone: make(chan struct{}), done: make(chan struct{}), stmts: map[string]*sql.Stmt{}}
	go w.run()
	return w, nil
}

func (w *writer) write(ctx context.Context, f func(*Tx) error) error {
	p := &pending{ctx: ctx, f: f, done: make(chan struct{})}
	select {
	case w.queue <- p:
	case <-w.gone:
		return errClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	<-p.done // it is being written: its caller must learn how that ended
	if p.thrown != nil {
		panic(p.thrown)
	}
	return p.err
}

func (w *writer) run() {
	defer close(w.done)
	for {
		select {
		case p := <-w.queue:
			w.commit(p)
		case <-w.gone:
			return
		}
	}
}

// commit runs the first and all that wait, and makes them durable at once.
func (w *writer) commit(first *pending) {
	batch := []*pending{first}
	defer func() {
		for _, p := range batch {
			close(p.done)
		}
	}()
	if err := w.exec("begin immediate"); err != nil {
		first.err = w.engine.name(err)
		return
	}
	w.one(first)
	for len(batch) < together {
		select {
		case p := <-w.queue:
			batch = append(batch, p)
			w.one(p)
			continue
		default:
		}
		break
	}
	if err := w.exec("commit"); err != nil {
		w.exec("rollback")
		for _, p := range batch {
			if p.err == nil {
				p.err = w.engine.name(fmt.Errorf("store: %w", err))
			}
		}
	}
}

// one runs one transaction in its savepoint.
func (w *writer) one(p *pending) {
	if p.err = p.ctx.Err(); p.err != nil {
		return // whoever asked has gone
	}
	if p.err = w.exec("savepoint one"); p.err != nil {
		p.err = w.engine.name(p.err)
		return
	}
	defer func() {
		p.thrown = recover()
		if p.err != nil || p.thrown != nil {
			p.err = w.engine.name(p.err)
			w.exec("rollback to one")
		}
		w.exec("release one")
	}()
	// An interrupted statement would roll back everybody's work: once begun, a
	// transaction is not cancelled.
	ctx := context.WithoutCancel(p.ctx)
	p.err = p.f(&Tx{ctx: ctx, engine: w.engine, db: w})
}

// ExecContext runs a query, prepared once.
func (w *writer) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	st, err := w.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	return st.ExecContext(ctx, args...)
}

// QueryContext asks a query, prepared once.
func (w *writer) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	st, err := w.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	return st.QueryContext(ctx, args...)
}

func (w *writer) prepared(ctx context.Context, query string) (*sql.Stmt, error) {
	if st := w.stmts[query]; st != nil {
		return st, nil
	}
	st, err := w.conn.PrepareContext(ctx, query)
	if err == nil {
		w.stmts[query] = st
	}
	return st, err
}

func (w *writer) exec(q string) error {
	_, err := w.conn.ExecContext(context.Background(), q)
	return err
}

func (w *writer) close() error {
	w.once.Do(func() { close(w.gone) })
	<-w.done
	for _, st := range w.stmts {
		st.Close()
	}
	// What was erased must not live on in the write-ahead log.
	w.exec("pragma wal_checkpoint(truncate)")
	return errors.Join(w.conn.Close(), w.db.Close())
}

// Scrub empties SQLite's write-ahead log, in which erased rows live on; on
// PostgreSQL, whose log is its own affair, it does nothing.
func (s *Store) Scrub(ctx context.Context) error {
	if s.writer == nil {
		return nil
	}
	var busy, a, b int64
	if err := s.db.QueryRowContext(ctx, "pragma wal_checkpoint(truncate)").Scan(&busy, &a, &b); err != nil {
		return s.engine.name(err)
	}
	return nil
}
