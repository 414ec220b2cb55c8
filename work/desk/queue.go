package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
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
	Papers   bool     `json:"papers,omitempty"` // somebody keeps their passport
	Spoken   []string `json:"spoken,omitempty"` // languages of what was told
	Marked
	Revision int64    `json:"-"` // of the row it was read from
	Foreign  bool     `json:"-"` // nobody here reads its language
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
	All    []Summary // the same, none set aside, and what is put off
	Behind int       // still being opened
	Muted  []Summary // kept out of it
	Asleep []Summary // put off
	Waits  bool      // whoever looks has no keys yet
}

// Queue gives what is unread, as far as it is opened. Many that are nearly one text
// stand as one; muted ones stand apart.
func (d *Desk) Queue(ctx context.Context, s *Session) (Queue, error) {
	var q Queue
	if err := s.May(ReadReports); err != nil {
		return q, err
	}
	if s.Keyless() {
		return Queue{Waits: true}, nil
	}
	languages, err := d.readers(ctx, s)
	if err != nil {
		return q, err
	}
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
	q = d.ordered(rows, languages)
	d.mu.Unlock()
	q.Behind = len(left)
	return q, nil
}

// inQueue is the queue as it was put in order last, and what it was made of: while
// none of that has changed, nothing of it has.
type inQueue struct {
	heads     []store.Report
	version   int
	languages map[string][]string
	wakes     int64 // unix seconds: when the first of those that are put off wakes, 0 if none
	queue     Queue
}

// ordered puts in order what is unread, as far as it is opened. d.mu is held; what it
// gives is not to be changed.
func (d *Desk) ordered(heads []store.Report, languages map[string][]string) (q Queue) {
	now := d.Now()
	same := func(a, b store.Report) bool {
		return a.ID == b.ID && a.Messages == b.Messages
	}
	if l := d.inQueue; l != nil && l.version == d.version && (l.wakes == 0 || now.Unix() < l.wakes) && maps.EqualFunc(l.languages, languages, slices.Equal) && slices.EqualFunc(l.heads, heads, same) {
		return l.queue
	}
	var rows []Summary
	wakes := int64(0)
	for _, r := range heads {
		sum, ok := d.summaries[r.ID]
		if !ok {
			continue
		}
		sum.State = store.New
		sum.Why = d.why(sum)
		sum.Foreign = foreign(sum, languages)
		switch {
		case sum.Sleeps(now):
			q.Asleep = append(q.Asleep, sum)
			if wakes == 0 || sum.Until < wakes {
				wakes = sum.Until
			}
		case sum.Muted:
			q.Muted = append(q.Muted, sum)
		default:
			rows = append(rows, sum)
		}
	}
	rows = inOrder(rows)
	q.All = append(slices.Clone(rows), q.Asleep...)
	q.Rows = aside(rows)
	d.inQueue = &inQueue{heads, d.version, languages, wakes, q}
	return q
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
		if sum, ok := d.summaries[r.ID]; !ok || sum.Messages != r.Messages || sum.Revision != r.Revision {
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
		sum.Revision = r.Revision
		d.remember(sum)
		return nil
	}
	o, err := d.Intake.Open(ctx, r.ID, k)
	switch {
	case errors.Is(err, store.ErrNone):
		return nil // erased a moment ago
	case err != nil:
		d.remember(Summary{ID: r.ID, Messages: r.Messages, Revision: r.Revision, Danger: !r.Calm, Level: "sealed", At: r.Day * 86400, Last: r.Day * 86400})
		d.Log.Error("a report does not open with the desk's keys", "report", r.ID)
		return nil
	}
	sum := d.summarise(o)
	if old, ok := kept(k, o.Row); ok {
		sum.carry(old)
	}
	return unlessConflict(d.keepSummary(ctx, s.epoch, k, o.Row, sum, o.Row.State))
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

// carry takes over from an old summary what does not follow from the words.
func (s *Summary) carry(old Summary) { s.Muted, s.Marked = old.Muted, old.Marked }

func (s Summary) seal(k vault.Key, epoch int64) ([]byte, error) {
	b, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	return k.Seal(summaryPlace(s.ID, epoch), b), nil
}

// unlessConflict is for summaries that are made again anyway.
func unlessConflict(err error) error {
	if errors.Is(err, store.ErrConflict) {
		return nil
	}
	return err
}

// keepSummary keeps a summary on the disk and in memory.
func (d *Desk) keepSummary(ctx context.Context, epoch int64, k intake.Keys, r store.Report, sum Summary, state string) error {
	sealed, err := sum.seal(k.Desk[epoch], epoch)
	if err != nil {
		return err
	}
	err = d.Store.Write(ctx, func(tx *store.Tx) error { return tx.SetSummary(r, sealed, epoch, state) })
	sum.Revision = r.Revision + 1
	if errors.Is(err, store.ErrConflict) {
		// Something came in, or a colleague noted something, meanwhile: it is shown as
		// it was, and opened again.
		sum.Revision = r.Revision
		d.remember(sum)
	}
	if err == nil {
		d.remember(sum)
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
	sum.Papers, sum.Spoken = papers(r, a), a.Languages
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
	{"papers", 60, func(s Summary) bool { return s.Papers }},
	{"held", 50, func(s Summary) bool { return s.Kind == "held" }},
	{"ransom", 40, func(s Summary) bool { return s.Kind == "ransom" }},
	{"plea", 35, func(s Summary) bool { return s.Level == "plea" }},
	{"self", 20, func(s Summary) bool { return s.Relation == "self" }},
	{"missing", 30, func(s Summary) bool { return s.Kind == "missing" }},
	{"recruit", 15, func(s Summary) bool { return s.Kind == "made_to_recruit" }},
	{"sealed", 10, func(s Summary) bool { return s.Level == "sealed" }},
}

// papers says whether somebody keeps a person's passport, by the sign that screening
// knows for it; in an offer that is only read about, it is no hurry.
func papers(r intake.Report, a lure.Assessment) bool {
	const sign = "PASSPORT_NOW"
	if r.Kind == "offer_seen" {
		return false
	}
	if a.Level != lure.Plea && r.Kind != "held" && r.Kind != "missing" && r.Kind != "ransom" {
		return false
	}
	return slices.ContainsFunc(a.Findings, func(f lure.Finding) bool { return f.Indicator == sign }) ||
		slices.ContainsFunc(a.NotCounted, func(n lure.NotCounted) bool { return n.Indicator == sign })
}

// readers gives who of the desk reads which language.
func (d *Desk) readers(ctx context.Context, s *Session) (out map[string][]string, err error) {
	err = s.with(func(k intake.Keys) error {
		return d.Store.Read(ctx, func(tx *store.Tx) error {
			all, err := profiles(tx, k)
			out = readers(all)
			return err
		})
	})
	return out, err
}

// tongues are the languages a report is in: those of its words, else that of the page.
func tongues(s Summary) (out []string) {
	from := s.Spoken
	if len(from) == 0 {
		from = []string{s.Lang}
	}
	for _, t := range from {
		if b := base(t); b != "" && b != "und" && !slices.Contains(out, b) {
			out = append(out, b)
		}
	}
	return out
}

// foreign says whether nobody at the desk reads a report's main language. As long as
// nobody has said what they read, nothing is said.
func foreign(s Summary, readers map[string][]string) bool {
	t := tongues(s)
	return len(readers) > 0 && len(t) > 0 && len(readers[t[0]]) == 0
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
