package cli

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"homeward/form/exchange"
	"homeward/form/say"
	"homeward/know/person"
)

const matchHelp = `Finds who may be the same person in a list (CSV or XLSX), or across two lists, and
says why: one line a pair, the surest first. Nothing is merged or changed; whether two
are one person, a person decides. docs/matching.md has an example.

Columns: id, name, other_names, birth_date, sex, nationality, phone, document, place,
any of them beside a name (family_name and given_name do too). What each column was
taken for is shown; --map corrects it.

Without --all, pairs of the verdict "same" are shown and the possible ones counted;
--json gives out both, in the order of the rows of A.

Exit codes: 0 done, also where no pair was found; 1 a list could not be read, or a
file not written, or it was stopped; 2 the command line was wrong.`

// matchOptions is what the command line asks for.
type matchOptions struct {
	encoding, sheet, lang string
	csv, html, rejects    string
	json, all, noHeader   bool
	minBits               float64
	limit                 int
	maps                  []string
	least                 float64 // bits of the pairs that are given out
}

func (e *Env) match(args []string) error {
	var o matchOptions
	f := e.flags("match", "A [B]", matchHelp)
	f.StringVar(&o.encoding, "encoding", "", "encoding of text files: "+strings.Join(exchange.Encodings, ", ")+" (default: found out, and said)")
	f.StringVar(&o.sheet, "sheet", "", "sheet of a workbook (default: the first with anything in it)")
	f.BoolVar(&o.noHeader, "no-header", false, "the lists have no line with the names of the columns; --map '#1=name' says what they are")
	f.Func("map", `what a column is: "column=field" or "#3=field"; "column=" leaves it out (may be repeated)`, func(s string) error {
		o.maps = append(o.maps, s)
		return nil
	})
	f.BoolVar(&o.json, "json", false, `print {"a", "b", "bits", "verdict", "why"} a line`)
	f.StringVar(&o.csv, "csv", "", "write the pairs to this file")
	f.StringVar(&o.html, "html", "", "write a page to print and tick to this file")
	f.StringVar(&o.lang, "lang", "en", "language of the page: en or zh-Hant")
	f.StringVar(&o.rejects, "rejects", "", "write the rows that were not used, or not wholly, to this file")
	f.BoolVar(&o.all, "all", false, "possible pairs too")
	f.Float64Var(&o.minBits, "min-bits", 0, "only pairs of so many bits and more (default: those of the verdicts)")
	f.IntVar(&o.limit, "limit", 0, "at most so many pairs in the table (default 200) or on the page (default 500)")
	if err := parse(f, args); err != nil {
		return err
	}
	if math.IsNaN(o.minBits) || math.IsInf(o.minBits, 0) {
		return usage("--min-bits is a number of bits, such as 10")
	}
	files := f.Args()
	if len(files) < 1 || len(files) > 2 {
		return usage("give one list or two: homeward match A.xlsx B.csv")
	}
	if !slices.Contains(say.DeskLanguages, o.lang) {
		return usage("--lang is one of %s", strings.Join(say.DeskLanguages, ", "))
	}
	weights := person.DefaultWeights()
	switch {
	case o.minBits != 0:
		o.least = o.minBits
	case o.all || o.json:
		// By how many records there are; see matchLists.
	default:
		o.least = weights.Same
	}
	return e.matchLists(files, weights, o)
}

func (e *Env) matchLists(files []string, weights person.Weights, o matchOptions) error {
	var lists []*peopleList
	used := map[string]bool{}
	for i, name := range files {
		l, err := e.stoppable(func() (*peopleList, error) { return e.readPeople(name, string(rune('A'+i)), o, used) })
		if err != nil {
			return err
		}
		lists = append(lists, l)
	}
	for _, m := range o.maps {
		if !used[m] {
			return usage("--map %q: no list has that column", m)
		}
	}
	m := matching{Env: e, matchOptions: o, weights: weights, a: lists[0], b: lists[0]}
	var second *person.List
	records := m.a.list().Len
	if len(lists) == 2 {
		m.b = lists[1]
		l := m.b.list()
		second = &l
		records += l.Len
	}
	m.possible = weights.PossibleAmong(records)
	m.least = cmp.Or(m.least, m.possible)
	if err := m.open(); err != nil {
		return err
	}
	defer m.close()
	bar := e.matchBar()
	// Pairs of less than the verdict asks for are counted, not explained.
	plan := person.Plan{Least: min(m.least, m.possible), Explain: m.least, Progress: bar.show}
	got, err := person.CompareLists(e.Context, weights, m.a.list(), second, plan, m.take)
	bar.done()
	if err != nil {
		if errors.Is(err, e.Context.Err()) && e.Context.Err() != nil {
			return codeError{exitFailed, "stopped before the end: what was written is not all"}
		}
		return err
	}
	return m.end(got)
}

// stoppable reads a list, or gives up when the program is told to stop: a large
// workbook takes a while, and a pipe may never say anything.
func (e *Env) stoppable(read func() (*peopleList, error)) (*peopleList, error) {
	type result struct {
		list *peopleList
		err  error
	}
	done := make(chan result, 1)
	go func() {
		l, err := read()
		done <- result{l, err}
	}()
	select {
	case r := <-done:
		return r.list, r.err
	case <-e.Context.Done():
		return nil, codeError{exitFailed, "stopped before the end"}
	}
}

// matching is one run of the command.
type matching struct {
	*Env
	matchOptions
	weights                       person.Weights
	a, b                          *peopleList
	out                           *bufio.Writer
	kept                          []person.Pair
	dropped                       int // pairs that were found, and not kept because there were too many
	below                         int // possible pairs, where only the same are given out
	possible                      float64
	same                          int // pairs given out with the verdict same
	files                         []*newFile
	csvFile, htmlFile, rejectFile *newFile
}

// mostKept bounds the memory of outputs that are sorted.
const mostKept = 100_000

// open begins the files first: who may not write should not wait for an hour.
func (m *matching) open() error {
	m.out = bufio.NewWriterSize(m.Stdout, 1<<16)
	taken := map[string]bool{}
	for _, f := range []struct {
		name string
		to   **newFile
	}{{m.csv, &m.csvFile}, {m.html, &m.htmlFile}, {m.rejects, &m.rejectFile}} {
		if f.name == "" {
			continue
		}
		whole, err := filepath.Abs(f.name)
		if err != nil {
			return fmt.Errorf("%s cannot be written: %w", f.name, err)
		}
		if taken[whole] {
			return usage("%s is named twice: give each output a file of its own", f.name)
		}
		taken[whole] = true
		file, err := beginFile(f.name)
		if err != nil {
			return err
		}
		*f.to = file
		m.files = append(m.files, file)
	}
	return nil
}

func (m *matching) close() {
	for _, f := range m.files {
		f.drop()
	}
}

// newFile is a file that gets its name when it is whole: a run that was stopped
// leaves nothing that looks like an answer.
type newFile struct {
	*os.File
	name string // "" where it is written in place
}

// beginFile begins a file. One that exists is not overwritten: it may be a list, or
// somebody's answers may stand in it.
func beginFile(name string) (*newFile, error) {
	info, err := os.Stat(name)
	switch {
	case err == nil && info.Mode()&os.ModeCharDevice != 0: // /dev/stdout
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			return nil, fmt.Errorf("%s cannot be written: %w", name, err)
		}
		return &newFile{File: f}, nil
	case err == nil:
		return nil, fmt.Errorf("%s exists already: give another name, or remove it first", name)
	}
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*")
	if err != nil {
		return nil, fmt.Errorf("%s cannot be written: %w", name, err)
	}
	return &newFile{f, name}, nil
}

// finish gives the file its name.
func (f *newFile) finish() error {
	err := f.Close()
	if err == nil && f.name != "" {
		err = os.Rename(f.File.Name(), f.name)
	}
	if err != nil {
		return fmt.Errorf("%s could not be written to its end: %w", cmp.Or(f.name, f.File.Name()), err)
	}
	f.name = ""
	return nil
}

// drop takes away what was begun and not finished.
func (f *newFile) drop() {
	_ = f.Close() // what matters was closed, and its error looked at
	if f.name != "" {
		_ = os.Remove(f.File.Name()) // it is in nobody's way
	}
}

// matchLine is a pair as --json prints it.
type matchLine struct {
	A       string      `json:"a"`
	B       string      `json:"b"`
	Bits    float64     `json:"bits"`
	Verdict person.Kind `json:"verdict"`
	Why     string      `json:"why"`
}

// take gets the pairs as they are found.
func (m *matching) take(p person.Pair) error {
	if p.Bits < m.least || !m.all && !m.json && m.minBits == 0 && p.Kind != person.IsSame {
		m.below++
		return nil
	}
	if p.Kind == person.IsSame {
		m.same++
	}
	if m.json {
		enc := json.NewEncoder(m.out)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(matchLine{m.a.id(p.A), m.b.id(p.B), p.Bits, p.Kind, whyOf(*p.Verdict)}); err != nil {
			return fmt.Errorf("the answer could not be written: %w", err)
		}
		if m.csv == "" && m.html == "" {
			return nil
		}
	}
	if m.kept = append(m.kept, p); len(m.kept) >= 2*mostKept {
		m.sort()
	}
	return nil
}

// sort brings the surest to the front and lets go of what is too much.
func (m *matching) sort() {
	slices.SortFunc(m.kept, func(x, y person.Pair) int {
		switch {
		case x.Bits != y.Bits && x.Bits > y.Bits:
			return -1
		case x.Bits != y.Bits:
			return 1
		case x.A != y.A:
			return x.A - y.A
		}
		return x.B - y.B
	})
	if len(m.kept) > mostKept {
		m.dropped += len(m.kept) - mostKept
		m.kept = m.kept[:mostKept]
	}
}

func whyOf(v person.Verdict) string {
	if v.Reading == "" {
		return v.Why()
	}
	return v.Reading + "; " + v.Why()
}

// end writes what waited for the last pair, and says what was not done.
func (m *matching) end(got person.Compared) error {
	m.sort()
	if m.csvFile != nil {
		if err := m.writeCSV(m.csvFile); err != nil {
			return err
		}
	}
	if m.htmlFile != nil {
		if err := m.writePage(m.htmlFile, got); err != nil {
			return err
		}
	}
	if m.rejectFile != nil {
		if err := m.writeRejects(m.rejectFile, got); err != nil {
			return err
		}
	}
	for _, f := range m.files {
		if err := f.finish(); err != nil {
			return err
		}
	}
	if !m.json && m.csv == "" && m.html == "" {
		m.table()
	}
	if err := m.out.Flush(); err != nil {
		return fmt.Errorf("the answer could not be written: %w", err)
	}
	m.summary(got)
	return nil
}

// summary is on standard error, so that the pairs stay alone on standard output.
func (m *matching) summary(got person.Compared) {
	for _, line := range m.summaryLines(got, say.Desk("en"), true) {
		fmt.Fprintln(m.Stderr, line)
	}
}

func (m *matching) summaryLines(got person.Compared, words say.Phrases, advise bool) []string {
	t := words.T
	given := got.Pairs - m.below
	out := []string{t("Records compared: %d. Pairs given out: %d, of which with the verdict same: %d.", got.Records, given, m.same)}
	say := func(english string, values ...any) { out = append(out, t(english, values...)) }
	if m.below > 0 {
		say("Possible pairs that are not shown: %d. --all shows them.", m.below)
	}
	if m.dropped > 0 {
		say("Pairs of the fewest bits that were left out of the sorted lists: %d. --json has them all.", m.dropped)
	}
	if got.CutRecords > 0 {
		say("Records not searched to the end, because too many others share what they hold: %d (entries not looked at: %d). A pair that shares nothing rarer may be missing.", got.CutRecords, got.CutEntries)
	}
	if got.Crowded > 0 {
		say("Records with more possible partners than were compared in full: %d. The likeliest were.", got.Crowded)
	}
	if !got.Wide {
		say("The lists are large: pairs of fewer than %.0f bits and pairs whose names are spelt differently and whose dates of birth disagree were left out, since too many are alike by chance.", min(m.least, m.possible))
	}
	unused := 0
	for _, n := range got.Noted {
		if n.Unused {
			unused++
		}
	}
	if unused > 0 {
		say("Rows not used, without a name, a phone or a document: %d.", unused)
	}
	if remarks := len(got.Noted) - unused; remarks > 0 {
		say("Rows with a remark, such as a date that could not be read: %d.", remarks)
	}
	if len(got.Noted) > 0 && m.rejects == "" && advise {
		say("--rejects FILE lists them with the reason.")
	}
	say("Nothing was merged. A verdict is a reason to look, not proof.")
	return out
}

// matchBar shows how far a run is, on a terminal only.
func (e *Env) matchBar() *listBar {
	b := &listBar{}
	if e.Terminal(e.Stderr) {
		b.w = e.Stderr
	}
	return b
}

type listBar struct {
	w     io.Writer
	shown bool
}

func (b *listBar) show(done, of int) {
	if b.w == nil || of == 0 {
		return
	}
	const width = 30
	full := width * done / of
	b.shown = true
	fmt.Fprintf(b.w, "\r[%s%s] %3d %%", strings.Repeat("#", full), strings.Repeat(".", width-full), 100*done/of)
}

func (b *listBar) done() {
	if b.shown {
		fmt.Fprintf(b.w, "\r%*s\r", 40, "")
	}
}
