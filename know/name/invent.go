package name

import (
	"math"
	"sort"
	"strings"
	"sync"
)

// Invented is a name made up from the tables: for tests of size and speed, which
// must not use anybody's.
type Invented struct {
	Han   string
	Latin string
	In    System
}

// drawing is what Invent draws from: running sums of shares.
type drawing struct {
	families, chars, shares []float64
}

var draw = sync.OnceValue(func() drawing {
	t := load()
	var d drawing
	sum := 0.
	for _, f := range t.families {
		sum += math.Exp2(float64(f.share))
		d.families = append(d.families, sum)
	}
	sum = 0
	for _, c := range t.list {
		sum += math.Exp2(float64(c.given))
		d.chars = append(d.chars, sum)
	}
	sum = 0
	for s := range systems {
		sum += systemInfo[s].share
		d.shares = append(d.shares, sum)
	}
	return d
})

func pick(sums []float64, x float64) int {
	return min(sort.SearchFloat64s(sums, x*sums[len(sums)-1]), len(sums)-1)
}

// Invent makes a name up; random gives numbers from 0 to below 1.
func Invent(random func() float64) Invented {
	t, d := load(), draw()
	f := t.families[pick(d.families, random())]
	given := []rune{t.list[pick(d.chars, random())].char}
	if random() < .82 {
		given = append(given, t.list[pick(d.chars, random())].char)
	}
	n := Invented{Han: f.text + string(given), In: System(pick(d.shares, random()))}
	sep := "-"
	switch p := random(); {
	case p < systemInfo[n.In].joined:
		sep = ""
	case p < systemInfo[n.In].joined+systemInfo[n.In].space:
		sep = " "
	}
	var parts []string
	for _, r := range given {
		parts = append(parts, drawWay(t.givenWays(r), n.In, random))
	}
	n.Latin = capital(drawWay(f.ways, n.In, random)) + " " + capital(strings.Join(parts, sep))
	return n
}

// drawWay draws a spelling in a system; where it has none, in pinyin.
func drawWay(ways []way, sys System, random func() float64) string {
	for _, s := range []System{sys, Pinyin} {
		x := random()
		last := ""
		for _, w := range ways {
			if w.sys != s {
				continue
			}
			last = w.text
			if x -= math.Exp2(float64(w.p)); x <= 0 {
				return w.text
			}
		}
		if last != "" {
			return last
		}
	}
	return "x"
}
