#include <nanobind/stl/vector.h>

#include "arrays.hpp"
#include "bindings.hpp"
#include "packed.hpp"
#include "postings.hpp"

#include <algorithm>
#include <bit>

namespace dedup {

namespace {

using Bytes = In<std::uint8_t>;
using Keys = In<std::uint64_t>;
using Longs = In<std::int64_t>;
using Numbers = In<std::uint32_t>;
using Flags = In<bool>;
// Columns and directory of sorted postings.
using PostingsTuple = std::tuple<Keys, Numbers, Numbers, Longs>;
// File, sums and marks; offset and length of the directory and of the entries; first article.
using PackedTuple = std::tuple<Bytes, Keys, Out<std::uint8_t>, std::int64_t, std::int64_t,
                               std::int64_t, std::int64_t, std::int64_t>;

void check_columns(const Keys& keys, const Numbers& articles, const Numbers& places) {
    require(keys.shape(0) == articles.shape(0) && keys.shape(0) == places.shape(0),
            "keys, articles and places differ in length");
}

void check_directory(std::size_t n, std::int64_t min_bits, std::int64_t max_bits) {
    require(n >= 1 && std::has_single_bit(n - 1), "directory: expected 2**bits + 1 elements");
    check_range(std::countr_zero(n - 1), min_bits, max_bits + 1, "directory: bits");
}

PostingsView check_postings(const Keys& keys, const Numbers& articles, const Numbers& places,
                            const Longs& directory) {
    check_columns(keys, articles, places);
    check_directory(directory.shape(0), 1, 62);
    return {view(keys), view(articles), view(places), view(directory)};
}

Readers check_readers(std::int64_t low, std::int64_t first, std::int64_t last) {
    check_range(last, 0, std::int64_t{1} << 32, "last");
    check_range(first, 0, last + 1, "first");
    check_range(low, 0, first + 1, "low");
    return {static_cast<std::uint32_t>(low), static_cast<std::uint32_t>(first),
            static_cast<std::uint32_t>(last)};
}

// Section of n values of a given size, inside the checked bytes of a file.
Section check_section(std::int64_t at, std::int64_t n, std::size_t size, std::size_t n_bytes,
                      std::string_view name) {
    require(0 <= at && static_cast<std::size_t>(at) <= n_bytes && 0 <= n &&
                static_cast<std::size_t>(n) <= (n_bytes - at) / size,
            name, ": past the end of the file");
    return {static_cast<std::size_t>(at), static_cast<std::size_t>(n)};
}

std::size_t check_sums(const Bytes& file, const Keys& sums, const Out<std::uint8_t>& is_checked) {
    require(sums.shape(0) == is_checked.shape(0), "sums and is_checked differ in length");
    check_apart(is_checked, "is_checked", file, sums);
    const std::size_t n_blocks = (file.shape(0) + file_block - 1) / file_block;
    require(sums.shape(0) <= n_blocks, "sums: more than the file has blocks");
    return std::min(file.shape(0), sums.shape(0) * file_block);
}

Packed check_packed(const Bytes& file, const Keys& sums, const Out<std::uint8_t>& is_checked,
                    std::int64_t directory_at, std::int64_t n_bounds, std::int64_t entries_at,
                    std::int64_t n_entries, std::int64_t first) {
    const std::size_t n_bytes = check_sums(file, sums, is_checked);
    const Section directory =
        check_section(directory_at, n_bounds, sizeof(std::uint32_t), n_bytes, "directory");
    const Section entries =
        check_section(entries_at, n_entries, sizeof(std::uint64_t), n_bytes, "entries");
    check_directory(directory.n, min_directory_bits, max_directory_bits);
    check_range(first, 0, max_addend, "first");
    return {view(file), view(sums),       view(is_checked), directory,
            entries,    static_cast<std::uint64_t>(first)};
}

nb::tuple to_tuple(Narrowed&& found) {
    return nb::make_tuple(to_array(std::move(found.bounds)), to_array(std::move(found.n_absent)),
                          to_array(std::move(found.articles)), to_array(std::move(found.places)));
}

nb::tuple to_tuple(SortedPostings&& sorted) {
    return nb::make_tuple(to_array(std::move(sorted.keys)), to_array(std::move(sorted.articles)),
                          to_array(std::move(sorted.places)),
                          to_array(std::move(sorted.directory)));
}

nb::tuple sort_postings_door(Keys keys, Numbers articles, Numbers places) {
    check_columns(keys, articles, places);
    SortedPostings sorted;
    {
        nb::gil_scoped_release released;
        sorted = sort_postings(view(keys), view(articles), view(places));
    }
    return to_tuple(std::move(sorted));
}

nb::tuple sort_shared_door(Keys keys, Numbers articles, Numbers places, std::int64_t n_skipped,
                           std::int64_t n_bits) {
    check_columns(keys, articles, places);
    check_range(n_skipped, 0, 32, "n_skipped");
    // More cells would take more memory than the postings.
    check_range(n_bits, 1, 26, "n_bits");
    SortedPostings sorted;
    {
        nb::gil_scoped_release released;
        sorted = sort_shared(view(keys), view(articles), view(places),
                             {static_cast<int>(n_skipped), static_cast<int>(n_bits)});
    }
    return to_tuple(std::move(sorted));
}

Array2<std::int64_t> look_up_door(Keys keys, Longs directory, Keys queries) {
    check_directory(directory.shape(0), 1, 62);
    std::vector<std::int64_t> ranges;
    {
        nb::gil_scoped_release released;
        for (const KeyRange& range : look_up(view(keys), view(directory), view(queries)))
            ranges.insert(ranges.end(), {range.low, range.high});
    }
    return to_table(std::move(ranges), 2);
}

nb::tuple narrow_postings_door(Keys keys, Numbers articles, Numbers places, Longs directory,
                               Keys queries, std::int64_t low, std::int64_t first,
                               std::int64_t last, std::int64_t max_bucket) {
    const PostingsView postings = check_postings(keys, articles, places, directory);
    const Readers readers = check_readers(low, first, last);
    check_range(max_bucket, 0, max_addend + 1, "max_bucket");
    Narrowed found;
    {
        nb::gil_scoped_release released;
        found = narrow_postings(postings, view(queries), readers, max_bucket);
    }
    return to_tuple(std::move(found));
}

Array1<std::uint64_t> pack_entries_door(Keys keys, Numbers articles, Numbers places,
                                        std::int64_t first, std::int64_t n_bits,
                                        Out<std::uint32_t> counts) {
    check_columns(keys, articles, places);
    check_range(n_bits, min_directory_bits, max_directory_bits + 1, "n_bits");
    require(counts.shape(0) == std::size_t{1} << n_bits, "counts: expected one a cell");
    check_apart(counts, "counts", keys, articles, places);
    check_range(first, 0, max_addend, "first");
    check_all(view(articles), first, first + max_articles, "articles: too far from the first");
    std::vector<std::uint64_t> entries;
    {
        nb::gil_scoped_release released;
        entries =
            pack_entries(view(keys), view(articles), view(places), first, n_bits, view(counts));
    }
    return to_array(std::move(entries));
}

nb::tuple unpack_range_door(Bytes file, Keys sums, Out<std::uint8_t> is_checked,
                            std::int64_t directory_at, std::int64_t n_bounds,
                            std::int64_t entries_at, std::int64_t n_entries, std::int64_t first,
                            std::int64_t low, std::int64_t high, Flags live_docs) {
    const Packed packed = check_packed(file, sums, is_checked, directory_at, n_bounds, entries_at,
                                       n_entries, first);
    check_range(high, 0, n_bounds, "high");
    check_range(low, 0, high + 1, "low");
    Unpacked found;
    {
        nb::gil_scoped_release released;
        found = unpack_range(packed, low, high, view(live_docs));
    }
    return nb::make_tuple(to_array(std::move(found.keys)), to_array(std::move(found.articles)),
                          to_array(std::move(found.places)), found.bad);
}

nb::tuple narrow_parts_door(const std::vector<PackedTuple>& files,
                            const std::vector<PostingsTuple>& runs, const PostingsTuple& own,
                            Keys queries, std::int64_t low, std::int64_t first, std::int64_t last,
                            std::int64_t max_bucket, Flags live_docs) {
    std::vector<Packed> packed;
    for (const PackedTuple& file : files) {
        packed.push_back(std::apply(check_packed, file));
        for (const PackedTuple& other : files) {
            const auto& is_checked = std::get<2>(file);
            check_apart(is_checked, "is_checked", std::get<0>(other), std::get<1>(other));
            if (&file != &other) check_apart(is_checked, "is_checked", std::get<2>(other));
        }
    }
    std::vector<PostingsView> sorted;
    for (const PostingsTuple& run : runs) sorted.push_back(std::apply(check_postings, run));
    const PostingsView last_run = std::apply(check_postings, own);
    const Readers readers = check_readers(low, first, last);
    check_range(max_bucket, 0, max_addend + 1, "max_bucket");
    NarrowedParts found;
    {
        nb::gil_scoped_release released;
        found = narrow_parts(packed, sorted, last_run, view(queries), readers, max_bucket,
                             view(live_docs));
    }
    return nb::make_tuple(to_array(std::move(found.keys)), to_tuple(std::move(found.buckets)),
                          found.file, found.bad);
}

std::int64_t check_bytes_door(Bytes file, Keys sums, Out<std::uint8_t> is_checked,
                              std::int64_t low, std::int64_t high) {
    const std::size_t n_bytes = check_sums(file, sums, is_checked);
    check_range(high, 0, static_cast<std::int64_t>(n_bytes) + 1, "high");
    check_range(low, 0, high + 1, "low");
    nb::gil_scoped_release released;
    return check_bytes(view(file), view(sums), view(is_checked), low, high);
}

Array1<std::uint64_t> sum_blocks_door(Bytes file) {
    std::vector<std::uint64_t> sums;
    {
        nb::gil_scoped_release released;
        sums = sum_blocks(view(file));
    }
    return to_array(std::move(sums));
}

void bind_sorted(nb::module_& m) {
    const auto array = [](const char* name) { return nb::arg(name).noconvert(); };
    m.def("sort_postings", sort_postings_door, array("keys"), array("articles"), array("places"),
          "Sort postings by key.");
    m.def("sort_shared", sort_shared_door, array("keys"), array("articles"), array("places"),
          nb::arg("n_skipped"), nb::arg("n_bits"),
          "Sort postings by key, and keep those of keys that several articles carry.");
    m.def("look_up", look_up_door, array("keys"), array("directory"), array("queries"),
          "Find the range of each query among sorted keys.");
    m.def("narrow_postings", narrow_postings_door, array("keys"), array("articles"),
          array("places"), array("directory"), array("queries"), nb::arg("low"),
          nb::arg("first"), nb::arg("last"), nb::arg("max_bucket"),
          "Copy of the buckets of some keys what a range of articles may look at.");
}

void bind_packed(nb::module_& m) {
    const auto array = [](const char* name) { return nb::arg(name).noconvert(); };
    m.def("pack_entries", pack_entries_door, array("keys"), array("articles"), array("places"),
          nb::arg("first"), nb::arg("n_bits"), array("counts"),
          "Pack sorted postings, and count them by cell; counts are added to.");
    m.def("unpack_range", unpack_range_door, array("file"), array("sums"), array("is_checked"),
          nb::arg("directory_at"), nb::arg("n_bounds"), nb::arg("entries_at"),
          nb::arg("n_entries"), nb::arg("first"), nb::arg("low"), nb::arg("high"),
          array("live_docs"), "Unpack some cells; blocks that are compared are marked.");
    m.def("narrow_parts", narrow_parts_door, nb::arg("files"), nb::arg("runs"), nb::arg("own"),
          array("queries"), nb::arg("low"), nb::arg("first"), nb::arg("last"),
          nb::arg("max_bucket"), array("live_docs"),
          "Copy the buckets of some keys out of all parts of an index.");
    m.def("check_bytes", check_bytes_door, array("file"), array("sums"), array("is_checked"),
          nb::arg("low"), nb::arg("high"),
          "Compare the blocks that hold some bytes with their sums; they are marked.");
    m.def("sum_blocks", sum_blocks_door, array("file"), "Return the XXH64 of each block.");
}

}  // namespace

void bind_postings(nb::module_& m) {
    bind_sorted(m);
    bind_packed(m);
}

}  // namespace dedup
