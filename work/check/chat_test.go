package check

import (
	"context"
	"flag"
	"fmt"
	"html/template"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"
)

// screens makes the reading test read every chat in every theme and print the
// figures: go test ./work/check -run Screens -screens -v
var screens = flag.Bool("screens", false, "read every chat in every theme")

// chat is an invented conversation of testdata/chats.
type chat struct {
	Lang, Name string
	Keys       []string // words that matter
	Lines      []chatLine
	Theme      string
	Image      template.URL
}

type chatLine struct {
	Side   string // in or out
	Minute int
	Text   string
}

func readChat(t testing.TB, name string) chat {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "chats", name+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	var c chat
	for line := range strings.Lines(string(b)) {
		line = strings.TrimRight(line, "\n")
		key, rest, _ := strings.Cut(line, " ")
		switch key {
		case "lang:":
			c.Lang = rest
		case "name:":
			c.Name = rest
		case "keys:":
			c.Keys = strings.Split(rest, " | ")
		case "<":
			c.Lines = append(c.Lines, chatLine{"in", 30 + len(c.Lines), rest})
		case ">":
			c.Lines = append(c.Lines, chatLine{"out", 30 + len(c.Lines), rest})
		}
	}
	return c
}

// screenshot has Chromium draw a chat as a phone of 1080 by 2340 pixels would.
func screenshot(t testing.TB, c chat) []byte {
	t.Helper()
	browser := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			browser = p
			break
		}
	}
	if browser == "" {
		t.Skip("no Chromium to draw screenshots (Debian: chromium fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji)")
	}
	page, err := template.ParseFiles("testdata/chat.html")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	source, picture := filepath.Join(dir, "chat.html"), filepath.Join(dir, "chat.png")
	f, err := os.Create(source)
	if err != nil {
		t.Fatal(err)
	}
	if err := page.Execute(f, c); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	args := []string{
		"--headless", "--disable-gpu", "--hide-scrollbars", "--user-data-dir=" + filepath.Join(dir, "profile"),
		"--force-device-scale-factor=3", "--window-size=360,780", "--screenshot=" + picture,
	}
	if os.Geteuid() == 0 {
		args = append(args, "--no-sandbox")
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, browser, append(args, "file://"+source)...)
	ownGroup(cmd)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Skipf("Chromium cannot draw here: %v: %s", err, out)
	}
	b, err := os.ReadFile(picture)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// errorRate gives the share of a chat's characters that were misread: for
// every message the least number of changes that make it from some part of the
// text. Spaces, emoji and the width of punctuation do not count.
func errorRate(c chat, text string) float64 {
	got := bare(text)
	wrong, all := 0, 0
	for _, l := range c.Lines {
		want := bare(l.Text)
		wrong += changes(want, got)
		all += len(want)
	}
	return float64(wrong) / float64(max(1, all))
}

// keysRead gives the share of a chat's key words that were read.
func keysRead(c chat, text string) (share float64, missing []string) {
	got := string(bare(text))
	for _, k := range c.Keys {
		if !strings.Contains(got, string(bare(k))) {
			missing = append(missing, k)
		}
	}
	return 1 - float64(len(missing))/float64(max(1, len(c.Keys))), missing
}

// wholeLines gives how many messages stand in one line of the text each.
func wholeLines(c chat, text string) int {
	n := 0
	for _, l := range c.Lines {
		want := bare(l.Text)
		for line := range strings.Lines(text) {
			if got := bare(line); len(got)*10 >= len(want)*8 && changes(want, got)*4 <= len(want) {
				n++
				break
			}
		}
	}
	return n
}

func bare(s string) []rune {
	width := strings.NewReplacer("，", ",", "。", ".", "！", "!", "？", "?", "：", ":", "、", ",", "（", "(", "）", ")")
	var out []rune
	for _, r := range width.Replace(s) {
		if !unicode.IsSpace(r) && !unicode.In(r, unicode.So, unicode.Cf) {
			out = append(out, unicode.ToLower(r))
		}
	}
	return out
}

func changes(want, got []rune) int {
	before := make([]int, len(got)+1)
	for i, w := range want {
		now := make([]int, len(got)+1)
		now[0] = i + 1
		for j, g := range got {
			differs := 1
			if w == g {
				differs = 0
			}
			now[j+1] = min(before[j]+differs, before[j+1]+1, now[j]+1)
		}
		before = now
	}
	least := len(want)
	for _, n := range before {
		least = min(least, n)
	}
	return least
}

func TestChanges(t *testing.T) {
	for _, c := range []struct {
		want, got string
		n         int
	}{{"abc", "xxabcxx", 0}, {"abc", "xxabxx", 1}, {"abc", "", 3}, {"a c", "ac", 0}, {"月薪。", "月 薪 .", 0}} {
		if n := changes(bare(c.want), bare(c.got)); n != c.n {
			t.Errorf("%s in %s: %d changes, want %d", c.want, c.got, n, c.n)
		}
	}
}

func (c chat) String() string { return fmt.Sprintf("%s %s", c.Lang, c.Theme) }
