package exchange

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestNothingRuns lets a real spreadsheet program open what we write, with each
// delimiter and with all of them at once, and counts the formulas it made. The
// same cells without our marks are the control.
func TestNothingRuns(t *testing.T) {
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice (soffice) is not installed: no other program looked at our files")
	}
	if testing.Short() {
		t.Skip("-short: starting LibreOffice takes seconds")
	}
	dir := t.TempDir()
	var rows [][]string
	raw := "a,b\n"
	for _, bad := range []string{"=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1+1", "＝1+1", "x;=1+1;y", "a\n=1+1\nb", "\"=1+1", "'=1+1", " =1+1", "x\";=1+1;\"", "=cmd|'/C calc'!A0"} {
		rows = append(rows, []string{"x", bad, "z"}, []string{bad, "x", bad})
		raw += "x," + bad + "\n"
	}
	var guarded, workbook bytes.Buffer
	if err := WriteCSV(&guarded, []string{"a", "b", "c"}, rows); err != nil {
		t.Fatal(err)
	}
	if err := WriteXLSX(&workbook, "名單", []string{"a", "b", "c"}, rows); err != nil {
		t.Fatal(err)
	}
	formulas := func(file string, body []byte, options ...string) int {
		in := filepath.Join(dir, file)
		if err := os.WriteFile(in, body, 0o600); err != nil {
			t.Fatal(err)
		}
		args := append(options, "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless", "--convert-to", "fods", "--outdir", filepath.Join(dir, "out"), in)
		if out, err := exec.CommandContext(t.Context(), office, args...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		made, err := os.ReadFile(filepath.Join(dir, "out", strings.TrimSuffix(file, filepath.Ext(file))+".fods"))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(made, []byte("<table:table-cell")) {
			t.Fatalf("%s: no cells", file)
		}
		return bytes.Count(made, []byte("table:formula"))
	}
	ran := 0
	for _, sep := range []string{"44", "59", "9", "44/59/9"} {
		// UTF-8, formulas evaluated: the least careful way there is.
		filter := "--infilter=CSV:" + sep + ",34,76,1,,0,false,true,false,false,false,-1,true"
		if n := formulas("guarded.csv", guarded.Bytes(), filter); n != 0 {
			t.Errorf("%d formulas in our CSV, cut at %s", n, sep)
		}
		if sep == "44/59/9" {
			ran = formulas("raw.csv", []byte(raw), filter)
		}
	}
	if ran == 0 {
		t.Error("the control ran nothing: this test says nothing")
	}
	if n := formulas("own.xlsx", workbook.Bytes()); n != 0 {
		t.Errorf("%d formulas in our workbook", n)
	}
}
