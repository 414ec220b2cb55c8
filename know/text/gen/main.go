// Command gen writes tables.go, the tables of know/text, from the published
// Unicode data. Run it after changing a rule or taking a newer Unicode, and
// look at what changed in tables.go:
//
//	apt-get install unicode-data
//	npm pack unhomoglyph@1.0.6 && tar xzf unhomoglyph-1.0.6.tgz
//	UNHOMOGLYPH=$PWD/package go generate ./know/text
//
// Its inputs:
//
//	-unicode DIR       the Unicode Character Database with emoji/, auxiliary/,
//	                   extracted/ and Unihan_Variants.txt(.bz2); Debian's
//	                   package unicode-data puts it in /usr/share/unicode
//	-confusables FILE  data.json of the npm package unhomoglyph (MIT), which is
//	                   Unicode's confusables.txt (UTS #39) as one JSON object
//	-o FILE            where to write
package main

import (
	"flag"
	"log"
	"os"

	"golang.org/x/text/unicode/norm"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("gen: ")
	dir := flag.String("unicode", "/usr/share/unicode", "folder of the Unicode Character Database")
	confusables := flag.String("confusables", "", "data.json of unhomoglyph")
	out := flag.String("o", "tables.go", "file to write")
	flag.Parse()
	if *confusables == "" {
		log.Fatal("-confusables is missing: give the path of unhomoglyph's data.json")
	}

	u := readUCD(*dir)
	if u.version != norm.Version {
		log.Printf("warning: the data is Unicode %s, golang.org/x/text is built with %s", u.version, norm.Version)
	}
	f := newFolder(u, readConfusables(*confusables))
	code := write(f)
	if err := os.WriteFile(*out, code, 0o644); err != nil {
		log.Fatal(err)
	}
	log.Printf("%s: %d bytes", *out, len(code))
}
