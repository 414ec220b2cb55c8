package store

// Report is the row of a report: nothing of what somebody said, only what it takes
// to find and order it.
type Report struct {
	ID           string
	Lookup       []byte // from the receipt code
	Mailbox      []byte // public key of the talk behind the code
	Day          int64  // of arrival, unix days
	Calm         bool   // false: danger now
	State        string
	Messages     int64
	Summary      []byte // sealed to the desk, nil until it was read
	SummaryEpoch int64
	EraseAfter   int64 // unix days; 0 never
	Revision     int64
}

// The states of a report.
const (
	New     = "new"     // something in it has not been read
	Worked  = "worked"  // all of it has been read
	Closing = "closing" // withdrawn by its sender; erased when EraseAfter is past
)

func (r *Report) fields() []any {
	return []any{&r.ID, &r.Lookup, &r.Mailbox, &r.Day, &r.Calm, &r.State, &r.Messages, &r.Summary, &r.SummaryEpoch, &r.EraseAfter, &r.Revision}
}

func number(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// AddReport adds a report, unless one with its lookup is there already: then it
// writes to that one all the same, so that this answer too is durable, and gives
// its id.
func (t *Tx) AddReport(r Report) (id string, fresh bool, err error) {
	var touched int64
	err = t.row("report_add", []any{r.ID, r.Lookup, r.Mailbox, r.Day, number(r.Calm)}, &id, &touched)
	return id, touched == 0, err
}

// ReportByLookup finds a report by what follows from its code, or ErrNone.
func (t *Tx) ReportByLookup(lookup []byte) (r Report, err error) {
	return r, t.row("report_by_lookup", []any{lookup}, r.fields()...)
}

// Report gives a report by id, or ErrNone.
func (t *Tx) Report(id string) (r Report, err error) {
	return r, t.row("report_by_id", []any{id}, r.fields()...)
}

// Reports gives up to limit reports in a state after one of them, or from the first
// with a zero Report: those in danger first, then by day.
func (t *Tx) Reports(state string, after Report, limit int) ([]Report, error) {
	calm := number(after.Calm)
	if after.ID == "" {
		calm = -1
	}
	return list(t, "reports_in_state", []any{state, calm, after.Day, after.ID, limit}, (*Report).fields)
}

// ReportHeads gives all reports in a state in the order of Reports, with id, number
// of messages and revision alone, to see what has changed.
func (t *Tx) ReportHeads(state string) ([]Report, error) {
	return list(t, "report_heads", []any{state}, func(r *Report) []any { return []any{&r.ID, &r.Messages, &r.Revision} })
}

// CountReports says how many reports are in a state.
func (t *Tx) CountReports(state string) (n int64, err error) {
	return n, t.row("reports_count", []any{state}, &n)
}

// SetSummary keeps a summary sealed to the desk under an epoch, and the state.
// ErrConflict if the report is no longer at r's revision.
func (t *Tx) SetSummary(r Report, summary []byte, epoch int64, state string) error {
	return t.one("report_summary", summary, epoch, state, r.ID, r.Revision)
}

// SetState changes the state and the day after which the report is erased.
// ErrConflict if the report is no longer at r's revision.
func (t *Tx) SetState(r Report, state string, eraseAfter int64) error {
	return t.one("report_state", state, eraseAfter, r.ID, r.Revision)
}

// ToErase gives ids of reports whose time has come.
func (t *Tx) ToErase(day int64, limit int) ([]string, error) {
	return list(t, "reports_to_erase", []any{day, limit}, func(id *string) []any { return []any{id} })
}

// Erase takes a report and all that hangs on it out of the database. See Scrub.
func (t *Tx) Erase(id string) error {
	for _, q := range []string{"report_erase_chunks", "report_erase_attachments", "report_erase_messages", "marks_drop", "holds_drop_of", "report_erase"} {
		if _, err := t.exec(q, id); err != nil {
			return err
		}
	}
	return nil
}
