package public

import (
	"context"
	"errors"
	"hash/maphash"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limits slow floods down. A source that asks too fast waits; it is refused
// only when its wait would be longer than Longest, or when too many wait.
// Families share a café's address, so the limits are wide.
type Limits struct {
	Every   time.Duration // one check each, per source, in the long run
	Burst   int           // checks a source may make at once
	All     rate.Limit    // checks a second for everybody together
	Longest time.Duration // the longest anybody is made to wait
	Waiting int           // how many may be waiting
}

func (l Limits) orDefault() Limits {
	if l.Every == 0 {
		l.Every = 2 * time.Second
	}
	if l.Burst == 0 {
		l.Burst = 20
	}
	if l.All == 0 {
		l.All = 200
	}
	if l.Longest == 0 {
		l.Longest = 10 * time.Second
	}
	if l.Waiting == 0 {
		l.Waiting = 500
	}
	return l
}

// sourcesKept bounds the memory: so many sources are remembered, twice.
const sourcesKept = 4096

// slow holds the limits' state: for each source a number made from its address
// with a key that is new at each start, and never the address.
type slow struct {
	Limits
	all  *rate.Limiter
	seed maphash.Seed

	mu      sync.Mutex
	now     map[uint64]*rate.Limiter // the sources seen lately
	before  map[uint64]*rate.Limiter // and those before them
	waiting int

	pictures map[uint64]int64 // bytes of pictures in memory, by source
}

func newSlow(l Limits) *slow {
	l = l.orDefault()
	return &slow{
		Limits: l,
		all:    rate.NewLimiter(l.All, max(1, int(l.All))),
		seed:   maphash.MakeSeed(),
		now:    map[uint64]*rate.Limiter{},

		pictures: map[uint64]int64{},
	}
}

// takePicture notes n more bytes of pictures that a source has in memory; false
// when that is more than one source may have. The source is forgotten when
// givePicture has brought it back to nothing.
func (s *slow) takePicture(key uint64, n int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pictures[key]+n > heldBySource {
		return false
	}
	s.pictures[key] += n
	return true
}

func (s *slow) givePicture(key uint64, n int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pictures[key] -= n; s.pictures[key] <= 0 {
		delete(s.pictures, key)
	}
}

var errCrowd = errors.New("many people are asking at this moment: try again in a minute")

// wait holds a request back for as long as its source and the whole house
// need. It gives errCrowd when that would take too long.
func (s *slow) wait(ctx context.Context, r *http.Request, now time.Time) error {
	reserved := []*rate.Reservation{s.all.ReserveN(now, 1)}
	if l := s.source(r.RemoteAddr); l != nil {
		reserved = append(reserved, l.ReserveN(now, 1))
	}
	var delay time.Duration
	for _, v := range reserved {
		delay = max(delay, v.DelayFrom(now))
	}
	if delay == 0 {
		return nil
	}
	giveBack := func() {
		for _, v := range reserved {
			v.CancelAt(now)
		}
	}
	if delay > s.Longest || !s.enter() {
		giveBack()
		return errCrowd
	}
	defer s.exit()
	t := time.NewTimer(delay)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		giveBack()
		return errCrowd
	}
}

func (s *slow) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.waiting >= s.Waiting {
		return false
	}
	s.waiting++
	return true
}

func (s *slow) exit() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting--
}

// key is the number of an address: one for each IPv4 address and each IPv6
// network of a household. The machine itself has none: behind a proxy every
// visitor would seem to be the machine.
func (s *slow) key(remote string) (key uint64, ok bool) {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		host = remote
	}
	a, err := netip.ParseAddr(host)
	if err != nil || a.IsLoopback() {
		return 0, false
	}
	a = a.Unmap().WithZone("")
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			a = p.Addr()
		}
	}
	return maphash.Comparable(s.seed, a), true
}

// source gives the limiter of an address; nil for the machine itself.
func (s *slow) source(remote string) *rate.Limiter {
	key, ok := s.key(remote)
	if !ok {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if l, ok := s.now[key]; ok {
		return l
	}
	l, ok := s.before[key]
	if !ok {
		l = rate.NewLimiter(rate.Every(s.Every), s.Burst)
	}
	if len(s.now) >= sourcesKept {
		s.before, s.now = s.now, map[uint64]*rate.Limiter{}
	}
	s.now[key] = l
	return l
}
