package exchange

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestFieldNames: no name leads to two fields, every language has names for
// every field, and each name finds its field.
func TestFieldNames(t *testing.T) {
	seen := map[string]string{}
	ids := map[string]bool{}
	for _, f := range Fields() {
		if ids[f.ID] {
			t.Errorf("%s stands twice", f.ID)
		}
		ids[f.ID] = true
	}
	for _, f := range Fields() {
		if f.Second != "" && !ids[f.Second] {
			t.Errorf("%s: second %s is no field", f.ID, f.Second)
		}
		for _, tag := range []string{"en", "zh-Hant", "th", "vi", "ms", "id"} { // what zh-Hans shares stands under zh-Hant
			if len(f.Names[tag]) == 0 {
				t.Errorf("%s has no name in %s", f.ID, tag)
			}
		}
		for tag, all := range f.Names {
			if !slices.Contains([]string{"en", "zh-Hant", "zh-Hans", "th", "vi", "ms", "id"}, tag) {
				t.Errorf("%s: language %s", f.ID, tag)
			}
			for _, name := range all {
				key := strings.ReplaceAll(fold(name), " ", "")
				if key == "" {
					key = name
				}
				if other, there := seen[key]; there && other != f.ID {
					t.Errorf("%q stands under %s and %s", name, other, f.ID)
				}
				seen[key] = f.ID
				if m := Map([]string{name}, Fields()); m.Columns[0].Field != f.ID || m.Columns[0].Sureness != Sure {
					t.Errorf("%q: %+v, want %s", name, m.Columns[0], f.ID)
				}
			}
		}
	}
}

func TestMap(t *testing.T) {
	for _, c := range []struct {
		name   string
		header []string
		want   []string // field and sureness
	}{
		{"the interface of match", []string{"id", "name", "other_names", "birth_date", "sex", "nationality", "phone", "document", "place"}, []string{"id sure", "name sure", "other_names sure", "birth_date sure", "sex sure", "nationality sure", "phone sure", "document sure", "place sure"}},
		{"traditional", []string{"序號", "姓名", "英文姓名", "出生年月日", "性別", "國籍", "護照號碼", "聯絡電話", "受困園區", "家屬電話", "備註"}, []string{"id sure", "name sure", "other_names likely", "birth_date sure", "sex sure", "nationality sure", "document sure", "phone sure", "place sure", "family_phone sure", "note sure"}},
		{"simplified", []string{"编号", "姓名", "出生日期", "性别", "国籍", "护照号码", "联系电话", "备注"}, []string{"id sure", "name sure", "birth_date sure", "sex sure", "nationality sure", "document sure", "phone sure", "note sure"}},
		{"Thai", []string{"ลำดับ", "ชื่อ - นามสกุล", "วัน เดือน ปี เกิด", "เบอร์โทร", "สัญชาติ", "หมายเหตุ"}, []string{"id sure", "name sure", "birth_date sure", "phone sure", "nationality sure", "note sure"}},
		{"Vietnamese, tone marks lost", []string{"STT", "Ho va ten", "NGÀY SINH", "SĐT", "Quốc tịch", "Ghi chu"}, []string{"id sure", "name sure", "birth_date sure", "phone sure", "nationality sure", "note sure"}},
		{"Malay", []string{"Bil.", "Nama Penuh", "Tarikh Lahir", "No. Telefon", "Warganegara", "No. Pasport", "Catatan"}, []string{"id sure", "name sure", "birth_date sure", "phone sure", "nationality sure", "document sure", "note sure"}},
		{"Indonesian", []string{"No", "Nama Lengkap", "Tgl. Lahir", "No HP", "Jenis Kelamin", "NIK", "Keterangan"}, []string{"id sure", "name sure", "birth_date sure", "phone sure", "sex sure", "document sure", "note sure"}},
		{"two languages in one name", []string{"姓名 / Name", "電話(Phone)", "出生日期\nDate of birth"}, []string{"name sure", "phone sure", "birth_date sure"}},
		{"more than the name", []string{"姓名(中英文)", "Phone 2", "出生日期（西元）", "*Nationality*"}, []string{"name likely", "phone likely", "birth_date likely", "nationality sure"}},
		{"a word in a sentence", []string{"What is the passport number you remember?", "目前手機號碼請填寫"}, []string{"document unsure", "phone unsure"}},
		{"whose phone?", []string{"the phone of the victim's aunt mother"}, []string{" none"}},
		{"two for one", []string{"性別", "Gender"}, []string{"sex sure", " none"}},
		{"a surer one later", []string{"date of birth as she said", "生日"}, []string{" none", "birth_date sure"}},
		{"nobody knows", []string{"Zorblax", "", "   ", "💥"}, []string{" none", " none", " none", " none"}},
		{"a part of another word", []string{"username", "ageing", "passage"}, []string{" none", " none", " none"}},
	} {
		m := Map(c.header, Fields())
		var got []string
		for i, col := range m.Columns {
			got = append(got, col.Field+" "+col.Sureness.String())
			if col.Index != i || col.Header != c.header[i] || col.Why == "" {
				t.Errorf("%s: %+v", c.name, col)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s:\n%q, want\n%q", c.name, got, c.want)
		}
	}
}

func TestChoose(t *testing.T) {
	m := Map([]string{"id", "who", "name", "tel", "mobile"}, Fields("id", "name", "phone"))
	row := []string{"7", "Ah Made", "Made Up", " ", "0900"}
	if m.Value(row, "name") != "Made Up" || !slices.Equal(m.Values(row, "phone"), []string{"0900"}) || m.Value(row[:1], "phone") != "" {
		t.Errorf("%q %q", m.Value(row, "name"), m.Values(row, "phone"))
	}
	if l := m.Leftover(); len(l) != 1 || l[0].Header != "who" {
		t.Errorf("left over: %+v", l)
	}
	if err := m.Choose(1, "name"); err != nil {
		t.Fatal(err)
	}
	if c := m.Columns[1]; c.Field != "name" || c.Sureness != Chosen {
		t.Errorf("%+v", c)
	}
	if l := m.Leftover(); len(l) != 1 || l[0].Header != "name" || m.Value(row, "name") != "Ah Made" {
		t.Errorf("left over: %+v", l)
	}
	if err := m.Choose(0, "phone"); err != nil || !slices.Equal(m.Values(row, "phone"), []string{"7", "0900"}) {
		t.Errorf("%v %q", err, m.Values(row, "phone"))
	}
	if !slices.Equal(m.Missing(), []string{"id"}) {
		t.Errorf("missing: %q", m.Missing())
	}
	if err := m.Choose(0, ""); err != nil || len(m.Leftover()) != 2 {
		t.Errorf("%v %+v", err, m.Leftover())
	}
	if err := m.Choose(0, "shoe size"); err == nil || !strings.Contains(err.Error(), "there are id, name, phone") {
		t.Errorf("%v", err)
	}
	if err := m.Choose(5, "id"); err == nil || !strings.Contains(err.Error(), "the list has 5") {
		t.Errorf("%v", err)
	}
}

// TestMapDropsNothing: whatever the names are and whatever is chosen, every
// column is either of a field or left over, and only a field that allows it
// has several.
func TestMapDropsNothing(t *testing.T) {
	fields := Fields()
	some := rapid.OneOf(rapid.String(), rapid.Custom(func(t *rapid.T) string {
		f := rapid.SampledFrom(fields).Draw(t, "field")
		return rapid.SampledFrom(f.Names["zh-Hant"]).Draw(t, "name") + rapid.SampledFrom([]string{"", " 2", "/Name", "(x)"}).Draw(t, "tail")
	}))
	rapid.Check(t, func(t *rapid.T) {
		header := rapid.SliceOfN(some, 0, 12).Draw(t, "header")
		m := Map(header, fields)
		for range rapid.IntRange(0, 4).Draw(t, "choices") {
			if len(header) > 0 {
				if err := m.Choose(rapid.IntRange(0, len(header)-1).Draw(t, "column"), rapid.SampledFrom(fields).Draw(t, "to").ID); err != nil {
					t.Fatal(err)
				}
			}
		}
		has := map[string]int{}
		for i, c := range m.Columns {
			if c.Index != i || c.Header != header[i] || (c.Field == "") != (c.Sureness == None) {
				t.Fatalf("%+v", c)
			}
			if c.Field != "" {
				has[c.Field]++
			}
		}
		left := len(m.Leftover())
		for _, f := range fields {
			left += has[f.ID]
			if !f.Many && has[f.ID] > 1 {
				t.Fatalf("%s has %d columns", f.ID, has[f.ID])
			}
			if slices.Contains(m.Missing(), f.ID) != (has[f.ID] == 0) {
				t.Fatalf("%s missing or not", f.ID)
			}
		}
		if left != len(header) || len(m.Columns) != len(header) {
			t.Fatalf("%d of %d columns", left, len(header))
		}
	})
}
