// Package engines runs a test on both databases: SQLite always, PostgreSQL where
// Debian's is installed.
package engines

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver

	"homeward/keep/store"
)

// Each runs f as a subtest on each engine with a new, empty store.
func Each(t *testing.T, f func(t *testing.T, s *store.Store)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		f(t, SQLite(t))
	})
	t.Run("postgres", func(t *testing.T) {
		f(t, open(t, Postgres(t), ""))
	})
}

// SQLite gives a new, empty store in a folder that goes when the test ends.
func SQLite(t testing.TB) *store.Store {
	t.Helper()
	return open(t, "", t.TempDir())
}

func open(t testing.TB, url, dir string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), url, dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

var (
	start  sync.Once
	socket string
	why    error
	number atomic.Int64
)

// Postgres gives the address of a new, empty database, or skips the test. The
// server is one for the test program; Main stops it.
func Postgres(t testing.TB) string {
	t.Helper()
	start.Do(func() { socket, why = startPostgres() })
	if why != nil {
		t.Skip("PostgreSQL is not here (Debian's package postgresql-15): ", why)
	}
	db, err := sql.Open("pgx", address("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	name := fmt.Sprintf("t%d", number.Add(1))
	if _, err := db.Exec("create database " + name); err != nil {
		t.Fatal(err)
	}
	return address(name)
}

func address(name string) string {
	return "postgres://postgres@/" + name + "?host=" + socket
}

var stop = func() {}

// Main runs the tests of a package and stops the server they started.
func Main(m *testing.M) {
	code := m.Run()
	stop()
	os.Exit(code)
}

func startPostgres() (string, error) {
	bins, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	if len(bins) == 0 {
		return "", fmt.Errorf("no /usr/lib/postgresql/*/bin")
	}
	bin := bins[len(bins)-1]
	// Short, for a socket's path may have 107 bytes; not in the test's own
	// directory, into which another user cannot go.
	dir, err := os.MkdirTemp("/tmp", "hwpg")
	if err != nil {
		return "", err
	}
	data := filepath.Join(dir, "data")
	as := func(name string, args ...string) *exec.Cmd {
		if os.Getuid() == 0 { // PostgreSQL does not run as root
			args = append([]string{"--reuid=postgres", "--regid=postgres", "--clear-groups", filepath.Join(bin, name)}, args...)
			return exec.Command("setpriv", args...)
		}
		return exec.Command(filepath.Join(bin, name), args...)
	}
	if os.Getuid() == 0 {
		if out, err := exec.Command("chown", "postgres", dir).CombinedOutput(); err != nil {
			return "", fmt.Errorf("%w: %s", err, out)
		}
	}
	if out, err := as("initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync").CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	server := as("postgres", "-D", data, "-k", dir, "-c", "listen_addresses=", "-c", "max_connections="+strconv.Itoa(200), "-c", "fsync=on")
	log, err := os.Create(filepath.Join(os.TempDir(), filepath.Base(dir)+".log"))
	if err != nil {
		return "", err
	}
	server.Stdout, server.Stderr = log, log
	if err := server.Start(); err != nil {
		return "", err
	}
	stop = func() {
		server.Process.Signal(os.Interrupt)
		server.Wait()
		os.Remove(log.Name())
		os.RemoveAll(dir)
	}
	socket = dir
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for {
		db, err := sql.Open("pgx", address("postgres"))
		if err == nil {
			err = db.PingContext(ctx)
			db.Close()
		}
		if err == nil {
			return dir, nil
		}
		select {
		case <-ctx.Done():
			stop()
			return "", fmt.Errorf("it did not start: %w", err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}
