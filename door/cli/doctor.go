package cli

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"homeward/keep/backup"
	"homeward/keep/ledger"
	"homeward/keep/store"
	"homeward/know/hotline"
	"homeward/know/lure"
	"homeward/work/retention"
)

const doctorHelp = `Checks a desk and the machine it is on, and says what to do. Run it as the user that
the server runs as. Ends with 1 if something must be done.

--full   walks the whole ledger, not only its end
--json   one object, for programs`

// How a check ended.
const (
	fine    = "ok"
	look    = "look" // worth a look; may be as it should
	must    = "do"   // must be done
	unknown = "unknown"
)

// finding is one line of what the doctor says.
type finding struct {
	Check string `json:"check"`
	State string `json:"state"`
	Found string `json:"found"`
	Do    string `json:"do,omitempty"`
}

// served is how the server was started last; it keeps it for the doctor.
type served struct {
	TLS  string `json:"tls"` // none, files, acme, front
	Cert string `json:"cert,omitempty"`
	Mail bool   `json:"mail"` // a mail server is set
}

const servedSetting = "served"

// noteServed keeps how the server is started.
func (h *house) noteServed(ctx context.Context, o serveOptions) error {
	s := served{TLS: "none", Mail: o.house.smtp != ""}
	switch {
	case o.cert != "":
		s.TLS, s.Cert = "files", o.cert
		if abs, err := filepath.Abs(o.cert); err == nil {
			s.Cert = abs
		}
	case o.acmeHosts != "":
		s.TLS = "acme"
	case o.insecure:
		s.TLS = "front"
	}
	b, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return h.store.Write(ctx, func(tx *store.Tx) error {
		old, err := tx.Setting(servedSetting)
		if err != nil || string(old) == string(b) {
			return err
		}
		return tx.PutSetting(servedSetting, b)
	})
}

// checkup is one run of the doctor.
type checkup struct {
	*Env
	dir  string
	full bool
	out  []finding
}

func (c *checkup) say(check, state, do, format string, args ...any) {
	if state == fine || state == unknown {
		do = ""
	}
	c.out = append(c.out, finding{check, state, fmt.Sprintf(format, args...), do})
}

// doctor is homeward doctor.
func (e *Env) doctor(args []string) error {
	var o houseOptions
	c := checkup{Env: e}
	asJSON := false
	f := e.flags("doctor", "--data DIR", doctorHelp)
	f.StringVar(&o.data, "data", "", "data directory")
	f.StringVar(&o.database, "database", "", "postgres://… instead of a file in the data directory")
	f.BoolVar(&c.full, "full", false, "walk the whole ledger")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	if err := parse(f, args); err != nil {
		return err
	}
	if f.NArg() > 0 || o.data == "" {
		return usage("write: homeward doctor --data DIR")
	}
	c.dir = o.data
	c.machine()
	switch h, err := e.lookAt(e.Context, o); {
	case err != nil:
		c.say("database", must, "Nothing more can be checked until it opens.", "%s", err)
	default:
		defer h.close()
		c.desk(h)
	}
	return c.print(asJSON)
}

func (c *checkup) print(asJSON bool) error {
	todo := 0
	for _, f := range c.out {
		if f.State == must {
			todo++
		}
	}
	if asJSON {
		enc := json.NewEncoder(c.Stdout)
		enc.SetIndent("", "  ")
		if err := enc.Encode(map[string]any{"must": todo, "checks": c.out}); err != nil {
			return err
		}
	} else {
		for _, f := range c.out {
			fmt.Fprintf(c.Stdout, "%-7s  %-14s %s\n", f.State, f.Check, clean(f.Found))
			if f.Do != "" {
				fmt.Fprintf(c.Stdout, "%24s %s\n", "->", clean(f.Do))
			}
		}
	}
	if todo > 0 {
		return codeError{exitFailed, fmt.Sprintf("%d of %d checks say that something must be done", todo, len(c.out))}
	}
	return nil
}

// machine checks what does not need the desk's database.
func (c *checkup) machine() {
	c.place()
	c.disk()
	c.sync()
	c.clock()
	c.memory()
	c.zones()
	c.programs()
	c.rules()
}

// place checks who can read the data directory.
func (c *checkup) place() {
	if _, err := os.Lstat(filepath.Join(c.dir, unfinishedFile)); err == nil {
		c.say("restore", must, "Remove the directory, empty the database if it is PostgreSQL's, and restore again.", "a restore into this directory was not finished")
	}
	open, seen := "", 0
	err := filepath.WalkDir(c.dir, func(path string, d os.DirEntry, err error) error {
		if err != nil && path != c.dir && errors.Is(err, os.ErrPermission) {
			return filepath.SkipDir // such as a disk's lost+found
		}
		if err != nil {
			return err
		}
		info, err := d.Info()
		if errors.Is(err, os.ErrNotExist) {
			return nil // SQLite's files come and go
		}
		if err != nil {
			return err
		}
		// Inside a directory that is shut, files of others' making are shut too; keys and
		// the database are looked at by themselves.
		name := filepath.Base(path)
		watched := path == c.dir || strings.HasPrefix(name, database) || strings.HasSuffix(name, ".key")
		if seen++; watched && info.Mode().Perm()&0o077 != 0 && open == "" {
			open = path
		}
		if seen > 10_000 {
			return filepath.SkipAll
		}
		return nil
	})
	switch {
	case err != nil:
		c.say("permissions", must, "Run this as the user that the server runs as, and see that it owns the directory.", "the data directory cannot be read: %v", err)
	case open != "":
		c.say("permissions", must, "chmod -R go-rwx "+c.dir, "others on this machine can get at %s", open)
	default:
		c.say("permissions", fine, "", "the data directory and its keys are for their owner alone")
	}
}

func (c *checkup) disk() {
	free, total, err := diskFree(c.dir)
	do := "Make room before the disk is full: a full disk takes no report."
	switch {
	case err != nil:
		c.say("disk", unknown, "", "the free space is not known: %v", err)
	case free < 500<<20 || total > 0 && free < total/50:
		c.say("disk", must, do, "%s free of %s", bytesText(free), bytesText(total))
	case free < 2<<30 || free < total/10:
		c.say("disk", look, do, "%s free of %s", bytesText(free), bytesText(total))
	default:
		c.say("disk", fine, "", "%s free of %s", bytesText(free), bytesText(total))
	}
}

// probePrefix begins the name of the file that is written to measure the disk.
const probePrefix = ".probe-"

// sync measures how long the disk takes to promise that something is kept.
func (c *checkup) sync() {
	took, err := syncTime(c.dir)
	switch {
	case err != nil:
		c.say("sync", must, "The desk cannot write here; see the permissions and the space.", "nothing can be written: %v", err)
	case took > 100*time.Millisecond:
		c.say("sync", look, "Every report waits for this. A network disk or a worn card is often the reason; use a local SSD.", "the disk takes %d ms to keep 4 KB for sure", took.Milliseconds())
	case took < 20*time.Microsecond:
		c.say("sync", look, "Memory, or a disk that lies: a power cut may lose what was acknowledged. Keep the desk on a real disk.", "the disk says in no time that it has kept something")
	default:
		c.say("sync", fine, "", "the disk takes %.1f ms to keep 4 KB for sure", float64(took.Microseconds())/1000)
	}
}

// syncTime is the median of some writes.
func syncTime(dir string) (time.Duration, error) {
	f, err := os.CreateTemp(dir, probePrefix+"*")
	if err != nil {
		return 0, err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	var took []time.Duration
	block := make([]byte, 4096)
	for range 15 {
		start := time.Now()
		if _, err := f.Write(block); err != nil {
			return 0, err
		}
		if err := f.Sync(); err != nil {
			return 0, err
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	return took[len(took)/2], nil
}

// built is a day that is past wherever this program runs.
var built = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func (c *checkup) clock() {
	now := c.Now()
	do := "Set the clock, and have it kept by NTP (timedatectl set-ntp true): days in the ledger, one-time codes and certificates need it."
	synced, known := clockSynced()
	switch {
	case now.Before(built):
		c.say("clock", must, do, "it shows %s, which is long past", now.UTC().Format(time.DateOnly))
	case known && !synced:
		c.say("clock", look, do, "it shows %s UTC, and nothing keeps it right", now.UTC().Format("2006-01-02 15:04"))
	default:
		c.say("clock", fine, "", "it shows %s UTC", now.UTC().Format("2006-01-02 15:04"))
	}
}

// memory checks whether what is in memory can reach the disk.
func (c *checkup) memory() {
	swaps, known := swaps()
	switch {
	case !known:
		c.say("swap", unknown, "", "whether memory is swapped to disk is not known on this system")
	case len(swaps) > 0:
		c.say("swap", must, "swapoff -a and take it out of /etc/fstab, or encrypt it with a new key at each start: keys and words of people at work could be written to the disk in the clear.", "memory is swapped to %s", strings.Join(swaps, ", "))
	default:
		c.say("swap", fine, "", "no memory is swapped to a disk in the clear")
	}
	if hibernates() {
		c.say("hibernation", look, "systemctl mask hibernate.target hybrid-sleep.target", "the machine can write its whole memory to the disk")
	} else if known {
		c.say("hibernation", fine, "", "the machine does not write its memory to the disk")
	}
	switch cores, known := coreDumps(); {
	case !known:
		c.say("core dumps", unknown, "", "whether a crash writes memory to disk is not known on this system")
	case cores:
		c.say("core dumps", look, "LimitCORE=0 in the service's unit, or ulimit -c 0 before it starts: a crash would write keys to the disk.", "here a crash may write memory to the disk")
	default:
		c.say("core dumps", fine, "", "a crash writes no memory to the disk")
	}
}

func (c *checkup) zones() {
	for _, z := range []string{"Asia/Bangkok", "Asia/Taipei"} {
		if _, err := time.LoadLocation(z); err != nil {
			c.say("time zones", must, "Install Debian's package tzdata: without it nobody knows what time it is where a person is.", "the time zone database is missing")
			return
		}
	}
	c.say("time zones", fine, "", "the time zone database is there")
}

// helpers are programs of Debian's that some things need.
var helpers = []struct{ name, program, missing, there string }{
	{"tesseract", "tesseract", "Install Debian's package tesseract-ocr and languages: without it screenshots are not read, and pages say so.", "it is there; screenshots are read"},
	{"poppler", "pdftoppm", "Install Debian's package poppler-utils: without it PDFs get no working copy, and the page says so.", "it is there; PDFs get working copies"},
}

func (c *checkup) programs() {
	for _, h := range helpers {
		if _, err := exec.LookPath(h.program); err != nil {
			c.say(h.name, look, h.missing, "it is not there")
			continue
		}
		c.say(h.name, fine, "", "%s", h.there)
	}
}

// stale is how old a check of a rule or number may be.
const stale = 92

// rules checks how old what the program knows is.
func (c *checkup) rules() {
	today := c.Now().UTC().Format(time.DateOnly)
	limit := c.Now().UTC().AddDate(0, 0, -stale).Format(time.DateOnly)
	p := lure.Default()
	old, all := 0, 0
	newest := ""
	for _, s := range p.AllSources() {
		all++
		newest = max(newest, s.CheckedOn)
		if s.CheckedOn < limit {
			old++
		}
	}
	do := "Use a newer version of the program, or have somebody read the sources again (CONTRIBUTING.md)."
	state := fine
	if old > 0 {
		state = look
	}
	c.say("indicators", state, do, "version %s; %d of %d sources were checked more than %d days before %s, the newest on %s", p.Version(), old, all, stale, today, newest)
	old, all = 0, 0
	unchecked := 0
	for _, n := range hotline.Default().Numbers() {
		if n.Show == hotline.ShowNo {
			continue
		}
		all++
		switch {
		case n.CheckedOn == "":
			unchecked++
		case n.CheckedOn < limit:
			old++
		}
	}
	state = fine
	if old > 0 || unchecked > 0 {
		state = look
	}
	c.say("numbers", state, "Compare them with the offices' own pages (docs/numbers.md): a wrong number costs more than none.", "%d public numbers; %d nobody has compared with its office's page, %d were compared more than %d days ago", all, unchecked, old, stale)
}

// desk checks what stands in the database.
func (c *checkup) desk(h *house) {
	c.door(h)
	if err := h.store.Read(c.Context, func(tx *store.Tx) error {
		return errors.Join(c.serving(tx), c.copies(tx, h), c.waiting(tx, h), c.keeping(tx))
	}); err != nil {
		c.say("database", must, "See what it says; the other checks may be wrong.", "it could not be read: %v", err)
	}
	c.ledger(h)
}

func (c *checkup) door(h *house) {
	d, err := h.intake.Door(c.Context)
	if err != nil {
		c.say("door", must, "See what it says.", "%v", err)
		return
	}
	if !d.Open {
		missing := d.Operator.Missing()
		if len(missing) == 0 {
			missing = []string{"the desk's keys"}
		}
		c.say("door", must, "Run homeward init with --operator, --jurisdiction, --hours and --on-call.", "the door is shut until these are set: %s", strings.Join(missing, ", "))
	} else {
		c.say("door", fine, "", "it is open, in the name of %s", d.Operator.Name)
	}
	if d.Late {
		c.say("desk", look, "Somebody should sign in: people are told that nobody has looked for a day.", "nobody has unlocked it for a day")
	}
	var s served
	_ = h.store.Read(c.Context, func(tx *store.Tx) error {
		b, err := tx.Setting(servedSetting)
		if err == nil && b != nil {
			err = json.Unmarshal(b, &s)
		}
		return err
	})
	u, err := url.Parse(d.Operator.OnCall)
	do := "Run homeward init again with --on-call mailto:… or https://…, and try it."
	switch {
	case d.Operator.OnCall == "":
		// The door says so.
	case err != nil || !reachable(u):
		c.say("on call", must, do, "who is on call has an address that nothing can be sent to")
	case u.Scheme == "mailto" && s.TLS != "" && !s.Mail:
		c.say("on call", must, "Start the server with --smtp HOST:PORT and --mail-from ADDRESS, or use https://….", "who is on call is reached by mail, and the server was started without a mail server")
	default:
		c.say("on call", fine, "", "there is an address; only a try shows whether somebody wakes up")
	}
}

// reachable says whether something can be sent to an address: mailto:…, https://…, or
// http://… on this machine.
func reachable(u *url.URL) bool {
	switch u.Scheme {
	case "mailto":
		return strings.Contains(u.Opaque, "@")
	case "https":
		return u.Host != ""
	case "http":
		return loopback(net.JoinHostPort(u.Hostname(), "80"))
	}
	return false
}

func (c *checkup) serving(tx *store.Tx) error {
	var s served
	b, err := tx.Setting(servedSetting)
	if err != nil {
		return err
	}
	if b != nil {
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
	}
	switch s.TLS {
	case "":
		c.say("tls", unknown, "", "the server has not been started yet")
	case "acme":
		c.say("tls", fine, "", "certificates come from an authority (ACME)")
	case "front":
		c.say("tls", look, "See that what stands in front does TLS, and that nobody can reach the server past it.", "the server was started with --insecure")
	case "none":
		c.say("tls", look, "For anybody else than this machine: --tls-cert and --tls-key, or --acme-host.", "the server listens on this machine alone, without TLS")
	default:
		c.certificate(s.Cert)
	}
	return nil
}

func (c *checkup) certificate(path string) {
	b, err := os.ReadFile(path)
	if err != nil {
		c.say("tls", look, "Run this on the machine and as the user of the server.", "the certificate cannot be read: %v", err)
		return
	}
	block, _ := pem.Decode(b)
	if block == nil {
		c.say("tls", must, "Give the server a certificate in PEM.", "%s holds no certificate", path)
		return
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		c.say("tls", must, "Give the server a certificate in PEM.", "%s holds no certificate: %v", path, err)
		return
	}
	left := cert.NotAfter.Sub(c.Now())
	state := fine
	if left < 14*24*time.Hour {
		state = must
	}
	c.say("tls", state, "Renew it and start the server again.", "the certificate lasts until %s", cert.NotAfter.UTC().Format(time.DateOnly))
}

// copies checks backups and checkpoints.
func (c *checkup) copies(tx *store.Tx, h *house) error {
	last, ok, err := backup.LastOf(tx)
	if err != nil {
		return err
	}
	do := "homeward backup --data DIR --to FILE, every night, to another disk, and the file to another place (docs/running.md)."
	switch age := h.day() - last.Day; {
	case !ok:
		c.say("backup", must, do, "there never was one")
	case age > 7:
		c.say("backup", must, do, "the last one is %d days old", age)
	case age > 1:
		c.say("backup", look, do, "the last one is %d days old", age)
	default:
		c.say("backup", fine, "", "the last one is of %s, %s", dayText(last.Day), bytesText(last.Bytes))
	}
	switch lines, err := backup.RecipientsOf(tx, h.ledger); {
	case errors.Is(err, backup.ErrRecipients):
		c.say("backup key", must, "Find out who can write to the database, then: homeward backup recipient --data DIR age1…", "%v", err)
	case err != nil:
		return err
	case lines == "":
		c.say("backup key", look, "homeward backup key --data DIR --to FILE; then a nightly job holds no secret.", "backups are sealed to a passphrase")
	default:
		c.say("backup key", fine, "", "backups are sealed to %d recipients", len(strings.Fields(lines)))
	}
	b, err := tx.Setting(gaveOutSetting)
	if err != nil {
		return err
	}
	given, _ := strconv.ParseInt(string(b), 10, 64)
	do = "homeward ledger checkpoint --data DIR, and send what it prints to somebody outside who keeps it; without one a forged ledger looks whole."
	switch age := h.day() - given; {
	case b == nil:
		c.say("checkpoint", must, do, "none was ever printed to be kept elsewhere")
	case age > 31:
		c.say("checkpoint", must, do, "the last one was printed %d days ago", age)
	case age > 7:
		c.say("checkpoint", look, do, "the last one was printed %d days ago", age)
	default:
		c.say("checkpoint", fine, "", "the last one was printed on %s; whether somebody keeps it, you know", dayText(given))
	}
	return nil
}

// waiting checks what nobody has looked at.
func (c *checkup) waiting(tx *store.Tx, h *house) error {
	n, err := tx.CountReports(store.New)
	if err != nil {
		return err
	}
	danger, err := tx.OldestReport(store.New, false)
	if err != nil {
		return err
	}
	calm, err := tx.OldestReport(store.New, true)
	if err != nil {
		return err
	}
	switch today := h.day(); {
	case danger > 0 && today-danger >= 1:
		c.say("unread", must, "Sign in and read it now, or set it aside.", "%d reports have something unread; one that says danger now is %d days old", n, today-danger)
	case calm > 0 && today-calm > 7:
		c.say("unread", look, "Read them, or say on the door that the desk is closed (docs/before-you-open.md).", "%d reports have something unread or are muted; the oldest is %d days old", n, today-calm)
	default:
		c.say("unread", fine, "", "%d reports have something unread", n)
	}
	const tries = 5
	stuck, most, why, err := tx.JobsStuck(tries, c.Now().Add(-time.Hour).UnixMicro())
	if err != nil {
		return err
	}
	if stuck > 0 {
		c.say("jobs", must, "See that the server runs, and that who is on call can be reached.", "%d wait too long, one was tried %d times: %s", stuck, most, why)
	} else {
		c.say("jobs", fine, "", "nothing that must be done waits too long")
	}
	return nil
}

func (c *checkup) keeping(tx *store.Tx) error {
	p, err := retention.PolicyOf(tx)
	if err != nil {
		return err
	}
	if p.Leads == 0 || p.Cases == 0 {
		c.say("retention", look, fmt.Sprintf("Decide with your lawyer, then: homeward retention --data DIR --leads %d --cases %d. What is not kept cannot be taken.", retention.Usual.Leads, retention.Usual.Cases), "reports without a case: %s; closed cases: %s", periodText(p.Leads), periodText(p.Cases))
		return nil
	}
	c.say("retention", fine, "", "reports without a case: %s; closed cases: %s", periodText(p.Leads), periodText(p.Cases))
	return nil
}

// end is how many rows of the ledger a quick check looks at.
const end = 2000

func (c *checkup) ledger(h *house) {
	do := "Do not write to it any more; keep the disk as it is, and compare with checkpoints kept elsewhere."
	var says string
	future := false
	err := h.store.Read(c.Context, func(tx *store.Tx) error {
		if err := tx.Checkpoints(func(_ int64, _ string, day int64) error {
			future = future || day > h.day()
			return nil
		}); err != nil {
			return err
		}
		if c.full {
			f, err := ledger.Verify(tx, h.ledger.Verifier())
			says = f.String()
			return err
		}
		n, err := ledger.VerifyEnd(tx, h.ledger.Verifier(), end)
		says = fmt.Sprintf("its last %d rows and its newest checkpoint hold; --full walks all of it", n)
		return err
	})
	if err != nil {
		c.say("ledger", must, do, "%v", err)
	} else {
		c.say("ledger", fine, "", "%s", says)
	}
	if future {
		c.say("ledger's clock", must, "Set the clock; see whether it was wrong before.", "the ledger has a checkpoint of a day that has not come")
	}
}
