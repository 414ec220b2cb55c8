package crash

import (
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"homeward/test/engines"
)

// backupKey makes a key for a desk's backups, which is quicker than a passphrase.
func backupKey(t *testing.T, args []string) string {
	t.Helper()
	key := filepath.Join(t.TempDir(), "opens")
	run(t, append([]string{"backup", "key", "--to", key}, args...)...)
	return key
}

// engine is where a desk is kept: PostgreSQL, or with no address SQLite.
type engine struct {
	name string
	url  func(t testing.TB) string
}

var both = []engine{{"sqlite", func(testing.TB) string { return "" }}, {"postgres", engines.Postgres}}

func placed(dir, db string) []string {
	if db == "" {
		return []string{"--data", dir}
	}
	return []string{"--data", dir, "--database", db}
}

// TestBackupUnderLoad: while people tell things a backup is made; everything else is
// thrown away; every code that was shown before the backup began opens after it was
// put back, on either engine, whichever it came from.
func TestBackupUnderLoad(t *testing.T) {
	for _, from := range both {
		t.Run(from.name, func(t *testing.T) {
			dir, db := filepath.Join(t.TempDir(), "d"), from.url(t)
			args := placed(dir, db)
			run(t, append([]string{"init", "--for-test"}, args...)...)
			key := backupKey(t, args)
			s := serve(t, dir, db)
			k := &teller{codes: map[string]string{}}
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			var wg sync.WaitGroup
			for w := range 8 {
				wg.Go(func() { k.tell(ctx, func() string { return s.url }, w) })
			}
			k.wait(t, 40)
			k.mu.Lock()
			before := &teller{codes: map[string]string{}}
			for n, c := range k.codes {
				before.codes[n] = c
			}
			k.mu.Unlock()
			file := filepath.Join(t.TempDir(), "b.age")
			out, during := "", 0
			for range 10 { // a quick backup on a busy machine may see nobody tell anything
				os.Remove(file)
				out = run(t, append([]string{"backup", "--to", file}, args...)...)
				k.mu.Lock()
				during = len(k.codes) - len(before.codes)
				k.mu.Unlock()
				if during > 0 {
					break
				}
			}
			k.wait(t, len(before.codes)+during+5)
			newer := filepath.Join(t.TempDir(), "newer")
			if err := os.WriteFile(newer, []byte(run(t, append([]string{"ledger", "checkpoint"}, args...)...)), 0o600); err != nil {
				t.Fatal(err)
			}
			stop()
			wg.Wait()
			s.kill()
			if err := os.RemoveAll(dir); err != nil {
				t.Fatal(err)
			}
			t.Logf("%d codes before, %d while it was made; %s", len(before.codes), during, strings.SplitN(out, "\n", 3)[1])
			if during < 1 {
				t.Error("nobody told anything while it was made: this test saw nothing")
			}
			for _, to := range both {
				t.Run("to "+to.name, func(t *testing.T) {
					dir, db := filepath.Join(t.TempDir(), "e"), to.url(t)
					args := placed(dir, db)
					run(t, append(append([]string{"restore", "--key", key}, args...), file)...)
					s := serve(t, dir, db)
					if lost := before.lost(t, s.url); len(lost) > 0 {
						t.Errorf("%d of %d codes that were shown before the backup do not open", len(lost), len(before.codes))
					}
					// What came later is gone, and the ledger says so and why.
					if lost := k.lost(t, s.url); len(lost) == 0 {
						t.Error("nothing that came after the backup is missed: this test saw nothing")
					}
					// The desk goes on: people tell, and it verifies.
					more := &teller{codes: map[string]string{}}
					more.some(t, s, 99, 3)
					if lost := more.lost(t, s.url); len(lost) > 0 {
						t.Errorf("afterwards %d codes, %d lost", len(more.codes), len(lost))
					}
					s.kill()
					run(t, append([]string{"ledger", "verify"}, args...)...)
					gap, err := program(t, append([]string{"ledger", "verify", "--kept", newer}, args...)...).CombinedOutput()
					if err == nil || !strings.Contains(string(gap), "a gap after a restore") {
						t.Errorf("a checkpoint of after the backup: %v, %s", err, gap)
					}
				})
			}
		})
	}
}

// TestKilledBackup: a backup that is killed leaves nothing under its name, and one that
// has the name is whole.
func TestKilledBackup(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "d")
	run(t, "init", "--for-test", "--data", dir)
	key := backupKey(t, []string{"--data", dir})
	s := serve(t, dir, "")
	bulk(t, s, 6)
	to := t.TempDir()
	killed, whole := 0, 0
	took := time.Duration(0)
	for i := range 14 {
		file := filepath.Join(to, fmt.Sprintf("b%d.age", i))
		c := program(t, "backup", "--data", dir, "--to", file)
		start := time.Now()
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		switch i {
		case 0: // left alone
		case 1:
			c.Process.Kill()
		default:
			time.Sleep(time.Duration(rand.Int64N(int64(took) * 5 / 4)))
			c.Process.Kill()
		}
		if c.Wait() == nil {
			took = time.Since(start) // how long one takes as busy as the machine is now
		}
		if _, err := os.Stat(file); err != nil {
			killed++
			continue
		}
		whole++
		run(t, "restore", "--check", "--key", key, file)
	}
	t.Logf("killed %d, whole %d, one takes %v", killed, whole, took)
	if killed == 0 || whole == 0 {
		t.Error("none was killed, or none was made: this test saw nothing")
	}
	// What was left has another name, and nothing of it is in the clear.
	look(t, "after killed backups", to)
	s.kill()
	run(t, "ledger", "verify", "--data", dir)
}

// bulk tells reports with files, so that a backup takes a while.
func bulk(t *testing.T, s *server, n int) {
	t.Helper()
	for i := range n {
		k := &teller{codes: map[string]string{}}
		k.some(t, s, 100+i, 1)
		for _, code := range k.codes {
			page, err := post(t.Context(), s.url+"/b", map[string][]string{"code": {code}})
			if err != nil {
				t.Fatal(err)
			}
			if m := visitField.FindStringSubmatch(page); m != nil {
				upload(t, s.url+"/b", m[1])
			}
			break
		}
	}
}

// TestKilledRestore: a restore that is killed leaves a place that says so and is not
// used, on both engines.
func TestKilledRestore(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "d")
	run(t, "init", "--for-test", "--data", dir)
	key := backupKey(t, []string{"--data", dir})
	s := serve(t, dir, "")
	bulk(t, s, 6)
	file := filepath.Join(t.TempDir(), "b.age")
	run(t, "backup", "--data", dir, "--to", file)
	s.kill()
	for _, e := range both {
		t.Run(e.name, func(t *testing.T) {
			killed, whole := 0, 0
			took := time.Duration(0)
			for i := range 10 {
				to, db := filepath.Join(t.TempDir(), "e"), e.url(t)
				mark := filepath.Join(to, "RESTORE-NOT-FINISHED")
				args := placed(to, db)
				c := program(t, append(append([]string{"restore", "--key", key}, args...), file)...)
				start := time.Now()
				if err := c.Start(); err != nil {
					t.Fatal(err)
				}
				switch {
				case i == 0: // left alone
				case i < 5: // soon after it began to put things there
					for time.Since(start) < time.Minute {
						if _, err := os.Stat(mark); err == nil {
							break
						}
						time.Sleep(time.Millisecond)
					}
					time.Sleep(time.Duration(i-1) * 10 * time.Millisecond)
					c.Process.Kill()
				default:
					time.Sleep(time.Duration(rand.Int64N(int64(took) * 5 / 4)))
					c.Process.Kill()
				}
				if c.Wait() == nil {
					took = time.Since(start)
				}
				_, marked := os.Stat(mark)
				_, begun := os.Stat(filepath.Join(to, "homeward.db"))
				_, keyed := os.Stat(filepath.Join(to, "ledger.key"))
				switch {
				case marked != nil && begun != nil && keyed != nil:
					continue // killed before it put anything there
				case marked != nil:
					whole++
					run(t, append([]string{"ledger", "verify"}, args...)...)
					continue
				}
				killed++
				for _, what := range []string{"serve", "doctor"} {
					cmd := append([]string{what}, args...)
					if what == "serve" {
						cmd = append(cmd, "--listen", "127.0.0.1:0")
					}
					if out, err := limited(t, cmd...); err == nil || !strings.Contains(out, "not finished") {
						t.Errorf("%s on a killed restore (%s): %v, %s", what, names(t, to), err, out)
					}
				}
				// Another data directory does not make the database whole.
				if db != "" {
					out, err := limited(t, "ledger", "verify", "--data", t.TempDir(), "--database", db)
					if err == nil && !strings.HasPrefix(out, "0 rows") {
						t.Errorf("a half database is used from elsewhere: %s", out)
					}
				}
			}
			t.Logf("killed %d, whole %d, one takes %v", killed, whole, took)
			if killed == 0 || whole == 0 {
				t.Error("none was killed, or none finished: this test saw nothing")
			}
		})
	}
}

// limited runs a command that should end by itself.
func limited(t *testing.T, args ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, os.Args[0], args...)
	c.Env = program(t).Env
	out, err := c.CombinedOutput()
	if ctx.Err() != nil {
		t.Errorf("%v did not end", args)
	}
	return string(out), err
}

func names(t *testing.T, dir string) string {
	t.Helper()
	var out []string
	if err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && path != dir {
			out = append(out, filepath.Base(path))
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return strings.Join(out, " ")
}
