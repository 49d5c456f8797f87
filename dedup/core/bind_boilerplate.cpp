#include "arrays.hpp"
#include "bindings.hpp"
#include "bools.hpp"
#include "formulas.hpp"
#include "repeats.hpp"

namespace dedup {

namespace {

using Words = In<std::uint64_t>;
using Numbers = In<std::int64_t>;

Articles take_articles(const Words& hashes, const In<std::uint8_t>& flags,
                       const Numbers& offsets) {
    require(hashes.shape(0) == flags.shape(0), "hashes and flags differ in length");
    check_offsets(view(offsets), hashes.shape(0), "offsets");
    return {view(hashes), view(flags), view(offsets)};
}

void check_natural(std::span<const std::int64_t> values, std::string_view name) {
    for (const std::int64_t value : values) require(value >= 0, name, ": negative number");
}

void check_least(std::int64_t value, std::int64_t least, std::string_view name) {
    require(value >= least, name, ": too small");
}

template <class T, class U>
void check_same_length(const T& one, const U& other, std::string_view names) {
    require(one.shape(0) == other.shape(0), names, " differ in length");
}

nb::tuple find_repeats_door(Words hashes, In<std::uint8_t> flags, Numbers offsets, std::int64_t k,
                            std::int64_t min_articles) {
    const Articles articles = take_articles(hashes, flags, offsets);
    check_least(k, 1, "k");
    Shingles found;
    {
        nb::gil_scoped_release released;
        found = find_repeats(articles, k, min_articles);
    }
    return nb::make_tuple(to_array(std::move(found.keys)), to_array(std::move(found.firsts)),
                          to_array(std::move(found.widths)), to_array(std::move(found.owners)));
}

nb::tuple find_known_door(Words hashes, In<std::uint8_t> flags, Numbers offsets, std::int64_t k,
                          Words known) {
    const Articles articles = take_articles(hashes, flags, offsets);
    check_least(k, 1, "k");
    Shingles found;
    {
        nb::gil_scoped_release released;
        found = find_known(articles, k, view(known));
    }
    return nb::make_tuple(to_array(std::move(found.keys)), to_array(std::move(found.firsts)),
                          to_array(std::move(found.widths)));
}

void cover_tokens_door(Numbers firsts, Numbers widths, Out<bool> covered) {
    check_same_length(firsts, widths, "firsts and widths");
    check_apart(covered, "covered", firsts, widths);
    const auto n_tokens = static_cast<std::int64_t>(covered.shape(0));
    const auto starts = view(firsts), lengths = view(widths);
    for (std::size_t k = 0; k < starts.size(); ++k)
        require(0 <= starts[k] && starts[k] <= n_tokens && 0 <= lengths[k] &&
                    lengths[k] <= n_tokens - starts[k],
                "firsts and widths: past the tokens");
    nb::gil_scoped_release released;
    cover_tokens(starts, lengths, view(covered));
}

Array1<bool> keep_spread_door(Words keys, Numbers owners, Numbers days,
                              Table<std::uint32_t> signatures, In<bool> is_own,
                              double max_resemblance, std::int64_t min_stories,
                              std::int64_t min_days) {
    check_same_length(keys, owners, "keys and owners");
    check_same_length(days, signatures, "days and signatures");
    check_same_length(days, is_own, "days and is_own");
    require(signatures.shape(1) > 0, "signatures: no slot");
    check_indices(view(owners), days.shape(0), "owners");
    check_bools(view(is_own), "is_own");
    std::vector<std::uint8_t> kept;
    {
        nb::gil_scoped_release released;
        kept = keep_spread(view(keys), view(owners), {view(days), view(signatures), view(is_own)},
                           {max_resemblance, min_stories, min_days});
    }
    return to_bools(std::move(kept));
}

nb::tuple gather_runs_door(Words hashes, In<std::uint8_t> flags, Numbers offsets,
                           In<bool> covered, std::int64_t min_unit, std::int64_t min_edge,
                           std::int64_t min_inside) {
    const Articles articles = take_articles(hashes, flags, offsets);
    check_same_length(hashes, covered, "hashes and covered");
    check_bools(view(covered), "covered");
    check_least(min_edge, 0, "min_edge");
    Runs runs;
    {
        nb::gil_scoped_release released;
        runs = gather_runs(articles, view(covered), {min_unit, min_edge, min_inside});
    }
    return nb::make_tuple(to_table(std::move(runs.places), 3), to_array(std::move(runs.hashes)));
}

Array1<std::uint64_t> name_runs_door(Table<std::int64_t> runs, Words values, Words keys,
                                     Numbers counts, Numbers firsts, Numbers widths) {
    require(runs.shape(1) == 3, "runs: expected three columns");
    check_same_length(runs, values, "runs and values");
    check_same_length(keys, counts, "keys and counts");
    check_same_length(keys, firsts, "keys and firsts");
    check_same_length(keys, widths, "keys and widths");
    check_natural(view(runs), "runs");
    check_natural(view(firsts), "firsts");
    check_natural(view(widths), "widths");
    std::vector<std::uint64_t> names;
    {
        nb::gil_scoped_release released;
        names = name_runs(view(runs), view(values), view(keys), view(counts), view(firsts),
                          view(widths));
    }
    return to_array(std::move(names));
}

Array1<bool> cover_formulas_door(Words hashes, In<std::uint8_t> flags, Numbers offsets,
                                 Numbers outlets, Words keys, Numbers counts, Words units,
                                 Numbers key_bounds, Numbers unit_bounds, std::int64_t k,
                                 std::int64_t min_unit, std::int64_t min_inside) {
    const Articles articles = take_articles(hashes, flags, offsets);
    require(offsets.shape(0) == outlets.shape(0) + 1, "outlets: expected one for each article");
    check_same_length(keys, counts, "keys and counts");
    check_same_length(key_bounds, unit_bounds, "key_bounds and unit_bounds");
    check_offsets(view(key_bounds), keys.shape(0), "key_bounds");
    check_offsets(view(unit_bounds), units.shape(0), "unit_bounds");
    const auto n_outlets = static_cast<std::int64_t>(key_bounds.shape(0)) - 1;
    for (const std::int64_t outlet : view(outlets))
        require(outlet < n_outlets, "outlets: index out of range");
    check_least(k, 1, "k");
    std::vector<std::uint8_t> covered;
    {
        nb::gil_scoped_release released;
        covered = cover_formulas(
            articles, view(outlets),
            {view(keys), view(counts), view(units), view(key_bounds), view(unit_bounds)}, k,
            min_unit, min_inside);
    }
    return to_bools(std::move(covered));
}

}  // namespace

void bind_boilerplate(nb::module_& m) {
    m.def("find_repeats", find_repeats_door, nb::arg("hashes").noconvert(),
          nb::arg("flags").noconvert(), nb::arg("offsets").noconvert(), nb::arg("k"),
          nb::arg("min_articles"), "Find the shingles that many articles have.");
    m.def("find_known", find_known_door, nb::arg("hashes").noconvert(),
          nb::arg("flags").noconvert(), nb::arg("offsets").noconvert(), nb::arg("k"),
          nb::arg("known").noconvert(), "Find the shingles that are known.");
    m.def("cover_tokens", cover_tokens_door, nb::arg("firsts").noconvert(),
          nb::arg("widths").noconvert(), nb::arg("covered").noconvert(),
          "Set what shingles cover.");
    m.def("keep_spread", keep_spread_door, nb::arg("keys").noconvert(),
          nb::arg("owners").noconvert(), nb::arg("days").noconvert(),
          nb::arg("signatures").noconvert(), nb::arg("is_own").noconvert(),
          nb::arg("max_resemblance"), nb::arg("min_stories"), nb::arg("min_days"),
          "Tell the shingles that stand in unrelated articles from those of one running story.");
    m.def("gather_runs", gather_runs_door, nb::arg("hashes").noconvert(),
          nb::arg("flags").noconvert(), nb::arg("offsets").noconvert(),
          nb::arg("covered").noconvert(), nb::arg("min_unit"), nb::arg("min_edge"),
          nb::arg("min_inside"),
          "Gather covered tokens to runs and keep those that can stand for themselves.");
    m.def("name_runs", name_runs_door, nb::arg("runs").noconvert(),
          nb::arg("values").noconvert(), nb::arg("keys").noconvert(),
          nb::arg("counts").noconvert(), nb::arg("firsts").noconvert(),
          nb::arg("widths").noconvert(), "Name each run by its most widespread shingle.");
    m.def("cover_formulas", cover_formulas_door, nb::arg("hashes").noconvert(),
          nb::arg("flags").noconvert(), nb::arg("offsets").noconvert(),
          nb::arg("outlets").noconvert(), nb::arg("keys").noconvert(),
          nb::arg("counts").noconvert(), nb::arg("units").noconvert(),
          nb::arg("key_bounds").noconvert(), nb::arg("unit_bounds").noconvert(), nb::arg("k"),
          nb::arg("min_unit"), nb::arg("min_inside"),
          "Tell which tokens of articles their outlets are known to repeat.");
}

}  // namespace dedup
