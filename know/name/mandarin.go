package name

import "strings"

// spelling is one way to write a syllable, with its share among the ways of its
// system.
type spelling struct {
	text  string
	share float64
}

// ways reads "ch j:.1 ts:.05": spellings with their shares, the first with what
// the others leave; "" is written as "-".
func ways(s string) []spelling {
	var out []spelling
	rest := 1.0
	for i, f := range strings.Fields(s) {
		text, share, found := strings.Cut(f, ":")
		if text == "-" {
			text = ""
		}
		w := spelling{text, 0}
		if found {
			w.share = number(share)
		}
		if i > 0 {
			rest -= w.share
		}
		out = append(out, w)
	}
	if len(out) > 0 {
		out[0].share = rest
	}
	return out
}

// cross joins every way of the first part with every way of the second.
func cross(a, b []spelling) []spelling {
	var out []spelling
	for _, x := range a {
		for _, y := range b {
			out = append(out, spelling{x.text + y.text, x.share * y.share})
		}
	}
	return out
}

func one(s string) []spelling { return []spelling{{s, 1}} }

// pinyinInitials, longest first.
var pinyinInitials = strings.Fields("zh ch sh b p m f d t n l g k h j q x r z c s")

// splitPinyin takes a syllable without tone apart: its initial and its final as
// it sounds, so that yi is i, wu is u, jue is üe (v for ü).
func splitPinyin(p string) (initial, final string) {
	for _, i := range pinyinInitials {
		if f, ok := strings.CutPrefix(p, i); ok {
			if strings.Contains("j q x", i) && strings.HasPrefix(f, "u") {
				f = "v" + f[1:]
			}
			if strings.Contains("zh ch sh r z c s", i) && f == "i" {
				f = "ï"
			}
			return i, f
		}
	}
	switch {
	case strings.HasPrefix(p, "yu"):
		if p == "yong" {
			return "", "iong"
		}
		return "", "v" + p[2:]
	case p == "you":
		return "", "iu"
	case p == "yong":
		return "", "iong"
	case strings.HasPrefix(p, "yi"):
		return "", p[1:]
	case strings.HasPrefix(p, "y"):
		return "", "i" + p[1:]
	case p == "wei":
		return "", "ui"
	case p == "wen":
		return "", "un"
	case p == "weng":
		return "", "ueng"
	case strings.HasPrefix(p, "wu"):
		return "", p[1:]
	case strings.HasPrefix(p, "w"):
		return "", "u" + p[1:]
	}
	return "", p
}

// wadeInitials and wadeFinals are Wade-Giles without its apostrophes, followed
// by the habits that Taiwanese passports and newspapers show.
var wadeInitials = map[string]string{
	"": "-", "b": "p b:.02", "p": "p", "m": "m", "f": "f", "d": "t d:.02", "t": "t",
	"n": "n", "l": "l", "g": "k g:.02", "k": "k", "h": "h", "j": "ch j:.05 c:.005", "q": "ch c:.005 q:.005",
	"x": "hs sh:.14 s:.06", "zh": "ch j:.03", "ch": "ch", "sh": "sh s:.03", "r": "j r:.1", "z": "ts tz:.05 tse:.005",
	"c": "ts tz:.01", "s": "s ss:.005",
}

var wadeFinals = map[string]string{
	"a": "a", "o": "o", "e": "e eh:.02 er:.03 o:.02", "ai": "ai ay:.02", "ei": "ei ey:.01", "ao": "ao au:.04 aw:.01", "ou": "ou ow:.03 o:.01",
	"an": "an", "en": "en", "ang": "ang", "eng": "eng", "ong": "ung ong:.12 oong:.01",
	"i": "i ih:.03 y:.01", "ia": "ia", "ie": "ieh ie:.15", "iao": "iao iau:.05", "iu": "iu iou:.03 ieu:.01", "ian": "ien ian:.08",
	"in": "in", "iang": "iang", "ing": "ing", "iong": "iung iong:.1", "u": "u oo:.01",
	"ua": "ua", "uo": "uo o:.3 ou:.02", "uai": "uai", "ui": "ui uei:.2", "uan": "uan", "un": "un uen:.03 en:.02", "uang": "uang wang:.03", "ueng": "eng",
	"v": "u yu:.05 ui:.01 uh:.01 ue:.02 iu:.01", "ve": "ueh ue:.2 yueh:.01", "van": "uan uen:.02", "vn": "un uen:.01 yun:.01", "ï": "ih i:.08",
	"er": "erh er:.1", "io": "io",
}

// wadeWhole are syllables that are not their parts.
var wadeWhole = map[string]string{
	"zi": "tzu tze:.2 tsu:.1 tz:.05 tse:.08 tsu:.05 chi:.02 tsz:.02", "ci": "tzu tsu:.25 tze:.1 tse:.1", "si": "szu ssu:.2 su:.15 sze:.12 se:.04 ssu:.1 si:.03",
	"ge": "ko ke:.3 ker:.1", "ke": "ko ke:.4 ker:.05", "he": "ho he:.35 her:.05", "e": "o e:.3 ngo:.02 er:.05", "re": "je", "shi": "shih shi:.1 shyh:.02", "ri": "jih",
	"zhi": "chih chi:.1 jyh:.02 jhih:.01 chyi:.01", "chi": "chih chi:.1", "yi": "yi i:.25 yih:.05 ie:.02 ye:.01 e:.01", "yan": "yen yan:.1", "ye": "yeh ye:.08 yea:.02", "you": "yu you:.15 yiu:.04 yo:.01",
	"yong": "yung yong:.12", "yu": "yu yue:.05 yuh:.03 yui:.01", "yuan": "yuan yuen:.06", "yue": "yueh yue:.12", "yun": "yun yuen:.03", "wu": "wu woo:.04", "wei": "wei", "weng": "weng", "wen": "wen wun:.03", "wo": "wo",
	"gui": "kuei kui:.06 kwei:.03", "kui": "kuei kui:.06 kwei:.03", "huang": "huang hwang:.1", "guo": "kuo kwo:.02 guo:.02", "kuo": "kuo", "huo": "huo", "shuo": "shuo sho:.03", "xiao": "hsiao shiao:.14 siao:.03 hsiau:.03 shiau:.03 shaw:.01", "duo": "to tuo:.1", "tuo": "to tuo:.1", "luo": "lo luo:.08", "nuo": "no", "ruo": "jo", "zhuo": "cho chuo:.1", "chuo": "cho", "zuo": "tso tsuo:.05", "cuo": "tso", "suo": "so",
	"xi": "hsi shi:.14 si:.05 hsih:.02", "xie": "hsieh shieh:.1 hsie:.04 sieh:.03", "xu": "hsu shu:.08 su:.03 hsyu:.02 shiu:.01 hsui:.01", "xiu": "hsiu shiu:.14 siu:.04", "xian": "hsien shien:.12 sien:.03 hsian:.04 shian:.02", "xin": "hsin shin:.15 sin:.05", "xing": "hsing shing:.15 sing:.05", "xiang": "hsiang shiang:.14 siang:.04", "xuan": "hsuan shuan:.1 suan:.04 hsuen:.04", "xue": "hsueh shueh:.1 sueh:.03 hsue:.05", "xun": "hsun shun:.1 sun:.03", "xiong": "hsiung shiung:.12 hsiong:.05",
	"rong": "jung rong:.08 yung:.04", "jie": "chieh jie:.05 jye:.02 chie:.05", "zhe": "che jer:.02 je:.03 cher:.02 jhe:.01", "de": "te teh:.06 der:.03 ter:.02 de:.02", "jun": "chun jun:.06 june:.02 chiun:.02 chyun:.01", "min": "min", "ying": "ying in:.005", "er": "erh",
}

func wade(p string) []spelling {
	if w, ok := wadeWhole[p]; ok {
		return ways(w)
	}
	i, f := splitPinyin(p)
	if f == "ueng" {
		return one("weng")
	}
	if i == "" {
		switch f[0] {
		case 'i', 'v', 'u':
			return one(p) // what begins with a vowel is as in pinyin, but for wadeWhole
		}
	}
	fi, ok := wadeFinals[f]
	if !ok {
		return nil
	}
	return cross(ways(wadeInitials[i]), ways(fi))
}

// tongyong differs from pinyin in few places (Taiwan's Ministry of the
// Interior, 2002): x is s, q is c, zh is jh, ü is yu, iong is yong.
func tongyong(p string) []spelling {
	i, f := splitPinyin(p)
	ini := map[string]string{"x": "s", "q": "c", "zh": "jh"}
	if n, ok := ini[i]; ok {
		i = n
	}
	if i == "" {
		switch p {
		case "weng":
			return one("wong")
		case "wen":
			return ways("wun wen:.2")
		case "feng":
			return one("fong")
		}
		return one(p)
	}
	fin := map[string]string{"ï": "ih", "v": "yu", "ve": "yue", "van": "yuan", "vn": "yun", "iong": "yong", "iu": "iou", "ui": "uei", "un": "un"}
	if n, ok := fin[f]; ok {
		f = n
	}
	if i == "f" && f == "eng" {
		return ways("fong feng:.3")
	}
	if f == "iou" {
		return []spelling{{i + "iou", .7}, {i + "iu", .3}}
	}
	if f == "uei" {
		return []spelling{{i + "uei", .8}, {i + "ui", .2}}
	}
	return one(i + f)
}

// mps2 is Taiwan's official system of 1986 (MPS II), near to Yale and to the
// first tone of Gwoyeu Romatzyh.
func mps2(p string) []spelling {
	i, f := splitPinyin(p)
	ini := map[string]string{"zh": "j", "q": "ch", "x": "sh", "z": "tz", "c": "ts"}
	if n, ok := ini[i]; ok {
		i = n
	}
	fin := map[string]string{
		"v": "iu", "ve": "iue", "van": "iuan", "vn": "iun", "iong": "iung", "iu": "iou", "ui": "uei", "un": "uen", "ong": "ung", "ao": "au", "iao": "iau", "ï": "r",
	}
	if strings.Contains("tz ts s", i) && i != "" {
		fin["ï"] = "z"
	}
	if i == "" {
		switch f {
		case "v", "ve", "van", "vn":
			return one("yu" + f[1:])
		case "iong":
			return one("yung")
		case "iu":
			return one("you")
		case "iao":
			return one("yau")
		case "ao":
			return one("au")
		}
		return one(p)
	}
	if n, ok := fin[f]; ok {
		f = n
	}
	s := i + f
	if s == "tzz" {
		s = "tz"
	}
	return one(s)
}

// romatzyh writes the tone into the letters, after the rules of 1928: 勝 sheng,
// 文 wen, 孟 menq, 九 jeou. Only a few habits of it live in passports.
func romatzyh(p string, tone byte) []spelling {
	i, f := splitPinyin(p)
	ini := map[string]string{"zh": "j", "q": "ch", "x": "sh", "z": "tz", "c": "ts"}
	sonorant := i == "m" || i == "n" || i == "l" || i == "r"
	if n, ok := ini[i]; ok {
		i = n
	}
	fin := map[string]string{
		"v": "iu", "ve": "iue", "van": "iuan", "vn": "iun", "iong": "iong", "iu": "iou", "ui": "uei", "un": "uen", "ao": "au", "iao": "iau", "ï": "y", "er": "el", "ian": "ian", "ueng": "ueng",
	}
	if n, ok := fin[f]; ok {
		f = n
	}
	vowel := func(s string) int { return strings.IndexAny(s, "aeiouy") }
	switch tone {
	case '1':
		if sonorant { // mha, lha
			i += "h"
		}
	case '2':
		switch {
		case sonorant:
		case strings.HasPrefix(f, "iu") && len(f) > 1:
			f = "yu" + f[2:]
		case strings.HasPrefix(f, "i") && len(f) > 1 && strings.ContainsAny(f[1:2], "aeou"):
			f = "y" + f[1:]
		case strings.HasPrefix(f, "i"):
			f = "y" + f
			if len(f) > 2 { // in, ing: yn, yng
				f = "y" + f[2:]
			}
		case strings.HasPrefix(f, "u") && len(f) > 1 && strings.ContainsAny(f[1:2], "aeo"):
			f = "w" + f[1:]
		case f == "u":
			f = "wu"
		default:
			k := len(f)
			for k > 0 && strings.ContainsRune("ng", rune(f[k-1])) {
				k--
			}
			f = f[:k] + "r" + f[k:]
		}
	case '3':
		switch {
		case strings.HasPrefix(f, "i") && len(f) > 1 && strings.ContainsAny(f[1:2], "aou"):
			f = "e" + f[1:]
		case strings.HasPrefix(f, "u") && len(f) > 1 && strings.ContainsAny(f[1:2], "ae"):
			f = "o" + f[1:]
		case f == "ai" || f == "ei":
			f = f[:1] + "e"
			if f == "ee" {
				f = "eei"
			}
		case f == "au" || f == "ou":
			f = f[:1] + "o"
			if f == "oo" {
				f = "oou"
			}
		default:
			if v := vowel(f); v >= 0 {
				f = f[:v+1] + f[v:]
			}
		}
	case '4':
		switch {
		case strings.HasSuffix(f, "ng"):
			f = strings.TrimSuffix(f, "ng") + "nq"
		case strings.HasSuffix(f, "n"):
			f += "n"
		case strings.HasSuffix(f, "i") && len(f) > 1:
			f = strings.TrimSuffix(f, "i") + "y"
		case strings.HasSuffix(f, "u") && len(f) > 1 && f != "iu":
			f = strings.TrimSuffix(f, "u") + "w"
		default:
			f += "h"
		}
	}
	if i == "" {
		switch {
		case strings.HasPrefix(f, "i"):
			f = "y" + strings.TrimPrefix(f, "i")
			if len(f) == 1 || !strings.ContainsAny(f[1:2], "aeou") {
				f = "yi" + f[1:]
			}
		case strings.HasPrefix(f, "u"):
			f = "w" + strings.TrimPrefix(f, "u")
			if len(f) == 1 || !strings.ContainsAny(f[1:2], "aeo") {
				f = "wu" + f[1:]
			}
		case strings.HasPrefix(f, "e") && tone == '3' || strings.HasPrefix(f, "o") && tone == '3':
			return nil // irregular; nobody writes it
		}
	}
	return one(i + f)
}

// pinyinWays is pinyin as people type it: ü has four disguises.
func pinyinWays(p string) []spelling {
	if !strings.Contains(p, "v") {
		return one(p)
	}
	return []spelling{
		{strings.Replace(p, "v", "u", 1), .6}, {strings.Replace(p, "v", "yu", 1), .12}, {p, .18}, {strings.Replace(p, "v", "ue", 1), .05}, {strings.Replace(p, "v", "iu", 1), .05},
	}
}

// taiwan mixes the small systems of Taiwan.
func taiwan(p string, tone byte) []spelling {
	var out []spelling
	for _, w := range mps2(p) {
		out = append(out, spelling{w.text, w.share * .55})
	}
	for _, w := range romatzyh(p, tone) {
		out = append(out, spelling{w.text, w.share * .45})
	}
	return out
}
