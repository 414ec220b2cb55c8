// Package retention erases what a desk no longer needs, and keeps what somebody has
// said must stay.
//
// It is off until it is set. The daily work, which has no keys, erases by what stands
// in the clear: reports that were worked and belong to no case, and closed cases. What
// is unread is never erased, and neither is what is held. Backups lag: what is erased
// here lives on in every copy that was made before.
package retention

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"homeward/keep/ledger"
	"homeward/keep/store"
)

// Retention is the erasing of a desk. Its fields are needed.
type Retention struct {
	Store  *store.Store
	Ledger *ledger.Log
	Now    func() time.Time
}

// Policy says after how many days without anything new something is erased. Zero is
// never.
type Policy struct {
	Leads int64 `json:"leads"` // reports that were worked and belong to no case
	Cases int64 `json:"cases"` // cases that were closed
	Since int64 `json:"since"` // unix day on which it was set
}

// Usual are the periods that are proposed, and set nowhere by themselves.
var Usual = Policy{Leads: 90, Cases: 730}

// Notice is how many days pass between setting a policy and the first erasure under
// it, so that a slip can be taken back and everybody at the desk can object.
const Notice = 30

// The shortest periods that are taken: shorter ones are slips.
const (
	leastLeads = 30
	leastCases = 180
	most       = 36500
)

// Check says what is wrong with a policy.
func (p Policy) Check() error {
	for _, c := range []struct {
		name        string
		days, least int64
	}{{"reports without a case", p.Leads, leastLeads}, {"closed cases", p.Cases, leastCases}} {
		if c.days != 0 && (c.days < c.least || c.days > most) {
			return fmt.Errorf("retention: %s are kept for %d to %d days, or for ever with 0", c.name, c.least, most)
		}
	}
	return nil
}

const setting = "retention"

// PolicyOf gives the policy; the zero Policy, which erases nothing, if none was set.
func PolicyOf(tx *store.Tx) (p Policy, err error) {
	b, err := tx.Setting(setting)
	if err != nil || b == nil {
		return p, err
	}
	if err := json.Unmarshal(b, &p); err != nil {
		return Policy{}, fmt.Errorf("retention: its setting cannot be read: %w", err)
	}
	return p, p.Check()
}

// Set keeps a policy. The notice begins anew, unless nothing is erased sooner than
// before.
func (r *Retention) Set(ctx context.Context, by string, p Policy) error {
	if err := p.Check(); err != nil {
		return err
	}
	return r.Store.Write(ctx, func(tx *store.Tx) error {
		old, err := PolicyOf(tx)
		if err != nil {
			return err
		}
		p.Since = r.today()
		if old.Since != 0 && !sooner(p.Leads, old.Leads) && !sooner(p.Cases, old.Cases) {
			p.Since = old.Since
		}
		b, err := json.Marshal(p)
		if err != nil {
			return err
		}
		if err := tx.PutSetting(setting, b); err != nil {
			return err
		}
		_, err = r.Ledger.Append(tx, ledger.Event{Kind: "retention.set", Day: r.today(), By: by, Detail: map[string]string{"leads": fmt.Sprint(p.Leads), "cases": fmt.Sprint(p.Cases)}})
		return err
	})
}

// sooner says whether a period ends before another did; zero never ends.
func sooner(days, old int64) bool { return days != 0 && (old == 0 || days < old) }

func (r *Retention) today() int64 { return r.Now().Unix() / 86400 }

// Erased counts what was erased.
type Erased struct{ Reports, Cases int }

// atOnce bounds what one transaction erases, so that nobody waits long for it.
const atOnce = 50

// Erase erases what is older than the policy says and held by nothing, and notes each
// in the ledger. It does at most so much as one transaction takes, of each kind; call
// it again while it erases anything.
func (r *Retention) Erase(ctx context.Context) (n Erased, err error) {
	var p Policy
	if err := r.Store.Read(ctx, func(tx *store.Tx) (err error) {
		p, err = PolicyOf(tx)
		return err
	}); err != nil {
		return n, err
	}
	today := r.today()
	if p.Leads == 0 && p.Cases == 0 || today < p.Since+Notice {
		return n, nil
	}
	if err := r.Store.Write(ctx, func(tx *store.Tx) error {
		n = Erased{}
		if p.Cases > 0 {
			if err := r.eraseCases(tx, today-p.Cases, &n); err != nil {
				return err
			}
		}
		if p.Leads == 0 {
			return nil
		}
		ids, err := tx.LeftReports(today-p.Leads, atOnce)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := r.eraseReport(tx, id, "age", &n); err != nil {
				return err
			}
		}
		return nil
	}); err != nil || n == (Erased{}) {
		return n, err
	}
	return n, r.Store.Scrub(ctx)
}

// eraseCases destroys closed cases, keys and lines, and the reports that belong to
// nothing else.
func (r *Retention) eraseCases(tx *store.Tx, until int64, n *Erased) error {
	ids, err := tx.LeftFolders("case", until, atOnce)
	if err != nil {
		return err
	}
	for _, id := range ids {
		reports, err := tx.HeldBecause(id)
		if err != nil {
			return err
		}
		if err := tx.DropFolder(id); err != nil {
			return err
		}
		if _, err := r.Ledger.Append(tx, ledger.Event{Kind: "case.erased", Day: r.today(), Of: id, Detail: map[string]string{"why": "age"}}); err != nil {
			return err
		}
		n.Cases++
		for _, h := range reports {
			if err := r.eraseIfFree(tx, h.Item, n); err != nil {
				return err
			}
		}
	}
	return nil
}

// eraseIfFree erases a report whose case is gone, unless something else keeps it.
func (r *Retention) eraseIfFree(tx *store.Tx, id string, n *Erased) error {
	holds, err := tx.Holds(id)
	if err != nil || len(holds) > 0 {
		return err
	}
	row, err := tx.Report(id)
	if err == nil && row.State == store.Worked {
		return r.eraseReport(tx, id, "case", n)
	}
	if errors.Is(err, store.ErrNone) {
		return nil
	}
	return err
}

func (r *Retention) eraseReport(tx *store.Tx, id, why string, n *Erased) error {
	if err := tx.Erase(id); err != nil {
		return err
	}
	n.Reports++
	_, err := r.Ledger.Append(tx, ledger.Event{Kind: "report.erased", Day: r.today(), Of: id, Detail: map[string]string{"why": why}})
	return err
}
