// Step: folded word -> its stem.
//
// English inflection goes by suffix. Words of other languages keep what most of their forms have in
// common: five letters of an alphabet, or what is left of an Arabic, Hebrew or Korean word without
// the articles, prepositions and particles that are written with it. Malay and Indonesian words lose
// a prefix and suffixes first.
#pragma once

#include <cstdint>

namespace dedup {

// Half-open bytes of a folded word.
struct StemRange {
    std::int64_t first, end;
};

// Length of the stem of a folded ASCII word: plural, -ed, -ing, -ly, then a doubled consonant
// and a final -e or -y. At least three bytes stay.
//
// ending  the word's last eight bytes, the last one highest; bytes before a shorter word are
//         ignored.
// n       its length in bytes.
std::int64_t stem_length(std::uint64_t ending, std::int64_t n);

// Stem of a folded word of n bytes that is not English, by the script of its first letter. Changes
// the word: Cyrillic letters become the Latin ones of Serbian, and an e behind a, o or u is left out,
// as in "ue" for "ü".
StemRange stem_foreign(std::uint8_t* word, std::int64_t n, bool is_malay);

}  // namespace dedup
