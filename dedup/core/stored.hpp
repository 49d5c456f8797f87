// Step: tokens <-> the bytes in which a collection stores them, about 5 a token.
//
// Words are numbered: a word is the hash of a token and that of its stem. A token is, little-endian:
//
//   number  2 bytes below 0x8000. Else 2 bytes of its low 15 bits and the top bit, and 2 of the rest.
//   flags   1 byte.
//   marks   1 byte: code points since the end of the token before, or from the start of the article,
//           in 5 bits; 1 bit if masked text precedes it; its role in 2 bits.
//   length  1 byte, code points.
//   rest    4 bytes of a distance of max_gap or more, then 4 of a length of max_length or more.
//
// Fewer tokens of an article never take more bytes: the least token is larger than a distance.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace dedup {

// Numbers are smaller; distances and lengths of one byte too.
inline constexpr std::size_t max_numbers = std::size_t{1} << 31;
inline constexpr std::uint32_t max_gap = 31, max_length = 255;
// Bytes of a token.
inline constexpr std::size_t min_token_bytes = 5, max_token_bytes = 15;

// Numbers of words, an open-addressing table; both arrays are changed in place.
//
// words  uint64 (2 * capacity,), hash and stem of each word.
// slots  uint32 (a power of two,), number + 1, or 0 where free. At most half are used.
struct Vocabulary {
    std::span<std::uint64_t> words;
    std::span<std::uint32_t> slots;
    std::size_t n_words;
};

// Numbers some words, and adds those that are new, until the vocabulary is full.
//
// Returns the numbers of the words before that.
std::vector<std::uint32_t> number_words(std::span<const std::uint64_t> hashes,
                                        std::span<const std::uint64_t> stems,
                                        Vocabulary& vocabulary);

// Columns of tokens, article by article; see dedup/text/tokenize.py.
//
// cuts  ascending, tokens that masked text precedes.
struct TokenColumns {
    std::span<const std::uint32_t> numbers, starts, ends;
    std::span<const std::uint8_t> flags, roles;
    std::span<const std::int64_t> cuts;
};

struct StoredTokens {
    std::vector<std::uint8_t> bytes;
    std::vector<std::int64_t> counts;  // bytes of each article
};

// Throws if spans overlap or decrease.
StoredTokens pack_tokens(const TokenColumns& tokens, std::span<const std::int64_t> offsets);

// Columns to fill, (n_tokens,).
struct LoadedTokens {
    std::span<std::uint64_t> hashes, stems;
    std::span<std::uint32_t> starts, ends;
    std::span<std::uint8_t> flags, roles;
};

// Unpacks articles, and returns the cuts; throws if their bytes are not those of their tokens.
//
// bounds   int64 (n_articles + 1,), bytes before each article.
// offsets  int64 (n_articles + 1,), tokens before each.
// words    uint64 (2 * n_words,), hash and stem of each word.
std::vector<std::int64_t> unpack_tokens(std::span<const std::uint8_t> bytes,
                                        std::span<const std::int64_t> bounds,
                                        std::span<const std::int64_t> offsets,
                                        std::span<const std::uint64_t> words,
                                        const LoadedTokens& loaded);

}  // namespace dedup
