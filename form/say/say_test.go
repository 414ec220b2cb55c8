package say

import (
	"strings"
	"testing"
)

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
		{b.In("zh-Hant"), "2026-11-24", "2026年11月24日"},
		{b.In("zh-Hans"), "2026-11", "2026年11月"},
		{b.In("th"), "2025", "พ.ศ. 2568 (2025)"},
		{b.In("my"), "2026-11-24", "2026 ခုနှစ် နိုဝင်ဘာလ 24 ရက်"},
		{b.In("km"), "2026-11-24", "ថ្ងៃទី24 ខែវិច្ឆិកា ឆ្នាំ2026"},
		{b.In("hi"), "2026-11-24", "24 नवंबर 2026"},
		{b.In("tl"), "2026-11-24", "24 Nobyembre 2026"},
	} {
		if got := c.v.Date(c.iso); got != c.want {
			t.Errorf("%s: Date(%q) = %q, want %q", c.v.Locale, c.iso, got, c.want)
		}
	}
}

func TestDates(t *testing.T) {
	const source = "VNA, 2022-08-31; a ministry (0404.go.kr), 2024-07 and 2025; 5 of 12345"
	for tag, want := range map[string]string{
		"en":      "VNA, |*31 August 2022|; a ministry (0404.go.kr), |*July 2024| and |*2025|; 5 of 12345",
		"zh-Hans": "VNA, |*2022年8月31日|; a ministry (0404.go.kr), |*2024年7月| and |*2025年|; 5 of 12345",
		"th":      "VNA, |*31 สิงหาคม พ.ศ. 2565 (2022)|; a ministry (0404.go.kr), |*กรกฎาคม พ.ศ. 2567 (2024)| and |*พ.ศ. 2568 (2025)|; 5 of 12345",
	} {
		var got []string
		for _, p := range Default().In(tag).Dates(source) {
			if p.Dated {
				p.Text = "*" + p.Text
			}
			got = append(got, p.Text)
		}
		if got := strings.Join(got, "|"); got != want {
			t.Errorf("%s: %q, want %q", tag, got, want)
		}
	}
	if parts := Default().In("th").Dates(""); len(parts) != 0 {
		t.Errorf("nothing has parts: %v", parts)
	}
}

func TestHours(t *testing.T) {
	b := Default()
	for _, c := range []struct{ tag, hours, want string }{
		{"en", "24h", "day and night"},
		{"zh-Hant", "24h", "全天24小時"},
		{"en", "09:00-17:00", "09:00–17:00"},
		{"en", "Mo-Fr 09:00-17:00", "Mon–Fri 09:00–17:00"},
		{"zh-Hant", "Mo-Fr 09:00-17:00", "週一至週五 09:00–17:00"},
		{"vi", "Sa 09:00-17:00", "thứ Bảy 09:00–17:00"},
		{"en", "Mo-Xx 09:00-17:00", "Mo-Xx 09:00-17:00"},
		{"en", "", ""},
	} {
		if got := b.In(c.tag).Hours(c.hours); got != c.want {
			t.Errorf("%s: Hours(%q) = %q, want %q", c.tag, c.hours, got, c.want)
		}
	}
	// No language falls back to another's words or names of days.
	for _, tag := range Order {
		if v := b.In(tag); !v.Has("number.all_day") || v.Hours("24h") == "24h" {
			t.Errorf("%s: no words for 24h", tag)
		}
		if _, ok := weekdays[tag]; !ok {
			t.Errorf("%s: no names of days", tag)
		}
		if _, ok := months[tag]; !ok && tag != "en" && tag != "vi" && !strings.HasPrefix(tag, "zh") {
			t.Errorf("%s: no names of months", tag)
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
