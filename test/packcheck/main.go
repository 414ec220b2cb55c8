// Packcheck loads a folder of packs and runs their examples. A writer of
// indicators runs it after each change: go run ./test/packcheck know/lure/packs
package main

import (
	"fmt"
	"os"

	"homeward/know/lure"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: packcheck FOLDER")
		os.Exit(2)
	}
	p, err := lure.Load(os.DirFS(os.Args[1]))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	faults := p.Check()
	for _, f := range faults {
		fmt.Fprintln(os.Stderr, f)
	}
	if len(faults) > 0 {
		os.Exit(1)
	}
	fmt.Println("packs", p.Version(), "load, and every example holds")
}
