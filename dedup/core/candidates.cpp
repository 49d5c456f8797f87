#include "candidates.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <stdexcept>

#include "budget.hpp"
#include "evidence.hpp"
#include "logarithm.hpp"
#include "sources.hpp"

namespace dedup {

namespace {

// Number of texts in the table of document frequencies. A seed that `df` articles up to the query
// have carries at most log2(n_texts / df) bits, however rare its words are in general.
constexpr double n_texts = 72'632.0;
constexpr float evidence_step = 0.125F;

// More than any bucket has.
constexpr std::int64_t n_any = std::numeric_limits<std::int64_t>::max();
// More than rounding may take from a sum.
constexpr double rounding = 0.01;

struct Entry {
    std::int64_t seed;  // of the query
    std::int64_t at;    // entry of the buckets
};

void count_query(Reach reach, std::int64_t k, const Buckets& buckets,
                 std::span<std::int32_t> counts, const BandRules& rules,
                 std::vector<std::int64_t>& touched, CandidateRows& found) {
    for (std::int64_t band = k * rules.n_bands; band < (k + 1) * rules.n_bands; ++band) {
        const Ends ends = find_ends(buckets, band, reach, rules.max_bucket);
        found.n_capped += ends.size - ends.count();
        found.n_read += ends.count();
        ends.visit([&](std::int64_t at) {
            const std::uint32_t other = buckets.articles[at];
            if (other >= counts.size())
                throw std::invalid_argument("articles: number out of range");
            if (counts[other]++ == 0) touched.push_back(other);
        });
    }
    std::int64_t n_enough = 0, best = -1;
    for (const std::int64_t other : touched) {
        n_enough += counts[other] >= rules.min_hits;
        if (best < 0 || counts[other] > counts[best] ||
            (counts[other] == counts[best] && other < best))
            best = other;
    }
    if (n_enough > rules.max_sources) {
        found.rows.insert(found.rows.end(), {best, reach.query, 1});
        found.n_capped += n_enough - 1;
    }
    for (const std::int64_t other : touched) {
        if (counts[other] >= rules.min_hits && n_enough <= rules.max_sources)
            found.rows.insert(found.rows.end(), {other, reach.query, 0});
        counts[other] = 0;
    }
    touched.clear();
}

// Writes the bits of each word of a seed, (n_seeds, 2), capped by the bits of the seed.
void weigh_seeds(std::span<const std::uint8_t> evidence, std::span<const Ends> ends,
                 std::int64_t n_articles, std::vector<float>& worths) {
    worths.resize(evidence.size());
    const double n_all = std::max(n_texts, static_cast<double>(n_articles));
    for (std::size_t seed = 0; seed < ends.size(); ++seed) {
        const auto df = static_cast<double>(ends[seed].size + 1);
        const auto limit = static_cast<float>(std::max(binary_log(n_all / df), 0.0));
        const float left = static_cast<float>(evidence[2 * seed]) * evidence_step;
        const float right = static_cast<float>(evidence[2 * seed + 1]) * evidence_step;
        const float share = left + right > limit ? limit / (left + right) : 1.0F;
        worths[2 * seed] = left * share;
        worths[2 * seed + 1] = right * share;
    }
}

// Entries that a query reads of its seeds.
struct SeedReading {
    std::vector<Ends> ends;           // (n_seeds,)
    std::vector<std::int64_t> n_cut;  // (n_seeds,), entries in reach that are not read
    bool is_capped = false;           // whether a seed that is always read was cut
};

// Chooses what to read of the buckets from `first` on, one for each position.
void choose_entries(const Buckets& buckets, std::size_t first,
                    std::span<const std::uint32_t> positions, Reach reach, const SumRules& rules,
                    SeedReading& own) {
    const std::size_t n = positions.size();
    own.ends.resize(n);
    own.n_cut.assign(n, 0);
    own.is_capped = false;
    std::vector<std::int64_t> sizes(n);
    std::int64_t n_entries = 0;
    for (std::size_t seed = 0; seed < n; ++seed) {
        const auto key = static_cast<std::int64_t>(first + seed);
        own.ends[seed] = find_ends(buckets, key, reach, rules.max_bucket);
        sizes[seed] = own.ends[seed].size;
        n_entries += sizes[seed];
    }
    // Most queries of a small collection need no choice.
    const bool is_whole = n_entries <= rules.max_entries &&
                          std::ranges::all_of(sizes, [&](std::int64_t size) {
                              return size <= rules.max_bucket;
                          });
    if (is_whole) return;
    const auto readings = choose_seeds(
        positions, sizes, {rules.window, rules.n_rarest, rules.max_bucket, rules.max_entries});
    for (std::size_t seed = 0; seed < n; ++seed) {
        Ends& ends = own.ends[seed];
        if (readings[seed] == is_skipped) ends.head = ends.tail = ends.end = ends.first;
        own.n_cut[seed] = ends.size - ends.count();
        own.is_capped = own.is_capped || (readings[seed] == is_always_read && own.n_cut[seed] > 0);
    }
}

// Whether seeds of this sum may reach the floor of a pair. Repeated stems count once later on.
bool can_suffice(double sum, std::int64_t article, const Floors& floors) {
    return sum >= floors.min_bits - rounding &&
           sum >= find_floor(floors.lengths[floors.query], floors.lengths[article],
                             floors.min_bits, floors.slope) - rounding;
}

// Sums of the entries by the low bits of their article, in an array that the cache holds however
// many articles there are. Worths are not negative and rounding is monotonic, so the sum of a cell
// is at least that of each of its articles.
constexpr std::size_t n_cells = std::size_t{1} << 14;

// Lists the entries of articles that can reach `least`.
void sift(std::span<const Ends> ends, std::span<const float> worths, const Buckets& buckets,
          std::size_t n_articles, double least, std::vector<float>& sieve,
          std::vector<Entry>& entries) {
    const auto cell_of = [&](std::int64_t at) -> float& {
        return sieve[buckets.articles[at] % n_cells];
    };
    for (std::size_t seed = 0; seed < ends.size(); ++seed) {
        const float worth = worths[2 * seed] + worths[2 * seed + 1];
        ends[seed].visit([&](std::int64_t at) { cell_of(at) += worth; });
    }
    entries.clear();
    bool is_inside = true;
    for (std::size_t seed = 0; seed < ends.size(); ++seed) {
        ends[seed].visit([&](std::int64_t at) {
            is_inside = is_inside && buckets.articles[at] < n_articles;
            if (static_cast<double>(cell_of(at)) >= least)
                entries.push_back({static_cast<std::int64_t>(seed), at});
        });
    }
    for (const Ends& own : ends) own.visit([&](std::int64_t at) { cell_of(at) = 0.0F; });
    if (!is_inside) throw std::invalid_argument("articles: number out of range");
}

// Writes the hits of articles that can reach the sum, grouped by article.
void gather(std::span<const Entry> entries, std::span<const float> worths,
            const Buckets& buckets, std::span<float> totals, std::span<std::int64_t> counts,
            const Floors& floors, std::vector<Hit>& hits) {
    for (const Entry& entry : entries) {
        const std::uint32_t article = buckets.articles[entry.at];
        totals[article] += worths[2 * entry.seed] + worths[2 * entry.seed + 1];
        ++counts[article];
    }
    std::int64_t n_hits = 0;
    for (const Entry& entry : entries) {
        const std::uint32_t article = buckets.articles[entry.at];
        // The first entry of an article reserves its rows and leaves a mark for later ones.
        if (counts[article] <= 0) continue;
        const std::int64_t n_rows = counts[article];
        const bool is_enough = can_suffice(static_cast<double>(totals[article]), article, floors);
        counts[article] = is_enough ? -(n_hits + 1) : 0;
        n_hits += is_enough ? n_rows : 0;
    }
    hits.resize(n_hits);
    for (const Entry& entry : entries) {
        const std::uint32_t article = buckets.articles[entry.at];
        if (counts[article] >= 0) continue;
        hits[-counts[article] - 1] = {article, entry.seed, buckets.places[entry.at]};
        --counts[article];
    }
    for (const Entry& entry : entries) {
        counts[buckets.articles[entry.at]] = 0;
        totals[buckets.articles[entry.at]] = 0.0F;
    }
}

}  // namespace

CandidateRows count_bands(const Queries& queries, const Buckets& buckets,
                          std::span<std::int32_t> counts, const BandRules& rules) {
    CandidateRows found;
    std::vector<std::int64_t> touched;
    try {
        for (std::size_t k = 0; k < queries.numbers.size(); ++k)
            count_query(queries.reach(k), static_cast<std::int64_t>(k), buckets, counts, rules,
                        touched, found);
    } catch (...) {
        for (const std::int64_t other : touched) counts[other] = 0;
        throw;
    }
    return found;
}

CandidateRows add_seeds(const Queries& queries, const QuerySeeds& seeds, const Buckets& buckets,
                        std::span<const std::int64_t> lengths, std::span<float> totals,
                        std::span<std::int64_t> counts, const SumRules& rules) {
    Tally tally;
    CandidateRows found;
    SeedReading own;
    std::vector<Entry> entries;
    std::vector<float> worths, sieve(n_cells, 0.0F);
    std::vector<Hit> hits;
    for (std::size_t k = 0; k < queries.numbers.size(); ++k) {
        const std::size_t first = seeds.offsets[k], n = seeds.offsets[k + 1] - seeds.offsets[k];
        const auto positions = seeds.positions.subspan(first, n);
        choose_entries(buckets, first, positions, queries.reach(k), rules, own);
        for (std::size_t seed = 0; seed < n; ++seed) {
            found.n_capped += own.n_cut[seed];
            found.n_read += own.ends[seed].count();
        }
        weigh_seeds(seeds.evidence.subspan(2 * first, 2 * n), own.ends, rules.n_articles, worths);
        const Query query{positions, seeds.words.subspan(2 * first, 2 * n), worths};
        sift(own.ends, worths, buckets, lengths.size(), rules.min_bits - rounding, sieve,
             entries);
        const Floors floors{lengths, queries.numbers[k], rules.min_bits, rules.slope};
        gather(entries, worths, buckets, totals, counts, floors, hits);
        const auto sources = find_sources(hits, query, floors, rules.window, tally);
        const auto kept = choose_sources(hits, sources, own.n_cut, query, floors, rules.window,
                                         rules.max_sources, tally);
        found.n_capped += static_cast<std::int64_t>(sources.size() - kept.size());
        const bool is_capped = own.is_capped || kept.size() < sources.size();
        for (const std::int64_t source : kept)
            found.rows.insert(found.rows.end(),
                              {hits[source].article, queries.numbers[k], is_capped});
    }
    return found;
}

float measure_seeds(std::uint32_t article, Reach reach, const QuerySeeds& seeds,
                    const Buckets& buckets, std::int64_t n_articles, std::int64_t window,
                    double enough) {
    std::vector<Hit> hits;
    std::vector<Ends> ends;
    const auto begin = buckets.articles.begin();
    for (std::size_t seed = 0; seed < seeds.positions.size(); ++seed) {
        const std::int64_t last = buckets.ranges[2 * seed + 1];
        ends.push_back(find_ends(buckets, static_cast<std::int64_t>(seed), reach, n_any));
        std::int64_t at =
            std::lower_bound(begin + buckets.ranges[2 * seed], begin + last, article) - begin;
        for (; at < last && buckets.articles[at] == article; ++at)
            hits.push_back({article, static_cast<std::int64_t>(seed), buckets.places[at]});
    }
    std::vector<float> worths;
    weigh_seeds(seeds.evidence, ends, n_articles, worths);
    Tally tally;
    return fill_window(hits, {seeds.positions, seeds.words, worths}, window, enough, tally);
}

}  // namespace dedup
