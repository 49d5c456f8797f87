// Step: two articles -> a pair: their content words, numbered and weighed together.
//
// What depends on one article alone is prepared once; a pair then costs one pass over the
// distinct stems. i and j count content words of a and b, p and q all their tokens.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "stream.hpp"

namespace dedup {

// What one article says of its content words, whatever it is compared with.
struct Article {
    std::vector<std::int32_t> tokens;    // (n_content,) token index
    std::vector<std::int32_t> distinct;  // (n_content,) number of the stem in this article
    std::vector<float> information;      // (n_content,) bits by frequency in news
    std::vector<float> share;            // (n_content,) part that is left of a fact's information
    std::vector<float> own_bits;         // (n_content,) bits of a word that the other side lacks
    std::vector<std::uint8_t> is_fact;   // (n_content,) names and numbers
    std::vector<std::uint64_t> stems;    // (n_distinct,) in the order of their first occurrence
    std::vector<std::int32_t> counts;    // (n_distinct,) occurrences
    std::vector<double> caps;            // most bits of a stem, by its occurrences
    std::vector<std::uint64_t> keys;     // open-addressing table of stems, a power of two
    std::vector<std::int32_t> slots;     // number of the stem in each slot, -1 where free
};

// Prepares an article. idf: uint8 (2**20,), eighths of a bit by the top bits of a stem.
void prepare_article(const Stream& tokens, std::span<const std::uint8_t> idf, Article& article);

// Content words of one side of a pair. stems: number common to both sides, -1 where the other
// side lacks it; bits: float32, what the word is worth as evidence.
struct Side {
    const std::int32_t* tokens;
    const std::int32_t* stems;
    const float* bits;
    const std::uint8_t* is_fact;
    std::int64_t n;
};

// Two articles, numbered together. The vectors are reused from pair to pair; only the parts that
// the current pair needs are written.
class Pair {
public:
    Stream a, b;
    Side side_a, side_b;
    // Tokens before which something is masked, counted from the start of the article, increasing.
    std::vector<std::int64_t> cuts_a, cuts_b;
    // Bits of all tokens, float32 (n_tokens,), and their running totals, float64 (n_tokens + 1,).
    std::vector<float> bits_a, bits_b;
    std::vector<double> mass_a, mass_b;
    // Stems that both sides have.
    std::int64_t n_stems;
    // Anchors i << 32 | j, and the same words as matches p << 32 | q, both sorted.
    std::vector<std::int64_t> anchors, matches;

    // Numbers the content words. Both articles and all that the streams point to must outlive
    // the use of the pair.
    void number(const Stream& tokens_a, const Article& article_a, const Stream& tokens_b,
                const Article& article_b);
    // Weighs every token: bits and running totals.
    void weigh();
    // Makes matches of the anchors.
    void place_anchors();
    // Whether both articles have the same words, and nothing masked among them.
    bool is_copy() const;

private:
    std::vector<std::int32_t> map_a_, map_b_, stems_a_, stems_b_;
    std::vector<float> weights_a_, weights_b_;
    std::vector<double> caps_;
};

// Takes the matches with p in [p, p_end) and q in [q, q_end), counted from (p, q).
void matches_within(const std::vector<std::int64_t>& matches, std::int64_t p, std::int64_t p_end,
                    std::int64_t q, std::int64_t q_end, std::vector<std::int64_t>& inside);

}  // namespace dedup
