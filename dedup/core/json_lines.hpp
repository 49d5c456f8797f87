// Step: columns of overlaps -> their JSON Lines, see Overlap.to_dict.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace dedup {

// Figures are smaller, so that a rounded one has at most 15 digits: no other number is as short.
inline constexpr double max_figure = 1e9;
inline constexpr std::int64_t n_relations = 5, n_kinds = 3, n_roles = 4, n_ops = 6;

// ids     JSON of the ids, UTF-8.
// points  code points of the texts.
struct ArticleColumns {
    std::span<const std::uint8_t> ids;
    std::span<const std::int64_t> id_bounds;
    std::span<const std::uint32_t> points;
    std::span<const std::int64_t> bounds;
};

// pairs    int64 (n, 2), articles.
// bounds   int64 (n + 1,), passages before each overlap.
// figures  double (n, 4), similarity, Jaccard similarity, and coverage of each side.
struct OverlapColumns {
    std::span<const std::int64_t> pairs, bounds, relations;
    std::span<const double> figures;
    std::span<const bool> is_capped, is_version;
};

// chars     int64 (n, 4), half-open spans in code points, in a then in b.
// speakers  JSON fields of the speakers of a quote, UTF-8, after a comma; empty of other passages.
// figures   double (n, 3), identity, confidence and score.
struct PassageColumns {
    std::span<const std::int64_t> chars;
    std::span<const std::uint8_t> kinds, roles, speakers;
    std::span<const std::int64_t> speaker_bounds;
    std::span<const double> figures;
    std::span<const std::int64_t> n_words;
};

// bounds  int64 (n_passages + 1,), edits before each passage.
// chars   int64 (n, 4), as those of passages.
struct EditColumns {
    std::span<const std::int64_t> bounds, ops, chars;
    std::span<const bool> is_fact;
};

// Writes the line of each overlap, with its end, UTF-8; throws if a number is no code point.
std::vector<std::uint8_t> write_lines(const ArticleColumns& articles,
                                      const OverlapColumns& overlaps,
                                      const PassageColumns& passages, const EditColumns& edits);

}  // namespace dedup
