#include "arrays.hpp"
#include "bindings.hpp"
#include "budget.hpp"
#include "candidates.hpp"
#include "sources.hpp"

#include <algorithm>
#include <cmath>

namespace dedup {

namespace {

using Longs = In<std::int64_t>;
using Numbers = In<std::uint32_t>;

Buckets check_buckets(const Table<std::int64_t>& ranges, const Longs& n_absent,
                      const Numbers& articles, const Numbers& places) {
    require(ranges.shape(1) == 2, "ranges: expected two columns");
    const std::size_t n_keys = ranges.shape(0);
    require(n_absent.shape(0) == n_keys, "ranges and n_absent differ in length");
    require(articles.shape(0) == places.shape(0), "articles and places differ in length");
    const auto own = view(ranges);
    std::int64_t all_absent = 0;
    for (std::size_t key = 0; key < n_keys; ++key) {
        check_range(own[2 * key + 1], 0, articles.shape(0) + 1, "ranges");
        check_range(own[2 * key], 0, own[2 * key + 1] + 1, "ranges");
        // The omitted entries are summed.
        check_range(n_absent.data()[key], 0, max_addend - all_absent, "n_absent");
        all_absent += n_absent.data()[key];
    }
    return {own, view(n_absent), view(articles), view(places)};
}

// Articles have numbers of 32 bits.
constexpr std::int64_t max_number = std::int64_t{1} << 32;

Queries check_queries(const Longs& queries, const Longs& lows) {
    require(lows.shape(0) == queries.shape(0), "queries and lows differ in length");
    check_all(view(queries), 0, max_number, "queries");
    for (std::size_t k = 0; k < lows.shape(0); ++k)
        check_range(lows.data()[k], 0, queries.data()[k] + 1, "lows");
    return {view(queries), view(lows)};
}

// Counters must start at zero, because counts are used as positions.
template <class T>
void check_zeros(std::span<const T> counts, std::string_view name) {
    // Without a branch: these are as many as the articles, for each call.
    bool are_zeros = true;
    for (const T count : counts) are_zeros &= count == 0;
    require(are_zeros, name, ": expected zeros");
}

void check_pairs(const Numbers& positions, std::size_t n_rows, std::size_t n_columns,
                 std::string_view name) {
    require(n_rows == positions.shape(0) && n_columns == 2,
            name, ": expected two columns, and a row for each position");
}

void check_positions(std::span<const std::uint32_t> positions) {
    require(std::is_sorted(positions.begin(), positions.end()), "positions: they decrease");
}

template <class T>
void check_pairs(const Numbers& positions, const Table<T>& table, std::string_view name) {
    check_pairs(positions, table.shape(0), table.shape(1), name);
}

nb::tuple to_tuple(CandidateRows&& found) {
    return nb::make_tuple(to_table(std::move(found.rows), 3), found.n_capped, found.n_read);
}

nb::tuple count_bands_door(Longs queries, Longs lows, Table<std::int64_t> ranges, Longs n_absent,
                           Numbers articles, Numbers places, Out<std::int32_t> counts,
                           std::int64_t n_bands, std::int64_t min_hits, std::int64_t max_bucket,
                           std::int64_t max_sources) {
    const Buckets buckets = check_buckets(ranges, n_absent, articles, places);
    check_range(n_bands, 0, std::int64_t{1} << 20, "n_bands");
    require(queries.shape(0) * n_bands == ranges.shape(0), "ranges: expected n_bands a query");
    const Queries own = check_queries(queries, lows);
    check_range(max_bucket, 0, max_addend + 1, "max_bucket");
    check_range(max_sources, 0, max_addend, "max_sources");
    check_zeros(std::span<const std::int32_t>(view(counts)), "counts");
    check_apart(counts, "counts", queries, lows, ranges, n_absent, articles, places);
    CandidateRows found;
    {
        nb::gil_scoped_release released;
        found = count_bands(own, buckets, view(counts),
                            {n_bands, min_hits, max_bucket, max_sources});
    }
    return to_tuple(std::move(found));
}

nb::tuple add_seeds_door(Longs queries, Longs lows, Numbers positions, Table<std::uint16_t> words,
                         Table<std::uint8_t> evidence, Longs offsets, Table<std::int64_t> ranges,
                         Longs n_absent, Numbers articles, Numbers places, Longs lengths,
                         Out<float> totals, Out<std::int64_t> counts, std::int64_t n_articles,
                         std::int64_t window, double min_bits, double slope,
                         std::int64_t max_bucket, std::int64_t max_sources,
                         std::int64_t n_rarest, std::int64_t max_entries) {
    const Buckets buckets = check_buckets(ranges, n_absent, articles, places);
    check_pairs(positions, words, "words");
    check_pairs(positions, evidence, "evidence");
    check_pairs(positions, ranges, "ranges");
    check_range(n_rarest, 0, max_addend, "n_rarest");
    check_range(max_entries, 0, max_addend, "max_entries");
    check_offsets(view(offsets), positions.shape(0), "offsets");
    require(offsets.shape(0) == queries.shape(0) + 1, "offsets: expected one more than queries");
    require(totals.shape(0) >= lengths.shape(0) && counts.shape(0) >= lengths.shape(0),
            "totals and counts are shorter than lengths");
    const Queries own = check_queries(queries, lows);
    check_indices(view(queries), lengths.shape(0), "queries");
    check_range(window, 1, max_addend, "window");
    check_range(max_bucket, 0, max_addend + 1, "max_bucket");
    check_range(max_sources, 0, max_addend, "max_sources");
    const auto n_numbers = lengths.shape(0);
    check_zeros(std::span<const float>(view(totals)).first(n_numbers), "totals");
    check_zeros(std::span<const std::int64_t>(view(counts)).first(n_numbers), "counts");
    check_apart(totals, "totals", queries, lows, positions, words, evidence, offsets, ranges,
                n_absent, articles, places, lengths, counts);
    check_apart(counts, "counts", queries, lows, positions, words, evidence, offsets, ranges,
                n_absent, articles, places, lengths);
    CandidateRows found;
    {
        nb::gil_scoped_release released;
        const QuerySeeds seeds{view(positions), view(words), view(evidence), view(offsets)};
        found = add_seeds(own, seeds, buckets, view(lengths), view(totals), view(counts),
                          {n_articles, window, min_bits, slope, max_bucket, max_sources, n_rarest,
                           max_entries});
    }
    return to_tuple(std::move(found));
}

float measure_seeds_door(std::uint32_t article, std::int64_t query, std::int64_t low,
                         Numbers positions, Table<std::uint16_t> words,
                         Table<std::uint8_t> evidence, Table<std::int64_t> ranges, Longs n_absent,
                         Numbers articles, Numbers places,
                         std::int64_t n_articles, std::int64_t window, double enough) {
    const Buckets buckets = check_buckets(ranges, n_absent, articles, places);
    check_pairs(positions, words, "words");
    check_pairs(positions, evidence, "evidence");
    check_pairs(positions, ranges, "ranges");
    check_range(window, 0, max_addend, "window");
    check_range(query, 0, max_number, "query");
    check_range(low, 0, query + 1, "low");
    nb::gil_scoped_release released;
    return measure_seeds(article, {low, query},
                         {view(positions), view(words), view(evidence), {}}, buckets,
                         n_articles, window, enough);
}

Array1<std::uint8_t> choose_seeds_door(Numbers positions, Longs counts, std::int64_t window,
                                       std::int64_t n_rarest, std::int64_t max_bucket,
                                       std::int64_t max_entries) {
    require(positions.shape(0) == counts.shape(0), "positions and counts differ in length");
    check_positions(view(positions));
    std::int64_t all = 0;
    for (const std::int64_t count : view(counts)) {
        check_range(count, 0, max_addend - all, "counts");
        all += count;
    }
    check_range(window, 1, max_addend, "window");
    check_range(n_rarest, 0, max_addend, "n_rarest");
    check_range(max_bucket, 0, max_addend + 1, "max_bucket");
    check_range(max_entries, 0, max_addend, "max_entries");
    std::vector<std::uint8_t> readings;
    {
        nb::gil_scoped_release released;
        readings = choose_seeds(view(positions), view(counts),
                                {window, n_rarest, max_bucket, max_entries});
    }
    return to_array(std::move(readings));
}

Query check_query(const Numbers& positions, const Table<std::uint16_t>& words,
                  const Table<float>& worths) {
    check_pairs(positions, words, "words");
    check_pairs(positions, worths, "worths");
    for (const float worth : view(worths))
        require(std::isfinite(worth), "worths: expected finite numbers");
    return {view(positions), view(words), view(worths)};
}

std::vector<Hit> check_hits(const Table<std::int64_t>& rows, std::size_t n_seeds,
                            std::int64_t n_articles) {
    require(rows.shape(1) == 3, "hits: expected three columns");
    std::vector<Hit> hits;
    hits.reserve(rows.shape(0));
    for (std::size_t at = 0; at < rows.shape(0); ++at) {
        const std::int64_t* row = rows.data() + 3 * at;
        check_range(row[0], 0, n_articles, "hits: article");
        check_range(row[1], 0, static_cast<std::int64_t>(n_seeds), "hits: seed");
        check_range(row[2], 0, std::int64_t{1} << 32, "hits: place");
        hits.push_back({row[0], row[1], row[2]});
    }
    return hits;
}

Array1<std::int64_t> find_sources_door(Table<std::int64_t> hits, Numbers positions,
                                       Table<std::uint16_t> words, Table<float> worths,
                                       Longs lengths, std::int64_t query, double min_bits,
                                       double slope, std::int64_t window) {
    const Query seeds = check_query(positions, words, worths);
    const auto own = check_hits(hits, positions.shape(0), lengths.shape(0));
    check_range(query, 0, lengths.shape(0), "query");
    check_range(window, 0, max_addend, "window");
    std::vector<std::int64_t> sources;
    {
        nb::gil_scoped_release released;
        Tally tally;
        sources = find_sources(own, seeds, {view(lengths), query, min_bits, slope}, window, tally);
    }
    return to_array(std::move(sources));
}

Array1<std::int64_t> choose_sources_door(Table<std::int64_t> hits, Longs sources, Longs n_cut,
                                         Numbers positions, Table<std::uint16_t> words,
                                         Table<float> worths, Longs lengths, std::int64_t query,
                                         double min_bits, double slope, std::int64_t window,
                                         std::int64_t max_sources) {
    const Query seeds = check_query(positions, words, worths);
    const auto own = check_hits(hits, positions.shape(0), lengths.shape(0));
    check_indices(view(sources), own.size(), "sources");
    require(n_cut.shape(0) == positions.shape(0), "n_cut: expected one a seed");
    check_all(view(n_cut), 0, max_addend, "n_cut");
    check_range(query, 0, lengths.shape(0), "query");
    check_range(window, 0, max_addend, "window");
    check_range(max_sources, 0, max_addend, "max_sources");
    std::vector<std::int64_t> kept;
    {
        nb::gil_scoped_release released;
        Tally tally;
        kept = choose_sources(own, view(sources), view(n_cut), seeds,
                              {view(lengths), query, min_bits, slope}, window, max_sources, tally);
    }
    return to_array(std::move(kept));
}

float fill_window_door(Table<std::int64_t> hits, Numbers positions, Table<std::uint16_t> words,
                       Table<float> worths, std::int64_t window, double enough) {
    const Query seeds = check_query(positions, words, worths);
    const auto own = check_hits(hits, positions.shape(0), max_addend);
    check_range(window, 0, max_addend, "window");
    nb::gil_scoped_release released;
    Tally tally;
    return fill_window(own, seeds, window, enough, tally);
}

}  // namespace

void bind_candidates(nb::module_& m) {
    const auto array = [](const char* name) { return nb::arg(name).noconvert(); };
    m.def("count_bands", count_bands_door, array("queries"), array("lows"), array("ranges"),
          array("n_absent"), array("articles"), array("places"), array("counts"),
          nb::arg("n_bands"), nb::arg("min_hits"), nb::arg("max_bucket"), nb::arg("max_sources"),
          "Find the pairs that agree in enough bands; counts are zeros, and left so.");
    m.def("add_seeds", add_seeds_door, array("queries"), array("lows"), array("positions"),
          array("words"),
          array("evidence"), array("offsets"), array("ranges"), array("n_absent"),
          array("articles"), array("places"), array("lengths"), array("totals"), array("counts"),
          nb::arg("n_articles"), nb::arg("window"), nb::arg("min_bits"), nb::arg("slope"),
          nb::arg("max_bucket"),
          nb::arg("max_sources"), nb::arg("n_rarest"), nb::arg("max_entries"),
          "Find the pairs that share enough seeds; totals and counts are zeros, and left so.");
    m.def("measure_seeds", measure_seeds_door, nb::arg("article"), nb::arg("query"), nb::arg("low"),
          array("positions"),
          array("words"), array("evidence"), array("ranges"), array("n_absent"),
          array("articles"), array("places"), nb::arg("n_articles"), nb::arg("window"),
          nb::arg("enough"), "Return the most bits that a query and an article share.");
    m.def("choose_seeds", choose_seeds_door, array("positions"), array("counts"),
          nb::arg("window"), nb::arg("n_rarest"), nb::arg("max_bucket"), nb::arg("max_entries"),
          "Choose the seeds of a query to read: 2 always, 1 within the budget, 0 not.");
    m.def("find_sources", find_sources_door, array("hits"), array("positions"), array("words"),
          array("worths"), array("lengths"), nb::arg("query"), nb::arg("min_bits"),
          nb::arg("slope"), nb::arg("window"), "List the first hit of each source.");
    m.def("choose_sources", choose_sources_door, array("hits"), array("sources"), array("n_cut"),
          array("positions"), array("words"), array("worths"), array("lengths"),
          nb::arg("query"), nb::arg("min_bits"), nb::arg("slope"), nb::arg("window"),
          nb::arg("max_sources"), "Leave out sources that better ones explain.");
    m.def("fill_window", fill_window_door, array("hits"), array("positions"), array("words"),
          array("worths"), nb::arg("window"), nb::arg("enough"),
          "Return the most bits that a square of two texts holds.");
}

}  // namespace dedup
