package casework_test

import (
	"testing"

	"homeward/keep/store"
	"homeward/test/engines"
	"homeward/test/people"
	"homeward/work/casework"
	"homeward/work/desk"
)

// TestCounts: twelve people are counted, of whom one is somewhere else; an auditor, who
// is on no case, is told only how many cases there are.
func TestCounts(t *testing.T) {
	engines.Each(t, func(t *testing.T, db *store.Store) {
		d := people.New(t, db)
		for i := range 24 {
			origin, stage := "TW", "missing"
			if i%2 == 0 {
				origin, stage = "HK", "home"
			}
			opened(t, d, d.First, casework.New{Called: "somebody", Origin: origin, Stage: stage})
		}
		opened(t, d, d.First, casework.New{Called: "somebody", Origin: "MY"})
		got, err := d.Cases.Counts(t.Context(), d.First)
		if err != nil {
			t.Fatal(err)
		}
		if got.Known.N != 25 || got.Cases != 25 || got.Others != 0 || got.Behind != 0 {
			t.Errorf("%+v", got)
		}
		// One from MY is withheld, and with it the smallest of the others, in order of names.
		if o := got.Origins; o.Withheld != 2 || o.Cells[0].N != 12 || !o.Cells[1].Withheld || !o.Cells[2].Withheld || o.Cells[2].N != 0 {
			t.Errorf("origins %+v", o)
		}
		if s := got.Status; s.Cells[0] != (casework.Cell{Name: casework.AtHome, N: 12}) || s.Cells[3] != (casework.Cell{Name: casework.StillHeld, N: 13}) {
			t.Errorf("status %+v", s)
		}
		auditor := d.Member("still owl", desk.Auditor)
		got, err = d.Cases.Counts(t.Context(), auditor)
		if err != nil || got.Known.N != 0 || got.Cases != 0 || got.Others != 25 {
			t.Errorf("an auditor is given %+v, %v", got, err)
		}
		admin := d.Member("grey gull", desk.Administrator)
		if _, err := d.Cases.Counts(t.Context(), admin); err == nil {
			t.Error("an administrator is given the counts")
		}
	})
}
