package public

import (
	"net/http"
	"net/url"
	"strings"

	"homeward/form/say"
)

// Site is what every page knows.
type Site struct {
	Voice *say.Voice
	// Chosen says that the reader chose the language; links then carry it on.
	Chosen bool
	// At is the address that shows this page anew in another language.
	At string
	// Again is the id of a form that, sent again, shows this page in another
	// language with everything still in it. Empty on pages that hold nothing.
	Again string
	// AgainTo is where that form is sent for it, if its own address would do more
	// than show the page.
	AgainTo string
	// Unreviewed says that no native reader has checked the page's words.
	Unreviewed bool
	// Name is the page's key in the catalogue, for its title.
	Name string
	// CanTell says that there is a desk behind the door.
	CanTell bool
	// Demo says that nothing here is in earnest; every page says it.
	Demo bool
	tags []string
	book *say.Book
}

func (d *door) site(r *http.Request, at, name string) Site {
	return d.siteIn(r, r.URL.Query().Get("l"), at, name)
}

func (d *door) siteIn(r *http.Request, choice, at, name string) Site {
	v, chosen := d.Say.Negotiate(choice, r.Header.Get("Accept-Language"))
	unreviewed := v.ReviewedBy == "" || name == "number" && d.Numbers.Reviewed(v.Tag) == ""
	return Site{Voice: v, Chosen: chosen, At: at, Unreviewed: unreviewed, Name: name, CanTell: d.Intake != nil, Demo: len(d.Examples) > 0, tags: d.Say.Tags(), book: d.Say}
}

// T gives a string of the catalogue.
func (s Site) T(key string, pairs ...any) string { return s.Voice.Say(key, pairs...) }

// Before gives a string that something follows on the same line: a wide colon
// brings its own space.
func (s Site) Before(key string) string {
	t := s.T(key)
	if strings.HasSuffix(t, "：") {
		return t
	}
	return t + " "
}

// Colon is the colon between a word and what belongs to it.
func (s Site) Colon() string {
	if strings.HasPrefix(s.Voice.Tag, "zh") {
		return "："
	}
	return ": "
}

// add says one more thing, unless nobody has written words for it yet.
func (s Site) add(list []string, key string) []string {
	if !s.book.In("en").Has(key) {
		return list
	}
	return append(list, s.T(key))
}

// Here gives "en" where the reader's catalogue lacks a string and English
// stands in, for the lang attribute; else "".
func (s Site) Here(key string) string {
	if s.Voice.Has(key) {
		return ""
	}
	return "en"
}

// Path gives an address on this site that keeps the chosen language.
func (s Site) Path(path string) string {
	if !s.Chosen {
		return path
	}
	return path + "?l=" + url.QueryEscape(s.Voice.Tag)
}

// Lang is a language to change to.
type Lang struct {
	Tag, Name, Path string
	Now             bool
}

// Langs lists the languages.
func (s Site) Langs() []Lang {
	var out []Lang
	for _, tag := range s.tags {
		out = append(out, Lang{tag, s.book.In(tag).Name, s.At + "?l=" + url.QueryEscape(tag), tag == s.Voice.Tag})
	}
	return out
}
