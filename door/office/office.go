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
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"homeward/form/clean"
	"homeward/form/say"
	"homeward/work/advisory"
	"homeward/work/casework"
	"homeward/work/desk"
	"homeward/work/disclosure"
	"homeward/work/intake"
	"homeward/work/retention"
)

// Desk is what the rooms ask for; *desk.Desk is one.
type Desk interface {
	SignIn(ctx context.Context, login, passphrase, code string) (string, error)
	SignOut(token string)
	Session(token string) (*desk.Session, error)
	Queue(ctx context.Context, s *desk.Session) (desk.Queue, error)
	Alike(s *desk.Session, id string) []desk.Summary
	Mute(ctx context.Context, s *desk.Session, id string, mute bool) error
	Read(ctx context.Context, s *desk.Session, id string) (desk.Reading, error)
	Answer(ctx context.Context, s *desk.Session, id, text string, revision int64) error
	Worked(ctx context.Context, s *desk.Session, id string, revision int64) error
	TypeIn(ctx context.Context, s *desk.Session, nonce string, r intake.Report) (intake.Receipt, error)
	Attach(ctx context.Context, s *desk.Session, code intake.Receipt, name string, r io.Reader) error
	File(ctx context.Context, s *desk.Session, report, id string) (intake.File, []byte, error)
	TurnEpochs(ctx context.Context, s *desk.Session) error
	marking
	hiring
	housekeeping
}

// Copier makes working copies of files; *evidence.Copier is one. Preview says what
// a copy leaves out, and may leave the making of it to Copy.
type Copier interface {
	Preview(ctx context.Context, file []byte) (clean.Result, error)
	Copy(ctx context.Context, file []byte) (clean.Result, error)
}

// Config is what the rooms are made of. Banner, Hint and Explain may be left out.
type Config struct {
	Desk     Desk
	Cases    *casework.Casework
	Telling  *disclosure.Disclosure
	Age      *retention.Retention
	Warnings *advisory.Advisories
	Copier   Copier
	Now      func() time.Time
	Log      *slog.Logger
	Secure   bool          // served over TLS: the cookie never leaves it
	Banner   string        // above every page
	Hint     func() string // under the sign-in form of a demonstration
	Story    bool          // the demonstration tells a story
	// Explain says what an indicator is, in a language.
	Explain func(indicator, lang string) string
	// SetUpToken lets somebody set the desk up in the browser, once; "" for nobody.
	SetUpToken string
}

type office struct {
	Config
	pages map[string]*template.Template
	style string
	setup setup
}

//go:embed pages/*.html pages/style.css
var files embed.FS

var names = []string{
	"signin", "queue", "report", "new", "code", "copy", "kept", "error",
	"cases", "people", "day", "newcase", "case", "add", "line", "sheet", "plan", "telling", "channels", "channel", "places", "place", "counts", "warnings", "warning", "holds",
	"members", "invited", "applicant", "leave", "join", "words", "account", "settings", "ledger", "phrases", "setup", "shares",
	"import", "columns", "tried", "importing", "out",
}

// New makes the handler for everything under /desk.
func New(c Config) (http.Handler, error) {
	o := &office{Config: c}
	css, err := files.ReadFile("pages/style.css")
	if err != nil {
		return nil, err
	}
	o.style = string(css)
	if o.pages, err = parsePages(); err != nil {
		return nil, err
	}
	return o.guard(o.mux()), nil
}

func parsePages() (map[string]*template.Template, error) {
	pages := map[string]*template.Template{}
	helpers := template.FuncMap{"date": date, "day": dayText, "name": fileName, "roles": strings.Fields, "has": hasRole, "inc": func(i int) int { return i + 1 }, "short": short, "sure": sure}
	for _, n := range names {
		t, err := template.New(n).Funcs(caseFuncs).Funcs(helpers).ParseFS(files, "pages/layout.html", "pages/parts.html", "pages/choose.html", "pages/operator.html", "pages/"+n+".html")
		if err != nil {
			return nil, fmt.Errorf("office: %w", err)
		}
		pages[n] = t
	}
	return pages, nil
}

// route is one address of the members' rooms, and what a member must be allowed to do
// there; "" for those who are not signed in yet.
type route struct {
	pattern string
	action  desk.Action
	f       func(http.ResponseWriter, *http.Request, *desk.Session)
}

// routes is every address behind the sign-in.
func (o *office) routes() []route {
	return []route{
		{"GET /desk/r/{id}", desk.ReadReports, o.report},
		{"POST /desk/r/{id}/answer", desk.AnswerReports, o.answer},
		{"POST /desk/r/{id}/worked", desk.AnswerReports, o.worked},
		{"POST /desk/r/{id}/mute", desk.AnswerReports, o.mute},
		{"GET /desk/r/{id}/f/{file}", desk.ReadReports, o.file},
		{"GET /desk/r/{id}/f/{file}/copy", desk.ReadReports, o.copied},
		{"POST /desk/r/{id}/note", desk.AnswerReports, o.note},
		{"POST /desk/r/{id}/assign", desk.AnswerReports, o.assign},
		{"POST /desk/r/{id}/snooze", desk.AnswerReports, o.snooze},
		{"POST /desk/r/{id}/same", desk.AnswerReports, o.judge},
		{"POST /desk/r/{id}/ask", desk.AnswerReports, o.ask},
		{"GET /desk/new", desk.TakeReports, o.newForm},
		{"POST /desk/new", desk.TakeReports, o.typeIn},
		{"GET /desk/cases", desk.WorkCases, o.board},
		{"GET /desk/cases.csv", desk.WorkCases, o.casesCSV},
		{"GET /desk/day", desk.WorkCases, o.day},
		{"GET /desk/people", desk.WorkCases, o.people},
		{"GET /desk/cases/new", desk.OpenCases, o.newCase},
		{"POST /desk/cases/new", desk.OpenCases, o.openCase},
		{"GET /desk/cases/import", desk.OpenCases, o.importPage},
		{"POST /desk/cases/import", desk.OpenCases, o.bring},
		{"POST /desk/cases/import/{step}", desk.OpenCases, o.importStep},
		{"GET /desk/cases/import/left.csv", desk.OpenCases, o.leftOut},
		{"GET /desk/cases/out", desk.WorkCases, o.outForm},
		{"POST /desk/cases/out", desk.WorkCases, o.takeOut},
		{"POST /desk/cases/join", desk.WorkCases, o.joinCase},
		{"GET /desk/c/{id}", desk.WorkCases, o.theCase},
		{"GET /desk/c/{id}/sheet", desk.WorkCases, o.sheet},
		{"GET /desk/c/{id}/n/{n}", desk.WorkCases, o.oneLine},
		{"GET /desk/c/{id}/add/{kind}", desk.WorkCases, o.addForm},
		{"POST /desk/c/{id}/add/{kind}", desk.WorkCases, o.add},
		{"POST /desk/c/{id}/members", desk.ShareCases, o.seats},
		{"GET /desk/c/{id}/tell", desk.PlanTelling, o.planForm},
		{"POST /desk/c/{id}/tell", desk.PlanTelling, o.plan},
		{"GET /desk/c/{id}/t/{n}", desk.PlanTelling, o.telling},
		{"POST /desk/c/{id}/t/{n}/pdf", desk.PlanTelling, o.copyPDF},
		{"POST /desk/c/{id}/t/{n}/{step}", desk.PlanTelling, o.tellingStep},
		{"GET /desk/holds", desk.HoldErasing, o.holds},
		{"POST /desk/holds", desk.HoldErasing, o.hold},
		{"GET /desk/places", desk.WorkCases, o.places},
		{"GET /desk/places/{id}", desk.WorkCases, o.place},
		{"POST /desk/places/{id}", desk.WorkCases, o.savePlace},
		{"GET /desk/channels", desk.SeeChannels, o.channels},
		{"GET /desk/channels/{id}", desk.SeeChannels, o.channel},
		{"POST /desk/channels/{id}", desk.KeepChannels, o.saveChannel},
		{"GET /desk/counts", desk.SeeCounts, o.counts},
		{"GET /desk/counts.csv", desk.SeeCounts, o.countsCSV},
		{"GET /desk/warnings", desk.WriteAdvisory, o.warnings},
		{"GET /desk/warnings/new", desk.WriteAdvisory, o.newWarning},
		{"POST /desk/warnings/new", desk.WriteAdvisory, o.saveWarning},
		{"GET /desk/warnings/{id}", desk.WriteAdvisory, o.warning},
		{"POST /desk/warnings/{id}", desk.WriteAdvisory, o.saveWarning},
		{"POST /desk/warnings/{id}/scan", desk.WriteAdvisory, o.scanWarning},
		{"POST /desk/warnings/{id}/release", desk.ReleaseWarning, o.releaseWarning},
		{"POST /desk/warnings/{id}/correct", desk.WriteAdvisory, o.correctWarning},
		{"GET /desk/phrases", desk.ReadReports, o.phrasebook},
		{"GET /desk/members", desk.SeeMembers, o.members},
		{"POST /desk/members/keys", desk.ReadReports, o.giveKeys},
		{"POST /desk/members/invite", desk.InviteMembers, o.invite},
		{"GET /desk/members/a/{id}", desk.InviteMembers, o.applicant},
		{"POST /desk/members/a/{id}/confirm", desk.InviteMembers, o.confirm},
		{"POST /desk/members/a/{id}/withdraw", desk.InviteMembers, o.withdraw},
		{"POST /desk/members/m/{id}/roles", desk.InviteMembers, o.setRoles},
		{"GET /desk/members/m/{id}/leave", desk.InviteMembers, o.leaveForm},
		{"POST /desk/members/m/{id}/leave", desk.InviteMembers, o.leave},
		{"GET /desk/account", desk.OwnAccount, o.account},
		{"POST /desk/account/languages", desk.OwnAccount, o.languages},
		{"POST /desk/account/passphrase", desk.OwnAccount, o.newPassphrase},
		{"POST /desk/account/authenticator", desk.OwnAccount, o.newAuthenticator},
		{"GET /desk/settings", desk.SeeSettings, o.settings},
		{"POST /desk/settings", desk.ChangeSettings, o.changeSettings},
		{"GET /desk/ledger", desk.ReadLedger, o.ledger},
		{"POST /desk/ledger/verify", desk.ReadLedger, o.verify},
	}
}

// outside is every address that needs no sign-in. GET /desk is both: the queue, or
// the way in.
func (o *office) outside() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"GET /desk":               o.queue,
		"POST /desk/in":           o.signIn,
		"POST /desk/out":          o.signOut,
		"POST /desk/lang":         o.language,
		"GET /desk/style.css":     o.css,
		"GET /desk/join/{token}":  o.joinForm,
		"POST /desk/join/{token}": o.join,
		"GET /desk/setup":         o.setupForm,
		"POST /desk/setup":        o.prepare,
		"POST /desk/setup/done":   o.begin,
	}
}

func (o *office) mux() http.Handler {
	mux := http.NewServeMux()
	for pattern, f := range o.outside() {
		mux.HandleFunc(pattern, f)
	}
	for _, r := range o.routes() {
		mux.HandleFunc(r.pattern, o.member(r.action, r.f))
	}
	mux.HandleFunc("/desk/", func(w http.ResponseWriter, r *http.Request) {
		o.fail(w, r, http.StatusNotFound, "There is no such page.")
	})
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
		r.Body = http.MaxBytesReader(w, r.Body, most(r))
		defer func() {
			if p := recover(); p != nil {
				o.Log.Error("a page of the desk failed", "route", r.Pattern)
				o.fail(w, r, http.StatusInternalServerError, "Something broke on our side. What you typed may not have been kept.")
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

// member lets only members through who may do this; others are asked to sign in, or
// told that their roles do not allow it.
func (o *office) member(a desk.Action, f func(http.ResponseWriter, *http.Request, *desk.Session)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s, err := o.who(r)
		if err != nil {
			if _, none := r.Cookie(cookie); none != nil {
				o.askSignIn(w, r, http.StatusUnauthorized, "Sign in first, then open that address again.")
				return
			}
			o.askSignIn(w, r, http.StatusUnauthorized, "You have been signed out, because nothing was done for five minutes. Nothing of what you read stays open.")
			return
		}
		if s.May(a) != nil {
			o.forbidden(w, r)
			return
		}
		f(w, r, s)
	}
}

func (o *office) forbidden(w http.ResponseWriter, r *http.Request) {
	o.fail(w, r, http.StatusForbidden, "Your roles at this desk do not allow this. Ask whoever administers it.")
}

type view struct {
	say.Phrases
	Banner string
	Login  string // of who is signed in
	Roles  string
	Title  string
	Voice  *say.Voice
	Path   string
	Body   any
	// Typing says that the page holds a box in which somebody may be writing: it is
	// left alone for longer, though the keys are dropped as ever.
	Typing bool
	Stay   bool // or that it must not go by itself at all
	// Soon is the address of a page that shows how far something is: it is asked for
	// again in a moment.
	Soon string

	explain func(indicator, lang string) string
}

// May says whether whoever is signed in may do something, so that a page shows no
// button that would be refused.
func (v view) May(action string) bool { return desk.May(v.Roles, desk.Action(action)) }

// Ago says in words how long before now a moment was.
func (v view) Ago(now time.Time, unix int64) string {
	d := max(0, now.Sub(time.Unix(unix, 0)))
	switch {
	case d < time.Hour:
		return v.T("%d min ago", int(d.Minutes()))
	case d < 48*time.Hour:
		return v.T("%d h ago", int(d.Hours()))
	}
	return v.T("%d days ago", int(d.Hours()/24))
}

// typing and stay are the pages with boxes, and those that show something once.
var (
	typing = []string{"report", "new", "settings", "newcase", "add", "plan", "telling", "channel", "place", "columns", "tried", "warning"}
	stay   = []string{"code", "kept", "invited", "shares"}
)

func (o *office) show(w http.ResponseWriter, r *http.Request, status int, name, title string, s *desk.Session, body any) {
	p := phrases(r)
	v := view{Phrases: p, Banner: p.T(o.Banner), Title: p.T(title), Voice: say.Default().In(p.Tag), Path: "/desk", Body: body, explain: o.Explain}
	v.Typing, v.Stay = slices.Contains(typing, name), slices.Contains(stay, name)
	if b, ok := body.(interface{ soon() string }); ok {
		v.Soon = b.soon()
	}
	if r.Method == http.MethodGet {
		v.Path = r.URL.RequestURI()
	}
	if s != nil {
		v.Login, v.Roles = s.Login, s.Roles
	}
	var buf bytes.Buffer
	if err := o.pages[name].ExecuteTemplate(&buf, "layout", v); err != nil {
		panic(err) // a template that fails is a fault of ours
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(buf.Bytes())
}

// fail says what was not done. The message is an English sentence of the catalogue.
func (o *office) fail(w http.ResponseWriter, r *http.Request, status int, message string) {
	s, _ := o.who(r)
	o.show(w, r, status, "error", "Not done", s, message)
}

// tongue is the cookie that remembers a member's language.
const tongue = "l"

// phrases gives the words of a member's language: the one they chose, or the first
// of their browser's that the rooms speak.
func phrases(r *http.Request) say.Phrases {
	if c, err := r.Cookie(tongue); err == nil {
		return say.Desk(c.Value)
	}
	v, _ := say.Default().Negotiate("", r.Header.Get("Accept-Language"))
	return say.Desk(v.Tag)
}

// language is POST /desk/lang.
func (o *office) language(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, &http.Cookie{Name: tongue, Value: say.Desk(r.PostFormValue("lang")).Tag, Path: "/desk", MaxAge: 400 * 86400, HttpOnly: true, Secure: o.Secure, SameSite: http.SameSiteStrictMode})
	to := r.PostFormValue("back")
	if to != "/desk" && !strings.HasPrefix(to, "/desk/") && !strings.HasPrefix(to, "/desk?") || strings.Contains(to, "..") {
		to = "/desk"
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

func (o *office) css(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, _ = w.Write([]byte(o.style))
}

// reasons are the words for a place in the queue.
var reasons = map[string]string{
	"danger": "danger now", "forced": "the duress word came up", "papers": "papers taken", "held": "someone is held", "ransom": "money is asked for someone", "plea": "reads like a plea",
	"self": "written by the person", "missing": "someone is missing", "recruit": "made to bring in others", "sealed": "does not open with your keys",
}

// Why puts the reasons for a place in the queue into words.
func (v view) Why(s desk.Summary, now time.Time) string { return why(v.Phrases, s, now) }

func why(p say.Phrases, s desk.Summary, now time.Time) string {
	var out []string
	for _, w := range s.Why {
		out = append(out, p.T(reasons[w]))
	}
	return strings.Join(append(out, waited(p, s.Waited(now))), p.T(", "))
}

// Explain says what an indicator is.
func (v view) Explain(indicator string) string {
	if v.explain != nil {
		if s := v.explain(indicator, v.Tag); s != "" {
			return s
		}
	}
	return byName(indicator)
}

func waited(p say.Phrases, d time.Duration) string {
	switch {
	case d < time.Hour:
		return p.T("%d min since last word", max(0, int(d.Minutes())))
	case d < 48*time.Hour:
		return p.T("%d h since last word", int(d.Hours()))
	}
	return p.T("%d days since last word", int(d.Hours()/24))
}

func date(unix int64) string { return time.Unix(unix, 0).UTC().Format("2006-01-02 15:04 UTC") }

func dayText(day int64) string { return time.Unix(day*86400, 0).UTC().Format("2006-01-02") }

func hasRole(roles, role string) bool { return slices.Contains(strings.Fields(roles), role) }

// short is the beginning of an id, enough to tell it from others by eye.
func short(id string) string {
	if len(id) > 12 {
		return id[:6] + "…"
	}
	return id
}

// byName stands in where there are no words for an indicator.
func byName(indicator string) string {
	return strings.ToLower(strings.ReplaceAll(indicator, "_", " "))
}
