// Package jobs does work that must get done although nobody waits for it.
//
// A job is queued in the transaction that makes it needed, so that there is never
// the one without the other. It is done at least once: a server that dies in the
// middle loses its lease, and another, or the same one later, takes the job up
// again. Handlers must therefore not mind being run twice.
package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"homeward/keep/store"
)

// Handler does the jobs of one kind. Body is what the job was queued with: ids.
type Handler func(ctx context.Context, body string) error

// Runner does jobs until its context ends. All fields but Wake and Log are needed.
type Runner struct {
	Store    *store.Store
	Handlers map[string]Handler
	Holder   string // of this server, unlike any other's
	Now      func() time.Time
	Log      *slog.Logger

	Lease time.Duration   // how long one job may take; 0 is a minute
	Poll  time.Duration   // how long to wait when nobody wakes it; 0 is two seconds
	Wake  <-chan struct{} // says that a job was queued in this process
}

// Add queues a job to be run at a time. One that waits already under the same kind
// and key is not queued twice.
func Add(tx *store.Tx, kind, key, body string, at time.Time) error {
	return tx.AddJob(store.Job{ID: kind + ":" + key, Kind: kind, Body: body}, at.UnixMicro())
}

// batch is how many jobs are claimed at once.
const batch = 16

// Run does jobs until ctx ends; what is under way then is finished or given up when
// its handler heeds ctx.
func (r *Runner) Run(ctx context.Context) {
	poll := r.Poll
	if poll == 0 {
		poll = 2 * time.Second
	}
	for ctx.Err() == nil {
		n, err := r.Once(ctx)
		if err != nil && ctx.Err() == nil {
			r.Log.Error("jobs could not be read; trying again", "error", err)
		}
		if n > 0 {
			continue
		}
		select {
		case <-ctx.Done():
		case <-r.Wake:
		case <-time.After(poll):
		}
	}
}

// Once does the jobs that are due, at most a batch, and says how many it took up.
func (r *Runner) Once(ctx context.Context) (int, error) {
	lease := r.Lease
	if lease == 0 {
		lease = time.Minute
	}
	var claimed []store.Job
	now := r.Now()
	if err := r.Store.Write(ctx, func(tx *store.Tx) (err error) {
		claimed, err = tx.ClaimJobs(r.Holder, now.Add(lease).UnixMicro(), now.UnixMicro(), batch)
		return err
	}); err != nil {
		return 0, err
	}
	for _, j := range claimed {
		jctx, cancel := context.WithTimeout(ctx, lease)
		err := r.do(jctx, j)
		cancel()
		if ctx.Err() != nil {
			return len(claimed), ctx.Err() // the lease runs out and the job is done again
		}
		if err := r.settle(ctx, j, err); err != nil && !errors.Is(err, store.ErrConflict) {
			return len(claimed), err
		}
	}
	return len(claimed), nil
}

func (r *Runner) do(ctx context.Context, j store.Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errors.New("panic") // its value may hold anything
		}
	}()
	h, ok := r.Handlers[j.Kind]
	if !ok {
		return fmt.Errorf("nobody here does %q", j.Kind)
	}
	return h(ctx, j.Body)
}

// settle takes a job out, or puts it back.
func (r *Runner) settle(ctx context.Context, j store.Job, failed error) error {
	return r.Store.Write(ctx, func(tx *store.Tx) error {
		if failed == nil {
			return tx.JobDone(j, r.Holder)
		}
		r.Log.Warn("a job failed and will be tried again", "kind", j.Kind, "attempt", j.Attempt, "error", failed)
		return tx.JobFailed(j, r.Holder, r.Now().Add(Delay(j.Attempt)).UnixMicro(), failed.Error())
	})
}

// Delay is how long a job waits after its nth failure: a second, doubled each time,
// at most an hour.
func Delay(attempt int64) time.Duration {
	return min(time.Hour, time.Second<<min(12, max(0, attempt-1)))
}
