// Step: passages of pairs -> coverage and shared words of each pair.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace dedup {

// Passages and edits by column, articles by piece and by token.
//
// pairs        int64 (n_pairs, 2), articles a and b.
// bounds       int64 (n_pairs + 1,), passages before each pair.
// chars        int64 (n, 4), half-open spans of code points in a, then in b.
// is_counted   bool (n,), passages that count as shared text.
// n_kept       int64 (n,), kept words.
// edit_bounds  int64 (n + 1,), edits before each passage.
// ops          int64 (n_edits,), EditOp.
// edit_tokens  int64 (n_edits, 4), half-open spans from the start of the articles.
// offsets      int64 (n_articles + 1,), tokens before each article.
// roles        uint8 (n_tokens,), PassageRole.
// pieces       uint32 (n_pieces, 2), spans that coverage counts: sorted, disjoint in an article.
// piece_bounds int64 (n_articles + 1,), pieces before each article.
struct SummedPassages {
    std::span<const std::int64_t> pairs, bounds, chars;
    std::span<const bool> is_counted;
    std::span<const std::int64_t> n_kept, edit_bounds, ops, edit_tokens, offsets;
    std::span<const std::uint8_t> roles;
    std::span<const std::uint32_t> pieces;
    std::span<const std::int64_t> piece_bounds;

    std::size_t n_pairs() const { return bounds.size() - 1; }
};

// coverages    float64 (n_pairs, 2), share of each article inside passages that count.
// text_shares  float64 (n_pairs,), share of the kept words that count; 1 without kept words.
// shared       float64 (n_pairs, 2), share of the words without furniture that are shared.
// bounds       int64 (2 n_pairs + 1,), words before each side, a, b, a, b...; the sides of a pair
//              without passages that count have none.
// is_shared    bool (n_words,), words of kept and moved edits of passages that count.
// is_text      bool (n_words,), words that are no furniture.
struct PairSums {
    std::vector<std::array<double, 2>> coverages;
    std::vector<double> text_shares;
    std::vector<std::array<double, 2>> shared;
    std::vector<std::int64_t> bounds;
    std::vector<std::uint8_t> is_shared, is_text;
};

PairSums sum_up_pairs(const SummedPassages& passages);

}  // namespace dedup
