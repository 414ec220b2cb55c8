package desk

import (
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/pelletier/go-toml/v2"

	"homeward/work/intake"
)

// Safety is what can be said of whether to write to a sender now. It never says that
// it is safe: it compares what the sender wrote with the clocks where they may be.
type Safety struct {
	First   bool   // they said that we may write first
	Says    string // when nobody sees the phone, in their words
	Never   string // when not, in their words
	Clocks  []LocalTime
	Hours   bool    // something was said that could be read as hours
	Verdict Verdict // for all the clocks together
}

// Verdict is what comes of it.
type Verdict string

// Verdicts. Only Stated is a time that the sender themselves named.
const (
	CannotTell Verdict = "cannot tell"
	NotFirst   Verdict = "not first"
	NotNow     Verdict = "not now"
	Stated     Verdict = "stated"
)

// LocalTime is what a clock shows where the sender may be.
type LocalTime struct {
	Country string
	Offset  int // minutes east of Greenwich
	Clock   string
}

//go:embed zones.toml
var zonesFile []byte

type zonePlace struct {
	Country string   `toml:"country"`
	Zones   []int    `toml:"zones"`
	Names   []string `toml:"names"`
}

var zonePlaces = func() []zonePlace {
	var f struct {
		Source    string      `toml:"source"`
		CheckedOn string      `toml:"checked_on"`
		Place     []zonePlace `toml:"place"`
	}
	d := toml.NewDecoder(strings.NewReader(string(zonesFile))).DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		panic("desk: zones.toml: " + err.Error())
	}
	return f.Place
}()

// clocks gives the local times of the countries that a report names.
func clocks(text string, now time.Time) (out []LocalTime) {
	text = strings.ToLower(text)
	for _, p := range zonePlaces {
		if !slices.ContainsFunc(p.Names, func(n string) bool { return names(text, n) }) {
			continue
		}
		for _, z := range p.Zones {
			out = append(out, LocalTime{p.Country, z, now.UTC().Add(time.Duration(z) * time.Minute).Format("15:04")})
		}
	}
	return out
}

// names says whether a text holds a name: as whole words where words have spaces.
func names(text, name string) bool {
	spaced := strings.IndexFunc(name, func(r rune) bool { return !unicode.In(r, unicode.Latin) && !unicode.IsSpace(r) }) < 0
	for from := 0; ; {
		i := strings.Index(text[from:], name)
		if i < 0 {
			return false
		}
		i += from
		end := i + len(name)
		if !spaced {
			return true
		}
		before, after := []rune(text[:i]), []rune(text[end:])
		if (len(before) == 0 || !unicode.IsLetter(before[len(before)-1])) && (len(after) == 0 || !unicode.IsLetter(after[0])) {
			return true
		}
		from = end
	}
}

// span is from one minute of the day to another, over midnight if need be.
type span struct{ from, to int }

func (s span) holds(minute int) bool {
	if s.from <= s.to {
		return minute >= s.from && minute < s.to
	}
	return minute >= s.from || minute < s.to
}

const (
	aClock = `(\d{1,2})(?:[:.：h](\d{2}))?\s*(am|pm|a\.m\.|p\.m\.|點|点|時|时|น\.?|giờ)?`
)

var hours = regexp.MustCompile(`(?i)\b` + aClock + `\s*(?:-|–|—|~|～|to|until|till|đến|ถึง|到|至|sampai|hingga)\s*` + aClock)

// spans reads hours such as 22:00-06:00 or 10pm to 6am. What is said in words alone
// ("after work", "晚上") is left to who reads it.
func spans(text string) (out []span) {
	for _, m := range hours.FindAllStringSubmatch(text, 20) {
		// Dates and phone numbers are no hours: something must look like a clock.
		if m[2] == "" && m[3] == "" && m[5] == "" && m[6] == "" {
			continue
		}
		half := m[3]
		if half == "" {
			half = m[6] // "10-11 pm"
			if b, ok := minute(m[4], m[5], m[6]); ok {
				if a, ok2 := minute(m[1], m[2], half); ok2 && a > b {
					half = "" // 10-6 pm goes over noon
				}
			}
		}
		a, ok1 := minute(m[1], m[2], half)
		b, ok2 := minute(m[4], m[5], m[6])
		if ok1 && ok2 && a != b {
			out = append(out, span{a, b})
		}
	}
	return out
}

func minute(hour, min, half string) (int, bool) {
	h, err := strconv.Atoi(hour)
	if err != nil {
		return 0, false
	}
	m := 0
	if min != "" {
		if m, err = strconv.Atoi(min); err != nil {
			return 0, false
		}
	}
	switch strings.ReplaceAll(strings.ToLower(half), ".", "") {
	case "pm":
		if h < 12 {
			h += 12
		}
	case "am":
		if h == 12 {
			h = 0
		}
	}
	if h > 24 || m > 59 {
		return 0, false
	}
	return (h*60 + m) % (24 * 60), true
}

// safety puts together what can be said. Without hours or without a country it cannot
// be told, and then nobody writes first.
func safety(r intake.Report, now time.Time) Safety {
	s := Safety{First: r.First, Says: r.Safe, Never: r.Unsafe, Clocks: clocks(strings.Join([]string{r.Where, r.Text, r.Safe, r.Unsafe}, "\n"), now), Verdict: CannotTell}
	says, never := spans(r.Safe), spans(r.Unsafe)
	s.Hours = len(says)+len(never) > 0
	if !r.First {
		s.Verdict = NotFirst
		return s
	}
	if len(s.Clocks) == 0 || !s.Hours {
		return s
	}
	// Every clock must agree: a time that is good in one country and not in another
	// is not good.
	inSays, inNever := true, false
	for _, c := range s.Clocks {
		t := now.UTC().Add(time.Duration(c.Offset) * time.Minute)
		m := t.Hour()*60 + t.Minute()
		holds := func(x span) bool { return x.holds(m) }
		inSays = inSays && slices.ContainsFunc(says, holds)
		inNever = inNever || slices.ContainsFunc(never, holds)
	}
	switch {
	case inNever, len(says) > 0 && !inSays:
		s.Verdict = NotNow
	case inSays && len(says) > 0 && (r.Unsafe == "" || len(never) > 0):
		s.Verdict = Stated
	}
	return s
}

// Zone gives an offset as people write it.
func (l LocalTime) Zone() string {
	return fmt.Sprintf("UTC%+d:%02d", l.Offset/60, l.Offset%60)
}
