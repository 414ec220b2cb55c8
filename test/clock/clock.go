// Package clock is a clock that only tests move, also while others look at it.
package clock

import (
	"sync/atomic"
	"time"
)

// Clock stands still until Add. The zero Clock shows the zero time.
type Clock struct{ at atomic.Pointer[time.Time] }

// At makes a clock.
func At(t time.Time) *Clock {
	c := &Clock{}
	c.Set(t)
	return c
}

// Now is what the clock shows.
func (c *Clock) Now() time.Time {
	if t := c.at.Load(); t != nil {
		return *t
	}
	return time.Time{}
}

// Set makes it show t.
func (c *Clock) Set(t time.Time) { c.at.Store(&t) }

// Add moves it on. One test moves it; two at once would lose a move.
func (c *Clock) Add(d time.Duration) { c.Set(c.Now().Add(d)) }
