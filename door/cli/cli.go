// Package cli is the command: one file per subcommand, and the only place that
// joins the rooms of the house to the machine it runs on. The program is a
// function of its Env, so that tests start the real thing.
package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/term"
)

// Version is what "homeward version" prints.
const Version = "0.1.0"

// Exit codes of the command.
const (
	exitOK     = 0 // done; for screen: every message was assessed
	exitFailed = 1 // something could not be done; it is said on standard error
	exitUsage  = 2 // the command line was wrong
	// With --exit-level, screen ends with these instead of 0.
	exitSome   = 3
	exitStrong = 4
	exitPlea   = 5
)

// Env is all the command sees of the world.
type Env struct {
	Context  context.Context
	Args     []string // without the program's name
	Stdin    io.Reader
	Stdout   io.Writer
	Stderr   io.Writer
	Getenv   func(string) string
	Now      func() time.Time
	Terminal func(w any) bool // whether a stream is a terminal
}

// System is the real world. Interrupt and termination end its context.
func System() Env {
	ctx, _ := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	return Env{
		Context: ctx, Args: os.Args[1:], Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Getenv: os.Getenv, Now: time.Now,
		Terminal: func(w any) bool {
			f, ok := w.(*os.File)
			return ok && term.IsTerminal(int(f.Fd()))
		},
	}
}

// command is one line of the table below.
type command struct {
	name, args, says string
	run              func(*Env, []string) error
}

func commands() []command {
	return []command{
		{"demo", "", "start the program on this machine with invented examples", (*Env).demo},
		{"screen", "[FILE…|-]", "say of messages or screenshots what they are, and why", (*Env).screen},
		{"name", "compare A B", "say how likely two names are one, in any spelling, and why", (*Env).name},
		{"serve", "", "serve the public pages and the API", (*Env).serve},
		{"init", "--data DIR", "set a desk up: keys, first member, shares", (*Env).initialise},
		{"ledger", "verify|checkpoint|prove SEQ|key", "check the log that cannot be rewritten unseen", (*Env).ledgerCommand},
		{"filing", "--key KEY FILE", "check a proof that something was filed, with its code", (*Env).filing},
		{"backup", "--data DIR --to FILE", "write the whole desk into one sealed file, while it runs", (*Env).backupCommand},
		{"restore", "--data NEWDIR FILE", "put a backup into an empty place", (*Env).restore},
		{"retention", "--data DIR", "show or set after how long what is erased", (*Env).retention},
		{"doctor", "--data DIR", "check a desk and its machine, and say what to do", (*Env).doctor},
		{"recover", "ask|answer|open", "open what is lost otherwise, by trustees together", (*Env).recoverCommand},
		{"bench", "intake|match", "drive a server's forms as many people would; measure matching on invented people", (*Env).bench},
		{"match", "A [B]", "find who may be the same person in one list or across two", (*Env).match},
		{"packs", "check [FOLDER]", "load the indicators and run their examples", (*Env).packs},
		{"version", "", "print the version of the program and of its indicators", (*Env).version},
	}
}

// codeError is an error with an exit code; an empty text prints nothing.
type codeError struct {
	code int
	text string
}

func (e codeError) Error() string { return e.text }

func usage(format string, args ...any) error {
	return codeError{exitUsage, fmt.Sprintf(format, args...)}
}

// Main runs one command and gives its exit code.
func Main(e Env) int {
	err := e.dispatch()
	var c codeError
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, flag.ErrHelp):
		return exitOK
	case errors.As(err, &c):
		if c.text != "" {
			fmt.Fprintln(e.Stderr, "homeward: "+clean(c.text))
		}
		return c.code
	}
	fmt.Fprintln(e.Stderr, "homeward: "+clean(err.Error()))
	return exitFailed
}

func (e *Env) dispatch() error {
	if len(e.Args) == 0 {
		e.help(e.Stderr)
		return codeError{code: exitUsage}
	}
	switch e.Args[0] {
	case "help", "-h", "-help", "--help":
		e.help(e.Stdout)
		return nil
	}
	for _, c := range commands() {
		if c.name == e.Args[0] {
			return c.run(e, e.Args[1:])
		}
	}
	e.help(e.Stderr)
	return usage("there is no command %q", e.Args[0])
}

func (e *Env) help(w io.Writer) {
	fmt.Fprint(w, "Homeward recognises the lure of a scam compound and says why.\n\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  homeward %-38s %s\n", c.name+" "+c.args, c.says)
	}
	fmt.Fprint(w, "\nhomeward COMMAND -h tells the options of one.\n")
}

// flags makes a flag set that prints to standard error and never exits.
func (e *Env) flags(name, args, says string) *flag.FlagSet {
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.SetOutput(e.Stderr)
	f.Usage = func() {
		fmt.Fprintf(e.Stderr, "homeward %s [options] %s\n\n%s\n\n", name, args, says)
		f.PrintDefaults()
	}
	return f
}

// parse reads the options of a command, which may stand before, between or after
// the rest; what follows -- is no option. A wrong one is a usage error that the
// flag package has already printed.
func parse(f *flag.FlagSet, args []string) error {
	rest := []string{"--"}
	for {
		if err := f.Parse(args); errors.Is(err, flag.ErrHelp) {
			return err
		} else if err != nil {
			return codeError{code: exitUsage}
		}
		left := f.Args()
		if n := len(args) - len(left); n > 0 && args[n-1] == "--" || len(left) == 0 {
			return f.Parse(append(rest, left...))
		}
		rest, args = append(rest, left[0]), left[1:]
	}
}
