package exchange

import "unicode/utf8"

// How much bytes surprise whoever expects text of an encoding, in bits. All
// encodings explain the same bytes, so the least surprised is the likeliest,
// and the difference says how sure that is. The figures follow from the layout
// of the character sets: both Big5 and GB 2312 put the common ideographs into
// one block (level 1) and the rare ones into another, so that text read in the
// wrong one lands among rare ideographs, kana and symbols; a common one of n
// costs log2 n and a little for all that is not common.
// Sources: the Encoding Standard (WHATWG), for the layouts; GB 2312-80;
// TIS 620-2533.
const (
	plainBits = 6.0  // an ASCII character
	rareBits  = 20.0 // what hardly anybody writes
	glued     = 3.0  // an ideograph or Thai letter beside a Latin letter
	pointBits = 8.0  // punctuation
)

// surprise is the sum over all bytes, and how many characters are ASCII and how
// many are not.
type surprise struct {
	bits         float64
	plain, chars int
}

func (s *surprise) ascii() {
	s.bits += plainBits
	s.plain++
}

func (s *surprise) add(bits float64) {
	s.bits += bits
	s.chars++
}

func latin(b []byte, i int) bool {
	return i >= 0 && i < len(b) && (b[i] >= 'a' && b[i] <= 'z' || b[i] >= 'A' && b[i] <= 'Z')
}

// ofBig5: ideographs of level 1 (5,401) have the lead bytes A4–C6, of level 2
// (7,652) C9–F9; A1 holds punctuation, A2 and A3 symbols and bopomofo.
func ofBig5(b []byte) (s surprise) {
	for i := 0; i < len(b); i++ {
		lead := b[i]
		if lead < 0x80 {
			s.ascii()
			continue
		}
		if latin(b, i-1) || latin(b, i+2) {
			s.bits += glued
		}
		i++ // decoding has seen to it that there is one
		switch {
		case lead == 0xa1:
			s.add(pointBits)
		case lead >= 0xa4 && lead <= 0xc6:
			s.add(12.5)
		case lead >= 0xc9 && lead <= 0xf9:
			s.add(17.2)
		default:
			s.add(rareBits)
		}
	}
	return s
}

// ofGB: level 1 (3,755) is B0–D7, level 2 (3,008) D8–F7, both with a second
// byte from A1 on; A1 is punctuation, A3 full-width ASCII. What GBK added has
// other pairs, and GB 18030 four bytes.
func ofGB(b []byte) (s surprise) {
	for i := 0; i < len(b); i++ {
		lead := b[i]
		if lead < 0x80 {
			s.ascii()
			continue
		}
		if latin(b, i-1) || latin(b, i+2) {
			s.bits += glued
		}
		i++
		second := byte(0)
		if i < len(b) {
			second = b[i]
		}
		switch {
		case second < 0x40:
			i += 2
			s.add(24)
		case second >= 0xa1 && (lead == 0xa1 || lead == 0xa3):
			s.add(pointBits)
		case second >= 0xa1 && lead >= 0xb0 && lead <= 0xd7:
			s.add(12)
		case second >= 0xa1 && lead >= 0xd8 && lead <= 0xf7:
			s.add(15.6)
		default:
			s.add(rareBits)
		}
	}
	return s
}

// ofThai: vowels above and below and tone marks stand on a consonant, the
// vowels เ แ โ ใ ไ before one. Chinese read as Thai breaks this all the time.
func ofThai(b []byte) (s surprise) {
	consonant := func(i int) bool { return i >= 0 && i < len(b) && b[i] >= 0xa1 && b[i] <= 0xce }
	mark := func(i int) bool {
		return i >= 0 && (b[i] == 0xd1 || b[i] >= 0xd4 && b[i] <= 0xda || b[i] >= 0xe7 && b[i] <= 0xee)
	}
	for i, c := range b {
		if c < 0x80 {
			s.ascii()
			continue
		}
		if latin(b, i-1) {
			s.bits += glued
		}
		if latin(b, i+1) {
			s.bits += glued
		}
		holds := true
		switch {
		case mark(i):
			holds = consonant(i-1) || mark(i-1) && b[i-1] != c
		case c == 0xd0, c == 0xd2, c == 0xd3: // ะ า ำ
			holds = consonant(i-1) || mark(i-1)
		case c >= 0xe0 && c <= 0xe4:
			holds = consonant(i + 1)
		case !consonant(i): // ฯ ฿ ๆ, digits, and dashes of Windows
			s.bits += 4
		}
		if !holds {
			s.bits += 9
		}
		s.add(5.5)
	}
	return s
}

// ofWestern: single letters with marks beside ASCII letters, as in José or
// Peñaranda. Runs of bytes beside ASCII are another script.
func ofWestern(b []byte) (s surprise) {
	for i, c := range b {
		if c < 0x80 {
			s.ascii()
			continue
		}
		alone := (i == 0 || b[i-1] < 0x80) && (i+1 == len(b) || b[i+1] < 0x80)
		switch {
		case alone && c >= 0xc0 && c != 0xd7 && c != 0xf7 && (latin(b, i-1) || latin(b, i+1)):
			s.add(8)
		case alone && (c >= 0x91 && c <= 0x97 || c == 0xb0 || c == 0x80 || c == 0xa3): // quotation marks, dashes, ° € £
			s.add(9)
		default:
			s.add(16)
		}
	}
	return s
}

// of8 is the same for UTF-8: writing of the region is likely; letters and signs
// that come about when other bytes happen to be UTF-8 are not.
func of8(b []byte) (s surprise) {
	for i, n := 0, 0; i < len(b); i += n {
		var r rune
		r, n = utf8.DecodeRune(b[i:])
		switch {
		case r < 0x80:
			s.ascii()
		case r >= 0x4e00 && r <= 0x9fff:
			s.add(13)
		case r >= 0x3000 && r <= 0x303f, r >= 0xff00 && r <= 0xffef, r >= 0x1ea0 && r <= 0x1eff, r >= 0xc0 && r <= 0x1b0 && (latin(b, i-1) || latin(b, i+n)), r >= 0x2010 && r <= 0x2030:
			s.add(pointBits)
		case r >= 0x0e00 && r <= 0x0e7f, r >= 0x1000 && r <= 0x109f, r >= 0x1780 && r <= 0x17ff:
			s.add(6)
		case r >= 0x2190 && r <= 0x27bf, r >= 0x1f000 && r <= 0x1faff: // signs, emoji
			s.add(15)
		default: // other scripts, which chance hits and lists of the region hardly hold
			s.add(2 * rareBits)
		}
	}
	return s
}

// everydayHan holds characters that stand in nearly every Chinese list: common
// surnames, characters of given names, heads of columns, and the commonest of
// running text, in traditional and simplified form. Text read in the wrong
// encoding hits one by chance only, one character in fifteen or so.
const everydayHan = "王李張张劉刘陳陈楊杨黃黄趙赵吳吴周徐孫孙馬马朱胡郭何林高羅罗鄭郑梁謝谢宋唐許许韓韩鄧邓馮冯曹彭曾蕭萧田董潘袁蔡蔣蒋余于杜葉叶程魏蘇苏呂吕丁任盧卢姚沈鍾钟姜崔譚谭陸陆汪范石廖賈贾韋韦夏付方鄒邹熊白孟秦邱江尹薛雷侯龍龙史陶黎賀贺顧顾毛郝龔龚邵萬万錢钱嚴严戴莫孔向湯汤施洪游賴赖詹簡简翁" +
	"明華华國国文志建小玉英美秀麗丽芳娟敏靜静慧淑珍佳家怡雅婷欣宜俊傑杰偉伟強强軍军平永春金德成光榮荣生海東东新中山大天子心思宇軒轩浩博涵晨梅蘭兰雪月安正祥福興兴清民立仁義义信忠良宗進进世耀輝辉豪彥彦君瑜萍燕玲琴紅红霞雲云鵬鹏飛飞" +
	"姓名性別别男女出生日期年齡龄電电話话手機机號号碼码國籍護护照身份證证編编序地址點点備备註注家屬属聯联絡络人最後后時时間间園园區区案件狀状態态來来源" +
	"的一是不了在有我他這这個个們们說说到也就要會会可以沒没去都和上下為为之與与被"

var common = func() map[rune]bool {
	m := map[rune]bool{}
	for _, r := range everydayHan {
		m[r] = true
	}
	return m
}()

// everyday is by how many bits a text surprises less for what it has of them.
func everyday(s string) (bits float64) {
	for _, r := range s {
		if common[r] {
			bits += 4
		}
	}
	return bits
}
