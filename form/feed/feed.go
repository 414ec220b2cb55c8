// Package feed writes a feed of entries as Atom (RFC 4287): values in, bytes out.
package feed

import (
	"crypto/sha1" //nolint:gosec // RFC 9562 makes names into ids with it; nothing is secret here
	"encoding/xml"
	"fmt"
	"strings"
	"time"
)

// Feed is a feed. Links may be relative to where it is fetched.
type Feed struct {
	Title   string
	Name    string // from which its id follows; it stays the same for ever
	Self    string
	Link    string
	Lang    string // BCP 47
	Author  string
	Updated time.Time // of an empty feed
	Entries []Entry
}

// Entry is one entry. Its id follows from the feed's name and its own.
type Entry struct {
	Name               string
	Title              string
	Link               string
	Lang               string
	Author             string
	Published, Updated time.Time
	Text               string
}

type link struct {
	Rel  string `xml:"rel,attr,omitempty"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type person struct {
	Name string `xml:"name"`
}

type words struct {
	Type string `xml:"type,attr"`
	Lang string `xml:"xml:lang,attr,omitempty"`
	Text string `xml:",chardata"`
}

type atomEntry struct {
	ID        string `xml:"id"`
	Title     words  `xml:"title"`
	Updated   string `xml:"updated"`
	Published string `xml:"published"`
	Author    person `xml:"author"`
	Link      link   `xml:"link"`
	Content   words  `xml:"content"`
}

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr,omitempty"`
	ID      string      `xml:"id"`
	Title   words       `xml:"title"`
	Updated string      `xml:"updated"`
	Author  person      `xml:"author"`
	Links   []link      `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

// Most is how many entries a feed holds.
const Most = 50

// Atom writes a feed; of more than Most entries the first. Characters that XML cannot
// hold become U+FFFD.
func Atom(f Feed) ([]byte, error) {
	out := atomFeed{
		Lang: f.Lang, ID: ID(f.Name), Title: words{Type: "text", Text: f.Title}, Author: person{clean(f.Author)},
		Links: []link{{"self", "application/atom+xml", f.Self}, {"alternate", "text/html", f.Link}},
	}
	newest := f.Updated
	for _, e := range f.Entries[:min(Most, len(f.Entries))] {
		if e.Updated.After(newest) || len(out.Entries) == 0 {
			newest = e.Updated
		}
		out.Entries = append(out.Entries, atomEntry{
			ID: ID(f.Name + "/" + e.Name), Title: words{"text", e.Lang, clean(e.Title)}, Updated: stamp(e.Updated), Published: stamp(e.Published),
			Author: person{clean(e.Author)}, Link: link{"alternate", "text/html", e.Link}, Content: words{"text", e.Lang, clean(e.Text)},
		})
	}
	out.Updated = stamp(newest)
	b, err := xml.MarshalIndent(out, "", " ")
	if err != nil {
		return nil, fmt.Errorf("feed: %w", err)
	}
	return append([]byte(xml.Header), append(b, '\n')...), nil
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func clean(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }

// ID makes an address that names something and leads nowhere: a UUID of version 5
// (RFC 9562, 5.5) in the URL name space.
func ID(name string) string {
	space := []byte{0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8}
	sum := sha1.Sum(append(space, name...)) //nolint:gosec // as above
	u := sum[:16]
	u[6], u[8] = u[6]&0x0f|0x50, u[8]&0x3f|0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}
