package lure

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func BenchmarkSets(b *testing.B) {
	p := Default()
	var texts []string
	files, _ := filepath.Glob("../../test/sets/[ab]/*.jsonl")
	for _, f := range files {
		d, _ := os.ReadFile(f)
		for l := range strings.Lines(string(d)) {
			var x struct{ Text string }
			json.Unmarshal([]byte(l), &x)
			r := []rune(x.Text)
			if len(r) > 200 {
				r = r[:200]
			}
			texts = append(texts, string(r))
		}
	}
	i := 0
	b.ResetTimer()
	for b.Loop() {
		p.Screen(Request{Text: texts[i%len(texts)]})
		i++
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "msg/s")
}
