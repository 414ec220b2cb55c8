package check

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"homeward/form/picture"
)

func tesseract(t testing.TB) *Tesseract {
	t.Helper()
	reader, err := NewTesseract(t.Context())
	if err != nil {
		t.Skip(err)
	}
	return reader
}

func needs(t testing.TB, reader *Tesseract, name string) {
	t.Helper()
	if !reader.has(name) {
		t.Skipf("Tesseract has no %s here (Debian: tesseract-ocr-%s)", name, strings.ReplaceAll(name, "_", "-"))
	}
}

// What is allowed: characters misread, and key words that must be read.
func TestTesseractReadsScreens(t *testing.T) {
	reader := tesseract(t)
	themes := []string{"white", "dark", "blue", "doodle", "mixed"}
	for i, c := range []struct {
		chat, model string
		wrong, keys float64
	}{
		{"en", "eng", .03, .9},
		{"zh-Hant", "chi_tra", .06, .8},
		{"zh-Hans", "chi_sim", .06, .8},
		{"th", "tha", .10, .75},
		{"vi", "vie", .05, .8},
		{"ms", "eng", .03, .9},
		{"id", "eng", .05, .9},
		{"zh-Hant+en", "chi_tra", .05, .8},
		{"th+en", "tha", .17, .6},
		{"tl", "eng", .05, .9},
		{"my", "mya", .40, 0},
		{"km", "khm", .20, 0},
		{"ko", "kor", .20, 0},
		{"hi", "hin", .10, 0},
		{"ja", "jpn", .10, 0},
	} {
		if testing.Short() && i > 1 || !*screens && i > 8 {
			break
		}
		shown := []string{themes[i%len(themes)]}
		if *screens {
			shown = themes
		}
		for _, theme := range shown {
			t.Run(c.chat+" "+theme, func(t *testing.T) {
				needs(t, reader, c.model)
				chat := readChat(t, c.chat)
				chat.Theme = theme
				png := screenshot(t, chat)
				start := time.Now()
				img, err := picture.Decode(png)
				if err != nil {
					t.Fatal(err)
				}
				text, err := reader.Read(t.Context(), picture.ForReading(img), nil)
				took := time.Since(start)
				if err != nil {
					t.Fatal(err)
				}
				wrong := errorRate(chat, text)
				keys, missing := keysRead(chat, text)
				t.Logf("%-10s %-6s %4.1f %% of characters wrong, %3.0f %% of key words read, %d of %d messages whole, %.1f s",
					c.chat, theme, 100*wrong, 100*keys, wholeLines(chat, text), len(chat.Lines), took.Seconds())
				if wrong > c.wrong || keys < c.keys {
					t.Errorf("more wrong than allowed; missing %q in:\n%s", missing, text)
				}
			})
		}
	}
}

func TestTesseractReadsNothing(t *testing.T) {
	reader := tesseract(t)
	for name, png := range map[string][]byte{
		"no bytes": nil, "no picture": []byte("text"), "a white page": blankPage(t),
	} {
		if text, err := reader.Read(t.Context(), png, []string{"en"}); text != "" || err != nil {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
}

func TestNoTesseract(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := NewTesseract(t.Context())
	if !errors.Is(err, ErrNoReader) {
		t.Fatalf("got %v", err)
	}
	for _, name := range []string{"tesseract-ocr ", "tesseract-ocr-chi-tra", "tesseract-ocr-jpn"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("the message does not name %s", name)
		}
	}
}

// fake makes a Tesseract of a shell script.
func fake(t *testing.T, script string) *Tesseract {
	t.Helper()
	dir := t.TempDir()
	program := filepath.Join(dir, "tesseract")
	body := "#!/bin/sh\nif [ \"$1\" = --list-langs ]; then echo eng; exit 0; fi\n" + script
	if err := os.WriteFile(program, []byte(body), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	reader, err := NewTesseract(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return reader
}

func TestTesseractQueue(t *testing.T) {
	dir := t.TempDir()
	gate := filepath.Join(dir, "gate")
	reader := fake(t, "cat >/dev/null; while [ ! -e "+gate+" ]; do sleep 0.02; done; echo hello")
	reader.Queue = 2
	png := writtenPage(t)
	var wg sync.WaitGroup
	texts := make([]string, 3)
	for i := range texts {
		wg.Go(func() {
			text, err := reader.Read(t.Context(), png, nil)
			texts[i] = fmt.Sprint(text, err)
		})
	}
	waitFor(t, func() bool { return reader.Waiting() == 3 })
	if _, err := reader.Read(t.Context(), png, nil); !errors.Is(err, ErrBusy) {
		t.Errorf("the fourth of three: %v", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	reader.Queue = 5
	if _, err := reader.Read(gone, png, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("who has gone: %v", err)
	}
	if n := reader.Waiting(); n != 3 {
		t.Errorf("%d in line, want 3", n)
	}
	if err := os.WriteFile(gate, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	for _, s := range texts {
		if s != "hello<nil>" {
			t.Errorf("got %q", s)
		}
	}
	if reader.Waiting() != 0 {
		t.Errorf("%d in line after all", reader.Waiting())
	}
}

// The program and what it started are ended, both when it takes too long and
// when the person has gone.
func TestTesseractIsEnded(t *testing.T) {
	alive := filepath.Join(t.TempDir(), "alive")
	reader := fake(t, "( while true; do date +%s%N >>"+alive+"; sleep 0.02; done ) & wait")
	reader.Limit = time.Second
	png := writtenPage(t)
	start := time.Now()
	if _, err := reader.Read(t.Context(), png, nil); !errors.Is(err, ErrTooSlow) {
		t.Errorf("too slow: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	reader.Limit = time.Minute
	if _, err := reader.Read(ctx, png, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("gone: %v", err)
	}
	if d := time.Since(start); d > 40*time.Second {
		t.Errorf("took %v to end", d)
	}
	before, _ := os.ReadFile(alive)
	time.Sleep(150 * time.Millisecond)
	after, _ := os.ReadFile(alive)
	if len(before) == 0 || string(before) != string(after) {
		t.Errorf("what the program started lives on (%q, %q)", before, after)
	}
}

func TestTesseractFailsOrFloods(t *testing.T) {
	png := writtenPage(t)
	reader := fake(t, "echo 'cannot open it' >&2; exit 3")
	if _, err := reader.Read(t.Context(), png, nil); err == nil || !strings.Contains(err.Error(), "cannot open it") {
		t.Errorf("failing program: %v", err)
	}
	reader = fake(t, "cat >/dev/null; head -c 50000000 /dev/zero | tr '\\0' a; env >&2")
	text, err := reader.Read(t.Context(), png, nil)
	if err != nil || len(text) > maxOutput {
		t.Errorf("flood: %d bytes, %v", len(text), err)
	}
	reader = fake(t, "cat >/dev/null; env")
	text, err = reader.Read(t.Context(), png, nil)
	if err != nil || strings.Contains(text, "HOME=") || !strings.Contains(text, "OMP_THREAD_LIMIT=1") {
		t.Errorf("environment: %v\n%s", err, text)
	}
}

func waitFor(t *testing.T, done func() bool) {
	t.Helper()
	for range 500 {
		if done() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("waited in vain")
}
