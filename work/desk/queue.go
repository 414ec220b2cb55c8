package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"homeward/keep/store"
	"homeward/keep/vault"
	"homeward/know/lure"
	"homeward/work/intake"
)

// Summary is what the queue shows of a report. On the disk it is sealed to the desk.
type Summary struct {
	ID       string   `json:"-"`
	Kind     string   `json:"kind"`
	Relation string   `json:"relation"`
	Danger   bool     `json:"danger"`
	Lang     string   `json:"lang"`
	First    string   `json:"first"` // beginning of what was told
	Level    string   `json:"level"` // of the assessment
	Kinds    []string `json:"kinds"`
	At       int64    `json:"at"`   // of the first message, unix seconds
	Last     int64    `json:"last"` // of the sender's latest
	Messages int64    `json:"messages"`
	Forced   bool     `json:"forced"` // the duress word came up
	Print    []uint32 `json:"print"`  // of the text, to find many that are alike
	Muted    bool     `json:"muted"`
	Alike    int      `json:"-"` // how many unread ones it stands for, itself among them; 0 for one
	State    string   `json:"-"`
	Why      []string `json:"-"` // of its place in the queue
}

// begin is how much of an account the queue shows, in characters.
const begin = 90

func summaryPlace(id string, epoch int64) vault.Place {
	return vault.Place{Table: "report", Row: id, Field: "summary", Epoch: uint64(epoch)}
}

// Queue is what is unread, most urgent first.
type Queue struct {
	Rows   []Summary
	Behind int       // still being opened
	Muted  []Summary // kept out of it
}

// Queue gives what is unread, as far as it is opened. Many that are nearly one text
// stand as one; muted ones stand apart.
func (d *Desk) Queue(ctx context.Context, s *Session) (Queue, error) {
	var q Queue
	var rows []store.Report
	if err := d.Store.Read(ctx, func(tx *store.Tx) (err error) {
		rows, err = tx.ReportHeads(store.New)
		return err
	}); err != nil {
		return q, err
	}
	// Those in danger first, and as many as a screen holds; the rest behind it.
	const atOnce = 200
	left := d.unopened(rows)
	if err := d.openAll(ctx, s, left[:min(atOnce, len(left))]); err != nil {
		return q, err
	}
	left = left[min(atOnce, len(left)):]
	d.mu.Lock()
	if len(left) > 0 && !d.opening {
		d.opening = true
		go d.openRest(context.WithoutCancel(ctx), s, left)
	}
	q.Rows, q.Muted = d.ordered(rows)
	d.mu.Unlock()
	q.Behind = len(left)
	return q, nil
}

// inQueue is the queue as it was put in order last, and what it was made of: while
// neither has changed, nothing of it has.
type inQueue struct {
	heads       []store.Report
	version     int
	rows, muted []Summary
}

// ordered puts in order what is unread, as far as it is opened. d.mu is held; what it
// gives is not to be changed.
func (d *Desk) ordered(heads []store.Report) (rows, muted []Summary) {
	same := func(a, b store.Report) bool { return a.ID == b.ID && a.Messages == b.Messages }
	if l := d.inQueue; l != nil && l.version == d.version && slices.EqualFunc(l.heads, heads, same) {
		return l.rows, l.muted
	}
	for _, r := range heads {
		if sum, ok := d.summaries[r.ID]; ok {
			sum.State = store.New
			sum.Why = d.why(sum)
			if sum.Muted {
				muted = append(muted, sum)
				continue
			}
			rows = append(rows, sum)
		}
	}
	rows = aside(inOrder(rows))
	d.inQueue = &inQueue{heads, d.version, rows, muted}
	return rows, muted
}

// inOrder sorts what is unread, most urgent first, the longest waiting first. Places
// are sorted and not the summaries, which are large.
func inOrder(all []Summary) []Summary {
	type place struct{ at, rank int }
	places := make([]place, len(all))
	for i, s := range all {
		places[i] = place{i, rank(s)}
	}
	slices.SortFunc(places, func(a, b place) int {
		return cmp.Or(cmp.Compare(b.rank, a.rank), cmp.Compare(all[a.at].Last, all[b.at].Last), cmp.Compare(a.at, b.at))
	})
	out := make([]Summary, len(all))
	for i, p := range places {
		out[i] = all[p.at]
	}
	return out
}

// unopened gives the rows of which there is no summary, or an old one.
func (d *Desk) unopened(rows []store.Report) (out []store.Report) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, r := range rows {
		if sum, ok := d.summaries[r.ID]; !ok || sum.Messages != r.Messages {
			out = append(out, r)
		}
	}
	return out
}

func (d *Desk) openRest(ctx context.Context, s *Session, rows []store.Report) {
	defer func() {
		d.mu.Lock()
		d.opening = false
		d.mu.Unlock()
	}()
	for page := range slices.Chunk(rows, 100) {
		d.mu.Lock()
		still := len(d.sessions) > 0
		d.mu.Unlock()
		if !still {
			return
		}
		if err := d.openAll(ctx, s, page); err != nil {
			d.Log.Warn("a report could not be opened", "error", err)
			return
		}
	}
}

// openAll opens reports, of which the ids are known, on all processors.
func (d *Desk) openAll(ctx context.Context, s *Session, heads []store.Report) error {
	var rows []store.Report
	if err := d.Store.Read(ctx, func(tx *store.Tx) error {
		for _, h := range heads {
			switch r, err := tx.Report(h.ID); {
			case err == nil:
				rows = append(rows, r)
			case !errors.Is(err, store.ErrNone): // erased a moment ago
				return err
			}
		}
		return nil
	}); err != nil {
		return err
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	var failed error
	next := make(chan store.Report)
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for r := range next {
				if err := d.openOne(ctx, s, r); err != nil {
					mu.Lock()
					failed = err
					mu.Unlock()
				}
			}
		})
	}
	for _, r := range rows {
		next <- r
	}
	close(next)
	wg.Wait()
	return failed
}

func (d *Desk) openOne(ctx context.Context, s *Session, r store.Report) error {
	return s.with(func(k intake.Keys) error { return d.openWith(ctx, s, k, r) })
}

func (d *Desk) openWith(ctx context.Context, s *Session, k intake.Keys, r store.Report) error {
	if sum, ok := kept(k, r); ok && sum.Messages == r.Messages {
		d.remember(sum)
		return nil
	}
	o, err := d.Intake.Open(ctx, r.ID, k)
	switch {
	case errors.Is(err, store.ErrNone):
		return nil // erased a moment ago
	case err != nil:
		d.remember(Summary{ID: r.ID, Messages: r.Messages, Danger: !r.Calm, Level: "sealed", At: r.Day * 86400, Last: r.Day * 86400})
		d.Log.Error("a report does not open with the desk's keys", "report", r.ID)
		return nil
	}
	sum := d.summarise(o)
	if old, ok := kept(k, o.Row); ok {
		sum.Muted = old.Muted
	}
	d.remember(sum)
	return d.keepSummary(ctx, s.epoch, k, o.Row, sum, o.Row.State)
}

// kept opens the summary on the disk.
func kept(keys intake.Keys, r store.Report) (Summary, bool) {
	k, ok := keys.Desk[r.SummaryEpoch]
	if !ok || r.Summary == nil {
		return Summary{}, false
	}
	b, err := k.Open(summaryPlace(r.ID, r.SummaryEpoch), r.Summary)
	if err != nil {
		return Summary{}, false
	}
	var sum Summary
	err = json.Unmarshal(b, &sum)
	sum.ID = r.ID
	return sum, err == nil
}

func (d *Desk) keepSummary(ctx context.Context, epoch int64, k intake.Keys, r store.Report, sum Summary, state string) error {
	b, err := json.Marshal(sum)
	if err != nil {
		return err
	}
	sealed := k.Desk[epoch].Seal(summaryPlace(r.ID, epoch), b)
	err = d.Store.Write(ctx, func(tx *store.Tx) error { return tx.SetSummary(r, sealed, epoch, state) })
	if errors.Is(err, store.ErrConflict) {
		return nil // something came in meanwhile; it is opened again
	}
	return err
}

func (d *Desk) remember(sum Summary) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.summaries == nil {
		d.summaries = map[string]Summary{}
	}
	d.summaries[sum.ID] = sum
	d.version++
}

// summarise makes a summary. What was told is screened as any message is.
func (d *Desk) summarise(o intake.Opened) Summary {
	r := o.Report
	sum := Summary{ID: o.Row.ID, Kind: r.Kind, Relation: r.Relation, Danger: !o.Row.Calm, Lang: r.Lang, Messages: o.Row.Messages}
	sum.Print = sketch(r.Text)
	text := []rune(strings.Join(strings.Fields(r.Text), " "))
	sum.First = string(text[:min(begin, len(text))])
	if len(text) > begin {
		sum.First += "…"
	}
	a := d.Screen(lure.Request{Text: strings.TrimSpace(r.Lure + "\n" + r.Text)})
	sum.Level, sum.Kinds = a.Level.String(), a.Kinds
	for i, l := range o.Lines {
		if i == 0 {
			sum.At = l.At
		}
		if !l.Mine {
			sum.Last = l.At
			if i > 0 && r.Duress != "" && strings.Contains(strings.ToLower(l.Text), strings.ToLower(r.Duress)) {
				sum.Forced = true
			}
		}
	}
	return sum
}

// weights of what makes a report urgent. Each is a reason that the queue names.
var weights = []struct {
	why    string
	weight int
	holds  func(Summary) bool
}{
	{"danger", 100, func(s Summary) bool { return s.Danger }},
	{"forced", 90, func(s Summary) bool { return s.Forced }},
	{"held", 50, func(s Summary) bool { return s.Kind == "held" }},
	{"ransom", 40, func(s Summary) bool { return s.Kind == "ransom" }},
	{"plea", 35, func(s Summary) bool { return s.Level == "plea" }},
	{"self", 20, func(s Summary) bool { return s.Relation == "self" }},
	{"missing", 20, func(s Summary) bool { return s.Kind == "missing" }},
	{"recruit", 15, func(s Summary) bool { return s.Kind == "made_to_recruit" }},
	{"sealed", 10, func(s Summary) bool { return s.Level == "sealed" }},
}

func rank(s Summary) (n int) {
	for _, w := range weights {
		if w.holds(s) {
			n += w.weight
		}
	}
	return n
}

// why gives the reasons for a report's place, and how long it has waited.
func (d *Desk) why(s Summary) (out []string) {
	for _, w := range weights {
		if w.holds(s) {
			out = append(out, w.why)
		}
	}
	return out
}

// Waited is how long the sender has waited since their latest word.
func (s Summary) Waited(now time.Time) time.Duration { return now.Sub(time.Unix(s.Last, 0)) }
