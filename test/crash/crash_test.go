// Package crash kills servers while people tell them things, and looks whether
// anything that was acknowledged is gone.
//
//	go test ./test/crash                          a few rounds, as make test runs them
//	go test ./test/crash -rounds 200 -timeout 2h  as many as for a release
//
// kill -9 cannot show what a power cut does: what the disk itself had not written
// is only lost then. That the database asks the disk to write before it
// acknowledges is SQLite's and PostgreSQL's promise.
package crash

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"html"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"homeward/door/cli"
	"homeward/test/engines"
)

var rounds = flag.Int("rounds", 0, "how often the server is killed; 0 is five times on SQLite, twice on PostgreSQL")

func TestMain(m *testing.M) {
	if os.Getenv("HOMEWARD_TEST_CHILD") != "" {
		e := cli.System()
		if path := os.Getenv("HOMEWARD_TEST_CLOCK"); path != "" {
			e.Now = clock(path).now
		}
		os.Exit(cli.Main(e))
	}
	engines.Main(m)
}

// server is the real program in a process of its own.
type server struct {
	cmd *exec.Cmd
	url string
}

func program(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	c := exec.CommandContext(t.Context(), os.Args[0], args...)
	c.Env = append(os.Environ(), "HOMEWARD_TEST_CHILD=1", "HOMEWARD_ADMIN_PASSPHRASE=five invented words for tests")
	return c
}

func run(t *testing.T, args ...string) string {
	t.Helper()
	out, err := program(t, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
	return string(out)
}

func serve(t *testing.T, dir, db string, env ...string) *server {
	t.Helper()
	args := []string{"serve", "--data", dir, "--listen", "127.0.0.1:0"}
	if db != "" {
		args = append(args, "--database", db)
	}
	s := &server{cmd: program(t, args...)}
	s.cmd.Env = append(s.cmd.Env, env...)
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.kill() })
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if i := strings.Index(lines.Text(), "http"); i >= 0 {
			s.url = strings.TrimRight(lines.Text()[i:], "/")
			go io.Copy(io.Discard, out)
			return s
		}
	}
	t.Fatal("the server did not start")
	return nil
}

func (s *server) kill() {
	s.cmd.Process.Kill()
	s.cmd.Wait()
}

var (
	digits = regexp.MustCompile(`(?s)<p class="tel digits">(.*?)</p>`)
	tags   = regexp.MustCompile(`<[^>]*>`)
)

func post(ctx context.Context, url_ string, v url.Values) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url_, strings.NewReader(v.Encode()))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("status %d", resp.StatusCode)
	}
	return string(b), err
}

// teller tells things until its context ends, and remembers every code that it was
// shown. When the line breaks it sends the same form again, as people do.
type teller struct {
	mu    sync.Mutex
	codes map[string]string // by nonce
	twice []string
}

func (k *teller) tell(ctx context.Context, at func() string, who int) {
	for n := 0; ctx.Err() == nil; n++ {
		nonce := fmt.Sprintf("invented nonce %d of teller %d %d", n, who, rand.Uint64())
		v := url.Values{"n": {nonce}, "step": {"3"}, "text": {fmt.Sprint("invented words ", n)}}
		for ctx.Err() == nil {
			page, err := post(ctx, at()+"/t", v)
			if err != nil {
				time.Sleep(10 * time.Millisecond)
				continue
			}
			m := digits.FindStringSubmatch(page)
			if m == nil {
				break
			}
			code := strings.Join(strings.Fields(html.UnescapeString(tags.ReplaceAllString(m[1], " "))), " ")
			k.mu.Lock()
			if old, ok := k.codes[nonce]; ok && old != code {
				k.twice = append(k.twice, nonce)
			}
			k.codes[nonce] = code
			k.mu.Unlock()
			break
		}
	}
}

// some tells until n more codes were shown.
func (k *teller) some(t *testing.T, s *server, who, n int) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	defer wg.Wait()
	defer stop()
	k.mu.Lock()
	n += len(k.codes)
	k.mu.Unlock()
	wg.Go(func() { k.tell(ctx, func() string { return s.url }, who) })
	k.wait(t, n)
}

// wait returns when n codes have been shown.
func (k *teller) wait(t *testing.T, n int) {
	t.Helper()
	for range 12000 {
		k.mu.Lock()
		have := len(k.codes)
		k.mu.Unlock()
		if have >= n {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("%d codes were not shown within two minutes", n)
}

// lost opens every code and gives those that do not.
func (k *teller) lost(t *testing.T, at string) (out []string) {
	t.Helper()
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.twice) > 0 {
		t.Errorf("%d forms got two codes", len(k.twice))
	}
	for _, code := range k.codes {
		page, err := post(t.Context(), at+"/b", url.Values{"code": {code}})
		if err != nil || !strings.Contains(page, `name="v"`) {
			out = append(out, code)
		}
	}
	return out
}

func TestNothingAcknowledgedIsLost(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { killAgainAndAgain(t, "", 1, 5) })
	t.Run("postgres", func(t *testing.T) { killAgainAndAgain(t, engines.Postgres(t), 2, 2) })
}

func killAgainAndAgain(t *testing.T, db string, servers, few int) {
	seed := uint64(time.Now().UnixNano())
	t.Log("seed ", seed)
	rng := rand.New(rand.NewPCG(seed, 1))
	if *rounds > 0 {
		few = *rounds
	}
	dir := t.TempDir()
	args := []string{"--data", dir}
	if db != "" {
		args = append(args, "--database", db)
	}
	run(t, append([]string{"init", "--for-test"}, args...)...)
	k := &teller{codes: map[string]string{}}
	var mu sync.Mutex
	up := make([]*server, servers)
	for i := range up {
		up[i] = serve(t, dir, db)
	}
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			k.tell(ctx, func() string {
				mu.Lock()
				defer mu.Unlock()
				return up[w%servers].url
			}, w)
		})
	}
	for range few {
		time.Sleep(time.Duration(100+rng.IntN(700)) * time.Millisecond)
		i := rng.IntN(servers)
		up[i].kill()
		again := serve(t, dir, db)
		mu.Lock()
		up[i] = again
		mu.Unlock()
	}
	k.wait(t, 20)
	stop()
	wg.Wait()
	if lost := k.lost(t, up[0].url); len(lost) > 0 {
		t.Errorf("%d of %d codes that were shown do not open", len(lost), len(k.codes))
	}
	out := run(t, append([]string{"ledger", "verify"}, args...)...)
	t.Logf("%d codes shown, killed %d times; %s", len(k.codes), few, strings.TrimSpace(out))
}

// TestTheCheckSeesLoss is the negative control: with the file put back to what it
// was a while ago, as a machine without durable writes would find it, codes that
// were shown must be missed.
func TestTheCheckSeesLoss(t *testing.T) {
	dir := t.TempDir()
	run(t, "init", "--for-test", "--data", dir)
	s := serve(t, dir, "")
	k := &teller{codes: map[string]string{}}
	k.some(t, s, 1, 10)
	s.kill()
	old := map[string][]byte{}
	files, _ := filepath.Glob(filepath.Join(dir, "homeward.db*"))
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		old[f] = b
	}
	s = serve(t, dir, "")
	before := len(k.codes)
	k.some(t, s, 1, 10)
	kept := filepath.Join(dir, "kept")
	if err := os.WriteFile(kept, []byte(run(t, "ledger", "checkpoint", "--data", dir)), 0o600); err != nil {
		t.Fatal(err)
	}
	s.kill()
	files, _ = filepath.Glob(filepath.Join(dir, "homeward.db*"))
	for _, f := range files {
		os.Remove(f)
	}
	for f, b := range old {
		if err := os.WriteFile(f, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s = serve(t, dir, "")
	if lost := k.lost(t, s.url); len(lost) != len(k.codes)-before || len(lost) == 0 {
		t.Errorf("%d of %d were put back in time and %d are missed", len(k.codes)-before, len(k.codes), len(lost))
	}
	s.kill()
	if out, err := program(t, "ledger", "verify", "--data", dir, "--kept", kept).CombinedOutput(); err == nil {
		t.Errorf("the ledger does not notice either: %s", out)
	}
	run(t, "ledger", "verify", "--data", dir)
}
