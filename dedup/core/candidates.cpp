#include "candidates.hpp"

#include <algorithm>
#include <cstddef>
#include <stdexcept>

#include "logarithm.hpp"
#include "sources.hpp"

namespace dedup {

namespace {

// Number of texts in the table of document frequencies. A seed in `df` articles here has at most
// log2(n_texts / df) bits, however rare its words are in general.
constexpr double n_texts = 72'632.0;
constexpr float evidence_step = 0.125F;

struct Entry {
    std::int64_t seed;  // of the query
    std::int64_t at;    // entry of the buckets
};

// Entries read from a bucket: [first, head) and [tail, end).
struct Ends {
    std::int64_t first, head, tail, end, n_cut;

    template <class Visit>
    void visit(const Visit& see) const {
        for (std::int64_t at = first; at < head; ++at) see(at);
        for (std::int64_t at = tail; at < end; ++at) see(at);
    }
};

Ends find_ends(const Buckets& buckets, std::int64_t key, std::int64_t query,
               std::int64_t max_bucket) {
    const std::int64_t first = buckets.ranges[2 * key], last = buckets.ranges[2 * key + 1];
    const auto begin = buckets.articles.begin();
    const std::int64_t end = std::lower_bound(begin + first, begin + last,
                                              static_cast<std::uint32_t>(query)) - begin;
    const std::int64_t n_cut = end - first + buckets.n_absent[key] - max_bucket;
    if (n_cut <= 0) return {first, end, end, end, 0};
    if (end - first < max_bucket)
        throw std::invalid_argument("buckets: entries are absent that the query looks at");
    return {first, first + (max_bucket + 1) / 2, end - max_bucket / 2, end, n_cut};
}

void count_query(std::int64_t query, std::int64_t k, const Buckets& buckets,
                 std::span<std::int32_t> counts, const BandRules& rules,
                 std::vector<std::int64_t>& touched, CandidateRows& found) {
    for (std::int64_t band = k * rules.n_bands; band < (k + 1) * rules.n_bands; ++band) {
        const std::int64_t first = buckets.ranges[2 * band];
        if (first == buckets.ranges[2 * band + 1] || buckets.articles[first] >= query) continue;
        const Ends ends = find_ends(buckets, band, query, rules.max_bucket);
        found.n_capped += ends.n_cut;
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
        found.rows.insert(found.rows.end(), {best, query, 1});
        found.n_capped += n_enough - 1;
    }
    for (const std::int64_t other : touched) {
        if (counts[other] >= rules.min_hits && n_enough <= rules.max_sources)
            found.rows.insert(found.rows.end(), {other, query, 0});
        counts[other] = 0;
    }
    touched.clear();
}

// Writes the bits of each word of a seed, (n_seeds, 2), capped by the bits of the seed.
void weigh_seeds(std::span<const std::uint8_t> evidence, std::span<const std::int64_t> sizes,
                 std::int64_t n_articles, std::vector<float>& worths) {
    worths.resize(evidence.size());
    const double n_all = std::max(n_texts, static_cast<double>(n_articles));
    for (std::size_t seed = 0; seed < sizes.size(); ++seed) {
        const auto df = static_cast<double>(std::max<std::int64_t>(sizes[seed], 1));
        const auto limit = static_cast<float>(std::max(binary_log(n_all / df), 0.0));
        const float left = static_cast<float>(evidence[2 * seed]) * evidence_step;
        const float right = static_cast<float>(evidence[2 * seed + 1]) * evidence_step;
        const float share = left + right > limit ? limit / (left + right) : 1.0F;
        worths[2 * seed] = left * share;
        worths[2 * seed + 1] = right * share;
    }
}

// Writes the hits of articles that can reach the sum, grouped by article.
void gather(std::span<const Entry> entries, std::span<const float> worths,
            const Buckets& buckets, std::span<float> totals, std::span<std::int64_t> counts,
            double min_bits, std::vector<Hit>& hits) {
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
        const bool is_enough = static_cast<double>(totals[article]) >= min_bits;
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

CandidateRows count_bands(std::span<const std::int64_t> queries, const Buckets& buckets,
                          std::span<std::int32_t> counts, const BandRules& rules) {
    CandidateRows found;
    std::vector<std::int64_t> touched;
    try {
        for (std::size_t k = 0; k < queries.size(); ++k)
            count_query(queries[k], static_cast<std::int64_t>(k), buckets, counts, rules, touched,
                        found);
    } catch (...) {
        for (const std::int64_t other : touched) counts[other] = 0;
        throw;
    }
    return found;
}

CandidateRows add_seeds(std::span<const std::int64_t> queries, const QuerySeeds& seeds,
                        const Buckets& buckets, std::span<const std::int64_t> lengths,
                        std::span<float> totals, std::span<std::int64_t> counts,
                        const SumRules& rules) {
    Tally tally;
    CandidateRows found;
    std::vector<Entry> entries;
    std::vector<float> worths;
    std::vector<std::int64_t> n_cut;
    std::vector<Hit> hits;
    for (std::size_t k = 0; k < queries.size(); ++k) {
        const std::size_t first = seeds.offsets[k], n = seeds.offsets[k + 1] - seeds.offsets[k];
        weigh_seeds(seeds.evidence.subspan(2 * first, 2 * n), buckets.sizes.subspan(first, n),
                    static_cast<std::int64_t>(lengths.size()), worths);
        const Query query{seeds.positions.subspan(first, n), seeds.words.subspan(2 * first, 2 * n),
                          worths};
        n_cut.resize(n);
        entries.clear();
        bool is_capped = false;
        for (std::size_t seed = 0; seed < n; ++seed) {
            const Ends ends = find_ends(buckets, static_cast<std::int64_t>(first + seed),
                                        queries[k], rules.max_bucket);
            n_cut[seed] = ends.n_cut;
            found.n_capped += ends.n_cut;
            is_capped = is_capped || ends.n_cut > 0;
            ends.visit([&](std::int64_t at) {
                if (buckets.articles[at] >= lengths.size())
                    throw std::invalid_argument("articles: number out of range");
                entries.push_back({static_cast<std::int64_t>(seed), at});
            });
        }
        gather(entries, worths, buckets, totals, counts, rules.min_bits, hits);
        const Floors floors{lengths, queries[k], rules.min_bits, rules.slope};
        const auto sources = find_sources(hits, query, floors, rules.window, tally);
        const auto kept = choose_sources(hits, sources, n_cut, query, floors, rules.window,
                                         rules.max_sources, tally);
        found.n_capped += static_cast<std::int64_t>(sources.size() - kept.size());
        is_capped = is_capped || kept.size() < sources.size();
        for (const std::int64_t source : kept)
            found.rows.insert(found.rows.end(), {hits[source].article, queries[k], is_capped});
    }
    return found;
}

float measure_seeds(std::uint32_t article, const QuerySeeds& seeds, const Buckets& buckets,
                    std::int64_t n_articles, std::int64_t window, double enough) {
    std::vector<Hit> hits;
    const auto begin = buckets.articles.begin();
    for (std::size_t seed = 0; seed < seeds.positions.size(); ++seed) {
        const std::int64_t first = buckets.ranges[2 * seed], last = buckets.ranges[2 * seed + 1];
        std::int64_t at = std::lower_bound(begin + first, begin + last, article) - begin;
        for (; at < last && buckets.articles[at] == article; ++at)
            hits.push_back({article, static_cast<std::int64_t>(seed), buckets.places[at]});
    }
    std::vector<float> worths;
    weigh_seeds(seeds.evidence, buckets.sizes, n_articles, worths);
    Tally tally;
    return fill_window(hits, {seeds.positions, seeds.words, worths}, window, enough, tally);
}

}  // namespace dedup
