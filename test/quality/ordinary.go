package main

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"

	"homeward/know/lure"
)

// set is a public collection of ordinary texts: how often do the signs fire on
// what is no lure? Nothing of them is kept in this repository.
type set struct {
	name  string
	files []string
	// read picks the texts out of the rows: columns to join, and which rows.
	text   []int
	keep   func(row []string) bool
	coding encoding.Encoding
	tabs   bool
	titles bool // only titles: too easy to be counted
}

func column(i int, want string) func([]string) bool {
	return func(row []string) bool { return len(row) > i && row[i] == want }
}

var sets = []set{
	{name: "uci_sms, ham", files: []string{"uci_sms/spam.csv"}, text: []int{1}, keep: column(0, "ham"), coding: charmap.ISO8859_1},
	{name: "zh_sms_10k, ham", files: []string{"zh_sms_10k/data_set.txt"}, text: []int{1}, keep: column(0, "0"), tabs: true},
	{name: "th_sms, ordinary", files: []string{"th_sms/sms_dataset.csv"}, text: []int{0}, keep: column(1, "0"), coding: charmap.Windows874},
	{name: "id_sms, normal", files: []string{"id_sms/dataset_sms_spam_v1.csv"}, text: []int{0}, keep: column(1, "0")},
	{name: "sms_tagalog_mix, ham", files: []string{"sms_tagalog_mix/sms-data.csv"}, text: []int{1}, keep: column(0, "ham")},
	{name: "telecom_fraud_texts_5, normal", files: []string{"telecom_fraud_texts_5/label00-last.csv.gz"}, text: []int{0}, keep: column(1, "0")},
	{name: "jobs_th2", files: []string{"jobs_th2/jobsdb_data.csv.gz"}, text: []int{0, 7, 8, 9, 16}},
	{name: "emscad_499, genuine", files: []string{"emscad_499/fake_job_postings.csv.gz"}, text: []int{1, 4, 5, 6, 7}, keep: column(16, "0")},
	{name: "cofacts_messages", files: []string{"cofacts_messages/dev.csv", "cofacts_messages/test.csv.gz", "cofacts_messages/task.csv"}, text: []int{2}},
	{name: "jobs_th (titles)", files: []string{"jobs_th/jobsdb_th.csv.gz"}, text: []int{1, 5, 6, 7}, titles: true},
	{name: "jobs_id (titles)", files: []string{"jobs_id/job_salary_mean.csv.gz"}, text: []int{0, 1, 2, 3}, titles: true},
	{name: "jobs_zh51 (titles)", files: []string{"jobs_zh51/51job.csv.gz"}, text: []int{0, 1, 2, 3, 6}, titles: true},
}

// ordinary prints how often the signs fire on public ordinary texts, if the
// folder that HOMEWARD_EVAL names is there.
func ordinary(p *lure.Packs, show bool) {
	root := os.Getenv("HOMEWARD_EVAL")
	if root == "" {
		fmt.Println("\nordinary texts: skipped, HOMEWARD_EVAL names no folder of public sets")
		return
	}
	fmt.Printf("\n%-34s %7s %9s %9s %9s\n", "ordinary texts", "n", "strong", "some", "plea")
	for _, s := range sets {
		var n, strong, some, plea int
		fired := map[string]int{}
		for _, t := range s.texts(filepath.Join(root, "lures")) {
			n++
			a := p.Screen(lure.Request{Text: t})
			switch a.Level {
			case lure.Strong:
				strong++
			case lure.Some:
				some++
			case lure.Plea:
				plea++
			}
			if a.Level == lure.Strong || a.Level == lure.Plea {
				fired[strings.Join(signsOf(a), " ")]++
				if show {
					fmt.Printf("    %s %v: %s\n", a.Level, a.Kinds, cut(strings.ReplaceAll(t, "\n", " ")))
					for _, f := range a.Findings {
						fmt.Printf("        %s %q %s\n", f.Indicator, f.Quote, cut(f.Phrase))
					}
				}
			}
		}
		note := ""
		if s.titles {
			note = "  titles only, not counted"
		}
		fmt.Printf("%-34s %7d %8.2f%% %8.2f%% %8.2f%%%s\n", s.name, n, percent(strong, n), percent(some, n), percent(plea, n), note)
		if s.name == "cofacts_messages" {
			for _, k := range slices.SortedFunc(keys(fired), func(a, b string) int { return fired[b] - fired[a] })[:min(12, len(fired))] {
				fmt.Printf("    %4d x %s\n", fired[k], k)
			}
		}
	}
}

func signsOf(a lure.Assessment) []string {
	var ids []string
	for _, f := range a.Findings {
		if !slices.Contains(ids, f.Indicator) {
			ids = append(ids, f.Indicator)
		}
	}
	slices.Sort(ids)
	return ids
}

func keys(m map[string]int) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func percent(k, n int) float64 {
	if n == 0 {
		return 0
	}
	return 100 * float64(k) / float64(n)
}

// texts reads the distinct texts of a set; a missing file gives none.
func (s set) texts(root string) []string {
	var out []string
	seen := map[string]bool{}
	for _, name := range s.files {
		for _, row := range s.rows(filepath.Join(root, name)) {
			if s.keep != nil && !s.keep(row) {
				continue
			}
			var parts []string
			for _, c := range s.text {
				if c < len(row) {
					parts = append(parts, row[c])
				}
			}
			t := strings.TrimSpace(strings.Join(parts, "\n"))
			if t != "" && !seen[t] {
				seen[t] = true
				out = append(out, t)
			}
		}
	}
	return out
}

func (s set) rows(file string) [][]string {
	f, err := os.Open(file)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return nil
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(file, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return nil
		}
	}
	if s.coding != nil {
		r = s.coding.NewDecoder().Reader(r)
	}
	var rows [][]string
	if s.tabs {
		sc := bufio.NewScanner(r)
		sc.Buffer(nil, 1<<20)
		for sc.Scan() {
			rows = append(rows, strings.SplitN(sc.Text(), "\t", 2))
		}
		return rows
	}
	c := csv.NewReader(r)
	c.FieldsPerRecord = -1
	c.LazyQuotes = true
	for {
		row, err := c.Read()
		if err != nil {
			return rows
		}
		rows = append(rows, row)
	}
}
