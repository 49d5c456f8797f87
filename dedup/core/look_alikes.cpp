#include "look_alikes.hpp"

#include <algorithm>
#include <array>

namespace dedup {

namespace {

// Longer words are no words.
constexpr std::int64_t max_letters = 128;

// A letter of two bytes and the Latin one that looks like it, in lower case.
struct LookAlike {
    std::uint16_t other;
    char latin;
};

constexpr LookAlike look_alike(char32_t code, char latin) {
    return {static_cast<std::uint16_t>((0xC0 | code >> 6) | (0x80 | (code & 63)) << 8), latin};
}

constexpr std::array look_alikes{
    look_alike(U'а', 'a'), look_alike(U'е', 'e'), look_alike(U'о', 'o'), look_alike(U'р', 'p'),
    look_alike(U'с', 'c'), look_alike(U'у', 'y'), look_alike(U'х', 'x'), look_alike(U'і', 'i'),
    look_alike(U'ѕ', 's'), look_alike(U'ј', 'j'), look_alike(U'һ', 'h'), look_alike(U'ԁ', 'd'),
    look_alike(U'к', 'k'), look_alike(U'м', 'm'), look_alike(U'т', 't'), look_alike(U'н', 'h'),
    look_alike(U'в', 'b'), look_alike(U'ο', 'o'), look_alike(U'α', 'a'), look_alike(U'ν', 'v'),
    look_alike(U'ρ', 'p'), look_alike(U'ι', 'i'), look_alike(U'κ', 'k'), look_alike(U'τ', 't'),
    look_alike(U'χ', 'x'), look_alike(U'υ', 'y'), look_alike(U'ε', 'e'), look_alike(U'η', 'n'),
};

// By the first byte of a letter: 0 is no letter, 1 Latin, 2 Greek, 3 Cyrillic, 4 any other.
int script_of(std::uint8_t byte) {
    if (byte < 0x80) return byte >= 'a' && byte <= 'z' ? 1 : 0;
    return 0xCD <= byte && byte <= 0xCF ? 2 : 0xD0 <= byte && byte <= 0xD4 ? 3 : 4;
}

}  // namespace

void replace_look_alikes(std::uint8_t* word, std::int64_t& length) {
    std::array<std::int64_t, 5> counts{};
    for (std::int64_t at = 0; at < length; ++at)
        if ((word[at] & 0xC0) != 0x80) ++counts[script_of(word[at])];
    const int other = counts[2] > 0 ? 2 : 3;
    if (length > max_letters || counts[1] == 0 || counts[other] == 0 || counts[5 - other] > 0 ||
        counts[4] > 0)
        return;
    const bool to_latin = counts[1] >= counts[other];
    std::array<std::uint8_t, 2 * max_letters> out;
    std::int64_t n = 0;
    for (std::int64_t at = 0; at < length; ++at) {
        const int script = script_of(word[at]);
        const bool is_wide = word[at] >= 0x80;
        if (script == (to_latin ? other : 1)) {
            const auto* found = std::find_if(
                look_alikes.begin(), look_alikes.end(), [&](const LookAlike& one) {
                    if (!is_wide)
                        return one.latin == word[at] && script_of(one.other & 0xFF) == other;
                    return one.other == (word[at] | word[at + 1] << 8);
                });
            if (found == look_alikes.end()) return;
            if (to_latin) {
                out[n++] = static_cast<std::uint8_t>(found->latin);
            } else {
                out[n++] = found->other & 0xFF;
                out[n++] = found->other >> 8;
            }
        } else {
            out[n++] = word[at];
            if (is_wide) out[n++] = word[at + 1];
        }
        at += is_wide;
    }
    std::copy_n(out.data(), n, word);
    length = n;
}

}  // namespace dedup
