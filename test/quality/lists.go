package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"homeward/know/person"
)

// lists prints the same public sets as homeward match goes through them: all
// records at once, on all processors, beside what was recorded of Splink.
func lists(dir string) {
	fmt.Println("\nlists, as homeward match compares them; every true pair counts, also one that never met")
	a, err := table(filepath.Join(dir, "febrl/dataset4a.csv"))
	b, err2 := table(filepath.Join(dir, "febrl/dataset4b.csv"))
	if err != nil || err2 != nil {
		fmt.Println("  febrl4: skipped:", err, err2)
	} else {
		record := func(x []string) person.Record {
			return person.Record{ID: x[0], Name: x[1] + " " + x[2], BirthDate: x[9], Document: x[10], Place: strings.Join(x[3:9], " ")}
		}
		who := func(x []string) string { return strings.Split(x[0], "-")[1] }
		second := person.List{Len: len(b), At: func(i int) person.Record { return record(b[i]) }}
		compareLists("febrl4", person.List{Len: len(a), At: func(i int) person.Record { return record(a[i]) }}, &second, len(b), func(i, j int) bool { return who(a[i]) == who(b[j]) })
		fmt.Println("    Splink 5.0.0.dev4, its example model, recorded 2026-11: P 1.000 R .998 in 11.7 s")
	}
	rows, err := table(filepath.Join(dir, "historical_50k/historical_figures_with_errors_50k.csv.gz"))
	if err != nil {
		fmt.Println("  historical_50k: skipped:", err)
		return
	}
	size, total := map[string]int{}, 0
	for _, x := range rows {
		total += size[x[1]]
		size[x[1]]++
	}
	compareLists("historical_50k", person.List{Len: len(rows), At: func(i int) person.Record {
		x := rows[i]
		return person.Record{ID: x[0], Name: x[2], BirthDate: x[6], Place: x[7] + " " + x[8], Sex: x[9]}
	}}, nil, total, func(i, j int) bool { return rows[i][1] == rows[j][1] })
	fmt.Println("    Splink 5.0.0.dev4, its example model, recorded 2026-11: P .975 R .600 in 32.7 s")
}

func compareLists(title string, a person.List, b *person.List, total int, same func(i, j int) bool) {
	var all []scored
	start := time.Now()
	if _, err := person.CompareLists(context.Background(), person.DefaultWeights(), a, b, person.Plan{}, func(p person.Pair) error {
		all = append(all, scored{namePair{Same: same(p.A, p.B)}, p.Bits})
		return nil
	}); err != nil {
		fmt.Fprintln(os.Stderr, title, err)
		return
	}
	records(title, all, total, time.Since(start))
}
