#include "edges.hpp"

#include <algorithm>
#include <array>
#include <bit>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "hash.hpp"

namespace dedup {

namespace {

// Blocks to classify at a time, on the stack.
constexpr std::int64_t n_abreast = 16;

constexpr std::uint64_t repeat(std::uint64_t byte) { return byte * 0x0101010101010101; }

// Sets the top bit of each byte >= `least`; bytes are below 0x80.
std::uint64_t at_least(std::uint64_t bytes, std::uint8_t least) {
    return bytes + repeat(static_cast<std::uint8_t>(0x80 - least));
}

// Packs the top bits of eight bytes into one byte; the shifted bits do not collide.
std::uint64_t gather(std::uint64_t highest) {
    return (highest & repeat(0x80)) * 0x0002040810204081 >> 56;
}

void classify_portable(const std::uint8_t* text, std::size_t n_blocks, Masks* masks) {
    for (std::size_t block = 0; block < n_blocks; ++block) {
        Masks found{0, 0};
        for (std::size_t part = 0; part < 8; ++part) {
            const std::uint64_t word = load_word(text + 64 * block + 8 * part);
            const std::uint64_t low = word & repeat(0x7F), small = low | repeat(0x20);
            const std::uint64_t is_letter = at_least(small, 'a') & ~at_least(small, 'z' + 1);
            const std::uint64_t is_number = at_least(low, '0') & ~at_least(low, '9' + 1);
            found.inside |= gather(is_letter | is_number | word) << 8 * part;
            found.foreign |= gather(word) << 8 * part;
        }
        masks[block] = found;
    }
}

#if defined(__x86_64__)
// Comparison is signed, so shift the range to start at the lowest value.
void classify_sse2(const std::uint8_t* text, std::size_t n_blocks, Masks* masks) {
    const __m128i to_small = _mm_set1_epi8(0x20), from_a = _mm_set1_epi8('a' - 128),
                  from_zero = _mm_set1_epi8(static_cast<char>('0' + 128)),
                  n_letters = _mm_set1_epi8(-128 + 26), n_digits = _mm_set1_epi8(-128 + 10);
    for (std::size_t block = 0; block < n_blocks; ++block) {
        Masks found{0, 0};
        for (std::size_t part = 0; part < 4; ++part) {
            const __m128i bytes = _mm_loadu_si128(
                reinterpret_cast<const __m128i*>(text + 64 * block + 16 * part));
            const __m128i small = _mm_sub_epi8(_mm_or_si128(bytes, to_small), from_a);
            const __m128i is_letter = _mm_cmplt_epi8(small, n_letters);
            const __m128i is_number = _mm_cmplt_epi8(_mm_sub_epi8(bytes, from_zero), n_digits);
            const __m128i inside = _mm_or_si128(_mm_or_si128(is_letter, is_number), bytes);
            const auto shift = 16 * part;
            found.inside |= std::uint64_t(std::uint32_t(_mm_movemask_epi8(inside))) << shift;
            found.foreign |= std::uint64_t(std::uint32_t(_mm_movemask_epi8(bytes))) << shift;
        }
        masks[block] = found;
    }
}

[[gnu::target("avx2,bmi,bmi2")]] void classify_avx2(const std::uint8_t* text,
                                                    std::size_t n_blocks, Masks* masks) {
    const __m256i to_small = _mm256_set1_epi8(0x20), from_a = _mm256_set1_epi8('a' - 128),
                  from_zero = _mm256_set1_epi8(static_cast<char>('0' + 128)),
                  n_letters = _mm256_set1_epi8(-128 + 26), n_digits = _mm256_set1_epi8(-128 + 10);
    for (std::size_t block = 0; block < n_blocks; ++block) {
        Masks found{0, 0};
        for (std::size_t part = 0; part < 2; ++part) {
            const __m256i bytes = _mm256_loadu_si256(
                reinterpret_cast<const __m256i*>(text + 64 * block + 32 * part));
            const __m256i small = _mm256_sub_epi8(_mm256_or_si256(bytes, to_small), from_a);
            const __m256i is_letter = _mm256_cmpgt_epi8(n_letters, small);
            const __m256i is_number =
                _mm256_cmpgt_epi8(n_digits, _mm256_sub_epi8(bytes, from_zero));
            const __m256i inside = _mm256_or_si256(_mm256_or_si256(is_letter, is_number), bytes);
            const auto shift = 32 * part;
            found.inside |= std::uint64_t(std::uint32_t(_mm256_movemask_epi8(inside))) << shift;
            found.foreign |= std::uint64_t(std::uint32_t(_mm256_movemask_epi8(bytes))) << shift;
        }
        masks[block] = found;
    }
}
#endif

// Writes the edges of one block; returns their number.
[[gnu::always_inline]] inline std::int64_t write_edges(Masks block, std::uint64_t before,
                                                       std::int64_t at, std::int64_t* edges) {
    const std::uint64_t changes = block.inside ^ (block.inside << 1 | before);
    const std::int64_t n_changes = std::popcount(changes);
    std::uint64_t left = changes;
    // Always write eight: fewer mispredicted branches.
    for (std::int64_t first = 0; first < n_changes; first += 8)
        for (std::int64_t step = 0; step < 8; ++step) {
            edges[first + step] = at + std::countr_zero(left);
            left &= left - 1;
        }
    std::uint64_t foreign = block.foreign & ~(block.foreign << 1);
    for (; foreign != 0; foreign &= foreign - 1) {
        const std::uint64_t up_to = foreign ^ (foreign - 1);
        // May be the last edge of the previous block.
        edges[std::popcount(changes & up_to) - 1] |= foreign_bit;
    }
    return n_changes;
}

[[gnu::always_inline]] inline std::int64_t cut_runs(const std::uint8_t* text, std::int64_t at,
                                                    std::int64_t end, std::int64_t* edges,
                                                    Variant variant) {
    std::int64_t n_edges = 0;
    std::uint64_t before = 0;
    std::array<Masks, n_abreast> masks;
    while (at < end) {
        const std::int64_t n = std::min(n_abreast, (end - at + block_size - 1) / block_size);
        classify_blocks(text + at, static_cast<std::size_t>(n), masks.data(), variant);
        for (std::int64_t k = 0; k < n; ++k, at += block_size) {
            Masks block = masks[k];
            if (end - at < block_size) {
                const std::uint64_t here = (std::uint64_t{1} << (end - at)) - 1;
                block = {block.inside & here, block.foreign & here};
            }
            n_edges += write_edges(block, before, at, edges + n_edges);
            before = block.inside >> (block_size - 1);
        }
    }
    if (n_edges & 1) edges[n_edges++] = end;
    return n_edges;
}

#if defined(__x86_64__)
[[gnu::target("avx2,bmi,bmi2")]] std::int64_t cut_runs_avx2(const std::uint8_t* text,
                                                            std::int64_t at, std::int64_t end,
                                                            std::int64_t* edges) {
    return cut_runs(text, at, end, edges, Variant::avx2);
}
#endif

}  // namespace

void classify_blocks(const std::uint8_t* text, std::size_t n_blocks, Masks* masks,
                     Variant variant) {
#if defined(__x86_64__)
    if (variant >= Variant::avx2) return classify_avx2(text, n_blocks, masks);
    if (variant == Variant::sse2) return classify_sse2(text, n_blocks, masks);
#endif
    static_cast<void>(variant);
    classify_portable(text, n_blocks, masks);
}

std::int64_t find_edges(const std::uint8_t* text, std::int64_t at, std::int64_t end,
                        std::int64_t* edges, Variant variant) {
#if defined(__x86_64__)
    if (variant >= Variant::avx2) return cut_runs_avx2(text, at, end, edges);
#endif
    return cut_runs(text, at, end, edges, variant);
}

}  // namespace dedup
