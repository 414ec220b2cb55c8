package cli

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"homeward/test/servers"
)

// TLS by files: the pair is served, and nothing older than TLS 1.2.
func TestServeTLS(t *testing.T) {
	dir := t.TempDir()
	certPEM := servers.Certificate(t, dir)
	url, stop := run(t, "serve", "--listen", "127.0.0.1:0", "--tls-cert", filepath.Join(dir, "cert.pem"), "--tls-key", filepath.Join(dir, "key.pem"))
	defer stop()
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(certPEM)
	get := func(conf *tls.Config) error {
		c := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{TLSClientConfig: conf}}
		resp, err := c.Get(url + "healthz")
		if err == nil {
			resp.Body.Close()
		}
		return err
	}
	if err := get(&tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}); err != nil {
		t.Error(err)
	}
	if err := get(&tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}); err == nil {
		t.Error("TLS 1.1 was served")
	}
}
