#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <bit>

#include "arrays.hpp"
#include "bindings.hpp"
#include "edges.hpp"
#include "hash.hpp"
#include "mark.hpp"
#include "phrases.hpp"
#include "stem.hpp"
#include "text_doors.hpp"
#include "tokenize.hpp"
#include "variant.hpp"

namespace dedup {

namespace {

std::string name_variant(Variant variant) {
    if (variant == Variant::avx512) return "avx512";
    if (variant == Variant::avx2) return "avx2";
    return variant == Variant::sse2 ? "sse2" : "portable";
}

std::vector<std::string> variants_door() {
    std::vector<std::string> names;
    for (const Variant variant : find_variants()) names.push_back(name_variant(variant));
    return names;
}

// Fills the table of listed words. A hash of 0 is not listed.
void list_words(std::span<const std::uint64_t> words, std::span<const std::uint8_t> classes,
                Folding& folding) {
    const std::uint64_t size = std::bit_ceil(2 * words.size() + 1);
    folding.listed.assign(size, 0);
    folding.classes.assign(size, 0);
    for (std::size_t word = 0; word < words.size(); ++word) {
        if (words[word] == 0) continue;
        std::uint64_t slot = words[word] & (size - 1);
        while (folding.listed[slot] != 0 && folding.listed[slot] != words[word])
            slot = (slot + 1) & (size - 1);
        folding.listed[slot] = words[word];
        folding.classes[slot] |= classes[word];
    }
}

// Checks all assumptions of find_words; see tokenize.hpp.
Folding make_folding(In<std::uint16_t> pages, In<std::uint8_t> kinds, In<std::uint32_t> folds,
                     In<std::uint32_t> runs, In<std::uint64_t> words,
                     In<std::uint8_t> classes) {
    Folding folding;
    folding.pages.assign(view(pages).begin(), view(pages).end());
    folding.kinds.assign(view(kinds).begin(), view(kinds).end());
    folding.folds.assign(view(folds).begin(), view(folds).end());
    folding.runs.assign(view(runs).begin(), view(runs).end());
    require(folding.pages.size() >= 0x1100, "pages: expected one for each 256 code points");
    require(folding.kinds.size() == folding.folds.size(), "kinds and folds differ in length");
    for (const std::uint16_t page : folding.pages)
        require((std::size_t{page} + 1) << 8 <= folding.kinds.size(), "pages: page past the end");
    for (const std::uint32_t fold : folding.folds) {
        if (fold < folds_to_run || fold == folds_to_self) continue;
        const std::size_t first = (fold & 0xFFFFFF) >> 5, n = fold & 31;
        require(n <= max_run && first + n <= folding.runs.size(), "folds: run past the end");
    }
    for (const std::uint32_t packed : folding.runs)
        require(packed < folds_to_run, "runs: expected packed code points");
    const auto kind = [&](std::size_t code) {
        return folding.kinds[folding.entry(code)];
    };
    for (std::size_t code = 0; code < 0x800; ++code)
        require(kind(code) < spaceless, "kinds: spaceless below U+0800");
    require(kind(0) < ignorable && kind(0xFFFD) < letter, "kinds: U+0000 or U+FFFD in a word");
    for (std::size_t entry = 0; entry < folding.kinds.size(); ++entry)
        require(folding.kinds[entry] < segmented || folding.folds[entry] < folds_to_run ||
                    folding.folds[entry] == folds_to_self,
                "folds: run for a letter of listed words");
    require(words.shape(0) == classes.shape(0), "words and classes differ in length");
    list_words(view(words), view(classes), folding);
    return folding;
}

std::uint64_t hash_bytes_door(In<std::uint8_t> data, std::size_t n_bytes) {
    require(n_bytes <= data.shape(0), "n_bytes: past the end");
    return xxh64(data.data(), n_bytes);
}

std::uint64_t hash_short_door(std::uint64_t head, std::uint64_t tail, std::uint64_t size) {
    require(size <= max_short, "size: expected at most 15");
    return hash_short(head, tail, size);
}

void check_article(std::size_t n_text, std::int64_t first, std::int64_t end) {
    require(0 <= first && first <= end, "first and end: expected 0 <= first <= end");
    require(n_text >= padding && static_cast<std::size_t>(end) <= n_text - padding,
            "text: expected padding after the last article");
    require(end - first < max_text, "text: an article of 2**31 bytes or more");
}

std::int64_t find_edges_door(In<std::uint8_t> text, std::int64_t first, std::int64_t end,
                             Out<std::int64_t> edges, const VariantName& variant) {
    check_article(text.shape(0), first, end);
    require(edges.shape(0) >= static_cast<std::size_t>(end - first + 2 + block_size),
            "edges: too short");
    check_apart(edges, "edges", text);
    const Variant chosen = choose_variant(variant);
    nb::gil_scoped_release released;
    return find_edges(text.data(), first, end, edges.data(), chosen);
}

nb::tuple find_words_door(In<std::uint8_t> text, std::int64_t first, std::int64_t end,
                          const Folding& folding, Out<std::int64_t> edges,
                          Out<std::int64_t> starts, Out<std::int64_t> ends,
                          Out<std::uint64_t> heads, Out<std::uint64_t> tails,
                          Out<std::uint8_t> sizes, Out<std::uint8_t> points,
                          Out<std::uint8_t> flags, Out<std::uint8_t> scratch, bool is_described,
                          const VariantName& variant) {
    check_article(text.shape(0), first, end);
    const auto n_bytes = static_cast<std::size_t>(end - first);
    require(edges.shape(0) >= n_bytes + 2 + block_size, "edges: too short");
    require(std::min({starts.shape(0), ends.shape(0), heads.shape(0), tails.shape(0),
                      sizes.shape(0), points.shape(0), flags.shape(0)}) >= n_bytes / 2 + 1,
            "words: too short");
    require(scratch.shape(0) >= scratch_size, "scratch: too short");
    // Edges and lengths are reread after other arrays are written.
    check_apart(edges, "edges", text, starts, ends, heads, tails, sizes, points, flags, scratch);
    check_apart(scratch, "scratch", text, starts, ends, heads, tails, sizes, points, flags);
    const Words words{edges.data(), starts.data(), ends.data(),  heads.data(),  tails.data(),
                      sizes.data(), points.data(), flags.data(), scratch.data()};
    const Variant chosen = choose_variant(variant);
    Found found;
    {
        nb::gil_scoped_release released;
        found = find_words(text.data(), first, end, folding, words, is_described, chosen);
    }
    return nb::make_tuple(found.n_words, found.is_ascii);
}

void hash_words_door(In<std::uint64_t> heads, In<std::uint64_t> tails, In<std::uint8_t> sizes,
                     Out<std::uint64_t> hashes, const VariantName& variant) {
    const std::size_t n = hashes.shape(0);
    require(std::min({heads.shape(0), tails.shape(0), sizes.shape(0)}) >= n,
            "hashes: more than there are tokens");
    check_apart(hashes, "hashes", heads, tails, sizes);
    const Variant chosen = choose_variant(variant);
    nb::gil_scoped_release released;
    hash_words(heads.data(), tails.data(), sizes.data(), hashes.data(), n, chosen);
}

nb::tuple mark_articles_door(In<std::uint8_t> text, In<std::int64_t> offsets,
                             const Folding& folding, const VariantName& variant) {
    check_text(text, view(offsets));
    const Variant chosen = choose_variant(variant);
    Marked marked;
    {
        nb::gil_scoped_release released;
        marked = mark_articles(text.data(), view(offsets), folding, chosen);
    }
    return nb::make_tuple(to_array(std::move(marked.hashes)), to_array(std::move(marked.stems)),
                          to_array(std::move(marked.starts)), to_array(std::move(marked.ends)),
                          to_array(std::move(marked.flags)), to_array(std::move(marked.counts)));
}

void check_phrases(const In<std::uint8_t>& text, std::span<const std::int64_t> offsets) {
    check_offsets(offsets, text.shape(0), "offsets");
}

nb::tuple hash_phrases_door(In<std::uint8_t> text, In<std::int64_t> offsets) {
    check_phrases(text, view(offsets));
    PhraseKeys keys = hash_phrases(view(text), view(offsets));
    return nb::make_tuple(to_array(std::move(keys.firsts)), to_array(std::move(keys.seconds)));
}

nb::tuple find_phrases_door(In<std::uint8_t> text, In<std::int64_t> offsets,
                            In<std::uint64_t> firsts, In<std::uint64_t> seconds) {
    check_phrases(text, view(offsets));
    require(firsts.shape(0) == seconds.shape(0), "firsts and seconds differ in length");
    require(firsts.shape(0) < std::size_t{1} << 24, "firsts: 2**24 phrases or more");
    FoundPhrases found;
    {
        nb::gil_scoped_release released;
        found = find_phrases(view(text), view(offsets), view(firsts), view(seconds));
    }
    std::vector<std::int64_t> rows;
    rows.reserve(3 * found.hits.size());
    for (const auto& hit : found.hits)
        rows.insert(rows.end(), {hit.text, hit.point, hit.phrase});
    return nb::make_tuple(to_table(std::move(rows), 3), to_array(std::move(found.is_foreign)));
}

}  // namespace

Variant choose_variant(const VariantName& name) {
    if (!name) return best_variant();
    for (const Variant variant : find_variants())
        if (name_variant(variant) == *name) return variant;
    throw std::invalid_argument("variant: this processor has no " + *name);
}

void check_text(const In<std::uint8_t>& text, std::span<const std::int64_t> offsets) {
    require(text.shape(0) >= padding, "text: expected padding after the last article");
    check_offsets(offsets, text.shape(0) - padding, "offsets");
    for (std::size_t k = 1; k < offsets.size(); ++k)
        require(offsets[k] - offsets[k - 1] < max_text,
                "offsets: an article of 2**31 bytes or more");
}

void bind_text(nb::module_& m) {
    m.attr("PADDING") = padding;
    m.attr("BLOCK") = block_size;
    m.attr("FOREIGN") = foreign_bit;
    m.attr("SCRATCH") = scratch_size;
    m.def("find_variants", variants_door, "Name the variants this processor runs, fastest last.");
    nb::class_<Folding>(m, "Folding", "What each code point is and folds to, checked.")
        .def("__init__",
             [](Folding* self, In<std::uint16_t> pages, In<std::uint8_t> kinds,
                In<std::uint32_t> folds, In<std::uint32_t> runs, In<std::uint64_t> words,
                In<std::uint8_t> classes) {
                 new (self) Folding(make_folding(pages, kinds, folds, runs, words, classes));
             },
             nb::arg("pages").noconvert(), nb::arg("kinds").noconvert(),
             nb::arg("folds").noconvert(), nb::arg("runs").noconvert(),
             nb::arg("words").noconvert(), nb::arg("classes").noconvert());
    m.def("hash_bytes", hash_bytes_door, nb::arg("data").noconvert(), nb::arg("n_bytes"),
          "Hash the first bytes of an array with XXH64, seed 0.");
    m.def("hash_short", hash_short_door, nb::arg("head"), nb::arg("tail"), nb::arg("size"),
          "Hash at most 15 bytes with XXH64, seed 0.");
    m.def("avalanche", avalanche, nb::arg("value"), "Finalize a uint64.");
    m.def("combine", combine, nb::arg("left"), nb::arg("right"), "Append to a polynomial.");
    m.def("stem_length", stem_length, nb::arg("ending"), nb::arg("n"),
          "Return how many bytes of a folded ASCII word its stem keeps.");
    m.def("find_edges", find_edges_door, nb::arg("text").noconvert(), nb::arg("first"),
          nb::arg("end"), nb::arg("edges").noconvert(), nb::arg("variant") = nb::none(),
          "Cut an article into runs.");
    m.def("find_words", find_words_door, nb::arg("text").noconvert(), nb::arg("first"),
          nb::arg("end"), nb::arg("folding"), nb::arg("edges").noconvert(),
          nb::arg("starts").noconvert(), nb::arg("ends").noconvert(),
          nb::arg("heads").noconvert(), nb::arg("tails").noconvert(),
          nb::arg("sizes").noconvert(), nb::arg("points").noconvert(),
          nb::arg("flags").noconvert(), nb::arg("scratch").noconvert(), nb::arg("is_described"),
          nb::arg("variant") = nb::none(), "Find the tokens of one article.");
    m.def("hash_words", hash_words_door, nb::arg("heads").noconvert(),
          nb::arg("tails").noconvert(), nb::arg("sizes").noconvert(),
          nb::arg("hashes").noconvert(), nb::arg("variant") = nb::none(),
          "Hash tokens with XXH64, seed 0.");
    m.def("mark_articles", mark_articles_door, nb::arg("text").noconvert(),
          nb::arg("offsets").noconvert(), nb::arg("folding"), nb::arg("variant") = nb::none(),
          "Tokenize a batch of articles.");
    m.def("hash_phrases", hash_phrases_door, nb::arg("text").noconvert(),
          nb::arg("offsets").noconvert(), "Hash the first words of phrases.");
    m.def("find_phrases", find_phrases_door, nb::arg("text").noconvert(),
          nb::arg("offsets").noconvert(), nb::arg("firsts").noconvert(),
          nb::arg("seconds").noconvert(), "Find phrases in a batch of texts.");
}

}  // namespace dedup
