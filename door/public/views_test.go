package public

import (
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"homeward/form/say"
	"homeward/know/hotline"
	"homeward/know/lure"
	"homeward/work/intake"
)

// TestViews renders each page with a view that holds nothing and one that holds
// everything, in every language.
func TestViews(t *testing.T) {
	pages, err := parsePages()
	if err != nil {
		t.Fatal(err)
	}
	guides, err := loadGuides()
	if err != nil {
		t.Fatal(err)
	}
	d := &door{Config: Config{Packs: fakePacks{}, Numbers: hotline.Default(), Say: say.Default()}, pages: pages, guides: guides}
	for _, tag := range say.Default().Tags() {
		s := Site{Voice: say.Default().In(tag), Chosen: true, At: "/", Name: "check", tags: d.Say.Tags(), book: d.Say}
		again := s
		again.Again = "again"
		full := d.answer(again, lure.Assessment{
			Level: lure.Strong, Kinds: []string{"compound_job", "task_job"}, Languages: []string{"th"}, Packs: "p",
			Findings:   []lure.Finding{{Indicator: "A", Role: lure.Sign, Start: 0, End: 1, Quote: "x"}, {Indicator: "B", Role: lure.Context, Answer: "contract=no"}},
			Counter:    []lure.Finding{{Indicator: "C", Quote: "y"}},
			Missing:    []string{"employer"},
			NotCounted: []lure.NotCounted{{Indicator: "D", Quote: "z", Reason: "warning"}},
			Questions:  []lure.Question{{ID: "contract", Answers: []string{"yes"}}, {ID: "A"}},
		}, "xyz", map[string]string{"contract": "no"}, true)
		numbers := numbersView{Site: again, Picker: d.picker(s, hotline.Ransom, false), Message: "m"}
		numbers.Picker.Home, numbers.Picker.Here = "HK", "KH"
		d.fill(&numbers, true)
		numbers.AskMine = true
		code := intake.CodeFor("a nonce that nobody has")
		behind := intake.Door{Open: true, Operator: intake.Operator{Name: "N", Jurisdiction: "J", Hours: "H"}, Late: true}
		for _, c := range []struct {
			page string
			view any
		}{
			{"home", homeView{Site: s}},
			{"home", homeView{Site: s, Message: "m", Text: "t", Examples: []Example{{"en", "l", "t"}}}},
			{"answer", answerView{Site: s, Level: "unclear"}},
			{"answer", full},
			{"answer", d.answer(again, lure.Assessment{Level: lure.Plea}, "help", nil, false)},
			{"help", helpView{Site: s}},
			{"help", helpView{s, d.picker(s, hotline.There, false)}},
			{"guide", guideView{Site: s, Page: "w1"}},
			{"guide", d.guideView(s, guides.Pages[4], hotline.Ransom)},
			{"numbers", numbersView{Site: s}},
			{"numbers", numbers},
			{"why", whyView{Site: s}},
			{"why", whyView{s, "example.org"}},
			{"about", aboutView{Site: s}},
			{"about", aboutView{s, Operator{"N", "C"}, []reviewed{{s.Voice}}}},
			{"tell", tellView{Site: s}},
			{"tell", toldView(again, 0)},
			{"tell", toldView(again, 1)},
			{"tell", toldView(again, 2)},
			{"tell", toldView(again, 3)},
			{"code", codeView{Site: s}},
			{"code", codeView{again, behind, "n", code.Digits(), code.Words(tag), true, true, "strong", "host.test/b"}},
			{"short", shortView{Site: s}},
			{"short", shortView{again, behind, "m", "t", "w", true, "n", false, nil, ""}},
			{"short", shortView{Site: again, Nonce: "n", Sent: true}},
			{"short", shortView{Site: again, Nonce: "n", Sent: true, Digits: code.Digits()}},
			{"shut", shutView{againView: againView{Site: s}}},
			{"shut", shutView{againView{Site: again, To: "/t", Hidden: []field{{"text", "t"}}}, []string{"t"}}},
			{"again", againView{Site: again, Message: []string{"m"}, Whole: true, To: "/t", Hidden: []field{{"n", "n"}}, Words: field{"text", "t"}, Label: "l", Act: field{"step", "3"}, Button: "b"}},
			{"back", backView{Site: s}},
			{"back", backView{again, "t", true, "w", true, "n", "m", "n"}},
			{"box", boxView{Site: s}},
			{"box", boxView{again, "v", "n", &intake.Answer{Text: "a"}, "d", "m", "t", "x", true, false}},
			{"box", boxView{Site: again, Token: "v", Sure: true}},
			{"talk", talkView{Site: s}},
			{"talk", talkView{Site: s, Text: "t", Danger: true, Nonce: "n", Lines: []talkLine{{intake.Line{Answer: intake.Answer{Text: "x"}, Mine: true}, "d"}, {intake.Line{Answer: intake.Answer{Text: "y"}}, "d"}}}},
			{"deleted", deletedView{Site: s}},
			{"deleted", deletedView{s, "d", "y"}},
			{"error", errorView{Site: s}},
			{"error", errorView{s, "m"}},
		} {
			b, err := pages.render(c.page, c.view)
			if err != nil {
				t.Errorf("%s %s: %v", tag, c.page, err)
				continue
			}
			if i := strings.Index(string(b), "ZgotmplZ"); i >= 0 {
				t.Errorf("%s %s: an unfit value: %s", tag, c.page, b[max(0, i-80):i+20])
			}
			for _, table := range []string{"site", "check", "answer", "kind", "reason", "missing", "error", "number", "guide", "help", "w1", "w5", "tell", "short", "code", "box", "again"} {
				if i := strings.Index(string(b), "["+table+"."); i >= 0 {
					t.Errorf("%s %s: a string is missing: %.40s", tag, c.page, b[i:])
				}
			}
		}
	}
}

// toldView is a page of telling us with everything in it.
func toldView(s Site, step int) tellView {
	r := intake.Report{Kind: "held", Relation: "self", Danger: true, Text: "t", Who: "w", Where: "x", When: "y", Lure: "l", Contact: "c", Safe: "s", Unsafe: "u", First: true, Duress: "d", Consent: "ask"}
	return tellView{
		Site: s, Door: intake.Door{Open: true, Operator: intake.Operator{Name: "N", Jurisdiction: "J", Hours: "H"}, Late: true}, Step: step, Message: "m", Report: r, Held: "me",
		Nonce: "n", Hidden: fieldsIn(r, "me"), Kinds: intake.Kinds, Relations: intake.Relations, Consents: intake.Consents,
	}
}

// TestManyAtOnce asks for everything from several sides, for the race detector.
func TestManyAtOnce(t *testing.T) {
	c := Config{Check: fakeCheck{}, Packs: fakePacks{}, Now: time.Now, Limits: Limits{Burst: 1 << 20, All: 1 << 20}}
	h, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for _, tag := range say.Default().Tags() {
				for _, p := range stillPages {
					h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", p+"?l="+tag, nil))
				}
				r := httptest.NewRequest("POST", "/", strings.NewReader("t=STRONG+free+flight&l="+tag))
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				h.ServeHTTP(httptest.NewRecorder(), r)
			}
		})
	}
	wg.Wait()
}
