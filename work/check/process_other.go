//go:build !unix

package check

import "os/exec"

// ownGroup leaves the command as it is: ending it ends what matters.
func ownGroup(*exec.Cmd) {}
