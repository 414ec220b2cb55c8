package intake

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Report is what somebody tells. Only Text must be there.
type Report struct {
	Kind     string `json:"kind,omitempty"`     // one of Kinds
	Relation string `json:"relation,omitempty"` // one of Relations: who the sender is to the person
	Danger   bool   `json:"danger,omitempty"`   // now
	Text     string `json:"text"`               // in the sender's words
	Who      string `json:"who,omitempty"`      // the person, as the sender names them
	Where    string `json:"where,omitempty"`    // a place or a position, as typed
	When     string `json:"when,omitempty"`
	Lure     string `json:"lure,omitempty"`    // the offer, carried along from the check
	Contact  string `json:"contact,omitempty"` // how to reach the sender
	Safe     string `json:"safe,omitempty"`    // when, and by what, it is safe to reach them
	Unsafe   string `json:"unsafe,omitempty"`  // when, or by what, it is not
	First    bool   `json:"first,omitempty"`   // the desk may write first; otherwise never
	Duress   string `json:"duress,omitempty"`  // a word that says: I am being forced to write
	Consent  string `json:"consent,omitempty"` // one of Consents
	Lang     string `json:"lang,omitempty"`    // of the page it was written on
	By       string `json:"by,omitempty"`      // the member who typed it in, if one did
}

// What a report can be.
var (
	Kinds     = []string{"held", "missing", "money_lost", "offer_seen", "ransom", "made_to_recruit", "other"}
	Relations = []string{"self", "family", "friend", "other"}
	Consents  = []string{"ask", "desk_only", "may_tell"}
)

// The longest that is taken, in characters. Nobody's account is cut: more is refused
// with a word, and nothing that was typed is lost.
const (
	MaxText  = 20_000
	MaxField = 600
)

// Invalid says which field a report was refused for.
type Invalid struct {
	Field string // as in the form
	Why   string // empty, long, choice
}

func (i *Invalid) Error() string { return fmt.Sprintf("intake: %s: %s", i.Field, i.Why) }

// check returns *Invalid unless the report can be taken.
func (r *Report) check() error {
	r.Text = clean(r.Text)
	if r.Text == "" {
		return &Invalid{"text", "empty"}
	}
	for _, f := range []struct {
		name  string
		value *string
		max   int
	}{
		{"text", &r.Text, MaxText},
		{"lure", &r.Lure, MaxText},
		{"who", &r.Who, MaxField},
		{"where", &r.Where, MaxField},
		{"when", &r.When, MaxField},
		{"contact", &r.Contact, MaxField},
		{"safe", &r.Safe, MaxField},
		{"unsafe", &r.Unsafe, MaxField},
		{"duress", &r.Duress, MaxField},
		{"lang", &r.Lang, 20},
	} {
		*f.value = clean(*f.value)
		if utf8.RuneCountInString(*f.value) > f.max {
			return &Invalid{f.name, "long"}
		}
	}
	for _, c := range []struct {
		name, value string
		of          []string
	}{{"kind", r.Kind, Kinds}, {"relation", r.Relation, Relations}, {"consent", r.Consent, Consents}} {
		if c.value != "" && !slices.Contains(c.of, c.value) {
			return &Invalid{c.name, "choice"}
		}
	}
	return nil
}

// clean makes a field valid UTF-8 without control characters but lines and tabs.
func clean(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, s))
}

// Sent is what the body of a message holds once it is opened.
type Sent struct {
	At     int64   `json:"at"`               // unix seconds
	Report *Report `json:"report,omitempty"` // of the first message
	Text   string  `json:"text,omitempty"`   // of a later one, or of an answer
	By     string  `json:"by,omitempty"`     // the member who answered
}

func (s Sent) bytes() []byte {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // strings and numbers always encode
	}
	return b
}
