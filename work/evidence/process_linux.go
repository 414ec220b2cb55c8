package evidence

import (
	"os"
	"os/exec"
	"syscall"
)

// canLimit: the shell of this system can limit memory, time and files.
const canLimit = true

// confine starts a command in a process group of its own, and ends the whole
// group when its context is done. Apart, the command also has namespaces of its
// own: no network, and no right to look into this process's memory, which holds a
// desk's keys.
func confine(cmd *exec.Cmd, apart bool) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	if apart {
		const nobody = 65534
		cmd.SysProcAttr.Cloneflags = syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET | syscall.CLONE_NEWIPC
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: nobody, HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: nobody, HostID: os.Getgid(), Size: 1}}
	}
}

// canBeApart tries whether this system lets a process have namespaces of its own.
// Some forbid it, most of all inside containers.
func canBeApart() bool {
	cmd := exec.Command("/bin/sh", "-c", ":")
	confine(cmd, true)
	cmd.Cancel = nil // there is no context
	return cmd.Run() == nil
}
