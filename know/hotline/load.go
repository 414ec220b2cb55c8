package hotline

import (
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/pelletier/go-toml/v2"
)

//go:embed numbers.toml
var numbersTOML []byte

//go:embed warnings.toml
var warningsTOML []byte

//go:embed countries.toml
var countriesTOML []byte

// Book is a loaded list: numbers, what is said beside them, countries. It never
// changes and may be used by many at once; the slices and maps it hands out are
// not to be written to.
type Book struct {
	numbers   []Number
	countries []Country
	byCode    map[string]int
	words     map[string]map[string]string // language, key
}

// Default gives the embedded list.
var Default = sync.OnceValue(func() *Book {
	b, err := Parse(numbersTOML, warningsTOML, countriesTOML)
	if err != nil {
		panic("hotline: the embedded list does not load: " + err.Error()) // a test loads it
	}
	return b
})

// Bounds on what Parse reads: the longest file is some 40 kB, the list 50 rows.
// BUG: the TOML reader names unknown keys in time that grows with their number
// times the size of the file; a full file of nothing else takes some twenty
// seconds. The files are the keeper's own, never a stranger's, so it stays.
const (
	maxFile = 1 << 17
	maxRows = 1000
)

// Parse reads the three files strictly: an unknown key, a missing source, a date
// or number of the wrong form, or a row released without what releasing asks
// for is an error that names file, line and row. All errors of a file are
// reported together. Nothing is loaded in part.
func Parse(numbers, warnings, countries []byte) (*Book, error) {
	b := &Book{byCode: map[string]int{}}
	if err := b.parseCountries(countries); err != nil {
		return nil, err
	}
	if err := b.parseWarnings(warnings); err != nil {
		return nil, err
	}
	if err := b.parseNumbers(numbers); err != nil {
		return nil, err
	}
	return b, nil
}

func (b *Book) parseNumbers(data []byte) error {
	var file struct {
		Number []Number `toml:"number"`
	}
	if err := decode("numbers.toml", data, &file); err != nil {
		return err
	}
	if len(file.Number) == 0 {
		return errors.New("numbers.toml: holds no [[number]]")
	}
	if len(file.Number) > maxRows {
		return fmt.Errorf("numbers.toml: %d rows; at most %d are read", len(file.Number), maxRows)
	}
	lines := headerLines(data, "[[number]]")
	seen := map[string]string{}
	used := map[string]bool{}
	var errs []error
	for i := range file.Number {
		n := &file.Number[i]
		problems := b.check(n)
		for _, key := range []string{n.ID, n.Territory + " " + n.Number + n.Account} {
			if other, twice := seen[key]; twice && !strings.HasSuffix(key, " ") {
				problems = append(problems, fmt.Sprintf("%q is already row %s: give each row once", key, other))
			}
			seen[key] = n.ID
		}
		for _, w := range n.Warnings {
			used[w] = true
		}
		for _, p := range problems {
			errs = append(errs, fmt.Errorf("numbers.toml%s: row %d (%s): %s", at(lines, i), i+1, n.ID, p))
		}
	}
	for _, key := range sortedKeys(b.words["en"]) {
		if _, ofRule := ruleHoles[key]; !used[key] && !ofRule && key != "review" {
			errs = append(errs, fmt.Errorf("warnings.toml: unknown key %q: no row of numbers.toml names it", key))
		}
	}
	b.numbers = file.Number
	return errors.Join(errs...)
}

func (b *Book) parseCountries(data []byte) error {
	var file struct {
		Country []Country `toml:"country"`
	}
	if err := decode("countries.toml", data, &file); err != nil {
		return err
	}
	if len(file.Country) > maxRows {
		return fmt.Errorf("countries.toml: %d rows; at most %d are read", len(file.Country), maxRows)
	}
	lines := headerLines(data, "[[country]]")
	var errs []error
	for i, c := range file.Country {
		for _, p := range b.checkCountry(c, i == len(file.Country)-1) {
			errs = append(errs, fmt.Errorf("countries.toml%s: row %d (%s): %s", at(lines, i), i+1, c.Code, p))
		}
		b.byCode[c.Code] = i
	}
	if _, ok := b.byCode[Elsewhere]; !ok {
		errs = append(errs, fmt.Errorf("countries.toml: %q, another country, is missing", Elsewhere))
	}
	b.countries = file.Country
	return errors.Join(errs...)
}

func (b *Book) parseWarnings(data []byte) error {
	var file struct {
		Warnings map[string]map[string]string `toml:"warnings"`
	}
	if err := decode("warnings.toml", data, &file); err != nil {
		return err
	}
	b.words = file.Warnings
	var errs []error
	for _, lang := range Languages {
		if _, ok := b.words[lang]; !ok {
			errs = append(errs, fmt.Errorf("warnings.toml: section [warnings.%s] is missing", lang))
		}
	}
	for _, lang := range sortedKeys(b.words) {
		for _, p := range checkWords(b.words[lang], b.words["en"]) {
			errs = append(errs, fmt.Errorf("warnings.toml: [warnings.%s]: %s", lang, p))
		}
		for _, c := range b.countries {
			if c.Names[lang] == "" {
				errs = append(errs, fmt.Errorf("countries.toml: %s has no name in %s", c.Code, lang))
			}
		}
	}
	return errors.Join(errs...)
}

// decode reads TOML and refuses keys that nobody reads.
func decode(name string, data []byte, into any) error {
	if len(data) > maxFile {
		return fmt.Errorf("%s: %d bytes; at most %d are read", name, len(data), maxFile)
	}
	err := toml.NewDecoder(strings.NewReader(string(data))).DisallowUnknownFields().Decode(into)
	var strict *toml.StrictMissingError
	var broken *toml.DecodeError
	switch {
	case errors.As(err, &strict):
		var errs []error
		for _, e := range strict.Errors {
			line, _ := e.Position()
			errs = append(errs, fmt.Errorf("%s line %d: unknown key %q", name, line, strings.Join(e.Key(), ".")))
		}
		return errors.Join(errs...)
	case errors.As(err, &broken):
		line, column := broken.Position()
		return fmt.Errorf("%s line %d, column %d: %w", name, line, column, err)
	case err != nil:
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// headerLines gives the line of every header, so that an error can name it.
func headerLines(data []byte, header string) []int {
	var lines []int
	for i, line := range strings.Split(string(data), "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), header) {
			lines = append(lines, i+1)
		}
	}
	return lines
}

func at(lines []int, i int) string {
	if i >= len(lines) {
		return ""
	}
	return fmt.Sprintf(" line %d", lines[i])
}

func sortedKeys[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
