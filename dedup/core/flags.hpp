// Flags of a token, one byte; dedup/text/tables/kinds.py has the same numbers.
#pragma once

#include <cstdint>

namespace dedup {

inline constexpr std::uint8_t is_stop = 1, is_capital = 2, is_digit = 4, is_quoted = 8,
                              starts_sentence = 16, starts_clause = 32, is_spaceless = 64,
                              is_content = 128;
// Both flags of a content word: its characters count for more in a length.
inline constexpr std::uint8_t is_dense = is_stop | is_content;

}  // namespace dedup
