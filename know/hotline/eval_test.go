package hotline

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestAgainstSource compares the list with the evaluation data, row by row: the
// same rows, the same numbers, the same flags. Set HOMEWARD_EVAL to the folder
// that holds channels.csv.
func TestAgainstSource(t *testing.T) {
	dir := os.Getenv("HOMEWARD_EVAL")
	if dir == "" {
		t.Skip("HOMEWARD_EVAL is not set: the list was not compared with channels.csv")
	}
	f, err := os.Open(filepath.Join(dir, "channels.csv"))
	if os.IsNotExist(err) {
		t.Skipf("%v: the list was not compared", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	var theirs, ours []string
	for _, row := range rows[1:] {
		var line []string
		for _, name := range []string{
			"territory_iso", "kind", "number_e164_or_short", "reachable_from_abroad", "purpose",
			"situation", "hours", "source_date", "status", "show_public",
		} {
			line = append(line, row[column[name]])
		}
		theirs = append(theirs, strings.Join(line, " | "))
	}
	for _, n := range Default().Numbers() {
		ours = append(ours, strings.Join([]string{
			n.Territory, n.Kind, n.Number, string(n.Reach), string(n.Purpose),
			n.Situation, n.Hours, n.SourceDate, n.Status, string(n.Show),
		}, " | "))
	}
	slices.Sort(theirs)
	slices.Sort(ours)
	for _, row := range theirs {
		if i, found := slices.BinarySearch(ours, row); found {
			ours = slices.Delete(ours, i, i+1)
		} else {
			t.Errorf("not in numbers.toml: %s", row)
		}
	}
	for _, row := range ours {
		t.Errorf("not in channels.csv: %s", row)
	}
}
