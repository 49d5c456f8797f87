#include "boundaries.hpp"

#include <algorithm>

namespace dedup {

namespace {

// Minimum cosine for the rest of a sentence to belong to its reused part.
constexpr double min_alike = 0.25;

// Returns the nearest token at or before `at` with one of the flags, or `at` if none is near.
std::int64_t find_start(const std::uint8_t* flags, std::int64_t at, std::int64_t max_words,
                        std::uint8_t boundary) {
    const std::int64_t last = std::max<std::int64_t>(at - max_words, 0);
    for (std::int64_t start = at; start >= last; --start)
        if (start == 0 || (flags[start] & boundary)) return start;
    return at;
}

std::int64_t find_end(const std::uint8_t* flags, std::int64_t n, std::int64_t at,
                      std::int64_t max_words, std::uint8_t boundary) {
    const std::int64_t last = std::min(at + max_words, n);
    for (std::int64_t end = at; end <= last; ++end)
        if (end == n || (flags[end] & boundary)) return end;
    return at;
}

// Cuts at or before a token.
std::int64_t count_cuts(const std::vector<std::int64_t>& cuts, std::int64_t token) {
    return std::upper_bound(cuts.begin(), cuts.end(), token) - cuts.begin();
}

// Whether a cut lies inside [low, high).
bool is_cut(const std::vector<std::int64_t>& cuts, std::int64_t low, std::int64_t high) {
    return std::lower_bound(cuts.begin(), cuts.end(), low + 1) !=
           std::lower_bound(cuts.begin(), cuts.end(), high);
}

}  // namespace

Range extend_range(const std::uint8_t* flags, std::int64_t n, Range range, std::int64_t max_words) {
    constexpr std::uint8_t boundary = starts_sentence | starts_clause;
    return {find_start(flags, range.low, max_words, boundary),
            find_end(flags, n, range.high, max_words, boundary)};
}

void extend_stretches(std::vector<Stretch>& stretches, std::vector<Stretch>& cores, const Stream& a,
                      const Stream& b, std::int64_t max_words) {
    cores = stretches;
    std::size_t n = 0;
    for (std::size_t k = 0; k < stretches.size(); ++k) {
        const Stretch core = stretches[k];
        const Range p = extend_range(a.flags, a.n, {core[0], core[1]}, max_words);
        const Range q = extend_range(b.flags, b.n, {core[2], core[3]}, max_words);
        if (n > 0) {
            Stretch &last = stretches[n - 1], &last_core = cores[n - 1];
            if (p.low < last[1] && q.low < last[3] && last[2] < q.high) {
                last[1] = std::max(last[1], p.high);
                last[2] = std::min(last[2], q.low);
                last[3] = std::max(last[3], q.high);
                last_core[1] = std::max(last_core[1], core[1]);
                last_core[2] = std::min(last_core[2], core[2]);
                last_core[3] = std::max(last_core[3], core[3]);
                continue;
            }
        }
        stretches[n] = {p.low, p.high, q.low, q.high};
        cores[n] = core;
        ++n;
    }
    stretches.resize(n);
    cores.resize(n);
}

void BoundaryFinder::cut_one(const Pair& pair, const Stretch& stretch,
                             std::vector<Stretch>& found) {
    const auto [p_low, p_high, q_low, q_high] = stretch;
    matches_within(pair.matches, p_low, p_high, q_low, q_high, inside_);
    aligner_.align_stretch(pair.a.slice(p_low, p_high), pair.b.slice(q_low, q_high),
                           pair.bits_a.data() + p_low, inside_, aligned_);
    std::int64_t at_a = -1, at_b = -1;
    for (const std::int64_t match : aligned_) {
        const std::int64_t p = p_low + left_of(match), q = q_low + right_of(match);
        const std::int64_t n_a = count_cuts(pair.cuts_a, p), n_b = count_cuts(pair.cuts_b, q);
        if (n_a == at_a && n_b == at_b) {
            found.back()[1] = p + 1;
            found.back()[3] = q + 1;
        } else {
            found.push_back({p, p + 1, q, q + 1});
        }
        at_a = n_a;
        at_b = n_b;
    }
}

void BoundaryFinder::cut(const Pair& pair, std::vector<Stretch>& stretches) {
    if (pair.cuts_a.empty() && pair.cuts_b.empty()) return;
    found_.clear();
    for (const Stretch& one : stretches) {
        if (is_cut(pair.cuts_a, one[0], one[1]) || is_cut(pair.cuts_b, one[2], one[3]))
            cut_one(pair, one, found_);
        else
            found_.push_back(one);
    }
    std::sort(found_.begin(), found_.end());
    stretches = found_;
}

bool BoundaryFinder::is_alike(const Pair& pair, std::int64_t p, std::int64_t p_end,
                              std::int64_t q, std::int64_t q_end) {
    const Likeness likeness = cluster_finder_.measure(pair, p, p_end, q, q_end);
    return likeness.n_types > 0 && likeness.cosine >= min_alike;
}

void BoundaryFinder::complete_sentences(const Pair& pair, std::vector<Stretch>& stretches,
                                        std::int64_t max_words) {
    for (Stretch& one : stretches) {
        const std::int64_t p = find_start(pair.a.flags, one[0], max_words, starts_sentence);
        const std::int64_t q = find_start(pair.b.flags, one[2], max_words, starts_sentence);
        if (is_alike(pair, p, one[0], q, one[2])) {
            one[0] = p;
            one[2] = q;
        }
        const std::int64_t p_end =
            find_end(pair.a.flags, pair.a.n, one[1], max_words, starts_sentence);
        const std::int64_t q_end =
            find_end(pair.b.flags, pair.b.n, one[3], max_words, starts_sentence);
        if (is_alike(pair, one[1], p_end, one[3], q_end)) {
            one[1] = p_end;
            one[3] = q_end;
        }
    }
}

void BoundaryFinder::settle(const Pair& pair, std::int64_t max_words,
                            std::vector<Stretch>& stretches, std::vector<Stretch>& cores) {
    cut(pair, stretches);
    extend_stretches(stretches, cores, pair.a, pair.b, max_words);
    complete_sentences(pair, stretches, max_words);
}

}  // namespace dedup
