package desk

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"homeward/keep/ledger"
	"homeward/keep/store"
	"homeward/keep/vault"
	"homeward/work/intake"
)

// The roll says who works here, with which keys and roles. Each line is signed by its
// author, who must have been an active administrator by the lines before it, and
// names the line before. So a row of the member table that somebody put into the
// database, or changed there, is found by whoever signs in: each member's locked
// secrets hold the hash of the first line, which nobody else can change.

// Kinds of lines.
const (
	lineSetUp     = "set up"
	lineConfirmed = "confirmed"
	lineRoles     = "roles"
	lineLeft      = "left"
	lineRecovered = "recovered" // by trustees: shown by holding the newest working key
	lineAdopted   = "adopted"   // a member from before there was a roll
)

// States of a member.
const (
	active = "active"
	left   = "left"
)

type line struct {
	N        int64  `json:"n"`
	Before   string `json:"before"` // hash of the line before
	Kind     string `json:"kind"`
	Member   string `json:"member"`
	Login    string `json:"login"`
	Roles    string `json:"roles"`
	State    string `json:"state"`
	Public   []byte `json:"public"`
	Verifier []byte `json:"verifier"`
	Day      int64  `json:"day"`
	Epoch    int64  `json:"epoch,omitempty"` // of the working key, opened with this line or proved by it
	Proof    []byte `json:"proof,omitempty"`
}

// roll is the sum of its lines.
type roll struct {
	lines   int64
	root    string // hash of the first line
	head    string
	epoch   int64 // of the newest working key that a line speaks of
	members map[string]line
	seen    *sync.Map // hashes of lines whose signature was checked before, or nil
}

// hashOf is what the next line names, and what members keep of the first.
func hashOf(s store.Statement) string {
	h := sha256.New()
	h.Write([]byte("homeward/roll/v1"))
	for _, p := range [][]byte{s.Statement, []byte(s.Author), s.Signature} {
		fmt.Fprintf(h, "%d:", len(p))
		h.Write(p)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// errRoll says what is wrong with the roll; it is ErrForged to whoever asks.
func errRoll(n int64, why string) error {
	return fmt.Errorf("desk: line %d of the roll: %s: %w", n, why, ErrForged)
}

// readRoll reads and checks the roll, and that the member table is its sum. root is
// what the reader keeps of the first line, "" for whoever has nothing yet. With keys
// it can check a recovery; without, a roll that holds one is not believed.
func readRoll(tx *store.Tx, root string, desk map[int64]vault.Key) (roll, error) {
	return (&roll{members: map[string]line{}}).read(tx, root, desk)
}

// readRoll is the same, and remembers which lines were checked.
func (d *Desk) readRoll(tx *store.Tx, root string, desk map[int64]vault.Key) (roll, error) {
	return (&roll{members: map[string]line{}, seen: &d.rollSeen}).read(tx, root, desk)
}

func (r *roll) read(tx *store.Tx, root string, desk map[int64]vault.Key) (roll, error) {
	all, err := tx.Roll()
	if err != nil {
		return *r, err
	}
	for _, s := range all {
		if err := r.take(s, desk); err != nil {
			return *r, err
		}
	}
	if root != "" && root != r.root {
		return *r, errRoll(0, "another than the one you knew")
	}
	if r.lines == 0 {
		return *r, nil
	}
	members, err := tx.Members()
	if err != nil {
		return *r, err
	}
	return *r, r.agrees(members)
}

// take checks one line and adds it.
func (r *roll) take(s store.Statement, desk map[int64]vault.Key) error {
	var l line
	if err := json.Unmarshal(s.Statement, &l); err != nil {
		return errRoll(s.N, "cannot be read")
	}
	if s.N != r.lines || l.N != s.N || l.Before != r.head {
		return errRoll(s.N, "does not follow the one before")
	}
	old, known := r.members[l.Member]
	by, verifier := r.members[s.Author], []byte(nil)
	switch {
	case s.N == 0 && l.Member == s.Author:
		verifier = l.Verifier
	case l.Kind == lineRecovered && l.Member == s.Author && !known:
		if l.Epoch < r.epoch || !provedBy(l, desk) {
			return errRoll(s.N, "a recovery that does not hold the desk's newest key")
		}
		verifier = l.Verifier
	case by.State == active && slices.Contains(strings.Fields(by.Roles), Administrator):
		verifier = by.Verifier
	default:
		return errRoll(s.N, "its author could not say this")
	}
	if known && (!bytes.Equal(old.Public, l.Public) || !bytes.Equal(old.Verifier, l.Verifier) || old.Login != l.Login || old.State == left) {
		return errRoll(s.N, "changes what does not change")
	}
	// A line's hash holds all the lines before it, so who could say it stays said.
	hash := hashOf(s)
	if !r.knows(hash) {
		if err := vault.Check(verifier, s.Signature, "roll", s.Statement, []byte(s.Author)); err != nil {
			return errRoll(s.N, "not signed by its author")
		}
		if r.seen != nil {
			r.seen.Store(hash, true)
		}
	}
	r.members[l.Member] = l
	r.epoch = max(r.epoch, l.Epoch)
	r.head = hash
	if s.N == 0 {
		r.root = r.head
	}
	r.lines++
	return nil
}

func (r *roll) knows(hash string) bool {
	if r.seen == nil {
		return false
	}
	_, ok := r.seen.Load(hash)
	return ok
}

// agrees says whether the member table is what the roll says.
func (r *roll) agrees(members []store.Member) error {
	if len(members) != len(r.members) {
		return errRoll(r.lines, "there are other members in the table")
	}
	for _, m := range members {
		l, ok := r.members[m.ID]
		if !ok || l.Login != m.Login || l.Roles != m.Roles || l.State != m.State || !bytes.Equal(l.Public, m.Public) || !bytes.Equal(l.Verifier, m.Verifier) {
			return errRoll(r.lines, "member "+m.ID+" was changed in the table")
		}
	}
	return nil
}

// proof shows that somebody holds a working key, over a new member's keys.
func proof(l line, k vault.Key) []byte {
	t, err := vault.TokenKeyOf(k.Bytes())
	if err != nil {
		return nil
	}
	sum := t.Token("recovered", fmt.Appendf(nil, "%s/%d/%x/%x", l.Member, l.N, l.Public, l.Verifier))
	return sum[:]
}

func provedBy(l line, desk map[int64]vault.Key) bool {
	k, ok := desk[l.Epoch]
	return ok && bytes.Equal(proof(l, k), l.Proof)
}

// write adds a line, and says so in the ledger. What follows in the member table is
// the caller's to write.
func (r *roll) write(d *Desk, tx *store.Tx, l line, author string, signer vault.Signer) error {
	s, err := r.sign(d, l, author, signer)
	if err != nil {
		return err
	}
	return r.add(d, tx, l, s)
}

// sign makes the next line.
func (r *roll) sign(d *Desk, l line, author string, signer vault.Signer) (store.Statement, error) {
	l.N, l.Before, l.Day = r.lines, r.head, d.today()
	text, err := json.Marshal(l)
	return store.Statement{N: l.N, Statement: text, Author: author, Signature: signer.Sign("roll", text, []byte(author))}, err
}

// add keeps a line that was signed. It must hold by its own rules; a recovery is for
// others to check.
func (r *roll) add(d *Desk, tx *store.Tx, l line, s store.Statement) error {
	if l.Kind == lineRecovered {
		r.members[l.Member], r.head, r.lines = l, hashOf(s), r.lines+1
	} else if err := r.take(s, nil); err != nil {
		return err
	}
	if err := tx.AddStatement(s); err != nil {
		return err
	}
	_, err := d.Ledger.Append(tx, ledger.Event{Kind: "member." + strings.ReplaceAll(l.Kind, " ", "_"), Day: d.today(), By: s.Author, Of: l.Member, Detail: map[string]string{"roles": l.Roles, "roll": r.head}})
	return err
}

// lineOf begins a line for a member as they stand in the table.
func lineOf(kind string, m store.Member) line {
	return line{Kind: kind, Member: m.ID, Login: m.Login, Roles: m.Roles, State: m.State, Public: m.Public, Verifier: m.Verifier}
}

// holding says whether a member's roles come with the desk's keys.
func holding(roles string) bool { return May(roles, ReadReports) }

// entitled are the members to whom the desk's keys are sealed.
func (r *roll) entitled(members []store.Member) (out []store.Member) {
	for _, m := range members {
		if l, ok := r.members[m.ID]; ok && l.State == active && holding(l.Roles) {
			out = append(out, m)
		}
	}
	return out
}

// holders are those of them who hold the newest working key: who still waits for keys
// gets the old and the new together.
func (r *roll) holders(tx *store.Tx) ([]store.Member, error) {
	newest, err := tx.NewestEpoch(forWorking)
	if err != nil {
		return nil, err
	}
	have, err := tx.Holders(forWorking, newest.ID)
	if err != nil {
		return nil, err
	}
	members, err := tx.Members()
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(r.entitled(members), func(m store.Member) bool { return !slices.Contains(have, m.ID) }), nil
}

// others says how many active members beside one have a role.
func (r *roll) others(member, role string) (n int) {
	for id, l := range r.members {
		if id != member && l.State == active && slices.Contains(strings.Fields(l.Roles), role) {
			n++
		}
	}
	return n
}

// rollOf reads the roll for somebody at work.
func (d *Desk) rollOf(tx *store.Tx, s *Session, k intake.Keys) (roll, error) {
	r, err := d.readRoll(tx, s.root, k.Desk)
	if err == nil && r.lines == 0 {
		err = errRoll(0, "is empty")
	}
	return r, err
}

// checkRoll is asked at sign-in. A desk from before there was a roll gets one from
// the first administrator who signs in, and each member keeps its first line.
func (d *Desk) checkRoll(ctx context.Context, m store.Member, own secrets, passphrase string, s *Session, k intake.Keys) error {
	s.root, s.circle = own.Root, own.Circle
	err := d.Store.Read(ctx, func(tx *store.Tx) error {
		r, err := d.readRoll(tx, own.Root, k.Desk)
		if err != nil {
			return err
		}
		if own.Root != "" && r.lines == 0 {
			return errRoll(0, "is gone")
		}
		s.root = r.root
		// To the circle everything is sealed: another one in its place would open it all.
		b, err := tx.Setting("circle")
		if err != nil {
			return err
		}
		if s.circle = circleHash(b); own.Circle != "" && own.Circle != s.circle {
			return errCircle
		}
		return nil
	})
	if err != nil || own.Root != "" && own.Circle != "" {
		return err
	}
	if s.root == "" {
		if !May(m.Roles, InviteMembers) {
			return nil // an administrator has not signed in yet
		}
		if err := d.Store.Write(ctx, func(tx *store.Tx) error { return d.adopt(tx, m, s) }); err != nil {
			return err
		}
	}
	own.Root, own.Circle = s.root, s.circle
	return d.relock(ctx, m, own, passphrase)
}

// adopt makes a roll of the members there are.
func (d *Desk) adopt(tx *store.Tx, m store.Member, s *Session) error {
	r, err := d.readRoll(tx, "", nil)
	if err != nil || r.lines > 0 {
		return errors.Join(err, store.ErrConflict)
	}
	newest, err := tx.NewestEpoch(forWorking)
	if err != nil {
		return err
	}
	first := lineOf(lineSetUp, m)
	first.Epoch = newest.ID
	if err := r.write(d, tx, first, m.ID, s.signer); err != nil {
		return err
	}
	all, err := tx.Members()
	if err != nil {
		return err
	}
	for _, other := range all {
		if other.ID == m.ID {
			continue
		}
		if err := r.write(d, tx, lineOf(lineAdopted, other), m.ID, s.signer); err != nil {
			return err
		}
	}
	s.root = r.root
	return nil
}

// relock keeps a member's secrets anew under a passphrase.
func (d *Desk) relock(ctx context.Context, m store.Member, own secrets, passphrase string) error {
	locked, err := d.lockedUnder(ctx, m.ID, own, passphrase)
	if err != nil {
		return err
	}
	return d.Store.Write(ctx, func(tx *store.Tx) error { return tx.LockMember(m.ID, locked, m.Revision) })
}
