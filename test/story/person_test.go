package story

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"homeward/form/say"
)

// person sits before a browser in which scripts are off.
type person struct {
	t     *testing.T
	house *house
	name  string
	ctx   context.Context
	voice *say.Voice // of the pages they read
	phone bool
	may   int64 // a status that is no surprise beside the usual ones
}

// withAPhone is somebody with the narrowest phone that is common, set to a language.
func (h *house) withAPhone(name, lang string) *person {
	p := h.arrives(name, lang)
	p.phone = true
	p.do(chromedp.EmulateViewport(360, 640, chromedp.EmulateMobile))
	return p
}

// atADesk is a member of the desk.
func (h *house) atADesk(name string) *person {
	p := h.arrives(name, "en")
	p.do(chromedp.EmulateViewport(1280, 800))
	return p
}

func (h *house) arrives(name, lang string) *person {
	h.t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		h.t.Skip("chromium is not installed: apt-get install chromium")
	}
	ctx, stop := context.WithTimeout(h.t.Context(), 3*time.Minute)
	h.t.Cleanup(stop)
	ctx, stop = chromedp.NewExecAllocator(ctx, append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox)...)
	h.t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	h.t.Cleanup(stop)
	p := &person{t: h.t, house: h, name: name, ctx: ctx}
	p.voice, _ = say.Default().Negotiate("", lang)
	p.do()
	call(p, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	call(p, network.Enable, network.EnableParams{})
	call(p, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": lang}})
	return p
}

// opens types an address into the browser.
func (p *person) opens(path string) {
	p.t.Helper()
	p.comesTo(chromedp.Navigate(p.house.url + path))
}

// presses a button, or follows a link, by its words.
func (p *person) presses(words string) {
	p.t.Helper()
	p.comesTo(chromedp.Click(p.one("button "+words, `[...document.querySelectorAll('main button, main a')].filter(e => text(e) === WORDS)`, words)))
}

// writes into the box that has these words beside it, instead of what stands there.
func (p *person) writes(label, text string) {
	p.t.Helper()
	box := p.one("box "+label, `labels(WORDS).map(l => l.control)`, label)
	p.do(chromedp.Click(box))
	ask[bool](p, `(e => (e.select(), true))(`+string(box)+`)`)
	p.types(text)
}

// types words at the cursor.
func (p *person) types(text string) {
	p.t.Helper()
	call(p, input.InsertText, input.InsertTextParams{Text: text})
}

func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string always can
	}
	return string(b)
}

// chooses one of several answers, or ticks a box.
func (p *person) chooses(words string) {
	p.t.Helper()
	p.do(chromedp.Click(p.one("choice "+words, `labels(WORDS)`, words)))
}

// picks a line out of a list.
func (p *person) picks(words string) {
	p.t.Helper()
	path := p.one("line "+words, `[...document.querySelectorAll('option')].filter(e => text(e) === WORDS)`, words)
	ask[bool](p, string(path)+`.selected = true`)
}

// reads looks for words on the page before them.
func (p *person) reads(words ...string) {
	p.t.Helper()
	page := p.page()
	for _, w := range words {
		if !strings.Contains(page, plain(w)) {
			p.t.Errorf("%s looks for %q and reads:\n%s", p.name, w, page)
		}
	}
}

// readsNowhere makes sure that words are not on the page.
func (p *person) readsNowhere(words ...string) {
	p.t.Helper()
	page := p.page()
	for _, w := range words {
		if strings.Contains(page, plain(w)) {
			p.t.Errorf("%s should not see %q and reads:\n%s", p.name, w, page)
		}
	}
}

// finds in a box what was typed there before.
func (p *person) finds(label, typed string) {
	p.t.Helper()
	path := p.one("box "+label, `labels(WORDS).map(l => l.control)`, label)
	if got := ask[string](p, string(path)+`.value`); got != typed {
		p.t.Errorf("%s finds %q in %q, not %q", p.name, got, label, typed)
	}
}

// hasChosen says whether an answer is marked.
func (p *person) hasChosen(words string) bool {
	p.t.Helper()
	return ask[bool](p, string(p.one("choice "+words, `labels(WORDS).map(l => l.control)`, words))+`.checked`)
}

// copies what stands under words in large type, as onto paper.
func (p *person) copies(under string) string {
	p.t.Helper()
	path := p.one("code under "+under, `[...document.querySelectorAll('.digits')].filter(e => text(e.previousElementSibling) === WORDS)`, under)
	return plain(ask[string](p, string(path)+`.innerText`))
}

// says gives what a page says in the person's language.
func (p *person) says(key string, pairs ...any) string { return p.voice.Say(key, pairs...) }

// page is all that can be read.
func (p *person) page() string {
	p.t.Helper()
	return plain(ask[string](p, `document.body.innerText`))
}

func plain(s string) string { return strings.Join(strings.Fields(s), " ") }

// comesTo does something that leads to another page, or to the same one that asks
// again, and looks it over.
func (p *person) comesTo(step chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	short, stop := context.WithTimeout(p.ctx, 30*time.Second)
	defer stop()
	r, err := chromedp.RunResponse(short, step)
	if err != nil {
		p.t.Fatalf("%s waits for a page: %v\n%s", p.name, err, p.page())
	}
	if r.Status != 200 && r.Status != 422 && int64(r.Status) != p.may {
		p.t.Fatalf("%s sees status %d:\n%s", p.name, r.Status, p.page())
	}
	p.house.page++
	p.keepsAPicture()
	p.looksItOver()
}

// looksItOver finds what no page may lack, on this screen.
func (p *person) looksItOver() {
	p.t.Helper()
	if n := ask[int](p, `document.querySelectorAll('h1').length`); n != 1 {
		p.t.Errorf("%s sees %d headings of the page:\n%s", p.name, n, p.page())
	}
	if ask[bool](p, `document.documentElement.scrollWidth > document.documentElement.clientWidth`) {
		p.t.Errorf("%s has to scroll sideways on %s", p.name, p.page())
	}
	if ask[int](p, `document.scripts.length`) != 0 {
		p.t.Errorf("%s got a script", p.name)
	}
	if !p.phone {
		return
	}
	if got := ask[string](p, `document.documentElement.lang`); !strings.HasPrefix(got, p.voice.Tag) {
		p.t.Errorf("%s reads %s and got %s", p.name, p.voice.Tag, got)
	}
	// Leave quickly is under the thumb, however far down the page one is.
	if !ask[bool](p, `(r => r.height >= 44 && r.bottom <= innerHeight && r.top >= 0)(document.querySelector('.leave a').getBoundingClientRect())`) {
		p.t.Errorf("%s cannot leave quickly from:\n%s", p.name, p.page())
	}
}

// keepsAPicture saves the whole page, if go test -artifacts asks for it.
func (p *person) keepsAPicture() {
	if f := flag.Lookup("test.artifacts"); f == nil || f.Value.String() != "true" {
		return
	}
	png, err := chromedp.Run(p.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		p.t.Fatal(err)
	}
	name := fmt.Sprintf("%02d-%s.png", p.house.page, strings.ReplaceAll(p.name, " ", "-"))
	if err := os.WriteFile(filepath.Join(p.t.ArtifactDir(), name), png, 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// one gives the only thing on the page that a script of ours finds by its words, in
// the middle of the screen.
func (p *person) one(what, js, words string) chromedp.JSPath {
	p.t.Helper()
	quoted, err := json.Marshal(plain(words))
	if err != nil {
		p.t.Fatal(err)
	}
	all := `(() => {
		const text = e => (e ? e.textContent : '').trim().replace(/\s+/g, ' ');
		const labels = w => [...document.querySelectorAll('label')].filter(l => text(l) === w || l.firstChild && text(l.firstChild) === w);
		const WORDS = ` + string(quoted) + `;
		return ` + js + `.filter(e => e && e.getClientRects().length > 0 || e && e.tagName === 'OPTION');
	})()`
	if n := ask[int](p, all+`.length`); n != 1 {
		p.t.Fatalf("%s finds %d times the %s on:\n%s", p.name, n, what, p.page())
	}
	ask[bool](p, `(e => (e.scrollIntoView({block: 'center'}), true))(`+all+`[0])`)
	return chromedp.JSPath(all + `[0]`)
}

func (p *person) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.t.Fatal(err)
	}
}

func call[P, R any](p *person, cmd cdp.Command[P, R], params P) {
	p.t.Helper()
	if _, err := chromedp.Call(p.ctx, cmd, params); err != nil {
		p.t.Fatal(err)
	}
}

// ask evaluates an expression of the tester's own in the page.
func ask[T any](p *person, js string) T {
	p.t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](js))
	if err != nil {
		p.t.Fatalf("%v in %s", err, js)
	}
	return v
}
