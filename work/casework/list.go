package casework

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/pelletier/go-toml/v2"

	"homeward/form/exchange"
	"homeward/know/hotline"
	"homeward/know/text"
)

// This file says what a row of somebody's list becomes: values in, lines out. Nothing
// here reads or writes the store.

// CaseNumber is the kind of column that puts rows into one case; no guess finds it.
const CaseNumber = "case"

// ListFields are the kinds of columns a list of people may have.
var ListFields = sync.OnceValue(func() []exchange.Field {
	return append(exchange.Fields(), exchange.Field{ID: CaseNumber})
})

// DateOrders are how 5/6/2026 may be meant; "roc" reads 115/5/6 as a year of the
// Republic. A year of four digits that comes first needs no saying.
var DateOrders = []string{"", "dmy", "mdy", "roc"}

// Choices are how a list is to be taken in, as a member said it.
type Choices struct {
	Mapping   exchange.Mapping
	Order     string // one of DateOrders
	Zone      string
	Accuracy  string            // how exactly places are known
	According string            // according to whom, where no column says it
	Stages    map[string]string // by word in normal form: a stage, or ""
	Countries map[string]string // the same: a code, or ""
	Members   []string          // who is on the cases too
	Anyway    map[int]bool      // rows to take though they look like a case that is there
	Lang      string
	// Say puts a sentence into the member's language, for what is kept in the cases.
	Say func(english string, values ...any) string
}

// Word is one of the words of a list that must be a stage or a country.
type Word struct {
	Word    string // as first written
	Key     string // in normal form
	Rows    int
	Meaning string // what it is taken for, or ""
}

// Remark is a value that is not taken as what its column is.
type Remark struct {
	Field, Value string
	Why          string // date, order, future, old, country, stage, long, called
	Kept         bool   // its words stand in the case all the same
}

// Like is a case, or another row of the list, that a row resembles.
type Like struct {
	Case, Title string
	Line        int
	By          string // phone, document, name
}

// Why a row is not taken.
const (
	OutEmpty = "empty" // nothing in it that a case could hold
	OutAgain = "again" // it is in a case already, from this very list
	OutAlike = "alike" // it looks like a case that is there
	OutCrowd = "crowd" // more people in one case than a case can hold
)

// Row is what a row of the list would become.
type Row struct {
	Line    int // in the file
	Index   int // of Sheet.Rows
	Called  string
	Case    int // of Plan.Cases, or -1
	Person  int // in that case
	Lines   []Entry
	Remarks []Remark
	Likes   []Like
	Out     string
}

// Draft is a case that would be opened.
type Draft struct {
	Line int // of its first row
	Rows []int
}

// Plan is what an import would do.
type Plan struct {
	Rows   []Row
	Cases  []Draft
	Taken  int
	Out    map[string]int
	Marked int // rows with remarks, of those that are taken
}

//go:embed listwords.toml
var listwordsTOML []byte

type wordBook struct {
	Stage   map[string][]string `toml:"stage"`
	Country map[string][]string `toml:"country"`
}

// readWords gives what words mean: stages and countries by word in normal form.
var readWords = sync.OnceValue(func() (out struct{ stage, country map[string]string }) {
	var b wordBook
	if err := toml.Unmarshal(listwordsTOML, &b); err != nil {
		panic(fmt.Sprintf("casework: listwords.toml: %v", err)) // a test rules it out
	}
	out.stage, out.country = map[string]string{}, map[string]string{}
	for _, c := range hotline.Default().Countries() {
		if c.Code == hotline.Elsewhere {
			continue
		}
		out.country[wordKey(c.Code)] = c.Code
		for _, n := range c.Names {
			out.country[wordKey(n)] = c.Code
		}
	}
	for code, names := range b.Country {
		for _, n := range names {
			out.country[wordKey(n)] = code
		}
	}
	for _, s := range stages {
		out.stage[wordKey(s)] = s
	}
	for s, names := range b.Stage {
		for _, n := range names {
			out.stage[wordKey(n)] = s
		}
	}
	return out
})

// wordKey is a word in normal form.
func wordKey(s string) string {
	return strings.Join(strings.Fields(text.Normalize(s).Text), " ")
}

// mostWords is how many different words for a stage or a country a page asks about.
const mostWords = 200

// words gives the different words of a list's columns of a field, with what they are
// taken for.
func words(sheet exchange.Sheet, m exchange.Mapping, field string, known, chosen map[string]string) (out []Word) {
	at := map[string]int{}
	for _, row := range sheet.Rows {
		v := strings.TrimSpace(m.Value(row, field))
		key := wordKey(v)
		if key == "" {
			continue
		}
		i, ok := at[key]
		if !ok {
			if len(out) == mostWords {
				continue
			}
			i = len(out)
			at[key] = i
			w := Word{Word: v, Key: key, Meaning: known[key]}
			if c, said := chosen[key]; said {
				w.Meaning = c
			}
			out = append(out, w)
		}
		out[i].Rows++
	}
	return out
}

// StageWords gives the list's words for stages, and what each is taken for.
func StageWords(sheet exchange.Sheet, ch Choices) []Word {
	return words(sheet, ch.Mapping, "stage", readWords().stage, ch.Stages)
}

// CountryWords gives the list's words for countries.
func CountryWords(sheet exchange.Sheet, ch Choices) []Word {
	var out []Word
	for _, field := range []string{"nationality", "country"} {
		for _, w := range words(sheet, ch.Mapping, field, readWords().country, ch.Countries) {
			if i := slices.IndexFunc(out, func(o Word) bool { return o.Key == w.Key }); i >= 0 {
				out[i].Rows += w.Rows
			} else if len(out) < mostWords {
				out = append(out, w)
			}
		}
	}
	return out
}

// dateFields are the columns that are read as dates.
var dateFields = []string{"last_contact", "departed_on", "reported_on", "birth_date"}

var numbered = regexp.MustCompile(`^(\d{1,4})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{1,4})(?:[ T]+(.+))?$`)

// digits brings full-width and Thai digits to those that programs read.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r >= '๐' && r <= '๙':
			return r - '๐' + '0'
		}
		return r
	}, s)
}

// GuessOrder says from the dates themselves how 5/6/2026 is meant in a list: "" where
// nothing tells. ask says that some dates could be read in two ways.
func GuessOrder(sheet exchange.Sheet, m exchange.Mapping) (order string, ask bool) {
	var dmy, mdy, roc, either int
	for _, row := range sheet.Rows {
		for _, field := range dateFields {
			p := numbered.FindStringSubmatch(strings.TrimSpace(digits(m.Value(row, field))))
			if p == nil {
				continue
			}
			a, _ := strconv.Atoi(p[1])
			b, _ := strconv.Atoi(p[2])
			switch {
			case len(p[1]) == 4:
			case len(p[1]) == 3 || len(p[3]) <= 2 && a > 31:
				roc++
			case len(p[3]) == 4 && a > 12:
				dmy++
			case len(p[3]) == 4 && b > 12:
				mdy++
			case len(p[3]) == 4:
				either++
			}
		}
	}
	switch {
	case dmy > 0 && mdy == 0 && roc == 0:
		return "dmy", false
	case mdy > 0 && dmy == 0 && roc == 0:
		return "mdy", false
	case roc > 0 && dmy == 0 && mdy == 0:
		return "roc", either > 0
	}
	return "", either > 0
}

// listDate brings a date of a list to what ParseWhen reads. The error is a reason of
// Remark.
func listDate(v, order string) (string, string) {
	v = strings.TrimSpace(digits(v))
	p := numbered.FindStringSubmatch(v)
	if p == nil || len(p[1]) == 4 {
		return v, ""
	}
	a, _ := strconv.Atoi(p[1])
	b, _ := strconv.Atoi(p[2])
	day := ""
	switch {
	case len(p[3]) == 4:
		switch {
		case order == "mdy":
			day = p[3] + "-" + p[1] + "-" + p[2]
		case order == "dmy", order == "" && a > 12 && b <= 12:
			day = p[3] + "-" + p[2] + "-" + p[1]
		case order == "" && b > 12 && a <= 12:
			day = p[3] + "-" + p[1] + "-" + p[2]
		case a > 12 && b > 12:
			return "", "date"
		default:
			return "", "order"
		}
	case order == "roc" && len(p[3]) <= 2:
		day = "民國" + p[1] + "-" + p[2] + "-" + p[3]
	case len(p[1]) == 3:
		return "", "order"
	default:
		return "", "date" // a year of two digits is no year
	}
	return strings.TrimSpace(day + " " + p[4]), ""
}

// drafter makes lines of rows.
type drafter struct {
	book  *Book
	sheet exchange.Sheet
	list  string // the hash of the file
	ch    Choices
	now   time.Time
	loc   *time.Location
}

// origin is kept with a row's provenance, so that the same row is known again.
type origin struct {
	List  string `json:"list"`
	Sheet string `json:"sheet,omitempty"`
	Line  int    `json:"line"`
}

// Draft says what a list would become, among the cases that are known.
func (b *Book) draft(sheet exchange.Sheet, list string, ch Choices, among known, now time.Time) Plan {
	if ch.Say == nil {
		ch.Say = func(s string, v ...any) string { return fmt.Sprintf(s, v...) }
	}
	d := drafter{book: b, sheet: sheet, list: list, ch: ch, now: now, loc: time.UTC}
	if loc, err := time.LoadLocation(ch.Zone); err == nil && slices.Contains(Zones, ch.Zone) {
		d.loc = loc
	}
	p := Plan{Out: map[string]int{}}
	groups := map[string]int{}
	inList := map[string]int{}
	size := map[string]int{}
	for _, row := range sheet.Rows {
		size[d.group(row)]++
	}
	for i, cells := range sheet.Rows {
		r := d.row(i, size[d.group(cells)])
		marks := marksOf(d.identity(cells))
		for _, m := range marks { // cases first: they decide
			for _, id := range among.by[m.key] {
				r.likes(Like{Case: id, Title: among.titles[id], By: m.what})
				if len(r.Likes) == mostLikes {
					break
				}
			}
		}
		for _, m := range marks {
			if line, ok := inList[m.key]; ok {
				r.likes(Like{Line: line, By: m.what})
			} else {
				inList[m.key] = r.Line
			}
		}
		group := d.group(cells)
		at, grouped := groups[group]
		grouped = grouped && group != ""
		switch id, in := among.rows[origin{list, sheet.Name, r.Line}]; {
		case in:
			r.Out = OutAgain
			r.Likes, r.Remarks, r.Lines = []Like{{Case: id, Title: among.titles[id]}}, nil, nil
		case r.Out != "":
		case slices.ContainsFunc(r.Likes, func(l Like) bool { return l.Case != "" }) && !ch.Anyway[r.Line]:
			r.Out = OutAlike
		case grouped && len(p.Cases[at].Rows) >= maxPeople:
			r.Out = OutCrowd
		}
		if r.Case = -1; r.Out != "" {
			p.Out[r.Out]++
			p.Rows = append(p.Rows, r)
			continue
		}
		if !grouped {
			at = len(p.Cases)
			p.Cases = append(p.Cases, Draft{Line: r.Line})
			if group != "" {
				groups[group] = at
			}
		}
		p.Cases[at].Rows = append(p.Cases[at].Rows, i)
		r.Case, r.Person = at, len(p.Cases[at].Rows)
		for j := range r.Lines {
			r.Lines[j].Person = r.Person
		}
		if p.Taken++; len(r.Remarks) > 0 {
			p.Marked++
		}
		p.Rows = append(p.Rows, r)
	}
	return p
}

// mostLikes bounds how many cases and rows are named beside a row; mostMarks how many
// telephones and the like one row is compared by.
const (
	mostLikes = 5
	mostMarks = 50
)

// likes adds a case or row that is alike, once, with everything by which it is.
func (r *Row) likes(l Like) {
	i := slices.IndexFunc(r.Likes, func(o Like) bool { return o.Case == l.Case && o.Line == l.Line })
	if i < 0 {
		if len(r.Likes) < mostLikes {
			r.Likes = append(r.Likes, l)
		}
	} else if !strings.Contains(r.Likes[i].By, l.By) {
		r.Likes[i].By += " " + l.By
	}
}

func (d *drafter) group(cells []string) string { return wordKey(d.value(cells, CaseNumber)) }

func (d *drafter) value(cells []string, field string) string {
	return strings.TrimSpace(d.ch.Mapping.Value(cells, field))
}

// all gives a field's values, joined.
func (d *drafter) all(cells []string, fields ...string) string {
	var out []string
	for _, f := range fields {
		for _, v := range d.ch.Mapping.Values(cells, f) {
			if v = strings.TrimSpace(v); !slices.Contains(out, v) {
				out = append(out, v)
			}
		}
	}
	return strings.Join(out, "; ")
}

// name is what the person is really called.
func (d *drafter) name(cells []string) string {
	if n := d.value(cells, "name"); n != "" {
		return n
	}
	family, given := d.value(cells, "family_name"), d.value(cells, "given_name")
	if han(family) && han(given) {
		return family + given
	}
	return strings.TrimSpace(given + " " + family)
}

func han(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.Is(unicode.Han, r) })
}

// identity gives who a row is about.
func (d *drafter) identity(cells []string) map[string]string {
	out := map[string]string{
		"name": d.name(cells), "other_names": d.all(cells, "other_names"), "birth": d.value(cells, "birth_date"), "sex": d.value(cells, "sex"),
		"document": d.all(cells, "document"), "phone": d.all(cells, "phone", "account", "email"),
	}
	var family []string
	for _, f := range []string{"family_contact", "family_phone", "home_address"} {
		if v := d.all(cells, f); v != "" {
			family = append(family, v)
		}
	}
	out["family"] = strings.Join(family, "; ")
	if age := d.value(cells, "age"); age != "" && out["birth"] == "" {
		out["birth"] = d.ch.Say("age in the list: %s", age)
	}
	return out
}

// row makes the lines of one row. together is how many rows have its case number.
func (d *drafter) row(i, together int) Row {
	cells := d.sheet.Rows[i]
	r := Row{Line: d.sheet.Lines[i], Index: i, Case: -1}
	who := d.identity(cells)
	r.Called = d.called(&r, cells, who, together)
	var kept []string // words that found no place of their own
	keep := func(field, v string) {
		kept = append(kept, d.header(field)+": "+v)
	}
	remark := func(field, v, why string, stays bool) {
		r.Remarks = append(r.Remarks, Remark{field, v, why, stays})
		if stays {
			keep(field, v)
		}
	}
	date := func(field string) string {
		v := d.value(cells, field)
		if v == "" {
			return ""
		}
		day, why := listDate(v, d.ch.Order)
		if why == "" {
			t, err := ParseWhen(day, d.loc)
			switch {
			case err != nil:
				why = "date"
			case t.Year() < 1900:
				why = "old"
			case t.After(d.now.Add(36 * time.Hour)):
				why = "future"
			}
		}
		if why != "" {
			remark(field, v, why, true)
			return ""
		}
		return day
	}
	word := func(field string, known, chosen map[string]string) string {
		v := d.value(cells, field)
		key := wordKey(v)
		if key == "" {
			return ""
		}
		meaning, said := chosen[key]
		if !said {
			meaning = known[key]
		}
		if meaning == "" {
			why := "country"
			if field == "stage" {
				why = "stage"
			}
			remark(field, v, why, true)
		}
		return meaning
	}
	add := func(kind string, answers map[string]string) {
		for {
			e, err := d.book.Make(kind, 1, 0, answers, d.ch.Zone, d.now)
			var bad *Invalid
			if errors.As(err, &bad) {
				v := answers[bad.Field]
				if v == "" {
					return // what it needs is not in the list
				}
				// What belongs to who it is stays out of the file, however long it is.
				k, _ := d.book.Kind(kind)
				remark(bad.Field, v, bad.Why, k.Compartment == File && bad.Why != "long")
				delete(answers, bad.Field)
				continue
			}
			r.Lines = append(r.Lines, e)
			return
		}
	}
	source := d.all(cells, "source")
	if len([]rune(source)) > maxLine {
		remark("source", source, "long", false)
		source = ""
	}
	if source == "" {
		source = d.ch.According
	}
	if source == "" {
		source = d.ch.Say("a list that was brought in")
	}

	add("someone", map[string]string{
		"called": r.Called, "origin": word("nationality", readWords().country, d.ch.Countries),
		"destination": word("country", readWords().country, d.ch.Countries), "left": date("departed_on"), "minor": d.minor(cells),
	})
	empty := true
	for _, v := range who {
		empty = empty && v == ""
	}
	if !empty {
		add("identity", who)
	}
	if v := d.all(cells, "place"); v != "" {
		add("place", map[string]string{"place": v, "accuracy": d.ch.Accuracy, "according": source})
	}
	if at := date("last_contact"); at != "" {
		add("contact", map[string]string{"at": at, "who": "the person", "text": d.ch.Say("the last contact, as the list has it")})
	}
	if v := d.value(cells, "ransom"); v != "" {
		add("demand", map[string]string{"amount": v})
	}
	if s := word("stage", readWords().stage, d.ch.Stages); s != "" && s != "missing" {
		add("stage", map[string]string{"stage": s, "text": d.ch.Say("as the list has it: %s", d.value(cells, "stage"))})
	}
	reported := date("reported_on")
	for _, c := range d.ch.Mapping.Columns {
		if (c.Field == "note" || c.Field == "recruiter") && c.Index < len(cells) && strings.TrimSpace(cells[c.Index]) != "" {
			kept = append(kept, strings.TrimSpace(c.Header+": "+strings.TrimSpace(cells[c.Index])))
		}
	}
	if len(kept) > 0 {
		add("statement", map[string]string{"according": source, "text": strings.Join(kept, "\n")})
	}
	if empty && len(r.Lines) == 1 && d.value(cells, "nationality") == "" && d.value(cells, "country") == "" && d.value(cells, "departed_on") == "" {
		r.Out = OutEmpty
	}
	// Where each person comes from, and what the row is known by if the list comes again.
	e, err := d.book.Make("document", 1, 0, map[string]string{"title": d.ch.Say("row %d of a list", r.Line), "hash": d.list, "at": reported, "according": source}, d.ch.Zone, d.now)
	if err == nil {
		e.Data, _ = json.Marshal(origin{d.list, d.sheet.Name, r.Line}) // three plain values
		r.Lines = append(r.Lines, e)
	}
	return r
}

// header is what the list calls its column of a field.
func (d *drafter) header(field string) string {
	for _, c := range d.ch.Mapping.Columns {
		if c.Field == field && strings.TrimSpace(c.Header) != "" {
			return strings.TrimSpace(c.Header)
		}
	}
	return field
}

// manyDigits is from how many digits on a number in a list may be a telephone or an
// identity card, and is not said where lists are shown.
const manyDigits = 8

// called is what the desk calls the person: the list's own number of them, unless that
// could give away who they are; else the row.
func (d *drafter) called(r *Row, cells []string, who map[string]string, together int) string {
	id, number := d.value(cells, "id"), d.value(cells, CaseNumber)
	row := d.ch.Say("row %d", r.Line)
	v := id
	if v == "" && number != "" {
		if v = number; together > 1 {
			v = number + " · " + row
		}
	}
	const longest = 40
	n := 0
	for _, c := range digits(v[:min(len(v), 4*longest)]) {
		if unicode.IsDigit(c) {
			n++
		}
	}
	gives := len([]rune(v)) > longest
	said := squash(v[:min(len(v), 4*longest)])
	for _, part := range []string{who["name"], d.value(cells, "family_name"), d.value(cells, "given_name"), who["other_names"], who["document"], who["phone"]} {
		for _, p := range pieces(part) {
			if s := squash(p); len([]rune(s)) > 1 && strings.Contains(said, s) {
				gives = true
			}
		}
	}
	switch {
	case v == "":
		return row
	case n == 0 || n >= manyDigits || gives:
		r.Remarks = append(r.Remarks, Remark{"id", v, "called", true})
		who["other_names"] = strings.TrimPrefix(who["other_names"]+"; "+d.ch.Say("number in the list: %s", v), "; ")
		return row
	}
	return v
}

// minor says whether the person may be under 18, from a birth date or an age.
func (d *drafter) minor(cells []string) string {
	if v := d.value(cells, "birth_date"); v != "" {
		day, why := listDate(v, d.ch.Order)
		t, err := ParseWhen(day, time.UTC)
		if why == "" && err == nil && t.Year() >= 1900 && t.Before(d.now) {
			last := t // the latest day it may mean
			switch {
			case len(day) <= 4:
				last = t.AddDate(1, 0, -1)
			case len(day) <= 7:
				last = t.AddDate(0, 1, -1)
			}
			switch {
			case !last.AddDate(18, 0, 0).After(d.now):
				return "no"
			case t.AddDate(18, 0, 0).After(d.now):
				return "yes"
			}
			return "not known"
		}
	}
	// An age grows: who was of age when the list was written is so now.
	n, err := strconv.Atoi(strings.TrimRight(strings.TrimSpace(digits(d.value(cells, "age"))), " 歲岁ปีtuổiyears"))
	switch {
	case err != nil || n < 0 || n > 120:
		return ""
	case n >= 18:
		return "no"
	}
	return "yes"
}

// mark is a normal form by which two people are the same on paper.
type mark struct{ what, key string }

// pieces parts what several values stand in.
func pieces(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(";；,，、\n/|", r) })
}

// squash leaves letters and digits in normal form.
func squash(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			return r
		}
		return -1
	}, text.Normalize(s).Text)
}

// marksOf gives what somebody's identity can be compared by: telephones and handles,
// documents, names, each exactly in its normal form.
func marksOf(identity map[string]string) (out []mark) {
	add := func(what, key string) {
		m := mark{what, what + ":" + key}
		if len(out) < mostMarks && !slices.Contains(out, m) {
			out = append(out, m)
		}
	}
	for _, p := range pieces(identity["phone"]) {
		s := digits(squash(p))
		if strings.ContainsFunc(s, unicode.IsLetter) {
			if len([]rune(s)) > 2 {
				add("phone", s)
			}
			continue
		}
		if !strings.Contains(p, "+") {
			s = strings.TrimPrefix(s, "00") // how some write the +
		}
		if len(s) >= 7 {
			add("phone", s)
		}
	}
	for _, p := range pieces(identity["document"]) {
		if s := squash(p); len(s) >= 5 && strings.ContainsFunc(s, unicode.IsDigit) {
			add("document", s)
		}
	}
	// A comma stands inside a name as often as between two.
	for _, p := range strings.FieldsFunc(identity["name"]+";"+identity["other_names"], func(r rune) bool { return strings.ContainsRune(";；\n/、", r) }) {
		if s := squash(p); len([]rune(s)) > 1 && !strings.ContainsFunc(s, unicode.IsDigit) {
			add("name", s)
		}
	}
	return out
}
