package name

import "testing"

var benchNames = []string{"黃小明", "Wong Siu Ming", "HWANG, SHIAO-MING", "Mohamad Ali bin Hassan", "Nguyễn Văn Nam", "林美玲", "Peter CHAN Tai-man", "Lim Bee Leng"}

func BenchmarkRead(b *testing.B) {
	Read("黃小明")
	for i := range b.N {
		Read(benchNames[i%len(benchNames)])
	}
}

// BenchmarkCompare compares all with all: most are different people, which
// costs most.
func BenchmarkCompare(b *testing.B) {
	var names []*Name
	for _, s := range benchNames {
		names = append(names, Read(s))
	}
	i := 0
	for b.Loop() {
		Score(names[i%8], names[i/8%8], nil)
		i++
	}
}
