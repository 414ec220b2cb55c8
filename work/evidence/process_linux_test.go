package evidence

import "syscall"

// largestChild gives the most memory that any child so far had at one time.
func largestChild() int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &u); err != nil {
		return 0
	}
	return u.Maxrss << 10
}
