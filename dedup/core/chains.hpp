// Step: clusters -> candidate passages with words in the same order.
#pragma once

#include <cstdint>
#include <vector>

#include "aligner.hpp"
#include "clusters.hpp"
#include "pair.hpp"
#include "segments.hpp"

namespace dedup {

// Scalars for splitting an alignment: first penalty of an unaligned bit, drop and minimum score of
// a segment, and the chance rate for a segment's own penalty.
struct Split {
    double penalty, x_drop, min_segment, chance_rate;
};

// Finds candidate passages with words in the same order.
class ChainFinder {
public:
    ChainFinder(Aligner& aligner, ClusterFinder& clusters)
        : aligner_(aligner), cluster_finder_(clusters) {}

    // Splits an alignment at gaps that cost more than the rest scores: first leniently, then each
    // segment at the penalty of its own rate. Returns half-open ranges of `aligned`, in order,
    // disjoint.
    const std::vector<Range>& split(const Alignment& aligned, const Stream& a, const Stream& b,
                                    const float* bits_a, const float* bits_b,
                                    const Split& limits);

    // Finds the chains of all clusters. Overwrites `found`, sorted. A moved clause is joined to the
    // text it moved past, or becomes its own stretch.
    void find(const Pair& pair, const Clusters& clusters, const Limits& limits,
              std::vector<Stretch>& found);

private:
    void find_in_cluster(const Pair& pair, const std::int64_t* anchors, std::int64_t n,
                         const Split& split_limits, std::vector<Stretch>& found);
    void cut(Range range, double penalty, const Split& limits, std::vector<Range>& found);
    void remove_taken(const Alignment& aligned);

    Aligner& aligner_;
    ClusterFinder& cluster_finder_;
    std::vector<std::int64_t> inside_;
    Alignment aligned_;
    std::vector<float> gains_, losses_, breaks_, scores_;
    std::vector<Range> segments_, parts_, ranges_;
};

}  // namespace dedup
