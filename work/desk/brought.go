package desk

import (
	"context"
	"io"

	"homeward/work/intake"
)

// Attach adds a file, as it arrives, to a report that a member has just typed in. It is
// sealed as the sender's own files are, and needs no key of the member's: an upload may
// last longer than those live. intake.ErrHeavy and intake.ErrFile as at the door; what
// the report holds already is untouched.
func (d *Desk) Attach(ctx context.Context, s *Session, code intake.Receipt, name string, r io.Reader) error {
	if err := s.May(TakeReports); err != nil {
		return err
	}
	return d.Intake.AttachFor(ctx, code, s.Member, name, r)
}
