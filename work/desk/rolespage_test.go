package desk

import (
	"flag"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write docs/roles.md anew")

func TestRolesPage(t *testing.T) {
	const path = "../../docs/roles.md"
	want := RolesPage()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil || string(got) != want {
		t.Errorf("docs/roles.md is not what the table says (%v); go test ./work/desk -run TestRolesPage -update", err)
	}
}
