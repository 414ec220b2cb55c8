// Package say holds everything the program says to people, in every language.
//
// Each language is one TOML file under lang. A string is a line; a string with
// plural forms is a table of them (CLDR names: one, few, many, other). The
// table meta says what the language is called by those who speak it, whether
// the catalogue is whole ("full") or holds only what an answer needs ("part"),
// and who has read it as a native reader. English is the catalogue the others
// are translated from, and what a part catalogue falls back to.
package say
