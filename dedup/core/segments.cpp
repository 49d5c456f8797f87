#include "segments.hpp"

namespace dedup {

void find_segments(const float* scores, std::int64_t n, double x_drop, double min_score,
                   std::vector<Range>& found) {
    found.clear();
    std::int64_t at = 0, start = 0, end = 0;
    double total = 0, best = 0;
    while (start < n) {
        if (at < n) {
            total += scores[at];
            if (total > best) {
                best = total;
                end = at + 1;
            }
        }
        ++at;
        if (at > n || total <= 0 || best - total > x_drop) {
            if (best > 0 && best >= min_score) {
                found.push_back({start, end});
                at = end;
            }
            start = end = at;
            total = best = 0;
        }
    }
}

}  // namespace dedup
