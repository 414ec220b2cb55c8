package cli

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"homeward/keep/backup"
	"homeward/keep/ledger"
	"homeward/keep/store"
)

const backupHelp = `Writes the whole desk into one sealed file, while the server runs: the database, the
ledger's key, and the small files of the data directory.

--to FILE       is made when all of it is on the disk, and never overwritten

It is sealed to the recipients that the desk names (homeward backup key), to those of
--recipient, or, where there are none, to a passphrase, which is asked for or read from
HOMEWARD_BACKUP_PASSPHRASE. With recipients whoever makes the backup holds no secret.

  homeward backup key --data DIR --to FILE     makes a key, writes it to FILE, and names
                                               it in the desk's settings; take FILE away
                                               from this machine
  homeward backup recipient --data DIR [age1…] names others, or nobody`

// backupCommand is homeward backup.
func (e *Env) backupCommand(args []string) error {
	var o houseOptions
	var to string
	var recipients files
	var byPassphrase bool
	what := ""
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		what, args = args[0], args[1:]
	}
	f := e.flags("backup", "--data DIR --to FILE", backupHelp)
	f.StringVar(&o.data, "data", "", "data directory")
	f.StringVar(&o.database, "database", "", "postgres://… instead of a file in the data directory")
	f.StringVar(&to, "to", "", "file to make, on another disk than the data directory")
	f.Var(&recipients, "recipient", "age1…, or a file of such lines; as often as there are")
	f.BoolVar(&byPassphrase, "passphrase", false, "seal to a passphrase, whatever the desk's settings name")
	if err := parse(f, args); err != nil {
		return err
	}
	if what != "recipient" && f.NArg() > 0 {
		return usage("backup takes no arguments, only options; the file is named with --to FILE")
	}
	if what != "recipient" && to == "" {
		return usage("name the file with --to FILE")
	}
	h, err := e.lookAt(e.Context, o)
	if err != nil {
		return err
	}
	defer h.close()
	switch what {
	case "":
		return e.backUp(h, o, to, recipients, byPassphrase)
	case "key":
		return e.backupKey(h, o, to)
	case "recipient":
		return e.backupRecipient(h, f.Args())
	}
	return usage("backup has key and recipient, not %q", what)
}

// lookAt opens a desk that is there, without changing its schema: the server may be of
// another version.
func (e *Env) lookAt(ctx context.Context, o houseOptions) (*house, error) {
	if o.data == "" {
		return nil, usage("give the data directory with --data DIR")
	}
	if _, err := os.Stat(filepath.Join(o.data, ledgerKey)); err != nil {
		if _, err := os.Stat(filepath.Join(o.data, unfinishedFile)); err == nil {
			return nil, store.ErrUnfinished
		}
		return nil, errNoDesk
	}
	o.look = true
	return e.openHouse(ctx, o, nil)
}

// backupKey makes a key and names it.
func (e *Env) backupKey(h *house, o houseOptions, to string) error {
	if err := apart(o.data, to); err != nil {
		return err
	}
	secret, recipient, err := backup.NewKey()
	if err != nil {
		return err
	}
	text := "# Opens the backups of a desk: homeward restore --key THIS-FILE\n# Keep it away from the server, twice, in different places.\n" + secret + "\n"
	if err := writeNew(to, func(w io.Writer) error { _, err := io.WriteString(w, text); return err }); err != nil {
		return err
	}
	if err := e.nameRecipients(h, recipient); err != nil {
		return err
	}
	fmt.Fprintf(e.Stdout, "The key is in %s. Take it away from this machine, keep it twice in different places,\nand remove it here: whoever has it and a backup reads what the desk's members can\nopen with their passphrases, and holds the ledger's key.\nBackups are sealed to it from now on.\n", clean(to))
	return nil
}

// backupRecipient names who backups are sealed to.
func (e *Env) backupRecipient(h *house, names []string) error {
	lines, err := recipientLines(names)
	if err != nil {
		return err
	}
	if err := e.nameRecipients(h, lines); err != nil {
		return err
	}
	if lines == "" {
		fmt.Fprintln(e.Stdout, "Backups are sealed to a passphrase from now on.")
		return nil
	}
	fmt.Fprintf(e.Stdout, "Backups are sealed to %d recipients from now on.\n", len(strings.Fields(lines)))
	return nil
}

func (e *Env) nameRecipients(h *house, lines string) error {
	return h.store.Write(e.Context, func(tx *store.Tx) error {
		if err := backup.SetRecipients(tx, h.ledger, lines); err != nil {
			return err
		}
		_, err := h.ledger.Append(tx, ledger.Event{Kind: "backup.recipients", Day: h.day(), Detail: map[string]string{"count": fmt.Sprint(len(strings.Fields(lines)))}})
		return err
	})
}

// recipientLines reads recipients, or files of them.
func recipientLines(names []string) (string, error) {
	var lines []string
	for _, n := range names {
		if !strings.HasPrefix(n, "age1") {
			b, err := os.ReadFile(n)
			if err != nil {
				return "", err
			}
			n = string(b)
		}
		for l := range strings.Lines(n) {
			if l = strings.TrimSpace(l); l != "" && !strings.HasPrefix(l, "#") {
				lines = append(lines, l)
			}
		}
	}
	if len(names) > 0 && len(lines) == 0 {
		return "", usage("no recipient is in there")
	}
	return strings.Join(lines, "\n"), nil
}

// sealTo decides who a backup is sealed to, and says so in words.
func (e *Env) sealTo(h *house, given []string, byPassphrase bool) (to backup.Recipients, says string, err error) {
	lines, err := recipientLines(given)
	if err != nil {
		return nil, "", err
	}
	if lines == "" && !byPassphrase {
		if err := h.store.Read(e.Context, func(tx *store.Tx) (err error) {
			lines, err = backup.RecipientsOf(tx, h.ledger)
			return err
		}); err != nil {
			return nil, "", err
		}
	}
	if lines != "" {
		to, err = backup.ToRecipients(lines)
		return to, fmt.Sprintf("%d recipients", len(strings.Fields(lines))), err
	}
	pass := e.Getenv("HOMEWARD_BACKUP_PASSPHRASE")
	if pass == "" {
		if pass, err = e.askPassphrase("HOMEWARD_BACKUP_PASSPHRASE"); err != nil {
			return nil, "", err
		}
	}
	to, err = backup.ToPassphrase(pass)
	return to, "a passphrase", err
}

// backUp makes one backup.
func (e *Env) backUp(h *house, o houseOptions, to string, given []string, byPassphrase bool) error {
	if err := apart(o.data, to); err != nil {
		return err
	}
	if _, err := os.Lstat(to); err == nil {
		return errThere(to)
	}
	recipients, says, err := e.sealTo(h, given, byPassphrase)
	if err != nil {
		return err
	}
	files, left, err := besides(o.data)
	if err != nil {
		return err
	}
	// That a copy of everything was taken stands in the ledger before it is taken. A
	// full disk must not stop somebody from saving what is on it.
	if err := h.store.Write(e.Context, func(tx *store.Tx) error {
		_, err := h.ledger.Append(tx, ledger.Event{Kind: "backup.begun", Day: h.day(), Detail: map[string]string{"to": says}})
		return err
	}); errors.Is(err, store.ErrFull) {
		fmt.Fprintln(e.Stderr, "The disk of the desk takes nothing more; the backup is made all the same, and does not stand in the ledger.")
	} else if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(e.Context)
	defer cancel()
	holdErasing(ctx, h)
	var sum backup.Summary
	start, size := e.Now(), int64(0)
	if err := writeNew(to, func(w io.Writer) error {
		counted := &counting{w: w}
		sealed, err := backup.Seal(counted, recipients)
		if err != nil {
			return err
		}
		in := bufio.NewWriterSize(sealed, 256<<10)
		if sum, err = backup.Write(ctx, in, h.store, h.ledger, files, h.day()); err != nil {
			return err
		}
		err = errors.Join(in.Flush(), sealed.Close())
		size = counted.n
		return err
	}); err != nil {
		return fmt.Errorf("no backup was made: %w", err)
	}
	if err := h.store.Write(e.Context, func(tx *store.Tx) error {
		if err := gaveOut(tx, h.day()); err != nil {
			return err
		}
		return backup.SetLast(tx, backup.Last{Day: h.day(), Bytes: size, Ledger: sum.Head.Ledger})
	}); err != nil {
		fmt.Fprintln(e.Stderr, "The backup is made; that it was made could not be noted: "+clean(err.Error()))
	}
	w := e.Stdout
	fmt.Fprintf(w, "Backup made: %s, %s, sealed to %s, in %.1f s.\n", clean(to), bytesText(size), says, e.Now().Sub(start).Seconds())
	fmt.Fprintf(w, "%d rows in %d tables, %d reports; %d files of the data directory; %d rows of the ledger.\n", sum.Rows(), len(sum.Tables), sum.Tables["report"], sum.Files, sum.Head.Ledger)
	for _, l := range left {
		fmt.Fprintf(w, "Left out, since it is large or no plain file: %s\n", clean(l))
	}
	fmt.Fprintf(w, "Its ledger's state, to be kept elsewhere:\n%s", sum.Head.Checkpoint)
	return nil
}

// holdErasing keeps the daily work from erasing while a backup reads: on SQLite an
// emptied log would have every writer wait for the reader.
func holdErasing(ctx context.Context, h *house) {
	holder := rand.Text()
	take := func() {
		now := h.now()
		// That it cannot be had does no harm but that wait.
		_ = h.store.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.TakeLease(backupLease, holder, now.UnixMicro(), now.Add(5*time.Minute).UnixMicro())
			return err
		})
	}
	take()
	go func() {
		t := time.NewTicker(time.Minute)
		defer t.Stop()
		for {
			select {
			case <-t.C:
				take()
			case <-ctx.Done():
				return
			}
		}
	}()
}

// backupLease is held while a backup reads.
const backupLease = "backup"

const (
	ledgerKey = "ledger.key"
	database  = "homeward.db"
	// unfinishedFile is in a data directory while a restore fills it.
	unfinishedFile = "RESTORE-NOT-FINISHED"
)

// Bounds of what is taken along of the data directory beside the database.
const (
	mostBeside = 1 << 20
	mostFiles  = 200
)

// besides reads the small files of the data directory but for the database; left are
// those that are not taken along.
func besides(dir string) (out []backup.File, left []string, err error) {
	err = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil && path != dir && errors.Is(err, os.ErrPermission) {
			left = append(left, path) // such as a disk's lost+found
			return filepath.SkipDir
		}
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil || strings.HasPrefix(name, database) || strings.HasPrefix(filepath.Base(name), probePrefix) {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		slash := filepath.ToSlash(name)
		if !info.Mode().IsRegular() || info.Size() > mostBeside || len(out) >= mostFiles || !backup.Local(slash) {
			left = append(left, name)
			return nil
		}
		b, err := os.ReadFile(path)
		out = append(out, backup.File{Name: slash, Body: b})
		return err
	})
	return out, left, err
}

// apart refuses a file inside the data directory: a backup beside what it is of is
// lost with it, and the next would hold it.
func apart(dir, to string) error {
	d, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	f, err := filepath.Abs(to)
	if err != nil {
		return err
	}
	if r, err := filepath.EvalSymlinks(d); err == nil {
		d = r
	}
	if r, err := filepath.EvalSymlinks(filepath.Dir(f)); err == nil {
		f = filepath.Join(r, filepath.Base(f))
	}
	if in, err := filepath.Rel(d, f); err == nil && filepath.IsLocal(in) {
		return usage("%s is inside the data directory; put it on another disk", to)
	}
	return nil
}

func errThere(path string) error {
	return fmt.Errorf("%s is there already and is never overwritten; take another name, such as one with today's date", path)
}

// writeNew makes a file that was not there, with its name only once all of it is on
// the disk. What a killed program leaves has another name, with "unfinished" in it.
func writeNew(path string, fill func(io.Writer) error) error {
	if _, err := os.Lstat(path); err == nil {
		return errThere(path)
	}
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, filepath.Base(path)+".unfinished-*") // 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if err := fill(f); err != nil {
		f.Close()
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	// A link fails where the name is taken. Disks that know no links, such as a stick's,
	// get a rename.
	if err := os.Link(f.Name(), path); errors.Is(err, os.ErrExist) {
		return errThere(path)
	} else if err != nil {
		if _, err := os.Lstat(path); err == nil {
			return errThere(path)
		}
		if err := os.Rename(f.Name(), path); err != nil {
			return err
		}
	}
	return syncDir(dir)
}

// syncDir makes a name in a directory durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

type counting struct {
	w io.Writer
	n int64
}

func (c *counting) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += int64(n)
	return n, err
}

// bytesText writes a size as people read it.
func bytesText(n int64) string {
	switch {
	case n >= 10<<30:
		return fmt.Sprintf("%d GB", n>>30)
	case n >= 10<<20:
		return fmt.Sprintf("%d MB", n>>20)
	}
	return fmt.Sprintf("%d KB", (n+1023)>>10)
}
