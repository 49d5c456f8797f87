// Step: sequence of scores -> high-scoring segments.
#pragma once

#include <cstdint>
#include <vector>

namespace dedup {

// A half-open range.
struct Range {
    std::int64_t low, high;
};

// Finds high-scoring segments; one ends when its total falls x_drop below its best.
//
// scores  float32 (n,), bits.
// found   cleared and written: disjoint, in order, each of a total of at least min_score, which
//         ends at its best. The search goes on behind it.
// Karlin and Altschul 1990 for maximal scoring segments; Zhang et al. 2000 for X-drop.
void find_segments(const float* scores, std::int64_t n, double x_drop, double min_score,
                   std::vector<Range>& found);

}  // namespace dedup
