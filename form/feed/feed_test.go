package feed

import (
	"encoding/xml"
	"fmt"
	"strings"
	"testing"
	"time"
)

var day = time.Date(2026, 5, 4, 0, 0, 0, 0, time.UTC)

// parsed is what RFC 4287 demands of a feed and its entries.
type parsed struct {
	XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
	ID      []string `xml:"id"`
	Title   []string `xml:"title"`
	Updated []string `xml:"updated"`
	Author  []string `xml:"author>name"`
	Link    []struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
	} `xml:"link"`
	Entry []struct {
		ID      []string `xml:"id"`
		Title   []string `xml:"title"`
		Updated []string `xml:"updated"`
		Author  []string `xml:"author>name"`
		Content []string `xml:"content"`
		Link    []struct {
			Rel string `xml:"rel,attr"`
		} `xml:"link"`
	} `xml:"entry"`
}

func read(t testing.TB, b []byte) parsed {
	t.Helper()
	var p parsed
	if err := xml.Unmarshal(b, &p); err != nil {
		t.Fatalf("%v\n%s", err, b)
	}
	if len(p.ID) != 1 || len(p.Title) != 1 || len(p.Updated) != 1 || len(p.Author) != 1 || len(p.Link) != 2 || p.Link[0].Rel != "self" {
		t.Fatalf("the feed lacks what RFC 4287 demands:\n%s", b)
	}
	for _, at := range p.Updated {
		if _, err := time.Parse(time.RFC3339, at); err != nil {
			t.Fatal(err)
		}
	}
	ids := map[string]bool{}
	for _, e := range p.Entry {
		if len(e.ID) != 1 || len(e.Title) != 1 || len(e.Updated) != 1 || len(e.Author) != 1 || len(e.Content) != 1 || len(e.Link) != 1 || e.Link[0].Rel != "alternate" {
			t.Fatalf("an entry lacks what RFC 4287 demands:\n%s", b)
		}
		if ids[e.ID[0]] {
			t.Fatalf("two entries are %s", e.ID[0])
		}
		ids[e.ID[0]] = true
	}
	return p
}

func TestAtom(t *testing.T) {
	f := Feed{Title: "Warnings", Name: "desk.invalid", Self: "/w.atom", Link: "/w", Lang: "en", Author: "Example Desk", Updated: day}
	b, err := Atom(f)
	if err != nil {
		t.Fatal(err)
	}
	if p := read(t, b); len(p.Entry) != 0 || p.Updated[0] != "2026-05-04T00:00:00Z" {
		t.Errorf("an empty one: %s", b)
	}
	for i := range 60 {
		f.Entries = append(f.Entries, Entry{Name: fmt.Sprint(i), Title: `<b>&"` + fmt.Sprint(i), Lang: "zh-Hant", Author: "a \x00pen name", Link: "/w/x", Published: day, Updated: day.AddDate(0, 0, 60-i), Text: "]]> \xff\n警告"})
	}
	if b, err = Atom(f); err != nil {
		t.Fatal(err)
	}
	p := read(t, b)
	if len(p.Entry) != Most || p.Updated[0] != "2026-07-03T00:00:00Z" || p.Entry[0].Title[0] != `<b>&"0` || !strings.Contains(p.Entry[0].Content[0], "警告") || !strings.Contains(string(b), `xml:lang="zh-Hant"`) {
		t.Errorf("%.1500s", b)
	}
}

func TestID(t *testing.T) {
	// As Python's uuid.uuid5(uuid.NAMESPACE_URL, …) makes it.
	if got := ID("https://www.example.com/"); got != "urn:uuid:3d3ed9d2-aa3d-5fa6-90e8-ed662e90f559" {
		t.Error(got)
	}
}

func FuzzAtom(f *testing.F) {
	f.Add("a", "b\x00", "c\xff]]>")
	f.Fuzz(func(t *testing.T, title, author, text string) {
		b, err := Atom(Feed{Title: title, Name: author, Self: text, Link: title, Author: author, Updated: day, Entries: []Entry{{Name: "1", Title: title, Author: author, Text: text, Link: text, Lang: title}}})
		if err != nil {
			t.Fatal(err)
		}
		read(t, b)
	})
}
