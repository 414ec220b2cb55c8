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
	"homeward/work/desk"
)

// house starts the demonstration: the whole program, with a desk behind the door.
func house(t *testing.T) string {
	t.Helper()
	url, _ := program(t, "Homeward is running at %s", "demo", "--listen", "127.0.0.1:0")
	return url
}

// program starts a command that serves, and gives where, and what else it says.
func program(t *testing.T, says string, args ...string) (base string, more *bufio.Reader) {
	t.Helper()
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	out, in := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- cli.Main(cli.Env{
			Context: ctx, Args: args, Stdin: strings.NewReader(""), Stdout: in, Stderr: io.Discard,
			Getenv: func(string) string { return "" }, Now: time.Now, Terminal: func(any) bool { return false },
		})
		in.Close()
	}()
	t.Cleanup(func() { stop(); <-ended })
	more = bufio.NewReader(out)
	line, err := more.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	var url string
	if _, err := fmt.Sscanf(line, says, &url); err != nil {
		t.Fatalf("%s said %q", args[0], line)
	}
	if args[0] == "demo" {
		go func() { _, _ = io.Copy(io.Discard, more) }()
	}
	return strings.TrimSuffix(url, "/"), more
}

// TestAuditSetUp goes from an empty directory to the first sign-in, and looks at what
// is printed.
func TestAuditSetUp(t *testing.T) {
	for _, c := range []struct {
		width, height int64
		dark          string
		lang          string
	}{{1280, 800, "light", "en"}, {360, 640, "dark", "zh-Hant"}} {
		t.Run(fmt.Sprint(c.width, c.dark), func(t *testing.T) {
			started := time.Now()
			base, said := program(t, "listening on %s", "serve", "--data", t.TempDir(), "--listen", "127.0.0.1:0")
			var token string
			for token == "" {
				line, err := said.ReadString('\n')
				if err != nil {
					t.Fatal(err)
				}
				if m := regexp.MustCompile(`^  ([A-Z2-7]{20,})$`).FindStringSubmatch(strings.TrimSuffix(line, "\n")); m != nil {
					token = m[1]
				}
			}
			ctx := open(t, c.width, c.height)
			scheme(t, ctx, c.dark)
			see := func(name string) {
				t.Helper()
				complain(t, ctx, "first run "+name)
				if *pictures != "" {
					keep(t, ctx, fmt.Sprintf("first-%d-%s", c.width, name))
				}
			}
			do(t, ctx, chromedp.Navigate(base+"/desk"))
			if c.lang != "en" {
				pressButton(t, ctx, "[name=lang]")
			}
			see("empty")
			pressButton(t, ctx, "a[href='/desk/setup']")
			see("setup")
			second := ask[string](t, ctx, `document.querySelector('[name=second]').value`)
			code, err := desk.SecondCode(second, time.Now())
			if err != nil {
				t.Fatal(err)
			}
			const words = "invented words of a beginning"
			for name, value := range map[string]string{"token": token, "name": "heron", "passphrase": words, "again": words, "code": code, "operator": "An invented desk", "jurisdiction": "Nowhere", "hours": "never", "on_call": "mailto:nobody@desk.invalid"} {
				do(t, ctx, chromedp.SetValue(chromedp.CSS("[name="+name+"]"), value))
			}
			pressButton(t, ctx, "main form button")
			see("shares")
			media(t, ctx, "print")
			if *pictures != "" {
				keep(t, ctx, fmt.Sprintf("first-%d-printed", c.width))
			}
			if ask[bool](t, ctx, `[...document.querySelectorAll('header, form, .screen')].some(e => e.offsetHeight > 0) || document.querySelectorAll('.share code').length != 3`) {
				t.Error("print holds more or less than the shares")
			}
			media(t, ctx, "screen")
			group := ask[string](t, ctx, `document.querySelector('.share code').innerText.split('-').pop()`)
			do(t, ctx, chromedp.SetValue(chromedp.CSS("[name=group]"), group))
			pressButton(t, ctx, "main form button")
			see("done")
			time.Sleep(time.Until(time.Now().Truncate(30 * time.Second).Add(30 * time.Second))) // a code is good once
			if code, err = desk.SecondCode(second, time.Now()); err != nil {
				t.Fatal(err)
			}
			do(t, ctx, chromedp.SetValue(chromedp.CSS("[name=name]"), "heron"), chromedp.SetValue(chromedp.CSS("[name=passphrase]"), words), chromedp.SetValue(chromedp.CSS("[name=code]"), code))
			pressButton(t, ctx, "main form button")
			if at := ask[string](t, ctx, `location.pathname`); at != "/desk" {
				t.Errorf("after the first sign-in: %s", at)
			}
			see("queue")
			t.Logf("from the start to the queue: %s", time.Since(started).Round(time.Second))
		})
	}
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
			pressButton(t, ctx, "button[formaction$=answer]")
			see("report-empty")
			do(t, ctx, chromedp.SetValue(chromedp.CSS("[name=note]"), "An invented note."))
			pressButton(t, ctx, "form[action$=note] > button")
			do(t, ctx, chromedp.Click(chromedp.CSS("details:has([name=q]) summary")), chromedp.Click(chromedp.CSS("[name=q][value='7']")))
			pressButton(t, ctx, "button[formaction$=ask]")
			see("report-questions")
			rooms(t, ctx, base, see)
			for _, lang := range []string{"zh-Hant", "en"} {
				pressButton(t, ctx, "[name=lang]")
				if lang == "zh-Hant" {
					do(t, ctx, chromedp.Navigate(base+"/desk"))
					see("queue-zh")
					pressButton(t, ctx, "td a")
					see("report-zh")
					rooms(t, ctx, base, func(name string) { t.Helper(); see(name + "-zh") })
				}
			}
			do(t, ctx, chromedp.Navigate(base+"/desk"))
			pressButton(t, ctx, "td a")
			do(t, ctx, chromedp.SetValue(chromedp.CSS("[name=text]"), "An invented answer."))
			pressButton(t, ctx, "button[formaction$=answer]")
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

// rooms looks at the rooms beside the queue.
func rooms(t *testing.T, ctx context.Context, base string, see func(name string)) {
	t.Helper()
	for _, p := range []string{"members", "account", "settings", "phrases", "ledger"} {
		do(t, ctx, chromedp.Navigate(base+"/desk/"+p))
		see(p)
	}
	pressButton(t, ctx, "form[action$=verify] button")
	see("ledger-verified")
	do(t, ctx, chromedp.Navigate(base+"/desk/members"), chromedp.Click(chromedp.CSS("form[action$=invite] [name=role][value=caseworker]")))
	pressButton(t, ctx, "form[action$=invite] > button")
	see("invited")
	link := ask[string](t, ctx, `document.querySelector('code').innerText`)
	do(t, ctx, chromedp.Navigate(link))
	see("join")
	second := ask[string](t, ctx, `document.querySelector('[name=second]').value`)
	code, err := desk.SecondCode(second, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	do(t, ctx, chromedp.SetValue(chromedp.CSS("[name=name]"), "owl "+code), chromedp.SetValue(chromedp.CSS("[name=passphrase]"), "invented words of an owl"), chromedp.SetValue(chromedp.CSS("[name=again]"), "invented words of an owl"), chromedp.SetValue(chromedp.CSS("[name=code]"), code))
	pressButton(t, ctx, "main form button")
	see("words")
	do(t, ctx, chromedp.Navigate(base+"/desk/members"))
	see("members-waiting")
	pressButton(t, ctx, "a[href*='/members/a/']")
	see("applicant")
	pressButton(t, ctx, "form[action$=confirm] button")
	do(t, ctx, chromedp.Click(chromedp.CSS("td details summary")))
	see("members-two")
	pressButton(t, ctx, "a[href$='/leave']")
	see("leave")
}
