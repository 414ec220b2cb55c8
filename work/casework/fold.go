package casework

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// State is what a case comes to once all its lines are read. It is never stored as
// such: only lines are.
type State struct {
	Stage   string // of the person who is least far on their way
	People  []Person
	Tasks   []Task
	Clocks  []Clock // what will be asked for, soonest first
	Reports []string
	Harms   []Entry
	Demands []Entry
	// About holds, for a line, those that are about it: corrections, what became of a
	// task or a consent.
	About    map[int64][]Entry
	Grades   map[int64]Grade
	Last     int64  // when the person, or somebody near them, was last heard of
	LastZone string // and in which place's time that was said
	Lines    int64
	Shut     int // lines that the reader has no key for
}

// Person is somebody in a case.
type Person struct {
	No          int
	Called      string
	Origin      string
	Destination string
	Left        string
	Minor       string
	Speaks      string
	Identity    map[string]string // empty for who may not open it
	Stage       string
	Place       *Entry // the newest word of where they are
	Places      []Entry
	Contact     *Entry // the newest
	Forced      bool   // a sign of being forced, since the last time there was none
	Outcome     *Entry
	Consents    []Consent
}

// Consent is one answer to one ask.
type Consent struct {
	Entry
	Withdrawn bool
}

// Holds says whether a consent was given by the person, or for a child by a guardian,
// and stands at a time.
func (c Consent) Holds(now time.Time, minor bool) bool {
	until, dated := c.Times["until"]
	return c.F["answer"] == "given" && !c.Withdrawn && (!dated || now.Unix() < until+86400) &&
		(c.F["by"] == "the person" || minor && c.F["by"] == "a guardian")
}

// Task is something to be done.
type Task struct {
	Entry
	Done *Entry
}

// Clock is something that is due: a promised call, a review, a consent that ends.
type Clock struct {
	Kind   string `json:"kind"` // call, review, consent, task, deadline
	N      int64  `json:"n"`    // the line it comes from
	Person int    `json:"person,omitempty"`
	Due    int64  `json:"due"` // unix seconds
	Zone   string `json:"zone,omitempty"`
	Text   string `json:"text,omitempty"`
	Member string `json:"member,omitempty"`
}

// Grade is what members think of a line: of the information by itself, and of its
// source by itself (Admiralty: A to F, 1 to 6; F and 6 mean cannot be judged).
type Grade struct {
	Information, Source     string
	InformationBy, SourceBy string
}

// Fold reads the lines of a case into its state.
func Fold(entries []Entry) State {
	s := State{About: map[int64][]Entry{}, Grades: map[int64]Grade{}}
	for _, e := range entries {
		s.Lines = max(s.Lines, e.N)
		if e.Shut {
			s.Shut++
			continue
		}
		s.add(e)
	}
	s.finish()
	return s
}

// person gives somebody of the case, making room for them: a line may name a person
// before the reader can open what says who it is.
func (s *State) person(no int) *Person {
	for len(s.People) < no {
		s.People = append(s.People, Person{No: len(s.People) + 1, Identity: map[string]string{}, Stage: "missing"})
	}
	return &s.People[no-1]
}

// those gives whom a line is about: one person, or all of the case.
func (s *State) those(no int) []*Person {
	if no > 0 && no <= maxPeople {
		return []*Person{s.person(no)}
	}
	var all []*Person
	for i := range s.People {
		all = append(all, &s.People[i])
	}
	return all
}

// maxPeople bounds how many are in one case.
const maxPeople = 200

func (s *State) add(e Entry) {
	if e.Of > 0 {
		s.About[e.Of] = append(s.About[e.Of], e)
	}
	switch e.Kind {
	case "someone":
		p := s.person(min(max(1, e.Person), maxPeople))
		p.Called = cmp.Or(e.F["called"], p.Called)
		p.Origin = cmp.Or(e.F["origin"], p.Origin)
		p.Destination = cmp.Or(e.F["destination"], p.Destination)
		p.Left = cmp.Or(e.F["left"], p.Left)
		p.Minor = cmp.Or(e.F["minor"], p.Minor)
		p.Speaks = cmp.Or(e.F["speaks"], p.Speaks)
	case "identity":
		for _, p := range s.those(e.Person) {
			maps.Copy(p.Identity, e.F)
		}
	case "contact":
		for _, p := range s.those(e.Person) {
			if p.Contact == nil || e.At() >= p.Contact.At() {
				p.Contact = &e
			}
			switch {
			case e.F["duress"] == "yes" || e.F["safe_word"] == "wrong":
				p.Forced = true
			case e.F["duress"] == "none seen" && e.F["safe_word"] == "right":
				p.Forced = false
			}
		}
		if e.F["who"] == "the person" {
			if e.At() > s.Last {
				s.Last, s.LastZone = e.At(), e.Zone
			}
		}
	case "place":
		for _, p := range s.those(e.Person) {
			p.Places = append(p.Places, e)
			if p.Place == nil || e.At() >= p.Place.At() {
				p.Place = &e
			}
		}
	case "moved":
		for _, p := range s.those(e.Person) {
			p.Places = append(p.Places, e)
			if e.F["to"] != "" && (p.Place == nil || e.At() >= p.Place.At()) {
				p.Place = &e
			}
		}
	case "harm":
		s.Harms = append(s.Harms, e)
	case "demand":
		s.Demands = append(s.Demands, e)
		if t, ok := e.Times["deadline"]; ok {
			s.Clocks = append(s.Clocks, Clock{Kind: "deadline", N: e.N, Person: e.Person, Due: t, Zone: e.Zone, Text: e.F["amount"]})
		}
	case "task":
		s.Tasks = append(s.Tasks, Task{Entry: e})
	case "done":
		for i := range s.Tasks {
			if s.Tasks[i].N == e.Of {
				s.Tasks[i].Done = &e
			}
		}
	case "decision":
		if t, ok := e.Times["review"]; ok {
			s.Clocks = append(s.Clocks, Clock{Kind: "review", N: e.N, Person: e.Person, Due: t, Zone: e.Zone, Text: e.F["text"]})
		}
	case "consent":
		for _, p := range s.those(e.Person) {
			p.Consents = append(p.Consents, Consent{Entry: e})
		}
	case "withdrawn":
		for i := range s.People {
			for j := range s.People[i].Consents {
				if c := &s.People[i].Consents[j]; c.N == e.Of {
					c.Withdrawn = true
				}
			}
		}
	case "stage":
		for _, p := range s.those(e.Person) {
			p.Stage = e.F["stage"]
		}
	case "outcome":
		for _, p := range s.those(e.Person) {
			p.Outcome = &e
		}
	case "grade":
		g := s.Grades[e.Of]
		if v := e.F["information"]; v != "" {
			g.Information, g.InformationBy = v, e.By
		}
		if v := e.F["source"]; v != "" {
			g.Source, g.SourceBy = v, e.By
		}
		s.Grades[e.Of] = g
	case "report":
		if !slices.Contains(s.Reports, e.F["text"]) {
			s.Reports = append(s.Reports, e.F["text"])
		}
	}
}

// stages in the order of the way home.
var stages = []string{"missing", "located", "in contact", "out", "sheltered", "home", "closed"}

func (s *State) finish() {
	least := len(stages)
	for i := range s.People {
		p := &s.People[i]
		least = min(least, max(0, slices.Index(stages, p.Stage)))
		closed := p.Stage == "closed" || p.Stage == "home"
		// Only the newest contact's promise counts: whoever was in touch since has
		// kept it, or made another.
		if p.Contact != nil && !closed {
			if t, ok := p.Contact.Times["next"]; ok {
				s.Clocks = append(s.Clocks, Clock{Kind: "call", N: p.Contact.N, Person: p.No, Due: t, Zone: p.Contact.Zone})
			}
		}
		for _, c := range p.Consents {
			if t, ok := c.Times["until"]; ok && !c.Withdrawn && c.F["answer"] == "given" {
				s.Clocks = append(s.Clocks, Clock{Kind: "consent", N: c.N, Person: p.No, Due: t, Text: c.F["purpose"]})
			}
			if c.F["answer"] == "cannot be asked now" && !c.Withdrawn {
				s.Clocks = append(s.Clocks, Clock{Kind: "consent", N: c.N, Person: p.No, Due: c.Written + 86400, Text: c.F["purpose"]})
			}
		}
	}
	s.Stage = "missing"
	if least < len(stages) {
		s.Stage = stages[least]
	}
	for _, t := range s.Tasks {
		if due, ok := t.Times["due"]; ok && t.Done == nil {
			s.Clocks = append(s.Clocks, Clock{Kind: "task", N: t.N, Person: t.Person, Due: due, Zone: t.Zone, Text: t.F["text"], Member: t.F["member"]})
		}
	}
	// What was looked at again, or closed, no longer rings.
	s.Clocks = slices.DeleteFunc(s.Clocks, func(c Clock) bool {
		return slices.ContainsFunc(s.About[c.N], func(e Entry) bool { return e.Kind == "done" })
	})
	slices.SortStableFunc(s.Clocks, func(a, b Clock) int { return cmp.Or(cmp.Compare(a.Due, b.Due), cmp.Compare(a.N, b.N)) })
	if s.Stage == "closed" {
		s.Clocks = nil
	}
}

// Minor says whether somebody in the case may be under 18.
func (s State) Minor() bool {
	return slices.ContainsFunc(s.People, func(p Person) bool { return p.Minor == "yes" })
}

// Title is what a list calls the case: whom it is about, as the desk calls them.
func (s State) Title() string {
	var names []string
	for _, p := range s.People {
		if p.Called != "" {
			names = append(names, p.Called)
		}
	}
	if len(names) > 3 {
		names = append(names[:3], "…")
	}
	return strings.Join(names, ", ")
}

// Open gives the tasks that wait.
func (s State) Open() (out []Task) {
	for _, t := range s.Tasks {
		if t.Done == nil {
			out = append(out, t)
		}
	}
	return out
}
