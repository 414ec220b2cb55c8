// Homeward is the desk of those who fight scam-compound trafficking.
package main

import (
	"os"

	"homeward/door/cli"
)

func main() { os.Exit(cli.Main(cli.System())) }
