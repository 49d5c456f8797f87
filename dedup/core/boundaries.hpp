// Step: candidate passages -> candidate passages cut at masked text and extended to clause ends.
#pragma once

#include <cstdint>
#include <vector>

#include "chains.hpp"
#include "clusters.hpp"
#include "pair.hpp"

namespace dedup {

// Moves both ends of [low, high) outwards to the nearest sentence or clause start within max_words;
// otherwise an end stays.
Range extend_range(const std::uint8_t* flags, std::int64_t n, Range range, std::int64_t max_words);

// Extends sorted stretches and joins those that then overlap on both sides. Writes to `cores` the
// original stretches, joined the same way.
void extend_stretches(std::vector<Stretch>& stretches, std::vector<Stretch>& cores, const Stream& a,
                      const Stream& b, std::int64_t max_words);

// Cuts and extends candidate passages.
class BoundaryFinder {
public:
    BoundaryFinder(Aligner& aligner, ClusterFinder& clusters)
        : aligner_(aligner), cluster_finder_(clusters) {}

    // Splits stretches at masked text, by aligned words. Sorted before and after.
    void cut(const Pair& pair, std::vector<Stretch>& stretches);

    // Moves both sides of an end to the sentence boundary if the added text is similar.
    void complete_sentences(const Pair& pair, std::vector<Stretch>& stretches,
                            std::int64_t max_words);

    // Cuts, extends and completes. Writes `cores`.
    void settle(const Pair& pair, std::int64_t max_words, std::vector<Stretch>& stretches,
                std::vector<Stretch>& cores);

private:
    void cut_one(const Pair& pair, const Stretch& stretch, std::vector<Stretch>& found);
    bool is_alike(const Pair& pair, std::int64_t p, std::int64_t p_end, std::int64_t q,
                  std::int64_t q_end);

    Aligner& aligner_;
    ClusterFinder& cluster_finder_;
    std::vector<std::int64_t> inside_;
    Alignment aligned_;
    std::vector<Stretch> found_;
};

}  // namespace dedup
