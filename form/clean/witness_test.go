package clean

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Groups of what exiftool reads that a copy may still have: how the file is
// built, not what it tells.
var built = []string{"SourceFile", "ExifTool", "System", "File", "JFIF", "PNG", "RIFF", "Composite", "QuickTime", "Track1", "Track2", "Meta", "Vorbis", "Opus", "ICC_Profile", "ICC-header", "Adobe", "APP14", "ZIP", "PDF", "AIFF", "XML"}

// Names that tell something in whatever group they stand.
var tells = []string{"GPS", "Author", "Artist", "Creator", "Make", "Model", "Software", "Comment", "Thumbnail", "Description", "Serial", "Producer", "Encoder", "CompressorName", "Vendor"}

// TestExiftoolFindsNothing asks a second program, which knows far more kinds
// of metadata than these tests plant.
func TestExiftoolFindsNothing(t *testing.T) {
	program, err := exec.LookPath("exiftool")
	if err != nil {
		t.Skip("no exiftool (Debian: libimage-exiftool-perl)")
	}
	read := func(b []byte) (map[string]any, string) {
		file := filepath.Join(t.TempDir(), "copy")
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
		out, _ := exec.CommandContext(t.Context(), program, "-json", "-a", "-G1", "-ee", file).Output() // it fails on kinds it does not know, and says so
		var all []map[string]any
		if err := json.Unmarshal(out, &all); err != nil || len(all) != 1 {
			t.Fatalf("exiftool: %v %s", err, out)
		}
		return all[0], string(out)
	}
	for _, s := range samples(t) {
		r, err := Clean(s.file)
		if err != nil {
			t.Fatal(err)
		}
		tags, text := read(r.Copy)
		if strings.Contains(text, "PLANTED") || strings.Contains(text, "Warning") {
			t.Errorf("%s: %s", s.name, text)
		}
		for key, value := range tags {
			group, name, _ := strings.Cut(key, ":")
			if key == "IFD0:Orientation" {
				continue
			}
			v, isText := value.(string)
			empty := isText && strings.TrimSpace(v) == ""
			if !slices.Contains(built, group) || !empty && slices.ContainsFunc(tells, func(w string) bool { return strings.Contains(name, w) }) {
				t.Errorf("%s: exiftool still reads %s: %v", s.name, key, value)
			}
		}
	}
}
