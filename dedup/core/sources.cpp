#include "sources.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

#include "evidence.hpp"

namespace dedup {

namespace {

// Whether the hits of one article reach the minimum within a window.
bool say_enough(std::span<const Hit> hits, const Query& query, const Floors& floors,
                std::int64_t window, Tally& tally) {
    const double floor = find_floor(floors.lengths[floors.query],
                                    floors.lengths[hits.front().article], floors.min_bits,
                                    floors.slope);
    // Most articles fail even without a window, which is fast to check.
    tally.begin();
    float everything = 0.0F;
    for (const Hit& hit : hits) everything += tally.add(query, hit.seed);
    return static_cast<double>(everything) >= floor &&
           static_cast<double>(fill_window(hits, query, window, floor, tally)) >= floor;
}

// Whether this is the first hit of its seed; hits of one article are sorted by seed.
bool is_first(std::span<const Hit> hits, std::size_t at, std::size_t first) {
    return at == first || hits[at - 1].seed != hits[at].seed;
}

std::size_t find_end(std::span<const Hit> hits, std::size_t first) {
    std::size_t last = first;
    while (last < hits.size() && hits[last].article == hits[first].article) ++last;
    return last;
}

}  // namespace

float Tally::add(const Query& query, std::int64_t seed) {
    float fresh = 0.0F;
    for (std::int64_t at = 2 * seed; at < 2 * seed + 2; ++at) {
        const std::uint16_t word = query.words[at];
        const float worth = query.worths[at];
        const bool is_said = turns_[word] == turn_;
        const float said = is_said ? most_[word] : 0.0F;
        if (worth > said || !is_said) {
            most_[word] = worth;
            turns_[word] = turn_;
            fresh += worth - said;
        }
    }
    return fresh;
}

std::vector<std::int64_t> find_sources(std::span<const Hit> hits, const Query& query,
                                       const Floors& floors, std::int64_t window, Tally& tally) {
    std::vector<std::int64_t> sources;
    for (std::size_t first = 0; first < hits.size();) {
        const std::size_t last = find_end(hits, first);
        if (say_enough(hits.subspan(first, last - first), query, floors, window, tally))
            sources.push_back(static_cast<std::int64_t>(first));
        first = last;
    }
    return sources;
}

std::vector<std::int64_t> choose_sources(std::span<const Hit> hits,
                                         std::span<const std::int64_t> sources,
                                         std::span<const std::int64_t> n_cut, const Query& query,
                                         const Floors& floors, std::int64_t window,
                                         std::int64_t max_sources, Tally& tally) {
    const std::size_t n = sources.size(), n_seeds = query.positions.size();
    if (static_cast<std::int64_t>(n) <= max_sources) return {sources.begin(), sources.end()};
    std::vector<std::int64_t> n_carriers(n_seeds, 0), n_kept_carriers(n_seeds, 0);
    std::vector<double> totals(n, 0.0);
    std::vector<std::size_t> ends(n), order(n);
    for (std::size_t k = 0; k < n; ++k) {
        ends[k] = find_end(hits, sources[k]);
        for (std::size_t at = sources[k]; at < ends[k]; ++at) {
            if (!is_first(hits, at, sources[k])) continue;
            const std::int64_t seed = hits[at].seed;
            ++n_carriers[seed];
            totals[k] += static_cast<double>(query.worths[2 * seed] + query.worths[2 * seed + 1]);
        }
    }
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return totals[a] > totals[b]; });
    std::vector<bool> is_kept(n, false);
    std::vector<Hit> fresh;
    for (const std::size_t k : order) {
        fresh.clear();
        for (std::size_t at = sources[k]; at < ends[k]; ++at) {
            const std::int64_t seed = hits[at].seed;
            const bool is_rare = n_carriers[seed] + n_cut[seed] <= max_sources;
            if (n_kept_carriers[seed] < (is_rare ? max_sources : 1)) fresh.push_back(hits[at]);
        }
        if (fresh.empty() || !say_enough(fresh, query, floors, window, tally)) continue;
        is_kept[k] = true;
        for (std::size_t at = sources[k]; at < ends[k]; ++at)
            n_kept_carriers[hits[at].seed] += is_first(hits, at, sources[k]);
    }
    std::vector<std::int64_t> kept;
    for (std::size_t k = 0; k < n; ++k)
        if (is_kept[k]) kept.push_back(sources[k]);
    return kept;
}

float fill_window(std::span<const Hit> hits, const Query& query, std::int64_t window,
                  double enough, Tally& tally) {
    float most = 0.0F;
    std::size_t last = 0;
    for (std::size_t first = 0; first < hits.size(); ++first) {
        const std::int64_t end = query.positions[hits[first].seed] + window;
        while (last < hits.size() && query.positions[hits[last].seed] < end) ++last;
        // A square starts at this hit in one text, and at some hit in the other.
        for (std::size_t corner = first; corner < last; ++corner) {
            tally.begin();
            float total = 0.0F;
            for (std::size_t other = first; other < last; ++other) {
                const std::int64_t distance = hits[other].place - hits[corner].place;
                if (0 <= distance && distance < window) total += tally.add(query, hits[other].seed);
            }
            most = std::max(most, total);
            if (static_cast<double>(most) >= enough) return most;
        }
    }
    return most;
}

}  // namespace dedup
