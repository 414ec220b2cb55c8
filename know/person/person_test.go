package person

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"homeward/know/name"
)

func TestReadDate(t *testing.T) {
	for _, c := range []struct {
		in, want string // the readings, plainest first
	}{
		{"1998-03-05", "1998-03-05"},
		{"1998/3/5", "1998-03-05"},
		{"19980305", "1998-03-05"},
		{"1998", "1998"},
		{"1998-03", "1998-03"},
		{"5/3/1998", "1998-03-05 1998-05-03"},
		{"31/3/1998", "1998-03-31"},
		{"5 March 1998", "1998-03-05"},
		{"Mar 5, 1998", "1998-03-05"},
		{"民國87年3月5日", "1998-03-05"},
		{"民國87", "1998"},
		{"87/3/5", "1987-03-05 2087-03-05 1998-03-05"},
		{"087-03-05", "1998-03-05"},
		{"0870305", "1998-03-05"},
		{"5/3/2541", "1998-03-05 1998-05-03"},
		{"พ.ศ. 2541", "1998"},
		{"๕ มีนาคม ๒๕๔๑", "1998-03-05"},
		{"１９９８年３月５日", "1998-03-05"},
		{"1823-01-02", "1823-01-02"},
		{"2823-01-02", ""},
		{"1998-13-40", "1998"},
		{"about twenty", ""},
		{"34", ""},
		{"34 yrs", ""},
		{"34歲", ""},
		{"三十四歲", ""},
		{"age 34", ""},
		{"34 ปี", ""},
		{"๓๔ ปี", ""},
		{"9", ""},
		{"民國34", "1945"},
		{"87年", "1987 2087 1998"},
		{"民國八十年三月七日", "1991-03-07"},
		{"民國一百零五年十二月三十一日", "2016-12-31"},
		{"中華民國八十七年", "1998"},
		{"一九九一年三月七日", "1991-03-07"},
		{"二〇〇一年十月廿三日", "2001-10-23"},
		{"一九九一", "1991"},
		{"1991年3月17日星期一", "1991-03-17"},
		{"平成3年3月7日", "1991-03-07"},
		{"平成三年三月七日", "1991-03-07"},
		{"昭和63年", "1988"},
		{"令和元年", "2019"},
		{"33351", "1991-04-23"},
		{"33351.0", "1991-04-23"},
		{"36526", "2000-01-01"},
		{"47001", ""},
		{"", ""},
		{strings.Repeat("1", 500), ""},
	} {
		dates, note := ReadDate(c.in)
		var got []string
		for _, d := range dates {
			got = append(got, d.text())
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: %s, want %s", c.in, s, c.want)
		}
		if len(dates) == 0 && note == "" && c.in != "" {
			t.Errorf("%s: %d readings, note %q", c.in, len(dates), note)
		}
	}
	for in, want := range map[string]string{"1823-01-02": "hardly a living person", "34歲": "an age, not a date", "34": "an age, not a date"} {
		if _, note := ReadDate(in); !strings.Contains(note, want) {
			t.Errorf("%s: note %q", in, note)
		}
	}
	if dates, _ := ReadDate("33351"); dates[0].Cost == 0 || dates[0].How != "a spreadsheet's day number" {
		t.Errorf("33351: %+v", dates)
	}
}

func rec(n, birth string) Record { return Record{Name: n, BirthDate: birth} }

// A field more that agrees raises the bits, one that disagrees lowers them, one
// that is missing changes nothing.
func TestFields(t *testing.T) {
	m := Default()
	base := Record{Name: "林曉峰", BirthDate: "1998-03-05", Sex: "m", Nationality: "Malaysia", Phone: "+60 10 000 0222", Document: "A1234567", Place: "Ipoh"}
	for _, c := range []struct {
		field string
		set   func(*Record)
		says  string
		sign  int
	}{
		{"birth", func(r *Record) {}, "the same day", 1},
		{"birth", func(r *Record) { r.BirthDate = "民國87年3月5日" }, "民國87 = 1998", 1},
		{"birth", func(r *Record) { r.BirthDate = "2541-03-05" }, "2541 = 1998", 1},
		{"birth", func(r *Record) { r.BirthDate = "1998-05-03" }, "", 1},
		{"birth", func(r *Record) { r.BirthDate = "1998-03-06" }, "one digit off", 1},
		{"birth", func(r *Record) { r.BirthDate = "1998" }, "the same year", 1},
		{"birth", func(r *Record) { r.BirthDate = "1998-01-01" }, "the same year; 1 January often stands for an unknown day", 1},
		{"birth", func(r *Record) { r.BirthDate = "35859" }, "a spreadsheet's day number, the same day", 1},
		{"birth", func(r *Record) { r.BirthDate = "1979-11-21" }, "ten years or more", -1},
		{"sex", func(r *Record) { r.Sex = "女" }, "another", -1},
		{"sex", func(r *Record) { r.Sex = "男" }, "the same", 1},
		{"nationality", func(r *Record) { r.Nationality = "马来西亚" }, "the same", 1},
		{"nationality", func(r *Record) { r.Nationality = "Kenya" }, "another", -1},
		{"phone", func(r *Record) { r.Phone = "010-000 0222" }, "the same", 1},
		{"phone", func(r *Record) { r.Phone = "010-000 0223" }, "one digit off", 1},
		{"document", func(r *Record) { r.Document = "a 123-4567" }, "the same number", 1},
		{"document", func(r *Record) { r.Document = "A1234576" }, "one character off", 1},
		{"document", func(r *Record) { r.Document = "A123457" }, "one character off", 1},
		{"document", func(r *Record) { r.Document = "A7654321" }, "another number of the same kind", -1},
		{"place", func(r *Record) { r.Place = "IPOH, Perak" }, "ipoh", 1},
		{"place", func(r *Record) { r.Place = "Manila" }, "nothing in common", -1},
	} {
		other := base
		c.set(&other)
		v := m.Compare(Read(base), Read(other))
		i := slices.IndexFunc(v.Factors, func(f Factor) bool { return f.Field == c.field })
		if i < 0 {
			t.Errorf("%s: not compared: %+v", c.field, v.Factors)
			continue
		}
		f := v.Factors[i]
		if !strings.Contains(f.Says, c.says) || f.Bits*float64(c.sign) <= 0 {
			t.Errorf("%s, %q: %+.1f %q", c.field, c.says, f.Bits, f.Says)
		}
		sum := 0.
		for _, f := range v.Factors {
			sum += f.Bits
		}
		if math.Abs(sum-v.Bits) > .01 {
			t.Errorf("%s: the factors add up to %.3f, not %.3f", c.field, sum, v.Bits)
		}
	}
	full, bare := m.Compare(Read(base), Read(rec("Lam Hiu Fung", ""))), m.Compare(Read(rec("林曉峰", "")), Read(rec("Lam Hiu Fung", "")))
	if full.Bits != bare.Bits {
		t.Errorf("missing fields change %.1f to %.1f", bare.Bits, full.Bits)
	}
}

func TestVerdicts(t *testing.T) {
	m := Default()
	for _, c := range []struct {
		a, b Record
		want Kind
	}{
		{rec("林曉峰", "1998-03-05"), rec("Lam Hiu Fung", "5/3/1998"), IsSame},
		{rec("林曉峰", "民國87"), rec("LIN, HSIAO-FENG", "1998"), IsSame},
		{rec("林曉峰", ""), rec("Lam Hiu Fung", ""), IsPossible},
		{rec("林曉峰", "1998-03-05"), rec("Lam Hiu Fung", "1971-10-20"), IsPossible},
		{rec("林曉峰", ""), rec("林晓丰", ""), IsPossible},
		{rec("林曉峰", "1998"), rec("林晓丰", "1998"), IsPossible}, // homophones: a year is not enough
		{rec("林曉峰", "1998-03-05"), rec("陳大文", "1971-10-20"), IsDifferent},
		{rec("", "1998-03-05"), rec("", "1998-03-05"), IsPossible},
		{rec("", ""), rec("", ""), IsDifferent},
		{Record{Name: "林曉峰", Document: "E1234567"}, Record{Name: "阿峰", Document: "E1234567"}, IsSame},
		{Record{Name: "林曉峰", Phone: "0912345678"}, Record{Name: "Ah Fung (Lam)", Phone: "+886 912 345 678"}, IsSame},
		{Record{Name: "Ah Fung", OtherNames: "林曉峰; Peter"}, Record{Name: "Lam Hiu Fung"}, IsPossible},
	} {
		v := m.Compare(Read(c.a), Read(c.b))
		if v.Kind != c.want {
			t.Errorf("%+v, %+v: %s, want %s (%.1f: %s)", c.a, c.b, v.Kind, c.want, v.Bits, v.Why())
		}
		if bits, kind := m.Score(Read(c.a), Read(c.b)); bits != v.Bits || kind != v.Kind {
			t.Errorf("%+v: Score %v %s, Compare %v %s", c.a, bits, kind, v.Bits, v.Kind)
		}
		if v.Names == "" || v.Weights == "" {
			t.Error("a verdict without its versions")
		}
	}
}

// Twins share all but their given names: somebody must look, whatever the rest
// says.
func TestNamesDisagree(t *testing.T) {
	m := Default()
	twin := func(n string) Record {
		return Record{Name: n, BirthDate: "1998-03-05", Sex: "m", Phone: "0900000111", Document: "Z7000111", Place: "Testville"}
	}
	for _, c := range []struct {
		a, b     string
		want     Kind
		disagree bool
	}{
		{"林曉峰", "林志明", IsPossible, true},
		{"林曉峰", "Lam Chi Ming", IsPossible, true},
		{"林曉峰", "陳大文", IsPossible, true},
		{"林曉峰", "Lam Hiu Fung", IsSame, false},
		{"林曉峰", "阿峰", IsSame, false},
		{"林曉峰", "", IsSame, false},
		{"林曉峰", "不詳", IsSame, false},
		{"", "", IsSame, false},
	} {
		a, b := Read(twin(c.a)), Read(twin(c.b))
		v := m.Compare(a, b)
		if v.Bits < m.Weights.Same || v.Kind != c.want {
			t.Errorf("%s, %s: %s with %.1f bits, want %s", c.a, c.b, v.Kind, v.Bits, c.want)
		}
		if bits, kind := m.Score(a, b); bits != v.Bits || kind != v.Kind {
			t.Errorf("%s, %s: Score %v %s, Compare %v %s", c.a, c.b, bits, kind, v.Bits, v.Kind)
		}
		if said := slices.Equal(v.Would, []string{"the names disagree: somebody must look"}); said != c.disagree {
			t.Errorf("%s, %s: would %q", c.a, c.b, v.Would)
		}
	}
}

// A bad field is said and not counted, and costs no more than a good one.
func TestBadFields(t *testing.T) {
	long := strings.Repeat("黃", 10000)
	v := Default().Compare(Read(Record{Name: long, OtherNames: strings.Repeat("x;", 5000), BirthDate: "2823-01-01", Sex: long, Nationality: long, Phone: long, Document: strings.Repeat("9", 10000), Place: long}), Read(rec("Lucky Star Co Ltd", "1823-01-01")))
	all := strings.Join(v.NotCounted, "\n")
	for _, want := range []string{"first 200 characters", "nobody is born in 2823", "born in 1823", "a company", "field place"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not said in %q", want, all)
		}
	}
}

// What fills a field without saying anything is no fact, even where two records
// share it.
func TestFillers(t *testing.T) {
	for _, c := range []struct {
		field string
		set   func(*Record, string)
		in    []string
		note  string
	}{
		{"document", func(r *Record, s string) { r.Document = s }, []string{"unknown", "pending", "confiscated", "no passport", "applying", "taken by boss", "passport", "Thai ID", "護照", "XXXXXXXX", "00000000", "A0000000", "12345678", "1234567890", "A123456789", "lost in 2019", "n/a", "?"}, "the document is no number"},
		{"phone", func(r *Record, s string) { r.Phone = s }, []string{"00000000", "0000000000", "11111111", "1234567890", "0123456789", "000-000-0000"}, "the phone is a row of digits"},
		{"place", func(r *Record, s string) { r.Place = s }, []string{"unknown", "Unknown", "不詳", "不明", "n/a", "N/A", "?", "???", "-", "unknown; 不詳"}, ""},
		{"nationality", func(r *Record, s string) { r.Nationality = s }, []string{"unknown", "不詳", "n/a", "?"}, ""},
		{"name", func(r *Record, s string) { r.Name = s }, []string{"不詳", "不详", "無名氏", "未知", "Unknown", "UNKNOWN MALE", "Unknown Female 3", "unknown (female)", "John Doe", "Jane Doe #2", "N/A", "?", "ไม่ทราบชื่อ"}, "stands for an unknown one"},
	} {
		for _, in := range c.in {
			r := Record{BirthDate: "1998-03-05"}
			c.set(&r, in)
			v := Default().Compare(Read(r), Read(r))
			if slices.ContainsFunc(v.Factors, func(f Factor) bool { return f.Field == c.field }) {
				t.Errorf("%s %q counts: %+v", c.field, in, v.Factors)
			}
			if !strings.Contains(strings.Join(v.NotCounted, "\n"), c.note) {
				t.Errorf("%s %q: %q is not said in %q", c.field, in, c.note, v.NotCounted)
			}
		}
	}
	for _, n := range []string{"Man", "Boy", "Na", "Nil", "Male, Testa", "Noname Testa", "無名小", "林不詳", "John Doey"} {
		if p := Read(rec(n, "")); len(p.names) != 1 {
			t.Errorf("%s is no name: %q", n, p.Notes)
		}
	}
}

func TestDocuments(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"K03345678", "K03345678"},
		{"k 03345678", "K03345678"},
		{"a 123-4567", "A1234567"},
		{"Passport K03345678", "K03345678"},
		{"K03345678 (exp 2029)", "K03345678"},
		{"K03345678 (2029)", "K03345678"},
		{"exp 12.03.2029 K03345678", "K03345678"},
		{"護照 K03345678", "K03345678"},
		{"護照K03345678號", "K03345678"},
		{"Passport No. K 0334 5678", "K03345678"},
		{"1 2345 67890 12 3", "1234567890123"},
		{"Thai ID 1-2345-67890-12-3", "1234567890123"},
		{"950812-07-5123", "950812075123"},
		{"A700456(7)", "A7004567"},
		{"๑๒๓๔๐๙", "123409"},
		{"K03345678; Thai ID 1 2345 67890 12 3 / pending", "K03345678 1234567890123"},
		{"K03345678, K03345679", "K03345678 K03345679"},
		{"A12", ""},
		{"ABCDEFGH1", ""},
	} {
		p := Read(Record{Document: c.in})
		if got := strings.Join(p.documents, " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.in, got, c.want)
		}
		if said := slices.Contains(p.Notes, "the document is no number: it was not counted"); said != (c.want == "") {
			t.Errorf("%s: notes %q", c.in, p.Notes)
		}
	}
}

// A number is the same however its country or the zero before it is written.
func TestPhones(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want level
	}{
		{"+855 12 000 678", "012000678", phoneSame},
		{"00855 12 000 678", "012000678", phoneSame},
		{"85512000678", "12000678", phoneSame},
		{"+855 92 000 678", "012000678", phoneSlip},
		{"+855 77 000 678", "012000678", phoneOther},
		{"+886 912 000 333", "0912000333", phoneSame},
		{"+886 2 2000 0333", "02-2000-0333", phoneSame},
		{"+66 81 000 0333", "081 000 0333", phoneSame},
		{"+95 9 000 000 333", "09000000333", phoneSame},
		{"+95 9 510 0033", "09 510 0033", phoneSame},
		{"+60 12 000 0333", "012-000 0333", phoneSame},
		{"+44 (0)20 0000 0333", "020 0000 0333", phoneSame},
		{"200 0333", "0200 0333", phoneSame},
		{"0912000333", "0912000334", phoneSlip},
	} {
		a, b := Read(Record{Phone: c.a}), Read(Record{Phone: c.b})
		if got := comparePhone(a, b); got.level != c.want {
			t.Errorf("%s, %s: %s, want %s", c.a, c.b, got.level.key(), c.want.key())
		}
		if c.want == phoneSame && !slices.ContainsFunc(a.Keys(), func(k Key) bool { return k.Road == ByPhone && slices.Contains(b.Keys(), k) }) {
			t.Errorf("%s, %s: the index does not bring them together", c.a, c.b)
		}
	}
}

// The name of a country says little of where in it somebody is.
func TestPlaces(t *testing.T) {
	for _, c := range []struct {
		a, b        string
		least, most float64
	}{
		{"Cambodia", "cambodia", 0, 1},
		{"柬埔寨", "柬埔寨", 0, 1},
		{"泰國", "泰國", 0, 1},
		{"緬甸", "緬甸", 0, 1},
		{"Laos", "LAOS", 0, 1},
		{"寮國", "寮國", 0, 1},
		{"South Korea", "South Korea", 0, 1},
		{"Testville, Cambodia", "Parkton, Cambodia", -2, 1},
		{"Testville, Cambodia", "Testville, Cambodia", 6, 10},
		{"Testville", "Testville, Cambodia", 5, 10},
		{"unknown, Testville", "Testville", 5, 10},
	} {
		a, b := Read(Record{Place: c.a}), Read(Record{Place: c.b})
		if got := Default().comparePlace(a, b).bits; got < c.least || got > c.most {
			t.Errorf("%s, %s: %.1f bits, want %g to %g", c.a, c.b, got, c.least, c.most)
		}
	}
}

func anyRecord(t *rapid.T, label string) Record {
	some := func(field string, of ...string) string {
		return rapid.OneOf(rapid.SampledFrom(append(of, "")), rapid.String()).Draw(t, label+field)
	}
	return Record{
		ID: some("id", "1", "2"), Name: some("name", "林曉峰", "Lam Hiu Fung", "陳大文", "Ahmad bin Salleh"), OtherNames: some("other", "Ah Fung", "林晓丰; Peter"),
		BirthDate: some("birth", "1998-03-05", "民國87", "87/3/5", "5/3/2541"), Sex: some("sex", "m", "女"), Nationality: some("nation", "MY", "China; Taiwan"),
		Phone: some("phone", "+60100000222", "010-000 0222"), Document: some("document", "A1234567", "A1234576"), Place: some("place", "Ipoh, Perak", "怡保"),
	}
}

func TestPromises(t *testing.T) {
	m := Default()
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyRecord(t, "a"), anyRecord(t, "b")
		v, turned := m.Compare(Read(a), Read(b)), m.Compare(Read(b), Read(a))
		v.NotCounted, turned.NotCounted = nil, nil
		if !reflect.DeepEqual(v, turned) {
			t.Fatalf("%+v\nturned %+v", v, turned)
		}
		if math.IsNaN(v.Bits) || math.IsInf(v.Bits, 0) || math.Abs(v.Bits) > 150 {
			t.Fatalf("%v bits", v.Bits)
		}
		if bits, kind := m.Score(Read(a), Read(b)); bits != v.Bits || kind != v.Kind {
			t.Fatalf("Score %v %s, Compare %v %s", bits, kind, v.Bits, v.Kind)
		}
	})
}

func TestJudgements(t *testing.T) {
	at := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	list := []Judgement{{A: "1", B: "2", Answer: Same, Author: "x", At: at}, {A: "2", B: "3", Answer: Same, Author: "x", At: at}, {A: "2", B: "1", Answer: Different, Author: "y", Reason: "twins", At: at.Add(time.Hour)}}
	if j, ok := Standing(list, "1", "2"); !ok || j.Answer != Different || j.Author != "y" {
		t.Errorf("1 and 2: %+v", j)
	}
	if _, ok := Standing(list, "1", "3"); ok {
		t.Error("a judgement was carried over to 1 and 3")
	}
}

// Judgements move the weights towards what they show, and few move them little.
func TestEstimate(t *testing.T) {
	w := DefaultWeights()
	phone := func(n int) []Judged { // a desk where even one person has many phones
		var out []Judged
		for range n {
			out = append(out, Judged{Read(Record{Name: "林曉峰", Phone: "0100000222"}), Read(Record{Name: "林曉峰", Phone: "0190000333"}), Same})
			out = append(out, Judged{Read(Record{Name: "林曉峰", Phone: "0100000222"}), Read(Record{Name: "陳大文", Phone: "0100000222"}), Different})
		}
		return out
	}
	few, many := w.Estimate(phone(1), "few"), w.Estimate(phone(2000), "many")
	if !(w.bits[phoneSame] > few.bits[phoneSame] && few.bits[phoneSame] > many.bits[phoneSame]) {
		t.Errorf("the same phone: shipped %.1f, few %.1f, many %.1f", w.bits[phoneSame], few.bits[phoneSame], many.bits[phoneSame])
	}
	if many.bits[sexSame] != w.bits[sexSame] || many.Version != "many" {
		t.Error("a field that no pair had changed its weight")
	}
	unsure := phone(50)
	for i := range unsure {
		unsure[i].Answer = Unsure
	}
	if got := w.Estimate(unsure, w.Version); !reflect.DeepEqual(got, w) {
		t.Error("judgements of unsure moved the weights")
	}
}

// Each road alone finds a record, whatever else is wrong.
func TestRoads(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	ix := NewIndex()
	for i := range 3000 {
		n := name.Invent(r.Float64)
		if _, err := ix.Add(Record{ID: fmt.Sprint(i), Name: n.Han, BirthDate: fmt.Sprintf("%d-%02d-%02d", 1960+r.IntN(45), 1+r.IntN(12), 1+r.IntN(28)), Phone: fmt.Sprintf("09%08d", r.IntN(1e8)), Document: fmt.Sprintf("Z%09d", r.IntN(1e9))}); err != nil {
			t.Fatal(err)
		}
	}
	want := Record{ID: "it", Name: "林曉峰", OtherNames: "Jonathan Smithers", BirthDate: "1991-06-05", Phone: "+886 912 000 333", Document: "K7788990011"}
	row, err := ix.Add(want)
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := ix.Record(row); !ok || got != want {
		t.Fatalf("kept as %+v", got)
	}
	for _, c := range []struct {
		road string
		asks Record
	}{
		{"name", rec("Lam Hiu-fung", "")},
		{"characters", rec("林晓峯", "")},
		{"words", rec("Smithers, Jonathon", "")},
		{"word and year", rec("Smithers", "1991")},
		{"birth", rec("Zzz", "5/6/1991")},
		{"birth, swapped", rec("", "1991-05-06")},
		{"phone", Record{Phone: "0912000333"}},
		{"document", Record{Document: "K7788990012"}},
		{"document, its end", Record{Document: "X7788990011"}},
	} {
		found := ix.Candidates(Read(c.asks), DefaultBudget())
		if !slices.ContainsFunc(found.Candidates, func(x Candidate) bool { return x.Row == row }) {
			t.Errorf("by %s: not among %d candidates", c.road, len(found.Candidates))
		}
		if len(found.Candidates) > DefaultBudget().Candidates {
			t.Errorf("by %s: %d candidates", c.road, len(found.Candidates))
		}
	}
	hits, _ := ix.Match(ix.Model(DefaultWeights()), Read(rec("Lam Hiu-fung", "1991-06-05")), DefaultBudget(), 5)
	if len(hits) == 0 || hits[0].Row != row || hits[0].Verdict.Kind == IsDifferent {
		t.Errorf("match: %+v", hits)
	}
}

// What a search did not look through is said, and small buckets come first.
func TestCutIsSaid(t *testing.T) {
	ix := NewIndex()
	for i := range 500 {
		if _, err := ix.Add(Record{ID: fmt.Sprint(i), Name: "林曉峰", Phone: fmt.Sprintf("0912%06d", i)}); err != nil {
			t.Fatal(err)
		}
	}
	row, _ := ix.Add(Record{ID: "it", Name: "林曉峰", Phone: "0999888777"})
	found := ix.Candidates(Read(Record{Name: "林曉峰", Phone: "0999888777"}), Budget{Postings: 20, Candidates: 10})
	if len(found.Candidates) == 0 || found.Candidates[0].Row != row {
		t.Errorf("the phone did not come first: %+v", found.Candidates)
	}
	read, size := 0, 0
	for _, c := range found.Cut {
		read, size = read+c.Read, size+c.Size
	}
	if len(found.Cut) == 0 || size-read < 400 || found.Seen > 20 {
		t.Errorf("cut %+v, seen %d", found.Cut, found.Seen)
	}
}

// Searches and additions may run beside each other, and nothing is lost.
func TestBeside(t *testing.T) {
	ix := NewIndex()
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(uint64(w), 1))
			for i := range 300 {
				n := name.Invent(r.Float64)
				p := Read(Record{ID: fmt.Sprintf("%d-%d", w, i), Name: n.Han, Phone: fmt.Sprintf("%d%07d", w+1, i)})
				if _, err := ix.AddPerson(p); err != nil {
					t.Error(err)
				}
				ix.Candidates(p, DefaultBudget())
			}
		})
	}
	wg.Wait()
	if ix.Len() != 1200 {
		t.Fatalf("%d records", ix.Len())
	}
	for w := range 4 {
		for i := range 300 {
			found := ix.Candidates(Read(Record{Phone: fmt.Sprintf("%d%07d", w+1, i)}), DefaultBudget())
			if len(found.Candidates) == 0 {
				t.Fatalf("%d-%d is lost", w, i)
			}
		}
	}
}

func FuzzReadDate(f *testing.F) {
	for _, s := range []string{"1998-03-05", "民國87年3月5日", "民國八十年三月七日", "令和元年", "33351", "34歲", "5/3/2541", "๕ มีนาคม ๒๕๔๑", "99999999999999999999", "-1", "0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		dates, _ := ReadDate(s)
		for _, d := range dates {
			if !valid(d.Year, d.Month, d.Day) || d.Cost < 0 {
				t.Fatalf("%q: %+v", s, d)
			}
		}
	})
}

func FuzzCompare(f *testing.F) {
	f.Add("林曉峰", "民國87", "+60100000222", "A1234567", "Ipoh")
	f.Add("", "\xff", "0", "", "\x1f\x1e")
	f.Fuzz(func(t *testing.T, n, birth, phone, document, place string) {
		r := Record{ID: n, Name: n, OtherNames: place, BirthDate: birth, Sex: phone, Nationality: place, Phone: phone, Document: document, Place: place}
		v := Default().Compare(Read(r), Read(Record{Name: "林曉峰", BirthDate: "1998-03-05"}))
		if math.IsNaN(v.Bits) || math.IsInf(v.Bits, 0) {
			t.Fatal(v.Bits)
		}
		ix := NewIndex()
		if _, err := ix.Add(r); err != nil {
			t.Fatal(err)
		}
		if _, ok := ix.Record(0); !ok {
			t.Fatal("a record was not kept")
		}
		ix.Match(ix.Model(DefaultWeights()), Read(r), DefaultBudget(), 3)
	})
}

// Estimated weights can be kept and read again; what is wrong in a file is said.
func TestWeightsKept(t *testing.T) {
	w := DefaultWeights().Estimate([]Judged{{Read(Record{Name: "林曉峰", Phone: "0100000222"}), Read(Record{Name: "Lam", Phone: "0100000222"}), Same}}, "desk-7")
	b, err := json.Marshal(w)
	if err != nil {
		t.Fatal(err)
	}
	var got Weights
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	for l := birthSame; l < levels; l++ {
		if math.Abs(got.bits[l]-w.bits[l]) > .001 {
			t.Errorf("%s: %.4f, was %.4f", l.key(), got.bits[l], w.bits[l])
		}
	}
	if got.Version != "desk-7" || got.Same != w.Same || got.Possible != w.Possible {
		t.Errorf("read as %+v", got)
	}
	for in, want := range map[string]string{
		`{"bits":{"birth: whenever":1}}`:       "no level",
		`{"bits":{"birth: the same day":1e9}}`: "more than any",
		`{"same":1,"possible":2}`:              "more than those of same",
		`{"bits":7}`:                           "no weights",
	} {
		if err := json.Unmarshal([]byte(in), &got); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", in, err, want)
		}
	}
	keys := map[string]bool{}
	for l := birthSame; l < levels; l++ {
		if keys[l.key()] || levelInfo[l].field == "" {
			t.Errorf("level %d has the key %q", l, l.key())
		}
		keys[l.key()] = true
	}
}

// A date says how it was read where that is not plain, and what it cannot say is not
// held against anybody.
func TestSaysOnlyWhatItKnows(t *testing.T) {
	for _, c := range []struct {
		a, b  Record
		field string
		bits  float64 // at most
		says  string
	}{
		{Record{BirthDate: "民國85年4月7日"}, Record{BirthDate: "1996-07-04"}, "birth", 10, "day and month changed places"},
		{Record{BirthDate: "民國85年4月7日"}, Record{BirthDate: "04/07/1996"}, "birth", 14, "taken as month and day"},
		{Record{BirthDate: "1992/2/31"}, Record{BirthDate: "1992"}, "birth", 6, "the same year"},
		{Record{Nationality: "อินเดีย"}, Record{Nationality: "India"}, "nationality", 2, "the same"},
		{Record{Nationality: "Atlantis"}, Record{Nationality: "India"}, "nationality", 0, ""},
		{Record{Place: "妙瓦底"}, Record{Place: "Myawaddy"}, "place", 0, ""},
		{Record{Place: "Bavet"}, Record{Place: "Myawaddy"}, "place", 0, "nothing in common"},
	} {
		c.a.Name, c.b.Name = "Testa Madeup", "Testa Madeup"
		got := Factor{}
		for _, f := range Default().Compare(Read(c.a), Read(c.b)).Factors {
			if f.Field == c.field {
				got = f
			}
		}
		if got.Bits > c.bits || c.says == "" != (got.Says == "") || !strings.Contains(got.Says, c.says) {
			t.Errorf("%+v, %+v: %+v", c.a, c.b, got)
		}
	}
	if p := Read(Record{Name: "Testa Madeup", BirthDate: "1992/2/31"}); len(p.Notes) != 1 || !strings.Contains(p.Notes[0], "no such day") {
		t.Errorf("31 February: %q", p.Notes)
	}
}
