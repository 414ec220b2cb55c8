// Package disclosure decides with the members who may be told how much: a register of
// channels, a plan whose fields are chosen one by one from nothing, the consent or the
// two members that stand behind it, one copy for one recipient, and what came of it.
//
// The intent stands in the ledger before the copy can be taken. Nothing here sends
// anything: a member does.
package disclosure

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pelletier/go-toml/v2"

	"homeward/keep/ledger"
	"homeward/keep/store"
	"homeward/keep/vault"
	"homeward/know/hotline"
	"homeward/work/casework"
	"homeward/work/desk"
)

// Disclosure is telling others. Its fields are needed.
type Disclosure struct {
	Store  *store.Store
	Ledger *ledger.Log
	Cases  *casework.Casework
	Now    func() time.Time
	Log    *slog.Logger
}

// Edge is whom a channel passes on what it is told.
type Edge struct {
	To     string `json:"to" toml:"to"`   // a channel's id, or words
	How    string `json:"how" toml:"how"` // yes, no, ask
	Source string `json:"source,omitempty" toml:"source"`
}

// Channel is somebody outside who can be told.
type Channel struct {
	ID         string `json:"id" toml:"id"`
	Name       string `json:"name" toml:"-"`
	Territory  string `json:"territory" toml:"-"` // ISO 3166-1
	Kind       string `json:"kind" toml:"-"`      // police, embassy_line, consular_line, ngo, media …
	Reach      string `json:"reach" toml:"-"`     // a number or an address, as one writes to it
	Demands    string `json:"demands,omitempty" toml:"demands"`
	Forwards   []Edge `json:"forwards,omitempty" toml:"forwards"`
	Prosecutes string `json:"prosecutes,omitempty" toml:"prosecutes"` // yes, no, or not known
	Sureness   string `json:"sureness,omitempty" toml:"-"`            // supported, recheck, unsure, do_not_ship; the desk's own: own
	Source     string `json:"source,omitempty" toml:"-"`
	SourceDate string `json:"source_date,omitempty" toml:"-"`
	Warning    string `json:"warning,omitempty" toml:"-"`
	Checked    string `json:"checked,omitempty" toml:"-"` // YYYY-MM-DD, by the desk
	CheckedBy  string `json:"checked_by,omitempty" toml:"-"`
	Experience string `json:"experience,omitempty" toml:"-"` // the desk's, in its words
	Closed     bool   `json:"closed,omitempty" toml:"-"`     // not to be used
	Revision   int64  `json:"-" toml:"-"`                    // 0: as the program ships it
}

// Sureness is how sure what is known of a channel's number is.
var Sureness = []string{"supported", "recheck", "unsure", "do_not_ship", "own"}

//go:embed channels.toml
var channelsTOML []byte

// shipped are the channels the program comes with: the numbers of know/hotline and what
// channels.toml adds.
var shipped = sync.OnceValue(func() []Channel {
	var file struct {
		Channel []Channel `toml:"channel"`
	}
	if err := toml.Unmarshal(channelsTOML, &file); err != nil {
		panic(fmt.Sprintf("disclosure: channels.toml: %v", err))
	}
	more := map[string]Channel{}
	for _, c := range file.Channel {
		more[c.ID] = c
	}
	var out []Channel
	for _, n := range hotline.Default().Numbers() {
		c := Channel{
			ID: n.ID, Name: n.Name, Territory: n.Territory, Kind: n.Kind, Reach: n.Written, Prosecutes: "not known",
			Sureness: n.Status, Source: n.Source, SourceDate: n.SourceDate, Warning: n.Note, Checked: n.CheckedOn, CheckedBy: n.CheckedBy,
		}
		if n.AnsweredBy == "police" {
			c.Prosecutes = "yes"
		}
		if m, ok := more[n.ID]; ok {
			c.Demands, c.Forwards = m.Demands, m.Forwards
			if m.Prosecutes != "" {
				c.Prosecutes = m.Prosecutes
			}
			delete(more, n.ID)
		}
		out = append(out, c)
	}
	for id := range more {
		panic("disclosure: channels.toml names a channel that is not in know/hotline: " + id)
	}
	return out
})

var (
	// ErrNone says that there is no such channel or plan.
	ErrNone = errors.New("disclosure: no such channel or plan")
	// ErrConflict says that a colleague changed the channel meanwhile.
	ErrConflict = store.ErrConflict
)

func recordPlace(kind, id string, revision int64) vault.Place {
	return vault.Place{Table: "record", Row: kind + "/" + id, Field: "body", Revision: uint64(revision)}
}

func signedRecord(r store.Record) [][]byte {
	return [][]byte{[]byte(r.Kind), []byte(r.ID), fmt.Append(nil, r.Revision), r.Body, []byte(r.Author)}
}

// Channels gives the register: what the program ships, as far as the desk has not
// written its own.
func (d *Disclosure) Channels(ctx context.Context, s *desk.Session) ([]Channel, error) {
	if err := s.May(desk.SeeChannels); err != nil {
		return nil, err
	}
	rows, people, err := d.records(ctx, "channel")
	if err != nil {
		return nil, err
	}
	out := slices.Clone(shipped())
	for _, r := range rows {
		var c Channel
		if err := openRecord(s, people, r, &c); err != nil {
			return nil, err
		}
		c.Revision = r.Revision
		if i := slices.IndexFunc(out, func(o Channel) bool { return o.ID == c.ID }); i >= 0 {
			out[i] = c
		} else {
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(a, b Channel) int { return strings.Compare(a.Territory, b.Territory) })
	return out, nil
}

// Channel gives one channel of the register.
func (d *Disclosure) Channel(ctx context.Context, s *desk.Session, id string) (Channel, error) {
	all, err := d.Channels(ctx, s)
	if err != nil {
		return Channel{}, err
	}
	return channelOf(all, id)
}

func channelOf(all []Channel, id string) (Channel, error) {
	i := slices.IndexFunc(all, func(c Channel) bool { return c.ID == id })
	if i < 0 {
		return Channel{}, ErrNone
	}
	return all[i], nil
}

// Invalid says which answer is not taken, and why.
type Invalid = casework.Invalid

// SaveChannel keeps the desk's own word on a channel; Revision is that of what the
// member saw: ErrConflict if a colleague was quicker. An empty id makes a new channel.
func (d *Disclosure) SaveChannel(ctx context.Context, s *desk.Session, nonce string, c Channel) (string, error) {
	if err := s.May(desk.KeepChannels); err != nil {
		return "", err
	}
	c.Name = strings.TrimSpace(c.Name)
	switch {
	case c.Name == "":
		return "", &Invalid{Field: "name", Why: "must"}
	case len([]rune(c.Name+c.Reach+c.Kind+c.Territory+c.Prosecutes)) > 600 || len([]rune(c.Experience+c.Demands+c.Warning)) > 20_000 || len(c.Forwards) > 40:
		return "", &Invalid{Field: "experience", Why: "long"}
	}
	for _, e := range c.Forwards {
		if !slices.Contains([]string{"yes", "no", "ask"}, e.How) || strings.TrimSpace(e.To) == "" || len(e.To) > 600 || len(e.Source) > 6000 {
			return "", &Invalid{Field: "forwards", Why: "choice"}
		}
	}
	if c.ID == "" {
		if len(nonce) < 20 {
			nonce = casework.Nonce()
		}
		c.ID = "own-" + strings.ToLower(casework.Short(nonce))
		c.Sureness = "own"
	}
	err := d.save(ctx, s, "channel", c.ID, c.Revision+1, c, ledger.Event{Kind: "channel.changed", Day: d.today(), By: s.Member, Of: c.ID})
	return c.ID, err
}

func (d *Disclosure) today() int64 { return d.Now().Unix() / 86400 }

func (d *Disclosure) save(ctx context.Context, s *desk.Session, kind, id string, revision int64, v any, e ledger.Event) error {
	row, err := sealRecord(s, kind, id, revision, v, d.today())
	if err != nil {
		return err
	}
	return d.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.AddRecord(row); err != nil {
			return err
		}
		_, err := d.Ledger.Append(tx, e)
		return err
	})
}

func sealRecord(s *desk.Session, kind, id string, revision int64, v any, day int64) (store.Record, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return store.Record{}, err
	}
	row := store.Record{Kind: kind, ID: id, Revision: revision, Author: s.Member, Day: day}
	if row.Body, row.Epoch, err = s.Seal(recordPlace(kind, id, revision), b); err != nil {
		return store.Record{}, err
	}
	row.Signature, err = s.Sign("record", signedRecord(row)...)
	return row, err
}

// records gives the records of a kind, and the members who may have signed them.
func (d *Disclosure) records(ctx context.Context, kind string) (rows []store.Record, people []desk.Card, err error) {
	err = d.Store.Read(ctx, func(tx *store.Tx) (err error) {
		if rows, err = tx.Records(kind); err != nil {
			return err
		}
		people, err = desk.Cards(tx)
		return err
	})
	return rows, people, err
}

// openRecord opens a record that its author has signed.
func openRecord(s *desk.Session, people []desk.Card, r store.Record, into any) error {
	i := slices.IndexFunc(people, func(p desk.Card) bool { return p.ID == r.Author })
	if i < 0 {
		return vault.ErrSignature
	}
	if err := vault.Check(people[i].Verifier, r.Signature, "record", signedRecord(r)...); err != nil {
		return err
	}
	b, err := s.Open(recordPlace(r.Kind, r.ID, r.Revision), r.Epoch, r.Body)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, into)
}

// Reach is somebody whom what is told may come to.
type Reach struct {
	Name string
	How  string   // the least sure step on the way: yes, or ask
	Via  []string // names on the way there
}

// Downstream gives everybody whom what is told to a channel may come to.
func Downstream(all []Channel, id string) (out []Reach) {
	seen := map[string]bool{id: true}
	type step struct {
		id, how string
		via     []string
	}
	queue := []step{{id: id, how: "yes"}}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		c, err := channelOf(all, at.id)
		if err != nil {
			continue
		}
		for _, e := range c.Forwards {
			if e.How == "no" || seen[e.To] {
				continue
			}
			seen[e.To] = true
			r := Reach{Name: e.To, How: e.How, Via: at.via}
			if at.how == "ask" {
				r.How = "ask"
			}
			if next, err := channelOf(all, e.To); err == nil {
				r.Name = next.Name
				queue = append(queue, step{e.To, r.How, append(slices.Clone(at.via), next.Name)})
			}
			out = append(out, r)
		}
	}
	return out
}

// Told is one telling, as the desk's register keeps it: nothing of whom it was about.
type Told struct {
	Channel string `json:"channel"`
	Stage   string `json:"stage"`
	Day     int64  `json:"day"`
	People  int    `json:"people"`
	Outcome string `json:"outcome,omitempty"`
	ID      string `json:"-"`
}

// Record is what came of telling a channel, in plain counts.
type Record struct {
	Channel  string
	Told     int
	People   int // exposed so far, each telling counted
	Outcomes map[string]int
	Waiting  int  // of whom nothing has been entered yet
	Enough   bool // to mean anything
}

// Meaningful is how many tellings with an outcome it takes until counts of one channel
// can mean anything: a channel that passes on three in ten, where one in twenty comes to
// harm anyway, needs about fifteen before it stands out (docs/quality.md, from Wald's
// sequential test).
const Meaningful = 15

// Records gives the counts of all channels that were told anything.
func (d *Disclosure) Records(ctx context.Context, s *desk.Session) (map[string]Record, error) {
	if err := s.May(desk.SeeChannels); err != nil {
		return nil, err
	}
	rows, people, err := d.records(ctx, "telling")
	if err != nil {
		return nil, err
	}
	out := map[string]Record{}
	for _, r := range rows {
		var t Told
		if err := openRecord(s, people, r, &t); err != nil {
			return nil, err
		}
		c := out[t.Channel]
		if c.Outcomes == nil {
			c.Outcomes = map[string]int{}
		}
		c.Channel = t.Channel
		c.Told++
		c.People += t.People
		if t.Outcome == "" {
			c.Waiting++
		} else {
			c.Outcomes[t.Outcome]++
		}
		c.Enough = c.Told-c.Waiting >= Meaningful
		out[t.Channel] = c
	}
	return out, nil
}
