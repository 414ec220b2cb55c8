package clean

import (
	"encoding/json"
	"fmt"
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
	dir := t.TempDir()
	all := samples(t)
	args := []string{"-json", "-a", "-G1", "-ee"}
	for i, s := range all {
		r, err := Clean(s.file)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, fmt.Sprint(i))
		args = append(args, file)
		if err := os.WriteFile(file, r.Copy, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, _ := exec.CommandContext(t.Context(), program, args...).Output() // it fails on kinds it does not know, and says so
	var read []map[string]any
	if err := json.Unmarshal(out, &read); err != nil || len(read) != len(all) {
		t.Fatalf("exiftool: %v %s", err, out)
	}
	for i, tags := range read {
		s, text := all[i], fmt.Sprint(tags)
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
