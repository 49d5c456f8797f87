#include <bit>

#include "bands.hpp"
#include "bindings.hpp"
#include "compare.hpp"
#include "hash.hpp"
#include "permute.hpp"
#include "sketch.hpp"
#include "text_doors.hpp"

namespace dedup {

namespace {

// Rows of an output table.
template <class T>
using Rows = Aligned<T, 2>;

template <class T>
std::span<T> view_rows(const Rows<T>& array) {
    return {array.data(), array.shape(0) * array.shape(1)};
}

void check_slots(std::size_t n_perm) {
    require(std::has_single_bit(n_perm) && n_perm <= std::size_t{1} << 31,
            "signature: expected a power of two of slots");
}

Scheme make_scheme(std::size_t k, const Table<std::uint32_t>& permutations, std::size_t n_perm,
                   const VariantName& variant) {
    require(k >= 1, "k: expected at least 1");
    require(permutations.shape(0) == 2, "permutations: expected two rows");
    if (permutations.shape(1) == 0)
        check_slots(n_perm);
    else
        require(permutations.shape(1) == n_perm, "permutations: expected one for each slot");
    return {k, view(permutations), n_perm, choose_variant(variant)};
}

Array1<std::uint64_t> hash_shingles_door(In<std::uint64_t> hashes, std::size_t k,
                                         const VariantName& variant) {
    require(k >= 1, "k: expected at least 1");
    const Variant chosen = choose_variant(variant);
    std::vector<std::uint64_t> shingles(hashes.shape(0));
    {
        nb::gil_scoped_release released;
        shingles.resize(hash_shingles(view(hashes), k, shingles.data(), chosen));
    }
    return to_array(std::move(shingles));
}

void fill_signature_door(Out<std::uint64_t> shingles, Out<std::uint32_t> signature,
                         const VariantName& variant) {
    require(shingles.shape(0) > 0, "shingles: expected at least one");
    check_slots(signature.shape(0));
    check_apart(signature, "signature", shingles);
    const Variant chosen = choose_variant(variant);
    nb::gil_scoped_release released;
    fill_signature(view(shingles), view(signature), chosen);
}

void fill_affine_signature_door(In<std::uint64_t> shingles, Table<std::uint32_t> permutations,
                                Out<std::uint32_t> signature, const VariantName& variant) {
    require(permutations.shape(0) == 2 && permutations.shape(1) == signature.shape(0),
            "permutations: expected two numbers for each slot");
    check_apart(signature, "signature", shingles, permutations);
    const Variant chosen = choose_variant(variant);
    nb::gil_scoped_release released;
    fill_affine_signature(view(shingles), view(permutations), view(signature), chosen);
}

void sketch_articles_door(In<std::uint64_t> hashes, In<std::int64_t> offsets, std::size_t k,
                          Table<std::uint32_t> permutations, Rows<std::uint32_t> signatures,
                          const VariantName& variant) {
    check_offsets(view(offsets), hashes.shape(0), "offsets");
    require(signatures.shape(0) + 1 == offsets.shape(0), "signatures: expected a row an article");
    check_apart(signatures, "signatures", hashes, offsets, permutations);
    const Scheme scheme = make_scheme(k, permutations, signatures.shape(1), variant);
    nb::gil_scoped_release released;
    sketch_articles(view(hashes), view(offsets), scheme, view_rows(signatures));
}

void sketch_texts_door(In<std::uint8_t> text, In<std::int64_t> offsets, const Folding& folding,
                       std::size_t k, Table<std::uint32_t> permutations,
                       Rows<std::uint32_t> signatures, const VariantName& variant) {
    check_text(text, view(offsets));
    require(signatures.shape(0) + 1 == offsets.shape(0), "signatures: expected a row an article");
    check_apart(signatures, "signatures", text, offsets, permutations);
    const Scheme scheme = make_scheme(k, permutations, signatures.shape(1), variant);
    nb::gil_scoped_release released;
    sketch_texts(text.data(), view(offsets), folding, scheme, view_rows(signatures));
}

Array2<std::uint64_t> hash_bands_door(Table<std::uint32_t> signatures, std::size_t n_bands,
                                      std::size_t n_rows) {
    const std::size_t n = signatures.shape(0), n_perm = signatures.shape(1);
    require(n_bands >= 1 && n_rows >= 1 && n_rows <= n_perm / n_bands,
            "n_bands and n_rows: expected at least 1, and no more slots than a signature has");
    std::vector<std::uint64_t> keys;
    {
        nb::gil_scoped_release released;
        keys = hash_bands(view(signatures), n, n_perm, n_bands, n_rows);
    }
    return to_table(std::move(keys), n_bands);
}

Array1<std::int64_t> count_agreements_door(Table<std::uint32_t> signatures,
                                           In<std::int64_t> firsts, In<std::int64_t> seconds,
                                           const VariantName& variant) {
    require(firsts.shape(0) == seconds.shape(0), "firsts and seconds differ in length");
    check_indices(view(firsts), signatures.shape(0), "firsts");
    check_indices(view(seconds), signatures.shape(0), "seconds");
    const Variant chosen = choose_variant(variant);
    std::vector<std::int64_t> counts;
    {
        nb::gil_scoped_release released;
        counts = count_agreements(view(signatures), signatures.shape(1), view(firsts),
                                  view(seconds), chosen);
    }
    return to_array(std::move(counts));
}

void fill_jaccards_door(Table<std::uint32_t> firsts, Table<std::uint32_t> seconds,
                        Rows<double> jaccards, const VariantName& variant) {
    const std::size_t n_perm = firsts.shape(1);
    require(n_perm > 0 && seconds.shape(1) == n_perm, "signatures: expected equally many slots");
    require(jaccards.shape(0) == firsts.shape(0) && jaccards.shape(1) == seconds.shape(0),
            "jaccards: expected a row for each first, a column for each second");
    check_apart(jaccards, "jaccards", firsts, seconds);
    const Variant chosen = choose_variant(variant);
    nb::gil_scoped_release released;
    fill_jaccards(view(firsts), view(seconds), n_perm, view_rows(jaccards), chosen);
}

}  // namespace

void bind_sketch(nb::module_& m) {
    m.attr("EMPTY") = empty_slot;
    m.attr("N_ROUNDS") = n_rounds;
    m.def("slot_salt", slot_salt, nb::arg("slot"), "Return what an empty slot mixes in.");
    m.def("fmix32", fmix32, nb::arg("value"), "Finalize a uint32 as MurmurHash3 does.");
    m.def("hash_shingles", hash_shingles_door, nb::arg("hashes").noconvert(), nb::arg("k"),
          nb::arg("variant") = nb::none(), "Hash every run of k tokens.");
    m.def("fill_signature", fill_signature_door, nb::arg("shingles").noconvert(),
          nb::arg("signature").noconvert(), nb::arg("variant") = nb::none(),
          "Fill one signature by Fast Similarity Sketching; the shingles are overwritten.");
    m.def("fill_affine_signature", fill_affine_signature_door, nb::arg("shingles").noconvert(),
          nb::arg("permutations").noconvert(), nb::arg("signature").noconvert(),
          nb::arg("variant") = nb::none(), "Fill one signature by permutations.");
    m.def("sketch_articles", sketch_articles_door, nb::arg("hashes").noconvert(),
          nb::arg("offsets").noconvert(), nb::arg("k"), nb::arg("permutations").noconvert(),
          nb::arg("signatures").noconvert(), nb::arg("variant") = nb::none(),
          "Sketch articles that are tokenized already.");
    m.def("sketch_texts", sketch_texts_door, nb::arg("text").noconvert(),
          nb::arg("offsets").noconvert(), nb::arg("folding"), nb::arg("k"),
          nb::arg("permutations").noconvert(), nb::arg("signatures").noconvert(),
          nb::arg("variant") = nb::none(), "Sketch texts without keeping their tokens.");
    m.def("hash_bands", hash_bands_door, nb::arg("signatures").noconvert(), nb::arg("n_bands"),
          nb::arg("n_rows"), "Hash every band of every signature.");
    m.def("count_agreements", count_agreements_door, nb::arg("signatures").noconvert(),
          nb::arg("firsts").noconvert(), nb::arg("seconds").noconvert(),
          nb::arg("variant") = nb::none(), "Count the slots in which pairs agree.");
    m.def("fill_jaccards", fill_jaccards_door, nb::arg("firsts").noconvert(),
          nb::arg("seconds").noconvert(), nb::arg("jaccards").noconvert(),
          nb::arg("variant") = nb::none(),
          "Estimate the resemblance of every row with every other.");
}

}  // namespace dedup
