package intake

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/smtp"
	"net/url"
	"strings"
	"time"
)

// Pager wakes whoever is on call. What it sends says that somebody is in danger and
// nothing else: not who, where, or which report.
type Pager struct {
	SMTP   string // host:port of a mail server that takes mail from here
	From   string // sender's address
	Secret []byte // signs webhooks
	HTTP   *http.Client
	Now    func() time.Time
}

// wakeText is the whole of what is sent.
const wakeText = "Somebody at the door says: danger to life now. Please sign in."

// Page wakes one address: mailto:… or https://…
func (p *Pager) Page(ctx context.Context, onCall string) error {
	u, err := url.Parse(onCall)
	if err != nil {
		return errors.New("on call: the address is mailto:… or https://…")
	}
	switch u.Scheme {
	case "mailto":
		return p.mail(u.Opaque)
	case "https", "http":
		return p.hook(ctx, onCall)
	}
	return errors.New("on call: the address is mailto:… or https://…")
}

func (p *Pager) mail(to string) error {
	if p.SMTP == "" {
		return errors.New("on call: no mail server is set (--smtp)")
	}
	if strings.ContainsAny(to, "\r\n") {
		return errors.New("on call: that is no address")
	}
	msg := fmt.Sprintf("From: %s\r\nTo: %s\r\nSubject: Please sign in\r\nDate: %s\r\n\r\n%s\r\n", p.From, to, p.Now().Format(time.RFC1123Z), wakeText)
	if err := smtp.SendMail(p.SMTP, nil, p.From, []string{to}, []byte(msg)); err != nil {
		return errors.New("on call: the mail server did not take the mail")
	}
	return nil
}

// hook posts the text with a signature over time and body, so that its receiver can
// tell it from a forged one and from one sent before.
func (p *Pager) hook(ctx context.Context, to string) error {
	at := fmt.Sprint(p.Now().Unix())
	m := hmac.New(sha256.New, p.Secret)
	fmt.Fprintf(m, "%s.%s", at, wakeText)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewBufferString(wakeText))
	if err != nil {
		return errors.New("on call: that is no address")
	}
	r.Header.Set("Content-Type", "text/plain; charset=utf-8")
	r.Header.Set("Homeward-Signature", "t="+at+",v1="+hex.EncodeToString(m.Sum(nil)))
	c := p.HTTP
	if c == nil {
		c = &http.Client{Timeout: 20 * time.Second}
	}
	resp, err := c.Do(r)
	if err != nil {
		return errors.New("on call: the webhook could not be reached")
	}
	resp.Body.Close()
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("on call: the webhook answered %d", resp.StatusCode)
	}
	return nil
}

// WakeJob is the handler of "wake" jobs.
func (in *Intake) WakeJob(p *Pager) func(ctx context.Context, body string) error {
	return func(ctx context.Context, _ string) error {
		d, err := in.Door(ctx)
		if err != nil {
			return err
		}
		return p.Page(ctx, d.Operator.OnCall)
	}
}
