// Package browser looks at the public pages through a real browser with scripts
// switched off, as a person on a small phone would: does anything run over the
// edge, can every target be hit by a thumb, can the keyboard reach everything,
// is every field named, is there enough contrast.
//
// The tests need Debian's chromium and skip with a message where it is missing.
// Run with -pictures DIR to keep the screenshots, and with -axe FILE to ask axe-core
// about every page, too.
package browser
