package store

// Job is a piece of work that must get done. Body holds ids and never words.
type Job struct {
	ID      string
	Kind    string
	Attempt int64
	Body    string
}

func (j *Job) fields() []any { return []any{&j.ID, &j.Kind, &j.Attempt, &j.Body} }

// AddJob adds a job to be run at a time, in unix microseconds; if one with its id
// waits already, that one runs at the earlier of both times.
func (t *Tx) AddJob(j Job, runAt int64) error {
	_, err := t.exec("job_add", j.ID, j.Kind, runAt, j.Body)
	return err
}

// ClaimJobs takes up to limit jobs that are due, for a holder, until a time. Whoever
// held them longer than they said has lost them.
func (t *Tx) ClaimJobs(holder string, until, now int64, limit int) ([]Job, error) {
	return list(t, "job_claim", []any{holder, until, now, limit}, (*Job).fields)
}

// JobDone takes a job out; ErrConflict if it was claimed by another meanwhile.
func (t *Tx) JobDone(j Job, holder string) error {
	return t.one("job_done", j.ID, holder, j.Attempt)
}

// JobFailed puts a job back, to be run again at a time.
func (t *Tx) JobFailed(j Job, holder string, runAt int64, why string) error {
	return t.one("job_failed", runAt, why, j.ID, holder, j.Attempt)
}

// JobsWaiting says how many jobs there are, and when the first is due.
func (t *Tx) JobsWaiting() (n, first int64, err error) {
	return n, first, t.row("jobs_waiting", nil, &n, &first)
}
