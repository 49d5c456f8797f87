#include "compare.hpp"

#include <algorithm>

namespace dedup {

namespace {

// Rows per block on each side: at 512 bytes per row, both blocks fit the L1 cache.
constexpr std::size_t block = 32;

[[gnu::always_inline]] inline std::uint32_t count(const std::uint32_t* first,
                                                  const std::uint32_t* second,
                                                  std::size_t n_perm) {
    std::uint32_t n = 0;
    for (std::size_t slot = 0; slot < n_perm; ++slot)
        n += static_cast<std::uint32_t>((first[slot] == second[slot]) &
                                        (first[slot] != empty_slot));
    return n;
}

[[gnu::always_inline]] inline void count_pairs(std::span<const std::uint32_t> signatures,
                                               std::size_t n_perm,
                                               std::span<const std::int64_t> firsts,
                                               std::span<const std::int64_t> seconds,
                                               std::span<std::int64_t> counts) {
    for (std::size_t pair = 0; pair < counts.size(); ++pair)
        counts[pair] = count(signatures.data() + firsts[pair] * n_perm,
                             signatures.data() + seconds[pair] * n_perm, n_perm);
}

[[gnu::always_inline]] inline void fill(std::span<const std::uint32_t> firsts,
                                        std::span<const std::uint32_t> seconds,
                                        std::size_t n_perm, std::span<double> jaccards) {
    const std::size_t n = firsts.size() / n_perm, m = seconds.size() / n_perm;
    for (std::size_t top = 0; top < n; top += block)
        for (std::size_t left = 0; left < m; left += block)
            for (std::size_t row = top; row < std::min(top + block, n); ++row)
                for (std::size_t column = left; column < std::min(left + block, m); ++column)
                    jaccards[row * m + column] =
                        static_cast<double>(count(firsts.data() + row * n_perm,
                                                  seconds.data() + column * n_perm, n_perm)) /
                        static_cast<double>(n_perm);
}

#if defined(__x86_64__)
[[gnu::target("avx2,bmi,bmi2")]] void count_pairs_avx2(std::span<const std::uint32_t> signatures,
                                                       std::size_t n_perm,
                                                       std::span<const std::int64_t> firsts,
                                                       std::span<const std::int64_t> seconds,
                                                       std::span<std::int64_t> counts) {
    count_pairs(signatures, n_perm, firsts, seconds, counts);
}

[[gnu::target("avx2,bmi,bmi2")]] void fill_avx2(std::span<const std::uint32_t> firsts,
                                                std::span<const std::uint32_t> seconds,
                                                std::size_t n_perm, std::span<double> jaccards) {
    fill(firsts, seconds, n_perm, jaccards);
}
#endif

}  // namespace

std::vector<std::int64_t> count_agreements(std::span<const std::uint32_t> signatures,
                                           std::size_t n_perm,
                                           std::span<const std::int64_t> firsts,
                                           std::span<const std::int64_t> seconds,
                                           Variant variant) {
    std::vector<std::int64_t> counts(firsts.size());
#if defined(__x86_64__)
    if (variant >= Variant::avx2) {
        count_pairs_avx2(signatures, n_perm, firsts, seconds, counts);
        return counts;
    }
#endif
    static_cast<void>(variant);
    count_pairs(signatures, n_perm, firsts, seconds, counts);
    return counts;
}

void fill_jaccards(std::span<const std::uint32_t> firsts, std::span<const std::uint32_t> seconds,
                   std::size_t n_perm, std::span<double> jaccards, Variant variant) {
#if defined(__x86_64__)
    if (variant >= Variant::avx2) return fill_avx2(firsts, seconds, n_perm, jaccards);
#endif
    static_cast<void>(variant);
    fill(firsts, seconds, n_perm, jaccards);
}

}  // namespace dedup
