package public

import (
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"

	"homeward/form/say"
)

// dynamic are keys that are put together while the program runs, or said by
// form/say itself.
var dynamic = regexp.MustCompile(`^(meta\..*|kind\..*|reason\..*|missing\..*|answer\.(strong|some|unclear|plea)(_[123])?|answer\.(yes|no|unknown)|w[1-6]\.(label|lead)|number\.all_day|tell\.(kind|relation|consent)_[a-z_]+)$`)

// TestNoUnusedKeys: a string nobody says is one nobody should have to translate.
func TestNoUnusedKeys(t *testing.T) {
	src := sources(t)
	for _, key := range say.Default().In("en").Keys() {
		table, name, _ := strings.Cut(key, ".")
		inGuide := strings.HasPrefix(table, "w") && strings.Contains(src, `key = "`+name+`"`)
		if !strings.Contains(src, `"`+key+`"`) && !dynamic.MatchString(key) && !inGuide {
			t.Errorf("%s is in the catalogue and used nowhere", key)
		}
	}
}

// TestNoUnknownKeys: everything that is said is in the catalogue.
func TestNoUnknownKeys(t *testing.T) {
	keys := say.Default().In("en").Keys()
	used := regexp.MustCompile(`\.(?:T|Before) "([a-z0-9_.]+)"|\.T\("([a-z0-9_.]+)"[,)]`)
	for _, m := range used.FindAllStringSubmatch(sources(t), -1) {
		if key := m[1] + m[2]; !slices.Contains(keys, key) {
			t.Errorf("%s is said and in no catalogue", key)
		}
	}
	g, err := loadGuides()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range g.Pages {
		for _, l := range p.lines() {
			if key := p.Name + "." + l.Key; !slices.Contains(keys, key) {
				t.Errorf("guide.toml says %s, which is in no catalogue", key)
			}
		}
	}
	// And the other way round: no line of a guide page is forgotten.
	for _, key := range keys {
		table, name, _ := strings.Cut(key, ".")
		i := slices.IndexFunc(g.Pages, func(p guidePage) bool { return p.Name == table })
		if i < 0 || name == "label" || name == "lead" {
			continue
		}
		if !slices.ContainsFunc(g.Pages[i].lines(), func(l guideLine) bool { return l.Key == name }) {
			t.Errorf("%s stands on no page of guide.toml", key)
		}
	}
	// Every source is used.
	for id := range g.Sources {
		used := false
		for _, p := range g.Pages {
			for _, l := range p.lines() {
				used = used || slices.Contains(l.From, id)
			}
		}
		if !used {
			t.Errorf("guide.toml: source %s is used nowhere", id)
		}
	}
}

// TestPackKeys: there are words for every kind, and for everything an honest
// offer says, that the packs can name.
func TestPackKeys(t *testing.T) {
	raw, err := os.ReadFile("../../know/lure/packs/kinds.toml")
	if err != nil {
		t.Fatal(err)
	}
	var packs struct {
		Kind []struct {
			ID      string
			Missing []struct{ Key string }
		}
	}
	if err := toml.Unmarshal(raw, &packs); err != nil {
		t.Fatal(err)
	}
	if len(packs.Kind) == 0 {
		t.Fatal("no kinds")
	}
	en := say.Default().In("en")
	for _, k := range packs.Kind {
		if !en.Has("kind." + k.ID) {
			t.Errorf("no words for kind.%s", k.ID)
		}
		for _, m := range k.Missing {
			if !en.Has("missing." + m.Key) {
				t.Errorf("no words for missing.%s", m.Key)
			}
		}
	}
}

// sources is this room's own text: program, pages, guide.
func sources(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	err := fs.WalkDir(os.DirFS("."), ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "testdata") {
			return err
		}
		raw, err := os.ReadFile(path)
		b.Write(raw)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}
