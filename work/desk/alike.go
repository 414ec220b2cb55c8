package desk

import (
	"context"
	"slices"

	"homeward/know/text"
	"homeward/work/intake"
)

// sketch gives numbers of which two texts share about as many as they share runs of
// four characters in normal form: MinHash (Broder, SEQUENCES 1997). nil for a text
// too short to tell.
func sketch(s string) []uint32 {
	const run = 4
	rs := []rune(text.Normalize(s).Text)
	if len(rs) < 3*run {
		return nil
	}
	out := make([]uint32, bands*inBand)
	for i := range out {
		out[i] = ^uint32(0)
	}
	for i := 0; i+run <= len(rs); i++ {
		h := mix(string(rs[i : i+run]))
		for k := range out {
			// Another order of all numbers for each k.
			v := uint32((h * (2*uint64(k) + 0x9E3779B97F4A7C15)) >> 32)
			out[k] = min(out[k], v)
		}
	}
	return out
}

const (
	bands  = 8
	inBand = 3
	// near is how many numbers texts must share to be one text with small changes.
	near = bands * inBand * 6 / 10
	// flood is how many of one text are set aside as one.
	flood = 5
)

func alike(a, b []uint32) bool {
	n := 0
	for i := range min(len(a), len(b)) {
		if a[i] == b[i] {
			n++
		}
	}
	return n >= near
}

// mix is FNV-1a with its bits stirred, the same on every server.
func mix(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	return h ^ h>>29
}

// aside keeps the first of many that are nearly one text, and says how many it
// stands for. Nothing is taken away: the rest is a click behind it.
func aside(all []Summary) []Summary {
	group := make([]int, len(all)) // index of the first of its kind
	count := make([]int, len(all))
	// Texts alike share a whole band, almost surely. Two bands with one number by
	// accident only cost a comparison.
	first := make(map[uint64][]int32, len(all)*bands)
	for i := range all {
		s := &all[i]
		group[i] = i
		var mine [bands]uint64
		n := 0
		for ; n < bands && len(s.Print) == bands*inBand; n++ {
			b := s.Print[n*inBand:]
			mine[n] = ((uint64(b[0])<<32|uint64(b[1]))*0x9E3779B97F4A7C15 ^ uint64(b[2])<<8 ^ uint64(n)) * 0xff51afd7ed558ccd
		}
	find:
		for _, b := range mine[:n] {
			for _, j := range first[b] {
				if alike(all[j].Print, s.Print) {
					group[i] = int(j)
					break find
				}
			}
		}
		if group[i] == i {
			for _, b := range mine[:n] {
				first[b] = append(first[b], int32(i))
			}
		}
		count[group[i]]++
	}
	var out []Summary
	for i, s := range all {
		switch n := count[group[i]]; {
		case n < flood:
			out = append(out, s)
		case group[i] == i:
			s.Alike = n
			out = append(out, s)
		}
	}
	return out
}

// Alike gives all unread reports whose text is nearly that of one.
func (d *Desk) Alike(s *Session, id string) (out []Summary) {
	if s.May(ReadReports) != nil {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	of, ok := d.summaries[id]
	if !ok {
		return nil
	}
	for _, r := range d.summaries {
		if r.ID == id || alike(r.Print, of.Print) {
			r.Why = d.why(r)
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b Summary) int { return int(a.At - b.At) })
	return out
}

// Mute keeps a report out of the queue, whatever its sender still writes, until it is
// unmuted. It stays where it is, and its sender sees no difference.
func (d *Desk) Mute(ctx context.Context, s *Session, id string, mute bool) error {
	if err := s.May(AnswerReports); err != nil {
		return err
	}
	return s.with(func(k intake.Keys) error {
		o, err := d.Intake.Open(ctx, id, k)
		if err != nil {
			return err
		}
		sum := d.summarise(o)
		if old, ok := kept(k, o.Row); ok {
			sum.carry(old)
		}
		sum.Muted = mute
		kind := "report.muted"
		if !mute {
			kind = "report.unmuted"
		}
		if err := d.note(ctx, kind, s.Member, id); err != nil {
			return err
		}
		return d.keepSummary(ctx, s.epoch, k, o.Row, sum, o.Row.State)
	})
}
