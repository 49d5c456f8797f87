#include "sketch.hpp"

#include <algorithm>
#include <bit>
#include <memory>

#include "compare.hpp"
#include "lines.hpp"
#include "permute.hpp"

namespace dedup {

namespace {

constexpr int value_bits = 26;

[[gnu::always_inline]] inline std::size_t shingle(const std::uint64_t* hashes, std::size_t n,
                                                  std::size_t k, std::uint64_t* shingles) {
    if (n == 0) return 0;
    const std::size_t width = std::min(k, n), n_shingles = n - width + 1;
    if (width == 3) {
        // One pass for the usual length; the general case makes a pass per token.
        for (std::size_t first = 0; first < n_shingles; ++first) {
            const std::uint64_t value = combine(combine(3, hashes[first]), hashes[first + 1]);
            shingles[first] = avalanche(combine(value, hashes[first + 2]));
        }
        return n_shingles;
    }
    for (std::size_t first = 0; first < n_shingles; ++first) shingles[first] = width;
    for (std::size_t step = 0; step < width; ++step)
        for (std::size_t first = 0; first < n_shingles; ++first)
            shingles[first] = combine(shingles[first], hashes[first + step]);
    for (std::size_t first = 0; first < n_shingles; ++first)
        shingles[first] = avalanche(shingles[first]);
    return n_shingles;
}

// Hashes each shingle into a slot, which keeps the minimum.
[[gnu::always_inline]] inline void throw_all(std::span<const std::uint64_t> shingles, int number,
                                             std::span<std::uint32_t> signature) {
    const int slot_bits = std::countr_zero(signature.size());
    const int half_shift = number & 1 ? 0 : 32;
    const auto prefix = static_cast<std::uint32_t>(number) << value_bits;
    for (const std::uint64_t shingle : shingles) {
        const std::uint64_t half = shingle >> half_shift & 0xFFFFFFFF;
        const std::uint64_t slot = half >> (32 - slot_bits);
        const std::uint32_t value =
            prefix | static_cast<std::uint32_t>(half << slot_bits) >> (32 - value_bits);
        signature[slot] = std::min(signature[slot], value);
    }
}

// Fills an empty slot with the minimum of its own hash function.
[[gnu::always_inline]] inline std::uint32_t find_least(std::span<const std::uint64_t> shingles,
                                                       std::uint64_t salt) {
    std::uint64_t least = ~std::uint64_t{0};
    for (const std::uint64_t shingle : shingles)
        least = std::min(least, avalanche(shingle ^ salt) >> (64 - value_bits));
    return static_cast<std::uint32_t>(n_rounds) << value_bits | static_cast<std::uint32_t>(least);
}

[[gnu::always_inline]] inline void fill(std::span<std::uint64_t> shingles,
                                        std::span<std::uint32_t> signature) {
    for (std::uint32_t& slot : signature) slot = empty_slot;
    for (int number = 0; number < n_rounds; ++number) {
        if (number > 0 && (number & 1) == 0)
            for (std::uint64_t& shingle : shingles) shingle = avalanche(shingle ^ prime_5);
        throw_all(shingles, number, signature);
        std::uint32_t n_empty = 0;
        for (const std::uint32_t slot : signature) n_empty += slot == empty_slot;
        if (n_empty == 0) return;
    }
    for (std::size_t slot = 0; slot < signature.size(); ++slot)
        if (signature[slot] == empty_slot) signature[slot] = find_least(shingles, slot_salt(slot));
}

#if defined(__x86_64__)
[[gnu::target("avx2,bmi,bmi2")]] std::size_t shingle_avx2(const std::uint64_t* hashes,
                                                          std::size_t n, std::size_t k,
                                                          std::uint64_t* shingles) {
    return shingle(hashes, n, k, shingles);
}

[[gnu::target("avx512f,avx512bw,avx512dq,avx512vl,avx2,bmi,bmi2")]]
std::size_t shingle_avx512(const std::uint64_t* hashes, std::size_t n, std::size_t k,
                           std::uint64_t* shingles) {
    return shingle(hashes, n, k, shingles);
}

[[gnu::target("avx2,bmi,bmi2")]] void fill_avx2(std::span<std::uint64_t> shingles,
                                                std::span<std::uint32_t> signature) {
    fill(shingles, signature);
}

[[gnu::target("avx512f,avx512bw,avx512dq,avx512vl,avx2,bmi,bmi2")]]
void fill_avx512(std::span<std::uint64_t> shingles, std::span<std::uint32_t> signature) {
    fill(shingles, signature);
}
#endif

void sketch_one(std::span<const std::uint64_t> hashes, const Scheme& scheme,
                std::uint64_t* shingles, std::span<std::uint32_t> signature) {
    const std::size_t n = hash_shingles(hashes, scheme.k, shingles, scheme.variant);
    if (n == 0)
        std::fill(signature.begin(), signature.end(), empty_slot);
    else if (scheme.permutations.empty())
        fill_signature({shingles, n}, signature, scheme.variant);
    else
        fill_affine_signature({shingles, n}, scheme.permutations, signature, scheme.variant);
}

}  // namespace

std::size_t hash_shingles(std::span<const std::uint64_t> hashes, std::size_t k,
                          std::uint64_t* shingles, Variant variant) {
#if defined(__x86_64__)
    if (variant == Variant::avx512)
        return shingle_avx512(hashes.data(), hashes.size(), k, shingles);
    if (variant == Variant::avx2) return shingle_avx2(hashes.data(), hashes.size(), k, shingles);
#endif
    static_cast<void>(variant);
    return shingle(hashes.data(), hashes.size(), k, shingles);
}

void fill_signature(std::span<std::uint64_t> shingles, std::span<std::uint32_t> signature,
                    Variant variant) {
#if defined(__x86_64__)
    if (variant == Variant::avx512) return fill_avx512(shingles, signature);
    if (variant == Variant::avx2) return fill_avx2(shingles, signature);
#endif
    static_cast<void>(variant);
    fill(shingles, signature);
}

void sketch_articles(std::span<const std::uint64_t> hashes, std::span<const std::int64_t> offsets,
                     const Scheme& scheme, std::span<std::uint32_t> signatures) {
    const auto shingles = std::make_unique_for_overwrite<std::uint64_t[]>(find_longest(offsets));
    for (std::size_t article = 0; article + 1 < offsets.size(); ++article)
        sketch_one(hashes.subspan(offsets[article], offsets[article + 1] - offsets[article]),
                   scheme, shingles.get(),
                   signatures.subspan(article * scheme.n_perm, scheme.n_perm));
}

void sketch_texts(const std::uint8_t* text, std::span<const std::int64_t> offsets,
                  const Folding& folding, const Scheme& scheme,
                  std::span<std::uint32_t> signatures) {
    const Room room(find_longest(offsets));
    LineJoiner joiner(find_longest(offsets));
    const Words& words = room.words();
    for (std::size_t article = 0; article + 1 < offsets.size(); ++article) {
        const std::int64_t first = offsets[article], end = offsets[article + 1];
        const Found found = find_words(joiner.join(text, first, end, folding), first, end, folding,
                                       words, false, scheme.variant);
        const auto n = static_cast<std::size_t>(found.n_words);
        hash_words(words.heads, words.tails, words.sizes, room.hashes(), n, scheme.variant);
        sketch_one({room.hashes(), n}, scheme, room.shingles(),
                   signatures.subspan(article * scheme.n_perm, scheme.n_perm));
    }
}

}  // namespace dedup
