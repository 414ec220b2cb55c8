package person

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// hanDigit gives the value of a Chinese digit.
var hanDigit = map[rune]int{'〇': 0, '○': 0, '零': 0, '一': 1, '二': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9}

// hanTens are what counts in tens; 廿 and 卅 are two and three of them.
var hanTens = map[rune]int{'十': 1, '廿': 2, '卅': 3}

// hanUnits stand after the numbers of a date or an age. A numeral without one is
// left alone: it may be a day of the week.
const hanUnits = "年月日號号歲岁"

// plainNumerals writes the Chinese numerals of a date in digits: 民國八十年三月七日
// is 民國80年3月7日, and 元年 the first year.
func plainNumerals(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return r >= '○' }) {
		return s // most dates, by far
	}
	s = strings.ReplaceAll(s, "元年", "1年")
	var out strings.Builder
	var run []rune
	end := func(next rune) {
		v, ok := hanNumber(run)
		if ok && (strings.ContainsRune(hanUnits, next) || len(run) == 4 && v >= firstYear) {
			out.WriteString(strconv.Itoa(v))
		} else {
			out.WriteString(string(run))
		}
		run = run[:0]
	}
	for _, r := range s {
		if _, ok := hanDigit[r]; ok || hanTens[r] > 0 || r == '百' {
			run = append(run, r)
			continue
		}
		end(r)
		out.WriteRune(r)
	}
	end(utf8.RuneError)
	return out.String()
}

// hanNumber reads a numeral digit by digit (一九九一) or by its places (八十七,
// 一百零五).
func hanNumber(run []rune) (int, bool) {
	if len(run) == 0 || len(run) > 8 {
		return 0, false
	}
	places := slices.ContainsFunc(run, func(r rune) bool { return hanTens[r] > 0 || r == '百' })
	sum, last := 0, 0
	for _, r := range run {
		switch {
		case r == '百':
			sum, last = sum+max(last, 1)*100, 0
		case hanTens[r] > 0:
			sum, last = sum+max(last, 1)*hanTens[r]*10, 0
		case places:
			last = hanDigit[r]
		default:
			last = last*10 + hanDigit[r]
		}
	}
	return sum + last, true
}
