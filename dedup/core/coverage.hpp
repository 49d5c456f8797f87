// Step: spans -> the share of each text that they cover, in code points.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace dedup {

// Finds the share of each text that spans cover together.
//
// spans         int64 (n_spans, 2), half-open, of one text after the other, sorted in each;
//               they may overlap.
// bounds        int64 (n_texts + 1,), spans before each text.
// pieces        uint32 (n_pieces, 2), what counts as the text: half-open, sorted, disjoint.
// piece_bounds  int64 (n_texts + 1,), pieces before each text.
//
// Returns float64 (n_texts,), in [0, 1]; 0 for a text without pieces.
std::vector<double> find_coverages(std::span<const std::int64_t> spans,
                                   std::span<const std::int64_t> bounds,
                                   std::span<const std::uint32_t> pieces,
                                   std::span<const std::int64_t> piece_bounds);

}  // namespace dedup
