// Step: UTF-8 -> runs of ASCII letters and digits and of bytes that are not ASCII.
#pragma once

#include <cstddef>
#include <cstdint>

#include "variant.hpp"

namespace dedup {

inline constexpr std::int64_t block_size = 64;
// Bytes that must be readable after the last article: a block, and two words of a token.
inline constexpr std::size_t padding = block_size + 16;
// Bit of an edge; no text is so long.
inline constexpr std::int64_t foreign_bit = std::int64_t{1} << 62;

// What 64 bytes are; bit i tells of byte i.
struct Masks {
    std::uint64_t inside;   // ASCII letters and digits, or not ASCII
    std::uint64_t foreign;  // not ASCII
};

// Classifies n_blocks times 64 bytes.
void classify_blocks(const std::uint8_t* text, std::size_t n_blocks, Masks* masks,
                     Variant variant);

// Cuts an article into runs.
//
// text   uint8, readable up to padding bytes past end.
// edges  int64 (end - at + 2 + block_size,), written: start and end of each run in turn, the
//        start with foreign_bit if the run has a byte that is not ASCII.
//
// Returns edges written, an even number.
std::int64_t find_edges(const std::uint8_t* text, std::int64_t at, std::int64_t end,
                        std::int64_t* edges, Variant variant);

}  // namespace dedup
