package casework

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// TestWithheld: whoever sees a table and its sum cannot say of any number that was
// withheld what it is, nor that it is nought.
func TestWithheld(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []Cell
		total := 0
		for i := range rapid.IntRange(0, 8).Draw(t, "cells") {
			n := rapid.OneOf(rapid.IntRange(0, 12), rapid.IntRange(0, 400)).Draw(t, "n")
			all = append(all, Cell{Name: fmt.Sprint(i), N: n})
			total += n
		}
		got := withhold(all)
		shown, hidden, sum := 0, 0, 0
		for i, c := range got.Cells {
			switch {
			case c.Withheld && c.N != 0:
				t.Fatalf("a withheld number is there: %+v", c)
			case c.Withheld:
				hidden++
				sum += all[i].N
			case c.N > 0 && c.N < K:
				t.Fatalf("%d people are shown: %+v", c.N, got)
			default:
				shown += c.N
			}
		}
		if hidden != got.Withheld {
			t.Fatalf("%d are said to be withheld, %d are", got.Withheld, hidden)
		}
		if total >= K && hidden > 0 && (hidden < 2 || total-shown < K) {
			t.Fatalf("from the sum %d one reckons %d withheld people in %d cells: %+v", total, total-shown, hidden, got)
		}
		if total > 0 && total < K && hidden != len(all) {
			t.Fatalf("of %d people something is shown: %+v", total, got)
		}
	})
}

func TestWithholding(t *testing.T) {
	for _, c := range []struct {
		in   []int
		want string
	}{
		{[]int{50}, "50"},
		{[]int{50, 20, 0}, "50 20 0"},
		{[]int{50, 20, 3}, "50 - -"},
		{[]int{50, 10, 1}, "50 - -"},
		{[]int{50, 9, 1}, "- - -"},
		{[]int{30, 50, 4, 3}, "- 50 - -"},
		{[]int{10}, "-"},
		{[]int{4, 0}, "- -"},
		{nil, ""},
	} {
		var all []Cell
		for _, n := range c.in {
			all = append(all, Cell{N: n})
		}
		got := ""
		for i, x := range withhold(all).Cells {
			if i > 0 {
				got += " "
			}
			if x.Withheld {
				got += "-"
			} else {
				got += fmt.Sprint(x.N)
			}
		}
		if got != c.want {
			t.Errorf("%v: %q, want %q", c.in, got, c.want)
		}
	}
}

func TestStatus(t *testing.T) {
	for _, c := range []struct {
		stage, outcome, want string
	}{
		{"missing", "", StillHeld},
		{"in contact", "", StillHeld},
		{"out", "", OnTheWay},
		{"home", "", AtHome},
		{"closed", "home", AtHome},
		{"closed", "safe elsewhere", Elsewhere},
		{"closed", "contact lost", StillHeld},
		{"closed", "was not held", Otherwise},
		{"closed", "", Otherwise},
		{"home", "still held", StillHeld}, // an outcome is somebody's word, a stage only the desk's
	} {
		if got := (Count{Stage: c.stage, Outcome: c.outcome}).status(); got != c.want {
			t.Errorf("%s, %q: %s, want %s", c.stage, c.outcome, got, c.want)
		}
	}
}
