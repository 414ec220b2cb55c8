package public

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"homeward/form/say"
	"homeward/work/advisory"
)

// board is a desk's warnings, or a desk that does not answer.
type board struct {
	all   []advisory.Warning
	err   error
	asked int
}

func (b *board) Public(context.Context) ([]advisory.Warning, error) {
	b.asked++
	return b.all, b.err
}

func invented() advisory.Warning {
	return advisory.Warning{
		ID: "0123456789ab", Revision: 1, First: 20577, Changed: 20577, Lang: "zh-Hant", Title: "圍牆後面的工作", Body: "一位做過的人說，第一天晚上護照就被收走了。\n<b>先不要出發。</b>", Call: "先給別人看。",
		Author: "測試筆名", Territories: []string{"TW", "KH"},
		Claims: []advisory.Sure{
			{Text: "一位做過的人說，第一天晚上護照就被收走了。", Level: advisory.Says, State: advisory.Allegation, Ungraded: true},
			{Text: "second", Level: advisory.Fact, State: advisory.Disputed, Single: true, TakenBack: true, Context: "its context"},
			{Text: "third", Level: advisory.Fact, State: advisory.Established},
			{Text: "fourth", Level: advisory.Several, State: advisory.Corroborated},
		},
	}
}

func warnedSite(t testing.TB, b *board) (*site, *time.Time) {
	now := time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)
	return newSite(t, func(c *Config) {
		c.Warnings = b
		c.Now = func() time.Time { return now }
	}), &now
}

func TestWarnings(t *testing.T) {
	b := &board{}
	s, now := warnedSite(t, b)
	if page := s.get("/", "en").Body.String(); strings.Contains(page, `"/w"`) {
		t.Error("the first page leads to warnings where there are none")
	}
	if w := s.get("/w", "en"); w.Code != 200 || !strings.Contains(w.Body.String(), said(t, "warn.none")) {
		t.Errorf("/w without one: %d", w.Code)
	}
	b.all = []advisory.Warning{invented()}
	*now = now.Add(warnedFor)
	for _, tag := range say.Default().Tags() {
		v := say.Default().In(tag)
		if page := s.get("/?l="+tag, "").Body.String(); !strings.Contains(page, `href="/w?l=`+tag+`"`) {
			t.Errorf("%s: the first page does not lead to it", tag)
		}
		if page := s.get("/w?l="+tag, "").Body.String(); !strings.Contains(page, `href="/w/0123456789ab?l=`+tag+`"`) || !strings.Contains(page, "圍牆後面的工作") {
			t.Errorf("%s: the list does not lead to it", tag)
		}
		w := s.get("/w/0123456789ab?l="+tag, "")
		page := w.Body.String()
		noScript(t, tag, page)
		want := []string{
			`<h1 lang="zh-Hant" dir="auto">圍牆後面的工作</h1>`, "&lt;b&gt;先不要出發。&lt;/b&gt;", "測試筆名", v.Say("warn.says"), v.Say("warn.several"), v.Say("warn.fact"),
			v.Say("warn.single"), v.Say("warn.ungraded"), v.Say("warn.disputed"), v.Say("warn.taken_back"), v.Say("site.title"),
		}
		for _, x := range want {
			if !strings.Contains(strings.ReplaceAll(page, "&#39;", "'"), x) {
				t.Errorf("%s: no %q", tag, x)
			}
		}
		if strings.Count(page, v.Say("warn.fact")) != 1 {
			t.Errorf("%s: what rests on one source is said to rest on more", tag)
		}
		if title, _, _ := strings.Cut(page, "</title>"); strings.Contains(title, "圍牆") {
			t.Errorf("%s: the title tells what is read", tag)
		}
		if strings.Contains(page, "[warn.") || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %q", tag, w.Header().Get("Cache-Control"))
		}
	}
	for _, p := range []string{"/w/0123456789ac", "/w/7", "/w/", "/w/0123456789ab/x"} {
		if w := s.get(p, "en"); w.Code != 404 {
			t.Errorf("%s: %d", p, w.Code)
		}
	}
	if b.asked != 2 {
		t.Errorf("the store was asked %d times", b.asked)
	}
	// Corrected, withdrawn, taken away.
	one := invented()
	one.Notices = []advisory.Notice{{Kind: advisory.Correction, Text: "那天晚上不是第一天。", Day: 20579}, {Kind: advisory.Withdrawn, Text: "不是這樣。", Day: 20580}}
	one.Withdrawn, one.Changed, one.Revision = true, 20580, 3
	b.all = []advisory.Warning{one}
	*now = now.Add(warnedFor)
	page := s.get("/w/0123456789ab", "en").Body.String()
	if at, text := strings.Index(page, "不是這樣。"), strings.Index(page, "護照"); at < 0 || text < at || !strings.Contains(page, said(t, "warn.withdrawn")) {
		t.Error("a correction does not stand above the text")
	}
	one.Gone, one.Title, one.Body, one.Call, one.Author, one.Claims, one.Territories = true, "", "", "", "", nil, nil
	b.all = []advisory.Warning{one}
	*now = now.Add(warnedFor)
	if page := s.get("/w/0123456789ab", "en").Body.String(); !strings.Contains(page, said(t, "warn.gone")) || strings.Contains(page, "<h1") {
		t.Error("what was taken away is there")
	}
	// A store that does not answer takes nothing away that was there.
	b.err = errors.New("invented: no answer")
	*now = now.Add(warnedFor)
	if w := s.get("/w/0123456789ab", "en"); w.Code != 200 {
		t.Errorf("the store does not answer: %d", w.Code)
	}
}

func TestFeed(t *testing.T) {
	b := &board{all: []advisory.Warning{invented()}}
	s, now := warnedSite(t, b)
	w := s.get("/w.atom", "en")
	if w.Code != 200 || w.Header().Get("Content-Type") != "application/atom+xml; charset=utf-8" || w.Header().Get("Cache-Control") != "public, max-age=900" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	var f struct {
		XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
		ID      string   `xml:"id"`
		Entry   []struct {
			ID      string `xml:"id"`
			Title   string `xml:"title"`
			Updated string `xml:"updated"`
			Content string `xml:"content"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal(w.Body.Bytes(), &f); err != nil || len(f.Entry) != 1 || f.Entry[0].Title != "圍牆後面的工作" || !strings.Contains(f.Entry[0].Content, "先給別人看。") {
		t.Fatalf("%v\n%s", err, w.Body)
	}
	if strings.Contains(w.Body.String(), "http://") && strings.Count(w.Body.String(), "http://") != 1 || strings.Contains(w.Body.String(), "https://") {
		t.Error("the feed leads somewhere else")
	}
	tag := w.Header().Get("ETag")
	again := func() int {
		r := httptest.NewRequest("GET", "/w.atom", nil)
		r.Header.Set("If-None-Match", `"other", W/`+tag)
		r.Header.Set("Accept-Language", "en")
		return s.do(r).Code
	}
	if got := again(); got != 304 {
		t.Errorf("unchanged: %d", got)
	}
	id, at := f.Entry[0].ID, f.Entry[0].Updated
	one := invented()
	one.Revision, one.Notices = 2, []advisory.Notice{{Kind: advisory.Correction, Text: "不是第一天。"}}
	b.all = []advisory.Warning{one}
	*now = now.Add(warnedFor)
	if got := again(); got != 200 {
		t.Errorf("corrected: %d", got)
	}
	if err := xml.Unmarshal(s.get("/w.atom", "en").Body.Bytes(), &f); err != nil || f.Entry[len(f.Entry)-1].ID != id || f.Entry[len(f.Entry)-1].Updated <= at || !strings.Contains(f.Entry[len(f.Entry)-1].Content, "不是第一天。") {
		t.Errorf("corrected on the same day, it is another entry or no newer: %+v", f)
	}
	if w := newSite(t, nil).get("/w.atom", "en"); w.Code != 404 {
		t.Errorf("without a desk: %d", w.Code)
	}
}

// TestWarningBytes: the longest warning that is taken, in characters that pack badly,
// comes over in one piece; so does the list of fifty.
func TestWarningBytes(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	han := func(n int) string {
		// As unevenly used as in real texts: few characters make up most of it.
		out := make([]rune, n)
		for i := range out {
			out[i] = rune(0x4e00 + int(r.ExpFloat64()*250)%2000)
		}
		return string(out)
	}
	one := invented()
	one.Body, one.Call = han(4000), han(600)
	one.Claims = nil
	for i := range 12 {
		one.Claims = append(one.Claims, advisory.Sure{Text: string([]rune(one.Body)[i*300 : i*300+80]), Level: advisory.Says})
	}
	b := &board{}
	for i := range 60 {
		x := one
		x.ID, x.Title = fmt.Sprintf("0123456789%02x", i), han(20)
		b.all = append(b.all, x)
	}
	s, _ := warnedSite(t, b)
	for _, tag := range say.Default().Tags() {
		for _, p := range []string{"/w", "/w/012345678900", "/"} {
			q := httptest.NewRequest("GET", p+"?l="+tag, nil)
			q.Header.Set("Accept-Encoding", "gzip")
			w := s.do(q)
			t.Logf("%-8s %-16s %5d", tag, p, w.Body.Len())
			if w.Code != 200 || w.Body.Len() > 14<<10 {
				t.Errorf("%s in %s: %d, %d bytes compressed", p, tag, w.Code, w.Body.Len())
			}
		}
	}
}
