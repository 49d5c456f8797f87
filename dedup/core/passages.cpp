#include "passages.hpp"

#include <algorithm>
#include <numeric>

namespace dedup {

namespace {

// Log-odds of the confidence in a copy.
constexpr double certain = 9.0;

Stream tokens_of(const Collection& collection, std::int64_t article) {
    return collection.tokens.slice(collection.offsets[article], collection.offsets[article + 1]);
}

// Returns the cuts inside an article, relative to its start, none before its first token.
void take_cuts(const Collection& collection, std::int64_t article,
               std::vector<std::int64_t>& cuts) {
    const std::int64_t low = collection.offsets[article], high = collection.offsets[article + 1];
    cuts.clear();
    auto at = std::lower_bound(collection.cuts.begin(), collection.cuts.end(), low + 1);
    const auto end = std::lower_bound(collection.cuts.begin(), collection.cuts.end(), high);
    for (; at < end; ++at) cuts.push_back(*at - low);
}

double quoted_share(const Stream& a, const Stream& b) {
    std::int64_t n_a = 0, n_b = 0;
    for (std::int64_t p = 0; p < a.n; ++p) {
        n_a += (a.flags[p] & is_quoted) != 0;
        n_b += (b.flags[p] & is_quoted) != 0;
    }
    return static_cast<double>(std::max(n_a, n_b)) / static_cast<double>(a.n);
}

// Appends two identical articles as one passage.
void append_copy(Judge& judge, Passages& passages) {
    const Pair& pair = judge.pair;
    judge.pair.weigh();
    const std::int64_t n = pair.a.n;
    float bits = 0;
    for (std::int64_t token = 0; token < n; ++token) bits += pair.bits_a[token];
    passages.edits.push_back({edit_kept, 0, n, 0, n});
    passages.rows.push_back({0, n, 0, n, static_cast<std::int64_t>(passages.edits.size())});
    passages.figures.push_back({bits, 1.0, quoted_share(pair.a, pair.b), certain});
}

// Appends a candidate as a passage, kept or not.
void append_candidate(const Judge& judge, std::size_t number, EditWriter& writer,
                      Passages& passages) {
    const Candidate& one = judge.candidates[number];
    const auto [p, p_end, q, q_end] = one.stretch;
    const Stream a = judge.pair.a.slice(p, p_end), b = judge.pair.b.slice(q, q_end);
    const Alignment& aligned = judge.alignments[number];
    const AlignmentMeasure measure = measure_alignment(
        aligned, a, b, judge.pair.bits_a.data() + p, judge.pair.bits_b.data() + q);
    writer.append(aligned, a, b, p, q, passages.edits);
    passages.rows.push_back(
        {p, p_end, q, q_end, static_cast<std::int64_t>(passages.edits.size())});
    passages.figures.push_back(
        {one.score, measure.identity, measure.quoted, one.confidence});
}

// Share of each candidate that better passages cover, best first.
std::vector<double> measure_covered(const Judge& judge) {
    const std::size_t n = judge.candidates.size();
    std::vector<double> covered(n, 0.0);
    std::vector<std::uint8_t> in_a(judge.pair.a.n, 0), in_b(judge.pair.b.n, 0);
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t one, std::size_t other) {
        return judge.candidates[one].score > judge.candidates[other].score;
    });
    const auto share = [](const std::vector<float>& bits, const std::vector<std::uint8_t>& in,
                          std::int64_t low, std::int64_t high) {
        float lost = 0, own = 0;
        for (std::int64_t token = low; token < high; ++token) {
            lost += bits[token] * in[token];
            own += bits[token];
        }
        return lost / own;
    };
    for (const std::size_t number : order) {
        const Candidate& one = judge.candidates[number];
        const auto [p, p_end, q, q_end] = one.stretch;
        if (one.verdict == kept) {
            std::fill(in_a.begin() + p, in_a.begin() + p_end, 1);
            std::fill(in_b.begin() + q, in_b.begin() + q_end, 1);
        } else {
            covered[number] = std::max(share(judge.pair.bits_a, in_a, p, p_end),
                                       share(judge.pair.bits_b, in_b, q, q_end));
        }
    }
    return covered;
}

std::int64_t count_chars(const Pair& pair, const std::array<std::int64_t, 5>& row) {
    const std::int64_t a = std::int64_t{pair.a.ends[row[1] - 1]} - pair.a.starts[row[0]];
    const std::int64_t b = std::int64_t{pair.b.ends[row[3] - 1]} - pair.b.starts[row[2]];
    return std::max(a, b);
}

// Prepares articles on first use. Few are used again, so each is dropped after its last pair and
// the next takes its memory while caches hold it.
class ArticleCache {
public:
    ArticleCache(const Collection& collection, std::span<const std::int64_t> firsts,
                 std::span<const std::int64_t> seconds)
        : collection_(collection),
          maker_(collection.idf),
          articles_(collection.offsets.size()),
          n_uses_(collection.offsets.size()) {
        for (const auto& side : {firsts, seconds})
            for (const std::int64_t number : side) ++n_uses_[number];
    }

    const Article& operator[](std::int64_t number) {
        Article& article = articles_[number];
        // Its table has 16 slots or more.
        if (article.slots.empty()) article = maker_.make(tokens_of(collection_, number));
        return article;
    }

    // Counts a use.
    void release(std::int64_t number) {
        if (--n_uses_[number] == 0) maker_.recycle(articles_[number]);
    }

private:
    const Collection& collection_;
    ArticleMaker maker_;
    std::vector<Article> articles_;
    std::vector<std::int64_t> n_uses_;
};

void open_pair(Judge& judge, ArticleCache& articles, const Collection& collection,
               std::int64_t first, std::int64_t second) {
    take_cuts(collection, first, judge.pair.cuts_a);
    take_cuts(collection, second, judge.pair.cuts_b);
    judge.open(tokens_of(collection, first), articles[first], tokens_of(collection, second),
               articles[second]);
}

}  // namespace

Passages align_pairs(std::span<const std::int64_t> firsts, std::span<const std::int64_t> seconds,
                     const Collection& collection, const Search& search) {
    Passages passages;
    passages.bounds.assign(1, 0);
    Judge judge(search);
    EditWriter writer;
    ArticleCache articles(collection, firsts, seconds);
    for (std::size_t k = 0; k < firsts.size(); ++k) {
        const std::int64_t n_a = tokens_of(collection, firsts[k]).n;
        const std::int64_t n_b = tokens_of(collection, seconds[k]).n;
        if (n_a > 0 && n_b > 0) {
            open_pair(judge, articles, collection, firsts[k], seconds[k]);
            if (judge.pair.is_copy()) {
                append_copy(judge, passages);
            } else {
                judge.judge(false);
                for (std::size_t number = 0; number < judge.candidates.size(); ++number)
                    if (judge.candidates[number].verdict == kept)
                        append_candidate(judge, number, writer, passages);
            }
        }
        for (const std::int64_t number : {firsts[k], seconds[k]}) articles.release(number);
        passages.bounds.push_back(static_cast<std::int64_t>(passages.rows.size()));
    }
    return passages;
}

Explained explain_pair(std::int64_t first, std::int64_t second, const Collection& collection,
                       const Search& search) {
    Explained explained;
    Judge judge(search);
    EditWriter writer;
    ArticleCache articles(collection, std::span(&first, 1), std::span(&second, 1));
    open_pair(judge, articles, collection, first, second);
    const Pair& pair = judge.pair;
    if (pair.is_copy()) judge.find_anchors();
    explained.n_anchors = static_cast<std::int64_t>(pair.anchors.size());
    // The explanation also lists clusters that are too small for a passage.
    Clusters all;
    judge.cluster_finder().split(pair.anchors, pair.side_a, pair.side_b, search.max_gap, 0.0, all);
    for (std::int64_t k = 0; k < all.size(); ++k)
        explained.clusters.push_back(sum_anchors(all.anchors.data() + all.bounds[k],
                                                 all.bounds[k + 1] - all.bounds[k], pair.side_a,
                                                 pair.side_b));
    if (pair.is_copy()) {
        append_copy(judge, explained.passages);
        explained.origins = {from_copy};
        explained.verdicts = {kept};
        explained.longest = {pair.a.n};
        explained.covered = {0.0};
    } else {
        judge.judge(true);
        explained.floor = judge.floor;
        explained.covered = measure_covered(judge);
        for (std::size_t number = 0; number < judge.candidates.size(); ++number) {
            const Candidate& one = judge.candidates[number];
            append_candidate(judge, number, writer, explained.passages);
            const auto [p, p_end, q, q_end] = one.stretch;
            explained.origins.push_back(one.origin);
            explained.verdicts.push_back(one.verdict);
            explained.longest.push_back(longest_run(judge.alignments[number],
                                                    pair.a.slice(p, p_end),
                                                    pair.b.slice(q, q_end)));
        }
    }
    for (const auto& row : explained.passages.rows)
        explained.chars.push_back(count_chars(pair, row));
    return explained;
}

}  // namespace dedup
