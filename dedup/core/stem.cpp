#include "stem.hpp"

#include "hash.hpp"

namespace dedup {

namespace {

char last(std::uint64_t ending, std::int64_t k) {
    return static_cast<char>(ending >> (56 - 8 * k) & 0xFF);
}

}  // namespace

std::int64_t stem_length(std::uint64_t ending, std::int64_t n) {
    std::int64_t cut = 0;
    const char before = last(ending, 1);
    if (n > 3 && last(ending, 0) == 's' && before != 's' && before != 'u' && before != 'i')
        cut = n > 5 && before == 'e' && last(ending, 2) == 'i' ? 2 : 1;
    const char one = last(ending, cut), two = last(ending, cut + 1), three = last(ending, cut + 2);
    bool is_stripped = false;
    if (n - cut > 5 && one == 'g' && two == 'n' && three == 'i') {
        cut += 3;
        is_stripped = true;
    } else if (n - cut > 4 && one == 'd' && two == 'e') {
        cut += 2;
        is_stripped = true;
    } else if (n - cut > 5 && one == 'y' && two == 'l') {
        cut += 2;
    }
    const char final = last(ending, cut);
    if (is_stripped && n - cut > 3 && final == last(ending, cut + 1) && final != 'l' &&
        final != 's')
        cut += 1;
    const char vowel = last(ending, cut);
    if (n - cut > 3 && (vowel == 'e' || vowel == 'y' || vowel == 'i')) cut += 1;
    return n - cut;
}

std::int64_t stem_long(const std::uint8_t* word, std::int64_t n) {
    for (std::int64_t at = 0; at < n; ++at)
        if (word[at] >= 0x80) return n;
    return stem_length(load_word(word + n - 8), n);
}

}  // namespace dedup
