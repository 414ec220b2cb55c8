package story

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/chromedp/chromedp"
)

// TestWhatAPhoneKeeps tells something in a browser with a profile of its own, leaves
// quickly, closes the browser, and looks through every file of the profile: no word
// that was typed and no code. That the addresses stay is what docs/threats.md says.
func TestWhatAPhoneKeeps(t *testing.T) {
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is not installed: apt-get install chromium")
	}
	h := opensADesk(t)
	profile := t.TempDir()
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.UserDataDir(profile))
	ctx, stop := chromedp.NewExecAllocator(t.Context(), opts...)
	defer stop()
	ctx, stop = chromedp.NewContext(ctx)
	defer stop()
	ctx, stop = context.WithTimeout(ctx, time.Minute)
	defer stop()
	do := func(steps ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(ctx, steps...); err != nil {
			t.Fatal(err)
		}
	}
	value := func(name string) string {
		t.Helper()
		v, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.querySelector('[name=`+name+`]').value`))
		if err != nil || len(v) < 20 {
			t.Fatalf("%s: %q, %v", name, v, err)
		}
		return v
	}
	const planted = "zebra-seventeen-lanterns"
	do(chromedp.Navigate(h.url+"/t"), chromedp.Click(chromedp.CSS(`button[name=step][value="0"]`)))
	do(chromedp.WaitVisible(chromedp.CSS("#kind")), chromedp.Click(chromedp.CSS(`button[name=step][value="1"]`)))
	do(chromedp.WaitVisible(chromedp.CSS("#text")))
	nonce := value("n") // the code follows from it
	do(chromedp.SendKeys(chromedp.CSS("#text"), planted), chromedp.SendKeys(chromedp.CSS("#who"), planted))
	do(chromedp.Click(chromedp.CSS(`button[name=step][value="2"]`)), chromedp.WaitVisible(chromedp.CSS("#duress")))
	do(chromedp.SendKeys(chromedp.CSS("#duress"), planted), chromedp.Click(chromedp.CSS(`button[name=step][value="3"]`)), chromedp.WaitVisible(chromedp.CSS(".digits")))
	both, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](`[...document.querySelectorAll('.digits')].map(e => e.innerText)`))
	if err != nil || len(both) != 2 {
		t.Fatalf("%q, %v", both, err)
	}
	do(chromedp.Navigate(h.url+"/b"), chromedp.SendKeys(chromedp.CSS("#code"), both[1]), chromedp.Click(chromedp.CSS("main button")), chromedp.WaitVisible(chromedp.CSS("#file")))
	visit := value("v")
	do(chromedp.SendKeys(chromedp.CSS("#text"), planted), chromedp.Click(chromedp.CSS(`button[value="add"]`)), chromedp.WaitVisible(chromedp.CSS("#file")))
	do(chromedp.Navigate("about:blank")) // as leaving quickly does; the page it leads to is not on this machine
	time.Sleep(500 * time.Millisecond)   // what the browser writes behind
	if err := chromedp.Cancel(ctx); err != nil {
		t.Fatal(err)
	}

	digits, words := strings.Fields(both[0]), strings.Fields(both[1])
	marks := []string{planted}
	for _, space := range []string{" ", "+", "%20"} { // as they are shown, and as forms are sent
		marks = append(marks, strings.Join(digits[:4], space), strings.Join(words[:4], space))
	}
	marks = append(marks, nonce, visit)
	var keep []string
	visited := false
	if err := filepath.WalkDir(profile, func(p string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		visited = visited || bytes.Contains(b, []byte(h.url+"/t"))
		for _, m := range marks {
			if bytes.Contains(b, []byte(m)) || bytes.Contains(b, wide(m)) {
				name, _ := filepath.Rel(profile, p)
				keep = append(keep, name+" holds "+m)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, k := range slices.Compact(keep) {
		t.Error(k)
	}
	if !visited {
		t.Error("not even an address is in the profile: this test looks at nothing")
	}
}

// wide gives a text as browsers write much of it: two bytes a letter.
func wide(s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return b
}
