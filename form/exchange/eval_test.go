package exchange

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// TestGuessOnNames makes short lists of real names in old encodings and counts
// what is guessed right, wrong or not at all. Only wrong does harm.
func TestGuessOnNames(t *testing.T) {
	dir := os.Getenv("HOMEWARD_EVAL")
	if dir == "" {
		t.Skip("HOMEWARD_EVAL names no folder of evaluation data")
	}
	f, err := os.Open(filepath.Join(dir, "names", "cross_script_pairs_dev.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	han := map[string]bool{}
	var names []string
	for s := bufio.NewScanner(f); s.Scan(); {
		var row struct{ A, B string }
		if err := json.Unmarshal(s.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		if !han[row.A] {
			han[row.A] = true
			names = append(names, row.A)
		}
	}
	for _, e := range []struct {
		name string
		enc  encoding.Encoding
	}{{"Big5", traditionalchinese.Big5}, {"GB18030", simplifiedchinese.GB18030}} {
		for _, size := range []int{1, 2, 5, 20, 100} {
			right, wrong, unsure := 0, 0, 0
			var some []string
			for _, n := range names {
				if _, err := e.enc.NewEncoder().String(n); err != nil {
					continue
				}
				if some = append(some, n); len(some) < size {
					continue
				}
				b := encoded(t, e.enc, "id,name\n1,"+strings.Join(some, "\n2,")+"\n")
				some = some[:0]
				switch s, err := Read(b, Options{}); {
				case err != nil:
					unsure++
				case s.Encoding == e.name:
					right++
				default:
					wrong++
				}
			}
			t.Logf("%s, lists of %d names under English heads: %d right, %d wrong, %d asked", e.name, size, right, wrong, unsure)
			if n := right + wrong + unsure; size >= 5 && wrong*100 > n || size >= 20 && right*100 < 95*n {
				t.Errorf("%s, %d names", e.name, size)
			}
		}
	}
	thai, err := os.ReadDir(filepath.Join(dir, "lures", "th_sms"))
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range thai {
		if b, err := os.ReadFile(filepath.Join(dir, "lures", "th_sms", entry.Name())); err == nil && strings.HasSuffix(entry.Name(), ".csv") {
			if s, ok := (oldEncoding{enc: charmap.Windows874}).decode(b); ok {
				right, n := 0, 0
				for line := range strings.Lines(s) {
					b := encoded(t, charmap.Windows874, line)
					if ascii(b) {
						continue
					}
					n++
					if guessOld(b) == "Windows-874" {
						right++
					}
				}
				t.Logf("%s: %d of %d single lines", entry.Name(), right, n)
				if right*100 < 98*n {
					t.Error("Thai")
				}
			}
		}
	}
}
