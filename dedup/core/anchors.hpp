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
    // A pair-shingle of b: occurrences in a and b, and the first and last occurrence in b.
    struct Shingle {
        std::int64_t key;
        std::int32_t n_a, n_b, head, tail;
    };
    // Words of an occurrence in b, and the next occurrence or -1.
    struct Occurrence {
        std::int32_t first, second, next;
    };
    // Words of an occurrence in a.
    struct Hit {
        std::int32_t first, second, shingle;
    };

    void index_pairs(const Side& b, std::int64_t window);
    void find_hits(const Side& a, std::int64_t window);
    void append(const Side& a, const Side& b, bool take_frequent,
                std::vector<std::int64_t>& anchors);
    std::uint64_t find_slot(std::int64_t key) const;

    std::vector<std::int32_t> common_a_, common_b_;  // content words whose stem both have
    std::vector<std::int32_t> slots_;                // open-addressing table of shingles, or -1
    std::uint64_t mask_ = 0;
    std::vector<Shingle> shingles_;
    std::vector<Occurrence> occurrences_;
    std::vector<Hit> hits_;
};

}  // namespace dedup
