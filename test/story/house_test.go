package story

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"homeward/door/cli"
	"homeward/work/desk"
)

const passphrase = "five invented words for tests"

// house is the real program, with a desk that was set up a moment ago.
type house struct {
	t      *testing.T
	url    string
	second string       // the secret of the member's one-time codes
	ahead  atomic.Int64 // how far the house's clock is before the wall's
	page   int          // pages seen so far, for the names of pictures
}

func (h *house) now() time.Time { return time.Now().Add(time.Duration(h.ahead.Load())) }

// later lets time pass.
func (h *house) later(d time.Duration) { h.ahead.Add(int64(d)) }

// opensADesk sets a desk up and starts the program.
func opensADesk(t *testing.T) *house {
	t.Helper()
	h := &house{t: t}
	dir := t.TempDir()
	said := h.command("init", "--data", dir, "--for-test")
	secret := regexp.MustCompile(`Authenticator: (\S+)`).FindStringSubmatch(said)
	if secret == nil {
		t.Fatalf("init gave no secret for an authenticator:\n%s", said)
	}
	h.second = secret[1]
	h.serve("serve", "--data", dir, "--listen", "127.0.0.1:0")
	return h
}

func (h *house) env(ctx context.Context, out io.Writer, args []string) cli.Env {
	return cli.Env{
		Context: ctx, Args: args, Stdin: strings.NewReader(""), Stdout: out, Stderr: h.t.Output(), Now: h.now,
		Getenv:   func(name string) string { return map[string]string{"HOMEWARD_ADMIN_PASSPHRASE": passphrase}[name] },
		Terminal: func(any) bool { return false },
	}
}

func (h *house) command(args ...string) string {
	h.t.Helper()
	var out bytes.Buffer
	if code := cli.Main(h.env(h.t.Context(), &out, args)); code != 0 {
		h.t.Fatalf("%v ended with %d\n%s", args, code, &out)
	}
	return out.String()
}

// serve runs until the test is over.
func (h *house) serve(args ...string) {
	h.t.Helper()
	ctx, stop := context.WithCancel(context.WithoutCancel(h.t.Context()))
	out, in := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- cli.Main(h.env(ctx, in, args))
		in.Close()
	}()
	h.t.Cleanup(func() {
		stop()
		if code := <-ended; code != 0 {
			h.t.Errorf("%v ended with %d", args, code)
		}
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		h.t.Fatalf("%v said nothing", args)
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	if _, err := fmt.Sscanf(line, "listening on %s", &h.url); err != nil {
		h.t.Fatalf("%v said %q", args, line)
	}
	h.url = strings.TrimSuffix(h.url, "/")
}

// oneTimeCode is what the member's authenticator shows.
func (h *house) oneTimeCode() string {
	h.t.Helper()
	code, err := desk.SecondCode(h.second, h.now())
	if err != nil {
		h.t.Fatal(err)
	}
	return code
}
