#include "formulas.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>

#include "stream.hpp"

namespace dedup {

namespace {

using Flags = std::span<const std::uint8_t>;

// Tokens of one article or of one run, half-open.
struct Range {
    std::int64_t start, stop;
};

bool is_start(Flags flags, std::int64_t token) { return flags[token] & starts_sentence; }

// Returns the first token in [at, end) that starts a sentence, or `at` if none does.
std::int64_t next_boundary(Flags flags, std::int64_t at, std::int64_t end) {
    for (std::int64_t token = at; token < end; ++token)
        if (is_start(flags, token)) return token;
    return at;
}

// Returns the last token in (end, at] that starts a sentence, or `at` if none does.
std::int64_t last_boundary(Flags flags, std::int64_t at, std::int64_t end) {
    for (std::int64_t token = at; token > end; --token)
        if (is_start(flags, token)) return token;
    return at;
}

double count_words(Flags flags, const Range& run) {
    double n_words = 0.0;
    for (std::int64_t token = run.start; token < run.stop; ++token)
        n_words += flags[token] & is_spaceless ? 0.5 : 1.0;
    return n_words;
}

// Moves the ends of a run of covered tokens to sentence ends; false if too little is left.
bool trim_run(Flags flags, const Range& article, const RunLimits& limits, Range& run) {
    // A shingle across a boundary includes words of neighboring text.
    const std::int64_t reach = std::min(limits.min_edge, article.stop - article.start);
    if (run.start > article.start)
        run.start = next_boundary(flags, run.start, std::min(run.start + reach, run.stop));
    if (run.stop < article.stop)
        run.stop = last_boundary(flags, run.stop, std::max(run.stop - reach, run.start));
    const double n_words = count_words(flags, run);
    const bool is_edge = run.start == article.start || run.stop == article.stop;
    if (n_words >= static_cast<double>(limits.min_inside)) return true;
    if (is_edge && n_words >= static_cast<double>(limits.min_edge)) return true;
    while (run.start < run.stop && run.start > article.start && !is_start(flags, run.start))
        ++run.start;
    while (run.stop > run.start && run.stop < article.stop && !is_start(flags, run.stop))
        --run.stop;
    return run.start != run.stop &&
           count_words(flags, run) >= static_cast<double>(limits.min_unit);
}

}  // namespace

Runs gather_runs(const Articles& articles, std::span<const bool> covered,
                 const RunLimits& limits) {
    Runs runs;
    for (std::size_t number = 0; number + 1 < articles.offsets.size(); ++number) {
        const Range article{articles.offsets[number], articles.offsets[number + 1]};
        std::int64_t end = article.start;
        while (end < article.stop) {
            Range run{end, end};
            while (end < article.stop && covered[end]) ++end;
            run.stop = end;
            if (run.stop == run.start) {
                ++end;
                continue;
            }
            if (!trim_run(articles.flags, article, limits, run)) continue;
            runs.places.insert(runs.places.end(),
                               {static_cast<std::int64_t>(number), run.start, run.stop});
            runs.hashes.push_back(
                hash_tokens(articles.hashes.subspan(run.start, run.stop - run.start)));
        }
    }
    return runs;
}

std::vector<std::uint64_t> name_runs(std::span<const std::int64_t> places,
                                     std::span<const std::uint64_t> hashes,
                                     std::span<const std::uint64_t> keys,
                                     std::span<const std::int64_t> counts,
                                     std::span<const std::int64_t> firsts,
                                     std::span<const std::int64_t> widths) {
    std::vector<std::uint64_t> names(hashes.begin(), hashes.end());
    std::size_t at = 0;
    for (std::size_t run = 0; run < names.size(); ++run) {
        const std::int64_t start = places[3 * run + 1], end = places[3 * run + 2];
        bool is_named = false;
        std::size_t best = 0;
        while (at < firsts.size() && firsts[at] < start) ++at;
        for (; at < firsts.size() && firsts[at] < end; ++at) {
            if (widths[at] > end - firsts[at]) continue;
            if (!is_named || counts[at] > counts[best] ||
                (counts[at] == counts[best] && keys[at] < keys[best]))
                best = at;
            is_named = true;
        }
        if (is_named) names[run] = keys[best];
    }
    return names;
}

std::vector<std::uint8_t> cover_formulas(const Articles& articles,
                                         std::span<const std::int64_t> outlets,
                                         const Formulas& formulas, std::int64_t k,
                                         std::int64_t min_unit, std::int64_t min_inside) {
    std::vector<std::uint8_t> covered(articles.hashes.size(), 0);
    for (std::size_t article = 0; article < outlets.size(); ++article) {
        const std::int64_t outlet = outlets[article];
        if (outlet < 0) continue;
        const std::int64_t key = formulas.key_bounds[outlet], unit = formulas.unit_bounds[outlet];
        const auto known = formulas.keys.subspan(key, formulas.key_bounds[outlet + 1] - key);
        const auto units = formulas.units.subspan(unit, formulas.unit_bounds[outlet + 1] - unit);
        if (known.empty()) continue;
        const std::int64_t low = articles.offsets[article];
        const std::int64_t length = articles.offsets[article + 1] - low;
        const std::array<std::int64_t, 2> whole{0, length};
        const Articles own{articles.hashes.subspan(low, length),
                           articles.flags.subspan(low, length), whole};
        const Shingles found = find_known(own, k, known);
        if (found.keys.empty()) continue;
        const auto repeated = std::make_unique<bool[]>(length);
        const std::span<bool> marks(repeated.get(), length);
        cover_tokens(found.firsts, found.widths, marks);
        const Runs runs = gather_runs(own, marks, {min_unit, k, min_inside});
        std::vector<std::int64_t> spread;
        for (const std::uint64_t one : found.keys) {
            const auto at = std::lower_bound(known.begin(), known.end(), one) - known.begin();
            spread.push_back(formulas.counts[key + at]);
        }
        const std::vector<std::uint64_t> names =
            name_runs(runs.places, runs.hashes, found.keys, spread, found.firsts, found.widths);
        for (std::size_t run = 0; run < names.size(); ++run)
            if (std::binary_search(units.begin(), units.end(), names[run]))
                std::fill(covered.begin() + low + runs.places[3 * run + 1],
                          covered.begin() + low + runs.places[3 * run + 2], 1);
    }
    return covered;
}

}  // namespace dedup
