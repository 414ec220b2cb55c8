// Package acme tests that "homeward serve" gets its own certificate, against
// pebble, a small ACME server from Debian.
package acme

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"homeward/door/cli"
	"homeward/test/servers"
)

const host = "homeward.example.test"

func TestServeGetsCertificate(t *testing.T) {
	for _, program := range []string{"pebble", "pebble-challtestsrv"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed (Debian: apt-get install pebble)", program)
		}
	}
	dir := t.TempDir()
	caPEM := servers.Certificate(t, dir) // of the ACME server itself
	ports := freePorts(t, 5)
	directory, management, dns, control, site := ports[0], ports[1], ports[2], ports[3], ports[4]

	config := map[string]any{"pebble": map[string]any{
		"listenAddress": at(directory), "managementListenAddress": at(management),
		"certificate": filepath.Join(dir, "cert.pem"), "privateKey": filepath.Join(dir, "key.pem"),
		"httpPort": 1, "tlsPort": site,
	}}
	b, _ := json.Marshal(config)
	if err := os.WriteFile(filepath.Join(dir, "pebble.json"), b, 0o600); err != nil {
		t.Fatal(err)
	}
	start(t, nil, "pebble-challtestsrv", "-defaultIPv4", "127.0.0.1", "-defaultIPv6", "", "-dns01", at(dns), "-management", at(control), "-http01", "", "-https01", "", "-tlsalpn01", "")
	start(t, []string{"PEBBLE_VA_NOSLEEP=1", "PEBBLE_WFE_NONCEREJECT=0"}, "pebble", "-config", filepath.Join(dir, "pebble.json"), "-dnsserver", at(dns))
	waitFor(t, directory)
	waitFor(t, dns)

	ctx, stop := context.WithCancel(t.Context())
	var out servers.Output
	ended := make(chan int, 1)
	go func() {
		ended <- cli.Main(cli.Env{
			Context: ctx, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out, Now: time.Now,
			Getenv: func(string) string { return "" }, Terminal: func(any) bool { return false },
			Args: []string{
				"serve", "--listen", at(site), "--acme-host", host, "--acme-dir", filepath.Join(dir, "acme"),
				"--acme-server", fmt.Sprintf("https://%s/dir", at(directory)), "--acme-ca", filepath.Join(dir, "cert.pem"),
			},
		})
	}()
	waitFor(t, site)

	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(fetch(t, caPEM, fmt.Sprintf("https://%s/roots/0", at(management))))
	client := &http.Client{Timeout: 60 * time.Second, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{ServerName: host, RootCAs: roots, MinVersion: tls.VersionTLS12},
	}}
	resp, err := client.Get("https://" + at(site) + "/healthz")
	if err != nil {
		t.Fatalf("no certificate that the authority's root vouches for: %v\n%s", err, out.String())
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Errorf("status %d", resp.StatusCode)
	}
	// A name that was not given gets no certificate.
	other := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{ServerName: "someone.example.test", RootCAs: roots, MinVersion: tls.VersionTLS12},
	}}
	if resp, err := other.Get("https://" + at(site) + "/healthz"); err == nil {
		resp.Body.Close()
		t.Error("another name was served")
	}
	stop()
	select {
	case code := <-ended:
		if code != 0 {
			t.Errorf("serve ended with %d\n%s", code, out.String())
		}
	case <-time.After(15 * time.Second):
		t.Error("serve did not end")
	}
}

func at(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }

func start(t *testing.T, env []string, name string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Env = append(os.Environ(), env...)
	var out servers.Output
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("%s:\n%s", name, out.String())
		}
	})
}

func freePorts(t *testing.T, n int) []int {
	t.Helper()
	var ports []int
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports
}

func waitFor(t *testing.T, port int) {
	t.Helper()
	for range 100 {
		c, err := net.DialTimeout("tcp", at(port), time.Second)
		if err == nil {
			c.Close()
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("nothing listens on port %d", port)
}

func fetch(t *testing.T, ca []byte, url string) []byte {
	t.Helper()
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(ca)
	client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}}
	resp, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
