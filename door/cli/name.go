package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"

	"homeward/know/name"
	"homeward/know/person"
)

const nameHelp = `Says how likely two names are one name in two spellings or scripts, and why:
Chinese characters and every romanisation the region uses, Korean, Vietnamese,
Malay, Thai, Indian and other names. A name alone never proves one person.

With --jsonl it reads lines {"id", "a", "b"} from standard input, or from a
file, and prints one object a line, in order: bits (log2 of how much likelier
the two are if they are one), verdict (same, possible, different), reading, why.`

// nameAnswer is what is printed for a pair.
type nameAnswer struct {
	ID      string      `json:"id,omitempty"`
	Bits    float64     `json:"bits"`
	Verdict person.Kind `json:"verdict"`
	Reading string      `json:"reading"`
	Why     string      `json:"why"`
}

// nameFault is printed for a line that is no pair.
type nameFault struct {
	ID    string `json:"id"`
	Error string `json:"error"`
}

func (e *Env) name(args []string) error {
	if len(args) == 0 || args[0] != "compare" {
		switch {
		case len(args) > 0 && (args[0] == "-h" || args[0] == "--help" || args[0] == "-help"):
			args = append([]string{"compare"}, args...)
		default:
			return usage(`write: homeward name compare "A" "B"`)
		}
	}
	f := e.flags("name compare", "A B", nameHelp)
	lines := f.Bool("jsonl", false, `read lines {"id", "a", "b"} and print one JSON object a line`)
	asJSON := f.Bool("json", false, "print one JSON object")
	if err := parse(f, args[1:]); err != nil {
		return err
	}
	model := person.Default()
	if *lines {
		return e.nameLines(model, f.Args())
	}
	if f.NArg() != 2 {
		return usage(`give two names, each in quotes: homeward name compare "黃小明" "Wong Siu Ming"`)
	}
	a, b := name.Read(f.Arg(0)), name.Read(f.Arg(1))
	for _, n := range []*name.Name{a, b} {
		if !n.Readable() {
			return fmt.Errorf("there is no name to read in %q", n.Text)
		}
	}
	v := model.Names(a, b)
	if *asJSON {
		return printJSON(e.Stdout, nameAnswer{Bits: v.Bits, Verdict: v.Kind, Reading: v.Reading, Why: nameWhy(v)})
	}
	fmt.Fprintf(e.Stdout, "%s, %+.1f bits\n%s\n", v.Kind, v.Bits, clean(v.Reading))
	for _, factor := range v.Factors {
		if factor.Says != "" {
			fmt.Fprintln(e.Stdout, clean(factor.Says))
		}
	}
	if len(v.Would) > 0 {
		fmt.Fprintf(e.Stdout, "what would tell: %s\n", strings.Join(v.Would, "; "))
	}
	fmt.Fprintf(e.Stdout, "tables %s, weights %s\n", v.Names, v.Weights)
	return nil
}

func nameWhy(v person.Verdict) string {
	why := v.Why()
	if len(v.Would) > 0 {
		why += "; what would tell: " + strings.Join(v.Would, "; ")
	}
	return why + "; tables " + v.Names + ", weights " + v.Weights
}

func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// maxNameLine is the longest line of a pair: two names of ten thousand
// characters with every one as an escape still fit.
const maxNameLine = 1 << 20

func (e *Env) nameLines(model person.Model, files []string) error {
	r := e.Stdin
	switch {
	case len(files) > 1:
		return usage("--jsonl reads one file, or standard input")
	case len(files) == 1 && files[0] != "-":
		f, err := os.Open(files[0])
		if err != nil {
			return err
		}
		defer f.Close()
		r = f
	}
	in, out := bufio.NewReaderSize(r, 1<<16), bufio.NewWriter(e.Stdout)
	failed := 0
	for n := 1; e.Context.Err() == nil; n++ {
		b, err := readLine(in, maxNameLine)
		if errors.Is(err, io.EOF) && len(b) == 0 {
			break
		}
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, errLongLine) {
			return err
		}
		if len(bytes.TrimSpace(b)) == 0 && !errors.Is(err, errLongLine) {
			continue
		}
		long := errors.Is(err, errLongLine)
		answer := nameLine(model, b, long, n)
		if _, bad := answer.(nameFault); bad {
			failed++
		}
		if err := printJSON(out, answer); err != nil {
			return fmt.Errorf("the answer could not be written: %w", err)
		}
		if in.Buffered() == 0 { // whoever waits for each answer gets it
			if err := out.Flush(); err != nil {
				return err
			}
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	if e.Context.Err() != nil {
		return codeError{exitFailed, "stopped before the end"}
	}
	if failed > 0 {
		return codeError{code: exitFailed}
	}
	return nil
}

// nameLine answers one line; a line without an id gets its number.
func nameLine(model person.Model, b []byte, long bool, n int) any {
	id := strconv.Itoa(n)
	if long {
		return nameFault{id, fmt.Sprintf("the line is longer than %d MB", maxNameLine>>20)}
	}
	var l struct {
		ID json.RawMessage `json:"id"`
		A  *string         `json:"a"`
		B  *string         `json:"b"`
	}
	if !utf8.Valid(b) {
		return nameFault{id, "the line is not valid UTF-8"}
	}
	err := json.Unmarshal(b, &l)
	if raw := bytes.TrimSpace(l.ID); len(raw) > 0 && !bytes.Equal(raw, []byte("null")) {
		if json.Unmarshal(raw, &id) != nil {
			id = string(raw)
		}
	}
	if err != nil || l.A == nil || l.B == nil {
		return nameFault{id, `the line is not a JSON object like {"id": "1", "a": "…", "b": "…"}`}
	}
	v := model.Names(name.Read(*l.A), name.Read(*l.B))
	return nameAnswer{ID: id, Bits: v.Bits, Verdict: v.Kind, Reading: v.Reading, Why: nameWhy(v)}
}
