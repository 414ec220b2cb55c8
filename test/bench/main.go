// Bench compares screening with two baselines in the same run, and measures
// what a Go benchmark does not: a whole process, and the longest pause that one
// long text makes for everybody else.
//
//	go run ./test/bench
//
// The peers are bogofilter (Debian), a trained spam filter, on the public sets
// that HOMEWARD_EVAL names, and a loop of regular expressions (see
// BenchmarkRegexps in know/lure). What is missing is skipped, and said.
package main

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"homeward/know/lure"
)

func main() {
	runtime.GOMAXPROCS(1)
	began := time.Now()
	p := lure.Default()
	fmt.Printf("indicators ready after          %8.0f ms\n", ms(time.Since(began)))
	texts := labelled()
	speed(p, texts)
	pause(p)
	memory()
	if err := bogofilter(p, texts); err != nil {
		fmt.Println("bogofilter: skipped,", err)
	}
}

type text struct {
	Lang, Label, Text string
}

// labelled reads all labelled texts of this repository.
func labelled() []text {
	files, _ := filepath.Glob("test/sets/*/*.jsonl")
	slices.Sort(files)
	var out []text
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(b)) {
			var t text
			if json.Unmarshal([]byte(line), &t) == nil {
				out = append(out, t)
			}
		}
	}
	return out
}

// speed screens messages of at most 200 characters, the languages mixed
// evenly, one core, full findings.
func speed(p *lure.Packs, texts []text) {
	byLang := map[string][]string{}
	for _, t := range texts {
		if r := []rune(t.Text); len(r) > 200 {
			t.Text = string(r[:200])
		}
		byLang[t.Lang] = append(byLang[t.Lang], t.Text)
	}
	var langs []string
	for l := range byLang {
		langs = append(langs, l)
	}
	slices.Sort(langs)
	const each = 2000
	n, began := 0, time.Now()
	for i := range each {
		for _, l := range langs {
			p.Screen(lure.Request{Text: byLang[l][i%len(byLang[l])]})
			n++
		}
	}
	d := time.Since(began)
	fmt.Printf("messages a second, one core     %8.0f  (%d messages of at most 200 characters, %d languages evenly)\n", float64(n)/d.Seconds(), n, len(langs))
}

// pause screens a text of 1 MB while another goroutine wants to run every
// millisecond, on one core: the longest time it had to wait.
func pause(p *lure.Packs) {
	long := strings.Repeat("誠徵線上客服，月薪九萬，包機票。 We are hiring, free flight, no experience. ", 1<<20/96)
	stop := make(chan struct{})
	worst := make(chan time.Duration)
	go func() {
		var longest time.Duration
		last := time.Now()
		for {
			select {
			case <-stop:
				worst <- longest
				return
			default:
			}
			time.Sleep(time.Millisecond)
			longest = max(longest, time.Since(last))
			last = time.Now()
		}
	}()
	time.Sleep(20 * time.Millisecond)
	began := time.Now()
	p.Screen(lure.Request{Text: long})
	d := time.Since(began)
	close(stop)
	fmt.Printf("1 MB in one piece               %8.0f ms, longest pause for others %.0f ms\n", ms(d), ms(<-worst))
}

func memory() {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return
	}
	for line := range strings.Lines(string(b)) {
		if v, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			fmt.Printf("peak memory of this process     %s", strings.TrimLeft(v, "\t "))
			fmt.Println()
		}
	}
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// bogofilter trains Debian's bogofilter on the public spam and ham sets and
// asks it about our labelled texts, beside our own answers.
func bogofilter(p *lure.Packs, texts []text) error {
	root := os.Getenv("HOMEWARD_EVAL")
	if root == "" {
		return errors.New("HOMEWARD_EVAL names no folder of public sets")
	}
	if _, err := exec.LookPath("bogofilter"); err != nil {
		return errors.New("it is not installed (Debian: apt-get install bogofilter)")
	}
	dir, err := os.MkdirTemp("", "bogofilter")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	spam, ham := training(root)
	for flag, set := range map[string][]string{"-s": spam, "-n": ham} {
		cmd := exec.Command("bogofilter", "-d", dir, flag, "-M")
		cmd.Stdin = strings.NewReader(mbox(set))
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("training: %w %s", err, out)
		}
	}
	cmd := exec.Command("bogofilter", "-d", dir, "-T", "-M")
	var in []string
	for _, t := range texts {
		in = append(in, t.Text)
	}
	cmd.Stdin = strings.NewReader(mbox(in))
	began := time.Now()
	out, err := cmd.Output()
	took := time.Since(began)
	if err != nil && len(out) == 0 {
		return err
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) != len(texts) {
		return fmt.Errorf("%d verdicts for %d texts", len(lines), len(texts))
	}
	began = time.Now()
	var ours []lure.Level
	for _, t := range texts {
		ours = append(ours, p.Screen(lure.Request{Text: t.Text}).Level)
	}
	own := time.Since(began)
	var lures, theirsHit, oursHit, both, others, theirsFalse, oursFalse int
	for i, t := range texts {
		spam := strings.HasPrefix(lines[i], "S")
		seen := ours[i] == lure.Strong || ours[i] == lure.Some
		switch t.Label {
		case "lure":
			lures++
			count(&theirsHit, spam)
			count(&oursHit, seen)
			count(&both, spam && seen)
		case "negative":
			others++
			count(&theirsFalse, spam)
			count(&oursFalse, seen)
		}
	}
	fmt.Printf("\nbogofilter trained on %d spam and %d ham of the public sets, asked about %d labelled texts\n", len(spam), len(ham), len(texts))
	fmt.Printf("  time: bogofilter %.0f ms, ours %.0f ms, ratio %.2f\n", ms(took), ms(own), took.Seconds()/own.Seconds())
	fmt.Printf("  lures found: bogofilter %d of %d, ours %d (at some or strong); found by both %d\n", theirsHit, lures, oursHit, both)
	fmt.Printf("  others marked: bogofilter %d of %d, ours %d\n", theirsFalse, others, oursFalse)
	return nil
}

func count(n *int, yes bool) {
	if yes {
		*n++
	}
}

// mbox writes texts as mails in one mailbox.
func mbox(texts []string) string {
	var b strings.Builder
	for _, t := range texts {
		b.WriteString("From a@example.com Thu Jan  1 00:00:00 2026\nContent-Type: text/plain; charset=utf-8\n\n")
		for line := range strings.Lines(t) {
			if strings.HasPrefix(line, "From ") {
				b.WriteByte('>')
			}
			b.WriteString(line)
		}
		b.WriteString("\n\n")
	}
	return b.String()
}

// training reads the public sets whose rows say spam or ham.
func training(root string) (spam, ham []string) {
	add := func(isSpam bool, t string) {
		if t = strings.TrimSpace(t); t == "" {
			return
		}
		if isSpam {
			spam = append(spam, t)
		} else {
			ham = append(ham, t)
		}
	}
	for _, s := range []struct {
		file        string
		label, text int
		spam        string
	}{
		{"lures/uci_sms/spam.csv", 0, 1, "spam"},
		{"lures/sms_tagalog_mix/sms-data.csv", 0, 1, "spam"},
		{"lures/id_sms/dataset_sms_spam_v1.csv", 1, 0, "1"},
	} {
		b, err := os.ReadFile(filepath.Join(root, s.file))
		if err != nil {
			continue
		}
		r := csv.NewReader(bytes.NewReader(bytes.ToValidUTF8(b, []byte("?"))))
		r.FieldsPerRecord, r.LazyQuotes = -1, true
		rows, _ := r.ReadAll()
		for _, row := range rows[min(1, len(rows)):] {
			if len(row) > max(s.label, s.text) {
				add(row[s.label] == s.spam, row[s.text])
			}
		}
	}
	if f, err := os.Open(filepath.Join(root, "lures/zh_sms_10k/data_set.txt")); err == nil {
		defer f.Close()
		sc := bufio.NewScanner(f)
		for sc.Scan() {
			if label, t, ok := strings.Cut(sc.Text(), "\t"); ok {
				add(label == "1", t)
			}
		}
	}
	return spam, ham
}
