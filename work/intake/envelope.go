package intake

import (
	"encoding/hex"
	"encoding/json"

	"homeward/keep/store"
	"homeward/keep/vault"
)

// What a data key is sealed for.
const (
	forIntake  = "message for intake"
	forMailbox = "message for mailbox"
	forCircle  = "message for trustees"
)

// place is where a field of a message belongs: its report and the mark of its
// sending, which are known before it has a number.
func place(report string, once []byte, field string, epoch int64) vault.Place {
	return vault.Place{Table: "message", Row: report + "/" + hex.EncodeToString(once), Field: field, Epoch: uint64(epoch)}
}

// to is who a message is sealed to.
type to struct {
	epoch   store.Epoch
	intake  vault.Public
	circle  vault.Circle
	mailbox vault.Public
}

// seal makes the row of a message. It needs no secret of the desk.
func (t to) seal(report string, once []byte, s Sent, day int64) (store.Message, error) {
	key := vault.NewKey()
	defer key.Wipe()
	m := store.Message{Report: report, Direction: store.In, Once: once, Day: day, Epoch: t.epoch.ID}
	m.Body = key.Seal(place(report, once, "body", 0), s.bytes())
	var err error
	if m.ForIntake, err = t.intake.Wrap(place(report, once, "key", m.Epoch), forIntake, key.Bytes()); err != nil {
		return m, err
	}
	if m.ForMailbox, err = t.mailbox.Wrap(place(report, once, "key", 0), forMailbox, key.Bytes()); err != nil {
		return m, err
	}
	m.ForCircle = t.circle.Wrap(place(report, once, "key", 0), forCircle, key.Bytes())
	return m, nil
}

// Keys are what opens messages: as many as there are.
type Keys struct {
	Intake  map[int64]vault.Private // by epoch
	Desk    map[int64]vault.Key     // by epoch
	Mailbox vault.Private
}

// open opens a message with whichever of the keys is its own.
func (k Keys) open(m store.Message) (Sent, error) {
	raw, err := k.key(m)
	if err != nil {
		return Sent{}, err
	}
	key, err := vault.KeyOf(raw)
	if err != nil {
		return Sent{}, err
	}
	defer key.Wipe()
	body, err := key.Open(place(m.Report, m.Once, "body", 0), m.Body)
	if err != nil {
		return Sent{}, err
	}
	var s Sent
	if err := json.Unmarshal(body, &s); err != nil {
		return Sent{}, vault.ErrSealed
	}
	return s, nil
}

// key gives a message's data key.
func (k Keys) key(m store.Message) ([]byte, error) {
	if d, ok := k.Desk[m.DeskEpoch]; ok && m.ForDesk != nil {
		return d.Open(place(m.Report, m.Once, "desk key", m.DeskEpoch), m.ForDesk)
	}
	if p, ok := k.Intake[m.Epoch]; ok && m.ForIntake != nil {
		return p.Unwrap(place(m.Report, m.Once, "key", m.Epoch), forIntake, m.ForIntake)
	}
	if !k.Mailbox.None() && m.ForMailbox != nil {
		return k.Mailbox.Unwrap(place(m.Report, m.Once, "key", 0), forMailbox, m.ForMailbox)
	}
	return nil, vault.ErrSealed
}
