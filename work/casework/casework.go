// Package casework carries a person's case from missing to home.
//
// A case is a timeline of sealed lines that are only ever added; what a page shows is
// a fold of them. Each of its compartments (file, identity, legal) has a key, sealed to
// the members who may open it and to the circle of trustees: a role alone opens no
// case, and neither does the server's disk.
package casework

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"homeward/keep/ledger"
	"homeward/keep/store"
	"homeward/keep/vault"
	"homeward/work/desk"
)

// Casework is the cases of a desk. Its fields are needed.
type Casework struct {
	Store  *store.Store
	Ledger *ledger.Log
	Book   *Book
	Now    func() time.Time
	Log    *slog.Logger
}

var (
	// ErrNone says that there is no such case, or none that the member may open: which
	// of the two is not said.
	ErrNone = errors.New("casework: no such case among yours")
	// ErrShut says that the member is on the case but not in this compartment.
	ErrShut = errors.New("casework: you do not hold this key of the case")
	// ErrConflict says that the case moved on since the page was opened.
	ErrConflict = errors.New("casework: the case has moved on since you opened it")
	// ErrNoReport says that the report that a case is to name is not there.
	ErrNoReport = errors.New("casework: no such report")
	// ErrAltered says that the lines of a case are not those that were written.
	ErrAltered = errors.New("casework: somebody has changed the database")
	// ErrLast says that nobody would be left who can open the case.
	ErrLast = errors.New("casework: somebody must be left who can open the case")
)

// Altered says whether an error means that what the database holds is not what a member
// wrote there.
func Altered(err error) bool {
	return slices.ContainsFunc([]error{ErrAltered, vault.ErrSignature, vault.ErrSealed, desk.ErrForged}, func(e error) bool { return errors.Is(err, e) })
}

// folderKind is the kind of folder a case is.
const folderKind = "case"

// New is what a case is opened with.
type New struct {
	Nonce   string // of the form
	Called  string // what the first person is called at the desk
	Report  string // that it begins with, or ""
	Stage   string // or "missing"
	Origin  string
	Members map[string][]string // compartments by member; whoever opens it is always in all
	First   []Entry             // more lines to begin with
}

// Open opens a case and gives its id. The same nonce opens it once.
func (c *Casework) Open(ctx context.Context, s *desk.Session, n New) (string, error) {
	if err := s.May(desk.OpenCases); err != nil {
		return "", err
	}
	now := c.Now()
	someone, err := c.Book.Make("someone", 1, 0, map[string]string{"called": n.Called, "origin": n.Origin}, "", now)
	if err != nil {
		return "", err
	}
	lines := []Entry{someone}
	if n.Report != "" {
		lines = append(lines, Entry{Kind: "report", Compartment: File, Written: now.Unix(), F: map[string]string{"text": n.Report}})
	}
	if n.Stage != "" && n.Stage != "missing" {
		e, err := c.Book.Make("stage", 1, 0, map[string]string{"stage": n.Stage, "text": "as the case was opened"}, "", now)
		if err != nil {
			return "", err
		}
		lines = append(lines, e)
	}
	lines = append(lines, n.First...)
	id := caseID(n.Nonce)
	keys := folderKeys{}
	for _, comp := range Compartments {
		keys[keyID{comp, 1}] = vault.NewKey()
	}
	who := maps.Clone(n.Members)
	if who == nil {
		who = map[string][]string{}
	}
	who[s.Member] = Compartments
	err = c.Store.Write(ctx, func(tx *store.Tx) error {
		_, _, err := c.openIn(tx, s, id, n.Nonce, keys, lines, who)
		return err
	})
	if err != nil {
		return "", err
	}
	return id, c.refresh(ctx, s, id)
}

// openIn opens a case with its first lines, which it gives back as they stand, unless
// one with this id is there.
func (c *Casework) openIn(tx *store.Tx, s *desk.Session, id, nonce string, keys folderKeys, lines []Entry, who map[string][]string) (entries []Entry, there bool, err error) {
	if _, err := tx.Folder(id); err == nil {
		return nil, true, nil // the same form, sent again
	} else if !errors.Is(err, store.ErrNone) {
		return nil, false, err
	}
	if err := tx.AddFolder(id, folderKind, c.today()); err != nil {
		return nil, false, err
	}
	if err := c.sealKeys(tx, s, id, keys, who, true); err != nil {
		return nil, false, err
	}
	for i, e := range lines {
		if e.N, err = c.append(tx, s, id, keys, 1, e, fmt.Sprintf("%s/%d", nonce, i)); err != nil {
			return nil, false, err
		}
		e.By = s.Member
		entries = append(entries, e)
	}
	_, err = c.Ledger.Append(tx, ledger.Event{Kind: "case.opened", Day: c.today(), By: s.Member, Of: id})
	return entries, false, err
}

// caseID follows from the form's nonce, so that a form that is sent twice opens one
// case; a made-up nonce opens nobody else's.
func caseID(nonce string) string {
	if len(nonce) < 20 {
		return rand.Text()
	}
	sum := sha256.Sum256([]byte("case\x00" + nonce))
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	out := make([]byte, 26)
	for i := range out {
		out[i] = letters[sum[i]&31]
	}
	return string(out)
}

// Short is a case's number as members say it.
func Short(id string) string { return id[:min(6, len(id))] }

// Nonce is put into a form, so that sending it twice adds one line.
func Nonce() string { return rand.Text() }

func (c *Casework) today() int64 { return c.Now().Unix() / 86400 }

// Add adds a line. seen is how many lines the member's page showed: for a stage and an
// outcome, which depend on what is known, and for a person, whose number follows from
// how many there are, more means ErrConflict; other lines are added, and newer tells
// the page that there is more than it showed.
func (c *Casework) Add(ctx context.Context, s *desk.Session, id, nonce string, e Entry, seen int64) (n int64, newer bool, err error) {
	if err := s.May(desk.WorkCases); err != nil {
		return 0, false, err
	}
	keys, err := c.keys(ctx, s, id)
	if err != nil {
		return 0, false, err
	}
	if err := c.Store.Write(ctx, func(tx *store.Tx) error {
		f, err := tx.LockFolder(id)
		if err != nil {
			return err
		}
		newer = seen > 0 && f.Entries > seen
		n, err = c.append(tx, s, id, keys, f.Generation, e, nonce)
		switch {
		case err != nil:
			return err
		case n <= f.Entries: // sent before
			newer = false
			return nil
		case newer && slices.Contains([]string{"stage", "outcome", "someone"}, e.Kind):
			return ErrConflict
		}
		_, err = c.Ledger.Append(tx, ledger.Event{Kind: "case.entry", Day: c.today(), By: s.Member, Of: id, Detail: map[string]string{"n": fmt.Sprint(n)}})
		return err
	}); err != nil {
		return 0, newer, err
	}
	return n, newer, c.refresh(ctx, s, id)
}

// Decide adds lines that depend on what the case holds at that moment: f sees it, while
// nobody else can add to it, and gives the lines, or an error, after which nothing was
// added. f may run more than once, and may write to the same transaction; it adds an
// event to the ledger, by which lists see that the case has changed.
func (c *Casework) Decide(ctx context.Context, s *desk.Session, id, nonce string, f func(tx *store.Tx, now Case) ([]Entry, error)) (n int64, err error) {
	if err := s.May(desk.WorkCases); err != nil {
		return 0, err
	}
	keys, err := c.keys(ctx, s, id)
	if err != nil {
		return 0, err
	}
	if err := c.Store.Write(ctx, func(tx *store.Tx) error {
		row, err := tx.LockFolder(id)
		if err != nil {
			return err
		}
		entries, seats, err := linesIn(tx, id, keys)
		if err != nil {
			return err
		}
		add, err := f(tx, Case{ID: id, Entries: entries, State: Fold(entries), Members: seats})
		if err != nil {
			return err
		}
		for i, e := range add {
			one := nonce
			if one != "" {
				one = fmt.Sprintf("%s/%d", nonce, i)
			}
			at, err := c.append(tx, s, id, keys, row.Generation, e, one)
			if err != nil {
				return err
			}
			if i == 0 {
				n = at
			}
		}
		return nil
	}); err != nil {
		return 0, err
	}
	return n, c.refresh(ctx, s, id)
}

// append seals one line and adds it to a folder, which is locked or new.
func (c *Casework) append(tx *store.Tx, s *desk.Session, id string, keys folderKeys, generation int64, e Entry, nonce string) (int64, error) {
	key, ok := keys[keyID{e.Compartment, generation}]
	if !ok {
		return 0, ErrShut
	}
	f, err := tx.Folder(id)
	if err != nil {
		return 0, err
	}
	body, err := json.Marshal(e)
	if err != nil {
		return 0, err
	}
	once, err := onceOf(s.Member, nonce, e)
	if err != nil {
		return 0, err
	}
	row := store.Entry{Folder: id, N: f.Entries + 1, Compartment: e.Compartment, Generation: generation, Author: s.Member, Day: c.today(), Once: once[:]}
	row.Body = key.Seal(entryPlace(row), body)
	if row.Signature, err = s.Sign("entry", signedEntry(row)...); err != nil {
		return 0, err
	}
	n, again, err := tx.AddEntry(row)
	if err == nil && e.Kind == "report" && !again {
		if _, err := tx.Report(e.F["text"]); errors.Is(err, store.ErrNone) {
			return 0, ErrNoReport
		} else if err != nil {
			return 0, err
		}
		// In the clear, so that the daily work, which opens nothing, does not erase it.
		err = tx.Keep(store.Hold{Item: e.F["text"], Why: id, Day: row.Day})
	}
	return n, err
}

// onceOf tells a form that is sent again from another line. What was written is in it: a
// form whose words were changed before it was sent again is another line, and so is
// another step that came with the same nonce.
func onceOf(member, nonce string, e Entry) ([32]byte, error) {
	if nonce == "" {
		nonce = rand.Text()
	}
	e.Written, e.Times = 0, nil // of the moment
	words, err := json.Marshal(e)
	return sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%s\x00%s", member, nonce, e.Compartment, words)), err
}

func entryPlace(e store.Entry) vault.Place {
	return vault.Place{Table: "entry", Row: e.Folder, Field: e.Compartment, Revision: uint64(e.N), Epoch: uint64(e.Generation)}
}

func signedEntry(e store.Entry) [][]byte {
	sum := sha256.Sum256(e.Body)
	return [][]byte{[]byte(e.Folder), fmt.Append(nil, e.N), []byte(e.Compartment), fmt.Append(nil, e.Generation), sum[:], []byte(e.Author)}
}

// Case is a case as a member may read it.
type Case struct {
	ID      string
	State   State
	Entries []Entry
	Members []Seat
	Mine    []string // compartments the reader can open
}

// Seat is a member on a case.
type Seat struct {
	Member       string
	Login        string
	Compartments []string
}

// Read opens a case. That a member has opened it stands in the ledger, once a day.
func (c *Casework) Read(ctx context.Context, s *desk.Session, id string) (Case, error) {
	if err := s.May(desk.WorkCases); err != nil {
		return Case{}, err
	}
	keys, err := c.keys(ctx, s, id)
	if err != nil {
		return Case{}, err
	}
	entries, seats, err := c.lines(ctx, id, keys)
	if err != nil {
		return Case{}, err
	}
	out := Case{ID: id, Entries: entries, State: Fold(entries), Members: seats}
	for _, comp := range Compartments {
		if slices.ContainsFunc(slices.Collect(maps.Keys(keys)), func(k keyID) bool { return k.compartment == comp }) {
			out.Mine = append(out.Mine, comp)
		}
	}
	r, err := c.room(s)
	if err != nil {
		return Case{}, err
	}
	if r.firstToday(id, c.today()) {
		err = c.Store.Write(ctx, func(tx *store.Tx) error {
			_, err := c.Ledger.Append(tx, ledger.Event{Kind: "case.read", Day: c.today(), By: s.Member, Of: id})
			return err
		})
	}
	return out, err
}

// lines opens all lines of a case that keys open; the others are Shut. A line that its
// author did not sign, or that was changed, stops the reading.
func (c *Casework) lines(ctx context.Context, id string, keys folderKeys) (out []Entry, seats []Seat, err error) {
	err = c.Store.Read(ctx, func(tx *store.Tx) error {
		out, seats, err = linesIn(tx, id, keys)
		return err
	})
	return out, seats, err
}

func linesIn(tx *store.Tx, id string, keys folderKeys) (out []Entry, seats []Seat, err error) {
	var rows []store.Entry
	var wraps []store.FolderKey
	var people []desk.Card
	f, err := tx.Folder(id) // before its lines, of which there may be more a moment later
	if err != nil {
		return nil, nil, err
	}
	if rows, err = tx.Entries(id); err != nil {
		return nil, nil, err
	}
	if int64(len(rows)) < f.Entries {
		return nil, nil, fmt.Errorf("%w: the end of case %s is missing: it has %d lines of %d", ErrAltered, Short(id), len(rows), f.Entries)
	}
	if wraps, err = tx.FolderKeys(id); err != nil {
		return nil, nil, err
	}
	if people, err = desk.Cards(tx); err != nil {
		return nil, nil, err
	}
	by := map[string]desk.Card{}
	for _, p := range people {
		by[p.ID] = p
	}
	for i, row := range rows {
		if row.N != int64(i+1) {
			return nil, nil, fmt.Errorf("%w: line %d of case %s is missing", ErrAltered, i+1, Short(id))
		}
		// Who was taken off holds older keys, and writes with none of them.
		if i > 0 && row.Generation < rows[i-1].Generation {
			return nil, nil, fmt.Errorf("%w: line %d of case %s is sealed with an older key than the line before it", ErrAltered, i+1, Short(id))
		}
		if err := vault.Check(by[row.Author].Verifier, row.Signature, "entry", signedEntry(row)...); err != nil {
			return nil, nil, err
		}
		e, err := openLine(row, keys)
		if err != nil {
			return nil, nil, err
		}
		out = append(out, e)
	}
	for _, w := range given(wraps, people) {
		i := slices.IndexFunc(seats, func(s Seat) bool { return s.Member == w.Member })
		if i < 0 {
			seats = append(seats, Seat{Member: w.Member, Login: by[w.Member].Login})
			i = len(seats) - 1
		}
		if !slices.Contains(seats[i].Compartments, w.Compartment) {
			seats[i].Compartments = append(seats[i].Compartments, w.Compartment)
		}
	}
	slices.SortFunc(seats, func(a, b Seat) int { return strings.Compare(a.Login, b.Login) })
	return out, seats, nil
}

// openLine opens one line with whichever of the keys is its own; without one it is Shut.
func openLine(row store.Entry, keys folderKeys) (Entry, error) {
	e := Entry{N: row.N, Compartment: row.Compartment, By: row.Author, Shut: true}
	k, ok := keys[keyID{row.Compartment, row.Generation}]
	if !ok {
		return e, nil
	}
	b, err := k.Open(entryPlace(row), row.Body)
	if err != nil {
		return Entry{}, err
	}
	if err := json.Unmarshal(b, &e); err != nil {
		return Entry{}, err
	}
	e.Shut = false
	return e, nil
}
