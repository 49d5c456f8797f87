// What the words of an article tell, in bits, before anything is compared.
//
// That two articles on one event share a name says nothing; that they have it in the same place
// does, and all the less the more places there are: a word carries at most -log2 of its
// frequency in the article. Names and numbers follow from the facts, not from the wording:
// they carry a part of that, and a capital word after a capital word still less.
#pragma once

#include <cstdint>

namespace dedup {

// Returns the bits of a content word by its frequency in news.
// idf: uint8 (2**20,), eighths of a bit by the top bits of a stem.
float find_information(std::uint64_t stem, std::uint8_t flag, const std::uint8_t* idf);

// Returns the most bits of a stem that occurs `count` times among n_content content words.
double find_cap(std::int64_t count, std::int64_t n_content);

// Tells whether capitals tell a name: not in headlines, German, or text all in capitals.
bool tell_names(std::int64_t n_capitals, std::int64_t n_content);

// Returns the part of its information that a word keeps: 1 unless it tells a fact.
// flags: uint8 (n_tokens,) of the article; has_case: what tell_names returned.
float find_share(const std::uint8_t* flags, std::int64_t token, bool has_case);

}  // namespace dedup
