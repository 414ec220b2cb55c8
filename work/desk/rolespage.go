package desk

import (
	"slices"
	"strings"
)

// RolesPage writes docs/roles.md from Table.
func RolesPage() string {
	var b strings.Builder
	b.WriteString("# Who may do what\n\nWritten from `desk.Table` in `work/desk/roles.go` by `go test ./work/desk -run TestRolesPage -update`; do not edit it here. Roles add up: somebody with two may do what either may. Every room of `work/desk` asks the table first, every address of `door/office` names its line, and `TestMatrix` asks every address as every role.\n\n|")
	for _, h := range append([]string{""}, Roles...) {
		b.WriteString(" " + h + " |")
	}
	b.WriteString(" why |\n|" + strings.Repeat("---|", len(Roles)+2) + "\n")
	for _, r := range Table {
		b.WriteString("| " + string(r.Action) + " |")
		for _, role := range Roles {
			mark := " "
			if slices.Contains(r.Roles, role) {
				mark = " yes "
			}
			b.WriteString(mark + "|")
		}
		b.WriteString(" " + r.Why + " |\n")
	}
	b.WriteString("\nBeyond the table:\n\n- Only who invited somebody compares the words and confirms them.\n- The last administrator, and the last coordinator who holds the desk's keys, cannot go or lose that role.\n- A role opens nothing by itself: the keys are sealed member by member. An administrator or auditor alone holds none.\n- What is not in the table nobody may.\n")
	return b.String()
}
