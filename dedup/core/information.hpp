// Information of the words of an article, in bits, before any comparison.
//
// Two articles on one event share names anyway; only a shared position is evidence, and less so the
// more positions there are. So a word carries at most -log2 of its frequency in the article. Names
// and numbers follow from the facts, not the wording, and carry only a part of that; a capitalized
// word after another carries still less.
#pragma once

#include <cstdint>

namespace dedup {

// Returns the bits of a content word by its frequency in news.
// idf: uint8 (2**21,), eighths of a bit by the top bits of a stem: words, then pairs.
float find_information(std::uint64_t stem, std::uint8_t flag, const std::uint8_t* idf);

// Returns the most bits of a stem that occurs `count` times among n_content content words.
double find_cap(std::int64_t count, std::int64_t n_content);

// Returns whether capitals mark names: not in headlines, German, or text in all capitals.
bool tell_names(std::int64_t n_capitals, std::int64_t n_content);

// Returns the share of its information that a word keeps: 1 unless it is a fact.
// flags: uint8 (n_tokens,) of the article; has_case: result of tell_names.
float find_share(const std::uint8_t* flags, std::int64_t token, bool has_case);

}  // namespace dedup
