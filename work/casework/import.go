package casework

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"homeward/form/exchange"
	"homeward/keep/ledger"
	"homeward/keep/store"
	"homeward/keep/vault"
	"homeward/work/desk"
)

// MaxList is how large a list may be that is brought to the desk.
const MaxList = 20 << 20

// listLimits bound what a list unpacks to. A desk's list is small beside what exchange
// can read, and members read at the same time.
var listLimits = exchange.Limits{Bytes: MaxList, Unpacked: 96 << 20, Rows: 50_000, Columns: 200, Cells: 1_000_000, Cell: 60_000, Text: 32 << 20}

// MaxRows is how many rows one import takes.
const MaxRows = 10_000

// Step is how far an import is.
type Step string

// The steps of an import.
const (
	Unread    Step = "unread"    // the file is there; it could not be read as it was asked for
	Read      Step = "read"      // it is read, nothing was decided
	Comparing Step = "comparing" // with the cases that are there
	Tried     Step = "tried"     // what would become of it is known
	Running   Step = "running"   // cases are being opened
	Done      Step = "done"
	Stopped   Step = "stopped" // something went wrong on the way; it can be run again
)

// ErrNoList says that the member has no list at hand: none was brought, or they were
// signed out since, or another server has it.
var ErrNoList = errors.New("casework: there is no list here")

// ErrBusyList says that the list is being compared or taken in.
var ErrBusyList = errors.New("casework: the list is being worked on")

// Import is one member's list on its way into cases.
//
// It lives in the memory of their session and nowhere else. A record sealed to the desk
// would let every member of the desk read the names of people whose cases they are not
// on, and would leave the whole list on the disk and in its backups for as long as those
// last. The price is that a list is gone with the session: it is brought again, and
// what is in already is known by the file's bytes and the row.
type Import struct {
	c    *Casework
	s    *desk.Session
	stop context.CancelFunc
	base context.Context

	mu   sync.Mutex
	seen Seen
	file []byte
	gone bool
}

// Seen is an import as a page shows it.
type Seen struct {
	Step    Step
	Why     error // of Unread, and of Stopped
	Hash    string
	Options exchange.Options
	Sheet   exchange.Sheet
	Choices Choices
	Asked   bool // some dates can be read in two ways
	Plan    Plan
	Done    int // of All: cases compared, or opened
	All     int
	Opened  []Opened
	There   int // cases that were there already, when it came to opening them
}

// Opened is a case that an import opened.
type Opened struct {
	ID, Title string
	Lines     []int
}

// hand is what a session keeps: at most one list.
type hand struct {
	mu  sync.Mutex
	now *Import
}

// Wipe forgets the list, and stops what is being done with it.
func (h *hand) Wipe() {
	h.mu.Lock()
	i := h.now
	h.now = nil
	h.mu.Unlock()
	if i != nil {
		i.drop()
	}
}

func (i *Import) drop() {
	i.stop()
	i.mu.Lock()
	defer i.mu.Unlock()
	clear(i.file)
	i.file, i.seen, i.gone = nil, Seen{}, true
}

func (c *Casework) hand(s *desk.Session) (*hand, error) {
	if err := s.May(desk.OpenCases); err != nil {
		return nil, err
	}
	h, err := s.Room("import", func() any { return &hand{} })
	if err != nil {
		return nil, err
	}
	return h.(*hand), nil
}

// reading lets one list be read at a time, so that files made to harm do not add up.
var reading = make(chan struct{}, 1)

// Bring takes a list into a member's session, in place of one that may be there, and
// reads it. What cannot be read stays, so that it can be read otherwise.
func (c *Casework) Bring(ctx context.Context, s *desk.Session, b []byte) (*Import, error) {
	h, err := c.hand(s)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(b)
	base, stop := context.WithCancel(context.WithoutCancel(ctx))
	i := &Import{c: c, s: s, base: base, stop: stop, file: b, seen: Seen{Step: Unread, Hash: hex.EncodeToString(sum[:])}}
	if err := i.read(ctx, exchange.Options{}); err != nil {
		stop()
		return nil, err
	}
	h.mu.Lock()
	old := h.now
	if old != nil {
		if st := old.See().Step; st == Running || st == Comparing {
			h.mu.Unlock()
			i.drop()
			return nil, ErrBusyList
		}
	}
	h.now = i
	h.mu.Unlock()
	if old != nil {
		old.drop()
	}
	// The session may have ended meanwhile; then nobody else will forget it.
	if _, err := c.hand(s); err != nil {
		i.drop()
		return nil, err
	}
	return i, nil
}

// List gives the list that a member has at hand, or ErrNoList.
func (c *Casework) List(s *desk.Session) (*Import, error) {
	h, err := c.hand(s)
	if err != nil {
		return nil, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.now == nil {
		return nil, ErrNoList
	}
	return h.now, nil
}

// Forget drops the list a member has at hand.
func (c *Casework) Forget(s *desk.Session) error {
	h, err := c.hand(s)
	if err == nil {
		h.Wipe()
	}
	return err
}

// See gives how far the import is.
func (i *Import) See() Seen {
	i.mu.Lock()
	defer i.mu.Unlock()
	out := i.seen
	out.Opened = slices.Clone(out.Opened)
	return out
}

func (i *Import) change(f func(*Seen)) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if !i.gone {
		f(&i.seen)
	}
}

// ReadAgain reads the file otherwise; the columns are guessed anew.
func (i *Import) ReadAgain(ctx context.Context, o exchange.Options) error {
	if st := i.See().Step; st == Comparing || st == Running || st == Done {
		return ErrBusyList
	}
	return i.read(ctx, o)
}

func (i *Import) read(ctx context.Context, o exchange.Options) error {
	select {
	case reading <- struct{}{}:
		defer func() { <-reading }()
	case <-ctx.Done():
		return ctx.Err()
	}
	i.mu.Lock()
	file := slices.Clone(i.file) // the session may end while it is read
	i.mu.Unlock()
	if file == nil {
		return ErrNoList
	}
	defer clear(file)
	o.Limits = listLimits
	sheet, err := exchange.Read(file, o)
	if err == nil && len(sheet.Rows) > MaxRows {
		err = fmt.Errorf("%w: it has %d rows; at most %d are taken at once, split it", exchange.ErrSheet, len(sheet.Rows), MaxRows)
	}
	if err == nil && len(sheet.Rows) == 0 {
		err = fmt.Errorf("%w: there is nothing below the names of its columns", exchange.ErrSheet)
	}
	if err != nil && !errors.Is(err, exchange.ErrSheet) {
		return err
	}
	i.change(func(s *Seen) {
		if err != nil {
			s.Step, s.Why, s.Options, s.Sheet = Unread, err, o, exchange.Sheet{}
			return
		}
		keep := s.Choices
		s.Step, s.Why, s.Options, s.Sheet, s.Plan = Read, nil, o, sheet, Plan{}
		s.Choices = guess(sheet)
		s.Choices.Members, s.Choices.According = keep.Members, keep.According
		if keep.Zone != "" {
			s.Choices.Zone = keep.Zone
		}
		_, s.Asked = GuessOrder(sheet, s.Choices.Mapping)
	})
	return nil
}

// guess says which column is what, before anybody has looked.
func guess(sheet exchange.Sheet) Choices {
	m := exchange.Map(sheet.Header, ListFields())
	// Of numbers that stand in several rows, each is a case and not a person.
	for _, col := range m.Columns {
		if col.Field != "id" {
			continue
		}
		seen := map[string]bool{}
		for r := range sheet.Rows {
			key := wordKey(sheet.At(r, col.Index))
			if key != "" && seen[key] {
				_ = m.Choose(col.Index, CaseNumber) // both are known
				m.Columns[col.Index].Sureness, m.Columns[col.Index].Why = exchange.Unsure, "its numbers stand in several rows"
				break
			}
			seen[key] = true
		}
		break
	}
	ch := Choices{Mapping: m, Zone: "Asia/Taipei", Accuracy: "compound"}
	ch.Order, _ = GuessOrder(sheet, m)
	return ch
}

// Choose keeps what a member decided. Columns says for each column its field, or "".
func (i *Import) Choose(columns []string, ch Choices) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if st := i.seen.Step; i.gone || st == Unread {
		return ErrNoList
	} else if st == Comparing || st == Running || st == Done {
		return ErrBusyList
	}
	if !slices.Contains(DateOrders, ch.Order) {
		return &Invalid{Field: "order", Why: "choice"}
	}
	if k, _ := i.c.Book.Kind("place"); !slices.ContainsFunc(k.Fields, func(f Field) bool {
		return f.ID == "accuracy" && slices.Contains(f.Options, ch.Accuracy)
	}) {
		return &Invalid{Field: "accuracy", Why: "choice"}
	}
	if !slices.Contains(Zones, ch.Zone) {
		return &Invalid{Field: "zone", Why: "choice"}
	}
	if len([]rune(ch.According)) > maxLine {
		return &Invalid{Field: "according", Why: "long"}
	}
	for _, s := range ch.Stages {
		if s != "" && !slices.Contains(stages, s) {
			return &Invalid{Field: "stage", Why: "choice"}
		}
	}
	m := i.seen.Choices.Mapping
	m.Columns = slices.Clone(m.Columns) // pages read the other
	// First what is left out, so that a column can take what another had.
	for at, f := range columns {
		if at < len(m.Columns) && f != m.Columns[at].Field {
			_ = m.Choose(at, "") // the column is there
		}
	}
	for at, f := range columns {
		if at < len(m.Columns) && f != "" && f != m.Columns[at].Field {
			if err := m.Choose(at, f); err != nil {
				return &Invalid{Field: "column", Why: "choice"}
			}
		}
	}
	ch.Mapping, ch.Anyway = m, i.seen.Choices.Anyway
	i.seen.Choices, i.seen.Plan = ch, Plan{}
	i.seen.Step = Read
	_, i.seen.Asked = GuessOrder(i.seen.Sheet, m)
	return nil
}

// Anyway says of rows that look like a case which is there whether they are taken all
// the same, and drafts anew.
func (i *Import) Anyway(rows map[int]bool) error {
	i.mu.Lock()
	if i.seen.Step != Tried {
		i.mu.Unlock()
		return ErrBusyList
	}
	all := maps.Clone(i.seen.Choices.Anyway)
	if all == nil {
		all = map[int]bool{}
	}
	maps.Copy(all, rows)
	i.seen.Choices.Anyway = all
	i.seen.Step = Comparing
	i.seen.Done, i.seen.All = 0, 0
	i.mu.Unlock()
	return i.try()
}

// Try begins the dry run: the list is compared with the cases that the member can open,
// behind them. It changes nothing that lasts.
func (i *Import) Try() error {
	i.mu.Lock()
	if st := i.seen.Step; i.gone || st == Unread {
		i.mu.Unlock()
		return ErrNoList
	} else if st == Comparing || st == Running || st == Done {
		i.mu.Unlock()
		return ErrBusyList
	}
	i.seen.Step, i.seen.Done, i.seen.All, i.seen.Why = Comparing, 0, 0, nil
	i.mu.Unlock()
	return i.try()
}

func (i *Import) try() error {
	go i.guarded(Read, func() error {
		among, err := i.c.knownTo(i.base, i.s, func(done, all int) { i.change(func(s *Seen) { s.Done, s.All = done, all }) })
		if err != nil {
			return err
		}
		now := i.See()
		p := i.c.Book.draft(now.Sheet, now.Hash, now.Choices, among, i.c.Now())
		i.change(func(s *Seen) { s.Step, s.Plan = Tried, p })
		return nil
	})
	return nil
}

// guarded runs one step behind the member, and keeps what went wrong.
func (i *Import) guarded(back Step, f func() error) {
	defer func() {
		if p := recover(); p != nil {
			i.c.Log.Error("an import failed") // what it held stays unsaid
			i.change(func(s *Seen) { s.Step, s.Why = back, errors.New("something broke on our side") })
		}
	}()
	if err := f(); err != nil {
		if !errors.Is(err, desk.ErrSignedOut) && !errors.Is(err, context.Canceled) {
			i.c.Log.Error("an import stopped", "error", err)
		}
		i.change(func(s *Seen) { s.Step, s.Why = back, err })
	}
}

// Run begins to open the cases of the dry run. What it has opened stays, whatever
// happens; running it again opens the rest.
func (i *Import) Run() error {
	i.mu.Lock()
	if st := i.seen.Step; i.gone || st != Tried && st != Stopped {
		i.mu.Unlock()
		return ErrBusyList
	}
	i.seen.Step, i.seen.Done, i.seen.All, i.seen.Why = Running, 0, len(i.seen.Plan.Cases), nil
	i.seen.Opened, i.seen.There = nil, 0
	i.mu.Unlock()
	go i.guarded(Stopped, func() error {
		now := i.See()
		err := i.c.take(i.base, i.s, now, func(opened []Opened, there int) {
			i.change(func(s *Seen) {
				s.Opened, s.There = append(s.Opened, opened...), s.There+there
				s.Done += len(opened) + there
			})
		})
		if err != nil {
			return err
		}
		i.change(func(s *Seen) { s.Step = Done })
		i.mu.Lock()
		clear(i.file)
		i.file = nil
		i.mu.Unlock()
		return nil
	})
	return nil
}

// Wait waits until nothing is being done with the list, or ctx ends.
func (i *Import) Wait(ctx context.Context) Seen {
	for {
		s := i.See()
		if s.Step != Comparing && s.Step != Running {
			return s
		}
		select {
		case <-ctx.Done():
			return s
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// batch is how many cases are opened in one transaction.
const batch = 20

// take opens the cases of a plan, batch by batch: what is committed stays if the next
// is never reached. A case's id follows from the list, the row and the member's own
// signature, so that the same list opens each case once, and nobody who has the list
// can tell from a disk which case is whose.
func (c *Casework) take(ctx context.Context, s *desk.Session, now Seen, each func(opened []Opened, there int)) (err error) {
	if err := s.May(desk.OpenCases); err != nil {
		return err
	}
	secret, err := s.Sign("import", []byte(now.Hash), []byte(now.Sheet.Name))
	if err != nil {
		return err
	}
	r, err := c.room(s)
	if err != nil {
		return err
	}
	who := map[string][]string{}
	for _, m := range now.Choices.Members {
		who[m] = []string{File, Identity}
	}
	who[s.Member] = Compartments
	var cases, people, there int
	defer func() {
		// Also of an import that broke off: what it opened is there.
		if cases+there == 0 {
			return
		}
		e := ledger.Event{Kind: "cases.imported", Day: c.today(), By: s.Member, Detail: map[string]string{
			"cases": fmt.Sprint(cases), "people": fmt.Sprint(people), "there": fmt.Sprint(there), "rows_left": fmt.Sprint(len(now.Plan.Rows) - now.Plan.Taken),
		}}
		err = errors.Join(err, c.Store.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error {
			_, err := c.Ledger.Append(tx, e)
			return err
		}))
	}()
	for part := range slices.Chunk(now.Plan.Cases, batch) {
		if err := ctx.Err(); err != nil {
			return err
		}
		made := make([]made, len(part))
		if err := c.Store.Write(ctx, func(tx *store.Tx) error {
			for n, d := range part {
				if made[n], err = c.openDraft(tx, s, secret, now.Plan, d, who); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
		var opened []Opened
		again := 0
		for n, m := range made {
			if m.there {
				again++
				continue
			}
			o := Opened{ID: m.summary.ID, Title: m.summary.Title}
			for _, row := range part[n].Rows {
				o.Lines = append(o.Lines, now.Plan.Rows[row].Line)
			}
			opened = append(opened, o)
			people += len(o.Lines)
			r.mu.Lock()
			r.summaries[o.ID], r.known[o.ID] = m.summary, m.marked
			r.mu.Unlock()
		}
		cases, there = cases+len(opened), there+again
		each(opened, again)
	}
	return nil
}

type made struct {
	summary Summary
	marked  marked
	there   bool
}

// openDraft opens one case of a plan, with its summary.
func (c *Casework) openDraft(tx *store.Tx, s *desk.Session, secret []byte, p Plan, d Draft, who map[string][]string) (made, error) {
	mac := hmac.New(sha256.New, secret)
	fmt.Fprintf(mac, "row %d", d.Line)
	nonce := hex.EncodeToString(mac.Sum(nil))
	id := caseID(nonce)
	keys := folderKeys{}
	for _, comp := range Compartments {
		keys[keyID{comp, 1}] = vault.NewKey()
	}
	defer func() {
		for _, k := range keys {
			k.Wipe()
		}
	}()
	var lines []Entry
	for _, row := range d.Rows {
		lines = append(lines, p.Rows[row].Lines...)
	}
	entries, there, err := c.openIn(tx, s, id, nonce, keys, lines, who)
	if err != nil || there {
		return made{there: there}, err
	}
	sum := summarise(id, entries)
	b, err := json.Marshal(sum)
	if err != nil {
		return made{}, err
	}
	state := "open"
	if sum.Stage == "closed" {
		state = "closed"
	}
	key := keys[keyID{File, 1}]
	return made{summary: sum, marked: mark1(sum.Lines, entries)}, tx.SetFolderSummary(id, key.Seal(summaryPlace(id, sum.Lines, 1), b), sum.Lines, state)
}

// known is what a list is compared with: what the member may open, and nothing else.
type known struct {
	by     map[string][]string // cases by mark
	rows   map[origin]string   // cases by row of a list
	titles map[string]string
}

// marked is what is known of one case, as of a line.
type marked struct {
	lines int64
	title string
	keys  []string
	rows  []origin
}

// knownTo opens the cases of a member as far as they hold their keys, and gives what a
// list can be compared with. The session remembers it.
func (c *Casework) knownTo(ctx context.Context, s *desk.Session, progress func(done, all int)) (known, error) {
	out := known{by: map[string][]string{}, rows: map[origin]string{}, titles: map[string]string{}}
	if err := s.May(desk.OpenCases); err != nil {
		return out, err
	}
	r, err := c.room(s)
	if err != nil {
		return out, err
	}
	var folders []store.Folder
	if err := c.Store.Read(ctx, func(tx *store.Tx) (err error) {
		folders, err = tx.FolderSizes(folderKind, s.Member)
		return err
	}); err != nil {
		return out, err
	}
	for n, f := range folders {
		if err := ctx.Err(); err != nil {
			return out, err
		}
		progress(n, len(folders))
		r.mu.Lock()
		m, ok := r.known[f.ID]
		r.mu.Unlock()
		if !ok || m.lines != f.Entries {
			keys, err := c.keys(ctx, s, f.ID)
			if errors.Is(err, ErrNone) {
				continue // taken off it a moment ago
			} else if err != nil {
				return out, err
			}
			entries, _, err := c.lines(ctx, f.ID, keys)
			if err != nil {
				return out, err
			}
			m = mark1(f.Entries, entries)
			r.mu.Lock()
			r.known[f.ID] = m
			r.mu.Unlock()
		}
		out.titles[f.ID] = m.title
		for _, k := range m.keys {
			out.by[k] = append(out.by[k], f.ID)
		}
		for _, o := range m.rows {
			out.rows[o] = f.ID
		}
	}
	progress(len(folders), len(folders))
	return out, nil
}

// mark1 gives what one case can be compared by.
func mark1(lines int64, entries []Entry) marked {
	m := marked{lines: lines, title: Fold(entries).Title()}
	for _, e := range entries {
		switch {
		case e.Shut:
		case e.Kind == "identity":
			// Every line, also one that a later line took the place of.
			for _, k := range marksOf(e.F) {
				if !slices.Contains(m.keys, k.key) {
					m.keys = append(m.keys, k.key)
				}
			}
		case e.Kind == "document" && len(e.Data) > 0:
			var o origin
			if json.Unmarshal(e.Data, &o) == nil && o.Line > 0 {
				m.rows = append(m.rows, o)
			}
		}
	}
	return m
}

// LeftOut gives the rows that were not taken, or not whole, as a list to be put right:
// its line, why, and what stood in it.
func (s Seen) LeftOut(why func(Row) string, line, reason string) (header []string, rows [][]string) {
	header = append([]string{line, reason}, s.Sheet.Header...)
	for _, r := range s.Plan.Rows {
		if r.Out == "" && len(r.Remarks) == 0 {
			continue
		}
		rows = append(rows, append([]string{fmt.Sprint(r.Line), why(r)}, s.Sheet.Rows[r.Index]...))
	}
	return header, rows
}

// Known gives the identity of everybody in a member's cases, for a list with names: by
// case, those whom the member may open. That it was given stands in the ledger before
// anybody has it.
func (c *Casework) Known(ctx context.Context, s *desk.Session, cases []string, fields []string) (map[string][]Person, error) {
	if err := s.May(desk.WorkCases); err != nil {
		return nil, err
	}
	out := map[string][]Person{}
	opened, people := 0, 0
	for _, id := range cases {
		keys, err := c.keys(ctx, s, id)
		if errors.Is(err, ErrNone) {
			continue
		} else if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(mapKeys(keys), func(k keyID) bool { return k.compartment == Identity }) {
			continue
		}
		entries, _, err := c.lines(ctx, id, keys)
		if err != nil {
			return nil, err
		}
		out[id] = Fold(entries).People
		opened++
		people += len(out[id])
	}
	return out, c.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := c.Ledger.Append(tx, ledger.Event{Kind: "cases.listed", Day: c.today(), By: s.Member, Detail: map[string]string{
			"with": strings.Join(fields, " "), "cases": fmt.Sprint(opened), "people": fmt.Sprint(people),
		}})
		return err
	})
}
