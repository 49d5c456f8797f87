// XXH64, its finalizer and the shingle combiner; all arithmetic is modulo 2**64.
//
// A published contract: a token's hash is XXH64, seed 0, of its folded UTF-8. Specification: xxHash
// repository, doc/xxhash_spec.md.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace dedup {

static_assert(std::endian::native == std::endian::little, "words are read lowest byte first");

// Primes of the specification, section "XXH64 algorithm description".
inline constexpr std::uint64_t prime_1 = 0x9E3779B185EBCA87, prime_2 = 0xC2B2AE3D27D4EB4F,
                               prime_3 = 0x165667B19E3779F9, prime_4 = 0x85EBCA77C2B2AE63,
                               prime_5 = 0x27D4EB2F165667C5;

// Eight bytes as one little-endian word.
inline std::uint64_t load_word(const std::uint8_t* data) {
    std::uint64_t value;
    std::memcpy(&value, data, sizeof value);
    return value;
}

inline void store_word(std::uint8_t* data, std::uint64_t value) {
    std::memcpy(data, &value, sizeof value);
}

// The last step of XXH64, a bijection.
inline std::uint64_t avalanche(std::uint64_t value) {
    value ^= value >> 33;
    value *= prime_2;
    value ^= value >> 29;
    value *= prime_3;
    return value ^ (value >> 32);
}

// Appends a value to the unfinalized polynomial `left`. Order matters.
inline std::uint64_t combine(std::uint64_t left, std::uint64_t right) {
    return left * prime_1 + right;
}

inline std::uint64_t mix_lane(std::uint64_t accumulator, std::uint64_t lane) {
    return std::rotl(accumulator + lane * prime_2, 31) * prime_1;
}

// XXH64 of n bytes, seed 0.
std::uint64_t xxh64(const std::uint8_t* data, std::size_t n);

// XXH64 of at most 15 bytes, seed 0: bytes 0 to 7 in head, 8 to 15 in tail, little-endian.
//
// Computes every step and selects by size: without branches, the processor hashes several tokens at
// once.
inline std::uint64_t hash_short(std::uint64_t head, std::uint64_t tail, std::uint64_t size) {
    std::uint64_t value = prime_5 + size;
    std::uint64_t step = std::rotl(value ^ mix_lane(0, head), 27) * prime_1 + prime_4;
    const bool has_eight = size >= 8;
    value = has_eight ? step : value;
    std::uint64_t left = has_eight ? tail : head;
    step = std::rotl(value ^ ((left & 0xFFFFFFFF) * prime_1), 23) * prime_2 + prime_3;
    const bool has_four = (size & 4) != 0;
    value = has_four ? step : value;
    left = has_four ? left >> 32 : left;
    for (std::uint64_t byte = 0; byte < 3; ++byte) {
        step = std::rotl(value ^ ((left & 0xFF) * prime_5), 11) * prime_1;
        value = (size & 3) > byte ? step : value;
        left >>= 8;
    }
    return avalanche(value);
}

}  // namespace dedup
