package browser

import (
	"context"
	_ "embed"
	"flag"
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"homeward/form/say"
)

//go:embed audit.js
var audit string

var pages = []string{"/", "/h", "/w/1", "/w/2", "/w/3", "/w/4", "/w/5", "/w/6", "/n", "/x/why", "/about", "/missing"}

// TestAudit goes through every page in the languages whose letters differ most,
// and through the main ones in all languages: on the narrowest phone by day, on
// a common one by night.
func TestAudit(t *testing.T) {
	base := site(t)
	onPhones(t, func(t *testing.T, ctx context.Context, _ bool, langs []string) {
		for _, lang := range langs {
			visit := []string{"/", "/w/3", "/w/5"}
			if slices.Contains([]string{"en", "zh-Hant", "th", "my"}, lang) {
				visit = pages
			}
			for _, p := range visit {
				do(t, ctx, chromedp.Navigate(base+p+"?l="+lang))
				complain(t, ctx, lang+" "+p)
			}
			send(t, ctx, base, lang, strongText)
			complain(t, ctx, lang+" strong")
			send(t, ctx, base, lang, pleaText)
			complain(t, ctx, lang+" plea")
			numbers(t, ctx, base, lang)
			complain(t, ctx, lang+" numbers")
		}
		send(t, ctx, base, "en", "hello, is this Anna?")
		complain(t, ctx, "unclear")
	})
}

// onPhones calls f on the narrowest phone by day, with all languages, and on a common
// one by night, with those whose letters differ most.
func onPhones(t *testing.T, f func(t *testing.T, ctx context.Context, narrowest bool, langs []string)) {
	for _, c := range []struct {
		width int64
		dark  string
		langs []string
	}{{320, "light", say.Default().Tags()}, {360, "dark", []string{"en", "zh-Hant", "th"}}} {
		t.Run(fmt.Sprint(c.width, c.dark), func(t *testing.T) {
			ctx := open(t, c.width, 640)
			scheme(t, ctx, c.dark)
			f(t, ctx, c.width == 320, c.langs)
		})
	}
}

func complain(t *testing.T, ctx context.Context, where string) {
	t.Helper()
	for _, c := range append(ask[[]string](t, ctx, audit), askAxe(t, ctx)...) {
		t.Errorf("%s: %s", where, c)
	}
}

var axe = flag.String("axe", "", "axe.min.js of axe-core, to ask it about every page, too")

// askAxe asks axe-core, if it is there: npm install axe-core, and -axe
// node_modules/axe-core/axe.min.js. It needs timers, so scripts are on while it
// looks; the pages hold none. That the desk's pages close by themselves when nothing
// is done for five minutes is meant, and not asked about.
func askAxe(t *testing.T, ctx context.Context) []string {
	t.Helper()
	if *axe == "" {
		return nil
	}
	src, err := os.ReadFile(*axe)
	if err != nil {
		t.Fatal(err)
	}
	scripts := func(off bool) {
		if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: off}); err != nil {
			t.Fatal(err)
		}
	}
	scripts(false)
	defer scripts(true)
	v, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](string(src)+`
		axe.run(document, {resultTypes: ['violations'], rules: {'meta-refresh': {enabled: false}}}).then(r => r.violations.flatMap(v => v.nodes.map(n => 'axe ' + v.id + ': ' + v.help + ': ' + n.html.slice(0, 200))))`, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func scheme(t *testing.T, ctx context.Context, dark string) {
	t.Helper()
	emulate(t, ctx, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: dark}}})
}

func media(t *testing.T, ctx context.Context, kind string) {
	t.Helper()
	emulate(t, ctx, emulation.SetEmulatedMediaParams{Media: kind})
}

func emulate(t *testing.T, ctx context.Context, p emulation.SetEmulatedMediaParams) {
	t.Helper()
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, p); err != nil {
		t.Fatal(err)
	}
}

func numbers(t *testing.T, ctx context.Context, base, lang string) {
	t.Helper()
	do(t, ctx, chromedp.Navigate(base+"/n?l="+lang))
	do(t, ctx, chromedp.SetValue(chromedp.CSS("#home"), "PH"), chromedp.SetValue(chromedp.CSS("#here"), "TH"))
	do(t, ctx, chromedp.Click(chromedp.CSS("#numbers button")))
	do(t, ctx, chromedp.WaitVisible(chromedp.CSS("#rh")))
}

// TestKeyboard: the second press of Tab reaches Leave quickly, and Tab reaches
// everything else, in order, without a trap.
func TestKeyboard(t *testing.T) {
	base := site(t)
	ctx := open(t, 360, 640)
	do(t, ctx, chromedp.Navigate(base+"/?l=en"))
	var order []string
	for range 40 {
		press(t, ctx, "Tab")
		order = append(order, ask[string](t, ctx, `(e => e.getAttribute('href') || e.id || e.textContent.trim())(document.activeElement)`))
		if len(order) > 3 && order[len(order)-1] == order[0] {
			break
		}
	}
	if len(order) < 2 || order[0] != "#m" || order[1] != "/x?l=en" {
		t.Errorf("the keyboard reaches first: %v", order[:min(4, len(order))])
	}
	for _, want := range []string{"/h?l=en", "t", "p", "Check", "/n?l=en", "/about?l=en", "/?l=th"} {
		if !slices.Contains(order, want) {
			t.Errorf("the keyboard does not reach %s: %v", want, order)
		}
	}
	// What has the focus can be seen.
	if w := ask[string](t, ctx, `getComputedStyle(document.activeElement).outlineWidth`); w == "0px" {
		t.Error("the focus cannot be seen")
	}
}

func press(t *testing.T, ctx context.Context, key string) {
	t.Helper()
	for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeRawKeyDown, input.DispatchKeyEventTypeKeyUp} {
		_, err := chromedp.Call(ctx, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: kind, Key: key, Code: key, WindowsVirtualKeyCode: 9})
		if err != nil {
			t.Fatal(err)
		}
	}
}
