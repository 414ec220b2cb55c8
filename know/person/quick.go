package person

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"homeward/know/name"
)

type span struct {
	rows []uint64
	size int
}

// touch goes through the rows that share a key, the rarest keys first, until
// enough was looked at.
func (c *comparison) touch(l *looker, row int, hashes []uint32) {
	if l.turn++; l.turn == 0 {
		clear(l.notes)
		l.turn = 1
	}
	l.touched = l.touched[:0]
	spans := l.spans[:0]
	first, year := 0, c.facts[row].yearCode()
	if c.one { // inside one list a pair is found from its smaller row
		first = row + 1
	}
	l.near = l.near[:0]
	for _, h := range hashes { // all at once, as with facts below
		l.near = append(l.near, c.shards[h>>24].near(h))
	}
	for i, h := range hashes {
		all := of(l.near[i], h)
		if len(all) == 0 {
			continue
		}
		if h&dated != 0 && year == 0 {
			spans = append(spans, span{all, len(all)})
			continue
		}
		if rows := inYear(all, h, 0, first); len(rows) > 0 {
			spans = append(spans, span{rows, len(all)})
		}
		if h&dated == 0 {
			continue
		}
		if rows := inYear(all, h, year, first); len(rows) > 0 {
			spans = append(spans, span{rows, len(all)})
		}
	}
	l.spans = spans
	slices.SortStableFunc(spans, func(x, y span) int { return cmp.Compare(len(x.rows), len(y.rows)) })
	left, unread := c.plan.Postings, 0
	for _, s := range spans {
		worth := float32(math.Log2(float64(c.rows+1) / float64(s.size)))
		if len(s.rows) > left {
			unread += len(s.rows) - left
		}
		for _, v := range s.rows[:min(left, len(s.rows))] {
			other := uint32(v) & (1<<rowBits - 1)
			if int(other) < first {
				continue
			}
			if n := &l.notes[other]; n.turn != l.turn {
				*n = note{l.turn, worth}
				l.touched = append(l.touched, other)
			} else {
				n.rank += worth / 4 // a second key says little new
			}
		}
		left -= min(left, len(s.rows))
	}
	if unread > 0 {
		l.cut++
		l.entries += unread
	}
}

// About the most that a name gives, and what one does that is not spelt alike.
const (
	bestFit = 24
	someFit = 14
)

// order ranks what was touched by a quick look and keeps the best.
func (c *comparison) order(l *looker, row int) {
	l.ranked = l.ranked[:0]
	// A sketch knows one way to take a name; where there is time, all are looked at.
	few := c.wide && len(l.touched) <= 24
	var probes []*name.Probe // made when the first is needed
	own := &c.facts[row]
	l.facts = l.facts[:0]
	for _, t := range l.touched { // all at once: memory is slow, and answers many at a time
		l.facts = append(l.facts, c.facts[t])
	}
	for i, t := range l.touched {
		f := &l.facts[i]
		quick := nearBirth(own.birth, f.birth)
		if own.sex != 0 && f.sex != 0 && own.sex != f.sex {
			quick -= 4
		}
		for i, n := range own.number {
			if n != 0 && n == f.number[i] {
				quick += 14
			}
		}
		sketched := c.sketched(int(t), f) && c.sketched(row, own)
		if !sketched && !few {
			if guess := c.guess(own, f, quick); c.wide || guess >= c.bar {
				l.ranked = append(l.ranked, Candidate{int(t), guess + float64(l.notes[t].rank)/2})
			}
			continue
		}
		if !few && sketched {
			alone := quick // without the name
			if quick+bestFit < c.bar {
				continue // no name makes up for that
			}
			if !c.wide {
				// A name in another spelling is no reason to look where the dates
				// of birth disagree; the same spelling is.
				if own.sketch == f.sketch {
					l.ranked = append(l.ranked, Candidate{int(t), quick + bestFit + float64(l.notes[t].rank)/2})
					continue
				}
				if alone < 0 {
					continue
				}
			}
			if probes == nil {
				probes = c.probes(l, row)
			}
			fit, least := float32(-20), float32(-20)
			if !c.wide { // what is too little need not be known
				least = float32(c.bar - quick)
			}
			for _, pr := range probes {
				fit = max(fit, pr.Fit(f.sketch, max(fit, least)))
				if f.more() {
					for _, s := range c.more[int(t)] {
						fit = max(fit, pr.Fit(s, max(fit, least)))
					}
				}
			}
			quick += float64(fit)
			if quick < c.bar && !(c.wide && alone >= 10) {
				continue
			}
		}
		l.ranked = append(l.ranked, Candidate{int(t), quick + float64(l.notes[t].rank)/2})
	}
	slices.SortFunc(l.ranked, func(x, y Candidate) int {
		return cmp.Or(cmp.Compare(y.Rank, x.Rank), cmp.Compare(x.Row, y.Row))
	})
	if len(l.ranked) > c.plan.Each {
		l.crowded++
		l.ranked = l.ranked[:c.plan.Each]
	}
}

// sketched says whether all names of a row have a sketch.
func (c *comparison) sketched(row int, f *facts) bool {
	return f.sketch.Kind != name.NoSketch && (!f.more() || !slices.ContainsFunc(c.more[row], func(s name.Sketch) bool { return s.Kind == name.NoSketch }))
}

// guess is about what a pair gives where a name is no Chinese one, or so
// mistyped that it looks like none.
func (c *comparison) guess(x, y *facts, others float64) float64 {
	switch {
	case x.words != 0 && x.words == y.words:
		return others + bestFit
	case x.letters == 0 || y.letters == 0:
		return others + someFit
	}
	// A name that holds the other, and one with a slip or two, hold its letters.
	more := min(bits.OnesCount32(x.letters&^y.letters), bits.OnesCount32(y.letters&^x.letters))
	return others + someFit - 4*float64(more)
}

// probes are those of a row's names; where there are many rows, of the likeliest
// way to take its first.
func (c *comparison) probes(l *looker, row int) []*name.Probe {
	if !c.wide {
		out := []*name.Probe{name.ProbeOf(c.facts[row].sketch)}
		for _, s := range c.more[row] {
			out = append(out, name.ProbeOf(s))
		}
		return out
	}
	var out []*name.Probe
	for _, n := range c.person(l, row).names {
		out = append(out, name.NewProbe(n))
	}
	return out
}

// nearBirth is about what two dates of birth say.
func nearBirth(x, y uint32) float64 {
	switch {
	case x == blankBirth || y == blankBirth:
		return 0
	case x == y:
		return 12
	}
	years := math.Abs(float64(x>>9) - float64(y>>9))
	months, days := x>>5&15 == y>>5&15, x&31 == y&31
	switch {
	case years == 0 && (months || days || x>>5&15 == y&31 && x&31 == y>>5&15):
		return 5
	case months && days && years <= 12:
		return 4
	case years == 0 && (onlyYear(x) || onlyYear(y)):
		return 4
	case years == 0:
		return -1
	case years <= 3:
		return -3
	}
	return -5
}

// onlyYear says that a date of birth is no more than its year, or 1 January of it.
func onlyYear(x uint32) bool { return x&0x1ff == 0 || x&0x1ff == 1<<5|1 }
