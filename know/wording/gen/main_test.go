package main

import (
	"bytes"
	"os"
	"testing"

	"homeward/know/wording"
)

// TestWeightsAreWhatTheTextsGive: nobody changes a weight by hand, and nothing is
// learned from the reserved writer.
func TestWeightsAreWhatTheTextsGive(t *testing.T) {
	all, err := read("../../../test/sets")
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("../weights.tsv")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(wording.Train(others(all, reserved)), want) {
		t.Error("weights.tsv is not what test/sets gives: run go generate ./know/wording")
	}
	if n, m := len(others(all)), len(others(all, reserved)); n == m || m < 1000 {
		t.Errorf("%d texts, %d without the reserved writer", n, m)
	}
}
