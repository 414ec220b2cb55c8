// Package story plays what happens between people through this program, in a real
// browser with scripts off, as they would: they read words, press buttons by their
// words, and copy a code onto paper. Read the tests as chapters.
//
// A chapter fails if one of its pages lacks what a person needs there. The tests
// need Debian's chromium and skip with a message where it is missing. Run with
// -artifacts to keep a picture of every page.
package story
