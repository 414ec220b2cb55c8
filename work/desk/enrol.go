package desk

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"homeward/keep/ledger"
	"homeward/keep/store"
	"homeward/keep/vault"
	"homeward/work/intake"
)

// Enrol adds a member who sits beside the administrator and types a passphrase of
// their own. Whoever reads at the desk gets its keys, as far as the administrator holds
// them.
func (d *Desk) Enrol(ctx context.Context, s *Session, login, passphrase string, roles []string) (Made, error) {
	if err := s.May(InviteMembers); err != nil {
		return Made{}, err
	}
	if err := strong(login, passphrase); err != nil {
		return Made{}, err
	}
	for _, r := range roles {
		if !slices.Contains(Roles, r) {
			return Made{}, fmt.Errorf("desk: there is no role %q; there are %s", r, strings.Join(Roles, ", "))
		}
	}
	m, own, err := d.newMember(ctx, login, passphrase)
	if err != nil {
		return Made{}, err
	}
	m.Roles = strings.Join(roles, " ")
	err = s.with(func(k intake.Keys) error {
		return d.Store.Write(ctx, func(tx *store.Tx) error {
			if err := tx.AddMember(m); err != nil {
				return err
			}
			if May(m.Roles, ReadReports) {
				if err := d.wrapAll(tx, s, k, m); err != nil {
					return err
				}
			}
			_, err := d.Ledger.Append(tx, ledger.Event{Kind: "member.enrolled", Day: d.today(), By: s.Member, Of: m.ID, Detail: map[string]string{"roles": m.Roles}})
			return err
		})
	})
	return Made{Login: login, Second: secondText(own.Second), URI: secondURI(login, own.Second)}, err
}

// wrapAll seals all keys of the desk that a member holds to another.
func (d *Desk) wrapAll(tx *store.Tx, s *Session, k intake.Keys, m store.Member) error {
	public, err := vault.PublicOf(m.Public)
	if err != nil {
		return err
	}
	put := func(purpose string, epoch int64, secret []byte) error {
		sealed, err := public.Wrap(wrapPlace(purpose, m.ID, epoch), "epoch", secret)
		if err != nil {
			return err
		}
		return addWrap(tx, store.Wrap{Purpose: purpose, Epoch: epoch, Member: m.ID, Sealed: sealed, Author: s.Member}, s.signer)
	}
	for _, e := range slices.Sorted(maps.Keys(k.Intake)) {
		if err := put(forIntake, e, k.Intake[e].Bytes()); err != nil {
			return err
		}
	}
	for _, e := range slices.Sorted(maps.Keys(k.Desk)) {
		if err := put(forWorking, e, k.Desk[e].Bytes()); err != nil {
			return err
		}
	}
	return nil
}
