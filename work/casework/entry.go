package casework

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // the zones of far places, wherever the program runs

	"homeward/know/hotline"
	"homeward/know/place"
)

// Entry is one line of a case's timeline. Lines are only ever added.
type Entry struct {
	N           int64             `json:"-"` // its place in the timeline, from 1
	Compartment string            `json:"-"`
	By          string            `json:"-"` // the member who wrote it
	Shut        bool              `json:"-"` // sealed with a key the reader does not hold: nothing else is known of it
	Kind        string            `json:"kind"`
	Written     int64             `json:"written"`          // unix seconds
	Person      int               `json:"person,omitempty"` // of the case, from 1; 0 for all of it
	Of          int64             `json:"of,omitempty"`     // the line that this one is about
	F           map[string]string `json:"f,omitempty"`      // answers, as typed, by field
	Times       map[string]int64  `json:"times,omitempty"`  // those that are times, in unix seconds
	Zone        string            `json:"zone,omitempty"`   // in which they were given
	Data        json.RawMessage   `json:"data,omitempty"`   // what another room keeps in the line
}

// At is when it happened, as far as that was said; otherwise when it was written.
func (e Entry) At() int64 {
	if t, ok := e.Times["at"]; ok {
		return t
	}
	return e.Written
}

// Zones are the places' times a form offers: those where people are held, and those
// they come from.
var Zones = []string{
	"Asia/Taipei", "Asia/Hong_Kong", "Asia/Kuala_Lumpur", "Asia/Phnom_Penh", "Asia/Yangon", "Asia/Bangkok",
	"Asia/Vientiane", "Asia/Manila", "Asia/Ho_Chi_Minh", "Asia/Jakarta", "Asia/Singapore", "Asia/Shanghai",
	"Asia/Seoul", "Asia/Tokyo", "Asia/Kolkata", "Asia/Dubai", "UTC",
}

// The longest that is taken, in characters.
const (
	maxLine = 600
	maxLong = 20_000
)

// Invalid says which answer of a form is not taken, and why.
type Invalid struct {
	Field string
	Why   string // must, long, choice, date, future, old, position, swapped, person, kind
	Meant string // what was probably meant, if that is known
}

func (i *Invalid) Error() string { return "casework: " + i.Field + ": " + i.Why }

// Make makes an entry of a kind from the answers of a form. The error is *Invalid. A
// time is taken as of a zone of the form; now is the moment of writing.
func (b *Book) Make(kind string, person int, of int64, answers map[string]string, zone string, now time.Time) (Entry, error) {
	k, ok := b.Kind(kind)
	if !ok {
		return Entry{}, &Invalid{Field: "kind", Why: "kind"}
	}
	loc, err := time.LoadLocation(zone)
	if err != nil || !slices.Contains(Zones, zone) {
		zone, loc = "UTC", time.UTC
	}
	e := Entry{Kind: kind, Compartment: k.Compartment, Written: now.Unix(), Person: person, Of: of, F: map[string]string{}, Zone: zone}
	for _, f := range k.Fields {
		v := strings.TrimSpace(strings.ReplaceAll(answers[f.ID], "\r\n", "\n"))
		if v == "" {
			if f.Must {
				return Entry{}, &Invalid{Field: f.ID, Why: "must"}
			}
			continue
		}
		if err := e.take(f, v, loc, now); err != nil {
			return Entry{}, err
		}
	}
	return e, nil
}

func (e *Entry) take(f Field, v string, loc *time.Location, now time.Time) error {
	limit := maxLine
	if f.Type == "long" {
		limit = maxLong
	}
	if len([]rune(v)) > limit {
		return &Invalid{Field: f.ID, Why: "long"}
	}
	switch f.Type {
	case "choice":
		if !slices.Contains(f.Options, v) {
			return &Invalid{Field: f.ID, Why: "choice"}
		}
	case "some":
		for _, one := range strings.Split(v, "\n") {
			if !slices.Contains(f.Options, one) {
				return &Invalid{Field: f.ID, Why: "choice"}
			}
		}
	case "when", "day":
		t, err := ParseWhen(v, loc)
		if err != nil {
			return &Invalid{Field: f.ID, Why: "date"}
		}
		switch {
		case t.Year() < 1900:
			return &Invalid{Field: f.ID, Why: "old"}
		case t.After(now.Add(36*time.Hour)) && slices.Contains(past, f.ID), t.After(now.AddDate(10, 0, 0)):
			return &Invalid{Field: f.ID, Why: "future"}
		}
		if e.Times == nil {
			e.Times = map[string]int64{}
		}
		e.Times[f.ID] = t.Unix()
	case "country":
		if !isCountry(v) {
			return &Invalid{Field: f.ID, Why: "choice"}
		}
	case "position":
		p, err := place.Parse(v)
		if s, ok := err.(*place.Swapped); ok {
			return &Invalid{Field: f.ID, Why: "swapped", Meant: s.Meant.String()}
		} else if err != nil {
			return &Invalid{Field: f.ID, Why: "position"}
		}
		e.F["point"] = p.String()
	}
	e.F[f.ID] = v
	return nil
}

func isCountry(code string) bool {
	return slices.ContainsFunc(hotline.Default().Countries(), func(c hotline.Country) bool { return c.Code == code })
}

// past are the fields that speak of what has happened.
var past = []string{"at", "since", "left"}

// ParseWhen reads a day or a moment as people write it: 2026-11-24, 2026-11-24 14:30,
// 2026/11/24, 2026-11, 2026; also of the year of the Republic (民國115年11月24日) and
// of the Buddhist era (2569-11-24, as any year from 2400 on). A day is its first
// moment; one that no calendar has is an error.
func ParseWhen(s string, loc *time.Location) (time.Time, error) {
	s = strings.TrimSpace(s)
	roc := false
	for _, mark := range []string{"民國", "民国"} {
		if rest, ok := strings.CutPrefix(s, mark); ok {
			s, roc = rest, true
		}
	}
	s = strings.TrimSpace(strings.TrimPrefix(s, "พ.ศ."))
	s = strings.NewReplacer("年", "-", "月", "-", "日", " ", "/", "-", "T", " ", "：", ":").Replace(s)
	day, clock, _ := strings.Cut(strings.TrimSpace(s), " ")
	parts := strings.Split(strings.Trim(day, "-"), "-")
	if len(parts) > 3 || day == "" {
		return time.Time{}, errDate
	}
	n := []int{0, 1, 1}
	for i, p := range parts {
		v, err := strconv.Atoi(strings.TrimSpace(p))
		if err != nil || v < 1 || len(p) > 4 {
			return time.Time{}, errDate
		}
		n[i] = v
	}
	switch {
	case roc:
		n[0] += 1911
	case n[0] >= 2400:
		n[0] -= 543
	}
	var h, m int
	if clock = strings.TrimSpace(clock); clock != "" {
		t, err := time.Parse("15:04", clock)
		if err != nil {
			if t, err = time.Parse("15:04:05", clock); err != nil {
				return time.Time{}, errDate
			}
		}
		h, m = t.Hour(), t.Minute()
	}
	t := time.Date(n[0], time.Month(n[1]), n[2], h, m, 0, 0, loc)
	if t.Year() != n[0] || int(t.Month()) != n[1] || t.Day() != n[2] {
		return time.Time{}, errDate
	}
	return t, nil
}

var errDate = fmt.Errorf("casework: no such day")
