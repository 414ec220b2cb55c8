package office

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"homeward/work/casework"
	"homeward/work/desk"
	"homeward/work/disclosure"
	"homeward/work/intake"
)

// allowed says by hand who may use each address: a for administrators, k for
// coordinators, c for caseworkers, u for auditors. It is a second opinion on
// desk.Table, and whoever adds an address must say here what they meant.
var allowed = map[string]string{
	"GET /desk/r/{id}":                   "kc",
	"POST /desk/r/{id}/answer":           "kc",
	"POST /desk/r/{id}/worked":           "kc",
	"POST /desk/r/{id}/mute":             "kc",
	"GET /desk/r/{id}/f/{file}":          "kc",
	"GET /desk/r/{id}/f/{file}/copy":     "kc",
	"POST /desk/r/{id}/note":             "kc",
	"POST /desk/r/{id}/assign":           "kc",
	"POST /desk/r/{id}/snooze":           "kc",
	"POST /desk/r/{id}/same":             "kc",
	"POST /desk/r/{id}/ask":              "kc",
	"GET /desk/new":                      "kc",
	"POST /desk/new":                     "kc",
	"GET /desk/phrases":                  "kc",
	"GET /desk/members":                  "akcu",
	"POST /desk/members/keys":            "kc",
	"POST /desk/members/invite":          "a",
	"GET /desk/members/a/{id}":           "a",
	"POST /desk/members/a/{id}/confirm":  "a",
	"POST /desk/members/a/{id}/withdraw": "a",
	"POST /desk/members/m/{id}/roles":    "a",
	"GET /desk/members/m/{id}/leave":     "a",
	"POST /desk/members/m/{id}/leave":    "a",
	"GET /desk/account":                  "akcu",
	"POST /desk/account/languages":       "akcu",
	"POST /desk/account/passphrase":      "akcu",
	"POST /desk/account/authenticator":   "akcu",
	"GET /desk/settings":                 "aku",
	"POST /desk/settings":                "a",
	"GET /desk/ledger":                   "aku",
	"POST /desk/ledger/verify":           "aku",
	"GET /desk/cases":                    "kc",
	"GET /desk/cases.csv":                "kc",
	"GET /desk/cases/import":             "kc",
	"POST /desk/cases/import":            "kc",
	"POST /desk/cases/import/{step}":     "kc",
	"GET /desk/cases/import/left.csv":    "kc",
	"GET /desk/cases/out":                "kc",
	"POST /desk/cases/out":               "kc",
	"GET /desk/day":                      "kc",
	"GET /desk/people":                   "kc",
	"GET /desk/cases/new":                "kc",
	"POST /desk/cases/new":               "kc",
	"POST /desk/cases/join":              "kc",
	"GET /desk/c/{id}":                   "kc",
	"GET /desk/c/{id}/sheet":             "kc",
	"GET /desk/c/{id}/n/{n}":             "kc",
	"GET /desk/c/{id}/add/{kind}":        "kc",
	"POST /desk/c/{id}/add/{kind}":       "kc",
	"POST /desk/c/{id}/members":          "kc",
	"GET /desk/c/{id}/tell":              "kc",
	"POST /desk/c/{id}/tell":             "kc",
	"GET /desk/c/{id}/t/{n}":             "kc",
	"POST /desk/c/{id}/t/{n}/pdf":        "kc",
	"POST /desk/c/{id}/t/{n}/{step}":     "kc",
	"GET /desk/holds":                    "k",
	"POST /desk/holds":                   "k",
	"GET /desk/places":                   "kc",
	"GET /desk/places/{id}":              "kc",
	"POST /desk/places/{id}":             "kc",
	"GET /desk/channels":                 "kc",
	"GET /desk/counts":                   "kcu",
	"GET /desk/counts.csv":               "kcu",
	"GET /desk/warnings":                 "kc",
	"GET /desk/warnings/new":             "kc",
	"POST /desk/warnings/new":            "kc",
	"GET /desk/warnings/{id}":            "kc",
	"POST /desk/warnings/{id}":           "kc",
	"POST /desk/warnings/{id}/scan":      "kc",
	"POST /desk/warnings/{id}/release":   "kc",
	"POST /desk/warnings/{id}/correct":   "kc",
	"GET /desk/channels/{id}":            "kc",
	"POST /desk/channels/{id}":           "k",
}

// open are the addresses that need no sign-in.
var open = []string{
	"GET /desk", "POST /desk/in", "POST /desk/out", "POST /desk/lang", "GET /desk/style.css",
	"GET /desk/join/{token}", "POST /desk/join/{token}", "GET /desk/setup", "POST /desk/setup", "POST /desk/setup/done",
}

var letterOf = map[string]string{desk.Administrator: "a", desk.Coordinator: "k", desk.Caseworker: "c", desk.Auditor: "u"}

func TestEveryAddressIsInTheMatrix(t *testing.T) {
	o := &office{}
	var have []string
	for _, r := range o.routes() {
		have = append(have, r.pattern)
		who, ok := allowed[r.pattern]
		if !ok {
			t.Errorf("%s is missing from the matrix", r.pattern)
			continue
		}
		for _, role := range desk.Roles {
			if desk.May(role, r.action) != strings.Contains(who, letterOf[role]) {
				t.Errorf("%s asks for %q, which %s may: %v", r.pattern, r.action, role, desk.May(role, r.action))
			}
		}
	}
	for p := range allowed {
		if !slices.Contains(have, p) {
			t.Errorf("there is no %s any more", p)
		}
	}
	for p := range o.outside() {
		if !slices.Contains(open, p) {
			t.Errorf("%s needs no sign-in, and nobody said that it should not", p)
		}
	}
	// No address stands beside the two tables: the mux is filled in one place.
	code, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, f := range code {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		b, err := os.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		n += len(regexp.MustCompile(`\.Handle(Func)?\(`).FindAll(b, -1))
	}
	if n != 3 { // the two tables, and what there is not
		t.Errorf("addresses are added at %d places, not 3", n)
	}
}

// hire makes a member of roles, signed in, by an administrator's session.
func (r *rooms) hire(t *testing.T, boss *desk.Session, name string, roles ...string) (*member, *desk.Session, string) {
	t.Helper()
	token, err := r.desk.Invite(t.Context(), boss, roles)
	if err != nil {
		t.Fatal(err)
	}
	second := desk.NewSecond()
	text, _ := desk.SecondText("", second)
	code := func() string {
		c, err := desk.SecondCode(text, r.clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	words, err := r.desk.Join(t.Context(), token, name, passphrase, second, code())
	if err != nil {
		t.Fatal(err)
	}
	m, err := r.desk.Members(t.Context(), boss)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range m.Invited {
		if i.Taken && i.Login == name {
			if err := r.desk.Confirm(t.Context(), boss, i.ID, words.String()); err != nil {
				t.Fatal(err)
			}
		}
	}
	r.clock.Add(31 * time.Second)
	who := &member{rooms: r}
	w := who.ask("POST", "/desk/in", "name", name, "passphrase", passphrase, "code", code())
	if w.Code != http.StatusSeeOther {
		t.Fatalf("%s cannot sign in: %d", name, w.Code)
	}
	who.cookie = w.Result().Cookies()[0]
	s, err := r.desk.Session(who.cookie.Value)
	if err != nil {
		t.Fatal(err)
	}
	return who, s, s.Member
}

const waiting = "who waits for keys"

// TestMatrix: every address, for every role, for nobody and for somebody who left, with
// the ids of reports, files, members and invitations in every place of an address.
// What is refused shows nothing that was planted.
func TestMatrix(t *testing.T) {
	r := newRooms(t, nil)
	const planted = "PLANTED"
	// What is behind the doors.
	v, err := r.intake.Visit(t.Context(), r.tell(intake.Report{Kind: "held", Lang: "th", Text: planted + " words", Who: planted + " person", Contact: planted + " contact"}))
	if err != nil {
		t.Fatal(err)
	}
	if err := r.intake.Attach(t.Context(), v, intake.Nonce(), planted+".txt", strings.NewReader(planted+" file")); err != nil {
		t.Fatal(err)
	}
	first := r.signIn()
	boss, err := r.desk.Session(first.cookie.Value)
	if err != nil {
		t.Fatal(err)
	}
	report := strings.TrimPrefix(first.only(), "/desk/r/")
	file := regexp.MustCompile(`/f/([^"/]+)"`).FindStringSubmatch(first.page(200, "GET", "/desk/r/"+report))[1]
	if err := r.desk.Note(t.Context(), boss, report, planted+" note"); err != nil {
		t.Fatal(err)
	}
	if err := r.desk.ChangeOperator(t.Context(), boss, intake.Operator{}, intake.Operator{Name: "An invented desk", OnCall: "mailto:" + planted + "@desk.invalid"}); err != nil {
		t.Fatal(err)
	}
	caseID, planN, safe := r.plantCase(t, boss, planted)
	cookies := map[string]*member{"": {rooms: r}, "a made-up token": {rooms: r, cookie: &http.Cookie{Name: cookie, Value: strings.Repeat("A", 52)}}}
	_, gone, goneID := r.hire(t, boss, planted+" gone", desk.Caseworker)
	_ = gone
	leaver := &member{rooms: r}
	admin, adminSession, adminID := r.hire(t, boss, planted+" admin", desk.Administrator)
	var colleague string
	for _, role := range []string{desk.Coordinator, desk.Caseworker, desk.Auditor} {
		cookies[role], _, colleague = r.hire(t, boss, planted+" "+role, role)
	}
	cookies[desk.Administrator] = admin
	left, _, leftID := r.hire(t, boss, planted+" left", desk.Administrator, desk.Coordinator)
	leaver.cookie = left.cookie
	if err := r.desk.Leave(t.Context(), boss, leftID, ""); err != nil {
		t.Fatal(err)
	}
	cookies["who left"] = leaver
	// A caseworker whom an administrator without keys let in: the role, and no keys.
	cookies[waiting], _, _ = r.hire(t, adminSession, planted+" "+waiting, desk.Caseworker)
	if err := r.desk.Leave(t.Context(), boss, goneID, ""); err != nil {
		t.Fatal(err)
	}
	parameter := regexp.MustCompile(`\{[a-z]+\}`)
	asked, let := 0, 0
	// Who waits for keys first: a coordinator who asks every address gives them.
	order := slices.Sorted(maps.Keys(cookies))
	slices.SortStableFunc(order, func(a, b string) int {
		switch waiting {
		case a:
			return -1
		case b:
			return 1
		}
		return 0
	})
	for _, who := range order {
		m, roles := cookies[who], who
		if who == waiting {
			roles = desk.Caseworker
		} else if !slices.Contains(desk.Roles, who) {
			roles = ""
		}
		// An invitation that was used, of the administrator who asks.
		token, err := r.desk.Invite(t.Context(), adminSession, []string{desk.Auditor})
		if err != nil {
			t.Fatal(err)
		}
		second := desk.NewSecond()
		text, _ := desk.SecondText("", second)
		code, err := desk.SecondCode(text, r.clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.desk.Join(t.Context(), token, planted+" applicant of "+who, passphrase, second, code); err != nil {
			t.Fatal(err)
		}
		list, err := r.desk.Members(t.Context(), adminSession)
		if err != nil {
			t.Fatal(err)
		}
		few := map[string][]string{"{n}": {"1", planN, "99"}, "{kind}": {"place", "intent", "forced"}, "{step}": {"approve", "copy", "nothing"}}
		ids := []string{report, file, caseID, safe, colleague, adminID, leftID, list.Invited[len(list.Invited)-1].ID, token, "none", "%3Cb%3E", "..%2f..%2fdesk"}
		for _, route := range (&office{}).routes() {
			method, pattern, _ := strings.Cut(route.pattern, " ")
			paths := []string{pattern}
			for _, name := range parameter.FindAllString(pattern, -1) {
				var next []string
				these := ids
				if some, ok := few[name]; ok {
					these = some
				}
				for _, p := range paths {
					at := parameter.FindStringIndex(p)
					for _, id := range these {
						next = append(next, p[:at[0]]+id+p[at[1]:])
					}
				}
				paths = next
			}
			for _, path := range paths {
				w := m.ask(method, path)
				asked++
				body := w.Body.String() + fmt.Sprint(w.Header())
				switch {
				case roles == "":
					if w.Code != http.StatusUnauthorized || strings.Contains(body, planted) {
						t.Errorf("%q, %s %s: %d", who, method, path, w.Code)
					}
				case !desk.May(roles, route.action):
					own := strings.ReplaceAll(body, planted+" "+who, "")
					if who == desk.Administrator {
						own = strings.ReplaceAll(body, planted+" admin", "")
					}
					if w.Code != http.StatusForbidden || strings.Contains(own, planted) {
						t.Errorf("%s, %s %s: %d\n%.300s", who, method, path, w.Code, own)
					}
				default:
					let++
					// A role opens no case, plan or safe place: nobody else is on them.
					if strings.Contains(body, planted+" in a case") {
						t.Errorf("%s, %s %s: shows a case of others", who, method, path)
					}
					if w.Code == http.StatusForbidden || w.Code == http.StatusUnauthorized || w.Code >= 500 {
						t.Errorf("%s, %s %s: %d, and they may\n%.600s", who, method, path, w.Code, w.Body)
					}
				}
				if who == waiting && (strings.Contains(body, planted+" words") || strings.Contains(body, planted+" file") || strings.Contains(body, planted+" note")) {
					t.Errorf("without keys, %s %s shows what was told", method, path)
				}
				if strings.Contains(body, passphrase) {
					t.Errorf("%s %s shows a passphrase", method, path)
				}
			}
		}
		// What was told is in no page of who may not read it, whatever they may see.
		if roles != "" && !desk.May(roles, desk.ReadReports) {
			for _, path := range []string{"/desk", "/desk?of=muted", "/desk?of=" + report, "/desk/members", "/desk/ledger", "/desk/settings", "/desk/account"} {
				body := m.ask("GET", path).Body.String()
				for _, secret := range []string{planted + " words", planted + " person", planted + " note", planted + " file"} {
					if strings.Contains(body, secret) {
						t.Errorf("%s, %s: shows %q", who, path, secret)
					}
				}
			}
		}
	}
	if asked < 1500 || let < 300 {
		t.Errorf("only %d were asked, and %d let through", asked, let)
	}
	// Nobody changed anything by asking.
	if got := first.page(200, "GET", "/desk/r/"+report); !strings.Contains(got, planted+" note") {
		t.Error("the report is not what it was")
	}
	if strings.Contains(r.log.String(), planted) {
		t.Errorf("the log holds what was planted:\n%s", &r.log)
	}
}

// plantCase makes a case, a plan and a safe place that only one member knows of.
func (r *rooms) plantCase(t *testing.T, s *desk.Session, planted string) (id, plan, safe string) {
	t.Helper()
	var c Config
	c.Desk, c.Now, c.Log = r.desk, r.desk.Now, r.desk.Log
	casesToo(&c)
	ctx := t.Context()
	id, err := c.Cases.Open(ctx, s, casework.New{Nonce: casework.Nonce(), Called: planted + " in a case"})
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range []struct {
		kind    string
		answers map[string]string
	}{
		{"identity", map[string]string{"name": planted + " in a case, name"}},
		{"place", map[string]string{"place": planted + " in a case, place", "accuracy": "district", "according": "x"}},
		{"consent", map[string]string{"purpose": "rescue", "answer": "given", "by": "the person", "groups": "district"}},
	} {
		e, err := c.Cases.Book.Make(l.kind, 1, 0, l.answers, "UTC", r.clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := c.Cases.Add(ctx, s, id, casework.Nonce(), e, 0); err != nil {
			t.Fatal(err)
		}
	}
	n, err := c.Telling.Propose(ctx, s, id, casework.Nonce(), disclosure.Plan{Channel: "tw-mofa", Purpose: "rescue", Stage: "district", Lang: "en", People: []int{1}, Fields: []disclosure.Ref{{N: 3, Field: "place"}}})
	if err != nil {
		t.Fatal(err)
	}
	safe, err = c.Cases.SavePlace(ctx, s, casework.Place{Safe: true, Names: []string{planted + " in a case, inn"}})
	if err != nil {
		t.Fatal(err)
	}
	return id, fmt.Sprint(n), safe
}

// TestFixation: a token that somebody else put into the browser is never taken up.
func TestFixation(t *testing.T) {
	r := newRooms(t, nil)
	code, err := desk.SecondCode(r.second, r.clock.Now().Add(31*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	r.clock.Add(31 * time.Second)
	fixed := &http.Cookie{Name: cookie, Value: strings.Repeat("B", 52)}
	m := &member{rooms: r, cookie: fixed}
	w := m.ask("POST", "/desk/in", "name", login, "passphrase", passphrase, "code", code)
	if w.Code != http.StatusSeeOther || w.Result().Cookies()[0].Value == fixed.Value {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	if m.ask("GET", "/desk/members").Code != http.StatusUnauthorized {
		t.Error("the token that was put in opens the desk")
	}
	old := w.Result().Cookies()[0]
	next := r.signIn()
	if next.cookie.Value == old.Value {
		t.Error("two sessions of one token")
	}
}

// TestRedirects go nowhere but into these rooms.
func TestRedirects(t *testing.T) {
	r := newRooms(t, nil)
	m := r.signIn()
	for _, back := range []string{"https://elsewhere.invalid", "//elsewhere.invalid", `/\elsewhere.invalid`, "/deskelsewhere", "/desk//elsewhere", "/desk/../x", "javascript:alert(1)", ""} {
		w := m.ask("POST", "/desk/lang", "lang", "zh-Hant", "back", back)
		to := w.Header().Get("Location")
		if w.Code != http.StatusSeeOther || to != "/desk" && !strings.HasPrefix(to, "/desk/") && !strings.HasPrefix(to, "/desk?") {
			t.Errorf("%q: %d to %q", back, w.Code, to)
		}
		for _, c := range w.Result().Cookies() {
			if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/desk" || c.Value != "zh-Hant" {
				t.Errorf("cookie %s", c)
			}
		}
	}
	for _, route := range (&office{}).routes() {
		method, pattern, _ := strings.Cut(route.pattern, " ")
		w := m.ask(method, strings.NewReplacer("{id}", "x", "{file}", "y").Replace(pattern), "back", "https://elsewhere.invalid", "to", "https://elsewhere.invalid")
		if to := w.Header().Get("Location"); to != "" && !strings.HasPrefix(to, "/desk") {
			t.Errorf("%s leads to %q", route.pattern, to)
		}
	}
}

// TestCrossOriginEverywhere: no form of another site reaches any address.
func TestCrossOriginEverywhere(t *testing.T) {
	r := newRooms(t, func(c *Config) { c.SetUpToken = "T" })
	m := r.signIn()
	patterns := slices.Clone(open)
	for p := range allowed {
		patterns = append(patterns, p)
	}
	for _, pattern := range patterns {
		method, path, _ := strings.Cut(pattern, " ")
		if method != http.MethodPost {
			continue
		}
		path = strings.NewReplacer("{id}", "x", "{file}", "y", "{token}", "z").Replace(path)
		for _, header := range [][2]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://elsewhere.invalid"}, {"Origin", "null"}} {
			req := httptest.NewRequest(method, path, strings.NewReader("text=x"))
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			req.Header.Set(header[0], header[1])
			req.AddCookie(m.cookie)
			w := httptest.NewRecorder()
			r.ServeHTTP(w, req)
			if w.Code != http.StatusForbidden || len(w.Result().Cookies()) != 0 {
				t.Errorf("%s with %v: %d", pattern, header, w.Code)
			}
		}
	}
}

// TestSecretsAreNotCarried: what is typed into a form of the account, of members or of
// the beginning does not wait in the sign-in form.
func TestSecretsAreNotCarried(t *testing.T) {
	r := newRooms(t, nil)
	m := r.signIn()
	r.clock.Add(10 * time.Minute)
	for _, path := range []string{"/desk/account/passphrase", "/desk/account/authenticator", "/desk/members/invite", "/desk/members/a/x/confirm"} {
		body := m.page(http.StatusUnauthorized, "POST", path, "passphrase", passphrase, "fresh", passphrase, "code", "123456", "second", "S")
		if strings.Contains(body, passphrase) || strings.Contains(body, "k-") {
			t.Errorf("%s: %s", path, body)
		}
	}
}
