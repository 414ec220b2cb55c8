package hotline

// Situation is where the person says they are in the story.
type Situation string

const (
	Home    Situation = "home"    // thinking about it
	Leaving Situation = "leaving" // about to leave, or at the airport
	There   Situation = "there"   // already there, possibly held
	Paid    Situation = "paid"    // has paid, or lost money
	Ransom  Situation = "ransom"  // the family is asked for money
	Missing Situation = "missing" // somebody they know is missing
)

// Situations lists them in the order they are asked.
var Situations = []Situation{Home, Leaving, There, Paid, Ransom, Missing}

// Elsewhere stands for a country that is not in the list, or none chosen.
const Elsewhere = "ZZ"

// Answer is what [Book.For] found: numbers in the order to be shown, and what
// there is no number for. The same question gives the same answer.
type Answer struct {
	Numbers []Shown
	Gaps    []Gap
	// PoliceAtHome says that home has no checked number here, and that the police
	// at home can take a report: [Book.PoliceAtHome] has the words.
	PoliceAtHome bool
}

// Shown is a number to be shown to the person who asked. Notes must be shown
// with it, all of them, in their order: they are part of the rule.
type Shown struct {
	Number Number
	// Print is what people read and dial from where they are: "+852 1868", "165",
	// "LINE: @tw165".
	Print string
	// Link is the tel: link for it, or "" for a messenger account.
	Link string
	// OnlyInside is set when the number does not work from where the person is:
	// the territory from which somebody else can call. Notes say so too.
	OnlyInside string
	Notes      []Note
}

// Note is a sentence of warnings.toml, said beside a number.
type Note struct {
	Key   string
	Place string // an ISO code, for {place}
	Date  string // for {date}
}

// Reason says why there is no number.
type Reason string

const (
	// NoHomeLine: no checked number of home for its people.
	NoHomeLine Reason = "home"
	// OnlyThesePlaces: missions of home are shown, but only for some countries.
	OnlyThesePlaces Reason = "other_places"
	// NoMoneyLine: no checked number for money lost in that territory.
	NoMoneyLine Reason = "lost_money"
	// ChooseNationality: there is a line, shown only to those who say themselves
	// that they hold that nationality; ask, and call For again.
	ChooseNationality Reason = "choose_nationality"
	// PoliceNotFirst: local police are left out because nothing of home stands
	// above them.
	PoliceNotFirst Reason = "police_not_first"
	// PoliceWithheld: of this country no police number is shown.
	PoliceWithheld Reason = "police_withheld"
)

// Gap is what we have no number for: "we have no checked number for …".
type Gap struct {
	Territory string // ISO code, or Elsewhere
	Reason    Reason
}

// Has reports whether the answer holds this gap.
func (a Answer) Has(r Reason) bool {
	for _, g := range a.Gaps {
		if g.Reason == r {
			return true
		}
	}
	return false
}
