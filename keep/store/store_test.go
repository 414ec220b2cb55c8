package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"homeward/keep/ledger"
	"homeward/keep/store"
	"homeward/test/engines"
)

func TestMain(m *testing.M) { engines.Main(m) }

func write(t *testing.T, s *store.Store, f func(*store.Tx) error) {
	t.Helper()
	if err := s.Write(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func report(n int, danger bool) store.Report {
	return store.Report{ID: fmt.Sprintf("R%03d", n), Lookup: fmt.Appendf(nil, "lookup %d", n), Mailbox: []byte("public"), Day: int64(n % 3), Calm: !danger}
}

func add(t *testing.T, s *store.Store, rs ...store.Report) {
	t.Helper()
	write(t, s, func(tx *store.Tx) error {
		for _, r := range rs {
			if _, _, err := tx.AddReport(r); err != nil {
				return err
			}
		}
		return nil
	})
}

func TestReports(t *testing.T) {
	engines.Each(t, func(t *testing.T, s *store.Store) {
		for n := range 20 {
			add(t, s, report(n, n%7 == 3))
		}
		write(t, s, func(tx *store.Tx) error {
			id, fresh, err := tx.AddReport(store.Report{ID: "other", Lookup: report(4, false).Lookup, Mailbox: []byte("x")})
			if err != nil || fresh || id != "R004" {
				t.Errorf("again: %q %v %v", id, fresh, err)
			}
			return nil
		})
		var order []string
		err := s.Read(t.Context(), func(tx *store.Tx) error {
			var after store.Report
			for {
				page, err := tx.Reports(store.New, after, 6)
				if err != nil || len(page) == 0 {
					return err
				}
				for _, r := range page {
					order = append(order, r.ID)
				}
				after = page[len(page)-1]
			}
		})
		if err != nil || len(order) != 20 || order[0] != "R003" || order[1] != "R010" || order[2] != "R017" || order[3] != "R000" {
			t.Errorf("order %v, %v", order, err)
		}
		if err := s.Read(t.Context(), func(tx *store.Tx) error {
			_, err := tx.ReportByLookup([]byte("nothing"))
			return err
		}); !errors.Is(err, store.ErrNone) {
			t.Errorf("unknown lookup: %v", err)
		}
	})
}

func TestRevisions(t *testing.T) {
	engines.Each(t, func(t *testing.T, s *store.Store) {
		add(t, s, report(1, false))
		var r store.Report
		write(t, s, func(tx *store.Tx) (err error) {
			r, err = tx.Report("R001")
			return err
		})
		write(t, s, func(tx *store.Tx) error { return tx.SetSummary(r, []byte("sealed"), 1, store.Worked) })
		err := s.Write(t.Context(), func(tx *store.Tx) error { return tx.SetState(r, store.Closing, 9) })
		if !errors.Is(err, store.ErrConflict) {
			t.Errorf("a change of an old revision: %v", err)
		}
		write(t, s, func(tx *store.Tx) error {
			// A worked report that hears from its sender has something new in it.
			n, again, err := tx.NextMessage("R001", store.In, []byte("once"), false)
			if err != nil || again || n != 1 {
				t.Errorf("%d %v %v", n, again, err)
			}
			if err := tx.AddMessage(store.Message{Report: "R001", N: n, Direction: store.In, Body: []byte("b"), Once: []byte("once")}); err != nil {
				return err
			}
			r, err = tx.Report("R001")
			if r.State != store.New || r.Calm || r.Messages != 1 {
				t.Errorf("%+v", r)
			}
			return err
		})
		write(t, s, func(tx *store.Tx) error {
			n, again, err := tx.NextMessage("R001", store.In, []byte("once"), true)
			if n != 1 || !again {
				t.Errorf("sent twice: %d %v", n, again)
			}
			return err
		})
	})
}

func TestMessagesAndErasure(t *testing.T) {
	engines.Each(t, func(t *testing.T, s *store.Store) {
		add(t, s, report(1, false), report(2, false))
		for _, id := range []string{"R001", "R002"} {
			write(t, s, func(tx *store.Tx) error {
				for i := range 3 {
					dir := store.In
					if i > 0 {
						dir = store.Out
					}
					once := fmt.Appendf(nil, "%d", i)
					n, _, err := tx.NextMessage(id, dir, once, true)
					if err != nil {
						return err
					}
					m := store.Message{Report: id, N: n, Direction: dir, Body: []byte("body"), Once: once, Epoch: 4}
					if dir == store.In {
						m.ForIntake = []byte("key")
					}
					if err := tx.AddMessage(m); err != nil {
						return err
					}
				}
				_, fresh, err := tx.AddAttachment(store.Attachment{ID: "A" + id, Report: id, Meta: []byte("m"), Epoch: 4, ForIntake: []byte("key"), Once: []byte("o"), State: store.Partial})
				if !fresh {
					t.Error("not fresh")
				}
				if err := tx.PutChunk("A"+id, store.Original, 0, bytes.Repeat([]byte("MARKER"+id), 50_000)); err != nil {
					return err
				}
				return err
			})
		}
		write(t, s, func(tx *store.Tx) error {
			m, err := tx.NewestAnswer("R001")
			if err != nil || m.N != 3 {
				t.Errorf("%+v %v", m, err)
			}
			if n, err := tx.Backlog(4); n != 4 || err != nil {
				t.Errorf("backlog %d, %v", n, err)
			}
			ms, err := tx.Messages("R001")
			if err != nil {
				return err
			}
			if err := tx.MessageWorked(ms[0], []byte("desk"), 2); err != nil {
				return err
			}
			if err := tx.AttachmentWorked("AR001", []byte("desk"), 2); err != nil {
				return err
			}
			if n, _ := tx.Backlog(4); n != 2 {
				t.Errorf("backlog %d after one was worked", n)
			}
			r, err := tx.Report("R001")
			if err != nil {
				return err
			}
			return tx.SetState(r, store.Closing, 50)
		})
		write(t, s, func(tx *store.Tx) error {
			if ids, err := tx.ToErase(49, 10); len(ids) != 0 || err != nil {
				t.Errorf("too early: %v %v", ids, err)
			}
			ids, err := tx.ToErase(50, 10)
			if len(ids) != 1 || err != nil {
				t.Fatalf("%v %v", ids, err)
			}
			return tx.Erase(ids[0])
		})
		s.Read(t.Context(), func(tx *store.Tx) error {
			if _, err := tx.Report("R001"); !errors.Is(err, store.ErrNone) {
				t.Errorf("erased: %v", err)
			}
			if ms, _ := tx.Messages("R001"); len(ms) != 0 {
				t.Error("messages stay")
			}
			if _, err := tx.Chunk("AR001", store.Original, 0); !errors.Is(err, store.ErrNone) {
				t.Errorf("chunk: %v", err)
			}
			if ms, _ := tx.Messages("R002"); len(ms) != 3 {
				t.Error("another report's messages went with it")
			}
			return nil
		})
	})
}

// TestErasedIsGoneFromTheDisk looks for what was erased in the files themselves.
func TestErasedIsGoneFromTheDisk(t *testing.T) {
	dir := t.TempDir()
	s, err := store.Open(t.Context(), "", dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	marker := []byte("PLANTED-MARKER-7c1f")
	add(t, s, report(1, false))
	write(t, s, func(tx *store.Tx) error {
		n, _, err := tx.NextMessage("R001", store.In, []byte("o"), true)
		if err != nil {
			return err
		}
		return tx.AddMessage(store.Message{Report: "R001", N: n, Direction: store.In, Body: bytes.Repeat(marker, 300), Once: []byte("o")})
	})
	if !onDisk(t, dir, marker) {
		t.Fatal("the marker is not on the disk even before: this test sees nothing")
	}
	write(t, s, func(tx *store.Tx) error { return tx.Erase("R001") })
	if err := s.Scrub(t.Context()); err != nil {
		t.Fatal(err)
	}
	if onDisk(t, dir, marker) {
		t.Error("what was erased is still on the disk")
	}
}

func onDisk(t *testing.T, dir string, marker []byte) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(b, marker) {
			return true
		}
		if info, err := os.Stat(f); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s can be read by others: %v %v", f, info.Mode(), err)
		}
	}
	return false
}

func TestDeskRows(t *testing.T) {
	engines.Each(t, func(t *testing.T, s *store.Store) {
		write(t, s, func(tx *store.Tx) error {
			if v, err := tx.Setting("none"); v != nil || err != nil {
				t.Errorf("%q %v", v, err)
			}
			return errors.Join(
				tx.PutSetting("hours", []byte("9-17")), tx.PutSetting("hours", []byte("9-18")),
				tx.AddMember(store.Member{ID: "M1", Login: "blue heron", Roles: "administrator", Public: []byte("p"), Verifier: []byte("v"), Locked: []byte("l")}),
				tx.AddEpoch(store.Epoch{Purpose: "intake", ID: 1, Public: []byte("p"), Opened: 5}),
				tx.AddEpoch(store.Epoch{Purpose: "intake", ID: 2, Public: []byte("q"), Opened: 6}),
				tx.AddWrap(store.Wrap{Purpose: "intake", Epoch: 1, Member: "M1", Sealed: []byte("s"), Author: "M1", Signature: []byte("g")}),
				tx.RetireEpoch("intake", 1, 7),
				tx.UseCounter("M1", 10),
			)
		})
		write(t, s, func(tx *store.Tx) error {
			if v, _ := tx.Setting("hours"); string(v) != "9-18" {
				t.Errorf("%q", v)
			}
			if m, err := tx.MemberByLogin("blue heron"); err != nil || m.ID != "M1" || m.Counter != 10 {
				t.Errorf("%+v %v", m, err)
			}
			if e, err := tx.NewestEpoch("intake"); err != nil || e.ID != 2 {
				t.Errorf("%+v %v", e, err)
			}
			if w, err := tx.Wraps("M1"); err != nil || len(w) != 0 {
				t.Errorf("a retired epoch's wraps stay: %v %v", w, err)
			}
			if err := tx.UseCounter("M1", 10); !errors.Is(err, store.ErrConflict) {
				t.Errorf("a one-time code twice: %v", err)
			}
			return nil
		})
		write(t, s, func(tx *store.Tx) error {
			for _, c := range []struct {
				holder     string
				now, until int64
				want       bool
			}{{"a", 0, 10, true}, {"b", 5, 15, false}, {"a", 5, 20, true}, {"b", 20, 30, true}, {"a", 21, 40, false}} {
				if got, err := tx.TakeLease("desk", c.holder, c.now, c.until); got != c.want || err != nil {
					t.Errorf("%+v: %v %v", c, got, err)
				}
			}
			return nil
		})
	})
}

func TestJobRows(t *testing.T) {
	engines.Each(t, func(t *testing.T, s *store.Store) {
		write(t, s, func(tx *store.Tx) error {
			return errors.Join(tx.AddJob(store.Job{ID: "a", Kind: "k", Body: "1"}, 10), tx.AddJob(store.Job{ID: "b", Kind: "k"}, 20), tx.AddJob(store.Job{ID: "a", Kind: "k", Body: "2"}, 5))
		})
		claim := func(holder string, until, now int64) (out []store.Job) {
			write(t, s, func(tx *store.Tx) (err error) {
				out, err = tx.ClaimJobs(holder, until, now, 10)
				return err
			})
			return out
		}
		got := claim("x", 30, 6)
		if len(got) != 1 || got[0].ID != "a" || got[0].Attempt != 1 || got[0].Body != "1" {
			t.Fatalf("%+v", got)
		}
		if again := claim("y", 30, 7); len(again) != 0 {
			t.Errorf("claimed twice: %+v", again)
		}
		late := claim("y", 60, 40)
		if len(late) != 2 {
			t.Errorf("after the lease: %+v", late)
		}
		if err := s.Write(t.Context(), func(tx *store.Tx) error { return tx.JobDone(got[0], "x") }); !errors.Is(err, store.ErrConflict) {
			t.Errorf("done by who lost it: %v", err)
		}
		write(t, s, func(tx *store.Tx) error {
			for _, j := range late {
				if j.ID == "a" {
					if err := tx.JobDone(j, "y"); err != nil {
						return err
					}
					continue
				}
				if err := tx.JobFailed(j, "y", 99, "why"); err != nil {
					return err
				}
			}
			n, first, err := tx.JobsWaiting()
			if n != 1 || first != 99 {
				t.Errorf("%d waiting, first at %d", n, first)
			}
			return err
		})
	})
}

func TestLedgerInTheStore(t *testing.T) {
	l, err := ledger.NewLog("l", bytes.Repeat([]byte{1}, 32))
	if err != nil {
		t.Fatal(err)
	}
	engines.Each(t, func(t *testing.T, s *store.Store) {
		var wg sync.WaitGroup
		for w := range 8 {
			wg.Go(func() {
				for i := range 20 {
					if err := s.Write(t.Context(), func(tx *store.Tx) error {
						_, err := l.Append(tx, ledger.Event{Kind: "k", Of: fmt.Sprint(w, i)})
						return err
					}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		write(t, s, func(tx *store.Tx) error {
			_, err := l.EndDay(tx, 1, 100)
			return err
		})
		if err := s.Read(t.Context(), func(tx *store.Tx) error {
			f, err := ledger.Verify(tx, l.Verifier())
			if f.Size != 200 || f.Checkpoints != 1 {
				t.Errorf("%+v", f)
			}
			return err
		}); err != nil {
			t.Error(err)
		}
	})
}

// TestOneFailureTakesNothingWithIt runs many transactions at once, of which some
// fail, panic or are given up.
func TestOneFailureTakesNothingWithIt(t *testing.T) {
	engines.Each(t, func(t *testing.T, s *store.Store) {
		broken := errors.New("broken")
		var wg sync.WaitGroup
		for n := range 200 {
			wg.Go(func() {
				defer func() {
					if r := recover(); (r != nil) != (n%5 == 1) {
						t.Errorf("%d: recovered %v", n, r)
					}
				}()
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if n%5 == 2 {
					cancel()
				}
				err := s.Write(ctx, func(tx *store.Tx) error {
					if _, _, err := tx.AddReport(report(n, false)); err != nil {
						return err
					}
					switch n % 5 {
					case 0:
						return broken
					case 1:
						panic("broken")
					}
					return nil
				})
				switch n % 5 {
				case 0:
					if !errors.Is(err, broken) {
						t.Errorf("%d: %v", n, err)
					}
				case 2:
					if !errors.Is(err, context.Canceled) {
						t.Errorf("%d: %v", n, err)
					}
				default:
					if err != nil {
						t.Errorf("%d: %v", n, err)
					}
				}
			})
		}
		wg.Wait()
		s.Read(t.Context(), func(tx *store.Tx) error {
			if n, err := tx.CountReports(store.New); n != 80 || err != nil {
				t.Errorf("%d reports are there, want the 80 whose transactions held: %v", n, err)
			}
			return nil
		})
	})
}

func TestReadOnlyAndNewer(t *testing.T) {
	if _, err := store.Open(t.Context(), "mysql://x", ""); err == nil {
		t.Error("another engine")
	}
	dir := t.TempDir()
	s, err := store.Open(t.Context(), "", dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = store.Open(t.Context(), "", dir); err != nil {
		t.Fatal("opened again: ", err)
	}
	s.Close()
	if err := s.Write(t.Context(), func(*store.Tx) error { return nil }); err == nil {
		t.Error("a closed store writes")
	}
	path := filepath.Join(dir, "file")
	os.WriteFile(path, nil, 0o600)
	if _, err := store.Open(t.Context(), "", path); !errors.Is(err, store.ErrFull) {
		t.Errorf("a file for a directory: %v", err)
	}
}
