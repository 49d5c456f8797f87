#include "stored.hpp"

#include "hash.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <stdexcept>

namespace dedup {

namespace {

constexpr std::uint32_t long_number = 0x8000, low_number = 0x7FFF;
constexpr int number_bits = 15, cut_at = 5, role_at = 6;
// Words whose slots are fetched before they are looked at.
constexpr std::size_t n_ahead = 8;
constexpr std::uint64_t max_place = std::numeric_limits<std::uint32_t>::max();

// First slot to look at. The stem of most words is the word.
std::size_t find_home(const Vocabulary& vocabulary, std::uint64_t hash, std::uint64_t stem) {
    return (hash ^ stem >> 7) & (vocabulary.slots.size() - 1);
}

// Slot of a word: its own, or the free one for it.
std::size_t find_slot(const Vocabulary& vocabulary, std::uint64_t hash, std::uint64_t stem) {
    const std::size_t mask = vocabulary.slots.size() - 1;
    std::size_t slot = find_home(vocabulary, hash, stem);
    for (std::size_t n_read = 0; n_read <= mask; ++n_read, slot = (slot + 1) & mask) {
        const std::size_t number = vocabulary.slots[slot];
        if (number == 0) return slot;
        if (number > vocabulary.n_words)
            throw std::invalid_argument("slots: number of no word");
        if (vocabulary.words[2 * number - 2] == hash && vocabulary.words[2 * number - 1] == stem)
            return slot;
    }
    throw std::invalid_argument("slots: none is free");
}

class Writer {
public:
    explicit Writer(std::vector<std::uint8_t>& bytes) : bytes_(bytes) {}

    void write(std::uint32_t number, std::uint8_t flags, std::uint8_t marks, std::uint32_t gap,
               std::uint32_t length) {
        std::uint8_t token[max_token_bytes];
        std::uint8_t* to = token;
        put(to, number < long_number ? number : (number & low_number) | long_number, 2);
        if (number >= long_number) put(to, number >> number_bits, 2);
        *to++ = flags;
        *to++ = static_cast<std::uint8_t>(marks | std::min(gap, max_gap));
        *to++ = static_cast<std::uint8_t>(std::min(length, max_length));
        if (gap >= max_gap) put(to, gap, 4);
        if (length >= max_length) put(to, length, 4);
        bytes_.insert(bytes_.end(), token, to);
    }

private:
    static void put(std::uint8_t*& to, std::uint32_t value, int n) {
        for (int k = 0; k < n; ++k) *to++ = static_cast<std::uint8_t>(value >> 8 * k);
    }

    std::vector<std::uint8_t>& bytes_;
};

std::uint32_t get(const std::uint8_t*& from, int n) {
    std::uint32_t value = 0;
    for (int k = 0; k < n; ++k) value |= std::uint32_t{*from++} << 8 * k;
    return value;
}

struct Token {
    std::uint32_t number, gap, length;
    std::uint8_t flags, marks;
};

// Reads a token of any size from max_token_bytes; returns the bytes that it takes.
std::size_t read_long(const std::uint8_t* bytes, Token& token) {
    const std::uint8_t* from = bytes;
    token.number = get(from, 2);
    if (token.number >= long_number)
        token.number = (token.number & low_number) | get(from, 2) << number_bits;
    token.flags = *from++;
    token.marks = *from++;
    token.length = *from++;
    token.gap = token.marks & max_gap;
    if (token.gap == max_gap) token.gap = get(from, 4);
    if (token.length == max_length) token.length = get(from, 4);
    return static_cast<std::size_t>(from - bytes);
}

// Reads a token from bytes that may end before it.
std::size_t read_last(std::span<const std::uint8_t> bytes, Token& token) {
    std::uint8_t padded[max_token_bytes] = {};
    std::copy_n(bytes.begin(), std::min(bytes.size(), max_token_bytes), padded);
    return read_long(padded, token);
}

std::uint32_t add(std::uint64_t place, std::uint32_t distance) {
    if (place + distance > max_place) throw std::invalid_argument("bytes: span past the end");
    return static_cast<std::uint32_t>(place + distance);
}

// Reads a token; returns the bytes that it takes. Most take the least.
inline std::size_t read_token(const std::uint8_t* bytes, std::size_t n_left, Token& token) {
    if (n_left < max_token_bytes) return read_last({bytes, n_left}, token);
    const std::uint64_t word = load_word(bytes);
    const Token own{static_cast<std::uint32_t>(word & 0xFFFF),
                    static_cast<std::uint32_t>(word >> 24 & max_gap),
                    static_cast<std::uint32_t>(word >> 32 & 0xFF),
                    static_cast<std::uint8_t>(word >> 16), static_cast<std::uint8_t>(word >> 24)};
    if (own.number >= long_number || own.gap == max_gap || own.length == max_length)
        return read_long(bytes, token);
    token = own;
    return min_token_bytes;
}

// Unpacks the tokens [first, last), which are one article.
void unpack_article(std::span<const std::uint8_t> bytes, std::span<const std::uint64_t> words,
                    std::int64_t first, std::int64_t last, const LoadedTokens loaded,
                    std::vector<std::int64_t>& cuts) {
    const std::size_t n_words = words.size() / 2;
    const std::uint8_t* from = bytes.data();
    std::size_t n_left = bytes.size();
    std::uint32_t end = 0;
    for (std::int64_t at = first; at < last; ++at) {
        Token token;
        const std::size_t size = read_token(from, n_left, token);
        if (size > n_left) throw std::invalid_argument("bytes: an article is cut off");
        from += size;
        n_left -= size;
        if (token.number >= n_words) throw std::invalid_argument("bytes: number of no word");
        loaded.hashes[at] = words[2 * std::size_t{token.number}];
        loaded.stems[at] = words[2 * std::size_t{token.number} + 1];
        const std::uint32_t start = add(end, token.gap);
        loaded.starts[at] = start;
        loaded.ends[at] = end = add(start, token.length);
        loaded.flags[at] = token.flags;
        loaded.roles[at] = token.marks >> role_at;
        if (token.marks >> cut_at & 1) cuts.push_back(at);
    }
    if (n_left > 0) throw std::invalid_argument("bytes: more than the tokens of an article");
}

}  // namespace

std::vector<std::uint32_t> number_words(std::span<const std::uint64_t> hashes,
                                        std::span<const std::uint64_t> stems,
                                        Vocabulary& vocabulary) {
    const std::size_t most = std::min(vocabulary.words.size(), vocabulary.slots.size()) / 2;
    std::vector<std::uint32_t> numbers;
    numbers.reserve(hashes.size());
    for (std::size_t at = 0; at < hashes.size(); ++at) {
        if (at + n_ahead < hashes.size())
            __builtin_prefetch(&vocabulary.slots[find_home(vocabulary, hashes[at + n_ahead],
                                                           stems[at + n_ahead])]);
        std::uint32_t& number = vocabulary.slots[find_slot(vocabulary, hashes[at], stems[at])];
        if (number == 0) {
            if (vocabulary.n_words >= most) break;
            vocabulary.words[2 * vocabulary.n_words] = hashes[at];
            vocabulary.words[2 * vocabulary.n_words + 1] = stems[at];
            number = static_cast<std::uint32_t>(++vocabulary.n_words);
        }
        numbers.push_back(number - 1);
    }
    return numbers;
}

StoredTokens pack_tokens(const TokenColumns& tokens, std::span<const std::int64_t> offsets) {
    StoredTokens stored;
    stored.bytes.reserve((offsets.back() - offsets.front()) * (min_token_bytes + 1));
    Writer writer(stored.bytes);
    auto cut = std::lower_bound(tokens.cuts.begin(), tokens.cuts.end(), offsets.front());
    for (std::size_t article = 0; article + 1 < offsets.size(); ++article) {
        const std::size_t before = stored.bytes.size();
        std::uint32_t end = 0;
        for (std::int64_t at = offsets[article]; at < offsets[article + 1]; ++at) {
            if (tokens.starts[at] < end || tokens.ends[at] < tokens.starts[at])
                throw std::invalid_argument("starts and ends: spans overlap or decrease");
            const bool is_cut = cut != tokens.cuts.end() && *cut == at;
            cut += is_cut;
            const auto marks =
                static_cast<std::uint8_t>(tokens.roles[at] << role_at | is_cut << cut_at);
            writer.write(tokens.numbers[at], tokens.flags[at], marks, tokens.starts[at] - end,
                         tokens.ends[at] - tokens.starts[at]);
            end = tokens.ends[at];
        }
        stored.counts.push_back(static_cast<std::int64_t>(stored.bytes.size() - before));
    }
    return stored;
}

std::vector<std::int64_t> unpack_tokens(std::span<const std::uint8_t> bytes,
                                        std::span<const std::int64_t> bounds,
                                        std::span<const std::int64_t> offsets,
                                        std::span<const std::uint64_t> words,
                                        const LoadedTokens& loaded) {
    std::vector<std::int64_t> cuts;
    for (std::size_t k = 0; k + 1 < offsets.size(); ++k)
        unpack_article(bytes.subspan(bounds[k], bounds[k + 1] - bounds[k]), words, offsets[k],
                       offsets[k + 1], loaded, cuts);
    return cuts;
}

}  // namespace dedup
