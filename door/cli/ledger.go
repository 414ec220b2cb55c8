package cli

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"homeward/keep/ledger"
	"homeward/keep/store"
)

const ledgerHelp = `verify      walks the whole ledger, and compares it with checkpoints kept elsewhere
            (--kept FILE, as often as there are files); without any, a ledger whose
            end was cut off looks whole
checkpoint  signs the state and prints it: send it to somebody else
prove SEQ   prints a proof that a row is in the ledger
key         prints what others need to check checkpoints and proofs`

type files []string

func (f *files) String() string     { return strings.Join(*f, ",") }
func (f *files) Set(s string) error { *f = append(*f, s); return nil }

// ledgerCommand is homeward ledger verify | checkpoint | prove | key.
func (e *Env) ledgerCommand(args []string) error {
	var o houseOptions
	var kept files
	f := e.flags("ledger", "verify|checkpoint|prove SEQ|key", ledgerHelp)
	o.options(f, "data directory")
	f.Var(&kept, "kept", "file with a checkpoint kept elsewhere")
	if len(args) == 0 || strings.HasPrefix(args[0], "-") {
		return usage("write: homeward ledger verify|checkpoint|prove SEQ|key --data DIR")
	}
	what, args := args[0], args[1:]
	seq := ""
	if what == "prove" && len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		seq, args = args[0], args[1:]
	}
	if err := parse(f, args); err != nil {
		return err
	}
	if f.NArg() > 0 {
		return usage("ledger %s does not take %q", what, f.Arg(0))
	}
	if o.database == "" && o.data != "" {
		if _, err := os.Stat(o.data + "/homeward.db"); err != nil {
			return errNoDesk
		}
	}
	h, err := e.openHouse(e.Context, o, nil)
	if err != nil {
		return err
	}
	defer h.close()
	switch what {
	case "verify":
		return e.verify(h, kept)
	case "checkpoint":
		return h.store.Write(e.Context, func(tx *store.Tx) error {
			note, err := h.ledger.Checkpoint(tx, h.now().Unix()/86400)
			if err == nil {
				fmt.Fprint(e.Stdout, note)
			}
			return err
		})
	case "prove":
		n, err := strconv.ParseInt(seq, 10, 64)
		if err != nil {
			return usage("write: homeward ledger prove SEQ --data DIR, with the number of the row")
		}
		return h.store.Read(e.Context, func(tx *store.Tx) error {
			p, err := h.ledger.Prove(tx, n)
			if err == nil {
				fmt.Fprint(e.Stdout, p)
			}
			return err
		})
	case "key":
		fmt.Fprintln(e.Stdout, h.ledger.Verifier())
		return nil
	}
	return usage("ledger has no %q; it has verify, checkpoint, prove and key", what)
}

func (e *Env) verify(h *house, kept []string) error {
	var notes []string
	for _, k := range kept {
		b, err := os.ReadFile(k)
		if err != nil {
			return err
		}
		notes = append(notes, string(b))
	}
	err := h.store.Read(e.Context, func(tx *store.Tx) error {
		f, err := ledger.Verify(tx, h.ledger.Verifier(), notes...)
		if err == nil {
			fmt.Fprintln(e.Stdout, f)
		}
		return err
	})
	var b *ledger.Broken
	if errors.As(err, &b) {
		fmt.Fprintln(e.Stderr, "The ledger does not hold. Do not write to it any more; keep the disk as it is.")
	}
	return err
}
