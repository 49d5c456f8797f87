// Step: tokens of the articles of one outlet -> shingles that many articles have.
//
// Shingles are runs of k tokens, across sentences, since real texts lack line breaks and full
// stops; and each shorter sentence or line as a whole.
//
// hashes   uint64 (n_tokens,), token hashes of the articles.
// flags    uint8 (n_tokens,), their flags.
// offsets  int64 (n_articles + 1,), tokens before each article.
// k        tokens in a shingle, 1 or more.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace dedup {

// Tokens of articles, one article after the other.
struct Articles {
    std::span<const std::uint64_t> hashes;
    std::span<const std::uint8_t> flags;
    std::span<const std::int64_t> offsets;
};

// Occurrences of shingles, by column: key, first token, tokens and article.
struct Shingles {
    std::vector<std::uint64_t> keys;
    std::vector<std::int64_t> firsts, widths, owners;

    void add(std::uint64_t key, std::int64_t first, std::int64_t width, std::int64_t owner);
};

// Conditions for a spread shingle.
//
// max_resemblance  maximum share of equal slots of two unrelated articles.
// min_stories      mutually unrelated articles that make it spread;
// min_days         or the number of their days.
struct Spread {
    double max_resemblance;
    std::int64_t min_stories, min_days;
};

// Articles that contain shingles.
//
// days        int64 (n_articles,), the day of each; negative if unknown.
// signatures  uint32 (n_articles, n_perm), signatures of the text that no other article repeats.
//             An article with too little of it has only empty slots and counts as no story.
// is_own      (n_articles,), whether this text is most of the article. Any other article may be
//             one of many copies: it counts for its day alone, if that is known.
struct Tellers {
    std::span<const std::int64_t> days;
    std::span<const std::uint32_t> signatures;
    std::span<const bool> is_own;
};

// Returns one hash of some tokens in their order.
std::uint64_t hash_tokens(std::span<const std::uint64_t> hashes);

// Finds the shingles that at least min_articles articles contain.
// Returns their occurrences by key and then by first token.
Shingles find_repeats(const Articles& articles, std::int64_t k, std::int64_t min_articles);

// Finds the shingles with known keys, which are ascending.
// Returns their occurrences in the order of the tokens.
Shingles find_known(const Articles& articles, std::int64_t k,
                    std::span<const std::uint64_t> known);

// Marks the tokens that shingles cover: changes `covered`, (n_tokens,), in place.
void cover_tokens(std::span<const std::int64_t> firsts, std::span<const std::int64_t> widths,
                  std::span<bool> covered);

// Returns which shingles occur in unrelated articles, and not only in one running story.
//
// keys, owners  (n,), as returned by find_repeats.
//
// Returns (n,), 1 for the occurrences of a spread shingle. At most 64 of its articles are checked,
// in equal steps; each counts as a story if it is unrelated to all counted before.
std::vector<std::uint8_t> keep_spread(std::span<const std::uint64_t> keys,
                                      std::span<const std::int64_t> owners,
                                      const Tellers& tellers, const Spread& spread);

}  // namespace dedup
