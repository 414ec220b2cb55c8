package check

import (
	"fmt"
	"strings"
	"testing"
)

// row is a line as Tesseract would give it: at left and top, so wide and high.
type row struct {
	text                     string
	left, top, width, height int
	firstWord                int // its width
}

func output(rows ...row) []byte {
	var table, plain strings.Builder
	table.WriteString("level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n")
	for i, r := range rows {
		fmt.Fprintf(&table, "4\t1\t1\t1\t%d\t0\t%d\t%d\t%d\t%d\t-1\t\n", i+1, r.left, r.top, r.width, r.height)
		fmt.Fprintf(&table, "5\t1\t1\t1\t%d\t1\t%d\t%d\t%d\t%d\t91.5\t%s\n",
			i+1, r.left, r.top, r.firstWord, r.height, strings.Fields(r.text)[0])
		fmt.Fprintf(&plain, "%s\n\n", r.text)
	}
	return []byte(table.String() + plain.String() + "\f")
}

func TestPageText(t *testing.T) {
	for name, c := range map[string]struct {
		rows []row
		want string
	}{
		"a message of three lines": {[]row{
			{"Hello dear, we are hiring", 24, 100, 500, 40, 90},
			{"customer service in Cambodia,", 24, 165, 510, 40, 160},
			{"no experience needed", 24, 230, 380, 40, 40},
		}, "Hello dear, we are hiring customer service in Cambodia, no experience needed"},
		"two messages": {[]row{
			{"Hello dear, we are hiring", 24, 100, 500, 40, 90},
			{"which company is it?", 24, 230, 400, 40, 90},
		}, "Hello dear, we are hiring\nwhich company is it?"},
		"Chinese is joined without a space": {[]row{
			{"月薪八萬起加抽成,包吃包住包機", 24, 100, 700, 40, 40},
			{"票,護照公司幫你辦", 24, 165, 400, 40, 40},
		}, "月薪八萬起加抽成,包吃包住包機票,護照公司幫你辦"},
		"and so after its full stop": {[]row{
			{"放心，絕對不是詐騙。", 24, 100, 700, 40, 40},
			{"先飛曼谷", 24, 165, 300, 40, 40},
		}, "放心，絕對不是詐騙。先飛曼谷"},
		"Thai too": {[]row{
			{"มีรถไปรับถึงบ้าน ข้ามช่อง", 24, 100, 700, 50, 40},
			{"ทางธรรมชาติ", 24, 165, 300, 50, 40},
		}, "มีรถไปรับถึงบ้าน ข้ามช่องทางธรรมชาติ"},
		"a number cut at its hyphen": {[]row{
			{"call 0812-", 24, 100, 400, 40, 80},
			{"3456-7890", 24, 165, 200, 40, 200},
		}, "call 0812-3456-7890"},
		"a list stays a list": {[]row{
			{"薪資 3000", 24, 100, 200, 40, 80},
			{"地點在曼谷市中心的大樓", 24, 165, 600, 40, 40},
			{"電話 123456", 24, 230, 300, 40, 80},
		}, "薪資 3000\n地點在曼谷市中心的大樓\n電話 123456"},
		"times and the status line go": {[]row{
			{"21:47 5G al 63%", 24, 10, 900, 30, 80},
			{"你好", 24, 100, 100, 40, 40},
			{"21:30", 24, 200, 80, 30, 80},
			{"下午 9:05", 24, 300, 80, 30, 80},
			{"9:05 PM ✓✓", 24, 400, 80, 30, 80},
			{"_ — 5", 24, 500, 80, 30, 80},
			{"081-234-5678", 24, 600, 80, 30, 80},
		}, "你好\n081-234-5678"},
		"a message with a time in it stays": {[]row{
			{"21:34 我可以先跟家人討論嗎", 24, 100, 500, 40, 40},
			{"9:00 เจอกันที่สนามบิน", 24, 300, 500, 40, 40},
			{"12:30 đi nhé", 24, 500, 500, 40, 40},
		}, "21:34 我可以先跟家人討論嗎\n9:00 เจอกันที่สนามบิน\n12:30 đi nhé"},
		"nothing": {nil, ""},
	} {
		if got := parsePage(output(c.rows...)).text(); got != c.want {
			t.Errorf("%s:\n got %q\nwant %q", name, got, c.want)
		}
	}
}

func TestPageTextWithoutATable(t *testing.T) {
	for in, want := range map[string]string{
		"Hello\nworld\n\f":                "Hello\nworld",
		"":                                "",
		"\xff\xfe bad \n":                 "bad",
		"1\t2\t3\n":                       "1 2 3",
		"level\tpage_num\nHello there\n":  "level page_num\nHello there",
		strings.Repeat("5\t", 11) + "x\n": "", // a word without a line
	} {
		if got := parsePage([]byte(in)).text(); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestSurerWhereDifferent(t *testing.T) {
	line := func(s string, sure float64) (all []character) {
		for _, r := range s {
			all = append(all, character{r, sure})
		}
		return all
	}
	for _, c := range []struct {
		a, b   string
		sa, sb float64
		places int
		sign   float64
	}{
		{"月薪八萬", "月薪八万", .9, .5, 1, 1},
		{"月薪八萬", "月薪八万", .5, .9, 1, -1},
		{"機票護照", "机票护照", .9, .6, 2, 1},
		{"機票護照", "机票护昭照", .9, .6, 1, 1}, // the second difference is of unequal length
		{"同一句話", "同一句話", .9, .1, 0, 0},
		{"", "月薪", 0, .9, 0, 0},
	} {
		surer, places := surerWhereDifferent(line(c.a, c.sa), line(c.b, c.sb))
		if places != c.places || surer*c.sign < 0 || c.sign == 0 && surer != 0 {
			t.Errorf("%s and %s: %.2f in %d places", c.a, c.b, surer, places)
		}
	}
}

func FuzzParsePage(f *testing.F) {
	f.Add(output(row{"月薪 八萬", 1, 2, 3, 4, 5}))
	f.Add([]byte("5\t1\t1\t1\t1\t1\tNaN\tInf\t-Inf\t1e300\t-1\tx\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		p := parsePage(b)
		text := p.text()
		if len(text) > 3*len(b)+3 {
			t.Fatalf("%d bytes of %d", len(text), len(b))
		}
		c := p.characters()
		surerWhereDifferent(c, c)
		p.seen().models([]string{"eng", "chi_tra"})
	})
}
