// Load measures the members' rooms of a full desk: 100,000 reports of which 5,000 are
// unread, 5,000 cases, 200,000 lines, three members who are on all of them and click
// without a pause.
//
//	go run ./test/load
//
// It fills a desk once (minutes; it is kept in the temporary
// directory until the schema changes), serves a copy of it in a process of its own, and
// before it a desk with one case and one report, so that each page has a baseline from
// the same run.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"strings"
	"time"

	"homeward/door/cli"
)

var quick bool

// size is how much is in a desk.
type size struct{ Unread, Worked, Rows, Cases, Lines, Told int }

var (
	full  = size{Unread: 5000, Worked: 500, Rows: 94_500, Cases: 5000, Lines: 40, Told: 500}
	small = size{Unread: 1, Cases: 1, Lines: 40, Told: 1}
)

func main() {
	if os.Getenv("HOMEWARD_LOAD_SERVER") != "" {
		os.Exit(child())
	}
	rounds := flag.Int("rounds", 25, "how often each member opens each page")
	only := flag.String("only", "", "open this one page alone")
	profile := flag.String("profile", "", "write a CPU profile of the full desk's server here")
	flag.BoolVar(&quick, "quick", false, "leave search out, for which every line has to be opened first")
	flag.Parse()
	if err := run(context.Background(), *rounds, *only, *profile); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// child is the program itself.
func child() int {
	if path := os.Getenv("HOMEWARD_LOAD_PROFILE"); path != "" {
		f, err := os.Create(path)
		if err != nil {
			return 1
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return 1
		}
		time.AfterFunc(time.Minute, pprof.StopCPUProfile) // what comes after resembles it
	}
	return cli.Main(cli.System())
}

func run(ctx context.Context, rounds int, only, profile string) error {
	tmp, err := os.MkdirTemp("", "homeward-load-run-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	fmt.Println("load of this machine before:", load())
	base, err := measure(ctx, filepath.Join(tmp, "small"), small, max(8, rounds/3), only, "")
	if err != nil {
		return fmt.Errorf("the small desk: %w", err)
	}
	got, err := measure(ctx, filepath.Join(tmp, "full"), full, rounds, only, profile)
	if err != nil {
		return fmt.Errorf("the full desk: %w", err)
	}
	fmt.Println("load of this machine after: ", load())
	fmt.Printf("\n%-26s %21s   %27s   %s\n%-26s %6s %6s %6s   %8s %8s %9s   %s\n", "", "all three clicking, ms", "three in, one clicking, ms", "a desk with one case, one alone",
		"page", "p50", "p95", "max", "p50", "p95", "CPU", "p50, CPU and what the full desk takes of it")
	for _, p := range got.pages {
		a, b := got.alone[p], base.alone[p]
		line := fmt.Sprintf("%-26s %6.0f %6.0f %6.0f   %8.1f %8.1f %9.1f", p, got.at(p, 50), got.at(p, 95), got.at(p, 100), a.clock, a.late, a.cpu)
		if b.clock > 0 && b.cpu > 0 {
			line += fmt.Sprintf("   %.1f, %.1f: %.1f times, %.1f times the CPU", b.clock, b.cpu, a.clock/b.clock, a.cpu/b.cpu)
		}
		fmt.Println(line)
	}
	fmt.Printf("\nfrom sign-in to the first board      %6.0f ms, of which the passphrase and keys %.0f\n", got.first, got.signIn)
	fmt.Printf("until all %d cases are on it        %6.0f ms (members one after the other: %s)\n", full.Cases, got.whole[0], each(got.whole))
	if !quick {
		fmt.Printf("until search has all lines           %6.0f ms (the same: %s)\n", got.searched[0], each(got.searched))
	}
	fmt.Printf("server memory                        %d MB with three members in, %d MB after, %d MB at most\n", got.before, got.after, got.most)
	fmt.Printf("server CPU                           %.1f ms a page\n", got.cpu)
	fmt.Printf("ledger                               %s\n", got.verified)
	return nil
}

func each(ms []float64) string {
	var out []string
	for _, v := range ms {
		out = append(out, fmt.Sprintf("%.1f s", v/1000))
	}
	return strings.Join(out, ", ")
}

// load gives the machine's load, as the kernel counts it over 1, 5 and 15 minutes.
func load() string {
	b, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "not known"
	}
	return strings.Join(strings.Fields(string(b))[:3], " ")
}

func (r result) at(page string, p int) float64 {
	t := slices.Sorted(slices.Values(r.times[page]))
	if len(t) == 0 {
		return 0
	}
	return ms(t[min(len(t)-1, len(t)*p/100)])
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
