// Package check answers the question a person brings: is this a trap? It puts
// what knows (know/lure) and what reads pictures (form/picture, Tesseract)
// behind one type that every door uses.
package check

import "homeward/know/lure"

// Screener says what a text means; *lure.Packs is one.
type Screener interface {
	Screen(lure.Request) lure.Assessment
}

// Checker checks texts and pictures.
type Checker struct {
	Packs Screener
	// Reader reads pictures; nil where no such program is installed.
	Reader Reader
}

// Result is the answer to one text or picture.
type Result struct {
	Assessment lure.Assessment
	// Text is what was read in a picture; the findings point into it.
	Text string
	// Codes are the contents of its QR codes, which are in Text too.
	Codes []string
}
