// Tokens of articles as flat arrays, and packed positions for alignment.
#pragma once

#include <cstdint>

#include "flags.hpp"

namespace dedup {

// Tokens of one article or of a part of it: pointers into the arrays of the collection.
// starts and ends are code points of the article's text.
struct Stream {
    const std::uint64_t* hashes;
    const std::uint64_t* stems;
    const std::uint32_t* starts;
    const std::uint32_t* ends;
    const std::uint8_t* flags;
    std::int64_t n;

    Stream slice(std::int64_t low, std::int64_t high) const {
        return {hashes + low, stems + low, starts + low, ends + low, flags + low, high - low};
    }
};

// Two positions in one int64: p << 32 | q. They sort by p, then by q.
inline std::int64_t pack(std::int64_t p, std::int64_t q) { return p << 32 | q; }
inline std::int64_t left_of(std::int64_t packed) { return packed >> 32; }
inline std::int64_t right_of(std::int64_t packed) { return packed & 0xFFFFFFFF; }
inline std::int64_t swap_sides(std::int64_t packed) {
    return pack(right_of(packed), left_of(packed));
}
// Advances one word on both sides.
constexpr std::int64_t next_word = std::int64_t{1} << 32 | 1;

}  // namespace dedup
