package office

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"homeward/work/casework"
	"homeward/work/desk"
)

// enrolled adds a member with these roles and signs them in.
func (r *rooms) enrolled(first *member, name string, roles ...string) *member {
	r.t.Helper()
	s, err := r.desk.Session(first.cookie.Value)
	if err != nil {
		r.t.Fatal(err)
	}
	m, _, _ := r.hire(r.t.(*testing.T), s, name, roles...)
	return m
}

var revisionField = regexp.MustCompile(`name="revision" value="(\d+)"`)

// TestAWarningInTheBrowser: written, refused for what it holds and for its wording,
// searched, released by two, corrected; with forms alone.
func TestAWarningInTheBrowser(t *testing.T) {
	r := newRooms(t, casesToo)
	a := r.signIn()
	b := r.enrolled(a, "grey wren", desk.Caseworker)
	auditor := r.enrolled(a, "still owl", desk.Auditor)
	page := a.page(200, "GET", "/desk/cases/new")
	at := a.ask("POST", "/desk/cases/new", append(carried(t, page, "/desk/cases/new"), "called", "the son", "origin", "TW", "stage", "missing")...).Header().Get("Location")
	form := carried(t, a.page(200, "GET", at+"/add/identity"), at+"/add/identity")
	if got := a.ask("POST", at+"/add/identity", append(form, "person", "1", "f-name", "Testman Invented")...); got.Code != http.StatusSeeOther {
		t.Fatalf("%d\n%s", got.Code, got.Body)
	}

	const sentence = "A former worker says that passports are taken."
	fields := func(extra ...string) []string {
		return append([]string{
			"lang", "en", "title", "Behind a fence", "body", sentence + " Ask Testman Invented.", "author", "Example Desk", "risk", "nobody is named", "territories", "tw, KH",
			"c0-text", sentence, "c0-level", "says", "c0-who", "a former worker", "c0-for", "https://example.invalid/1 | a former worker | testimony | B2", "c0-wrong", "a passport given back",
		}, extra...)
	}
	empty := a.page(200, "GET", "/desk/warnings/new")
	new := carried(t, empty, "/desk/warnings/new")
	bad := a.page(http.StatusUnprocessableEntity, "POST", "/desk/warnings/new", append(new, fields("c1-text", "second words", "c1-for", "no columns")...)...)
	for _, want := range []string{"Not kept.", "second words", "no columns", sentence, "tw, KH"} {
		if !strings.Contains(bad, want) {
			t.Errorf("after a mistake %q is gone", want)
		}
	}
	to := a.ask("POST", "/desk/warnings/new", append(new, fields()...)...)
	path := to.Header().Get("Location")
	if to.Code != http.StatusSeeOther || !strings.HasPrefix(path, "/desk/warnings/") {
		t.Fatalf("%d\n%s", to.Code, to.Body)
	}
	page = a.page(200, "GET", path)
	for _, want := range []string{"Nothing speaks against its wording.", "allegation", "Ask Testman Invented", "Approved by nobody yet."} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q", want)
		}
	}
	revision := func(m *member) []string {
		return []string{"revision", revisionField.FindStringSubmatch(m.page(200, "GET", path))[1]}
	}
	if page = a.page(200, "POST", path+"/scan"); !strings.Contains(page, "<b>Testman Invented</b>") || !strings.Contains(page, ">the son</a>") {
		t.Errorf("the search does not show what and where:\n%s", page)
	}
	if page = a.page(http.StatusConflict, "POST", path+"/release", revision(a)...); !strings.Contains(page, "Take it out of the text.") {
		t.Errorf("released with a name in it:\n%s", page)
	}
	// The colleague, who is not on the case, sees that it was refused and not why.
	page = b.page(200, "GET", path)
	if !strings.Contains(page, "Something in a case you cannot open.") || strings.Contains(page, "the son") {
		t.Errorf("a colleague sees:\n%s", page)
	}
	save := func(m *member, status int, extra ...string) string {
		t.Helper()
		w := m.ask("POST", path, append(revision(m), extra...)...)
		if w.Code != status {
			t.Fatalf("%d\n%s", w.Code, w.Body)
		}
		return w.Body.String()
	}
	// Two who change it at once: neither's words are lost.
	old := revision(a)
	clean := fields()
	clean[5] = sentence
	save(b, http.StatusSeeOther, append(clean, "c0-level", "fact")...)
	if page = a.page(http.StatusConflict, "POST", path, append(old, fields("call", "my own words")...)...); !strings.Contains(page, "my own words") || !strings.Contains(page, "a colleague changed it") {
		t.Error("a conflict loses words, or does not say so")
	}
	clean[15] = "fact"
	save(a, http.StatusSeeOther, clean...)
	if page = a.page(http.StatusConflict, "POST", path+"/release", revision(a)...); !strings.Contains(page, "One source cannot be stated as fact") {
		t.Errorf("one source, stated as fact:\n%s", page)
	}
	clean[15] = "says"
	save(a, http.StatusSeeOther, clean...)
	if page = a.page(200, "POST", path+"/release", revision(a)...); !strings.Contains(page, "A second member must release it.") {
		t.Error("one member alone is not told that a second is needed")
	}
	if page = a.page(200, "POST", path+"/release", revision(a)...); strings.Contains(page, "It is out.") {
		t.Error("one member releases twice")
	}
	if page = b.page(200, "POST", path+"/release", revision(b)...); !strings.Contains(page, "It is out.") {
		t.Fatalf("two members:\n%s", page)
	}
	page = a.page(200, "GET", path)
	if strings.Contains(page, path+"/release") || !strings.Contains(page, `href="/w/`+strings.TrimPrefix(path, "/desk/warnings/")+`"`) {
		t.Error("what is out is offered for release, or there is no way to see it")
	}
	if got := a.ask("POST", path+"/correct", append(revision(a), "kind", "correction", "notice", "It was not the first evening.")...); got.Code != http.StatusSeeOther {
		t.Errorf("correcting: %d\n%s", got.Code, got.Body)
	}
	if page = a.page(http.StatusUnprocessableEntity, "POST", path+"/correct", append(revision(a), "kind", "correction", "notice", " ")...); !strings.Contains(page, "must be filled in") {
		t.Errorf("an empty correction is taken:\n%.3000s", page)
	}
	a.page(200, "POST", path+"/release", revision(a)...)
	if page = b.page(200, "POST", path+"/release", revision(b)...); !strings.Contains(page, "It is out.") {
		t.Errorf("the correction:\n%s", page)
	}
	if page = a.page(200, "GET", "/desk/warnings"); !strings.Contains(page, "Behind a fence") {
		t.Error("the list lacks it")
	}
	a.page(404, "GET", "/desk/warnings/000000000000")
	a.page(404, "POST", "/desk/warnings/000000000000/release")
	auditor.page(403, "GET", path)
	auditor.page(403, "POST", path+"/release")
}

// TestCountsInTheBrowser: what is withheld is said to be, in the page and in the CSV.
func TestCountsInTheBrowser(t *testing.T) {
	r := newRooms(t, casesToo)
	a := r.signIn()
	auditor := r.enrolled(a, "still owl", desk.Auditor)
	s, err := r.desk.Session(a.cookie.Value)
	if err != nil {
		t.Fatal(err)
	}
	cases := &casework.Casework{Store: r.desk.Store, Ledger: r.desk.Ledger, Book: casework.Default(), Now: r.desk.Now, Log: r.desk.Log}
	for i := range 23 {
		origin := "TW"
		if i > 19 {
			origin = "HK"
		}
		if _, err := cases.Open(t.Context(), s, casework.New{Nonce: casework.Nonce(), Called: "=1+1", Origin: origin}); err != nil {
			t.Fatal(err)
		}
	}
	page := html.UnescapeString(a.page(200, "GET", "/desk/counts"))
	for _, want := range []string{"<b>23</b>", "still held or missing</td><td>23</td>", "withheld", "Hong Kong", "not known", "<svg"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q", want)
		}
	}
	if strings.Contains(page, "<td>20</td>") || strings.Contains(page, "<td>3</td>") {
		t.Error("what is withheld can be read or reckoned")
	}
	table := a.page(200, "GET", "/desk/counts.csv")
	if !strings.Contains(table, "all together,,23\r\n") || !strings.Contains(table, "Where they are from,Hong Kong,withheld\r\n") || strings.Contains(table, "=1+1") {
		t.Errorf("CSV:\n%s", table)
	}
	if page := auditor.page(200, "GET", "/desk/counts"); !strings.Contains(page, "You are on no case") || !strings.Contains(page, "23 cases that you cannot open") {
		t.Error("an auditor is not told why there is nothing")
	}
}
