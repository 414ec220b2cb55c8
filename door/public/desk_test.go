package public

import (
	"bytes"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"homeward/keep/ledger"
	"homeward/keep/store"
	"homeward/keep/vault"
	"homeward/know/lure"
	"homeward/test/clock"
	"homeward/test/engines"
	"homeward/work/desk"
	"homeward/work/intake"
)

// deskSite is a door with a real desk behind it, on SQLite in a temporary folder.
type deskSite struct {
	*site
	t      testing.TB
	clock  *clock.Clock
	store  *store.Store
	ledger *ledger.Log
	intake *intake.Intake
	desk   *desk.Desk
	second string
}

var testOperator = intake.Operator{Name: "An invented desk", Jurisdiction: "Nowhere", Hours: "every morning", OnCall: "mailto:nobody@test.invalid"}

func newDeskSite(t testing.TB) *deskSite {
	t.Helper()
	st := engines.SQLite(t)
	l, err := ledger.NewLog("desk.invalid", bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	s := &deskSite{t: t, clock: clock.At(time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)), store: st, ledger: l}
	now := s.clock.Now
	s.intake = &intake.Intake{Store: st, Ledger: l, Now: now, Visits: vault.NewKey()}
	s.desk = &desk.Desk{Store: st, Ledger: l, Intake: s.intake, Stretcher: vault.NewQuickStretcher(), Screen: lure.Default().Screen, Now: now, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	made, err := s.desk.SetUp(t.Context(), "blue heron", testPassphrase, 2, 3)
	if err != nil {
		t.Fatal(err)
	}
	s.second = made.Second
	s.write(func(tx *store.Tx) error { return intake.SetOperator(tx, testOperator) })
	s.write(func(tx *store.Tx) error { return intake.Unlocked(tx, s.clock.Now()) })
	s.site = newSite(t, func(c *Config) { c.Intake, c.Now = s.intake, now })
	return s
}

const testPassphrase = "five invented words for tests"

func (s *deskSite) write(f func(*store.Tx) error) {
	s.t.Helper()
	if err := s.store.Write(s.t.Context(), f); err != nil {
		s.t.Fatal(err)
	}
}

// send posts fields from this machine, which is never slowed down.
func (s *deskSite) send(path string, fields ...string) *httptest.ResponseRecorder {
	v := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		v.Add(fields[i], fields[i+1])
	}
	r := httptest.NewRequest("POST", path, strings.NewReader(v.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept-Encoding", "gzip")
	r.RemoteAddr = "127.0.0.1:9"
	return s.do(r)
}

// open gives a page that must be there.
func (s *deskSite) open(path string) string {
	s.t.Helper()
	w := s.get(path, "en")
	if w.Code != http.StatusOK {
		s.t.Fatalf("%s: %d", path, w.Code)
	}
	return w.Body.String()
}

// page posts, and gives a page that must be of this status and never packed: it
// may hold a secret beside what a stranger put there.
func (s *deskSite) page(status int, path string, fields ...string) string {
	s.t.Helper()
	w := s.send(path, fields...)
	if w.Code != status {
		s.t.Fatalf("POST %s %.200q: %d, want %d\n%.600s", path, fields, w.Code, status, w.Body)
	}
	if e := w.Header().Get("Content-Encoding"); e != "" {
		s.t.Errorf("POST %s is packed: %s", path, e)
	}
	return w.Body.String()
}

// tell sends a report and gives its code.
func (s *deskSite) tell(nonce string, fields ...string) string {
	s.t.Helper()
	code := codeOn(s.page(200, "/t", append([]string{"step", "3", "n", nonce}, fields...)...))
	if code == "" {
		s.t.Fatal("no code")
	}
	return code
}

// member signs a member of the desk in.
func (s *deskSite) member() *desk.Session {
	s.t.Helper()
	s.clock.Add(31 * time.Second) // a one-time code is good once
	code, err := desk.SecondCode(s.second, s.clock.Now())
	if err != nil {
		s.t.Fatal(err)
	}
	token, err := s.desk.SignIn(s.t.Context(), "blue heron", testPassphrase, code)
	if err != nil {
		s.t.Fatal(err)
	}
	m, err := s.desk.Session(token)
	if err != nil {
		s.t.Fatal(err)
	}
	return m
}

// reports gives all that is unread, as the desk reads it.
func (s *deskSite) reports() (out []desk.Reading) {
	s.t.Helper()
	m := s.member()
	q, err := s.desk.Queue(s.t.Context(), m)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, row := range q.Rows {
		r, err := s.desk.Read(s.t.Context(), m, row.ID)
		if err != nil {
			s.t.Fatal(err)
		}
		out = append(out, r)
	}
	return out
}

// answer writes to the only unread report.
func (s *deskSite) answer(text string) {
	s.t.Helper()
	all := s.reports()
	if len(all) != 1 {
		s.t.Fatalf("%d unread", len(all))
	}
	if err := s.desk.Answer(s.t.Context(), s.member(), all[0].Row.ID, text, all[0].Row.Revision); err != nil {
		s.t.Fatal(err)
	}
}

var (
	tagOf    = regexp.MustCompile(`(?s)<(input|textarea|select|button)\b([^>]*)>`)
	optionOf = regexp.MustCompile(`<option([^>]*)>`)
	attrOf   = regexp.MustCompile(`([a-z]+)="([^"]*)"`)
	digitsOf = regexp.MustCompile(`(?s)<p class="tel digits"[^>]*>(.*?)</p>`)
	tagsOf   = regexp.MustCompile(`<[^>]*>`)
)

// form gives what a browser would send of a form when none of its buttons is
// pressed: the fields by name. It fails if the form is not there.
func form(t testing.TB, page, id string) map[string]string {
	t.Helper()
	_, body, ok := strings.Cut(page, `<form id="`+id+`"`)
	if !ok {
		t.Fatalf("no form %s on:\n%.1500s", id, page)
	}
	body, _, _ = strings.Cut(body, "</form>")
	out := map[string]string{}
	for _, at := range tagOf.FindAllStringSubmatchIndex(body, -1) {
		tag, attrs, rest := body[at[2]:at[3]], body[at[4]:at[5]], body[at[1]:]
		a := map[string]string{}
		for _, m := range attrOf.FindAllStringSubmatch(attrs, -1) {
			a[m[1]] = html.UnescapeString(m[2])
		}
		switch {
		case tag == "button" || a["name"] == "" || a["type"] == "file":
		case tag == "textarea":
			text, _, _ := strings.Cut(rest, "</textarea>")
			out[a["name"]] = html.UnescapeString(strings.TrimPrefix(text, "\n"))
		case tag == "select":
			options, _, _ := strings.Cut(rest, "</select>")
			for i, o := range optionOf.FindAllStringSubmatch(options, -1) {
				if i == 0 || strings.Contains(o[1], " selected") {
					out[a["name"]] = attrOf.FindStringSubmatch(o[1])[2]
				}
			}
		case a["type"] == "radio" || a["type"] == "checkbox":
			if strings.HasSuffix(attrs, " checked") {
				out[a["name"]] = a["value"]
			}
		default:
			out[a["name"]] = a["value"]
		}
	}
	return out
}

// codesOn gives the codes on a page: first the digits, then the words.
func codesOn(page string) (out []string) {
	for _, m := range digitsOf.FindAllStringSubmatch(page, -1) {
		out = append(out, strings.Join(strings.Fields(html.UnescapeString(tagsOf.ReplaceAllString(m[1], " "))), " "))
	}
	return out
}

func codeOn(page string) string {
	if c := codesOn(page); len(c) > 0 {
		return c[0]
	}
	return ""
}

// flat turns fields into the list that send takes.
func flat(m map[string]string, more ...string) []string {
	var out []string
	for name, v := range m {
		if !slices.Contains(more, name) {
			out = append(out, name, v)
		}
	}
	return append(out, more...)
}
