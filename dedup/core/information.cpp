#include "information.hpp"

#include "flags.hpp"
#include "logarithm.hpp"

namespace dedup {

namespace {

// The table of frequencies is in eighths of a bit, by the top 20 bits of a stem: words, then pairs
// of characters or syllables.
constexpr float idf_unit = 0.125F;
constexpr int idf_shift = 44;
constexpr std::uint64_t n_cells = std::uint64_t{1} << 20;
// Minimum assumed content words of an article, so that a short one has some information.
constexpr std::int64_t min_places = 32;
// Share of its information that a number or a capitalized word inside a clause carries, and the
// share for a capitalized word after another.
constexpr float fact_share = 0.5F, name_share = 0.15F;
// Above this share of capitalized content words, capitals do not mark names.
constexpr double max_capitals = 0.45;

}  // namespace

float find_information(std::uint64_t stem, std::uint8_t flag, const std::uint8_t* idf) {
    const std::uint64_t first = flag & is_spaceless ? n_cells : 0;
    return static_cast<float>(idf[first + (stem >> idf_shift)]) * idf_unit;
}

double find_cap(std::int64_t count, std::int64_t n_content) {
    return -binary_log(static_cast<double>(count) / static_cast<double>(n_content + min_places));
}

bool tell_names(std::int64_t n_capitals, std::int64_t n_content) {
    return static_cast<double>(n_capitals) < max_capitals * static_cast<double>(n_content);
}

float find_share(const std::uint8_t* flags, std::int64_t token, bool has_case) {
    const std::uint8_t flag = flags[token];
    if (flag & is_digit) return fact_share;
    if (!has_case || !(flag & is_capital) || (flag & starts_clause)) return 1.0F;
    return token > 0 && (flags[token - 1] & is_capital) ? name_share : fact_share;
}

}  // namespace dedup
