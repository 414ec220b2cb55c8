package browser

import (
	"context"
	"flag"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"homeward/door/public"
	"homeward/form/say"
)

var pictures = flag.String("pictures", "", "folder to keep the screenshots in")

// site serves the public door.
func site(t *testing.T) string {
	t.Helper()
	return serve(t, public.Config{Check: fakeCheck{}, Packs: fakePacks{}, Now: time.Now})
}

func serve(t *testing.T, c public.Config) string {
	t.Helper()
	h, err := public.New(c)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

// open starts a browser without scripts, as wide as a small phone.
func open(t *testing.T, width, height int64) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is not installed: apt-get install chromium")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.IgnoreCertErrors, chromedp.Flag("hide-scrollbars", false))
	ctx, stop := chromedp.NewExecAllocator(t.Context(), opts...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	do(t, ctx, chromedp.EmulateViewport(width, height, chromedp.EmulateMobile))
	if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	ctx, stop = context.WithTimeout(ctx, 4*time.Minute)
	t.Cleanup(stop)
	return ctx
}

func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// ask evaluates an expression of the tester's own in the page.
func ask[T any](t *testing.T, ctx context.Context, js string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](js))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// keep saves a screenshot of the whole page.
func keep(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	dir := *pictures
	if dir == "" {
		dir = t.ArtifactDir()
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestOtherLanguage: an answer can be had in another language without pasting
// the message again, also where a plea was recognised.
func TestOtherLanguage(t *testing.T) {
	base := site(t)
	ctx := open(t, 360, 640)
	for level, text := range map[string]string{"strong": strongText, "plea": pleaText} {
		send(t, ctx, base, "en", text)
		do(t, ctx, chromedp.Click(chromedp.CSS(`button[value="th"]`)))
		do(t, ctx, chromedp.WaitVisible(chromedp.CSS(`html[lang="th"] .say`)))
		if got, want := ask[string](t, ctx, `document.querySelector('h1').textContent`), say.Default().In("th").Say("answer."+level); got != want {
			t.Errorf("in Thai the heading is %q, want %q", got, want)
		}
		if got := ask[string](t, ctx, `document.querySelector('textarea[name=t]').value`); got != text {
			t.Errorf("the text that is carried is %q", got)
		}
	}
}

// TestWide keeps pictures by night, and on a wide screen with the examples of a
// demonstration.
func TestWide(t *testing.T) {
	base := serve(t, public.Config{
		Check: fakeCheck{}, Packs: fakePacks{}, Now: time.Now,
		Examples: []public.Example{{Lang: "zh-Hant", Label: "柬埔寨客服，包機票", Text: strongText}, {Lang: "en", Label: "Wrong number: is this Anna?", Text: "hi, is this Anna?"}},
	})
	ctx := open(t, 360, 640)
	scheme(t, ctx, "dark")
	send(t, ctx, base, "zh-Hant", strongText)
	keep(t, ctx, "dark-strong")
	do(t, ctx, chromedp.EmulateViewport(1024, 768))
	scheme(t, ctx, "light")
	do(t, ctx, chromedp.Navigate(base+"/?l=en"))
	keep(t, ctx, "wide-home")
	complain(t, ctx, "wide home with examples")
	do(t, ctx, chromedp.Click(chromedp.CSS("form.rows button")))
	do(t, ctx, chromedp.WaitVisible(chromedp.CSS(".say")))
	if got := ask[string](t, ctx, `document.querySelector('h1').textContent`); got != say.Default().In("en").Say("answer.strong") {
		t.Errorf("the example is answered %q", got)
	}
}

// TestPrint: an answer on paper has what matters and nothing to press.
func TestPrint(t *testing.T) {
	base := site(t)
	ctx := open(t, 720, 1000)
	send(t, ctx, base, "zh-Hant", strongText)
	media(t, ctx, "print")
	for _, gone := range []string{".leave", "header", "footer", "form", "#w"} {
		if shown := ask[bool](t, ctx, `getComputedStyle(document.querySelector('`+gone+`')).display !== 'none'`); shown {
			t.Errorf("%s is printed", gone)
		}
	}
	for _, there := range []string{"h1", "mark", "sup", ".why"} {
		if shown := ask[bool](t, ctx, `getComputedStyle(document.querySelector('`+there+`')).display !== 'none'`); !shown {
			t.Errorf("%s is not printed", there)
		}
	}
	keep(t, ctx, "print")
}

// send pastes a text into the check page and presses the button.
func send(t *testing.T, ctx context.Context, base, lang, text string) {
	t.Helper()
	do(t, ctx, chromedp.Navigate(base+"/?l="+lang))
	do(t, ctx, chromedp.SetValue(chromedp.CSS("#t"), text))
	do(t, ctx, chromedp.Click(chromedp.CSS("form button")))
	do(t, ctx, chromedp.WaitVisible(chromedp.CSS(".say")))
}

func TestPictures(t *testing.T) {
	base := site(t)
	ctx := open(t, 360, 640)
	for _, lang := range []string{"en", "zh-Hant", "th", "my"} {
		for _, p := range []struct{ name, path string }{{"home", "/"}, {"there", "/w/3"}, {"numbers", "/n"}} {
			do(t, ctx, chromedp.Navigate(base+p.path+"?l="+lang))
			keep(t, ctx, lang+"-"+p.name)
		}
		send(t, ctx, base, lang, strongText)
		keep(t, ctx, lang+"-strong")
		send(t, ctx, base, lang, pleaText)
		keep(t, ctx, lang+"-plea")
		numbers(t, ctx, base, lang)
		keep(t, ctx, lang+"-numbers-shown")
	}
}
