// Step: pairs of articles -> passages, for many pairs in one call; and one pair -> an explanation.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "edits.hpp"
#include "scores.hpp"
#include "stream.hpp"

namespace dedup {

// Tokens of a collection.
//
// offsets  int64 (n_articles + 1,), tokens before each article.
// cuts     int64, tokens preceded by masked text, increasing.
// idf      uint8 (2**21,), eighths of a bit by the top bits of a stem hash: words, then pairs.
struct Collection {
    Stream tokens;
    std::span<const std::int64_t> offsets, cuts;
    std::span<const std::uint8_t> idf;
};

// Passages as columns. The edits of passage k end at rows[k][4].
struct Passages {
    std::vector<std::int64_t> bounds;               // (n_pairs + 1,), passages before each pair
    std::vector<std::array<std::int64_t, 5>> rows;  // p from and to, q from and to, last edit
    std::vector<std::array<double, 4>> figures;     // score, identity, quoted share, confidence
    std::vector<EditRow> edits;
};

// Finds the passages of pairs of articles firsts[k], seconds[k].
Passages align_pairs(std::span<const std::int64_t> firsts, std::span<const std::int64_t> seconds,
                     const Collection& collection, const Search& search);

// All candidates of one pair, with their measures.
struct Explained {
    std::int64_t n_anchors = 0;
    std::vector<double> clusters;  // bits of the anchors of each cluster
    double floor = 0;              // bits that a passage needs; 0 if both have the same words
    Passages passages;             // all candidates, kept or not
    std::vector<std::int64_t> origins, verdicts;
    std::vector<std::int64_t> longest;  // words of the longest aligned run
    std::vector<std::int64_t> chars;    // code points of the longer side
    std::vector<double> covered;        // share that better passages cover, larger of both sides
};

// Aligns two nonempty articles and returns all candidates. Those with the verdict `kept` are the
// passages of align_pairs, in the same order.
Explained explain_pair(std::int64_t first, std::int64_t second, const Collection& collection,
                       const Search& search);

}  // namespace dedup
