//go:build !linux

package evidence

import "os/exec"

// canLimit: elsewhere a child's memory cannot be limited from a shell.
const canLimit = false

func confine(*exec.Cmd, bool) {}

func canBeApart() bool { return false }
