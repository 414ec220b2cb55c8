package office

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"homeward/form/say"
	"homeward/work/desk"
	"homeward/work/intake"
)

// housekeeping is the settings, the ledger and the beginning.
type housekeeping interface {
	Settings(ctx context.Context, s *desk.Session) (intake.Operator, error)
	ChangeOperator(ctx context.Context, s *desk.Session, was, o intake.Operator) error
	LedgerPage(ctx context.Context, s *desk.Session, before int64, limit int) (rows []desk.LedgerRow, size, next int64, err error)
	VerifyLedger(ctx context.Context, s *desk.Session) (desk.LedgerFound, error)
	Empty(ctx context.Context) (bool, error)
	Prepare(ctx context.Context, login, passphrase string, second []byte, k, n int) (*desk.Prepared, error)
	Begin(ctx context.Context, p *desk.Prepared, who intake.Operator) error
}

// operatorForm is the part of a form that says who operates the desk.
type operatorForm struct {
	say.Phrases
	O        intake.Operator
	ReadOnly bool
}

// operatorOf reads that part, or what stood in it before.
func operatorOf(r *http.Request, prefix string) intake.Operator {
	f := func(name string) string { return r.PostFormValue(prefix + name) }
	return intake.Operator{Name: f("operator"), Jurisdiction: f("jurisdiction"), Hours: f("hours"), OnCall: f("on_call")}
}

type settingsView struct {
	Message string
	Form    operatorForm
	Was     intake.Operator
	Missing bool
}

// settings is GET /desk/settings.
func (o *office) settings(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	o.set(w, r, s, http.StatusOK, "", nil)
}

func (o *office) set(w http.ResponseWriter, r *http.Request, s *desk.Session, status int, message string, typed *intake.Operator) {
	now, err := o.Desk.Settings(r.Context(), s)
	if err != nil {
		o.broken(w, r, err)
		return
	}
	v := settingsView{Message: message, Was: now, Missing: len(now.Missing()) > 0, Form: operatorForm{phrases(r), now, s.May(desk.ChangeSettings) != nil}}
	if typed != nil {
		v.Form.O = *typed
	}
	o.show(w, r, status, "settings", "Settings", s, v)
}

// changeSettings is POST /desk/settings.
func (o *office) changeSettings(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	fresh := operatorOf(r, "")
	var long *intake.Invalid
	switch err := o.Desk.ChangeOperator(r.Context(), s, operatorOf(r, "was-"), fresh); {
	case err == nil:
		http.Redirect(w, r, "/desk/settings", http.StatusSeeOther)
	case errors.Is(err, desk.ErrConflict):
		o.set(w, r, s, http.StatusConflict, "Not changed: somebody changed them since you opened this page. Yours are still in the boxes; press again to put them in place of theirs.", &fresh)
	case errors.Is(err, desk.ErrOnCall):
		o.set(w, r, s, http.StatusUnprocessableEntity, "Not changed: who is on call is mailto: and an address, or https:// and an address.", &fresh)
	case errors.As(err, &long):
		o.set(w, r, s, http.StatusUnprocessableEntity, "Not changed: one of the boxes holds too much.", &fresh)
	default:
		o.broken(w, r, err)
	}
}

type ledgerView struct {
	Rows       []desk.LedgerRow
	Size, Next int64
	Names      map[string]string
	Broken     string
	Checked    bool
	Found      desk.LedgerFound
}

// deeds are the words for what the ledger holds.
var deeds = map[string]string{
	"case.alone":                  "a case that only trustees can open now",
	"case.entry":                  "wrote in a case",
	"case.opened":                 "opened a new case",
	"case.read":                   "read a case",
	"cases.imported":              "brought a list of cases",
	"cases.listed":                "took a list of cases out",
	"case.removed":                "took somebody off a case",
	"case.shared":                 "put somebody on a case",
	"channel.changed":             "changed a channel",
	"hold.set":                    "kept something from being erased",
	"hold.ended":                  "ended keeping something",
	"retention.set":               "set after how long what is erased",
	"case.erased":                 "a case was erased",
	"backup.begun":                "a backup was begun",
	"restored":                    "the desk was restored from a backup",
	"backup.recipients":           "set who can open backups",
	"desk.set_up":                 "set the desk up",
	"place.changed":               "changed a place",
	"shelter.added":               "added a safe place",
	"shelter.changed":             "changed a safe place",
	"telling.approved":            "approved telling somebody",
	"telling.cancelled":           "gave up telling somebody",
	"telling.copied":              "took the copy for a recipient",
	"telling.copy_opened":         "opened a recipient's copy again",
	"telling.known":               "entered what came of telling",
	"telling.objected":            "objected to telling somebody",
	"telling.planned":             "planned to tell somebody",
	"telling.refused":             "tried a step of telling that was refused",
	"telling.sent":                "told somebody",
	"warning.corrected":           "corrected a warning",
	"warning.notice":              "wrote a correction of a warning",
	"warning.pressed":             "agreed to release a warning",
	"warning.refused":             "tried to release a warning, which was refused",
	"warning.released":            "released a warning",
	"warning.scanned":             "searched a warning for what the desk holds",
	"warning.withdrawn":           "withdrew a warning",
	"warning.written":             "wrote a warning",
	"desk.unlocked":               "signed in and unlocked",
	"epoch.opened":                "opened a new key",
	"epoch.retired":               "destroyed an old key",
	"file.opened":                 "opened a file",
	"file.received":               "a file came",
	"member.set_up":               "first member",
	"member.adopted":              "member from before the roll",
	"member.applied":              "used an invitation",
	"member.authenticator":        "changed their authenticator",
	"member.confirmed":            "confirmed a new member",
	"member.invitation_withdrawn": "withdrew an invitation",
	"member.invited":              "invited somebody",
	"member.keys_given":           "gave the desk's keys",
	"member.left":                 "let a member go",
	"member.passphrase":           "changed their passphrase",
	"member.recovered":            "member let in by trustees",
	"member.roles":                "changed roles",
	"message.received":            "a message came",
	"recovery.desk":               "trustees opened the desk's keys",
	"recovery.report":             "trustees opened a report",
	"report.answered":             "answered",
	"report.assigned":             "gave a report to somebody",
	"report.erased":               "a report was erased",
	"report.judged_not_same":      "judged two reports not the same",
	"report.judged_same":          "judged two reports the same",
	"report.muted":                "muted",
	"report.noted":                "noted",
	"report.opened":               "opened a report",
	"report.received":             "a report came",
	"report.snoozed":              "put off",
	"report.unmuted":              "unmuted",
	"report.withdrawn":            "a sender withdrew",
	"report.worked":               "read to the end",
	"settings.changed":            "changed the settings",
}

// Deed says what a row of the ledger is; a kind that has no words stands as it is.
func (v view) Deed(kind string) string {
	if s, ok := deeds[kind]; ok {
		return v.T(s)
	}
	return kind
}

const rowsAPage = 100

// ledger is GET /desk/ledger.
func (o *office) ledger(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	before, _ := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64)
	o.ledgerFrom(w, r, s, before, ledgerView{})
}

func (o *office) ledgerFrom(w http.ResponseWriter, r *http.Request, s *desk.Session, before int64, v ledgerView) {
	var err error
	if v.Rows, v.Size, v.Next, err = o.Desk.LedgerPage(r.Context(), s, before, rowsAPage); err != nil {
		o.broken(w, r, err)
		return
	}
	if v.Names, err = o.Desk.Names(r.Context(), s); err != nil {
		o.broken(w, r, err)
		return
	}
	o.show(w, r, http.StatusOK, "ledger", "Ledger", s, v)
}

// verify is POST /desk/ledger/verify.
func (o *office) verify(w http.ResponseWriter, r *http.Request, s *desk.Session) {
	found, err := o.Desk.VerifyLedger(r.Context(), s)
	v := ledgerView{Checked: err == nil, Found: found}
	if err != nil {
		why, ok := desk.Broken(err)
		if !ok {
			o.broken(w, r, err)
			return
		}
		o.Log.Error("the ledger does not hold", "error", err)
		v.Broken = why
	}
	o.ledgerFrom(w, r, s, 0, v)
}
