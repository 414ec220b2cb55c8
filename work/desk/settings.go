package desk

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"homeward/keep/ledger"
	"homeward/keep/store"
	"homeward/work/intake"
)

// Settings gives who operates the desk.
func (d *Desk) Settings(ctx context.Context, s *Session) (intake.Operator, error) {
	if err := s.May(SeeSettings); err != nil {
		return intake.Operator{}, err
	}
	door, err := d.Intake.Door(ctx)
	return door.Operator, err
}

// ErrOnCall says that nobody could be woken like that.
var ErrOnCall = errors.New("desk: who is on call is mailto:… or https://…")

// CheckOperator returns *intake.Invalid or ErrOnCall for details that cannot be.
func CheckOperator(o *intake.Operator) error {
	for name, f := range map[string]*string{"operator": &o.Name, "jurisdiction": &o.Jurisdiction, "hours": &o.Hours, "on_call": &o.OnCall} {
		*f = strings.TrimSpace(strings.ToValidUTF8(*f, ""))
		if len([]rune(*f)) > intake.MaxField {
			return &intake.Invalid{Field: name, Why: "long"}
		}
	}
	if o.OnCall != "" && !strings.HasPrefix(o.OnCall, "mailto:") && !strings.HasPrefix(o.OnCall, "https://") {
		return ErrOnCall
	}
	return nil
}

// ChangeOperator sets who operates the desk; was is what the member saw, so that two
// who change it at once do not overwrite each other. ErrConflict then.
func (d *Desk) ChangeOperator(ctx context.Context, s *Session, was, o intake.Operator) error {
	if err := s.May(ChangeSettings); err != nil {
		return err
	}
	if err := CheckOperator(&o); err != nil {
		return err
	}
	return d.Store.Write(ctx, func(tx *store.Tx) error {
		if err := alone(tx); err != nil {
			return err
		}
		var now intake.Operator
		b, err := tx.Setting("operator")
		if err != nil {
			return err
		}
		if b != nil {
			if err := json.Unmarshal(b, &now); err != nil {
				return err
			}
		}
		if now != was {
			return store.ErrConflict
		}
		var changed []string
		for _, f := range []struct{ name, a, b string }{{"name", now.Name, o.Name}, {"jurisdiction", now.Jurisdiction, o.Jurisdiction}, {"hours", now.Hours, o.Hours}, {"on_call", now.OnCall, o.OnCall}} {
			if f.a != f.b {
				changed = append(changed, f.name)
			}
		}
		if len(changed) == 0 {
			return nil
		}
		if err := intake.SetOperator(tx, o); err != nil {
			return err
		}
		_, err = d.Ledger.Append(tx, ledger.Event{Kind: "settings.changed", Day: d.today(), By: s.Member, Detail: map[string]string{"fields": strings.Join(changed, " ")}})
		return err
	})
}

// LedgerRow is an event of the ledger with its number.
type LedgerRow struct {
	Seq int64
	ledger.Event
}

// LedgerPage gives events before a row, newest first, without the rows that only fill
// a day up; before 0 is from the end. next is where to go on, 0 at the beginning.
func (d *Desk) LedgerPage(ctx context.Context, s *Session, before int64, limit int) (out []LedgerRow, size, next int64, err error) {
	if err := s.May(ReadLedger); err != nil {
		return nil, 0, 0, err
	}
	// So many rows are looked at for one page, however many of them are empty.
	const atMost = 10_000
	err = d.Store.Read(ctx, func(tx *store.Tx) error {
		out, next = nil, 0
		if size, err = tx.LedgerSize(); err != nil {
			return err
		}
		if before <= 0 || before > size {
			before = size
		}
		const step = 500
		looked := 0
		for to := before; to > 0; to -= step {
			from := max(0, to-step)
			var page []LedgerRow
			if err := tx.LedgerRows(from, to, func(seq int64, _, event, _, _ []byte) error {
				r := LedgerRow{Seq: seq}
				if err := json.Unmarshal(event, &r.Event); err != nil {
					r.Kind = "unreadable"
				}
				if r.Kind != "pad" {
					page = append(page, r)
				}
				return nil
			}); err != nil {
				return err
			}
			looked += step
			for i := len(page) - 1; i >= 0; i-- {
				if len(out) == limit {
					next = page[i].Seq + 1
					return nil
				}
				out = append(out, page[i])
			}
			if looked >= atMost && from > 0 {
				next = from
				return nil
			}
		}
		return nil
	})
	return out, size, next, err
}

// LedgerFound is what a whole ledger was found to be.
type LedgerFound = ledger.Found

// VerifyLedger walks the whole ledger, and says what was found, or what is wrong.
func (d *Desk) VerifyLedger(ctx context.Context, s *Session) (found LedgerFound, err error) {
	if err := s.May(ReadLedger); err != nil {
		return found, err
	}
	err = d.Store.Read(ctx, func(tx *store.Tx) error {
		found, err = ledger.Verify(tx, d.Ledger.Verifier())
		return err
	})
	return found, err
}

// Broken reads an error of VerifyLedger: the first row that does not hold, or -1.
func Broken(err error) (why string, ok bool) {
	var b *ledger.Broken
	if errors.As(err, &b) {
		return b.Error(), true
	}
	return "", false
}
