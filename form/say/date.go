package say

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Date writes a date as people of this language write it. It takes 2023,
// 2023-05 or 2023-05-22 and gives anything else back unchanged. Readers in
// Taiwan and Thailand see the year of the Republic or the Buddhist year beside
// the common era.
func (v *Voice) Date(iso string) string {
	parts := strings.Split(iso, "-")
	layouts := [...]string{"2006", "2006-01", "2006-01-02"}
	if len(parts) > len(layouts) {
		return iso
	}
	t, err := time.Parse(layouts[len(parts)-1], iso)
	if err != nil {
		return iso
	}
	year := strconv.Itoa(t.Year())
	switch {
	case v.Locale == "zh-Hant-TW" && t.Year() > 1911:
		year = fmt.Sprintf("%s年（民國%d年）", year, t.Year()-1911)
	case strings.HasPrefix(v.Tag, "zh"):
		year += "年"
	case v.Tag == "th":
		year = fmt.Sprintf("พ.ศ. %d (%d)", t.Year()+543, t.Year())
	}
	form, ok := dateForms[v.Tag]
	if !ok {
		form = dateForms["en"]
	}
	return strings.NewReplacer(
		"YEAR", year, "MONTH", v.month(t), "M", strconv.Itoa(int(t.Month())), "D", strconv.Itoa(t.Day()),
	).Replace(form[len(parts)-1])
}

// dateForms are how a year, a month and a day are written; M and D are numbers.
var dateForms = map[string][3]string{
	"en":      {"YEAR", "MONTH YEAR", "D MONTH YEAR"},
	"zh-Hant": {"YEAR", "YEARM月", "YEARM月D日"},
	"zh-Hans": {"YEAR", "YEARM月", "YEARM月D日"},
	"vi":      {"YEAR", "tháng M năm YEAR", "D tháng M năm YEAR"},
	"my":      {"YEAR", "YEAR ခုနှစ် MONTHလ", "YEAR ခုနှစ် MONTHလ D ရက်"},
	"km":      {"YEAR", "ខែMONTH ឆ្នាំYEAR", "ថ្ងៃទីD ខែMONTH ឆ្នាំYEAR"},
}

// isoDate is a date as the program's own data writes it.
var isoDate = regexp.MustCompile(`\b(?:19|20)\d\d(?:-\d\d){0,2}\b`)

// Part is a stretch of a text. Dated ones are a date in the reader's language.
type Part struct {
	Text  string
	Dated bool
}

// Dates cuts a text at the dates it holds in the form that Date takes, and
// writes those as people of this language write them. The rest stays as it is,
// so that a page can say that it is in another language.
func (v *Voice) Dates(text string) []Part {
	var parts []Part
	end := 0
	for _, at := range isoDate.FindAllStringIndex(text, -1) {
		if at[0] > end {
			parts = append(parts, Part{Text: text[end:at[0]]})
		}
		parts = append(parts, Part{v.Date(text[at[0]:at[1]]), true})
		end = at[1]
	}
	if end < len(text) {
		parts = append(parts, Part{Text: text[end:]})
	}
	return parts
}

// Hours writes when somebody answers. It takes 24h, 09:00-17:00, Mo 09:00-17:00
// or Mo-Fr 09:00-17:00 and gives anything else back unchanged.
func (v *Voice) Hours(hours string) string {
	if hours == "24h" {
		return v.Say("number.all_day")
	}
	days, times, ok := strings.Cut(hours, " ")
	if !ok {
		return strings.ReplaceAll(hours, "-", "–")
	}
	var said []string
	for _, day := range strings.Split(days, "-") {
		i := slices.Index(shortDays, day)
		if i < 0 {
			return hours
		}
		names, ok := weekdays[v.Tag]
		if !ok {
			names = weekdays["en"]
		}
		said = append(said, names[i])
	}
	to := "–"
	if strings.HasPrefix(v.Tag, "zh") {
		to = "至"
	}
	return strings.Join(said, to) + " " + strings.ReplaceAll(times, "-", "–")
}

// shortDays are the days as the program's own data writes them.
var shortDays = []string{"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"}

// month is the month's name; languages without a list here use English names.
func (v *Voice) month(t time.Time) string {
	names, ok := months[v.Tag]
	if !ok {
		return t.Month().String()
	}
	return names[t.Month()-1]
}

// Month names follow Unicode CLDR 44 (wide, format), checked 2026-11-24.
var months = map[string][12]string{
	"ms": {"Januari", "Februari", "Mac", "April", "Mei", "Jun", "Julai", "Ogos", "September", "Oktober", "November", "Disember"},
	"id": {"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"},
	"tl": {"Enero", "Pebrero", "Marso", "Abril", "Mayo", "Hunyo", "Hulyo", "Agosto", "Setyembre", "Oktubre", "Nobyembre", "Disyembre"},
	"th": {"มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน", "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม"},
	"my": {"ဇန်နဝါရီ", "ဖေဖော်ဝါရီ", "မတ်", "ဧပြီ", "မေ", "ဇွန်", "ဇူလိုင်", "ဩဂုတ်", "စက်တင်ဘာ", "အောက်တိုဘာ", "နိုဝင်ဘာ", "ဒီဇင်ဘာ"},
	"km": {"មករា", "កុម្ភៈ", "មីនា", "មេសា", "ឧសភា", "មិថុនា", "កក្កដា", "សីហា", "កញ្ញា", "តុលា", "វិច្ឆិកា", "ធ្នូ"},
	"hi": {"जनवरी", "फ़रवरी", "मार्च", "अप्रैल", "मई", "जून", "जुलाई", "अगस्त", "सितंबर", "अक्टूबर", "नवंबर", "दिसंबर"},
}

// Names of the days, Monday first, after Unicode CLDR 44 (abbreviated where
// people write them so), checked 2026-11-24.
var weekdays = map[string][7]string{
	"en":      {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"},
	"zh-Hant": {"週一", "週二", "週三", "週四", "週五", "週六", "週日"},
	"zh-Hans": {"周一", "周二", "周三", "周四", "周五", "周六", "周日"},
	"ms":      {"Isnin", "Selasa", "Rabu", "Khamis", "Jumaat", "Sabtu", "Ahad"},
	"id":      {"Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"},
	"tl":      {"Lunes", "Martes", "Miyerkules", "Huwebes", "Biyernes", "Sabado", "Linggo"},
	"th":      {"วันจันทร์", "วันอังคาร", "วันพุธ", "วันพฤหัสบดี", "วันศุกร์", "วันเสาร์", "วันอาทิตย์"},
	"vi":      {"thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ Nhật"},
	"my":      {"တနင်္လာ", "အင်္ဂါ", "ဗုဒ္ဓဟူး", "ကြာသပတေး", "သောကြာ", "စနေ", "တနင်္ဂနွေ"},
	"km":      {"ចន្ទ", "អង្គារ", "ពុធ", "ព្រហស្បតិ៍", "សុក្រ", "សៅរ៍", "អាទិត្យ"},
	"hi":      {"सोमवार", "मंगलवार", "बुधवार", "गुरुवार", "शुक्रवार", "शनिवार", "रविवार"},
}
