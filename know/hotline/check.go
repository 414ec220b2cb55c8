package hotline

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

var (
	kinds = []string{
		"consular_line", "embassy_line", "embassy_walk_in", "trafficking_line", "antiscam_line",
		"police", "agency", "hotline", "messaging", "portal",
	}
	answerers  = []string{"police", "ministry", "mission", "ngo", "unknown"}
	ways       = []string{"phone", "whatsapp", "line", "telegram", "app", "web", "walk_in"}
	statuses   = []string{"supported", "recheck", "unsure", "do_not_ship"}
	shows      = []Show{ShowYes, ShowAfterCheck, ShowAsk, ShowNo}
	reaches    = []Reach{ReachYes, ReachNo, ReachUnknown}
	situations = map[Purpose]string{Scam: "lost_money", Captive: "held", Consular: "abroad", Emergency: "danger_here"}

	idForm      = regexp.MustCompile(`^[a-z]{2}(-[a-z0-9]+)+$`)
	codeForm    = regexp.MustCompile(`^[A-Z]{2}$`)
	callingForm = regexp.MustCompile(`^[1-9][0-9]{0,2}$`)
	globalForm  = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`) // E.164
	shortForm   = regexp.MustCompile(`^#?[0-9]{2,6}$`)
	printForm   = regexp.MustCompile(`^[+#]?[0-9][0-9 ()-]*$`)
	accountForm = regexp.MustCompile(`^@[A-Za-z0-9._]{3,32}$`)
	langForm    = regexp.MustCompile(`^[a-z]{2,3}(-[A-Z][a-z]{3})?$`)
	hoursForm   = regexp.MustCompile(`^(24h|([A-Z][a-z](-[A-Z][a-z])? )?[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9])$`)
	englishDate = regexp.MustCompile(`\b(January|February|March|April|May|June|July|August|September|October|November|December) ([0-9]|and )`)
	byForm      = regexp.MustCompile(`^[\pL\pN][\pL\pN .,-]{0,39}$`)
)

// faults collects all that is wrong with one row.
type faults []string

func (f *faults) when(wrong bool, format string, args ...any) {
	if wrong {
		*f = append(*f, fmt.Sprintf(format, args...))
	}
}

// check fills what a row may leave out and says all that is wrong with it.
func (b *Book) check(n *Number) faults {
	var f faults
	f.when(!idForm.MatchString(n.ID), "id %q: write it like hk-1868", n.ID)
	f.when(!b.territory(n.Territory), "territory %q is not in countries.toml", n.Territory)
	f.when(n.embassy() && n.At == "" && n.Show != ShowNo, "at is missing: say in which country the mission stands")
	f.when(!n.embassy() && n.At != "", "at is only for missions")
	if n.At == "" {
		n.At = n.Territory
	}
	f.when(!b.territory(n.At), "at %q is not in countries.toml", n.At)
	f.when(!slices.Contains(kinds, n.Kind), "kind %q: use one of %s", n.Kind, strings.Join(kinds, ", "))
	f.when(!slices.Contains(answerers, n.AnsweredBy), "answered_by %q: use one of %s", n.AnsweredBy, strings.Join(answerers, ", "))
	f.when(n.Kind == "police" && n.AnsweredBy != "police", "a police line is answered by police")
	f.when(n.embassy() != (n.AnsweredBy == "mission"), "embassy lines, and only they, are answered by a mission")
	f.when(!plain(n.Name), "name is missing or not one plain line")
	f.when(n.Native != "" && !plain(n.Native), "native is not one plain line")
	f.when(n.Note != "" && !plain(n.Note), "note is not one plain line")
	f.when(situations[n.Purpose] == "", "purpose %q: use scam, captive, consular or emergency", n.Purpose)
	f.when(n.Situation != situations[n.Purpose], "situation %q: with purpose %s it is %s", n.Situation, n.Purpose, situations[n.Purpose])
	f.when(!slices.Contains(reaches, n.Reach), "reach %q: use yes, no or unknown", n.Reach)
	f.when(n.Hours != "" && !hoursForm.MatchString(n.Hours), "hours %q: write 24h or Mo-Fr 09:00-17:00", n.Hours)
	for _, l := range n.Languages {
		f.when(!langForm.MatchString(l), "language %q: write a tag such as km or zh-Hant", l)
	}
	for _, w := range n.Warnings {
		f.when(b.words["en"][w] == "" || w == "review", "warning %q is not in warnings.toml", w)
	}
	f.when(n.SourceDate == "" && slices.ContainsFunc(n.Warnings, func(w string) bool {
		return strings.Contains(b.words["en"][w], "{date}")
	}), "a warning that names a {date} needs a source_date")
	f.when(n.Purpose == Scam && !slices.Contains(n.Warnings, "lost_money_only"), "a line for lost money carries the warning lost_money_only")
	b.checkDial(&f, n)
	checkRelease(&f, n)
	return f
}

// checkDial looks at what is dialled.
func (b *Book) checkDial(f *faults, n *Number) {
	global := strings.HasPrefix(n.Number, "+")
	if n.Written == "" {
		n.Written = n.Number
	}
	if len(n.Ways) == 0 && n.Number != "" {
		n.Ways = []string{"phone"}
	}
	for _, w := range n.Ways {
		f.when(!slices.Contains(ways, w), "way %q: use one of %s", w, strings.Join(ways, ", "))
	}
	switch {
	case n.Number == "":
		f.when(n.Written != "" || n.Local != "", "written and local need a number")
	case global:
		f.when(!globalForm.MatchString(n.Number), "number %q: write + and 7 to 15 digits, nothing else", n.Number)
		if i, ok := b.byCode[n.At]; ok && b.countries[i].Calling != "" {
			c := b.countries[i].Calling
			f.when(!strings.HasPrefix(n.Number, "+"+c), "number %q: numbers in %s begin with +%s", n.Number, n.At, c)
		}
	default:
		f.when(!shortForm.MatchString(n.Number), "number %q: write a short code of 2 to 6 digits, or + and the country", n.Number)
		f.when(n.Local != "", "local is only for a number that begins with +")
	}
	f.when(!global && n.Reach == ReachYes, "reach yes needs a number that begins with +")
	f.when(n.Written != "" && (dialled(n.Written) != n.Number || !printForm.MatchString(n.Written)), "written %q does not dial %q", n.Written, n.Number)
	f.when(n.Local != "" && !printForm.MatchString(n.Local), "local %q: write it as it is dialled there", n.Local)
	f.when(n.Account != "" && !accountForm.MatchString(n.Account), "account %q: write it like @tw165", n.Account)
	f.when(n.Account != "" && (n.Number != "" || len(n.Ways) != 1 || messengers[n.Ways[0]] == ""), "an account has no number and one messenger in ways")
}

// checkRelease looks at source, dates and what a row needs to be shown.
func checkRelease(f *faults, n *Number) {
	shown := n.Show != ShowNo
	f.when(!plain(n.Source), "source is missing: say where and when this was published")
	f.when(englishDate.MatchString(n.Source), "source: write a date in it as 2025-01-10, so that every language can write it in its own way")
	f.when(n.SourceDate != "" && !isDate(n.SourceDate, true), "source_date %q: write YYYY, YYYY-MM or YYYY-MM-DD", n.SourceDate)
	f.when(!slices.Contains(statuses, n.Status), "status %q: use one of %s", n.Status, strings.Join(statuses, ", "))
	f.when(!slices.Contains(shows, n.Show), "show %q: use yes, after_check, ask or no", n.Show)
	f.when(n.CheckedOn != "" && !isDate(n.CheckedOn, false), "checked_on %q: write YYYY-MM-DD", n.CheckedOn)
	f.when(n.CheckedBy != "" && !byForm.MatchString(n.CheckedBy), "checked_by %q: write initials or a role", n.CheckedBy)
	f.when((n.CheckedOn == "") != (n.CheckedBy == ""), "checked_on and checked_by go together: who checked, and when")
	f.when(!shown && n.CheckedOn != "", "a row with show = no is shown to nobody, checked or not: set show first")
	f.when(shown && n.Status != "supported", "show = %s needs status supported", n.Show)
	f.when(shown && n.Number == "" && n.Account == "", "show = %s needs a number or an account", n.Show)
	f.when((n.Show == ShowYes || n.Show == ShowAsk) && n.SourceDate == "", "show = %s needs a source_date; use after_check until somebody has checked it", n.Show)
	f.when(n.Show == ShowAsk && len(n.Warnings) == 0, "show = ask needs a warning")
	k := min(len(n.CheckedOn), len(n.SourceDate))
	f.when(n.CheckedOn != "" && n.CheckedOn[:k] < n.SourceDate[:k], "checked_on %s is before source_date %s", n.CheckedOn, n.SourceDate)
}

func (b *Book) checkCountry(c Country, last bool) faults {
	var f faults
	_, twice := b.byCode[c.Code]
	f.when(!codeForm.MatchString(c.Code), "code %q: write two capitals, ISO 3166-1", c.Code)
	f.when(twice, "is given twice")
	f.when((c.Code == Elsewhere) != last, "%q, another country, comes last", Elsewhere)
	f.when((c.Code == Elsewhere) != (c.Calling == "") || c.Calling != "" && !callingForm.MatchString(c.Calling),
		"calling %q: write the calling code without +", c.Calling)
	for _, lang := range sortedKeys(c.Names) {
		f.when(!langForm.MatchString(lang) || !plain(c.Names[lang]), "name in %q is not one plain line", lang)
	}
	return f
}

// checkWords compares the sentences of one language with the English ones.
func checkWords(words, english map[string]string) faults {
	var f faults
	day, checked := strings.CutPrefix(words["review"], "checked ")
	f.when(words["review"] != "unreviewed" && !(checked && isDate(day, false)),
		`review %q: write "unreviewed" or "checked YYYY-MM-DD"`, words["review"])
	keys := sortedKeys(english)
	for key := range ruleHoles {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range slices.Compact(keys) {
		f.when(words[key] == "", "key %q is missing", key)
	}
	for _, key := range sortedKeys(words) {
		if key == "review" || words[key] == "" {
			continue
		}
		want, ofRule := ruleHoles[key]
		if !ofRule {
			want = holes(english[key])
		}
		f.when(english[key] == "", "unknown key %q: English has none", key)
		f.when(!plain(words[key]), "%s is not one plain line", key)
		f.when(holes(words[key]) != want, "%s holds %q, it must hold %q", key, holes(words[key]), want)
		f.when(strings.ContainsAny(filled.Replace(words[key]), "{}"), "%s: only {place} and {date} can be filled", key)
	}
	return f
}

// filled takes away what can be filled.
var filled = strings.NewReplacer("{place}", "", "{date}", "")

var hole = regexp.MustCompile(`\{[^{}]*\}`)

// holes gives the placeholders of a sentence, each once, in order of the alphabet.
func holes(s string) string {
	found := hole.FindAllString(s, -1)
	slices.Sort(found)
	return strings.Join(slices.Compact(found), " ")
}

func (b *Book) territory(code string) bool {
	_, ok := b.byCode[code]
	return ok && code != Elsewhere
}

// plain reports whether s is one line of text without control characters.
func plain(s string) bool {
	return strings.TrimSpace(s) != "" && len(s) <= 1000 && !strings.ContainsFunc(s, func(r rune) bool {
		return r < ' ' || r == 0x7f || r == '\u2028' || r == '\u2029' || r == '\ufffd'
	})
}

// isDate reports whether s is a day, or with coarse also a month or a year.
func isDate(s string, coarse bool) bool {
	layouts := []string{time.DateOnly}
	if coarse {
		layouts = append(layouts, "2006-01", "2006")
	}
	for _, l := range layouts {
		if t, err := time.Parse(l, s); err == nil && t.Year() >= 2000 && t.Year() < 2100 {
			return true
		}
	}
	return false
}
