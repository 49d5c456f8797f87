// Step: matches of content words -> an alignment, and clusters -> candidate passages whose words
// stand in the same order.
//
// Content words are chained first (heaviest increasing chain), then the gaps between them are
// filled by a weighted longest common subsequence over all words. An alignment is a list of
// p << 32 | q, strictly increasing on both sides, counted from the start of the stretch.
#pragma once

#include <cstdint>
#include <vector>

#include "clusters.hpp"
#include "pair.hpp"
#include "segments.hpp"

namespace dedup {

using Alignment = std::vector<std::int64_t>;

// What an alignment shares.
struct AlignmentMeasure {
    double shared;    // bits
    double identity;  // equal words aligned over the words of the longer side
    double quoted;    // part of the aligned words that is quoted on one side
};

AlignmentMeasure measure_alignment(const Alignment& aligned, const Stream& a, const Stream& b,
                                   const float* bits_a, const float* bits_b);

// Counts the words of the longest run of equal words of an alignment.
std::int64_t longest_run(const Alignment& aligned, const Stream& a, const Stream& b);

// Aligns stretches of tokens; holds the scratch memory of one thread.
class Aligner {
public:
    // Finds the heaviest chain of matches that increases strictly on both sides.
    //
    // matches  p << 32 | q, sorted, none of q far from the others.
    // bits     float32 by p, positive.
    //
    // Returns the indices of the chained matches, increasing. Of two ways that weigh the same to
    // come to a match, it is the one whose last match stands nearer in q, then in p.
    // Heaviest increasing subsequence; Jacobson and Vo 1992, with a Fenwick tree of maxima.
    const std::vector<std::int64_t>& chain(const std::vector<std::int64_t>& matches,
                                           const float* bits);

    // Appends the heaviest common subsequence of two short stretches, `offset` added to each
    // p << 32 | q. bits_a: float32 by p. Wagner and Fischer 1974, weighted, without a gap cost.
    void align_gap(const std::uint64_t* stems_a, const float* bits_a, std::int64_t n_a,
                   const std::uint64_t* stems_b, std::int64_t n_b, std::int64_t offset,
                   Alignment& out);

    // Aligns two stretches, given matches of content words to chain. aligned is written.
    void align_words(const Stream& a, const Stream& b, const float* bits_a,
                     const std::vector<std::int64_t>& matches, Alignment& aligned);

    // The same without function words that stand beside no other aligned word.
    void align_stretch(const Stream& a, const Stream& b, const float* bits_a,
                       const std::vector<std::int64_t>& matches, Alignment& aligned);

private:
    void update_tree(const std::vector<std::int64_t>& matches, std::int64_t k, std::int64_t rank);

    std::vector<std::int64_t> chain_, before_, best_end_, rows_;
    std::vector<double> total_, best_;
    std::vector<float> table_;
    Alignment all_;
};

// Scalars that decide where an alignment is cut: the price of an unaligned bit at first, the drop
// and the least score of a segment, the background that a segment's own price is found with.
struct Split {
    double price, x_drop, min_segment, background;
};

// Finds candidate passages whose words stand in the same order.
class ChainFinder {
public:
    ChainFinder(Aligner& aligner, ClusterFinder& clusters)
        : aligner_(aligner), cluster_finder_(clusters) {}

    // Splits an alignment where the words in between cost more than what follows earns: leniently
    // first, then each segment at the price that follows from how much it shares.
    // Returns half-open ranges of `aligned`, in order, disjoint.
    const std::vector<Range>& split(const Alignment& aligned, const Stream& a, const Stream& b,
                                    const float* bits_a, const float* bits_b,
                                    const Split& limits);

    // Finds the chains of all clusters; found is cleared, written and sorted. A clause that moved
    // is joined to what it moved past, or a stretch of its own.
    void find(const Pair& pair, const Clusters& clusters, const Limits& limits,
              std::vector<Stretch>& found);

private:
    void find_in_cluster(const Pair& pair, const std::int64_t* anchors, std::int64_t n,
                         const Split& split_limits, std::vector<Stretch>& found);
    void cut(Range range, double price, const Split& limits, std::vector<Range>& found);
    void remove_taken(const Alignment& aligned);

    Aligner& aligner_;
    ClusterFinder& cluster_finder_;
    std::vector<std::int64_t> inside_;
    Alignment aligned_;
    std::vector<float> gains_, losses_, breaks_, scores_;
    std::vector<Range> segments_, parts_, ranges_;
};

}  // namespace dedup
