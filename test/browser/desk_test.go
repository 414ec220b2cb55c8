package browser

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"homeward/door/cli"
	"homeward/door/public"
	"homeward/form/say"
)

// house starts the demonstration: the whole program, with a desk behind the door.
func house(t *testing.T) string {
	t.Helper()
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	out, in := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- cli.Main(cli.Env{
			Context: ctx, Args: []string{"demo", "--listen", "127.0.0.1:0"}, Stdin: strings.NewReader(""), Stdout: in, Stderr: io.Discard,
			Getenv: func(string) string { return "" }, Now: time.Now, Terminal: func(any) bool { return false },
		})
		in.Close()
	}()
	t.Cleanup(func() { stop(); <-ended })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	var url string
	if _, err := fmt.Sscanf(line, "Homeward is running at %s", &url); err != nil {
		t.Fatalf("demo said %q", line)
	}
	return strings.TrimSuffix(url, "/")
}

// TestAuditTelling goes through telling us and the mailbox: on the narrowest phone
// by day in every language, on a common one by night in those whose letters differ
// most.
func TestAuditTelling(t *testing.T) {
	base := house(t)
	onPhones(t, func(t *testing.T, ctx context.Context, narrowest bool, langs []string) {
		for _, lang := range langs {
			telling(t, ctx, base, lang, narrowest && !slices.Contains([]string{"en", "zh-Hant", "th", "my"}, lang))
		}
	})
}

// telling looks at every page of the way, or, when it is to be brief, at those with
// a code.
func telling(t *testing.T, ctx context.Context, base, lang string, brief bool) {
	t.Helper()
	see := func(name string) {
		t.Helper()
		complain(t, ctx, lang+" "+name)
		if *pictures != "" {
			keep(t, ctx, lang+"-"+name)
		}
	}
	perhaps := func(name string) {
		t.Helper()
		if !brief {
			see(name)
		}
	}
	on := func(css string) { t.Helper(); pressButton(t, ctx, css) }
	do(t, ctx, chromedp.Navigate(base+"/t?l="+lang))
	perhaps("tell")
	on("#tell button")
	perhaps("tell-1")
	on("#tell button")
	on("#tell button")
	perhaps("tell-2-empty")
	do(t, ctx, chromedp.SetValue(chromedp.CSS("#text"), pleaText))
	on("#tell button")
	perhaps("tell-3")
	on("#tell button")
	see("code")
	code := ask[string](t, ctx, `document.querySelector('.digits').innerText`)
	do(t, ctx, chromedp.Navigate(base+"/b?l="+lang), chromedp.SetValue(chromedp.CSS("#code"), strings.Replace(code, code[:4], "9999", 1)))
	perhaps("back")
	on("#back button")
	perhaps("back-slip")
	do(t, ctx, chromedp.SetValue(chromedp.CSS("#code"), code))
	on("#back button")
	see("box")
	do(t, ctx, chromedp.SetValue(chromedp.CSS("#code"), code))
	on(`button[value="talk"]`)
	perhaps("talk")
	do(t, ctx, chromedp.Navigate(base+"/b?l="+lang), chromedp.SetValue(chromedp.CSS("#code"), code))
	on("#back button")
	on(`button[value="delete"]`)
	perhaps("delete")
	on(`button[value="delete-sure"]`)
	perhaps("deleted")
	do(t, ctx, chromedp.Navigate(base+"/s?l="+lang))
	perhaps("short")
	do(t, ctx, chromedp.SetValue(chromedp.CSS("#text"), pleaText))
	on("#short button")
	perhaps("short-sent")
	on("#short button")
	see("short-number")
}

// pressButton presses a button and waits for the page that it brings.
func pressButton(t *testing.T, ctx context.Context, css string) {
	t.Helper()
	short, stop := context.WithTimeout(ctx, 30*time.Second)
	defer stop()
	ask[bool](t, ctx, fmt.Sprintf(`(e => { if (e) e.scrollIntoView({block: 'center'}); return !!e })(document.querySelector(%q))`, css))
	if _, err := chromedp.RunResponse(short, chromedp.Click(chromedp.CSS(css))); err != nil {
		t.Fatalf("%s: %v", css, err)
	}
}

// TestAuditShut: the page of a door behind which nobody stands.
func TestAuditShut(t *testing.T) {
	base := serve(t, public.Config{Check: fakeCheck{}, Packs: fakePacks{}, Now: time.Now})
	ctx := open(t, 320, 640)
	for _, lang := range say.Default().Tags() {
		do(t, ctx, chromedp.Navigate(base+"/t?l="+lang))
		complain(t, ctx, lang+" shut")
	}
}

// TestAuditDesk goes through the members' rooms, wide by day and on a phone by night.
func TestAuditDesk(t *testing.T) {
	for _, c := range []struct {
		width, height int64
		dark          string
	}{{1280, 800, "light"}, {360, 640, "dark"}} {
		t.Run(fmt.Sprint(c.width, c.dark), func(t *testing.T) {
			base := house(t)
			ctx := open(t, c.width, c.height)
			scheme(t, ctx, c.dark)
			see := func(name string) {
				t.Helper()
				complain(t, ctx, "desk "+name)
				if *pictures != "" {
					keep(t, ctx, fmt.Sprintf("desk-%d-%s", c.width, name))
				}
			}
			do(t, ctx, chromedp.Navigate(base+"/s?l=en"), chromedp.SetValue(chromedp.CSS("#text"), strongText+"\nhttps://example.invalid/"+strings.Repeat("long", 40)), chromedp.Click(chromedp.CSS("[name=danger]")))
			pressButton(t, ctx, "#short button")
			do(t, ctx, chromedp.Navigate(base+"/desk"))
			see("signin")
			do(t, ctx, chromedp.SetValue(chromedp.CSS("[name=name]"), "demo"), chromedp.SetValue(chromedp.CSS("[name=passphrase]"), "wrong"), chromedp.SetValue(chromedp.CSS("[name=code]"), "1"))
			pressButton(t, ctx, "main button")
			see("signin-wrong")
			hint := ask[string](t, ctx, `document.querySelector('pre').innerText`)
			m := regexp.MustCompile(`Passphrase: (.+)\nCode: (\d+)`).FindStringSubmatch(hint)
			if m == nil {
				t.Fatalf("the demonstration does not tell how to sign in: %q", hint)
			}
			do(t, ctx, chromedp.SetValue(chromedp.CSS("[name=name]"), "demo"), chromedp.SetValue(chromedp.CSS("[name=passphrase]"), m[1]), chromedp.SetValue(chromedp.CSS("[name=code]"), m[2]))
			pressButton(t, ctx, "main button")
			see("queue")
			pressButton(t, ctx, "td a")
			see("report")
			pressButton(t, ctx, "form[action$=answer] button")
			see("report-empty")
			do(t, ctx, chromedp.SetValue(chromedp.CSS("textarea"), "An invented answer."))
			pressButton(t, ctx, "form[action$=answer] button")
			see("queue-empty")
			do(t, ctx, chromedp.Navigate(base+"/desk/new"))
			see("new")
			do(t, ctx, chromedp.SetValue(chromedp.CSS("textarea"), "told by phone"))
			pressButton(t, ctx, "main form button")
			see("code")
			do(t, ctx, chromedp.Navigate(base+"/desk/r/none"))
			see("missing")
		})
	}
}
