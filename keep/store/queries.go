package store

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
)

//go:embed queries/*.sql
var queryFiles embed.FS

//go:embed migrations/*.sql
var migrationFiles embed.FS

// queries are the named blocks of queries/*.sql.
var queries = func() map[string]string {
	out := map[string]string{}
	files, err := fs.Glob(queryFiles, "queries/*.sql")
	if err != nil {
		panic(err)
	}
	for _, f := range files {
		b, err := queryFiles.ReadFile(f)
		if err != nil {
			panic(err)
		}
		for _, block := range strings.Split("\n"+string(b), "\n-- name: ")[1:] {
			name, body, _ := strings.Cut(block, "\n")
			if out[name] != "" {
				panic("store: two queries are named " + name)
			}
			out[name] = strings.TrimSuffix(strings.TrimSpace(body), ";")
		}
	}
	return out
}()

// query gives a named query as the engine takes it.
func (e engine) query(name string) string {
	q, ok := queries[name]
	if !ok {
		panic(fmt.Sprintf("store: no query is named %q", name))
	}
	if e.postgres {
		q = strings.ReplaceAll(q, "/* skip locked */", "for update skip locked")
	}
	return q
}

// migration gives a migration file as the engine takes it. SQLite's tables are
// STRICT, so that a type is kept, and WITHOUT ROWID, so that rows lie in the order
// of their random ids and not in the order in which people came.
func (e engine) migration(sql string) string {
	if e.postgres {
		return sql
	}
	return strings.NewReplacer("bytea", "blob", "bigint", "integer", "\n);", "\n) strict, without rowid;").Replace(sql)
}
