#include "scores.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "evidence.hpp"

namespace dedup {

namespace {

// Maximum ratio of shared bits to bits of anchored words; stop-words add to the former.
constexpr double unanchored = 1.5;
// Maximum words of a run per content word; only meaningless text has more stop-words.
constexpr std::int64_t max_content = 4;
// Identity of a passage that no abridgement may take in.
constexpr double near_verbatim = 0.95;
// An abridgement is sparse: no drop ends it, and no bridge is too long.
constexpr double without_end = std::numeric_limits<double>::infinity();

double mass_of(const std::vector<double>& mass, std::int64_t low, std::int64_t high) {
    return mass[high] - mass[low];
}

// Bits of the tokens low to high, and of the covered ones among them.
struct Covered {
    float own = 0, lost = 0;
};

Covered measure_covered(const std::vector<float>& bits, const std::vector<std::uint8_t>& covered,
                        std::int64_t low, std::int64_t high) {
    Covered covered_bits;
    for (std::int64_t token = low; token < high; ++token) {
        covered_bits.lost += bits[token] * covered[token];
        covered_bits.own += bits[token];
    }
    return covered_bits;
}

Order order_of(Origin origin) {
    return origin == from_chain     ? Order::same
           : origin == from_cluster ? Order::any
                                    : Order::abridged;
}

void trim(Stretch& stretch, const std::vector<std::uint8_t>& claimed_a,
          const std::vector<std::uint8_t>& claimed_b) {
    while (claimed_a[stretch[0]]) ++stretch[0];
    while (claimed_a[stretch[1] - 1]) --stretch[1];
    while (claimed_b[stretch[2]]) ++stretch[2];
    while (claimed_b[stretch[3] - 1]) --stretch[3];
}

// Characters of some words as long as those of a Latin alphabet: a Han or kana counts as two and a
// half, a Hangul syllable as one and a half.
std::int64_t measure_length(const Stream& side, std::int64_t low, std::int64_t high) {
    std::int64_t extra = 0;
    for (std::int64_t token = low; token < high; ++token) {
        if ((side.flags[token] & is_dense) != is_dense) continue;
        extra += side.flags[token] & is_spaceless ? 3 : side.ends[token] - side.starts[token];
    }
    return std::int64_t{side.ends[high - 1]} - side.starts[low] + extra / 2;
}

}  // namespace

void Judge::open(const Stream& a, const Article& article_a, const Stream& b,
                 const Article& article_b) {
    pair.number(a, article_a, b, article_b);
    article_a_ = &article_a;
    article_b_ = &article_b;
    pair.anchors.clear();
    candidates.clear();
    floor = find_floor(a.n, b.n, search_.min_score, search_.slope);
    if (!pair.is_copy()) find_anchors();
}

void Judge::find_anchors() {
    anchor_finder_.find(pair.side_a, pair.side_b, search_.window, pair.anchors);
}

// Whether the anchors of a pair are too few for any passage.
bool Judge::is_hopeless() {
    double total = 0;
    for (std::int64_t k = 0; k < clusters.size(); ++k) {
        words_.clear();
        for (std::int64_t at = clusters.bounds[k]; at < clusters.bounds[k + 1]; ++at)
            words_.push_back(left_of(clusters.anchors[at]));
        std::sort(words_.begin(), words_.end());
        words_.erase(std::unique(words_.begin(), words_.end()), words_.end());
        if (max_content * static_cast<std::int64_t>(words_.size()) >= search_.min_run)
            return false;
        float bits = 0;
        for (const std::int64_t word : words_) bits += pair.side_a.bits[word];
        total += bits;
    }
    return unanchored * total < floor;
}

void Judge::judge(bool is_thorough) {
    candidates.clear();
    has_looked_ = false;
    cluster_finder_.split(pair.anchors, pair.side_a, pair.side_b, search_.max_gap,
                          search_.min_candidate, clusters);
    const bool has_runs = may_have_runs(false, {});
    if (!is_thorough && !has_runs && (clusters.size() == 0 || is_hopeless())) return;
    pair.weigh();
    pair.place_anchors();
    judge_searches();
    if (has_runs) add_runs();
    if (is_thorough ? !candidates.empty()
                    : std::any_of(candidates.begin(), candidates.end(), is_kept))
        rate(is_thorough);
}

// Candidates of all searches, judged, and of those that compete the best kept.
void Judge::judge_searches() {
    const auto raise = [&](double bits) {
        return find_floor(pair.a.n, pair.b.n, bits, search_.slope);
    };
    Limits limits{search_.order_penalty, raise(search_.x_drop), search_.min_candidate,
                  search_.chance_rate, raise(search_.max_bridge)};
    chain_finder_.find(pair, clusters, limits, found_);
    judge_found(from_chain);
    limits.penalty = search_.unordered_penalty;
    cluster_finder_.find(pair, clusters, limits, found_);
    judge_found(from_cluster);
    // Abridgements build on other passages; most pairs have none.
    if (!std::any_of(candidates.begin(), candidates.end(), is_kept)) {
        if (search_.related_share < 1) add_short_runs(true);
        return;
    }
    if (search_.abridged_ratio != 0) {
        find_abridged(found_);
        judge_found(from_abridgement);
        reject_copied();
    }
    compete();
    settle();
    look();
    if (second_look_.related_share() > search_.related_share) revise();
    if (search_.related_share < 1) add_short_runs(false);
}

// What is copied is not abridged.
void Judge::reject_copied() {
    for (std::size_t k = 0; k < candidates.size(); ++k) {
        if (!is_kept(candidates[k]) || find_identity(k) < near_verbatim) continue;
        for (Candidate& one : candidates)
            if (one.origin == from_abridgement && is_kept(one) &&
                do_meet(one.stretch, candidates[k].stretch))
                one.verdict = dominated;
    }
}

void Judge::find_abridged(std::vector<Stretch>& found) {
    const Limits limits{search_.abridged_penalty, without_end, search_.min_candidate,
                        search_.chance_rate, without_end};
    cluster_finder_.split(pair.anchors, pair.side_a, pair.side_b, search_.abridged_gap,
                          search_.min_candidate, thin_clusters_);
    cluster_finder_.find(pair, thin_clusters_, limits, found);
    std::erase_if(found, [&](const Stretch& one) {
        const std::int64_t n_a = one[1] - one[0], n_b = one[3] - one[2];
        if (static_cast<double>(std::max(n_a, n_b)) <
            search_.abridged_ratio * static_cast<double>(std::min(n_a, n_b)))
            return true;
        const Likeness likeness = cluster_finder_.measure(pair, one[0], one[1], one[2], one[3]);
        return !(likeness.cosine >= search_.abridged_cosine);
    });
}

// Settles the ends of the found stretches, splits them, and judges the parts.
void Judge::judge_found(Origin origin) {
    boundary_finder_.settle(pair, search_.max_extension, found_, cores_);
    judge_parts(
        splitter_.split(pair, found_, cores_, order_of(origin), search_.max_extension), origin);
}

// The parts of one stretch are evidence for one another: where one stands, there are few places
// for the next.
void Judge::judge_parts(const std::vector<Part>& parts, Origin origin) {
    const std::size_t first = candidates.size();
    together_.assign(found_.size(), 0.0);
    for (const Part& part : parts) {
        if (alignments.size() <= candidates.size()) alignments.emplace_back();
        const double score = measure_part(part, alignments[candidates.size()]);
        candidates.push_back({part.stretch, origin, kept, score, 0.0, false});
        if (score >= search_.min_candidate) together_[part.group] += score;
    }
    for (std::size_t k = 0; k < parts.size(); ++k) {
        Candidate& one = candidates[first + k];
        one.verdict = judge_one(one, alignments[first + k], together_[parts[k].group]);
    }
}

// Aligns and scores a part; order-free overlap is measured in its core.
double Judge::measure_part(const Part& part, Alignment& aligned) {
    const auto [p, p_end, q, q_end] = part.stretch;
    const Stream a = pair.a.slice(p, p_end), b = pair.b.slice(q, q_end);
    const float *bits_a = pair.bits_a.data() + p, *bits_b = pair.bits_b.data() + q;
    matches_within(pair.matches, p, p_end, q, q_end, inside_);
    aligner_.align_stretch(a, b, bits_a, inside_, aligned);
    const double ordered = measure_alignment(aligned, a, b, bits_a, bits_b).shared;
    const Stretch& core = part.core;
    const double free = cluster_finder_.measure(pair, core[0], core[1], core[2], core[3]).shared;
    const double mass_a = mass_of(pair.mass_a, p, p_end);
    const double mass_b = mass_of(pair.mass_b, q, q_end);
    return std::max(
        weigh_evidence(ordered, mass_a, mass_b, search_.chance_rate),
        search_.unordered_weight * weigh_evidence(free, mass_a, mass_b, search_.chance_rate));
}

// Length of the longer side.
std::int64_t Judge::count_chars(const Stretch& stretch) const {
    const auto [p, p_end, q, q_end] = stretch;
    return std::max(measure_length(pair.a, p, p_end), measure_length(pair.b, q, q_end));
}

// together: score of all parts of the stretch of a candidate.
Verdict Judge::judge_one(const Candidate& one, const Alignment& aligned, double together) const {
    if (count_chars(one.stretch) < search_.min_chars) return too_short;
    if (one.score >= floor) return kept;
    if (one.score >= search_.min_candidate && together >= floor) return kept;
    const auto [p, p_end, q, q_end] = one.stretch;
    const std::int64_t run =
        longest_run(aligned, pair.a.slice(p, p_end), pair.b.slice(q, q_end));
    return run < search_.min_run ? too_weak : kept;
}

double Judge::find_identity(std::size_t number) const {
    const auto [p, p_end, q, q_end] = candidates[number].stretch;
    return measure_alignment(alignments[number], pair.a.slice(p, p_end), pair.b.slice(q, q_end),
                             pair.bits_a.data() + p, pair.bits_b.data() + q)
        .identity;
}

void Judge::compete() {
    for (std::size_t k = 0; k < candidates.size(); ++k)
        if (candidates[k].verdict == kept && candidates[k].origin != from_chain) compete_one(k);
}

// A cluster competes with overlapping chains by score. An abridgement competes with all overlapping
// candidates by the explained share of its dense side, since its other side is sparse. An
// abridgement that overlaps nothing is a common subject.
void Judge::compete_one(std::size_t number) {
    Candidate& one = candidates[number];
    rivals_.clear();
    for (std::size_t k = 0; k < candidates.size(); ++k) {
        const Candidate& other = candidates[k];
        if (other.verdict == kept && other.origin < one.origin &&
            do_meet(other.stretch, one.stretch))
            rivals_.push_back(k);
    }
    double worth = one.score, worths = 0;
    if (one.origin == from_abridgement) {
        const auto [p, p_end, q, q_end] = one.stretch;
        const bool is_a = mass_of(pair.mass_a, p, p_end) < mass_of(pair.mass_b, q, q_end);
        worth = explain_side(one.stretch, is_a);
        for (const std::size_t rival : rivals_)
            worths += explain_side(candidates[rival].stretch, is_a);
        if (rivals_.empty()) {
            one.verdict = too_weak;
            return;
        }
    } else {
        for (const std::size_t rival : rivals_) worths += candidates[rival].score;
    }
    if (!rivals_.empty() && worth <= worths) {
        one.verdict = dominated;
        return;
    }
    for (const std::size_t rival : rivals_) candidates[rival].verdict = dominated;
}

// Weighs one side of a stretch, ignoring order.
double Judge::explain_side(const Stretch& stretch, bool is_a) {
    const auto [p, p_end, q, q_end] = stretch;
    const double shared = cluster_finder_.measure(pair, p, p_end, q, q_end).shared;
    const double mass = is_a ? mass_of(pair.mass_a, p, p_end) : mass_of(pair.mass_b, q, q_end);
    return std::max(weigh_side(shared, mass, search_.chance_rate), 0.0);
}

void Judge::settle() {
    covered_a_.assign(pair.a.n, 0);
    covered_b_.assign(pair.b.n, 0);
    order_.resize(candidates.size());
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::stable_sort(order_.begin(), order_.end(), [&](std::size_t one, std::size_t other) {
        return candidates[one].score > candidates[other].score;
    });
    for (const std::size_t number : order_)
        if (candidates[number].verdict == kept && !cover(number))
            candidates[number].verdict = suppressed;
}

bool Judge::cover(std::size_t number) {
    Stretch& stretch = candidates[number].stretch;
    const Covered a = measure_covered(pair.bits_a, covered_a_, stretch[0], stretch[1]);
    const Covered b = measure_covered(pair.bits_b, covered_b_, stretch[2], stretch[3]);
    if (a.lost > search_.max_suppressed * a.own || b.lost > search_.max_suppressed * b.own ||
        a.lost >= a.own || b.lost >= b.own)
        return false;
    if (a.lost > 0 || b.lost > 0) {
        trim(stretch, covered_a_, covered_b_);
        const auto [p, p_end, q, q_end] = stretch;
        matches_within(pair.matches, p, p_end, q, q_end, inside_);
        aligner_.align_stretch(pair.a.slice(p, p_end), pair.b.slice(q, q_end),
                               pair.bits_a.data() + p, inside_, alignments[number]);
        // What is covered may have been the counterpart of a sentence.
        if (splitter_.find_own_sentences(pair, stretch,
                                         candidates[number].origin == from_abridgement))
            return false;
    }
    std::fill(covered_a_.begin() + stretch[0], covered_a_.begin() + stretch[1], 1);
    std::fill(covered_b_.begin() + stretch[2], covered_b_.begin() + stretch[3], 1);
    return true;
}

}  // namespace dedup
