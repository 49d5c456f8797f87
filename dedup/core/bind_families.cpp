#include "arrays.hpp"
#include "bindings.hpp"
#include "families.hpp"
#include "places.hpp"

namespace dedup {

namespace {

using Hashes = In<std::uint64_t>;
using Flags = In<std::uint8_t>;
using Numbers = In<std::int64_t>;
using NumberTable = Table<std::int64_t>;

PlaceWords take_words(const Hashes& hashes, const Hashes& stems, const Flags& flags) {
    require(hashes.shape(0) == stems.shape(0), "hashes and stems differ in length");
    require(hashes.shape(0) == flags.shape(0), "hashes and flags differ in length");
    return {view(hashes), view(stems), view(flags)};
}

// Place numbers must fit half of an int64.
void check_place(std::int64_t start, std::int64_t end, const PlaceWords& tokens,
                 std::string_view name) {
    require(0 <= start && start <= end && end <= tokens.size(), name, ": no span of tokens");
    require(end - start < std::int64_t{1} << 31, name, ": too long");
}

void check_places(const NumberTable& spans, const PlaceWords& tokens) {
    require(spans.shape(1) == 2, "spans: expected two columns");
    const auto ends = view(spans);
    for (std::size_t k = 0; k < ends.size(); k += 2)
        check_place(ends[k], ends[k + 1], tokens, "spans");
}

// Checks families of places; each has a representative.
Families take_families(const Numbers& bounds, const Numbers& members, std::size_t n_places) {
    check_offsets(view(bounds), members.shape(0), "bounds");
    check_indices(view(members), n_places, "members");
    const auto offsets = view(bounds);
    for (std::size_t k = 1; k < offsets.size(); ++k)
        require(offsets[k - 1] < offsets[k], "bounds: family without a member");
    return {offsets, view(members)};
}

// Checks that every element of a column is in [0, n).
void check_column(const NumberTable& table, std::size_t column, std::size_t n,
                  std::string_view name) {
    const auto values = view(table);
    for (std::size_t k = column; k < values.size(); k += table.shape(1))
        require(0 <= values[k] && static_cast<std::size_t>(values[k]) < n,
                name, ": index out of range");
}

Array1<std::int64_t> match_stems_door(Hashes stems_a, Flags flags_a, Hashes stems_b,
                                      Flags flags_b) {
    const PlaceWords a = take_words(stems_a, stems_a, flags_a);
    const PlaceWords b = take_words(stems_b, stems_b, flags_b);
    check_place(0, a.size(), a, "stems_a");
    check_place(0, b.size(), b, "stems_b");
    std::vector<std::int64_t> matches;
    {
        nb::gil_scoped_release released;
        matches = PlaceAligner().match_stems(a, b);
    }
    return to_array(std::move(matches));
}

nb::tuple align_places_door(Hashes hashes, Hashes stems, Flags flags, NumberTable spans,
                            std::int64_t a, std::int64_t b) {
    const PlaceWords tokens = take_words(hashes, stems, flags);
    check_places(spans, tokens);
    const auto ends = view(spans);
    const std::int64_t both[] = {a, b};
    check_indices(std::span<const std::int64_t>(both), spans.shape(0), "a and b");
    PlaceAlignment alignment;
    {
        nb::gil_scoped_release released;
        alignment = PlaceAligner().align(tokens.slice(ends[2 * a], ends[2 * a + 1]),
                                         tokens.slice(ends[2 * b], ends[2 * b + 1]));
    }
    return nb::make_tuple(to_array(std::move(alignment.aligned)), alignment.identity);
}

std::tuple<std::int64_t, std::int64_t> project_door(Numbers aligned, std::int64_t low,
                                                    std::int64_t high, std::int64_t low_limit,
                                                    std::int64_t high_limit) {
    const std::int64_t most = std::int64_t{1} << 31;
    require(0 <= low && low <= high && high <= most, "low and high: no stretch");
    require(0 <= low_limit && low_limit <= high_limit && high_limit <= most,
            "low_limit and high_limit: no stretch");
    for (const std::int64_t match : view(aligned)) require(match >= 0, "aligned: negative number");
    const WordSpan other = project(view(aligned), {low, high}, {low_limit, high_limit});
    return {other.start, other.end};
}

nb::tuple gather_families_door(Hashes hashes, Hashes stems, Flags flags, NumberTable spans,
                               Numbers order, Numbers first, Numbers others, Numbers numbers,
                               In<bool> is_passage, Numbers representatives,
                               In<double> identities, double min_alike) {
    const PlaceWords tokens = take_words(hashes, stems, flags);
    check_places(spans, tokens);
    const std::size_t n_places = spans.shape(0), n_ends = others.shape(0);
    check_indices(view(order), n_places, "order");
    require(first.shape(0) == n_places + 1, "first: expected one for each place, and one more");
    check_offsets(view(first), n_ends, "first");
    require(numbers.shape(0) == n_ends, "others and numbers differ in length");
    require(is_passage.shape(0) == n_ends, "others and is_passage differ in length");
    check_bools(view(is_passage), "is_passage");
    check_indices(view(others), n_places, "others");
    check_indices(view(numbers), n_ends / 2, "numbers");
    require(representatives.shape(0) == n_places, "representatives: expected one for each place");
    require(identities.shape(0) == n_places, "identities: expected one for each place");
    Gathered found;
    {
        nb::gil_scoped_release released;
        found = gather_families(tokens, view(spans), view(order),
                                {view(first), view(others), view(numbers), view(is_passage)},
                                {view(representatives), view(identities)}, min_alike);
    }
    return nb::make_tuple(to_array(std::move(found.bounds)), to_array(std::move(found.members)),
                          to_array(std::move(found.identities)));
}

Array2<std::int64_t> project_inwards_door(Hashes hashes, Hashes stems, Flags flags,
                                          NumberTable spans, Numbers bounds, Numbers members,
                                          NumberTable nested) {
    const PlaceWords tokens = take_words(hashes, stems, flags);
    check_places(spans, tokens);
    const Families families = take_families(bounds, members, spans.shape(0));
    require(nested.shape(1) == 2, "nested: expected two columns");
    check_indices(view(nested), spans.shape(0), "nested");
    std::vector<std::int64_t> found;
    {
        nb::gil_scoped_release released;
        found = project_inwards(tokens, view(spans), families, view(nested));
    }
    return to_table(std::move(found), 4);
}

nb::tuple project_outwards_door(Hashes hashes, Hashes stems, Flags flags, NumberTable spans,
                                Numbers bounds, Numbers members, NumberTable inner,
                                std::int64_t max_carried) {
    const PlaceWords tokens = take_words(hashes, stems, flags);
    check_places(spans, tokens);
    const Families families = take_families(bounds, members, spans.shape(0));
    require(inner.shape(1) == 4, "inner: expected four columns");
    check_column(inner, 0, families.size(), "inner");
    check_column(inner, 1, families.size(), "inner");
    const auto rows = view(inner);
    for (std::size_t k = 0; k < rows.size(); k += 4)
        check_place(rows[k + 2], rows[k + 3], tokens, "inner");
    require(0 <= max_carried && max_carried <= std::int64_t{1} << 31,
            "max_carried: out of range");
    Projection projected;
    {
        nb::gil_scoped_release released;
        projected = project_outwards(tokens, view(spans), families, rows, max_carried);
    }
    return nb::make_tuple(to_table(std::move(projected.rows), 3), projected.n_capped);
}

Array1<double> measure_places_door(Hashes hashes, Hashes stems, Flags flags, NumberTable spans,
                                   Numbers bounds, Numbers members, NumberTable projected) {
    const PlaceWords tokens = take_words(hashes, stems, flags);
    check_places(spans, tokens);
    const Families families = take_families(bounds, members, spans.shape(0));
    require(projected.shape(1) == 3, "projected: expected three columns");
    check_column(projected, 0, families.size(), "projected");
    const auto rows = view(projected);
    for (std::size_t k = 0; k < rows.size(); k += 3)
        check_place(rows[k + 1], rows[k + 2], tokens, "projected");
    std::vector<double> identities;
    {
        nb::gil_scoped_release released;
        identities = measure_places(tokens, view(spans), families, rows);
    }
    return to_array(std::move(identities));
}

}  // namespace

void bind_families(nb::module_& m) {
    m.def("match_stems", match_stems_door, nb::arg("stems_a").noconvert(),
          nb::arg("flags_a").noconvert(), nb::arg("stems_b").noconvert(),
          nb::arg("flags_b").noconvert(),
          "Match the content stems that both sides have equally often, in turn.");
    m.def("align_places", align_places_door, nb::arg("hashes").noconvert(),
          nb::arg("stems").noconvert(), nb::arg("flags").noconvert(),
          nb::arg("spans").noconvert(), nb::arg("a"), nb::arg("b"),
          "Align two places, each word worth the same.");
    m.def("project", project_door, nb::arg("aligned").noconvert(), nb::arg("low"), nb::arg("high"),
          nb::arg("low_limit"), nb::arg("high_limit"),
          "Project a stretch over an alignment onto the other side.");
    m.def("gather_families", gather_families_door, nb::arg("hashes").noconvert(),
          nb::arg("stems").noconvert(), nb::arg("flags").noconvert(),
          nb::arg("spans").noconvert(), nb::arg("order").noconvert(),
          nb::arg("first").noconvert(), nb::arg("others").noconvert(),
          nb::arg("numbers").noconvert(), nb::arg("is_passage").noconvert(),
          nb::arg("representatives").noconvert(), nb::arg("identities").noconvert(),
          nb::arg("min_alike"), "Gather places into families around representatives.");
    m.def("project_inwards", project_inwards_door, nb::arg("hashes").noconvert(),
          nb::arg("stems").noconvert(), nb::arg("flags").noconvert(),
          nb::arg("spans").noconvert(), nb::arg("bounds").noconvert(),
          nb::arg("members").noconvert(), nb::arg("nested").noconvert(),
          "Project what lies in the members of families onto their representatives.");
    m.def("project_outwards", project_outwards_door, nb::arg("hashes").noconvert(),
          nb::arg("stems").noconvert(), nb::arg("flags").noconvert(),
          nb::arg("spans").noconvert(), nb::arg("bounds").noconvert(),
          nb::arg("members").noconvert(), nb::arg("inner").noconvert(), nb::arg("max_carried"),
          "Project families that lie in the representative of another onto its members.");
    m.def("measure_places", measure_places_door, nb::arg("hashes").noconvert(),
          nb::arg("stems").noconvert(), nb::arg("flags").noconvert(),
          nb::arg("spans").noconvert(), nb::arg("bounds").noconvert(),
          nb::arg("members").noconvert(), nb::arg("projected").noconvert(),
          "Measure how much places are like the representatives of families.");
}

}  // namespace dedup
