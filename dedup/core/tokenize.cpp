#include "tokenize.hpp"

#include <algorithm>

#include "hash.hpp"
#include "look_alikes.hpp"

namespace dedup {

namespace {

// Bit that is set in ASCII letters but not digits; bit that is set in lowercase letters and digits
// but not capitals.
constexpr std::uint64_t letter_bits = 0x4040404040404040, small_bits = 0x2020202020202020;

// The current token, read by code point. widths: the fold has bytes of ASCII (1), others (2).
struct Pending {
    std::int64_t start = 0, n_points = 0, length = 0;
    std::uint8_t flag = 0, widths = 0;
};

// Bytes of Hangul letters in a word of two syllables, the shortest content word.
constexpr std::int64_t min_hangul = 12;

bool is_alone(std::uint8_t kind) { return kind == spaceless || kind == abugida; }

// Number of UTF-8 bytes packed in a word; more than 4 for a run.
std::int64_t count_bytes(std::uint32_t packed) {
    return std::int64_t{packed > 0} + (packed > 0xFF) + (packed > 0xFFFF) + (packed > 0xFFFFFF) +
           (packed >= folds_to_run);
}

// Writes the fold of a code point; returns its number of bytes.
std::int64_t put_run(std::uint32_t fold, const Folding& folding, std::uint8_t* out) {
    const std::uint32_t first = (fold & 0xFFFFFF) >> 5;
    std::int64_t n = 0;
    for (std::uint32_t at = first; at < first + (fold & 31); ++at) {
        store_word(out + n, folding.runs[at]);
        n += count_bytes(folding.runs[at]);
    }
    return n;
}

void end_token(Pending token, std::int64_t end, const Words& words, std::int64_t word) {
    words.starts[word] = token.start;
    words.ends[word] = end;
    words.points[word] = static_cast<std::uint8_t>(token.n_points);
    const bool is_hangul = token.flag & is_stop;
    const bool has_content = (token.flag & (is_digit | is_spaceless)) ||
                             (is_hangul ? token.length >= min_hangul : token.n_points > 2);
    words.flags[word] = has_content ? token.flag | is_content : token.flag & ~is_stop;
    std::uint8_t* scratch = words.scratch;
    if (token.widths == 3) replace_look_alikes(scratch, token.length);
    if (token.length <= static_cast<std::int64_t>(max_short)) {
        words.heads[word] = load_word(scratch);
        words.tails[word] = load_word(scratch + 8);
        words.sizes[word] = static_cast<std::uint8_t>(token.length);
    } else {
        words.heads[word] = xxh64(scratch, token.length);
        words.tails[word] = 0;
        words.sizes[word] = long_size;
    }
}

// Fast path for a two-byte letter, frequent in most languages except English and Chinese. The
// constant width helps the processor.
[[gnu::always_inline]] inline bool read_two_bytes(std::uint64_t raw, std::int64_t left,
                                                  const Folding& folding, std::uint8_t* scratch,
                                                  Pending& token) {
    if ((raw & 0xC0E0) != 0x80C0 || token.n_points == 0 || token.n_points >= max_token ||
        (token.flag & is_spaceless))
        return false;
    const std::uint64_t code = (raw & 0x1F) << 6 | (raw >> 8 & 63);
    const std::size_t entry = folding.entry(code);
    const std::uint32_t fold = folding.folds[entry];
    if (fold == 0 || fold >= folds_to_run || left <= 1 || code < 0x80) return false;
    store_word(scratch + token.length, fold);
    token.length += 1 + (fold > 0xFF) + (fold > 0xFFFF);
    token.widths |= fold > 0xFF ? 2 : 1;
    token.flag |= folding.kinds[entry] == digit ? is_digit : 0;
    token.n_points += 1;
    return true;
}

// Adds a code point to the current token, or starts a token with it.
[[gnu::always_inline]] inline void add_point(std::int64_t at, std::uint8_t kind,
                                             std::uint32_t fold, std::uint64_t folded,
                                             std::int64_t size, const Folding& folding,
                                             std::uint8_t* scratch, Pending& token) {
    if (token.n_points == 0) {
        token.start = at;
        token.flag = kind == upper ? is_capital : kind == spaceless ? is_spaceless | is_stop
                   : kind == abugida ? is_spaceless : 0;
        token.widths = 0;
    }
    token.n_points += 1;
    token.flag |= kind == digit ? is_digit : kind == hangul ? is_stop : 0;
    token.widths |= size > 4 ? 3 : size > 1 ? 2 : 1;
    if (size <= 4) {
        store_word(scratch + token.length, folded);
        token.length += size;
    } else {
        token.length += put_run(fold, folding, scratch + token.length);
    }
}

// A letter of a script whose words are listed: its end with its marks, and the end of its fold.
struct Letter {
    std::int64_t end, length;
};

// Reads up to max_listed letters from `at` into scratch.
std::size_t read_letters(const std::uint8_t* text, std::int64_t at, std::int64_t stop,
                         const Folding& folding, std::uint8_t* scratch, Letter* letters) {
    std::size_t n = 0;
    std::int64_t length = 0;
    while (at < stop) {
        const std::uint64_t raw = load_word(text + at);
        const CodePoint point = decode(raw, stop - at);
        const std::size_t entry = folding.entry(point.code);
        const std::uint8_t kind = folding.kinds[entry];
        if (kind != segmented && (kind != ignorable || n == 0)) break;
        at += point.width;
        if (kind == segmented) {
            if (n == max_listed) break;
            const std::uint32_t fold = folding.folds[entry];
            store_word(scratch + length, fold == folds_to_self ? raw : fold);
            length += fold == folds_to_self ? point.width : count_bytes(fold);
            ++n;
        }
        letters[n - 1] = {at, length};
    }
    return n;
}

// Letters of the longest listed word at the start of scratch, or 0.
std::size_t find_listed(const Folding& folding, const std::uint8_t* scratch, const Letter* letters,
                        std::size_t n) {
    for (; n > 0; --n)
        if (folding.find_class(xxh64(scratch, letters[n - 1].length)) & class_word) return n;
    return 0;
}

// Reads the token at a letter of a script whose words are listed; returns its end.
std::int64_t read_listed(const std::uint8_t* text, std::int64_t at, std::int64_t stop,
                         const Folding& folding, const Words& words, std::int64_t word) {
    Pending token;
    token.start = at;
    token.widths = 2;
    std::array<std::uint8_t, 4 * max_listed + 8> bytes;
    std::array<Letter, max_listed> letters;
    while (at < stop && token.n_points < max_token) {
        const std::size_t n = read_letters(text, at, stop, folding, bytes.data(), letters.data());
        if (n == 0) break;
        const std::size_t n_listed = find_listed(folding, bytes.data(), letters.data(), n);
        if (n_listed > 0 && token.n_points > 0) break;
        const std::size_t n_taken = std::max<std::size_t>(n_listed, 1);
        std::copy_n(bytes.data(), letters[n_taken - 1].length, words.scratch + token.length);
        token.length += letters[n_taken - 1].length;
        token.n_points += static_cast<std::int64_t>(n_taken);
        at = letters[n_taken - 1].end;
        if (n_listed > 0) break;
    }
    end_token(token, at, words, word);
    return at;
}

// Reads a long or non-ASCII run; returns the new number of tokens.
std::int64_t read_run(const std::uint8_t* text, std::int64_t at, std::int64_t stop,
                      const Folding& folding, const Words& words, std::int64_t n_words,
                      bool is_described) {
    Pending token;
    while (at < stop || token.n_points > 0) {
        const std::uint64_t raw = load_word(text + at);
        if (read_two_bytes(raw, stop - at, folding, words.scratch, token)) {
            at += 2;
            continue;
        }
        const CodePoint point = at < stop ? decode(raw, stop - at) : CodePoint{0, 0};
        const std::size_t entry = folding.entry(point.code);
        const std::uint8_t kind = folding.kinds[entry];
        const std::uint32_t fold = folding.folds[entry];
        if (kind == ignorable) {
            // It belongs to the adjacent token.
            if (is_described && token.n_points == 0 && n_words > 0 &&
                words.ends[n_words - 1] == at)
                words.ends[n_words - 1] = at + point.width;
            at += point.width;
            continue;
        }
        if (token.n_points > 0 && (kind < letter || kind >= spaceless ||
                                   (token.flag & is_spaceless) || token.n_points == max_token)) {
            end_token(token, at, words, n_words++);
            token.n_points = token.length = 0;
        }
        if (kind == segmented) {
            at = read_listed(text, at, stop, folding, words, n_words++);
            continue;
        }
        const std::uint64_t folded = fold == folds_to_self ? raw : fold;
        const std::int64_t size = fold == folds_to_self ? point.width : count_bytes(fold);
        if (is_alone(kind) && size <= 4) {
            words.starts[n_words] = at;
            words.ends[n_words] = at + point.width;
            words.points[n_words] = 1;
            words.flags[n_words] = kind == spaceless ? is_spaceless | is_dense
                                                     : is_spaceless | is_content;
            words.heads[n_words] = folded;
            words.tails[n_words] = 0;
            words.sizes[n_words++] = static_cast<std::uint8_t>(size);
        } else if (kind >= letter) {
            add_point(at, kind, fold, folded, size, folding, words.scratch, token);
        }
        at += point.width;
    }
    return n_words;
}

// Fills in the other arrays for tokens that are runs.
void describe_runs(const std::uint8_t* text, const Words& words, std::int64_t edge,
                   std::int64_t last, std::int64_t word) {
    for (; edge < last; edge += 2, ++word) {
        const std::int64_t start = words.edges[edge], end = words.edges[edge + 1];
        words.starts[word] = start;
        words.ends[word] = end;
        words.points[word] = static_cast<std::uint8_t>(end - start);
        const ByteMasks has = mask_bytes(end - start);
        const bool has_digit =
            (((~words.heads[word] & has.head) | (~words.tails[word] & has.tail)) & letter_bits) !=
            0;
        const bool starts_large = (text[start] & 0x60) == 0x40;
        words.flags[word] = static_cast<std::uint8_t>(
            starts_large * is_capital | has_digit * is_digit |
            (has_digit || end - start > 2) * is_content);
    }
}

[[gnu::always_inline]] inline void hash_all(const std::uint64_t* heads, const std::uint64_t* tails,
                                            const std::uint8_t* sizes, std::uint64_t* hashes,
                                            std::size_t n) {
    for (std::size_t word = 0; word < n; ++word) {
        const std::uint64_t size = sizes[word];
        const std::uint64_t value = hash_short(heads[word], tails[word], size);
        hashes[word] = size == long_size ? heads[word] : value;
    }
}

#if defined(__x86_64__)
[[gnu::target("avx2,bmi,bmi2")]] void hash_all_avx2(const std::uint64_t* heads,
                                                    const std::uint64_t* tails,
                                                    const std::uint8_t* sizes,
                                                    std::uint64_t* hashes, std::size_t n) {
    hash_all(heads, tails, sizes, hashes, n);
}

[[gnu::target("avx512f,avx512bw,avx512dq,avx512vl,avx2,bmi,bmi2")]]
void hash_all_avx512(const std::uint64_t* heads, const std::uint64_t* tails,
                     const std::uint8_t* sizes, std::uint64_t* hashes, std::size_t n) {
    hash_all(heads, tails, sizes, hashes, n);
}
#endif

}  // namespace

Room::Room(std::size_t n_bytes)
    : n_(n_bytes / 2 + 1),
      places_(std::make_unique_for_overwrite<std::int64_t[]>(n_bytes + 2 + block_size + 2 * n_)),
      numbers_(std::make_unique_for_overwrite<std::uint64_t[]>(4 * n_)),
      bytes_(std::make_unique_for_overwrite<std::uint8_t[]>(3 * n_ + scratch_size)) {
    std::int64_t* starts = places_.get() + n_bytes + 2 + block_size;
    words_ = {places_.get(),      starts,       starts + n_,       numbers_.get(),
              numbers_.get() + n_, bytes_.get(), bytes_.get() + n_, bytes_.get() + 2 * n_,
              bytes_.get() + 3 * n_};
    // Bytes past a token's size are unused, but must be initialized.
    std::fill_n(words_.scratch, scratch_size, std::uint8_t{0});
}

std::size_t find_longest(std::span<const std::int64_t> offsets) {
    std::int64_t longest = 0;
    for (std::size_t k = 1; k < offsets.size(); ++k)
        longest = std::max(longest, offsets[k] - offsets[k - 1]);
    return static_cast<std::size_t>(longest);
}

std::int64_t fold_word(const std::uint8_t* text, std::int64_t start, std::int64_t end,
                       const Folding& folding, std::uint8_t* folded) {
    std::int64_t length = 0;
    std::uint8_t widths = 0;
    for (CodePoint point; start < end; start += point.width) {
        const std::uint64_t raw = load_word(text + start);
        point = decode(raw, end - start);
        const std::size_t entry = folding.entry(point.code);
        if (folding.kinds[entry] == ignorable) continue;
        const std::uint32_t fold = folding.folds[entry];
        const std::int64_t size = fold == folds_to_self ? point.width : count_bytes(fold);
        widths |= size > 4 ? 3 : size > 1 ? 2 : 1;
        if (size <= 4) {
            store_word(folded + length, fold == folds_to_self ? raw : fold);
            length += size;
        } else {
            length += put_run(fold, folding, folded + length);
        }
    }
    if (widths == 3) replace_look_alikes(folded, length);
    return length;
}

Found find_words(const std::uint8_t* text, std::int64_t first, std::int64_t end,
                 const Folding& folding, const Words& words, bool is_described, Variant variant) {
    std::int64_t* edges = words.edges;
    std::uint64_t *heads = words.heads, *tails = words.tails;
    std::uint8_t* sizes = words.sizes;
    const std::int64_t n_edges = find_edges(text, first, end, edges, variant);
    std::int64_t edge = 0, n_words = 0;
    bool is_ascii = true;
    while (edge < n_edges) {
        // Short ASCII runs are tokens.
        const std::int64_t before = edge, words_before = n_words;
        for (; edge < n_edges; edge += 2, ++n_words) {
            const std::int64_t at = edges[edge];
            const auto size = static_cast<std::uint64_t>(edges[edge + 1] - at);
            // Also true for a foreign run, whose flagged start is past every end.
            if (size > max_short) break;
            heads[n_words] = load_word(text + at) | small_bits;
            tails[n_words] = load_word(text + at + 8) | small_bits;
            sizes[n_words] = static_cast<std::uint8_t>(size);
        }
        if (is_described) describe_runs(text, words, before, edge, words_before);
        if (edge == n_edges) break;
        is_ascii &= (edges[edge] & foreign_bit) == 0;
        n_words = read_run(text, edges[edge] & ~foreign_bit, edges[edge + 1], folding, words,
                           n_words, is_described);
        edge += 2;
    }
    return {n_words, is_ascii};
}

void hash_words(const std::uint64_t* heads, const std::uint64_t* tails, const std::uint8_t* sizes,
                std::uint64_t* hashes, std::size_t n, Variant variant) {
#if defined(__x86_64__)
    if (variant == Variant::avx512) return hash_all_avx512(heads, tails, sizes, hashes, n);
    if (variant == Variant::avx2) return hash_all_avx2(heads, tails, sizes, hashes, n);
#endif
    static_cast<void>(variant);
    hash_all(heads, tails, sizes, hashes, n);
}

}  // namespace dedup
