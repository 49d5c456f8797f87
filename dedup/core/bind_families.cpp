#include "arrays.hpp"
#include "bindings.hpp"
#include "coverage.hpp"

namespace dedup {

namespace {

Array1<double> find_coverages_door(Table<std::int64_t> spans, In<std::int64_t> bounds,
                                   Table<std::uint32_t> pieces, In<std::int64_t> piece_bounds) {
    require(spans.shape(1) == 2, "spans: expected two columns");
    require(pieces.shape(1) == 2, "pieces: expected two columns");
    check_offsets(view(bounds), spans.shape(0), "bounds");
    check_offsets(view(piece_bounds), pieces.shape(0), "piece_bounds");
    require(bounds.shape(0) == piece_bounds.shape(0), "bounds and piece_bounds differ in length");
    std::vector<double> coverages;
    {
        nb::gil_scoped_release released;
        coverages = find_coverages(view(spans), view(bounds), view(pieces), view(piece_bounds));
    }
    return to_array(std::move(coverages));
}

}  // namespace

void bind_families(nb::module_& m) {
    m.def("find_coverages", find_coverages_door, nb::arg("spans").noconvert(),
          nb::arg("bounds").noconvert(), nb::arg("pieces").noconvert(),
          nb::arg("piece_bounds").noconvert(),
          "Find the share of each text that spans cover together.");
}

}  // namespace dedup
