package cli

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/term"

	"homeward/keep/store"
	"homeward/work/desk"
	"homeward/work/intake"
)

const initHelp = `Sets a desk up: its keys, its first member (administrator and coordinator), and
the shares that trustees keep on paper. The passphrase is asked for, or read from
HOMEWARD_ADMIN_PASSPHRASE. Nobody can reset it.

The door stays shut until --operator, --jurisdiction, --hours and --on-call are
set; they can be given here, or later by running init again with them.`

type initOptions struct {
	houseOptions
	login   string
	k, n    int
	who     intake.Operator
	forTest bool
}

// initialise is homeward init.
func (e *Env) initialise(args []string) error {
	var o initOptions
	f := e.flags("init", "", initHelp)
	o.options(f, "data directory")
	f.StringVar(&o.login, "name", "admin", "name to sign in with; it stands in the database in the clear, so take one that names nobody")
	f.IntVar(&o.k, "shares-needed", 2, "how many shares open something together")
	f.IntVar(&o.n, "shares", 3, "how many shares to print")
	f.StringVar(&o.who.Name, "operator", "", "who reads reports, as people are told")
	f.StringVar(&o.who.Jurisdiction, "jurisdiction", "", "country whose courts could compel you")
	f.StringVar(&o.who.Hours, "hours", "", "when reports are read")
	f.StringVar(&o.who.OnCall, "on-call", "", "who is woken by danger now: mailto:… or https://…")
	f.BoolVar(&o.forTest, "for-test", false, "open the door with made-up details; for tests alone")
	if err := parse(f, args); err != nil {
		return err
	}
	if f.NArg() > 0 {
		return usage("init takes no arguments, only options")
	}
	if o.forTest {
		o.who = intake.Operator{Name: "A test desk", Jurisdiction: "Nowhere", Hours: "never", OnCall: "mailto:nobody@test.invalid"}
	}
	h, err := e.openHouse(e.Context, o.houseOptions, nil)
	if err != nil {
		return err
	}
	defer h.close()
	made, err := e.setUp(h, o)
	switch {
	case errors.Is(err, desk.ErrSetUp) && o.who != (intake.Operator{}):
		// The desk stands; what people are told is set anew.
	case err != nil:
		return err
	}
	if o.who != (intake.Operator{}) {
		if err := h.store.Write(e.Context, func(tx *store.Tx) error { return intake.SetOperator(tx, o.who) }); err != nil {
			return err
		}
	}
	if made.Login != "" {
		e.printMade(made)
	}
	d, err := h.intake.Door(e.Context)
	if err != nil {
		return err
	}
	if d.Open {
		fmt.Fprintln(e.Stdout, "The door is open as soon as the server runs.")
	} else {
		fmt.Fprintf(e.Stdout, "The door stays shut until these are set: %s. Run init again with them.\n", strings.Join(d.Operator.Missing(), ", "))
	}
	return nil
}

func (e *Env) setUp(h *house, o initOptions) (desk.Made, error) {
	pass := e.Getenv("HOMEWARD_ADMIN_PASSPHRASE")
	if pass == "" {
		var err error
		if pass, err = e.askPassphrase(); err != nil {
			return desk.Made{}, err
		}
	}
	return h.desk.SetUp(e.Context, o.login, pass, o.k, o.n)
}

// askPassphrase asks twice, without showing it.
func (e *Env) askPassphrase() (string, error) {
	read := func(prompt string) (string, error) {
		fmt.Fprint(e.Stderr, prompt)
		if f, ok := e.Stdin.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
			b, err := term.ReadPassword(int(f.Fd()))
			fmt.Fprintln(e.Stderr)
			return string(b), err
		}
		line, err := bufio.NewReader(e.Stdin).ReadString('\n')
		if err != nil && line == "" {
			return "", usage("no passphrase: run it in a terminal, or set HOMEWARD_ADMIN_PASSPHRASE")
		}
		return strings.TrimRight(line, "\r\n"), nil
	}
	one, err := read("Passphrase (four or five words): ")
	if err != nil {
		return "", err
	}
	if f, ok := e.Stdin.(*os.File); !ok || !term.IsTerminal(int(f.Fd())) {
		return one, nil
	}
	two, err := read("Once more: ")
	if err == nil && one != two {
		return "", errors.New("the two are not the same; nothing was made")
	}
	return one, err
}

func (e *Env) printMade(m desk.Made) {
	w := e.Stdout
	fmt.Fprintf(w, "The desk is set up. What follows is shown once: write it down or print it now.\n\n")
	fmt.Fprintf(w, "Sign in as: %s\nAuthenticator: %s\n  %s\n\n", m.Login, m.Second, m.URI)
	fmt.Fprintf(w, "Shares, one for each trustee, on paper, in different places. Any %d together open one\nreport that is otherwise lost or, if they decide so, the key of all unread reports.\n\n", m.K)
	for i, s := range m.Shares {
		fmt.Fprintf(w, "Share %d of %d:\n  %s\n\n", i+1, len(m.Shares), s)
	}
}
