// Step: UTF-8 -> places at which listed phrases may stand.
//
// A piece is a run of ASCII letters, digits and underscores; capitals count as small letters, and
// all other code points only separate pieces. A phrase is looked up by its first two pieces. So
// nothing is missed in a text of known letters, and patterns check the few places that are found.
//
// The letters known are ASCII, Latin up to U+024F, and punctuation. A text with other letters, or
// with one that patterns take for an ASCII letter (U+0130, U+0131, U+017F), is foreign.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace dedup {

// Hashes of the first two pieces of each phrase; 0 for a second one that is missing.
struct PhraseKeys {
    std::vector<std::uint64_t> firsts, seconds;  // (n_phrases,)
};

// Hashes phrases; throws std::invalid_argument for one without a piece.
//
// text     uint8 (at least offsets[-1],), UTF-8, phrase by phrase.
// offsets  int64 (n_phrases + 1,), bytes before each phrase.
PhraseKeys hash_phrases(std::span<const std::uint8_t> text, std::span<const std::int64_t> offsets);

struct PhraseHit {
    std::int64_t text, point, phrase;  // point: code points before the first piece
};

struct FoundPhrases {
    std::vector<PhraseHit> hits;           // by text, then by the piece at which a hit is known
    std::vector<std::uint8_t> is_foreign;  // (n_texts,)
};

// Finds the phrases of a batch of texts.
//
// text             uint8 (at least offsets[-1],), UTF-8, text by text.
// offsets          int64 (n + 1,), bytes before each text.
// firsts, seconds  as in PhraseKeys, in any order.
FoundPhrases find_phrases(std::span<const std::uint8_t> text,
                          std::span<const std::int64_t> offsets,
                          std::span<const std::uint64_t> firsts,
                          std::span<const std::uint64_t> seconds);

}  // namespace dedup
