// Package text brings a message to one normal form, with a map back to the
// characters its writer used, and says in which scripts and languages it is
// written.
//
// The normal form is for matching alone. People who send lures disguise them:
// zero-width characters, letters of other alphabets, 𝐛𝐨𝐥𝐝 letters from the
// mathematical blocks, s p a c e d words, dots and pictures inside a word.
// People who answer them leave out tone marks and mix ways of writing. Patterns
// are brought to the same form, so that both meet; what is shown to anybody is
// the source, by way of Span. It is lossy: take case-sensitive things (wallets,
// links) from the source.
//
// The rules, and where they come from. Their numbers stand in the code and in
// the generator; Unicode 15.0, checked 2026-11-24.
//
//  1. Bytes that are not UTF-8, control characters other than the newline,
//     private use characters and object replacements become a space.
//  2. Compatibility forms become what they stand for: NFKC (UAX #15). The form
//     is composed anew after every later rule, so that it is NFKC at the end.
//  3. What is not seen is dropped: Default_Ignorable_Code_Point (UAX #44), which
//     holds zero-width characters, bidirectional controls, variation selectors,
//     tags and Hangul fillers; other format characters (Cf); enclosing marks.
//  4. Latin letters lose marks, tones, strokes and hooks and take lower case
//     (simple case mapping, UAX #44). đ ø ł are d o l; ß æ œ þ are ss ae oe th.
//     Other letters take lower case too. Accents that belong to no script are
//     dropped everywhere but in letters of their own, such as й and が.
//  5. Look-alikes become the ASCII letter they look like (confusables, UTS #39):
//     letters of Cyrillic, Greek, Armenian, Cherokee, Lisu, Coptic, Canadian
//     syllabics and old scripts, letters in circles and squares, small capitals.
//     Cyrillic and Armenian go by the letter in either case, so that a Russian
//     word is the same in capitals; Greek goes by what each looks like. Letters
//     never become digits. ASCII itself is never changed, and neither are
//     letters of scripts that are words to people who write to us (the list is
//     in gen/letters.go). Quotation marks, dashes, dots and slashes that look
//     like an ASCII mark become it, and dots at half height become "·".
//  6. Ideographs become one of each family: traditional to simplified
//     (kSimplifiedVariant, UAX #38), radicals to ideographs
//     (Equivalent_Unified_Ideograph, UAX #44), variants by the Table of General
//     Standard Chinese Characters (China, 2013). Which one does not matter, only
//     that it is one: 乾 幹 干 are 干, 著 着 are 着.
//  7. Digits of every script become ASCII.
//  8. Of combining marks in a row, four stay; eight in Myanmar, Khmer, Tibetan.
//  9. Emoji (Extended_Pictographic, UTS #51) and blocks of signs that are no
//     words become spaces. Flags, two regional indicators, stay; one alone is a
//     letter in a box.
//  10. White space is one space, or one newline if it holds a newline or line
//     separator.
//  11. Between two letters of scripts written without spaces (SpaceFree), spaces
//     vanish, and so do . · * _ ~ | ^ - = + with or without spaces. Newlines and
//     other punctuation stay.
//  12. Four or more single Latin letters with the same one separator between
//     them (space . - _ * ·) are one word. Several spaces end the word.
//
// Everything else stays, so that phone numbers, links and amounts can be read in
// the normal form.
//
// Grapheme clusters are those of UAX #29.
package text
