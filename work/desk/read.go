package desk

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"

	"homeward/keep/ledger"
	"homeward/keep/store"
	"homeward/keep/vault"
	"homeward/know/lure"
	"homeward/work/intake"
)

// Reading is a report with its assessment beside it.
type Reading struct {
	intake.Opened
	Summary    Summary
	Assessment lure.Assessment
	Screened   string // the text that was assessed
	Marks      []Mark
	Readers    []string // ids of members who read its language
	Safe       Safety   // to write now?
}

// Read opens a report. That a member has opened it stands in the ledger.
func (d *Desk) Read(ctx context.Context, s *Session, id string) (Reading, error) {
	if err := s.May(ReadReports); err != nil {
		return Reading{}, err
	}
	var o intake.Opened
	var marks []Mark
	muted := false
	if err := s.with(func(k intake.Keys) (err error) {
		if o, err = d.Intake.Open(ctx, id, k); err != nil {
			return err
		}
		old, _ := kept(k, o.Row)
		muted = old.Muted
		return d.Store.Read(ctx, func(tx *store.Tx) (err error) {
			marks, err = marksOf(tx, k, id)
			return err
		})
	}); err != nil {
		return Reading{}, err
	}
	languages, err := d.readers(ctx, s)
	if err != nil {
		return Reading{}, err
	}
	if err := d.note(ctx, "report.opened", s.Member, id); err != nil {
		return Reading{}, err
	}
	r := Reading{Opened: o, Summary: d.summarise(o), Marks: marks}
	r.Summary.Marked = sum(marks)
	r.Summary.State, r.Summary.Why, r.Summary.Muted = o.Row.State, d.why(r.Summary), muted
	r.Summary.Foreign = foreign(r.Summary, languages)
	if t := tongues(r.Summary); len(t) > 0 {
		r.Readers = languages[t[0]]
	}
	r.Safe = safety(o.Report, d.Now())
	// A message that was carried along is assessed by itself: a plea in the account
	// would otherwise hide what the message looks like.
	r.Screened = cmp.Or(o.Report.Lure, o.Report.Text)
	r.Assessment = d.Screen(lure.Request{Text: r.Screened})
	return r, nil
}

// File opens a file of a report, as it came. That a member has opened it stands in
// the ledger.
func (d *Desk) File(ctx context.Context, s *Session, report, id string) (f intake.File, b []byte, err error) {
	if err := s.May(ReadReports); err != nil {
		return f, nil, err
	}
	if err = s.with(func(k intake.Keys) (err error) {
		f, b, err = d.Intake.ReadFile(ctx, report, id, k)
		return err
	}); err != nil {
		return f, nil, err
	}
	return f, b, d.note(ctx, "file.opened", s.Member, report)
}

// note puts one event into the ledger.
func (d *Desk) note(ctx context.Context, kind, by, of string) error {
	return d.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := d.Ledger.Append(tx, ledger.Event{Kind: kind, Day: d.today(), By: by, Of: of})
		return err
	})
}

// ErrEmpty says that there are no words to send.
var ErrEmpty = errors.New("desk: nothing is written")

// Answer writes to the sender's mailbox, and marks the report as worked unless more
// has come in than the member has seen: revision is that of what they read.
// store.ErrConflict then, and the answer is not sent.
func (d *Desk) Answer(ctx context.Context, s *Session, id, text string, revision int64) error {
	if err := s.May(AnswerReports); err != nil {
		return err
	}
	text = strings.TrimSpace(text)
	if text == "" {
		return ErrEmpty
	}
	if len([]rune(text)) > intake.MaxText {
		return &intake.Invalid{Field: "text", Why: "long"}
	}
	once := sha256.Sum256([]byte(rand.Text() + text))
	return d.work(ctx, s, id, revision, func(tx *store.Tx, r store.Report, k intake.Keys) error {
		if err := d.Intake.Answer(ctx, tx, r, k, s.epoch, intake.Sent{Text: text, By: s.Member}, once[:]); err != nil {
			return err
		}
		_, err := d.Ledger.Append(tx, ledger.Event{Kind: "report.answered", Day: d.today(), By: s.Member, Of: id})
		return err
	})
}

// Worked marks a report as read to its end: it is sealed anew to the desk.
func (d *Desk) Worked(ctx context.Context, s *Session, id string, revision int64) error {
	if err := s.May(AnswerReports); err != nil {
		return err
	}
	return d.work(ctx, s, id, revision, func(tx *store.Tx, _ store.Report, _ intake.Keys) error {
		_, err := d.Ledger.Append(tx, ledger.Event{Kind: "report.worked", Day: d.today(), By: s.Member, Of: id})
		return err
	})
}

// work does something with a report at the revision that the member has seen, and
// seals all of it to the desk.
func (d *Desk) work(ctx context.Context, s *Session, id string, revision int64, f func(*store.Tx, store.Report, intake.Keys) error) error {
	return s.with(func(k intake.Keys) error {
		if _, ok := k.Desk[s.epoch]; !ok {
			return ErrKeyless
		}
		if err := d.Store.Write(ctx, func(tx *store.Tx) error {
			r, err := tx.Report(id)
			if err != nil {
				return err
			}
			if r.Revision != revision {
				return store.ErrConflict
			}
			if err := f(tx, r, k); err != nil {
				return err
			}
			return d.Intake.Reseal(tx, id, k, s.epoch)
		}); err != nil {
			return err
		}
		o, err := d.Intake.Open(ctx, id, k)
		if err != nil {
			return err
		}
		sum := d.summarise(o)
		if old, ok := kept(k, o.Row); ok {
			sum.carry(old)
		}
		return unlessConflict(d.keepSummary(ctx, s.epoch, k, o.Row, sum, store.Worked))
	})
}

// TypeIn takes a report that somebody told by phone or in a messenger, and gives the
// code to read out to them.
func (d *Desk) TypeIn(ctx context.Context, s *Session, nonce string, r intake.Report) (intake.Receipt, error) {
	if err := s.May(TakeReports); err != nil {
		return intake.Receipt{}, err
	}
	r.By = s.Member
	return d.Intake.Receive(ctx, nonce, r)
}

// WorkedPage gives summaries of worked reports after one of them, newest day last.
func (d *Desk) WorkedPage(ctx context.Context, s *Session, after store.Report, limit int) (out []Summary, last store.Report, err error) {
	if err := s.May(ReadReports); err != nil {
		return nil, last, err
	}
	var rows []store.Report
	if err := d.Store.Read(ctx, func(tx *store.Tx) (err error) {
		rows, err = tx.Reports(store.Worked, after, limit)
		return err
	}); err != nil {
		return nil, last, err
	}
	err = s.with(func(k intake.Keys) error {
		for _, r := range rows {
			sum, ok := kept(k, r)
			if !ok {
				sum = Summary{ID: r.ID, Level: "sealed", Danger: !r.Calm, At: r.Day * 86400}
			}
			sum.State = r.State
			out = append(out, sum)
			last = r
		}
		return nil
	})
	return out, last, err
}

// epochDays is how long an intake epoch is sealed to before the next.
const epochDays = 7

// TurnEpochs opens a new intake epoch when the newest is a week old, and destroys
// the keys of older ones whose backlog is empty: what was worked then opens with
// the desk's keys alone, and an old copy of the disk with nothing.
func (d *Desk) TurnEpochs(ctx context.Context, s *Session) error {
	if err := s.May(ReadReports); err != nil {
		return err
	}
	if s.Keyless() {
		return nil
	}
	fresh := vault.NewPrivate()
	opened := int64(0)
	err := s.with(func(k intake.Keys) (err error) {
		opened, err = d.turnEpochs(ctx, s, k, fresh)
		return err
	})
	if err == nil && opened > 0 {
		d.lend(forIntake, opened, fresh.Bytes())
	}
	return err
}

func (d *Desk) turnEpochs(ctx context.Context, s *Session, k intake.Keys, fresh vault.Private) (opened int64, err error) {
	today := d.today()
	err = d.Store.Write(ctx, func(tx *store.Tx) error {
		opened = 0
		all, err := tx.Epochs(forIntake)
		if err != nil || len(all) == 0 {
			return err
		}
		newest := all[len(all)-1]
		if today-newest.Opened >= epochDays {
			r, err := d.rollOf(tx, s, k)
			if err != nil {
				return err
			}
			to, err := r.holders(tx)
			if err != nil {
				return err
			}
			circle, err := s.Circle(tx)
			if err != nil {
				return err
			}
			opened = newest.ID + 1
			if err := d.openEpoch(tx, store.Epoch{Purpose: forIntake, ID: opened, Public: fresh.Public().Bytes(), Opened: today}, fresh.Bytes(), to, circle, s.Member, s.signer); err != nil {
				return err
			}
		}
		for _, e := range all {
			// The day after it was closed nothing is on its way to it any more.
			if e.Retired != 0 || e.ID == newest.ID || today <= newest.Opened {
				continue
			}
			n, err := tx.Backlog(e.ID)
			if err != nil || n > 0 {
				return err
			}
			if err := tx.RetireEpoch(forIntake, e.ID, today); err != nil {
				return err
			}
			if _, err := d.Ledger.Append(tx, ledger.Event{Kind: "epoch.retired", Day: today, By: s.Member, Of: fmt.Sprintf("intake/%d", e.ID)}); err != nil {
				return err
			}
		}
		return nil
	})
	return opened, err
}
