package cli

import (
	"fmt"
	"os"

	"homeward/know/lure"
)

// packs checks the indicators of a folder, or the embedded ones: they load,
// and every example holds. Whoever adds an indicator runs it after each change.
func (e *Env) packs(args []string) error {
	f := e.flags("packs", "check [FOLDER]", "Loads a folder of indicators (the built-in ones without FOLDER) and runs their match and no_match examples.")
	if err := parse(f, args); err != nil {
		return err
	}
	if f.Arg(0) != "check" || f.NArg() > 2 {
		return usage("write: homeward packs check [FOLDER]")
	}
	p := lure.Default()
	if f.NArg() == 2 {
		var err error
		if p, err = lure.Load(os.DirFS(f.Arg(1))); err != nil {
			return err
		}
	}
	faults := p.Check()
	for _, fault := range faults {
		fmt.Fprintln(e.Stderr, fault)
	}
	if len(faults) > 0 {
		return fmt.Errorf("%d examples do not hold", len(faults))
	}
	fmt.Fprintf(e.Stdout, "indicators %s load, and every example holds\n", p.Version())
	return nil
}
