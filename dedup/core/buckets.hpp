// Buckets of keys, and the entries that a query reads of each.
//
// A query reads entries of articles before it: of too many only the first and the latest, so that a
// bucket of n articles costs O(n), not O(n * n).
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <stdexcept>

namespace dedup {

struct Buckets {
    std::span<const std::int64_t> ranges;     // (n_keys, 2), half-open, of the entries
    std::span<const std::int64_t> n_absent;   // (n_keys,), entries left out of its middle
    std::span<const std::uint32_t> articles;  // (n_entries,), ascending in each bucket
    std::span<const std::uint32_t> places;    // (n_entries,), token of the article; 0 for bands
};

// Articles [low, query) that a query may read.
struct Reach {
    std::int64_t low, query;
};

// Entries of a bucket in reach, and those read of them: [first, head) and [tail, end).
struct Ends {
    std::int64_t first = 0, head = 0, tail = 0, end = 0, size = 0;

    std::int64_t count() const { return head - first + end - tail; }

    template <class Visit>
    void visit(const Visit& see) const {
        for (std::int64_t at = first; at < head; ++at) see(at);
        for (std::int64_t at = tail; at < end; ++at) see(at);
    }
};

// Throws std::invalid_argument if a bucket lacks entries that the query reads.
inline Ends find_ends(const Buckets& buckets, std::int64_t key, Reach reach,
                      std::int64_t max_bucket) {
    const auto begin = buckets.articles.begin();
    std::int64_t first = buckets.ranges[2 * key];
    const std::int64_t last = buckets.ranges[2 * key + 1], n_absent = buckets.n_absent[key];
    const auto find = [&](std::int64_t article) {
        return std::lower_bound(begin + first, begin + last,
                                static_cast<std::uint32_t>(article)) - begin;
    };
    const std::int64_t end = find(reach.query);
    if (reach.low > 0 && first < end) {
        if (n_absent > 0) throw std::invalid_argument("buckets: entries of a window are absent");
        first = std::min(static_cast<std::int64_t>(find(reach.low)), end);
    }
    const std::int64_t size = end - first + n_absent;
    if (size <= max_bucket) return {first, end, end, end, size};
    if (end - first < max_bucket)
        throw std::invalid_argument("buckets: entries are absent that the query looks at");
    return {first, first + (max_bucket + 1) / 2, end - max_bucket / 2, end, size};
}

}  // namespace dedup
