// Step: two places -> which of their words correspond, each word worth the same.
//
// A place is a half-open span of tokens, counted over all articles, of fewer than 2**31 tokens.
// p counts the tokens of one place, q those of the other; a match is p << 32 | q.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "aligner.hpp"

namespace dedup {

// Tokens by column, all (n_tokens,): hashes and stems uint64, flags uint8.
struct PlaceWords {
    std::span<const std::uint64_t> hashes, stems;
    std::span<const std::uint8_t> flags;

    PlaceWords slice(std::int64_t low, std::int64_t high) const;
    std::int64_t size() const { return static_cast<std::int64_t>(hashes.size()); }
};

// Words that correspond, int64 matches, strictly increasing on both sides; and the share of the
// words of the longer place that are aligned to an equal word.
struct PlaceAlignment {
    Alignment aligned;
    double identity = 0;
};

// A stretch of words of the other side, half-open; empty if it has no counterpart.
struct WordSpan {
    std::int64_t start, end;
};

// Aligns places; holds the scratch memory of one thread. What it returns stands until the next
// call.
class PlaceAligner {
public:
    // Matches the content stems that both sides have equally often, in turn.
    // Returns int64 matches, sorted.
    const Alignment& match_stems(const PlaceWords& a, const PlaceWords& b);

    // Aligns two places: chains the stems that both have equally often, and fills what lies
    // between them by a longest common subsequence.
    const PlaceAlignment& align(const PlaceWords& a, const PlaceWords& b);

private:
    // Content stems with their places.
    using Stems = std::vector<std::pair<std::uint64_t, std::int64_t>>;

    static void sort_stems(const PlaceWords& words, Stems& stems);

    Aligner aligner_;
    Stems stems_a_, stems_b_;
    Alignment matches_;
    std::vector<float> ones_;
    PlaceAlignment found_;
};

// Projects a stretch over an alignment onto the other side.
//
// aligned  int64 matches, strictly increasing on both sides.
// own      the stretch, in p, not negative.
// limits   the words of the other side, in q.
//
// Returns the stretch in q, equal ends if too little of it has a counterpart. An end that has
// none is moved as far as on the first side, if that much lies free.
WordSpan project(std::span<const std::int64_t> aligned, const WordSpan& own,
                 const WordSpan& limits);

}  // namespace dedup
