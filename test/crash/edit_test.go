package crash

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	mrand "math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"homeward/keep/ledger"
	"homeward/keep/store"
	"homeward/keep/vault"
	"homeward/know/lure"
	"homeward/test/engines"
	"homeward/work/casework"
	"homeward/work/desk"
	"homeward/work/intake"
)

// clock is a file that says how far the servers' clock is ahead. A one-time code is
// good once, and after each kill members sign in again: the clock is put forward then,
// so that nobody waits half a minute for the next code.
type clock string

func (c clock) now() time.Time {
	b, err := os.ReadFile(string(c))
	if err != nil {
		panic(err)
	}
	ahead, err := strconv.ParseInt(string(b), 10, 64)
	if err != nil {
		panic(err)
	}
	return time.Now().Add(time.Duration(ahead) * time.Second)
}

func (c clock) forward(t *testing.T, by time.Duration) {
	t.Helper()
	ahead := int64((time.Until(c.now()) + by).Round(time.Second) / time.Second)
	if err := errors.Join(os.WriteFile(string(c)+".new", []byte(strconv.FormatInt(ahead, 10)), 0o600), os.Rename(string(c)+".new", string(c))); err != nil {
		t.Fatal(err)
	}
}

// editors are two members who write in the same cases through the forms of servers
// that are killed under them.
type editors struct {
	t     *testing.T
	dir   string
	db    string
	clock clock

	mu     sync.Mutex
	up     []*server
	at     string            // the case they write in
	cases  []string          // all they wrote in
	kept   map[string]string // acknowledged: words and their case
	broken int               // forms whose line broke before an answer came, and were sent again
	again  int               // acknowledged forms that were sent once more all the same
	moved  int               // times a stage was refused because the case had moved on
	odd    map[string]int    // answers nobody expected
	second map[string]string // by login
	used   map[string]int64  // the last one-time code, by login
	ids    map[string]string // members by login
}

var logins = []string{"blue heron", "grey wren"}

// rooms opens the desk from the test's own process, as a server does.
func rooms(t *testing.T, dir, db string, now func() time.Time) (*desk.Desk, *casework.Casework, *store.Store) {
	t.Helper()
	st, err := store.Open(t.Context(), db, dir)
	if err != nil {
		t.Fatal(err)
	}
	seed, err := ledger.Seed(dir)
	if err != nil {
		t.Fatal(err)
	}
	l, err := ledger.NewLog("homeward-ledger", seed)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	d := &desk.Desk{
		Store: st, Ledger: l, Stretcher: vault.NewQuickStretcher(), Screen: lure.Default().Screen, Now: now, Log: log,
		Intake: &intake.Intake{Store: st, Ledger: l, Now: now, Visits: vault.NewKey()},
	}
	return d, &casework.Casework{Store: st, Ledger: l, Book: casework.Default(), Now: now, Log: log}, st
}

// twoMembers sets a desk up with two members whose passphrases cost little.
func twoMembers(t *testing.T, db string) *editors {
	t.Helper()
	e := &editors{t: t, dir: t.TempDir(), db: db, kept: map[string]string{}, odd: map[string]int{}, second: map[string]string{}, used: map[string]int64{}, ids: map[string]string{}}
	e.clock = clock(filepath.Join(t.TempDir(), "clock"))
	if err := os.WriteFile(string(e.clock), []byte("0"), 0o600); err != nil {
		t.Fatal(err)
	}
	d, _, st := rooms(t, e.dir, db, e.clock.now)
	defer st.Close()
	made, err := d.SetUp(t.Context(), logins[0], passphrase, 2, 3)
	if err != nil {
		t.Fatal(err)
	}
	e.second[logins[0]] = made.Second
	s := e.session(d, logins[0])
	if made, err = d.Hire(t.Context(), s, logins[1], passphrase, desk.Caseworker); err != nil {
		t.Fatal(err)
	}
	e.second[logins[1]] = made.Second
	all, err := d.Members(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all.All {
		e.ids[m.Login] = m.ID
	}
	return e
}

const passphrase = "five invented words for tests"

// code gives a member's next one-time code, putting the clock forward if it must.
func (e *editors) code(login string) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	if now := e.clock.now().Unix() / 30; now <= e.used[login] {
		e.clock.forward(e.t, time.Duration(e.used[login]-now+1)*30*time.Second)
	}
	now := e.clock.now()
	e.used[login] = now.Unix() / 30
	c, err := desk.SecondCode(e.second[login], now)
	if err != nil {
		e.t.Error(err)
	}
	return c
}

// session signs a member in within the test's own process.
func (e *editors) session(d *desk.Desk, login string) *desk.Session {
	e.t.Helper()
	token, err := d.SignIn(e.t.Context(), login, passphrase, e.code(login))
	if err != nil {
		e.t.Fatal(err)
	}
	s, err := d.Session(token)
	if err != nil {
		e.t.Fatal(err)
	}
	return s
}

// where gives a server that is up, as far as is known.
func (e *editors) where() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.up[mrand.IntN(len(e.up))].url
}

func (e *editors) start() *server {
	return serve(e.t, e.dir, e.db, "HOMEWARD_TEST_CLOCK="+string(e.clock))
}

// editor is one member with a browser.
type editor struct {
	*editors
	login string
	c     *http.Client
}

func (e *editors) editor(login string) *editor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		e.t.Fatal(err)
	}
	return &editor{e, login, &http.Client{Jar: jar, Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// send posts a form, or gets a page, until a server has answered: over the broken
// line, and over signing in again. ok is false if the context ended first.
func (m *editor) send(ctx context.Context, to string, form url.Values) (status int, body, location string, ok bool) {
	for ctx.Err() == nil {
		status, body, location, err := m.once(ctx, m.where()+to, form)
		switch {
		case err != nil:
			time.Sleep(5 * time.Millisecond)
			continue
		case status == http.StatusUnauthorized:
			_, _, _, _ = m.once(ctx, m.where()+"/desk/in", url.Values{"name": {m.login}, "passphrase": {passphrase}, "code": {m.code(m.login)}})
			continue
		}
		return status, body, location, true
	}
	return 0, "", "", false
}

func (m *editor) once(ctx context.Context, to string, form url.Values) (status int, body, location string, err error) {
	method, b := http.MethodGet, ""
	if form != nil {
		method, b = http.MethodPost, form.Encode()
	}
	r, err := http.NewRequestWithContext(ctx, method, to, strings.NewReader(b))
	if err != nil {
		return 0, "", "", err
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := m.c.Do(r)
	if err != nil {
		if !errors.Is(err, syscall.ECONNREFUSED) && ctx.Err() == nil && form != nil {
			m.mu.Lock()
			m.broken++
			m.mu.Unlock()
		}
		return 0, "", "", err
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(page), resp.Header.Get("Location"), err
}

// most is how many lines the members write in one case before they open the next.
const most = 60

// write adds lines until the context ends. A form that got no answer is sent again as
// it was, and so is now and then one that did.
func (m *editor) write(ctx context.Context) {
	rng := mrand.New(mrand.NewPCG(mrand.Uint64(), 3))
	for n := 0; ctx.Err() == nil; n++ {
		m.mu.Lock()
		at := m.at
		m.mu.Unlock()
		kind, words := "statement", "MARK-"+rand.Text()
		form := url.Values{"n": {casework.Nonce()}, "person": {"1"}, "f-according": {"nobody"}, "f-text": {words}}
		switch rng.IntN(6) {
		case 0:
			kind, form = "identity", url.Values{"n": form["n"], "person": {"1"}, "f-marks": {words}}
		case 1:
			// A stage is only taken from who has read all that is there.
			status, page, _, ok := m.send(ctx, "/desk/c/"+at+"/add/stage", nil)
			if !ok || status != http.StatusOK {
				m.strange(ok, "GET stage", status)
				continue
			}
			kind, form = "stage", url.Values{"n": form["n"], "person": {"1"}, "seen": {seen.FindStringSubmatch(page)[1]}, "f-stage": {"located"}, "f-text": {words}}
		}
		status, _, _, ok := m.send(ctx, "/desk/c/"+at+"/add/"+kind, form)
		if ok && status == http.StatusConflict && kind == "stage" {
			m.mu.Lock()
			m.moved++
			m.mu.Unlock()
			continue
		}
		if !ok || status != http.StatusSeeOther {
			m.strange(ok, "POST "+kind, status)
			continue
		}
		m.mu.Lock()
		m.kept[words] = at
		m.mu.Unlock()
		if rng.IntN(5) == 0 {
			status, _, _, ok := m.send(ctx, "/desk/c/"+at+"/add/"+kind, form)
			if ok && status != http.StatusSeeOther {
				m.strange(ok, "the same "+kind+" again", status)
			}
			m.mu.Lock()
			m.again++
			m.mu.Unlock()
		}
		if m.login == logins[0] && n%(most/2) == most/2-1 {
			m.open(ctx)
		}
	}
}

var seen = regexp.MustCompile(`name="seen" value="(\d+)"`)

func (m *editor) strange(ok bool, what string, status int) {
	if !ok {
		return
	}
	m.mu.Lock()
	m.odd[fmt.Sprintf("%s: status %d", what, status)]++
	m.mu.Unlock()
	time.Sleep(5 * time.Millisecond)
}

// open opens the next case, with both members on it.
func (m *editor) open(ctx context.Context) {
	form := url.Values{"n": {casework.Nonce()}, "called": {"MARK-" + rand.Text()}, "origin": {"TW"}, "stage": {"missing"}, "with": {m.ids[logins[1]]}}
	status, _, to, ok := m.send(ctx, "/desk/cases/new", form)
	if !ok || status != http.StatusSeeOther {
		m.strange(ok, "POST a case", status)
		return
	}
	id := strings.TrimPrefix(to, "/desk/c/")
	m.mu.Lock()
	m.at = id
	m.cases = append(m.cases, id)
	m.kept[form.Get("called")] = id
	m.mu.Unlock()
}

// found is what the last check saw.
type found struct {
	Lost, Doubled []string
	Lines, Cases  int
	Wrong         []string // anything else that must not be
}

// check opens all cases as both members could, and compares them with what was
// acknowledged and with the ledger. No server is running.
func (e *editors) check() (f found) {
	e.t.Helper()
	d, cases, st := rooms(e.t, e.dir, e.db, e.clock.now)
	defer st.Close()
	noted := map[string]int{}  // lines that the ledger knows, by case and number
	opened := map[string]int{} // cases that it knows
	if err := st.Read(e.t.Context(), func(tx *store.Tx) error {
		size, err := tx.LedgerSize()
		if err != nil {
			return err
		}
		return tx.LedgerRows(0, size, func(_ int64, _, event, _, _ []byte) error {
			var v ledger.Event
			if err := json.Unmarshal(event, &v); err != nil {
				return err
			}
			switch v.Kind {
			case "case.entry":
				noted[v.Of+"/"+v.Detail["n"]]++
			case "case.opened":
				opened[v.Of]++
			}
			return nil
		})
	}); err != nil {
		e.t.Fatal(err)
	}
	all := map[string]int{}
	for i, login := range logins {
		s := e.session(d, login)
		board, behind, err := cases.Board(e.t.Context(), s)
		for err == nil && behind > 0 {
			time.Sleep(50 * time.Millisecond)
			board, behind, err = cases.Board(e.t.Context(), s)
		}
		if err != nil {
			e.t.Fatal(err)
		}
		for _, row := range board {
			c, err := cases.Read(e.t.Context(), s, row.ID) // checks order and every signature
			if err != nil {
				f.Wrong = append(f.Wrong, fmt.Sprintf("%s cannot read %s: %v", login, row.ID, err))
				continue
			}
			for k, line := range c.Entries {
				if line.Shut {
					f.Wrong = append(f.Wrong, fmt.Sprintf("line %d of %s does not open to %s", line.N, row.ID, login))
				}
				// The first line came with the case itself.
				if want, got := 1, noted[fmt.Sprintf("%s/%d", row.ID, line.N)]; i == 0 && k > 0 && got != want {
					f.Wrong = append(f.Wrong, fmt.Sprintf("the ledger has line %d of %s %d times", line.N, row.ID, got))
				}
				for _, v := range line.F {
					if i == 0 && strings.HasPrefix(v, "MARK-") {
						all[v+" in "+row.ID]++
						if all[v+" in "+row.ID] == 2 {
							f.Doubled = append(f.Doubled, v)
						}
					}
				}
			}
			if i > 0 {
				continue
			}
			f.Lines += len(c.Entries)
			f.Cases++
			if opened[row.ID] != 1 {
				f.Wrong = append(f.Wrong, fmt.Sprintf("the ledger has the opening of %s %d times", row.ID, opened[row.ID]))
			}
		}
	}
	for words, id := range e.kept {
		if all[words+" in "+id] == 0 {
			f.Lost = append(f.Lost, words)
		}
	}
	return f
}

// TestTwoMembersOneCase: two members write in one case at once while servers are
// killed; nothing that was acknowledged is gone and nothing is there twice.
func TestTwoMembersOneCase(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { editAndKill(t, "", 1, 4) })
	t.Run("postgres", func(t *testing.T) { editAndKill(t, engines.Postgres(t), 2, 2) })
}

func editAndKill(t *testing.T, db string, servers, few int) {
	seed := uint64(time.Now().UnixNano())
	t.Log("seed ", seed)
	rng := mrand.New(mrand.NewPCG(seed, 1))
	if *rounds > 0 {
		few = *rounds
	}
	e := twoMembers(t, db)
	for range servers {
		e.up = append(e.up, e.start())
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	members := []*editor{e.editor(logins[0]), e.editor(logins[1])}
	members[0].open(ctx)
	if len(e.cases) == 0 {
		t.Fatal("no case could be opened: ", e.odd)
	}
	var wg sync.WaitGroup
	for _, m := range members {
		wg.Go(func() { m.write(ctx) })
	}
	amount := func() int {
		e.mu.Lock()
		defer e.mu.Unlock()
		return len(e.kept)
	}
	for range few {
		// Both are at it again before the next kill.
		for before, until := amount(), time.Now().Add(20*time.Second); amount() < before+4 && time.Now().Before(until); {
			time.Sleep(2 * time.Millisecond)
		}
		time.Sleep(time.Duration(rng.IntN(120)) * time.Millisecond)
		i := rng.IntN(servers)
		e.up[i].kill()
		again := e.start()
		e.mu.Lock()
		e.up[i] = again
		e.mu.Unlock()
	}
	for before, until := amount(), time.Now().Add(20*time.Second); amount() < before+4 && time.Now().Before(until); {
		time.Sleep(2 * time.Millisecond)
	}
	stop()
	wg.Wait()
	for _, s := range e.up {
		s.kill()
	}
	f := e.check()
	if len(f.Lost) > 0 || len(f.Doubled) > 0 || len(f.Wrong) > 0 || f.Cases < len(e.cases) {
		t.Errorf("of %d that were acknowledged %d are lost and %d are there twice; %d cases of %d; %.10q", len(e.kept), len(f.Lost), len(f.Doubled), f.Cases, len(e.cases), f.Wrong)
	}
	if len(e.odd) > 0 {
		t.Errorf("answers that nobody expected: %v", e.odd)
	}
	if len(e.kept) < 4*few || e.again == 0 {
		t.Errorf("only %d lines were kept, %d sent again: this test saw nothing", len(e.kept), e.again)
	}
	args := []string{"ledger", "verify", "--data", e.dir}
	if db != "" {
		args = append(args, "--database", db)
	}
	t.Logf("killed %d times; %d acknowledged, %d forms cut off by a kill and sent again, %d acknowledged ones sent again, %d stages refused because the case had moved on; %d cases, %d lines; %s",
		few, len(e.kept), e.broken, e.again, e.moved, f.Cases, f.Lines, strings.TrimSpace(run(t, args...)))
}

// TestTheCheckSeesLinesLost is the negative control: with the file put back the lines
// written since must be missed, and words sent under two nonces must be seen twice.
func TestTheCheckSeesLinesLost(t *testing.T) {
	e := twoMembers(t, "")
	e.up = []*server{e.start()}
	m := e.editor(logins[0])
	m.open(t.Context())
	add := func(words string) {
		t.Helper()
		form := url.Values{"n": {casework.Nonce()}, "person": {"1"}, "f-according": {"nobody"}, "f-text": {words}}
		if status, _, _, _ := m.send(t.Context(), "/desk/c/"+e.at+"/add/statement", form); status != http.StatusSeeOther {
			t.Fatalf("status %d", status)
		}
		e.kept[words] = e.at
	}
	add("MARK-once")
	add("MARK-twice")
	add("MARK-twice")
	e.up[0].kill()
	if f := e.check(); len(f.Lost) != 0 || len(f.Wrong) != 0 || len(f.Doubled) != 1 || f.Doubled[0] != "MARK-twice" {
		t.Errorf("before anything is lost: %+v", f)
	}
	old := map[string][]byte{}
	files, _ := filepath.Glob(filepath.Join(e.dir, "homeward.db*"))
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		old[name] = b
	}
	e.up[0] = e.start()
	add("MARK-later")
	e.up[0].kill()
	files, _ = filepath.Glob(filepath.Join(e.dir, "homeward.db*"))
	for _, name := range files {
		os.Remove(name)
	}
	for name, b := range old {
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if f := e.check(); len(f.Lost) != 1 || f.Lost[0] != "MARK-later" {
		t.Errorf("one line was put back in time, and the check misses %q", f.Lost)
	}
}
