// Step: two articles -> a pair: their content words, numbered and weighed together.
//
// Data of one article is prepared once, so that a pair costs one pass over the distinct stems. i
// and j index content words of a and b; p and q index tokens.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "stream.hpp"

namespace dedup {

// Words in a row that may be part of a long run; see RunFinder.
constexpr std::int64_t gram_words = 8;

// A content word: number of its stem in the article, its cell in the table of frequencies, and its
// kind; see information.hpp. Articles lie in no cache, so every byte counts.
struct Word {
    std::int32_t stem;
    std::uint8_t information, kind;
};

// A stem of an article, and the most bits that its occurrences carry.
struct Stem {
    std::uint64_t hash;
    double cap;
};

// Content words of one article, prepared for any comparison. Owns the memory of all columns.
struct Article {
    std::unique_ptr<std::byte[]> memory;     // 2**log_size bytes
    int log_size = 0;
    std::span<const std::int32_t> tokens;    // (n_content,) token index
    std::span<const Word> words;             // (n_content,)
    std::span<const std::uint8_t> is_fact;   // (n_content,) names and numbers
    std::span<const Stem> stems;             // (n_distinct,) in the order of their first occurrence
    std::span<const std::int32_t> slots;     // open-addressing table of stems, 2**k slots; or -1
    std::span<const std::uint32_t> grams;    // hashes of gram_words words in a row, by the first
    std::span<const std::uint64_t> filter;   // a bit of each gram, a power of two of words
};

// Knuth's multiplicative hash: 2**64 by the golden ratio; odd, so that no word is lost.
constexpr std::uint64_t gram_factor = 0x9E3779B97F4A7C15;

// Prepares articles. Holds the scratch memory of one thread.
class ArticleMaker {
public:
    // idf: uint8 (2**21,), eighths of a bit by the top bits of a stem: words, then pairs.
    explicit ArticleMaker(std::span<const std::uint8_t> idf) : idf_(idf) {}
    ArticleMaker(const ArticleMaker&) = delete;
    ArticleMaker& operator=(const ArticleMaker&) = delete;

    Article make(const Stream& tokens);
    // Takes back the memory of an article, for others.
    void recycle(Article& article);

private:
    std::int64_t list_content(const Stream& tokens);
    void number_distinct(const Stream& tokens);
    void find_caps();
    void hash_grams(const Stream& tokens);
    Article keep();
    std::unique_ptr<std::byte[]> take(int log_size);

    const std::span<const std::uint8_t> idf_;
    // Of the article at hand, as in Article, and some room.
    std::vector<std::int32_t> tokens_, slots_;
    std::vector<Word> words_;
    std::vector<std::uint8_t> is_fact_;
    std::vector<Stem> stems_;
    std::vector<std::uint32_t> grams_;
    std::vector<std::uint64_t> filter_;
    std::int64_t n_content_ = 0, n_grams_ = 0;
    std::size_t n_stems_ = 0;
    // Free memory, by the logarithm of its size.
    std::array<std::vector<std::unique_ptr<std::byte[]>>, 64> free_;
};

// Whether the article may have a gram; if not, it has not.
inline bool may_have(const Article& article, std::uint32_t gram) {
    const std::uint64_t bit = gram & (64 * article.filter.size() - 1);
    return article.filter[bit / 64] >> bit % 64 & 1;
}

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
    // A stem of one side: its common number or -1, and the most bits of an occurrence.
    struct Place {
        double cap;
        std::int32_t number;
    };

    static void open_places(const Article& article, std::vector<Place>& places);
    static void place_side(const Article& article, const std::vector<Place>& places,
                           std::vector<std::int32_t>& stems, std::vector<float>& weights);

    std::vector<Place> places_a_, places_b_;
    std::vector<std::int32_t> stems_a_, stems_b_;
    std::vector<float> weights_a_, weights_b_;
};

// Selects the matches in [p, p_end) and [q, q_end), relative to (p, q).
void matches_within(const std::vector<std::int64_t>& matches, std::int64_t p, std::int64_t p_end,
                    std::int64_t q, std::int64_t q_end, std::vector<std::int64_t>& inside);

}  // namespace dedup
