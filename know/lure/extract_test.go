package lure

import (
	"slices"
	"testing"

	"homeward/know/text"
)

func TestPay(t *testing.T) {
	p := Default()
	for _, test := range []struct {
		text, code, period string
		amount             float64
	}{
		{"salary USD 3,000 per month", "USD", "month", 3000},
		{"gaji RM8,000 - RM15,000 sebulan", "MYR", "month", 15000},
		{"月薪NT$90,000起", "TWD", "month", 90000},
		{"月薪8-10萬", "TWD", "month", 100000},
		{"月薪22萬日圓", "JPY", "month", 220000},
		{"年薪18-22万人民币", "CNY", "year", 220000},
		{"เงินเดือน 35,000 บาท", "THB", "month", 35000},
		{"lương 25-30 triệu/tháng", "VND", "month", 30e6},
		{"gaji 12 juta per bulan", "IDR", "month", 12e6},
		{"sahod 60k kada buwan po", "PHP", "month", 60000},
		{"gajinya 20jt per bulan bos", "IDR", "month", 20e6},
		{"日薪五千，歡迎應徵", "TWD", "day", 5000},
		{"earn 50 dollars a day", "USD", "day", 50},
		{"you get $3k/mo, no degree", "USD", "month", 3000},
		{"for all of you 3000+ monthly, no degree", "USD", "month", 3000},
		{"we give 60k a month to all of you", "INR", "month", 60000},
		{"posisi admin, 20jt sebulan bersih", "IDR", "month", 20e6},
		{"gaji 30jt, terbang minggu ini", "IDR", "month", 30e6},
		{"guaranteed KES 150,000 for the team", "KES", "month", 150000},
		{"₦400k monthly for all of you", "NGN", "month", 400000},
		{"package UGX 4,000,000 per month", "UGX", "month", 4e6},
		{"basic NPR 150,000 and food", "NPR", "month", 150000},
		{"Tk 90,000 per month in hand", "BDT", "month", 90000},
		{"PKR 300,000 per month", "PKR", "month", 300000},
		{"LKR 250,000 per month", "LKR", "month", 250000},
		{"GHS 9,000 per month", "GHS", "month", 9000},
		{"€2,500 per month", "EUR", "month", 2500},
		{"ETB 60,000 per month", "ETB", "month", 60000},
		{"15,000 MAD per month", "MAD", "month", 15000},
		{"30,000,000 kip per month", "LAK", "month", 30e6},
	} {
		n := text.Normalize(test.text)
		got := p.pays(n.Text, text.Languages(test.text))
		got = slices.DeleteFunc(got, func(m pay) bool { return m.bare })
		if len(got) != 1 {
			t.Errorf("%q: %d amounts, want one: %v", test.text, len(got), got)
			continue
		}
		if g := got[0]; g.code != test.code || g.period != test.period || g.amount != test.amount {
			t.Errorf("%q: %v %s %s, want %v %s %s", test.text, g.amount, g.code, g.period, test.amount, test.code, test.period)
		}
	}
	for _, s := range []string{
		"call 0900 000 111", "born in 1987", "on 3 May at 10:30", "the ticket is 300", "3000 people came", "version 2.5.1",
		"we have 5000 monthly visitors", "we do 30k a day of steps, then", "the base is 4000 metres up", "a salary since 2019", "we guarantee 1000 likes",
	} {
		n := text.Normalize(s)
		if got := p.pays(n.Text, text.Languages(s)); slices.ContainsFunc(got, func(m pay) bool { return !m.bare }) {
			t.Errorf("%q is no pay: %v", s, got)
		}
	}
}

func TestContacts(t *testing.T) {
	p := Default()
	for _, test := range []struct{ text, kind string }{
		{"write to @demo_hr77", "messenger"},
		{"https://t.me/demo_x", "messenger"},
		{"t.me/+demo", "messenger"},
		{"LINE ID: demo_88", "messenger"},
		{"加LINE：demo_hr_0000", "messenger"},
		{"微信号：demo_hr_00", "messenger"},
		{"call +60 10-000 0123", "phone"},
		{"電話 0900-000-111", "phone"},
		{"mail hr@example.com", "mail"},
		{"www.example.com", "site"},
	} {
		found := false
		for _, c := range p.contacts(text.Normalize(test.text).Text) {
			found = found || c.kind == test.kind
		}
		if !found {
			t.Errorf("%q: no %s in %v", test.text, test.kind, p.contacts(text.Normalize(test.text).Text))
		}
	}
	for _, s := range []string{"pay 1,500,000 dong", "call 165", "the line is long", "in 2024-2025"} {
		if got := p.contacts(text.Normalize(s).Text); len(got) > 0 {
			t.Errorf("%q holds no contact: %v", s, got)
		}
	}
}

func TestAges(t *testing.T) {
	p := Default()
	for _, test := range []struct {
		text     string
		from, to int
	}{
		{"age 18-35", 18, 35}, {"16 - 25歲", 16, 25}, {"umur 20 hingga 35", 20, 35}, {"อายุ 18-40 ปี", 18, 40},
	} {
		got := p.ages(text.Normalize(test.text).Text)
		if len(got) != 1 || got[0].from != test.from || got[0].to != test.to {
			t.Errorf("%q: %v, want %d-%d", test.text, got, test.from, test.to)
		}
	}
}
