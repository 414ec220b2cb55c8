// Package hotline holds the public telephone numbers and decides who is shown
// which. A wrong number here costs more than none: it can send a captive's
// passport to the wrong police post, or a Taiwanese to a Chinese mission. So
// the list is data with a source and a date, the rule is one pure function
// ([Book.For]), and both prefer silence, said aloud, to a guess.
//
// # The rule
//
// The person picks where they (or the person they look for) are from, and where
// they are now. Nothing is guessed from an address or a language.
//
//  1. Only released rows are shown: show = yes; after_check once somebody dated
//     it; ask only when home is that very territory and the person said that
//     they hold that nationality. So never to anybody else, and the row's
//     warnings always come with it.
//  2. Home comes first: the consular line, then the embassy where one is, then
//     other home lines for people held. An embassy is shown to those who are
//     where it stands, and to families (ransom, missing), who may not know where
//     the person is. None of these is shown for money lost while at home.
//  3. Lines for lost money are shown only for money lost (paid): the one of
//     home, then the one of the present country; always with the sentence that
//     they are not for people held.
//  4. Emergency numbers are shown only to those who are in that country and
//     about to leave or already there, last, with "only in danger right now".
//     To someone possibly held (there), local police are shown only below a line
//     of home, and not at all if there is none.
//  5. In Cambodia, Myanmar and Laos (withhold_police in countries.toml) no line
//     answered by police, another office of that state or nobody knows whom is
//     shown to anybody, for anything.
//  6. A number that cannot be reached from abroad is not shown to somebody who is
//     elsewhere; for money lost and to families it is shown marked "works only
//     inside X", since somebody there can call. Where reach is unknown, that is
//     said.
//  7. What is missing is said as a [Gap], never filled.
//  8. Where home has no checked number, it is said that the police at home, where
//     the family is, can take a report; not where somebody may be held in that
//     very country, and not of a withheld country that one is in.
package hotline
