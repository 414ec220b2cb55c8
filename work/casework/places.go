package casework

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"homeward/keep/ledger"
	"homeward/keep/store"
	"homeward/keep/vault"
	"homeward/know/place"
	"homeward/know/text"
	"homeward/work/desk"
)

// Place is somewhere people are held, which the whole desk knows of, or somewhere safe,
// which only those know of who must.
type Place struct {
	ID       string   `json:"-"`
	Revision int64    `json:"-"`
	Safe     bool     `json:"safe,omitempty"`
	Names    []string `json:"names"` // in all languages, each as it is written there
	Country  string   `json:"country,omitempty"`
	District string   `json:"district,omitempty"`
	Position string   `json:"position,omitempty"`
	Room     string   `json:"room,omitempty"`  // of a safe place: for how many, and how many are free
	Needs    string   `json:"needs,omitempty"` // what it cannot do without, and for whom it is not right
	Reach    string   `json:"reach,omitempty"`
	Notes    string   `json:"notes,omitempty"`
	// Known says that the name of a place where people are held is public anyway, so
	// that a warning may use it.
	Known   bool     `json:"known,omitempty"`
	Members []string `json:"-"` // who knows of a safe place
}

// Name is what lists call it.
func (p Place) Name() string {
	if len(p.Names) == 0 {
		return Short(p.ID)
	}
	return p.Names[0]
}

// Is says whether somebody who wrote s meant this place, by any of its names.
func (p Place) Is(s string) bool {
	folded := text.Normalize(s).Text
	return slices.ContainsFunc(p.Names, func(n string) bool {
		one := text.Normalize(n).Text
		return one != "" && strings.Contains(folded, one)
	})
}

// shelterKind is the kind of folder a safe place is.
const shelterKind = "shelter"

func placeRecord(id string, revision int64) vault.Place {
	return vault.Place{Table: "record", Row: "compound/" + id, Field: "body", Revision: uint64(revision)}
}

func signedPlace(r store.Record) [][]byte {
	return [][]byte{[]byte(r.Kind), []byte(r.ID), fmt.Append(nil, r.Revision), r.Body, []byte(r.Author)}
}

// check bounds a place and reads its position.
func (p *Place) check() error {
	p.Names = slices.DeleteFunc(p.Names, func(s string) bool { return strings.TrimSpace(s) == "" })
	switch {
	case len(p.Names) == 0:
		return &Invalid{Field: "names", Why: "must"}
	case len(p.Names) > 60 || len([]rune(strings.Join(p.Names, ""))) > 6000 || len([]rune(p.District+p.Room+p.Reach+p.Position)) > 4*maxLine || len([]rune(p.Needs+p.Notes)) > maxLong:
		return &Invalid{Field: "notes", Why: "long"}
	case p.Country != "" && !isCountry(p.Country):
		return &Invalid{Field: "country", Why: "choice"}
	}
	if p.Position == "" {
		return nil
	}
	at, err := place.Parse(p.Position)
	var s *place.Swapped
	switch {
	case errors.As(err, &s):
		return &Invalid{Field: "position", Why: "swapped", Meant: s.Meant.String()}
	case err != nil:
		return &Invalid{Field: "position", Why: "position"}
	}
	p.Position = at.String()
	return nil
}

// SavePlace keeps a place: a new one without an id, otherwise a change of the revision
// that the member saw. ErrConflict if a colleague was quicker. A safe place is sealed to
// those who are named, and to whoever keeps it.
func (c *Casework) SavePlace(ctx context.Context, s *desk.Session, p Place) (string, error) {
	if err := s.May(desk.WorkCases); err != nil {
		return "", err
	}
	if err := p.check(); err != nil {
		return "", err
	}
	if p.Safe {
		return c.saveShelter(ctx, s, p)
	}
	if p.ID == "" {
		p.ID = rand.Text()
	}
	b, err := json.Marshal(p)
	if err != nil {
		return "", err
	}
	row := store.Record{Kind: "compound", ID: p.ID, Revision: p.Revision + 1, Author: s.Member, Day: c.today()}
	if row.Body, row.Epoch, err = s.Seal(placeRecord(row.ID, row.Revision), b); err != nil {
		return "", err
	}
	if row.Signature, err = s.Sign("record", signedPlace(row)...); err != nil {
		return "", err
	}
	err = c.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.AddRecord(row); err != nil {
			return err
		}
		_, err := c.Ledger.Append(tx, ledger.Event{Kind: "place.changed", Day: c.today(), By: s.Member, Of: p.ID})
		return err
	})
	if errors.Is(err, store.ErrConflict) {
		err = ErrConflict
	}
	return p.ID, err
}

func (c *Casework) saveShelter(ctx context.Context, s *desk.Session, p Place) (string, error) {
	data, err := json.Marshal(p)
	if err != nil {
		return "", err
	}
	e := Entry{Kind: "shelter", Compartment: File, Written: c.Now().Unix(), Data: data}
	who := map[string][]string{s.Member: {File}}
	for _, m := range p.Members {
		who[m] = []string{File}
	}
	if p.ID == "" {
		p.ID = rand.Text()
		keys := folderKeys{{File, 1}: vault.NewKey()}
		return p.ID, c.Store.Write(ctx, func(tx *store.Tx) error {
			if err := tx.AddFolder(p.ID, shelterKind, c.today()); err != nil {
				return err
			}
			if err := c.sealKeys(tx, s, p.ID, keys, who, true); err != nil {
				return err
			}
			if _, err := c.append(tx, s, p.ID, keys, 1, e, ""); err != nil {
				return err
			}
			_, err := c.Ledger.Append(tx, ledger.Event{Kind: "shelter.added", Day: c.today(), By: s.Member, Of: p.ID})
			return err
		})
	}
	keys, err := c.keys(ctx, s, p.ID)
	if err != nil {
		return "", err
	}
	err = c.Store.Write(ctx, func(tx *store.Tx) error {
		f, err := tx.LockFolder(p.ID)
		if err != nil {
			return err
		}
		if f.Entries != p.Revision {
			return ErrConflict
		}
		// Who may no longer know gets no key of what is written from now on.
		next, generation := folderKeys{{File, f.Generation + 1}: vault.NewKey()}, f.Generation+1
		if err := tx.TurnFolder(p.ID, generation); err != nil {
			return err
		}
		rows, err := tx.FolderKeys(p.ID)
		if err != nil {
			return err
		}
		for _, w := range rows {
			if _, stays := who[w.Member]; !stays && w.Member != "" {
				if err := tx.DropFolderKeys(p.ID, w.Member); err != nil {
					return err
				}
			}
		}
		for k, v := range keys { // and those who newly may, the old ones too
			next[k] = v
		}
		if err := c.sealKeys(tx, s, p.ID, next, who, true); err != nil {
			return err
		}
		if _, err := c.append(tx, s, p.ID, next, generation, e, ""); err != nil {
			return err
		}
		_, err = c.Ledger.Append(tx, ledger.Event{Kind: "shelter.changed", Day: c.today(), By: s.Member, Of: p.ID})
		return err
	})
	if r, rerr := c.room(s); rerr == nil {
		r.forget(p.ID)
	}
	return p.ID, err
}

// Places gives the places where people are held, and the safe ones that the member may
// know of.
func (c *Casework) Places(ctx context.Context, s *desk.Session) (out []Place, err error) {
	if err := s.May(desk.WorkCases); err != nil {
		return nil, err
	}
	var rows []store.Record
	var shelters []store.Folder
	var people []desk.Card
	if err := c.Store.Read(ctx, func(tx *store.Tx) (err error) {
		if rows, err = tx.Records("compound"); err != nil {
			return err
		}
		if shelters, err = tx.FolderSizes(shelterKind, s.Member); err != nil {
			return err
		}
		people, err = desk.Cards(tx)
		return err
	}); err != nil {
		return nil, err
	}
	for _, r := range rows {
		i := slices.IndexFunc(people, func(p desk.Card) bool { return p.ID == r.Author })
		if i < 0 {
			return nil, vault.ErrSignature
		}
		if err := vault.Check(people[i].Verifier, r.Signature, "record", signedPlace(r)...); err != nil {
			return nil, err
		}
		b, err := s.Open(placeRecord(r.ID, r.Revision), r.Epoch, r.Body)
		if err != nil {
			return nil, err
		}
		p := Place{ID: r.ID, Revision: r.Revision}
		if err := json.Unmarshal(b, &p); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	for _, f := range shelters {
		keys, err := c.keys(ctx, s, f.ID)
		if err != nil {
			return nil, err
		}
		entries, seats, err := c.lines(ctx, f.ID, keys)
		if err != nil {
			return nil, err
		}
		p := Place{ID: f.ID, Revision: f.Entries, Safe: true}
		for _, e := range entries {
			if !e.Shut && e.Kind == "shelter" {
				p.Names = nil
				if err := json.Unmarshal(e.Data, &p); err != nil {
					return nil, err
				}
			}
		}
		for _, m := range seats {
			p.Members = append(p.Members, m.Member)
		}
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b Place) int { return strings.Compare(a.Name(), b.Name()) })
	return out, nil
}
