package lure

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// chat is messages of chat length, the languages mixed evenly; all invented.
var chat = []string{
	"Hi, we are hiring customer service in Thailand, salary up to 2000 usd, free flight and hotel, no experience needed. Whatsapp +66 00 000 0000",
	"ok see you at six then, bring the blue bag and call mum before you leave the house please",
	"急徵線上客服，月薪九萬起，包機票食宿，無經驗可，意者加LINE demo_0000，本週可飛",
	"阿嬤今天煮了滷肉，你下班早點回來吃飯，路上小心騎車，記得買一瓶醬油",
	"招打字员，工资高，包吃住，路费报销，护照有就行，有意者私聊微信 demo_hr_00",
	"晚上七点老地方见，记得带上次借的书，地铁十号线出来右转就到了",
	"Kerja taip chat di Kemboja, gaji RM7000 sebulan, tiket dan hostel ditanggung, tak perlu pengalaman, whatsapp saya",
	"Mak, petang ni saya balik lambat sikit sebab ada mesyuarat, tolong simpan lauk untuk makan malam",
	"รับสมัครแอดมินตอบแชท ปอยเปต เงินเดือน 30,000 บาท มีที่พักฟรี ไม่ต้องมีประสบการณ์ ทักไลน์ demo0000",
	"พรุ่งนี้เจอกันที่ร้านกาแฟตอนบ่ายสองนะ อย่าลืมเอาหนังสือมาคืนด้วย",
	"Tuyển nhân viên chat làm việc tại Campuchia, lương 25 triệu một tháng, bao ăn ở, không cần kinh nghiệm, zalo 0900000000",
	"Mai mình đi ăn phở nhé, nhớ mang theo áo mưa vì trời hay mưa buổi chiều",
	"Lowongan CS online di Kamboja, gaji 12 juta per bulan, tiket dan mess ditanggung, tanpa pengalaman, minat WA",
	"Besok kita kumpul jam delapan di rumah Pak RT ya, jangan lupa bawa tikar",
	"Hiring encoder sa Cambodia, sahod 60k a month, libre ticket at tirahan, kahit walang experience, PM lang sa telegram",
	"Uwi ka na ba mamaya? Bumili ka ng tinapay at gatas sa kanto bago umakyat",
}

// BenchmarkScreen is one message at a time with full findings. The aim is
// 20,000 messages a second on one core.
func BenchmarkScreen(b *testing.B) {
	p := Default()
	n := 0
	for _, s := range chat {
		n += len(s)
	}
	b.SetBytes(int64(n / len(chat)))
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		p.Screen(Request{Text: chat[i%len(chat)]})
		i++
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
}

// BenchmarkRegexps is the baseline: the same phrases as compiled regular
// expressions, one after the other, over the same messages, with spans but
// without judging.
func BenchmarkRegexps(b *testing.B) {
	p := Default()
	var all []*regexp.Regexp
	for _, l := range p.languages {
		for _, w := range l.Signs {
			for _, ph := range w.Phrases {
				all = append(all, asRegexps(b, ph, l.Lists)...)
			}
		}
	}
	b.ReportMetric(float64(len(all)), "expressions")
	i := 0
	for b.Loop() {
		s := strings.ToLower(chat[i%len(chat)])
		for _, re := range all {
			re.FindStringIndex(s)
		}
		i++
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
}

// asRegexps writes a phrase's slots as regular expressions.
func asRegexps(b *testing.B, phrase string, lists map[string][]string) []*regexp.Regexp {
	b.Helper()
	orders, err := parsePhrase(phrase, lists)
	if err != nil {
		b.Fatal(err)
	}
	var out []*regexp.Regexp
	for _, slots := range orders {
		var sb strings.Builder
		for i, s := range slots {
			if i > 0 {
				if s.gap {
					fmt.Fprintf(&sb, `.{0,%d}?`, maxGap)
				} else {
					sb.WriteString(` ?`)
				}
			}
			sb.WriteString("(?:")
			for j, lit := range s.literals {
				if j > 0 {
					sb.WriteByte('|')
				}
				sb.WriteString(strings.ReplaceAll(regexp.QuoteMeta(strings.TrimSpace(lit)), "#", `\d+`))
			}
			sb.WriteByte(')')
			if s.optional {
				sb.WriteByte('?')
			}
		}
		out = append(out, regexp.MustCompile(sb.String()))
	}
	return out
}

// BenchmarkLong is 1 MB of text in one piece; no pause may be over 100 ms.
func BenchmarkLong(b *testing.B) {
	p := Default()
	long := strings.Repeat(strings.Join(chat, "\n")+"\n", 1<<20/3000)
	b.SetBytes(int64(len(long)))
	for b.Loop() {
		p.Screen(Request{Text: long})
	}
}

// BenchmarkLoad is what starting costs.
func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Load(packsFS()); err != nil {
			b.Fatal(err)
		}
	}
}
