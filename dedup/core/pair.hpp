// Step: two articles -> a pair: their content words, numbered and weighed together.
//
// Data of one article is prepared once, so that a pair costs one pass over the distinct stems. i
// and j index content words of a and b; p and q index tokens.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "stream.hpp"

namespace dedup {

// Words in a row that may be part of a long run; see RunFinder.
constexpr std::int64_t gram_words = 8;

// Content words of one article, prepared for any comparison.
struct Article {
    std::vector<std::int32_t> tokens;    // (n_content,) token index
    std::vector<std::int32_t> distinct;  // (n_content,) number of the stem in this article
    std::vector<float> information;      // (n_content,) bits by frequency in news
    std::vector<float> share;            // (n_content,) share of its information that a word keeps
    std::vector<float> own_bits;         // (n_content,) bits of a word that the other side lacks
    std::vector<std::uint8_t> is_fact;   // (n_content,) names and numbers
    std::vector<std::uint64_t> stems;    // (n_distinct,) in the order of their first occurrence
    std::vector<std::int32_t> counts;    // (n_distinct,) occurrences
    std::vector<double> caps;            // most bits of a stem, by its occurrences
    std::vector<std::uint64_t> keys;     // open-addressing table of stems, a power of two
    std::vector<std::int32_t> slots;     // number of the stem in each slot, -1 where free
    std::vector<std::uint64_t> grams;    // hashes of gram_words words in a row, by the first
    std::vector<std::uint64_t> filter;   // a bit of each gram, a power of two of words
};

// Prepares an article. idf: uint8 (2**21,), eighths of a bit by the top bits of a stem: words, then
// pairs.
void prepare_article(const Stream& tokens, std::span<const std::uint8_t> idf, Article& article);

// Whether the article may have a gram; if not, it has not.
bool may_have(const Article& article, std::uint64_t gram);

// Content words of one side of a pair. stems: common number, or -1 if the other side lacks it;
// bits: float32, evidence of the word.
struct Side {
    const std::int32_t* tokens;
    const std::int32_t* stems;
    const float* bits;
    const std::uint8_t* is_fact;
    std::int64_t n;
};

// Two articles with common stem numbers. Vectors are reused between pairs; only the needed parts
// are written.
class Pair {
public:
    Stream a, b;
    Side side_a, side_b;
    // Tokens preceded by masked text, from the start of the article, increasing.
    std::vector<std::int64_t> cuts_a, cuts_b;
    // Bits of all tokens, float32 (n_tokens,), and their running totals, float64 (n_tokens + 1,).
    std::vector<float> bits_a, bits_b;
    std::vector<double> mass_a, mass_b;
    // Stems common to both sides.
    std::int64_t n_stems;
    // Anchors i << 32 | j, and the same as matches p << 32 | q, both sorted.
    std::vector<std::int64_t> anchors, matches;

    // Numbers the content words. Both articles and the arrays of the streams must outlive the pair.
    void number(const Stream& tokens_a, const Article& article_a, const Stream& tokens_b,
                const Article& article_b);
    // Weighs every token: bits and running totals.
    void weigh();
    // Converts the anchors to matches.
    void place_anchors();
    // Whether both articles have the same words, without masked text.
    bool is_copy() const;

private:
    std::vector<std::int32_t> map_a_, map_b_, stems_a_, stems_b_;
    std::vector<float> weights_a_, weights_b_;
    std::vector<double> caps_;
};

// Selects the matches in [p, p_end) and [q, q_end), relative to (p, q).
void matches_within(const std::vector<std::int64_t>& matches, std::int64_t p, std::int64_t p_end,
                    std::int64_t q, std::int64_t q_end, std::vector<std::int64_t>& inside);

}  // namespace dedup
