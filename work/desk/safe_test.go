package desk

import (
	"slices"
	"strings"
	"testing"
	"time"

	"homeward/work/intake"
)

func TestSafety(t *testing.T) {
	at := func(clock string) time.Time {
		c, err := time.Parse("15:04", clock)
		if err != nil {
			t.Fatal(err)
		}
		return time.Date(2026, 5, 4, c.Hour(), c.Minute(), 0, 0, time.UTC)
	}
	for _, c := range []struct {
		name string
		r    intake.Report
		utc  string
		want Verdict
	}{
		{"nothing is known", intake.Report{First: true}, "12:00", CannotTell},
		{"not first, whatever the hour", intake.Report{Where: "Cambodia", Safe: "22:00-23:00"}, "15:30", NotFirst},
		{"a country and no hours", intake.Report{First: true, Where: "Cambodia", Safe: "after work"}, "15:30", CannotTell},
		{"hours and no country", intake.Report{First: true, Safe: "22:00-23:00"}, "15:30", CannotTell},
		{"within", intake.Report{First: true, Where: "Sihanoukville", Safe: "22:00-23:00"}, "15:30", Stated},
		{"before", intake.Report{First: true, Where: "Sihanoukville", Safe: "22:00-23:00"}, "14:30", NotNow},
		{"over midnight", intake.Report{First: true, Where: "in KK Park", Safe: "10pm to 6am"}, "20:00", Stated},
		{"half an hour off", intake.Report{First: true, Where: "Myawaddy", Safe: "10pm-11pm"}, "15:15", NotNow},
		{"never wins", intake.Report{First: true, Where: "Laos", Safe: "8-12 pm", Unsafe: "13:00 - 15:00"}, "07:00", NotNow},
		{"outside never, nothing else said", intake.Report{First: true, Where: "Laos", Unsafe: "13:00 - 15:00"}, "12:00", CannotTell},
		{"never in words alone", intake.Report{First: true, Where: "Laos", Safe: "10:00-12:00", Unsafe: "when the boss is here"}, "04:00", CannotTell},
		{"two countries that disagree", intake.Report{First: true, Where: "Myanmar or Malaysia", Safe: "10:00-11:00"}, "02:30", NotNow},
		{"in Chinese", intake.Report{First: true, Where: "人在西港", Safe: "22點到23點"}, "15:30", Stated},
		{"a telephone number is no hour", intake.Report{First: true, Where: "Thailand", Safe: "call 10-20"}, "03:30", CannotTell},
	} {
		if got := safety(c.r, at(c.utc)); got.Verdict != c.want {
			t.Errorf("%s: %q, want %q: %+v", c.name, got.Verdict, c.want, got)
		}
	}
	s := safety(intake.Report{Where: "Batam, Indonesia"}, at("12:00"))
	var zones []string
	for _, l := range s.Clocks {
		zones = append(zones, l.Clock+" "+l.Zone())
	}
	if !slices.Equal(zones, []string{"19:00 UTC+7:00", "20:00 UTC+8:00", "21:00 UTC+9:00"}) {
		t.Errorf("%v", zones)
	}
	for _, text := range []string{"a chinaware shop", "Indianapolis", "the philippinesian"} {
		if got := clocks(text, at("12:00")); got != nil {
			t.Errorf("%q names a country: %v", text, got)
		}
	}
}

func FuzzSpans(f *testing.F) {
	for _, s := range []string{"22:00-06:00", "10pm to 6am", "22點到6點", "99:99-99:99", strings.Repeat("1-", 50)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, x := range spans(s) {
			if x.from < 0 || x.from >= 24*60 || x.to < 0 || x.to >= 24*60 {
				t.Errorf("%q: %v", s, x)
			}
		}
	})
}
