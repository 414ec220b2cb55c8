package say

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"
)

// catalogue reads one file as it stands: key to its forms.
func catalogue(t *testing.T, tag string) map[string]map[string]string {
	t.Helper()
	raw, err := fs.ReadFile(embedded, "lang/"+tag+".toml")
	if err != nil {
		t.Fatal(err)
	}
	var tables map[string]map[string]any
	if err := toml.Unmarshal(raw, &tables); err != nil {
		t.Fatalf("%s: %v", tag, err)
	}
	out := map[string]map[string]string{}
	for table, entries := range tables {
		for k, v := range entries {
			switch v := v.(type) {
			case string:
				out[table+"."+k] = map[string]string{"other": v}
			case map[string]any:
				forms := map[string]string{}
				for form, s := range v {
					forms[form], _ = s.(string)
				}
				out[table+"."+k] = forms
			}
		}
	}
	return out
}

// inPart says whether a catalogue that is not whole must have a string: what the
// check page, the answer, the numbers and the way to help need.
func inPart(key string) bool {
	table, name, _ := strings.Cut(key, ".")
	switch table {
	case "why", "tell", "short", "code", "box", "again":
		return false
	case "about":
		return name == "report"
	case "guide":
		return name == "numbers"
	case "w1", "w2", "w3", "w4", "w5", "w6":
		return name == "label"
	}
	return true
}

var hole = regexp.MustCompile(`\{\{[^}]*\}\}`)

func holes(s string) string {
	h := hole.FindAllString(s, -1)
	slices.Sort(h)
	return strings.Join(h, " ")
}

// TestCatalogues: every language has the keys it must have, no others, with the
// same placeholders and every plural form that its grammar needs.
func TestCatalogues(t *testing.T) {
	en := catalogue(t, "en")
	for _, tag := range Order {
		c := catalogue(t, tag)
		whole := Default().In(tag).Whole
		for key, forms := range en {
			got, ok := c[key]
			if !ok {
				if whole || inPart(key) {
					t.Errorf("%s: %s is missing", tag, key)
				}
				continue
			}
			for form, s := range got {
				if strings.TrimSpace(s) == "" && key != "meta.reviewed_by" {
					t.Errorf("%s: %s is empty", tag, key)
				}
				if want := holes(forms["other"]); holes(s) != want {
					t.Errorf("%s: %s (%s) has placeholders %q, English has %q", tag, key, form, holes(s), want)
				}
			}
			if got["other"] == "" && key != "meta.reviewed_by" {
				t.Errorf("%s: %s has no form \"other\"", tag, key)
			}
			if _, counts := forms["one"]; counts && slices.Contains([]string{"en", "tl", "hi"}, tag) && got["one"] == "" {
				t.Errorf("%s: %s has no form \"one\"", tag, key)
			}
		}
		for key := range c {
			if _, ok := en[key]; !ok {
				t.Errorf("%s: %s is not in English", tag, key)
			}
			if !whole && !inPart(key) {
				t.Errorf("%s: %s is not asked of a part catalogue", tag, key)
			}
		}
	}
}

// shunned are words no string may hold. A verdict is never an all-clear, nothing
// is promised, nobody is blamed, and nobody is shouted at. Where a word is only
// wrong as a verdict, the longer form is listed.
var shunned = map[string][]string{
	"":        {"!", "！", "¡"},
	"en":      {"safe", "guarantee", "certainly", "definitely", "100%", "victim", "survivor", "scammer", "you fell", "click here", "guaranteed", "rescue you", "simply", "just"},
	"zh-Hant": {"安全", "保證", "一定", "絕對", "肯定", "受害者", "受害人", "豬仔", "騙子", "舉報", "檢舉", "報案", "您", "放心", "上當"},
	"zh-Hans": {"安全", "保证", "一定", "绝对", "肯定", "受害者", "受害人", "猪仔", "骗子", "举报", "检举", "报案", "您", "放心", "上当"},
	"ms":      {"selamat", "dijamin", "jaminan", "pasti selamat", "mangsa", "penipu"},
	"th":      {"ปลอดภัย", "รับประกัน", "แน่นอน", "เหยื่อ", "มิจฉาชีพ"},
	"vi":      {"an toàn", "đảm bảo", "bảo đảm", "chắc chắn", "nạn nhân", "kẻ lừa đảo"},
	"id":      {"aman", "dijamin", "jaminan", "pasti aman", "korban", "penipu"},
	"tl":      {"ligtas", "garantisado", "siguradong", "biktima", "manloloko"},
	"hi":      {"सुरक्षित", "गारंटी", "निश्चित", "पीड़ित"},
	"my":      {"လုံခြုံ", "အာမခံ", "သေချာပေါက်"},
	"km":      {"សុវត្ថិភាព", "ធានា", "ប្រាកដណាស់", "ជនរងគ្រោះ"},
}

// finder looks for a whole word where words are written apart in Latin
// letters, and for the letters anywhere else.
func finder(word string) func(string) bool {
	if word[0] < 'a' || word[0] > 'z' {
		return func(s string) bool { return strings.Contains(s, word) }
	}
	return regexp.MustCompile(`(^|[^\pL])` + regexp.QuoteMeta(word) + `($|[^\pL])`).MatchString
}

func TestVoice(t *testing.T) {
	for _, tag := range Order {
		words := append(slices.Clone(shunned[""]), shunned[tag]...)
		for _, w := range words {
			holds := finder(w)
			for key, forms := range catalogue(t, tag) {
				for _, s := range forms {
					if holds(strings.ToLower(s)) {
						t.Errorf("%s: %s holds %q: %s", tag, key, w, s)
					}
				}
			}
		}
	}
}

// TestWordings: the wordings that were decided stand as they were decided.
func TestWordings(t *testing.T) {
	for tag, want := range map[string]map[string]string{
		"en": {
			"answer.strong":  "Don't travel, pay or hand over your passport yet.",
			"answer.some":    "Ask these before you decide.",
			"answer.unclear": "We can't tell from this text. Real traps often look normal.",
			"answer.plea":    "Is anyone being held, or unable to leave?",
			"w6.do_line":     "Call your own country's line, below. Then report the person missing to the police at home, today. Don't wait 24 hours first.",
			"w3.dont_work":   "Leave out work you were made to do; a lawyer can hear that later.",
		},
		"zh-Hant": {
			"answer.strong":  "先不要出發、不要付錢、不要交出護照。",
			"answer.some":    "先問清楚這幾件事，再決定。",
			"answer.unclear": "光看這段文字，我們判斷不了。真的陷阱常常看起來很正常。",
			"answer.plea":    "有人被關起來、走不了嗎？",
			"w3.dont_work":   "被逼做的事先不要寫，以後可以跟律師說。",
		},
	} {
		for key, s := range want {
			if got := Default().In(tag).Say(key); got != s {
				t.Errorf("%s %s: %q, want %q", tag, key, got, s)
			}
		}
	}
}

// TestReportNow: nobody is told to let a day pass before they report someone
// missing. The answer to strong signs names no time at all, for it is also read
// by those who have paid, and their first hours count.
func TestReportNow(t *testing.T) {
	digitsOrDay := regexp.MustCompile(`[0-9]|a day|a week|一天|星期|sehari|seminggu|สัปดาห์|วัน|ngày|tuần|araw|रोज|दिन|ရက်|ថ្ងៃ`)
	for _, tag := range Order {
		v := Default().In(tag)
		if s := v.Say("w6.do_line"); !strings.Contains(s, "24") {
			t.Errorf("%s: w6.do_line does not say that nobody has to wait 24 hours: %s", tag, s)
		}
		if s := v.Say("answer.strong_2"); digitsOrDay.MatchString(s) {
			t.Errorf("%s: answer.strong_2 names a time to wait: %s", tag, s)
		}
	}
}
