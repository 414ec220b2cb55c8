package office

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"homeward/work/advisory"
	"homeward/work/casework"
	"homeward/work/desk"
	"homeward/work/disclosure"
	"homeward/work/intake"
	"homeward/work/retention"
)

// casesToo gives the rooms their cases.
func casesToo(c *Config) {
	d := c.Desk.(*desk.Desk)
	c.Cases = &casework.Casework{Store: d.Store, Ledger: d.Ledger, Book: casework.Default(), Now: c.Now, Log: c.Log}
	c.Age = &retention.Retention{Store: d.Store, Ledger: d.Ledger, Now: c.Now}
	c.Telling = &disclosure.Disclosure{Store: d.Store, Ledger: d.Ledger, Cases: c.Cases, Now: c.Now, Log: c.Log}
	c.Warnings = &advisory.Advisories{Store: d.Store, Ledger: d.Ledger, Desk: d, Cases: c.Cases, Now: c.Now, Log: c.Log}
}

var hidden = regexp.MustCompile(`name="(n|seen|report|of|person)" value="([^"]*)"`)

// carried gives the hidden fields of the form on a page that posts to an address.
func carried(t *testing.T, page, action string) (out []string) {
	t.Helper()
	i := strings.Index(page, `action="`+action+`"`)
	if i < 0 {
		t.Fatalf("no form for %s on\n%s", action, page)
	}
	form, _, _ := strings.Cut(page[i:], "</form>")
	for _, m := range hidden.FindAllStringSubmatch(form, -1) {
		out = append(out, m[1], html.UnescapeString(m[2]))
	}
	return out
}

// TestACaseInTheBrowser: a report becomes a case, a person is told about in two steps
// by two members, with forms alone.
func TestACaseInTheBrowser(t *testing.T) {
	r := newRooms(t, nil)
	r.tell(intake.Report{Kind: "held", Relation: "self", Text: "invented words of a mother"})
	a := r.signIn()
	report := regexp.MustCompile(`/desk/r/([A-Z0-9]+)`).FindStringSubmatch(a.page(200, "GET", "/desk"))[1]
	page := a.page(200, "GET", "/desk/cases/new?report="+report)
	if !strings.Contains(page, `value="in contact" selected`) {
		t.Error("who wrote that they are held is proposed as missing")
	}
	to := a.ask("POST", "/desk/cases/new", append(carried(t, page, "/desk/cases/new"), "called", "the son", "origin", "TW", "stage", "missing")...)
	if to.Code != http.StatusSeeOther {
		t.Fatalf("opening: %d\n%s", to.Code, to.Body)
	}
	at := to.Header().Get("Location")
	page = a.page(200, "GET", at)
	for _, want := range []string{"the son", "/desk/r/" + report, "Do not call the person&#39;s phone"} {
		if !strings.Contains(page, want) {
			t.Errorf("the case lacks %q", want)
		}
	}
	add := func(kind string, pairs ...string) {
		t.Helper()
		form := carried(t, a.page(200, "GET", at+"/add/"+kind), at+"/add/"+kind)
		if got := a.ask("POST", at+"/add/"+kind, append(append(form, "person", "1", "zone", "Asia/Bangkok"), pairs...)...); got.Code != http.StatusSeeOther {
			t.Errorf("%s: %d\n%s", kind, got.Code, got.Body)
		}
	}
	add("place", "f-place", "Invented Province", "f-accuracy", "district", "f-according", "the mother")
	// Early in the morning there is still the day before in UTC.
	add("contact", "f-at", "2026-05-02 01:00", "f-who", "the person", "f-text", "a line")
	if page := a.page(200, "GET", "/desk/cases"); !strings.Contains(page, "<td>2026-05-02</td>") {
		t.Errorf("the last word is not shown as of the day that was entered:\n%s", page)
	}
	add("identity", "f-name", "測試人甲")
	add("place", "f-place", "Invented Hill", "f-position", "21.45, 101.10", "f-accuracy", "district", "f-according", "a map on her phone")
	if page := a.page(200, "GET", at); !strings.Contains(page, "If it was read off one, the place is 21.45") {
		t.Error("a point that Chinese maps shift is not shown for what it is")
	}
	add("consent", "f-purpose", "rescue", "f-answer", "given", "f-by", "the person", "f-groups", "district", "f-groups", "identity")
	bad := a.page(http.StatusUnprocessableEntity, "POST", at+"/add/contact", "person", "1", "f-at", "2026-02-30", "f-who", "the person", "f-text", "long words that stay")
	if !strings.Contains(bad, "there is no such day") || !strings.Contains(bad, "long words that stay") {
		t.Error("an impossible day loses the words, or is not named")
	}

	page = a.page(200, "GET", at+"/tell")
	tell := regexp.MustCompile(`name="tell" value="([^"]+)"[^>]*> <span>[^<]*<b dir="auto">Invented Province`).FindStringSubmatch(page)
	if tell == nil || strings.Contains(page, `name="tell" value="`+tell[1]+`" checked`) {
		t.Fatalf("the plan does not begin from nothing:\n%s", page)
	}
	form := append(carried(t, page, at+"/tell"), "channel", "tw-mofa", "purpose", "rescue", "stage", "district", "lang", "zh-Hant", "person", "1", "tell", tell[1])
	if page = a.page(200, "POST", at+"/tell", append(form, "do", "look")...); !strings.Contains(page, "No second member is needed") {
		t.Errorf("looking at it:\n%s", page)
	}
	to = a.ask("POST", at+"/tell", append(form, "do", "keep")...)
	plan := to.Header().Get("Location")
	if to.Code != http.StatusSeeOther || !strings.Contains(plan, at+"/t/") {
		t.Fatalf("keeping the plan: %d\n%s", to.Code, to.Body)
	}
	const waits = "Plans to tell somebody that wait"
	if !strings.Contains(a.page(200, "GET", "/desk/day"), waits) {
		t.Error("a plan that waits is not on my day")
	}
	page = a.page(200, "GET", plan)
	copied := a.page(200, "POST", plan+"/copy", carried(t, page, plan+"/copy")...)
	if !strings.Contains(copied, "Invented Province") || strings.Contains(copied, "測試人甲") {
		t.Errorf("the copy:\n%s", copied)
	}
	if strings.Contains(a.page(200, "GET", "/desk/day"), waits) {
		t.Error("a plan whose copy was taken still waits on my day")
	}
	if again := a.page(http.StatusConflict, "POST", plan+"/copy", "n", "another nonce of twenty"); !strings.Contains(again, "taken already") {
		t.Error("a copy is taken twice")
	}
	if a.page(200, "GET", "/desk/channels"); !strings.Contains(a.page(200, "GET", "/desk/channels/kh-117"), "What it demands") {
		t.Error("the channel does not say what it demands")
	}
	for _, p := range []string{"/desk/cases", "/desk/people", "/desk/cases?q=province", "/desk/day", "/desk/cases.csv", at + "/sheet", at + "/n/3", at + "/add/stage?person=1"} {
		if page := a.page(200, "GET", p); strings.Contains(page, "測試人甲") {
			t.Errorf("%s shows the name", p)
		}
	}
	if page := a.page(200, "GET", "/desk/people"); !strings.Contains(page, "the son") || !strings.Contains(page, "Taiwan") {
		t.Errorf("people:\n%s", page)
	}
	if !strings.Contains(a.page(200, "GET", "/desk/cases?q=province"), "Invented Province") {
		t.Error("search finds nothing")
	}
	caseID := strings.TrimPrefix(at, "/desk/c/")
	if page := a.page(http.StatusUnprocessableEntity, "POST", "/desk/holds", "item", caseID, "reason", " ", "do", "hold"); !strings.Contains(page, "write why") {
		t.Error("a hold without a reason is not refused in words")
	}
	a.page(404, "POST", "/desk/holds", "item", "NOSUCH", "reason", "x", "do", "hold")
	if to := a.ask("POST", "/desk/holds", "item", caseID, "reason", "an invented court", "do", "hold"); to.Code != http.StatusSeeOther {
		t.Fatalf("holding: %d", to.Code)
	}
	if page := a.page(200, "GET", "/desk/holds"); !strings.Contains(page, "an invented court") {
		t.Error("the hold is not listed")
	}
	if to := a.ask("POST", "/desk/holds", "item", caseID, "reason", "it is over", "do", "release"); to.Code != http.StatusSeeOther || !strings.Contains(a.page(200, "GET", "/desk/holds"), "Nothing is held.") {
		t.Errorf("the hold does not end: %d", to.Code)
	}
	a.page(404, "GET", "/desk/c/ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	a.page(404, "GET", at+"/n/999")
	a.page(404, "GET", at+"/add/intent")
}
