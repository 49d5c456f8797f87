// Step: signatures -> band keys. Articles with a common key agree in a whole band.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace dedup {

// Hashes every band of every signature.
//
// signatures  uint32 (n_articles, n_perm), n_perm at least n_bands * n_rows.
//
// Returns uint64 (n_articles, n_bands); each key includes the band number.
std::vector<std::uint64_t> hash_bands(std::span<const std::uint32_t> signatures,
                                      std::size_t n_articles, std::size_t n_perm,
                                      std::size_t n_bands, std::size_t n_rows);

}  // namespace dedup
