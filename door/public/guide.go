package public

import (
	_ "embed"
	"fmt"
	"net/http"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"homeward/know/hotline"
	"homeward/know/lure"
)

//go:embed guide.toml
var guideFile []byte

// guides is what to do in each situation: which lines of the catalogue stand on
// which page, and where each has been published.
type guides struct {
	CheckedOn string                 `toml:"checked_on"`
	Sources   map[string]lure.Source `toml:"source"`
	Pages     []guidePage            `toml:"page"`
}

type guidePage struct {
	Name string      `toml:"name"` // the catalogue's table: w1 … w6
	Do   []guideLine `toml:"do"`
	Dont []guideLine `toml:"dont"`
	Know []guideLine `toml:"know"`
}

// guideLine is one line: its key in the page's table, and its sources.
type guideLine struct {
	Key  string   `toml:"key"`
	From []string `toml:"from"`
}

func loadGuides() (*guides, error) {
	var g guides
	dec := toml.NewDecoder(strings.NewReader(string(guideFile))).DisallowUnknownFields()
	if err := dec.Decode(&g); err != nil {
		return nil, fmt.Errorf("guide.toml: %w", err)
	}
	for _, p := range g.Pages {
		for _, l := range p.lines() {
			for _, id := range l.From {
				if _, ok := g.Sources[id]; !ok {
					return nil, fmt.Errorf("guide.toml: %s.%s: no source %q", p.Name, l.Key, id)
				}
			}
		}
	}
	return &g, nil
}

func (p guidePage) lines() []guideLine {
	var all []guideLine
	all = append(all, p.Do...)
	all = append(all, p.Dont...)
	return append(all, p.Know...)
}

// guideView is one page of what to do.
type guideView struct {
	Site
	Page      string
	Do        []guideItem
	Dont      []guideItem
	Know      []guideItem
	Sources   []numberedSource
	CheckedOn string
	Picker    picker
}

type guideItem struct {
	Text string
	Nums []int
}

type numberedSource struct {
	N int
	lure.Source
}

// guide is GET /w/1 to /w/6. What else stands there is a warning.
func (d *door) guide(w http.ResponseWriter, r *http.Request) {
	n := r.PathValue("n")
	i := strings.Index("123456", n)
	if len(n) != 1 || i < 0 || i >= len(d.guides.Pages) {
		d.warning(w, r, n)
		return
	}
	page := d.guides.Pages[i]
	s := d.site(r, "/w/"+n, page.Name)
	d.still(w, r, s, page.Name, "guide", func() any { return d.guideView(s, page, hotline.Situations[i]) })
}

func (d *door) guideView(s Site, p guidePage, what hotline.Situation) guideView {
	v := guideView{Site: s, Page: p.Name, CheckedOn: s.Voice.Date(d.guides.CheckedOn), Picker: d.picker(s, what, true)}
	nums := map[string]int{}
	items := func(lines []guideLine) (out []guideItem) {
		for _, l := range lines {
			it := guideItem{Text: s.T(p.Name + "." + l.Key)}
			for _, id := range l.From {
				if nums[id] == 0 {
					nums[id] = len(nums) + 1
					v.Sources = append(v.Sources, numberedSource{nums[id], d.guides.Sources[id]})
				}
				it.Nums = append(it.Nums, nums[id])
			}
			out = append(out, it)
		}
		return out
	}
	v.Do, v.Dont, v.Know = items(p.Do), items(p.Dont), items(p.Know)
	return v
}
