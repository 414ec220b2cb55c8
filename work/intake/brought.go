package intake

import (
	"context"
	"io"
)

// AttachFor takes a file as Attach does, from a member who has just typed the report in.
// A form that is sent again brings its files again, and nothing says that they are the
// same but their bytes: what the report holds already is not kept twice.
func (in *Intake) AttachFor(ctx context.Context, code Receipt, member, name string, r io.Reader) error {
	v, err := in.Visit(ctx, code)
	if err != nil {
		return err
	}
	return in.attach(ctx, v, Nonce(), FileMeta{Name: name, By: member}, r)
}

// holds says whether a report has a whole file with these bytes. If that cannot be said,
// it has not: kept twice is better than not at all.
func (in *Intake) holds(ctx context.Context, v *Visit, m FileMeta) bool {
	have, err := in.Files(ctx, v.report.ID, Keys{Mailbox: v.code.Mailbox()})
	if err != nil {
		return false
	}
	for _, f := range have {
		if f.Size == m.Size && f.SHA256 == m.SHA256 {
			return true
		}
	}
	return false
}
