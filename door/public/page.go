package public

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"sync"

	"homeward/work/check"
)

//go:embed pages/*.html pages/style.css
var pageFiles embed.FS

// pages is the site's templates, and the policy that fits their one style.
type pages struct {
	byName map[string]*template.Template
	policy string
}

// names of the pages: each is a file under pages that fills layout.html.
var pageNames = []string{
	"home", "answer", "help", "guide", "numbers", "why", "about", "error",
	"tell", "short", "code", "shut", "again", "back", "box", "talk", "deleted",
}

func parsePages() (*pages, error) {
	css, err := pageFiles.ReadFile("pages/style.css")
	if err != nil {
		return nil, err
	}
	style := squeeze(string(css))
	layout, err := pageFiles.ReadFile("pages/layout.html")
	if err != nil {
		return nil, err
	}
	parts, err := pageFiles.ReadFile("pages/parts.html")
	if err != nil {
		return nil, err
	}
	p := &pages{byName: map[string]*template.Template{}, policy: policy(style)}
	for _, name := range pageNames {
		body, err := pageFiles.ReadFile("pages/" + name + ".html")
		if err != nil {
			return nil, err
		}
		t := template.New(name)
		for _, src := range []string{strings.Replace(string(layout), "STYLE", style, 1), string(parts), string(body)} {
			if _, err := t.Parse(src); err != nil {
				return nil, fmt.Errorf("page %s: %w", name, err)
			}
		}
		p.byName[name] = t
	}
	return p, nil
}

// policy allows this one style, forms to this site, and nothing else.
func policy(style string) string {
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
}

// squeeze drops comments and needless space from a style.
func squeeze(css string) string {
	for {
		from, rest, ok := strings.Cut(css, "/*")
		if !ok {
			break
		}
		_, to, _ := strings.Cut(rest, "*/")
		css = from + to
	}
	css = strings.Join(strings.Fields(css), " ")
	for _, c := range []string{"{", "}", ";", ",", ">"} {
		css = strings.ReplaceAll(css, " "+c, c)
		css = strings.ReplaceAll(css, c+" ", c)
	}
	return strings.ReplaceAll(strings.ReplaceAll(css, ": ", ":"), ";}", "}")
}

// render makes a page's HTML.
func (p *pages) render(name string, view any) ([]byte, error) {
	var buf bytes.Buffer
	if err := p.byName[name].ExecuteTemplate(&buf, "layout", view); err != nil {
		return nil, fmt.Errorf("page %s: %w", name, err)
	}
	return buf.Bytes(), nil
}

// show renders a view and sends it. It must not be used for a page that holds a
// secret beside a visitor's text: it compresses.
func (d *door) show(w http.ResponseWriter, r *http.Request, status int, name string, view any) {
	body, err := d.pages.render(name, view)
	if err != nil {
		panic(err) // a template that fails is a fault of ours; tests render them all
	}
	page := keptPage{plain: body}
	if takesGzip(r) {
		page.packed = squeezeBytes(body, gzip.DefaultCompression)
	}
	page.send(w, r, status)
}

// showSecret sends a page that holds a code or somebody's words beside what a
// stranger could have put there: never compressed, so that its length tells nothing
// of them (BREACH, 2013).
func (d *door) showSecret(w http.ResponseWriter, r *http.Request, status int, name string, view any) {
	r = r.Clone(r.Context())
	r.Header.Del("Accept-Encoding")
	d.show(w, r, status, name, view)
}

// fail shows what went wrong, in the reader's language; to a program, in a line.
func (d *door) fail(w http.ResponseWriter, r *http.Request, key string, status int, pairs ...any) {
	if strings.HasPrefix(r.URL.Path, "/api/") {
		sendJSON(w, status, check.Bad("", errors.New(d.Say.In("en").Say(key, pairs...))))
		return
	}
	s := d.site(r, "/", "error")
	d.show(w, r, status, "error", errorView{Site: s, Message: s.T(key, pairs...)})
}

type errorView struct {
	Site
	Message string
}

// keptPages holds the pages that are the same for every reader of a language,
// made when first asked for.
type keptPages struct {
	mu   sync.Mutex
	made map[string]keptPage
}

// keptPage is a page as it is and packed.
type keptPage struct{ plain, packed []byte }

// still sends a page that depends on nothing but its name and the language.
func (d *door) still(w http.ResponseWriter, r *http.Request, s Site, key, name string, view func() any) {
	key = fmt.Sprintf("%s %s %v", key, s.Voice.Locale, s.Chosen)
	d.kept.mu.Lock()
	page, ok := d.kept.made[key]
	if !ok {
		body, err := d.pages.render(name, view())
		if err != nil {
			d.kept.mu.Unlock()
			panic(err)
		}
		page = keptPage{body, squeezeBytes(body, gzip.BestCompression)}
		if d.kept.made == nil {
			d.kept.made = map[string]keptPage{}
		}
		d.kept.made[key] = page
	}
	d.kept.mu.Unlock()
	page.send(w, r, http.StatusOK)
}

// send sends a page, packed for those who take that.
func (p keptPage) send(w http.ResponseWriter, r *http.Request, status int) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Vary", "Accept-Language, Accept-Encoding")
	body := p.plain
	if takesGzip(r) {
		body = p.packed
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Length", fmt.Sprint(len(body)))
	w.WriteHeader(status)
	// A reader who is gone cannot be told.
	_, _ = w.Write(body)
}

func takesGzip(r *http.Request) bool {
	for _, v := range strings.Split(r.Header.Get("Accept-Encoding"), ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(v), ";")
		if name == "gzip" && strings.ReplaceAll(q, " ", "") != "q=0" {
			return true
		}
	}
	return false
}

func squeezeBytes(b []byte, level int) []byte {
	var buf bytes.Buffer
	z, err := gzip.NewWriterLevel(&buf, level)
	if err != nil {
		panic(err) // the level is a constant
	}
	if _, err := z.Write(b); err != nil {
		panic(err) // a buffer takes every byte
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return buf.Bytes()
}
