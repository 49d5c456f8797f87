#include "arrays.hpp"
#include "bindings.hpp"
#include "stored.hpp"

#include <algorithm>
#include <bit>

namespace dedup {

namespace {

using Longs = In<std::int64_t>;
using Hashes = In<std::uint64_t>;
using Numbers = In<std::uint32_t>;
using Bytes = In<std::uint8_t>;

nb::tuple number_words_door(Hashes hashes, Hashes stems, Out<std::uint64_t> words,
                            Out<std::uint32_t> slots, std::int64_t n_words) {
    require(hashes.shape(0) == stems.shape(0), "hashes and stems differ in length");
    require(std::has_single_bit(slots.shape(0)), "slots: expected a power of two");
    require(words.shape(0) <= 2 * max_numbers, "words: more than 2**31");
    require(0 <= n_words && static_cast<std::size_t>(n_words) <= words.shape(0) / 2,
            "n_words: more than there is room for");
    check_apart(words, "words", hashes, stems, slots);
    check_apart(slots, "slots", hashes, stems);
    Vocabulary vocabulary{view(words), view(slots), static_cast<std::size_t>(n_words)};
    std::vector<std::uint32_t> numbers;
    {
        nb::gil_scoped_release released;
        numbers = number_words(view(hashes), view(stems), vocabulary);
    }
    return nb::make_tuple(to_array(std::move(numbers)), vocabulary.n_words);
}

nb::tuple pack_tokens_door(Numbers numbers, Numbers starts, Numbers ends, Bytes flags,
                           Bytes roles, Longs cuts, Longs offsets) {
    const std::size_t n = numbers.shape(0);
    require(n == starts.shape(0) && n == ends.shape(0) && n == flags.shape(0) &&
                n == roles.shape(0),
            "columns differ in length");
    check_offsets(view(offsets), n, "offsets");
    check_all(view(numbers), 0, max_numbers, "numbers");
    check_all(view(roles), 0, 4, "roles");
    check_indices(view(cuts), n, "cuts");
    require(std::ranges::is_sorted(view(cuts), std::ranges::less_equal{}), "cuts: not ascending");
    StoredTokens stored;
    {
        nb::gil_scoped_release released;
        stored = pack_tokens({view(numbers), view(starts), view(ends), view(flags), view(roles),
                              view(cuts)},
                             view(offsets));
    }
    return nb::make_tuple(to_array(std::move(stored.bytes)), to_array(std::move(stored.counts)));
}

Array1<std::int64_t> unpack_tokens_door(Bytes bytes, Longs bounds, Longs offsets, Hashes words,
                                        Out<std::uint64_t> hashes, Out<std::uint64_t> stems,
                                        Out<std::uint32_t> starts, Out<std::uint32_t> ends,
                                        Out<std::uint8_t> flags, Out<std::uint8_t> roles) {
    check_offsets(view(bounds), bytes.shape(0), "bounds");
    require(offsets.shape(0) == bounds.shape(0), "bounds and offsets differ in length");
    const std::size_t n = hashes.shape(0);
    require(n == stems.shape(0) && n == starts.shape(0) && n == ends.shape(0) &&
                n == flags.shape(0) && n == roles.shape(0),
            "columns differ in length");
    check_offsets(view(offsets), n, "offsets");
    check_apart(hashes, "hashes", bytes, bounds, offsets, words, stems, starts, ends, flags, roles);
    check_apart(stems, "stems", bytes, bounds, offsets, words, starts, ends, flags, roles);
    check_apart(starts, "starts", bytes, bounds, offsets, words, ends, flags, roles);
    check_apart(ends, "ends", bytes, bounds, offsets, words, flags, roles);
    check_apart(flags, "flags", bytes, bounds, offsets, words, roles);
    check_apart(roles, "roles", bytes, bounds, offsets, words);
    std::vector<std::int64_t> cuts;
    {
        nb::gil_scoped_release released;
        cuts = unpack_tokens(view(bytes), view(bounds), view(offsets), view(words),
                             {view(hashes), view(stems), view(starts), view(ends), view(flags),
                              view(roles)});
    }
    return to_array(std::move(cuts));
}

}  // namespace

void bind_stored(nb::module_& m) {
    const auto array = [](const char* name) { return nb::arg(name).noconvert(); };
    m.def("number_words", number_words_door, array("hashes"), array("stems"), array("words"),
          array("slots"), nb::arg("n_words"), "Number words, until the vocabulary is full.");
    m.def("pack_tokens", pack_tokens_door, array("numbers"), array("starts"), array("ends"),
          array("flags"), array("roles"), array("cuts"), array("offsets"),
          "Pack the tokens of articles into bytes.");
    m.def("unpack_tokens", unpack_tokens_door, array("bytes"), array("bounds"), array("offsets"),
          array("words"), array("hashes"), array("stems"), array("starts"), array("ends"),
          array("flags"), array("roles"), "Unpack the tokens of articles into columns.");
}

}  // namespace dedup
