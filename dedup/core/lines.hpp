// Step: words that are broken at the end of a line -> whole words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "tokenize.hpp"

namespace dedup {

// Joins the words of one article that a hyphen breaks at the end of a line.
//
// A break is a hyphen, a soft hyphen, a not sign or U+2010 between two letters without capitals,
// then a line end with blanks around it; a line end may stand before a soft hyphen too. Ignorable
// code points of as many bytes take its place, so that all other bytes stay where they are.
class LineJoiner {
public:
    explicit LineJoiner(std::size_t n_bytes) : n_bytes_(n_bytes) {}

    // Returns `text`, or a copy with joined words that is read by the same offsets.
    // text is readable up to padding bytes past end; the copy lives until the next call.
    const std::uint8_t* join(const std::uint8_t* text, std::int64_t first, std::int64_t end,
                             const Folding& folding);

private:
    std::size_t n_bytes_;
    std::unique_ptr<std::uint8_t[]> copy_;
};

}  // namespace dedup
