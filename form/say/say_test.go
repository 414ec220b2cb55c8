package say

import "testing"

func TestNegotiate(t *testing.T) {
	b := Default()
	for _, c := range []struct {
		choice, header, locale string
		chosen                 bool
	}{
		{"", "", "en", false},
		{"", "zh-TW,zh;q=0.9,en;q=0.8", "zh-Hant-TW", false},
		{"", "zh-HK", "zh-Hant-HK", false},
		{"", "zh-MO", "zh-Hant-HK", false},
		{"", "zh-Hant", "zh-Hant", false},
		{"", "zh", "zh-Hans", false},
		{"", "zh-CN", "zh-Hans", false},
		{"", "zh-SG", "zh-Hans", false},
		{"", "zh-MY", "zh-Hans", false},
		{"", "in", "id", false},
		{"", "id-ID", "id", false},
		{"", "ms-MY", "ms", false},
		{"", "fil-PH", "tl", false},
		{"", "tl", "tl", false},
		{"", "th-TH", "th", false},
		{"", "my-MM", "my", false},
		{"", "km-KH", "km", false},
		{"", "hi-IN,en;q=0.5", "hi", false},
		{"", "xx,;;;q=9", "en", false},
		{"", "de-DE,vi;q=0.3", "vi", false},
		{"", "jv", "id", false},
		{"th", "zh-TW", "th", true},
		{"zh-Hant", "en", "zh-Hant", true},
		{"klingon!", "vi", "vi", false},
		{"de", "vi", "vi", false},
	} {
		v, chosen := b.Negotiate(c.choice, c.header)
		if v.Locale != c.locale || chosen != c.chosen {
			t.Errorf("Negotiate(%q, %q) = %s, %v; want %s, %v", c.choice, c.header, v.Locale, chosen, c.locale, c.chosen)
		}
	}
}

func TestDate(t *testing.T) {
	b := Default()
	tw, _ := b.Negotiate("", "zh-TW")
	for _, c := range []struct {
		v         *Voice
		iso, want string
	}{
		{b.In("en"), "2023-05-22", "22 May 2023"},
		{b.In("en"), "2023-05", "May 2023"},
		{b.In("en"), "2012", "2012"},
		{b.In("en"), "about 2011", "about 2011"},
		{b.In("en"), "2023-05-22-01", "2023-05-22-01"},
		{b.In("zh-Hant"), "2023-05-22", "2023年5月22日"},
		{tw, "2023-05-22", "2023年（民國112年）5月22日"},
		{b.In("zh-Hans"), "2023", "2023年"},
		{b.In("th"), "2023-05-22", "22 พฤษภาคม พ.ศ. 2566 (2023)"},
		{b.In("vi"), "2023-05-22", "22 tháng 5 năm 2023"},
		{b.In("vi"), "2023-05", "tháng 5 năm 2023"},
		{b.In("ms"), "2023-08-29", "29 Ogos 2023"},
		{b.In("id"), "2023-08", "Agustus 2023"},
	} {
		if got := c.v.Date(c.iso); got != c.want {
			t.Errorf("%s: Date(%q) = %q, want %q", c.v.Locale, c.iso, got, c.want)
		}
	}
}

func TestSay(t *testing.T) {
	en := Default().In("en")
	if got := en.Say("answer.signs", "N", 1); got != "We see 1 sign that recruiters for scam compounds use. That is not proof." {
		t.Error(got)
	}
	if got := en.Say("answer.signs", "N", 4); got != "We see 4 signs that recruiters for scam compounds use. That is not proof." {
		t.Error(got)
	}
	if got := en.Say("no.such"); got != "[no.such]" {
		t.Error(got)
	}
}
