// Package place reads positions as people send them, and says what may be wrong with
// them: swapped, impossible, or shifted as Chinese map programs do.
package place

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// Position is a point on the earth in degrees (WGS 84).
type Position struct{ Lat, Lon float64 }

func (p Position) String() string { return fmt.Sprintf("%.5f, %.5f", p.Lat, p.Lon) }

var (
	// ErrNone says that there is no position in what was typed.
	ErrNone = errors.New("place: no position; two numbers such as 13.7563, 100.5018 are one")
	// ErrOff says that no such point exists.
	ErrOff = errors.New("place: there is no such point: latitude goes to 90, longitude to 180")
)

// Swapped says that latitude and longitude seem to have changed places.
type Swapped struct{ Meant Position }

func (s *Swapped) Error() string {
	return "place: latitude comes first; perhaps " + s.Meant.String() + " is meant"
}

var (
	decimal = regexp.MustCompile(`[-+]?\d{1,3}(?:[.]\d{1,10})?`)
	// degrees is 13°45'22.5"N, with the marks that phones and people use.
	degrees = regexp.MustCompile(`(\d{1,3})\s*[°º]\s*(?:(\d{1,2})\s*['′’]\s*)?(?:(\d{1,2}(?:\.\d+)?)\s*(?:"|″|”|'')\s*)?([NSEWnsew])`)
	marked  = regexp.MustCompile(`^\s*([-+]?\d{1,3}(?:\.\d+)?)\s*°?\s*([NSEWnsew])\s*[,; ]\s*([-+]?\d{1,3}(?:\.\d+)?)\s*°?\s*([NSEWnsew])\s*$`)
)

// Parse reads a position: decimal degrees, latitude first; degrees, minutes and
// seconds with N, S, E, W; or either of them inside a link of a map. The error is
// ErrNone, ErrOff or *Swapped.
func Parse(s string) (Position, error) {
	if len(s) > 500 {
		return Position{}, ErrNone
	}
	if m := marked.FindStringSubmatch(s); m != nil {
		return byMarks(m[1], m[2], m[3], m[4])
	}
	if m := degrees.FindAllStringSubmatch(s, -1); len(m) == 2 {
		return byMarks(sexagesimal(m[0]), m[0][4], sexagesimal(m[1]), m[1][4])
	}
	// In a link the position follows @, q=, ll= or query=.
	if i := strings.IndexAny(s, "@="); strings.Contains(s, "://") && i >= 0 {
		if m := regexp.MustCompile(`(?:@|q=|ll=|query=|%40)([-+]?\d{1,3}\.\d+)(?:,|%2C)\s*([-+]?\d{1,3}\.\d+)`).FindStringSubmatch(s); m != nil {
			return check(number(m[1]), number(m[2]))
		}
		return Position{}, ErrNone
	}
	if strings.IndexFunc(s, func(r rune) bool { return r > 0x2000 && r != '，' && r != '°' }) >= 0 {
		return Position{}, ErrNone
	}
	m := decimal.FindAllString(s, -1)
	rest := strings.Trim(decimal.ReplaceAllString(s, ""), " ,;，°()\t")
	if len(m) != 2 || rest != "" {
		return Position{}, ErrNone
	}
	return check(number(m[0]), number(m[1]))
}

func number(s string) float64 {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return math.NaN()
	}
	return f
}

func sexagesimal(m []string) string {
	part := func(s string) float64 {
		if s == "" {
			return 0
		}
		return number(s)
	}
	return fmt.Sprintf("%.7f", part(m[1])+part(m[2])/60+part(m[3])/3600)
}

func byMarks(a, am, b, bm string) (Position, error) {
	am, bm = strings.ToUpper(am), strings.ToUpper(bm)
	x, y := number(a), number(b)
	if am == "S" || am == "W" {
		x = -x
	}
	if bm == "S" || bm == "W" {
		y = -y
	}
	switch north := func(s string) bool { return s == "N" || s == "S" }; {
	case north(am) && !north(bm):
		return check(x, y)
	case !north(am) && north(bm):
		return check(y, x)
	}
	return Position{}, ErrNone
}

func check(lat, lon float64) (Position, error) {
	switch {
	case math.IsNaN(lat) || math.IsNaN(lon):
		return Position{}, ErrNone
	case math.Abs(lat) > 90 && math.Abs(lat) <= 180 && math.Abs(lon) <= 90:
		return Position{}, &Swapped{Position{lon, lat}}
	case math.Abs(lat) > 90 || math.Abs(lon) > 180:
		return Position{}, ErrOff
	}
	return Position{lat, lon}, nil
}

// Shifted says whether a point lies where Chinese map programs (Gaode, Tencent, Baidu)
// show points shifted, by some hundred metres (GCJ-02): a rough frame around China,
// which also holds northern Myanmar and Laos.
func (p Position) Shifted() bool {
	return p.Lat > 17.5 && p.Lat < 54 && p.Lon > 73 && p.Lon < 135.5
}

// FromGCJ02 turns a point of a Chinese map into one of everybody else's, to about a
// metre, by the formula that is public since 2010 (as in the wiki of OpenStreetMap,
// "Restrictions on geographic data in China").
func (p Position) FromGCJ02() Position {
	q := p
	for range 3 { // the shift is smooth: a few rounds bring it home
		s := q.toGCJ02()
		q = Position{q.Lat - (s.Lat - p.Lat), q.Lon - (s.Lon - p.Lon)}
	}
	return q
}

func (p Position) toGCJ02() Position {
	const (
		a  = 6378245.0              // Krasovsky's ellipsoid, metres
		ee = 0.00669342162296594323 // its eccentricity squared
	)
	x, y := p.Lon-105, p.Lat-35
	waves := func(f func(float64) float64) float64 { return f(6*x*math.Pi)*20 + f(2*x*math.Pi)*20 }
	lat := -100 + 2*x + 3*y + .2*y*y + .1*x*y + .2*math.Sqrt(math.Abs(x)) + waves(math.Sin)*2/3 +
		(20*math.Sin(y*math.Pi)+40*math.Sin(y/3*math.Pi))*2/3 + (160*math.Sin(y/12*math.Pi)+320*math.Sin(y*math.Pi/30))*2/3
	lon := 300 + x + 2*y + .1*x*x + .1*x*y + .1*math.Sqrt(math.Abs(x)) + waves(math.Sin)*2/3 +
		(20*math.Sin(x*math.Pi)+40*math.Sin(x/3*math.Pi))*2/3 + (150*math.Sin(x/12*math.Pi)+300*math.Sin(x/30*math.Pi))*2/3
	rad := p.Lat / 180 * math.Pi
	m := 1 - ee*math.Sin(rad)*math.Sin(rad)
	return Position{
		p.Lat + lat*180/(a*(1-ee)/(m*math.Sqrt(m))*math.Pi),
		p.Lon + lon*180/(a/math.Sqrt(m)*math.Cos(rad)*math.Pi),
	}
}
