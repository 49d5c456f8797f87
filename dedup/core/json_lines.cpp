#include "json_lines.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace dedup {

namespace {

using std::string_view;

// In the order of dedup.model.
constexpr string_view relation_names[n_relations] = {"duplicate", "contains", "contained",
                                                     "shares", "none"};
constexpr string_view kind_names[n_kinds] = {"verbatim", "edited", "reworded"};
constexpr string_view role_names[n_roles] = {"text", "quotation", "formula", "furniture"};
constexpr string_view op_names[n_ops] = {"kept",     "inflected", "substituted",
                                         "inserted", "deleted",   "moved"};
constexpr std::size_t max_point_bytes = 6, max_digits = 20;
constexpr std::int64_t share_unit = 10'000, score_unit = 100;

string_view slice(std::span<const std::uint8_t> bytes, std::span<const std::int64_t> bounds,
                  std::int64_t at) {
    return {reinterpret_cast<const char*>(bytes.data()) + bounds[at],
            static_cast<std::size_t>(bounds[at + 1] - bounds[at])};
}

// Whether some readers of lines do not keep a code point, or JSON has no place for it.
bool is_escaped(std::uint32_t point) {
    return point < 0x20 || (0x7F <= point && point <= 0x9F) || point == 0x2028 ||
           point == 0x2029 || (0xD800 <= point && point <= 0xDFFF);
}

// Letter of the short escape of a code point, or 0.
char find_short(std::uint32_t point) {
    switch (point) {
        case '"': return '"';
        case '\\': return '\\';
        case '\b': return 'b';
        case '\f': return 'f';
        case '\n': return 'n';
        case '\r': return 'r';
        case '\t': return 't';
        default: return 0;
    }
}

char* put_escape(char* to, std::uint32_t point) {
    *to++ = '\\';
    if (const char letter = find_short(point)) {
        *to++ = letter;
        return to;
    }
    *to++ = 'u';
    for (int shift = 12; shift >= 0; shift -= 4) *to++ = "0123456789abcdef"[point >> shift & 15];
    return to;
}

char* put_utf8(char* to, std::uint32_t point) {
    if (point > 0x10FFFF) throw std::invalid_argument("articles: no code point");
    const int n_more = point < 0x80 ? 0 : point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    constexpr std::uint32_t heads[] = {0, 0xC0, 0xE0, 0xF0};
    *to++ = static_cast<char>(heads[n_more] | point >> 6 * n_more);
    for (int k = n_more - 1; k >= 0; --k) *to++ = static_cast<char>(0x80 | (point >> 6 * k & 63));
    return to;
}

char* put_point(char* to, std::uint32_t point) {
    const bool is_short = point == '"' || point == '\\';
    return is_short || is_escaped(point) ? put_escape(to, point) : put_utf8(to, point);
}

// Rounds figure * unit, at least 0, to a whole number; a half to an even one, as Python's round.
std::int64_t round_exactly(double figure, std::int64_t unit) {
    const auto scale = static_cast<double>(unit);
    const double whole = std::floor(figure * scale);
    // The product is rounded; only its distance from the half between two numbers is exact.
    const double above = std::fma(figure, scale, -(whole + 0.5));
    const auto number = static_cast<std::int64_t>(whole);
    return number + (above > 0 || (above == 0 && number % 2 == 1));
}

class Writer {
public:
    void write(string_view text) {
        make_room(text.size());
        std::copy(text.begin(), text.end(), get_end());
        size_ += text.size();
    }

    void write(std::int64_t number) {
        make_room(max_digits);
        char* const to = get_end();
        size_ += std::to_chars(to, to + max_digits, number).ptr - to;
    }

    template <class First, class Second, class... Rest>
    void write(First first, Second second, Rest... rest) {
        write(first);
        write(second, rest...);
    }

    // Writes a figure as Python does, rounded; below 1 stays below 1.
    void write_figure(double figure, std::int64_t unit) {
        if (std::signbit(figure)) write("-");
        std::int64_t number = round_exactly(std::abs(figure), unit);
        if (0 <= figure && figure < 1) number = std::min(number, unit - 1);
        write(number / unit);
        write(".");
        std::int64_t rest = number % unit;
        do {
            rest *= 10;
            write(rest / unit);
            rest %= unit;
        } while (rest > 0);
    }

    void write_quoted(std::span<const std::uint32_t> points) {
        make_room(max_point_bytes * points.size() + 2);
        char* to = get_end();
        *to++ = '"';
        for (const std::uint32_t point : points) {
            if (0x20 <= point && point < 0x7F && point != '"' && point != '\\')
                *to++ = static_cast<char>(point);
            else
                to = put_point(to, point);
        }
        *to++ = '"';
        size_ = static_cast<std::size_t>(to - reinterpret_cast<char*>(bytes_.data()));
    }

    std::vector<std::uint8_t> take() {
        bytes_.resize(size_);
        return std::move(bytes_);
    }

private:
    // A text may be empty: there is always a byte to point to.
    void make_room(std::size_t n) {
        if (bytes_.size() - size_ <= n) bytes_.resize(std::max(2 * bytes_.size(), size_ + n + 1));
    }

    char* get_end() { return reinterpret_cast<char*>(&bytes_[size_]); }

    std::vector<std::uint8_t> bytes_;
    std::size_t size_ = 0;
};

void write_spans(Writer& writer, const std::int64_t* chars, string_view between) {
    writer.write("[", chars[0], ",", chars[1], between, chars[2], ",", chars[3], "]");
}

void write_edits(Writer& writer, const EditColumns& edits, std::int64_t first, std::int64_t last) {
    for (std::int64_t at = first; at < last; ++at) {
        writer.write(at > first ? ",[\"" : "[\"", op_names[edits.ops[at]], "\",");
        write_spans(writer, &edits.chars[4 * at], "],[");
        writer.write(edits.is_fact[at] ? ",\"fact\"]" : "]");
    }
}

void write_passage(Writer& writer, const PassageColumns& passages, std::int64_t at,
                   std::span<const std::uint32_t> text_a, std::span<const std::uint32_t> text_b) {
    const std::int64_t* chars = &passages.chars[4 * at];
    const double* figures = &passages.figures[3 * at];
    const string_view speakers = slice(passages.speakers, passages.speaker_bounds, at);
    writer.write("{\"a\":");
    write_spans(writer, chars, "],\"b\":[");
    writer.write(",\"kind\":\"", kind_names[passages.kinds[at]], "\",\"role\":\"",
                 role_names[passages.roles[at]], "\",\"quote\":",
                 speakers.empty() ? "false" : "true", speakers);
    writer.write(",\"identity\":");
    writer.write_figure(figures[0], share_unit);
    writer.write(",\"confidence\":");
    writer.write_figure(figures[1], share_unit);
    writer.write(",\"score\":");
    writer.write_figure(figures[2], score_unit);
    writer.write(",\"n_words\":", passages.n_words[at], ",\"text_a\":");
    writer.write_quoted(text_a.subspan(chars[0], chars[1] - chars[0]));
    writer.write(",\"text_b\":");
    writer.write_quoted(text_b.subspan(chars[2], chars[3] - chars[2]));
    writer.write(",\"edits\":[");
}

void write_head(Writer& writer, const ArticleColumns& articles, const OverlapColumns& overlaps,
                std::int64_t at) {
    constexpr string_view names[] = {"similarity", "jaccard", "coverage_a", "coverage_b"};
    const std::int64_t* pair = &overlaps.pairs[2 * at];
    writer.write("{\"type\":\"overlap\",\"a\":", slice(articles.ids, articles.id_bounds, pair[0]),
                 ",\"b\":", slice(articles.ids, articles.id_bounds, pair[1]), ",\"relation\":\"",
                 relation_names[overlaps.relations[at]], "\"");
    for (std::size_t k = 0; k < std::size(names); ++k) {
        writer.write(",\"", names[k], "\":");
        writer.write_figure(overlaps.figures[4 * at + k], share_unit);
    }
    writer.write(",\"passages\":[");
}

std::span<const std::uint32_t> find_text(const ArticleColumns& articles, std::int64_t at) {
    return articles.points.subspan(articles.bounds[at],
                                   articles.bounds[at + 1] - articles.bounds[at]);
}

}  // namespace

std::vector<std::uint8_t> write_lines(const ArticleColumns& articles,
                                      const OverlapColumns& overlaps,
                                      const PassageColumns& passages, const EditColumns& edits) {
    Writer writer;
    for (std::size_t k = 0; k < overlaps.relations.size(); ++k) {
        const auto text_a = find_text(articles, overlaps.pairs[2 * k]);
        const auto text_b = find_text(articles, overlaps.pairs[2 * k + 1]);
        write_head(writer, articles, overlaps, static_cast<std::int64_t>(k));
        for (std::int64_t at = overlaps.bounds[k]; at < overlaps.bounds[k + 1]; ++at) {
            if (at > overlaps.bounds[k]) writer.write(",");
            write_passage(writer, passages, at, text_a, text_b);
            write_edits(writer, edits, edits.bounds[at], edits.bounds[at + 1]);
            writer.write("]}");
        }
        writer.write("]", overlaps.is_capped[k] ? ",\"capped\":true" : "",
                     overlaps.is_version[k] ? ",\"version\":true" : "", "}\n");
    }
    return writer.take();
}

}  // namespace dedup
