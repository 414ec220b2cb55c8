package cli

import (
	"fmt"

	"homeward/know/lure"
)

func (e *Env) version(args []string) error {
	if len(args) > 0 {
		return usage("version takes no arguments")
	}
	fmt.Fprintf(e.Stdout, "homeward %s, indicators %s\n", Version, lure.Default().Version())
	return nil
}
