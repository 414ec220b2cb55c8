package person

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// nothingKnown is what people write into a field of which they know nothing. Two
// records that share it share no fact. Words that are also names of people,
// such as Na and Nil, are not among them.
var nothingKnown = setOf(
	"unknown", "not known", "name unknown", "unknown name", "unk", "unidentified", "unnamed", "nameless", "anonymous", "no name", "noname", "n/a", "n.a", "n. a", "none", "null", "tbc", "tbd", "pending", "not given", "not stated", "not available", "undisclosed", "missing", "xx", "xxx", "xxxx",
	"john doe", "jane doe", "mr x", "ms x",
	"不詳", "不详", "不明", "未知", "未詳", "未详", "未明", "不知", "不知道", "無", "无", "暫無", "暂无", "無名", "无名", "無名氏", "无名氏", "姓名不詳", "姓名不详", "姓名不明", "佚名", "匿名", "待查", "待確認", "待确认",
	"不詳男性", "不詳女性", "不详男性", "不详女性", "不明男性", "不明女性", "不明男子", "不明女子", "無名男", "無名女", "无名男", "无名女", "某男", "某女",
	"ไม่ทราบ", "ไม่ทราบชื่อ", "ไม่ระบุ", "không rõ", "khong ro", "chưa rõ", "tidak diketahui", "tidak dikenal", "tiada nama",
)

// anybody is what is said beside such a word of whoever it is: Unknown Male 3.
var anybody = setOf("male", "female", "man", "woman", "boy", "girl", "person", "child", "baby", "victim", "adult", "m", "f", "no", "number", "laki-laki", "perempuan", "男", "女", "男性", "女性", "男子", "女子", "ชาย", "หญิง")

func setOf(words ...string) map[string]bool {
	m := map[string]bool{}
	for _, w := range words {
		m[w] = true
	}
	return m
}

// longestFiller bounds what is looked at in bytes: a name that is longer is one.
const longestFiller = 60

// filler says whether a text only says that nothing is known.
func filler(s string) bool {
	if len(s) > longestFiller {
		return false
	}
	s = strings.TrimFunc(strings.ToLower(norm.NFKC.String(s)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r)
	})
	if s == "" || nothingKnown[s] {
		return true
	}
	words := strings.Fields(s)
	rest := words[:0]
	for _, w := range words {
		w = strings.Trim(w, "().,-#")
		if !anybody[w] && strings.Trim(w, "0123456789") != "" {
			rest = append(rest, w)
		}
	}
	return len(rest) > 0 && nothingKnown[strings.Join(rest, " ")]
}

// fillerDigits says whether digits are what somebody types to fill a field: all
// alike, or each one more than the one before, at most once around.
func fillerDigits(s string) bool {
	alike, rising := true, len(s) <= 10
	for i := 1; i < len(s); i++ {
		alike = alike && s[i] == s[0]
		rising = rising && (s[i]-s[i-1] == 1 || s[i] == '0' && s[i-1] == '9')
	}
	return alike || rising
}
