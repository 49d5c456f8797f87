#include "arrays.hpp"
#include "bindings.hpp"
#include "bools.hpp"
#include "coverage.hpp"
#include "groups.hpp"
#include "span_doors.hpp"

#include <cmath>

namespace dedup {

namespace {

Array1<double> find_coverages_door(Table<std::int64_t> spans, In<std::int64_t> bounds,
                                   Table<std::uint32_t> pieces, In<std::int64_t> piece_bounds) {
    require(spans.shape(1) == 2, "spans: expected two columns");
    require(pieces.shape(1) == 2, "pieces: expected two columns");
    check_offsets(view(bounds), spans.shape(0), "bounds");
    check_offsets(view(piece_bounds), pieces.shape(0), "piece_bounds");
    require(bounds.shape(0) == piece_bounds.shape(0), "bounds and piece_bounds differ in length");
    check_texts(view(spans), view(bounds), false, "spans");
    check_texts(view(pieces), view(piece_bounds), true, "pieces");
    std::vector<double> coverages;
    {
        nb::gil_scoped_release released;
        coverages = find_coverages(view(spans), view(bounds), view(pieces), view(piece_bounds));
    }
    return to_array(std::move(coverages));
}

void check_spans(const Table<std::int64_t>& spans, std::string_view name) {
    require(spans.shape(1) == 2, name, ": expected two columns");
    const auto values = view(spans);
    for (std::size_t k = 0; k < values.size(); k += 2)
        require(0 <= values[k] && values[k] <= values[k + 1], name, ": no half-open span");
}

Array1<std::int64_t> group_spans_door(Table<std::int64_t> spans, double min_same) {
    check_spans(spans, "spans");
    std::vector<std::int64_t> groups;
    {
        nb::gil_scoped_release released;
        groups = group_spans(view(spans), min_same);
    }
    return to_array(std::move(groups));
}

Array2<std::int64_t> find_nested_door(Table<std::int64_t> spans, double min_same) {
    check_spans(spans, "spans");
    require(spans.shape(0) < std::size_t{1} << 31, "spans: too many");
    std::vector<std::int64_t> pairs;
    {
        nb::gil_scoped_release released;
        pairs = find_nested(view(spans), min_same);
    }
    return to_table(std::move(pairs), 2);
}

Array1<bool> fold_spans_door(In<std::int64_t> families, Table<std::int64_t> spans,
                             In<double> identities) {
    check_spans(spans, "spans");
    require(families.shape(0) == spans.shape(0), "families and spans differ in length");
    require(identities.shape(0) == spans.shape(0), "identities and spans differ in length");
    for (const double identity : view(identities))
        require(!std::isnan(identity), "identities: not a number");
    std::vector<std::uint8_t> keep;
    {
        nb::gil_scoped_release released;
        keep = fold_spans(view(families), view(spans), view(identities));
    }
    return to_bools(std::move(keep));
}

}  // namespace

void bind_spans(nb::module_& m) {
    m.def("find_coverages", find_coverages_door, nb::arg("spans").noconvert(),
          nb::arg("bounds").noconvert(), nb::arg("pieces").noconvert(),
          nb::arg("piece_bounds").noconvert(),
          "Find the share of each text that spans cover together.");
    m.def("group_spans", group_spans_door, nb::arg("spans").noconvert(), nb::arg("min_same"),
          "Group spans that are the same but for their edges.");
    m.def("find_nested", find_nested_door, nb::arg("spans").noconvert(), nb::arg("min_same"),
          "Find which spans lie in which others.");
    m.def("fold_spans", fold_spans_door, nb::arg("families").noconvert(),
          nb::arg("spans").noconvert(), nb::arg("identities").noconvert(),
          "Choose of the spans of a family that overlap the one that is most alike.");
}

}  // namespace dedup
