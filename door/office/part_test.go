package office

import (
	"net/http/httptest"
	"testing"
)

func TestPart(t *testing.T) {
	all := make([]int, 250)
	for i := range all {
		all[i] = i
	}
	for _, c := range []struct {
		from             string
		first, len, more int
	}{
		{"", 0, 100, 100},
		{"?from=100", 100, 100, 200},
		{"?from=200", 200, 50, 0},
		{"?from=150", 150, 100, 0},
		{"?from=250", 0, 0, 0},
		{"?from=9999999999", 0, 0, 0},
		{"?from=-5", 0, 100, 100},
		{"?from=x", 0, 100, 100},
	} {
		rows, more := part(all, httptest.NewRequest("GET", "/desk/day"+c.from, nil))
		if len(rows) != c.len || more != c.more || len(rows) > 0 && rows[0] != c.first {
			t.Errorf("%q: %d rows, more from %d", c.from, len(rows), more)
		}
	}
}
