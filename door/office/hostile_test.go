package office

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"homeward/keep/store"
	"homeward/work/casework"
	"homeward/work/intake"
)

// TestHostileInput: whatever stands in every field of every form and address, no page
// breaks, nothing of it is markup, nothing leads elsewhere, and no cookie is set by it.
func TestHostileInput(t *testing.T) {
	r := newRooms(t, nil)
	r.tell(intake.Report{Kind: "held", Text: "invented words"})
	m := r.signIn()
	s, err := r.desk.Session(m.cookie.Value)
	if err != nil {
		t.Fatal(err)
	}
	report := strings.TrimPrefix(m.only(), "/desk/r/")
	caseID, plan, safe := r.plantCase(t, s, "planted")
	to := m.ask("POST", "/desk/warnings/new", "lang", "en", "title", "a title", "body", "a body", "n", "a nonce of more than twenty")
	warning := strings.TrimPrefix(to.Header().Get("Location"), "/desk/warnings/")
	if to.Code != http.StatusSeeOther || warning == "" {
		t.Fatalf("a warning: %d\n%s", to.Code, to.Body)
	}
	fields := []string{"from", "show", "header", "sheet", "delimiter", "encoding", "here", "any", "stageword", "countryword", "stage0", "country0", "c0", "c1", "c0-text", "c0-for", "c0-against", "c0-counselday", "c0-level"}
	named := regexp.MustCompile(`name="([a-zA-Z0-9-]+)"`)
	entries, err := files.ReadDir("pages")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		b, err := files.ReadFile("pages/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range named.FindAllStringSubmatch(string(b), -1) {
			fields = append(fields, f[1])
		}
	}
	for _, k := range m.cases().Book.Kinds {
		for _, f := range k.Fields {
			fields = append(fields, "f-"+f.ID)
		}
	}
	slices.Sort(fields)
	fields = slices.Compact(fields)
	if len(fields) < 80 {
		t.Fatalf("only %d fields", len(fields))
	}
	values := []string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, "{{.}}{{template \"layout\"}}", "a\x00b\u202egnp.exe", "99999999999999999999999999", "-9223372036854775808", "9223372036854775807",
		"../../..", "https://evil.invalid/", "//evil.invalid", "x\r\nSet-Cookie: d=stolen\r\n\r\n<b>", "\xff\xfe\xfd", "2026-02-30", "181.5, 91.2", "=HYPERLINK(\"http://evil.invalid\")", "yes", "1",
	}
	ids := map[string][]string{"{n}": {plan, "1", "99999999999999999999"}, "{kind}": {"place", "someone", "consent", "withdrawn", "intent"}, "{step}": {"approve", "copy", "sent", "told", "object", "read", "try", "anyway", "run", "withdraw"}}
	parameter := regexp.MustCompile(`\{[a-z]+\}`)
	asked := 0
	for _, route := range (&office{}).routes() {
		method, pattern, _ := strings.Cut(route.pattern, " ")
		paths := []string{pattern}
		for _, name := range parameter.FindAllString(pattern, -1) {
			these := ids[name]
			switch {
			case these != nil:
			case strings.HasPrefix(pattern, "/desk/r/"):
				these = []string{report}
			case strings.HasPrefix(pattern, "/desk/c/"):
				these = []string{caseID, safe}
			case strings.HasPrefix(pattern, "/desk/places/"):
				these = []string{safe, "held", "safe"}
			case strings.HasPrefix(pattern, "/desk/channels/"):
				these = []string{"tw-mofa", "new"}
			case strings.HasPrefix(pattern, "/desk/warnings/"):
				these = []string{warning}
			default:
				these = []string{s.Member}
			}
			var next []string
			for _, p := range paths {
				at := parameter.FindStringIndex(p)
				for _, id := range these {
					next = append(next, p[:at[0]]+id+p[at[1]:])
				}
			}
			paths = next
		}
		for _, path := range paths {
			if strings.HasSuffix(path, "/leave") || strings.HasSuffix(path, "/roles") {
				continue // what they do to oneself is tested elsewhere
			}
			for _, v := range values {
				var pairs []string
				for _, f := range fields {
					if f != "n" {
						pairs = append(pairs, f, v)
					}
				}
				if v == "1" { // a nonce of somebody, too
					pairs = append(pairs, "n", "a nonce of more than twenty")
				}
				to := path
				if method == http.MethodGet {
					to += "?" + form(pairs)
					pairs = nil
				}
				w := m.ask(method, to, pairs...)
				asked++
				body := w.Body.String()
				if w.Code >= 500 {
					t.Errorf("%s %s with %q: %d\n%.300s", method, path, v, w.Code, body)
				}
				if strings.Contains(body, "<script") || strings.Contains(body, "<img src=x") || strings.Contains(body, "template \"layout\"") {
					t.Errorf("%s %s with %q: it is markup", method, path, v)
				}
				if l := w.Header().Get("Location"); l != "" && l != "/desk" && !strings.HasPrefix(l, "/desk/") {
					t.Errorf("%s %s with %q: leads to %s", method, path, v, l)
				}
				for _, c := range w.Result().Cookies() {
					if c.Name == cookie {
						t.Errorf("%s %s with %q: sets the cookie of a session", method, path, v)
					}
				}
				if strings.Contains(w.Header().Get("Content-Disposition"), "evil") {
					t.Errorf("%s %s with %q: names a file", method, path, v)
				}
			}
		}
	}
	if asked < 1000 {
		t.Errorf("only %d were asked", asked)
	}
	if strings.Contains(r.log.String(), "evil.invalid") {
		t.Error("the log holds what was sent")
	}
	// What was kept of it is shown as words, and taken along as words.
	for _, path := range []string{"/desk/cases", "/desk/places", "/desk/channels", "/desk/warnings", "/desk/c/" + caseID, "/desk/c/" + caseID + "?all", "/desk/members", "/desk/settings"} {
		page := m.page(200, "GET", path)
		if strings.Contains(page, "<script") || strings.Contains(page, "<img src=x") {
			t.Errorf("%s: it is markup", path)
		}
	}
}

// TestLargeFields: a megabyte in any field is kept, or refused with words, at once.
func TestLargeFields(t *testing.T) {
	r := newRooms(t, nil)
	m := r.signIn()
	s, err := r.desk.Session(m.cookie.Value)
	if err != nil {
		t.Fatal(err)
	}
	caseID, plan, safe := r.plantCase(t, s, "planted")
	large := strings.Repeat("界", 300_000/3)
	must := map[string][]string{
		"/desk/places/held":                            {"names", "a place", "country", "", "district", "", "position", "", "room", "", "needs", "", "reach", "", "notes", ""},
		"/desk/places/" + safe:                         {"names", "an inn", "country", "", "revision", "1"},
		"/desk/channels/new":                           {"name", "a channel", "territory", "TW", "kind", "ngo", "reach", "", "demands", "", "prosecutes", "no", "warning", "", "experience", "", "forwards", "no | x | y"},
		"/desk/cases/new":                              {"called", "x", "origin", "TW", "stage", "missing", "report", ""},
		"/desk/cases/join":                             {"case", caseID, "report", "x"},
		"/desk/c/" + caseID + "/members":               {"member", "x", "key", "legal", "do", "add"},
		"/desk/c/" + caseID + "/tell":                  {"channel", "tw-mofa", "purpose", "rescue", "stage", "district", "lang", "en", "without", "", "expect", "", "person", "1", "tell", "3/place"},
		"/desk/c/" + caseID + "/t/" + plan + "/object": {"text", "x"},
		"/desk/c/" + caseID + "/add/place":             {"f-place", "x", "f-accuracy", "town", "f-according", "x", "f-position", "", "f-since", "", "f-text", ""},
		"/desk/c/" + caseID + "/add/someone":           {"f-called", "x", "f-origin", "TW", "f-destination", "", "f-left", "", "f-minor", "no", "f-speaks", ""},
		"/desk/warnings/new":                           {"lang", "en", "title", "x", "body", "x", "call", "", "author", "", "risk", "", "territories", "TW", "allowed", "", "c0-text", "x", "c0-who", "", "c0-for", ""},
	}
	for path, pairs := range must {
		for i := 0; i < len(pairs); i += 2 {
			send := slices.Clone(pairs)
			send[i+1] = large
			if strings.HasSuffix(path, "/tell") {
				send = append(send, "do", "keep")
			}
			if w := m.ask("POST", path, send...); w.Code >= 500 || w.Code == http.StatusSeeOther || w.Code == http.StatusOK {
				t.Errorf("%s, %s: %d %s", path, pairs[i], w.Code, w.Header().Get("Location"))
			}
		}
	}
}

func form(pairs []string) string {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v.Encode()
}

func (r *rooms) cases() *casework.Casework {
	c := Config{Desk: r.desk}
	casesToo(&c)
	return c.Cases
}

// TestAlteredIsSaid: a case whose lines are not those that were written is not shown, and
// the page says what has happened.
func TestAlteredIsSaid(t *testing.T) {
	r := newRooms(t, nil)
	m := r.signIn()
	s, err := r.desk.Session(m.cookie.Value)
	if err != nil {
		t.Fatal(err)
	}
	id, _, _ := r.plantCase(t, s, "planted")
	if err := r.desk.Store.Write(t.Context(), func(tx *store.Tx) error {
		rows, err := tx.Entries(id)
		if err != nil {
			return err
		}
		e := rows[len(rows)-1]
		e.N, e.Once = e.N+1, []byte("once more")
		_, _, err = tx.AddEntry(e)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/desk/c/" + id, "/desk/c/" + id + "/sheet", "/desk/c/" + id + "/tell"} {
		if page := m.page(500, "GET", path); !strings.Contains(page, "somebody has changed the database") || strings.Contains(page, "planted") {
			t.Errorf("%s:\n%.600s", path, page)
		}
	}
}
