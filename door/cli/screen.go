package cli

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"

	"homeward/form/picture"
	"homeward/form/say"
	"homeward/know/lure"
	"homeward/work/check"
)

const screenHelp = `Reads messages and says what they are, and why: from files, or from standard
input with - or without a file. A picture (PNG, JPEG, GIF, WebP) is read with
tesseract where that is installed.

Exit codes: 0 all messages were assessed; 1 at least one could not be; 2 the
command line was wrong. With --exit-level: 3 some signs, 4 strong signs, 5 a
plea for help (the highest of all messages).`

// screenOptions is what the command line asks for.
type screenOptions struct {
	json, jsonl, image, byLevel bool
	lang, folder                string
}

func (e *Env) screen(args []string) error {
	var o screenOptions
	f := e.flags("screen", "[FILE…|-]", screenHelp)
	f.BoolVar(&o.json, "json", false, "print one JSON object a message")
	f.BoolVar(&o.jsonl, "jsonl", false, `read JSON lines {"id", "text", "lang"?, "answers"?} and print one JSON object a line, in order`)
	f.BoolVar(&o.image, "image", false, "every FILE is a picture (otherwise found out from its first bytes)")
	f.StringVar(&o.lang, "lang", "", "language of the answer, such as en or zh-Hant (default: that of the message)")
	f.StringVar(&o.folder, "packs", "", "a folder of indicators instead of the built-in ones")
	f.BoolVar(&o.byLevel, "exit-level", false, "end with exit code 3, 4 or 5 by what was found")
	if err := parse(f, args); err != nil {
		return err
	}
	if o.lang != "" && !knownLanguage(o.lang) {
		return usage("--lang %q is no language the program speaks; it speaks %v", o.lang, say.Default().Tags())
	}
	c, p, err := e.checker(o.folder)
	if err != nil {
		return err
	}
	if o.json && o.jsonl {
		return usage("--json prints one object a file, --jsonl one object a line: choose one")
	}
	files := f.Args()
	if len(files) == 0 {
		files = []string{"-"}
		if e.Terminal(e.Stdin) {
			fmt.Fprintln(e.Stderr, "Paste the message, then press Ctrl-D on a line of its own.")
		}
	}
	s := screening{Env: e, screenOptions: o, check: c, packs: p, out: bufio.NewWriter(e.Stdout)}
	for _, name := range files {
		if e.Context.Err() != nil {
			break
		}
		if err := s.file(name); err != nil {
			s.out.Flush()
			return err
		}
	}
	if err := s.out.Flush(); err != nil {
		return err
	}
	return s.end()
}

// checker joins the indicators and the reader of pictures. Where tesseract is
// missing, reading a picture says how to install it.
func (e *Env) checker(packs string) (*check.Checker, *lure.Packs, error) {
	p := lure.Default()
	if packs != "" {
		var err error
		if _, err := os.Stat(packs); err != nil {
			return nil, nil, usage("--packs %s: there is no such folder", packs)
		}
		if p, err = lure.Load(os.DirFS(packs)); err != nil {
			return nil, nil, err
		}
	}
	c := &check.Checker{Packs: p}
	if t, err := check.NewTesseract(e.Context); err == nil {
		c.Reader = t
	}
	return c, p, nil
}

func knownLanguage(tag string) bool {
	_, chosen := say.Default().Negotiate(tag, "")
	return chosen
}

// screening is one run of the command.
type screening struct {
	*Env
	screenOptions
	check  *check.Checker
	packs  *lure.Packs
	out    *bufio.Writer
	high   lure.Level
	failed int
}

// file screens one file, standard input for "-". Only what breaks the whole
// run is an error; a message that could not be assessed is counted.
func (s *screening) file(name string) error {
	r := s.Stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			s.bad(name, err)
			return nil
		}
		defer f.Close()
		r = f
	}
	if s.jsonl {
		return s.lines(r)
	}
	data, err := io.ReadAll(io.LimitReader(r, picture.MaxBytes+1))
	if err != nil {
		s.bad(name, err)
		return nil
	}
	return s.one(s.Context, name, data)
}

func (s *screening) one(ctx context.Context, name string, data []byte) error {
	var text string
	isPicture := s.image || picture.NotText(data) && !utf16Mark(data)
	var r check.Result
	var err error
	if isPicture {
		r, err = s.check.Picture(ctx, data, s.lang)
		text = r.Text
		if err != nil && text != "" { // its codes could be read, its words not
			fmt.Fprintf(s.Stderr, "homeward: %s: %s\n", clean(name), clean(err.Error()))
			s.failed++
			err = nil
		}
	} else if text, err = plain(data); err == nil {
		r, err = s.check.Text(lure.Request{Text: text, Lang: s.lang})
	}
	a := r.Assessment
	if err != nil {
		s.bad(name, err)
		return nil
	}
	s.high = max(s.high, a.Level)
	if s.json {
		read := ""
		if isPicture {
			read = text
		}
		return s.print(check.Good(name, a, read))
	}
	s.render(name, text, isPicture, a)
	return nil
}

var errNotUTF8 = errors.New("the text is not UTF-8 (perhaps it was saved as Big5, GBK or another code); save it as UTF-8 and try again")

// plain gives the text of a file. What Windows calls Unicode is UTF-16 with a
// mark in front; any other code cannot be told apart for certain, and a wrong
// guess would read as "no signs found".
func plain(data []byte) (string, error) {
	if utf16Mark(data) {
		b, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(data)
		if err != nil {
			return "", errNotUTF8
		}
		return string(b), nil
	}
	if !utf8.Valid(data) {
		return "", errNotUTF8
	}
	return string(data), nil
}

func utf16Mark(data []byte) bool {
	return bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff"))
}

// bad reports a message that could not be assessed: as an object where objects
// are printed, otherwise on standard error.
func (s *screening) bad(name string, err error) {
	s.failed++
	if s.json || s.jsonl {
		if s.print(check.Bad(name, err)) == nil {
			return
		}
	}
	fmt.Fprintf(s.Stderr, "homeward: %s: %s\n", clean(name), clean(err.Error()))
}

func (s *screening) print(a check.Answer) error {
	b, err := a.JSON()
	if err != nil {
		return err
	}
	if _, err := s.out.Write(append(b, '\n')); err != nil {
		return fmt.Errorf("the answer could not be written: %w", err)
	}
	return nil
}

func (s *screening) end() error {
	if errors.Is(s.Context.Err(), context.Canceled) {
		return codeError{exitFailed, "stopped before the end"}
	}
	if s.failed > 0 {
		return codeError{code: exitFailed}
	}
	if s.byLevel {
		switch s.high {
		case lure.Some:
			return codeError{code: exitSome}
		case lure.Strong:
			return codeError{code: exitStrong}
		case lure.Plea:
			return codeError{code: exitPlea}
		}
	}
	return nil
}
