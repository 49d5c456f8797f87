// Information of the words of an article, in bits, before any comparison.
//
// Two articles on one event share names anyway; only a shared position is evidence, and less so the
// more positions there are. So a word carries at most -log2 of its frequency in the article. Names
// and numbers follow from the facts, not the wording, and carry only a part of that; a capitalized
// word after another carries still less.
#pragma once

#include <cstdint>

#include "flags.hpp"

namespace dedup {

// The table of frequencies is in eighths of a bit, by the top 20 bits of a stem: words, then pairs
// of characters or syllables.
constexpr float idf_unit = 0.125F;
constexpr int idf_shift = 44;
constexpr std::uint64_t n_idf_cells = std::uint64_t{1} << 20;
// Share of its information that a number or a capitalized word inside a clause carries, and the
// share for a capitalized word after another.
constexpr float fact_share = 0.5F, name_share = 0.15F;

// Returns the bits of a content word by its frequency in news.
// idf: uint8 (2**21,), eighths of a bit by the top bits of a stem: words, then pairs.
inline float find_information(std::uint64_t stem, std::uint8_t flag, const std::uint8_t* idf) {
    const std::uint64_t first = flag & is_spaceless ? n_idf_cells : 0;
    return static_cast<float>(idf[first + (stem >> idf_shift)]) * idf_unit;
}

// Returns the most bits of a stem that occurs `count` times among n_content content words.
double find_cap(std::int64_t count, std::int64_t n_content);

// Returns whether capitals mark names: not in headlines, German, or text in all capitals.
bool tell_names(std::int64_t n_capitals, std::int64_t n_content);

// Returns the share of its information that a word keeps: 1 unless it is a fact.
// flags: uint8 (n_tokens,) of the article; has_case: result of tell_names.
inline float find_share(const std::uint8_t* flags, std::int64_t token, bool has_case) {
    const std::uint8_t flag = flags[token];
    if (flag & is_digit) return fact_share;
    if (!has_case || !(flag & is_capital) || (flag & starts_clause)) return 1.0F;
    return token > 0 && (flags[token - 1] & is_capital) ? name_share : fact_share;
}

}  // namespace dedup
