package hotline

import (
	"slices"
	"strings"
)

// Languages are those every text and every country name must have.
var Languages = []string{"en", "zh-Hant", "zh-Hans", "ms", "th", "vi", "id", "tl", "my", "km", "hi"}

// ruleHoles are the sentences the rule itself uses, and what each leaves to be
// filled; a language without one does not load.
var ruleHoles = map[string]string{
	"lost_money_only":        "",
	"only_inside":            "{place}",
	"reach_unsure":           "{place}",
	"for_people_in":          "{place}",
	"danger_now":             "",
	"gap_home":               "{place}",
	"gap_other_places":       "{place}",
	"gap_lost_money":         "{place}",
	"gap_choose_nationality": "{place}",
	"gap_police_not_first":   "{place}",
	"gap_police_withheld":    "{place}",
	"police_at_home":         "",
}

// messengers are the names people know an account's messenger by.
var messengers = map[string]string{"line": "LINE", "telegram": "Telegram", "whatsapp": "WhatsApp"}

// NoteText gives a note as a sentence in lang, or in English.
func (b *Book) NoteText(n Note, lang string) string {
	return b.fill(b.sentence(n.Key, lang), n.Place, n.Date, lang)
}

// GapText gives a gap as a sentence in lang, or in English.
func (b *Book) GapText(g Gap, lang string) string {
	return b.fill(b.sentence("gap_"+string(g.Reason), lang), g.Territory, "", lang)
}

// PoliceAtHome gives what is said where [Answer.PoliceAtHome] is set.
func (b *Book) PoliceAtHome(lang string) string { return b.sentence("police_at_home", lang) }

// Reviewed gives the day a native reader checked the sentences of lang; "" says
// that nobody has, and a page that shows them says so.
func (b *Book) Reviewed(lang string) string {
	day, _ := strings.CutPrefix(pick(b.words, lang)["review"], "checked ")
	if day == "unreviewed" {
		return ""
	}
	return day
}

// Numbers gives every row, also those never shown, in the order of the file.
func (b *Book) Numbers() []Number { return slices.Clone(b.numbers) }

func (b *Book) sentence(key, lang string) string { return pick(b.words, lang)[key] }

func (b *Book) fill(s, place, date, lang string) string {
	s = strings.ReplaceAll(s, "{date}", date)
	if strings.Contains(s, "{place}") {
		s = strings.ReplaceAll(s, "{place}", b.CountryName(place, lang))
	}
	return s
}
