#include "stem.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <string_view>

namespace dedup {

namespace {

char last(std::uint64_t ending, std::int64_t k) {
    return static_cast<char>(ending >> (56 - 8 * k) & 0xFF);
}

// Letters of an alphabet that a stem keeps.
constexpr std::int64_t n_prefix = 5;

// What is written with a word, in the order in which it is tried; each list is tried once.
struct Affixes {
    std::span<const std::string_view> prefixes, articles, suffixes;
};

constexpr std::array<std::string_view, 2> arabic_prefixes{"و", "ف"};
constexpr std::array<std::string_view, 5> arabic_articles{"بال", "كال", "لل", "ال", "ب"};
constexpr std::array<std::string_view, 12> arabic_suffixes{"هاي", "ها", "ان", "ات", "ون", "ين",
                                                            "يه", "هم", "اي", "ه",  "ي",  "م"};
constexpr std::array<std::string_view, 3> hebrew_prefixes{"ו", "ש", "כש"};
constexpr std::array<std::string_view, 5> hebrew_articles{"ה", "ב", "ל", "מ", "כ"};
constexpr std::array<std::string_view, 6> hebrew_suffixes{"יים", "ים", "ות", "ית", "ה", "ת"};
// In jamo, as folded: 까지는 에서는 으로는 했으며 들은 들을 에게서 이라고 됐다 되는 된다 들의 들이 에는 처럼 하는 한다 했다 과의 까지
// 라고 보다 부터 에게 에도 에서 와의 으로 이나 이다 하고 하다 하며 는 를 은 을 가 과 에 와 의 이
constexpr std::array<std::string_view, 43> korean_particles{
    "\xE1\x84\x81\xE1\x85\xA1\xE1\x84\x8C\xE1\x85\xB5\xE1\x84\x82\xE1\x85\xB3\xE1\x86\xAB",
    "\xE1\x84\x8B\xE1\x85\xA6\xE1\x84\x89\xE1\x85\xA5\xE1\x84\x82\xE1\x85\xB3\xE1\x86\xAB",
    "\xE1\x84\x8B\xE1\x85\xB3\xE1\x84\x85\xE1\x85\xA9\xE1\x84\x82\xE1\x85\xB3\xE1\x86\xAB",
    "\xE1\x84\x92\xE1\x85\xA2\xE1\x86\xBB\xE1\x84\x8B\xE1\x85\xB3\xE1\x84\x86\xE1\x85\xA7",
    "\xE1\x84\x83\xE1\x85\xB3\xE1\x86\xAF\xE1\x84\x8B\xE1\x85\xB3\xE1\x86\xAB",
    "\xE1\x84\x83\xE1\x85\xB3\xE1\x86\xAF\xE1\x84\x8B\xE1\x85\xB3\xE1\x86\xAF",
    "\xE1\x84\x8B\xE1\x85\xA6\xE1\x84\x80\xE1\x85\xA6\xE1\x84\x89\xE1\x85\xA5",
    "\xE1\x84\x8B\xE1\x85\xB5\xE1\x84\x85\xE1\x85\xA1\xE1\x84\x80\xE1\x85\xA9",
    "\xE1\x84\x83\xE1\x85\xAB\xE1\x86\xBB\xE1\x84\x83\xE1\x85\xA1",
    "\xE1\x84\x83\xE1\x85\xAC\xE1\x84\x82\xE1\x85\xB3\xE1\x86\xAB",
    "\xE1\x84\x83\xE1\x85\xAC\xE1\x86\xAB\xE1\x84\x83\xE1\x85\xA1",
    "\xE1\x84\x83\xE1\x85\xB3\xE1\x86\xAF\xE1\x84\x8B\xE1\x85\xB4",
    "\xE1\x84\x83\xE1\x85\xB3\xE1\x86\xAF\xE1\x84\x8B\xE1\x85\xB5",
    "\xE1\x84\x8B\xE1\x85\xA6\xE1\x84\x82\xE1\x85\xB3\xE1\x86\xAB",
    "\xE1\x84\x8E\xE1\x85\xA5\xE1\x84\x85\xE1\x85\xA5\xE1\x86\xB7",
    "\xE1\x84\x92\xE1\x85\xA1\xE1\x84\x82\xE1\x85\xB3\xE1\x86\xAB",
    "\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB\xE1\x84\x83\xE1\x85\xA1",
    "\xE1\x84\x92\xE1\x85\xA2\xE1\x86\xBB\xE1\x84\x83\xE1\x85\xA1",
    "\xE1\x84\x80\xE1\x85\xAA\xE1\x84\x8B\xE1\x85\xB4",
    "\xE1\x84\x81\xE1\x85\xA1\xE1\x84\x8C\xE1\x85\xB5",
    "\xE1\x84\x85\xE1\x85\xA1\xE1\x84\x80\xE1\x85\xA9",
    "\xE1\x84\x87\xE1\x85\xA9\xE1\x84\x83\xE1\x85\xA1",
    "\xE1\x84\x87\xE1\x85\xAE\xE1\x84\x90\xE1\x85\xA5",
    "\xE1\x84\x8B\xE1\x85\xA6\xE1\x84\x80\xE1\x85\xA6",
    "\xE1\x84\x8B\xE1\x85\xA6\xE1\x84\x83\xE1\x85\xA9",
    "\xE1\x84\x8B\xE1\x85\xA6\xE1\x84\x89\xE1\x85\xA5",
    "\xE1\x84\x8B\xE1\x85\xAA\xE1\x84\x8B\xE1\x85\xB4",
    "\xE1\x84\x8B\xE1\x85\xB3\xE1\x84\x85\xE1\x85\xA9",
    "\xE1\x84\x8B\xE1\x85\xB5\xE1\x84\x82\xE1\x85\xA1",
    "\xE1\x84\x8B\xE1\x85\xB5\xE1\x84\x83\xE1\x85\xA1",
    "\xE1\x84\x92\xE1\x85\xA1\xE1\x84\x80\xE1\x85\xA9",
    "\xE1\x84\x92\xE1\x85\xA1\xE1\x84\x83\xE1\x85\xA1",
    "\xE1\x84\x92\xE1\x85\xA1\xE1\x84\x86\xE1\x85\xA7",
    "\xE1\x84\x82\xE1\x85\xB3\xE1\x86\xAB",
    "\xE1\x84\x85\xE1\x85\xB3\xE1\x86\xAF",
    "\xE1\x84\x8B\xE1\x85\xB3\xE1\x86\xAB",
    "\xE1\x84\x8B\xE1\x85\xB3\xE1\x86\xAF",
    "\xE1\x84\x80\xE1\x85\xA1",
    "\xE1\x84\x80\xE1\x85\xAA",
    "\xE1\x84\x8B\xE1\x85\xA6",
    "\xE1\x84\x8B\xE1\x85\xAA",
    "\xE1\x84\x8B\xE1\x85\xB4",
    "\xE1\x84\x8B\xE1\x85\xB5"
};

constexpr std::array<std::string_view, 18> malay_prefixes{
    "memper", "diper", "meny", "meng", "mem", "men", "peny", "peng", "pem",
    "pen",    "per",   "ber",  "ter",  "me",  "pe",  "di",   "ke",   "se"};
constexpr std::array<std::string_view, 9> malay_suffixes{"kannya", "annya", "inya", "nya", "kan",
                                                         "lah",    "kah",   "an",   "i"};

// Latin letters of Serbian for Cyrillic ones from U+0430 on, without marks; others stay.
constexpr std::array<std::string_view, 48> latin_letters{
    "a", "b", "v", "g", "d", "e", "z", "z", "i", "",  "k", "l",  "m",  "n", "o", "p",
    "r", "s", "t", "u", "f", "h", "c", "c", "s", "",  "",  "",   "",   "",  "",  "",
    "",  "",  "d", "",  "",  "",  "",  "",  "j", "lj", "nj", "c", "",  "",  "",  "dz"};

constexpr Affixes arabic{arabic_prefixes, arabic_articles, arabic_suffixes};
constexpr Affixes hebrew{hebrew_prefixes, hebrew_articles, hebrew_suffixes};
constexpr Affixes korean{{}, {}, korean_particles};
constexpr Affixes malay{malay_prefixes, {}, malay_suffixes};

bool is_start(std::uint8_t byte) { return (byte & 0xC0) != 0x80; }

// A letter as it is, or in Latin.
std::string_view transliterate(const std::uint8_t* letter, std::int64_t n) {
    if (n == 2 && (letter[0] == 0xD0 || letter[0] == 0xD1)) {
        const int at = (letter[0] << 6 | (letter[1] & 0x3F)) - 0x3430;
        if (0 <= at && at < static_cast<int>(latin_letters.size()) && !latin_letters[at].empty())
            return latin_letters[at];
    }
    return {reinterpret_cast<const char*>(letter), static_cast<std::size_t>(n)};
}

// Writes the first letters of a word in place, Serbian in Latin, without an e behind a, o or u.
StemRange shorten(std::uint8_t* word, StemRange part) {
    std::int64_t kept = part.first, n_letters = 0;
    for (std::int64_t at = part.first; at < part.end && n_letters < n_prefix;) {
        std::int64_t end = at + 1;
        while (end < part.end && !is_start(word[end])) ++end;
        std::string_view letters = transliterate(word + at, end - at);
        at = end;
        const std::uint8_t before = kept > part.first ? word[kept - 1] : 0;
        if (letters == "e" && (before == 'a' || before == 'o' || before == 'u')) continue;
        if (n_letters + 1 == n_prefix && is_start(static_cast<std::uint8_t>(letters.back())))
            letters = letters.substr(0, 1);
        const bool is_latin = is_start(static_cast<std::uint8_t>(letters.back()));
        n_letters += is_latin ? static_cast<std::int64_t>(letters.size()) : 1;
        std::memmove(word + kept, letters.data(), letters.size());
        kept += static_cast<std::int64_t>(letters.size());
    }
    return {part.first, kept};
}

std::int64_t count_letters(const std::uint8_t* word, StemRange part) {
    return std::count_if(word + part.first, word + part.end, is_start);
}

// Drops at most one affix of each list, as long as `least` letters stay.
StemRange strip(const std::uint8_t* word, std::int64_t n, const Affixes& affixes,
                std::int64_t least) {
    StemRange part{0, n};
    const auto drop = [&](std::span<const std::string_view> listed, bool from_end) {
        for (const std::string_view affix : listed) {
            const auto size = static_cast<std::int64_t>(affix.size());
            if (part.end - part.first <= size) continue;
            const StemRange left = from_end ? StemRange{part.first, part.end - size}
                                            : StemRange{part.first + size, part.end};
            const std::uint8_t* at = word + (from_end ? left.end : part.first);
            if (std::memcmp(at, affix.data(), affix.size()) != 0) continue;
            if (count_letters(word, left) < least) continue;
            part = left;
            return;
        }
    };
    drop(affixes.prefixes, false);
    drop(affixes.articles, false);
    drop(affixes.suffixes, true);
    return part;
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

StemRange stem_foreign(std::uint8_t* word, std::int64_t n, bool is_malay) {
    const std::uint8_t first = word[0];
    if (is_malay && first < 0x80) return shorten(word, strip(word, n, malay, 4));
    // Latin, Greek, Cyrillic, Armenian; Georgian.
    if (first < 0xD7 || (first == 0xE1 && (word[1] == 0x82 || word[1] == 0x83)))
        return shorten(word, {0, n});
    if (first == 0xD7) return strip(word, n, hebrew, 3);
    if (first <= 0xDB) return strip(word, n, arabic, 3);
    if (first == 0xE1) return strip(word, n, korean, 4);
    return {0, n};
}

}  // namespace dedup
