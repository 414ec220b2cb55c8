package cli

import (
	"io"

	"homeward/know/person"
)

func (m *matching) writePage(w io.Writer, got person.Compared) error { return nil }
