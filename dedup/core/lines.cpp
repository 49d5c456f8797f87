#include "lines.hpp"

#include <algorithm>
#include <cstring>

#include "edges.hpp"
#include "hash.hpp"

namespace dedup {

namespace {

// Half-open bytes of a break; empty if there is none.
struct Break {
    std::int64_t first = 0, end = 0;
};

struct Span {
    const std::uint8_t* text;
    std::int64_t first, end;
    const Folding& folding;
};

bool is_blank(std::uint8_t byte) { return byte == ' ' || byte == '\t'; }

// A letter without capital at a byte.
bool is_small(const Span& span, std::int64_t at) {
    if (at < span.first || at >= span.end) return false;
    const CodePoint point = decode(load_word(span.text + at), span.end - at);
    const std::uint8_t kind = span.folding.kinds[span.folding.entry(point.code)];
    return kind == lower || kind == letter;
}

// First byte of the code point before a byte.
std::int64_t step_back(const Span& span, std::int64_t at) {
    std::int64_t start = at - 1;
    while (start > span.first && start > at - 4 && (span.text[start] & 0xC0) == 0x80) --start;
    return start;
}

bool ends_with(const Span& span, std::int64_t at, const char* mark, std::int64_t n) {
    return at - n >= span.first &&
           std::memcmp(span.text + at - n, mark, static_cast<std::size_t>(n)) == 0;
}

// Drops one line end before a byte.
std::int64_t skip_line(const Span& span, std::int64_t at) {
    if (at <= span.first || span.text[at - 1] != '\n') return at;
    --at;
    return at > span.first && span.text[at - 1] == '\r' ? at - 1 : at;
}

Break find_break(const Span& span, std::int64_t newline) {
    std::int64_t first = newline, end = newline + 1;
    if (first > span.first && span.text[first - 1] == '\r') --first;
    while (first > span.first && is_blank(span.text[first - 1])) --first;
    while (end < span.end && is_blank(span.text[end])) ++end;
    if (ends_with(span, first, "-", 1))
        first -= 1;
    else if (ends_with(span, first, "\xC2\xAD", 2))
        first = skip_line(span, first - 2);
    else if (ends_with(span, first, "\xC2\xAC", 2))
        first -= 2;
    else if (ends_with(span, first, "\xE2\x80\x90", 3))
        first -= 3;
    else
        return {};
    const bool is_inside = is_small(span, step_back(span, first)) && is_small(span, end);
    return is_inside ? Break{first, end} : Break{};
}

// Soft hyphens, and a zero width space if the number of bytes is odd.
void fill(std::uint8_t* at, std::int64_t n) {
    if (n % 2 == 1) {
        std::memcpy(at, "\xE2\x80\x8B", 3);
        at += 3;
        n -= 3;
    }
    for (; n > 0; n -= 2, at += 2) std::memcpy(at, "\xC2\xAD", 2);
}

}  // namespace

const std::uint8_t* LineJoiner::join(const std::uint8_t* text, std::int64_t first,
                                     std::int64_t end, const Folding& folding) {
    const Span span{text, first, end, folding};
    bool has_breaks = false;
    for (std::int64_t at = first; at < end; ++at) {
        const void* found = std::memchr(text + at, '\n', static_cast<std::size_t>(end - at));
        if (found == nullptr) break;
        at = static_cast<const std::uint8_t*>(found) - text;
        const Break one = find_break(span, at);
        if (one.end == 0) continue;
        if (!copy_) copy_ = std::make_unique_for_overwrite<std::uint8_t[]>(n_bytes_ + padding);
        if (!has_breaks)
            std::copy_n(text + first, static_cast<std::size_t>(end - first) + padding,
                        copy_.get());
        has_breaks = true;
        fill(copy_.get() + (one.first - first), one.end - one.first);
    }
    // Offsets are those of the text, so the copy starts as far before.
    return has_breaks ? copy_.get() - first : text;
}

}  // namespace dedup
