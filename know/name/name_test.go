package name

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"pgregory.net/rapid"
)

// All names here are made up.
func TestCompare(t *testing.T) {
	for _, c := range []struct {
		a, b    string
		least   float64 // bits
		most    float64
		reading string // part of it
	}{
		{"林曉峰", "Lin Xiaofeng", 15, 60, "Pinyin: 林 Lin, 曉 Xiao, 峰 Feng"},
		{"林曉峰", "Xiaofeng Lin", 15, 60, "Pinyin"},
		{"林晓峯", "LIN, HSIAO-FENG", 15, 60, "Wade-Giles: 林 Lin, 晓 Hsiao, 峯 Feng"},
		{"林曉峰", "Lin, Shiao-Feng", 12, 60, "Wade-Giles"},
		{"林曉峰", "Lin Siao-fong", 10, 60, "Tongyong"},
		{"林曉峰", "Lam Hiu Fung", 15, 60, "Cantonese: 林 Lam, 曉 Hiu, 峰 Fung"},
		{"林曉峰", "Peter LAM Hiu-fung", 15, 60, "Cantonese"},
		{"黃美玲", "Ooi Bee Leng", 12, 60, "Hokkien: 黃 Ooi, 美 Bee, 玲 Leng"},
		{"陳文福", "Tan Boon Hock", 12, 60, "Hokkien"},
		{"黃志強", "Wong Chi Keung", 12, 60, "Cantonese"},
		{"黃志強", "Bong Chi Khiong", 5, 60, "Hakka"},
		{"郭志強", "Kuok Chi Keong", 10, 60, "Macau"},
		{"金明秀", "Kim Myung-soo", 8, 60, "Korean"},
		{"김명수", "Kim Myung-soo", 8, 60, "Korean"},
		{"阮文明", "Nguyễn Văn Minh", 12, 60, "Vietnamese: 阮 Nguyen, 文 Van, 明 Minh"},
		{"陳德明", "Tan Deming", 8, 60, "given name"},
		{"歐陽小明", "Au Yeung Siu Ming", 15, 60, "歐陽 Auyeung"},
		{"司徒小明", "Szeto Siu-ming", 15, 60, "司徒 Szeto"},
		{"陳林小明", "CHAN LAM Siu-ming", 12, 60, "Cantonese"},
		{"黃小明", "Wong Siu Ming", 12, 60, "Cantonese: 黃 Wong, 小 Siu, 明 Ming"},
		{"黃小明", "Ah Ming (Huang)", 6, 60, "黃 Huang, 明 Ming"},
		{"黃小明", "HWANG SHIAO-MING", 12, 60, "Wade-Giles"},
		{"黃小明", "Hwang Siu", -20, 6, ""},
		{"黃小明", "Wong Siu Man", -20, 6, ""},
		{"黃小明", "Chan Siu Ming", -20, 6, ""},
		{"黃小明", "John Smith", -20, 0, ""},
		{"黄小明", "黃小明", 15, 60, "the same characters"},
		{"張峯", "张峰", 10, 60, "the same characters"},
		{"阿明", "黃小明", 0, 12, "share a part"},
		{"黃小明", "黃大偉", -20, 0, ""},
		{"Wong Siu Ming", "Huang Xiaoming", 10, 60, "one Chinese name"},
		{"Ah Ming (Huang)", "Wong Siu Ming", 3, 60, "Huang/Wong, Ming"},
		{"Wong Siu Ming", "Wong Siu Man", -20, 6, ""},
		{"Lim Bee Leng", "Lin Meiling", 8, 60, "one Chinese name"},
		{"Ahmad bin Salleh", "Ahmad Salleh", 10, 60, "Ahmad, Salleh"},
		{"Siti Aminah binti Osman", "Siti Aminah", 10, 60, "Siti, Aminah"},
		{"Raju a/l Krishnan", "Raju Krishnan", 10, 60, "Raju, Krishnan"},
		{"U Thet Naing Win", "Thet Naing Win", 10, 60, "Thet, Naing, Win"},
		{"Trần Thị Hoa", "Tran Thi Hoa", 12, 60, "Tran"},
		{"Maria Clara Santos", "Maria C. Santos", 8, 60, "initial"},
		{"Juan dela Cruz", "Juan de la Cruz", 8, 60, "Juan"},
		{"รัตนา สุขใจ", "Rattana Sukjai", 5, 60, "near"},
		{"सीता कुमारी", "Sita Kumari", 8, 60, "Kumari"},
		{"Иван Петров", "Ivan Petrov", 10, 60, "Ivan, Petrov"},
		{"Jonathan Smithers", "Jonathon Smithers", 8, 60, "near"},
		{"Jonathan Smithers", "Harriet Bloggs", -20, 0, ""},
		{"Muhammad Testwan", "Mohd Testwan", 8, 60, "Muhammad, Testwan"},
		{"Muhammad Testwan", "Muhammad Samplan", -20, 2, "Muhammad"},
		{"Siti Aminah binti Omar", "Siti Aminah binti Umar", 8, 60, "Omar"},
		{"Siti Aminah binti Omar", "Siti Aminah binti Hamzah", -20, 6, "Siti, Aminah; another father or mother"},
		{"Siti Aminah", "Siti Aminah binti Hamzah", 6, 60, "Siti, Aminah"},
		{"Ma. Luz Sampleno", "Maria Luz Sampleno", 8, 60, "Maria"},
		{"Rahman bin Samplan", "Samplan bin Rahman", -20, 0, "another father or mother"},
		{"Testwan bin Samplan", "Testwan binti Samplan", -20, 12, "one is a man's name and one a woman's"},
		{"Juan Sampleno Jr.", "Juan Sampleno Sr.", -20, 12, "Jr and Sr"},
		{"Kyaw Zin Latt", "Kyaw Zin Tun", -20, 8, "Kyaw, Zin"},
		{"Ni Made Ayu Lestari", "Ni Made Ayu Kartini", -20, 12, "Made, Ayu"},
		{"Nguyễn Văn Hùng", "Nguyễn Văn Hưng", -20, 18, "marks differ"},
		{"Nguyễn Văn Hùng", "Nguyen Van Hung", 12, 60, "Nguyen"},
		{"Nguyen T. Hoa", "Nguyễn Thị Hoa", 12, 60, "Thi"},
		{"Soekarman", "Sukarman", 6, 60, "near"},
		{"남궁보라", "Namgung Bora", 8, 60, "Korean"},
		{"黃玉蘭", "黄玉兰", 20, 60, "same characters"},
		{"阿玲", "Chen Mei-ling", 1, 6, "nickname that fits"},
		{"阿玲", "Chen Mei-hui", -4, 0, "nickname that is not heard"},
		{"阿强", "阿强", 0, 4, "same characters"},
		{"Rajesh Sampla", "Rakesh Sampla", -20, 10, "Sampla"},
		{"Mohd. Testwan", "มูฮัมหมัด เทสวัน", 3, 60, "near"},
	} {
		m := Compare(Read(c.a), Read(c.b), nil)
		if m.Bits < c.least || m.Bits > c.most {
			t.Errorf("%s, %s: %.1f bits, want %g to %g (%s)", c.a, c.b, m.Bits, c.least, c.most, m.Reading)
		}
		if !strings.Contains(m.Reading+"; "+strings.Join(m.Why, "; "), c.reading) {
			t.Errorf("%s, %s: read as %q %q, want %q", c.a, c.b, m.Reading, m.Why, c.reading)
		}
	}
}

// Characters that only sound alike are told from those that are the same.
func TestSound(t *testing.T) {
	for _, c := range []struct {
		a, b  string
		sound bool
	}{
		{"林曉峰", "林晓丰", true},
		{"林曉峰", "林晓峯", false},
		{"林曉峰", "林大偉", false},
		{"林曉峰", "Lam Hiu Fung", false},
	} {
		if m := Compare(Read(c.a), Read(c.b), nil); m.Sound != c.sound {
			t.Errorf("%s, %s: sound %v, %s", c.a, c.b, m.Sound, m.Reading)
		}
	}
}

func TestSystems(t *testing.T) {
	first := func(w []spelling) string {
		w = normal(w)
		best := spelling{}
		for _, s := range w {
			if s.share > best.share {
				best = s
			}
		}
		return best.text
	}
	for _, c := range []struct{ system, in, want string }{
		{"wade", "zhong", "chung"},
		{"wade", "xiao", "hsiao"},
		{"wade", "guo", "kuo"},
		{"wade", "jian", "chien"},
		{"wade", "rong", "jung"},
		{"wade", "shi", "shih"},
		{"wade", "yan", "yen"},
		{"wade", "lv", "lu"},
		{"wade", "gui", "kuei"},
		{"wade", "qing", "ching"},
		{"wade", "yuan", "yuan"},
		{"wade", "xue", "hsueh"},
		{"tongyong", "zhong", "jhong"},
		{"tongyong", "xiao", "siao"},
		{"tongyong", "qi", "ci"},
		{"tongyong", "shi", "shih"},
		{"tongyong", "feng", "fong"},
		{"tongyong", "wen", "wun"},
		{"tongyong", "xu", "syu"},
		{"mps2", "zhi", "jr"},
		{"mps2", "xue", "shiue"},
		{"mps2", "quan", "chiuan"},
		{"mps2", "zi", "tz"},
		{"gr", "jiu3", "jeou"},
		{"gr", "sheng4", "shenq"},
		{"gr", "ming2", "ming"},
		{"gr", "xiu4", "shiow"},
		{"hk", "wong", "wong"},
		{"hk", "zoeng", "cheung"},
		{"hk", "gwok", "kwok"},
		{"hk", "jyut", "yuet"},
		{"hk", "saan", "shan"},
		{"hk", "dak", "tak"},
		{"hk", "fu", "fu"},
		{"macau", "wong", "vong"},
		{"macau", "joeng", "ieong"},
		{"macau", "ming", "meng"},
		{"macau", "gwok", "kuok"},
		{"malaya", "fung", "foong"},
		{"malaya", "mei", "mee"},
		{"malaya", "faat", "fatt"},
		{"poj", "bi", "bee"},
		{"poj", "hok", "hock"},
		{"poj", "bun", "boon"},
		{"poj", "sui", "swee"},
		{"poj", "tek", "teck"},
	} {
		var got string
		switch c.system {
		case "wade":
			got = first(wade(c.in))
		case "tongyong":
			got = first(tongyong(c.in))
		case "mps2":
			got = first(mps2(c.in))
		case "gr":
			n := len(c.in) - 1
			got = first(romatzyh(c.in[:n], c.in[n]))
		case "hk":
			got = first(hongKong.spell(c.in))
		case "macau":
			got = first(macau.spell(c.in))
		case "malaya":
			got = first(malaya.spell(c.in))
		case "poj":
			got = first(hokkien(c.in))
		}
		if got != c.want {
			t.Errorf("%s %s: %s, want %s", c.system, c.in, got, c.want)
		}
	}
}

// The tables are what the rest takes them to be.
func TestTables(t *testing.T) {
	tb := load()
	if n := len(readingsTSV) + len(surnamesTSV) + len(givenTSV) + len(hokkienText) + len(hakkaText) + len(westernText); n > 6<<20 {
		t.Errorf("tables of %d bytes, at most 6 MB", n)
	}
	seen := map[string]bool{}
	people := 0.
	for _, f := range lines(surnamesTSV) {
		if seen[f[0]] {
			t.Errorf("surname %s twice", f[0])
		}
		seen[f[0]] = true
		people += number(f[1])
		for _, r := range f[0] {
			if tb.chars[r] == nil {
				t.Errorf("surname %s: %c has no reading", f[0], r)
			}
		}
		for _, field := range f[2:] {
			key, value, ok := strings.Cut(field, ":")
			if !ok || fieldSystems[key] == nil && key != "p" && key != "j" {
				t.Errorf("surname %s: field %q", f[0], field)
			}
			for _, v := range list(value) {
				if key != "p" && key != "j" && Plain(v) != v {
					t.Errorf("surname %s: spelling %q is not in plain letters", f[0], v)
				}
			}
		}
	}
	if people < 8000 || people > 10500 {
		t.Errorf("surnames for %.0f of 10,000 people", people)
	}
	for _, s := range tb.families {
		sums := [systems]float64{}
		for _, w := range s.ways {
			if w.text == "" || strings.Trim(w.text, "abcdefghijklmnopqrstuvwxyz") != "" {
				t.Errorf("surname %s: spelling %q", s.text, w.text)
			}
			sums[w.sys] += math.Exp2(float64(w.p))
		}
		for sys, sum := range sums {
			if sum > 1.02 {
				t.Errorf("surname %s in %s: shares add up to %.2f", s.text, System(sys), sum)
			}
		}
	}
	for _, text := range []string{hokkienText, hakkaText} {
		for _, f := range lines(text) {
			if len(f) != 2 || strings.Trim(f[0], "abcdefghijklmnopqrstuvwxyz") != "" {
				t.Errorf("line %q", f)
				continue
			}
			for _, r := range f[1] {
				if !unicode.Is(unicode.Han, r) || tb.chars[r] == nil {
					t.Errorf("reading %s: %c is no character with a reading", f[0], r)
				}
			}
		}
	}
}

// Traditional, simplified and variant forms are one; different characters of
// one sound are not.
func TestFold(t *testing.T) {
	tb := load()
	for _, pair := range []string{"黃黄", "峯峰", "廸迪", "龍龙", "陳陈", "葉叶", "啟启", "衞卫", "為为"} {
		r := []rune(pair)
		if tb.fold(r[0]) != tb.fold(r[1]) {
			t.Errorf("%c and %c are kept apart", r[0], r[1])
		}
	}
	for _, pair := range []string{"峰丰", "王汪", "明名", "李黎"} {
		r := []rune(pair)
		if tb.fold(r[0]) == tb.fold(r[1]) {
			t.Errorf("%c and %c are taken for one", r[0], r[1])
		}
	}
}

func TestNotes(t *testing.T) {
	long := strings.Repeat("黃", 10000)
	for _, c := range []struct {
		in   string
		note Note
	}{
		{"", Empty},
		{"   ", Empty},
		{"😀😀", Empty},
		{"!!!", Empty},
		{long, TooLong},
		{strings.Repeat("a b ", 3000), TooLong},
		{"Lucky Star Trading Co Ltd", Company},
		{"幸運星有限公司", Company},
		{"one two three four five six seven eight nine", Many},
		{"R2D2", Wordy},
	} {
		if n := Read(c.in); !slices.Contains(n.Notes, c.note) {
			t.Errorf("%.30q: notes %v, want %q", c.in, n.Notes, c.note)
		}
	}
	if n := Read("黃小明"); len(n.Notes) != 0 {
		t.Errorf("an ordinary name has notes: %v", n.Notes)
	}
}

// The longest and worst names are answered at once.
func TestBounded(t *testing.T) {
	bad := []string{
		strings.Repeat("黃", 10000), strings.Repeat("a", 10000), strings.Repeat("ming-", 2000), strings.Repeat("wong siu ", 1000),
		strings.Repeat("(", 10000), strings.Repeat("a or ", 2000), "\xff\xfe\x00", strings.Repeat("e\u0301", 5000), strings.Repeat("김", 5000), strings.Repeat("กา", 5000),
		"anananananananananananan anananananananananan ananananananananananan", strings.Repeat("A@", 90),
	}
	start := time.Now()
	for _, a := range bad {
		for _, b := range bad {
			m := Compare(Read(a), Read(b), nil)
			if math.IsNaN(m.Bits) || math.Abs(m.Bits) > maxBits {
				t.Errorf("%.20q, %.20q: %v bits", a, b, m.Bits)
			}
			if len(m.Reading) > 2000 {
				t.Errorf("%.20q, %.20q: a reading of %d bytes", a, b, len(m.Reading))
			}
		}
	}
	if d := time.Since(start) / time.Duration(len(bad)*len(bad)); d > 3*time.Second {
		t.Errorf("%v a pair", d)
	}
}

// anyName draws strings that look like names, or like nothing.
func anyName(t *rapid.T, label string) string {
	return rapid.OneOf(
		rapid.StringOfN(rapid.RuneFrom([]rune("黃陳林王李張小明文國華美玲偉強阿歐陽司徒龍")), 0, 6, -1),
		rapid.StringMatching(`([A-Z][a-z]{1,7}[ -]){0,4}[A-Z][a-z]{1,7}`),
		rapid.SampledFrom([]string{"Wong Siu Ming", "Tan Boon Hock", "Lin, Hsiao-feng", "Ah Ming (Huang)", "Nguyễn Văn Minh", "Ahmad bin Salleh", "김명수", "รัตนา สุขใจ", "A or B"}),
		rapid.String(),
	).Draw(t, label)
}

func TestPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyName(t, "a"), anyName(t, "b")
		m := Compare(Read(a), Read(b), nil)
		turned := Compare(Read(b), Read(a), nil)
		if m.Bits != turned.Bits || m.Sound != turned.Sound || m.Reading != turned.Reading {
			t.Fatalf("%q, %q: %v %q and turned %v %q", a, b, m.Bits, m.Reading, turned.Bits, turned.Reading)
		}
		if again := Compare(Read(a), Read(b), nil); again.Bits != m.Bits || again.Reading != m.Reading {
			t.Fatalf("%q, %q: %v, then %v", a, b, m.Bits, again.Bits)
		}
		if bits, sound := Score(Read(a), Read(b), nil); bits != m.Bits || sound != m.Sound {
			t.Fatalf("%q, %q: Score %v, Compare %v", a, b, bits, m.Bits)
		}
		if math.IsNaN(m.Bits) || math.Abs(m.Bits) > maxBits {
			t.Fatalf("%q, %q: %v bits", a, b, m.Bits)
		}
		n := Read(a)
		if !slices.Equal(n.Keys(), Read(a).Keys()) || !slices.Equal(n.SearchKeys(), Read(a).SearchKeys()) || len(n.SearchKeys()) > maxKeys {
			t.Fatalf("%q: keys %v", a, n.SearchKeys())
		}
		if n.Readable() {
			if self := Compare(n, Read(a), nil); self.Bits < -1 {
				t.Fatalf("%q with itself: %v bits, %s", a, self.Bits, self.Reading)
			}
		}
	})
}

// Made-up names in letters find the same names in characters: by bits, by key
// and by sketch. It says that the parts fit together, not that the tables are
// right: they made the names.
func TestInvented(t *testing.T) {
	draw := rapid.Float64Range(0, .999999)
	found, met, n := 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		x := Invent(func() float64 { return draw.Draw(t, "x") })
		n++
		han, latin := Read(x.Han), Read(x.Latin)
		if bits, _ := Score(han, latin, nil); bits > 4 {
			found++
		}
		if slices.ContainsFunc(latin.SearchKeys(), func(k string) bool { return slices.Contains(han.Keys(), k) }) {
			met++
		}
	})
	if found*10 < n*8 || met*10 < n*8 {
		t.Errorf("of %d made-up names %d were found, %d share a key", n, found, met)
	}
}

func FuzzCompare(f *testing.F) {
	for _, s := range []string{"黃小明", "Wong Siu Ming", "Ah Ming (Huang)", "Ahmad a/l Raju", "김명수", "\xff", "", "A, B-C d'E"} {
		f.Add(s, "Huang Xiaoming")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		m, turned := Compare(Read(a), Read(b), nil), Compare(Read(b), Read(a), nil)
		if m.Bits != turned.Bits || math.IsNaN(m.Bits) || math.Abs(m.Bits) > maxBits {
			t.Fatalf("%v and %v", m.Bits, turned.Bits)
		}
		Read(a).SearchKeys()
		NewProbe(Read(a)).Fit(Read(b).Sketch(), -99)
	})
}
