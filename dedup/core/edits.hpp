// Step: an alignment -> an edit script of a passage.
//
// Each token of a and of b is in exactly one edit. p and q count tokens of a and b.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "chains.hpp"
#include "stream.hpp"

namespace dedup {

// Operations, in the order of dedup.model.Op.
enum EditOp : std::int64_t {
    edit_kept,
    edit_inflected,
    edit_substituted,
    edit_inserted,
    edit_deleted,
    edit_moved,
};

// Reasons to read the text: a negation, or a number or name on both sides.
enum EditMark : std::uint8_t { may_deny = 1, may_name = 2 };

// Operation; p start and end, q start and end, half-open, from the start of the article.
using EditRow = std::array<std::int64_t, 5>;

// Writes edit scripts. Holds the scratch memory of one thread.
class EditWriter {
public:
    // Appends the edits from a to b, in the order of a.
    //
    // aligned       p << 32 | q within the passage, strictly increasing on both sides.
    // p_low, q_low  start of the passage in its articles.
    //
    // Kept and moved edits are runs of equal words; inflected edits are runs of equal stems. Moved
    // words break the common order. Inserted edits are empty on a, deleted ones on b. Unaligned
    // words between two aligned words are substituted, except equal words at their ends, which are
    // kept.
    void append(const Alignment& aligned, const Stream& a, const Stream& b, std::int64_t p_low,
                std::int64_t q_low, std::vector<EditRow>& edits);

    // Matches equal, unaligned words as moved: first each content word of a with the next free one
    // of b, then the equal neighbors of these.
    const std::vector<std::int64_t>& match_moved(const Alignment& aligned, const Stream& a,
                                                 const Stream& b);

private:
    void match_content(const Stream& a, const Stream& b);
    void append_change(const Stream& a, const Stream& b, Stretch change, std::int64_t p_low,
                       std::int64_t q_low, std::vector<EditRow>& edits) const;
    EditOp op_of(const Stream& a, const Stream& b, std::int64_t p) const;

    // Token on the other side, or -1; and whether it moved.
    std::vector<std::int64_t> to_a_, to_b_;
    std::vector<std::uint8_t> moved_a_, moved_b_, free_a_, free_b_;
    std::vector<std::int64_t> moved_, order_, n_used_;
};

// Words that may change a fact without a capital or a figure.
//
// denials, numbers  sorted hashes of negations and of number words.
// max_words         maximum tokens of an edit to check, on either side.
struct TellingWords {
    std::span<const std::uint64_t> denials, numbers;
    std::int64_t max_words;
};

// Marks an edit that may change a fact, so that only the text of such edits is read.
//
// edit    spans in a and in b, from the start of the articles.
// firsts  tokens before the articles a and b.
// tokens  of all articles.
//
// Returns bits of EditMark; 0 for kept, inflected or moved edits.
std::uint8_t mark_edit(std::int64_t op, const std::array<std::int64_t, 4>& edit,
                       const std::array<std::int64_t, 2>& firsts, const Stream& tokens,
                       const TellingWords& words);

}  // namespace dedup
