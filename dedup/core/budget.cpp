#include "budget.hpp"

#include <algorithm>
#include <cstddef>

namespace dedup {

std::vector<std::uint8_t> choose_seeds(std::span<const std::uint32_t> positions,
                                       std::span<const std::int64_t> counts,
                                       const ReadRules& rules) {
    const std::size_t n = positions.size();
    std::vector<std::uint8_t> readings(n, is_skipped);
    std::vector<std::uint32_t> order;
    for (std::size_t seed = 0; seed < n; ++seed) {
        if (counts[seed] > 0)
            order.push_back(static_cast<std::uint32_t>(seed));
        else
            readings[seed] = is_read;
    }
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
        return counts[a] < counts[b];
    });
    // Windows begin at the seeds [0, n_windows); those that hold a seed at [firsts, ends).
    std::size_t n_windows = 1;
    while (n_windows < n && positions[n - 1] - positions[n_windows - 1] >= rules.window)
        ++n_windows;
    std::vector<std::uint32_t> firsts(n), ends(n);
    for (std::size_t seed = 0, first = 0, end = 0; seed < n; ++seed) {
        while (positions[seed] - positions[first] >= rules.window) ++first;
        while (end < n_windows && positions[end] <= positions[seed]) ++end;
        firsts[seed] = static_cast<std::uint32_t>(first);
        ends[seed] = static_cast<std::uint32_t>(end);
    }
    // Seeds come from the rarest on: a window counts the rarer ones that it holds.
    std::vector<std::uint32_t> n_rarer(n, 0);
    std::int64_t n_entries = 0;
    for (const std::uint32_t seed : order) {
        std::uint32_t least = n_rarer[firsts[seed]];
        for (std::uint32_t at = firsts[seed]; at < ends[seed]; ++at)
            least = std::min(least, n_rarer[at]++);
        if (least >= rules.n_rarest) continue;
        readings[seed] = is_always_read;
        n_entries += std::min(counts[seed], rules.max_bucket);
    }
    for (const std::uint32_t seed : order) {
        if (readings[seed] == is_always_read) continue;
        n_entries += std::min(counts[seed], rules.max_bucket);
        if (n_entries > rules.max_entries) break;
        readings[seed] = is_read;
    }
    return readings;
}

}  // namespace dedup
