package cli

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"net"
	"os"

	"github.com/pelletier/go-toml/v2"

	"homeward/door/public"
	"homeward/keep/store"
	"homeward/keep/vault"
	"homeward/work/desk"
	"homeward/work/intake"
)

//go:embed examples.toml
var examplesFile []byte

// demo serves the pages on this machine only, with invented messages to click on.
func (e *Env) demo(args []string) error {
	f := e.flags("demo", "", "Starts the program on this machine only, with invented messages to try. Nothing is kept.")
	listen := f.String("listen", "127.0.0.1:8080", "loopback address; a free port is taken if it is in use")
	if err := parse(f, args); err != nil {
		return err
	}
	if f.NArg() > 0 {
		return usage("demo takes no arguments")
	}
	if !loopback(*listen) {
		return usage("demo runs on this machine only: --listen must be a loopback address such as 127.0.0.1:8080")
	}
	var file struct {
		Example []struct{ Lang, Label, Text string }
	}
	if err := toml.Unmarshal(examplesFile, &file); err != nil {
		return err
	}
	var examples []public.Example
	for _, x := range file.Example {
		examples = append(examples, public.Example{Lang: x.Lang, Label: x.Label, Text: x.Text})
	}
	dir, err := os.MkdirTemp("", "homeward-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	// Quick, since the keys are thrown away.
	home, err := e.openHouse(e.Context, houseOptions{data: dir, stretcher: vault.NewQuickStretcher()}, nil)
	if err != nil {
		return err
	}
	defer home.close()
	made, err := home.desk.SetUp(e.Context, "demo", demoPassphrase, 2, 3)
	if err != nil {
		return err
	}
	who := intake.Operator{Name: "Demo", Jurisdiction: "Demo", Hours: "09:00–18:00", OnCall: "mailto:nobody@demo.invalid"}
	if err := home.store.Write(e.Context, func(tx *store.Tx) error {
		return errors.Join(intake.SetOperator(tx, who), intake.Unlocked(tx, e.Now()))
	}); err != nil {
		return err
	}
	second, err := e.tell(e.Context, home, made)
	if err != nil {
		return err
	}
	hint := func() string {
		code, err := desk.SecondCode(made.Second, e.Now())
		other, err2 := desk.SecondCode(second.Second, e.Now())
		if err != nil || err2 != nil {
			return ""
		}
		return "You:        name demo, passphrase " + demoPassphrase + "\n            code " + code + "\nColleague:  name " + colleague + ", passphrase " + colleaguePassphrase + "\n            code " + other + "\n(A code is good for half a minute and once; load the page again for the next.)\n\nThe story: open Cases, then \"the singer\". A call she promised has not come, and in two\ndays she may be sold on. Your colleague has planned two ways to tell somebody. The police\nunit is near and its record is thin; the embassy is slow. Read both plans. You decide;\nthe Ledger shows what that did."
	}
	h, err := e.whole(serveOptions{}, home, examples, false, "A demonstration. Everything here is invented, runs on this machine, and is thrown away when it ends.", hint)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(e.Context)
	defer cancel()
	go home.work(ctx)
	return e.run(h, freePort(*listen), nil, func(url string) {
		fmt.Fprintf(e.Stdout, "Homeward is running at %s\n\nOpen it in a browser, click on an example, or paste a message. Tell something at %st and\nread it at %sdesk. Ctrl-C ends it, and everything in it is thrown away.\n", url, url, url)
	})
}

const demoPassphrase = "invented words for a demonstration"

// freePort gives the address, or a free port beside it if it is in use: who
// tries the demo should not have to know what else runs.
func freePort(listen string) string {
	l, err := net.Listen("tcp", listen)
	if err == nil {
		l.Close()
		return listen
	}
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return listen
	}
	return net.JoinHostPort(host, "0")
}
