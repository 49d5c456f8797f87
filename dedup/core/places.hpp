// Step: two places -> corresponding words, with equal word weights.
//
// A place is a half-open span of token indices over all articles, shorter than 2**31. p indexes
// tokens of one place, q of the other; a match is p << 32 | q.
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

// Corresponding words, int64 matches, strictly increasing on both sides; and the share of the
// longer place's words that are aligned to an equal word.
struct PlaceAlignment {
    Alignment aligned;
    double identity = 0;
};

// A stretch of the other side, half-open; empty without a counterpart.
struct WordSpan {
    std::int64_t start, end;
};

// Aligns places. Holds the scratch memory of one thread. Results are valid until the next call.
class PlaceAligner {
public:
    // Matches, in order, the content stems that occur equally often on both sides.
    // Returns int64 matches, sorted.
    const Alignment& match_stems(const PlaceWords& a, const PlaceWords& b);

    // Aligns two places: chains the stems that occur equally often, and fills the gaps by a longest
    // common subsequence.
    const PlaceAlignment& align(const PlaceWords& a, const PlaceWords& b);

private:
    // Content stems with positions.
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
// own      the stretch, in p, nonnegative.
// limits   allowed range of the other side, in q.
//
// Returns the stretch in q, empty if too little of it has a counterpart. An end without a
// counterpart is extended as far as on the first side, if that range is free.
WordSpan project(std::span<const std::int64_t> aligned, const WordSpan& own,
                 const WordSpan& limits);

}  // namespace dedup
