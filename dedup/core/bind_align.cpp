#include <algorithm>

#include "align_doors.hpp"
#include "bindings.hpp"
#include "missing.hpp"
#include "passages.hpp"

namespace dedup {

namespace {

Collection make_collection(const Stream& tokens, const In<std::int64_t>& offsets,
                           const In<std::int64_t>& cuts, const In<std::uint8_t>& idf) {
    const Collection collection{tokens, view(offsets), view(cuts), view(idf)};
    check_offsets(collection.offsets, tokens.n, "offsets");
    for (std::size_t k = 1; k < collection.offsets.size(); ++k)
        require(collection.offsets[k] - collection.offsets[k - 1] < max_words,
                "offsets: an article has 2**31 tokens or more");
    require(std::is_sorted(collection.cuts.begin(), collection.cuts.end()), "cuts: not sorted");
    check_idf(idf);
    return collection;
}

nb::tuple align_pairs_door(In<std::int64_t> firsts, In<std::int64_t> seconds,
                           In<std::int64_t> offsets, In<std::int64_t> cuts,
                           In<std::uint64_t> hashes, In<std::uint64_t> stems,
                           In<std::uint32_t> starts, In<std::uint32_t> ends,
                           In<std::uint8_t> flags, In<std::uint8_t> idf,
                           const SearchTuple& scalars) {
    const Search search = make_search(scalars);
    const Collection collection = make_collection(
        make_stream(hashes, stems, starts, ends, flags), offsets, cuts, idf);
    const std::size_t n_articles = offsets.shape(0) - 1;
    require(firsts.shape(0) == seconds.shape(0), "firsts and seconds differ in length");
    check_indices(view(firsts), n_articles, "firsts");
    check_indices(view(seconds), n_articles, "seconds");
    Passages found;
    {
        nb::gil_scoped_release released;
        found = align_pairs(view(firsts), view(seconds), collection, search);
    }
    return nb::make_tuple(to_array(std::move(found.bounds)), to_table(std::move(found.rows)),
                          to_table(std::move(found.figures)), to_table(std::move(found.edits)));
}

nb::tuple explain_pair_door(std::int64_t first, std::int64_t second, In<std::int64_t> offsets,
                            In<std::int64_t> cuts, In<std::uint64_t> hashes,
                            In<std::uint64_t> stems, In<std::uint32_t> starts,
                            In<std::uint32_t> ends, In<std::uint8_t> flags, In<std::uint8_t> idf,
                            const SearchTuple& scalars) {
    const Search search = make_search(scalars);
    const Collection collection = make_collection(
        make_stream(hashes, stems, starts, ends, flags), offsets, cuts, idf);
    for (const std::int64_t article : {first, second}) {
        check_indices(std::span(&article, 1), offsets.shape(0) - 1, "article");
        require(collection.offsets[article] < collection.offsets[article + 1],
                "article ", article, " has no tokens");
    }
    Explained found;
    {
        nb::gil_scoped_release released;
        found = explain_pair(first, second, collection, search);
    }
    return nb::make_tuple(
        found.n_anchors, to_array(std::move(found.clusters)), found.floor,
        to_table(std::move(found.passages.rows)), to_table(std::move(found.passages.figures)),
        to_table(std::move(found.passages.edits)), to_array(std::move(found.origins)),
        to_array(std::move(found.verdicts)), to_array(std::move(found.longest)),
        to_array(std::move(found.chars)), to_array(std::move(found.covered)));
}

nb::tuple find_missing_names_door(Table<std::int64_t> pairs, In<std::uint64_t> hashes,
                                  In<std::uint64_t> stems, In<std::uint32_t> starts,
                                  In<std::uint32_t> ends, In<std::uint8_t> flags,
                                  In<std::int64_t> offsets) {
    const Stream tokens = make_stream(hashes, stems, starts, ends, flags);
    check_offsets(view(offsets), tokens.n, "offsets");
    require(pairs.shape(1) == 2, "pairs: expected two columns");
    check_indices(view(pairs), offsets.shape(0) - 1, "pairs");
    MissingNames found;
    {
        nb::gil_scoped_release released;
        found = find_missing_names(view(pairs), tokens, view(offsets));
    }
    return nb::make_tuple(to_array(std::move(found.bounds)), to_array(std::move(found.tokens)),
                          to_array(std::move(found.same_digits)));
}

}  // namespace

void bind_align(nb::module_& m) {
    m.def("align_pairs", align_pairs_door, nb::arg("firsts").noconvert(),
          nb::arg("seconds").noconvert(), nb::arg("offsets").noconvert(),
          nb::arg("cuts").noconvert(), nb::arg("hashes").noconvert(), nb::arg("stems").noconvert(),
          nb::arg("starts").noconvert(), nb::arg("ends").noconvert(), nb::arg("flags").noconvert(),
          nb::arg("idf").noconvert(), nb::arg("search"),
          "Find the passages of many pairs of articles.");
    m.def("explain_pair", explain_pair_door, nb::arg("first"), nb::arg("second"),
          nb::arg("offsets").noconvert(), nb::arg("cuts").noconvert(),
          nb::arg("hashes").noconvert(), nb::arg("stems").noconvert(),
          nb::arg("starts").noconvert(), nb::arg("ends").noconvert(), nb::arg("flags").noconvert(),
          nb::arg("idf").noconvert(), nb::arg("search"),
          "Align a pair and keep what is said of every candidate.");
    m.def("find_missing_names", find_missing_names_door, nb::arg("pairs").noconvert(),
          nb::arg("hashes").noconvert(), nb::arg("stems").noconvert(),
          nb::arg("starts").noconvert(), nb::arg("ends").noconvert(),
          nb::arg("flags").noconvert(), nb::arg("offsets").noconvert(),
          "Find the names that only one article of a pair has.");
}

}  // namespace dedup
