// Step: pairs of signatures -> numbers of equal slots.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "variant.hpp"

namespace dedup {

// Value of an empty slot, which never counts as equal.
inline constexpr std::uint32_t empty_slot = 0xFFFFFFFF;

// Counts the equal, nonempty slots of pairs of signatures.
//
// signatures       uint32 (n_articles, n_perm).
// firsts, seconds  int64 (n_pairs,), rows to compare.
//
// Returns int64 (n_pairs,).
std::vector<std::int64_t> count_agreements(std::span<const std::uint32_t> signatures,
                                           std::size_t n_perm,
                                           std::span<const std::int64_t> firsts,
                                           std::span<const std::int64_t> seconds, Variant variant);

// Estimates the Jaccard similarity of every pair of rows.
//
// firsts, seconds  uint32 (n, n_perm) and (m, n_perm).
// jaccards         float64 (n, m), written: share of equal, nonempty slots.
void fill_jaccards(std::span<const std::uint32_t> firsts, std::span<const std::uint32_t> seconds,
                   std::size_t n_perm, std::span<double> jaccards, Variant variant);

}  // namespace dedup
