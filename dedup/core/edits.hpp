// Step: an alignment -> an edit script, what became of every word of a passage.
//
// Each token of a and each of b stands in exactly one edit. p and q count tokens of a and b.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "chains.hpp"
#include "stream.hpp"

namespace dedup {

// What an edit does, in the order of dedup.model.Op.
enum EditOp : std::int64_t {
    edit_kept,
    edit_inflected,
    edit_substituted,
    edit_inserted,
    edit_deleted,
    edit_moved,
};

// What the text must be looked at for: a negation, a number or a name on both sides.
enum EditMark : std::uint8_t { may_deny = 1, may_name = 2 };

// What the edit does, p from and to, q from and to, half-open, from the start of the article.
using EditRow = std::array<std::int64_t, 5>;

// Writes edit scripts; holds the scratch memory of one thread.
class EditWriter {
public:
    // Appends the edits that make one side of a passage of the other, in the order of a.
    //
    // aligned       p << 32 | q within the passage, strictly increasing on both sides.
    // p_low, q_low  where the passage starts in its articles.
    //
    // Kept and moved are runs of equal words, inflected one of words with equal stems; what moved
    // is out of the order that the others keep on both sides. Inserted is empty on a, deleted on
    // b. Between two aligned words, what is left over on both sides is substituted, but for equal
    // words at their ends: too little to align by, they are kept nevertheless.
    void append(const Alignment& aligned, const Stream& a, const Stream& b, std::int64_t p_low,
                std::int64_t q_low, std::vector<EditRow>& edits);

    // Matches equal words that an alignment left over because they moved: first each content
    // word of a with the next free one of b, then equal neighbors of those on both hands.
    const std::vector<std::int64_t>& match_moved(const Alignment& aligned, const Stream& a,
                                                 const Stream& b);

private:
    void match_content(const Stream& a, const Stream& b);
    void append_change(const Stream& a, const Stream& b, Stretch change, std::int64_t p_low,
                       std::int64_t q_low, std::vector<EditRow>& edits) const;
    EditOp op_of(const Stream& a, const Stream& b, std::int64_t p) const;

    // Token on the other side, or -1; and whether it is one that moved.
    std::vector<std::int64_t> to_a_, to_b_;
    std::vector<std::uint8_t> moved_a_, moved_b_, free_a_, free_b_;
    std::vector<std::int64_t> moved_, order_, n_used_;
};

// Marks the edits that may change a fact: few do, and text is slow to look at.
//
// edits    as append() appends them.
// firsts   int64 (n, 2), tokens before the articles a and b of each edit.
// tokens   of all articles.
// denials, numbers  hashes of words that deny and of words that are numbers, sorted.
// max_words         tokens of an edit that are looked at, on either side.
//
// Returns uint8 (n,), bits of EditMark; 0 of what is kept, inflected or moved.
std::vector<std::uint8_t> mark_edits(std::span<const std::int64_t> edits,
                                     std::span<const std::int64_t> firsts, const Stream& tokens,
                                     std::span<const std::uint64_t> denials,
                                     std::span<const std::uint64_t> numbers,
                                     std::int64_t max_words);

}  // namespace dedup
