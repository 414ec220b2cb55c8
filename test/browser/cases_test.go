package browser

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"homeward/work/casework"
)

// TestAuditCases looks at every page of a case, of telling and of warnings, in the story
// of the demonstration: in both languages of the rooms, on a phone and on a wide screen.
func TestAuditCases(t *testing.T) {
	for _, c := range []struct {
		width, height int64
		dark, lang    string
	}{{1280, 800, "dark", "en"}, {360, 640, "light", "en"}, {1280, 800, "light", "zh-Hant"}, {360, 640, "dark", "zh-Hant"}} {
		t.Run(fmt.Sprint(c.width, c.dark, c.lang), func(t *testing.T) {
			base := house(t)
			ctx := open(t, c.width, c.height)
			scheme(t, ctx, c.dark)
			see := func(name string) {
				t.Helper()
				complain(t, ctx, "cases "+name)
				if wide := ask[bool](t, ctx, `document.documentElement.scrollWidth > document.documentElement.clientWidth`); wide {
					t.Errorf("%s: the page is wider than the screen", name)
				}
				if *pictures != "" {
					keep(t, ctx, fmt.Sprintf("cases-%d-%s-%s", c.width, c.lang, name))
				}
			}
			do(t, ctx, chromedp.Navigate(base+"/desk"))
			if c.lang != "en" {
				pressButton(t, ctx, "button[value="+c.lang+"]")
			}
			enter(t, ctx)
			at := func(path, name string) {
				t.Helper()
				do(t, ctx, chromedp.Navigate(base+path))
				see(name)
			}
			at("/desk/cases", "board")
			one := ask[string](t, ctx, `[...document.querySelectorAll('td a')].find(a => a.textContent.includes('singer')).pathname`)
			at("/desk/cases?q=garden", "search")
			at("/desk/cases?stage=closed", "closed")
			at("/desk/day", "day")
			at("/desk/people", "people")
			at("/desk/cases/new", "new")
			at(one, "case")
			at(one+"/sheet", "sheet")
			at(one+"/n/3", "line")
			for _, k := range casework.Default().Kinds {
				if !k.Own {
					at(one+"/add/"+k.ID, "add-"+k.ID)
				}
			}
			at(one+"/add/stage?person=1", "add-stage")
			at(one+"/tell", "plan")
			do(t, ctx, chromedp.SetValue(chromedp.CSS("[name=channel]"), "tw-mofa"), chromedp.Click(chromedp.CSS("[name=tell]")))
			pressButton(t, ctx, "button[value=look]")
			see("plan-looked-at")
			do(t, ctx, chromedp.Navigate(base+one))
			plan := ask[string](t, ctx, `[...document.querySelectorAll('a')].find(a => a.pathname.includes('/t/')).pathname`)
			at(plan, "telling")
			pressButton(t, ctx, "form[action$=approve] button")
			see("approved")
			pressButton(t, ctx, "form[action$=copy] button")
			see("copy")
			at("/desk/places", "places")
			at("/desk/places/held", "place-new")
			at("/desk/places/safe", "safe-new")
			at("/desk/channels", "channels")
			at("/desk/channels/kh-117", "channel")
			at("/desk/channels/new", "channel-new")
			at("/desk/holds", "holds")
			at("/desk/counts", "counts")
			at("/desk/warnings", "warnings")
			at("/desk/warnings/new", "warning-new")
			do(t, ctx, chromedp.SetValue(chromedp.CSS("[name=title]"), "An invented warning"), chromedp.SetValue(chromedp.CSS("[name=body]"), "A travel office says that shows are offered. Greetings to Example Garden, building 3."))
			pressButton(t, ctx, "main form:last-of-type button")
			see("warning")
			pressButton(t, ctx, "form[action$=release] button")
			see("warning-refused")
			at("/desk/c/NOSUCHCASE", "missing")
			at("/w", "public")
		})
	}
}

// enter signs in to the demonstration, as its page says how.
func enter(t *testing.T, ctx context.Context) {
	t.Helper()
	hint := ask[string](t, ctx, `document.querySelector('pre').innerText`)
	m := regexp.MustCompile(`Passphrase: (.+)\nCode: (\d+)`).FindStringSubmatch(hint)
	if m == nil {
		t.Fatalf("the demonstration does not tell how to sign in: %q", hint)
	}
	do(t, ctx, chromedp.SetValue(chromedp.CSS("[name=name]"), "demo"), chromedp.SetValue(chromedp.CSS("[name=passphrase]"), strings.TrimSpace(m[1])), chromedp.SetValue(chromedp.CSS("[name=code]"), m[2]))
	pressButton(t, ctx, "main button")
}
