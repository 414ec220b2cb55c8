package person

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"homeward/know/name"
)

// Record is a person as one list or report has them, field by field as it was
// written. Every field but the name may be missing.
type Record struct {
	ID, Name, OtherNames, BirthDate, Sex, Nationality, Phone, Document, Place string
}

// Person is a record taken apart for comparing: a pure function of it.
type Person struct {
	Record    Record
	Notes     []string // what was not counted, and why
	names     []*name.Name
	births    []Date
	sex       byte
	nations   []string
	phones    []string
	documents []string
	place     []string
	company   bool
	key       string // all of it, to bring two persons into one order
}

// Bounds of what is read of a field; the rest is passed over, and a note says
// so.
const (
	maxNames = 5
	maxField = 300 // characters
	maxMany  = 4   // phones, documents
	maxPlace = 12  // words
)

// Read takes a record apart.
func Read(r Record) *Person { return read(r, name.Read) }

func read(r Record, readName func(string) *name.Name) *Person {
	p := &Person{Record: r}
	addName := func(s string) {
		switch {
		case strings.TrimSpace(s) == "":
		case filler(s):
			p.note("name: it stands for an unknown one and was not counted")
		default:
			p.addName(readName(s))
		}
	}
	clip := func(field, s string) string {
		if !utf8.ValidString(s) {
			s = strings.ToValidUTF8(s, " ")
		}
		if utf8.RuneCountInString(s) > maxField {
			p.note("only the first 300 characters of the field " + field + " were read")
			s = string([]rune(s)[:maxField])
		}
		return norm.NFKC.String(s)
	}
	addName(r.Name)
	others := strings.FieldsFunc(clip("other_names", r.OtherNames), func(r rune) bool { return strings.ContainsRune(";|\n\t；、", r) })
	for _, o := range others {
		if len(p.names) == maxNames {
			p.note("only the first five names were compared")
			break
		}
		addName(o)
	}
	var note string
	if p.births, note = ReadDate(clip("birth_date", r.BirthDate)); note != "" {
		p.note(note)
	}
	p.sex = readSex(clip("sex", r.Sex))
	p.nations = readNations(clip("nationality", r.Nationality))
	p.readPhones(clip("phone", r.Phone))
	p.readDocuments(clip("document", r.Document))
	p.place = placeWords(knownPlaces(clip("place", r.Place)))
	p.key = strings.Join([]string{r.Name, r.OtherNames, r.BirthDate, r.Sex, r.Nationality, r.Phone, r.Document, r.Place, r.ID}, "\x00")
	return p
}

func (p *Person) readPhones(s string) {
	for _, x := range split(s) {
		d := digits(x)
		switch {
		case len(d) < 7 || len(d) > 15 || len(p.phones) == maxMany:
		case fillerDigits(d):
			p.note("the phone is a row of digits that fills the field: it was not counted")
		default:
			p.phones = append(p.phones, d)
		}
	}
}

func (p *Person) readDocuments(s string) {
	for _, x := range split(s) {
		if d := documentNumber(x); d != "" && len(p.documents) < maxMany {
			p.documents = append(p.documents, d)
		}
	}
	if len(p.documents) == 0 && strings.TrimSpace(s) != "" {
		p.note("the document is no number: it was not counted")
	}
}

func (p *Person) note(s string) {
	if !slices.Contains(p.Notes, s) {
		p.Notes = append(p.Notes, s)
	}
}

func (p *Person) addName(n *name.Name) {
	for _, x := range n.Notes {
		p.note("name: " + string(x))
		p.company = p.company || x == name.Company
	}
	if n.Readable() {
		p.names = append(p.names, n)
	}
}

func split(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(";|,/\n\t；、，", r) })
}

func digits(s string) string {
	var b strings.Builder
	for _, r := range s {
		if v := digit(r); v >= 0 {
			b.WriteByte(byte('0' + v))
		}
	}
	return b.String()
}

func alnum(s string) string {
	var b strings.Builder
	for _, r := range s {
		if c := alnumByte(r); c != 0 {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// alnumByte is a digit of any script or a capital letter A to Z; 0 for the rest.
func alnumByte(r rune) byte {
	if v := digit(r); v >= 0 {
		return byte('0' + v)
	}
	if r = unicode.ToUpper(r); r >= 'A' && r <= 'Z' {
		return byte(r)
	}
	return 0
}

var sexWords = map[string]byte{
	"m": 'm', "male": 'm', "man": 'm', "boy": 'm', "男": 'm', "男性": 'm', "ชาย": 'm', "lelaki": 'm', "laki-laki": 'm', "nam": 'm', "l": 'm', "lalaki": 'm', "पुरुष": 'm', "남": 'm', "ប្រុស": 'm', "ကျား": 'm', "h": 'm',
	"f": 'f', "female": 'f', "woman": 'f', "girl": 'f', "女": 'f', "女性": 'f', "หญิง": 'f', "perempuan": 'f', "nữ": 'f', "nu": 'f', "p": 'f', "babae": 'f', "wanita": 'f', "महिला": 'f', "여": 'f', "ស្រី": 'f', "မ": 'f',
}

func readSex(s string) byte { return sexWords[strings.ToLower(strings.TrimSpace(s))] }

// nations maps what people write to ISO 3166 codes; what is not listed is
// compared as it stands.
var nations = func() map[string]string {
	m := map[string]string{}
	for _, l := range []string{
		"cn china chn chinese prc 中国 中國 大陆 大陸 จีน tiongkok cina trung-quốc", "tw taiwan twn taiwanese roc 台湾 台灣 臺灣 ไต้หวัน", "hk hong-kong hkg hongkong 香港 hongkonger", "mo macau mac macao 澳门 澳門",
		"my malaysia mys malaysian 马来西亚 馬來西亞 มาเลเซีย", "sg singapore sgp singaporean 新加坡 สิงคโปร์", "id indonesia idn indonesian 印尼 印度尼西亚 印度尼西亞 อินโดนีเซีย", "th thailand tha thái-lan thai 泰国 泰國 ไทย", "vn vietnam vnm vietnamese viet-nam 越南 việt-nam เวียดนาม", "mm myanmar mmr miến-điện burma burmese 缅甸 緬甸 เมียนมา พม่า", "kh cambodia khm campuchia cambodian khmer 柬埔寨 กัมพูชา", "la laos lao lào laotian 老挝 老撾 寮国 寮國 ลาว", "ph philippines phl filipino filipina pilipinas 菲律宾 菲律賓 ฟิลิปปินส์", "in india ind indian อินเดีย ấn-độ 印度 भारत", "np nepal npl เนปาล nepali nepalese 尼泊尔 नेपाल", "lk sri-lanka lka ศรีลังกา srilanka sri-lankan 斯里兰卡 斯里蘭卡", "bd bangladesh bgd บังกลาเทศ bangladeshi 孟加拉 孟加拉国 孟加拉國", "pk pakistan pak ปากีสถาน pakistani 巴基斯坦", "kr south-korea kor korea korean 韩国 韓國 한국 대한민국", "kp north-korea prk 朝鲜", "jp japan jpn japanese 日本", "ke kenya ken kenyan", "ug uganda uga ugandan", "et ethiopia eth ethiopian", "ng nigeria nga nigerian", "za south-africa zaf", "tz tanzania tza", "gh ghana gha", "mn mongolia mng mongolian 蒙古", "kz kazakhstan kaz", "uz uzbekistan uzb", "kg kyrgyzstan kgz", "ru russia rus russian", "ua ukraine ukr", "br brazil bra brazilian", "ma morocco mar moroccan", "eg egypt egy", "us usa united-states american 美国 美國", "gb uk united-kingdom gbr british 英国 英國", "au australia aus australian 澳大利亚", "ca canada can canadian 加拿大",
	} {
		f := strings.Fields(l)
		for _, w := range f {
			m[strings.ReplaceAll(w, "-", " ")] = f[0]
		}
	}
	return m
}()

// nationWords are the words of places that are only names of countries.
var nationWords = func() map[string]bool {
	m := map[string]bool{}
	for n := range nations {
		for _, w := range placeWords(n) {
			m[w] = true
		}
	}
	return m
}()

func readNations(s string) []string {
	var out []string
	if filler(s) { // n/a, which split takes apart
		return nil
	}
	for _, x := range split(strings.ToLower(s)) {
		x = strings.TrimSpace(strings.ReplaceAll(x, "-", " "))
		if c, ok := nations[x]; ok {
			x = c
		}
		if x != "" && !filler(x) && len(out) < 3 && !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	return out
}

// knownPlaces leaves out the parts of a place that only say nobody knows it.
func knownPlaces(s string) string {
	if filler(s) { // n/a, which split takes apart
		return ""
	}
	return strings.Join(slices.DeleteFunc(split(s), filler), " ")
}

// placeWords are the words of a place in plain letters; a place in characters
// without spaces gives its pairs of characters.
func placeWords(s string) []string {
	var out []string
	add := func(w string) {
		if w != "" && len(out) < maxPlace && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	for _, w := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	}) {
		if strings.IndexFunc(w, unicode.IsDigit) >= 0 {
			add(strings.ToLower(alnum(w)))
			continue
		}
		if p := name.Plain(w); p != "" {
			add(p)
			continue
		}
		r := []rune(w)
		if len(r) <= 2 {
			add(w)
		}
		for i := 0; i+1 < len(r) && len(r) > 2; i++ {
			add(string(r[i : i+2]))
		}
	}
	return out
}
