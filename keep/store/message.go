package store

import "errors"

// Message is one sealed message of a report. Its key is sealed to whoever may open
// it: the intake epoch until it is worked, then the desk; the sender's mailbox; the
// circle of trustees.
type Message struct {
	Report     string
	N          int64
	Direction  string // In or Out
	Body       []byte
	Epoch      int64 // of ForIntake
	ForIntake  []byte
	ForMailbox []byte
	ForDesk    []byte
	DeskEpoch  int64
	ForCircle  []byte
	Once       []byte // the same for the same sending
	Day        int64
	Shown      int64 // day on which the sender was shown an answer, or 0
	Filed      int64 // its row of the ledger
}

// Directions of a message.
const (
	In  = "in"
	Out = "out"
)

func (m *Message) fields() []any {
	return []any{&m.Report, &m.N, &m.Direction, &m.Body, &m.Epoch, &m.ForIntake, &m.ForMailbox, &m.ForDesk, &m.DeskEpoch, &m.ForCircle, &m.Once, &m.Day, &m.Shown, &m.Filed}
}

// NextMessage gives the number of the next message of a report, and marks the
// report as having something unread if it comes from the sender; in danger too, if
// calm is false. Call it and AddMessage in one transaction. If a message with this
// once is there already, it gives that one's number and again is true.
func (t *Tx) NextMessage(report, direction string, once []byte, calm bool) (n int64, again bool, err error) {
	switch err := t.row("message_again", []any{report, once}, &n); {
	case err == nil:
		return n, true, nil
	case !errors.Is(err, ErrNone):
		return 0, false, err
	}
	if direction == Out {
		return n, false, t.row("report_answered", []any{report}, &n)
	}
	return n, false, t.row("report_heard", []any{number(calm), report}, &n)
}

// AddMessage adds a message with the number that NextMessage gave.
func (t *Tx) AddMessage(m Message) error {
	_, err := t.exec("message_add", m.Report, m.N, m.Direction, m.Body, m.Epoch, m.ForIntake, m.ForMailbox, m.ForDesk, m.DeskEpoch, m.ForCircle, m.Once, m.Day, m.Filed)
	return err
}

// Messages gives all messages of a report in order.
func (t *Tx) Messages(report string) ([]Message, error) {
	return list(t, "messages_of", []any{report}, (*Message).fields)
}

// NewestAnswer gives the newest message to the sender, or ErrNone.
func (t *Tx) NewestAnswer(report string) (m Message, err error) {
	return m, t.row("message_newest_answer", []any{report}, m.fields()...)
}

// MarkShown notes that an answer was shown. It is noted once.
func (t *Tx) MarkShown(report string, n, day int64) error {
	_, err := t.exec("message_shown", day, report, n)
	return err
}

// MessageWorked replaces the key sealed to the intake by one sealed to the desk.
func (t *Tx) MessageWorked(m Message, forDesk []byte, epoch int64) error {
	return t.one("message_worked", forDesk, epoch, m.Report, m.N)
}

// Backlog says how many messages and attachments only an intake epoch opens.
func (t *Tx) Backlog(epoch int64) (n int64, err error) {
	return n, t.row("backlog", []any{epoch}, &n)
}
