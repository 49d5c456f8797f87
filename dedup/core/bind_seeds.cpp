#include "arrays.hpp"
#include "bindings.hpp"
#include "seeds.hpp"

namespace dedup {

namespace {

nb::tuple find_seeds_door(In<std::uint64_t> stems, In<std::uint8_t> flags,
                          In<std::int64_t> offsets, In<std::uint8_t> idf, std::int64_t window,
                          double min_bits, std::int64_t sample, std::int64_t max_repeats) {
    require(stems.shape(0) == flags.shape(0), "stems and flags differ in length");
    check_offsets(view(offsets), stems.shape(0), "offsets");
    check_idf(idf);
    require(window >= 1 && window <= std::int64_t{1} << 32, "window: out of range");
    require(sample >= 1, "sample: expected at least 1");
    Seeds seeds;
    {
        nb::gil_scoped_release released;
        const SeedRules rules{window, min_bits, static_cast<std::uint64_t>(sample), max_repeats};
        seeds = find_seeds(view(stems), view(flags), view(offsets), view(idf), rules);
    }
    return nb::make_tuple(to_array(std::move(seeds.keys)), to_array(std::move(seeds.positions)),
                          to_table(std::move(seeds.words), 2),
                          to_table(std::move(seeds.evidence), 2),
                          to_array(std::move(seeds.offsets)));
}

}  // namespace

void bind_seeds(nb::module_& m) {
    m.def("find_seeds", find_seeds_door, nb::arg("stems").noconvert(),
          nb::arg("flags").noconvert(), nb::arg("offsets").noconvert(),
          nb::arg("idf").noconvert(), nb::arg("window"), nb::arg("min_bits"), nb::arg("sample"),
          nb::arg("max_repeats"), "Find the seeds of a batch of articles.");
}

}  // namespace dedup
