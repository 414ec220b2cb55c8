package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"homeward/keep/ledger"
	"homeward/keep/store"
	"homeward/keep/vault"
	"homeward/know/lure"
	"homeward/work/casework"
	"homeward/work/desk"
	"homeward/work/disclosure"
	"homeward/work/intake"
)

const passphrase = "five invented words for tests"

// filled says what is in a desk that was filled.
type filled struct {
	Members  []member
	Cases    []string
	Reports  []string // unread
	Tellings []telling
}

type member struct{ Login, Second string }

type telling struct {
	Case string
	N    int64
}

// desked gives a copy of a filled desk in dir. It is filled once, for each size and for
// each change of how; a newer schema is brought to it as to any desk, by the server.
func desked(ctx context.Context, dir string, n size) (filled, error) {
	var f filled
	how, err := os.ReadFile("test/load/fill.go")
	if err != nil {
		return f, errors.New("run it at the root of the repository")
	}
	kept := filepath.Join(os.TempDir(), fmt.Sprintf("homeward-load-%x", sha256.Sum256(fmt.Append(how, n)))[:26])
	note := filepath.Join(kept, "filled.json")
	if _, err := os.Stat(note); err != nil {
		os.RemoveAll(kept)
		began := time.Now()
		if f, err = fill(ctx, kept, n); err != nil {
			return f, err
		}
		b, err := json.Marshal(f)
		if err != nil {
			return f, err
		}
		if err := os.WriteFile(note, b, 0o600); err != nil {
			return f, err
		}
		fmt.Printf("filled a desk in %.0f s; kept in %s\n", time.Since(began).Seconds(), kept)
	}
	b, err := os.ReadFile(note)
	if err != nil {
		return f, err
	}
	if err := json.Unmarshal(b, &f); err != nil {
		return f, err
	}
	if out, err := exec.Command("cp", "-r", kept, dir).CombinedOutput(); err != nil {
		return f, fmt.Errorf("%w: %s", err, out)
	}
	return f, nil
}

// filler is the rooms that a desk is filled through: the same that serve it.
type filler struct {
	store   *store.Store
	ledger  *ledger.Log
	desk    *desk.Desk
	session *desk.Session
	others  []string
	n       size
	mu      sync.Mutex
	out     filled
}

func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

func fill(ctx context.Context, dir string, n size) (filled, error) {
	st, err := store.Open(ctx, "", dir)
	if err != nil {
		return filled{}, err
	}
	defer st.Close()
	seed, err := ledger.Seed(dir)
	if err != nil {
		return filled{}, err
	}
	l, err := ledger.NewLog("homeward-ledger", seed)
	if err != nil {
		return filled{}, err
	}
	f := &filler{store: st, ledger: l, n: n}
	f.desk = &desk.Desk{
		Store: st, Ledger: l, Stretcher: vault.NewStretcher(2, 50), Screen: lure.Default().Screen, Now: time.Now, Log: quiet(),
		Intake: &intake.Intake{Store: st, Ledger: l, Now: time.Now, Visits: vault.NewKey()},
	}
	for _, step := range []struct {
		name string
		f    func(context.Context) error
	}{{"members", f.members}, {"reports", f.reports}, {"rows", f.rows}, {"cases", f.cases}, {"tellings", f.tellings}, {"queue", f.look}} {
		began := time.Now()
		if err := step.f(ctx); err != nil {
			return filled{}, err
		}
		if d := time.Since(began); d > 5*time.Second {
			fmt.Printf("filling, %s: %.0f s\n", step.name, d.Seconds())
		}
	}
	return f.out, nil
}

// members sets the desk up with three members; the first is at work.
func (f *filler) members(ctx context.Context) error {
	made, err := f.desk.SetUp(ctx, "blue heron", passphrase, 2, 3)
	if err != nil {
		return err
	}
	f.out.Members = []member{{made.Login, made.Second}}
	code, err := desk.SecondCode(made.Second, time.Now())
	if err != nil {
		return err
	}
	token, err := f.desk.SignIn(ctx, made.Login, passphrase, code)
	if err != nil {
		return err
	}
	if f.session, err = f.desk.Session(token); err != nil {
		return err
	}
	for _, login := range []string{"grey wren", "red finch"} {
		made, err := f.desk.Hire(ctx, f.session, login, passphrase, desk.Caseworker)
		if err != nil {
			return err
		}
		f.out.Members = append(f.out.Members, member{login, made.Second})
	}
	all, err := f.desk.Members(ctx, f.session)
	if err != nil {
		return err
	}
	for _, m := range all.All {
		if m.ID != f.session.Member {
			f.others = append(f.others, m.ID)
		}
	}
	return f.store.Write(ctx, func(tx *store.Tx) error {
		return intake.SetOperator(tx, intake.Operator{Name: "A test desk", Jurisdiction: "Nowhere", Hours: "never", OnCall: "mailto:nobody@test.invalid"})
	})
}

// many calls f for each of n numbers, from a few at a time.
func many(n int, f func(i int) error) error {
	next := make(chan int)
	var wg sync.WaitGroup
	var mu sync.Mutex
	var failed error
	for range 4 * runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := range next {
				if err := f(i); err != nil {
					mu.Lock()
					failed = errors.Join(failed, err)
					mu.Unlock()
				}
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
	return failed
}

// words gives n invented words, others for each number.
func words(i, n int) string {
	var b strings.Builder
	x := uint64(i+1) * 0x9E3779B97F4A7C15
	for range n {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		b.WriteString(invented[x%uint64(len(invented))])
		b.WriteByte(' ')
	}
	return strings.TrimSpace(b.String())
}

var invented = strings.Fields("the a he she they said that there is no phone at night only in morning gate river building door floor " +
	"guard boss money passport ticket bus boat town road market call wrote message again mother brother sister friend cousin week day " +
	"month promised paid asked waited afraid hungry ill moved sold taken back home embassy police hotel office 他 說 沒有 電話 晚上 大樓 門口 護照 錢 老闆 " +
	"妹妹 媽媽 回家 明天 以後 不能 朋友 醫生 ambulance lantern kettle orchard harbour violet copper meadow window ladder")

// reports tells what is unread, and works a part of the rest, through the door.
func (f *filler) reports(ctx context.Context) error {
	kinds := []string{"missing", "held", "money_lost", "offer_seen", "other"}
	day := time.Now().Add(-30 * 24 * time.Hour)
	tell := func(i int) error {
		at := day.Add(time.Duration(i) * 8 * time.Minute)
		in := &intake.Intake{Store: f.store, Ledger: f.ledger, Now: func() time.Time { return at }, Visits: f.desk.Intake.Visits}
		_, err := in.Receive(ctx, rand.Text(), intake.Report{Kind: kinds[i%len(kinds)], Relation: "family", Danger: i%100 == 7, Text: words(i, 60), Who: "An invented person", Where: "An invented town", Lang: "en"})
		return err
	}
	if err := many(f.n.Worked, tell); err != nil {
		return err
	}
	var rows []store.Report
	read := func() error {
		return f.store.Read(ctx, func(tx *store.Tx) (err error) {
			rows, err = tx.Reports(store.New, store.Report{}, 1_000_000)
			return err
		})
	}
	if err := read(); err != nil {
		return err
	}
	if err := many(len(rows), func(i int) error { return f.desk.Worked(ctx, f.session, rows[i].ID, rows[i].Revision) }); err != nil {
		return err
	}
	if err := many(f.n.Unread, func(i int) error { return tell(f.n.Worked + i) }); err != nil {
		return err
	}
	if err := read(); err != nil {
		return err
	}
	for _, r := range rows {
		f.out.Reports = append(f.out.Reports, r.ID)
	}
	return nil
}

// rows adds the rest of the worked reports as rows of the size of real ones, with
// random bytes where those are sealed: no page opens them, they only lie there. Their
// ids come in order, which makes them quick to add.
func (f *filler) rows(ctx context.Context) error {
	blob := func(n int) []byte {
		b := make([]byte, n)
		rand.Read(b)
		return b
	}
	add := func(tx *store.Tx, i int) error {
		id, day := fmt.Sprintf("%026d", i), int64(19_000+i/150)
		if _, _, err := tx.AddReport(store.Report{ID: id, Lookup: []byte(id + id), Mailbox: blob(1216), Day: day, Calm: true}); err != nil {
			return err
		}
		m := store.Message{Report: id, Direction: store.In, Once: []byte(id), Day: day, Body: blob(600), ForMailbox: blob(1170), ForCircle: blob(120)}
		var err error
		if m.N, _, err = tx.NextMessage(id, store.In, m.Once, true); err != nil {
			return err
		}
		if err := tx.AddMessage(m); err != nil {
			return err
		}
		r, err := tx.Report(id)
		if err != nil {
			return err
		}
		return tx.SetSummary(r, blob(560), 1, store.Worked)
	}
	for from := 0; from < f.n.Rows; from += 2000 {
		if err := f.store.Write(ctx, func(tx *store.Tx) error {
			for i := range min(2000, f.n.Rows-from) {
				if err := add(tx, from+i); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// at gives the rooms of cases with a clock that stands.
func (f *filler) at(t time.Time) *casework.Casework {
	return &casework.Casework{Store: f.store, Ledger: f.ledger, Book: casework.Default(), Now: func() time.Time { return t }, Log: quiet()}
}

var stages = []string{"missing", "located", "in contact", "out", "sheltered", "home", "closed", "closed", "closed", "home"}

// cases opens the cases with all their lines; all three members are on all of them.
func (f *filler) cases(ctx context.Context) error {
	who := map[string][]string{}
	for _, m := range f.others {
		who[m] = casework.Compartments
	}
	f.out.Cases = make([]string, f.n.Cases)
	return many(f.n.Cases, func(i int) error {
		opened := time.Now().Add(-time.Duration(f.n.Cases-i) * 90 * time.Minute)
		c := f.at(opened)
		n := casework.New{Nonce: rand.Text(), Called: fmt.Sprintf("person %d", i), Origin: []string{"TW", "MY", "IN", "KE", "BR"}[i%5], Stage: stages[i%len(stages)], Members: who}
		if len(f.out.Reports) > 0 {
			n.Report = f.out.Reports[i%len(f.out.Reports)]
		}
		for k := 0; len(n.First) < f.n.Lines-3; k++ {
			e, err := line(c, i, k, opened)
			if err != nil {
				return err
			}
			n.First = append(n.First, e)
		}
		id, err := c.Open(ctx, f.session, n)
		f.out.Cases[i] = id
		return err
	})
}

// line makes one line of an invented case.
func line(c *casework.Casework, i, k int, now time.Time) (casework.Entry, error) {
	date := func(d int) string { return now.Add(time.Duration(d) * 24 * time.Hour).UTC().Format("2006-01-02 15:04") }
	seed := i*100 + k
	kind, a := "statement", map[string]string{"according": "the family", "at": date(-k - 1), "text": words(seed, 35)}
	switch k % 12 {
	case 0:
		kind, a = "place", map[string]string{"place": "Invented Province " + words(seed, 1), "accuracy": "district", "according": "himself", "text": words(seed, 20)}
	case 1:
		kind, a = "identity", map[string]string{"name": "測試人 " + words(seed, 2), "document": fmt.Sprintf("X%08d", seed), "phone": fmt.Sprintf("+00 000 %07d", seed), "marks": words(seed, 12)}
	case 2:
		kind, a = "contact", map[string]string{"at": date(-1), "who": "the person", "way": "messenger", "duress": "none seen", "text": words(seed, 25)}
		if i%7 == 0 {
			a["next"] = date(20)
		}
	case 3:
		kind, a = "harm", map[string]string{"what": "papers taken\nlocked in", "according": "himself", "referral": "none yet", "text": words(seed, 20)}
	case 4:
		kind, a = "task", map[string]string{"text": words(seed, 6), "due": date(30 + i%300)}
	case 5:
		kind, a = "consent", map[string]string{"purpose": "rescue", "answer": "given", "by": "the person", "groups": "district\nidentity"}
	case 6:
		kind, a = "forced", map[string]string{"according": "himself", "text": words(seed, 30)}
	case 7:
		kind, a = "decision", map[string]string{"text": words(seed, 20), "reason": words(seed+1, 20), "review": date(10 + i%400)}
	case 8:
		kind, a = "demand", map[string]string{"amount": "12,000 of an invented coin", "text": words(seed, 25)}
	}
	if k == 11 && i%1000 == 3 {
		a["text"] += " zeppelin"
	}
	return c.Book.Make(kind, 1, 0, a, "Asia/Bangkok", now)
}

// tellings plans, copies and tells in some of the cases.
func (f *filler) tellings(ctx context.Context) error {
	now := time.Now()
	c := f.at(now)
	d := &disclosure.Disclosure{Store: f.store, Ledger: f.ledger, Cases: c, Now: c.Now, Log: quiet()}
	return many(f.n.Told, func(i int) error {
		id := f.out.Cases[i*len(f.out.Cases)/f.n.Told]
		read, err := c.Read(ctx, f.session, id)
		if err != nil {
			return err
		}
		p := disclosure.Plan{Channel: "tw-mofa", Purpose: "rescue", Stage: "district", Lang: "en", People: []int{1}}
		all := disclosure.Choices(c.Book, read)
		p.Fields = []disclosure.Ref{all[slices.IndexFunc(all, func(o disclosure.Choice) bool { return o.Group == "district" && o.Field == "place" })].Ref}
		n, err := d.Propose(ctx, f.session, id, rand.Text(), p)
		if err != nil {
			return err
		}
		if _, err := d.TakeCopy(ctx, f.session, id, n, rand.Text()); err != nil {
			return err
		}
		if err := d.Sent(ctx, f.session, id, n, rand.Text(), map[string]string{"at": now.UTC().Format("2006-01-02 15:04"), "way": "phone call"}, "UTC"); err != nil {
			return err
		}
		f.mu.Lock()
		f.out.Tellings = append(f.out.Tellings, telling{id, n})
		f.mu.Unlock()
		return nil
	})
}

// look opens the queue once, so that what is unread has its summary, as at a desk
// that is looked at every day.
func (f *filler) look(ctx context.Context) error {
	for {
		q, err := f.desk.Queue(ctx, f.session)
		if err != nil || q.Behind == 0 {
			return err
		}
		time.Sleep(100 * time.Millisecond)
	}
}
