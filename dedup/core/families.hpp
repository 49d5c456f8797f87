// Step: places and the links between them -> families, and families projected into longer ones.
//
// spans  int64 (n_places, 2), all places, see places.hpp.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "places.hpp"

namespace dedup {

// Links of every place, those of place k from first[k] to first[k + 1].
//
// first       int64 (n_places + 1,).
// others      int64 (n_ends,), the place at the other end.
// numbers     int64 (n_ends,), the number of the link; each link has two ends.
// is_passage  (n_ends,), what is linked for another reason has to show that it is alike.
struct Links {
    std::span<const std::int64_t> first, others, numbers;
    std::span<const bool> is_passage;
};

// A representative of every place, or -1, int64, and the identity with it that was measured
// before, float64, both (n_places,).
struct Known {
    std::span<const std::int64_t> representatives;
    std::span<const double> identities;
};

// Families: members of family k from bounds[k] to bounds[k + 1], at least one; the first is its
// representative.
struct Gathered {
    std::vector<std::int64_t> bounds, members;
    std::vector<double> identities;
};

// The same without identities, not owned.
struct Families {
    std::span<const std::int64_t> bounds, members;

    std::int64_t size() const { return static_cast<std::int64_t>(bounds.size()) - 1; }
    std::int64_t representative(std::int64_t family) const { return members[bounds[family]]; }
};

// Rows of columns, and how many found no room.
struct Projection {
    std::vector<std::int64_t> rows;
    std::int64_t n_capped = 0;
};

// Gathers places into families around representatives.
//
// order      int64, all places, the one that shall represent a family first.
// known      spares comparisons and changes no result.
// min_alike  identity with the representative that a place needs which no passage links with it.
//
// Every passage joins two members of one of the families. A place may be in several: where a
// text changed from copy to copy until nothing of it was left, families overlap. From each
// representative that has a passage not gathered yet, links are followed outwards. A place is
// compared with the representative only, and its links are followed for one family beside its
// own, so that the work is linear in the number of links.
Gathered gather_families(const PlaceWords& tokens, std::span<const std::int64_t> spans,
                         std::span<const std::int64_t> order, const Links& links,
                         const Known& known, double min_alike);

// Projects what lies in the members of families onto their representatives.
//
// nested  int64 (n_pairs, 2), outer and inner place, sorted.
//
// Returns int64 (n_projected, 4): family, inner place, and the span of the representative that
// tells the same.
std::vector<std::int64_t> project_inwards(const PlaceWords& tokens,
                                          std::span<const std::int64_t> spans,
                                          const Families& families,
                                          std::span<const std::int64_t> nested);

// Projects families that lie in the representative of another onto its members.
//
// inner        int64 (n_inner, 4): outer family, sorted; inner family, at most once in an outer
//              one; and the span of the representative of the outer family that tells what the
//              inner one does.
// max_carried  places that a family gets for each of its members, 0 to 2**31.
//
// Returns family and span of each place found, int64 (n_projected, 3), and how many a cap left out.
Projection project_outwards(const PlaceWords& tokens, std::span<const std::int64_t> spans,
                            const Families& families, std::span<const std::int64_t> inner,
                            std::int64_t max_carried);

// Measures how much places are like the representatives of families.
//
// projected  int64 (n, 3), family and span of each place.
//
// Returns float64 (n,), identities.
std::vector<double> measure_places(const PlaceWords& tokens, std::span<const std::int64_t> spans,
                                   const Families& families,
                                   std::span<const std::int64_t> projected);

}  // namespace dedup
