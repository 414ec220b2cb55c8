package main

import (
	"os"
	"path/filepath"
	"testing"
)

// The embedded table is what the generator makes of the published data.
func TestTableIsCurrent(t *testing.T) {
	const dir = "/usr/share/unicode"
	all := map[rune]*character{}
	for _, name := range []string{"Readings", "Variants", "DictionaryLikeData"} {
		path := filepath.Join(dir, "Unihan_"+name+".txt.bz2")
		if _, err := os.Stat(path); err != nil {
			t.Skip("Debian's package unicode-data is not installed")
		}
		if err := read(path, all); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("../readings.tsv")
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := table(all); got != string(want) {
		t.Error("readings.tsv is not what go generate ./know/name writes: Unicode's data is another, or somebody edited it")
	}
}

func TestNumbered(t *testing.T) {
	for in, want := range map[string]string{"huáng": "huang2", "lǜ": "lv4", "nǚ": "nv3", "de": "de5", "": ""} {
		if got := numbered(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}
