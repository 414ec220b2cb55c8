package retention

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"homeward/keep/ledger"
	"homeward/keep/store"
	"homeward/keep/vault"
	"homeward/work/desk"
)

// Hold is what a coordinator said must not be erased, and why: a court, a lawyer, a
// person who asked for it. That it is held stands in the clear; why does not.
type Hold struct {
	Item   string `json:"-"` // id of a report or a case
	Reason string `json:"reason"`
	On     bool   `json:"on"`
	By     string `json:"-"` // member
	Day    int64  `json:"-"`
}

var (
	// ErrNone says that there is no such report or case.
	ErrNone = errors.New("retention: no such report or case")
	// ErrReason says that a hold, and its end, need a reason.
	ErrReason = errors.New("retention: write why; whoever comes after you must be able to judge it")
)

const (
	kind       = "hold"
	mostReason = 2000 // characters
)

// Hold keeps a report or a case from being erased by age.
func (r *Retention) Hold(ctx context.Context, s *desk.Session, item, reason string) error {
	return r.say(ctx, s, item, reason, true)
}

// Release ends a hold. Nothing is erased by that itself.
func (r *Retention) Release(ctx context.Context, s *desk.Session, item, reason string) error {
	return r.say(ctx, s, item, reason, false)
}

func (r *Retention) say(ctx context.Context, s *desk.Session, item, reason string, on bool) error {
	if err := s.May(desk.HoldErasing); err != nil {
		return err
	}
	reason = strings.TrimSpace(reason)
	if reason == "" || len([]rune(reason)) > mostReason {
		return ErrReason
	}
	body, err := json.Marshal(Hold{Reason: reason, On: on})
	if err != nil {
		return err
	}
	return r.Store.Write(ctx, func(tx *store.Tx) error {
		if err := there(tx, item); err != nil {
			return err
		}
		old, err := tx.Record(kind, item)
		if err != nil && !errors.Is(err, store.ErrNone) {
			return err
		}
		row := store.Record{Kind: kind, ID: item, Revision: old.Revision + 1, Author: s.Member, Day: r.today()}
		if row.Body, row.Epoch, err = s.Seal(place(row), body); err != nil {
			return err
		}
		if row.Signature, err = s.Sign("record", signed(row)...); err != nil {
			return err
		}
		if err := tx.AddRecord(row); err != nil {
			return err
		}
		event := "hold.set"
		if on {
			err = tx.Keep(store.Hold{Item: item, Why: store.Held, Day: r.today()})
		} else {
			event = "hold.ended"
			err = tx.Unkeep(item, store.Held)
		}
		if err != nil {
			return err
		}
		_, err = r.Ledger.Append(tx, ledger.Event{Kind: event, Day: r.today(), By: s.Member, Of: item})
		return err
	})
}

// there returns ErrNone unless a report or a folder has this id.
func there(tx *store.Tx, item string) error {
	_, err := tx.Report(item)
	if errors.Is(err, store.ErrNone) {
		_, err = tx.Folder(item)
	}
	if errors.Is(err, store.ErrNone) {
		return ErrNone
	}
	return err
}

func place(r store.Record) vault.Place {
	return vault.Place{Table: "record", Row: r.Kind + "/" + r.ID, Field: "body", Revision: uint64(r.Revision)}
}

func signed(r store.Record) [][]byte {
	return [][]byte{[]byte(r.Kind), []byte(r.ID), fmt.Append(nil, r.Revision), r.Body, []byte(r.Author)}
}

// Holds gives what is held now, with reasons. A hold whose reason is missing, or was
// not signed by its member, is given without one: it holds all the same.
func (r *Retention) Holds(ctx context.Context, s *desk.Session) (out []Hold, err error) {
	if err := s.May(desk.ReadReports); err != nil {
		return nil, err
	}
	var people []desk.Card
	rows := map[string]store.Record{}
	var held []store.Hold
	if err := r.Store.Read(ctx, func(tx *store.Tx) error {
		if held, err = tx.HeldBecause(store.Held); err != nil {
			return err
		}
		all, err := tx.Records(kind)
		if err != nil {
			return err
		}
		for _, row := range all {
			rows[row.ID] = row
		}
		people, err = desk.Cards(tx)
		return err
	}); err != nil {
		return nil, err
	}
	verifiers := map[string][]byte{}
	for _, p := range people {
		verifiers[p.ID] = p.Verifier
	}
	for _, h := range held {
		one := Hold{Item: h.Item, Day: h.Day, On: true}
		if row, ok := rows[h.Item]; ok && vault.Check(verifiers[row.Author], row.Signature, "record", signed(row)...) == nil {
			b, err := s.Open(place(row), row.Epoch, row.Body)
			if err != nil {
				return nil, err
			}
			if err := json.Unmarshal(b, &one); err != nil {
				return nil, err
			}
			one.By, one.On = row.Author, true
		}
		out = append(out, one)
	}
	return out, nil
}
