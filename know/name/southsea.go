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
			"i": "i ee:.35 ie:.03 ih:.02 y:.02 ey:.01", "ia": "ia iah:.1 ear:.03 ea:.08 eah:.04", "iah": "iah ia:.4", "iam": "iam iem:.05 eam:.05", "ian": "ian ean:.2 ien:.12 an:.02 yan:.02 een:.03 iang:.01", "iang": "iang eang:.08", "iap": "iap eap:.1 yap:.02", "iat": "iat eat:.1 it:.12 iet:.06 ett:.01 iak:.02", "iau": "iau iew:.12 iaw:.1 eow:.2 iao:.12 ew:.04 iow:.06", "im": "im imm:.01", "in": "in inn:.01 ian:.005", "ing": "ing eng:.1", "io": "io eo:.2 iow:.05 eow:.05", "iok": "iok eok:.35 oke:.05 iock:.05 ock:.02 uk:.02", "iong": "iong eong:.2 iang:.06 ong:.03", "ip": "ip", "it": "it ith:.01", "iu": "iu iew:.3 ew:.1 eow:.01 u:.03 iow:.02", "iuk": "iuk",
			"o": "o oh:.25 or:.1 aw:.06 ou:.03 ow:.03", "oa": "ua oa:.25 wa:.12 uah:.1", "oan": "uan oan:.12 wan:.1 uang:.01 an:.01", "oat": "uat oat:.15 wat:.05", "oe": "oe ue:.3 uay:.1 oey:.06 uey:.03 wee:.03 uei:.03 way:.02", "oh": "oh ok:.1 o:.2", "oi": "oi", "ok": "ok ock:.4 oke:.04 uk:.01 uck:.01", "ong": "ong oong:.02 ung:.06", "u": "u oo:.3 ew:.01 ue:.02", "ui": "ui wee:.25 ooi:.06 uei:.04 uy:.06 oei:.02 wie:.01 ooy:.01", "un": "un oon:.45 oen:.04 uen:.02", "ut": "ut oot:.03 utt:.01", "ak": "ak ack:.1", "at": "at att:.1", "ap": "ap", "eh": "eh", "ee": "ee", "ew": "ew", "ng": "ng",
		},
	}
)

// pojWhole are syllables that clerks wrote otherwise than their parts.
var pojWhole = map[string]string{
	"hui": "hui hwee:.25 wee:.15 huey:.1 fui:.02 hooi:.04 hwi:.02", "hoa": "hua hwa:.25 wah:.2 hoa:.1 wa:.05 huah:.1", "hoe": "hoe hwee:.2 huay:.15 hui:.2 wee:.03 huey:.05", "hoan": "huan hwan:.15 wan:.1 hoan:.1", "hoat": "huat huatt:.1 hoat:.1 watt:.01",
	"u": "u yew:.1 oo:.2", "un": "un oon:.2 woon:.15 yun:.03 wun:.05", "ui": "wee ui:.25 wei:.15 wui:.05 uy:.02", "ong": "ong", "oan": "wan uan:.3 oan:.1 yuan:.1", "it": "it yit:.3 ik:.05", "in": "in yin:.4 een:.02", "im": "im yim:.3", "eng": "eng ing:.15 yong:.05 ying:.15 weng:.04", "iu": "iu yew:.35 yu:.1 yiu:.06 ew:.05 eu:.06", "ek": "ek yek:.1 ik:.1 aik:.15",
	"sui": "swee sui:.3 suay:.05 sooi:.05 suee:.03", "soat": "suat suet:.06 soat:.1 suat:.05", "kui": "kwee kui:.4 kuei:.06 kwei:.05 kooi:.03", "kun": "koon kun:.3 koen:.02 kuen:.02 khoon:.12", "khun": "khoon koon:.3 kun:.1", "chun": "choon chun:.3 tjoen:.01 joon:.04", "chhun": "choon chun:.2 soon:.05", "bun": "boon bun:.2 boen:.02 mun:.05 vun:.01", "bi": "bee mei:.1 bi:.2 mee:.06 mui:.02", "bo": "bo boh:.2 mo:.1", "hong": "hong hoong:.02 fong:.03 pang:.02", "hok": "hock hok:.4 hoc:.02 fook:.03 fock:.01", "kok": "kok kock:.1 kuok:.03", "kong": "kong kuang:.02 kwang:.03 kwong:.03", "sin": "sin shin:.1", "seng": "seng sing:.1 sheng:.06 sin:.01 say:.01", "chheng": "cheng ching:.3 chheng:.02", "cheng": "cheng ching:.3 jing:.02 tjeng:.02", "lan": "lan larn:.02", "lian": "lian lean:.15 lien:.2", "thian": "thian tian:.3 thean:.15 tien:.1 teen:.04 thien:.05", "gi": "ghee gee:.25 gi:.15 ngee:.15 ngi:.03 nghee:.03 yi:.05", "gek": "gek geok:.2 gaik:.15 giok:.08 gik:.05", "giok": "giok geok:.4 gek:.1 nyok:.01", "liong": "liong leong:.25 leang:.03 liang:.15", "tiong": "tiong teong:.15 chong:.1 tong:.02", "siong": "siong seong:.15 siang:.2 sheong:.03 song:.02", "chiong": "chiong cheong:.35 chong:.1 chiang:.06", "hiong": "hiong heong:.2 hiang:.1", "iong": "yong iong:.15 yeong:.1 eong:.05", "tek": "teck tek:.3 tik:.06 tick:.05 taik:.04 tuck:.02", "phek": "phaik pek:.15 phek:.15 peck:.1 pik:.06", "pek": "pek pik:.1 phaik:.1 paik:.1 peck:.1", "ho": "ho hoe:.06 hoh:.1 how:.06 haw:.06 hor:.06", "hau": "hau how:.2 hao:.15 haw:.1", "goan": "guan goan:.2 gwan:.1 nguan:.08 yuan:.08 ngoan:.02", "goat": "guat goat:.15 gwat:.1 geok:.02 guek:.05", "koan": "kuan kwan:.25 koan:.05 guan:.06", "choan": "chuan choan:.15 tjoan:.02 chwan:.02", "chhoan": "chuan choan:.1", "hoi": "hoi", "hun": "hoon hun:.3 foon:.02 hoen:.02 fun:.02", "jin": "jin yin:.12 gin:.02 lin:.02 yen:.01", "liok": "liok leok:.15 lok:.1 lock:.03", "tiat": "tiat teat:.2 tet:.03 tiet:.06 thiat:.06", "kian": "kian kean:.25 kien:.12 kiang:.01", "kiat": "kiat keat:.2 kit:.15 kiet:.08", "kiam": "kiam khiam:.1 keam:.06", "khiam": "khiam kiam:.4 kheam:.05", "hian": "hian hean:.2 hien:.1 hean:.02", "hiap": "hiap heap:.06 yap:.02", "biau": "biau biow:.2 beow:.12 mieow:.05 biao:.1 biaw:.05 meow:.05 miao:.05", "siau": "siau seow:.3 siow:.2 siew:.1 siaw:.03 siao:.08", "iau": "yeow iau:.15 yau:.2 yew:.1 eow:.1 yiaw:.03 yaw:.08", "an": "an ann:.25 aun:.1", "hin": "hin heng:.1 hing:.1", "iok": "yoke iok:.15 yok:.25 eok:.05 yock:.1", "tin": "tin teen:.03 ting:.02", "ti": "tee ti:.3 tih:.02 chi:.03 tze:.01", "chi": "chee chi:.25 ji:.04 tjie:.02 tzi:.01 chih:.02 jee:.08", "ki": "kee ki:.2 khee:.06 kie:.02 gee:.02 kih:.01", "hi": "hee hi:.2 he:.03", "si": "see si:.2 sy:.06 sih:.01 sze:.05 she:.01", "li": "lee li:.3 lie:.01", "su": "soo su:.35 ser:.05 sue:.05 shu:.05", "chu": "choo chu:.3 tzu:.05 tsu:.03 joo:.06 choo:.05 chee:.03 ju:.03", "lai": "lai lye:.2 lay:.08", "thai": "thai tai:.3 tye:.05 thye:.15", "tai": "tai tye:.1 thye:.12 tay:.05 thai:.05", "chhai": "chai chye:.3 chhai:.02 tsai:.02 choy:.02", "chai": "chai chye:.4 tjay:.01 choy:.02", "hai": "hai hye:.15", "khai": "khai kai:.3 khye:.05 kye:.03", "le": "lay leh:.1 le:.15 lee:.1 lai:.04 ley:.05", "ke": "keh kay:.2 ke:.15 kee:.06", "ka": "kah ka:.35 kar:.03 ga:.02 chia:.01", "hua": "hua",
}

func hokkien(poj string) []spelling {
	if w, ok := pojWhole[poj]; ok {
		return ways(w)
	}
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
