package intake

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"homeward/keep/store"
)

// Operator is what people are told before they type: who reads, when, and which
// court could compel them. OnCall is who is woken, and is not shown.
type Operator struct {
	Name         string `json:"name"`
	Jurisdiction string `json:"jurisdiction"`
	Hours        string `json:"hours"`
	OnCall       string `json:"on_call"` // mailto:somebody@… or https://…
}

// Missing names what has to be set before the door opens.
func (o Operator) Missing() (out []string) {
	for _, f := range []struct{ name, value string }{{"name", o.Name}, {"jurisdiction", o.Jurisdiction}, {"hours", o.Hours}, {"on_call", o.OnCall}} {
		if strings.TrimSpace(f.value) == "" {
			out = append(out, f.name)
		}
	}
	return out
}

// Door is the state of the door.
type Door struct {
	Open     bool // somebody stands behind it
	Operator Operator
	Late     bool // nobody has unlocked the desk for a day
}

// quietFor is how long the desk may stay locked before people are told.
const quietFor = 24 * time.Hour

// Door says whether the door is open, and what to tell people before they type.
func (in *Intake) Door(ctx context.Context) (Door, error) {
	var d Door
	err := in.Store.Read(ctx, func(tx *store.Tx) error {
		b, err := tx.Setting("operator")
		if err != nil {
			return err
		}
		if b != nil {
			if err := json.Unmarshal(b, &d.Operator); err != nil {
				return err
			}
		}
		circle, err := tx.Setting("circle")
		if err != nil {
			return err
		}
		d.Open = circle != nil && len(d.Operator.Missing()) == 0
		seen, err := tx.Setting("unlocked")
		if err != nil {
			return err
		}
		at, _ := time.Parse(time.RFC3339, string(seen))
		d.Late = in.Now().Sub(at) > quietFor
		return nil
	})
	return d, err
}

// SetOperator keeps who stands behind the door.
func SetOperator(tx *store.Tx, o Operator) error {
	b, err := json.Marshal(o)
	if err != nil {
		return err
	}
	return tx.PutSetting("operator", b)
}

// Unlocked notes that somebody has unlocked the desk, to the hour.
func Unlocked(tx *store.Tx, now time.Time) error {
	return tx.PutSetting("unlocked", []byte(now.UTC().Truncate(time.Hour).Format(time.RFC3339)))
}
