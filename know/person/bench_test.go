package person

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"homeward/know/name"
)

// people is how many made-up people the benchmark puts into the index:
//
//	go test -run '^$' -bench Index -benchtime 1x ./know/person -people 1000000
var people = flag.Int("people", 20000, "made-up people for BenchmarkIndex")

// crowd makes up people, some in characters and some in letters, with what a
// list often holds and often lacks.
func crowd(r *rand.Rand) (Record, name.Invented) {
	n := name.Invent(r.Float64)
	p := Record{ID: fmt.Sprint(r.Int64()), Name: n.Han, Sex: "m", Nationality: "China", Place: fmt.Sprintf("Town%d", r.IntN(900))}
	if r.Float64() < .4 {
		p.Name = n.Latin
	}
	if r.Float64() < .7 {
		p.BirthDate = fmt.Sprintf("%d-%02d-%02d", 1965+r.IntN(40), 1+r.IntN(12), 1+r.IntN(28))
	}
	if r.Float64() < .5 {
		p.Phone = fmt.Sprintf("+8529%07d", r.IntN(1e7))
	}
	if r.Float64() < .3 {
		p.Document = fmt.Sprintf("E%08d", r.IntN(1e8))
	}
	return p, n
}

// BenchmarkIndex builds an index on two goroutines, as a start from disk would,
// and then lets records arrive one by one: the same people in the other script.
func BenchmarkIndex(b *testing.B) {
	for b.Loop() {
		ix := NewIndex()
		var again []Record
		var mu sync.Mutex
		var wg sync.WaitGroup
		start := time.Now()
		for w := range 2 {
			wg.Go(func() {
				r := rand.New(rand.NewPCG(1, uint64(w)))
				var made []Record
				var names []name.Invented
				const batch = 1000
				for left := *people / 2; left > 0; left -= batch {
					made, names = made[:0], names[:0]
					for range min(batch, left) {
						p, n := crowd(r)
						made, names = append(made, p), append(names, n)
					}
					for i, p := range made {
						if _, err := ix.Add(p); err != nil {
							b.Error(err)
						}
						if i == 0 {
							q := p
							q.ID, q.Phone, q.Document = "again", "", ""
							if strings.ContainsAny(p.Name, "aeiou") {
								q.Name = names[i].Han
							} else {
								q.Name = names[i].Latin
							}
							mu.Lock()
							again = append(again, q)
							mu.Unlock()
						}
					}
				}
			})
		}
		wg.Wait()
		b.ReportMetric(time.Since(start).Seconds(), "build-s")
		model := ix.Model(DefaultWeights())
		var took []time.Duration
		for _, q := range again {
			start := time.Now()
			p := Read(q)
			if _, err := ix.AddPerson(p); err != nil {
				b.Fatal(err)
			}
			ix.Match(model, p, DefaultBudget(), 10)
			took = append(took, time.Since(start))
		}
		slices.Sort(took)
		b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
		b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		b.ReportMetric(float64(m.HeapAlloc)/1e6, "live-MB")
		if status, err := os.ReadFile("/proc/self/status"); err == nil {
			for l := range strings.Lines(string(status)) {
				if f := strings.Fields(l); len(f) > 1 && f[0] == "VmHWM:" {
					var kb float64
					if _, err := fmt.Sscan(f[1], &kb); err == nil {
						b.ReportMetric(kb/1e3, "peak-MB")
					}
				}
			}
		}
		runtime.KeepAlive(ix)
	}
}

// BenchmarkCompare is one full comparison with its words.
func BenchmarkCompare(b *testing.B) {
	m := Default()
	x, y := Read(Record{Name: "林曉峰", BirthDate: "民國87", Phone: "0912000333"}), Read(Record{Name: "Lam Hiu Fung", BirthDate: "1998-03-05", Place: "Ipoh"})
	for b.Loop() {
		m.Compare(x, y)
	}
}
