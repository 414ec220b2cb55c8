package cli

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"homeward": func() { os.Exit(Main(System())) },
	})
}

func TestScripts(t *testing.T) {
	// The scripts themselves are UTF-8; texts in another code are written here.
	foreign := map[string]string{
		"big5.txt":  "\xac\x68\xae\x48\xb9\xeb\xb0\xaa\xc1\x7e", // Big5
		"utf16.txt": "\xff\xfec\x00a\x00l\x00l\x00",             // UTF-16: "call"
	}
	testscript.Run(t, testscript.Params{Dir: "testdata", Setup: func(e *testscript.Env) error {
		for name, text := range foreign {
			if err := os.WriteFile(filepath.Join(e.WorkDir, name), []byte(text), 0o600); err != nil {
				return err
			}
		}
		return nil
	}})
}

// run starts a command that goes on until the test stops it, and gives the
// first line it prints that holds an address.
func run(t *testing.T, args ...string) (url string, stop func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r, w := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- Main(Env{
			Context: ctx, Args: args, Stdin: strings.NewReader(""), Stdout: w, Stderr: io.Discard,
			Getenv: func(string) string { return "" }, Now: time.Now, Terminal: func(any) bool { return false },
		})
		w.Close()
	}()
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		if i := strings.Index(lines.Text(), "http"); i >= 0 {
			url = lines.Text()[i:]
			break
		}
	}
	go func() { _, _ = io.Copy(io.Discard, r) }()
	if url == "" {
		t.Fatalf("%v printed no address", args)
	}
	return url, func() int { cancel(); return <-ended }
}

func TestServe(t *testing.T) {
	url, stop := run(t, "serve", "--listen", "127.0.0.1:0")
	for path, want := range map[string]string{"healthz": "ok", "": "<form", "about": "<h1"} {
		if body := answer(t)(http.Get(url + path)); !strings.Contains(body, want) {
			t.Errorf("/%s: no %q", path, want)
		}
	}
	plea := strings.NewReader(`{"id":"1","text":"please help me they took my passport and we cant leave"}`)
	if body := answer(t)(http.Post(url+"api/v1/screen", "application/json", plea)); !strings.Contains(body, `"level":"plea"`) {
		t.Errorf("API answered %s", body)
	}
	if code := stop(); code != 0 {
		t.Errorf("serve ended with %d", code)
	}
}

// answer reads what a server answered, which must be a success.
func answer(t *testing.T) func(*http.Response, error) string {
	return func(resp *http.Response, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Errorf("status %d, %v", resp.StatusCode, err)
		}
		return string(b)
	}
}

func TestDemo(t *testing.T) {
	url, stop := run(t, "demo", "--listen", "127.0.0.1:0")
	if n := strings.Count(answer(t)(http.Get(url)), "<form"); n < 10 {
		t.Errorf("%d forms, too few for the examples", n)
	}
	if code := stop(); code != 0 {
		t.Errorf("demo ended with %d", code)
	}
}

// A terminal gets colour and a bar; NO_COLOR takes the colour away.
func TestTerminal(t *testing.T) {
	lure := "Customer service in Cambodia, salary up to 3000 usd, free flight, no experience. Telegram @demo_hr_00"
	screen := func(noColor string, args ...string) (out, errs string) {
		var o, e bytes.Buffer
		in := lure
		if len(args) > 1 {
			in = strings.Repeat(`{"id":"1","text":"hello"}`+"\n", 1200)
		}
		code := Main(Env{
			Context: t.Context(), Args: args, Stdin: strings.NewReader(in), Stdout: &o, Stderr: &e, Now: time.Now,
			Getenv: func(string) string { return noColor }, Terminal: func(w any) bool { return w == &o && len(args) == 1 || w == &e && len(args) > 1 },
		})
		if code != 0 {
			t.Errorf("%v ended with %d: %s", args, code, e.String())
		}
		return o.String(), e.String()
	}
	if out, _ := screen("", "screen"); !strings.Contains(out, "\x1b[4;33m") {
		t.Error("no colour on a terminal")
	}
	if out, _ := screen("1", "screen"); strings.Contains(out, "\x1b") {
		t.Error("colour in spite of NO_COLOR")
	}
	if out, errs := screen("", "screen", "--jsonl"); strings.Count(out, "\n") != 1200 || !strings.Contains(errs, "1200 messages") {
		t.Errorf("%d answers, bar %q", strings.Count(out, "\n"), errs)
	}
}

// What a message holds cannot steer the terminal.
func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"a\x1b[2Jb":   "a·[2Jb",
		"a\u202eb":    "a·b",
		"tab\tline\n": "tab\tline\n",
		"\xff":        "\uFFFD",
		"สวัสดี 護照":   "สวัสดี 護照",
	} {
		if got := clean(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
