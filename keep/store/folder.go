package store

import "errors"

// Folder is the row of something sealed to chosen members.
type Folder struct {
	ID         string
	Kind       string
	Day        int64 // it was opened, unix days
	State      string
	Entries    int64 // how many lines it has
	Summary    []byte
	SummaryN   int64 // the line the summary is as of
	Generation int64 // of its keys
}

func (f *Folder) fields() []any {
	return []any{&f.ID, &f.Kind, &f.Day, &f.State, &f.Entries, &f.Summary, &f.SummaryN, &f.Generation}
}

// FolderKey is a key of a compartment sealed to a member, signed by who sealed it.
// The circle of trustees is member "".
type FolderKey struct {
	Folder      string
	Compartment string
	Generation  int64
	Member      string
	Sealed      []byte
	Author      string
	Signature   []byte
}

func (k *FolderKey) fields() []any {
	return []any{&k.Folder, &k.Compartment, &k.Generation, &k.Member, &k.Sealed, &k.Author, &k.Signature}
}

// Entry is one line of a folder.
type Entry struct {
	Folder      string
	N           int64
	Compartment string
	Generation  int64
	Author      string
	Day         int64
	Body        []byte
	Once        []byte
	Signature   []byte
}

func (e *Entry) fields() []any {
	return []any{&e.Folder, &e.N, &e.Compartment, &e.Generation, &e.Author, &e.Day, &e.Body, &e.Once, &e.Signature}
}

// AddFolder adds an empty folder; its id must be new.
func (t *Tx) AddFolder(id, kind string, day int64) error {
	_, err := t.exec("folder_add", id, kind, day)
	return err
}

// Folder gives a folder, or ErrNone.
func (t *Tx) Folder(id string) (f Folder, err error) {
	return f, t.row("folder", []any{id}, f.fields()...)
}

// LockFolder gives a folder and keeps others from adding lines till the transaction
// ends. ErrNone if there is none.
func (t *Tx) LockFolder(id string) (Folder, error) {
	if _, err := t.exec("folder_lock", id); err != nil {
		return Folder{}, err
	}
	return t.Folder(id)
}

// FoldersOf gives the folders of a kind that a member holds a key of.
func (t *Tx) FoldersOf(kind, member string) ([]Folder, error) {
	return list(t, "folders_of", []any{kind, member}, (*Folder).fields)
}

// FolderSizes is FoldersOf without the summaries, to see what has changed.
func (t *Tx) FolderSizes(kind, member string) ([]Folder, error) {
	return list(t, "folder_sizes", []any{kind, member}, (*Folder).fields)
}

// SetFolderSummary keeps a summary as of line n, unless a later one is there.
func (t *Tx) SetFolderSummary(id string, summary []byte, n int64, state string) error {
	_, err := t.exec("folder_summary", summary, n, state, id)
	return err
}

// TurnFolder begins a new generation of a folder's keys. ErrConflict if it has begun.
func (t *Tx) TurnFolder(id string, generation int64) error {
	return t.one("folder_generation", generation, id)
}

// AddFolderKey adds a sealed key; one that is there stays.
func (t *Tx) AddFolderKey(k FolderKey) error {
	_, err := t.exec("folder_key_put", k.Folder, k.Compartment, k.Generation, k.Member, k.Sealed, k.Author, k.Signature)
	return err
}

// FolderKeys gives all sealed keys of a folder.
func (t *Tx) FolderKeys(id string) ([]FolderKey, error) {
	return list(t, "folder_keys", []any{id}, (*FolderKey).fields)
}

// FolderKeysOf gives all sealed keys of a member.
func (t *Tx) FolderKeysOf(member string) ([]FolderKey, error) {
	return list(t, "folder_keys_of", []any{member}, (*FolderKey).fields)
}

// DropFolderKeys destroys a member's keys of a folder.
func (t *Tx) DropFolderKeys(id, member string) error {
	_, err := t.exec("folder_keys_drop", id, member)
	return err
}

// AddEntry adds a line to a folder that is locked; e.N must be the next. If the same
// line was added before, its number is given and again is true.
func (t *Tx) AddEntry(e Entry) (n int64, again bool, err error) {
	switch err := t.row("entry_once", []any{e.Folder, e.Once}, &n); {
	case err == nil:
		return n, true, nil
	case !errors.Is(err, ErrNone):
		return 0, false, err
	}
	if err := t.one("entry_count", e.N, e.Folder); err != nil {
		return 0, false, err
	}
	_, err = t.exec("entry_add", e.Folder, e.N, e.Compartment, e.Generation, e.Author, e.Day, e.Body, e.Once, e.Signature)
	return e.N, false, err
}

// Entries gives the lines of a folder in order.
func (t *Tx) Entries(folder string) ([]Entry, error) {
	return list(t, "entries", []any{folder}, (*Entry).fields)
}

// DropFolder destroys a folder with its keys and lines.
func (t *Tx) DropFolder(id string) error {
	for _, q := range []string{"entries_drop", "folder_keys_drop_all", "folder_drop"} {
		if _, err := t.exec(q, id); err != nil {
			return err
		}
	}
	return nil
}
