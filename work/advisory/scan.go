package advisory

import (
	_ "embed"
	"encoding/json"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"homeward/know/hotline"
	"homeward/know/place"
	"homeward/know/text"
	"homeward/work/casework"
	"homeward/work/intake"
)

// Where something stands that a warning must not hold by accident.
type Where struct {
	Case   string `json:"case,omitempty"`
	N      int64  `json:"n,omitempty"` // of its lines
	Report string `json:"report,omitempty"`
	Place  string `json:"place,omitempty"` // of the desk's list
}

// Hit is something of the desk's that a warning holds.
type Hit struct {
	Where
	Kind  string // name, part of a name, contact, number, place, position, document, reference, words: English, of the catalogue
	Value string // as it stands there
	Found string // as it stands in the warning
	// May says that two members can let it stand: the name of a compound, an amount, a
	// word. A person's name, number, papers or position they cannot.
	May bool
}

// Page is a warning made ready to be searched for many things.
type Page struct {
	src    string
	norm   *text.Norm
	squash string
	at     []int // where each byte of squash stands in norm.Text
	starts []bool
	ends   []bool // by the byte after the last
	runs   []digits
	points []point
	chains map[string]span // five words, or ten characters of a script without spaces
}

type span struct{ from, to int } // in norm.Text

type digits struct {
	s    string
	solo bool // nothing but digits between its ends
	span
}

type point struct {
	lat, lon float64
	span
}

// NewPage makes a warning ready.
func NewPage(src string) *Page {
	p := &Page{src: src, norm: text.Normalize(src), chains: map[string]span{}}
	p.squash, p.at, p.starts, p.ends = squash(p.norm.Text)
	p.runs, p.points = digitRuns(p.norm.Text), points(p.norm.Text)
	for _, c := range chains(p.norm.Text) {
		p.chains[c.s] = c.span
	}
	return p
}

// found gives the writer's own characters of a span.
func (p *Page) found(s span) string {
	from, to := p.norm.Span(s.from, s.to)
	return p.src[from:to]
}

// squash leaves the letters and digits of a normal form, and says where each stood and
// whether a word begins or ends there.
func squash(norm string) (out string, at []int, starts, ends []bool) {
	var b strings.Builder
	apart := true // nothing that belongs to a word came before
	for i, r := range norm {
		if !text.Letter(r) {
			if len(ends) > 0 {
				ends[len(ends)-1] = true
			}
			apart = true
			continue
		}
		free := text.SpaceFree(r)
		if free && len(ends) > 0 {
			ends[len(ends)-1] = true
		}
		for k := range utf8.RuneLen(r) {
			at = append(at, i)
			starts = append(starts, k == 0 && (apart || free))
			ends = append(ends, false)
		}
		if free {
			ends[len(ends)-1] = true
		}
		apart = free
		b.WriteRune(r)
	}
	if len(ends) > 0 {
		ends[len(ends)-1] = true
	}
	return b.String(), at, starts, ends
}

// has looks for letters and digits, whatever stands between them. Short ones must be
// whole words: somebody called Ann is not in planning.
func (p *Page) has(q string) (span, bool) {
	return p.first(q, func(span) bool { return true })
}

// capital looks for a word that the warning's writer began with a capital letter.
func (p *Page) capital(q string) (span, bool) {
	return p.first(q, func(at span) bool { return begins(p.found(at)) })
}

func (p *Page) first(q string, fits func(span) bool) (span, bool) {
	for from := 0; ; {
		i := strings.Index(p.squash[from:], q)
		if i < 0 {
			return span{}, false
		}
		i += from
		last := i + len(q) - 1
		if utf8.RuneCountInString(q) >= 8 || p.starts[i] && p.ends[last] {
			to := p.at[last]
			_, n := utf8.DecodeRuneInString(p.norm.Text[to:])
			if at := (span{p.at[i], to + n}); fits(at) {
				return at, true
			}
		}
		_, n := utf8.DecodeRuneInString(p.squash[i:])
		from = i + n
	}
}

// longEnough says whether something can be searched for at all without finding it
// everywhere.
func longEnough(q string) bool {
	n, free := 0, 0
	for _, r := range q {
		n++
		if text.SpaceFree(r) {
			free++
		}
	}
	return n >= 3 || free >= 2
}

// digitRuns gives numbers however they are parted: by spaces, hyphens, dots, brackets.
// Chinese numerals in a row count as digits.
func digitRuns(norm string) (out []digits) {
	var cur digits
	gap := 0
	end := func() {
		if len(cur.s) >= 4 {
			out = append(out, cur)
		}
		cur, gap = digits{}, 0
	}
	for i, r := range norm {
		d := digit(r)
		switch {
		case d >= 0:
			if cur.s == "" {
				cur.from, cur.solo = i, true
			}
			if gap > 0 {
				cur.solo = false
			}
			cur.s += string(rune('0' + d))
			cur.to, gap = i+utf8.RuneLen(r), 0
		case cur.s == "":
		case strings.ContainsRune(" -.()/+,_·\n\u00a0", r) && gap < 3:
			gap++
		default:
			end()
		}
	}
	end()
	return out
}

func digit(r rune) int {
	if r >= '0' && r <= '9' {
		return int(r - '0')
	}
	for i, z := range []rune("零一二三四五六七八九") {
		if r == z {
			return i
		}
	}
	if r == '〇' {
		return 0
	}
	return -1
}

// number looks for a number. A long one is known by its last eight digits: with or
// without the country's code it is the same telephone.
func (p *Page) number(q string) (span, bool) {
	if len(q) >= 9 {
		q = q[len(q)-8:]
	}
	for _, r := range p.runs {
		if len(q) >= 6 && strings.Contains(r.s, q) || r.s == q {
			return r.span, true
		}
	}
	return span{}, false
}

var decimals = regexp.MustCompile(`(-?\d{1,3}\.\d{2,})[^0-9\-]{1,4}(-?\d{1,3}\.\d{2,})`)

func points(norm string) (out []point) {
	if !strings.Contains(norm, ".") || !strings.ContainsAny(norm, "0123456789") {
		return nil
	}
	for _, m := range decimals.FindAllStringSubmatchIndex(norm, -1) {
		lat, e1 := strconv.ParseFloat(norm[m[2]:m[3]], 64)
		lon, e2 := strconv.ParseFloat(norm[m[4]:m[5]], 64)
		if e1 == nil && e2 == nil && math.Abs(lat) <= 180 && math.Abs(lon) <= 180 {
			out = append(out, point{lat, lon, span{m[0], m[1]}})
		}
	}
	return out
}

// near looks for a position within about two kilometres, either number first.
func (p *Page) near(lat, lon float64) (span, bool) {
	const reach = 0.02
	for _, q := range p.points {
		if math.Abs(q.lat-lat) <= reach && math.Abs(q.lon-lon) <= reach || math.Abs(q.lon-lat) <= reach && math.Abs(q.lat-lon) <= reach {
			return q.span, true
		}
	}
	return span{}, false
}

type word struct {
	s string
	span
}

// capitals gives the words that a writer began with a capital letter.
func capitals(src string, n *text.Norm) (out []word) {
	for _, w := range fields(n.Text) {
		if utf8.RuneCountInString(w.s) < 3 || text.SpaceFree(firstRune(w.s)) {
			continue
		}
		from, to := n.Span(w.from, w.to)
		if begins(src[from:to]) {
			out = append(out, w)
		}
	}
	return out
}

// begins says whether a word begins as names and references do: with a capital letter,
// or with a digit and letters after it.
func begins(s string) bool {
	r := firstRune(strings.TrimLeftFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }))
	return unicode.IsUpper(r) || unicode.IsDigit(r) && strings.ContainsFunc(s, unicode.IsLetter)
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// fields cuts a normal form into words.
func fields(norm string) (out []word) {
	from := -1
	for i, r := range norm {
		switch {
		case text.Letter(r) && from < 0:
			from = i
		case !text.Letter(r) && from >= 0:
			out = append(out, word{norm[from:i], span{from, i}})
			from = -1
		}
	}
	if from >= 0 {
		out = append(out, word{norm[from:], span{from, len(norm)}})
	}
	return out
}

// chains gives every five words in a row, and every ten characters of a script without
// spaces: who quotes that much quotes somebody.
func chains(norm string) (out []word) {
	all := fields(norm)
	for i := 0; i+5 <= len(all); i++ {
		var parts []string
		for _, w := range all[i : i+5] {
			parts = append(parts, w.s)
		}
		out = append(out, word{strings.Join(parts, " "), span{all[i].from, all[i+4].to}})
	}
	const many = 10
	var at []int
	flush := func(end int) {
		at = append(at, end)
		for i := 0; i+many < len(at); i++ {
			out = append(out, word{norm[at[i]:at[i+many]], span{at[i], at[i+many]}})
		}
		at = nil
	}
	for i, r := range norm {
		if text.SpaceFree(r) {
			at = append(at, i)
		} else if len(at) > 0 {
			flush(i)
		}
	}
	if len(at) > 0 {
		flush(len(norm))
	}
	return out
}

//go:embed ordinary.txt
var ordinaryTXT string

var ordinary = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for _, l := range strings.Split(ordinaryTXT, "\n") {
		if strings.HasPrefix(l, "#") {
			continue
		}
		for _, w := range strings.Fields(l) {
			out[squashed(w)] = true
		}
	}
	for _, c := range hotline.Default().Countries() {
		for _, name := range c.Names {
			out[squashed(name)] = true
			for _, w := range fields(text.Normalize(name).Text) {
				out[w.s] = true
			}
		}
	}
	return out
})

// usual says whether a value holds nothing but ordinary words.
func usual(s string) bool {
	if ordinary()[squashed(s)] {
		return true
	}
	for _, w := range fields(text.Normalize(s).Text) {
		if !ordinary()[w.s] {
			return false
		}
	}
	return true
}

// Search collects what a warning holds of a desk's cases and reports.
type Search struct {
	Page  *Page
	Hits  []Hit
	Terms int // values that were searched for
	Short int // values too short to be searched for

	public []string // names that the desk's places say are public anyway
}

func (s *Search) hit(at Where, kind, value string, may bool, where span) {
	if may && (slices.Contains(s.public, squashed(value)) || slices.Contains(s.public, squashed(s.Page.found(where)))) {
		return
	}
	h := Hit{Where: at, Kind: kind, Value: clip(value), Found: s.Page.found(where), May: may}
	if !slices.Contains(s.Hits, h) && len(s.Hits) < 500 {
		s.Hits = append(s.Hits, h)
	}
}

func clip(s string) string {
	if r := []rune(s); len(r) > 120 {
		return string(r[:120]) + "…"
	}
	return s
}

// value looks for one value as a whole.
func (s *Search) value(at Where, kind, value string, may bool) {
	value = strings.TrimSpace(value)
	if value == "" || may && usual(value) {
		return
	}
	q := squashed(value)
	if q == "" || ordinary()[q] {
		return
	}
	s.Terms++
	if !longEnough(q) {
		s.Short++
		return
	}
	if where, ok := s.Page.has(q); ok {
		s.hit(at, kind, value, may, where)
	}
	s.numbers(at, kind, value, may, 4)
	s.position(at, value)
}

// numbers looks for the numbers in a value that have at least so many digits.
func (s *Search) numbers(at Where, kind, value string, may bool, least int) {
	for _, r := range digitRuns(text.Normalize(value).Text) {
		if len(r.s) < least || year(r.s) {
			continue
		}
		s.Terms++
		if where, ok := s.Page.number(r.s); ok {
			s.hit(at, kind, value, may, where)
		}
	}
}

func year(s string) bool { return len(s) == 4 && (s[:2] == "19" || s[:2] == "20") }

func (s *Search) position(at Where, value string) {
	if !strings.ContainsFunc(value, unicode.IsDigit) {
		return
	}
	// What is longer is no position by itself.
	const longest = 80
	if p, err := place.Parse(value[:min(len(value), longest+1)]); len(value) <= longest && err == nil {
		s.Terms++
		if where, ok := s.Page.near(p.Lat, p.Lon); ok {
			s.hit(at, "position", value, false, where)
		}
	}
	for _, p := range points(text.Normalize(value).Text) {
		if where, ok := s.Page.near(p.lat, p.lon); ok {
			s.hit(at, "position", value, false, where)
		}
	}
}

// pieces cuts a value where people put one thing beside another.
func pieces(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(",;/\\|()\n、，；（）：:＝=", r) })
}

// line looks for a value and for its pieces.
func (s *Search) line(at Where, kind, value string, may bool) {
	s.value(at, kind, value, may)
	if all := pieces(value); len(all) > 1 {
		for _, p := range all {
			if !usual(p) {
				s.value(at, kind, p, may)
			}
		}
	}
	s.contacts(at, value)
}

// titled says whether each of several words begins with a capital letter: Will Long is
// somebody, the mother may be anybody.
func titled(s string) bool {
	all := strings.Fields(s)
	return len(all) > 1 && !slices.ContainsFunc(all, func(w string) bool { return !unicode.IsUpper(firstRune(w)) })
}

// name looks for a person's name, its parts in another order, and each part by itself,
// which two members can let stand: May is a month.
func (s *Search) name(at Where, value string) {
	for _, one := range append([]string{value}, pieces(value)...) {
		if usual(one) && !titled(one) {
			continue
		}
		s.value(at, "name", one, false)
		parts := strings.FieldsFunc(one, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("-·•・.", r) })
		for i := 1; i < len(parts) && len(parts) <= 6; i++ {
			s.value(at, "name", strings.Join(slices.Concat(parts[i:], parts[:i]), " "), false)
		}
		if len(parts) > 2 {
			s.value(at, "name", parts[0]+" "+parts[len(parts)-1], false)
		}
		if len(parts) > 1 {
			for _, p := range parts {
				if q := squashed(p); !longEnough(q) || usual(p) {
					continue
				} else if w, ok := s.Page.capital(q); ok {
					s.hit(at, "part of a name", p, true, w)
				}
			}
		}
		// A name in ideographs, without the family name.
		if rs := []rune(squashed(one)); len(rs) >= 3 && len(rs) <= 4 && unicode.Is(unicode.Han, rs[0]) {
			if w, ok := s.Page.has(string(rs[1:])); ok {
				s.hit(at, "part of a name", string(rs[1:]), true, w)
			}
		}
	}
	s.contacts(at, value)
}

var reach = regexp.MustCompile(`(?i)[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]+\.\p{L}{2,}|@[\p{L}\p{N}_.]{3,}|https?://\S+|\b(?:t\.me|wa\.me|line\.me|lin\.ee|m\.me|fb\.com|facebook\.com)/\S+|\b(?:0x[0-9a-f]{20,}|[13T][1-9A-HJ-NP-Za-km-z]{25,40}|bc1[0-9a-z]{20,})\b`)

// contacts looks for the handles, links, mail addresses and wallets in a value.
func (s *Search) contacts(at Where, value string) {
	if !strings.ContainsAny(value, "@/") && !hasWallet(value) {
		return // most values: the search below is slow
	}
	for _, m := range reach.FindAllString(value, 100) {
		q := squashed(strings.TrimPrefix(strings.TrimPrefix(m, "https://"), "http://"))
		if !longEnough(q) {
			continue
		}
		s.Terms++
		if where, ok := s.Page.has(q); ok {
			s.hit(at, "contact", m, false, where)
		}
	}
}

// hasWallet says whether something in a value is long enough to be a wallet.
func hasWallet(s string) bool {
	n := 0
	for i := range len(s) {
		c := s[i]
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
			if n++; n >= 20 {
				return true
			}
		} else {
			n = 0
		}
	}
	return false
}

// words looks through what somebody wrote at length: for its numbers, contacts and
// positions, for whatever begins with a capital letter, and for five words in a row
// that the warning has too.
func (s *Search) words(at Where, value string, may bool) {
	if value = strings.TrimSpace(value); value == "" {
		return
	}
	n := text.Normalize(value)
	for _, r := range digitRuns(n.Text) {
		if len(r.s) < 6 {
			continue
		}
		s.Terms++
		if where, ok := s.Page.number(r.s); ok {
			// Eight digits and more are a telephone or papers, unless they end as sums do.
			from, to := n.Span(r.from, r.to)
			s.hit(at, "number", value[from:to], may && (len(r.s) < 8 || strings.HasSuffix(r.s, "000")), where)
		}
	}
	s.contacts(at, value)
	s.position(at, value)
	for _, w := range capitals(value, n) {
		if ordinary()[w.s] {
			continue
		}
		s.Terms++
		if where, ok := s.Page.capital(w.s); ok {
			from, to := n.Span(w.from, w.to)
			s.hit(at, "words", value[from:to], may, where)
		}
	}
	for _, c := range chains(n.Text) {
		if where, ok := s.Page.chains[c.s]; ok {
			from, to := n.Span(c.from, c.to)
			s.hit(at, "words", value[from:to], may, where)
			break // the first tells which line it is
		}
	}
	// What is short enough to be one thing is looked for as a whole too.
	if len([]rune(value)) <= 60 {
		s.value(at, "words", value, may)
	}
}

// Case looks for everything that the reader of a case can open.
func (s *Search) Case(b *casework.Book, c casework.Case) {
	at := Where{Case: c.ID}
	s.value(at, "reference", c.ID, false)
	s.value(at, "reference", casework.Short(c.ID), false)
	for _, e := range c.Entries {
		if !e.Shut {
			s.entry(b, c.ID, e)
		}
	}
}

func (s *Search) entry(b *casework.Book, id string, e casework.Entry) {
	at := Where{Case: id, N: e.N}
	types := map[string]string{}
	k, known := b.Kind(e.Kind)
	if known {
		for _, f := range k.Fields {
			types[f.ID] = f.Type
		}
	}
	// What only few may open can never stand in a warning.
	may := e.Compartment == casework.File
	for field, v := range e.F {
		switch e.Kind + "." + field {
		case "identity.name", "identity.other_names", "identity.family":
			s.name(at, v)
		case "identity.document", "document.hash":
			s.line(at, "document", v, false)
		case "identity.birth", "identity.phone", "demand.to":
			s.line(at, "contact", v, false)
		case "place.place", "moved.from", "moved.to":
			s.line(at, "place", v, may)
		case "place.position", "place.point":
			s.line(at, "position", v, false)
		case "copy.reference", "copy.sha256", "report.text":
			s.line(at, "reference", v, false)
		default:
			switch types[field] {
			case "choice", "some", "member", "country", "when", "day":
			case "long":
				s.words(at, v, may)
			default:
				s.line(at, "words", v, may)
				s.words(at, v, may)
			}
		}
	}
	if len(e.Data) > 0 {
		var any any
		if json.Unmarshal(e.Data, &any) == nil {
			s.data(at, any, may)
		}
	}
}

// data looks through what another room keeps in a line.
func (s *Search) data(at Where, v any, may bool) {
	switch v := v.(type) {
	case string:
		s.words(at, v, may)
	case []any:
		for _, x := range v {
			s.data(at, x, may)
		}
	case map[string]any:
		for _, x := range v {
			s.data(at, x, may)
		}
	}
}

// Places looks for the places that a member knows of. A name that the desk has marked as
// public anyway may stand, here and where a case has it; what is known of a safe place
// never can. Ask it before the cases.
func (s *Search) Places(all []casework.Place) {
	for _, p := range all {
		if p.Known && !p.Safe {
			for _, n := range p.Names {
				s.public = append(s.public, squashed(n))
			}
		}
	}
	for _, p := range all {
		at := Where{Place: p.ID}
		may := !p.Safe
		for _, n := range p.Names {
			s.line(at, "place", n, may)
		}
		s.line(at, "position", p.Position, false)
		s.line(at, "contact", p.Reach, false)
		for _, long := range []string{p.Notes, p.Needs, p.Room} {
			s.words(at, long, may)
		}
		if p.Safe {
			s.line(at, "place", p.District, false)
		}
	}
}

// Report looks for what a sender told. A message that they passed on is not theirs: a
// warning quotes it. The word by which they say that they are forced is left out too; it
// is an ordinary word.
func (s *Search) Report(o intake.Opened) {
	at := Where{Report: o.Row.ID}
	s.value(at, "reference", o.Row.ID, false)
	s.name(at, o.Report.Who)
	s.line(at, "contact", o.Report.Contact, false)
	s.line(at, "place", o.Report.Where, true)
	s.words(at, o.Report.Safe, true)
	s.words(at, o.Report.Unsafe, true)
	for _, l := range o.Lines {
		s.words(at, l.Text, true)
	}
}
