package cli

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"homeward/keep/ledger"
	"homeward/work/intake"
)

const filingHelp = `Checks a proof that something was filed, as it is given out at /b once the day is
over: on which day, without what it was. The code is asked for, and stands in no
history; --key is the line that "homeward ledger key" prints at the desk, which
publishes it. Nothing is sent anywhere.`

// filing is homeward filing.
func (e *Env) filing(args []string) error {
	f := e.flags("filing", "--key KEY FILE", filingHelp)
	key := f.String("key", "", "the desk's ledger key, as the desk publishes it")
	if err := parse(f, args); err != nil {
		return err
	}
	if f.NArg() != 1 || *key == "" {
		return usage("write: homeward filing --key KEY FILE, and give the code when it is asked for")
	}
	v, err := ledger.ParseVerifier(strings.TrimSpace(*key))
	if err != nil {
		return usage("--key is not a ledger's key: %v", err)
	}
	file, err := os.Open(f.Arg(0))
	if err != nil {
		return err
	}
	defer file.Close()
	const most = 64 << 10
	proof, err := io.ReadAll(io.LimitReader(file, most))
	if err != nil {
		return err
	}
	fmt.Fprint(e.Stderr, "Code: ")
	typed, err := bufio.NewReader(io.LimitReader(e.Stdin, 4096)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	code, err := intake.Typed(typed)
	if err != nil {
		return usage("this is no code: nine words, nine characters, or nine groups of four digits")
	}
	if err := intake.CheckFiling(v, code, string(proof)); err != nil {
		return fmt.Errorf("it does not hold: %w", err)
	}
	fmt.Fprintf(e.Stdout, "It holds: something was filed under this code on %s, and the ledger has had it since.\n", filedOn(string(proof)))
	return nil
}

// filedOn is the day in a proof that holds.
func filedOn(proof string) string {
	for l := range strings.SplitSeq(proof, "\n") {
		if b, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(l, "event ")); strings.HasPrefix(l, "event ") && err == nil {
			var ev ledger.Event
			if json.Unmarshal(b, &ev) == nil {
				return time.Unix(ev.Day*86400, 0).UTC().Format("2006-01-02")
			}
		}
	}
	return "a day it does not name"
}
