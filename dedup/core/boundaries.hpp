// Step: candidate passages -> the same with their ends where text is cut or clauses end.
#pragma once

#include <cstdint>
#include <vector>

#include "chains.hpp"
#include "clusters.hpp"
#include "pair.hpp"

namespace dedup {

// Moves both ends of [low, high) outwards to the nearest start of a sentence or clause, at most
// max_words away; an end stays where none is that near.
Range extend_range(const std::uint8_t* flags, std::int64_t n, Range range, std::int64_t max_words);

// Extends sorted stretches and joins those that then overlap on both sides. cores is written: the
// stretches that they grew from, joined alike.
void extend_stretches(std::vector<Stretch>& stretches, std::vector<Stretch>& cores, const Stream& a,
                      const Stream& b, std::int64_t max_words);

// Cuts and extends candidate passages.
class BoundaryFinder {
public:
    BoundaryFinder(Aligner& aligner, ClusterFinder& clusters)
        : aligner_(aligner), cluster_finder_(clusters) {}

    // Cuts stretches so that none goes over masked text; of a stretch with a cut, the aligned
    // words that no cut parts make one each. Sorted before and after.
    void cut(const Pair& pair, std::vector<Stretch>& stretches);

    // Moves both sides of an end to the sentence boundary, if what is added is alike.
    void complete_sentences(const Pair& pair, std::vector<Stretch>& stretches,
                            std::int64_t max_words);

    // All of it: cuts, extends, completes. cores is written.
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
