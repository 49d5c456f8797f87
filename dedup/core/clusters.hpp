// Step: anchors -> anchor clusters, and clusters -> candidate passages with words in any order.
//
// A cluster is a group of anchors that are near one another on both sides. Words in a cluster are
// scored along a, then along b, then along a again.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "pair.hpp"
#include "segments.hpp"

namespace dedup {

// A candidate passage in tokens: p start and end, q start and end, half-open.
using Stretch = std::array<std::int64_t, 4>;

// Scalars of a search: penalty of an unshared bit, drop that ends a segment, minimum total of a
// segment, chance rate, and maximum cost of a bridge.
struct Limits {
    double penalty, x_drop, min_segment, chance_rate, max_bridge;
};

// Order-free overlap of two parts of articles.
struct Likeness {
    double shared;         // bits
    double cosine;         // shared over the geometric mean of both masses
    std::int64_t n_types;  // shared stems that are neither names nor numbers
};

// Anchors by cluster: cluster k has anchors[bounds[k]] to anchors[bounds[k + 1]].
struct Clusters {
    std::vector<std::int64_t> anchors, bounds;
    std::int64_t size() const { return static_cast<std::int64_t>(bounds.size()) - 1; }
};

// Returns the total bits of anchors i << 32 | j: each the minimum of its two words.
double sum_anchors(const std::int64_t* anchors, std::int64_t n, const Side& a, const Side& b);

// Groups anchors and finds candidate passages. Holds the scratch memory of one thread.
class ClusterFinder {
public:
    // Splits the sorted anchors of a pair at gaps of more than max_gap tokens, along a and b in
    // turn, until nothing splits. Drops clusters below min_bits.
    void split(const std::vector<std::int64_t>& anchors, const Side& a, const Side& b,
               std::int64_t max_gap, double min_bits, Clusters& clusters);

    // Measures the overlap of tokens [p, p_end) of a and [q, q_end) of b.
    Likeness measure(const Pair& pair, std::int64_t p, std::int64_t p_end, std::int64_t q,
                     std::int64_t q_end);

    // Finds candidate passages in clusters. Overwrites `found`, sorted.
    void find(const Pair& pair, const Clusters& clusters, const Limits& limits,
              std::vector<Stretch>& found);

    // Merges sorted stretches if the bridge between them costs at most max_bridge.
    void merge(const Pair& pair, std::vector<Stretch>& stretches, const Limits& limits);

private:
    struct Group {
        std::int64_t low, high;
        int n_stable, n_rounds;
    };

    // Sorts the anchors of a group that are sorted by their other side.
    void sort_group();
    void split_group(const Group& group, const Side& a, const Side& b, std::int64_t max_gap,
                     std::vector<std::int64_t>& order);
    void find_in_cluster(const Pair& pair, const Limits& limits, std::vector<Stretch>& found);
    void find_segments_along(const std::vector<std::int64_t>& anchors, Range range, Range other,
                             const Side& side, const Side& other_side, const Limits& limits,
                             std::vector<Range>& segments);

    std::vector<Group> groups_;
    std::vector<Range> ranges_;
    std::vector<std::int64_t> order_, group_, sorted_;
    std::vector<std::int32_t> ends_;
    // By common stem: occurrences left, whether met, least bits; all zero between calls.
    std::vector<float> left_, least_;
    std::vector<std::uint8_t> seen_, there_;
    std::vector<std::int64_t> by_a_, inside_, final_;
    std::vector<float> scores_;
    std::vector<Range> outer_, middle_, inner_;
    std::vector<double> shared_;
};

}  // namespace dedup
