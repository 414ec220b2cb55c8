package cli

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"

	"homeward/door/public"
)

const serveHelp = `Serves the public pages and the API, and with --data the door, the mailboxes and
the desk (/desk). Without TLS it listens on this machine
only, unless --insecure says that something in front of it does TLS.

TLS by files:  --tls-cert FILE --tls-key FILE
TLS by ACME:   --acme-host NAME --acme-dir FOLDER [--acme-email ADDRESS]
               (the account and certificates are kept in FOLDER)`

type serveOptions struct {
	listen, cert, key                         string
	acmeHosts, acmeDir, acmeEmail, acmeServer string
	acmeCA                                    string
	operator, contact, leaveTo, packs         string
	insecure                                  bool
	house                                     houseOptions
}

func (e *Env) serve(args []string) error {
	var o serveOptions
	f := e.flags("serve", "", serveHelp)
	f.StringVar(&o.listen, "listen", "127.0.0.1:8080", "address to listen on; port 0 takes a free one")
	f.StringVar(&o.cert, "tls-cert", "", "certificate file (PEM)")
	f.StringVar(&o.key, "tls-key", "", "key file (PEM)")
	f.StringVar(&o.acmeHosts, "acme-host", "", "host names to get certificates for, with commas between")
	f.StringVar(&o.acmeDir, "acme-dir", "", "folder for the ACME account and certificates")
	f.StringVar(&o.acmeEmail, "acme-email", "", "address the certificate authority may write to")
	f.StringVar(&o.acmeServer, "acme-server", "", "directory address of the authority (default: Let's Encrypt)")
	f.StringVar(&o.acmeCA, "acme-ca", "", "PEM file of the authority's own root, for a private one")
	f.StringVar(&o.operator, "operator", "", "who runs this copy, shown to visitors")
	f.StringVar(&o.contact, "contact", "", "how to reach who runs it")
	f.StringVar(&o.leaveTo, "leave-to", "", "page that Leave quickly opens")
	f.StringVar(&o.packs, "packs", "", "a folder of indicators instead of the built-in ones")
	o.house.options(f, "data directory of a desk; without one the check alone is served")
	f.StringVar(&o.house.smtp, "smtp", "", "mail server that takes mail for who is on call, host:port")
	f.StringVar(&o.house.mailFrom, "mail-from", "", "sender of that mail")
	f.BoolVar(&o.insecure, "insecure", false, "listen on other addresses without TLS")
	if err := parse(f, args); err != nil {
		return err
	}
	if f.NArg() > 0 {
		return usage("serve takes no arguments, only options")
	}
	conf, err := o.tls()
	if err != nil {
		return err
	}
	if conf == nil && !o.insecure && !loopback(o.listen) {
		return usage("--listen %s is not on this machine alone: give --tls-cert and --tls-key, or --acme-host, or --insecure if TLS is done in front", o.listen)
	}
	if o.house.data == "" {
		if o.house.database != "" {
			return usage("--database needs --data DIR, where the ledger's key is kept")
		}
		h, err := e.site(o, nil, nil)
		if err != nil {
			return err
		}
		return e.run(h, o.listen, conf, nil)
	}
	home, err := e.openHouse(e.Context, o.house, nil)
	if err != nil {
		return err
	}
	defer home.close()
	h, err := e.whole(o, home, nil, conf != nil, "", nil)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(e.Context)
	defer cancel()
	go home.work(ctx)
	return e.run(h, o.listen, conf, nil)
}

// whole makes the public pages and the members' rooms of a desk.
func (e *Env) whole(o serveOptions, home *house, examples []public.Example, secure bool, banner string, hint func() string) (http.Handler, error) {
	if o.operator == "" && examples == nil {
		d, err := home.intake.Door(e.Context)
		if err != nil {
			return nil, err
		}
		o.operator = d.Operator.Name
	}
	front, err := e.site(o, examples, home.intake)
	if err != nil {
		return nil, err
	}
	back, err := home.office(secure, banner, hint)
	if err != nil {
		return nil, err
	}
	return both(front, back), nil
}

// site makes the public pages.
func (e *Env) site(o serveOptions, examples []public.Example, in public.Intake) (http.Handler, error) {
	c, p, err := e.checker(o.packs)
	if err != nil {
		return nil, err
	}
	return public.New(public.Config{
		Check: c, Packs: p, Operator: public.Operator{Name: o.operator, Contact: o.contact},
		LeaveTo: o.leaveTo, Log: slog.New(slog.NewTextHandler(e.Stderr, nil)), Now: e.Now, Examples: examples, Intake: in,
	})
}

// tls makes the TLS settings, or none.
func (o *serveOptions) tls() (*tls.Config, error) {
	byFile := o.cert != "" || o.key != ""
	switch {
	case byFile && o.acmeHosts != "":
		return nil, usage("give TLS files or --acme-host, not both")
	case byFile:
		pair, err := tls.LoadX509KeyPair(o.cert, o.key)
		if err != nil {
			return nil, fmt.Errorf("the TLS files cannot be used: %w", err)
		}
		return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}}, nil
	case o.acmeHosts != "":
		return o.acme()
	}
	return nil, nil
}

func (o *serveOptions) acme() (*tls.Config, error) {
	if o.acmeDir == "" {
		return nil, usage("--acme-host needs --acme-dir, a folder that stays")
	}
	client := &acme.Client{DirectoryURL: o.acmeServer}
	if o.acmeCA != "" {
		pem, err := os.ReadFile(o.acmeCA)
		if err != nil {
			return nil, err
		}
		roots := x509.NewCertPool()
		if !roots.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("%s holds no certificate", o.acmeCA)
		}
		client.HTTPClient = &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}}
	}
	m := &autocert.Manager{
		Prompt: autocert.AcceptTOS, Cache: autocert.DirCache(o.acmeDir), Email: o.acmeEmail, Client: client,
		HostPolicy: autocert.HostWhitelist(strings.Split(o.acmeHosts, ",")...),
	}
	conf := m.TLSConfig()
	conf.MinVersion = tls.VersionTLS12
	return conf, nil
}

// run listens, says where, and serves until the context ends; then it lets
// what is under way finish for at most ten seconds. Ready is called with the
// address once it is open.
func (e *Env) run(h http.Handler, listen string, conf *tls.Config, ready func(url string)) error {
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return fmt.Errorf("cannot listen on %s: %w", listen, err)
	}
	scheme := "http"
	if conf != nil {
		l = tls.NewListener(l, conf)
		scheme = "https"
	}
	url := scheme + "://" + l.Addr().String() + "/"
	if ready == nil {
		fmt.Fprintln(e.Stdout, "listening on "+url)
	} else {
		ready(url)
	}
	s := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 20 * time.Second,
		// A picture of 12 MB at 64 kbit/s takes 25 minutes; the door itself cuts
		// a body that brings nothing for a minute.
		ReadTimeout:    30 * time.Minute,
		WriteTimeout:   35 * time.Minute,
		IdleTimeout:    time.Minute,
		MaxHeaderBytes: 16 << 10,
		// What clients do wrong is no news, and would log their addresses.
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(l) }()
	select {
	case err := <-ended:
		return err
	case <-e.Context.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(e.Context), 10*time.Second)
	defer cancel()
	err = s.Shutdown(stop)
	if errors.Is(err, context.DeadlineExceeded) {
		err = s.Close()
	}
	return err
}

// loopback says whether only this machine can reach an address.
func loopback(listen string) bool {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
