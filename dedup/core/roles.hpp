// Step: the words of passages -> roles that follow from marks of words alone.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace dedup {

// Roles, in the order of dedup.model.Role.
enum PassageRole : std::uint8_t { role_text, role_quotation, role_formula, role_furniture };

// Limits, as shares of the words of a side, and of a template filled with other figures.
struct RoleLimits {
    double mostly, quoted;
    std::int64_t min_figures, max_words_of_figure;
};

// roles        uint8 (n,), PassageRole.
// has_figures  bool (n,), whether both sides have words with digits enough for a template that is
//              filled with figures; a character that is a word counts half.
struct MarkedRoles {
    std::vector<std::uint8_t> roles, has_figures;
};

// Finds roles: a quotation is quoted on both sides; a formula or furniture is that on either. Words
// that are neither content words nor bare are not counted for the latter.
//
// articles  int64 (n, 2), articles of each passage.
// spans     int64 (n, 4), half-open, in tokens of a and of b.
// offsets   int64 (n_articles + 1,), tokens before each article.
// flags, marks  uint8 (n_tokens,), flags and PassageRole of each token.
MarkedRoles find_roles(std::span<const std::int64_t> articles, std::span<const std::int64_t> spans,
                       std::span<const std::int64_t> offsets, std::span<const std::uint8_t> flags,
                       std::span<const std::uint8_t> marks, const RoleLimits& limits);

}  // namespace dedup
