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

// Returns the cell of a content word in the table.
inline std::uint64_t find_cell(std::uint64_t stem, std::uint8_t flag) {
    return (flag & is_spaceless ? n_idf_cells : 0) + (stem >> idf_shift);
}

// Returns the bits of a content word by its frequency in news.
// idf: uint8 (2**21,), eighths of a bit by the top bits of a stem: words, then pairs.
inline float find_information(std::uint64_t stem, std::uint8_t flag, const std::uint8_t* idf) {
    return static_cast<float>(idf[find_cell(stem, flag)]) * idf_unit;
}

// Returns the most bits of a stem that occurs `count` times among n_content content words.
double find_cap(std::int64_t count, std::int64_t n_content);

// Returns whether capitals mark names: not in headlines, German, or text in all capitals.
bool tell_names(std::int64_t n_capitals, std::int64_t n_content);

// Shares of the information that words of each kind keep: 1 unless a word is a fact.
constexpr float kind_shares[] = {1.0F,       1.0F,       fact_share, name_share,
                                 fact_share, fact_share, fact_share, fact_share};

// Returns the kind of a word, an index of kind_shares.
// flags: uint8 (n_tokens,) of the article; has_case: result of tell_names.
inline std::uint8_t find_kind(const std::uint8_t* flags, std::int64_t token, bool has_case) {
    // Names come at random, so a branch would be wrong often.
    const std::uint8_t flag = flags[token], before = token > 0 ? flags[token - 1] : 0;
    const int is_number = (flag & is_digit) != 0, is_second = (before & is_capital) != 0;
    const int is_name = has_case & ((flag & (is_capital | starts_clause)) == is_capital);
    return static_cast<std::uint8_t>(4 * is_number + 2 * is_name + is_second);
}

// Returns the share of its information that a word keeps.
inline float find_share(const std::uint8_t* flags, std::int64_t token, bool has_case) {
    return kind_shares[find_kind(flags, token, has_case)];
}

}  // namespace dedup
