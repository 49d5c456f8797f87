#include "families.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace dedup {

namespace {

using Rows = std::span<const std::int64_t>;

PlaceWords place_at(const PlaceWords& tokens, Rows spans, std::int64_t place) {
    return tokens.slice(spans[2 * place], spans[2 * place + 1]);
}

// Gathers families, one after the other.
class Gatherer {
public:
    Gatherer(const PlaceWords& tokens, Rows spans, const Links& links, const Known& known,
             double min_alike)
        : tokens_(tokens),
          spans_(spans),
          links_(links),
          known_(known),
          min_alike_(min_alike),
          is_gathered_(links.numbers.size() / 2, 0),
          is_followed_(spans.size() / 2, 0),
          family_(spans.size() / 2, -1),
          tried_(spans.size() / 2, -1),
          identity_(spans.size() / 2, 0.0) {
        found_.bounds.push_back(0);
    }

    // Gathers a family around a place with an ungathered passage.
    void gather(std::int64_t representative) {
        bool is_left = false;
        for (std::int64_t k = links_.first[representative]; k < links_.first[representative + 1];
             ++k)
            is_left |= links_.is_passage[k] && !is_gathered_[links_.numbers[k]];
        if (!is_left) return;
        representative_ = representative;
        number_ = static_cast<std::int64_t>(found_.bounds.size());
        std::size_t at = found_.members.size();
        add(representative, 1.0);
        for (; at < found_.members.size(); ++at) {
            const std::int64_t place = found_.members[at];
            if (is_followed_[place] && place != representative) continue;
            is_followed_[place] = 1;
            follow(place);
        }
        found_.bounds.push_back(static_cast<std::int64_t>(found_.members.size()));
    }

    Gathered take() { return std::move(found_); }

private:
    void add(std::int64_t place, double identity) {
        found_.members.push_back(place);
        found_.identities.push_back(identity);
        family_[place] = number_;
        identity_[place] = identity;
    }

    // Measures a place against the representative, once per family.
    void measure(std::int64_t place) {
        if (tried_[place] == number_) return;
        tried_[place] = number_;
        identity_[place] = known_.representatives[place] == representative_
                               ? known_.identities[place]
                               : aligner_
                                     .align(place_at(tokens_, spans_, representative_),
                                            place_at(tokens_, spans_, place))
                                     .identity;
    }

    // Adds places that are linked to a member.
    void follow(std::int64_t place) {
        for (std::int64_t k = links_.first[place]; k < links_.first[place + 1]; ++k) {
            const std::int64_t other = links_.others[k];
            if (is_gathered_[links_.numbers[k]]) continue;
            if (family_[other] != number_) {
                measure(other);
                const bool is_direct = links_.is_passage[k] && identity_[place] == 1.0;
                if (identity_[other] < min_alike_ && !is_direct) continue;
                add(other, identity_[other]);
            }
            is_gathered_[links_.numbers[k]] = 1;
        }
    }

    const PlaceWords& tokens_;
    Rows spans_;
    const Links& links_;
    const Known& known_;
    double min_alike_;
    std::vector<std::uint8_t> is_gathered_, is_followed_;
    std::vector<std::int64_t> family_, tried_;
    std::vector<double> identity_;
    std::int64_t representative_ = -1, number_ = 0;
    PlaceAligner aligner_;
    Gathered found_;
};

// First pair of a place among pairs sorted by place.
std::size_t find_first(Rows nested, std::int64_t place) {
    std::size_t low = 0, high = nested.size() / 2;
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        if (nested[2 * middle] < place)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

// A family inside another: its number, and its span in the representative of the other.
struct Inner {
    std::int64_t family;
    WordSpan span;
};

}  // namespace

Gathered gather_families(const PlaceWords& tokens, Rows spans, Rows order, const Links& links,
                         const Known& known, double min_alike) {
    Gatherer gatherer(tokens, spans, links, known, min_alike);
    for (const std::int64_t representative : order) gatherer.gather(representative);
    return gatherer.take();
}

std::vector<std::int64_t> project_inwards(const PlaceWords& tokens, Rows spans,
                                          const Families& families, Rows nested) {
    PlaceAligner aligner;
    std::vector<std::int64_t> found;
    for (std::int64_t number = 0; number < families.size(); ++number) {
        const std::int64_t representative = families.representative(number);
        const std::int64_t base = spans[2 * representative];
        const PlaceWords whole = place_at(tokens, spans, representative);
        for (std::int64_t k = families.bounds[number]; k < families.bounds[number + 1]; ++k) {
            const std::int64_t member = families.members[k];
            std::size_t at = find_first(nested, member);
            if (2 * at == nested.size() || nested[2 * at] != member) continue;
            const std::int64_t low = spans[2 * member], high = spans[2 * member + 1];
            const PlaceAlignment& alignment =
                aligner.align(place_at(tokens, spans, member), whole);
            for (; 2 * at < nested.size() && nested[2 * at] == member; ++at) {
                const std::int64_t inner = nested[2 * at + 1];
                const WordSpan own{std::max(spans[2 * inner], low) - low,
                                  std::min(spans[2 * inner + 1], high) - low};
                const WordSpan other = project(alignment.aligned, own, {0, whole.size()});
                if (other.start < other.end)
                    found.insert(found.end(),
                                 {number, inner, base + other.start, base + other.end});
            }
        }
    }
    return found;
}

Projection project_outwards(const PlaceWords& tokens, Rows spans, const Families& families,
                            Rows inner, std::int64_t max_carried) {
    std::vector<std::int64_t> room(families.size());
    for (std::int64_t number = 0; number < families.size(); ++number)
        room[number] = max_carried * (families.bounds[number + 1] - families.bounds[number]);
    PlaceAligner aligner;
    Projection projected;
    std::size_t first = 0;
    while (first < inner.size()) {
        const std::int64_t outer = inner[first];
        const std::int64_t representative = families.representative(outer);
        const std::int64_t base = spans[2 * representative];
        std::vector<Inner> rows;
        for (; first < inner.size() && inner[first] == outer; first += 4)
            rows.push_back({inner[first + 1], {inner[first + 2] - base, inner[first + 3] - base}});
        const std::int64_t end = families.bounds[outer + 1];
        for (std::int64_t k = families.bounds[outer]; k < end; ++k) {
            const std::size_t n_gone =
                std::erase_if(rows, [&](const Inner& row) { return room[row.family] <= 0; });
            projected.n_capped += static_cast<std::int64_t>(n_gone) * (end - k);
            if (rows.empty()) break;
            const std::int64_t member = families.members[k], low = spans[2 * member];
            const PlaceWords words = place_at(tokens, spans, member);
            const PlaceAlignment& alignment =
                aligner.align(place_at(tokens, spans, representative), words);
            for (const Inner& row : rows) {
                const WordSpan other = project(alignment.aligned, row.span, {0, words.size()});
                if (other.start >= other.end) continue;
                --room[row.family];
                projected.rows.insert(projected.rows.end(),
                                    {row.family, low + other.start, low + other.end});
            }
        }
    }
    return projected;
}

std::vector<double> measure_places(const PlaceWords& tokens, Rows spans, const Families& families,
                                   Rows projected) {
    PlaceAligner aligner;
    std::vector<double> identities(projected.size() / 3);
    for (std::size_t k = 0; k < identities.size(); ++k) {
        const PlaceWords whole =
            place_at(tokens, spans, families.representative(projected[3 * k]));
        const PlaceWords own = tokens.slice(projected[3 * k + 1], projected[3 * k + 2]);
        identities[k] = aligner.align(whole, own).identity;
    }
    return identities;
}

}  // namespace dedup
