package intake

import (
	"context"

	"homeward/keep/store"
	"homeward/keep/vault"
)

// Opened is a report as the desk reads it.
type Opened struct {
	Row    store.Report
	Report Report // the first message
	Lines  []OpenLine
	Files  []File
}

// OpenLine is one message, with who wrote it.
type OpenLine struct {
	N    int64
	At   int64 // unix seconds
	Mine bool  // of the desk
	Text string
	By   string
}

// Open opens all messages of a report with the keys of a member.
func (in *Intake) Open(ctx context.Context, id string, k Keys) (Opened, error) {
	var o Opened
	var ms []store.Message
	if err := in.Store.Read(ctx, func(tx *store.Tx) (err error) {
		if o.Row, err = tx.Report(id); err != nil {
			return err
		}
		ms, err = tx.Messages(id)
		return err
	}); err != nil {
		return o, err
	}
	for _, m := range ms {
		s, err := k.open(m)
		if err != nil {
			return o, err
		}
		l := OpenLine{N: m.N, At: s.At, Mine: m.Direction == store.Out, Text: s.Text, By: s.By}
		if s.Report != nil {
			if m.N == 1 {
				o.Report = *s.Report
			}
			l.Text, l.By = s.Report.Text, s.Report.By
		}
		o.Lines = append(o.Lines, l)
	}
	var err error
	o.Files, err = in.Files(ctx, id, k)
	return o, err
}

// Answer seals words of the desk to the sender's mailbox and to the desk.
func (in *Intake) Answer(ctx context.Context, tx *store.Tx, r store.Report, k Keys, epoch int64, s Sent, once []byte) error {
	now := in.Now()
	s.At = now.Unix()
	mailbox, err := vault.PublicOf(r.Mailbox)
	if err != nil {
		return err
	}
	key := vault.NewKey()
	defer key.Wipe()
	m := store.Message{Report: r.ID, Direction: store.Out, Once: once, Day: day(now), DeskEpoch: epoch}
	m.Body = key.Seal(place(r.ID, once, "body", 0), s.bytes())
	m.ForDesk = k.Desk[epoch].Seal(place(r.ID, once, "desk key", epoch), key.Bytes())
	if m.ForMailbox, err = mailbox.Wrap(place(r.ID, once, "key", 0), forMailbox, key.Bytes()); err != nil {
		return err
	}
	var again bool
	if m.N, again, err = tx.NextMessage(r.ID, store.Out, once, true); err != nil || again {
		return err
	}
	return tx.AddMessage(m)
}

// Reseal seals what only an intake epoch opens to the desk instead, so that the
// epoch's key can be destroyed.
func (in *Intake) Reseal(tx *store.Tx, id string, k Keys, epoch int64) error {
	ms, err := tx.Messages(id)
	if err != nil {
		return err
	}
	for _, m := range ms {
		if m.ForIntake == nil {
			continue
		}
		key, err := k.key(m)
		if err != nil {
			return err
		}
		if err := tx.MessageWorked(m, k.Desk[epoch].Seal(place(m.Report, m.Once, "desk key", epoch), key), epoch); err != nil {
			return err
		}
	}
	return in.resealFiles(tx, id, k, epoch)
}
