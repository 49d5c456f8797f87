// Step: folded word -> length of its stem. English inflection, by suffix.
#pragma once

#include <cstdint>

namespace dedup {

// Length of the stem of a folded ASCII word: plural, -ed, -ing, -ly, then a doubled consonant
// and a final -e or -y. At least three bytes stay.
//
// ending  the word's last eight bytes, the last one highest; bytes before a shorter word are
//         ignored.
// n       its length in bytes.
std::int64_t stem_length(std::uint64_t ending, std::int64_t n);

// Stem length of a word of at least eight bytes; a non-ASCII word stays whole.
std::int64_t stem_long(const std::uint8_t* word, std::int64_t n);

}  // namespace dedup
