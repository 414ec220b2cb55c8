package disclosure

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"homeward/form/paper"
	"homeward/form/say"
	"homeward/keep/store"
	"homeward/work/casework"
	"homeward/work/desk"
)

// Copy is what one recipient is given, and nobody else.
type Copy struct {
	Reference string // of this copy alone
	Lang      string
	Recipient string
	Date      string       // YYYY-MM-DD
	People    int          // it is about
	Facts     []paper.Pair // what was chosen and nothing else
	Text      string
	SHA256    string // of Text
}

// write makes the copy, in the recipient's language.
func write(w Weighed, reference string, now time.Time) Copy {
	c := Copy{Reference: reference, Lang: cmp.Or(w.Plan.Lang, "en"), Recipient: w.Channel.Name, Date: now.UTC().Format("2006-01-02"), People: len(w.Plan.People)}
	p := say.Desk(c.Lang)
	for _, o := range w.Chosen {
		key := p.T(o.Label)
		if c.People > 1 && o.Person > 0 {
			key = p.T("person %d", o.Person) + ", " + key
		}
		c.Facts = append(c.Facts, paper.Pair{Key: key, Value: o.Shown(c.Lang)})
	}
	c.Text = c.document().Text()
	sum := sha256.Sum256([]byte(c.Text))
	c.SHA256 = hex.EncodeToString(sum[:])
	return c
}

func (c Copy) document() paper.Document {
	p := say.Desk(c.Lang)
	intro := p.T("We ask for your help for somebody who may be held against their will.")
	if c.People > 1 {
		intro += " " + p.T("This is about %d people.", c.People)
	}
	return paper.Document{
		Title: p.T("Reference: %s", c.Reference), Lang: c.Lang, Reference: p.T("Reference: %s", c.Reference),
		Blocks: []paper.Block{
			paper.Pairs{Pairs: []paper.Pair{{Key: p.T("Date"), Value: c.Date}, {Key: p.T("For"), Value: c.Recipient}}},
			paper.Paragraph{Text: intro},
			paper.Pairs{Pairs: c.Facts},
			paper.Rule{},
			paper.Paragraph{Text: p.T("Do not pass this on to anybody, in your office or outside, without asking us first.")},
			paper.Paragraph{Text: p.T("More comes only from us and only under this reference. If somebody else asks you about it, tell us.")},
			paper.Note{Text: p.T("What we write is what we were told; we do not vouch for it.")},
		},
	}
}

// PDF prints the copy. missing are characters that no font here has; they stand in it
// as boxes.
func (c Copy) PDF() (b []byte, missing string, err error) {
	b, err = c.document().PDF()
	var m *paper.MissingError
	if errors.As(err, &m) {
		for _, r := range m.Characters {
			missing += string(r.Rune)
		}
		err = nil
	}
	return b, missing, err
}

// TakenCopy gives the copy that was taken of a plan, for as long as it has not been
// told, so that it can be printed: the same copy, not another. Each time stands in the
// ledger. Who has not the identity key of the case cannot open it.
func (d *Disclosure) TakenCopy(ctx context.Context, s *desk.Session, id string, n int64) (Copy, error) {
	if err := s.May(desk.PlanTelling); err != nil {
		return Copy{}, err
	}
	var out Copy
	_, err := d.step(ctx, s, id, n, "", "telling.copy_opened", func(_ *store.Tx, c casework.Case, channels []Channel, records map[string]Record) ([]casework.Entry, error) {
		i := slices.IndexFunc(c.Entries, func(e casework.Entry) bool { return e.N == n && e.Kind == "intent" && !e.Shut })
		if i < 0 {
			return nil, ErrNone
		}
		switch w := d.weigh(c, c.Entries[i], channels, records); {
		case w.Copy == nil:
			return nil, refuse("No copy has been taken yet.")
		case w.Step != "copied":
			return nil, refuse("It is closed: the copy is not shown again.")
		case len(w.Blocked) > 0:
			return nil, &Refused{append([]string{"Something has changed since the copy was taken. Do not tell it; destroy the copy."}, w.Blocked...)}
		}
		for _, e := range c.State.About[n] {
			if e.Kind == "copied" {
				return nil, json.Unmarshal(e.Data, &out)
			}
		}
		return nil, casework.ErrShut
	})
	return out, err
}
