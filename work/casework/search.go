package casework

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
	"unique"

	"homeward/keep/store"
	"homeward/know/text"
	"homeward/work/desk"
)

// shelf is what search looks through of one compartment of a case: its lines one after
// another, each ended by a zero byte, in normal form and as they were typed with their
// number before them. Members who are at work at once have the same words in memory
// once: a handle is the same for the same string, and goes with the last who held it.
type shelf struct {
	folded, raw unique.Handle[string]
}

// shelves are a case's, as of one of its lines.
type shelves struct {
	lines int64
	on    []shelf
}

const (
	lineEnd   = "\x00"
	numberEnd = "\x01"
)

// shelve puts the lines of a case on shelves.
func shelve(entries []Entry) shelves {
	out := shelves{lines: int64(len(entries))}
	for _, comp := range Compartments {
		var folded, raw strings.Builder
		for _, e := range entries {
			if e.Shut || e.Compartment != comp {
				continue
			}
			var parts []string
			for _, k := range sorted(e.F) {
				parts = append(parts, e.F[k])
			}
			one := strings.ReplaceAll(strings.Join(parts, " · "), lineEnd, " ")
			folded.WriteString(strings.ReplaceAll(text.Normalize(one).Text, lineEnd, " ") + lineEnd)
			raw.WriteString(strconv.FormatInt(e.N, 10) + numberEnd + one + lineEnd)
		}
		if folded.Len() > 0 {
			out.on = append(out.on, shelf{unique.Make(folded.String()), unique.Make(raw.String())})
		}
	}
	return out
}

// find gives the lines that hold all words.
func (s shelf) find(words []string) (out []Found) {
	all, from := s.folded.Value(), 0
	for {
		i := strings.Index(all[from:], words[0])
		if i < 0 {
			return out
		}
		i += from
		begin := strings.LastIndex(all[:i], lineEnd) + 1
		end := i + strings.Index(all[i:], lineEnd)
		if !slices.ContainsFunc(words[1:], func(w string) bool { return !strings.Contains(all[begin:end], w) }) {
			out = append(out, s.line(strings.Count(all[:begin], lineEnd)))
		}
		from = end
	}
}

// line gives the line at a place on the shelf, as it was typed.
func (s shelf) line(at int) Found {
	raw := s.raw.Value()
	for range at {
		raw = raw[strings.Index(raw, lineEnd)+1:]
	}
	number, words, _ := strings.Cut(raw[:strings.Index(raw, lineEnd)], numberEnd)
	n, _ := strconv.ParseInt(number, 10, 64)
	return Found{N: n, Text: words}
}

// Found is a line that search found.
type Found struct {
	Case  string
	Title string
	N     int64
	Text  string // around what was found
}

// searchLimit is how many lines search finds before it stops.
const searchLimit = 100

// patience is how long search waits for what is not in memory yet.
const patience = 100 * time.Millisecond

// Search looks for words through every line that the member may open, in normal form:
// full-width, traditional and simplified, upper and lower case are one. It gives the
// first hundred, and how many cases are not in memory yet and were not looked through:
// they are opened behind it.
func (c *Casework) Search(ctx context.Context, s *desk.Session, query string) (out []Found, left int, err error) {
	r, behind, err := c.load(ctx, s)
	if err != nil {
		return nil, 0, err
	}
	words := strings.Fields(strings.ReplaceAll(text.Normalize(query).Text, lineEnd, " "))
	if len(words) == 0 {
		return nil, behind, nil
	}
	// The longest is the rarest, mostly.
	slices.SortStableFunc(words, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	select {
	case <-c.fillShelves(ctx, s, r):
	case <-time.After(patience): // of the person who waits, not of the desk's clock
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	left = behind + len(r.lacking())
	for _, id := range sorted(r.summaries) { // of cases that are still the member's
		var here []Found
		for _, one := range r.shelves[id].on {
			here = append(here, one.find(words)...)
		}
		slices.SortFunc(here, func(a, b Found) int { return cmp.Compare(a.N, b.N) })
		for _, f := range here {
			f.Case, f.Title, f.Text = id, r.summaries[id].Title, excerpt(f.Text, query)
			if out = append(out, f); len(out) == searchLimit {
				return out, left, nil
			}
		}
	}
	return out, left, nil
}

// lacking gives the cases that search has not seen, or not to their end. r.mu is held.
func (r *room) lacking() (out []Summary) {
	for id, sum := range r.summaries {
		if has, ok := r.shelves[id]; !ok || has.lines < sum.Lines {
			out = append(out, sum)
		}
	}
	return out
}

// fillShelves opens the lines of cases that search has not seen, newest change first.
// What it gives is closed when that is done, or has failed.
func (c *Casework) fillShelves(ctx context.Context, s *desk.Session, r *room) <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.shelving != nil {
		return r.shelving
	}
	done := make(chan struct{})
	todo := r.lacking()
	if len(todo) == 0 {
		close(done)
		return done
	}
	slices.SortFunc(todo, func(a, b Summary) int {
		return cmp.Or(cmp.Compare(b.Changed, a.Changed), strings.Compare(a.ID, b.ID))
	})
	r.shelving = done
	go func() {
		defer func() {
			r.mu.Lock()
			r.shelving = nil
			r.mu.Unlock()
			close(done)
		}()
		for _, sum := range todo {
			err := c.fillShelf(context.WithoutCancel(ctx), s, r, sum.ID)
			switch {
			case errors.Is(err, desk.ErrSignedOut):
				return
			case err != nil && !errors.Is(err, ErrNone):
				c.Log.Warn("a case could not be opened for search", "error", err)
			}
		}
	}()
	return done
}

// fillShelf opens the lines of one case for search. Signatures are not checked here:
// what search shows is words, which open only if somebody with the case's key sealed
// them; who wrote them is said by the page behind it, which checks.
func (c *Casework) fillShelf(ctx context.Context, s *desk.Session, r *room, id string) error {
	keys, err := c.keys(ctx, s, id)
	if err != nil {
		return err
	}
	var rows []store.Entry
	if err := c.Store.Read(ctx, func(tx *store.Tx) (err error) {
		rows, err = tx.Entries(id)
		return err
	}); err != nil {
		return err
	}
	lines := make([]Entry, len(rows))
	for i, row := range rows {
		if lines[i], err = openLine(row, keys); err != nil {
			return err
		}
	}
	r.keepShelves(id, shelve(lines))
	return nil
}

// keepShelves keeps them unless newer ones are there.
func (r *room) keepShelves(id string, s shelves) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.shelves[id].lines < s.lines {
		r.shelves[id] = s
	}
}

// excerpt gives the words around the first place where a query stands.
func excerpt(raw, query string) string {
	rs := []rune(raw)
	at := strings.Index(strings.ToLower(raw), strings.ToLower(strings.TrimSpace(query)))
	from := 0
	if at > 0 && at <= len(raw) {
		from = max(0, len([]rune(raw[:at]))-30)
	}
	to := min(len(rs), from+120)
	s := string(rs[from:to])
	if from > 0 {
		s = "…" + s
	}
	if to < len(rs) {
		s += "…"
	}
	return s
}
