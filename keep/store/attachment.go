package store

import "errors"

// Attachment is a file that came with a report, sealed in chunks.
type Attachment struct {
	ID         string
	Report     string
	N          int64  // order within the report
	Meta       []byte // sealed: name, type, size, hash
	Epoch      int64
	ForIntake  []byte
	ForMailbox []byte
	ForDesk    []byte
	DeskEpoch  int64
	ForCircle  []byte
	Once       []byte
	Size       int64  // of the sealed chunks, in bytes
	State      string // Partial or Whole
	Day        int64
}

// States of an attachment.
const (
	Partial = "open" // more is to come
	Whole   = "whole"
)

func (a *Attachment) fields() []any {
	return []any{&a.ID, &a.Report, &a.N, &a.Meta, &a.Epoch, &a.ForIntake, &a.ForMailbox, &a.ForDesk, &a.DeskEpoch, &a.ForCircle, &a.Once, &a.Size, &a.State, &a.Day}
}

// AddAttachment adds an attachment, unless one with its once is there: then it
// writes to that one all the same and gives its id.
func (t *Tx) AddAttachment(a Attachment) (id string, fresh bool, err error) {
	switch err := t.row("attachment_again", []any{a.Report, a.Once}, &id); {
	case err == nil:
		return id, false, nil
	case !errors.Is(err, ErrNone):
		return "", false, err
	}
	_, err = t.exec("attachment_add", a.ID, a.Report, a.N, a.Meta, a.Epoch, a.ForIntake, a.ForMailbox, a.ForDesk, a.DeskEpoch, a.ForCircle, a.Once, a.Size, a.State, a.Day)
	return a.ID, true, err
}

// Attachments gives the attachments of a report in order.
func (t *Tx) Attachments(report string) ([]Attachment, error) {
	return list(t, "attachments_of", []any{report}, (*Attachment).fields)
}

// Attachment gives one by id, or ErrNone.
func (t *Tx) Attachment(id string) (a Attachment, err error) {
	return a, t.row("attachment_by_id", []any{id}, a.fields()...)
}

// SetAttachment changes what is known of an attachment as it arrives.
func (t *Tx) SetAttachment(id string, meta []byte, size int64, state string) error {
	return t.one("attachment_set", meta, size, state, id)
}

// AttachmentWorked replaces the key sealed to the intake by one sealed to the desk.
func (t *Tx) AttachmentWorked(id string, forDesk []byte, epoch int64) error {
	return t.one("attachment_worked", forDesk, epoch, id)
}

// Kinds of chunks: as it came, and without what it told beside the picture.
const (
	Original = "original"
	Copy     = "copy"
)

// PutChunk keeps one sealed chunk of at most 1 MB and its seal.
func (t *Tx) PutChunk(attachment, kind string, n int64, sealed []byte) error {
	_, err := t.exec("chunk_put", attachment, kind, n, sealed)
	return err
}

// Chunk gives one sealed chunk, or ErrNone.
func (t *Tx) Chunk(attachment, kind string, n int64) (sealed []byte, err error) {
	return sealed, t.row("chunk", []any{attachment, kind, n}, &sealed)
}

// DropAttachment takes an attachment out.
func (t *Tx) DropAttachment(id string) error {
	if _, err := t.exec("chunks_drop", id); err != nil {
		return err
	}
	_, err := t.exec("attachment_drop", id)
	return err
}

// Chunks says which chunks of a kind are there.
func (t *Tx) Chunks(attachment, kind string) ([]int64, error) {
	return list(t, "chunks_of", []any{attachment, kind}, func(n *int64) []any { return []any{n} })
}
