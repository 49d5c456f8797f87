// Step: spans -> covered share of each text, in code points.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace dedup {

// Returns the share of one text that spans cover, from its part of the arrays below.
double cover_text(std::span<const std::int64_t> spans, std::span<const std::uint32_t> pieces);

// Returns the share of each text that spans cover.
//
// spans         int64 (n_spans, 2), half-open, text by text, sorted within each; may overlap.
// bounds        int64 (n_texts + 1,), spans before each text.
// pieces        uint32 (n_pieces, 2), parts that count: half-open, sorted, disjoint.
// piece_bounds  int64 (n_texts + 1,), pieces before each text.
//
// Returns float64 (n_texts,), in [0, 1]; 0 for a text without pieces.
std::vector<double> find_coverages(std::span<const std::int64_t> spans,
                                   std::span<const std::int64_t> bounds,
                                   std::span<const std::uint32_t> pieces,
                                   std::span<const std::int64_t> piece_bounds);

}  // namespace dedup
