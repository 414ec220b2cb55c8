package lure

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"homeward/know/text"
)

// payTable is pay.toml: what counts as far above the ordinary, by currency.
type payTable struct {
	// Times is how often the statutory minimum an offer must be to count.
	Times float64 `toml:"times"`
	// SkilledTimes is the same for work that asks for a qualification.
	SkilledTimes float64 `toml:"skilled_times"`
	// ThereShare lowers the limit where the work is at a place with compounds:
	// pay there is lower than at home, and so are the promises.
	ThereShare float64    `toml:"there_share"`
	Currencies []currency `toml:"currency"`

	before [256][]written // by the last byte
	after  [256][]written // by the first byte
}

// written is one way to write a currency.
type written struct {
	word string
	cur  *currency
}

// beside gives the currency written longest beside an amount, and how long
// that is in bytes.
func (t *payTable) beside(before, after string) (cur *currency, length int) {
	if before != "" {
		for _, w := range t.before[before[len(before)-1]] {
			if len(w.word) > length && endsWith(before, w.word) {
				cur, length = w.cur, len(w.word)
			}
		}
	}
	if after != "" {
		for _, w := range t.after[after[0]] {
			if len(w.word) > length && startsWith(after, w.word) {
				cur, length = w.cur, len(w.word)
			}
		}
	}
	return cur, length
}

// currency is how one currency is written and the lawful minimum wage, a dated
// fact, that pay in it is compared with.
type currency struct {
	Code   string   `toml:"code"`
	Before []string `toml:"before"` // written before the amount, in normal form
	After  []string `toml:"after"`
	// Month is the reference for full-time work, in units a month.
	Month float64 `toml:"month"`
	// Times overrides the table's own where ordinary pay lies further above
	// the minimum; 0 means the table's.
	Times     float64 `toml:"times"`
	Reference string  `toml:"reference"`
	ValidFrom string  `toml:"valid_from"`
	URL       string  `toml:"url"`
	CheckedOn string  `toml:"checked_on"`
	// Default lists the languages in which an amount without a currency is read as this one.
	Default []string `toml:"default"`
	// From and Below bound the amounts that are read so, where a language is
	// spoken with more than one currency; 0 is no bound.
	From  float64 `toml:"from"`
	Below float64 `toml:"below"`
	// Scales are words in normal form, such as "jt", by which an amount without a currency is
	// read as this one whatever the language.
	Scales []string `toml:"scales"`
	// Dollar is the language in which a bare "$" is this one.
	Dollar string `toml:"dollar"`
}

func (t *payTable) check() error {
	for i := range t.Currencies {
		c := &t.Currencies[i]
		for _, w := range c.Before {
			w = text.Normalize(w).Text
			t.before[w[len(w)-1]] = append(t.before[w[len(w)-1]], written{w, c})
		}
		for _, w := range c.After {
			w = text.Normalize(w).Text
			t.after[w[0]] = append(t.after[w[0]], written{w, c})
		}
	}
	if t.Times <= 1 || t.SkilledTimes < t.Times {
		return fmt.Errorf("times must be more than 1, and skilled_times no less")
	}
	for _, c := range t.Currencies {
		if c.Month <= 0 || c.Reference == "" || c.ValidFrom == "" || c.CheckedOn == "" {
			return fmt.Errorf("%s: needs month, reference, valid_from and checked_on", c.Code)
		}
	}
	return nil
}

// pay is an amount offered for work.
type pay struct {
	start, end int32
	amount     float64 // the upper one of a range, in units
	code       string
	period     string  // month, week, day, hour or ""
	times      float64 // of the reference
	limit      float64 // from how many times on it is far above the ordinary
	bare       bool    // nothing beside it says that it is pay
}

func (p pay) String() string {
	amount := strconv.FormatFloat(p.amount, 'f', -1, 64)
	return fmt.Sprintf("pay %s %s %s, %.1f times the reference", amount, p.code, p.period, p.times)
}

// monthly is how many of a period a month of full-time work holds.
var monthly = map[string]float64{"month": 1, "year": 1.0 / 12, "week": 52.0 / 12, "day": 26, "hour": 208}

// maxNumbers bounds how many numbers of one text are looked at.
const maxNumbers = 20000

// pays reads the amounts of a normal form that stand beside a word for pay or
// a period, and compares each with the reference for its currency.
func (p *Packs) pays(s string, langs []string) []pay {
	var out []pay
	for i, seen := 0, 0; i < len(s) && seen < maxNumbers; seen++ {
		n, ok := readAmount(s, i, &p.words)
		if !ok {
			i = skipNumber(s, i)
			continue
		}
		if got, ok := p.readPay(s, n, langs); ok {
			out = append(out, got)
		}
		i = n.end
	}
	return out
}

func (p *Packs) readPay(s string, n amount, langs []string) (pay, bool) {
	if n.value < 20 && !n.scaled() {
		return pay{}, false
	}
	before, after := window(s, n.start, n.end)
	got := pay{start: int32(n.start), end: int32(n.end), amount: n.value}
	cur, best := p.pay.beside(before, after)
	t0 := p.pay.dollar(langs)
	cued := p.words.payCue(before, after)
	// An amount without a currency counts only where a word for pay stands
	// by, or right before a rate: "50k a month".
	if cur == nil && (!cued && !(n.value >= 1000 && p.words.rated(after)) || n.year()) {
		return pay{}, false
	}
	got.period = p.words.period(before, after)
	if got.period == "" && (cued || cur != nil && p.words.hints.in(before+" "+first(after, 24))) {
		got.period = "month"
	}
	if got.period == "" {
		// "RM6k" alone: what it is for only the rest of the text can tell.
		if cur == nil || n.value < 1000 && !n.scaled() {
			return pay{}, false
		}
		got.period, got.bare = "month", true
	}
	if cur == nil {
		if cur = p.pay.byScale(n.scale); cur == nil {
			cur = p.pay.byLanguage(langs, n.value)
		}
		if cur == nil {
			return pay{}, false
		}
	}
	if cur.Code == "USD" && best == 1 && t0 != nil {
		cur = t0 // a bare "$" is the reader's own dollar where they have one
	}
	if cur.Code == "USD" && got.period == "hour" {
		return pay{}, false // pay by the hour in dollars is a local job
	}
	got.code = cur.Code
	got.times = got.amount * monthly[got.period] / cur.Month
	got.limit = cmp.Or(cur.Times, p.pay.Times)
	return got, true
}

// byScale gives the currency of an amount that names none and is written with a
// word that is said of one currency only, such as "20jt".
func (t *payTable) byScale(word string) *currency {
	for i := range t.Currencies {
		if slices.Contains(t.Currencies[i].Scales, word) {
			return &t.Currencies[i]
		}
	}
	return nil
}

// byLanguage gives the currency of an amount that names none: of those that
// the text's languages suggest, the one with the highest reference, so that
// doubt never makes pay look high.
func (t *payTable) byLanguage(langs []string, amount float64) *currency {
	var best *currency
	for i := range t.Currencies {
		c := &t.Currencies[i]
		if amount < c.From || c.Below > 0 && amount >= c.Below {
			continue
		}
		if slices.ContainsFunc(c.Default, func(d string) bool { return slices.Contains(langs, d) }) && (best == nil || c.Month > best.Month) {
			best = c
		}
	}
	return best
}

// dollar gives the currency that "$" means among speakers of a language,
// where that is not the dollar of the United States.
func (t *payTable) dollar(langs []string) *currency {
	for _, l := range langs {
		for i := range t.Currencies {
			if t.Currencies[i].Dollar == l {
				return &t.Currencies[i]
			}
		}
	}
	return nil
}

// window gives what stands before and after a number, near enough to belong
// to it and on the same line.
func window(s string, start, end int) (before, after string) {
	const reach = 36 // characters
	before, after = lastN(s[:start], reach), first(s[end:], reach)
	if i := strings.LastIndexByte(before, '\n'); i >= 0 {
		before = before[i+1:]
	}
	if i := strings.IndexByte(after, '\n'); i >= 0 {
		after = after[:i]
	}
	return strings.TrimRight(before, " "), strings.TrimLeft(after, " ")
}

// endsWith and startsWith want a whole word where the word is of letters a-z.
func endsWith(s, w string) bool {
	if !strings.HasSuffix(s, w) {
		return false
	}
	rest := s[:len(s)-len(w)]
	return rest == "" || !latin(w[0]) || !latin(rest[len(rest)-1])
}

func startsWith(s, w string) bool {
	if !strings.HasPrefix(s, w) {
		return false
	}
	rest := s[len(w):]
	return rest == "" || !latin(w[len(w)-1]) || !latin(rest[0])
}

func latin(b byte) bool { return b >= 'a' && b <= 'z' }
