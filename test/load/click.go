package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"homeward/work/casework"
	"homeward/work/desk"
)

type result struct {
	pages               []string
	alone               map[string]cost // one member, nobody else
	times               map[string][]time.Duration
	signIn, first       float64
	whole, searched     []float64
	before, after, most int64
	cpu                 float64
	verified            string
}

// cost is what a page takes while nobody else clicks: by the clock, and of the server's
// processor, which says the same on a busy machine.
type cost struct{ clock, late, cpu float64 } // median, 95th percentile

// page is something a member opens: its address, and for a form what is sent.
type page struct {
	name string
	to   func(rng *rand.Rand) string
	form func() url.Values
}

func (f filled) pages() (all []page) {
	defer func() {
		all = slices.DeleteFunc(all, func(p page) bool { return quick && strings.HasPrefix(p.name, "search") })
	}()
	one := func(to string) func(*rand.Rand) string { return func(*rand.Rand) string { return to } }
	in := func(after string) func(*rand.Rand) string {
		return func(rng *rand.Rand) string { return "/desk/c/" + f.Cases[rng.IntN(len(f.Cases))] + after }
	}
	report := func(rng *rand.Rand) string { return f.Reports[rng.IntN(len(f.Reports))] }
	return []page{
		{"queue", one("/desk"), nil},
		{"report", func(rng *rand.Rand) string { return "/desk/r/" + report(rng) }, nil},
		{"board", one("/desk/cases"), nil},
		{"board, next page", one("/desk/cases?from=100"), nil},
		{"stage home", one("/desk/cases?stage=home"), nil},
		{"my day", one("/desk/day"), nil},
		{"case", in(""), nil},
		{"case, all lines", in("?all"), nil},
		{"line", func(rng *rand.Rand) string { return in("/n/" + strconv.Itoa(1+rng.IntN(30)))(rng) }, nil},
		{"hand-over sheet", in("/sheet"), nil},
		{"add form", in("/add/contact"), nil},
		{"adding a line", in("/add/statement"), func() url.Values {
			return url.Values{"n": {casework.Nonce()}, "person": {"1"}, "f-according": {"nobody"}, "f-text": {words(rand.IntN(1<<30), 35)}}
		}},
		{"plan form", in("/tell"), nil},
		{"plan", func(rng *rand.Rand) string {
			t := f.Tellings[rng.IntN(len(f.Tellings))]
			return fmt.Sprintf("/desk/c/%s/t/%d", t.Case, t.N)
		}, nil},
		{"open a case from a report", func(rng *rand.Rand) string { return "/desk/cases/new?report=" + report(rng) }, nil},
		{"channels", one("/desk/channels"), nil},
		{"channel", one("/desk/channels/tw-mofa"), nil},
		{"search, a rare word", one("/desk/cases?q=zeppelin"), nil},
		{"search, no such word", one("/desk/cases?q=nowhere+to+be+found"), nil},
		{"search, two words", one("/desk/cases?q=orchard+%E5%A4%A7%E6%A8%93"), nil},
	}
}

// server is the real program in a process of its own.
type server struct {
	cmd *exec.Cmd
	url string
}

// program is this one, as homeward itself. What it logs is not shown: nobody is on call
// here, and it says so again and again.
func program(profile string, args ...string) *exec.Cmd {
	c := exec.Command(os.Args[0], args...)
	c.Env = append(os.Environ(), "HOMEWARD_LOAD_SERVER=1", "HOMEWARD_LOAD_PROFILE="+profile)
	return c
}

func serve(dir, profile string) (*server, error) {
	s := &server{cmd: program(profile, "serve", "--data", dir, "--listen", "127.0.0.1:0")}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if i := strings.Index(lines.Text(), "http"); i >= 0 {
			s.url = strings.TrimRight(lines.Text()[i:], "/")
			go io.Copy(io.Discard, out)
			return s, nil
		}
	}
	return nil, errors.New("the server did not start")
}

// somebody is a member with a browser.
type somebody struct {
	*http.Client
	at string
}

func (s *server) signIn(m member) (*somebody, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	b := &somebody{&http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, s.url}
	for range 5 {
		code, err := desk.SecondCode(m.Second, time.Now())
		if err != nil {
			return nil, err
		}
		status, _, err := b.open("/desk/in", url.Values{"name": {m.Login}, "passphrase": {passphrase}, "code": {code}})
		if err != nil || status == http.StatusSeeOther {
			return b, err
		}
		time.Sleep(10 * time.Second) // a code is good once
	}
	return nil, errors.New("cannot sign in")
}

func (b *somebody) open(to string, form url.Values) (int, string, error) {
	var resp *http.Response
	var err error
	if form != nil {
		resp, err = b.PostForm(b.at+to, form)
	} else {
		resp, err = b.Get(b.at + to)
	}
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(body), err
}

var (
	behind = regexp.MustCompile(`\d+ more are being opened`)
	left   = regexp.MustCompile(`\d+ cases were not looked through`)
)

// wait opens a page until it no longer says that something is on its way.
func (b *somebody) wait(to string, still *regexp.Regexp) (first, whole time.Duration, err error) {
	began := time.Now()
	for {
		status, body, err := b.open(to, nil)
		if err != nil || status != http.StatusOK {
			return 0, 0, fmt.Errorf("%s: status %d: %w", to, status, err)
		}
		first = cmp.Or(first, time.Since(began))
		if !still.MatchString(body) {
			return first, time.Since(began), nil
		}
		if time.Since(began) > 5*time.Minute {
			return 0, 0, fmt.Errorf("%s is never ready", to)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func measure(ctx context.Context, dir string, n size, rounds int, only, profile string) (result, error) {
	r := result{times: map[string][]time.Duration{}}
	f, err := desked(ctx, dir, n)
	if err != nil {
		return r, err
	}
	s, err := serve(dir, profile)
	if err != nil {
		return r, err
	}
	defer func() { s.cmd.Process.Kill(); s.cmd.Wait() }()
	var all []*somebody
	for i, m := range f.Members {
		began := time.Now()
		b, err := s.signIn(m)
		if err != nil {
			return r, err
		}
		in := ms(time.Since(began))
		first, whole, err := b.wait("/desk/cases", behind)
		if err != nil {
			return r, err
		}
		if i == 0 {
			r.signIn, r.first = in, in+ms(first)
		}
		r.whole = append(r.whole, in+ms(whole))
		all = append(all, b)
		if quick {
			continue
		}
		_, found, err := b.wait("/desk/cases?q=zeppelin", left)
		if err != nil {
			return r, err
		}
		r.searched = append(r.searched, in+ms(whole)+ms(found))
	}
	// The queue too opens behind its first page.
	if _, _, err := all[0].open("/desk", nil); err != nil {
		return r, err
	}
	time.Sleep(time.Duration(n.Unread) * time.Millisecond)
	pid := s.cmd.Process.Pid
	if err := r.one(f, all[0], pid, rounds, only); err != nil {
		return r, err
	}
	r.before = memory(pid, "VmRSS")
	cpu := processor(pid)
	clicks, err := r.click(f, all, rounds, only)
	if err != nil {
		return r, err
	}
	r.cpu = ms(processor(pid)-cpu) / float64(clicks)
	r.after, r.most = memory(pid, "VmRSS"), memory(pid, "VmHWM")
	s.cmd.Process.Signal(os.Interrupt)
	s.cmd.Wait()
	out, err := program("", "ledger", "verify", "--data", dir).Output()
	r.verified = strings.TrimSpace(string(out))
	return r, err
}

// one has one member open each page again and again.
func (r *result) one(f filled, b *somebody, pid, rounds int, only string) error {
	r.alone = map[string]cost{}
	rng := rand.New(rand.NewPCG(1, 9))
	for _, p := range f.pages() {
		if only != "" && p.name != only {
			continue
		}
		var times []time.Duration
		cpu := processor(pid)
		for range rounds {
			to, form := p.to(rng), url.Values(nil)
			if p.form != nil {
				form = p.form()
			}
			began := time.Now()
			status, _, err := b.open(to, form)
			if err != nil || status != http.StatusOK && status != http.StatusSeeOther {
				return fmt.Errorf("%s: status %d: %w", to, status, err)
			}
			times = append(times, time.Since(began))
		}
		slices.Sort(times)
		r.alone[p.name] = cost{ms(times[len(times)/2]), ms(times[len(times)*95/100]), ms(processor(pid)-cpu) / float64(rounds)}
	}
	return nil
}

// click has all members open all pages at once, each in an order of their own.
func (r *result) click(f filled, all []*somebody, rounds int, only string) (clicks int, err error) {
	pages := f.pages()
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, p := range pages {
		if only == "" || p.name == only {
			r.pages = append(r.pages, p.name)
		}
	}
	for i, b := range all {
		wg.Go(func() {
			rng := rand.New(rand.NewPCG(uint64(i), 7))
			for range rounds {
				for _, k := range rng.Perm(len(pages)) {
					p := pages[k]
					if only != "" && p.name != only {
						continue
					}
					to, form, want := p.to(rng), url.Values(nil), http.StatusOK
					if p.form != nil {
						form, want = p.form(), http.StatusSeeOther
					}
					began := time.Now()
					status, _, e := b.open(to, form)
					took := time.Since(began)
					mu.Lock()
					clicks++
					r.times[p.name] = append(r.times[p.name], took)
					if e != nil || status != want {
						err = errors.Join(err, fmt.Errorf("%s: status %d: %w", to, status, e))
					}
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	return clicks, err
}

// memory gives a line of /proc/PID/status in MB.
func memory(pid int, line string) int64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for l := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(l, line+":"); ok {
			kb, _ := strconv.ParseInt(cmp.Or(strings.Fields(rest)...), 10, 64)
			return kb / 1024
		}
	}
	return 0
}

// processor gives the time a process has used.
func processor(pid int) time.Duration {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(b), ") ")
	f := strings.Fields(rest)
	user, _ := strconv.ParseInt(f[11], 10, 64)
	system, _ := strconv.ParseInt(f[12], 10, 64)
	return time.Duration(user+system) * 10 * time.Millisecond
}
