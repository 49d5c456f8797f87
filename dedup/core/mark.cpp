#include "mark.hpp"

#include <algorithm>
#include <array>

#include "hash.hpp"
#include "lines.hpp"
#include "stem.hpp"

namespace dedup {

namespace {

// Possible sentence boundaries since the last token, weakest first: a full stop counts if followed
// by white space and no lowercase letter, a line break if followed by no lowercase letter.
enum class Boundary { none, stop, line, sentence };

// Maximum words for each letter that only Vietnamese has, or for each of its function syllables,
// in a text of Vietnamese.
constexpr std::int64_t words_per_mark = 8;

constexpr std::uint64_t high_bits = 0x8080808080808080, memory_mask = (1 << 12) - 1;

// The current article.
struct Article {
    const std::uint8_t* text;
    std::int64_t first, end;
    const Folding& folding;
};

// Whether a double and a single quotation is open.
struct Quotes {
    bool in_double = false, in_single = false;
};

struct Gap {
    Boundary boundary;
    bool is_clause;
};

// Cache of the classes and stems of words, by the low bits of their hashes.
struct Memory {
    std::vector<std::uint64_t> hashes = std::vector<std::uint64_t>(memory_mask + 1);
    std::vector<std::uint64_t> stems = std::vector<std::uint64_t>(memory_mask + 1);
    // An entry that matches no hash, not even 0.
    Memory() { hashes[0] = 1; }
};

// What the words of an article say of its language.
enum class Language { english, foreign, malay, syllabic };

int kind_of(std::int64_t code, const Folding& folding) {
    return folding.kinds[folding.entry(code)];
}

int kind_at(const Article& article, std::int64_t at) {
    if (at >= article.end) return newline;
    return kind_of(decode(load_word(article.text + at), article.end - at).code, article.folding);
}

bool is_blank(int kind) { return kind == space || kind == newline; }

// Whether a quotation is open after a mark. Languages differ in which mark opens: one that opens
// ends a quotation before no word, one that closes begins one between a blank and a word.
bool opens_quotation(int kind, int previous, int following, bool is_open) {
    if (kind == open_quote) return !is_open || following >= letter;
    return !is_open && following >= letter && previous < full_stop;
}

// Reads a straight quotation mark or an apostrophe; returns whether it separates clauses.
bool read_mark(int kind, int previous, int following, Quotes& quotes) {
    if (kind == straight_quote) {
        // Without space on either side it is ambiguous: opposite of the last one.
        quotes.in_double =
            !is_blank(following) && (is_blank(previous) || !quotes.in_double);
        return true;
    }
    if (previous < full_stop) {
        // '90s opens no quotation.
        const bool opens = following >= letter && following != digit;
        quotes.in_single |= opens;
        return opens;
    }
    if (!quotes.in_single || following >= letter) return false;
    quotes.in_single = false;
    return true;
}

// Reads the text between two tokens.
Gap read_gap(const Article& article, std::int64_t at, std::int64_t stop, bool is_first,
             Quotes& quotes) {
    Boundary boundary = is_first ? Boundary::sentence : Boundary::none;
    bool is_clause = false, is_spaced = true;  // whether white space follows the last full stop
    int n_lines = 0, previous = is_first ? newline : letter;
    while (at < stop) {
        const CodePoint point = decode(load_word(article.text + at), article.end - at);
        const int kind = kind_of(point.code, article.folding);
        at += point.width;
        if (kind == ignorable) continue;
        if (kind == space) {
            is_spaced = true;
        } else if (kind == newline) {
            n_lines += 1;
            boundary = n_lines > 1 ? Boundary::sentence : std::max(boundary, Boundary::line);
            is_spaced = true;
            quotes = {};
        } else if (kind == terminator) {
            boundary = Boundary::sentence;
        } else if (kind == full_stop) {
            boundary = std::max(boundary, Boundary::stop);
            is_spaced = false;
        } else if (kind == clause) {
            is_clause = true;
        } else if (kind == open_quote || kind == close_quote) {
            is_clause = true;
            quotes.in_double =
                opens_quotation(kind, previous, kind_at(article, at), quotes.in_double);
        } else if (kind == straight_quote || kind == apostrophe) {
            is_clause |= read_mark(kind, previous, kind_at(article, at), quotes);
        }
        previous = kind;
    }
    if (boundary == Boundary::stop && !is_spaced) boundary = Boundary::none;
    return {boundary, is_clause};
}

// Sets the flags of a token, from itself and from the preceding text.
void mark_places(const Article& article, const Words& words, std::int64_t n,
                 std::uint8_t* flags) {
    Quotes quotes;
    bool is_abbreviation = false;  // whether the last token looks like "Mr" or an initial
    std::int64_t before = article.first;
    for (std::int64_t word = 0; word < n; ++word) {
        const std::int64_t start = words.starts[word];
        std::uint8_t flag = words.flags[word];
        // Fast path: a single space is by far the most frequent gap, and sets no flag.
        if (word == 0 || start - before != 1 || article.text[before] != ' ') {
            const Gap gap = read_gap(article, before, start, word == 0, quotes);
            const bool may_start = gap.boundary == Boundary::line ||
                                   (gap.boundary == Boundary::stop && !is_abbreviation);
            if (gap.boundary == Boundary::sentence ||
                (may_start && kind_at(article, start) != lower))
                flag |= starts_sentence | starts_clause;
            else if (gap.is_clause)
                flag |= starts_clause;
        }
        if (quotes.in_double || quotes.in_single) flag |= is_quoted;
        flags[word] = flag;
        is_abbreviation = (flag & is_capital) != 0 && words.points[word] <= 3;
        before = words.ends[word];
    }
}

// Hashes the stem of a word, whose own hash is `value`.
std::uint64_t hash_stem(const Article& article, const Words& words, std::int64_t word,
                        std::uint64_t value, Language language) {
    const bool is_foreign = language != Language::english;
    const std::uint64_t head = words.heads[word], tail = words.tails[word];
    const std::int64_t size = words.sizes[word];
    const ByteMasks has = mask_bytes(size);
    const bool is_long = size == long_size;
    if (!is_long && !is_foreign && !(((head & has.head) | (tail & has.tail)) & high_bits)) {
        std::uint64_t ending = head << (8 * (8 - size) & 63);
        if (size > 8) ending = tail << 8 * (16 - size) | head >> 8 * (size - 8);
        return hash_short(head, tail, static_cast<std::uint64_t>(stem_length(ending, size)));
    }
    std::uint8_t* folded = words.scratch;
    const std::int64_t n =
        fold_word(article.text, words.starts[word], words.ends[word], article.folding, folded);
    const bool is_ascii =
        std::all_of(folded, folded + n, [](std::uint8_t byte) { return byte < 0x80; });
    if (is_ascii && !is_foreign)
        return xxh64(folded, stem_length(load_word(folded + n - 8), n));
    if (words.flags[word] & is_digit) return value;
    const StemRange part = stem_foreign(folded, n, language == Language::malay);
    return xxh64(folded + part.first, part.end - part.first);
}

// A letter that only Vietnamese has, or a mark of one.
bool is_vietnamese(std::int64_t code) {
    return (0x1EA0 <= code && code <= 0x1EF9) || code == 0x1A0 || code == 0x1A1 ||
           code == 0x1AF || code == 0x1B0 || code == 0x309 || code == 0x31B || code == 0x323;
}

// points: code points of each word.
Language find_language(const Article& article, std::span<const std::uint8_t> classes,
                       const std::uint8_t* points, bool is_ascii) {
    std::int64_t n_marks = 0, n_english = 0, n_foreign = 0, n_malay = 0, n_syllables = 0;
    for (std::int64_t at = article.first; !is_ascii && at < article.end;) {
        const CodePoint point = decode(load_word(article.text + at), article.end - at);
        n_marks += is_vietnamese(point.code);
        at += point.width;
    }
    for (std::size_t word = 0; word < classes.size(); ++word) {
        const std::uint8_t one = classes[word];
        n_english += (one & class_english) != 0;
        n_foreign += (one & (class_stop | class_foreign)) != 0 && !(one & class_english);
        n_malay += (one & class_malay) != 0 && !(one & class_english);
        // Shorter ones are words of many languages.
        n_syllables += (one & class_syllable) != 0 && points[word] > 2;
    }
    const auto n = static_cast<std::int64_t>(classes.size());
    // Vietnamese is also written without marks.
    const bool is_bare = words_per_mark * n_syllables > n &&
                         n_syllables > 2 * std::max(n_english, n_foreign);
    if (is_bare || (n_marks > 0 && words_per_mark * n_marks >= n)) return Language::syllabic;
    if (n_foreign <= n_english) return Language::english;
    return 2 * n_malay > n_foreign ? Language::malay : Language::foreign;
}

// Marks a syllable of Vietnamese: two that follow one another are a stem.
void mark_syllable(const Article& article, const Words& words,
                   std::span<const std::uint64_t> hashes, std::span<const std::uint8_t> classes,
                   std::size_t word, std::uint64_t& stem, std::uint8_t* flags) {
    constexpr std::uint8_t is_function = class_stop | class_syllable;
    bool is_stopped = (classes[word] & is_function) != 0, has_content = flags[word] & is_content;
    stem = hashes[word];
    const bool is_pair = word > 0 && !((flags[word] | flags[word - 1]) & is_digit) &&
                         words.starts[word] - words.ends[word - 1] == 1 &&
                         article.text[words.ends[word - 1]] == ' ';
    if (is_pair) {
        const std::uint64_t pair = avalanche(combine(hashes[word - 1], hashes[word]));
        is_stopped = (is_stopped && (classes[word - 1] & is_function)) ||
                     (article.folding.find_class(pair) & class_stop);
        has_content = true;
        if (!is_stopped) stem = pair;
    }
    flags[word] &= static_cast<std::uint8_t>(~is_dense);
    if (is_stopped)
        flags[word] |= is_stop;
    else if (has_content)
        flags[word] |= flags[word] & is_digit ? is_content : is_content | is_spaceless;
}

// Separates stop-words from content words, and hashes stems.
void mark_stems(const Article& article, bool is_ascii, const Words& words,
                std::span<const std::uint64_t> hashes, std::span<Memory, 3> memories,
                std::vector<std::uint8_t>& classes, std::uint64_t* stems, std::uint8_t* flags) {
    classes.resize(hashes.size());
    for (std::size_t word = 0; word < hashes.size(); ++word)
        classes[word] =
            flags[word] & is_spaceless ? 0 : article.folding.find_class(hashes[word]);
    const Language language = find_language(article, classes, words.points, is_ascii);
    const bool is_foreign = language != Language::english;
    const std::uint8_t stopped = is_foreign ? class_stop | class_foreign : class_stop;
    Memory& memory = memories[language == Language::malay ? 2 : is_foreign];
    for (std::size_t word = 0; word < hashes.size(); ++word) {
        const std::uint64_t value = hashes[word];
        if (flags[word] & is_spaceless) {
            const bool touches = word > 0 && (words.flags[word - 1] & is_spaceless) &&
                                 words.starts[word] == words.ends[word - 1];
            stems[word] = touches ? avalanche(combine(hashes[word - 1], value)) : value;
            continue;
        }
        if (language == Language::syllabic) {
            mark_syllable(article, words, hashes, classes, word, stems[word], flags);
            continue;
        }
        if (classes[word] & stopped)
            flags[word] = static_cast<std::uint8_t>((flags[word] & ~is_content) | is_stop);
        stems[word] = value;
        if (!(flags[word] & is_content)) continue;
        // Cache the stem, because most words of news repeat.
        const std::uint64_t slot = value & memory_mask;
        if (memory.hashes[slot] != value) {
            memory.hashes[slot] = value;
            memory.stems[slot] =
                hash_stem(article, words, static_cast<std::int64_t>(word), value, language);
        }
        stems[word] = memory.stems[slot];
    }
}

// Converts byte spans of the batch to code point spans of the article.
void count_points(const Article& article, bool is_ascii, const Words& words, std::int64_t n,
                  std::uint32_t* starts, std::uint32_t* ends) {
    if (is_ascii) {
        for (std::int64_t word = 0; word < n; ++word) {
            starts[word] = static_cast<std::uint32_t>(words.starts[word] - article.first);
            ends[word] = static_cast<std::uint32_t>(words.ends[word] - article.first);
        }
        return;
    }
    std::int64_t at = article.first;
    std::uint32_t n_points = 0;
    for (std::int64_t word = 0; word < n; ++word) {
        for (; at < words.starts[word]; ++at) n_points += (article.text[at] & 0xC0) != 0x80;
        starts[word] = n_points;
        for (; at < words.ends[word]; ++at) n_points += (article.text[at] & 0xC0) != 0x80;
        ends[word] = n_points;
    }
}

}  // namespace

Marked mark_articles(const std::uint8_t* text, std::span<const std::int64_t> offsets,
                     const Folding& folding, Variant variant) {
    Marked marked;
    std::array<Memory, 3> memories;
    std::vector<std::uint8_t> classes;
    LineJoiner joiner(find_longest(offsets));
    const Room room(find_longest(offsets));
    const Words& words = room.words();
    for (std::size_t number = 0; number + 1 < offsets.size(); ++number) {
        const std::int64_t first = offsets[number], end = offsets[number + 1];
        const Article article{joiner.join(text, first, end, folding), first, end, folding};
        const Found found = find_words(article.text, first, end, folding, words, true, variant);
        const auto n = static_cast<std::size_t>(found.n_words);
        const std::size_t before = marked.hashes.size(), total = before + n;
        marked.hashes.resize(total);
        marked.stems.resize(total);
        marked.starts.resize(total);
        marked.ends.resize(total);
        marked.flags.resize(total);
        std::uint64_t* hashes = marked.hashes.data() + before;
        std::uint8_t* flags = marked.flags.data() + before;
        hash_words(words.heads, words.tails, words.sizes, hashes, n, variant);
        mark_places(article, words, found.n_words, flags);
        mark_stems(article, found.is_ascii, words, {hashes, n}, memories, classes,
                   marked.stems.data() + before, flags);
        count_points({text, first, end, folding}, found.is_ascii, words, found.n_words,
                     marked.starts.data() + before,
                     marked.ends.data() + before);
        marked.counts.push_back(found.n_words);
    }
    return marked;
}

}  // namespace dedup
