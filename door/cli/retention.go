package cli

import (
	"fmt"
	"time"

	"homeward/keep/store"
	"homeward/work/retention"
)

const retentionHelp = `Shows, or sets, after how many days without anything new something is erased by the
daily work. Zero is never, and it is zero until somebody sets it.

--leads N   reports that were worked and belong to no case (proposed: 90)
--cases N   closed cases, with the reports that belong to them (proposed: 730)

Nothing is erased in the first 30 days after a period was set or shortened. Never
erased: what is unread, and what a coordinator holds. What is erased cannot be got
back from the desk, and lives on in the backups that were made before.`

// retention is homeward retention.
func (e *Env) retention(args []string) error {
	var o houseOptions
	var p retention.Policy
	f := e.flags("retention", "--data DIR", retentionHelp)
	f.StringVar(&o.data, "data", "", "data directory")
	f.StringVar(&o.database, "database", "", "postgres://… instead of a file in the data directory")
	f.Int64Var(&p.Leads, "leads", -1, "days, or 0 for never")
	f.Int64Var(&p.Cases, "cases", -1, "days, or 0 for never")
	if err := parse(f, args); err != nil {
		return err
	}
	if f.NArg() > 0 {
		return usage("retention takes no arguments, only options")
	}
	h, err := e.lookAt(e.Context, o)
	if err != nil {
		return err
	}
	defer h.close()
	var now retention.Policy
	read := func(tx *store.Tx) (err error) { now, err = retention.PolicyOf(tx); return err }
	if err := h.store.Read(e.Context, read); err != nil {
		return err
	}
	if p.Leads >= 0 || p.Cases >= 0 {
		if p.Leads < 0 {
			p.Leads = now.Leads
		}
		if p.Cases < 0 {
			p.Cases = now.Cases
		}
		if err := h.age.Set(e.Context, "", p); err != nil {
			return err
		}
		if err := h.store.Read(e.Context, read); err != nil {
			return err
		}
	}
	fmt.Fprintf(e.Stdout, "Reports that were worked and belong to no case: %s\nClosed cases: %s\n", periodText(now.Leads), periodText(now.Cases))
	if now.Leads > 0 || now.Cases > 0 {
		fmt.Fprintf(e.Stdout, "The first erasure is not before %s. Backups keep what is erased until they are destroyed.\n", dayText(now.Since+retention.Notice))
	}
	return nil
}

func periodText(days int64) string {
	if days == 0 {
		return "kept for ever"
	}
	return fmt.Sprintf("erased %d days after the last word", days)
}

// dayText writes a unix day.
func dayText(day int64) string { return time.Unix(day*86400, 0).UTC().Format(time.DateOnly) }
