package cli

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode"

	"homeward/form/exchange"
	"homeward/know/person"
)

// peopleList is a list as it was read, and which of its columns is what.
type peopleList struct {
	label   string // A or B
	file    string
	sheet   exchange.Sheet
	mapping exchange.Mapping
	columns map[string][]int // of each field
}

// matchFields are the kinds of columns that are compared; the others are known
// only so that they are not taken for one of these.
var matchFields = []string{"id", "name", "other_names", "birth_date", "sex", "nationality", "phone", "document", "place", "family_name", "given_name"}

func (e *Env) readPeople(file, label string, o matchOptions, used map[string]bool) (*peopleList, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, fmt.Errorf("list %s: there is no file %s", label, file)
	}
	if info.Size() > int64(exchange.Usual.Bytes) { // said before it is read into memory
		return nil, fmt.Errorf("list %s, %s: the file is larger than %d MB; split it", label, file, exchange.Usual.Bytes>>20)
	}
	raw, err := readAtMost(file, exchange.Usual.Bytes)
	if err != nil {
		return nil, fmt.Errorf("list %s, %s: %w", label, file, err)
	}
	sheet, err := exchange.Read(raw, exchange.Options{Encoding: o.encoding, Sheet: o.sheet, NoHeader: o.noHeader})
	if err != nil {
		return nil, fmt.Errorf("list %s, %s: %w", label, file, err)
	}
	l := &peopleList{label: label, file: file, sheet: sheet, mapping: exchange.Map(sheet.Header, exchange.Fields())}
	for _, m := range o.maps {
		found, err := l.choose(m)
		if err != nil {
			return nil, err
		}
		used[m] = used[m] || found
	}
	l.columns = map[string][]int{}
	for _, c := range l.mapping.Columns {
		l.columns[c.Field] = append(l.columns[c.Field], c.Index)
	}
	e.showMapping(l)
	l.showDoubles(e)
	if l.columns["name"] == nil && l.columns["family_name"] == nil && l.columns["given_name"] == nil {
		return nil, fmt.Errorf("list %s, %s: no column is the name; say which with --map \"COLUMN=name\" (columns: %s)", label, file, l.columnNames())
	}
	return l, nil
}

// readAtMost reads a file, or a pipe, whose size nobody knows.
func readAtMost(file string, most int) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, int64(most)+1))
	if err == nil && len(raw) > most {
		err = fmt.Errorf("the file is larger than %d MB; split it", most>>20)
	}
	return raw, err
}

func (l *peopleList) columnNames() string {
	var out []string
	for i, h := range l.sheet.Header {
		if i == 30 {
			out = append(out, fmt.Sprintf("and %d more", len(l.sheet.Header)-i))
			break
		}
		if h = oneLine(h); h == "" {
			h = "#" + strconv.Itoa(i+1)
		}
		out = append(out, shorten(h, 40))
	}
	return strings.Join(out, ", ")
}

// choose takes "column=field"; a column is meant by its name or as #3.
func (l *peopleList) choose(m string) (bool, error) {
	i := strings.LastIndexByte(m, '=')
	if i < 1 {
		return false, usage("--map %q: write \"column=field\", as in --map \"姓名=name\"", m)
	}
	column, field := m[:i], strings.TrimSpace(m[i+1:])
	found := false
	for at, h := range l.sheet.Header {
		if strings.TrimSpace(h) != strings.TrimSpace(column) && column != "#"+strconv.Itoa(at+1) {
			continue
		}
		if err := l.mapping.Choose(at, field); err != nil {
			return false, usage("--map %q: %s", m, err)
		}
		found = true
	}
	return found, nil
}

// showMapping says what was read and what each column was taken for.
func (e *Env) showMapping(l *peopleList) {
	s := l.sheet
	how := s.Format
	if s.Encoding != "" {
		how += ", " + s.Encoding
	}
	if s.Name != "" {
		how += ", sheet " + strconv.Quote(s.Name)
	}
	fmt.Fprintf(e.Stderr, "List %s: %s, %d rows (%s)\n", l.label, clean(l.file), len(s.Rows), clean(how))
	for _, n := range s.Notes {
		fmt.Fprintf(e.Stderr, "  %s\n", clean(shorten(n, 400)))
	}
	var rows [][]string
	left := 0
	for i, c := range l.mapping.Columns {
		name := oneLine(c.Header)
		if name == "" {
			name = "#" + strconv.Itoa(i+1)
		}
		use := "not used"
		for _, f := range matchFields {
			if c.Field == f {
				use = c.Field
			}
		}
		why := c.Why
		if c.Sureness != exchange.None && c.Sureness != exchange.Chosen {
			why = c.Sureness.String() + ", " + why
		}
		if use == "not used" && c.Field != "" {
			why = "it is " + c.Field + ", which is not compared"
		}
		if use == "not used" && len(rows) >= 40 {
			left++
			continue
		}
		rows = append(rows, []string{shorten(name, 30), use, why})
	}
	for _, line := range columnsOf(rows, 2) {
		fmt.Fprintln(e.Stderr, line)
	}
	if left > 0 {
		fmt.Fprintf(e.Stderr, "  and %d more columns that are not used\n", left)
	}
	if l.columns["id"] == nil {
		fmt.Fprintf(e.Stderr, "  No column is the id: the number of the line in the file stands for it.\n")
	}
}

// showDoubles warns of ids that stand on more than one row: an answer cannot say
// which is meant.
func (l *peopleList) showDoubles(e *Env) {
	if l.columns["id"] == nil {
		return
	}
	count := map[string]int{}
	double := 0
	for row := range l.sheet.Rows {
		id := l.id(row)
		if count[id]++; count[id] == 2 {
			double++
		}
	}
	if double > 0 {
		fmt.Fprintf(e.Stderr, "  Ids that stand on more than one row: %d. Answers with them do not say which row is meant.\n", double)
	}
}

func (l *peopleList) list() person.List {
	return person.List{Len: len(l.sheet.Rows), At: l.record}
}

// id is what a row is called in the answers.
func (l *peopleList) id(row int) string {
	if id := strings.TrimSpace(l.value(row, "id")); id != "" {
		return id
	}
	return strconv.Itoa(l.sheet.Lines[row])
}

// value is the first cell of a row that has something for a field.
func (l *peopleList) value(row int, field string) string {
	cells := l.sheet.Rows[row]
	for _, i := range l.columns[field] {
		if i < len(cells) && strings.TrimSpace(cells[i]) != "" {
			return cells[i]
		}
	}
	return ""
}

// values joins all of them.
func (l *peopleList) values(row int, field string) string {
	if len(l.columns[field]) < 2 {
		return l.value(row, field)
	}
	return strings.Join(l.mapping.Values(l.sheet.Rows[row], field), "; ")
}

func (l *peopleList) record(row int) person.Record {
	r := person.Record{
		ID: l.id(row), Name: l.value(row, "name"), OtherNames: l.values(row, "other_names"), BirthDate: l.value(row, "birth_date"), Sex: l.value(row, "sex"),
		Nationality: l.value(row, "nationality"), Phone: l.values(row, "phone"), Document: l.values(row, "document"), Place: l.values(row, "place"),
	}
	if parts := joinName(l.value(row, "family_name"), l.value(row, "given_name")); parts != "" {
		switch {
		case r.Name == "":
			r.Name = parts
		case r.OtherNames == "":
			r.OtherNames = parts
		default:
			r.OtherNames += "; " + parts
		}
	}
	return r
}

// joinName puts surname and given name together as each script does; the comma
// says that the surname stands first.
func joinName(family, given string) string {
	family, given = strings.TrimSpace(family), strings.TrimSpace(given)
	switch {
	case family == "" || given == "":
		return family + given
	case strings.ContainsFunc(family, func(r rune) bool { return unicode.Is(unicode.Han, r) || unicode.Is(unicode.Hangul, r) }):
		return family + given
	}
	return family + ", " + given
}
