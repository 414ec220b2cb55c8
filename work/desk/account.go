package desk

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"homeward/keep/ledger"
	"homeward/keep/store"
	"homeward/keep/vault"
	"homeward/work/intake"
)

// unlock opens a member's own secrets with their passphrase and a code.
func (d *Desk) unlock(ctx context.Context, s *Session, passphrase, code string) (m store.Member, own secrets, counter int64, err error) {
	if err = d.Store.Read(ctx, func(tx *store.Tx) (err error) {
		m, err = tx.Member(s.Member)
		return err
	}); err != nil {
		return m, own, 0, err
	}
	plain, err := d.Stretcher.Unlock(ctx, passphrase, memberPlace(m.ID), m.Locked)
	switch {
	case errors.Is(err, vault.ErrPassphrase):
		return m, own, 0, ErrSignIn
	case err != nil:
		return m, own, 0, err
	}
	if err := json.Unmarshal(plain, &own); err != nil {
		return m, own, 0, ErrSignIn
	}
	counter, ok := secondCounter(own.Second, code, d.Now(), m.Counter)
	if !ok || m.State != active {
		return m, own, 0, ErrSignIn
	}
	return m, own, counter, nil
}

// NewPassphrase locks a member's keys under another passphrase. They are signed out
// everywhere. The old one opens old copies of the disk as before.
func (d *Desk) NewPassphrase(ctx context.Context, s *Session, old, code, fresh string) error {
	if err := s.May(OwnAccount); err != nil {
		return err
	}
	if err := strong(s.Login, fresh); err != nil {
		return err
	}
	m, own, counter, err := d.unlock(ctx, s, old, code)
	if err != nil {
		return err
	}
	return d.renew(ctx, m, own, counter, fresh, "member.passphrase")
}

// NewAuthenticator changes the secret of a member's one-time codes: code is of the
// old one, with is the first of the new.
func (d *Desk) NewAuthenticator(ctx context.Context, s *Session, passphrase, code string, second []byte, with string) error {
	if err := s.May(OwnAccount); err != nil {
		return err
	}
	if _, ok := secondCounter(second, with, d.Now(), 0); !ok || len(second) != secondSize {
		return ErrSecond
	}
	m, own, counter, err := d.unlock(ctx, s, passphrase, code)
	if err != nil {
		return err
	}
	own.Second = second
	return d.renew(ctx, m, own, counter, passphrase, "member.authenticator")
}

func (d *Desk) renew(ctx context.Context, m store.Member, own secrets, counter int64, passphrase, kind string) error {
	locked, err := d.lockedUnder(ctx, m.ID, own, passphrase)
	if err != nil {
		return err
	}
	if err := d.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.LockMember(m.ID, locked, m.Revision); err != nil {
			return err
		}
		if err := tx.UseCounter(m.ID, counter); err != nil {
			return ErrSignIn
		}
		if err := tx.EndSessionsOf(m.ID); err != nil {
			return err
		}
		_, err := d.Ledger.Append(tx, ledger.Event{Kind: kind, Day: d.today(), By: m.ID})
		return err
	}); err != nil {
		return err
	}
	d.drop(func(_ [32]byte, other *Session) bool { return other.Member == m.ID })
	return nil
}

// profile is what a member says of themselves. It is sealed: which languages somebody
// reads says where they come from.
type profile struct {
	Languages []string `json:"languages"`
}

func profilePlace(member string, epoch int64) vault.Place {
	return vault.Place{Table: "profile", Row: member, Field: "profile", Epoch: uint64(epoch)}
}

// ErrLanguage says that something is no tag of a language.
var ErrLanguage = errors.New("desk: write languages as tags, such as th, vi, zh-Hant")

// SetLanguages keeps which languages a member reads, for their colleagues.
func (d *Desk) SetLanguages(ctx context.Context, s *Session, tags []string) error {
	if err := s.May(OwnAccount); err != nil {
		return err
	}
	var p profile
	for _, t := range tags {
		if t = strings.TrimSpace(t); t == "" {
			continue
		}
		tag, err := language.Parse(t)
		if err != nil || len(p.Languages) >= 40 {
			return ErrLanguage
		}
		if !slices.Contains(p.Languages, tag.String()) {
			p.Languages = append(p.Languages, tag.String())
		}
	}
	return s.with(func(k intake.Keys) error {
		key, ok := k.Desk[s.epoch]
		if !ok {
			return ErrKeyless
		}
		b, err := json.Marshal(p)
		if err != nil {
			return err
		}
		return d.Store.Write(ctx, func(tx *store.Tx) error {
			return tx.PutProfile(store.Profile{Member: s.Member, Sealed: key.Seal(profilePlace(s.Member, s.epoch), b), Epoch: s.epoch})
		})
	})
}

// profiles opens what members say of themselves, as far as the keys go.
func profiles(tx *store.Tx, k intake.Keys) (map[string][]string, error) {
	out := map[string][]string{}
	all, err := tx.Profiles()
	for _, row := range all {
		key, ok := k.Desk[row.Epoch]
		if !ok {
			continue
		}
		b, err := key.Open(profilePlace(row.Member, row.Epoch), row.Sealed)
		if err != nil {
			continue
		}
		var p profile
		if json.Unmarshal(b, &p) == nil {
			out[row.Member] = p.Languages
		}
	}
	return out, err
}

// readers gives who of the desk reads which language, by the language alone: who
// reads zh-Hant reads zh.
func readers(languages map[string][]string) map[string][]string {
	out := map[string][]string{}
	for member, tags := range languages {
		for _, t := range tags {
			b := base(t)
			if !slices.Contains(out[b], member) {
				out[b] = append(out[b], member)
			}
		}
	}
	for _, m := range out {
		slices.Sort(m)
	}
	return out
}

// base is the language of a tag without script or region.
func base(tag string) string {
	t, err := language.Parse(tag)
	if err != nil {
		return ""
	}
	b, _ := t.Base()
	return b.String()
}
