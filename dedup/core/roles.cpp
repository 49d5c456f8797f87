#include "roles.hpp"

#include <algorithm>

#include "flags.hpp"

namespace dedup {

namespace {

// Numbers of words of a side.
struct WordCounts {
    std::int64_t all = 0, quoted = 0, counted = 0, formula = 0, furniture = 0, digits = 0,
                 spaceless = 0;
};

WordCounts count_words(const std::uint8_t* flags, const std::uint8_t* marks, std::int64_t n) {
    WordCounts found;
    found.all = n;
    for (std::int64_t at = 0; at < n; ++at) {
        found.quoted += (flags[at] & is_quoted) != 0;
        found.digits += (flags[at] & is_digit) != 0;
        found.spaceless += (flags[at] & is_spaceless) != 0;
        if ((flags[at] & is_dense) == is_stop) continue;
        ++found.counted;
        found.formula += marks[at] != role_text;
        found.furniture += marks[at] == role_furniture;
    }
    return found;
}

double share(std::int64_t n, std::int64_t n_all) {
    return static_cast<double>(n) / static_cast<double>(std::max<std::int64_t>(n_all, 1));
}

bool has_figures(const WordCounts& side, const RoleLimits& limits) {
    const double n_words =
        static_cast<double>(side.all - side.digits) - static_cast<double>(side.spaceless) / 2;
    return static_cast<double>(side.digits) >=
           std::max(static_cast<double>(limits.min_figures),
                    n_words / static_cast<double>(limits.max_words_of_figure));
}

PassageRole role_of(const WordCounts& a, const WordCounts& b, const RoleLimits& limits) {
    const auto is_mostly = [&](std::int64_t WordCounts::* kind) {
        return share(a.*kind, a.counted) >= limits.mostly ||
               share(b.*kind, b.counted) >= limits.mostly;
    };
    if (is_mostly(&WordCounts::furniture)) return role_furniture;
    if (share(a.quoted, a.all) >= limits.quoted && share(b.quoted, b.all) >= limits.quoted)
        return role_quotation;
    return is_mostly(&WordCounts::formula) ? role_formula : role_text;
}

}  // namespace

MarkedRoles find_roles(std::span<const std::int64_t> articles, std::span<const std::int64_t> spans,
                       std::span<const std::int64_t> offsets, std::span<const std::uint8_t> flags,
                       std::span<const std::uint8_t> marks, const RoleLimits& limits) {
    MarkedRoles found;
    for (std::size_t at = 0; at < articles.size() / 2; ++at) {
        const auto count = [&](int side) {
            const std::int64_t* span = spans.data() + 4 * at + 2 * side;
            const std::int64_t first = offsets[articles[2 * at + side]] + span[0];
            return count_words(flags.data() + first, marks.data() + first, span[1] - span[0]);
        };
        const WordCounts a = count(0), b = count(1);
        found.roles.push_back(role_of(a, b, limits));
        found.has_figures.push_back(has_figures(a, limits) && has_figures(b, limits));
    }
    return found;
}

}  // namespace dedup
