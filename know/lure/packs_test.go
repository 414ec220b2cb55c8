package lure

import "testing"

func TestExamples(t *testing.T) {
	for _, fault := range Default().Check() {
		t.Error(fault)
	}
}
