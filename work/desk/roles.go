package desk

import (
	"errors"
	"slices"
	"strings"
)

// Action is something a member may do, or not.
type Action string

// What can be done at a desk. Which role may do it stands in Table and nowhere else.
const (
	ReadReports    Action = "read reports"
	AnswerReports  Action = "answer and set aside reports"
	TakeReports    Action = "take a report by phone"
	OpenCases      Action = "open a case"
	WorkCases      Action = "work on a case one is on"
	ReadLegal      Action = "read what a person was made to do"
	ShareCases     Action = "put members on a case one is on"
	PlanTelling    Action = "plan who may know"
	ApproveTelling Action = "approve what identifies somebody"
	SeeChannels    Action = "see channels and what came of telling them"
	KeepChannels   Action = "change the register of channels"
	SeeCounts      Action = "see the counts"
	WriteAdvisory  Action = "write a warning"
	ReleaseWarning Action = "release a warning"
	SeeMembers     Action = "see who works here"
	InviteMembers  Action = "invite members and change roles"
	SeeSettings    Action = "see the settings"
	ChangeSettings Action = "change the settings"
	ReadLedger     Action = "read the ledger"
	OwnAccount     Action = "change one's own passphrase and languages"
)

// Roles, which add up.
const (
	Administrator = "administrator"
	Coordinator   = "coordinator"
	Caseworker    = "caseworker"
	Auditor       = "auditor"
)

// Roles lists them in the order they are shown.
var Roles = []string{Administrator, Coordinator, Caseworker, Auditor}

// Rule is one line of the table.
type Rule struct {
	Action Action
	Roles  []string // who may
	Why    string
}

// Table says who may do what. The code asks it, docs/roles.md prints it, and a test
// walks every page with it.
var Table = []Rule{
	{ReadReports, []string{Coordinator, Caseworker}, "whoever answers must read"},
	{AnswerReports, []string{Coordinator, Caseworker}, ""},
	{TakeReports, []string{Coordinator, Caseworker}, ""},
	{OpenCases, []string{Coordinator, Caseworker}, ""},
	{WorkCases, []string{Coordinator, Caseworker}, "only with the case's own keys: a role alone opens no case"},
	{ReadLegal, []string{Coordinator, Caseworker}, "only with the case's legal key, which is given one by one"},
	{ShareCases, []string{Coordinator, Caseworker}, ""},
	{PlanTelling, []string{Coordinator, Caseworker}, ""},
	{ApproveTelling, []string{Coordinator, Caseworker}, "never by whoever asked"},
	{SeeChannels, []string{Coordinator, Caseworker}, ""},
	{KeepChannels, []string{Coordinator}, "a wrong number here costs more than none"},
	{SeeCounts, []string{Coordinator, Caseworker, Auditor}, "they expose nobody"},
	{WriteAdvisory, []string{Coordinator, Caseworker}, ""},
	{ReleaseWarning, []string{Coordinator, Caseworker}, "two members, neither of them twice"},
	{SeeMembers, []string{Administrator, Coordinator, Caseworker, Auditor}, "one must know whom one works with"},
	{InviteMembers, []string{Administrator}, ""},
	{SeeSettings, []string{Administrator, Coordinator, Auditor}, ""},
	{ChangeSettings, []string{Administrator}, ""},
	{ReadLedger, []string{Administrator, Coordinator, Auditor}, "it names ids, members and days, and no person"},
	{OwnAccount, []string{Administrator, Coordinator, Caseworker, Auditor}, ""},
}

// ErrForbidden says that a member's roles do not allow it.
var ErrForbidden = errors.New("desk: your roles do not allow this")

// May says whether somebody with these roles, parted by spaces, may do something.
// What the table does not name nobody may.
func May(roles string, a Action) bool {
	for _, r := range Table {
		if r.Action == a {
			return slices.ContainsFunc(strings.Fields(roles), func(role string) bool { return slices.Contains(r.Roles, role) })
		}
	}
	return false
}

// May returns ErrForbidden unless the member may do it. Every room asks it first.
func (s *Session) May(a Action) error {
	if !May(s.Roles, a) {
		return ErrForbidden
	}
	return nil
}
