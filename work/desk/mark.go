package desk

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"homeward/keep/ledger"
	"homeward/keep/store"
	"homeward/keep/vault"
	"homeward/work/intake"
)

// Mark is one thing a member noted on a report. Marks are sealed, only ever added, and
// seen by members alone.
type Mark struct {
	Kind   string `json:"kind"`
	By     string `json:"by"`
	At     int64  `json:"at"`
	Text   string `json:"text,omitempty"`  // a note, or the reason of a judgement
	To     string `json:"to,omitempty"`    // the member it is assigned to, "" for nobody
	Until  int64  `json:"until,omitempty"` // snoozed, unix seconds
	Heard  int64  `json:"heard,omitempty"` // how many messages there were then
	Report string `json:"report,omitempty"`
}

// Kinds of marks.
const (
	Noted    = "note"
	Assigned = "assigned"
	Snoozed  = "snoozed"
	Same     = "same"
	NotSame  = "not same"
)

// Marked is the sum of a report's marks.
type Marked struct {
	To    string   `json:"to,omitempty"` // whose it is
	Until int64    `json:"until,omitempty"`
	Heard int64    `json:"heard,omitempty"`
	Notes int      `json:"notes,omitempty"`
	Same  []string `json:"same,omitempty"` // reports judged the same, one by one
}

func (m *Marked) add(k Mark) {
	switch k.Kind {
	case Noted:
		m.Notes++
	case Assigned:
		m.To = k.To
	case Snoozed:
		m.Until, m.Heard = k.Until, k.Heard
	case Same:
		if !slices.Contains(m.Same, k.Report) {
			m.Same = append(slices.Clone(m.Same), k.Report)
		}
	case NotSame:
		m.Same = slices.DeleteFunc(slices.Clone(m.Same), func(id string) bool { return id == k.Report })
	}
}

func sum(marks []Mark) (out Marked) {
	for _, k := range marks {
		out.add(k)
	}
	return out
}

// Sleeps says whether a report is out of the queue for a while: until the time, or
// until its sender writes again.
func (s Summary) Sleeps(now time.Time) bool {
	return s.Until > now.Unix() && s.Heard >= s.Messages
}

func markPlace(report string, n, epoch int64) vault.Place {
	return vault.Place{Table: "mark", Row: report, Field: "mark", Revision: uint64(n), Epoch: uint64(epoch)}
}

// marksOf opens what was noted on a report.
func marksOf(tx *store.Tx, k intake.Keys, report string) (out []Mark, err error) {
	rows, err := tx.Marks(report)
	if err != nil {
		return nil, err
	}
	for i, r := range rows {
		if r.N != int64(i)+1 {
			return nil, vault.ErrSealed // one was taken out
		}
		b, err := k.Desk[r.Epoch].Open(markPlace(report, r.N, r.Epoch), r.Sealed)
		if err != nil {
			return nil, err
		}
		var m Mark
		if err := json.Unmarshal(b, &m); err != nil {
			return nil, vault.ErrSealed
		}
		out = append(out, m)
	}
	return out, nil
}

// put adds marks to reports, if what was noted before is still as the member saw it
// (still may be nil), in one transaction, each with its summary, and says so in
// the ledger: that there was one and by whom, not what it says.
func (d *Desk) put(ctx context.Context, s *Session, k intake.Keys, kind string, marks map[string]Mark, still func(Marked) error) error {
	if _, ok := k.Desk[s.epoch]; !ok {
		return ErrKeyless
	}
	var err error
	for range 5 { // what came in between is taken in, and the mark added to it
		if err = d.tryPut(ctx, s, k, kind, marks, still); !errors.Is(err, store.ErrConflict) {
			break
		}
	}
	return err
}

func (d *Desk) tryPut(ctx context.Context, s *Session, k intake.Keys, kind string, marks map[string]Mark, still func(Marked) error) error {
	fresh := map[string]Summary{}
	opened := map[string]Summary{}
	for id := range marks {
		o, err := d.Intake.Open(ctx, id, k)
		if err != nil {
			return err
		}
		opened[id] = d.summarise(o)
	}
	if err := d.Store.Write(ctx, func(tx *store.Tx) error {
		clear(fresh)
		if err := alone(tx); err != nil {
			return err
		}
		for id, m := range marks {
			r, err := tx.Report(id)
			if err != nil {
				return err
			}
			all, err := marksOf(tx, k, id)
			if err != nil {
				return err
			}
			if still != nil {
				if err := still(sum(all)); err != nil {
					return err
				}
			}
			m.By, m.At, m.Heard = s.Member, d.Now().Unix(), r.Messages
			n := int64(len(all)) + 1
			b, err := json.Marshal(m)
			if err != nil {
				return err
			}
			if err := tx.AddMark(store.Mark{Report: id, N: n, Sealed: k.Desk[s.epoch].Seal(markPlace(id, n, s.epoch), b), Epoch: s.epoch, Day: d.today()}); err != nil {
				return err
			}
			sm := opened[id]
			if old, ok := kept(k, r); ok {
				sm.carry(old)
				sm.Messages = old.Messages // what came in meanwhile is still to be opened
			}
			sm.Marked = sum(append(all, m))
			sealed, err := sm.seal(k.Desk[s.epoch], s.epoch)
			if err != nil {
				return err
			}
			if err := tx.SetSummary(r, sealed, s.epoch, r.State); err != nil {
				return err
			}
			sm.Revision = r.Revision + 1
			fresh[id] = sm
			if _, err := d.Ledger.Append(tx, ledger.Event{Kind: "report." + kind, Day: d.today(), By: s.Member, Of: id}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return err
	}
	for _, sm := range fresh {
		d.remember(sm)
	}
	return nil
}

// alone makes a transaction wait for others that append to the ledger, as all do that
// change what members share: what it reads from then on is the newest.
func alone(tx *store.Tx) error {
	_, err := tx.LedgerSize()
	return err
}

// Assign says whose a report is; with "" nobody's. Only somebody who works here and
// may answer can have one. was is whose it was when the member looked: ErrConflict if
// a colleague has given it to somebody else since.
func (d *Desk) Assign(ctx context.Context, s *Session, id, was, to string) error {
	if err := s.May(AnswerReports); err != nil {
		return err
	}
	return s.with(func(k intake.Keys) error {
		if to != "" {
			if err := d.works(ctx, to); err != nil {
				return err
			}
		}
		return d.put(ctx, s, k, "assigned", map[string]Mark{id: {Kind: Assigned, To: to}}, func(now Marked) error {
			if now.To != was && now.To != to {
				return store.ErrConflict
			}
			return nil
		})
	})
}

// ErrNotHere says that somebody does not work here, or not with reports.
var ErrNotHere = errors.New("desk: nobody who answers reports here")

func (d *Desk) works(ctx context.Context, member string) error {
	return d.Store.Read(ctx, func(tx *store.Tx) error {
		m, err := tx.Member(member)
		if errors.Is(err, store.ErrNone) || err == nil && (m.State != active || !May(m.Roles, AnswerReports)) {
			return ErrNotHere
		}
		return err
	})
}

// longestSleep is how far ahead a report can be put off.
const longestSleep = 30 * 24 * time.Hour

// ErrWhen says that a time is past or too far.
var ErrWhen = errors.New("desk: put it off for at least a moment and at most 30 days")

// Snooze takes a report out of the queue until a time, or until its sender writes.
func (d *Desk) Snooze(ctx context.Context, s *Session, id string, until time.Time) error {
	if err := s.May(AnswerReports); err != nil {
		return err
	}
	// A time that is past wakes it.
	if until.After(d.Now().Add(longestSleep)) {
		return ErrWhen
	}
	return s.with(func(k intake.Keys) error {
		return d.put(ctx, s, k, "snoozed", map[string]Mark{id: {Kind: Snoozed, Until: until.Unix()}}, nil)
	})
}

// longestNote is how long a note is, in characters.
const longestNote = 5_000

func noteText(text string) (string, error) {
	text = strings.TrimSpace(strings.ToValidUTF8(text, "\uFFFD"))
	switch {
	case text == "":
		return "", ErrEmpty
	case utf8.RuneCountInString(text) > longestNote:
		return "", &intake.Invalid{Field: "note", Why: "long"}
	}
	return text, nil
}

// Note adds a note to a report.
func (d *Desk) Note(ctx context.Context, s *Session, id, text string) error {
	if err := s.May(AnswerReports); err != nil {
		return err
	}
	text, err := noteText(text)
	if err != nil {
		return err
	}
	return s.with(func(k intake.Keys) error {
		return d.put(ctx, s, k, "noted", map[string]Mark{id: {Kind: Noted, Text: text}}, nil)
	})
}

// ErrItself says that a report was to be judged the same as itself.
var ErrItself = errors.New("desk: a report is always the same as itself; choose another")

// Judge says that two reports tell of the same, or do not after all, and why. It is
// one member's judgement of these two: nothing follows for a third.
func (d *Desk) Judge(ctx context.Context, s *Session, id, other string, same bool, reason string) error {
	if err := s.May(AnswerReports); err != nil {
		return err
	}
	if id == other {
		return ErrItself
	}
	reason, err := noteText(reason)
	if err != nil {
		return err
	}
	kind, said := Same, "judged_same"
	if !same {
		kind, said = NotSame, "judged_not_same"
	}
	return s.with(func(k intake.Keys) error {
		return d.put(ctx, s, k, said, map[string]Mark{
			id:    {Kind: kind, Report: other, Text: reason},
			other: {Kind: kind, Report: id, Text: reason},
		}, nil)
	})
}

// handOver gives what is assigned to one member to another, also in other rooms.
func (d *Desk) handOver(ctx context.Context, s *Session, from, to string) error {
	if from == to {
		return ErrNotHere
	}
	if err := d.works(ctx, to); err != nil {
		return err
	}
	if d.Leaving != nil {
		if err := d.Leaving(ctx, s, from, to); err != nil {
			return err
		}
	}
	if s.Keyless() {
		return nil // who cannot read assignments cannot change them; they show as nobody's
	}
	return s.with(func(k intake.Keys) error {
		for _, state := range []string{store.New, store.Worked} {
			for after := (store.Report{}); ; {
				var page []store.Report
				if err := d.Store.Read(ctx, func(tx *store.Tx) (err error) {
					page, err = tx.Reports(state, after, 500)
					return err
				}); err != nil {
					return err
				}
				for _, r := range page {
					if sm, ok := kept(k, r); ok && sm.To == from {
						if err := d.put(ctx, s, k, "assigned", map[string]Mark{r.ID: {Kind: Assigned, To: to}}, nil); err != nil {
							return err
						}
					}
				}
				if len(page) < 500 {
					break
				}
				after = page[len(page)-1]
			}
		}
		return nil
	})
}
