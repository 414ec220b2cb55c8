package main

// own lists the scripts whose letters are words to somebody who may write to
// us and are never taken for Latin look-alikes.
var own = map[string]bool{
	"Hani": true, "Hira": true, "Kana": true, "Bopo": true, "Hang": true, "Thai": true, "Laoo": true, "Khmr": true, "Mymr": true,
	"Deva": true, "Beng": true, "Guru": true, "Gujr": true, "Orya": true, "Taml": true, "Telu": true, "Knda": true, "Mlym": true,
	"Sinh": true, "Tibt": true, "Arab": true, "Hebr": true, "Syrc": true, "Thaa": true, "Ethi": true, "Geor": true, "Mong": true,
	"Nkoo": true, "Talu": true, "Tale": true, "Lana": true, "Bugi": true, "Java": true, "Sund": true, "Bali": true, "Cham": true,
	"Tavt": true, "Olck": true, "Mtei": true, "Cakm": true, "Lepc": true, "Limb": true, "Kali": true, "Rohg": true, "Vaii": true,
	"Adlm": true, "Tfng": true, "Batk": true, "Rjng": true, "Tglg": true, "Hano": true, "Buhd": true, "Tagb": true, "Yiii": true,
}

// pictureBlocks are blocks of symbols that stand for no word: technical signs,
// boxes, shapes, arrows, dingbats, game pieces, pictographs.
var pictureBlocks = [][2]rune{
	{0x2190, 0x21FF},
	{0x2300, 0x23FF},
	{0x2400, 0x245F},
	{0x2500, 0x27BF},
	{0x27F0, 0x297F},
	{0x2B00, 0x2BFF},
	{0x4DC0, 0x4DFF},
	{0x1D000, 0x1D1FF},
	{0x1F000, 0x1FBEF},
}

// hand holds what no published table says, or says otherwise than a reader of
// short messages needs.
var hand = map[rune]string{
	// Letters that do not decompose (rule 4).
	'ß': "ss", 'ẞ': "ss", 'æ': "ae", 'Æ': "ae", 'œ': "oe", 'Œ': "oe", 'þ': "th", 'Þ': "th", 'ð': "d", 'Ð': "d",
	'ŋ': "n", 'Ŋ': "n", 'ı': "i", 'ȷ': "j", 'ĸ': "k", 'ə': "e", 'Ə': "e", 'ǝ': "e", 'Ǝ': "e", 'ɛ': "e", 'Ɛ': "e",
	'ɔ': "o", 'Ɔ': "o", 'ɑ': "a", 'Ɑ': "a", 'ɡ': "g", 'Ɡ': "g", 'ɩ': "i", 'Ɩ': "i", 'ʒ': "z", 'Ʒ': "z", 'ƅ': "b", 'Ƅ': "b", 'ꞓ': "e", 'Ꞓ': "e", 'ǃ': "!",
	// Cyrillic whose capital and small letter look like different things, or
	// whose published look-alike is not the letter a reader sees.
	'м': "m", 'М': "m", 'в': "b", 'В': "b", 'є': "e", 'Є': "e", 'ԑ': "e", 'Ԑ': "e", 'ґ': "r", 'Ґ': "r", 'ѕ': "s", 'Ѕ': "s",
	'з': "з", 'б': "б", 'ъ': "ъ", 'ы': "ы", 'ӏ': "l", 'Ӏ': "l", 'ә': "e", 'Ә': "e", 'ғ': "f", 'Ғ': "f",
	// Greek, as it is used to write Latin words.
	'α': "a", 'β': "b", 'ϐ': "b", 'ε': "e", 'ϵ': "e", 'η': "n", 'ι': "i", 'κ': "k", 'μ': "m", 'ν': "v", 'ο': "o", 'ρ': "p",
	'σ': "o", 'τ': "t", 'υ': "u", 'χ': "x", 'ω': "w", 'Ι': "i", 'Σ': "e", 'ς': "s",
	// Other alphabets.
	'ꓲ': "i", 'Ⲓ': "i", 'ⲓ': "i",
	// Signs that are letters in a frame.
	'©': "c", '®': "r", '🆊': "p", '🆋': "ic", '🆌': "pa", '🆍': "sa", '🆎': "ab", '🆏': "wc",
	'🆑': "cl", '🆒': "cool", '🆓': "free", '🆔': "id", '🆕': "new", '🆖': "ng", '🆗': "ok", '🆘': "sos", '🆙': "up", '🆚': "vs",
	'💯': "100", '🔞': "18",
	// Dashes and other strokes.
	'\u2010': "-", '\u2011': "-", '\u2012': "-", '\u2013': "-", '\u2014': "-", '\u2015': "-", '\u2043': "-", '\u2212': "-",
	'\u2E3A': "-", '\u2E3B': "-", '\u2796': "-", '\u2795': "+", '\u2501': "-", '\u2500': "-", '\u301C': "~", '\u3030': "~",
	'\u223C': "~", '\u30A0': "=", '\u2223': "|", '\u2502': "|", '\u2503': "|", '\u00A6': "|",
	// Quotation marks and accents typed as such.
	'\u2018': "'", '\u2019': "'", '\u201A': "'", '\u201B': "'", '\u2032': "'", '\u00B4': "'", '\u02BC': "'", '\u02BB': "'",
	'\u201C': `"`, '\u201D': `"`, '\u201E': `"`, '\u201F': `"`, '\u2033': `"`,
	// Dots at half height, and slashes.
	'\u2022': "·", '\u2027': "·", '\u2219': "·", '\u22C5': "·", '\u30FB': "·", '\u2E31': "·", '\u16EB': "·", '\u1427': "·",
	'\U00010101': "·", '\u25E6': "·", '\u2023': "·", '\u2044': "/", '\u2215': "/", '\u2217': "*", '\u2731': "*", '\u066D': "*",
	'\u2236': ":",
}
