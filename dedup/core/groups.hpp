// Step: spans of tokens -> groups, nesting, and a choice of those that overlap.
//
// Spans are int64 (n, 2), half-open, 0 <= start <= end. Tokens are counted over all articles, so
// that spans of different articles never meet.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace dedup {

// Groups spans that are the same but for their edges.
//
// spans     sorted.
// min_same  least intersection over union with the first span of a group.
//
// Returns int64 (n,), index of the first span of each one's group. Two first spans that cover
// one place differ by more than min_same allows, so that their number there grows with the
// logarithm of their lengths and not with the number of spans.
std::vector<std::int64_t> group_spans(std::span<const std::int64_t> spans, double min_same);

// Finds which spans lie in which others.
//
// spans     sorted, one for each group of group_spans; fewer than 2**31.
// min_same  least share of a span that must lie in a longer one.
//
// Returns int64 (n_pairs, 2), outer and inner span, sorted.
std::vector<std::int64_t> find_nested(std::span<const std::int64_t> spans, double min_same);

// Chooses of the spans of a family that overlap the one that is most alike.
//
// families    int64 (n,), family of each span, sorted.
// spans       sorted within a family.
// identities  float64 (n,), how much each is like the representative, which has more than any
//             other; none is NaN.
//
// Returns (n,), 1 for those to keep: no two that share half of the shorter one, the most alike
// first.
std::vector<std::uint8_t> fold_spans(std::span<const std::int64_t> families,
                                     std::span<const std::int64_t> spans,
                                     std::span<const double> identities);

}  // namespace dedup
