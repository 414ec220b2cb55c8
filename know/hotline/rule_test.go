package hotline

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// when is one set of people a row is shown to, written out by hand from the
// wording of the rule and not from its code. "*" is everybody, "!KH MM" everybody
// but these. Elsewhere counts like any other country.
type when struct {
	homes, heres string
	situations   string
	chose        string // "", for either, or "chose"
}

// everyRow says of each row that may be shown to whom it is. A row that is not
// here is shown to nobody.
var everyRow = map[string][]when{
	"hk-1868": {
		{homes: "HK", heres: "*", situations: "home leaving there ransom missing"},
		{homes: "HK", heres: "!HK", situations: "paid"},
	},
	"kr-consular": {
		{homes: "KR", heres: "*", situations: "home leaving there ransom missing"},
		{homes: "KR", heres: "!KR", situations: "paid"},
	},
	"cn-12308": {
		{homes: "CN", heres: "*", situations: "home leaving there ransom missing", chose: "chose"},
		{homes: "CN", heres: "!CN", situations: "paid", chose: "chose"},
	},
	"cn-12308-long": {
		{homes: "CN", heres: "*", situations: "home leaving there ransom missing", chose: "chose"},
		{homes: "CN", heres: "!CN", situations: "paid", chose: "chose"},
	},
	"ph-yangon": {
		{homes: "PH", heres: "MM", situations: "home leaving there paid ransom missing"},
		{homes: "PH", heres: "!MM", situations: "ransom missing"},
	},
	"ph-bangkok": {
		{homes: "PH", heres: "TH", situations: "home leaving there paid ransom missing"},
		{homes: "PH", heres: "!TH", situations: "ransom missing"},
	},
	"tw-165":      money("TW"),
	"tw-line-165": money("TW"),
	"my-997":      money("MY"),
	"sg-1799":     money("SG"),
	"th-1441":     money("TH"),
	"th-191": {
		{homes: "*", heres: "TH", situations: "leaving"},
		{homes: "HK KR PH", heres: "TH", situations: "there"}, // below a line of home
		{homes: "CN", heres: "TH", situations: "there", chose: "chose"},
	},
	"th-1155": {
		{homes: "*", heres: "TH", situations: "leaving"},
		{homes: "HK KR PH", heres: "TH", situations: "there"},
		{homes: "CN", heres: "TH", situations: "there", chose: "chose"},
	},
}

// onceDated says the same of the rows that wait for somebody to check them.
var onceDated = map[string][]when{
	"hk-18222": money("HK"),
	"cn-96110": money("CN"),
	"cn-110": {
		{homes: "*", heres: "CN", situations: "leaving"},
		{homes: "HK KR", heres: "CN", situations: "there"},
		{homes: "CN", heres: "CN", situations: "there", chose: "chose"},
	},
	"vn-111": {
		{homes: "VN", heres: "VN", situations: "home leaving there ransom missing"},
		{homes: "VN", heres: "!VN", situations: "ransom missing"}, // marked: only inside Vietnam
		{homes: "!VN", heres: "VN", situations: "leaving there"},
	},
}

func money(territory string) []when {
	return []when{
		{homes: territory, heres: "*", situations: "paid"},
		{homes: "*", heres: territory, situations: "paid"},
	}
}

func among(set, code string) bool {
	if rest, not := strings.CutPrefix(set, "!"); not {
		return !slices.Contains(strings.Fields(rest), code)
	}
	return set == "*" || slices.Contains(strings.Fields(set), code)
}

func expected(rows []when, home, here string, s Situation, chose bool) bool {
	for _, w := range rows {
		if among(w.homes, home) && among(w.heres, here) && among(w.situations, string(s)) && (chose || w.chose == "") {
			return true
		}
	}
	return false
}

// everyQuestion calls f with every choice anybody can make, and some nobody can.
func everyQuestion(b *Book, f func(home, here string, s Situation, chose bool)) {
	var codes []string
	for _, c := range b.Countries() {
		codes = append(codes, c.Code)
	}
	for _, home := range codes {
		for _, here := range codes {
			for _, s := range Situations {
				f(home, here, s, false)
				f(home, here, s, true)
			}
		}
	}
}

// dated is the embedded list after somebody has checked what waits for it.
func dated() *Book {
	b := *Default()
	b.numbers = b.Numbers()
	for i := range b.numbers {
		if n := &b.numbers[i]; n.Show == ShowAfterCheck {
			n.CheckedOn, n.CheckedBy = "2026-11-01", "test"
		}
	}
	return &b
}

// careless is a list in which everything was released, as no loader would allow:
// what the rule itself must hold back.
func careless(reach Reach) *Book {
	b := *Default()
	b.numbers = b.Numbers()
	for i := range b.numbers {
		n := &b.numbers[i]
		n.Show, n.Reach = ShowYes, reach
		if n.Number == "" && n.Account == "" {
			n.Number, n.Written, n.Ways = "+10000000", "+1 0000000", []string{"phone"}
		}
	}
	return &b
}

func TestEveryRow(t *testing.T) {
	for _, list := range []struct {
		name  string
		book  *Book
		dated bool
	}{{"as it stands", Default(), false}, {"once dated", dated(), true}} {
		t.Run(list.name, func(t *testing.T) {
			everyQuestion(list.book, func(home, here string, s Situation, chose bool) {
				shown := map[string]bool{}
				for _, n := range list.book.For(home, here, s, chose).Numbers {
					if shown[n.Number.ID] {
						t.Errorf("%s/%s/%s: %s is shown twice", home, here, s, n.Number.ID)
					}
					shown[n.Number.ID] = true
				}
				for _, n := range list.book.Numbers() {
					want := expected(everyRow[n.ID], home, here, s, chose) ||
						list.dated && expected(onceDated[n.ID], home, here, s, chose)
					if shown[n.ID] != want {
						t.Errorf("home %s, here %s, %s, chose %v: %s shown %v, want %v", home, here, s, chose, n.ID, shown[n.ID], want)
					}
				}
			})
		})
	}
	for id := range everyRow {
		if !slices.ContainsFunc(Default().Numbers(), func(n Number) bool { return n.ID == id }) {
			t.Errorf("the table names %s, which is no row", id)
		}
	}
}

// TestInvariants states what must hold whatever is in the list, in lists that are
// as they should be and in one where everything was released carelessly.
func TestInvariants(t *testing.T) {
	type seen struct {
		home, here string
		s          Situation
		chose      bool
		a          Answer
	}
	police := func(n Number) bool { return n.AnsweredBy == "police" || n.AnsweredBy == "unknown" }
	note := func(s Shown, key string) bool {
		return slices.ContainsFunc(s.Notes, func(n Note) bool { return n.Key == key })
	}
	invariants := []struct {
		rule  string
		holds func(q seen, i int, s Shown) bool
	}{
		{"no state line of Cambodia, Myanmar or Laos, for anybody", func(_ seen, _ int, s Shown) bool {
			return !among("KH MM LA", s.Number.Territory) || s.Number.AnsweredBy == "ngo"
		}},
		{"nobody held is sent to the police of where they are first", func(q seen, i int, s Shown) bool {
			return q.s != There || i > 0 || s.Number.Territory != q.here || !police(s.Number)
		}},
		{"nor to them before anything else that is shown", func(q seen, i int, s Shown) bool {
			return q.s != There || s.Number.Territory != q.here || !police(s.Number) ||
				!slices.ContainsFunc(q.a.Numbers[i:], func(after Shown) bool { return after.Number.Territory != q.here })
		}},
		{"lines for lost money only for money lost, and saying so", func(q seen, _ int, s Shown) bool {
			return s.Number.Purpose != Scam || q.s == Paid && note(s, "lost_money_only")
		}},
		{"12308 only with its warning, never to a Taiwanese", func(q seen, _ int, s Shown) bool {
			return !strings.Contains(s.Number.ID, "12308") || q.home == "CN" && s.Notes[0].Key == "mainland_only"
		}},
		{"what does not work from where one is is marked, and not shown to one who may be held", func(q seen, _ int, s Shown) bool {
			if s.Number.Reach != ReachNo || s.Number.At == q.here {
				return s.OnlyInside == ""
			}
			return s.OnlyInside == s.Number.At && note(s, "only_inside") && among("paid ransom missing", string(q.s))
		}},
		{"unknown reach is said", func(q seen, _ int, s Shown) bool {
			return note(s, "reach_unsure") == (s.Number.Reach == ReachUnknown && s.Number.At != q.here)
		}},
		{"emergency numbers only to those there, with when to call", func(q seen, _ int, s Shown) bool {
			return s.Number.Purpose != Emergency || s.Number.Territory == q.here && note(s, "danger_now")
		}},
		{"missions and consular lines only for their own people", func(q seen, _ int, s Shown) bool {
			return !among("consular_line embassy_line embassy_walk_in portal", s.Number.Kind) || s.Number.Territory == q.home
		}},
		{"nothing of a country that is neither home nor here", func(q seen, _ int, s Shown) bool {
			return s.Number.Territory == q.home || s.Number.Territory == q.here
		}},
		{"every warning of the row is among the notes", func(_ seen, _ int, s Shown) bool {
			return !slices.ContainsFunc(s.Number.Warnings, func(w string) bool { return !note(s, w) })
		}},
		{"there is something to dial or to write to", func(_ seen, _ int, s Shown) bool {
			return s.Print != "" && (strings.HasPrefix(s.Link, "tel:") || s.Link == "")
		}},
	}
	lists := map[string]*Book{
		"as it stands": Default(), "once dated": dated(),
		"careless, reached": careless(ReachYes), "careless, not reached": careless(ReachNo), "careless, unknown": careless(ReachUnknown),
	}
	for name, b := range lists {
		t.Run(name, func(t *testing.T) {
			everyQuestion(b, func(home, here string, s Situation, chose bool) {
				q := seen{home, here, s, chose, b.For(home, here, s, chose)}
				for i, n := range q.a.Numbers {
					for _, inv := range invariants {
						if strings.HasPrefix(name, "careless") && strings.Contains(inv.rule, "12308") {
							continue // the list says yes where it must say ask
						}
						if !inv.holds(q, i, n) {
							t.Errorf("%s, %s/%s/%s: number %d, %s: not so: %s", name, home, here, s, i, n.Number.ID, inv.rule)
						}
					}
				}
				if len(q.a.Numbers) == 0 && len(q.a.Gaps) == 0 {
					t.Errorf("%s/%s/%s: nothing is shown and nothing is said of it", home, here, s)
				}
				if msg := homeFirst(q.a, home); msg != "" {
					t.Errorf("%s/%s/%s: %s", home, here, s, msg)
				}
			})
		})
	}
}

// homeFirst checks the order: home's consular lines, then its missions, then the
// rest; nothing for money or emergencies above them.
func homeFirst(a Answer, home string) string {
	last := 0
	for _, s := range a.Numbers {
		rank := 3
		switch {
		case s.Number.Territory == home && s.Number.Kind == "consular_line":
			rank = 1
		case s.Number.Territory == home && s.Number.AnsweredBy == "mission":
			rank = 2
		}
		if rank < last {
			return fmt.Sprintf("%s stands too low", s.Number.ID)
		}
		last = rank
	}
	return ""
}

// TestAskIsNeverImplied: 12308 takes home and the person's own word, both.
func TestAskIsNeverImplied(t *testing.T) {
	everyQuestion(Default(), func(home, here string, s Situation, chose bool) {
		a := For(home, here, s, chose)
		got := slices.ContainsFunc(a.Numbers, func(n Shown) bool { return n.Number.Show == ShowAsk })
		if got && (home != "CN" || !chose) {
			t.Errorf("%s/%s/%s chose %v: shown", home, here, s, chose)
		}
		if a.Has(ChooseNationality) && (home != "CN" || chose) {
			t.Errorf("%s/%s/%s chose %v: asked", home, here, s, chose)
		}
	})
}

func TestOddChoices(t *testing.T) {
	for _, tt := range []struct {
		home, here string
		s          Situation
		want       string
	}{
		{"hk", "kh", There, "hk-1868"}, // case does not matter
		{"", "", There, ""},            // nothing chosen
		{"FR", "TH", There, ""},        // not in the list
		{"TW", "KH", "", ""},           // no situation: like there
		{"TW", "TH", "nonsense", ""},   // so no 165 and no 191
		{"ZZ", "ZZ", Paid, ""},
	} {
		a := For(tt.home, tt.here, tt.s, true)
		if got := ids(a); got != tt.want {
			t.Errorf("For(%q, %q, %q) = %q, want %q", tt.home, tt.here, tt.s, got, tt.want)
		}
		if tt.want == "" && len(a.Gaps) == 0 {
			t.Errorf("For(%q, %q, %q): nothing, and no gap", tt.home, tt.here, tt.s)
		}
	}
}

// TestPoliceAtHome: who gets no number of home is told of the police at home,
// but never where these are the police of the place where somebody is held.
func TestPoliceAtHome(t *testing.T) {
	everyQuestion(Default(), func(home, here string, s Situation, chose bool) {
		a := For(home, here, s, chose)
		if len(a.Numbers) == 0 && !a.PoliceAtHome && home != here {
			t.Errorf("%s/%s/%s: no number, and nothing of the police at home", home, here, s)
		}
		heldAtHome := home == here && home != Elsewhere && (s == There || among("KH MM LA", home))
		if a.PoliceAtHome && heldAtHome {
			t.Errorf("%s/%s/%s: sent to the police of the place where somebody is held", home, here, s)
		}
	})
	for _, tt := range []struct {
		home, here string
		s          Situation
		want       bool
	}{
		{"VN", "KH", There, true},
		{"VN", "VN", Missing, true},
		{"HK", "KH", There, false}, // there is a line to call
		{"TW", "TW", Paid, false},
		{"ZZ", "ZZ", Missing, true},
		{"TH", "TH", There, false},
		{"KH", "KH", Missing, false},
		{"KH", "MM", Missing, true},
		{"TH", "TH", Leaving, true}, // beside 191, which is no line of home's for those abroad
	} {
		if got := For(tt.home, tt.here, tt.s, false).PoliceAtHome; got != tt.want {
			t.Errorf("%s/%s/%s: %v, want %v", tt.home, tt.here, tt.s, got, tt.want)
		}
	}
	for _, lang := range Languages {
		if said := Default().PoliceAtHome(lang); !strings.Contains(said, "24") {
			t.Errorf("%s: it does not say that nobody has to wait 24 hours: %q", lang, said)
		}
	}
}

func ids(a Answer) string {
	var out []string
	for _, s := range a.Numbers {
		out = append(out, s.Number.ID)
	}
	return strings.Join(out, " ")
}
