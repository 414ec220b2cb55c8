package casework

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"

	"homeward/keep/ledger"
	"homeward/keep/store"
	"homeward/keep/vault"
	"homeward/work/desk"
)

type keyID struct {
	compartment string
	generation  int64
}

type folderKeys map[keyID]vault.Key

func folderKeyPlace(id, member, compartment string, generation int64) vault.Place {
	return vault.Place{Table: "folder_key", Row: id + "/" + member, Field: compartment, Epoch: uint64(generation)}
}

func signedKey(k store.FolderKey) [][]byte {
	sum := sha256.Sum256(k.Sealed)
	return [][]byte{[]byte(k.Folder), []byte(k.Compartment), fmt.Append(nil, k.Generation), []byte(k.Member), sum[:], []byte(k.Author)}
}

// sealKeys seals a folder's keys to members by compartment and, with circle, to the
// trustees.
func (c *Casework) sealKeys(tx *store.Tx, s *desk.Session, id string, keys folderKeys, who map[string][]string, circle bool) error {
	all, err := desk.Colleagues(tx)
	if err != nil {
		return err
	}
	put := func(member string, k keyID, sealed []byte) error {
		row := store.FolderKey{Folder: id, Compartment: k.compartment, Generation: k.generation, Member: member, Sealed: sealed, Author: s.Member}
		var err error
		if row.Signature, err = s.Sign("folder_key", signedKey(row)...); err != nil {
			return err
		}
		return tx.AddFolderKey(row)
	}
	for _, m := range all {
		comps, ok := who[m.ID]
		if !ok {
			continue
		}
		if m.State != "active" || !desk.May(m.Roles, desk.WorkCases) {
			return desk.ErrForbidden
		}
		public, err := vault.PublicOf(m.Public)
		if err != nil {
			return err
		}
		for k, key := range keys {
			if !slices.Contains(comps, k.compartment) || k.compartment == Legal && !desk.May(m.Roles, desk.ReadLegal) {
				continue
			}
			sealed, err := public.Wrap(folderKeyPlace(id, m.ID, k.compartment, k.generation), "folder", key.Bytes())
			if err != nil {
				return err
			}
			if err := put(m.ID, k, sealed); err != nil {
				return err
			}
		}
	}
	if !circle {
		return nil
	}
	trustees, err := desk.Circle(tx)
	if err != nil {
		return err
	}
	for k, key := range keys {
		if err := put("", k, trustees.Wrap(folderKeyPlace(id, "", k.compartment, k.generation), "folder", key.Bytes())); err != nil {
			return err
		}
	}
	return nil
}

// keys opens a member's keys of a case. ErrNone if they have none of it.
func (c *Casework) keys(ctx context.Context, s *desk.Session, id string) (folderKeys, error) {
	r, err := c.room(s)
	if err != nil {
		return nil, err
	}
	var wraps []store.FolderKey
	var people []desk.Colleague
	if err := c.Store.Read(ctx, func(tx *store.Tx) (err error) {
		if wraps, err = tx.FolderKeys(id); err != nil {
			return err
		}
		people, err = desk.Colleagues(tx)
		return err
	}); err != nil {
		return nil, err
	}
	wraps = slices.DeleteFunc(wraps, func(w store.FolderKey) bool { return w.Member != s.Member })
	return r.open(s, id, wraps, people)
}

// open opens sealed keys of one case, or gives those that are open already. A key that
// its author did not sign stops it.
func (r *room) open(s *desk.Session, id string, wraps []store.FolderKey, people []desk.Colleague) (folderKeys, error) {
	if len(wraps) == 0 {
		r.forget(id)
		return nil, ErrNone
	}
	if got := r.kept(id); len(got) == len(wraps) {
		return got, nil
	}
	out := folderKeys{}
	for _, w := range wraps {
		i := slices.IndexFunc(people, func(p desk.Colleague) bool { return p.ID == w.Author })
		if i < 0 {
			return nil, vault.ErrSignature
		}
		if err := vault.Check(people[i].Verifier, w.Signature, "folder_key", signedKey(w)...); err != nil {
			return nil, err
		}
		b, err := s.Unwrap(folderKeyPlace(id, s.Member, w.Compartment, w.Generation), "folder", w.Sealed)
		if err != nil {
			return nil, err
		}
		k, err := vault.KeyOf(b)
		if err != nil {
			return nil, err
		}
		out[keyID{w.Compartment, w.Generation}] = k
	}
	r.keep(id, out)
	return out, nil
}

// Share puts a member on a case, in some of its compartments; only keys that whoever
// shares holds can be given.
func (c *Casework) Share(ctx context.Context, s *desk.Session, id, member string, compartments []string) error {
	if err := s.May(desk.ShareCases); err != nil {
		return err
	}
	keys, err := c.keys(ctx, s, id)
	if err != nil {
		return err
	}
	for _, comp := range compartments {
		if !slices.Contains(Compartments, comp) {
			return &Invalid{Field: "compartment", Why: "choice"}
		}
		if !slices.ContainsFunc(mapKeys(keys), func(k keyID) bool { return k.compartment == comp }) {
			return ErrShut
		}
	}
	if !slices.Contains(compartments, File) {
		return &Invalid{Field: "compartment", Why: "must"}
	}
	return c.membersChanged(ctx, s, id, keys, "case.shared", member, strings.Join(compartments, " "), func(tx *store.Tx, _ int64) (folderKeys, error) {
		return keys, c.sealKeys(tx, s, id, keys, map[string][]string{member: compartments}, false)
	})
}

// Remove takes a member off a case: their sealed keys are destroyed, and what is
// written from now on is sealed to keys they never had. What they have read they know.
func (c *Casework) Remove(ctx context.Context, s *desk.Session, id, member string) error {
	if err := s.May(desk.ShareCases); err != nil {
		return err
	}
	keys, err := c.keys(ctx, s, id)
	if err != nil {
		return err
	}
	return c.membersChanged(ctx, s, id, keys, "case.removed", member, "", func(tx *store.Tx, generation int64) (folderKeys, error) {
		wraps, err := tx.FolderKeys(id)
		if err != nil {
			return nil, err
		}
		left := map[string][]string{}
		there := false
		for _, w := range wraps {
			switch {
			case w.Member == member:
				there = true
			case w.Member != "" && !slices.Contains(left[w.Member], w.Compartment):
				left[w.Member] = append(left[w.Member], w.Compartment)
			}
		}
		if !there {
			return nil, ErrNone
		}
		for _, comp := range Compartments {
			held := false
			for _, comps := range left {
				held = held || slices.Contains(comps, comp)
			}
			if !held {
				return nil, ErrLast
			}
		}
		if err := tx.DropFolderKeys(id, member); err != nil {
			return nil, err
		}
		next := folderKeys{}
		for _, comp := range Compartments {
			next[keyID{comp, generation + 1}] = vault.NewKey()
		}
		if err := tx.TurnFolder(id, generation+1); err != nil {
			return nil, err
		}
		return next, c.sealKeys(tx, s, id, next, left, true)
	})
}

// membersChanged does a change of who is on a case, with its line and its event.
func (c *Casework) membersChanged(ctx context.Context, s *desk.Session, id string, keys folderKeys, kind, member, detail string, change func(*store.Tx, int64) (folderKeys, error)) error {
	err := c.Store.Write(ctx, func(tx *store.Tx) error {
		f, err := tx.LockFolder(id)
		if err != nil {
			return err
		}
		who, err := tx.Member(member)
		if err != nil {
			return err
		}
		now, err := change(tx, f.Generation)
		if err != nil {
			return err
		}
		generation := f.Generation
		for k := range now {
			generation = max(generation, k.generation)
		}
		e := Entry{Kind: "members", Compartment: File, Written: c.Now().Unix(), F: map[string]string{"text": strings.TrimSpace(kind + ": " + who.Login + " " + detail)}}
		// A removed member may have removed themselves: the line is then in the old key.
		if _, ok := now[keyID{File, generation}]; !ok {
			now = keys
		}
		if _, err := c.append(tx, s, id, now, generation, e, ""); err != nil {
			return err
		}
		_, err = c.Ledger.Append(tx, ledger.Event{Kind: kind, Day: c.today(), By: s.Member, Of: id, Detail: map[string]string{"member": member, "keys": detail}})
		return err
	})
	if errors.Is(err, store.ErrNone) {
		return ErrNone
	}
	if r, err := c.room(s); err == nil {
		r.forget(id)
	}
	if err == nil && member != s.Member {
		err = c.refresh(ctx, s, id)
	}
	return err
}

// HandOver gives all of a member's cases, as far as whoever hands over holds their
// keys, to another, and takes the first off them. Cases that could not be handed over
// are named.
func (c *Casework) HandOver(ctx context.Context, s *desk.Session, from, to string) (left []string, err error) {
	var wraps []store.FolderKey
	if err := c.Store.Read(ctx, func(tx *store.Tx) (err error) {
		wraps, err = tx.FolderKeysOf(from)
		return err
	}); err != nil {
		return nil, err
	}
	comps := map[string][]string{}
	for _, w := range wraps {
		if !slices.Contains(comps[w.Folder], w.Compartment) {
			comps[w.Folder] = append(comps[w.Folder], w.Compartment)
		}
	}
	for _, id := range sorted(comps) {
		err := c.Share(ctx, s, id, to, comps[id])
		if err == nil {
			err = c.Remove(ctx, s, id, from)
		}
		if err != nil {
			left = append(left, id)
		}
	}
	return left, nil
}
