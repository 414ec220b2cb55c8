// Package tokens shows that two sealed records of one person can be found to
// belong together from fingerprints alone: no index holds a name, a date or a
// number. Rooms of the house may not import each other for a test; this folder
// may import both.
package tokens

import (
	"bytes"
	"crypto/sha256"
	"testing"

	"homeward/keep/vault"
	"homeward/know/person"
)

type token = [sha256.Size]byte

// tokens makes the fingerprints of a record under a desk's key.
func tokens(k vault.TokenKey, r person.Record) []token {
	var out []token
	for _, t := range person.Read(r).Tokens() {
		out = append(out, k.Token(t.Field, []byte(t.Value)))
	}
	return out
}

// desk keeps fingerprints and sealed rows, nothing else.
type desk struct {
	key  vault.TokenKey
	rows map[token][]int
}

func (d *desk) add(row int, r person.Record) {
	for _, t := range tokens(d.key, r) {
		d.rows[t] = append(d.rows[t], row)
	}
}

// agree counts, per row, how many fingerprints of r are there.
func (d *desk) agree(r person.Record) map[int]int {
	out := map[int]int{}
	for _, t := range tokens(d.key, r) {
		for _, row := range d.rows[t] {
			out[row]++
		}
	}
	return out
}

func TestMatchThroughTokensOnly(t *testing.T) {
	stored := []person.Record{
		{ID: "0", Name: "林曉峰", BirthDate: "民國87年3月5日", Phone: "+886 912 000 333", Document: "K7788990011"},
		{ID: "1", Name: "陳文福", BirthDate: "1990-07-01", Phone: "+65 8123 0000"},
		{ID: "2", Name: "Ahmad bin Salleh", BirthDate: "1995-11-12", Document: "A1234567"},
	}
	d := &desk{key: vault.NewTokenKey(), rows: map[token][]int{}}
	for i, r := range stored {
		d.add(i, r)
	}
	for _, c := range []struct {
		asks person.Record
		row  int // -1: none
	}{
		{person.Record{Name: "Lam Hiu Fung", BirthDate: "1998"}, 0},
		{person.Record{Name: "LIN, HSIAO-FENG", BirthDate: "5/3/1998"}, 0},
		{person.Record{Name: "Ah Fung", Phone: "0912-000-333"}, 0},
		{person.Record{Name: "?", Document: "K7788990012"}, 0}, // one character off
		{person.Record{Name: "Tan Boon Hock", BirthDate: "1990-07-01"}, 1},
		{person.Record{Name: "Ahmed Salleh", BirthDate: "12 November 1995"}, 2},
		{person.Record{Name: "Lam Hiu Fung", BirthDate: "1971"}, -1},
		{person.Record{Name: "Maria Santos", BirthDate: "1990-07-01"}, -1}, // a birthday alone is no token
	} {
		best, most := -1, 0
		for row, n := range d.agree(c.asks) {
			if n > most || n == most && row < best {
				best, most = row, n
			}
		}
		if best != c.row {
			t.Errorf("%+v: row %d by %d fingerprints, want %d", c.asks, best, most, c.row)
		}
	}
	other := vault.NewTokenKey()
	for _, x := range tokens(other, stored[0]) {
		if len(d.rows[x]) > 0 {
			t.Fatal("fingerprints under another desk's key meet")
		}
	}
	for x := range d.rows {
		for _, plain := range []string{"林", "Lin", "1998", "0912", "K778"} {
			if bytes.Contains(x[:], []byte(plain)) {
				t.Fatal("a fingerprint holds what it was made of")
			}
		}
	}
}

// What few can guess is a token; what everybody shares is none.
func TestNothingCommonBecomesAToken(t *testing.T) {
	for _, r := range []person.Record{{Name: "林曉峰"}, {Sex: "m", Nationality: "MY", Place: "Ipoh"}, {BirthDate: "1998-03-05"}, {Phone: "123"}} {
		if got := person.Read(r).Tokens(); len(got) > 0 {
			t.Errorf("%+v gives tokens %v", r, got)
		}
	}
}
