package lure

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// amount is a number as people write money: 1,500 / 1.500 / 3-5萬 / 30k / 五萬.
type amount struct {
	start, end int
	value      float64 // of a range, the upper end
	scale      string  // the word such as k, 萬, juta it is written with, or ""
}

func (a amount) scaled() bool { return a.scale != "" }

// year says that a number reads like a year of this age.
func (a amount) year() bool {
	return !a.scaled() && a.value >= 1950 && a.value < 2050 && a.value != 2000
}

// readAmount reads the amount that begins at byte i of a normal form, if one does.
func readAmount(s string, i int, w *extractorWords) (amount, bool) {
	if !numberStart(s, i) {
		return amount{}, false
	}
	a, ok := oneAmount(s, i, w)
	if !ok {
		return amount{}, false
	}
	a.start = i
	// "3-5萬", "800 to 1500": the second number is the upper end.
	j := a.end
	for _, mark := range []string{" - ", "-", " ~ ", "~", " to ", "至", "到", " hingga ", " sampai ", " den ", "–", " – ", "—", "ถึง"} {
		if !strings.HasPrefix(s[j:], mark) {
			continue
		}
		k := j + len(mark)
		for _, sign := range []string{"us$", "hk$", "nt$", "$", "rm", "usd", "rp", "฿", "₱", "¥"} {
			if strings.HasPrefix(s[k:], sign) {
				k += len(sign)
				break
			}
		}
		for k < len(s) && s[k] == ' ' {
			k++
		}
		if k < len(s) {
			if b, ok := oneAmount(s, k, w); ok && (b.value >= a.value || b.scaled()) {
				if b.value < a.value {
					break
				}
				a.end, a.value = b.end, b.value
				if b.scaled() {
					a.scale = b.scale
				}
			}
		}
		break
	}
	return a, true
}

// numberStart: a digit or a Chinese numeral that no digit stands before.
func numberStart(s string, i int) bool {
	if digit(rune(s[i])) {
		return i == 0 || !(digit(rune(s[i-1])) || (i > 1 && (s[i-1] == '.' || s[i-1] == ',') && digit(rune(s[i-2]))))
	}
	if s[i] < 0xE4 {
		return false
	}
	r, _ := utf8.DecodeRuneInString(s[i:])
	return hanDigit(r) > 0
}

// hanDigit gives what a Chinese numeral stands for, 0 if it is none.
func hanDigit(r rune) float64 {
	switch r {
	case '一', '上', '过', '破':
		return 1
	case '二', '两', '几', '数':
		return 2
	case '三':
		return 3
	case '四':
		return 4
	case '五':
		return 5
	case '六':
		return 6
	case '七':
		return 7
	case '八':
		return 8
	case '九':
		return 9
	case '十':
		return 10
	case '百':
		return 100
	}
	return 0
}

func oneAmount(s string, i int, w *extractorWords) (amount, bool) {
	j := i
	var value float64
	if digit(rune(s[i])) {
		value, j = digits(s, i)
	} else {
		value, j = hanNumber(s, i)
		if value == 0 {
			return amount{}, false
		}
	}
	k := j
	for k < len(s) && s[k] == ' ' {
		k++
	}
	a := amount{end: j, value: value}
	if m, ok := w.scales.at(s[k:]); ok {
		times, _ := strconv.ParseFloat(m.value, 64)
		a.value, a.end, a.scale = value*times, k+len(m.word), m.word
	}
	if !a.scaled() && !digit(rune(s[i])) {
		return amount{}, false // a bare Chinese numeral is not an amount
	}
	return a, true
}

// digits reads 1500, 1,500, 1.500, 1 500 is two numbers, 1.5.
func digits(s string, i int) (float64, int) {
	j := i
	value := 0.0
	for j < len(s) && digit(rune(s[j])) {
		value = value*10 + float64(s[j]-'0')
		j++
	}
	for j+1 < len(s) && (s[j] == ',' || s[j] == '.') && digit(rune(s[j+1])) {
		k := j + 1
		part, n := 0.0, 0
		for k < len(s) && digit(rune(s[k])) {
			part = part*10 + float64(s[k]-'0')
			n++
			k++
		}
		if n == 3 && value > 0 && j-i <= 3 || n == 3 && strings.ContainsAny(s[i:j], ",.") {
			value = value*1000 + part
			j = k
			continue
		}
		for range n {
			part /= 10
		}
		return value + part, k
	}
	return value, j
}

// hanNumber reads 五, 十二, 三十, 几 before a scale.
func hanNumber(s string, i int) (float64, int) {
	total, last := 0.0, 0.0
	j := i
	for j < len(s) {
		r, n := utf8.DecodeRuneInString(s[j:])
		v := hanDigit(r)
		if v == 0 {
			break
		}
		if v >= 10 {
			if last == 0 {
				last = 1
			}
			total += last * v
			last = 0
		} else {
			last = max(last, v)
		}
		j += n
	}
	return total + last, j
}

// skipNumber moves on from byte i, past the numeral that stands there, to
// where the next number may begin.
func skipNumber(s string, i int) int {
	if _, end := hanNumber(s, i); end > i {
		i = end - 1
	}
	for i++; i < len(s); i++ {
		if c := s[i]; digit(rune(c)) || c >= 0xE4 && c <= 0xE9 {
			return i
		}
	}
	return i
}
