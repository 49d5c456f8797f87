// What is added after the searches: reused words of related articles, then runs of equal words.
#include "scores.hpp"

#include <algorithm>

#include "evidence.hpp"
#include "logarithm.hpp"

namespace dedup {

namespace {

// Identity from which a passage is whole: what differs belongs to it.
constexpr double nearly_equal = 0.8;
// Content words that make a run of equal words a passage at any score.
constexpr std::int64_t min_run_content = 4;
// Words of a short run, and of one that both sides quote.
constexpr std::int64_t min_short_run = 6, min_quoted_run = 5;
// Bits of a word of a short run, but for names and numbers, which say what a text is about and not
// whose wording it is. Together they have to outweigh the places where the run could be; a quote
// could only be among quoted words.
constexpr double bits_per_word = 2.8;

// Whether half of the words are covered.
bool is_covered(const std::vector<std::uint8_t>& covered, std::int64_t low, std::int64_t high) {
    return 2 * std::count(covered.begin() + low, covered.begin() + high, 1) >= high - low;
}

std::int64_t count_flagged(const Stream& tokens, Range range, std::uint8_t flags) {
    return std::count_if(tokens.flags + range.low, tokens.flags + range.high,
                         [&](std::uint8_t own) { return (own & flags) != 0; });
}

double log_places(std::int64_t n_a, std::int64_t n_b) {
    return binary_log(static_cast<double>(n_a) * static_cast<double>(n_b));
}

}  // namespace

void Judge::look() {
    if (!has_looked_) second_look_.judge(pair);
    has_looked_ = true;
}

// A passage and the reused words that meet it compete as others do, by their scores.
void Judge::revise() {
    found_.clear();
    second_look_.find(found_);
    boundary_finder_.cut(pair, found_);
    const std::size_t n = candidates.size();
    for (const Stretch& one : found_) {
        if (alignments.size() <= candidates.size()) alignments.emplace_back();
        const double score = measure_part({one, one, 0, 0}, alignments[candidates.size()]);
        candidates.push_back({one, from_second, kept, score, 0.0, true});
        if (count_chars(one) < search_.min_chars) candidates.back().verdict = too_short;
    }
    order_.clear();
    for (std::size_t k = 0; k < n; ++k)
        if (is_kept(candidates[k])) order_.push_back(k);
    std::stable_sort(order_.begin(), order_.end(), [&](std::size_t one, std::size_t other) {
        return candidates[one].score > candidates[other].score;
    });
    for (const std::size_t number : order_) {
        Candidate& one = candidates[number];
        rivals_.clear();
        double worths = 0;
        for (std::size_t k = n; k < candidates.size(); ++k)
            if (candidates[k].verdict == kept && do_meet(candidates[k].stretch, one.stretch)) {
                rivals_.push_back(k);
                candidates[k].is_added = false;
                worths += std::max(candidates[k].score, 0.0);
            }
        if (!rivals_.empty() && worths >= one.score && find_identity(number) < nearly_equal)
            one.verdict = revised;
        else
            for (const std::size_t rival : rivals_) candidates[rival].verdict = dominated;
    }
    suppress_covered(n);
}

// Marks the words of kept candidates before `last`.
void Judge::cover_kept(std::size_t last) {
    covered_a_.assign(pair.a.n, 0);
    covered_b_.assign(pair.b.n, 0);
    for (std::size_t k = 0; k < last; ++k) {
        if (!is_kept(candidates[k])) continue;
        const auto [p, p_end, q, q_end] = candidates[k].stretch;
        std::fill(covered_a_.begin() + p, covered_a_.begin() + p_end, 1);
        std::fill(covered_b_.begin() + q, covered_b_.begin() + q_end, 1);
    }
}

// Suppresses passages of reused words that others have on both sides.
void Judge::suppress_covered(std::size_t first) {
    cover_kept(first);
    for (std::size_t k = first; k < candidates.size(); ++k) {
        const auto [p, p_end, q, q_end] = candidates[k].stretch;
        if (is_kept(candidates[k]) && is_covered(covered_a_, p, p_end) &&
            is_covered(covered_b_, q, q_end))
            candidates[k].verdict = suppressed;
    }
}

// Runs of equal words around matches, the longest first.
void Judge::find_short_runs(bool quotes_only, std::vector<Stretch>& found) {
    found.clear();
    // By diagonal, where the last run ends.
    run_ends_.assign(pair.a.n + pair.b.n, 0);
    for (const std::int64_t match : pair.matches) {
        std::int64_t p = left_of(match), q = right_of(match);
        const bool is_quoted_twice = pair.a.flags[p] & pair.b.flags[q] & is_quoted;
        std::int32_t& last_end = run_ends_[p - q + pair.b.n];
        if (p < last_end || (quotes_only && !is_quoted_twice)) continue;
        if (pair.a.hashes[p] != pair.b.hashes[q]) continue;
        std::int64_t end = p + 1;
        while (p > 0 && q > 0 && pair.a.hashes[p - 1] == pair.b.hashes[q - 1]) --p, --q;
        const std::int64_t last = std::min(pair.a.n, pair.b.n + p - q);
        while (end < last && pair.a.hashes[end] == pair.b.hashes[end + q - p]) ++end;
        last_end = static_cast<std::int32_t>(end);
        if (end - p >= std::min(min_short_run, min_quoted_run))
            found.push_back({p, end, q, end + q - p});
    }
    boundary_finder_.cut(pair, found);
    if (found.empty()) return;
    const double places = log_places(pair.a.n, pair.b.n);
    const double quoted_places = log_places(count_flagged(pair.a, {0, pair.a.n}, is_quoted),
                                            count_flagged(pair.b, {0, pair.b.n}, is_quoted));
    std::erase_if(found, [&](const Stretch& run) {
        const Range a{run[0], run[1]}, b{run[2], run[3]};
        const std::int64_t n = a.high - a.low;
        const std::int64_t n_plain = n - count_flagged(pair.a, a, is_capital | is_digit);
        const bool is_quote = count_flagged(pair.a, a, is_quoted) == n &&
                              count_flagged(pair.b, b, is_quoted) == n;
        return n < (is_quote ? min_quoted_run : min_short_run) || (quotes_only && !is_quote) ||
               static_cast<double>(n_plain) * bits_per_word < (is_quote ? quoted_places : places);
    });
    std::sort(found.begin(), found.end(), [](const Stretch& one, const Stretch& other) {
        const std::int64_t n = one[1] - one[0], n_other = other[1] - other[0];
        return n != n_other ? n > n_other : one < other;
    });
}

void Judge::add_short_runs(bool quotes_only) {
    find_short_runs(quotes_only, found_);
    if (found_.empty()) return;
    const std::size_t n = candidates.size();
    cover_kept(n);
    // Nothing is found twice: what meets a passage on both sides is no passage of its own.
    const auto is_found = [&](const Stretch& run) {
        for (std::size_t k = 0; k < candidates.size(); ++k)
            if ((k >= n || is_kept(candidates[k])) && do_meet(candidates[k].stretch, run))
                return true;
        return false;
    };
    for (const Stretch& run : found_) {
        const auto [p, p_end, q, q_end] = run;
        if (is_covered(covered_a_, p, p_end) || is_covered(covered_b_, q, q_end)) continue;
        if (is_found(run)) continue;
        if (alignments.size() <= candidates.size()) alignments.emplace_back();
        const double score = measure_part({run, run, 0, 0}, alignments[candidates.size()]);
        const bool is_long = count_chars(run) >= search_.min_chars;
        candidates.push_back({run, from_run, is_long ? kept : too_short, score, 0.0, true});
        std::fill(covered_a_.begin() + p, covered_a_.begin() + p_end, 1);
        std::fill(covered_b_.begin() + q, covered_b_.begin() + q_end, 1);
    }
}

// Whether one side may share a run that no passage aligns: grams that follow one another, one for
// each place of a gram in the shortest run.
bool Judge::may_have_runs(bool from_b, const std::vector<std::int32_t>& run_of) const {
    const Article &own = from_b ? *article_b_ : *article_a_;
    const Article &other = from_b ? *article_a_ : *article_b_;
    const std::int64_t least = std::max(search_.min_run, gram_words) - gram_words + 1;
    if (run_of.empty()) {
        // From the last gram of a run back: one that is not there rules out all that hold it.
        const auto n = static_cast<std::int64_t>(own.grams.size());
        for (std::int64_t low = 0; low + least <= n;) {
            std::int64_t p = low + least - 1;
            while (p >= low && may_have(other, own.grams[p])) --p;
            if (p < low) return true;
            low = p + 1;
        }
        return false;
    }
    std::int64_t n_shared = 0;
    bool is_new = false;
    for (std::size_t p = 0; p < own.grams.size(); ++p) {
        const bool is_aligned = run_of[p] > 0 && run_of[p] == run_of[p + gram_words - 1];
        if (!is_aligned && !may_have(other, own.grams[p])) {
            n_shared = 0;
            is_new = false;
            continue;
        }
        ++n_shared;
        is_new |= !is_aligned;
        if (is_new && n_shared >= least) return true;
    }
    return false;
}

// Lists the parts of one side where runs of n_words may lie: grams in a row that the other side may
// have.
void Judge::list_parts(const Article& own, const Article& other, std::int64_t n_words) {
    parts_.clear();
    const auto n = static_cast<std::int64_t>(own.grams.size());
    for (std::int64_t low = 0, high = 0; low < n; low = ++high) {
        while (high < n && may_have(other, own.grams[high])) ++high;
        const std::int64_t end = high + gram_words - 1;
        if (end - low < n_words) continue;
        if (!parts_.empty() && low <= parts_.back().high)
            parts_.back().high = end;
        else
            parts_.push_back({low, end});
    }
}

// Numbers the runs of equal words that passages align.
void Judge::number_runs() {
    run_of_a_.assign(pair.a.n, 0);
    run_of_b_.assign(pair.b.n, 0);
    std::int32_t n_runs = 0;
    for (std::size_t number = 0; number < candidates.size(); ++number) {
        if (candidates[number].verdict != kept) continue;
        const auto [p_low, p_end, q_low, q_end] = candidates[number].stretch;
        std::int64_t before = -1;
        for (const std::int64_t match : alignments[number]) {
            const std::int64_t p = p_low + left_of(match), q = q_low + right_of(match);
            const bool is_equal = pair.a.hashes[p] == pair.b.hashes[q];
            if (before < 0 || before + next_word != match) ++n_runs;
            before = is_equal ? match : -1;
            if (is_equal) run_of_a_[p] = run_of_b_[q] = n_runs;
        }
    }
}

void Judge::add_runs() {
    const std::int64_t n_words = std::max(search_.min_run, gram_words);
    is_extended_.assign(candidates.size(), 0);
    for (const bool from_b : {false, true}) {
        number_runs();
        if (!may_have_runs(from_b, from_b ? run_of_b_ : run_of_a_)) continue;
        owners_.assign(from_b ? pair.b.n : pair.a.n, -1);
        for (std::size_t number = 0; number < candidates.size(); ++number)
            if (is_kept(candidates[number])) own_words(number, candidates[number].stretch, from_b);
        list_parts(from_b ? *article_a_ : *article_b_, from_b ? *article_b_ : *article_a_, n_words);
        if (from_b)
            run_finder_.find(pair.b, pair.cuts_b, pair.a, pair.cuts_a, parts_, n_words, runs_);
        else
            run_finder_.find(pair.a, pair.cuts_a, pair.b, pair.cuts_b, parts_, n_words, runs_);
        for (const Run& run : runs_) {
            const Stretch stretch{run.p, run.p + run.n, run.q, run.q + run.n};
            const std::int32_t* aligned = (from_b ? run_of_b_ : run_of_a_).data() + run.p;
            if (aligned[0] > 0 && aligned[0] == aligned[run.n - 1]) continue;
            add_run(from_b ? Stretch{stretch[2], stretch[3], stretch[0], stretch[1]} : stretch,
                    from_b);
        }
        for (std::size_t number = 0; number < candidates.size(); ++number)
            if (is_extended_[number]) realign(number);
    }
}

void Judge::own_words(std::size_t number, const Stretch& words, bool of_b) {
    std::fill(owners_.begin() + words[2 * of_b], owners_.begin() + words[2 * of_b + 1],
              static_cast<std::int32_t>(number));
}

void Judge::add_run(const Stretch& run, bool from_b) {
    const auto [p, p_end, q, q_end] = run;
    std::int64_t n_content = 0;
    for (std::int64_t token = p; token < p_end; ++token)
        n_content += (pair.a.flags[token] & is_content) != 0;
    if (n_content < min_run_content) return;
    for (std::int64_t token = run[2 * from_b]; token < run[2 * from_b + 1]; ++token) {
        const std::int32_t number = owners_[token];
        if (number < 0 || !do_meet(candidates[number].stretch, run)) continue;
        Candidate& one = candidates[number];
        const Stretch extended{std::min(one.stretch[0], p), std::max(one.stretch[1], p_end),
                               std::min(one.stretch[2], q), std::max(one.stretch[3], q_end)};
        is_extended_[number] |= extended != one.stretch;
        one.stretch = extended;
        own_words(number, run, from_b);
        return;
    }
    if (count_chars(run) < search_.min_chars) return;
    candidates.push_back({run, from_run, kept, 0.0, 0.0, false});
    is_extended_.push_back(1);
    own_words(candidates.size() - 1, run, from_b);
    if (alignments.size() < candidates.size()) alignments.emplace_back();
}

// Aligns and scores a passage anew.
void Judge::realign(std::size_t number) {
    Candidate& one = candidates[number];
    const auto [p, p_end, q, q_end] = one.stretch;
    const Stream a = pair.a.slice(p, p_end), b = pair.b.slice(q, q_end);
    const float *bits_a = pair.bits_a.data() + p, *bits_b = pair.bits_b.data() + q;
    matches_within(pair.matches, p, p_end, q, q_end, inside_);
    Alignment& aligned = alignments[number];
    aligner_.align_stretch(a, b, bits_a, inside_, aligned);
    const double shared = measure_alignment(aligned, a, b, bits_a, bits_b).shared;
    const double score = weigh_evidence(shared, pair.mass_a[p_end] - pair.mass_a[p],
                                        pair.mass_b[q_end] - pair.mass_b[q], search_.chance_rate);
    one.score = std::max(one.score, score);
    is_extended_[number] = 0;
}

std::int64_t Judge::find_longest(std::size_t number) const {
    const auto [p, p_end, q, q_end] = candidates[number].stretch;
    return longest_run(alignments[number], pair.a.slice(p, p_end), pair.b.slice(q, q_end));
}

// A passage with a run is never unlikely: runs are guaranteed.
void Judge::rate(bool is_thorough) {
    look();
    for (std::size_t k = 0; k < candidates.size(); ++k) {
        Candidate& one = candidates[k];
        if (!is_kept(one) && !is_thorough) continue;
        one.confidence = second_look_.confidence(one.stretch, alignments[k], find_identity(k),
                                                 one.score, one.is_added);
        if (is_kept(one) && one.confidence < search_.min_odds &&
            find_longest(k) < search_.min_run)
            one.verdict = unlikely;
    }
}

}  // namespace dedup
