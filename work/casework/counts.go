package casework

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"homeward/keep/store"
	"homeward/work/desk"
)

// K is the least number of people that a count shows. The Counter-Trafficking Data
// Collaborative withheld what fewer than eleven people shared
// (ctdatacollaborative.org/global-dataset).
const K = 11

// Cell is one number of the counts. N is 0 where it is withheld.
type Cell struct {
	Name     string
	N        int
	Withheld bool
}

// Table is one way of counting everybody once.
type Table struct {
	Cells    []Cell
	Withheld int // how many cells do not say their number
}

// Counts are the plain counts of the people in the cases that a member may open. They
// name nobody, and a number below K is withheld.
type Counts struct {
	Known                                 Cell
	Status, Origins, Destinations, Months Table
	// Cases is how many cases were counted; Others how many the desk has beside them,
	// of which the reader knows nothing.
	Cases, Others int
	Behind        int // cases that are still being opened: the counts are not whole
}

// The lines of Status, as English sentences of the catalogue.
const (
	AtHome    = "confirmed home"
	Elsewhere = "safe elsewhere"
	OnTheWay  = "out, not home yet"
	StillHeld = "still held or missing"
	Otherwise = "ended otherwise"
)

// Statuses lists them in the order they are shown.
var Statuses = []string{AtHome, Elsewhere, OnTheWay, StillHeld, Otherwise}

// status says where a person is on the way, for the counts. An outcome that was
// entered counts before a stage.
func (c Count) status() string {
	switch c.Outcome {
	case "home":
		return AtHome
	case "safe elsewhere":
		return Elsewhere
	case "still held", "contact lost":
		return StillHeld
	case "":
	default:
		return Otherwise
	}
	switch c.Stage {
	case "home":
		return AtHome
	case "out", "sheltered":
		return OnTheWay
	case "closed":
		return Otherwise
	}
	return StillHeld
}

// Counts counts the people in the cases that a member may open. Who is on no case, such
// as an auditor, is given empty counts that say how many cases there are.
//
// Plain counts need no consent, since no number below K is shown; a study of what became
// of people does (docs/warnings.md).
func (c *Casework) Counts(ctx context.Context, s *desk.Session) (Counts, error) {
	if err := s.May(desk.SeeCounts); err != nil {
		return Counts{}, err
	}
	var out Counts
	var people []Count
	if s.May(desk.WorkCases) == nil {
		rows, behind, err := c.Board(ctx, s)
		if err != nil {
			return Counts{}, err
		}
		out.Cases, out.Behind = len(rows), behind
		for _, r := range rows {
			people = append(people, r.People...)
		}
	}
	if err := c.Store.Read(ctx, func(tx *store.Tx) error {
		all, err := tx.AllFolders(folderKind)
		out.Others = max(0, len(all)-out.Cases-out.Behind)
		return err
	}); err != nil {
		return Counts{}, err
	}
	count(&out, people)
	return out, nil
}

func count(out *Counts, people []Count) {
	status, origin, to, month := map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}
	for _, p := range people {
		status[p.status()]++
		origin[p.Origin]++
		to[p.Destination]++
		month[p.Month]++
	}
	out.Known = Cell{Name: "known", N: len(people)}
	if len(people) > 0 && len(people) < K {
		out.Known = Cell{Name: "known", Withheld: true}
	}
	var byStatus []Cell
	for _, name := range Statuses {
		byStatus = append(byStatus, Cell{Name: name, N: status[name]})
	}
	out.Status = withhold(byStatus)
	out.Origins, out.Destinations, out.Months = ranked(withhold(cells(origin))), ranked(withhold(cells(to))), withhold(cells(month))
}

func cells(m map[string]int) (out []Cell) {
	for _, name := range slices.Sorted(maps.Keys(m)) {
		out = append(out, Cell{Name: name, N: m[name]})
	}
	return out
}

// ranked puts the largest number first; those withheld come last and stay in order of
// their names, which does not tell which of them is larger.
func ranked(t Table) Table {
	slices.SortStableFunc(t.Cells, func(a, b Cell) int { return cmp.Compare(b.N, a.N) })
	return t
}

// withhold takes out every number below K, and then as many of the others, smallest
// first, as it takes until what was withheld cannot be reckoned from the sum: at least
// two numbers are withheld, and together they are K or more. Where all together are
// fewer than K nothing is shown.
func withhold(all []Cell) Table {
	t := Table{Cells: slices.Clone(all)}
	total, sum := 0, 0
	for _, c := range all {
		total += c.N
	}
	hide := func(i int) {
		t.Withheld++
		sum += all[i].N
		t.Cells[i].N, t.Cells[i].Withheld = 0, true
	}
	for i, c := range all {
		if total > 0 && total < K || c.N > 0 && c.N < K {
			hide(i)
		}
	}
	for t.Withheld > 0 && (t.Withheld < 2 || sum < K) {
		least := -1
		for i, c := range t.Cells {
			if !c.Withheld && c.N > 0 && (least < 0 || c.N < t.Cells[least].N) {
				least = i
			}
		}
		if least < 0 {
			break // nothing is shown of this table
		}
		hide(least)
	}
	return t
}

// Each gives every case of a member in turn, with every line that the member can open.
// Closed ones are among them. It is for what looks through all of them for the member;
// that it was done belongs into the ledger.
func (c *Casework) Each(ctx context.Context, s *desk.Session, f func(Case) error) error {
	if err := s.May(desk.WorkCases); err != nil {
		return err
	}
	var rows []store.Folder
	if err := c.Store.Read(ctx, func(tx *store.Tx) (err error) {
		rows, err = tx.FolderSizes(folderKind, s.Member)
		return err
	}); err != nil {
		return err
	}
	for _, row := range rows {
		keys, err := c.keys(ctx, s, row.ID)
		if err != nil {
			return err
		}
		entries, seats, err := c.lines(ctx, row.ID, keys)
		if err != nil {
			return err
		}
		if err := f(Case{ID: row.ID, Entries: entries, State: Fold(entries), Members: seats}); err != nil {
			return err
		}
	}
	return nil
}

// Size says of a case only that it is there: how many lines it has, and whether it is
// still open.
type Size struct {
	ID    string
	Lines int64
	Open  bool
}

// Sizes gives the size of every case of the desk, also of those that the member cannot
// open.
func Sizes(tx *store.Tx) (out []Size, err error) {
	all, err := tx.AllFolders(folderKind)
	for _, f := range all {
		out = append(out, Size{f.ID, f.Entries, f.State != "closed"})
	}
	return out, err
}
