package public

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"homeward/form/say"
	"homeward/know/hotline"
	"homeward/work/check"
)

// Config is what the door is made of. Check, Packs and Now must be there; the
// rest has defaults.
type Config struct {
	Check Checker
	Packs Packs
	Now   func() time.Time // the clock
	// Waiting says how many pictures are being read or wait for it; the
	// checker's own reader is asked if nil.
	Waiting func() int
	// Numbers is the telephone numbers and the rule who sees which;
	// hotline.Default() if nil.
	Numbers *hotline.Book
	// Say is every language to speak in; say.Default() if nil.
	Say *say.Book
	// Operator is who runs this copy; empty when they have not said.
	Operator Operator
	// LeaveTo is where Leave quickly leads: a whole https address. The default
	// is an encyclopedia: it opens fast on a bad line, is known everywhere, is
	// read at any hour, and explains itself when somebody looks over a
	// shoulder. Weather and news pages are heavier and differ by country.
	LeaveTo string
	// Log takes one line a request; nothing is logged if nil.
	Log *slog.Logger
	// Examples are invented messages to click on; with them every page says that
	// this is a demonstration.
	Examples []Example
	// Limits slow floods down; see Limits.
	Limits Limits
	// Tellers slow down floods of who tells something; wide if empty.
	Tellers Limits
	// Intake is the desk behind the door; without one the door stays shut.
	Intake Intake
}

// Operator is who runs a copy.
type Operator struct {
	Name    string
	Contact string
}

// Example is an invented message to try.
type Example struct {
	Lang  string // BCP 47 tag of the text
	Label string
	Text  string
}

const defaultLeaveTo = "https://www.wikipedia.org/"

// New makes the handler. It fails if a template or a setting is broken.
func New(c Config) (http.Handler, error) {
	if c.Check == nil || c.Packs == nil || c.Now == nil {
		return nil, errors.New("the public door needs Check, Packs and Now")
	}
	if c.Numbers == nil {
		c.Numbers = hotline.Default()
	}
	if c.Say == nil {
		c.Say = say.Default()
	}
	if c.Waiting == nil {
		c.Waiting = waiting(c.Check)
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	c.LeaveTo = cmp.Or(c.LeaveTo, defaultLeaveTo)
	u, err := url.Parse(c.LeaveTo)
	if err != nil || u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("leave-to address %q: give a whole address that begins with https://", c.LeaveTo)
	}
	pages, err := parsePages()
	if err != nil {
		return nil, err
	}
	guides, err := loadGuides()
	if err != nil {
		return nil, err
	}
	if c.Tellers == (Limits{}) {
		// People who tell something are waited for, and hardly ever turned away: a
		// crowd of families from one café is no attack.
		c.Tellers = Limits{Every: time.Second, Burst: 60, All: 1000, Longest: time.Minute, Waiting: 5000}
	}
	d := &door{
		Config:  c,
		pages:   pages,
		guides:  guides,
		leave:   u.Host,
		slow:    newSlow(c.Limits),
		tellers: newSlow(c.Tellers),
	}
	return d.guard(d.routes()), nil
}

// waiting asks a checker's reader of pictures; without one, somebody is told
// that at least one picture is before theirs.
func waiting(c Checker) func() int {
	if k, ok := c.(*check.Checker); ok {
		if q, ok := k.Reader.(interface{ Waiting() int }); ok {
			return q.Waiting
		}
	}
	return func() int { return 1 }
}

// door is the handler's state. Nothing in it comes from a visitor, except the
// scrambled addresses in slow, and those only while they are needed.
type door struct {
	Config
	pages     *pages
	guides    *guides
	leave     string // host that Leave quickly opens
	slow      *slow
	tellers   *slow
	kept      keptPages
	bytes     atomic.Int64 // bytes of pictures and programs' bodies in memory
	textBytes atomic.Int64 // bytes of all else that forms bring
}
