package cli

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// diskFree gives what is free to this user, and the whole, in bytes.
func diskFree(dir string) (free, total int64, err error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, 0, err
	}
	return int64(s.Bavail) * s.Bsize, int64(s.Blocks) * s.Bsize, nil
}

// clockSynced says whether the kernel knows its clock to be kept right.
func clockSynced() (synced, known bool) {
	const unsynced = 5 // TIME_ERROR
	state, err := syscall.Adjtimex(&syscall.Timex{})
	return state != unsynced, err == nil
}

// swaps lists where memory is swapped to, but for places that are in memory
// themselves or encrypted.
func swaps() (out []string, known bool) {
	b, err := os.ReadFile("/proc/swaps")
	if err != nil {
		return nil, false
	}
	return swapsOf(string(b), func(dev string) string {
		id, _ := os.ReadFile(filepath.Join("/sys/block", filepath.Base(dev), "dm/uuid"))
		return string(id)
	}), true
}

// swapsOf reads /proc/swaps; uuid tells a mapped device's identity.
func swapsOf(table string, uuid func(dev string) string) (out []string) {
	for i, l := range strings.Split(table, "\n") {
		f := strings.Fields(l)
		if i == 0 || len(f) == 0 {
			continue
		}
		name := filepath.Base(f[0])
		if strings.HasPrefix(name, "zram") || strings.HasPrefix(name, "dm-") && strings.HasPrefix(uuid(f[0]), "CRYPT-") {
			continue
		}
		out = append(out, f[0])
	}
	return out
}

// hibernates says whether the machine can write its memory to the disk.
func hibernates() bool {
	state, err := os.ReadFile("/sys/power/state")
	if err != nil || !strings.Contains(string(state), "disk") {
		return false
	}
	swaps, err := os.ReadFile("/proc/swaps")
	return err == nil && strings.Count(strings.TrimSpace(string(swaps)), "\n") > 0
}

// coreDumps says whether a crash of this process may write its memory to disk.
func coreDumps() (on, known bool) {
	var l syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_CORE, &l); err != nil {
		return false, false
	}
	return l.Cur > 0, true
}
