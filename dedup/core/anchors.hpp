// Step: a pair -> anchors, words of both sides with a common neighbor.
//
// Two content words within a window, in either order, are a pair-shingle. One that occurs on both
// sides anchors its words: rare ones each with each, one that is frequent on one side in order,
// others only where no other anchor exists.
#pragma once

#include <cstdint>
#include <vector>

#include "pair.hpp"

namespace dedup {

// Finds anchors. Holds the scratch memory of one thread.
class AnchorFinder {
public:
    // Finds anchors i << 32 | j, sorted, unique. window: content words within which two words form
    // a pair-shingle. Throws std::length_error if an article has 2**31 pair-shingles.
    void find(const Side& a, const Side& b, std::int64_t window,
              std::vector<std::int64_t>& anchors);

private:
    struct Hit {
        std::int32_t first, second, slot;
    };

    void index_pairs(const Side& b, std::int64_t window);
    void find_hits(const Side& a, std::int64_t window);
    void append(const Side& a, const Side& b, bool take_frequent,
                std::vector<std::int64_t>& anchors);
    std::int64_t find_slot(std::int64_t key) const;

    std::vector<std::int32_t> common_a_, common_b_;  // content words whose stem both have
    // Open-addressing table of pair-shingles: key or -1, occurrences in a and b, and the first
    // and last occurrence in b, which are chained.
    std::vector<std::int64_t> keys_;
    std::vector<std::int32_t> counts_a_, counts_b_, heads_, tails_;
    std::int64_t mask_ = 0;
    std::vector<std::int32_t> next_, firsts_, seconds_;  // occurrences in b
    std::vector<Hit> hits_;                              // occurrences in a
};

}  // namespace dedup
