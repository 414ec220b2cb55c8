package store

// Held is why something is not erased by age.
const Held = "hold"

// Hold is one reason why a report or a folder is kept: Held, or the folder that a
// report belongs to.
type Hold struct {
	Item string
	Why  string
	Day  int64
}

// Keep says why something is kept; it may be said twice.
func (t *Tx) Keep(h Hold) error {
	_, err := t.exec("hold_put", h.Item, h.Why, h.Day)
	return err
}

// Unkeep takes a reason back.
func (t *Tx) Unkeep(item, why string) error {
	_, err := t.exec("hold_drop", item, why)
	return err
}

// Holds gives the reasons why something is kept.
func (t *Tx) Holds(item string) ([]Hold, error) {
	return list(t, "holds_of", []any{item}, func(h *Hold) []any { h.Item = item; return []any{&h.Why, &h.Day} })
}

// HeldBecause gives what is kept for a reason.
func (t *Tx) HeldBecause(why string) ([]Hold, error) {
	return list(t, "holds_because", []any{why}, func(h *Hold) []any { h.Why = why; return []any{&h.Item, &h.Day} })
}

// LeftReports gives ids of reports that have been worked, that nothing holds, and in
// which nothing happened after a day. One with something unread is never among them.
func (t *Tx) LeftReports(day int64, limit int) ([]string, error) {
	return list(t, "reports_left", []any{day, limit}, func(id *string) []any { return []any{id} })
}

// LeftFolders gives ids of closed folders of a kind that nobody holds, and to which
// nothing was added after a day. One whose newest lines nobody has summed up is never
// among them.
func (t *Tx) LeftFolders(kind string, day int64, limit int) ([]string, error) {
	return list(t, "folders_left", []any{kind, day, limit}, func(id *string) []any { return []any{id} })
}

// OldestReport gives the day of the oldest report in a state, 0 if there is none.
func (t *Tx) OldestReport(state string, calm bool) (day int64, err error) {
	return day, t.row("report_oldest", []any{state, number(calm)}, &day)
}

// JobsStuck says how many jobs have failed so often, or are due since a time in unix
// microseconds; how often one has failed, and what it said.
func (t *Tx) JobsStuck(attempts, due int64) (n, most int64, why string, err error) {
	return n, most, why, t.row("jobs_stuck", []any{attempts, due}, &n, &most, &why)
}
