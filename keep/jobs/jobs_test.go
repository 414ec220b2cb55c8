package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"testing"
	"time"

	"pgregory.net/rapid"

	"homeward/keep/jobs"
	"homeward/keep/store"
	"homeward/test/engines"
)

func TestMain(m *testing.M) { engines.Main(m) }

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

func TestJobsAreDone(t *testing.T) {
	engines.Each(t, func(t *testing.T, s *store.Store) {
		now := time.Unix(1000, 0)
		done := map[string]int{}
		r := &jobs.Runner{Store: s, Holder: "a", Log: quiet, Now: func() time.Time { return now }, Handlers: map[string]jobs.Handler{
			"ok":    func(_ context.Context, body string) error { done[body]++; return nil },
			"fails": func(_ context.Context, body string) error { done[body]++; return errors.New("broken") },
			"panic": func(_ context.Context, body string) error { done[body]++; panic("secret words") },
		}}
		err := s.Write(t.Context(), func(tx *store.Tx) error {
			return errors.Join(
				jobs.Add(tx, "ok", "1", "one", now), jobs.Add(tx, "ok", "1", "one again", now), jobs.Add(tx, "ok", "2", "later", now.Add(time.Hour)),
				jobs.Add(tx, "fails", "1", "fails", now), jobs.Add(tx, "panic", "1", "panics", now), jobs.Add(tx, "strange", "1", "x", now))
		})
		if err != nil {
			t.Fatal(err)
		}
		// A job of a transaction that failed does not exist.
		s.Write(t.Context(), func(tx *store.Tx) error {
			jobs.Add(tx, "ok", "3", "never", now)
			return errors.New("no")
		})
		if n, err := r.Once(t.Context()); n != 4 || err != nil {
			t.Errorf("%d jobs, %v", n, err)
		}
		if n, _ := r.Once(t.Context()); n != 0 {
			t.Errorf("%d jobs at the same moment", n)
		}
		now = now.Add(time.Second)
		r.Once(t.Context())
		now = now.Add(2 * time.Hour)
		r.Once(t.Context())
		if done["one"] != 1 || done["one again"] != 0 || done["later"] != 1 || done["never"] != 0 || done["fails"] != 3 || done["panics"] != 3 {
			t.Errorf("%v", done)
		}
	})
}

// TestEveryJobIsDoneAtLeastOnce lets runners die and time pass in any order.
func TestEveryJobIsDoneAtLeastOnce(t *testing.T) {
	dir := t.TempDir()
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		s, err := store.Open(t.Context(), "", fmt.Sprintf("%s/%d", dir, n))
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		now := time.Unix(1000, 0)
		done := map[string]bool{}
		added := 0
		dies := false
		runner := func(name string) *jobs.Runner {
			return &jobs.Runner{Store: s, Holder: name, Log: quiet, Now: func() time.Time { return now }, Handlers: map[string]jobs.Handler{"k": func(_ context.Context, body string) error {
				if dies {
					return context.Canceled
				}
				done[body] = true
				return nil
			}}}
		}
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			switch rapid.SampledFrom([]string{"add", "run a", "run b", "die", "wait"}).Draw(rt, "step") {
			case "add":
				added++
				s.Write(t.Context(), func(tx *store.Tx) error { return jobs.Add(tx, "k", fmt.Sprint(added), fmt.Sprint(added), now) })
			case "run a":
				runner("a").Once(t.Context())
			case "run b":
				runner("b").Once(t.Context())
			case "die": // claims, and is gone before it can say what became of it
				s.Write(t.Context(), func(tx *store.Tx) error {
					_, err := tx.ClaimJobs("dead", now.Add(time.Minute).UnixMicro(), now.UnixMicro(), 5)
					return err
				})
			case "wait":
				now = now.Add(time.Duration(rapid.IntRange(1, 90).Draw(rt, "seconds")) * time.Second)
			}
		}
		now = now.Add(time.Hour)
		runner("last").Once(t.Context())
		for i := range added {
			if !done[fmt.Sprint(i+1)] {
				rt.Errorf("job %d of %d was never done", i+1, added)
			}
		}
	})
}

func TestRunStops(t *testing.T) {
	s := engines.SQLite(t)
	ctx, cancel := context.WithCancel(t.Context())
	wake, did := make(chan struct{}, 1), make(chan string, 1)
	r := &jobs.Runner{Store: s, Holder: "a", Log: quiet, Now: time.Now, Poll: time.Hour, Wake: wake, Handlers: map[string]jobs.Handler{"k": func(_ context.Context, body string) error {
		did <- body
		return nil
	}}}
	stopped := make(chan struct{})
	go func() { r.Run(ctx); close(stopped) }()
	if err := s.Write(ctx, func(tx *store.Tx) error { return jobs.Add(tx, "k", "1", "woken", time.Now()) }); err != nil {
		t.Fatal(err)
	}
	wake <- struct{}{}
	if got := <-did; got != "woken" {
		t.Error(got)
	}
	cancel()
	<-stopped
}
