package store

import "errors"

// Epoch is a key of a purpose for a time. Its public half, if it has one, is in the
// clear; its secret half exists only in wraps.
type Epoch struct {
	Purpose string
	ID      int64
	Public  []byte
	Opened  int64 // unix day
	Retired int64 // or 0
}

func (e *Epoch) fields() []any { return []any{&e.Purpose, &e.ID, &e.Public, &e.Opened, &e.Retired} }

// AddEpoch adds an epoch; it must be new.
func (t *Tx) AddEpoch(e Epoch) error {
	_, err := t.exec("epoch_add", e.Purpose, e.ID, e.Public, e.Opened)
	return err
}

// Epochs gives the epochs of a purpose, oldest first.
func (t *Tx) Epochs(purpose string) ([]Epoch, error) {
	return list(t, "epochs_of", []any{purpose}, (*Epoch).fields)
}

// NewestEpoch gives the one that is sealed to now, or ErrNone.
func (t *Tx) NewestEpoch(purpose string) (e Epoch, err error) {
	return e, t.row("epoch_newest", []any{purpose}, e.fields()...)
}

// RetireEpoch marks an epoch as closed and destroys every wrap of its secret half.
func (t *Tx) RetireEpoch(purpose string, id, day int64) error {
	if err := t.one("epoch_retire", day, purpose, id); err != nil {
		return err
	}
	_, err := t.exec("wraps_drop", purpose, id)
	return err
}

// Wrap is a secret half sealed to a member, signed by who sealed it. The circle of
// trustees is member "".
type Wrap struct {
	Purpose   string
	Epoch     int64
	Member    string
	Sealed    []byte
	Author    string
	Signature []byte
}

func (w *Wrap) fields() []any {
	return []any{&w.Purpose, &w.Epoch, &w.Member, &w.Sealed, &w.Author, &w.Signature}
}

// AddWrap adds a wrap; it must be new.
func (t *Tx) AddWrap(w Wrap) error {
	_, err := t.exec("wrap_put", w.Purpose, w.Epoch, w.Member, w.Sealed, w.Author, w.Signature)
	return err
}

// Wraps gives all wraps for a member.
func (t *Tx) Wraps(member string) ([]Wrap, error) {
	return list(t, "wraps_for", []any{member}, (*Wrap).fields)
}

// Member is somebody who works at the desk. The sign-in name stands in the clear.
type Member struct {
	ID       string
	Login    string
	Roles    string // parted by spaces
	Public   []byte
	Verifier []byte
	Locked   []byte // seeds and the second factor, under the passphrase
	Counter  int64  // of the last one-time code that was used
	State    string
	Revision int64
}

func (m *Member) fields() []any {
	return []any{&m.ID, &m.Login, &m.Roles, &m.Public, &m.Verifier, &m.Locked, &m.Counter, &m.State, &m.Revision}
}

// AddMember adds a member; id and login must be new.
func (t *Tx) AddMember(m Member) error {
	_, err := t.exec("member_add", m.ID, m.Login, m.Roles, m.Public, m.Verifier, m.Locked)
	return err
}

// MemberByLogin finds a member, or ErrNone.
func (t *Tx) MemberByLogin(login string) (m Member, err error) {
	return m, t.row("member_by_login", []any{login}, m.fields()...)
}

// Member gives a member by id, or ErrNone.
func (t *Tx) Member(id string) (m Member, err error) {
	return m, t.row("member_by_id", []any{id}, m.fields()...)
}

// Members gives all members.
func (t *Tx) Members() ([]Member, error) {
	return list(t, "members", nil, (*Member).fields)
}

// UseCounter notes that a one-time code was used; ErrConflict if it, or a later one,
// was used already.
func (t *Tx) UseCounter(member string, counter int64) error {
	return t.one("member_counter", counter, member)
}

// PutSetting keeps a setting; they are in the clear.
func (t *Tx) PutSetting(name string, value []byte) error {
	_, err := t.exec("setting_put", name, value)
	return err
}

// Setting gives a setting, nil if it was never set.
func (t *Tx) Setting(name string) (value []byte, err error) {
	if err = t.row("setting", []any{name}, &value); errors.Is(err, ErrNone) {
		return nil, nil
	}
	return value, err
}

// TakeLease takes or keeps a lease until a time, in unix microseconds, if nobody
// else holds it now.
func (t *Tx) TakeLease(name, holder string, now, until int64) (bool, error) {
	var got string
	switch err := t.row("lease_take", []any{name, holder, until, now}, &got); {
	case errors.Is(err, ErrNone):
		return false, nil
	case err != nil:
		return false, err
	}
	return got == holder, nil
}

// LeaseHolder says who holds a lease, and until when; "" and 0 if nobody ever did.
func (t *Tx) LeaseHolder(name string) (holder string, until int64, err error) {
	if err = t.row("lease_holder", []any{name}, &holder, &until); errors.Is(err, ErrNone) {
		return "", 0, nil
	}
	return holder, until, err
}

// DropLease gives a lease up.
func (t *Tx) DropLease(name, holder string) error {
	_, err := t.exec("lease_drop", name, holder)
	return err
}
