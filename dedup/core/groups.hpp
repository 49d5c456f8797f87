// Step: spans of tokens -> groups, nesting, and a selection of overlapping spans.
//
// Spans are int64 (n, 2), half-open, 0 <= start <= end. Tokens are counted over all articles, so
// that spans of different articles never meet.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace dedup {

// Groups spans that differ only at their edges.
//
// spans     sorted.
// min_same  minimum intersection over union with the first span of a group.
//
// Returns int64 (n,), index of the first span of each group. First spans at one place differ by
// more than min_same allows, so that their number grows with the logarithm of their lengths, not
// with the number of spans.
std::vector<std::int64_t> group_spans(std::span<const std::int64_t> spans, double min_same);

// Finds nested spans.
//
// spans     sorted, one per group of group_spans; fewer than 2**31.
// min_same  minimum share of a span inside a longer one.
//
// Returns int64 (n_pairs, 2), outer and inner span, sorted.
std::vector<std::int64_t> find_nested(std::span<const std::int64_t> spans, double min_same);

// Among overlapping spans of a family, keeps the best.
//
// families    int64 (n,), family of each span, sorted.
// spans       sorted within a family.
// identities  float64 (n,), identity with the representative, whose own is the highest; none is
//             NaN.
//
// Returns (n,), 1 for spans to keep, best first: no two share half of the shorter one.
std::vector<std::uint8_t> fold_spans(std::span<const std::int64_t> families,
                                     std::span<const std::int64_t> spans,
                                     std::span<const double> identities);

}  // namespace dedup
