package cli

import (
	_ "embed"
	"fmt"
	"net"

	"github.com/pelletier/go-toml/v2"

	"homeward/door/public"
)

//go:embed examples.toml
var examplesFile []byte

// demo serves the pages on this machine only, with invented messages to click on.
func (e *Env) demo(args []string) error {
	f := e.flags("demo", "", "Starts the program on this machine only, with invented messages to try. Nothing is kept.")
	listen := f.String("listen", "127.0.0.1:8080", "loopback address; a free port is taken if it is in use")
	if err := parse(f, args); err != nil {
		return err
	}
	if f.NArg() > 0 {
		return usage("demo takes no arguments")
	}
	if !loopback(*listen) {
		return usage("demo runs on this machine only: --listen must be a loopback address such as 127.0.0.1:8080")
	}
	var file struct {
		Example []struct{ Lang, Label, Text string }
	}
	if err := toml.Unmarshal(examplesFile, &file); err != nil {
		return err
	}
	var examples []public.Example
	for _, x := range file.Example {
		examples = append(examples, public.Example{Lang: x.Lang, Label: x.Label, Text: x.Text})
	}
	h, err := e.site(serveOptions{}, examples)
	if err != nil {
		return err
	}
	return e.run(h, freePort(*listen), nil, func(url string) {
		fmt.Fprintf(e.Stdout, "Homeward is running at %s\n\nOpen it in a browser, click on an example, or paste a message. Ctrl-C ends it.\n", url)
	})
}

// freePort gives the address, or a free port beside it if it is in use: who
// tries the demo should not have to know what else runs.
func freePort(listen string) string {
	l, err := net.Listen("tcp", listen)
	if err == nil {
		l.Close()
		return listen
	}
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return listen
	}
	return net.JoinHostPort(host, "0")
}
