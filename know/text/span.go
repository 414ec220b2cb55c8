package text

import (
	"sort"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// Span maps the bytes of n.Text from start to end to the bytes of the source
// they came from, widened to whole grapheme clusters (UAX #29), so that what is
// shown cuts no character in two. Characters that left no trace in n.Text are in
// the span if they stand between others that are. A larger span never maps to a
// smaller one. An empty span maps to an empty one; offsets outside the text
// count as its nearest end.
func (n *Norm) Span(start, end int) (int, int) {
	start = max(0, min(start, len(n.Text)))
	end = max(start, min(end, len(n.Text)))
	if start == len(n.Text) {
		return len(n.src), len(n.src)
	}
	from := n.clusterStart(n.source(start))
	if start == end {
		return from, from
	}
	return from, n.clusterEnd(n.source(end - 1))
}

// source gives where byte i of n.Text came from.
func (n *Norm) source(i int) int {
	k := sort.Search(len(n.runs), func(k int) bool { return int(n.runs[k].out) > i }) - 1
	p := int(n.runs[k].src) + i - int(n.runs[k].out)
	if k+1 < len(n.runs) {
		p = min(p, int(n.runs[k+1].src))
	}
	return p
}

// near is how far Span looks around for a place where a cluster surely begins,
// in characters, and how long a cluster it measures each time, in bytes. Where
// that does not do, all clusters of the text are counted once, so that no
// number of findings in a giant cluster makes the work grow with its square.
const (
	near      = 32
	nearBytes = 256
)

// clusterStart gives where the cluster that holds byte p begins.
func (n *Norm) clusterStart(p int) int {
	if i, ok := n.clusterFrom(p); ok {
		for {
			end, ok := n.clusterAt(i)
			if !ok {
				break
			}
			if p < end {
				return i
			}
			i = end
		}
	}
	starts := n.allClusters()
	return int(starts[sort.Search(len(starts), func(k int) bool { return int(starts[k]) > p })-1])
}

// clusterEnd gives where the cluster that holds byte p ends.
func (n *Norm) clusterEnd(p int) int {
	i := n.runeStart(p)
	r, w := utf8.DecodeRuneInString(n.src[i:])
	if n.breakAt(r, i+w) {
		return i + w
	}
	if i, ok := n.clusterFrom(p); ok {
		for {
			end, ok := n.clusterAt(i)
			if !ok {
				break
			}
			if p < end {
				return end
			}
			i = end
		}
	}
	starts := n.allClusters()
	if k := sort.Search(len(starts), func(k int) bool { return int(starts[k]) > p }); k < len(starts) {
		return int(starts[k])
	}
	return len(n.src)
}

// clusterFrom looks back from byte p for a place where a cluster surely begins.
func (n *Norm) clusterFrom(p int) (int, bool) {
	i := n.runeStart(p)
	for range near {
		if i == 0 {
			return 0, true
		}
		before, w := utf8.DecodeLastRuneInString(n.src[:i])
		if n.breakAt(before, i) {
			return i, true
		}
		i -= w
	}
	return 0, false
}

// breakAt reports whether there is surely a boundary at i, behind the rune
// before: an ordinary character joins nothing but what asks to stand before one
// (rules GB9b and GB999).
func (n *Norm) breakAt(before rune, i int) bool {
	if i == len(n.src) {
		return true
	}
	r, _ := utf8.DecodeRuneInString(n.src[i:])
	return lookup(r)&plain != 0 && lookup(before)&prepend == 0
}

// clusterAt gives the end of the cluster that begins at i, if it is not long.
func (n *Norm) clusterAt(i int) (int, bool) {
	part := n.src[i:min(len(n.src), i+nearBytes)]
	cluster, rest, _, _ := uniseg.FirstGraphemeClusterInString(part, -1)
	end := i + len(cluster)
	// What was cut off might have joined the cluster, or been half a character.
	return end, len(rest) >= utf8.UTFMax || end == len(n.src)
}

func (n *Norm) runeStart(p int) int {
	for i := p; i >= 0 && i > p-utf8.UTFMax; i-- {
		if utf8.RuneStart(n.src[i]) {
			if _, w := utf8.DecodeRuneInString(n.src[i:]); i+w > p {
				return i
			}
			break
		}
	}
	return p // a byte that is part of no character
}

func (n *Norm) allClusters() []uint32 {
	n.once.Do(func() {
		rest, state, pos := n.src, -1, 0
		for rest != "" {
			var c string
			n.clusters = append(n.clusters, uint32(pos))
			c, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
			pos += len(c)
		}
	})
	return n.clusters
}
