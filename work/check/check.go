// Package check answers the question a person brings: is this a trap? It puts
// what knows (know/lure) and what reads pictures (form/picture, Tesseract)
// behind one type that every door uses.
package check

import (
	"runtime"
	"sync"

	"homeward/know/lure"
)

// Screener says what a text means; *lure.Packs is one.
type Screener interface {
	Screen(lure.Request) lure.Assessment
}

// Checker checks texts and pictures.
type Checker struct {
	Packs Screener
	// Reader reads pictures; nil where no such program is installed.
	Reader Reader

	once     sync.Once
	texts    chan struct{} // one place for each text that may be screened at a time
	pictures chan struct{} // one place: a decoded picture takes hundreds of megabytes
}

// turns makes the places. Waiting for one costs little; doing everything at
// once costs the memory of the machine.
func (c *Checker) turns() *Checker {
	c.once.Do(func() {
		c.texts = make(chan struct{}, runtime.GOMAXPROCS(0))
		c.pictures = make(chan struct{}, 1)
	})
	return c
}

// Result is the answer to one text or picture.
type Result struct {
	Assessment lure.Assessment
	// Text is what was read in a picture; the findings point into it.
	Text string
	// Codes are the contents of its QR codes, which are in Text too.
	Codes []string
}
