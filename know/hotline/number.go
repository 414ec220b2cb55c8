package hotline

import "strings"

// Show says under which condition a row may be shown at all.
type Show string

const (
	ShowYes        Show = "yes"
	ShowAfterCheck Show = "after_check" // only once CheckedOn is filled
	ShowAsk        Show = "ask"         // only to people who chose that nationality
	ShowNo         Show = "no"          // kept so that nobody adds it again in good faith
)

// Reach says whether a number can be reached from outside the place it rings in.
type Reach string

const (
	ReachYes     Reach = "yes"
	ReachNo      Reach = "no"
	ReachUnknown Reach = "unknown"
)

// Purpose is what a line is for.
type Purpose string

const (
	Scam      Purpose = "scam"      // money lost
	Captive   Purpose = "captive"   // people held
	Consular  Purpose = "consular"  // nationals in trouble abroad
	Emergency Purpose = "emergency" // danger here and now
)

// Number is one row of numbers.toml, as carried over from its source. What is
// not known is empty.
type Number struct {
	ID         string   `toml:"id"`
	Territory  string   `toml:"territory"`   // whose line it is, ISO 3166-1
	At         string   `toml:"at"`          // where it rings; filled with Territory when the file leaves it out
	Kind       string   `toml:"kind"`        // consular_line, embassy_line, police …
	AnsweredBy string   `toml:"answered_by"` // police, ministry, mission, ngo, unknown
	Name       string   `toml:"name"`        // in English
	Native     string   `toml:"native"`      // its own name, where certain
	Number     string   `toml:"number"`      // +country number, or a short code
	Local      string   `toml:"local"`       // as dialled inside At, where that differs
	Written    string   `toml:"written"`     // Number as printed for people; filled with Number when left out
	Account    string   `toml:"account"`     // a name in a messenger
	Ways       []string `toml:"ways"`        // phone, whatsapp, line …; filled with phone when left out
	Reach      Reach    `toml:"reach"`
	Purpose    Purpose  `toml:"purpose"`
	Situation  string   `toml:"situation"` // lost_money, held, abroad, danger_here; follows from Purpose
	Languages  []string `toml:"languages"` // BCP 47
	Hours      string   `toml:"hours"`
	Warnings   []string `toml:"warnings"` // keys of warnings.toml
	Source     string   `toml:"source"`
	SourceDate string   `toml:"source_date"` // YYYY, YYYY-MM or YYYY-MM-DD
	Status     string   `toml:"status"`      // supported, recheck, unsure, do_not_ship
	Show       Show     `toml:"show"`
	CheckedOn  string   `toml:"checked_on"` // YYYY-MM-DD, by somebody who checked it at the office's own page
	CheckedBy  string   `toml:"checked_by"`
	Note       string   `toml:"note"` // for those who keep the list; never for the public
}

// telURI gives the tel: link of something dialled, or "". A # would begin a
// fragment and is escaped.
func telURI(dial string) string {
	digits := dialled(dial)
	if digits == "" {
		return ""
	}
	return "tel:" + strings.ReplaceAll(digits, "#", "%23")
}

// dialled keeps what a telephone dials: a leading +, digits, * and #.
func dialled(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' || r == '*' || r == '#' {
			return r
		}
		return -1
	}, s)
}

// embassy reports whether the row is a mission's, for nationals where it stands.
func (n *Number) embassy() bool {
	return n.Kind == "embassy_line" || n.Kind == "embassy_walk_in"
}

// maybePolice reports whether police answer, or may: who is unknown counts as
// police.
func (n *Number) maybePolice() bool {
	return n.AnsweredBy == "police" || n.AnsweredBy == "unknown"
}

// byState reports whether an office of the territory itself answers, or may.
func (n *Number) byState() bool {
	return n.maybePolice() || n.AnsweredBy == "ministry"
}
