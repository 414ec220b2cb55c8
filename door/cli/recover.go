package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"homeward/keep/vault"
	"homeward/work/desk"
)

const recoverHelp = `What is lost otherwise, opened by trustees together; nobody holds a master key.

ask     --data DIR --report ID   makes a request for one report, and prints it
ask     --data DIR --desk        for the desk's keys: these open everything
answer  REQUEST                  a trustee, on any machine: reads their share from
                                 standard input, and prints an answer to send back
open    --data DIR --report ID ANSWER…   opens the report
open    --data DIR --desk --name NAME ANSWER…   makes a new member who has the keys

Each use stands in the ledger.`

// recoverCommand is homeward recover ask | answer | open.
func (e *Env) recoverCommand(args []string) error {
	var o houseOptions
	var report, login string
	var whole bool
	f := e.flags("recover", "ask|answer|open", recoverHelp)
	o.options(f, "data directory")
	f.StringVar(&report, "report", "", "id of one report")
	f.BoolVar(&whole, "desk", false, "the desk's keys, which open everything")
	f.StringVar(&login, "name", "", "name of the new member")
	if len(args) == 0 || strings.HasPrefix(args[0], "-") {
		return usage("write: homeward recover ask|answer|open")
	}
	what, args := args[0], args[1:]
	if err := parse(f, args); err != nil {
		return err
	}
	if what == "answer" {
		if f.NArg() != 1 {
			return usage("write: homeward recover answer REQUEST, and give the share on standard input")
		}
		return e.answerRequest(f.Arg(0))
	}
	if (report == "") == !whole {
		return usage("give --report ID for one report, or --desk for everything")
	}
	h, err := e.openHouse(e.Context, o, nil)
	if err != nil {
		return err
	}
	defer h.close()
	switch what {
	case "ask":
		r, err := h.desk.AskTrustees(e.Context, report)
		if err == nil {
			fmt.Fprint(e.Stdout, r.Text())
		}
		return err
	case "open":
		files, err := readAll(f.Args())
		if err != nil {
			return err
		}
		if whole {
			return e.recoverDesk(h, login, files)
		}
		sent, err := h.desk.RecoverReport(e.Context, report, files)
		if err != nil {
			return err
		}
		for _, s := range sent {
			text := s.Text
			if s.Report != nil {
				text = s.Report.Text
			}
			fmt.Fprintf(e.Stdout, "%s\n%s\n\n", time.Unix(s.At, 0).UTC().Format(time.RFC3339), clean(text))
		}
		return nil
	}
	return usage("recover has ask, answer and open, not %q", what)
}

func readAll(names []string) (out []string, err error) {
	for _, n := range names {
		b, err := os.ReadFile(n)
		if err != nil {
			return nil, err
		}
		out = append(out, string(b))
	}
	return out, nil
}

func (e *Env) answerRequest(file string) error {
	b, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	r, what, err := desk.ReadRequest(string(b))
	if err != nil {
		return err
	}
	fmt.Fprintf(e.Stderr, "This request is for %s.\nYour share, as it stands on the paper: ", clean(what))
	typed, err := io.ReadAll(io.LimitReader(e.Stdin, 1000))
	if err != nil {
		return err
	}
	share, err := vault.ShareOf(string(typed))
	if err != nil {
		return err
	}
	text, err := r.AnswerWith(share)
	if err == nil {
		fmt.Fprint(e.Stdout, text)
	}
	return err
}

func (e *Env) recoverDesk(h *house, login string, files []string) error {
	pass := e.Getenv("HOMEWARD_ADMIN_PASSPHRASE")
	if pass == "" {
		var err error
		if pass, err = e.askPassphrase(); err != nil {
			return err
		}
	}
	made, err := h.desk.RecoverDesk(e.Context, login, pass, files)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.Stdout, "The desk's keys are sealed to a new member.\nSign in as: %s\nAuthenticator: %s\n  %s\n", made.Login, made.Second, made.URI)
	return nil
}
