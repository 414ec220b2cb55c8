package text

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// messages are chat messages of at most 200 characters, made up.
var messages = []struct{ name, text string }{
	{"ASCII", "Hello! We are HIRING chat support for our office abroad, no experience needed. Salary 1500-2500 USD per month, free flight and hotel, visa is handled. Add my Telegram @office_hr today, only 5 places left."},
	{"Chinese", "高薪诚聘打字员，月薪两万起，包吃包住包机票，无需经验，公司统一安排签证，工作轻松时间自由。有意者请加微信联系，名额有限先到先得，男女不限，年龄十八到三十五岁，有护照优先录用，到岗发放安家费，上班地点在园区里面，设施齐全环境优美。"},
	{"Traditional", "高薪誠聘打字員，月薪兩萬起，包吃包住包機票，無需經驗，公司統一安排簽證，工作輕鬆時間自由。有意者請加微信聯繫，名額有限先到先得，男女不限，年齡十八到三十五歲，有護照優先錄用，到崗發放安家費，上班地點在園區裏面，設施齊全環境優美。"},
	{"Thai", "รับสมัครแอดมินตอบแชท ทำงานต่างประเทศ เงินเดือนเริ่มต้น 35,000 บาท มีที่พักและอาหารฟรี ไม่ต้องมีประสบการณ์ บริษัทออกค่าตั๋วเครื่องบินให้ก่อน สนใจแอดไลน์ได้เลยนะคะ รับจำนวนจำกัดมาก"},
	{"Vietnamese", "Cần tuyển nhân viên trực tuyến làm việc tại nước ngoài, lương 20 đến 30 triệu một tháng, bao ăn ở, không cần kinh nghiệm, công ty lo vé máy bay và giấy tờ. Ai quan tâm nhắn Zalo mình ngay, còn ít chỗ."},
	{"Mixed", "HIRING 招聘客服🔥🔥 ทำงานที่ปอยเปต lương 1500$/tháng 包吃住 ฟรีตั๋วเครื่องบิน no experience cần gấp 👉 T.e.l.e.g.r.a.m: @hr_office ✈️ 月 薪 ２００００ ｕｓｄｔ 한국어 가능자 우대 ၀န်ထမ်းခေါ်သည်"},
	{"Disguised", "𝐇𝐢𝐫𝐢𝐧𝐠 сhat ѕupport 🅵🆁🅴🅴 f.l.i.g.h.t 高\u200b薪\u200b招\u200b聘 包·吃·住 ｎｏ　ｅｘｐｅｒｉｅｎｃｅ v̶i̶s̶a̶ 柬 埔 寨 t\u200be\u200bl\u200be\u200bg\u200br\u200ba\u200bm"},
}

func BenchmarkNormalize(b *testing.B) {
	for _, m := range messages {
		if n := utf8.RuneCountInString(m.text); n > 210 {
			b.Fatalf("%s has %d characters", m.name, n)
		}
		b.Run(m.name, func(b *testing.B) {
			b.SetBytes(int64(len(m.text)))
			b.ReportAllocs()
			for b.Loop() {
				Normalize(m.text)
			}
		})
	}
}

func BenchmarkSpan(b *testing.B) {
	for _, m := range messages {
		b.Run(m.name, func(b *testing.B) {
			for b.Loop() {
				n := Normalize(m.text)
				for i := 0; i+8 < len(n.Text); i += len(n.Text) / 5 {
					n.Span(i, i+8)
				}
			}
		})
	}
}

func BenchmarkLanguages(b *testing.B) {
	for _, m := range messages {
		b.Run(m.name, func(b *testing.B) {
			b.SetBytes(int64(len(m.text)))
			b.ReportAllocs()
			for b.Loop() {
				Languages(m.text)
			}
		})
	}
}

// Whatever a megabyte holds, it takes about the time of its bytes.
func BenchmarkNormalizeMegabyte(b *testing.B) {
	const size = 1 << 20
	for _, c := range []struct{ name, unit string }{
		{"a", "a"},
		{"marks", "\u0301"},
		{"thai marks", "\u0e48"},
		{"jamo", "\u1161"},
		{"sara am", "\u0e33"},
		{"leading jamo", "\u1100"},
		{"flags", "🇹"},
		{"flag and joiner", "🇹\u200b"},
		{"spelled", "f "},
		{"noise", "高."},
		{"ligature", "ﷺ"},
		{"invalid", "\xe4\xb8"},
		{"out of order", "\u05b4\u05b0"},
	} {
		s := strings.Repeat(c.unit, size/len(c.unit))
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(size)
			for b.Loop() {
				Normalize(s)
			}
		})
	}
}

func BenchmarkBuild(b *testing.B) {
	for b.Loop() {
		build()
	}
}
