package public

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"sync"
	"time"

	"homeward/form/feed"
	"homeward/work/advisory"
)

// Warnings is what the door asks for; *advisory.Advisories is one.
type Warnings interface {
	Public(ctx context.Context) ([]advisory.Warning, error)
}

// warned keeps the list for half a minute, so that a crowd asks the store once.
type warned struct {
	mu  sync.Mutex
	at  time.Time
	all []advisory.Warning
}

const warnedFor = 30 * time.Second

// published gives what is out, newest change first. When the store does not answer it is
// what was out a moment ago.
func (d *door) published(ctx context.Context) []advisory.Warning {
	if d.Warnings == nil {
		return nil
	}
	c := &d.warned
	c.mu.Lock()
	defer c.mu.Unlock()
	now := d.Now()
	if !c.at.IsZero() && now.Sub(c.at) < warnedFor && !now.Before(c.at) {
		return c.all
	}
	all, err := d.Warnings.Public(ctx)
	if err != nil {
		d.Log.Error("the warnings could not be read")
		return c.all
	}
	c.at, c.all = now, all
	return all
}

type warningsView struct {
	Site
	All []warningView
}

// warningView is one warning in words.
type warningView struct {
	Site
	advisory.Warning
	Places         string
	First, Changed string // dates, as one writes them there
}

// Day says on which day a notice was written.
func (v warningView) Day(n advisory.Notice) string { return v.date(n.Day) }

func (s Site) date(days int64) string {
	return s.Voice.Date(time.Unix(days*86400, 0).UTC().Format("2006-01-02"))
}

func (d *door) warningView(s Site, w advisory.Warning) warningView {
	v := warningView{Site: s, Warning: w, First: s.date(w.First), Changed: s.date(w.Changed)}
	var places []string
	for _, t := range w.Territories {
		places = append(places, d.Numbers.CountryName(t, s.Voice.Tag))
	}
	sep := ", "
	if strings.HasPrefix(s.Voice.Tag, "zh") {
		sep = "、"
	}
	v.Places = strings.Join(places, sep)
	return v
}

// warnings is GET /w: those that are out.
func (d *door) warnings(w http.ResponseWriter, r *http.Request) {
	if d.Warnings == nil {
		d.missing(w, r)
		return
	}
	v := warningsView{Site: d.site(r, "/w", "warn")}
	all := d.published(r.Context())
	for _, one := range all[:min(feed.Most, len(all))] {
		v.All = append(v.All, d.warningView(v.Site, one))
	}
	d.show(w, r, http.StatusOK, "warnings", v)
}

// warning is GET /w/{id}.
func (d *door) warning(w http.ResponseWriter, r *http.Request, id string) {
	for _, one := range d.published(r.Context()) {
		if one.ID == id {
			d.show(w, r, http.StatusOK, "warning", d.warningView(d.site(r, "/w/"+id, "warn"), one))
			return
		}
	}
	d.missing(w, r)
}

// feed is GET /w.atom. A program may keep it for a quarter of an hour, and asks after that
// only whether it has changed.
func (d *door) feed(w http.ResponseWriter, r *http.Request) {
	if d.Warnings == nil {
		d.missing(w, r)
		return
	}
	s := d.site(r, "/w", "warn")
	author := d.Operator.Name
	if author == "" {
		author = s.T("warn.head")
	}
	f := feed.Feed{Title: s.T("warn.head"), Name: "homeward/warnings", Self: "/w.atom", Link: "/w", Lang: s.Voice.Tag, Author: author, Updated: time.Unix(0, 0)}
	all := d.published(r.Context())
	// The feed's name follows from its first warning, so that two desks' feeds are two.
	if n := len(all); n > 0 {
		first := all[n-1]
		for _, one := range all {
			if one.First < first.First || one.First == first.First && one.ID < first.ID {
				first = one
			}
		}
		f.Name += "/" + first.ID
	}
	for _, one := range all {
		e := feed.Entry{Name: one.ID, Title: one.Title, Link: "/w/" + one.ID, Lang: one.Lang, Author: one.Author, Published: time.Unix(one.First*86400, 0), Updated: time.Unix(one.Changed*86400+int64(min(one.Revision, 86399)), 0)}
		var text []string
		for _, n := range one.Notices {
			if n.Kind == advisory.Withdrawn {
				text = append(text, s.T("warn.withdrawn"))
			}
			text = append(text, s.T("warn.correction")+s.Colon()+n.Text)
		}
		if one.Title == "" {
			e.Title = s.T("warn.gone")
		}
		if one.Author == "" {
			e.Author = author
		}
		text = append(text, one.Body, one.Call)
		e.Text = strings.TrimSpace(strings.Join(text, "\n\n"))
		f.Entries = append(f.Entries, e)
	}
	b, err := feed.Atom(f)
	if err != nil {
		panic(err) // it was given nothing but strings
	}
	sum := sha256.Sum256(b)
	h := w.Header()
	tag := `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
	h.Set("ETag", tag)
	h.Set("Vary", "Accept-Language")
	h.Set("Cache-Control", "public, max-age=900")
	h.Set("Content-Type", "application/atom+xml; charset=utf-8")
	for _, t := range strings.Split(r.Header.Get("If-None-Match"), ",") {
		if t = strings.TrimPrefix(strings.TrimSpace(t), "W/"); t == tag || t == "*" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	_, _ = w.Write(b)
}
