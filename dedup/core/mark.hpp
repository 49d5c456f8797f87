// Step: UTF-8 -> tokens with stems, flags and spans in code points, for the aligner.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "tokenize.hpp"

namespace dedup {

// Tokens of a batch, article by article.
//
// hashes, stems  XXH64 of the folded token and of its stem.
//                In text of Vietnamese the stem of a syllable is that of the pair it ends.
// starts, ends   half-open, code points of the article's own text.
// flags          bits of tokenize.hpp.
// counts         tokens of each article.
struct Marked {
    std::vector<std::uint64_t> hashes, stems;
    std::vector<std::uint32_t> starts, ends;
    std::vector<std::uint8_t> flags;
    std::vector<std::int64_t> counts;
};

// Tokenizes a batch of articles.
//
// text     uint8 (at least offsets[-1] + padding,), UTF-8, article by article; surrogates may be
//          encoded as three bytes.
// offsets  int64 (n + 1,), bytes before each article.
Marked mark_articles(const std::uint8_t* text, std::span<const std::int64_t> offsets,
                     const Folding& folding, Variant variant);

}  // namespace dedup
