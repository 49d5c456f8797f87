// Step: folded word -> how many of its bytes the stem keeps. English inflection, by suffix.
#pragma once

#include <cstdint>

namespace dedup {

// Length of the stem of a folded ASCII word: plural, -ed, -ing, -ly, then a doubled consonant
// and a final -e or -y. At least three bytes stay.
//
// ending  the word's last eight bytes, the last one highest; what comes before it, if it is
//         shorter, does not matter.
// n       its length in bytes.
std::int64_t stem_length(std::uint64_t ending, std::int64_t n);

// The same of a word of eight bytes or more, which may be no ASCII: that stays whole.
std::int64_t stem_long(const std::uint8_t* word, std::int64_t n);

}  // namespace dedup
