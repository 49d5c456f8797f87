// Step: passages of the core -> columns of a table, pair by pair in the order of a.
//
// The core may get a pair with b first, and its passages in any order; tokens count from the start
// of their article.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "edits.hpp"
#include "stream.hpp"

namespace dedup {

// Passages as align_pairs() returns them.
//
// pairs        int64 (n_pairs, 2), articles a and b of each pair.
// swapped      bool (n_pairs,), pairs with b first.
// bounds       int64 (n_pairs + 1,), passages before each pair.
// spans        int64 (n, 4), half-open, nonempty, in tokens of the first and the second side.
// edit_bounds  int64 (n + 1,), edits before each passage.
// edits        int64 (n_edits, 5), operation and half-open spans inside those of the passage.
// offsets      int64 (n_articles + 1,), tokens before each article.
struct FoundPassages {
    std::span<const std::int64_t> pairs;
    std::span<const bool> swapped;
    std::span<const std::int64_t> bounds, spans, edit_bounds, edits, offsets;

    std::size_t n_pairs() const { return swapped.size(); }
    // Article of a side of a pair, as the core got it.
    std::int64_t article(std::size_t pair, int side) const {
        return pairs[2 * pair + (swapped[pair] ? 1 - side : side)];
    }
};

// Finds the passages in which an edit may start or end inside a number: between two words with
// digits and one character between them.
//
// Returns int64 (n_split, 3): the passage, and its articles as the core got them.
std::vector<std::array<std::int64_t, 3>> find_split_numbers(const FoundPassages& found,
                                                            const Stream& tokens);

// Columns of passages and of their edits.
//
// order        int64 (n,), row of each passage in the input.
// articles     int64 (n, 2), articles a and b.
// tokens       int64 (n, 4), spans in a, then in b.
// chars        int64 (n, 4), the same in code points, without the marks around them.
// n_words, n_kept  int64 (n,), words of the longer side, and of kept edits.
// edit_bounds  int64 (n + 1,), edits before each passage.
// ops          int64 (n_edits,), with inserted and deleted exchanged if the sides were.
// edit_tokens, edit_chars  int64 (n_edits, 4); an empty span of code points follows the token
//              before it, if that is in the passage.
// marks        uint8 (n_edits,), bits of EditMark.
struct TableColumns {
    std::vector<std::int64_t> order;
    std::vector<std::array<std::int64_t, 2>> articles;
    std::vector<std::array<std::int64_t, 4>> tokens, chars;
    std::vector<std::int64_t> n_words, n_kept, edit_bounds, ops;
    std::vector<std::array<std::int64_t, 4>> edit_tokens, edit_chars;
    std::vector<std::uint8_t> marks;
};

// Fills the columns: passages of a pair sorted by their spans, edits of a passage by theirs; equal
// ones stay in their order.
TableColumns fill_columns(const FoundPassages& found, const Stream& tokens,
                          const TellingWords& words);

}  // namespace dedup
