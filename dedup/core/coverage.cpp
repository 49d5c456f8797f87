#include "coverage.hpp"

#include <algorithm>
#include <cstddef>

namespace dedup {

double cover_text(std::span<const std::int64_t> spans, std::span<const std::uint32_t> pieces) {
    std::int64_t covered = 0, total = 0, end = 0;
    std::size_t at = 0;
    for (std::size_t k = 0; k + 1 < pieces.size(); k += 2) {
        const std::int64_t start = pieces[k], stop = pieces[k + 1];
        total += stop - start;
        // A span past this piece may reach into the next.
        while (at + 1 < spans.size() && spans[at] < stop) {
            const std::int64_t low = std::max({spans[at], end, start});
            const std::int64_t high = std::min(spans[at + 1], stop);
            if (high > low) covered += high - low;
            end = std::max(end, high);
            if (spans[at + 1] > stop) break;
            at += 2;
        }
    }
    return covered > 0 ? static_cast<double>(covered) / static_cast<double>(total) : 0.0;
}

std::vector<double> find_coverages(std::span<const std::int64_t> spans,
                                   std::span<const std::int64_t> bounds,
                                   std::span<const std::uint32_t> pieces,
                                   std::span<const std::int64_t> piece_bounds) {
    std::vector<double> coverages(bounds.size() - 1);
    const auto take = [](auto rows, std::span<const std::int64_t> ends, std::size_t text) {
        return rows.subspan(2 * ends[text], 2 * (ends[text + 1] - ends[text]));
    };
    for (std::size_t text = 0; text + 1 < bounds.size(); ++text)
        coverages[text] =
            cover_text(take(spans, bounds, text), take(pieces, piece_bounds, text));
    return coverages;
}

}  // namespace dedup
