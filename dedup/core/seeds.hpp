// Step: content stems -> seeds, the sampled pair-shingles that find passages.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace dedup {

// Selection of pairs.
struct SeedRules {
    std::int64_t window;       // content words among which two make a pair, at least 1
    double min_bits;           // least information of a pair
    std::uint64_t sample;      // one key in so many is kept, at least 1
    std::int64_t max_repeats;  // occurrences of a key in an article that are kept
};

// Seeds of some articles, article by article.
struct Seeds {
    std::vector<std::uint64_t> keys;       // (n_seeds,)
    std::vector<std::uint32_t> positions;  // (n_seeds,), token of the later word
    std::vector<std::uint16_t> words;      // (n_seeds, 2), numbers of the stems, modulo 65,536
    std::vector<std::uint8_t> evidence;    // (n_seeds, 2), eighths of a bit
    std::vector<std::int64_t> offsets;     // (n_articles + 1,)
};

// Finds the seeds of a batch of articles.
//
// stems    uint64 (n_tokens,), stem hashes of all articles.
// flags    uint8 (n_tokens,).
// offsets  int64 (n_articles + 1,), tokens before each article.
// idf      uint8 (2**21,), eighths of a bit by the top bits of a stem hash: words, then pairs.
Seeds find_seeds(std::span<const std::uint64_t> stems, std::span<const std::uint8_t> flags,
                 std::span<const std::int64_t> offsets, std::span<const std::uint8_t> idf,
                 const SeedRules& rules);

}  // namespace dedup
