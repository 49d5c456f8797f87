#include "chains.hpp"

#include <algorithm>
#include <limits>

#include "evidence.hpp"

namespace dedup {

namespace {

// Cost, in bits, of continuing into another sentence across missing words.
constexpr float break_bits = 2.0F;
// Maximum repeats of chaining a cluster without its chained words.
constexpr int max_moves = 3;

float sum(const float* values, std::int64_t low, std::int64_t high) {
    float total = 0;
    for (std::int64_t k = low; k < high; ++k) total += values[k];
    return total;
}

// Whether a sentence starts in (before, at].
bool holds_break(const std::uint8_t* flags, std::int64_t before, std::int64_t at) {
    for (std::int64_t p = before + 1; p <= at; ++p)
        if (flags[p] & starts_sentence) return true;
    return false;
}

}  // namespace

void ChainFinder::cut(Range range, double penalty, const Split& limits, std::vector<Range>& found) {
    // Gaps and matches alternate, so that segments start and end with a match.
    const std::int64_t n = range.high - range.low;
    scores_.resize(2 * n);
    for (std::int64_t k = 0; k < n; ++k) {
        scores_[2 * k] = static_cast<float>(-penalty * losses_[range.low + k] -
                                            breaks_[range.low + k]);
        scores_[2 * k + 1] = gains_[range.low + k];
    }
    find_segments(scores_.data(), 2 * n, limits.x_drop, limits.min_segment, found);
    for (Range& one : found) one = {one.low / 2, one.high / 2};
}

const std::vector<Range>& ChainFinder::split(const Alignment& aligned, const Stream& a,
                                             const Stream& b, const float* bits_a,
                                             const float* bits_b, const Split& limits) {
    const auto n = static_cast<std::int64_t>(aligned.size());
    gains_.resize(n);
    losses_.resize(n);
    breaks_.assign(n, 0.0F);
    std::int64_t p = -1, q = -1;
    for (std::int64_t k = 0; k < n; ++k) {
        const std::int64_t next_p = left_of(aligned[k]), next_q = right_of(aligned[k]);
        losses_[k] = std::max(sum(bits_a, p + 1, next_p), sum(bits_b, q + 1, next_q));
        if (losses_[k] > 0 && holds_break(a.flags, p, next_p) && holds_break(b.flags, q, next_q))
            breaks_[k] = break_bits;
        gains_[k] = std::min(bits_a[next_p], bits_b[next_q]);
        p = next_p;
        q = next_q;
    }
    ranges_.clear();
    cut({0, n}, limits.penalty, limits, segments_);
    for (const Range& segment : segments_) {
        const float gain = sum(gains_.data(), segment.low, segment.high);
        const float loss = sum(losses_.data(), segment.low + 1, segment.high);
        const double penalty = find_penalty(gain / (gain + loss), limits.chance_rate);
        cut(segment, penalty, limits, parts_);
        for (const Range& part : parts_)
            ranges_.push_back({segment.low + part.low, segment.low + part.high});
    }
    return ranges_;
}

// Keeps the matches outside the found ranges, on both sides.
void ChainFinder::remove_taken(const Alignment& aligned) {
    // Ranges are in order on both sides: only the first that does not end before a word can contain
    // it.
    const auto holds = [&](std::int64_t match, auto place_of) {
        const std::int64_t place = place_of(match);
        const auto range = std::partition_point(
            ranges_.begin(), ranges_.end(),
            [&](const Range& one) { return place_of(aligned[one.high - 1]) < place; });
        return range != ranges_.end() && place_of(aligned[range->low]) <= place;
    };
    const auto is_taken = [&](std::int64_t match) {
        return holds(match, left_of) || holds(match, right_of);
    };
    std::erase_if(inside_, is_taken);
}

void ChainFinder::find_in_cluster(const Pair& pair, const std::int64_t* anchors, std::int64_t n,
                                  const Split& split_limits, std::vector<Stretch>& found) {
    std::int64_t i_low = std::numeric_limits<std::int64_t>::max(), i_high = 0;
    std::int64_t j_low = i_low, j_high = 0;
    for (std::int64_t k = 0; k < n; ++k) {
        const std::int64_t i = left_of(anchors[k]), j = right_of(anchors[k]);
        i_low = std::min(i_low, i);
        i_high = std::max(i_high, i);
        j_low = std::min(j_low, j);
        j_high = std::max(j_high, j);
    }
    const std::int64_t p_low = pair.side_a.tokens[i_low], p_high = pair.side_a.tokens[i_high] + 1;
    const std::int64_t q_low = pair.side_b.tokens[j_low], q_high = pair.side_b.tokens[j_high] + 1;
    const Stream a = pair.a.slice(p_low, p_high), b = pair.b.slice(q_low, q_high);
    const float *bits_a = pair.bits_a.data() + p_low, *bits_b = pair.bits_b.data() + q_low;
    matches_within(pair.matches, p_low, p_high, q_low, q_high, inside_);
    for (int move = 0; move < max_moves && inside_.size() >= 2; ++move) {
        aligner_.align_stretch(a, b, bits_a, inside_, aligned_);
        split(aligned_, a, b, bits_a, bits_b, split_limits);
        if (ranges_.empty()) break;
        for (const Range& range : ranges_) {
            const std::int64_t low = aligned_[range.low], high = aligned_[range.high - 1];
            found.push_back({p_low + left_of(low), p_low + left_of(high) + 1,
                             q_low + right_of(low), q_low + right_of(high) + 1});
        }
        remove_taken(aligned_);
    }
}

void ChainFinder::find(const Pair& pair, const Clusters& clusters, const Limits& limits,
                       std::vector<Stretch>& found) {
    const Split split_limits{limits.penalty, limits.x_drop, limits.min_segment, limits.chance_rate};
    found.clear();
    for (std::int64_t k = 0; k < clusters.size(); ++k)
        find_in_cluster(pair, clusters.anchors.data() + clusters.bounds[k],
                        clusters.bounds[k + 1] - clusters.bounds[k], split_limits, found);
    std::sort(found.begin(), found.end());
    cluster_finder_.merge(pair, found, limits);
}

}  // namespace dedup
