package place

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		typed string
		want  Position
		err   error
	}{
		{"13.7563, 100.5018", Position{13.7563, 100.5018}, nil},
		{" 13.7563 100.5018 ", Position{13.7563, 100.5018}, nil},
		{"13.7563，100.5018", Position{13.7563, 100.5018}, nil},
		{"13.7563N, 100.5018E", Position{13.7563, 100.5018}, nil},
		{"100.5018 E, 13.7563 N", Position{13.7563, 100.5018}, nil},
		{`13°45'22.7"N 100°30'6.5"E`, Position{13.7563056, 100.5018056}, nil},
		{"33.9S 18.4E", Position{-33.9, 18.4}, nil},
		{"https://maps.example.invalid/?q=11.5564,104.9282", Position{11.5564, 104.9282}, nil},
		{"https://maps.example.invalid/@11.5564,104.9282,17z", Position{11.5564, 104.9282}, nil},
		{"100.5018, 13.7563", Position{}, &Swapped{Position{13.7563, 100.5018}}},
		{"91, 181", Position{}, ErrOff},
		{"200, 10", Position{}, ErrOff},
		{"", Position{}, ErrNone},
		{"13.7563", Position{}, ErrNone},
		{"near the 2nd bridge, house 14", Position{}, ErrNone},
		{"12, 13, 14", Position{}, ErrNone},
		{"https://example.invalid/?id=12", Position{}, ErrNone},
		{"１３.7, 100.5", Position{}, ErrNone},
	} {
		got, err := Parse(c.typed)
		var s, want *Swapped
		if errors.As(c.err, &want) {
			if !errors.As(err, &s) || s.Meant != want.Meant {
				t.Errorf("%q: %v, want %v", c.typed, err, c.err)
			}
			continue
		}
		if !errors.Is(err, c.err) || math.Abs(got.Lat-c.want.Lat) > 1e-5 || math.Abs(got.Lon-c.want.Lon) > 1e-5 {
			t.Errorf("%q: %v, %v; want %v, %v", c.typed, got, err, c.want, c.err)
		}
	}
}

// TestShift: the two directions undo each other, and the shift is some hundred metres.
func TestShift(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Position{rapid.Float64Range(18, 50).Draw(t, "lat"), rapid.Float64Range(75, 130).Draw(t, "lon")}
		s := p.toGCJ02()
		if back := s.FromGCJ02(); math.Abs(back.Lat-p.Lat) > 1e-5 || math.Abs(back.Lon-p.Lon) > 1e-5 {
			t.Errorf("%v comes back as %v", p, back)
		}
		if d := math.Hypot(s.Lat-p.Lat, s.Lon-p.Lon); d > .02 || !p.Shifted() {
			t.Errorf("%v is shifted by %.4f degrees", p, d)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add("13.7563, 100.5018")
	f.Add(`13°45'22.7"N 100°30'6.5"E`)
	f.Fuzz(func(t *testing.T, s string) {
		p, err := Parse(s)
		if err == nil && (math.IsNaN(p.Lat) || math.Abs(p.Lat) > 90 || math.Abs(p.Lon) > 180) {
			t.Errorf("%q gives %v", s, p)
		}
	})
}
