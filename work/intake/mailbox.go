package intake

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"strconv"
	"strings"
	"time"

	"homeward/keep/ledger"
	"homeward/keep/store"
	"homeward/keep/vault"
)

// Visit is somebody at their mailbox. Token stands in the page's forms and opens
// the same mailbox for a short while, so that the code is typed once.
type Visit struct {
	Token  string
	code   vault.Code
	report store.Report
}

const (
	// visitFor is how long a page left open still works.
	visitFor = 20 * time.Minute
	// again is how long an answer is shown again when its page did not arrive.
	again = 10 * time.Minute
	// eraseDays is how long what was withdrawn stays: a person who was forced to
	// delete has that long to say so. In days, rounded up from 72 hours.
	eraseDays = 3
)

// Answer is the newest message of the desk.
type Answer struct {
	Text string
	At   time.Time
	N    int64
}

// Visit opens the mailbox under a code. ErrUnknown for a code that leads nowhere,
// whether it never existed, was withdrawn, or is erased: the same answer after the
// same work.
func (in *Intake) Visit(ctx context.Context, r Receipt) (*Visit, error) {
	v := &Visit{code: r.code}
	found := v.code.Mailbox().Public().Bytes() // done for every code
	err := in.Store.Read(ctx, func(tx *store.Tx) (err error) {
		v.report, err = tx.ReportByLookup(v.code.Lookup())
		return err
	})
	if err != nil && !errors.Is(err, store.ErrNone) {
		return nil, err
	}
	if err != nil || v.report.State == store.Closing || !bytes.Equal(found, v.report.Mailbox) {
		return nil, ErrUnknown
	}
	v.Token = in.token(v.code)
	return v, nil
}

var visitPlace = vault.Place{Table: "visit"}

// token seals a code and the end of the visit.
func (in *Intake) token(c vault.Code) string {
	b := binary.BigEndian.AppendUint64(nil, uint64(in.Now().Add(visitFor).Unix()))
	for _, d := range c.Digits() {
		b = append(b, d...)
	}
	return base64.RawURLEncoding.EncodeToString(in.Visits.Seal(visitPlace, b))
}

// Continue takes up a visit by its token. ErrVisit when its time is over.
func (in *Intake) Continue(ctx context.Context, token string) (*Visit, error) {
	sealed, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(token) > 2000 {
		return nil, ErrVisit
	}
	b, err := in.Visits.Open(visitPlace, sealed)
	if err != nil || len(b) < 8 || in.Now().Unix() > int64(binary.BigEndian.Uint64(b)) {
		return nil, ErrVisit
	}
	c, err := vault.ReadCode(string(b[8:]))
	if err != nil {
		return nil, ErrVisit
	}
	return in.Visit(ctx, Receipt{code: c})
}

// Newest gives the newest answer, once: nil when there is none, or when it was shown
// before. A page that did not arrive can be asked for again for some minutes.
func (in *Intake) Newest(ctx context.Context, v *Visit) (*Answer, error) {
	now := in.Now()
	var m store.Message
	err := in.Store.Read(ctx, func(tx *store.Tx) (err error) {
		m, err = tx.NewestAnswer(v.report.ID)
		return err
	})
	switch {
	case errors.Is(err, store.ErrNone):
		return nil, nil
	case err != nil:
		return nil, err
	}
	if m.Shown != 0 && !in.justShown(m, now) {
		return nil, nil
	}
	a, err := v.open(m)
	if err != nil {
		return nil, err
	}
	if err := in.Store.Write(ctx, func(tx *store.Tx) error { return tx.MarkShown(m.Report, m.N, day(now)) }); err != nil {
		return nil, err
	}
	in.noteShown(m, now)
	return a, nil
}

func (v *Visit) open(m store.Message) (*Answer, error) {
	s, err := Keys{Mailbox: v.code.Mailbox()}.open(m)
	if err != nil {
		return nil, err
	}
	text := s.Text
	if s.Report != nil {
		text = s.Report.Text
	}
	return &Answer{Text: text, At: time.Unix(s.At, 0).UTC(), N: m.N}, nil
}

func (in *Intake) justShown(m store.Message, now time.Time) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	at, ok := in.shown[m.Report+"/"+strconv.FormatInt(m.N, 10)]
	return ok && now.Sub(at) < again
}

func (in *Intake) noteShown(m store.Message, now time.Time) {
	in.mu.Lock()
	defer in.mu.Unlock()
	for k, at := range in.shown {
		if now.Sub(at) >= again {
			delete(in.shown, k)
		}
	}
	if in.shown == nil {
		in.shown = map[string]time.Time{}
	}
	k := m.Report + "/" + strconv.FormatInt(m.N, 10)
	if _, ok := in.shown[k]; !ok {
		in.shown[k] = now
	}
}

// Line is one message of the talk.
type Line struct {
	Answer
	Mine bool
}

// Talk gives all that was said, both ways. It is for who has typed the code again,
// and is therefore asked for by the code and not by a visit.
func (in *Intake) Talk(ctx context.Context, r Receipt) ([]Line, error) {
	v, err := in.Visit(ctx, r)
	if err != nil {
		return nil, err
	}
	var ms []store.Message
	if err := in.Store.Read(ctx, func(tx *store.Tx) (err error) {
		ms, err = tx.Messages(v.report.ID)
		return err
	}); err != nil {
		return nil, err
	}
	var out []Line
	for _, m := range ms {
		a, err := v.open(m)
		if err != nil {
			return nil, err
		}
		out = append(out, Line{*a, m.Direction == store.In})
	}
	return out, nil
}

// Add adds words to a report. The nonce is the form's: sent twice is kept once.
func (in *Intake) Add(ctx context.Context, v *Visit, nonce, text string, danger bool) error {
	r := Report{Text: text}
	if err := r.check(); err != nil {
		return err
	}
	_, err := in.keep(ctx, v.code, v.code.Once([]byte(nonce+"\n"+r.Text)), Sent{Text: r.Text}, danger, false)
	return err
}

// Withdraw closes a mailbox at once; what is in it is erased three days later, so
// that the desk can ask whether somebody was forced. The day of erasure is given.
func (in *Intake) Withdraw(ctx context.Context, v *Visit) (time.Time, error) {
	now := in.Now()
	erase := day(now) + eraseDays + 1
	err := in.Store.Write(ctx, func(tx *store.Tx) error {
		r, err := tx.Report(v.report.ID)
		if err != nil {
			return err
		}
		if r.State == store.Closing {
			return nil
		}
		if err := tx.SetState(r, store.Closing, erase); err != nil {
			return err
		}
		_, err = in.Ledger.Append(tx, ledger.Event{Kind: "report.withdrawn", Day: day(now), Of: r.ID})
		return err
	})
	return time.Unix(erase*86400, 0).UTC(), err
}

// Erase takes out the reports whose time has come.
func (in *Intake) Erase(ctx context.Context) (n int, err error) {
	today := day(in.Now())
	err = in.Store.Write(ctx, func(tx *store.Tx) error {
		n = 0
		ids, err := tx.ToErase(today, 100)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := tx.Erase(id); err != nil {
				return err
			}
			if _, err := in.Ledger.Append(tx, ledger.Event{Kind: "report.erased", Day: today, Of: id}); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	if err == nil && n > 0 {
		err = in.Store.Scrub(ctx)
	}
	return n, err
}

// Filing gives a proof that something was filed under the code, which only who has
// the code can check: what it takes to check it, and the ledger's proof.
// ledger.ErrNotYet until the next checkpoint.
func (in *Intake) Filing(ctx context.Context, v *Visit) (string, error) {
	var out string
	err := in.Store.Read(ctx, func(tx *store.Tx) error {
		ms, err := tx.Messages(v.report.ID)
		if err != nil {
			return err
		}
		if len(ms) == 0 {
			return ErrUnknown
		}
		first := ms[0]
		proof, err := in.Ledger.Prove(tx, first.Filed)
		if err != nil {
			return err
		}
		return tx.LedgerRows(first.Filed, first.Filed+1, func(_ int64, _, event, salt, _ []byte) error {
			e := base64.StdEncoding.EncodeToString
			out = "homeward filing v1\nonce " + e(first.Once) + "\nevent " + e(event) + "\nsalt " + e(salt) + "\n\n" + proof
			return nil
		})
	})
	return out, err
}

// CheckFiling says whether a proof is of something filed under this code.
func CheckFiling(v ledger.Verifier, r Receipt, proof string) error {
	head, rest, _ := strings.Cut(proof, "\n\n")
	field := map[string][]byte{}
	for _, l := range strings.Split(head, "\n")[1:] {
		name, value, _ := strings.Cut(l, " ")
		b, err := base64.StdEncoding.DecodeString(value)
		if err != nil {
			return errFiling
		}
		field[name] = b
	}
	if _, err := v.Check(rest, field["event"], field["salt"]); err != nil {
		return err
	}
	if !bytes.Contains(field["event"], []byte(filing(r.code, field["once"]))) {
		return errFiling
	}
	return nil
}

var errFiling = errors.New("intake: this proof does not belong to this code")
