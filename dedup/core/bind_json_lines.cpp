#include "arrays.hpp"
#include "bindings.hpp"
#include "json_lines.hpp"

#include <cmath>

namespace dedup {

namespace {

using Longs = In<std::int64_t>;
using Bytes = In<std::uint8_t>;
using Bools = In<bool>;
using Spans = Table<std::int64_t>;
using Figures = Table<double>;

using ArticleTuple = std::tuple<Bytes, Longs, In<std::uint32_t>, Longs>;
using OverlapTuple = std::tuple<Spans, Longs, Longs, Figures, Bools, Bools>;
using PassageTuple = std::tuple<Spans, Bytes, Bytes, Bytes, Longs, Figures, Longs>;
using EditTuple = std::tuple<Longs, Longs, Spans, Bools>;

void check_figures(const Figures& figures, std::size_t n_columns, std::string_view name) {
    require(figures.shape(1) == n_columns, name, ": figures of another width");
    for (const double figure : view(figures))
        require(std::abs(figure) < max_figure, name, ": figures out of range");
}

ArticleColumns read_articles(const ArticleTuple& articles) {
    const auto& [ids, id_bounds, points, bounds] = articles;
    check_offsets(view(id_bounds), ids.shape(0), "articles");
    check_offsets(view(bounds), points.shape(0), "articles");
    require(id_bounds.shape(0) == bounds.shape(0), "articles: columns differ in length");
    return {view(ids), view(id_bounds), view(points), view(bounds)};
}

OverlapColumns read_overlaps(const OverlapTuple& overlaps, std::size_t n_articles,
                             std::size_t n_passages) {
    const auto& [pairs, bounds, relations, figures, is_capped, is_version] = overlaps;
    const std::size_t n = relations.shape(0);
    require(pairs.shape(0) == n && bounds.shape(0) == n + 1 && figures.shape(0) == n &&
                is_capped.shape(0) == n && is_version.shape(0) == n,
            "overlaps: columns differ in length");
    require(pairs.shape(1) == 2, "overlaps: expected pairs");
    check_indices(view(pairs), n_articles, "overlaps");
    check_offsets(view(bounds), n_passages, "overlaps");
    check_all(view(relations), 0, n_relations, "overlaps");
    check_figures(figures, 4, "overlaps");
    check_bools(view(is_capped), "overlaps");
    check_bools(view(is_version), "overlaps");
    return {view(pairs),   view(bounds),    view(relations),
            view(figures), view(is_capped), view(is_version)};
}

PassageColumns read_passages(const PassageTuple& passages) {
    const auto& [chars, kinds, roles, speakers, bounds, figures, n_words] = passages;
    const std::size_t n = chars.shape(0);
    require(kinds.shape(0) == n && roles.shape(0) == n && bounds.shape(0) == n + 1 &&
                figures.shape(0) == n && n_words.shape(0) == n,
            "passages: columns differ in length");
    require(chars.shape(1) == 4, "passages: expected two spans");
    check_all(view(kinds), 0, n_kinds, "passages");
    check_all(view(roles), 0, n_roles, "passages");
    check_offsets(view(bounds), speakers.shape(0), "passages");
    check_figures(figures, 3, "passages");
    return {view(chars),  view(kinds),   view(roles),  view(speakers),
            view(bounds), view(figures), view(n_words)};
}

EditColumns read_edits(const EditTuple& edits, std::size_t n_passages) {
    const auto& [bounds, ops, chars, is_fact] = edits;
    const std::size_t n = ops.shape(0);
    require(chars.shape(0) == n && is_fact.shape(0) == n, "edits: columns differ in length");
    require(chars.shape(1) == 4, "edits: expected two spans");
    require(bounds.shape(0) == n_passages + 1, "edits and passages differ in length");
    check_offsets(view(bounds), n, "edits");
    check_all(view(ops), 0, n_ops, "edits");
    check_bools(view(is_fact), "edits");
    return {view(bounds), view(ops), view(chars), view(is_fact)};
}

// Checks that passages are inside of the texts of their pair.
void check_chars(const PassageColumns& passages, const OverlapColumns& overlaps,
                 std::span<const std::int64_t> bounds) {
    for (std::size_t k = 0; k < 2 * overlaps.relations.size(); ++k) {
        const std::int64_t article = overlaps.pairs[k];
        const std::int64_t size = bounds[article + 1] - bounds[article];
        for (std::int64_t at = overlaps.bounds[k / 2]; at < overlaps.bounds[k / 2 + 1]; ++at) {
            const std::int64_t* span = &passages.chars[4 * at + 2 * (k % 2)];
            require(0 <= span[0] && span[0] <= span[1] && span[1] <= size,
                    "passages: span outside of its text");
        }
    }
}

Array1<std::uint8_t> write_lines_door(ArticleTuple articles, OverlapTuple overlaps,
                                      PassageTuple passages, EditTuple edits) {
    const std::size_t n_passages = std::get<0>(passages).shape(0);
    const ArticleColumns read = read_articles(articles);
    const OverlapColumns pairs = read_overlaps(overlaps, read.bounds.size() - 1, n_passages);
    const PassageColumns shared = read_passages(passages);
    const EditColumns changes = read_edits(edits, n_passages);
    check_chars(shared, pairs, read.bounds);
    std::vector<std::uint8_t> lines;
    {
        nb::gil_scoped_release released;
        lines = write_lines(read, pairs, shared, changes);
    }
    return to_array(std::move(lines));
}

}  // namespace

void bind_json_lines(nb::module_& m) {
    const auto columns = [](const char* name) { return nb::arg(name).noconvert(); };
    m.def("write_lines", write_lines_door, columns("articles"), columns("overlaps"),
          columns("passages"), columns("edits"), "Write overlaps as JSON Lines.");
}

}  // namespace dedup
