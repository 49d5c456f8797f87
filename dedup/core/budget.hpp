// Step: seeds of a query and how many articles share each -> the seeds whose buckets are read.
//
// What a query reads must not grow with the collection. A copied passage shares its rare seeds too,
// so the rarest of each window are always read, and the others by rarity while a budget lasts.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace dedup {

struct ReadRules {
    std::int64_t window;       // tokens of a window
    std::int64_t n_rarest;     // seeds of each window that are always read
    std::int64_t max_bucket;   // entries of a bucket that are read at most
    std::int64_t max_entries;  // entries that a query reads, unless the rarest have more
};

enum Reading : std::uint8_t { is_skipped, is_read, is_always_read };

// Chooses the seeds of a query to read.
//
// positions  uint32 (n_seeds,), token of each, not decreasing.
// counts     int64 (n_seeds,), entries of each that the query may read; of two seeds the one with
//            less is rarer, of equal ones the first. A seed without entries is read at no cost, and
//            is none of the rarest.
//
// A window begins at any seed up to the first whose window holds the last seed. Returns a Reading
// for each seed.
std::vector<std::uint8_t> choose_seeds(std::span<const std::uint32_t> positions,
                                       std::span<const std::int64_t> counts,
                                       const ReadRules& rules);

}  // namespace dedup
