#include "permute.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "compare.hpp"

namespace dedup {

namespace {

// Shingles per pass over the slots: enough to make loads and stores cheap beside the arithmetic.
constexpr std::size_t step = 4;

[[gnu::always_inline]] inline void lower_slots(const std::array<std::uint32_t, step>& mixed,
                                               const std::uint32_t* multipliers,
                                               const std::uint32_t* increments,
                                               std::uint32_t* signature, std::size_t n_perm) {
    const std::uint32_t h0 = mixed[0], h1 = mixed[1], h2 = mixed[2], h3 = mixed[3];
    for (std::size_t slot = 0; slot < n_perm; ++slot) {
        const std::uint32_t a = multipliers[slot], b = increments[slot];
        const std::uint32_t left = std::min(a * h0 + b, a * h1 + b);
        const std::uint32_t right = std::min(a * h2 + b, a * h3 + b);
        signature[slot] = std::min(signature[slot], std::min(left, right));
    }
}

[[gnu::always_inline]] inline void fill(std::span<const std::uint64_t> shingles,
                                        std::span<const std::uint32_t> permutations,
                                        std::span<std::uint32_t> signature) {
    const std::size_t n_perm = signature.size();
    for (std::size_t slot = 0; slot < n_perm; ++slot) signature[slot] = empty_slot;
    for (std::size_t first = 0; first < shingles.size(); first += step) {
        std::array<std::uint32_t, step> mixed;
        // Pad with the first shingle, which changes no minimum.
        for (std::size_t at = 0; at < step; ++at)
            mixed[at] = fmix32(static_cast<std::uint32_t>(
                shingles[first + at < shingles.size() ? first + at : 0]));
        lower_slots(mixed, permutations.data(), permutations.data() + n_perm, signature.data(),
                    n_perm);
    }
}

#if defined(__x86_64__)
[[gnu::target("avx2,bmi,bmi2")]] void fill_avx2(std::span<const std::uint64_t> shingles,
                                                std::span<const std::uint32_t> permutations,
                                                std::span<std::uint32_t> signature) {
    fill(shingles, permutations, signature);
}

[[gnu::target("avx512f,avx512bw,avx512dq,avx512vl,avx2,bmi,bmi2")]]
void fill_avx512(std::span<const std::uint64_t> shingles,
                 std::span<const std::uint32_t> permutations, std::span<std::uint32_t> signature) {
    fill(shingles, permutations, signature);
}
#endif

}  // namespace

void fill_affine_signature(std::span<const std::uint64_t> shingles,
                           std::span<const std::uint32_t> permutations,
                           std::span<std::uint32_t> signature, Variant variant) {
#if defined(__x86_64__)
    if (variant == Variant::avx512) return fill_avx512(shingles, permutations, signature);
    if (variant == Variant::avx2) return fill_avx2(shingles, permutations, signature);
#endif
    static_cast<void>(variant);
    fill(shingles, permutations, signature);
}

}  // namespace dedup
