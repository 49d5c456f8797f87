// Step: places and links -> families, and families projected into longer ones.
//
// spans  int64 (n_places, 2), all places, see places.hpp.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "places.hpp"

namespace dedup {

// Links of each place; place k has those from first[k] to first[k + 1].
//
// first       int64 (n_places + 1,).
// others      int64 (n_ends,), the place at the other end.
// numbers     int64 (n_ends,), the number of the link; each link has two ends.
// is_passage  (n_ends,), other links need a minimum identity.
struct Links {
    std::span<const std::int64_t> first, others, numbers;
    std::span<const bool> is_passage;
};

// A representative of each place, or -1, int64, and the known identity with it, float64, both
// (n_places,).
struct Known {
    std::span<const std::int64_t> representatives;
    std::span<const double> identities;
};

// Families: family k has members bounds[k] to bounds[k + 1], at least one; the first is its
// representative.
struct Gathered {
    std::vector<std::int64_t> bounds, members;
    std::vector<double> identities;
};

// View of families without identities.
struct Families {
    std::span<const std::int64_t> bounds, members;

    std::int64_t size() const { return static_cast<std::int64_t>(bounds.size()) - 1; }
    std::int64_t representative(std::int64_t family) const { return members[bounds[family]]; }
};

// Rows, and the number left out.
struct Projection {
    std::vector<std::int64_t> rows;
    std::int64_t n_capped = 0;
};

// Gathers places into families around representatives.
//
// order      int64, all places, preferred representatives first.
// known      known identities; they save comparisons and change no result.
// min_alike  minimum identity with the representative for a place that no passage links to it.
//
// Each passage joins two members of some family. Families overlap where a text changed gradually
// from copy to copy. Links are followed outwards from each representative with an ungathered
// passage. A place is compared only with the representative, and its links are followed for one
// family besides its own, so that the work is linear in the number of links.
Gathered gather_families(const PlaceWords& tokens, std::span<const std::int64_t> spans,
                         std::span<const std::int64_t> order, const Links& links,
                         const Known& known, double min_alike);

// Projects places inside members of families onto the representatives.
//
// nested  int64 (n_pairs, 2), outer and inner place, sorted.
//
// Returns int64 (n_projected, 4): family, inner place, and its span in the representative.
std::vector<std::int64_t> project_inwards(const PlaceWords& tokens,
                                          std::span<const std::int64_t> spans,
                                          const Families& families,
                                          std::span<const std::int64_t> nested);

// Projects families inside another family's representative onto its members.
//
// inner        int64 (n_inner, 4): outer family, sorted; inner family, at most once per outer one;
//              and the inner family's span in the outer representative.
// max_carried  maximum projected places per member of a family, 0 to 2**31.
//
// Returns family and span of each place found, int64 (n_projected, 3), and the number left out.
Projection project_outwards(const PlaceWords& tokens, std::span<const std::int64_t> spans,
                            const Families& families, std::span<const std::int64_t> inner,
                            std::int64_t max_carried);

// Measures the identity of places with the representatives of families.
//
// projected  int64 (n, 3), family and span of each place.
//
// Returns float64 (n,), identities.
std::vector<double> measure_places(const PlaceWords& tokens, std::span<const std::int64_t> spans,
                                   const Families& families,
                                   std::span<const std::int64_t> projected);

}  // namespace dedup
