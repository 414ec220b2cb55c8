package desk

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"homeward/keep/ledger"
	"homeward/keep/store"
	"homeward/keep/vault"
	"homeward/work/intake"
)

// Request is what trustees are asked to answer for: one report, or the desk's keys.
// It is no secret; what they answer opens that and nothing else.
type Request struct {
	Report  string // or "" for the desk's own keys: all that is unread and all that was worked
	Wrapped [][]byte
}

const (
	requestHead = "homeward request v1"
	answerHead  = "homeward answer v1"
	allKeys     = "THE KEYS OF THE DESK, which open everything"
)

// Text gives a request as a file to carry to trustees, who can read what it is for.
func (r Request) Text() string {
	var b strings.Builder
	b.WriteString(requestHead + "\nfor " + r.what() + "\n")
	for _, w := range r.Wrapped {
		b.WriteString(base64.StdEncoding.EncodeToString(w) + "\n")
	}
	return b.String()
}

func (r Request) what() string {
	if r.Report == "" {
		return allKeys
	}
	return "report " + r.Report
}

// ErrRequest says that a file is no request, or no answer to this one.
var ErrRequest = errors.New("desk: this is not such a file, or it was made for another request; make a new one")

// ReadRequest reads a request's file, and says what it is for.
func ReadRequest(text string) (r Request, what string, err error) {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if len(lines) < 3 || lines[0] != requestHead || len(lines) > 10_000 {
		return r, "", ErrRequest
	}
	what, ok := strings.CutPrefix(lines[1], "for ")
	if !ok {
		return r, "", ErrRequest
	}
	r.Report, _ = strings.CutPrefix(what, "report ")
	if what == allKeys {
		r.Report = ""
	}
	for _, l := range lines[2:] {
		w, err := base64.StdEncoding.DecodeString(strings.TrimSpace(l))
		if err != nil {
			return r, "", ErrRequest
		}
		r.Wrapped = append(r.Wrapped, w)
	}
	return r, what, nil
}

// AnswerWith answers a request with one trustee's share, as a file to send back.
func (r Request) AnswerWith(s vault.Share) (string, error) {
	out := answerHead + "\n"
	for _, w := range r.Wrapped {
		a, err := s.Answer(w)
		if err != nil {
			return "", err
		}
		out += a.Text() + "\n"
	}
	return out, nil
}

// gather puts the files of several trustees together, by what they are answers to.
func (r Request) gather(files []string) ([][]vault.Answer, error) {
	out := make([][]vault.Answer, len(r.Wrapped))
	for _, f := range files {
		lines := strings.Split(strings.TrimSpace(f), "\n")
		if lines[0] != answerHead || len(lines)-1 != len(r.Wrapped) {
			return nil, ErrRequest
		}
		for i, l := range lines[1:] {
			a, err := vault.AnswerOf(l)
			if err != nil {
				return nil, err
			}
			out[i] = append(out[i], a)
		}
	}
	return out, nil
}

// AskTrustees makes the request for one report, or with "" for the desk's keys.
func (d *Desk) AskTrustees(ctx context.Context, report string) (Request, error) {
	r := Request{Report: report}
	if report != "" {
		var err error
		r.Wrapped, err = d.Intake.ForTrustees(ctx, report)
		return r, err
	}
	wraps, err := d.circleWraps(ctx)
	for _, w := range wraps {
		r.Wrapped = append(r.Wrapped, w.Sealed)
	}
	return r, err
}

func (d *Desk) circleWraps(ctx context.Context) (wraps []store.Wrap, err error) {
	err = d.Store.Read(ctx, func(tx *store.Tx) error {
		wraps, err = tx.Wraps("")
		return err
	})
	return wraps, err
}

func (d *Desk) circle(ctx context.Context) (c vault.Circle, err error) {
	err = d.Store.Read(ctx, func(tx *store.Tx) error {
		b, err := tx.Setting("circle")
		if err != nil {
			return err
		}
		c, err = vault.CircleOf(b)
		return err
	})
	return c, err
}

// RecoverReport opens one report with trustees' answers. It stands in the ledger.
func (d *Desk) RecoverReport(ctx context.Context, report string, files []string) ([]intake.Sent, error) {
	r, err := d.AskTrustees(ctx, report)
	if err != nil {
		return nil, err
	}
	answers, err := r.gather(files)
	if err != nil {
		return nil, err
	}
	c, err := d.circle(ctx)
	if err != nil {
		return nil, err
	}
	out, err := d.Intake.OpenByTrustees(ctx, report, c, answers)
	if err != nil {
		return nil, err
	}
	return out, d.note(ctx, "recovery.report", "", report)
}

// RecoverDesk gives the desk's keys to a new member, by trustees' answers: for when
// every passphrase is lost. It stands in the ledger.
func (d *Desk) RecoverDesk(ctx context.Context, login, passphrase string, files []string) (Made, error) {
	if err := strong(login, passphrase); err != nil {
		return Made{}, err
	}
	r, err := d.AskTrustees(ctx, "")
	if err != nil {
		return Made{}, err
	}
	answers, err := r.gather(files)
	if err != nil {
		return Made{}, err
	}
	c, err := d.circle(ctx)
	if err != nil {
		return Made{}, err
	}
	wraps, err := d.circleWraps(ctx)
	if err != nil {
		return Made{}, err
	}
	root := ""
	if err := d.Store.Read(ctx, func(tx *store.Tx) error {
		r, err := tx.Roll()
		if len(r) > 0 {
			root = hashOf(r[0])
		}
		return err
	}); err != nil {
		return Made{}, err
	}
	m, s, err := d.newMember(ctx, applicant{login: login, passphrase: passphrase, roles: Administrator + " " + Coordinator, root: root})
	if err != nil {
		return Made{}, err
	}
	signer, err := vault.SignerOf(s.Sign)
	if err != nil {
		return Made{}, err
	}
	public, err := vault.PublicOf(m.Public)
	if err != nil {
		return Made{}, err
	}
	err = d.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.AddMember(m); err != nil {
			return err
		}
		newest, proving := int64(0), vault.Key{}
		for i, w := range wraps {
			secret, err := c.Combine(wrapPlace(w.Purpose, "", w.Epoch), "epoch", w.Sealed, answers[i])
			if err != nil {
				return err
			}
			sealed, err := public.Wrap(wrapPlace(w.Purpose, m.ID, w.Epoch), "epoch", secret)
			if err != nil {
				return err
			}
			if err := addWrap(tx, store.Wrap{Purpose: w.Purpose, Epoch: w.Epoch, Member: m.ID, Sealed: sealed, Author: m.ID}, signer); err != nil {
				return err
			}
			if w.Purpose == forWorking && w.Epoch > newest {
				newest = w.Epoch
				if proving, err = vault.KeyOf(secret); err != nil {
					return err
				}
			}
		}
		if err := d.recoverRoll(tx, m, signer, newest, proving); err != nil {
			return err
		}
		_, err := d.Ledger.Append(tx, ledger.Event{Kind: "recovery.desk", Day: d.today(), By: m.ID, Detail: map[string]string{"keys": fmt.Sprint(len(wraps))}})
		return err
	})
	return Made{Login: login, Second: secondText(s.Second), URI: secondURI(login, s.Second)}, err
}

// recoverRoll adds a recovered member to the roll, or begins it anew where there was
// none. They show that they hold the desk's newest working key, so that colleagues
// who are still here believe it.
func (d *Desk) recoverRoll(tx *store.Tx, m store.Member, signer vault.Signer, epoch int64, key vault.Key) error {
	all, err := tx.Roll()
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return nil // their first sign-in makes it
	}
	r := roll{lines: int64(len(all)), head: hashOf(all[len(all)-1]), members: map[string]line{}}
	l := lineOf(lineRecovered, m)
	l.N, l.Epoch = r.lines, epoch
	l.Proof = proof(l, key)
	return r.write(d, tx, l, m.ID, signer)
}

// applicant is what a new member brings.
type applicant struct {
	login, passphrase, roles, root string
	second                         []byte // of an authenticator, or nil for a new one
}

// newMember makes the keys and the row of a member.
func (d *Desk) newMember(ctx context.Context, a applicant) (store.Member, secrets, error) {
	m, s, err := freshMember(a)
	if err != nil {
		return m, s, err
	}
	m.Locked, err = d.lockedUnder(ctx, m.ID, s, a.passphrase)
	return m, s, err
}

// freshMember makes them, and locks nothing yet.
func freshMember(a applicant) (store.Member, secrets, error) {
	if a.second == nil {
		a.second = NewSecond()
	}
	s := secrets{Seed: vault.NewPrivate().Bytes(), Sign: vault.NewSigner().Bytes(), Second: a.second, Root: a.root}
	pair, err := vault.PrivateOf(s.Seed)
	if err != nil {
		return store.Member{}, s, err
	}
	signer, err := vault.SignerOf(s.Sign)
	if err != nil {
		return store.Member{}, s, err
	}
	return store.Member{ID: rand.Text(), Login: a.login, Roles: a.roles, Public: pair.Public().Bytes(), Verifier: signer.Verifier(), State: active}, s, nil
}

func (d *Desk) lockedUnder(ctx context.Context, id string, s secrets, passphrase string) ([]byte, error) {
	plain, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	return d.Stretcher.Lock(ctx, passphrase, memberPlace(id), plain)
}
