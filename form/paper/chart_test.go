package paper

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write the golden files anew")

func months() Chart {
	return Chart{
		ID: "by-month", Title: "Reports in 2026, by month", Description: "Reports rise from 23 in January to 120 in March & fall <after>.",
		Over: "Month", Groups: []string{"January", "February", "March 三月"}, Withheld: "fewer than 11",
		Series: []Series{
			{"Held", []Count{{N: 23}, {N: 4, Withheld: true}, {N: 120}}},
			{"Came home", []Count{{N: 0}, {N: 11}, {Withheld: true}}},
			{"Not known", []Count{{N: 60}, {N: 61}, {N: 62}}},
		},
	}
}

func TestChart(t *testing.T) {
	got, err := months().SVG()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("testdata/chart.svg", got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/chart.svg")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the chart changed; look at it and run with -update:\n%s", got)
	}
}

func TestChartTable(t *testing.T) {
	got, err := months().Table()
	want := Table{
		[]string{"Month", "Held", "Came home", "Not known"},
		[][]string{{"January", "23", "0", "60"}, {"February", "fewer than 11", "11", "61"}, {"March 三月", "120", "fewer than 11", "62"}},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v %v", got, err)
	}
}

// Whatever was withheld, nothing drawn or written depends on it.
func TestWithheldIsWithheld(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := months()
		before, err := c.SVG()
		if err != nil {
			t.Fatal(err)
		}
		table, _ := c.Table()
		c.Series[0].Counts[1].N = rapid.Int().Draw(t, "n")
		c.Series[1].Counts[2].N = rapid.Int().Draw(t, "m")
		after, err := c.SVG()
		if err != nil || !bytes.Equal(before, after) {
			t.Fatal("the chart depends on a withheld count", err)
		}
		if again, _ := c.Table(); !reflect.DeepEqual(table, again) {
			t.Fatal("the table depends on a withheld count")
		}
	})
}

func TestWithheldIsNotZero(t *testing.T) {
	c := months()
	withheld, _ := c.SVG()
	c.Series[1].Counts[2] = Count{}
	zero, err := c.SVG()
	if err != nil || bytes.Equal(withheld, zero) {
		t.Error("withheld looks like zero", err)
	}
	if n := bytes.Count(withheld, []byte("fewer than 11")) - bytes.Count(zero, []byte("fewer than 11")); n != 1 {
		t.Errorf("%d words more for one withheld count", n)
	}
}

// The strictest page can carry it: no script, no style, nothing fetched.
func TestChartIsInert(t *testing.T) {
	c := months()
	c.Title, c.Description = `</title><script>alert(1)</script>`, `"><img src=x onerror=1>`
	c.Groups[0], c.Series[0].Name, c.Withheld = `<b onclick="x">`, "a\x00\u202Eb\uFFFE", "' style='x"
	svg, err := c.SVG()
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{"svg": true, "title": true, "desc": true, "defs": true, "pattern": true, "line": true, "circle": true, "rect": true, "text": true}
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("%v\n%s", err, svg)
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if !names[e.Name.Local] {
			t.Errorf("the chart has a <%s>", e.Name.Local)
		}
		for _, a := range e.Attr {
			if n := a.Name.Local; n == "style" || n == "class" || n == "href" || strings.HasPrefix(n, "on") || strings.Contains(a.Value, "url(") && !strings.HasPrefix(a.Value, "url(#by-month-p") {
				t.Errorf("<%s> has %s=%q", e.Name.Local, n, a.Value)
			}
		}
	}
}

func TestChartRefused(t *testing.T) {
	for name, change := range map[string]func(*Chart){
		"id":          func(c *Chart) { c.ID = `x" onload="` },
		"title":       func(c *Chart) { c.Title = " \u200b" },
		"description": func(c *Chart) { c.Description = "" },
		"no groups":   func(c *Chart) { c.Groups = nil },
		"groups":      func(c *Chart) { c.Groups = make([]string, MaxGroups+1) },
		"no series":   func(c *Chart) { c.Series = nil },
		"series":      func(c *Chart) { c.Series = make([]Series, MaxSeries+1) },
		"uneven":      func(c *Chart) { c.Series[0].Counts = c.Series[0].Counts[1:] },
		"below zero":  func(c *Chart) { c.Series[0].Counts[0].N = -1 },
		"too much":    func(c *Chart) { c.Series[0].Counts[0].N = maxCount + 1 },
		"no words":    func(c *Chart) { c.Withheld = "" },
		"label":       func(c *Chart) { c.Groups[0] = strings.Repeat("x", MaxLabel+1) },
	} {
		c := months()
		change(&c)
		if svg, err := c.SVG(); err == nil || svg != nil {
			t.Errorf("%s: drawn", name)
		}
		if _, err := c.Table(); err == nil {
			t.Errorf("%s: written", name)
		}
	}
}

func FuzzChart(f *testing.F) {
	f.Add("Month", "January", 3, true)
	f.Add("<&>\xff", "三月 三月", -1, false)
	f.Fuzz(func(t *testing.T, over, group string, n int, withheld bool) {
		c := Chart{ID: "x", Title: over, Description: group, Over: over, Groups: []string{group, over}, Withheld: over, Series: []Series{{group, []Count{{n, withheld}, {n / 2, false}}}}}
		svg, err := c.SVG()
		if err != nil {
			return
		}
		d := xml.NewDecoder(bytes.NewReader(svg))
		for err == nil {
			_, err = d.Token()
		}
		if !errors.Is(err, io.EOF) {
			t.Error(fmt.Sprintf("%q", svg), err)
		}
	})
}
