package person

import "time"

// Answer is what somebody decided of two records.
type Answer string

// The answers. Unsure is an answer too: somebody looked.
const (
	Same      Answer = "same"
	Different Answer = "different"
	Unsure    Answer = "unsure"
)

// Judgement is one decision about one pair. A later judgement of the same pair
// stands in its place, the earlier one stays on record: that is how a decision
// is taken back. No judgement says anything of a third record.
type Judgement struct {
	A, B   string // ids of the records, in any order
	Answer Answer
	Author string
	Reason string
	At     time.Time
}

// Judged is a pair with what was decided of it.
type Judged struct {
	A, B   *Person
	Answer Answer
}

// Standing gives the judgement that stands for a pair: the last one in the list,
// which is in the order of time. It looks at that pair only: that a is b and b
// is c does not make a c.
func Standing(list []Judgement, a, b string) (Judgement, bool) {
	for i := len(list) - 1; i >= 0; i-- {
		if j := list[i]; j.A == a && j.B == b || j.A == b && j.B == a {
			return j, true
		}
	}
	return Judgement{}, false
}
