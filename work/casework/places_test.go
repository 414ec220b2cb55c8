package casework_test

import (
	"errors"
	"testing"

	"homeward/keep/store"
	"homeward/test/engines"
	"homeward/test/people"
	"homeward/work/casework"
	"homeward/work/desk"
)

// TestPlaces: all know where people are held; of a safe place know those who are named,
// and whoever is taken off reads nothing that is written later.
func TestPlaces(t *testing.T) {
	engines.Each(t, func(t *testing.T, db *store.Store) {
		d := people.New(t, db)
		ctx := t.Context()
		a, b := d.First, d.Member("grey wren", desk.Caseworker)
		id, err := d.Cases.SavePlace(ctx, a, casework.Place{Names: []string{"Example Garden", "範例花園"}, Country: "KH", Position: "11.5564, 104.9282"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Cases.SavePlace(ctx, b, casework.Place{ID: id, Revision: 0, Names: []string{"another"}}); !errors.Is(err, casework.ErrConflict) {
			t.Errorf("an old page: %v", err)
		}
		got, err := d.Cases.Places(ctx, b)
		if err != nil || len(got) != 1 || !got[0].Is("he wrote of 范例花园, building 3") || got[0].Is("Example") {
			t.Errorf("%+v, %v", got, err)
		}
		var bad *casework.Invalid
		if _, err := d.Cases.SavePlace(ctx, a, casework.Place{Names: []string{"x"}, Position: "104.9, 11.5"}); !errors.As(err, &bad) || bad.Why != "swapped" {
			t.Errorf("a swapped position: %v", err)
		}
		safe, err := d.Cases.SavePlace(ctx, a, casework.Place{Safe: true, Names: []string{"the inn"}, Room: "3 of 5 free"})
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := d.Cases.Places(ctx, b); len(got) != 1 {
			t.Errorf("who was not named knows: %+v", got)
		}
		if _, err := d.Cases.SavePlace(ctx, b, casework.Place{ID: safe, Revision: 1, Safe: true, Names: []string{"x"}}); !errors.Is(err, casework.ErrNone) {
			t.Errorf("who was not named writes: %v", err)
		}
		if _, err := d.Cases.SavePlace(ctx, a, casework.Place{ID: safe, Revision: 1, Safe: true, Names: []string{"the inn"}, Room: "2 of 5 free", Members: []string{b.Member}}); err != nil {
			t.Fatal(err)
		}
		if got, err := d.Cases.Places(ctx, b); err != nil || len(got) != 2 || got[1].Room != "2 of 5 free" || len(got[1].Members) != 2 {
			t.Errorf("who was named: %+v, %v", got, err)
		}
		if _, err := d.Cases.SavePlace(ctx, a, casework.Place{ID: safe, Revision: 2, Safe: true, Names: []string{"the inn"}, Room: "full"}); err != nil {
			t.Fatal(err)
		}
		if got, _ := d.Cases.Places(ctx, b); len(got) != 1 {
			t.Errorf("who was taken off still knows: %+v", got)
		}
	})
}
