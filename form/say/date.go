package say

import (
	"fmt"
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
	if strings.HasPrefix(v.Tag, "zh") {
		s := year + "年"
		if v.Locale == "zh-Hant-TW" && t.Year() > 1911 {
			s = fmt.Sprintf("%s（民國%d年）", s, t.Year()-1911)
		}
		if len(parts) > 1 {
			s += fmt.Sprintf("%d月", t.Month())
		}
		if len(parts) > 2 {
			s += fmt.Sprintf("%d日", t.Day())
		}
		return s
	}
	if v.Tag == "th" {
		year = fmt.Sprintf("พ.ศ. %d (%d)", t.Year()+543, t.Year())
	}
	switch len(parts) {
	case 1:
		return year
	case 2:
		if v.Tag == "vi" {
			return fmt.Sprintf("tháng %d năm %s", t.Month(), year)
		}
		return v.month(t) + " " + year
	}
	if v.Tag == "vi" {
		return fmt.Sprintf("%d tháng %d năm %s", t.Day(), t.Month(), year)
	}
	return fmt.Sprintf("%d %s %s", t.Day(), v.month(t), year)
}

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
