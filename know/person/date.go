package person

import (
	"fmt"
	"strings"
	"time"
	"unicode"
)

// Date is one way to read what stands as a birth date. Month and day are 0
// where they are not given.
type Date struct {
	Year, Month, Day int
	Cost             float64 // bits this reading is behind the plainest one
	How              string  // what was done to get it, "" for nothing
}

// Years outside this range are no year of birth, in any calendar used here;
// history has its place, for old registers are compared too.
const (
	firstYear = 1000
	lastYear  = 2100
)

const (
	rocOffset  = 1911 // 民國 1 is 1912
	thaiOffset = 543  // B.E. 2541 is 1998
)

// eras count years from their own beginning: to offset the year is added.
var eras = []struct {
	name   string
	words  []string
	offset int
}{
	{"民國", []string{"民國", "民国", "ROC"}, rocOffset},
	{"昭和", []string{"昭和"}, 1925}, // 昭和 1 is 1926
	{"平成", []string{"平成"}, 1988},
	{"令和", []string{"令和"}, 2018},
}

// eraOf gives the era that a date names, "" for none.
func eraOf(s string) (name string, offset int) {
	s = strings.ToUpper(s)
	for _, e := range eras {
		for _, w := range e.words {
			if strings.Contains(s, w) {
				return e.name, e.offset
			}
		}
	}
	return "", 0
}

// oldest is the highest lone number that is taken for an age.
const oldest = 119

// A spreadsheet keeps a date as the number of days since the end of 1899, and
// gives that number away where the column lost its format. Those of five digits
// in this range are from 1927 to 2028.
const (
	firstSerial = 10000
	lastSerial  = 47000
)

// ofSerial is the day of a spreadsheet's number. They all believe that there was
// a 29 February 1900, so that the count begins two days before 1 January 1900.
func ofSerial(n int) time.Time { return time.Date(1899, 12, 30+n, 0, 0, 0, 0, time.UTC) }

func (d Date) text() string {
	switch {
	case d.Month == 0:
		return fmt.Sprintf("%04d", d.Year)
	case d.Day == 0:
		return fmt.Sprintf("%04d-%02d", d.Year, d.Month)
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

var monthNames = func() map[string]int {
	m := map[string]int{}
	for i, names := range []string{
		"january jan januari ม.ค มกราคม thang1", "february feb februari ก.พ กุมภาพันธ์", "march mar mac maret มี.ค มีนาคม", "april apr เม.ย เมษายน", "may mei พ.ค พฤษภาคม", "june jun juni มิ.ย มิถุนายน",
		"july jul julai juli ก.ค กรกฎาคม", "august aug ogos agustus ส.ค สิงหาคม", "september sep sept ก.ย กันยายน", "october oct oktober okt ต.ค ตุลาคม", "november nov พ.ย พฤศจิกายน", "december dec disember desember dis ธ.ค ธันวาคม",
	} {
		for _, n := range strings.Fields(names) {
			m[n] = i + 1
		}
	}
	return m
}()

// ReadDate takes a birth date as somebody wrote it and gives every sensible
// reading, the plainest first; none, and a note, where there is none. The
// calendars are the Gregorian, the Republic of China's (民國87 is 1998), the
// Japanese (平成10 is 1998) and the Buddhist (2541 is 1998).
func ReadDate(s string) ([]Date, string) {
	s = strings.TrimSpace(s)
	if s == "" {
		return nil, ""
	}
	if len(s) > 80 {
		return nil, "the birth date is too long to be one"
	}
	s = strings.TrimSuffix(plainNumerals(s), ".0") // 33351.0 is a spreadsheet's too
	era, offset := eraOf(s)
	thai := strings.Contains(s, "พ.ศ") || strings.Contains(strings.ToUpper(s), "B.E")
	n, month, lens := numbers(s)
	if len(n) == 1 && month == 0 && era == "" && !thai && lens[0] <= 3 && n[0] <= oldest && !strings.Contains(s, "年") {
		return nil, "an age, not a date: it was not counted"
	}
	var out []Date
	add := func(y, m, d int, cost float64, how string) {
		if valid(y, m, d) {
			out = append(out, Date{y, m, d, cost, how})
		}
	}
	year := func(y, digits, m, d int, cost float64) {
		switch {
		case era != "" && y <= 150:
			add(y+offset, m, d, cost, fmt.Sprintf("%s%d = %d", era, y, y+offset))
		case thai && y > 2300:
			add(y-thaiOffset, m, d, cost, fmt.Sprintf("B.E. %d = %d", y, y-thaiOffset))
		case y > 2300 && y <= 2650:
			add(y-thaiOffset, m, d, cost, fmt.Sprintf("Buddhist year %d = %d", y, y-thaiOffset))
		case digits <= 2 && y < 100:
			add(y+1900, m, d, cost, "")
			add(y+2000, m, d, cost+2.5, "")
			add(y+rocOffset, m, d, cost+2, fmt.Sprintf("民國%d = %d", y, y+rocOffset))
		case digits == 3 && y <= 150:
			add(y+rocOffset, m, d, cost, fmt.Sprintf("民國%d = %d", y, y+rocOffset))
		default:
			add(y, m, d, cost, "")
		}
	}
	switch {
	case month > 0 && len(n) == 2: // 5 March 1998, March 5 1998
		if lens[0] >= 3 {
			year(n[0], lens[0], month, n[1], 0)
		} else {
			year(n[1], lens[1], month, n[0], 0)
		}
	case month > 0 && len(n) == 1:
		year(n[0], lens[0], month, 0, 0)
	case len(n) == 1 && lens[0] == 8:
		year(n[0]/10000, 4, n[0]/100%100, n[0]%100, 0)
		if len(out) == 0 { // a slip in the day or month: 19930299
			year(n[0]/10000, 4, 0, 0, 0)
		}
	case len(n) == 1 && (lens[0] == 6 || lens[0] == 7):
		if lens[0] == 7 {
			year(n[0]/10000, 3, n[0]/100%100, n[0]%100, 0)
		} else {
			year(n[0]/10000, 2, n[0]/100%100, n[0]%100, 0)
			year(n[0]/100, 4, n[0]%100, 0, 1)
		}
	case len(n) == 1 && lens[0] == 5 && n[0] >= firstSerial && n[0] <= lastSerial:
		y, m, d := ofSerial(n[0]).Date()
		add(y, int(m), d, 1, "a spreadsheet's day number")
	case len(n) == 1:
		year(n[0], lens[0], 0, 0, 0)
	case len(n) == 2 && lens[0] >= 3:
		year(n[0], lens[0], n[1], 0, 0)
	case len(n) == 2 && lens[1] >= 3:
		year(n[1], lens[1], n[0], 0, 0)
	case len(n) == 2 && era != "":
		year(n[0], lens[0], n[1], 0, 0)
	case len(n) >= 3 && (lens[0] >= 3 || era != ""):
		if year(n[0], lens[0], n[1], n[2], 0); len(out) == 0 {
			year(n[0], lens[0], n[2], n[1], 3) // 1998-30-12
		}
	case len(n) >= 3 && lens[2] >= 3:
		year(n[2], lens[2], n[1], n[0], 0)
		from := len(out)
		year(n[2], lens[2], n[0], n[1], 1)
		for i := from; i < len(out) && from > 0; i++ { // 4/7/1996: what is said of it must say which was meant
			out[i].How = strings.TrimPrefix(out[i].How+", taken as month and day", ", ")
		}
	case len(n) >= 3:
		year(n[0], lens[0], n[1], n[2], 0)   // 87/3/5
		year(n[2], lens[2], n[1], n[0], .5)  // 5/3/87
		year(n[2], lens[2], n[0], n[1], 1.5) // 3/5/87
	}
	onlyYear := len(out) == 0
	if len(out) == 0 && len(n) >= 3 { // the year alone, where day or month cannot be
		if lens[0] == 4 {
			year(n[0], 4, 0, 0, 0)
		} else if lens[2] == 4 {
			year(n[2], 4, 0, 0, 0)
		}
	}
	out = dedupe(out)
	for i, y := range n {
		if len(out) == 0 && lens[i] == 4 && y > lastYear {
			return nil, fmt.Sprintf("nobody is born in %d yet: the birth date was not counted", y)
		}
	}
	switch {
	case len(out) == 0:
		return nil, "the birth date could not be read and was not counted"
	case out[0].Year > 2030:
		return nil, fmt.Sprintf("nobody is born in %d yet: the birth date was not counted", out[0].Year)
	case out[0].Year < 1900:
		return out, fmt.Sprintf("born in %d: hardly a living person", out[0].Year)
	case onlyYear:
		return out, "there is no such day: only the year of birth was used"
	}
	return out, ""
}

func dedupe(in []Date) []Date {
	var out []Date
	for _, d := range in {
		same := false
		for _, o := range out {
			same = same || o.Year == d.Year && o.Month == d.Month && o.Day == d.Day
		}
		if !same && len(out) < 6 {
			out = append(out, d)
		}
	}
	return out
}

func valid(y, m, d int) bool {
	return y >= firstYear && y <= lastYear && m >= 0 && m <= 12 && d >= 0 && d <= longest[m] && (m > 0 || d == 0)
}

// longest is how many days a month can have.
var longest = [13]int{0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

// numbers finds the numbers of s, at most four of at most eight digits, and a
// month that is written as a word.
func numbers(s string) (n []int, month int, lens []int) {
	var word strings.Builder
	flush := func() {
		w := strings.ToLower(strings.Trim(word.String(), "."))
		word.Reset()
		if m, ok := monthNames[w]; ok && month == 0 {
			month = m
		}
	}
	value, digits := 0, 0
	end := func() {
		if digits > 0 && digits <= 8 && len(n) < 4 {
			n, lens = append(n, value), append(lens, digits)
		}
		value, digits = 0, 0
	}
	for _, r := range s {
		if v := digit(r); v >= 0 {
			flush()
			if digits < 9 {
				value = value*10 + v
			}
			digits++
			continue
		}
		end()
		if r == 'T' && len(n) == 3 { // 1998-03-05T00:00:00
			return n, month, lens
		}
		if unicode.IsLetter(r) || unicode.IsMark(r) || r == '.' && word.Len() > 0 {
			if word.Len() < 60 {
				word.WriteRune(r)
			}
		} else {
			flush()
		}
	}
	end()
	flush()
	return n, month, lens
}

// digit gives the value of a decimal digit of any script, or -1.
func digit(r rune) int {
	switch {
	case r >= '0' && r <= '9':
		return int(r - '0')
	case !unicode.IsDigit(r):
		return -1
	}
	for _, zero := range []rune{0x660, 0x6F0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xE50, 0xED0, 0xF20, 0x1040, 0x17E0, 0x1810, 0xFF10} {
		if r >= zero && r <= zero+9 {
			return int(r - zero)
		}
	}
	return -1
}

// newYear says whether a date is 1 January, which forms and lists write where the
// day is not known.
func (d Date) newYear() bool { return d.Month == 1 && d.Day == 1 }

// dateLevel is how two birth dates agree.
func dateLevel(a, b Date) level {
	full := a.Month > 0 && a.Day > 0 && b.Month > 0 && b.Day > 0
	gap := a.Year - b.Year
	if gap < 0 {
		gap = -gap
	}
	switch {
	case !full:
		switch {
		case gap == 0 && a.Month > 0 && b.Month > 0:
			if a.Month == b.Month {
				return birthMonth
			}
			return birthYearOther
		case gap == 0:
			return birthYear
		}
	case a == b || a.Year == b.Year && a.Month == b.Month && a.Day == b.Day:
		if a.newYear() {
			return birthPlaceholder
		}
		return birthSame
	case gap == 0 && a.Month == b.Day && a.Day == b.Month:
		return birthSwapped
	case oneDigit(a, b):
		return birthDigit
	case gap == 0 && a.Month == b.Month:
		return birthMonth
	case a.Month == b.Month && a.Day == b.Day && gap <= 12:
		return birthOtherYear
	case gap == 0 && (a.newYear() || b.newYear()):
		return birthYear
	case gap == 0:
		return birthYearOther
	}
	switch {
	case gap <= 1:
		return birthNextYear
	case gap <= 3:
		return birthNear
	case gap <= 9:
		return birthFar
	}
	return birthDecade
}

// oneDigit says whether the dates differ in one digit, or in two neighbouring
// ones that changed places.
func oneDigit(a, b Date) bool {
	x := fmt.Sprintf("%04d%02d%02d", a.Year, a.Month, a.Day)
	y := fmt.Sprintf("%04d%02d%02d", b.Year, b.Month, b.Day)
	return slip(x, y)
}

// slip says whether two strings of one length differ by one character or one
// swap of neighbours.
func slip(x, y string) bool {
	if len(x) != len(y) {
		return false
	}
	first, count := -1, 0
	for i := range len(x) {
		if x[i] != y[i] {
			if count == 0 {
				first = i
			}
			count++
		}
	}
	return count == 1 || count == 2 && first+1 < len(x) && x[first] == y[first+1] && x[first+1] == y[first]
}
