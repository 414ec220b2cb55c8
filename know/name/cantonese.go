package name

import "strings"

var jyutInitials = strings.Fields("gw kw ng b p m f d t n l g k h w z c s j")

// splitJyutping takes a syllable without tone apart.
func splitJyutping(j string) (initial, final string) {
	if j == "m" || j == "ng" {
		return "", j
	}
	for _, i := range jyutInitials {
		if f, ok := strings.CutPrefix(j, i); ok {
			return i, f
		}
	}
	return "", j
}

// Spellings of one region: of an initial, of a final, and of whole syllables
// that are not their parts.
type rules struct {
	initials, finals, whole map[string]string
}

// hongKong is the spelling of Hong Kong's identity cards: no official table was
// ever published, and clerks wrote what they heard. Shares are ours.
var hongKong = rules{
	initials: map[string]string{
		"": "- ng:.1", "b": "p b:.08", "p": "p", "m": "m", "f": "f", "d": "t d:.06", "t": "t", "n": "n l:.06", "l": "l n:.01",
		"g": "k g:.02", "k": "k", "ng": "ng -:.12", "h": "h", "gw": "kw k:.04 gw:.02 qu:.01", "kw": "kw k:.03 qu:.01", "w": "w", "z": "ch ts:.18 j:.03 c:.01 tz:.005",
		"c": "ch ts:.2 tz:.005 c:.01", "s": "s sh:.12", "j": "y i:.02 -:.02",
	},
	finals: map[string]string{
		"aa": "a ah:.12 ar:.02", "aai": "ai aai:.01 ay:.01", "aau": "au ao:.02 aau:.01 ow:.02", "aam": "am aam:.01", "aan": "an aan:.01", "aang": "ang", "aap": "ap", "aat": "at", "aak": "ak aak:.02 ack:.01",
		"ai": "ai ei:.01 ay:.01", "au": "au ow:.14 ao:.01 aw:.005", "am": "am um:.2 em:.01", "an": "an un:.18 en:.015", "ang": "ang eng:.1 ung:.03", "ap": "ap up:.15", "at": "at ut:.12", "ak": "ak ack:.05 uk:.04",
		"e": "e eh:.08 ea:.02", "ei": "ei i:.1 ee:.12 ay:.06 e:.02 hi:.005", "eng": "eng ing:.2 ang:.03", "ek": "ek ik:.1", "eu": "eu", "em": "em",
		"i": "i ee:.12 y:.02 e:.03", "iu": "iu ew:.03 iew:.02 io:.01", "im": "im", "in": "in een:.01", "ing": "ing eng:.02", "ip": "ip", "it": "it", "ik": "ik ick:.02",
		"o": "o or:.06 oh:.03 aw:.05", "oi": "oi oy:.05", "on": "on", "ong": "ong", "ot": "ot", "ok": "ok ock:.02 auk:.01", "ou": "o ou:.04 ow:.03 oo:.01 u:.01 ao:.02",
		"u": "u oo:.25", "ui": "ui oi:.05 ooi:.01", "un": "un oon:.3", "ut": "ut oot:.02", "ung": "ung ong:.03", "uk": "uk ook:.02 ok:.01",
		"oe": "oe eu:.2", "oeng": "eung eong:.05 ueng:.005", "oek": "euk eok:.1 eouk:.01 erk:.05 ok:.05", "eoi": "ui oi:.03 eoi:.01 oei:.005 ue:.02", "eon": "un on:.03 eun:.03", "eot": "ut eut:.05", "yu": "yu u:.3 ue:.3 ui:.01", "yun": "uen un:.15 yun:.1 uan:.02", "yut": "uet ut:.1 it:.02", "m": "m", "ng": "ng",
	},
	whole: map[string]string{
		"zi": "chi tsz:.15 tze:.06 chee:.05 tse:.02 ji:.01 tsze:.02 tzs:.005 che:.015", "ci": "chi tsz:.12 tze:.05 chee:.05 tse:.02 che:.01", "si": "si sze:.3 see:.06 sz:.05 shi:.06 szu:.02 ssu:.02 sy:.01 she:.02",
		"ji": "yi yee:.3 i:.08 ee:.04 e:.01 yu:.005", "jyu": "yu yue:.15 u:.02 yuu:.002", "jyun": "yuen yun:.12 un:.01 yuan:.02 yune:.005", "jyut": "yuet yut:.06", "jin": "yin in:.02 yeen:.005", "jing": "ying ing:.01", "jiu": "yiu yew:.02 yau:.01", "jip": "yip ip:.2", "jik": "yik yick:.02 yat:.005", "jim": "yim im:.02",
		"jung": "yung yong:.05", "juk": "yuk yok:.08", "jat": "yat yut:.04 yet:.005", "jan": "yan yun:.12 ian:.02", "jam": "yam yum:.15", "jau": "yau yao:.02 yow:.01 yu:.01", "joeng": "yeung yeong:.06 young:.05 yang:.03", "joek": "yeuk yeok:.03 yuk:.03", "jeoi": "yui", "jeon": "yun", "jap": "yap", "jai": "yai",
		"zyu": "chu chue:.2 chui:.03 chi:.01 ju:.03 jue:.01", "cyu": "chu chue:.2 chui:.02", "syu": "shu sue:.15 su:.12 shue:.12 shui:.01", "syun": "suen shuen:.06 sun:.06 shun:.02", "zyun": "chuen tsuen:.06 jun:.02 chun:.06 juen:.01", "cyun": "chuen tsuen:.12 chun:.06", "syut": "suet shuet:.06 sit:.01", "zyut": "chuet", "hyun": "huen hun:.05", "dyun": "tuen", "lyun": "luen lun:.05", "gyun": "kuen kun:.06 kuan:.01 ken:.01", "kyun": "kuen kun:.08", "hyut": "huet hut:.05",
		"gwok": "kwok kok:.08 kwock:.01 quok:.01 kwong:.002", "gwong": "kwong kong:.04 quong:.005", "gwan": "kwan kwun:.06 kun:.1 quan:.02 gwan:.02", "gwaa": "kwa", "gwai": "kwai", "gwing": "kwing", "kwan": "kwan kun:.05", "gun": "kun koon:.5 kwun:.06", "gu": "ku koo:.4 gu:.01", "fu": "fu foo:.3", "wu": "wu woo:.35", "wui": "wui", "wun": "wun woon:.3", "mun": "mun moon:.15", "fun": "fun foon:.1",
		"seoi": "sui shui:.35 soi:.02", "zeoi": "chui tsui:.2", "ceoi": "chui tsui:.5 choi:.02", "seon": "shun sun:.35 suen:.02 shuen:.01", "zeon": "chun tsun:.06 jun:.03 ton:.002", "ceon": "chun tsun:.06", "soeng": "sheung seung:.2 shueng:.01", "zoeng": "cheung tseung:.06", "coeng": "cheung tseung:.02", "goeng": "keung", "loeng": "leung leong:.04", "hoeng": "heung", "soek": "sheuk", "zoek": "cheuk", "coek": "cheuk",
		"sing": "sing shing:.45", "san": "san sun:.25 shun:.04 shan:.03", "sam": "sam sum:.2 shum:.03 sham:.03", "saan": "shan san:.4", "siu": "siu shiu:.18 sio:.01", "sau": "sau shau:.1 sou:.01 sow:.01", "sat": "sat", "sik": "sik shik:.05 sek:.04", "sek": "shek sek:.1", "sung": "sung shung:.02", "suk": "suk shuk:.3", "sin": "sin shin:.06", "sit": "sit", "sip": "sip", "sai": "sai shai:.02", "saam": "sam sham:.03", "saang": "sang", "sang": "sang", "sou": "so", "so": "so sor:.02", "saa": "sha sa:.4",
		"ziu": "chiu chio:.01", "zou": "cho tso:.2 jo:.02", "zo": "cho tso:.1 jor:.02", "zaan": "chan tsan:.2", "zan": "chun chan:.5 jan:.02 jun:.02 tsun:.03", "zam": "cham tsam:.02 chum:.06", "zung": "chung tsung:.06 jung:.01", "zing": "ching jing:.02", "zik": "chik jik:.02 tsik:.01", "zek": "chek", "zau": "chau chow:.35 tsau:.01", "cau": "chau chow:.1 tsau:.01", "zang": "tsang chang:.1 dzang:.005 jang:.01", "zaa": "cha", "zaak": "chak tsak:.06 jak:.01", "zat": "chat", "zit": "chit", "zin": "chin tsin:.03", "zim": "chim", "zip": "chip", "zoi": "choi tsoi:.06", "zok": "chok", "zong": "chong tsong:.02", "zuk": "chuk", "zai": "chai tsai:.06", "ze": "che", "zeng": "cheng", "coi": "choi tsoi:.06 choy:.08", "cung": "chung tsung:.06", "cou": "cho tso:.35", "ce": "tse che:.25", "cing": "ching tsing:.06", "can": "chan", "cang": "tsang chang:.1", "caa": "cha", "caam": "cham", "cai": "chai tsai:.06", "co": "cho", "cong": "chong tsong:.03",
		"lei": "lee lei:.25 li:.25 lay:.03 lai:.005", "hei": "hei hi:.12 hay:.05 hee:.04", "gei": "kei kee:.2 ki:.12 gei:.01 kay:.02", "kei": "kei ki:.25 kee:.2 kay:.02", "fei": "fei fi:.02 fay:.04 fee:.01", "mei": "mei mi:.05 mee:.05 may:.05", "nei": "nei", "bei": "pei bei:.05 pui:.02", "hoi": "hoi hoy:.01", "hok": "hok", "hon": "hon", "ho": "ho hor:.05", "hing": "hing", "him": "him", "hau": "hau how:.06", "haau": "hau how:.04", "haak": "hak hark:.03", "hak": "hak hark:.05",
		"man": "man mun:.1", "mou": "mo mou:.03 mow:.01", "ming": "ming meng:.01", "mut": "mut", "bong": "pong bong:.2", "bou": "po bo:.12 pow:.01", "bing": "ping bing:.15", "baak": "pak bak:.05", "ban": "pun ban:.15 pan:.3 bun:.02", "baan": "pan ban:.2", "bo": "po bo:.3", "bun": "poon pun:.1 boon:.05", "but": "put",
		"dak": "tak tack:.01 dak:.02", "dat": "tat dat:.04", "daat": "tat", "dim": "tim", "dik": "tik dick:.1 dik:.12", "ding": "ting ding:.1", "dou": "to do:.06 tou:.02", "dung": "tung dung:.02", "dang": "tang", "tin": "tin tien:.01", "tou": "to", "ting": "ting", "tung": "tung", "taai": "tai", "tong": "tong",
		"o": "or o:.4 ngo:.06", "ngo": "ngo o:.1 or:.06", "on": "on", "oi": "oi ngoi:.2", "ou": "o ou:.05 ngo:.1", "au": "au", "aau": "au", "aa": "a ah:.5 ar:.1", "an": "yan", "ai": "ai",
		"kim": "kim", "king": "king", "gin": "kin", "gim": "kim", "ging": "king ging:.03", "git": "kit", "gik": "kik", "gip": "kip", "gung": "kung", "guk": "kuk", "gong": "kong", "go": "ko", "gou": "ko", "gaa": "ka kar:.1 ga:.03 kah:.02", "gaai": "kai", "gai": "kai", "gam": "kam kum:.12 gum:.02", "gan": "kan kun:.1", "gang": "kang", "gaan": "kan", "gau": "kau kow:.04", "goi": "koi", "gon": "kon", "gok": "kok", "kau": "kau", "kan": "kan", "kai": "kai", "kyut": "kuet", "keoi": "kui", "kok": "kok", "kwong": "kwong", "kwai": "kwai",
		"wing": "wing", "wong": "wong", "waa": "wa wah:.4", "wai": "wai", "wan": "wan wun:.02", "waan": "wan", "wang": "wang", "wo": "wo", "wik": "wik",
	},
}

// macau spells with Portuguese letters.
var macau = rules{
	initials: map[string]string{
		"": "-", "b": "p", "p": "p", "m": "m", "f": "f", "d": "t", "t": "t", "n": "n", "l": "l", "g": "k", "k": "k", "ng": "ng", "h": "h", "gw": "ku kw:.1", "kw": "ku", "w": "v w:.25", "z": "ch", "c": "ch", "s": "s", "j": "i y:.05",
	},
	finals: map[string]string{
		"aa": "a", "aai": "ai", "aau": "ao", "aam": "am", "aan": "an", "aang": "ang", "aap": "ap", "aat": "at", "aak": "ak", "ai": "ai", "au": "ao au:.1", "am": "am", "an": "an", "ang": "ang", "ap": "ap", "at": "at", "ak": "ak",
		"e": "e", "ei": "ei", "eng": "eng", "ek": "ek", "i": "i", "iu": "io iu:.1", "im": "im", "in": "in", "ing": "eng", "ip": "ip", "it": "it", "ik": "ek", "o": "o", "oi": "oi", "on": "on", "ong": "ong", "ot": "ot", "ok": "ok oc:.1", "ou": "ou", "u": "u", "ui": "ui", "un": "un", "ut": "ut", "ung": "ong", "uk": "ok",
		"oeng": "eong", "oek": "eok", "eoi": "oi", "eon": "on", "eot": "ot", "yu": "u", "yun": "un", "yut": "ut", "m": "m", "ng": "ng",
	},
	whole: map[string]string{
		"wu": "wu vu:.3", "gwok": "kuok kuoc:.1", "gwong": "kuong", "ji": "i yi:.1", "jyu": "u", "jyun": "un", "jau": "iao", "joeng": "ieong", "jing": "ieng", "jung": "iong", "jip": "ip", "jik": "iek", "jam": "iam", "jan": "ian", "jat": "iat", "juk": "iok", "jin": "in", "jiu": "io", "si": "si", "zi": "chi",
	},
}

// malaya is Cantonese as English-speaking clerks wrote it further south.
var malaya = rules{
	initials: map[string]string{
		"": "-", "b": "p b:.12", "p": "p", "m": "m", "f": "f", "d": "t d:.06", "t": "t th:.08", "n": "n", "l": "l", "g": "k g:.05", "k": "k", "ng": "ng", "h": "h", "gw": "kw k:.1", "kw": "kw", "w": "w", "z": "ch j:.03", "c": "ch", "s": "s sh:.08", "j": "y",
	},
	finals: map[string]string{
		"aa": "ah a:.4", "aai": "ai", "aau": "au ow:.2", "aam": "am", "aan": "an", "aang": "ang", "aap": "ap", "aat": "att at:.4", "aak": "ak ack:.1", "ai": "ai", "au": "au ow:.3 ew:.02", "am": "am um:.35", "an": "an un:.3 oon:.02", "ang": "ang eng:.15", "ap": "ap up:.2", "at": "at att:.2 ut:.1", "ak": "ak ack:.15 uck:.05",
		"e": "eh e:.3 ea:.1", "ei": "ee i:.25 ei:.2 ay:.1 ie:.02 ey:.03", "eng": "eng", "ek": "ek eck:.2", "i": "ee i:.4 ie:.02", "iu": "iew iu:.3 ew:.1 eow:.02 ieu:.03", "im": "im", "in": "in een:.1", "ing": "ing eng:.06", "ip": "ip", "it": "it", "ik": "ik eck:.05 ick:.1", "o": "o oh:.1 or:.2", "oi": "oi oy:.3", "on": "on", "ong": "ong", "ot": "ot", "ok": "ok ock:.3", "ou": "o ow:.15 oh:.15 ou:.05", "u": "oo u:.35", "ui": "ui ooi:.4 oey:.02", "un": "oon un:.3 uan:.02", "ut": "ut", "ung": "oong ung:.3 ong:.1", "uk": "ook uk:.3 oke:.08 ok:.06 ock:.03",
		"oeng": "eong iong:.05 eung:.1 iang:.02", "oek": "eok", "eoi": "ui ooi:.2", "eon": "un oon:.2", "eot": "ut", "yu": "ue u:.3 ee:.1 oo:.08", "yun": "uen un:.2 oon:.15 ien:.02 uan:.1", "yut": "uet", "m": "m", "ng": "ng",
	},
	whole: map[string]string{
		"si": "see sze:.2 si:.2 seh:.02", "zi": "chee chi:.3 tze:.06 jee:.03 tsu:.01", "ci": "chee chi:.3", "ji": "yee yi:.2 ee:.05", "jyu": "yue yu:.3 yee:.15", "jyun": "yuen yoon:.12 yeen:.03 yun:.1", "jung": "yoong yong:.2 yung:.15", "juk": "yoke yook:.1 yok:.1 yuk:.2", "jat": "yat yatt:.1 yit:.02", "joeng": "yong yeong:.35 yeung:.05", "jau": "yew yau:.4 yow:.1", "jip": "yip yap:.05", "jin": "yin yen:.05 yeen:.05", "jing": "ying yeng:.06", "jan": "yan yin:.05 yun:.05 yen:.05", "jam": "yam yum:.1", "faat": "fatt fat:.3 fah:.02", "fuk": "fook fuk:.2 foke:.02 fock:.02", "waa": "wah wa:.1 hwa:.05", "wai": "wai wei:.06", "man": "mun man:.3 moon:.02", "san": "sun san:.2 sin:.06 seng:.01", "seng": "seng", "sing": "sing seng:.2", "gwok": "kok kwok:.4 kuok:.02", "gwong": "kong kwong:.4", "gwai": "kwai kui:.03", "wong": "wong", "zou": "cho", "coi": "choy choi:.2", "dak": "tak tack:.2 tuck:.15", "siu": "siew siu:.15 seow:.02", "mei": "mee mei:.35 may:.15", "wing": "weng wing:.4", "loi": "loy loi:.2", "seoi": "sui swee:.04 soo:.02 sooi:.1", "syut": "suet", "luk": "look loke:.2 luk:.15", "hei": "hee hei:.15 hi:.1",
	},
}

func (r *rules) spell(j string) []spelling {
	if w, ok := r.whole[j]; ok {
		return ways(w)
	}
	i, f := splitJyutping(j)
	if _, ok := r.finals[f]; !ok {
		return nil
	}
	return cross(ways(r.initials[i]), ways(r.finals[f]))
}

// yale writes a Jyutping syllable in Yale's letters without marks of tone.
func yale(j string) string {
	i, f := splitJyutping(j)
	switch i {
	case "z":
		i = "j"
	case "c":
		i = "ch"
	case "j":
		i = "y"
	}
	switch {
	case f == "aa":
		f = "a"
	case strings.HasPrefix(f, "oe"):
		f = "eu" + f[2:]
	case strings.HasPrefix(f, "eo"):
		f = "eu" + f[2:]
	case strings.HasPrefix(f, "yu") && i == "y":
		f = f[1:]
	}
	return i + f
}

func jyutpingWays(j string) []spelling { return []spelling{{j, .6}, {yale(j), .4}} }
