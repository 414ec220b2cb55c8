package name

import "math"

// A System is one way of writing the sounds of a Chinese name in Latin letters:
// a language with the spelling habits of one region.
type System uint8

// The systems, in the order of the tables.
const (
	Pinyin     System = iota // Hanyu Pinyin: mainland, Singapore, everywhere since 1980
	WadeGiles                // Wade-Giles with Taiwan's habits: no apostrophes, hs or sh
	Tongyong                 // Tongyong Pinyin: Taiwan, 2002 to 2008
	Taiwan                   // Gwoyeu Romatzyh, MPS II and Yale in Taiwan's passports
	HongKong                 // the spelling of Hong Kong's identity cards
	Macau                    // the Portuguese spelling of Macau
	Malaya                   // Cantonese as spelt in Malaysia and Singapore
	Jyutping                 // Jyutping and Yale, as taught
	Hokkien                  // Hokkien: Malaysia, Singapore, Philippines, Indonesia, Taiwan
	Teochew                  // Teochew: Singapore, Malaysia, Thailand, Cambodia
	Hakka                    // Hakka: Malaysia, Indonesia, Taiwan
	Hainan                   // Hainanese, Hokchiu and Foochow
	Korean                   // Sino-Korean readings
	Vietnamese               // Sino-Vietnamese readings
	systems
)

// area groups systems that meet in one person's name: a language first.
type area uint8

const (
	mandarinWest area = iota
	mandarinTaiwan
	cantonese
	southSea
	korea
	vietnam
)

// systemInfo says what a system is called, whose it is, and how many of the
// romanised Chinese names a desk sees are spelt in it. The shares are our own
// guess for the region, not a count.
var systemInfo = [systems]struct {
	name  string
	area  area
	share float64
	// how often the syllables of a given name are written together, with a
	// hyphen, or apart
	joined, hyphen, space float64
	surnameFirst          float64
}{
	Pinyin:     {"Pinyin", mandarinWest, .50, .93, .03, .04, .75},
	WadeGiles:  {"Wade-Giles", mandarinTaiwan, .13, .07, .83, .10, .75},
	Tongyong:   {"Tongyong", mandarinTaiwan, .015, .05, .85, .10, .75},
	Taiwan:     {"Taiwan", mandarinTaiwan, .015, .07, .83, .10, .75},
	HongKong:   {"Cantonese", cantonese, .15, .02, .58, .40, .88},
	Macau:      {"Cantonese (Macau)", cantonese, .015, .02, .40, .58, .88},
	Malaya:     {"Cantonese (Malaysia)", cantonese, .035, .02, .10, .88, .92},
	Jyutping:   {"Cantonese (Jyutping)", cantonese, .005, .50, .20, .30, .8},
	Hokkien:    {"Hokkien", southSea, .055, .03, .12, .85, .92},
	Teochew:    {"Teochew", southSea, .015, .03, .12, .85, .92},
	Hakka:      {"Hakka", southSea, .015, .03, .12, .85, .92},
	Hainan:     {"Hainanese or Foochow", southSea, .005, .03, .12, .85, .92},
	Korean:     {"Korean", korea, .035, .20, .60, .20, .85},
	Vietnamese: {"Vietnamese", vietnam, .02, .02, .02, .96, .95},
}

// String gives the name people know the system by.
func (s System) String() string {
	if s >= systems {
		return "unknown"
	}
	return systemInfo[s].name
}

// toGiven is the log2 probability that a given name is spelt in system g when
// the surname is spelt in s; within is that of the next syllable of one given
// name. Both follow from the areas: Singapore and Malaysia pair a surname of the
// south with a pinyin given name, Hong Kong's people have Taiwan's spellings
// and the other way round.
var toGiven, within [systems][systems]float32

func init() {
	var together [6][6]float64
	for a := range together {
		for b := range together[a] {
			together[a][b] = .004
		}
		together[a][a] = .06
	}
	together[southSea][mandarinWest] = .10
	together[southSea][cantonese] = .08
	together[cantonese][southSea] = .03
	together[cantonese][mandarinWest] = .03
	together[cantonese][mandarinTaiwan] = .02
	together[mandarinTaiwan][mandarinWest] = .10
	together[mandarinWest][mandarinTaiwan] = .02
	together[mandarinTaiwan][southSea] = .01
	together[southSea][mandarinTaiwan] = .03
	for s := range systems {
		var g, w [systems]float64
		var sumG, sumW float64
		for t := range systems {
			a, b := systemInfo[s].area, systemInfo[t].area
			g[t] = together[a][b] * systemInfo[t].share
			w[t] = g[t] * .3
			if a == b {
				w[t] = .5 * systemInfo[t].share
			}
			if s == t {
				g[t], w[t] = 0, 0
			}
			sumG += g[t]
			sumW += w[t]
		}
		// What the areas leave belongs to the same system.
		keepG, keepW := .85, .92
		for t := range systems {
			if s == t {
				toGiven[s][t] = log2(keepG)
				within[s][t] = log2(keepW)
				continue
			}
			toGiven[s][t] = log2((1 - keepG) * g[t] / sumG)
			within[s][t] = log2((1 - keepW) * w[t] / sumW)
		}
	}
}

func log2(x float64) float32 { return float32(math.Log2(x)) }
