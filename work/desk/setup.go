package desk

import (
	"context"
	"errors"
	"strings"

	"homeward/keep/ledger"
	"homeward/keep/store"
	"homeward/keep/vault"
	"homeward/work/intake"
)

// SetUp makes the first member, administrator and coordinator, the desk's keys, and
// k of n shares by which trustees can recover one report or, separately, the intake
// key. ErrSetUp if there is a member already.
func (d *Desk) SetUp(ctx context.Context, login, passphrase string, k, n int) (Made, error) {
	p, err := d.Prepare(ctx, login, passphrase, nil, k, n)
	if err != nil {
		return Made{}, err
	}
	if err := d.Begin(ctx, p, intake.Operator{}); err != nil {
		return Made{}, err
	}
	return p.Made, nil
}

// Prepared is a desk that is about to be set up: nothing of it is kept until Begin,
// so that the shares can be on paper before there is anything to lose.
type Prepared struct {
	Made

	circle vault.Circle
	member store.Member
	own    secrets
	first  store.Statement // of the roll
	line   line
}

// Prepare makes keys and shares in memory. second is the authenticator's secret, nil
// for a new one.
func (d *Desk) Prepare(ctx context.Context, login, passphrase string, second []byte, k, n int) (*Prepared, error) {
	if err := strong(login, passphrase); err != nil {
		return nil, err
	}
	circle, shares, err := vault.Deal(k, n)
	if err != nil {
		return nil, err
	}
	m, own, err := freshMember(applicant{login: login, roles: Administrator + " " + Coordinator, second: second})
	if err != nil {
		return nil, err
	}
	signer, err := vault.SignerOf(own.Sign)
	if err != nil {
		return nil, err
	}
	p := &Prepared{circle: circle, line: lineOf(lineSetUp, m)}
	p.line.Epoch = 1
	r := roll{members: map[string]line{}}
	if p.first, err = r.sign(d, p.line, m.ID, signer); err != nil {
		return nil, err
	}
	own.Root = hashOf(p.first) // locked with the secrets, for good
	if m.Locked, err = d.lockedUnder(ctx, m.ID, own, passphrase); err != nil {
		return nil, err
	}
	p.member, p.own = m, own
	p.Made = Made{Login: login, K: k, Second: secondText(own.Second), URI: secondURI(login, own.Second)}
	for _, s := range shares {
		p.Shares = append(p.Shares, s.Text())
	}
	return p, nil
}

// Holds says whether somebody typed the last group of one of the shares: then it is
// on paper.
func (p *Prepared) Holds(lastGroup string) bool {
	typed := strings.NewReplacer("I", "1", "L", "1", "O", "0").Replace(strings.ToUpper(strings.TrimSpace(lastGroup)))
	for _, s := range p.Shares {
		if at := strings.LastIndex(s, "-"); typed != "" && s[at+1:] == typed {
			return true
		}
	}
	return false
}

// Empty says whether nobody has been set up here yet.
func (d *Desk) Empty(ctx context.Context) (empty bool, err error) {
	err = d.Store.Read(ctx, func(tx *store.Tx) error {
		all, err := tx.Members()
		empty = len(all) == 0
		return err
	})
	return empty, err
}

// Begin keeps a prepared desk. With details of who operates it, these too.
func (d *Desk) Begin(ctx context.Context, p *Prepared, who intake.Operator) error {
	signer, err := vault.SignerOf(p.own.Sign)
	if err != nil {
		return err
	}
	m := p.member
	intakeKey := vault.NewPrivate()
	today := d.today()
	return d.Store.Write(ctx, func(tx *store.Tx) error {
		if all, err := tx.Members(); err != nil || len(all) > 0 {
			return errors.Join(ErrSetUp, err)
		}
		if err := tx.AddMember(m); err != nil {
			return err
		}
		r := roll{members: map[string]line{}}
		if err := r.add(d, tx, p.line, p.first); err != nil {
			return err
		}
		if err := tx.PutSetting("circle", p.circle.Bytes()); err != nil {
			return err
		}
		if who != (intake.Operator{}) {
			if err := intake.SetOperator(tx, who); err != nil {
				return err
			}
		}
		for _, e := range []struct {
			purpose        string
			public, secret []byte
		}{{forIntake, intakeKey.Public().Bytes(), intakeKey.Bytes()}, {forWorking, nil, vault.NewKey().Bytes()}, {forTokens, nil, vault.NewTokenKey().Bytes()}} {
			if err := d.openEpoch(tx, store.Epoch{Purpose: e.purpose, ID: 1, Public: e.public, Opened: today}, e.secret, []store.Member{m}, p.circle, m.ID, signer); err != nil {
				return err
			}
		}
		_, err := d.Ledger.Append(tx, ledger.Event{Kind: "desk.set_up", Day: today, By: m.ID})
		return err
	})
}
