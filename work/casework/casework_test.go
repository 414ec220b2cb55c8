package casework_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"homeward/keep/store"
	"homeward/keep/vault"
	"homeward/test/engines"
	"homeward/test/people"
	"homeward/work/casework"
	"homeward/work/desk"
)

func TestMain(m *testing.M) { engines.Main(m) }

func add(t *testing.T, d *people.Desk, s *desk.Session, id, kind string, person int, pairs ...string) int64 {
	t.Helper()
	n, _, err := d.Cases.Add(t.Context(), s, id, casework.Nonce(), line(t, d, kind, person, 0, pairs...), 0)
	if err != nil {
		t.Fatalf("%s: %v", kind, err)
	}
	return n
}

func line(t *testing.T, d *people.Desk, kind string, person int, of int64, pairs ...string) casework.Entry {
	t.Helper()
	answers := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		answers[pairs[i]] = pairs[i+1]
	}
	e, err := d.Cases.Book.Make(kind, person, of, answers, "Asia/Phnom_Penh", d.Clock.Now())
	if err != nil {
		t.Fatalf("%s: %v", kind, err)
	}
	return e
}

func opened(t *testing.T, d *people.Desk, s *desk.Session, n casework.New) string {
	t.Helper()
	if n.Nonce == "" {
		n.Nonce = casework.Nonce()
	}
	id, err := d.Cases.Open(t.Context(), s, n)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// TestTheWayHome carries one invented person from missing to home.
func TestTheWayHome(t *testing.T) {
	engines.Each(t, func(t *testing.T, db *store.Store) {
		d := people.New(t, db)
		s := d.First
		id := opened(t, d, s, casework.New{Called: "the son", Origin: "TW"})
		add(t, d, s, id, "identity", 1, "name", "測試人甲", "phone", "+000 000")
		add(t, d, s, id, "place", 1, "place", "Example Garden", "accuracy", "compound", "according", "the mother", "at", "2026-05-01")
		add(t, d, s, id, "contact", 1, "at", "2026-05-03 20:00", "who", "the person", "next", "2026-05-04 20:00")
		add(t, d, s, id, "harm", 1, "what", "papers taken\nlocked in", "according", "the person")
		add(t, d, s, id, "forced", 1, "according", "the person", "text", "invented words")
		task := add(t, d, s, id, "task", 0, "text", "call the consulate", "due", "2026-05-05", "member", s.Member)
		add(t, d, s, id, "stage", 1, "stage", "in contact", "text", "he wrote")

		got, err := d.Cases.Read(t.Context(), s, id)
		if err != nil {
			t.Fatal(err)
		}
		st := got.State
		p := st.People[0]
		if st.Stage != "in contact" || p.Called != "the son" || p.Identity["name"] != "測試人甲" || p.Place.F["place"] != "Example Garden" || st.Title() != "the son" {
			t.Errorf("state %+v", st)
		}
		if len(st.Clocks) != 2 || st.Clocks[0].Kind != "call" || st.Clocks[1].Kind != "task" {
			t.Errorf("clocks %+v", st.Clocks)
		}
		// Eight in the evening in Phnom Penh is one in the afternoon in UTC.
		if due := time.Unix(st.Clocks[0].Due, 0).UTC(); due.Hour() != 13 {
			t.Errorf("the call is due at %v", due)
		}
		board, _, err := d.Cases.Board(t.Context(), s)
		if err != nil || len(board) != 1 || len(board[0].Due(d.Clock.Now())) != 0 {
			t.Fatalf("board %+v, %v", board, err)
		}
		d.Clock.Add(2 * time.Hour) // past one in the afternoon
		s = d.SignIn("blue heron")
		board, _, err = d.Cases.Board(t.Context(), s)
		if err != nil || !slices.Equal(board[0].Why(d.Clock.Now()), []string{"a promised call did not come"}) {
			t.Errorf("why %+v, %v", board[0].Why(d.Clock.Now()), err)
		}
		// Whoever is in touch keeps the promise; what is done rings no more.
		add(t, d, s, id, "contact", 1, "at", "2026-05-04 21:00", "who", "the person", "duress", "yes")
		if _, _, err := d.Cases.Add(t.Context(), s, id, "", line(t, d, "done", 0, task, "text", "they said yes"), 0); err != nil {
			t.Fatal(err)
		}
		got, _ = d.Cases.Read(t.Context(), s, id)
		if len(got.State.Clocks) != 0 || !got.State.People[0].Forced || len(got.State.Open()) != 0 {
			t.Errorf("after the call: %+v", got.State)
		}
		for _, stage := range []string{"out", "sheltered", "home"} {
			add(t, d, s, id, "stage", 1, "stage", stage, "text", "as agreed")
		}
		add(t, d, s, id, "outcome", 1, "outcome", "home", "agreed", "yes")
		got, _ = d.Cases.Read(t.Context(), s, id)
		if got.State.Stage != "home" || got.State.People[0].Outcome == nil {
			t.Errorf("at home: %+v", got.State)
		}
	})
}

// TestOnlyWhoIsOnIt: another member with every role finds nothing, and says nothing of
// it; a member without the legal key sees only that a line is there.
func TestOnlyWhoIsOnIt(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		d := people.New(t, st)
		a, b := d.First, d.Member("grey wren", desk.Caseworker, desk.Coordinator)
		auditor := d.Member("old owl", desk.Auditor)
		id := opened(t, d, a, casework.New{Called: "the singer"})
		add(t, d, a, id, "forced", 1, "according", "herself", "text", "marker of the legal part")
		if _, err := d.Cases.Read(t.Context(), b, id); !errors.Is(err, casework.ErrNone) {
			t.Errorf("not on the case: %v", err)
		}
		if _, err := d.Cases.Read(t.Context(), auditor, id); !errors.Is(err, desk.ErrForbidden) {
			t.Errorf("an auditor: %v", err)
		}
		if _, _, err := d.Cases.Add(t.Context(), b, id, "", line(t, d, "task", 0, 0, "text", "x"), 0); !errors.Is(err, casework.ErrNone) {
			t.Errorf("adding: %v", err)
		}
		if err := d.Cases.Share(t.Context(), b, id, b.Member, []string{"file"}); !errors.Is(err, casework.ErrNone) {
			t.Errorf("sharing with oneself: %v", err)
		}
		if err := d.Cases.Share(t.Context(), a, id, auditor.Member, []string{"file"}); !errors.Is(err, desk.ErrForbidden) {
			t.Errorf("sharing with an auditor: %v", err)
		}
		if err := d.Cases.Share(t.Context(), a, id, b.Member, []string{"file", "identity"}); err != nil {
			t.Fatal(err)
		}
		got, err := d.Cases.Read(t.Context(), b, id)
		if err != nil || got.State.Shut != 1 || !slices.Equal(got.Mine, []string{"file", "identity"}) {
			t.Errorf("without the legal key: %+v, %v", got.State, err)
		}
		if found, _, err := d.Cases.Search(t.Context(), b, "marker"); err != nil || len(found) != 0 {
			t.Errorf("search opens what the member cannot: %+v, %v", found, err)
		}
		if found, _, err := d.Cases.Search(t.Context(), a, "ＭＡＲＫＥＲ legal"); err != nil || len(found) != 1 {
			t.Errorf("search: %+v, %v", found, err)
		}
		if _, _, err := d.Cases.Add(t.Context(), b, id, "", line(t, d, "forced", 1, 0, "according", "x", "text", "y"), 0); !errors.Is(err, casework.ErrShut) {
			t.Errorf("a line into a compartment that is shut: %v", err)
		}
		// Whoever is taken off reads nothing from then on.
		if err := d.Cases.Remove(t.Context(), a, id, b.Member); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Cases.Read(t.Context(), b, id); !errors.Is(err, casework.ErrNone) {
			t.Errorf("taken off: %v", err)
		}
		if board, _, err := d.Cases.Board(t.Context(), b); err != nil || len(board) != 0 {
			t.Errorf("taken off, the board shows %+v, %v", board, err)
		}
		if err := d.Cases.Remove(t.Context(), a, id, a.Member); !errors.Is(err, casework.ErrLast) {
			t.Errorf("the last one: %v", err)
		}
		add(t, d, a, id, "task", 0, "text", "in the new key")
		if got, err := d.Cases.Read(t.Context(), a, id); err != nil || got.State.Shut != 0 {
			t.Errorf("old and new keys: %+v, %v", got.State.Shut, err)
		}
	})
}

// TestTwoAtOnce: lines of two members at once are all kept, in one order; what depends
// on what was known is refused when more has come.
func TestTwoAtOnce(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		d := people.New(t, st)
		a, b := d.First, d.Member("grey wren", desk.Caseworker)
		id := opened(t, d, a, casework.New{Called: "two dancers"})
		if err := d.Cases.Share(t.Context(), a, id, b.Member, []string{"file"}); err != nil {
			t.Fatal(err)
		}
		before, err := d.Cases.Read(t.Context(), a, id)
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		const each = 20
		for _, s := range []*desk.Session{a, b} {
			for i := range each {
				wg.Go(func() {
					nonce := fmt.Sprintf("nonce-of-line-%02d-of-this-test", i)
					for range 2 { // sent twice
						if _, _, err := d.Cases.Add(t.Context(), s, id, nonce, line(t, d, "task", 0, 0, "text", fmt.Sprint(s.Login, i)), 0); err != nil {
							t.Error(err)
						}
					}
				})
			}
		}
		wg.Wait()
		got, err := d.Cases.Read(t.Context(), b, id)
		if err != nil || len(got.State.Tasks) != 2*each {
			t.Errorf("%d tasks, %v", len(got.State.Tasks), err)
		}
		stage := line(t, d, "stage", 1, 0, "stage", "located", "text", "why")
		if _, _, err := d.Cases.Add(t.Context(), a, id, casework.Nonce(), stage, before.State.Lines); !errors.Is(err, casework.ErrConflict) {
			t.Errorf("a stage on an old page: %v", err)
		}
		if _, newer, err := d.Cases.Add(t.Context(), a, id, casework.Nonce(), line(t, d, "task", 0, 0, "text", "more"), before.State.Lines); err != nil || !newer {
			t.Errorf("a line on an old page: %v, %v", newer, err)
		}
	})
}

// TestLinesCannotBeChanged: a line that was changed, swapped or taken out of the
// database stops the reading.
func TestLinesCannotBeChanged(t *testing.T) {
	engines.Each(t, func(t *testing.T, st *store.Store) {
		d := people.New(t, st)
		id := opened(t, d, d.First, casework.New{Called: "somebody"})
		other := opened(t, d, d.First, casework.New{Called: "somebody else"})
		add(t, d, d.First, id, "task", 0, "text", "one")
		add(t, d, d.First, other, "task", 0, "text", "two")
		// A line of another case, put in as the next of this one.
		err := st.Write(t.Context(), func(tx *store.Tx) error {
			rows, err := tx.Entries(other)
			if err != nil {
				return err
			}
			e := rows[len(rows)-1]
			e.Folder, e.N, e.Once = id, 3, []byte("another")
			_, _, err = tx.AddEntry(e)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Cases.Read(t.Context(), d.First, id); !errors.Is(err, vault.ErrSignature) {
			t.Errorf("a moved line: %v", err)
		}
	})
}

// TestWhoLeaves: their cases go to a colleague as far as that can be given, others who
// are on them stay, and they open nothing from then on.
func TestWhoLeaves(t *testing.T) {
	engines.Each(t, func(t *testing.T, db *store.Store) {
		d := people.New(t, db)
		ctx := t.Context()
		a, b, c := d.First, d.Member("grey wren", desk.Caseworker), d.Member("red kite", desk.Caseworker)
		shared := opened(t, d, a, casework.New{Called: "one", Members: map[string][]string{b.Member: casework.Compartments}})
		theirs := opened(t, d, b, casework.New{Called: "two", Members: map[string][]string{c.Member: {casework.File}}})
		opened(t, d, b, casework.New{Called: "nobody else's"})
		if _, err := d.Cases.HandOver(ctx, c, b.Member, c.Member); !errors.Is(err, desk.ErrForbidden) {
			t.Errorf("a caseworker hands over: %v", err)
		}
		alone, err := d.Cases.HandOver(ctx, a, b.Member, c.Member)
		if err != nil || alone != 1 {
			t.Fatalf("%d are left alone, %v", alone, err)
		}
		if board, _, err := d.Cases.Board(ctx, b); err != nil || len(board) != 0 {
			t.Errorf("who left still has %+v, %v", board, err)
		}
		for id, who := range map[string]*desk.Session{shared: c, theirs: c} {
			got, err := d.Cases.Read(ctx, who, id)
			if err != nil || got.State.Shut > 0 {
				t.Errorf("%+v, %v", got.State, err)
			}
			if _, _, err := d.Cases.Add(ctx, who, id, "", line(t, d, "task", 0, 0, "text", "goes on"), 0); err != nil {
				t.Errorf("going on: %v", err)
			}
		}
		if _, err := d.Cases.Read(ctx, a, shared); err != nil {
			t.Errorf("who stays: %v", err)
		}
	})
}

func TestBadAnswers(t *testing.T) {
	now := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	b := casework.Default()
	for _, c := range []struct {
		kind, field, value, why string
	}{
		{"contact", "at", "2026-02-30", "date"},
		{"contact", "at", "yesterday", "date"},
		{"contact", "at", "2027-01-01", "future"},
		{"contact", "at", "1823-01-01", "old"},
		{"contact", "at", "", "must"},
		{"contact", "next", "2823-01-01", "future"}, // of the Buddhist era, 2280
		{"contact", "who", "the cat", "choice"},
		{"place", "position", "104.9, 11.5", "swapped"},
		{"place", "position", "by the river", "position"},
		{"statement", "text", strings.Repeat("長", 20_001), "long"},
		{"harm", "what", "papers taken\nmade up", "choice"},
		{"nothing", "", "", "kind"},
	} {
		answers := map[string]string{
			"at": "2026-05-01", "who": "the family", "place": "x", "accuracy": "town", "according": "x", "text": "x", "what": "beaten",
		}
		answers[c.field] = c.value
		_, err := b.Make(c.kind, 1, 0, answers, "Asia/Taipei", now)
		var i *casework.Invalid
		if !errors.As(err, &i) {
			if c.why != "" {
				t.Errorf("%s %s %q: %v", c.kind, c.field, c.value, err)
			}
			continue
		}
		if i.Why != c.why && c.why != "" {
			t.Errorf("%s %s %q: %v, want %s", c.kind, c.field, c.value, err, c.why)
		}
		if c.why == "swapped" && i.Meant != "11.50000, 104.90000" {
			t.Errorf("meant %q", i.Meant)
		}
	}
}

func TestParseWhen(t *testing.T) {
	for typed, want := range map[string]string{
		"2026-11-24": "2026-11-24 00:00", "2026-11-24T14:30": "2026-11-24 14:30", "2026/11/24 9:05": "2026-11-24 09:05", "2026-11": "2026-11-01 00:00", "2026": "2026-01-01 00:00",
		"民國115年11月24日": "2026-11-24 00:00", "民國87/3/5": "1998-03-05 00:00", "พ.ศ. 2569-11-24": "2026-11-24 00:00", "2569/11/24": "2026-11-24 00:00",
		"2024-02-29": "2024-02-29 00:00", "2026-02-29": "", "2026-13-01": "", "2026-00-01": "", "24.11.2026": "", "": "", "2026-11-24 25:00": "", "99999-01-01": "",
	} {
		got, err := casework.ParseWhen(typed, time.UTC)
		if want == "" {
			if err == nil {
				t.Errorf("%q is taken as %v", typed, got)
			}
			continue
		}
		if err != nil || got.Format("2006-01-02 15:04") != want {
			t.Errorf("%q is %v, %v; want %s", typed, got, err, want)
		}
	}
}

func FuzzParseWhen(f *testing.F) {
	f.Add("民國115年11月24日")
	f.Add("2026-11-24T14:30")
	f.Fuzz(func(t *testing.T, s string) {
		if at, err := casework.ParseWhen(s, time.UTC); err == nil && (at.Year() < 1 || at.Year() > 12000) {
			t.Errorf("%q gives %v", s, at)
		}
	})
}

// TestSearchSeesWhatOthersAdd: what a colleague writes, on this server or another, is
// found by the next search.
func TestSearchSeesWhatOthersAdd(t *testing.T) {
	engines.Each(t, func(t *testing.T, db *store.Store) {
		d := people.New(t, db)
		a, b := d.First, d.Member("grey wren", desk.Caseworker)
		id := opened(t, d, a, casework.New{Called: "the singer", Members: map[string][]string{b.Member: {"file", "identity"}}})
		search := func(want int) {
			t.Helper()
			found, left, err := d.Cases.Search(t.Context(), b, "lantern")
			for i := 0; err == nil && left > 0 && i < 500; i++ {
				time.Sleep(10 * time.Millisecond)
				found, left, err = d.Cases.Search(t.Context(), b, "lantern")
			}
			if err != nil || left != 0 || len(found) != want {
				t.Errorf("%d found, want %d; %d cases left, %v", len(found), want, left, err)
			}
		}
		search(0)
		add(t, d, a, id, "statement", 1, "according", "x", "text", "by the lantern")
		search(1)
		add(t, d, a, id, "forced", 1, "according", "x", "text", "a lantern under the legal key")
		search(1)
		add(t, d, b, id, "statement", 1, "according", "x", "text", "her own lantern")
		search(2)
		if err := d.Cases.Share(t.Context(), a, id, b.Member, casework.Compartments); err != nil {
			t.Fatal(err)
		}
		search(3)
		if err := d.Cases.Remove(t.Context(), a, id, b.Member); err != nil {
			t.Fatal(err)
		}
		search(0)
	})
}

// TestTheBoardFollows: the board is kept while the ledger tells of no change to a case,
// and follows every change that there is.
func TestTheBoardFollows(t *testing.T) {
	engines.Each(t, func(t *testing.T, db *store.Store) {
		d := people.New(t, db)
		a, b := d.First, d.Member("grey wren", desk.Caseworker)
		board := func(s *desk.Session, want int, lines int64) {
			t.Helper()
			for range 2 { // the second is the kept one
				rows, behind, err := d.Cases.Board(t.Context(), s)
				if err != nil || behind != 0 || len(rows) != want {
					t.Fatalf("%d cases, want %d; %d behind, %v", len(rows), want, behind, err)
				}
				if want > 0 && rows[0].Lines != lines {
					t.Errorf("as of line %d, want %d", rows[0].Lines, lines)
				}
			}
		}
		board(b, 0, 0)
		id := opened(t, d, a, casework.New{Called: "the singer", Members: map[string][]string{b.Member: {"file", "identity"}}})
		board(a, 1, 1)
		board(b, 1, 1)
		add(t, d, a, id, "statement", 1, "according", "x", "text", "y")
		board(b, 1, 2)
		if _, err := d.Cases.Read(t.Context(), b, id); err != nil { // leaves it as it was
			t.Fatal(err)
		}
		board(b, 1, 2)
		if err := d.Cases.Remove(t.Context(), a, id, a.Member); !errors.Is(err, casework.ErrLast) {
			t.Fatal(err)
		}
		board(a, 1, 2)
		if err := d.Cases.Remove(t.Context(), a, id, b.Member); err != nil {
			t.Fatal(err)
		}
		board(b, 0, 0)
		board(a, 1, 3)
	})
}
