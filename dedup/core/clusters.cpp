#include "clusters.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "evidence.hpp"

namespace dedup {

namespace {

// Maximum depth of splits; only crafted texts reach it.
constexpr int max_rounds = 16;
// Maximum preceding stretches, in the order of a, to try merging with.
constexpr std::int64_t merge_ahead = 16;
// Avoids division by zero for stretches without information.
constexpr double least_mass = 1e-9;
// Words for each anchor up to which anchors are sorted by counting.
constexpr std::int64_t max_spread = 8;
// More than any article has words.
constexpr std::int64_t without_end = std::int64_t{1} << 31;

std::int64_t find_word(const Side& side, std::int64_t token) {
    return std::lower_bound(side.tokens, side.tokens + side.n, token) - side.tokens;
}

void anchors_within(const std::vector<std::int64_t>& anchors, Range i, Range j,
                    std::vector<std::int64_t>& inside) {
    inside.clear();
    auto at = std::lower_bound(anchors.begin(), anchors.end(), pack(i.low, 0));
    const auto end = std::lower_bound(anchors.begin(), anchors.end(), pack(i.high, 0));
    for (; at < end; ++at)
        if (right_of(*at) >= j.low && right_of(*at) < j.high) inside.push_back(*at);
}

// Cost of joining two stretches across the words between them.
double weigh_bridge(const Pair& pair, const Stretch& left, const Stretch& right, double shared,
                    double chance_rate) {
    const std::vector<double>&a = pair.mass_a, &b = pair.mass_b;
    const double own_a = a[left[1]] - a[left[0]] + a[right[1]] - a[right[0]];
    const double own_b = b[left[3]] - b[left[2]] + b[right[3]] - b[right[2]];
    const double gap_a = a[std::max(left[0], right[0])] - a[std::min(left[1], right[1])];
    const double gap_b = b[std::max(left[2], right[2])] - b[std::min(left[3], right[3])];
    const double penalty =
        find_penalty(shared / std::sqrt(std::max(own_a * own_b, least_mass)), chance_rate);
    return std::max({gap_a, gap_b, 0.0}) * penalty;
}

void extend(Stretch& stretch, const Stretch& other) {
    stretch = {std::min(stretch[0], other[0]), std::max(stretch[1], other[1]),
               std::min(stretch[2], other[2]), std::max(stretch[3], other[3])};
}

}  // namespace

double sum_anchors(const std::int64_t* anchors, std::int64_t n, const Side& a, const Side& b) {
    double total = 0;
    for (std::int64_t k = 0; k < n; ++k)
        total += std::min(a.bits[left_of(anchors[k])], b.bits[right_of(anchors[k])]);
    return total;
}

void ClusterFinder::split(const std::vector<std::int64_t>& anchors, const Side& a, const Side& b,
                          std::int64_t max_gap, double min_bits, Clusters& clusters) {
    order_.assign(anchors.begin(), anchors.end());
    ranges_.clear();
    // A group that neither side splits is a cluster.
    groups_.assign(1, {0, static_cast<std::int64_t>(order_.size()), 0, 0});
    while (!groups_.empty()) {
        const Group group = groups_.back();
        groups_.pop_back();
        const std::int64_t n = group.high - group.low;
        if (n == 0 || sum_anchors(order_.data() + group.low, n, a, b) < min_bits) continue;
        if (group.n_stable == 2 || group.n_rounds == max_rounds)
            ranges_.push_back({group.low, group.high});
        else
            split_group(group, a, b, max_gap, order_);
    }
    std::sort(ranges_.begin(), ranges_.end(),
              [](const Range& one, const Range& other) { return one.low < other.low; });
    clusters.anchors.clear();
    clusters.bounds.assign(1, 0);
    for (const Range& range : ranges_) {
        clusters.anchors.insert(clusters.anchors.end(), order_.begin() + range.low,
                                order_.begin() + range.high);
        clusters.bounds.push_back(static_cast<std::int64_t>(clusters.anchors.size()));
    }
}

void ClusterFinder::sort_group() {
    std::int64_t low = left_of(group_.front()), high = low;
    for (const std::int64_t anchor : group_) {
        low = std::min(low, left_of(anchor));
        high = std::max(high, left_of(anchor));
    }
    const std::int64_t range = high - low + 1, n = static_cast<std::int64_t>(group_.size());
    if (range > max_spread * n) {
        std::sort(group_.begin(), group_.end());
        return;
    }
    ends_.assign(range + 1, 0);
    for (const std::int64_t anchor : group_) ++ends_[left_of(anchor) - low + 1];
    for (std::int64_t k = 1; k < range; ++k) ends_[k] += ends_[k - 1];
    sorted_.resize(n);
    for (const std::int64_t anchor : group_) sorted_[ends_[left_of(anchor) - low]++] = anchor;
    group_.swap(sorted_);
}

void ClusterFinder::split_group(const Group& group, const Side& a, const Side& b,
                                std::int64_t max_gap, std::vector<std::int64_t>& order) {
    const bool along_b = group.n_rounds % 2 == 1;
    const std::int32_t* tokens = along_b ? b.tokens : a.tokens;
    group_.assign(order.begin() + group.low, order.begin() + group.high);
    if (along_b) std::transform(group_.begin(), group_.end(), group_.begin(), swap_sides);
    if (group.n_rounds > 0) {
        sort_group();
        for (std::int64_t k = group.low; k < group.high; ++k)
            order[k] = along_b ? swap_sides(group_[k - group.low]) : group_[k - group.low];
    }
    const int n_rounds = group.n_rounds + 1;
    std::int64_t first = group.low;
    for (std::int64_t at = group.low + 1; at < group.high; ++at) {
        const std::int64_t before = left_of(group_[at - group.low - 1]);
        if (tokens[left_of(group_[at - group.low])] - tokens[before] > max_gap) {
            groups_.push_back({first, at, 1, n_rounds});
            first = at;
        }
    }
    groups_.push_back({first, group.high, first == group.low ? group.n_stable + 1 : 1, n_rounds});
}

Likeness ClusterFinder::measure(const Pair& pair, std::int64_t p, std::int64_t p_end,
                                std::int64_t q, std::int64_t q_end) {
    const Side &a = pair.side_a, &b = pair.side_b;
    if (static_cast<std::int64_t>(left_.size()) < pair.n_stems) {
        left_.resize(pair.n_stems);
        least_.resize(pair.n_stems);
        seen_.resize(pair.n_stems);
    }
    const std::int64_t i_low = find_word(a, p), i_high = find_word(a, p_end);
    const std::int64_t j_low = find_word(b, q), j_high = find_word(b, q_end);
    double mass_a = 0, mass_b = 0, shared = 0;
    std::int64_t n_types = 0;
    for (std::int64_t i = i_low; i < i_high; ++i) {
        mass_a += a.bits[i];
        const std::int32_t stem = a.stems[i];
        if (stem < 0) continue;
        least_[stem] = left_[stem] > 0 ? std::min(least_[stem], a.bits[i]) : a.bits[i];
        left_[stem] += 1;
    }
    for (std::int64_t j = j_low; j < j_high; ++j) {
        mass_b += b.bits[j];
        const std::int32_t stem = b.stems[j];
        if (stem < 0 || left_[stem] <= 0) continue;
        left_[stem] -= 1;
        shared += std::min(b.bits[j], least_[stem]);
        n_types += !seen_[stem] && !b.is_fact[j];
        seen_[stem] = 1;
    }
    for (std::int64_t i = i_low; i < i_high; ++i)
        if (a.stems[i] >= 0) left_[a.stems[i]] = seen_[a.stems[i]] = 0;
    if (mass_a <= 0 || mass_b <= 0) return {0, 0, 0};
    return {shared, shared / std::sqrt(mass_a * mass_b), n_types};
}

void ClusterFinder::find_segments_along(const std::vector<std::int64_t>& anchors, Range range,
                                        Range other, const Side& side, const Side& other_side,
                                        const Limits& limits, std::vector<Range>& segments) {
    for (std::int64_t k = other.low; k < other.high; ++k)
        if (other_side.stems[k] >= 0) there_[other_side.stems[k]] = 1;
    scores_.resize(range.high - range.low);
    for (std::int64_t k = range.low; k < range.high; ++k) {
        const bool is_shared = side.stems[k] >= 0 && there_[side.stems[k]];
        scores_[k - range.low] =
            is_shared ? 0.0F
                      : static_cast<float>(static_cast<double>(-side.bits[k]) * limits.penalty);
    }
    for (const std::int64_t anchor : anchors)
        scores_[left_of(anchor) - range.low] = side.bits[left_of(anchor)];
    for (std::int64_t k = other.low; k < other.high; ++k)
        if (other_side.stems[k] >= 0) there_[other_side.stems[k]] = 0;
    find_segments(scores_.data(), range.high - range.low, limits.x_drop, limits.min_segment,
                  segments);
    for (Range& segment : segments) {
        segment.low += range.low;
        segment.high += range.low;
    }
}

// The anchors of the cluster are in by_a_, sorted.
void ClusterFinder::find_in_cluster(const Pair& pair, const Limits& limits,
                                    std::vector<Stretch>& found) {
    const Side &a = pair.side_a, &b = pair.side_b;
    Range j{std::numeric_limits<std::int64_t>::max(), 0};
    for (const std::int64_t anchor : by_a_) {
        j.low = std::min(j.low, right_of(anchor));
        j.high = std::max(j.high, right_of(anchor) + 1);
    }
    const Range i{left_of(by_a_.front()), left_of(by_a_.back()) + 1};
    find_segments_along(by_a_, i, j, a, b, limits, outer_);
    for (const Range& outer : outer_) {
        anchors_within(by_a_, outer, {0, without_end}, inside_);
        if (inside_.empty()) continue;
        std::transform(inside_.begin(), inside_.end(), inside_.begin(), swap_sides);
        std::sort(inside_.begin(), inside_.end());
        const Range along_b{left_of(inside_.front()), left_of(inside_.back()) + 1};
        find_segments_along(inside_, along_b, outer, b, a, limits, middle_);
        for (const Range& middle : middle_) {
            anchors_within(by_a_, outer, middle, final_);
            if (final_.empty()) continue;
            find_segments_along(final_, outer, middle, a, b, limits, inner_);
            for (const Range& inner : inner_)
                found.push_back({a.tokens[inner.low], a.tokens[inner.high - 1] + 1,
                                 b.tokens[middle.low], b.tokens[middle.high - 1] + 1});
        }
    }
}

void ClusterFinder::find(const Pair& pair, const Clusters& clusters, const Limits& limits,
                         std::vector<Stretch>& found) {
    found.clear();
    there_.resize(std::max<std::size_t>(there_.size(), pair.n_stems));
    for (std::int64_t k = 0; k < clusters.size(); ++k) {
        by_a_.assign(clusters.anchors.begin() + clusters.bounds[k],
                     clusters.anchors.begin() + clusters.bounds[k + 1]);
        std::sort(by_a_.begin(), by_a_.end());
        find_in_cluster(pair, limits, found);
    }
    std::sort(found.begin(), found.end());
    merge(pair, found, limits);
}

void ClusterFinder::merge(const Pair& pair, std::vector<Stretch>& stretches,
                          const Limits& limits) {
    if (stretches.size() < 2) return;
    shared_.clear();
    for (const Stretch& one : stretches)
        shared_.push_back(measure(pair, one[0], one[1], one[2], one[3]).shared);
    std::int64_t at = 0;
    while (at + 1 < static_cast<std::int64_t>(stretches.size())) {
        const auto n = static_cast<std::int64_t>(stretches.size());
        std::int64_t other = at + 1;
        const std::int64_t end = std::min(at + 1 + merge_ahead, n);
        for (; other < end; ++other) {
            const double both = shared_[at] + shared_[other];
            if (weigh_bridge(pair, stretches[at], stretches[other], both, limits.chance_rate) <=
                limits.max_bridge)
                break;
        }
        if (other == end) {
            ++at;
            continue;
        }
        extend(stretches[at], stretches[other]);
        shared_[at] += shared_[other];
        stretches.erase(stretches.begin() + other);
        shared_.erase(shared_.begin() + other);
        at = std::max<std::int64_t>(at - merge_ahead, 0);
    }
}

}  // namespace dedup
