package cli

import (
	"context"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"time"

	"homeward/door/office"
	"homeward/keep/jobs"
	"homeward/keep/ledger"
	"homeward/keep/store"
	"homeward/keep/vault"
	"homeward/know/lure"
	"homeward/work/casework"
	"homeward/work/desk"
	"homeward/work/disclosure"
	"homeward/work/evidence"
	"homeward/work/intake"
)

// house is a desk on this machine: what is kept, and the work that uses it.
type house struct {
	store   *store.Store
	ledger  *ledger.Log
	intake  *intake.Intake
	desk    *desk.Desk
	cases   *casework.Casework
	telling *disclosure.Disclosure
	log     *slog.Logger
	now     func() time.Time
	pager   *intake.Pager
	wake    chan struct{}
	packs   *lure.Packs
}

// houseOptions say where a desk is kept.
type houseOptions struct {
	data, database, smtp, mailFrom string
	stretcher                      *vault.Stretcher
}

// options adds those that say where; data says what the data directory is for.
func (o *houseOptions) options(f *flag.FlagSet, data string) {
	f.StringVar(&o.data, "data", "", data)
	f.StringVar(&o.database, "database", "", "postgres://… instead of a file in the data directory")
}

// ledgerName is the origin in checkpoints. It says nothing of who runs the desk.
const ledgerName = "homeward-ledger"

// openHouse opens the desk in a data directory. The directory holds the database
// (with SQLite) and the ledger's key; two servers of one desk have the same key.
func (e *Env) openHouse(ctx context.Context, o houseOptions, p *lure.Packs) (*house, error) {
	if o.data == "" {
		return nil, usage("give the data directory with --data DIR")
	}
	if err := os.MkdirAll(o.data, 0o700); err != nil {
		return nil, fmt.Errorf("the data directory cannot be used: %w", err)
	}
	s, err := store.Open(ctx, o.database, o.data)
	if err != nil {
		return nil, err
	}
	seed, err := ledger.Seed(o.data)
	if err != nil {
		s.Close()
		return nil, err
	}
	l, err := ledger.NewLog(ledgerName, seed)
	if err != nil {
		s.Close()
		return nil, err
	}
	visits, err := derived(seed, "visits")
	if err != nil {
		s.Close()
		return nil, err
	}
	hooks, err := derived(seed, "webhooks")
	if err != nil {
		s.Close()
		return nil, err
	}
	h := &house{store: s, ledger: l, now: e.Now, log: slog.New(slog.NewTextHandler(e.Stderr, nil)), wake: make(chan struct{}, 1)}
	h.intake = &intake.Intake{Store: s, Ledger: l, Now: e.Now, Visits: visits, Wake: func() {
		select {
		case h.wake <- struct{}{}:
		default:
		}
	}}
	h.pager = &intake.Pager{SMTP: o.smtp, From: o.mailFrom, Secret: hooks.Bytes(), Now: e.Now}
	if o.stretcher == nil {
		o.stretcher = vault.NewStretcher(2, 50)
	}
	if p == nil {
		p = lure.Default()
	}
	h.packs = p
	h.desk = &desk.Desk{Store: s, Ledger: l, Intake: h.intake, Stretcher: o.stretcher, Screen: p.Screen, Now: e.Now, Log: h.log}
	h.cases = &casework.Casework{Store: s, Ledger: l, Book: casework.Default(), Now: e.Now, Log: h.log}
	h.telling = &disclosure.Disclosure{Store: s, Ledger: l, Cases: h.cases, Now: e.Now, Log: h.log}
	return h, nil
}

// derived gives a key that follows from the server's own.
func derived(seed []byte, purpose string) (vault.Key, error) {
	b, err := hkdf.Key(sha256.New, seed, nil, "homeward/server/"+purpose, vault.KeySize)
	if err != nil {
		return vault.Key{}, err
	}
	return vault.KeyOf(b)
}

// office makes the members' rooms.
func (h *house) office(secure bool, banner string, hint func() string) (http.Handler, error) {
	copier := evidence.NewCopier()
	if !copier.Apart() {
		h.log.Info("this system does not let the program that draws PDFs be shut off from the network and from this server's memory; docs/threats.md says what that means")
	}
	return office.New(office.Config{
		Desk: h.desk, Copier: copier, Cases: h.cases, Telling: h.telling, Now: h.now, Log: h.log, Secure: secure, Banner: banner, Hint: hint,
		Explain: func(id string) string { return h.packs.Explanation(id, "en") },
	})
}

// rowsADay is how many rows the ledger grows by on an ordinary day, whatever
// happened.
const rowsADay = 500

// work does what nobody waits for, until ctx ends.
func (h *house) work(ctx context.Context) {
	holder := rand.Text()
	runner := &jobs.Runner{Store: h.store, Holder: holder, Now: h.now, Log: h.log, Wake: h.wake, Handlers: map[string]jobs.Handler{"wake": h.intake.WakeJob(h.pager)}}
	go runner.Run(ctx)
	h.beat(ctx)
	sweep, tidy := time.NewTicker(20*time.Second), time.NewTicker(5*time.Minute)
	defer sweep.Stop()
	defer tidy.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-sweep.C:
			h.desk.Sweep()
			h.beat(ctx)
		case <-tidy.C:
			if err := h.tidy(ctx, holder); err != nil && ctx.Err() == nil {
				h.log.Error("the daily work failed; it is tried again", "error", err)
			}
		}
	}
}

// beat tells the desk's other servers that this one is there. A database that does not
// answer must not keep this server from dropping keys.
func (h *house) beat(ctx context.Context) {
	short, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if err := h.desk.Beat(short); err != nil && ctx.Err() == nil {
		h.log.Error("the desk's servers do not see each other; members may have to sign in again", "error", err)
	}
}

// tidy erases what was withdrawn, and ends the ledger's day once. One server of a
// desk does it.
func (h *house) tidy(ctx context.Context, holder string) error {
	now := h.now()
	mine := false
	if err := h.store.Write(ctx, func(tx *store.Tx) (err error) {
		mine, err = tx.TakeLease("tidy", holder, now.UnixMicro(), now.Add(10*time.Minute).UnixMicro())
		return err
	}); err != nil || !mine {
		return err
	}
	if _, err := h.intake.Erase(ctx); err != nil {
		return err
	}
	today := now.Unix() / 86400
	return h.store.Write(ctx, func(tx *store.Tx) error {
		last := int64(0)
		if err := tx.Checkpoints(func(_ int64, _ string, day int64) error {
			last = day
			return nil
		}); err != nil || last >= today {
			return err
		}
		_, err := h.ledger.EndDay(tx, today, rowsADay)
		return err
	})
}

func (h *house) close() error { return h.store.Close() }

// both joins the public pages and the members' rooms.
func both(public, office http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/desk", office)
	mux.Handle("/desk/", office)
	mux.Handle("/", public)
	return mux
}

var errNoDesk = errors.New("no desk has been set up in this directory; run: homeward init --data DIR")
