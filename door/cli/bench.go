package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const benchHelp = `Sends N reports through the public forms of a running server, from C reporters at
once, each from an address of its own (127.0.0.2 and up, where the server is on this
machine), keeps every code that was shown, and opens every one afterwards. Prints
counts, percentiles, and with --pid the server's processor time and memory. Ends with
1 if a report was refused or a code does not open.`

type intakeBench struct {
	url         string
	reports, at int
	pid         int

	mu      sync.Mutex
	times   []time.Duration
	codes   []string
	refused atomic.Int64
	again   atomic.Int64
	why     sync.Map
}

// bench is homeward bench intake and homeward bench match.
func (e *Env) bench(args []string) error {
	switch {
	case len(args) > 0 && args[0] == "match":
		return e.benchMatch(args[1:])
	case len(args) == 0 || args[0] != "intake":
		return usage("write: homeward bench intake --url URL --reports N --concurrency C, or: homeward bench match --people N")
	}
	var b intakeBench
	f := e.flags("bench intake", "", benchHelp)
	f.StringVar(&b.url, "url", "", "address of the server")
	f.IntVar(&b.reports, "reports", 1000, "how many reports")
	f.IntVar(&b.at, "concurrency", 50, "how many reporters at once")
	f.IntVar(&b.pid, "pid", 0, "process of the server, to measure it")
	if err := parse(f, args[1:]); err != nil {
		return err
	}
	u, err := url.Parse(b.url)
	if err != nil || u.Host == "" || b.reports < 1 || b.at < 1 {
		return usage("give --url http://… and numbers of one and more")
	}
	b.url = strings.TrimRight(b.url, "/")
	before := cpuOf(b.pid)
	start := e.Now()
	b.each(e.Context, u, b.report)
	took := e.Now().Sub(start)
	cpu := cpuOf(b.pid) - before
	fmt.Fprintf(e.Stdout, "reports sent        %d by %d at once in %.1f s (%.0f a second)\n", b.reports, b.at, took.Seconds(), float64(b.reports)/took.Seconds())
	fmt.Fprintf(e.Stdout, "refused             %d\n", b.refused.Load())
	fmt.Fprintf(e.Stdout, "sent again          %d, after a broken line\n", b.again.Load())
	b.why.Range(func(k, v any) bool { fmt.Fprintf(e.Stdout, "  %v\n", k); return true })
	fmt.Fprintf(e.Stdout, "a request took      p50 %d ms, p95 %d ms, p99 %d ms, longest %d ms\n", b.percentile(50), b.percentile(95), b.percentile(99), b.percentile(100))
	if b.pid > 0 {
		fmt.Fprintf(e.Stdout, "server CPU          %.2f ms a report (GlobaLeaks 5.0.15, recorded: 3,000 to 3,200)\n", cpu.Seconds()*1000/float64(b.reports))
		fmt.Fprintf(e.Stdout, "server memory       %d MB now, %d MB at most (GlobaLeaks 5.0.15, recorded: 288)\n", memoryOf(b.pid, "VmRSS"), memoryOf(b.pid, "VmHWM"))
	}
	lost := b.openAll(e.Context, u)
	fmt.Fprintf(e.Stdout, "codes that open     %d of %d shown (GlobaLeaks 5.0.15 lost 9 of 20 reports from 2 at once)\n", int64(len(b.codes))-lost, len(b.codes))
	if b.refused.Load() > 0 || lost > 0 {
		return codeError{exitFailed, fmt.Sprintf("%d refused, %d lost", b.refused.Load(), lost)}
	}
	return nil
}

// each runs f from as many reporters as there are, until all reports are done.
func (b *intakeBench) each(ctx context.Context, u *url.URL, f func(context.Context, *http.Client, int) error) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for c := range b.at {
		wg.Go(func() {
			client := clientFrom(u, c)
			defer client.CloseIdleConnections()
			for ctx.Err() == nil {
				n := int(next.Add(1)) - 1
				if n >= b.reports {
					return
				}
				if err := f(ctx, client, n); err != nil {
					b.refused.Add(1)
					b.why.Store(err.Error(), true)
				}
			}
		})
	}
	wg.Wait()
}

// clientFrom makes a client with an address of its own on the loopback network.
func clientFrom(u *url.URL, n int) *http.Client {
	d := &net.Dialer{Timeout: 30 * time.Second}
	if ip := net.ParseIP(u.Hostname()); ip != nil && ip.IsLoopback() && ip.To4() != nil {
		d.LocalAddr = &net.TCPAddr{IP: net.IPv4(127, 0, 0, byte(2+n%250))}
	}
	return &http.Client{Timeout: 2 * time.Minute, Transport: &http.Transport{DialContext: d.DialContext, MaxIdleConnsPerHost: 2}}
}

var (
	nonceField = regexp.MustCompile(`name="n" value="([^"]+)"`)
	codeDigits = regexp.MustCompile(`(?s)<p class="tel digits">(.*?)</p>`)
	tags       = regexp.MustCompile(`<[^>]*>`)
)

// report goes through the pages of /t as a person does.
func (b *intakeBench) report(ctx context.Context, c *http.Client, n int) error {
	page, err := b.post(ctx, c, "/t", url.Values{"step": {"0"}})
	if err != nil {
		return err
	}
	m := nonceField.FindStringSubmatch(page)
	if m == nil {
		return errors.New("no form on the first page")
	}
	v := url.Values{
		"n": {m[1]}, "kind": {"missing"}, "relation": {"family"}, "text": {fmt.Sprintf("Invented report %d: a cousin who flew to a city by the sea, and then no word.", n)},
		"who": {"An invented person"}, "where": {"An invented town"}, "safe": {"after nine"}, "step": {"3"},
	}
	if page, err = b.post(ctx, c, "/t", v); err != nil {
		return err
	}
	code := codeOn(page)
	if code == "" {
		return errors.New("no code on the last page")
	}
	b.mu.Lock()
	b.codes = append(b.codes, code)
	b.mu.Unlock()
	return nil
}

func codeOn(page string) string {
	m := codeDigits.FindStringSubmatch(page)
	if m == nil {
		return ""
	}
	return strings.Join(strings.Fields(html.UnescapeString(tags.ReplaceAllString(m[1], " "))), " ")
}

func (b *intakeBench) post(ctx context.Context, c *http.Client, path string, v url.Values) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, b.url+path, strings.NewReader(v.Encode()))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	start := time.Now()
	resp, err := c.Do(r)
	if err != nil && r.GetBody != nil {
		// The line broke: the same form is sent again, as people do. It is one report.
		b.again.Add(1)
		if r.Body, err = r.GetBody(); err == nil {
			resp, err = c.Do(r)
		}
	}
	if err != nil {
		return "", fmt.Errorf("no answer: %w", errors.Unwrap(err))
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	took := time.Since(start)
	b.mu.Lock()
	b.times = append(b.times, took)
	b.mu.Unlock()
	if err != nil || resp.StatusCode != http.StatusOK {
		return "", fmt.Errorf("status %d", resp.StatusCode)
	}
	return string(body), nil
}

// openAll opens every code and says how many do not.
func (b *intakeBench) openAll(ctx context.Context, u *url.URL) int64 {
	var lost atomic.Int64
	codes := slices.Clone(b.codes)
	again := &intakeBench{url: b.url, reports: len(codes), at: b.at}
	again.each(ctx, u, func(ctx context.Context, c *http.Client, n int) error {
		page, err := again.post(ctx, c, "/b", url.Values{"code": {codes[n]}})
		if err != nil || !strings.Contains(page, `name="v"`) {
			lost.Add(1)
		}
		return nil
	})
	return lost.Load()
}

func (b *intakeBench) percentile(p int) int64 {
	if len(b.times) == 0 {
		return 0
	}
	slices.Sort(b.times)
	return b.times[min(len(b.times)-1, len(b.times)*p/100)].Milliseconds()
}

// cpuOf gives the processor time a process has used, from /proc.
func cpuOf(pid int) time.Duration {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if pid == 0 || err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(b), ") ")
	f := strings.Fields(rest)
	if len(f) < 13 {
		return 0
	}
	user, _ := strconv.ParseInt(f[11], 10, 64)
	system, _ := strconv.ParseInt(f[12], 10, 64)
	return time.Duration(user+system) * 10 * time.Millisecond // ticks of 1/100 s
}

// memoryOf gives a line of /proc/PID/status in MB.
func memoryOf(pid int, line string) int64 {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return 0
	}
	for _, l := range strings.Split(string(b), "\n") {
		if rest, ok := strings.CutPrefix(l, line+":"); ok {
			kb, _ := strconv.ParseInt(cmp.Or(strings.Fields(rest)...), 10, 64)
			return kb / 1024
		}
	}
	return 0
}
