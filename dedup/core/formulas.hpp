// Step: repeated shingles -> runs of boilerplate, and known boilerplate in articles.
//
// A run ends at sentence ends if possible. Its most frequent shingle names it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "repeats.hpp"

namespace dedup {

// Minimum words of a run: min_unit for whole sentences, min_edge at either end of an article,
// min_inside inside a sentence. None is negative. A character of a script without spaces is half a
// word.
struct RunLimits {
    std::int64_t min_unit, min_edge, min_inside;
};

// Runs of repeated tokens: article, first token and end, int64 (n_runs, 3), in order; and a hash of
// the tokens of each, uint64 (n_runs,).
struct Runs {
    std::vector<std::int64_t> places;
    std::vector<std::uint64_t> hashes;
};

// Known boilerplate of outlets.
//
// keys, counts              (n_keys,), shingles of all outlets, ascending within each, and their
//                           frequencies.
// units                     uint64 (n_units,), names of boilerplate, ascending within each.
// key_bounds, unit_bounds   int64 (n_outlets + 1,), shingles and names before each outlet.
struct Formulas {
    std::span<const std::uint64_t> keys;
    std::span<const std::int64_t> counts;
    std::span<const std::uint64_t> units;
    std::span<const std::int64_t> key_bounds, unit_bounds;
};

// Joins covered tokens, (n_tokens,), into runs, and drops runs that are too short.
//
// A run below the limits is reduced to its whole sentences. An end fewer than min_edge tokens past
// a boundary moves back to it.
Runs gather_runs(const Articles& articles, std::span<const bool> covered, const RunLimits& limits);

// Names each run by its most frequent shingle, so that variants of a formula share a name.
//
// runs as returned by gather_runs; the hash names a run without a whole shingle.
// keys            uint64 (n_shingles,), in the order of their first tokens.
// counts          int64 (n_shingles,), frequency of each; in a tie, the smaller key wins.
// firsts, widths  int64 (n_shingles,), first token of each, and tokens.
//
// Returns uint64 (n_runs,).
std::vector<std::uint64_t> name_runs(std::span<const std::int64_t> places,
                                     std::span<const std::uint64_t> hashes,
                                     std::span<const std::uint64_t> keys,
                                     std::span<const std::int64_t> counts,
                                     std::span<const std::int64_t> firsts,
                                     std::span<const std::int64_t> widths);

// Returns which tokens are known boilerplate of the article's outlet.
//
// outlets  int64 (n_articles,), outlet of each article; negative for none.
// k        tokens in a shingle, at least 1; also the minimum of a run at an edge.
//
// Returns (n_tokens,), 1 for boilerplate.
std::vector<std::uint8_t> cover_formulas(const Articles& articles,
                                         std::span<const std::int64_t> outlets,
                                         const Formulas& formulas, std::int64_t k,
                                         std::int64_t min_unit, std::int64_t min_inside);

}  // namespace dedup
