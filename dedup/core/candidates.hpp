// Step: bucket look-ups -> candidate pairs, by counting common bands or adding up common seeds.
//
// A query article has one bucket per key: an ascending range of an array of articles. Only articles
// before the query count; of too many, only the first and the latest, so that a bucket of n
// articles costs O(n), not O(n * n).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace dedup {

// Buckets of some keys.
struct Buckets {
    std::span<const std::int64_t> ranges;     // (n_keys, 2), half-open, of the entries
    std::span<const std::int64_t> sizes;      // (n_keys,), entries that each has, here or not
    std::span<const std::int64_t> n_absent;   // (n_keys,), entries left out of its middle
    std::span<const std::uint32_t> articles;  // (n_entries,), ascending in each bucket
    std::span<const std::uint32_t> places;    // (n_entries,), token of the article; 0 for bands
};

// Seeds of the query articles.
struct QuerySeeds {
    std::span<const std::uint32_t> positions;  // (n_seeds,)
    std::span<const std::uint16_t> words;      // (n_seeds, 2)
    std::span<const std::uint8_t> evidence;    // (n_seeds, 2), eighths of a bit
    std::span<const std::int64_t> offsets;     // (n_queries + 1,)
};

struct BandRules {
    std::int64_t n_bands;      // bands of a signature
    std::int64_t min_hits;     // bands that must agree
    std::int64_t max_bucket;   // articles of a bucket that are all taken
    std::int64_t max_sources;  // articles that are all paired; of more only the best is
};

struct SumRules {
    std::int64_t window;       // tokens on either side within which seeds are added up
    double min_bits, slope;    // least sum
    std::int64_t max_bucket;   // entries of a bucket that are all taken
    std::int64_t max_sources;  // articles that may all share one stretch
};

struct CandidateRows {
    // (n_pairs, 3): the earlier article, the query, and whether it was paired with less than all.
    std::vector<std::int64_t> rows;
    std::int64_t n_capped = 0;  // pairs and entries that a cap left out
};

// Finds the pairs that agree in enough bands. counts, int32 (n_articles,), is zero before and
// after. Throws std::invalid_argument if a bucket names an article past `counts`, or lacks its
// ends.
CandidateRows count_bands(std::span<const std::int64_t> queries, const Buckets& buckets,
                          std::span<std::int32_t> counts, const BandRules& rules);

// Finds the pairs that share enough seeds within a window. totals, float32, and counts, int64, have
// an element per article of `lengths`, zero before and after. Throws as count_bands does.
CandidateRows add_seeds(std::span<const std::int64_t> queries, const QuerySeeds& seeds,
                        const Buckets& buckets, std::span<const std::int64_t> lengths,
                        std::span<float> totals, std::span<std::int64_t> counts,
                        const SumRules& rules);

// Returns the most bits of seeds that a query and an article share within a window. Stops at
// `enough` bits.
float measure_seeds(std::uint32_t article, const QuerySeeds& seeds, const Buckets& buckets,
                    std::int64_t n_articles, std::int64_t window, double enough);

}  // namespace dedup
