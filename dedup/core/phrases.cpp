#include "phrases.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <stdexcept>

#include "hash.hpp"

namespace dedup {

namespace {

constexpr std::uint64_t basis = 0xCBF29CE484222325, prime = 0x100000001B3;

// The small letter, digit or underscore of each byte; 0 for all others.
constexpr std::array<std::uint8_t, 256> list_small() {
    std::array<std::uint8_t, 256> small{};
    for (std::size_t byte = 'a'; byte <= 'z'; ++byte) {
        small[byte] = static_cast<std::uint8_t>(byte);
        small[byte - 'a' + 'A'] = static_cast<std::uint8_t>(byte);
    }
    for (std::size_t byte = '0'; byte <= '9'; ++byte) small[byte] = static_cast<std::uint8_t>(byte);
    small['_'] = '_';
    return small;
}

constexpr auto small = list_small();

// Reads the piece at `at`, and moves it to the piece's end; the hash is not 0.
std::uint64_t read_piece(std::span<const std::uint8_t> text, std::size_t& at) {
    std::uint64_t hash = basis;
    for (; at < text.size() && small[text[at]] != 0; ++at) hash = (hash ^ small[text[at]]) * prime;
    return std::max<std::uint64_t>(avalanche(hash), 1);
}

void skip_gap(std::span<const std::uint8_t> text, std::size_t& at) {
    while (at < text.size() && small[text[at]] == 0) ++at;
}

// Whether the code point at a byte above 0x7F is a known letter or punctuation; bytes that continue
// a code point are taken for known.
bool is_known(std::span<const std::uint8_t> text, std::size_t at) {
    const auto byte = [&](std::size_t step) {
        return at + step < text.size() ? text[at + step] : 0;
    };
    const int lead = text[at], second = byte(1), third = byte(2);
    if (lead == 0xC4) return second != 0xB0 && second != 0xB1;  // U+0130, U+0131
    if (lead == 0xC5) return second != 0xBF;                    // U+017F
    if (lead < 0xC9) return true;
    if (lead == 0xC9) return second < 0x90;                     // to U+024F
    if (lead == 0xE2) {
        if (second <= 0x81) return true;                        // U+2000 to U+207F
        if (second == 0x82) return third >= 0xA0;               // U+20A0 to U+20BF: money
        if (second == 0x84) return third == 0xA2;               // U+2122: trademark
        return 0x94 <= second && second < 0x9F;                 // U+2500 to U+27BF: symbols
    }
    return lead == 0xEF && second == 0xBB && third == 0xBF;     // U+FEFF: byte order mark
}

// Phrases by their first piece.
class PhraseTable {
public:
    PhraseTable(std::span<const std::uint64_t> firsts, std::span<const std::uint64_t> seconds)
        : firsts_(firsts), seconds_(seconds), heads_(std::bit_ceil(4 * firsts.size() + 1), none),
          next_(firsts.size(), none) {
        // From the last one, so that a chain is ascending.
        for (std::size_t phrase = firsts.size(); phrase-- > 0;) {
            auto& head = heads_[firsts[phrase] & (heads_.size() - 1)];
            next_[phrase] = head;
            head = static_cast<std::uint32_t>(phrase);
        }
    }

    // Calls a function with each phrase of a first and a second piece.
    template <class Take>
    void find(std::uint64_t first, std::uint64_t second, Take take) const {
        for (auto at = heads_[first & (heads_.size() - 1)]; at != none; at = next_[at])
            if (firsts_[at] == first && seconds_[at] == second) take(std::int64_t{at});
    }

private:
    static constexpr std::uint32_t none = 0xFFFFFFFF;
    std::span<const std::uint64_t> firsts_, seconds_;
    std::vector<std::uint32_t> heads_, next_;  // chains of the phrases of each slot
};

}  // namespace

PhraseKeys hash_phrases(std::span<const std::uint8_t> text,
                        std::span<const std::int64_t> offsets) {
    PhraseKeys keys;
    for (std::size_t k = 0; k + 1 < offsets.size(); ++k) {
        const auto phrase = text.subspan(offsets[k], offsets[k + 1] - offsets[k]);
        std::size_t at = 0;
        skip_gap(phrase, at);
        if (at == phrase.size()) throw std::invalid_argument("text: a phrase without ASCII letters");
        keys.firsts.push_back(read_piece(phrase, at));
        skip_gap(phrase, at);
        keys.seconds.push_back(at < phrase.size() ? read_piece(phrase, at) : 0);
    }
    return keys;
}

FoundPhrases find_phrases(std::span<const std::uint8_t> text,
                          std::span<const std::int64_t> offsets,
                          std::span<const std::uint64_t> firsts,
                          std::span<const std::uint64_t> seconds) {
    const PhraseTable table(firsts, seconds);
    FoundPhrases found;
    for (std::size_t k = 0; k + 1 < offsets.size(); ++k) {
        const auto own = text.subspan(offsets[k], offsets[k + 1] - offsets[k]);
        bool is_foreign = false;
        std::int64_t n_continued = 0;  // bytes that continue a code point
        std::uint64_t before = 0;      // the previous piece
        std::int64_t before_point = 0;
        for (std::size_t at = 0; at < own.size();) {
            if (small[own[at]] == 0) {
                if (own[at] >= 0x80) {
                    is_foreign |= !is_known(own, at);
                    n_continued += own[at] < 0xC0;
                }
                ++at;
                continue;
            }
            const auto point = static_cast<std::int64_t>(at) - n_continued;
            const std::uint64_t piece = read_piece(own, at);
            const auto take = [&](std::int64_t from) {
                return [&found, k, from](std::int64_t phrase) {
                    found.hits.push_back({static_cast<std::int64_t>(k), from, phrase});
                };
            };
            if (before != 0) table.find(before, piece, take(before_point));
            table.find(piece, 0, take(point));
            before = piece;
            before_point = point;
        }
        found.is_foreign.push_back(is_foreign);
    }
    return found;
}

}  // namespace dedup
