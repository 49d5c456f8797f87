// Step: two articles -> the names of each that the other lacks, and whether their numbers differ.
//
// A template filled twice keeps most words: what is left are its names and numbers.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "stream.hpp"

namespace dedup {

// Names that one article of a pair has and the other lacks, for each side of each pair.
struct MissingNames {
    std::vector<std::int64_t> bounds;       // (2 * n_pairs + 1,)
    std::vector<std::int64_t> tokens;       // from the start of the article, ascending
    std::vector<std::uint8_t> same_digits;  // (n_pairs,) the words with digits are the same
};

// Finds the names of both articles of each pair that are no word or stem of the other.
//
// pairs    articles a and b, flat.
// offsets  tokens before each article.
//
// A name is a word with a capital, and no function word. One in a heading, where nearly all words
// have a capital, is none; nor is the first word of a sentence, unless it is a name elsewhere in
// the article or a name follows.
MissingNames find_missing_names(std::span<const std::int64_t> pairs, const Stream& tokens,
                                std::span<const std::int64_t> offsets);

}  // namespace dedup
