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
	all, err := s.CheckedCards(tx)
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
	trustees, err := s.Circle(tx)
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

// given are the keys of members that a member of the desk has signed. A row that nobody
// signed puts nobody on a case, and must get nobody the next keys.
func given(rows []store.FolderKey, people []desk.Card) (out []store.FolderKey) {
	for _, w := range rows {
		i := slices.IndexFunc(people, func(p desk.Card) bool { return p.ID == w.Author })
		if i >= 0 && w.Member != "" && vault.Check(people[i].Verifier, w.Signature, "folder_key", signedKey(w)...) == nil {
			out = append(out, w)
		}
	}
	return out
}

// seats gives who may hold the next keys of a folder: those who work here and on cases,
// from keys that were given, by a roll of members that is whole.
func seats(tx *store.Tx, s *desk.Session, id string) (map[string][]string, error) {
	people, err := s.CheckedCards(tx)
	if err != nil {
		return nil, err
	}
	rows, err := tx.FolderKeys(id)
	if err != nil {
		return nil, err
	}
	out := map[string][]string{}
	for _, w := range given(rows, people) {
		if !slices.ContainsFunc(people, func(p desk.Card) bool {
			return p.ID == w.Member && p.State == "active" && desk.May(p.Roles, desk.WorkCases)
		}) {
			continue
		}
		if !slices.Contains(out[w.Member], w.Compartment) {
			out[w.Member] = append(out[w.Member], w.Compartment)
		}
	}
	return out, nil
}

// keys opens a member's keys of a case. ErrNone if they have none of it.
func (c *Casework) keys(ctx context.Context, s *desk.Session, id string) (folderKeys, error) {
	r, err := c.room(s)
	if err != nil {
		return nil, err
	}
	var wraps []store.FolderKey
	var people []desk.Card
	if err := c.Store.Read(ctx, func(tx *store.Tx) (err error) {
		if wraps, err = tx.FolderKeys(id); err != nil {
			return err
		}
		people, err = r.cards(tx, s)
		return err
	}); err != nil {
		return nil, err
	}
	wraps = slices.DeleteFunc(wraps, func(w store.FolderKey) bool { return w.Member != s.Member })
	return r.open(s, id, wraps, people)
}

// open opens sealed keys of one case, or gives those that are open already. A key that
// its author did not sign stops it.
func (r *room) open(s *desk.Session, id string, wraps []store.FolderKey, people []desk.Card) (folderKeys, error) {
	if len(wraps) == 0 {
		r.forget(id)
		return nil, ErrNone
	}
	got := r.kept(id)
	if len(got) == len(wraps) && !slices.ContainsFunc(wraps, func(w store.FolderKey) bool { _, ok := got[keyID{w.Compartment, w.Generation}]; return !ok }) {
		return got, nil
	}
	out := folderKeys{}
	for _, w := range wraps {
		i := slices.IndexFunc(people, func(p desk.Card) bool { return p.ID == w.Author })
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
		if !slices.ContainsFunc(wraps, func(w store.FolderKey) bool { return w.Member == member }) {
			return nil, ErrNone
		}
		left, err := seats(tx, s, id)
		if err != nil {
			return nil, err
		}
		delete(left, member)
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

// HandOver takes a member off all their cases and safe places, and puts another on
// those that whoever hands over can open; to may be empty. Others who are on them stay.
// It says on how many nobody is left: only the trustees can open those.
func (c *Casework) HandOver(ctx context.Context, s *desk.Session, from, to string) (alone int, err error) {
	if err := s.May(desk.InviteMembers); err != nil {
		return 0, err
	}
	var wraps []store.FolderKey
	if err := c.Store.Read(ctx, func(tx *store.Tx) (err error) {
		wraps, err = tx.FolderKeysOf(from)
		return err
	}); err != nil {
		return 0, err
	}
	comps := map[string][]string{}
	for _, w := range wraps {
		if !slices.Contains(comps[w.Folder], w.Compartment) {
			comps[w.Folder] = append(comps[w.Folder], w.Compartment)
		}
	}
	for _, id := range sorted(comps) {
		if to != "" {
			// What cannot be given because it is not held stays with those who hold it.
			switch err := c.Share(ctx, s, id, to, comps[id]); {
			case errors.Is(err, ErrNone), errors.Is(err, ErrShut), errors.Is(err, desk.ErrForbidden):
			case err != nil:
				return alone, err
			}
		}
		last, err := c.expel(ctx, s, id, from)
		if err != nil {
			return alone, err
		}
		if last {
			alone++
		}
	}
	return alone, nil
}

// expel destroys a member's keys of a folder and opens new ones for those who stay. It
// needs no key of the folder.
func (c *Casework) expel(ctx context.Context, s *desk.Session, id, member string) (last bool, err error) {
	err = c.Store.Write(ctx, func(tx *store.Tx) error {
		f, err := tx.LockFolder(id)
		if err != nil {
			return err
		}
		wraps, err := tx.FolderKeys(id)
		if err != nil {
			return err
		}
		left, err := seats(tx, s, id)
		if err != nil {
			return err
		}
		delete(left, member)
		next := folderKeys{}
		for _, w := range wraps {
			next[keyID{w.Compartment, f.Generation + 1}] = vault.Key{}
		}
		last = len(left) == 0
		for k := range next {
			next[k] = vault.NewKey()
		}
		if err := tx.DropFolderKeys(id, member); err != nil {
			return err
		}
		if err := tx.TurnFolder(id, f.Generation+1); err != nil {
			return err
		}
		if err := c.sealKeys(tx, s, id, next, left, true); err != nil {
			return err
		}
		kind := "case.removed"
		if last {
			kind = "case.alone"
		}
		_, err = c.Ledger.Append(tx, ledger.Event{Kind: kind, Day: c.today(), By: s.Member, Of: id, Detail: map[string]string{"member": member}})
		return err
	})
	if r, rerr := c.room(s); rerr == nil {
		r.forget(id)
	}
	return last, err
}
