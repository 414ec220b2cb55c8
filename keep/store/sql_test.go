package store

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestPlaceholdersAscend: another driver for SQLite binds by the order of first
// appearance, and would be silently wrong.
func TestPlaceholdersAscend(t *testing.T) {
	for name, q := range queries {
		seen := 0
		for _, m := range regexp.MustCompile(`\$(\d+)`).FindAllStringSubmatch(q, -1) {
			if n, _ := strconv.Atoi(m[1]); n == seen+1 {
				seen++
			} else if n > seen {
				t.Errorf("%s: $%d before $%d", name, n, seen+1)
			}
		}
		if strings.Contains(strings.ToLower(q), "now()") || strings.Contains(q, "?") {
			t.Errorf("%s: times are handed in, and placeholders are $1", name)
		}
	}
}

// TestEveryQueryIsUsed keeps the files free of what nobody calls.
func TestEveryQueryIsUsed(t *testing.T) {
	files, _ := filepath.Glob("*.go")
	var code strings.Builder
	for _, f := range files {
		if !strings.HasSuffix(f, "_test.go") {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			code.Write(b)
		}
	}
	for name := range queries {
		if !strings.Contains(code.String(), `"`+name+`"`) {
			t.Errorf("nobody asks %s", name)
		}
	}
}

func TestNewerSchemaIsRefused(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(t.Context(), "", dir)
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	db, err := sql.Open("sqlite", filepath.Join(dir, "homeward.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("insert into goose_db_version (version_id, is_applied) values (99999, 1)"); err != nil {
		t.Fatal(err)
	}
	db.Close()
	if _, err := Open(t.Context(), "", dir); !errors.Is(err, ErrNewer) {
		t.Errorf("%v", err)
	}
}

// TestEveryTableIsInABackupOrFleeting: whoever adds a table decides which it is.
func TestEveryTableIsInABackupOrFleeting(t *testing.T) {
	s, err := Open(t.Context(), "", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	known := map[string]bool{"goose_db_version": true, "sqlite_sequence": true}
	for _, k := range kept {
		known[k.name] = true
	}
	for _, f := range fleeting {
		if known[f] {
			t.Errorf("%s is both", f)
		}
		known[f] = true
	}
	rows, err := s.db.Query("select name from sqlite_master where type = 'table'")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	seen := 0
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		if seen++; !known[name] {
			t.Errorf("the table %s is neither backed up nor said to be fleeting (dump.go)", name)
		}
		delete(known, name)
	}
	for name := range known {
		if name != "sqlite_sequence" {
			t.Errorf("there is no table %s", name)
		}
	}
	if seen < 20 {
		t.Errorf("only %d tables were seen", seen)
	}
}

func TestLook(t *testing.T) {
	dir := t.TempDir()
	if _, err := Look(t.Context(), "", dir); !errors.Is(err, ErrNone) {
		t.Errorf("nothing there: %v", err)
	}
	if files, _ := os.ReadDir(dir); len(files) != 0 {
		t.Error("looking made a file")
	}
	s, err := open(t.Context(), "", dir, 2, true)
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	if _, err := Look(t.Context(), "", dir); !errors.Is(err, ErrOlder) {
		t.Errorf("older: %v", err)
	}
	if s, err = Open(t.Context(), "", dir); err != nil {
		t.Fatal(err)
	}
	s.Close()
	if s, err = Look(t.Context(), "", dir); err != nil {
		t.Fatal(err)
	}
	s.Close()
}
