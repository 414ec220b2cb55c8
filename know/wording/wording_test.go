package wording

import (
	"math"
	"slices"
	"strings"
	"testing"
)

func TestRuns(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"", nil},
		{"pay the fee", []string{"pay", "the", "pay the", "fee", "the fee"}},
		{"pay. the", []string{"pay", "the"}},
		{"12,000 usd", []string{"12", "000", "000 usd", "usd"}},
		{"护照收走", []string{"护", "照", "护照", "收", "照收", "护照收", "走", "收走", "照收走", "护照收走"}},
		{"ok护照", []string{"ok", "护", "ok护", "照", "护照", "ok护照"}},
	} {
		var got []string
		each(c.text, func(end int, runs []run) {
			for _, r := range runs {
				got = append(got, c.text[r.start:end])
			}
		})
		slices.Sort(got)
		slices.Sort(c.want)
		if !slices.Equal(got, c.want) {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

func TestNumbersAreAlike(t *testing.T) {
	if hashOf("3000 usd") != hashOf("5 usd") || hashOf("30 usd") == hashOf("30 eur") {
		t.Error("a number is a number, and a currency is not another")
	}
}

func TestLearned(t *testing.T) {
	var ex []Example
	for range 20 {
		ex = append(ex, Example{"send passport tonight boss pays", true}, Example{"lunch at noon with auntie", false}, Example{"the the the", true}, Example{"the the the", false})
	}
	m, err := Parse(Train(ex))
	if err != nil {
		t.Fatal(err)
	}
	lure, honest, even := m.LogOdds(m.Read("boss pays, send passport")), m.LogOdds(m.Read("auntie at noon")), m.LogOdds(m.Read("quite other words"))
	if lure < 0.2 || honest > -0.2 || math.Abs(even) > 0.01 {
		t.Errorf("lure %.2f, honest %.2f, unknown %.2f", lure, honest, even)
	}
	once := string(Train(ex))
	if again := string(Train(ex)); once != again {
		t.Error("the same examples give other weights")
	}
	var none Model
	if none.LogOdds(none.Read("any words")) != 0 {
		t.Error("a model that knows nothing leans")
	}
}

func TestParse(t *testing.T) {
	for _, bad := range []string{"word", "word\t0", "word\tx", "word\t99999"} {
		if _, err := Parse([]byte(bad + "\n")); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
	if Default() == nil {
		t.Error("no model")
	}
}

// Every weight of the file is found, whatever says beforehand that most runs have none.
func TestEveryWeight(t *testing.T) {
	m := Default()
	n := 0
	for line := range strings.Lines(string(weights)) {
		run, _, _ := strings.Cut(line, "\t")
		heaviest := 0
		m.Weigh(run, func(start, end int, l Likeness) {
			if start == 0 && end == len(run) {
				heaviest = l.Weight()
			}
		})
		if heaviest == 0 {
			t.Errorf("%q has no weight", run)
		}
		n++
	}
	if n < 1000 {
		t.Errorf("only %d weights", n)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("pay 护照 the 3000")
	m := Default()
	f.Fuzz(func(t *testing.T, s string) {
		n := 0
		m.Weigh(s, func(start, end int, _ Likeness) {
			if start < 0 || end > len(s) || start >= end {
				t.Errorf("%d to %d of %d", start, end, len(s))
			}
			n++
		})
		if n > maxChars*len(s) {
			t.Errorf("%d runs of %d bytes", n, len(s))
		}
		if v := m.LogOdds(m.Read(s)); math.IsNaN(v) {
			t.Error("no number")
		}
	})
}
