package casework

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pelletier/go-toml/v2"

	"homeward/form/exchange"
	"homeward/know/hotline"
)

func TestListDate(t *testing.T) {
	for _, c := range []struct{ in, order, want, why string }{
		{"2026-05-06", "", "2026-05-06", ""},
		{"2026/5/6 13:45", "dmy", "2026/5/6 13:45", ""},
		{"5/6/2026", "", "", "order"},
		{"5/6/2026", "dmy", "2026-6-5", ""},
		{"5/6/2026 9:30", "mdy", "2026-5-6 9:30", ""},
		{"31/12/2026", "", "2026-12-31", ""},
		{"12.31.2026", "", "2026-12-31", ""},
		{"31/31/2026", "", "", "date"},
		{"５/６/２０２６", "dmy", "2026-6-5", ""},
		{"๕/๖/๒๕๖๙", "dmy", "2569-6-5", ""},
		{"115/5/6", "roc", "民國115-5-6", ""},
		{"115/5/6", "", "", "order"},
		{"5/6/26", "dmy", "", "date"},
		{"民國87年3月5日", "", "民國87年3月5日", ""},
		{"about May", "", "about May", ""},
	} {
		if got, why := listDate(c.in, c.order); got != c.want || why != c.why {
			t.Errorf("%s as %q: %q %q, want %q %q", c.in, c.order, got, why, c.want, c.why)
		}
	}
}

func sheet(t *testing.T, list string) (exchange.Sheet, Choices) {
	t.Helper()
	s, err := exchange.Read([]byte(list), exchange.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s, guess(s)
}

func TestGuessOrder(t *testing.T) {
	for list, want := range map[string]struct {
		order string
		ask   bool
	}{
		"name,last contact\nA,5/6/2026\nB,31/6/2026\n":  {"dmy", false},
		"name,last contact\nA,5/6/2026\nB,5/31/2026\n":  {"mdy", false},
		"name,last contact\nA,5/6/2026\n":               {"", true},
		"name,last contact\nA,31/6/2026\nB,5/31/2026\n": {"", false},
		"name,last contact\nA,115/5/6\n":                {"roc", false},
		"name,last contact\nA,2026-05-06\n":             {"", false},
	} {
		s, ch := sheet(t, list)
		if order, ask := GuessOrder(s, ch.Mapping); order != want.order || ask != want.ask {
			t.Errorf("%q: %q %v", list, order, ask)
		}
	}
}

// TestCalled: a list's own number of somebody is what they are called, unless it could
// say who they are.
func TestCalled(t *testing.T) {
	s, ch := sheet(t, "id,name,phone,passport\nA-1,測試人甲,,\n,測試人乙,,\n測試人丙,測試人丙,,\n7 測試人丁,測試人丁,,\nInvented,Somebody,,\n0900000001,Somebody,,\nX12345,Somebody,,X12345\n")
	p := Default().draft(s, "hash", ch, known{}, time.Unix(1_777_000_000, 0))
	for i, want := range []string{"A-1", "row 3", "row 4", "row 5", "row 6", "row 7", "row 8"} {
		if got := p.Rows[i].Called; got != want {
			t.Errorf("%v is called %q, want %q", s.Rows[i], got, want)
		}
	}
	if r := p.Rows[2]; len(r.Remarks) != 1 || r.Remarks[0].Why != "called" {
		t.Errorf("it is not said that a number was not used: %+v", r.Remarks)
	}
}

func TestMarks(t *testing.T) {
	base := map[string]string{"name": "Invented Ping-An", "phone": "+000 (111) 2222", "document": "x-0000001"}
	for _, c := range []struct {
		other map[string]string
		want  string
	}{
		{map[string]string{"name": "INVENTED PINGAN"}, "name"},
		{map[string]string{"other_names": "Else; Ｉｎｖｅｎｔｅｄ Ping An"}, "name"},
		{map[string]string{"phone": "@handle; 000-111-2222"}, ""},
		{map[string]string{"phone": "+0001112222"}, "phone"},
		{map[string]string{"phone": "+000 1112223"}, ""},
		{map[string]string{"document": "X0000001"}, "document"},
		{map[string]string{"name": "Invented"}, ""},
		{map[string]string{"family": "+000 (111) 2222"}, ""},
	} {
		got := ""
		for _, m := range marksOf(c.other) {
			if slices.Contains(marksOf(base), m) {
				got += m.what
			}
		}
		if got != c.want {
			t.Errorf("%v: %q, want %q", c.other, got, c.want)
		}
	}
}

func TestMinorFromList(t *testing.T) {
	now := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	for _, c := range [][3]string{
		{"2008-05-04", "", "no"},
		{"2008-05-05", "", "yes"},
		{"2008", "", "not known"},
		{"2007", "", "no"},
		{"民國87年3月5日", "", "no"},
		{"", "17", "yes"},
		{"", "18", "no"},
		{"", "25 歲", "no"},
		{"", "young", ""},
		{"", "", ""},
		{"2026-02-30", "", ""},
	} {
		s, ch := sheet(t, "name,birth date,age\nInvented,"+c[0]+","+c[1]+"\n")
		p := Default().draft(s, "hash", ch, known{}, now)
		if got := p.Rows[0].Lines[0].F["minor"]; got != c[2] {
			t.Errorf("born %q, aged %q: %q, want %q", c[0], c[1], got, c[2])
		}
	}
}

// TestCrowdedLists: everybody with everybody's telephone costs no more than it must, and
// a case that is alike is never lost among rows that are.
func TestCrowdedLists(t *testing.T) {
	var list strings.Builder
	list.WriteString("name,phone,phone 2,phone 3,phone 4,phone 5,phone 6,phone 7\n")
	for n := range 6 { // each shares one number with the last row
		fmt.Fprintf(&list, "Invented,000000%d\n", n)
	}
	for range 1000 {
		list.WriteString("Invented," + strings.Repeat("0000000/", 3000) + "\n")
	}
	list.WriteString("Last Person,0000000,0000001,0000002,0000003,0000004,0000005,7777777\n")
	s, ch := sheet(t, list.String())
	among := known{by: map[string][]string{"phone:7777777": {"THECASE"}}, rows: map[origin]string{}, titles: map[string]string{}}
	for n := range 5000 {
		among.by["name:invented"] = append(among.by["name:invented"], fmt.Sprint(n))
	}
	began := time.Now()
	p := Default().draft(s, "hash", ch, among, time.Unix(1_777_000_000, 0))
	if took := time.Since(began); took > 2*time.Minute {
		t.Errorf("it took %v", took)
	}
	last := p.Rows[len(p.Rows)-1]
	if last.Out != OutAlike || last.Likes[0].Case != "THECASE" || len(last.Likes) > mostLikes {
		t.Errorf("the case that is there: %+v", last)
	}
	if r := p.Rows[0]; r.Out != OutAlike || len(r.Likes) != mostLikes {
		t.Errorf("%d likes", len(r.Likes))
	}
}

// TestEverythingHasAPlace: what stands in a column that is taken stands in a line
// afterwards, or is said not to.
func TestEverythingHasAPlace(t *testing.T) {
	s, ch := sheet(t, "id,name,other names,birth date,sex,nationality,phone,email,telegram,passport,place,country,address,departure date,last contact,report date,status,family,family phone,recruiter,ransom,source,notes\n"+
		"A-1,Invented One,IO,1998-03-05,F,Taiwan,+000 1,a@example.invalid,@io,X0000001,Example Garden,Cambodia,1 Example Road,2026-01-02,2026-03-04,2026-03-05,rescued,the mother,+000 2,a friend,3000 USDT,an officer,seen in a picture\n")
	for _, c := range ch.Mapping.Columns {
		if c.Field == "" {
			t.Fatalf("%q is not known", c.Header)
		}
	}
	p := Default().draft(s, "hash", ch, known{}, time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC))
	r := p.Rows[0]
	if len(r.Remarks) > 0 || r.Out != "" {
		t.Errorf("%+v", r.Remarks)
	}
	st := Fold(numberedLines(r.Lines))
	who := st.People[0]
	for got, want := range map[string]string{
		who.Called: "A-1", who.Origin: "TW", who.Destination: "KH", who.Left: "2026-01-02", who.Stage: "out", who.Place.F["place"]: "Example Garden",
		who.Contact.F["at"]: "2026-03-04", st.Demands[0].F["amount"]: "3000 USDT", who.Identity["name"]: "Invented One", who.Identity["other_names"]: "IO",
		who.Identity["birth"]: "1998-03-05", who.Identity["sex"]: "F", who.Identity["document"]: "X0000001", who.Identity["phone"]: "+000 1; @io; a@example.invalid",
		who.Identity["family"]: "the mother; +000 2; 1 Example Road", who.Place.F["according"]: "an officer",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	last := r.Lines[len(r.Lines)-1]
	if last.Kind != "document" || last.F["at"] != "2026-03-05" || last.F["hash"] != "hash" {
		t.Errorf("where it is from: %+v", last)
	}
	if i := slices.IndexFunc(r.Lines, func(e Entry) bool { return e.Kind == "statement" }); i < 0 || r.Lines[i].F["text"] != "recruiter: a friend\nnotes: seen in a picture" {
		t.Errorf("the notes: %+v", r.Lines)
	}
}

// numberedLines are lines as a case would hold them.
func numberedLines(lines []Entry) []Entry {
	for i := range lines {
		lines[i].N = int64(i + 1)
	}
	return lines
}

func TestListWords(t *testing.T) {
	var b wordBook
	if err := toml.Unmarshal(listwordsTOML, &b); err != nil {
		t.Fatal(err)
	}
	for i, group := range []map[string][]string{b.Stage, b.Country} {
		seen := map[string]string{}
		for id, names := range group {
			if i == 0 && !slices.Contains(stages, id) {
				t.Errorf("there is no stage %q", id)
			}
			if i == 1 && !slices.ContainsFunc(hotline.Default().Countries(), func(c hotline.Country) bool { return c.Code == id }) {
				t.Errorf("there is no country %q", id)
			}
			for _, n := range names {
				if was, ok := seen[wordKey(n)]; ok {
					t.Errorf("%q stands under %s and %s", n, was, id)
				}
				seen[wordKey(n)] = id
			}
		}
	}
	for word, want := range map[string]string{"台灣": "TW", "Taiwanese": "TW", "VIỆT NAM": "VN", "tw": "TW", "无": ""} {
		if got := readWords().country[wordKey(word)]; got != want {
			t.Errorf("%s is %q, want %q", word, got, want)
		}
	}
}
