// Step: a folded word of two scripts -> of one, if its letters look alike.
#pragma once

#include <cstdint>

namespace dedup {

// Rewrites a folded word in place; its length may double, up to 256 bytes.
//
// Of Latin and either Cyrillic or Greek letters, the fewer are replaced by those of the other
// script, if each looks like one; in a tie all become Latin. Any other word stays as it is.
void replace_look_alikes(std::uint8_t* word, std::int64_t& length);

}  // namespace dedup
