package casework

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"homeward/keep/ledger"
	"homeward/keep/store"
	"homeward/keep/vault"
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
	LastZone  string   `json:"last_zone,omitempty"`
	Opened    int64    `json:"opened,omitempty"` // unix seconds
	Changed   int64    `json:"changed,omitempty"`
	Clocks    []Clock  `json:"clocks,omitempty"`
	Tasks     int      `json:"tasks,omitempty"`
	People    []Count  `json:"people,omitempty"`
	Places    []string `json:"places,omitempty"`
	Reports   []string `json:"reports,omitempty"`
	HandedTo  string   `json:"handed_to,omitempty"`
	Demanding bool     `json:"demanding,omitempty"`
	Plans     int      `json:"plans,omitempty"` // to tell somebody: neither approved, taken nor given up yet
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

// Reasons lists them.
func Reasons() (out []string) {
	for _, w := range urgency {
		out = append(out, w.Why)
	}
	return out
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
	s := Summary{ID: id, Lines: st.Lines, Title: st.Title(), Stage: st.Stage, Minor: st.Minor(), Last: st.Last, LastZone: st.LastZone, Clocks: st.Clocks, Tasks: len(st.Open()), Reports: st.Reports, Demanding: len(st.Demands) > 0}
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
		if e.Kind == "intent" && !slices.ContainsFunc(st.About[e.N], func(a Entry) bool {
			return a.Kind == "approval" || a.Kind == "copy" || a.Kind == "cancelled"
		}) {
			s.Plans++
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
	shelves   map[string]shelves // by case: what search looks through
	read      map[string]int64   // the day a case was last opened
	known     map[string]marked  // by case: what a list is compared with
	checked   []desk.Card        // whom the roll was last found to agree with
	building  bool
	looked    int64         // the ledger's size when the summaries were last found up to date, or 0
	shelving  chan struct{} // closed when what runs has opened what search lacked; nil if nothing runs
}

func (c *Casework) room(s *desk.Session) (*room, error) {
	r, err := s.Room("casework", func() any {
		return &room{keys: map[string]folderKeys{}, summaries: map[string]Summary{}, shelves: map[string]shelves{}, read: map[string]int64{}, known: map[string]marked{}}
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
	r.looked = 0
	r.keys, r.summaries, r.shelves, r.read = map[string]folderKeys{}, map[string]Summary{}, map[string]shelves{}, map[string]int64{}
	r.known = map[string]marked{}
}

// cards gives the cards of all members, once the roll has been found whole: whoever can
// write to the table of members could otherwise sign keys in a colleague's name to
// whoever signed in before. What was checked, and has not changed, is not checked again.
func (r *room) cards(tx *store.Tx, s *desk.Session) ([]desk.Card, error) {
	now, err := desk.Cards(tx)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	same := r.checked != nil && slices.EqualFunc(now, r.checked, func(a, b desk.Card) bool {
		return a.ID == b.ID && a.State == b.State && a.Roles == b.Roles && bytes.Equal(a.Public, b.Public) && bytes.Equal(a.Verifier, b.Verifier)
	})
	r.mu.Unlock()
	if same {
		return now, nil
	}
	if now, err = s.CheckedCards(tx); err != nil {
		return nil, err
	}
	r.mu.Lock()
	r.checked = now
	r.mu.Unlock()
	return now, nil
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
	delete(r.shelves, id)
	r.looked = 0
	delete(r.known, id)
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
	r.mu.Unlock()
	r.keepShelves(id, shelve(entries))
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

// harmless are the beginnings of kinds of event that leave all cases as they were. What
// is not named here may have changed one.
var harmless = []string{"case.read", "report.", "message.", "file.", "desk.", "epoch.", "channel.", "pad"}

// untouched says whether no case has changed between two sizes of the ledger: whatever
// changes a case adds an event in the same transaction.
func untouched(tx *store.Tx, from, to int64) (bool, error) {
	const most = 200 // beyond it looking at all cases is as quick
	if from == 0 || to < from || to-from > most {
		return false, nil
	}
	same := true
	err := tx.LedgerRows(from, to, func(_ int64, _, event, _, _ []byte) error {
		var e ledger.Event
		if err := json.Unmarshal(event, &e); err != nil {
			return err
		}
		same = same && slices.ContainsFunc(harmless, func(h string) bool { return strings.HasPrefix(e.Kind, h) })
		return nil
	})
	return same, err
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
	r.mu.Lock()
	looked := r.looked
	r.mu.Unlock()
	var rows []store.Folder
	var size int64
	same := false
	if err := c.Store.Read(ctx, func(tx *store.Tx) (err error) {
		if size, err = tx.LedgerSize(); err != nil {
			return err
		}
		if same, err = untouched(tx, looked, size); err != nil || same {
			return err
		}
		rows, err = tx.FolderSizes(folderKind, s.Member)
		return err
	}); err != nil || same {
		return r, 0, err
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
			delete(r.shelves, id)
			delete(r.keys, id)
			delete(r.known, id)
		}
	}
	r.looked = 0
	if len(stale) == 0 {
		r.looked = size
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
	var people []desk.Card
	wraps := map[string][]store.FolderKey{}
	full := map[string]store.Folder{}
	if err := c.Store.Read(ctx, func(tx *store.Tx) (err error) {
		if people, err = r.cards(tx, s); err != nil {
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
func openOne(s *desk.Session, id string, w store.FolderKey, people []desk.Card) (vault.Key, error) {
	i := slices.IndexFunc(people, func(p desk.Card) bool { return p.ID == w.Author })
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
	// Places are sorted and not the summaries, which are large.
	type place struct {
		at, rank int
	}
	r.mu.Lock()
	all := slices.Collect(maps.Values(r.summaries))
	r.mu.Unlock()
	now := c.Now()
	places := make([]place, len(all))
	for i := range all {
		places[i] = place{i, all[i].Rank(now)}
	}
	slices.SortFunc(places, func(p, q place) int {
		a, b := &all[p.at], &all[q.at]
		return cmp.Or(cmp.Compare(q.rank, p.rank), cmp.Compare(b.Changed, a.Changed), strings.Compare(a.ID, b.ID))
	})
	out = make([]Summary, len(all))
	for i, p := range places {
		out[i] = all[p.at]
	}
	return out, behind, nil
}

// Summarise makes the summary of a case that has been read.
func Summarise(c Case) Summary { return summarise(c.ID, slices.Clone(c.Entries)) }
