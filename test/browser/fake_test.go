package browser

import (
	"context"
	"strings"

	"homeward/door/public"
	"homeward/know/lure"
	"homeward/work/check"
)

// The browser tests look at pages, not at rules: their checker finds fixed
// words, so that a picture changes only when a page does.

const strongText = `🔥急徵🔥 柬埔寨西港 線上客服
✅月薪 8～15 萬，無經驗可
✅包機票、包食宿，免簽證費
意者加 TG：@demo_hr77，今晚截止`

const pleaText = "救命 我被關在園區 護照被收走了 走不了"

type fakeCheck struct{}

var signs = []struct {
	id    string
	role  lure.Role
	words []string
}{
	{"FREE_TRAVEL_BOARD", lure.Sign, []string{"包機票、包食宿", "free flight and board"}},
	{"LOW_BAR", lure.Sign, []string{"無經驗可", "no experience needed"}},
	{"PAY_HIGH", lure.Sign, []string{"月薪 8～15 萬", "3000 USD a month"}},
	{"OFF_PLATFORM", lure.Sign, []string{"加 TG：@demo_hr77", "Telegram only"}},
	{"DEST_SEA", lure.Context, []string{"柬埔寨西港", "Sihanoukville"}},
}

func (fakeCheck) Text(r lure.Request) (check.Result, error) {
	a := lure.Assessment{Kinds: []string{}, Languages: []string{"zh-Hant"}, Packs: "0123456789ab"}
	if strings.Contains(r.Text, "救命") {
		a.Level = lure.Plea
		return check.Result{Assessment: a}, nil
	}
	for _, s := range signs {
		for _, w := range s.words {
			if at := strings.Index(r.Text, w); at >= 0 {
				a.Findings = append(a.Findings, lure.Finding{Indicator: s.id, Role: s.role, Start: at, End: at + len(w), Quote: w})
			}
		}
	}
	if len(a.Findings) == 0 {
		return check.Result{Assessment: a}, nil
	}
	a.Level, a.Kinds = lure.Strong, []string{"compound_job"}
	a.Missing = []string{"employer", "contract", "work_visa"}
	a.NotCounted = []lure.NotCounted{{Indicator: "URGENCY", Quote: "今晚截止", Reason: "context"}}
	a.Counter = []lure.Finding{{Indicator: "NAMED_EMPLOYER", Role: lure.Counter, Quote: "線上客服"}}
	for _, k := range []string{"contract", "passport_asked"} {
		a.Questions = append(a.Questions, lure.Question{ID: k, Answers: []string{"yes", "no", "unknown"}})
	}
	a.Questions = append(a.Questions, lure.Question{ID: "PAY_HIGH"}, lure.Question{ID: "OFF_PLATFORM"})
	return check.Result{Assessment: a}, nil
}

func (f fakeCheck) Picture(_ context.Context, data []byte, lang string) (check.Result, error) {
	return f.Text(lure.Request{Text: string(data), Lang: lang})
}

type fakePacks struct{}

var said = map[string][3]string{
	"FREE_TRAVEL_BOARD": {"Flight, room and board are given for free.", "對方說機票、住宿、吃飯全包。", "ออกค่าตั๋ว ที่พัก และอาหารให้ทั้งหมด"},
	"LOW_BAR":           {"Nothing is asked of you, yet the pay is high.", "什麼都不要求，薪水卻很高。", "ไม่ต้องมีประสบการณ์ แต่ให้เงินเดือนสูง"},
	"PAY_HIGH":          {"The pay is far above what this work earns there.", "薪水遠遠高過這種工作在當地的行情。", "ค่าจ้างสูงกว่างานแบบนี้ในประเทศนั้นมาก"},
	"OFF_PLATFORM":      {"You can only reach them by a private chat.", "只能用私人通訊軟體聯絡。", "ติดต่อได้ทางแชตส่วนตัวเท่านั้น"},
	"DEST_SEA":          {"A place where compounds have been reported.", "有報導提過園區的地方。", "สถานที่ที่เคยมีข่าวว่ามีแหล่งหลอกลวง"},
	"NAMED_EMPLOYER":    {"The message names the work.", "訊息說了工作內容。", "ข้อความบอกงาน"},
	"contract":          {"Do you have a written contract that names employer, place and pay?", "有沒有寫明雇主、地點、薪水的合約？", "มีสัญญาเป็นลายลักษณ์อักษรที่บอกนายจ้าง สถานที่ และค่าจ้างหรือไม่"},
	"passport_asked":    {"Has anyone asked to hold your passport, or for its picture?", "有沒有人要保管你的護照，或要護照照片？", "มีใครขอเก็บหนังสือเดินทางหรือขอรูปหรือไม่"},
}

func (fakePacks) Explanation(id, lang string) string {
	switch {
	case strings.HasPrefix(lang, "zh"):
		return said[id][1]
	case lang == "th":
		return said[id][2]
	}
	return said[id][0]
}

func (p fakePacks) QuestionText(key, lang string) string {
	switch key {
	case "PAY_HIGH":
		return map[string]string{"zh-Hant": "薪水由誰付、寫在哪裡？", "th": "ใครจ่ายค่าจ้าง เขียนไว้ที่ไหน"}[lang] + map[bool]string{true: "Who pays it, and where is that written?"}[lang == "en"]
	case "OFF_PLATFORM":
		return map[string]string{"zh-Hant": "公司登記的電話是幾號？", "th": "เบอร์โทรที่จดทะเบียนของบริษัทคืออะไร"}[lang] + map[bool]string{true: "What is the company's registered phone number?"}[lang == "en"]
	}
	return p.Explanation(key, lang)
}

func (fakePacks) Sources(string) []lure.Source {
	return []lure.Source{{Body: "FBI IC3", Document: "PSA I-052223-PSA", Date: "2023-05-22"}}
}

func (fakePacks) Questionnaire([]string) []string { return nil }

var _ public.Checker = fakeCheck{}
