// Step: bucket look-ups -> candidate pairs, by counting common bands or adding up common seeds.
//
// A query article has one bucket per key: an ascending range of an array of articles.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "buckets.hpp"

namespace dedup {

// Query articles, and the first article that each may read.
struct Queries {
    std::span<const std::int64_t> numbers;  // (n_queries,)
    std::span<const std::int64_t> lows;     // (n_queries,)

    Reach reach(std::size_t k) const { return {lows[k], numbers[k]}; }
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
    std::int64_t n_articles;   // articles of the collection
    std::int64_t window;       // tokens on either side within which seeds are added up
    double min_bits, slope;    // least sum
    std::int64_t max_bucket;   // entries of a bucket that are all taken
    std::int64_t max_sources;  // articles that may all share one stretch
    std::int64_t n_rarest;     // seeds of each window that are always read
    std::int64_t max_entries;  // entries that a query reads, unless the rarest have more
};

struct CandidateRows {
    // (n_pairs, 3): the earlier article, the query, and whether it was paired with less than all.
    std::vector<std::int64_t> rows;
    std::int64_t n_capped = 0;  // pairs and entries that a cap left out
    std::int64_t n_read = 0;    // entries read
};

// Finds the pairs that agree in enough bands. counts, int32 (n_articles,), is zero before and
// after. Throws std::invalid_argument if a bucket names an article past `counts`, or lacks its
// ends.
CandidateRows count_bands(const Queries& queries, const Buckets& buckets,
                          std::span<std::int32_t> counts, const BandRules& rules);

// Finds the pairs that share enough seeds within a window. totals, float32, and counts, int64, have
// an element per article of `lengths`, zero before and after. Throws as count_bands does.
CandidateRows add_seeds(const Queries& queries, const QuerySeeds& seeds, const Buckets& buckets,
                        std::span<const std::int64_t> lengths, std::span<float> totals,
                        std::span<std::int64_t> counts, const SumRules& rules);

// Returns the most bits of seeds that a query and an article share within a window. Stops at
// `enough` bits.
float measure_seeds(std::uint32_t article, Reach reach, const QuerySeeds& seeds,
                    const Buckets& buckets, std::int64_t n_articles, std::int64_t window,
                    double enough);

}  // namespace dedup
