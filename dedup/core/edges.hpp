// Step: UTF-8 -> runs of ASCII letters and digits, and of non-ASCII bytes.
#pragma once

#include <cstddef>
#include <cstdint>

#include "variant.hpp"

namespace dedup {

inline constexpr std::int64_t block_size = 64;
// Bytes that must be readable past the last article: a block, and two words of a token.
inline constexpr std::size_t padding = block_size + 16;
// Flag in an edge, above the length of any text.
inline constexpr std::int64_t foreign_bit = std::int64_t{1} << 62;

// Classes of 64 bytes; bit i is for byte i.
struct Masks {
    std::uint64_t inside;   // ASCII letters and digits, or not ASCII
    std::uint64_t foreign;  // not ASCII
};

// Classifies n_blocks * 64 bytes.
void classify_blocks(const std::uint8_t* text, std::size_t n_blocks, Masks* masks,
                     Variant variant);

// Splits an article into runs.
//
// text   uint8, readable up to padding bytes past end.
// edges  int64 (end - at + 2 + block_size,), written: start and end of each run in turn, the
//        start with foreign_bit if the run has a byte that is not ASCII.
//
// Returns the number of edges written, which is even.
std::int64_t find_edges(const std::uint8_t* text, std::int64_t at, std::int64_t end,
                        std::int64_t* edges, Variant variant);

}  // namespace dedup
