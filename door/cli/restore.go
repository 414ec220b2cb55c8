package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"

	"homeward/keep/backup"
	"homeward/keep/ledger"
	"homeward/keep/store"
)

const restoreHelp = `Puts a backup into an empty place: a data directory that is not there or holds
nothing, and with --database a PostgreSQL database without tables. Every code that was
shown before the backup was made opens again.

--key FILE   opens a backup that is sealed to a key; one that is sealed to a passphrase
             asks for it, or reads HOMEWARD_BACKUP_PASSPHRASE
--check      reads the whole file, says whether it is complete, and writes nothing

Stop the old server first, if it still runs: two desks with one ledger fork it.`

// restore is homeward restore.
func (e *Env) restore(args []string) error {
	var o houseOptions
	var key string
	var check bool
	f := e.flags("restore", "--data NEWDIR FILE", restoreHelp)
	f.StringVar(&o.data, "data", "", "data directory to make")
	f.StringVar(&o.database, "database", "", "postgres://… an empty database, instead of a file in the data directory")
	f.StringVar(&key, "key", "", "file with the key that opens the backup")
	f.BoolVar(&check, "check", false, "only read the backup to its end")
	if err := parse(f, args); err != nil {
		return err
	}
	if f.NArg() != 1 || (o.data == "") != check {
		return usage("write: homeward restore --data NEWDIR FILE, or homeward restore --check FILE")
	}
	if !check {
		if err := emptyPlace(o.data); err != nil {
			return err
		}
	}
	file, err := os.Open(f.Arg(0))
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	with, err := e.backupOpener(file, key)
	if err != nil {
		return err
	}
	sealed, err := backup.Open(file, info.Size(), with)
	if err != nil {
		return err
	}
	// Read to its end before anything is written, so that a bad file leaves no trace.
	sum, err := sealed.Read(backup.Into{})
	if err != nil {
		return err
	}
	if check {
		fmt.Fprintf(e.Stdout, "The backup is complete: made on %s, %d rows in %d tables, %d reports, %d files, %d rows of the ledger.\n", dayText(sum.Head.Day), sum.Rows(), len(sum.Tables), sum.Tables["report"], sum.Files, sum.Head.Ledger)
		fmt.Fprintf(e.Stdout, "Its ledger's key: %s\n", clean(sum.Head.Verifier))
		return nil
	}
	return e.putBack(o, sealed, sum, info.Size())
}

// backupOpener gives what opens a backup.
func (e *Env) backupOpener(file io.ReaderAt, key string) (backup.Key, error) {
	switch byPassphrase := backup.ByPassphrase(file); {
	case key != "" && byPassphrase:
		return backup.Key{}, usage("this backup is sealed to a passphrase, not to a key: leave --key out")
	case key != "":
		b, err := os.ReadFile(key)
		if err != nil {
			return backup.Key{}, err
		}
		return backup.WithKeys(string(b))
	case !byPassphrase:
		return backup.Key{}, usage("this is no backup, or one that is sealed to a key: give it with --key FILE")
	}
	pass := e.Getenv("HOMEWARD_BACKUP_PASSPHRASE")
	if pass == "" {
		var err error
		if pass, err = e.askOnce("Passphrase of the backup: ", "HOMEWARD_BACKUP_PASSPHRASE"); err != nil {
			return backup.Key{}, err
		}
	}
	return backup.WithPassphrase(pass)
}

// emptyPlace refuses a directory that holds anything.
func emptyPlace(dir string) error {
	in, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return err
	case len(in) == 0:
		return nil
	}
	for _, f := range in {
		if f.Name() == unfinishedFile {
			return fmt.Errorf("a restore into %s was not finished; remove the directory, and empty the database if it is PostgreSQL's, then restore again", dir)
		}
	}
	return fmt.Errorf("%s is not empty; a backup is put only into a directory that is not there or holds nothing", dir)
}

const unfinishedText = `A restore into this directory has begun and was not finished. What is here is
incomplete and is not used. Remove the directory, empty the database if it is
PostgreSQL's, and restore again.
`

// putBack fills an empty place from a backup that was read to its end before.
func (e *Env) putBack(o houseOptions, sealed backup.Sealed, sum backup.Summary, size int64) (err error) {
	if sum.Head.Schema > store.Known() {
		return errors.New("the backup was made by a newer version of the program; use that one")
	}
	if err := store.Vacant(e.Context, o.database, o.data); err != nil {
		return err
	}
	if err := os.MkdirAll(o.data, 0o700); err != nil {
		return err
	}
	var fill *store.Filling
	began := false
	defer func() {
		if fill != nil {
			err = errors.Join(err, fill.Close())
		}
		if err != nil && began {
			fmt.Fprintf(e.Stderr, "%s is incomplete, and says so. Remove it before you restore again.\n", clean(o.data))
		}
	}()
	mark := filepath.Join(o.data, unfinishedFile)
	begin := func() error {
		began = true
		return errors.Join(writeNew(mark, func(w io.Writer) error { _, err := io.WriteString(w, unfinishedText); return err }), syncDir(filepath.Dir(filepath.Clean(o.data))))
	}
	if err := begin(); err != nil {
		return err
	}
	if fill, err = store.Fill(e.Context, o.database, o.data, sum.Head.Schema); err != nil {
		return err
	}
	place, err := os.OpenRoot(o.data)
	if err != nil {
		return err
	}
	defer place.Close()
	again, err := sealed.Read(backup.Into{
		File: func(f backup.File) error { return putFile(place, f) },
		Rows: func(table string, columns []string, rows [][]any) error {
			return fill.Rows(e.Context, table, columns, rows)
		},
	})
	if err != nil {
		return err
	}
	for table, n := range again.Tables {
		if there, err := fill.Count(e.Context, table); err != nil || there != n {
			return errors.Join(err, fmt.Errorf("%d rows of %q arrived of %d", there, table, n))
		}
	}
	seed, err := ledger.Seed(o.data)
	if err != nil {
		return err
	}
	log, err := ledger.NewLog(ledgerName, seed)
	if err != nil {
		return err
	}
	if got := log.Verifier().String(); got != sum.Head.Verifier {
		return errors.New("the backup holds another ledger's key than its own; it was not made by this program")
	}
	if err := fill.Upgrade(e.Context); err != nil {
		return err
	}
	today := e.Now().Unix() / 86400
	var note string
	var at int64
	if err := fill.Finish(e.Context, func(tx *store.Tx) error {
		if _, err := ledger.Verify(tx, log.Verifier(), sum.Head.Checkpoint); err != nil {
			return fmt.Errorf("the ledger in the backup does not hold: %w", err)
		}
		if at, err = log.Restored(tx, today); err != nil {
			return err
		}
		if note, _, err = log.State(tx); err != nil {
			return err
		}
		return errors.Join(gaveOut(tx, today), backup.SetLast(tx, backup.Last{Day: sum.Head.Day, Bytes: size, Ledger: sum.Head.Ledger}))
	}); err != nil {
		return err
	}
	if err := errors.Join(os.Remove(mark), syncDir(o.data)); err != nil {
		return err
	}
	w := e.Stdout
	fmt.Fprintf(w, "Restored: a backup of %s, %d rows in %d tables, %d reports. The ledger holds; row %d says that it was restored there.\n", dayText(sum.Head.Day), again.Rows(), len(again.Tables), again.Tables["report"], at)
	fmt.Fprintf(w, "Compare its key with the one that you wrote down elsewhere; a sealed file does not say who made it:\n%s\n\n", log.Verifier())
	fmt.Fprintf(w, "Not in it: whatever arrived after the backup; codes that were shown since open nothing.\nIn it again: whatever was erased or withdrawn after the backup. Look for it, and erase it again.\n\n")
	fmt.Fprintf(w, "The ledger's state now, to be kept elsewhere:\n%s", note)
	return nil
}

// putFile writes one file of a backup into the data directory, and nowhere else.
func putFile(place *os.Root, f backup.File) error {
	if f.Name == unfinishedFile || path.Dir(f.Name) == "." && len(f.Name) >= len(database) && f.Name[:len(database)] == database {
		return fmt.Errorf("the backup holds a file named %s; it was not made by this program", f.Name)
	}
	if d := path.Dir(f.Name); d != "." {
		if err := place.MkdirAll(d, 0o700); err != nil {
			return err
		}
	}
	w, err := place.OpenFile(f.Name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = w.Write(f.Body)
	return errors.Join(err, w.Sync(), w.Close())
}
