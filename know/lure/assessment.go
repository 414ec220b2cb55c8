package lure

import (
	"encoding/json"
	"net/url"
	"strings"
)

// Level says what screening can say of a message. There is no level that
// means "safe": what shows no sign is Unclear.
type Level int

const (
	// Unclear: no known sign, which is not proof of anything.
	Unclear Level = iota
	// Some: signs that call for questions before a decision.
	Some
	// Strong: signs together that recruiters for scam compounds use.
	Strong
	// Plea: somebody is held or missing. A plea is not assessed at all; it is
	// led to help.
	Plea
)

var levelNames = [...]string{"unclear", "some", "strong", "plea"}

// String gives the level's name in the JSON interface.
func (l Level) String() string { return levelNames[l] }

// MarshalJSON writes the level by its name.
func (l Level) MarshalJSON() ([]byte, error) { return json.Marshal(l.String()) }

// Role says what an indicator's presence means.
type Role string

const (
	Sign    Role = "sign"    // counts towards a level
	Context Role = "context" // is shown and may be asked for by a rule; never counts alone
	Counter Role = "counter" // is shown; never cancels a sign
	// Method is that of WORDING alone: nothing that somebody published as a sign, but
	// the words of a text weighed together, by what labelled texts taught of them.
	Method Role = "method"
)

// Source is where an indicator has been published.
type Source struct {
	Body     string `toml:"body" json:"body"`
	Document string `toml:"document" json:"document"`
	Item     string `toml:"item" json:"item,omitempty"`
	Date     string `toml:"date" json:"date,omitempty"`
	URL      string `toml:"url" json:"url,omitempty"`
	// Seen is "press" where the document was read in a press report of it and
	// URL is that report; empty where the body's own page was read.
	Seen      string `toml:"seen" json:"seen,omitempty"`
	CheckedOn string `toml:"checked_on" json:"checked_on,omitempty"`
}

// Via names the newspaper or site through which a document was read; empty
// where it was read at its own place.
func (s Source) Via() string {
	if s.Seen != "press" {
		return ""
	}
	u, err := url.Parse(s.URL)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}

// Finding is one indicator at one place of the message. Start and End are byte
// offsets into the text as it was given, on grapheme boundaries; Quote is what
// stands between them. A finding that comes from the questionnaire has
// Answer set, Start and End 0 and no Quote.
type Finding struct {
	Indicator string `json:"indicator"`
	Role      Role   `json:"role"`
	Start     int    `json:"start"`
	End       int    `json:"end"`
	Quote     string `json:"quote"`
	Answer    string `json:"answer,omitempty"`
	// Value is what a structured extractor read, in a fixed form such as
	// "pay 3000 USD month, 9.1 times the reference" (English, for logs and scripts).
	Value  string `json:"value,omitempty"`
	Source string `json:"source"`
	// Phrase is the pack's phrase that was seen, for who writes indicators.
	Phrase string `json:"-"`
}

// Question is one to put to the sender, or to oneself.
type Question struct {
	// ID is an indicator's id, or the key of a questionnaire answer.
	ID string `json:"id"`
	// Answers lists the values that may be handed back for this id in
	// "answers"; empty where the question is only advice what to ask.
	Answers []string `json:"answers,omitempty"`
	// Text is the question in the language asked for.
	Text string `json:"text"`
}

// NotCounted is something seen that did not count, and why.
type NotCounted struct {
	Indicator string `json:"indicator"`
	Start     int    `json:"start"`
	End       int    `json:"end"`
	Quote     string `json:"quote"`
	// Reason is a fixed key: "context" (never counts alone), "alone" (too
	// little beside it), "honest_offer" (soft signs beside honest wording),
	// "warning" (told as a warning), "plea" (a plea is not assessed).
	Reason string `json:"reason"`
	Phrase string `json:"-"`
}

// Assessment is what screening says of one message. The same text, answers
// and packs give the same assessment, byte for byte.
type Assessment struct {
	Level      Level        `json:"level"`
	Kinds      []string     `json:"kinds"`
	Findings   []Finding    `json:"findings"`
	Counter    []Finding    `json:"counter_signs"`
	Missing    []string     `json:"missing"`     // keys of what an honest offer would say and this one does not
	NotCounted []NotCounted `json:"not_counted"` // seen, shown, not counted
	Questions  []Question   `json:"questions"`
	Languages  []string     `json:"languages"` // of the message, most used first
	Packs      string       `json:"packs"`     // version of the packs: a short hash of their bytes
}

// Request is a message to be screened.
type Request struct {
	Text string
	// Lang is the reader's language (a BCP 47 tag) for explanations and
	// questions; empty means the language of the message.
	Lang string
	// Answers of the questionnaire: key to "yes", "no" or "unknown".
	Answers map[string]string
}
