// Step: texts or token hashes -> signatures, by Fast Similarity Sketching or by permutations.
//
// A shingle is k consecutive tokens; its hash is the finalized polynomial of their hashes, without
// a joined string. A slot of a signature is uint32. In Fast Similarity Sketching it has 6 bits of
// round, then 26 bits of hash, so that the minimum prefers earlier rounds; for permutations see
// permute.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "hash.hpp"
#include "tokenize.hpp"
#include "variant.hpp"

namespace dedup {

// Rounds over all shingles; then each empty slot is filled separately.
inline constexpr int n_rounds = 60;

// Salt of a slot that no round filled.
inline std::uint64_t slot_salt(std::uint64_t slot) {
    return avalanche((slot + 1) * prime_1 + prime_5);
}

// Parameters of signatures.
//
// k             tokens in a shingle, at least 1.
// permutations  uint32 (2, n_perm), or empty for Fast Similarity Sketching.
// n_perm        slots of a signature; a power of two for Fast Similarity Sketching.
struct Scheme {
    std::size_t k;
    std::span<const std::uint32_t> permutations;
    std::size_t n_perm;
    Variant variant;
};

// Hashes every run of k tokens; a shorter text is one run.
//
// hashes    uint64 (n,), token hashes of one article.
// shingles  uint64 (at least n,), written.
//
// Returns the number of shingles, max(n - k + 1, min(n, 1)).
std::size_t hash_shingles(std::span<const std::uint64_t> hashes, std::size_t k,
                          std::uint64_t* shingles, Variant variant);

// Fills one signature by Fast Similarity Sketching.
//
// shingles   uint64 (n,), at least one; overwritten.
// signature  uint32 (n_perm,), a power of two; written.
//
// Dahlgaard, Knudsen and Thorup 2017, "Fast Similarity Sketching", section 2, with the second half
// of its rounds replaced by one exact minimum per empty slot. A round takes 32 bits of hash, so
// that a 64-bit hash serves two rounds.
void fill_signature(std::span<std::uint64_t> shingles, std::span<std::uint32_t> signature,
                    Variant variant);

// Sketches a batch of tokenized articles.
//
// hashes      uint64 (n_tokens,), of all articles.
// offsets     int64 (n_articles + 1,), tokens before each.
// signatures  uint32 (n_articles, n_perm), written; all empty_slot for an article without tokens.
void sketch_articles(std::span<const std::uint64_t> hashes, std::span<const std::int64_t> offsets,
                     const Scheme& scheme, std::span<std::uint32_t> signatures);

// Sketches a batch of texts, each while it is in the cache.
//
// text     uint8 (at least offsets[-1] + padding,), UTF-8, one article after the other.
// offsets  int64 (n_articles + 1,), bytes before each.
void sketch_texts(const std::uint8_t* text, std::span<const std::int64_t> offsets,
                  const Folding& folding, const Scheme& scheme,
                  std::span<std::uint32_t> signatures);

}  // namespace dedup
