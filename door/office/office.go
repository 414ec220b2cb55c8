// Package office is the members' rooms in the browser: sign in, the queue, a report
// with its assessment beside it, an answer. It holds no rule: who may do what, and
// in which order things stand, is the desk's to say.
//
// It needs no script. Every page is sent with no-store and uncompressed.
package office

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"homeward/form/clean"
	"homeward/form/say"
	"homeward/work/desk"
	"homeward/work/intake"
)

// Desk is what the rooms ask for; *desk.Desk is one.
type Desk interface {
	SignIn(ctx context.Context, login, passphrase, code string) (string, error)
	SignOut(token string)
	Session(token string) (*desk.Session, error)
	Queue(ctx context.Context, s *desk.Session) (desk.Queue, error)
	Alike(id string) []desk.Summary
	Mute(ctx context.Context, s *desk.Session, id string, mute bool) error
	Read(ctx context.Context, s *desk.Session, id string) (desk.Reading, error)
	Answer(ctx context.Context, s *desk.Session, id, text string, revision int64) error
	Worked(ctx context.Context, s *desk.Session, id string, revision int64) error
	TypeIn(ctx context.Context, s *desk.Session, nonce string, r intake.Report) (intake.Receipt, error)
	File(ctx context.Context, s *desk.Session, report, id string) (intake.File, []byte, error)
	TurnEpochs(ctx context.Context, s *desk.Session) error
}

// Copier makes working copies of files; *evidence.Copier is one. Preview says what
// a copy leaves out, and may leave the making of it to Copy.
type Copier interface {
	Preview(ctx context.Context, file []byte) (clean.Result, error)
	Copy(ctx context.Context, file []byte) (clean.Result, error)
}

// Config is what the rooms are made of. Banner, Hint and Explain may be left out.
type Config struct {
	Desk   Desk
	Copier Copier
	Now    func() time.Time
	Log    *slog.Logger
	Secure bool          // served over TLS: the cookie never leaves it
	Banner string        // above every page
	Hint   func() string // under the sign-in form of a demonstration
	// Explain says what an indicator is.
	Explain func(indicator string) string
}

type office struct {
	Config
	pages map[string]*template.Template
	style string
}

//go:embed pages/*.html pages/style.css
var files embed.FS

var names = []string{"signin", "queue", "report", "new", "code", "copy", "kept", "error"}

// New makes the handler for everything under /desk.
func New(c Config) (http.Handler, error) {
	o := &office{Config: c}
	css, err := files.ReadFile("pages/style.css")
	if err != nil {
		return nil, err
	}
	o.style = string(css)
	if o.pages, err = parsePages(c.Explain); err != nil {
		return nil, err
	}
	return o.guard(o.routes()), nil
}

func parsePages(explain func(string) string) (map[string]*template.Template, error) {
	pages := map[string]*template.Template{}
	said := func(indicator string) string {
		if explain != nil {
			if s := explain(indicator); s != "" {
				return s
			}
		}
		return byName(indicator)
	}
	for _, n := range names {
		t, err := template.New(n).Funcs(template.FuncMap{"why": why, "date": date, "name": fileName, "explain": said}).ParseFS(files, "pages/layout.html", "pages/"+n+".html")
		if err != nil {
			return nil, fmt.Errorf("office: %w", err)
		}
		pages[n] = t
	}
	return pages, nil
}

// routes is every address of the members' rooms.
func (o *office) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /desk", o.queue)
	mux.HandleFunc("POST /desk/in", o.signIn)
	mux.HandleFunc("POST /desk/out", o.signOut)
	mux.HandleFunc("GET /desk/r/{id}", o.member(o.report))
	mux.HandleFunc("POST /desk/r/{id}/answer", o.member(o.answer))
	mux.HandleFunc("POST /desk/r/{id}/worked", o.member(o.worked))
	mux.HandleFunc("POST /desk/r/{id}/mute", o.member(o.mute))
	mux.HandleFunc("GET /desk/r/{id}/f/{file}", o.member(o.file))
	mux.HandleFunc("GET /desk/r/{id}/f/{file}/copy", o.member(o.copied))
	mux.HandleFunc("GET /desk/new", o.member(o.newForm))
	mux.HandleFunc("POST /desk/new", o.member(o.typeIn))
	mux.HandleFunc("GET /desk/style.css", o.css)
	mux.HandleFunc("/desk/", func(w http.ResponseWriter, _ *http.Request) { o.fail(w, http.StatusNotFound, "There is no such page.") })
	return mux
}

// guard sets the headers, refuses forms that come from elsewhere, bounds what is
// sent, and catches a handler's panic without telling anybody what it held.
func (o *office) guard(next http.Handler) http.Handler {
	var cross http.CrossOriginProtection
	next = cross.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
		h.Set("Cache-Control", "no-store")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if o.Secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
		defer func() {
			if p := recover(); p != nil {
				o.Log.Error("a page of the desk failed", "route", r.Pattern)
				o.fail(w, http.StatusInternalServerError, "Something broke on our side. What you typed may not have been kept.")
			}
		}()
		next.ServeHTTP(w, r)
	})
}

const cookie = "d"

// who gives the member behind a request.
func (o *office) who(r *http.Request) (*desk.Session, error) {
	c, err := r.Cookie(cookie)
	if err != nil {
		return nil, desk.ErrSignedOut
	}
	return o.Desk.Session(c.Value)
}

// member lets only members through; others are asked to sign in.
func (o *office) member(f func(http.ResponseWriter, *http.Request, *desk.Session)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s, err := o.who(r)
		if err != nil {
			o.askSignIn(w, r, http.StatusUnauthorized, "You have been signed out, because nothing was done for five minutes. Nothing of what you read stays open.")
			return
		}
		f(w, r, s)
	}
}

type view struct {
	Banner string
	Login  string // of who is signed in
	Title  string
	Voice  *say.Voice
	Body   any
	// Typing says that the page holds a box in which somebody may be writing: it is
	// left alone for longer, though the keys are dropped as ever.
	Typing bool
	Stay   bool // or that it must not go by itself at all
}

func (o *office) show(w http.ResponseWriter, status int, name, title string, s *desk.Session, body any) {
	v := view{Banner: o.Banner, Title: title, Voice: say.Default().In("en"), Body: body}
	v.Typing, v.Stay = name == "report" || name == "new", name == "code" || name == "kept"
	if s != nil {
		v.Login = s.Login
	}
	var buf bytes.Buffer
	if err := o.pages[name].ExecuteTemplate(&buf, "layout", v); err != nil {
		panic(err) // a template that fails is a fault of ours
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(buf.Bytes())
}

func (o *office) fail(w http.ResponseWriter, status int, message string) {
	o.show(w, status, "error", "Not done", nil, message)
}

func (o *office) css(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, _ = w.Write([]byte(o.style))
}

// why puts the reasons for a place in the queue into words.
func why(s desk.Summary, now time.Time) string {
	words := map[string]string{
		"danger": "danger now", "forced": "the duress word came up", "held": "someone is held", "ransom": "money is asked for someone", "plea": "reads like a plea",
		"self": "written by the person", "missing": "someone is missing", "recruit": "made to bring in others", "sealed": "does not open with your keys",
	}
	var out []string
	for _, w := range s.Why {
		out = append(out, words[w])
	}
	return strings.Join(append(out, waited(s.Waited(now))+" since the last word"), "; ")
}

func waited(d time.Duration) string {
	switch {
	case d < time.Hour:
		return fmt.Sprintf("%d min", max(0, int(d.Minutes())))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", int(d.Hours()))
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24))
}

func date(unix int64) string { return time.Unix(unix, 0).UTC().Format("2006-01-02 15:04 UTC") }

// byName stands in where there are no words for an indicator.
func byName(indicator string) string {
	return strings.ToLower(strings.ReplaceAll(indicator, "_", " "))
}
