package name

import "strings"

// southSea spells Pe̍h-ōe-jī as clerks in Singapore, Malaysia, the Philippines
// and Taiwan did. Shares are ours.
var (
	pojInitials = strings.Fields("chh ch kh ph th ng b g h j k l m n p s t w y")
	pojSpelt    = rules{
		initials: map[string]string{
			"": "-", "chh": "ch c:.05 chh:.01 ts:.02", "ch": "ch t:.03 c:.06 tj:.02 j:.03 ts:.03", "kh": "k kh:.35", "ph": "p ph:.3", "th": "t th:.3", "ng": "ng g:.1", "b": "b m:.2", "g": "g ng:.12 gh:.04", "h": "h", "j": "j y:.15 l:.04 dj:.01", "k": "k g:.06 c:.02", "l": "l n:.03", "m": "m", "n": "n l:.03", "p": "p b:.06", "s": "s sh:.03", "t": "t d:.05", "w": "w", "y": "y",
		},
		finals: map[string]string{
			"a": "a ah:.25 ar:.02", "ai": "ai ye:.15 ay:.06 y:.02", "am": "am um:.02", "an": "an ann:.06", "ang": "ang", "au": "au ow:.1 ao:.06 aw:.01", "e": "e ay:.2 eh:.2 ey:.06 ei:.05 ee:.05", "ek": "ek eck:.15 ik:.15 ick:.05 aik:.08 ack:.02", "eng": "eng ing:.25 ang:.02", "ea": "ea",
			"i": "i ee:.35 ie:.03 ih:.02 y:.02 ey:.01", "ia": "ia iah:.1 ear:.03 ea:.08 eah:.04", "iah": "iah ia:.4", "iam": "iam iem:.05 eam:.05", "ian": "ian ean:.2 ien:.12 an:.02 yan:.02 een:.03 iang:.01", "iang": "iang eang:.08", "iap": "iap eap:.1 yap:.02", "iat": "iat eat:.06 iet:.06 ett:.01 iak:.02", "iau": "iau iew:.12 iaw:.1 eow:.2 iao:.12 ew:.04 iow:.06", "im": "im imm:.01", "in": "in inn:.01 ian:.005", "ing": "ing eng:.1", "io": "io eo:.2 iow:.05 eow:.05", "iok": "iok eok:.35 oke:.05 iock:.05 ock:.02 uk:.02", "iong": "iong eong:.2 iang:.06 ong:.03", "ip": "ip", "it": "it ith:.01", "iu": "iu iew:.3 ew:.1 eow:.01 u:.03 iow:.02", "iuk": "iuk",
			"o": "o oh:.25 or:.1 aw:.06 ou:.03 ow:.03", "oa": "ua oa:.25 wa:.12 uah:.1", "oan": "uan oan:.12 wan:.1 uang:.01 an:.01", "oat": "uat oat:.15 wat:.05", "oe": "oe ue:.3 uay:.1 oey:.06 uey:.03 wee:.03 uei:.03 way:.02", "oh": "oh ok:.1 o:.2", "oi": "oi", "ok": "ok ock:.4 oke:.04 uk:.01 uck:.01", "ong": "ong oong:.02 ung:.06", "u": "u oo:.3 ew:.01 ue:.02", "ui": "ui wee:.25 ooi:.06 uei:.04 uy:.06 oei:.02 wie:.01 ooy:.01", "un": "un oon:.45 oen:.04 uen:.02", "ut": "ut oot:.03 utt:.01", "ak": "ak ack:.1", "at": "at att:.1", "ap": "ap", "eh": "eh", "ee": "ee", "ew": "ew", "ng": "ng",
		},
	}
)

func hokkien(poj string) []spelling {
	for _, i := range append(pojInitials, "") {
		f, ok := strings.CutPrefix(poj, i)
		if !ok || f == "" {
			continue
		}
		if w, ok := pojSpelt.finals[f]; ok {
			out := cross(ways(pojSpelt.initials[i]), ways(w))
			if i == "" && strings.HasPrefix(f, "i") && len(f) > 1 { // iong: yong
				for _, s := range out {
					if t := strings.TrimPrefix(s.text, "i"); strings.ContainsAny(t[:1], "aeou") {
						out = append(out, spelling{"y" + t, s.share})
					}
				}
			}
			if i == "" && f == "i" {
				out = append(out, ways("ee yi:.3 yee:.1 e:.05")...)
			}
			return out
		}
		break
	}
	return one(poj)
}

// korean spells a hangul syllable: Revised Romanization first, then the habits
// of passports.
func korean(h rune) []spelling {
	if h < 0xAC00 || h > 0xD7A3 {
		return nil
	}
	n := int(h - 0xAC00)
	initial, vowel, coda := n/588, n%588/28, n%28
	lead := [...]string{"g k:.45", "kk", "n", "d t:.15", "tt", "r l:.2 n:.2 y:.01", "m", "b p:.2", "pp", "s sh:.02", "ss", "-", "j ch:.35 z:.01", "jj", "ch", "k", "t", "p", "h"}
	mid := [...]string{"a ah:.02", "ae ai:.1 e:.05 ay:.01", "ya", "yae", "eo u:.25 o:.1 uh:.03 ou:.03", "e", "yeo yu:.2 you:.1 yo:.1 yuh:.01", "ye yea:.02 ie:.02 e:.05", "o oh:.03", "wa", "wae", "oe oi:.1 we:.05", "yo", "u oo:.35 ou:.02", "wo won:.001 weo:.01", "we", "wi we:.05 wie:.02", "yu yoo:.25 you:.05", "eu u:.25 oo:.03 e:.03", "ui eui:.2 i:.1 ee:.03", "i ee:.12 y:.01"}
	final := [...]string{"-", "k g:.1 ck:.03", "k", "k", "n", "n", "n", "t", "l", "k", "m", "p", "l", "l", "p", "l", "m", "p b:.05", "p", "t", "t", "ng", "t", "t", "k", "t", "p", "t"}
	out := cross(cross(ways(lead[initial]), ways(mid[vowel])), ways(final[coda]))
	if initial == 5 { // the law of first sounds: 李 ri is i, 龍 ryong is yong, 林 rim is im
		out = append(out, cross(ways(mid[vowel]), ways(final[coda]))...)
	}
	switch string(h) {
	case "영": // Young, Yong
		out = append(out, ways("young yung:.4 yong:.3")...)
	case "경":
		out = append(out, ways("kyung kyoung:.3 kyong:.2")...)
	case "희":
		out = append(out, ways("hee hui:.1 hi:.2")...)
	case "우":
		out = append(out, ways("woo u:.1")...)
	case "이":
		out = append(out, ways("yi lee:.2 ee:.1 rhee:.05")...)
	case "훈":
		out = append(out, ways("hoon")...)
	case "준":
		out = append(out, ways("joon jun:.4 june:.05")...)
	case "현":
		out = append(out, ways("hyun")...)
	case "연":
		out = append(out, ways("yun youn:.3 yeun:.1")...)
	case "근":
		out = append(out, ways("keun kun:.3")...)
	case "승":
		out = append(out, ways("seung sung:.4")...)
	}
	return out
}

// plainVietnamese takes the marks from a Vietnamese syllable.
func plainVietnamese(v string) []spelling {
	t := Plain(v)
	if t == "" {
		return nil
	}
	return one(t)
}
