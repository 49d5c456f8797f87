#include "second_look.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "logarithm.hpp"
#include "scratch.hpp"

namespace dedup {

namespace {

// Distances and jumps beyond which a word is far from any aligned one.
constexpr std::int64_t max_distance = 30, max_jump = 60;
// Cost of a change between reused and own words, in log-odds: wording changes at clause and
// sentence ends, and not inside a name or a number.
constexpr double change_cost = 1.0, clause_cost = 0.5, sentence_cost = 0.3, inside_cost = 6.0;
constexpr double max_odds = 9.0, max_evidence = 4.0;
// A segment needs this many words, and this many aligned ones.
constexpr std::int64_t min_words = 4, min_aligned = 2;
// Part of the aligned words of a segment that lie in one segment of the other side.
constexpr std::int64_t min_part = 4;
// Evidence of the place of a segment that meets no segment of the other side.
constexpr double min_place = -0.8;
// A range this many times as long as the other is cut to what is aligned.
constexpr std::int64_t max_ratio = 4;
// Words between two passages that are joined, and earlier passages that are tried.
constexpr std::int64_t max_between = 1;
constexpr std::size_t max_earlier = 16, max_rounds = 4;

// Kinds of content words.
constexpr std::uint8_t is_plain = 1, is_fact = 2;

const auto small_logs = [] {
    std::array<double, max_jump + 1> logs{};
    for (std::size_t n = 0; n < logs.size(); ++n)
        logs[n] = binary_log(1.0 + static_cast<double>(n));
    return logs;
}();

double log_more(std::int64_t value) {
    return value <= max_jump ? small_logs[value] : binary_log(1.0 + static_cast<double>(value));
}

double share_of(std::int64_t part, std::int64_t all) {
    return static_cast<double>(part) / static_cast<double>(std::max<std::int64_t>(all, 1));
}

bool is_name(std::uint8_t flags) { return (flags & (is_capital | is_digit)) != 0; }

double cost_of_change(const Stream& tokens, std::int64_t p) {
    const std::uint8_t flags = tokens.flags[p];
    if (flags & starts_sentence) return sentence_cost;
    if (flags & starts_clause) return clause_cost;
    return p > 0 && is_name(flags) && is_name(tokens.flags[p - 1]) ? inside_cost : change_cost;
}

bool do_adjoin(const Stretch& one, const Stretch& other) {
    return one[0] <= other[1] + max_between && other[0] <= one[1] + max_between &&
           one[2] <= other[3] + max_between && other[2] <= one[3] + max_between;
}

// Shrinks a range that is much longer than the other to its words aligned there, from both sides.
Range shrink(const SecondLook::Words& own, Range range, Range there,
             const SecondLook::Words& other) {
    if (range.high - range.low < max_ratio * (there.high - there.low)) return range;
    Range hull{range.high, range.low};
    const auto add = [&](std::int64_t p) {
        hull = {std::min(hull.low, p), std::max(hull.high, p + 1)};
    };
    for (std::int64_t p = range.low; p < range.high; ++p) {
        const std::int64_t q = own.sentences.partners[p];
        if (q >= there.low && q < there.high) add(p);
    }
    for (std::int64_t q = there.low; q < there.high; ++q) {
        const std::int64_t p = other.sentences.partners[q];
        if (p >= range.low && p < range.high) add(p);
    }
    return hull.low < hull.high ? hull : range;
}

View view_of(const Pair& pair, bool is_b) {
    return is_b ? View{pair.b, pair.a, pair.side_b, pair.side_a, pair.bits_b, pair.mass_b,
                       pair.mass_a, pair.n_stems}
                : View{pair.a, pair.b, pair.side_a, pair.side_b, pair.bits_a, pair.mass_a,
                       pair.mass_b, pair.n_stems};
}

}  // namespace

void join_stretches(std::vector<Stretch>& stretches) {
    for (std::size_t round = 0; round < max_rounds; ++round) {
        std::sort(stretches.begin(), stretches.end());
        std::size_t n = 0;
        for (const Stretch& one : stretches) {
            const std::size_t first = n > max_earlier ? n - max_earlier : 0;
            std::size_t k = n;
            while (k > first && !do_adjoin(stretches[k - 1], one)) --k;
            if (k == first) {
                stretches[n++] = one;
                continue;
            }
            Stretch& other = stretches[k - 1];
            other = {std::min(one[0], other[0]), std::max(one[1], other[1]),
                     std::min(one[2], other[2]), std::max(one[3], other[3])};
        }
        if (n == stretches.size()) return;
        stretches.resize(n);
    }
    std::sort(stretches.begin(), stretches.end());
}

// Measures each word by its aligned neighbors and its clause.
void SecondLook::measure(const Stream& tokens, Words& words) {
    const std::int64_t n = tokens.n;
    const auto& partners = words.sentences.partners;
    for (auto* totals : {&n_aligned_, &n_content_, &n_present_}) fit(*totals, n + 1);
    for (auto* places : {&before_, &after_, &runs_}) fit(*places, n);
    std::int32_t *aligned = n_aligned_.data(), *content = n_content_.data();
    std::int32_t* present = n_present_.data();
    aligned[0] = content[0] = present[0] = 0;
    for (std::int64_t p = 0; p < n; ++p) {
        const bool is_aligned = partners[p] >= 0;
        aligned[p + 1] = aligned[p] + is_aligned;
        content[p + 1] = content[p] + ((tokens.flags[p] & is_content) != 0);
        present[p + 1] = present[p] + words.sentences.present[p];
        before_[p] = is_aligned ? static_cast<std::int32_t>(p) : p > 0 ? before_[p - 1] : -1;
        runs_[p] = is_aligned;
        if (is_aligned && p > 0 && partners[p - 1] >= 0 && partners[p - 1] + 1 == partners[p])
            runs_[p] += runs_[p - 1];
    }
    for (std::int64_t p = n; p-- > 0;) {
        const bool is_aligned = partners[p] >= 0;
        after_[p] = is_aligned ? static_cast<std::int32_t>(p) : p + 1 < n ? after_[p + 1] : -1;
        if (is_aligned && p + 1 < n && partners[p + 1] == partners[p] + 1)
            runs_[p] = runs_[p + 1];
    }
    measure_words(tokens, words);
}

void SecondLook::measure_words(const Stream& tokens, Words& words) const {
    const std::int64_t n = tokens.n;
    const auto& partners = words.sentences.partners;
    words.features.resize(n);
    std::int64_t low = 0, high = 0;
    double clause = 0, log_words = 0;
    for (std::int64_t p = 0; p < n; ++p) {
        if (p == high) {
            low = high++;
            while (high < n && !(tokens.flags[high] & (starts_sentence | starts_clause))) ++high;
            clause = share_of(n_aligned_[high] - n_aligned_[low], high - low);
            log_words = log_more(high - low);
        }
        const std::int64_t left = before_[p], right = after_[p];
        const std::int64_t back = left < 0 ? max_distance : std::min(p - left, max_distance);
        const std::int64_t on = right < 0 ? max_distance : std::min(right - p, max_distance);
        const std::int64_t jump =
            left < 0 || right < 0
                ? max_jump
                : std::min(std::abs(partners[right] - partners[left] - back - on), max_jump);
        const auto share_within = [&](const std::vector<std::int32_t>& part,
                                      const std::vector<std::int32_t>& all, std::int64_t reach) {
            const std::int64_t first = std::max<std::int64_t>(p - reach, 0);
            const std::int64_t end = std::min(p + reach + 1, n);
            return share_of(part[end] - part[first], all[end] - all[first]);
        };
        const auto share_aligned = [&](std::int64_t reach) {
            const std::int64_t first = std::max<std::int64_t>(p - reach, 0);
            const std::int64_t end = std::min(p + reach + 1, n);
            return share_of(n_aligned_[end] - n_aligned_[first], end - first);
        };
        WordFeatures& row = words.features[p];
        row[aligned_4] = share_aligned(4);
        row[aligned_15] = share_aligned(15);
        row[log_nearest] = log_more(std::min(back, on));
        row[log_farther] = log_more(std::max(back, on));
        row[log_jump] = log_more(jump);
        row[clause_share] = clause;
        row[log_clause] = log_words;
        row[log_run] = log_more(
            std::min(left < 0 ? 0 : runs_[left], right < 0 ? 0 : runs_[right]));
        row[present_10] = share_within(n_present_, n_content_, 10);
        row[present_25] = share_within(n_present_, n_content_, 25);
    }
}

void SecondLook::weigh(std::int64_t n, Words& words) const {
    words.odds.resize(n);
    words.total.resize(n + 1);
    words.total[0] = 0;
    for (const Sentence& one : words.sentences.rows) {
        SentenceFeatures weighted;
        for (std::size_t k = 0; k < n_sentence_features; ++k)
            weighted[k] = weights_[n_word_features + k] * one.features[k];
        for (std::int64_t p = one.low; p < one.high; ++p) {
            double odds = weights_[n_features];
            for (std::size_t k = 0; k < n_word_features; ++k)
                odds += weights_[k] * words.features[p][k];
            for (const double each : weighted) odds += each;
            words.odds[p] = std::clamp(odds, -max_odds, max_odds);
            words.total[p + 1] = words.total[p] + std::clamp(odds, -max_evidence, max_evidence);
        }
    }
}

// Finds the most likely sequence of own and reused words. Viterbi 1967, two states.
void SecondLook::decode(const Stream& tokens, Words& words) {
    const std::int64_t n = tokens.n;
    words.reused.assign(n, 0);
    words.segment.assign(n, -1);
    words.segments.clear();
    turns_.assign(2 * n, 0);
    double own = 0, reused = 0;
    for (std::int64_t p = 0; p < n; ++p) {
        const double cost = cost_of_change(tokens, p);
        const double stay_own = own, stay_reused = reused;
        if (p == 0) {
            reused = words.odds[0] - cost;
            continue;
        }
        turns_[2 * p] = stay_reused - cost > stay_own;
        own = std::max(stay_own, stay_reused - cost);
        turns_[2 * p + 1] = stay_reused >= stay_own - cost;
        reused = std::max(stay_reused, stay_own - cost) + words.odds[p];
    }
    bool is_reused = reused - change_cost > own;
    for (std::int64_t p = n; p-- > 0;) {
        words.reused[p] = is_reused;
        is_reused = turns_[2 * p + is_reused];
    }
    for (std::int64_t p = 0; p < n; ++p) {
        if (!words.reused[p]) continue;
        if (p == 0 || !words.reused[p - 1] || (tokens.flags[p] & starts_sentence))
            words.segments.push_back({p, p});
        words.segments.back().high = p + 1;
        words.segment[p] = static_cast<std::int32_t>(words.segments.size()) - 1;
    }
}

void SecondLook::judge(const Pair& pair) {
    related_share_ = 1;
    for (const bool is_b : {false, true}) {
        const View view = view_of(pair, is_b);
        finder_.find(view, words_[is_b].sentences);
        measure(view.own, words_[is_b]);
        weigh(view.own.n, words_[is_b]);
        decode(view.own, words_[is_b]);
        std::vector<std::uint8_t>& kinds = words_[is_b].kinds;
        kinds.assign(view.own.n, 0);
        for (std::int64_t i = 0; i < view.own_side.n; ++i)
            kinds[view.own_side.tokens[i]] = view.own_side.is_fact[i] ? is_fact : is_plain;
        const std::vector<std::uint8_t>& reused = words_[is_b].reused;
        const auto n_reused = std::count(reused.begin(), reused.end(), 1);
        related_share_ = std::min(
            related_share_, static_cast<double>(n_reused) /
                                static_cast<double>(std::max<std::size_t>(reused.size(), 1)));
    }
}

double SecondLook::evidence(bool is_b, std::int64_t low, std::int64_t high) const {
    const std::vector<double>& total = words_[is_b].total;
    return (total[high] - total[low]) / static_cast<double>(high - low);
}

double SecondLook::confidence(const Stretch& stretch, const Alignment& aligned, double identity,
                              double score, bool is_added) const {
    const auto [p, p_end, q, q_end] = stretch;
    const double a = evidence(false, p, p_end), b = evidence(true, q, q_end);
    const std::vector<std::uint8_t>&kinds_a = words_[0].kinds, &kinds_b = words_[1].kinds;
    std::int64_t n_facts = 0, n_plain = 0;
    for (const std::int64_t match : aligned) {
        n_facts += kinds_a[p + left_of(match)] == is_fact;
        n_plain += kinds_a[p + left_of(match)] == is_plain;
    }
    const std::int64_t most =
        std::min(std::count(kinds_a.begin() + p, kinds_a.begin() + p_end, is_plain),
                 std::count(kinds_b.begin() + q, kinds_b.begin() + q_end, is_plain));
    const std::int64_t shorter = std::min(p_end - p, q_end - q);
    const double features[n_passage_features] = {
        (a + b) / 2,
        std::min(a, b),
        identity,
        log_more(shorter),
        binary_log(1.0 + std::max(score, 0.0)),
        is_added ? 1.0 : 0.0,
        share_of(n_facts, static_cast<std::int64_t>(aligned.size())),
        std::min(share_of(n_plain, most), 1.0),
        binary_log(share_of(std::max(p_end - p, q_end - q), shorter)),
    };
    const std::span<const double> weights = weights_.subspan(n_word_weights);
    double odds = weights[n_passage_features];
    for (std::size_t k = 0; k < n_passage_features; ++k) odds += weights[k] * features[k];
    return odds;
}

// Pairs each segment of one side with the segments of the other in which its aligned words lie, or
// with the place of these words.
void SecondLook::add_side(bool is_b, std::vector<Stretch>& found) const {
    const Words &own = words_[is_b], &other = words_[!is_b];
    std::vector<std::int32_t> meets;
    const auto add = [&](Range mine, Range theirs) {
        found.push_back(is_b ? Stretch{theirs.low, theirs.high, mine.low, mine.high}
                             : Stretch{mine.low, mine.high, theirs.low, theirs.high});
    };
    for (const Range& segment : own.segments) {
        Range place{INT64_MAX, 0};
        std::int64_t n_aligned = 0;
        meets.clear();
        for (std::int64_t p = segment.low; p < segment.high; ++p) {
            const std::int64_t q = own.sentences.partners[p];
            if (q < 0) continue;
            ++n_aligned;
            place = {std::min(place.low, q), std::max(place.high, q + 1)};
            if (other.segment[q] >= 0) meets.push_back(other.segment[q]);
        }
        if (n_aligned < min_aligned || segment.high - segment.low < min_words) continue;
        std::sort(meets.begin(), meets.end());
        bool has_met = false;
        for (auto at = meets.begin(); at != meets.end();) {
            const auto end = std::upper_bound(at, meets.end(), *at);
            if (end - at >= min_aligned && min_part * (end - at) >= n_aligned) {
                has_met = true;
                const Range theirs = other.segments[*at];
                add(shrink(own, segment, theirs, other), shrink(other, theirs, segment, own));
            }
            at = end;
        }
        if (!has_met && evidence(!is_b, place.low, place.high) >= min_place) add(segment, place);
    }
}

void SecondLook::find(std::vector<Stretch>& found) const {
    add_side(false, found);
    add_side(true, found);
    join_stretches(found);
}

}  // namespace dedup
