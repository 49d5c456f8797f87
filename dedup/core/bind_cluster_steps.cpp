// Bindings of single alignment steps, from words to candidates. Stages use a few; most exist for
// tests against Python twins on small data, and keep the GIL.
#include "align_doors.hpp"
#include "bindings.hpp"
#include "bools.hpp"
#include "evidence.hpp"

namespace dedup {

namespace {

// Penalty, drop, minimum total, chance rate and maximum cost of a bridge.
using LimitsTuple = std::tuple<double, double, double, double, double>;

Limits make_limits(const LimitsTuple& scalars) {
    const Limits limits = std::apply([](auto... each) { return Limits{each...}; }, scalars);
    check_penalty(limits.penalty, "limits.penalty");
    check_chance_rate(limits.chance_rate, "limits.chance_rate");
    return limits;
}

double find_floor_door(std::int64_t n_a, std::int64_t n_b, double min_score, double slope) {
    for (const std::int64_t n : {n_a, n_b})
        require(n >= 0 && n <= max_words, "words: negative or too many");
    return find_floor(n_a, n_b, min_score, slope);
}

Array2<std::int64_t> find_segments_door(In<float> scores, double x_drop, double min_score) {
    std::vector<Range> found;
    find_segments(scores.data(), static_cast<std::int64_t>(scores.shape(0)), x_drop, min_score,
                  found);
    return to_rows(found);
}

nb::tuple to_side(const Side& side) {
    return nb::make_tuple(to_array(std::vector(side.tokens, side.tokens + side.n)),
                          to_array(std::vector(side.stems, side.stems + side.n)),
                          to_array(std::vector(side.bits, side.bits + side.n)),
                          to_bools(std::vector(side.is_fact, side.is_fact + side.n)));
}

nb::tuple number_pair_door(const StreamTuple& a, const StreamTuple& b, In<std::uint8_t> idf) {
    const Stream tokens_a = make_stream(a), tokens_b = make_stream(b);
    check_idf(idf);
    ArticleMaker maker(view(idf));
    const Article article_a = maker.make(tokens_a), article_b = maker.make(tokens_b);
    Pair pair;
    pair.number(tokens_a, article_a, tokens_b, article_b);
    return nb::make_tuple(to_side(pair.side_a), to_side(pair.side_b), pair.n_stems);
}

nb::tuple weigh_pair_door(const PairTuple& parts) {
    Pair pair;
    fill_pair(parts, pair);
    const auto cut = [](const auto& values, std::int64_t n) {
        return to_array(std::vector(values.begin(), values.begin() + n));
    };
    return nb::make_tuple(cut(pair.bits_a, pair.a.n), cut(pair.mass_a, pair.a.n + 1),
                          cut(pair.bits_b, pair.b.n), cut(pair.mass_b, pair.b.n + 1),
                          to_array(std::vector(pair.matches)));
}

Array1<std::int64_t> find_anchors_door(const SideTuple& side_a, const SideTuple& side_b,
                                       std::int64_t window) {
    const Side a = make_side(side_a, max_words), b = make_side(side_b, max_words);
    require(window >= 1 && window <= max_window, "window: expected 1 to 65536");
    std::vector<std::int64_t> anchors;
    AnchorFinder().find(a, b, window, anchors);
    return to_array(std::move(anchors));
}

Array1<std::int64_t> matches_within_door(In<std::int64_t> matches, std::int64_t p,
                                         std::int64_t p_end, std::int64_t q,
                                         std::int64_t q_end) {
    check_matches(view(matches), max_words, max_words, "matches");
    require(p >= 0 && p <= p_end && p_end <= max_words && q >= 0 && q <= q_end &&
                q_end <= max_words,
            "ranges: not within 0 to 2**31 - 1");
    std::vector<std::int64_t> inside;
    matches_within({view(matches).begin(), view(matches).end()}, p, p_end, q, q_end, inside);
    return to_array(std::move(inside));
}

nb::tuple split_clusters_door(In<std::int64_t> anchors, const SideTuple& side_a,
                              const SideTuple& side_b, std::int64_t max_gap, double min_bits) {
    const Side a = make_side(side_a, max_words), b = make_side(side_b, max_words);
    check_matches(view(anchors), a.n, b.n, "anchors");
    Clusters clusters;
    ClusterFinder().split({view(anchors).begin(), view(anchors).end()}, a, b, max_gap, min_bits,
                          clusters);
    std::vector<double> bits;
    for (std::int64_t k = 0; k < clusters.size(); ++k)
        bits.push_back(sum_anchors(clusters.anchors.data() + clusters.bounds[k],
                                   clusters.bounds[k + 1] - clusters.bounds[k], a, b));
    return nb::make_tuple(to_array(std::move(clusters.anchors)),
                          to_array(std::move(clusters.bounds)), to_array(std::move(bits)));
}

nb::tuple measure_door(const PairTuple& parts, std::int64_t p, std::int64_t p_end,
                       std::int64_t q, std::int64_t q_end) {
    Pair pair;
    fill_pair(parts, pair);
    require(p >= 0 && p <= p_end && p_end <= pair.a.n && q >= 0 && q <= q_end &&
                q_end <= pair.b.n,
            "ranges: outside the tokens");
    ClusterFinder finder;
    const Likeness found = finder.measure(pair, p, p_end, q, q_end);
    return nb::make_tuple(found.shared, found.cosine, found.n_types);
}

// Splits the anchors of a pair into clusters, and finds unordered clusters or chains.
template <bool of_chains>
Array2<std::int64_t> find_door(const PairTuple& parts, std::int64_t max_gap, double min_bits,
                               const LimitsTuple& scalars) {
    Pair pair;
    fill_pair(parts, pair);
    const Limits limits = make_limits(scalars);
    ClusterFinder finder;
    Clusters clusters;
    finder.split(pair.anchors, pair.side_a, pair.side_b, max_gap, min_bits, clusters);
    Aligner aligner;
    std::vector<Stretch> found;
    if constexpr (of_chains)
        ChainFinder(aligner, finder).find(pair, clusters, limits, found);
    else
        finder.find(pair, clusters, limits, found);
    return to_table(std::move(found));
}

Array2<std::int64_t> merge_door(const PairTuple& parts, Table<std::int64_t> rows,
                                const LimitsTuple& scalars) {
    Pair pair;
    fill_pair(parts, pair);
    std::vector<Stretch> stretches = make_sorted(rows, pair.a.n, pair.b.n);
    ClusterFinder().merge(pair, stretches, make_limits(scalars));
    return to_table(std::move(stretches));
}

}  // namespace

void bind_cluster_steps(nb::module_& m) {
    m.def("find_penalty", find_penalty, nb::arg("rate"), nb::arg("chance_rate"),
          "Return what an unshared bit costs.");
    m.def("weigh_evidence", weigh_evidence, nb::arg("shared"), nb::arg("mass_a"),
          nb::arg("mass_b"), nb::arg("chance_rate"), "Return the evidence of reuse.");
    m.def("weigh_side", weigh_side, nb::arg("shared"), nb::arg("mass"), nb::arg("chance_rate"),
          "Return the evidence of one side.");
    m.def("find_floor", find_floor_door, nb::arg("n_a"), nb::arg("n_b"), nb::arg("min_score"),
          nb::arg("slope"), "Return the bits that a passage needs.");
    m.def("find_segments", find_segments_door, nb::arg("scores").noconvert(), nb::arg("x_drop"),
          nb::arg("min_score"), "Find segments that are worth keeping.");
    m.def("number_pair", number_pair_door, nb::arg("a").noconvert(), nb::arg("b").noconvert(),
          nb::arg("idf").noconvert(), "Number and weigh the content words of two articles.");
    m.def("weigh_pair", weigh_pair_door, nb::arg("pair").noconvert(),
          "Weigh all tokens of a pair and place its anchors.");
    m.def("find_anchors", find_anchors_door, nb::arg("a").noconvert(), nb::arg("b").noconvert(),
          nb::arg("window"), "Find words that stand in the same company.");
    m.def("matches_within", matches_within_door, nb::arg("matches").noconvert(), nb::arg("p"),
          nb::arg("p_end"), nb::arg("q"), nb::arg("q_end"), "Take the matches inside ranges.");
    m.def("split_clusters", split_clusters_door, nb::arg("anchors").noconvert(),
          nb::arg("a").noconvert(), nb::arg("b").noconvert(), nb::arg("max_gap"),
          nb::arg("min_bits"), "Group anchors.");
    m.def("measure", measure_door, nb::arg("pair").noconvert(), nb::arg("p"), nb::arg("p_end"),
          nb::arg("q"), nb::arg("q_end"), "Measure what two ranges share.");
    m.def("find_clusters", find_door<false>, nb::arg("pair").noconvert(), nb::arg("max_gap"),
          nb::arg("min_bits"), nb::arg("limits"), "Find passages whose words are in any order.");
    m.def("find_chains", find_door<true>, nb::arg("pair").noconvert(), nb::arg("max_gap"),
          nb::arg("min_bits"), nb::arg("limits"), "Find passages whose words are in order.");
    m.def("merge", merge_door, nb::arg("pair").noconvert(), nb::arg("stretches").noconvert(),
          nb::arg("limits"), "Merge stretches where the bridge between them is cheap.");
}

}  // namespace dedup
