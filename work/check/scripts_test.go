package check

import (
	"slices"
	"strings"
	"testing"
)

var everything = strings.Fields("eng vie chi_tra chi_sim tha mya khm kor hin jpn msa ind fil")

func TestModelsForWhatWasSeen(t *testing.T) {
	for name, c := range map[string]struct {
		text      string
		installed []string
		want      string
	}{
		"English":                 {"Salary 2,500 USD per month", everything, "eng"},
		"Malay is like English":   {"kerja kosong di Kemboja", everything, "eng"},
		"Vietnamese":              {"việc nhẹ lương cao", everything, "vie"},
		"Vietnamese without it":   {"việc nhẹ lương cao", []string{"eng"}, "eng"},
		"Chinese":                 {"月薪八萬", everything, "han"},
		"Chinese and English":     {"月薪 USD 3,000，提供 free air ticket 和宿舍", everything, "han"},
		"Chinese without it":      {"月薪八萬", []string{"eng"}, "eng"},
		"Thai":                    {"เงินเดือน", everything, "tha eng"},
		"Thai and English":        {"We are hiring Thai speakers, งานแชท", everything, "tha eng"},
		"Chinese and Thai":        {"誠徵泰國客服 สวัสดีค่ะ รับสมัคร", everything, "han tha eng"},
		"Japanese":                {"海外で働く人を募集しています", everything, "jpn eng"},
		"a kana blot in Chinese":  {"月薪八萬起包吃包住包機票護照公司幫你辦一", everything, "han"},
		"Korean":                  {"고객상담 직원", everything, "kor eng"},
		"Burmese":                 {"အလုပ်ခေါ်", everything, "mya eng"},
		"Khmer":                   {"ប្រាក់ខែ", everything, "khm eng"},
		"Hindi":                   {"नौकरी है", everything, "hin eng"},
		"one Thai blot in Latin":  {"Salary 2,500 USD per month ก", everything, "eng"},
		"digits":                  {"12345", everything, "eng"},
		"digits, nothing for it":  {"12345", []string{"tha"}, ""},
		"Thai, English missing":   {"เงินเดือน", []string{"tha"}, "tha"},
		"Chinese, one model only": {"月薪八萬", []string{"chi_sim", "eng"}, "han"},
	} {
		var counted tally
		for _, r := range c.text {
			counted.add(r, .9)
		}
		if got := strings.Join(counted.models(c.installed), " "); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestHints(t *testing.T) {
	for tag, want := range map[string]string{
		"zh-Hant": "chi_tra", "zh-hant-TW": "chi_tra", "zh-TW": "chi_tra", "zh-HK": "chi_tra", "zh": "chi_sim",
		"zh-Hans": "chi_sim", "th": "tha", "th-TH": "tha", "tl": "fil", "fil": "fil", "": "", "x": "", "thx": "", "de": "",
	} {
		if got := hinted(tag); got != want {
			t.Errorf("%q: %q, want %q", tag, got, want)
		}
	}
	reader := &Tesseract{languages: everything}
	order := reader.order([]string{"th", "ms", "de", "th"})
	if order[0] != "tha" || order[1] != "eng" || slices.Contains(order, "msa") || len(order) != 10 {
		t.Errorf("order %q", order)
	}
	reader = &Tesseract{languages: []string{"ind"}}
	if order := reader.order(nil); !slices.Equal(order, []string{"ind"}) {
		t.Errorf("order %q", order)
	}
}
