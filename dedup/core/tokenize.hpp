// Step: UTF-8 -> tokens: positions, folded bytes, hashes.
//
// A token is a run of letters, digits and marks, one character of a script without spaces, or a
// listed word of Thai: the longest that starts there; letters that start none are one token. An
// apostrophe or a hyphen ends a token. Runs are split after max_token code points, to bound tokens.
// In a word of Latin and of Cyrillic or Greek letters, the fewer become those that look alike.
//
// Text is first split into runs of ASCII letters and digits, and of non-ASCII bytes, 64 bytes at a
// time (edges.hpp). A short ASCII run is a token, folded by setting one bit per byte. Other runs
// are read by code point. Up to 15 folded bytes are kept in two words, so that hashing needs no
// branches.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "edges.hpp"
#include "flags.hpp"
#include "variant.hpp"

namespace dedup {

// Kinds of code points; kinds from letter on belong to words. The order is that of fold.npz.
enum Kind : std::uint8_t {
    other, space, newline, full_stop, terminator, clause, open_quote, close_quote,
    straight_quote, apostrophe, ignorable, letter, lower, upper, digit,
    hangul,     // its words count as dense
    spaceless,  // Han and kana: one character is a token, and dense
    abugida,    // Lao, Khmer, Myanmar: one letter is a token
    segmented   // Thai: words are listed
};

// Classes of listed words: function words, those of English, words that are cut from a script
// without spaces, function syllables of Vietnamese, function words in text that is not English,
// those of Malay and Indonesian.
inline constexpr std::uint8_t class_stop = 1, class_english = 2, class_word = 4,
                              class_syllable = 8, class_foreign = 16, class_malay = 32;
// Maximum letters of a listed word of a script without spaces.
inline constexpr std::int64_t max_listed = 12;

// Entry of the folding table for a code point that folds to itself; and the first entry that
// encodes a run: its position, shifted by five, and its length.
inline constexpr std::uint32_t folds_to_self = 0xFFFFFFFF, folds_to_run = 0xFF000000;

inline constexpr std::int64_t max_token = 128, max_run = 18;
inline constexpr std::size_t scratch_size = max_token * max_run * 4 + 16;
// Maximum folded bytes of a token in two words; longer ones have long_size.
inline constexpr std::uint64_t max_short = 15;
inline constexpr std::uint8_t long_size = 255;

// Kind and fold of each code point; layout in tools/make_fold.py. Its creators check that every
// entry is in range, and that no code point below U+0800 except U+FFFD is a token of its own, so
// that one token per two bytes is enough room.
struct Folding {
    std::vector<std::uint16_t> pages;
    std::vector<std::uint8_t> kinds;
    std::vector<std::uint32_t> folds, runs;
    // Listed words: an open-addressing table of hashes, a power of two, 0 where free; and classes.
    std::vector<std::uint64_t> listed;
    std::vector<std::uint8_t> classes;

    // Classes of a listed word, 0 for any other.
    std::uint8_t find_class(std::uint64_t hash) const {
        const std::uint64_t mask = listed.size() - 1;
        for (std::uint64_t slot = hash & mask; listed[slot] != 0; slot = (slot + 1) & mask)
            if (listed[slot] == hash) return classes[slot];
        return 0;
    }

    // Index of a code point in kinds and folds.
    std::size_t entry(std::uint64_t code) const {
        return std::size_t{pages[code >> 8]} << 8 | (code & 0xFF);
    }
};

// Buffers for the tokens of one article of n bytes; arrays of (n / 2 + 1,) unless noted.
//
// edges         int64 (n + 2 + 64,), as in find_edges.
// starts, ends  int64, bytes of the text.
// heads, tails  uint64, folded bytes 0 to 7 and 8 to 15, little-endian; undefined past the size.
//               For a long token, its hash and 0.
// sizes         uint8, folded bytes, or long_size.
// points        uint8, code points, without skipped ones.
// flags         uint8, is_capital, is_digit, is_spaceless; is_content if it is long enough;
//               is_dense if its script is.
// scratch       uint8 (scratch_size,), folded bytes of the current token.
struct Words {
    std::int64_t *edges, *starts, *ends;
    std::uint64_t *heads, *tails;
    std::uint8_t *sizes, *points, *flags, *scratch;
};

// Words with owned memory.
class Room {
public:
    explicit Room(std::size_t n_bytes);
    const Words& words() const { return words_; }
    std::uint64_t* hashes() const { return numbers_.get() + 2 * n_; }
    std::uint64_t* shingles() const { return numbers_.get() + 3 * n_; }

private:
    std::size_t n_;
    std::unique_ptr<std::int64_t[]> places_;
    std::unique_ptr<std::uint64_t[]> numbers_;
    std::unique_ptr<std::uint8_t[]> bytes_;
    Words words_;
};

// Bytes of the longest article, the size of a Room.
std::size_t find_longest(std::span<const std::int64_t> offsets);

struct Found {
    std::int64_t n_words;
    bool is_ascii;
};

// Finds the tokens of one article.
//
// text          uint8, readable up to padding bytes past end; surrogates may stand as three bytes.
// first, end    first byte of the article and one past its last.
// is_described  whether to write all of words, or only the input of hash_words.
Found find_words(const std::uint8_t* text, std::int64_t first, std::int64_t end,
                 const Folding& folding, const Words& words, bool is_described, Variant variant);

// Writes the fold of one token to uint8 (scratch_size,); returns its bytes.
std::int64_t fold_word(const std::uint8_t* text, std::int64_t start, std::int64_t end,
                       const Folding& folding, std::uint8_t* folded);

// Hashes n tokens with XXH64, seed 0.
void hash_words(const std::uint64_t* heads, const std::uint64_t* tails, const std::uint8_t* sizes,
                std::uint64_t* hashes, std::size_t n, Variant variant);

struct CodePoint {
    std::int64_t code, width;
};

// Decodes the first code point of eight bytes; `left` bytes belong to the text. An invalid byte is
// U+FFFD, one byte long.
inline CodePoint decode(std::uint64_t raw, std::int64_t left) {
    const auto first = static_cast<std::int64_t>(raw & 0xFF);
    if (first < 0x80) return {first, 1};
    const auto second = static_cast<std::int64_t>((raw >> 8 & 0xFF) ^ 0x80);
    if (0xC2 <= first && first < 0xE0 && left > 1 && second < 0x40)
        return {(first & 0x1F) << 6 | second, 2};
    const auto third = static_cast<std::int64_t>((raw >> 16 & 0xFF) ^ 0x80);
    if (0xE0 <= first && first < 0xF0 && left > 2 && (second | third) < 0x40) {
        const std::int64_t code = (first & 0x0F) << 12 | second << 6 | third;
        return code >= 0x800 ? CodePoint{code, 3} : CodePoint{0xFFFD, 1};
    }
    const auto fourth = static_cast<std::int64_t>((raw >> 24 & 0xFF) ^ 0x80);
    if (0xF0 <= first && first < 0xF5 && left > 3 && (second | third | fourth) < 0x40) {
        const std::int64_t code = (first & 0x07) << 18 | second << 12 | third << 6 | fourth;
        return 0x10000 <= code && code <= 0x10FFFF ? CodePoint{code, 4} : CodePoint{0xFFFD, 1};
    }
    return {0xFFFD, 1};
}

struct ByteMasks {
    std::uint64_t head, tail;
};

// Masks of head and tail for a token of 0 to 15 bytes.
inline ByteMasks mask_bytes(std::int64_t size) {
    const auto mask = [](std::int64_t n) {
        return n >= 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << 8 * (n < 0 ? 0 : n)) - 1;
    };
    return {mask(size), mask(size - 8)};
}

}  // namespace dedup
