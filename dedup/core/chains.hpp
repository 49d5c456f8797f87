// Step: clusters -> candidate passages whose words stand in the same order.
#pragma once

#include <cstdint>
#include <vector>

#include "aligner.hpp"
#include "clusters.hpp"
#include "pair.hpp"
#include "segments.hpp"

namespace dedup {

// Scalars that decide where an alignment is cut: the penalty of an unaligned bit at first, the drop
// and the least score of a segment, the chance rate that a segment's own penalty is found with.
struct Split {
    double penalty, x_drop, min_segment, chance_rate;
};

// Finds candidate passages whose words stand in the same order.
class ChainFinder {
public:
    ChainFinder(Aligner& aligner, ClusterFinder& clusters)
        : aligner_(aligner), cluster_finder_(clusters) {}

    // Splits an alignment where the words in between cost more than what follows earns: leniently
    // first, then each segment at the penalty that follows from how much it shares.
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
