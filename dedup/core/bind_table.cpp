// Bindings of the steps after the alignment: columns, roles and sums of passages.
#include "align_doors.hpp"
#include "bindings.hpp"
#include "bools.hpp"
#include "overlaps.hpp"
#include "roles.hpp"
#include "span_doors.hpp"
#include "table.hpp"

namespace dedup {

namespace {

// Pairs, swapped, bounds, spans, edit_bounds and edits of FoundPassages.
using FoundTuple = std::tuple<Table<std::int64_t>, In<bool>, In<std::int64_t>, Table<std::int64_t>,
                              In<std::int64_t>, Table<std::int64_t>>;

// Checks that bounds divide n elements into parts.
void check_bounds(const In<std::int64_t>& bounds, std::size_t n_parts, std::size_t n,
                  std::string_view name) {
    check_offsets(view(bounds), n, name);
    require(bounds.shape(0) == n_parts + 1, name, ": expected one more than there are parts");
    require(bounds.data()[0] == 0 && static_cast<std::size_t>(bounds.data()[n_parts]) == n, name,
            ": some elements are in no part");
}

void check_pairs(const Table<std::int64_t>& pairs, const In<std::int64_t>& offsets,
                 std::string_view name) {
    require(pairs.shape(1) == 2, name, ": expected two columns");
    check_indices(view(pairs), offsets.shape(0) - 1, name);
}

// Checks half-open spans of two sides, at `row`.
void check_sides(const std::int64_t* row, const std::array<std::int64_t, 2>& lows,
                 const std::array<std::int64_t, 2>& highs, std::int64_t least,
                 std::string_view name) {
    for (int side = 0; side < 2; ++side) {
        const std::int64_t low = row[2 * side], high = row[2 * side + 1];
        require(lows[side] <= low && low <= high && high <= highs[side] && high - low >= least,
                name, ": a span is outside, or empty");
    }
}

FoundPassages make_found(const FoundTuple& parts, const In<std::int64_t>& offsets,
                         std::int64_t n_tokens) {
    const auto& [pairs, swapped, bounds, spans, edit_bounds, edits] = parts;
    check_offsets(view(offsets), n_tokens, "offsets");
    check_pairs(pairs, offsets, "pairs");
    require(swapped.shape(0) == pairs.shape(0), "pairs and swapped differ in length");
    check_bools(view(swapped), "swapped");
    require(spans.shape(1) == 4, "spans: expected four columns");
    require(edits.shape(1) == 5, "edits: expected five columns");
    check_bounds(bounds, pairs.shape(0), spans.shape(0), "bounds");
    check_bounds(edit_bounds, spans.shape(0), edits.shape(0), "edit_bounds");
    const FoundPassages found{view(pairs), view(swapped),     view(bounds), view(spans),
                              view(edit_bounds), view(edits), view(offsets)};
    const auto length = [&](std::int64_t article) {
        return found.offsets[article + 1] - found.offsets[article];
    };
    for (std::size_t pair = 0; pair < found.n_pairs(); ++pair) {
        const std::array lengths = {length(found.article(pair, 0)),
                                    length(found.article(pair, 1))};
        for (std::int64_t row = found.bounds[pair]; row < found.bounds[pair + 1]; ++row) {
            const std::int64_t* span = spans.data() + 4 * row;
            check_sides(span, {0, 0}, lengths, 1, "spans");
            for (std::int64_t at = found.edit_bounds[row]; at < found.edit_bounds[row + 1]; ++at) {
                check_range(edits.data()[5 * at], 0, edit_moved + 1, "edits");
                check_sides(edits.data() + 5 * at + 1, {span[0], span[2]}, {span[1], span[3]}, 0,
                            "edits");
            }
        }
    }
    return found;
}

Array2<std::int64_t> find_split_numbers_door(
    const FoundTuple& parts, In<std::int64_t> offsets, In<std::uint64_t> hashes,
    In<std::uint64_t> stems, In<std::uint32_t> starts, In<std::uint32_t> ends,
    In<std::uint8_t> flags) {
    const Stream tokens = make_stream(hashes, stems, starts, ends, flags);
    const FoundPassages found = make_found(parts, offsets, tokens.n);
    std::vector<std::array<std::int64_t, 3>> split;
    {
        nb::gil_scoped_release released;
        split = find_split_numbers(found, tokens);
    }
    return to_table(std::move(split));
}

nb::tuple fill_columns_door(const FoundTuple& parts, In<std::int64_t> offsets,
                            In<std::uint64_t> hashes, In<std::uint64_t> stems,
                            In<std::uint32_t> starts, In<std::uint32_t> ends,
                            In<std::uint8_t> flags, In<std::uint64_t> denials,
                            In<std::uint64_t> numbers, std::int64_t n_looked_at) {
    const Stream tokens = make_stream(hashes, stems, starts, ends, flags);
    const FoundPassages found = make_found(parts, offsets, tokens.n);
    require(n_looked_at >= 0 && n_looked_at <= max_words, "max_words: negative or too large");
    TableColumns columns;
    {
        nb::gil_scoped_release released;
        columns = fill_columns(found, tokens, {view(denials), view(numbers), n_looked_at});
    }
    return nb::make_tuple(
        to_array(std::move(columns.order)), to_table(std::move(columns.articles)),
        to_table(std::move(columns.tokens)), to_table(std::move(columns.chars)),
        to_array(std::move(columns.n_words)), to_array(std::move(columns.n_kept)),
        to_array(std::move(columns.edit_bounds)), to_array(std::move(columns.ops)),
        to_table(std::move(columns.edit_tokens)), to_table(std::move(columns.edit_chars)),
        to_array(std::move(columns.marks)));
}

// Shares of the words of a side that make a role, and limits of figures.
using RoleTuple = std::tuple<double, double, std::int64_t, std::int64_t>;

nb::tuple find_roles_door(Table<std::int64_t> articles, Table<std::int64_t> spans,
                          In<std::int64_t> offsets, In<std::uint8_t> flags,
                          In<std::uint8_t> marks, const RoleTuple& given) {
    const RoleLimits limits =
        std::apply([](auto... each) { return RoleLimits{each...}; }, given);
    // A comparison with NaN is false.
    require(limits.mostly >= 0 && limits.mostly <= 1 && limits.quoted >= 0 && limits.quoted <= 1,
            "scalars: a share is not in [0, 1]");
    require(limits.min_figures >= 0 && limits.max_words_of_figure >= 1,
            "scalars: a limit of figures is too small");
    require(flags.shape(0) == marks.shape(0), "flags and roles differ in length");
    check_offsets(view(offsets), flags.shape(0), "offsets");
    check_pairs(articles, offsets, "articles");
    require(spans.shape(1) == 4, "spans: expected four columns");
    require(spans.shape(0) == articles.shape(0), "spans and articles differ in length");
    const auto length = [&](std::int64_t article) {
        return offsets.data()[article + 1] - offsets.data()[article];
    };
    for (std::size_t at = 0; at < spans.shape(0); ++at)
        check_sides(spans.data() + 4 * at, {0, 0},
                    {length(articles.data()[2 * at]), length(articles.data()[2 * at + 1])}, 0,
                    "spans");
    MarkedRoles found;
    {
        nb::gil_scoped_release released;
        found = find_roles(view(articles), view(spans), view(offsets), view(flags), view(marks),
                           limits);
    }
    return nb::make_tuple(to_array(std::move(found.roles)),
                          to_bools(std::move(found.has_figures)));
}

// The columns of SummedPassages up to the edits.
using PassagesTuple =
    std::tuple<Table<std::int64_t>, In<std::int64_t>, Table<std::int64_t>, In<bool>,
               In<std::int64_t>, In<std::int64_t>, In<std::int64_t>, Table<std::int64_t>>;

SummedPassages make_columns(const PassagesTuple& parts, const In<std::int64_t>& offsets,
                            const In<std::uint8_t>& roles, const Table<std::uint32_t>& pieces,
                            const In<std::int64_t>& piece_bounds) {
    const auto& [pairs, bounds, chars, is_counted, n_kept, edit_bounds, ops, edit_tokens] = parts;
    const std::size_t n = chars.shape(0);
    check_offsets(view(offsets), roles.shape(0), "offsets");
    check_pairs(pairs, offsets, "pairs");
    require(chars.shape(1) == 4, "chars: expected four columns");
    require(edit_tokens.shape(1) == 4, "edit_tokens: expected four columns");
    require(is_counted.shape(0) == n && n_kept.shape(0) == n,
            "passages: columns differ in length");
    require(ops.shape(0) == edit_tokens.shape(0), "edits: columns differ in length");
    check_bounds(bounds, pairs.shape(0), n, "bounds");
    check_bounds(edit_bounds, n, ops.shape(0), "edit_bounds");
    check_bools(view(is_counted), "is_counted");
    check_all(view(n_kept), 0, max_words, "n_kept");
    check_all(view(ops), 0, edit_moved + 1, "ops");
    require(pieces.shape(1) == 2, "pieces: expected two columns");
    require(piece_bounds.shape(0) == offsets.shape(0),
            "piece_bounds and offsets differ in length");
    check_offsets(view(piece_bounds), pieces.shape(0), "piece_bounds");
    check_texts(view(pieces), view(piece_bounds), true, "pieces");
    const auto length = [&](std::int64_t article) {
        return offsets.data()[article + 1] - offsets.data()[article];
    };
    for (std::size_t pair = 0; pair < pairs.shape(0); ++pair) {
        const std::array lengths = {length(pairs.data()[2 * pair]),
                                    length(pairs.data()[2 * pair + 1])};
        for (std::int64_t row = bounds.data()[pair]; row < bounds.data()[pair + 1]; ++row) {
            check_sides(chars.data() + 4 * row, {0, 0}, {max_addend, max_addend}, 0, "chars");
            for (std::int64_t at = edit_bounds.data()[row]; at < edit_bounds.data()[row + 1]; ++at)
                check_sides(edit_tokens.data() + 4 * at, {0, 0}, lengths, 0, "edit_tokens");
        }
    }
    return {view(pairs),       view(bounds), view(chars),       view(is_counted),
            view(n_kept),      view(edit_bounds), view(ops),    view(edit_tokens),
            view(offsets),     view(roles),  view(pieces),      view(piece_bounds)};
}

nb::tuple sum_up_pairs_door(const PassagesTuple& parts, In<std::int64_t> offsets,
                            In<std::uint8_t> roles, Table<std::uint32_t> pieces,
                            In<std::int64_t> piece_bounds) {
    const SummedPassages columns = make_columns(parts, offsets, roles, pieces, piece_bounds);
    PairSums sums;
    {
        nb::gil_scoped_release released;
        sums = sum_up_pairs(columns);
    }
    return nb::make_tuple(to_table(std::move(sums.coverages)),
                          to_array(std::move(sums.text_shares)),
                          to_table(std::move(sums.shared)), to_array(std::move(sums.bounds)),
                          to_bools(std::move(sums.is_shared)), to_bools(std::move(sums.is_text)));
}

}  // namespace

void bind_table(nb::module_& m) {
    m.def("find_split_numbers", find_split_numbers_door, nb::arg("passages").noconvert(),
          nb::arg("offsets").noconvert(), nb::arg("hashes").noconvert(),
          nb::arg("stems").noconvert(), nb::arg("starts").noconvert(),
          nb::arg("ends").noconvert(), nb::arg("flags").noconvert(),
          "Find the passages in which an edit may start or end inside a number.");
    m.def("fill_columns", fill_columns_door, nb::arg("passages").noconvert(),
          nb::arg("offsets").noconvert(), nb::arg("hashes").noconvert(),
          nb::arg("stems").noconvert(), nb::arg("starts").noconvert(),
          nb::arg("ends").noconvert(), nb::arg("flags").noconvert(),
          nb::arg("denials").noconvert(), nb::arg("numbers").noconvert(), nb::arg("max_words"),
          "Turn passages and edits of the core to columns, in the order of their pairs.");
    m.def("find_roles", find_roles_door, nb::arg("articles").noconvert(),
          nb::arg("spans").noconvert(), nb::arg("offsets").noconvert(),
          nb::arg("flags").noconvert(), nb::arg("roles").noconvert(), nb::arg("scalars"),
          "Find the roles of passages that follow from marks of words.");
    m.def("sum_up_pairs", sum_up_pairs_door, nb::arg("passages").noconvert(),
          nb::arg("offsets").noconvert(), nb::arg("roles").noconvert(),
          nb::arg("pieces").noconvert(), nb::arg("piece_bounds").noconvert(),
          "Find the covered text and the shared words of each pair.");
}

}  // namespace dedup
