package exchange

import (
	"bytes"
	"fmt"
	"testing"
)

// manyPeople is an invented list of n rows and nine columns.
func manyPeople(n int) ([]string, [][]string) {
	rows := make([][]string, n)
	for i := range rows {
		rows[i] = []string{fmt.Sprint(i + 1), fmt.Sprintf("王小測%d", i), fmt.Sprintf("WANG HSIAO-TSE %d", i), fmt.Sprintf("19%02d-%02d-%02d", i%100, i%12+1, i%28+1), "M", "TW", fmt.Sprintf("+886 9%08d", i), fmt.Sprintf("X%09d", i), "Poipet"}
	}
	return []string{"id", "name", "other_names", "birth_date", "sex", "nationality", "phone", "document", "place"}, rows
}

func BenchmarkRead(b *testing.B) {
	header, rows := manyPeople(100_000)
	var text, workbook bytes.Buffer
	if err := WriteCSV(&text, header, rows); err != nil {
		b.Fatal(err)
	}
	if err := WriteXLSX(&workbook, "x", header, rows); err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name string
		file []byte
	}{{"CSV", text.Bytes()}, {"XLSX", workbook.Bytes()}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if s, err := Read(c.file, Options{}); err != nil || len(s.Rows) != len(rows) {
					b.Fatal(err)
				}
			}
		})
	}
}
