// Step: shingle hashes -> a signature, by affine permutations of 32 bits (datasketch 2.0).
//
// Slot i is the minimum of a[i] * fmix32(h) + b[i] modulo 2**32 over the lower halves h of the
// shingle hashes. With a odd each slot sees a permutation of all 32-bit values.
#pragma once

#include <cstdint>
#include <span>

#include "variant.hpp"

namespace dedup {

// The finalizer of MurmurHash3 (x86, 32 bits), a bijection.
inline std::uint32_t fmix32(std::uint32_t value) {
    value = (value ^ (value >> 16)) * 0x85EBCA6B;
    value = (value ^ (value >> 13)) * 0xC2B2AE35;
    return value ^ (value >> 16);
}

// Fills one signature.
//
// shingles      uint64 (n,); the lower 32 bits of each are used.
// permutations  uint32 (2, n_perm), multipliers, then increments.
// signature     uint32 (n_perm,), written; all empty if there are no shingles.
void fill_affine_signature(std::span<const std::uint64_t> shingles,
                           std::span<const std::uint32_t> permutations,
                           std::span<std::uint32_t> signature, Variant variant);

}  // namespace dedup
