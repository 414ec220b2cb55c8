package intake

import (
	"context"
	"encoding/json"

	"homeward/keep/store"
	"homeward/keep/vault"
)

// ForTrustees gives, for one report, the keys of its messages as they are sealed to
// the circle of trustees, in order.
func (in *Intake) ForTrustees(ctx context.Context, report string) (wrapped [][]byte, err error) {
	err = in.Store.Read(ctx, func(tx *store.Tx) error {
		wrapped = nil
		ms, err := tx.Messages(report)
		for _, m := range ms {
			if m.ForCircle != nil {
				wrapped = append(wrapped, m.ForCircle)
			}
		}
		return err
	})
	if err == nil && len(wrapped) == 0 {
		err = store.ErrNone
	}
	return wrapped, err
}

// OpenByTrustees opens one report with what k trustees answered for it: answers[i]
// are those for the i-th of ForTrustees. It opens no other.
func (in *Intake) OpenByTrustees(ctx context.Context, report string, c vault.Circle, answers [][]vault.Answer) (out []Sent, err error) {
	var ms []store.Message
	if err := in.Store.Read(ctx, func(tx *store.Tx) (err error) {
		ms, err = tx.Messages(report)
		return err
	}); err != nil {
		return nil, err
	}
	i := 0
	for _, m := range ms {
		if m.ForCircle == nil {
			continue
		}
		if i >= len(answers) {
			return nil, vault.ErrSealed
		}
		raw, err := c.Combine(place(m.Report, m.Once, "key", 0), forCircle, m.ForCircle, answers[i])
		if err != nil {
			return nil, err
		}
		i++
		key, err := vault.KeyOf(raw)
		if err != nil {
			return nil, err
		}
		body, err := key.Open(place(m.Report, m.Once, "body", 0), m.Body)
		if err != nil {
			return nil, err
		}
		var s Sent
		if err := json.Unmarshal(body, &s); err != nil {
			return nil, vault.ErrSealed
		}
		out = append(out, s)
	}
	return out, nil
}
