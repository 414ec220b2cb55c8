package backup

import (
	"encoding/json"
	"errors"

	"homeward/keep/ledger"
	"homeward/keep/store"
)

// Names of settings.
const (
	recipientsSetting = "backup recipients"
	lastSetting       = "backup last"
)

// named are the recipients that a desk seals its backups to. They are public, but who
// could change them would read every backup: so the server's key vouches for them.
type named struct {
	Lines   string `json:"recipients"`
	Vouched []byte `json:"vouched"`
}

// ErrRecipients says that the recipients in the database are not this desk's.
var ErrRecipients = errors.New("backup: the recipients that stand in the database were not set by this desk's program; somebody has changed the database. Set them again with: homeward backup recipient")

// SetRecipients keeps who backups are sealed to, one a line; "" is nobody.
func SetRecipients(tx *store.Tx, log *ledger.Log, lines string) error {
	if lines != "" {
		if _, err := ToRecipients(lines); err != nil {
			return err
		}
	}
	b, err := json.Marshal(named{lines, log.Vouch(recipientsSetting, []byte(lines))})
	if err != nil {
		return err
	}
	return tx.PutSetting(recipientsSetting, b)
}

// RecipientsOf gives who backups are sealed to, "" if nobody was ever named.
func RecipientsOf(tx *store.Tx, log *ledger.Log) (lines string, err error) {
	b, err := tx.Setting(recipientsSetting)
	if err != nil || b == nil {
		return "", err
	}
	var n named
	if json.Unmarshal(b, &n) != nil || !log.Vouched(n.Vouched, recipientsSetting, []byte(n.Lines)) {
		return "", ErrRecipients
	}
	return n.Lines, nil
}

// Last is the last backup that was made to its end.
type Last struct {
	Day    int64 `json:"day"`
	Bytes  int64 `json:"bytes"`
	Ledger int64 `json:"ledger"`
}

// SetLast keeps that a backup was made.
func SetLast(tx *store.Tx, l Last) error {
	b, err := json.Marshal(l)
	if err != nil {
		return err
	}
	return tx.PutSetting(lastSetting, b)
}

// LastOf gives the last backup; ok is false if there never was one.
func LastOf(tx *store.Tx) (l Last, ok bool, err error) {
	b, err := tx.Setting(lastSetting)
	if err != nil || b == nil {
		return l, false, err
	}
	return l, json.Unmarshal(b, &l) == nil, nil
}
