package casework

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"homeward/keep/store"
	"homeward/keep/vault"
	"homeward/know/text"
	"homeward/work/desk"
)

func mapKeys[K comparable, V any](m map[K]V) []K { return slices.Collect(maps.Keys(m)) }

func sorted[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// Summary is what lists show of a case. On the disk it is sealed with the case's file key.
type Summary struct {
	ID        string   `json:"-"`
	Lines     int64    `json:"-"`
	Title     string   `json:"title"`
	Stage     string   `json:"stage"`
	Origins   []string `json:"origins,omitempty"`
	To        []string `json:"to,omitempty"`
	Minor     bool     `json:"minor,omitempty"`
	Forced    bool     `json:"forced,omitempty"`
	Harm      []string `json:"harm,omitempty"`
	Last      int64    `json:"last,omitempty"`
	Opened    int64    `json:"opened,omitempty"` // unix seconds
	Changed   int64    `json:"changed,omitempty"`
	Clocks    []Clock  `json:"clocks,omitempty"`
	Tasks     int      `json:"tasks,omitempty"`
	People    []Count  `json:"people,omitempty"`
	Places    []string `json:"places,omitempty"`
	Reports   []string `json:"reports,omitempty"`
	HandedTo  string   `json:"handed_to,omitempty"`
	Demanding bool     `json:"demanding,omitempty"`
}

// Count is what the counts know of a person: nothing that identifies.
type Count struct {
	Called      string `json:"called,omitempty"`
	Stage       string `json:"stage"`
	Origin      string `json:"origin,omitempty"`
	Destination string `json:"destination,omitempty"`
	Month       string `json:"month,omitempty"` // they left, or the case was opened: YYYY-MM
	Outcome     string `json:"outcome,omitempty"`
	Statistics  bool   `json:"statistics,omitempty"` // consent to be counted in studies
}

// Due gives the clocks that have run out.
func (s Summary) Due(now time.Time) (out []Clock) {
	for _, c := range s.Clocks {
		if c.Due <= now.Unix() {
			out = append(out, c)
		}
	}
	return out
}

// Rank says how urgent a case is; the higher the earlier.
func (s Summary) Rank(now time.Time) (n int) {
	for _, w := range urgency {
		if w.holds(s, now) {
			n += w.weight
		}
	}
	return n
}

// Why gives the reasons for a case's place, as English sentences of the catalogue.
func (s Summary) Why(now time.Time) (out []string) {
	for _, w := range urgency {
		if w.holds(s, now) {
			out = append(out, w.Why)
		}
	}
	return out
}

var urgency = []struct {
	Why    string
	weight int
	holds  func(Summary, time.Time) bool
}{
	{"a promised call did not come", 100, func(s Summary, now time.Time) bool { return s.due("call", now) }},
	{"a sign of being forced", 90, func(s Summary, _ time.Time) bool { return s.Forced }},
	{"a deadline has passed", 60, func(s Summary, now time.Time) bool { return s.due("deadline", now) }},
	{"under 18", 40, func(s Summary, _ time.Time) bool { return s.Minor && s.Stage != "home" && s.Stage != "closed" }},
	{"a decision is to be looked at again", 30, func(s Summary, now time.Time) bool { return s.due("review", now) }},
	{"a consent has ended", 20, func(s Summary, now time.Time) bool { return s.due("consent", now) }},
	{"a task is late", 20, func(s Summary, now time.Time) bool { return s.due("task", now) }},
}

func (s Summary) due(kind string, now time.Time) bool {
	return slices.ContainsFunc(s.Clocks, func(c Clock) bool { return c.Kind == kind && c.Due <= now.Unix() })
}

// summarise makes a summary of a state that was folded with the file key at least.
func summarise(id string, entries []Entry) Summary {
	// Lists must show everybody on the case the same, so only the file counts.
	var file []Entry
	for _, e := range entries {
		if e.Compartment != File {
			e.Shut = true
		}
		file = append(file, e)
	}
	st := Fold(file)
	s := Summary{ID: id, Lines: st.Lines, Title: st.Title(), Stage: st.Stage, Minor: st.Minor(), Last: st.Last, Clocks: st.Clocks, Tasks: len(st.Open()), Reports: st.Reports, Demanding: len(st.Demands) > 0}
	for i, e := range file {
		if e.Shut {
			continue
		}
		if i == 0 {
			s.Opened = e.Written
		}
		s.Changed = e.Written
		if e.Kind == "handover" {
			s.HandedTo = e.F["member"]
		}
	}
	for _, h := range st.Harms {
		for _, w := range strings.Split(h.F["what"], "\n") {
			if !slices.Contains(s.Harm, w) {
				s.Harm = append(s.Harm, w)
			}
		}
	}
	for _, p := range st.People {
		s.Forced = s.Forced || p.Forced && p.Stage != "home" && p.Stage != "closed"
		n := Count{Called: p.Called, Stage: p.Stage, Origin: p.Origin, Destination: p.Destination, Month: time.Unix(s.Opened, 0).UTC().Format("2006-01")}
		if t, err := ParseWhen(p.Left, time.UTC); err == nil {
			n.Month = t.Format("2006-01")
		}
		if p.Outcome != nil {
			n.Outcome = p.Outcome.F["outcome"]
		}
		for _, c := range p.Consents {
			if c.F["purpose"] == "statistics" {
				n.Statistics = c.F["answer"] == "given" && !c.Withdrawn
			}
		}
		s.People = append(s.People, n)
		for _, v := range []string{p.Origin} {
			if v != "" && !slices.Contains(s.Origins, v) {
				s.Origins = append(s.Origins, v)
			}
		}
		if p.Destination != "" && !slices.Contains(s.To, p.Destination) {
			s.To = append(s.To, p.Destination)
		}
		for _, e := range p.Places {
			if v := cmp.Or(e.F["place"], e.F["to"]); v != "" && !slices.Contains(s.Places, v) {
				s.Places = append(s.Places, v)
			}
		}
	}
	return s
}

// room is what is open for one member while they are at work.
type room struct {
	mu        sync.Mutex
	keys      map[string]folderKeys
	summaries map[string]Summary
	items     map[string][]item // by case: what search looks through
	read      map[string]int64  // the day a case was last opened
	building  bool
}

type item struct {
	n    int64
	kind string
	text string // folded
	raw  string
}

func (c *Casework) room(s *desk.Session) (*room, error) {
	r, err := s.Room("casework", func() any {
		return &room{keys: map[string]folderKeys{}, summaries: map[string]Summary{}, items: map[string][]item{}, read: map[string]int64{}}
	})
	if err != nil {
		return nil, err
	}
	return r.(*room), nil
}

// Wipe forgets everything.
func (r *room) Wipe() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, keys := range r.keys {
		for _, k := range keys {
			k.Wipe()
		}
	}
	r.keys, r.summaries, r.items, r.read = map[string]folderKeys{}, map[string]Summary{}, map[string][]item{}, map[string]int64{}
}

func (r *room) kept(id string) folderKeys {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.keys[id]
}

func (r *room) keep(id string, k folderKeys) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.keys[id] = k
}

func (r *room) forget(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.keys, id)
	delete(r.summaries, id)
	delete(r.items, id)
}

func (r *room) firstToday(id string, day int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	first := r.read[id] != day
	r.read[id] = day
	return first
}

func summaryPlace(id string, n, generation int64) vault.Place {
	return vault.Place{Table: "folder", Row: id, Field: "summary", Revision: uint64(n), Epoch: uint64(generation)}
}

// refresh folds a case anew, keeps its summary on the disk, and what search needs of
// it in memory.
func (c *Casework) refresh(ctx context.Context, s *desk.Session, id string) error {
	keys, err := c.keys(ctx, s, id)
	if err != nil {
		return err
	}
	entries, _, err := c.lines(ctx, id, keys)
	if err != nil {
		return err
	}
	sum := summarise(id, entries)
	r, err := c.room(s)
	if err != nil {
		return err
	}
	r.mu.Lock()
	r.summaries[id] = sum
	r.items[id] = items(entries)
	r.mu.Unlock()
	b, err := json.Marshal(sum)
	if err != nil {
		return err
	}
	state := "open"
	if sum.Stage == "closed" {
		state = "closed"
	}
	return c.Store.Write(ctx, func(tx *store.Tx) error {
		f, err := tx.Folder(id)
		if err != nil {
			return err
		}
		key, ok := keys[keyID{File, f.Generation}]
		if !ok {
			return nil // the keys were turned a moment ago
		}
		return tx.SetFolderSummary(id, key.Seal(summaryPlace(id, sum.Lines, f.Generation), b), sum.Lines, state)
	})
}

func items(entries []Entry) (out []item) {
	for _, e := range entries {
		if e.Shut {
			continue
		}
		var raw []string
		for _, k := range sorted(e.F) {
			raw = append(raw, e.F[k])
		}
		one := strings.Join(raw, " · ")
		out = append(out, item{e.N, e.Kind, text.Normalize(one).Text, one})
	}
	return out
}

// load brings the summaries of a member's cases up to date; at most a bounded number is
// opened at once, the rest behind it.
func (c *Casework) load(ctx context.Context, s *desk.Session) (*room, int, error) {
	if err := s.May(desk.WorkCases); err != nil {
		return nil, 0, err
	}
	r, err := c.room(s)
	if err != nil {
		return nil, 0, err
	}
	var rows []store.Folder
	if err := c.Store.Read(ctx, func(tx *store.Tx) (err error) {
		rows, err = tx.FolderSizes(folderKind, s.Member)
		return err
	}); err != nil {
		return nil, 0, err
	}
	there := map[string]bool{}
	var stale []store.Folder
	r.mu.Lock()
	for _, f := range rows {
		there[f.ID] = true
		if sum, ok := r.summaries[f.ID]; !ok || sum.Lines != f.Entries {
			stale = append(stale, f)
		}
	}
	for id := range r.summaries {
		if !there[id] { // taken off the case
			delete(r.summaries, id)
			delete(r.items, id)
			delete(r.keys, id)
		}
	}
	r.mu.Unlock()
	const atOnce = 100
	if err := c.openSummaries(ctx, s, r, stale[:min(atOnce, len(stale))]); err != nil {
		return nil, 0, err
	}
	stale = stale[min(atOnce, len(stale)):]
	r.mu.Lock()
	begin := len(stale) > 0 && !r.building
	r.building = r.building || begin
	r.mu.Unlock()
	if begin {
		go func() {
			defer func() {
				r.mu.Lock()
				r.building = false
				r.mu.Unlock()
			}()
			for page := range slices.Chunk(stale, 100) {
				if err := c.openSummaries(context.WithoutCancel(ctx), s, r, page); err != nil {
					if !errors.Is(err, desk.ErrSignedOut) {
						c.Log.Warn("a case could not be opened", "error", err)
					}
					return
				}
			}
		}()
	}
	return r, len(stale), nil
}

// openSummaries opens the summaries on the disk, or folds the case where there is none
// that is up to date.
func (c *Casework) openSummaries(ctx context.Context, s *desk.Session, r *room, rows []store.Folder) error {
	if len(rows) == 0 {
		return nil
	}
	var people []desk.Colleague
	wraps := map[string][]store.FolderKey{}
	full := map[string]store.Folder{}
	if err := c.Store.Read(ctx, func(tx *store.Tx) (err error) {
		if people, err = desk.Colleagues(tx); err != nil {
			return err
		}
		for _, row := range rows {
			f, err := tx.Folder(row.ID)
			if errors.Is(err, store.ErrNone) {
				continue
			} else if err != nil {
				return err
			}
			full[row.ID] = f
			all, err := tx.FolderKeys(row.ID)
			if err != nil {
				return err
			}
			for _, w := range all {
				// For a list only the newest file key is needed.
				if w.Member == s.Member && w.Compartment == File && w.Generation == f.Generation {
					wraps[row.ID] = append(wraps[row.ID], w)
				}
			}
		}
		return nil
	}); err != nil {
		return err
	}
	for id, f := range full {
		if f.Summary != nil && f.SummaryN == f.Entries && len(wraps[id]) > 0 {
			key, err := openOne(s, id, wraps[id][0], people)
			if err != nil {
				return err
			}
			b, err := key.Open(summaryPlace(id, f.SummaryN, f.Generation), f.Summary)
			var sum Summary
			if err == nil {
				err = json.Unmarshal(b, &sum)
			}
			key.Wipe()
			if err == nil {
				sum.ID, sum.Lines = id, f.SummaryN
				r.mu.Lock()
				r.summaries[id] = sum
				r.mu.Unlock()
				continue
			}
		}
		if err := c.refresh(ctx, s, id); err != nil && !errors.Is(err, ErrNone) {
			return err
		}
	}
	return nil
}

// openOne opens one sealed key.
func openOne(s *desk.Session, id string, w store.FolderKey, people []desk.Colleague) (vault.Key, error) {
	i := slices.IndexFunc(people, func(p desk.Colleague) bool { return p.ID == w.Author })
	if i < 0 {
		return vault.Key{}, vault.ErrSignature
	}
	if err := vault.Check(people[i].Verifier, w.Signature, "folder_key", signedKey(w)...); err != nil {
		return vault.Key{}, err
	}
	b, err := s.Unwrap(folderKeyPlace(id, s.Member, w.Compartment, w.Generation), "folder", w.Sealed)
	if err != nil {
		return vault.Key{}, err
	}
	return vault.KeyOf(b)
}

// Board gives a member's cases, most urgent first, and how many are still being opened.
func (c *Casework) Board(ctx context.Context, s *desk.Session) (out []Summary, behind int, err error) {
	r, behind, err := c.load(ctx, s)
	if err != nil {
		return nil, 0, err
	}
	r.mu.Lock()
	out = slices.Collect(maps.Values(r.summaries))
	r.mu.Unlock()
	now := c.Now()
	rank := make(map[string]int, len(out))
	for _, sum := range out {
		rank[sum.ID] = sum.Rank(now)
	}
	slices.SortFunc(out, func(a, b Summary) int {
		return cmp.Or(cmp.Compare(rank[b.ID], rank[a.ID]), cmp.Compare(b.Changed, a.Changed), strings.Compare(a.ID, b.ID))
	})
	return out, behind, nil
}

// Found is a line that search found.
type Found struct {
	Case  string
	Title string
	N     int64
	Kind  string
	Text  string // around what was found
}

// searchLimit is how many lines search finds before it stops.
const searchLimit = 100

// Search looks for words through every line that the member may open, in normal form:
// full-width, traditional and simplified, upper and lower case are one. It gives the
// first hundred, and how many cases are not in memory yet and were not looked through.
func (c *Casework) Search(ctx context.Context, s *desk.Session, query string) (out []Found, left int, err error) {
	r, behind, err := c.load(ctx, s)
	if err != nil {
		return nil, 0, err
	}
	words := strings.Fields(text.Normalize(query).Text)
	if len(words) == 0 {
		return nil, behind, nil
	}
	if left, err = c.openItems(ctx, s, r); err != nil {
		return nil, 0, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, id := range sorted(r.items) {
		for _, it := range r.items[id] {
			if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(it.text, w) }) {
				out = append(out, Found{Case: id, Title: r.summaries[id].Title, N: it.n, Kind: it.kind, Text: excerpt(it.raw, query)})
				if len(out) == searchLimit {
					return out, left + behind, nil
				}
			}
		}
	}
	return out, left + behind, nil
}

// openItems opens the lines of cases that search has not seen, for as long as somebody
// waits, newest change first.
func (c *Casework) openItems(ctx context.Context, s *desk.Session, r *room) (left int, err error) {
	r.mu.Lock()
	var todo []Summary
	for id, sum := range r.summaries {
		if _, ok := r.items[id]; !ok {
			todo = append(todo, sum)
		}
	}
	r.mu.Unlock()
	slices.SortFunc(todo, func(a, b Summary) int {
		return cmp.Or(cmp.Compare(b.Changed, a.Changed), strings.Compare(a.ID, b.ID))
	})
	const patience = 2 * time.Second
	began := time.Now() // of the person who waits, not of the desk's clock
	for i, sum := range todo {
		if time.Since(began) > patience {
			return len(todo) - i, nil
		}
		keys, err := c.keys(ctx, s, sum.ID)
		if errors.Is(err, ErrNone) {
			continue
		} else if err != nil {
			return 0, err
		}
		entries, _, err := c.lines(ctx, sum.ID, keys)
		if err != nil {
			return 0, err
		}
		r.mu.Lock()
		r.items[sum.ID] = items(entries)
		r.mu.Unlock()
	}
	return 0, nil
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

// Summarise makes the summary of a case that has been read.
func Summarise(c Case) Summary { return summarise(c.ID, slices.Clone(c.Entries)) }
