// Step: repeated shingles -> runs of boilerplate, and where articles have what is known.
//
// A run ends where sentences do, if it can; it has a name by its most widespread shingle.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "repeats.hpp"

namespace dedup {

// Least words that a run needs: min_unit if it consists of whole sentences, min_edge if it begins
// or ends an article, min_inside if it lies inside a sentence. None is negative. A character of a
// script without spaces counts half a word.
struct RunLimits {
    std::int64_t min_unit, min_edge, min_inside;
};

// Runs of repeated tokens: article, first token and one past the last, int64 (n_runs, 3), in
// order; and a hash of the tokens of each, uint64 (n_runs,).
struct Runs {
    std::vector<std::int64_t> places;
    std::vector<std::uint64_t> hashes;
};

// What some outlets are known to repeat.
//
// keys, counts              (n_keys,), shingles of all outlets, ascending in each, and how
//                           widespread each is.
// units                     uint64 (n_units,), names of what is boilerplate, ascending in each.
// key_bounds, unit_bounds   int64 (n_outlets + 1,), shingles and names before each outlet.
struct Formulas {
    std::span<const std::uint64_t> keys;
    std::span<const std::int64_t> counts;
    std::span<const std::uint64_t> units;
    std::span<const std::int64_t> key_bounds, unit_bounds;
};

// Gathers covered tokens, (n_tokens,), to runs and keeps those that can stand for themselves.
//
// Of a run that is shorter than the limits its whole sentences are kept. An end that reaches
// fewer than min_edge tokens over a boundary is moved back to it.
Runs gather_runs(const Articles& articles, std::span<const bool> covered, const RunLimits& limits);

// Names each run by its most widespread shingle: variants of one formula are one unit.
//
// runs            places and hashes as gather_runs gives them; a run that holds no whole shingle
//                 is called by its hash.
// keys            uint64 (n_shingles,), in the order of their first tokens.
// counts          int64 (n_shingles,), how widespread each is; of two that are the same the
//                 lesser key is taken.
// firsts, widths  int64 (n_shingles,), first token of each, and tokens.
//
// Returns uint64 (n_runs,).
std::vector<std::uint64_t> name_runs(std::span<const std::int64_t> places,
                                     std::span<const std::uint64_t> hashes,
                                     std::span<const std::uint64_t> keys,
                                     std::span<const std::int64_t> counts,
                                     std::span<const std::int64_t> firsts,
                                     std::span<const std::int64_t> widths);

// Tells which tokens of articles their outlets are known to repeat.
//
// outlets  int64 (n_articles,), which outlet of the formulas each is of; negative for none.
// k        tokens in a shingle, 1 or more; the least of a run at an edge, too.
//
// Returns (n_tokens,), 1 for boilerplate.
std::vector<std::uint8_t> cover_formulas(const Articles& articles,
                                         std::span<const std::int64_t> outlets,
                                         const Formulas& formulas, std::int64_t k,
                                         std::int64_t min_unit, std::int64_t min_inside);

}  // namespace dedup
