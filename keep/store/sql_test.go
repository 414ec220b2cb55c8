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
