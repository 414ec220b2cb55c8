package store

import "errors"

// Record is something a desk knows beside its cases, sealed to the desk. A change is
// a new revision.
type Record struct {
	Kind      string
	ID        string
	Revision  int64
	Body      []byte
	Epoch     int64
	Author    string
	Day       int64
	Signature []byte
}

func (r *Record) fields() []any {
	return []any{&r.Kind, &r.ID, &r.Revision, &r.Body, &r.Epoch, &r.Author, &r.Day, &r.Signature}
}

// AddRecord adds a revision, which must be the next of its record: ErrConflict if
// somebody was quicker.
func (t *Tx) AddRecord(r Record) error {
	old, err := t.Record(r.Kind, r.ID)
	if err != nil && !errors.Is(err, ErrNone) {
		return err
	}
	if r.Revision != old.Revision+1 {
		return ErrConflict
	}
	_, err = t.exec("record_add", r.Kind, r.ID, r.Revision, r.Body, r.Epoch, r.Author, r.Day, r.Signature)
	return err
}

// Record gives the newest revision of a record, or ErrNone.
func (t *Tx) Record(kind, id string) (r Record, err error) {
	return r, t.row("record_newest", []any{kind, id}, r.fields()...)
}

// Records gives the newest revision of every record of a kind.
func (t *Tx) Records(kind string) ([]Record, error) {
	return list(t, "records", []any{kind}, (*Record).fields)
}

// RecordHistory gives all revisions of a record, oldest first.
func (t *Tx) RecordHistory(kind, id string) ([]Record, error) {
	return list(t, "record_history", []any{kind, id}, (*Record).fields)
}

// Published is a warning as the public sees it.
type Published struct {
	ID       string
	Revision int64
	Body     string
	Day      int64
}

func (p *Published) fields() []any { return []any{&p.ID, &p.Revision, &p.Body, &p.Day} }

// Publish adds a revision of a warning.
func (t *Tx) Publish(p Published) error {
	_, err := t.exec("published_add", p.ID, p.Revision, p.Body, p.Day)
	return err
}

// AllPublished gives the newest revision of every warning, newest day first.
func (t *Tx) AllPublished() ([]Published, error) {
	return list(t, "published_all", nil, (*Published).fields)
}

// PublishedHistory gives all revisions of a warning, oldest first.
func (t *Tx) PublishedHistory(id string) ([]Published, error) {
	return list(t, "published_history", []any{id}, (*Published).fields)
}
