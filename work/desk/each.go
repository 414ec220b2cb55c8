package desk

import (
	"context"
	"errors"

	"homeward/keep/store"
	"homeward/keep/vault"
	"homeward/work/intake"
)

// EachReport opens every report that is kept, unread and worked, one after another, for
// what looks through all of them for a member. It says how many do not open with the
// member's keys. That it was done is for the caller to put into the ledger.
func (d *Desk) EachReport(ctx context.Context, s *Session, f func(intake.Opened) error) (sealed int, err error) {
	if err := s.May(ReadReports); err != nil {
		return 0, err
	}
	var ids []string
	if err := d.Store.Read(ctx, func(tx *store.Tx) error {
		for _, state := range []string{store.New, store.Worked} {
			for after := (store.Report{}); ; {
				page, err := tx.Reports(state, after, 1000)
				if err != nil {
					return err
				}
				for _, r := range page {
					ids = append(ids, r.ID)
				}
				if len(page) < 1000 {
					break
				}
				after = page[len(page)-1]
			}
		}
		return nil
	}); err != nil {
		return 0, err
	}
	for _, id := range ids {
		var o intake.Opened
		err := s.with(func(k intake.Keys) (err error) {
			o, err = d.Intake.Open(ctx, id, k)
			return err
		})
		switch {
		case errors.Is(err, store.ErrNone): // withdrawn meanwhile
			continue
		case errors.Is(err, vault.ErrSealed):
			sealed++
			continue
		case err != nil:
			return 0, err
		}
		if err := f(o); err != nil {
			return 0, err
		}
	}
	return sealed, nil
}
