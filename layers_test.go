package homeward

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// folders are the floors of the house, lowest first: a package imports only
// from folders before its own. Rooms of one folder import each other only as
// drawn in allowed; docs/design.md draws the same.
var folders = []string{"know", "form", "keep", "work", "door"}

// allowed are the imports inside one folder.
var allowed = map[string][]string{
	"know/lure":       {"know/text", "know/wording"},
	"know/wording":    {"know/text"},
	"form/paper":      {"form/paper/truetype"},
	"keep/jobs":       {"keep/store"},
	"work/desk":       {"work/intake"},
	"work/casework":   {"work/desk"},
	"work/disclosure": {"work/casework", "work/desk"},
	"door/cli":        {"door/public", "door/office"},
	"know/person":     {"know/name"},
}

// pure floors see nothing but values.
var pure = []string{"know", "form"}

var impure = []string{"os", "os/exec", "net", "net/http", "database/sql", "time/tzdata", "math/rand", "math/rand/v2", "crypto/rand", "syscall"}

// tools are programs that write tables for a room; they are not part of it.
var tools = []string{"know/text/gen", "know/wording/gen", "know/name/gen", "form/paper/gen"}

// outside are the packages beside the house: the command and what tests it.
var outside = []string{"cmd/homeward", "test/"}

func TestLayers(t *testing.T) {
	for _, p := range list(t) {
		room := strings.TrimPrefix(p.ImportPath, "homeward/")
		if p.ImportPath == "homeward" || slices.Contains(tools, room) || slices.ContainsFunc(outside, func(o string) bool { return strings.HasPrefix(room, o) }) {
			continue
		}
		folder, _, _ := strings.Cut(room, "/")
		floor := slices.Index(folders, folder)
		if floor < 0 {
			t.Errorf("%s stands in no folder of the house: %v", room, folders)
			continue
		}
		for _, imp := range p.Imports {
			checkImport(t, room, floor, imp)
		}
	}
}

func checkImport(t *testing.T, room string, floor int, imp string) {
	t.Helper()
	folder := folders[floor]
	if slices.Contains(pure, folder) && slices.Contains(impure, imp) {
		t.Errorf("%s imports %s: %s is pure, values in and values out", room, imp, folder)
	}
	other, ours := strings.CutPrefix(imp, "homeward/")
	if !ours {
		return
	}
	theirs, _, _ := strings.Cut(other, "/")
	switch f := slices.Index(folders, theirs); {
	case f < 0:
		t.Errorf("%s imports %s, which is no room", room, other)
	case f > floor:
		t.Errorf("%s imports %s, a floor above its own", room, other)
	case f == floor && !slices.Contains(allowed[room], other):
		t.Errorf("%s imports %s: draw it in docs/design.md and in allowed, or do without", room, other)
	case theirs == "keep" && room != "door/cli" && folder == "door":
		t.Errorf("%s imports %s: only door/cli wires keep", room, other)
	}
}

type pkg struct {
	ImportPath string
	Imports    []string
}

func list(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []pkg
	d := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}
