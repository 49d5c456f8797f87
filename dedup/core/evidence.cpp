#include "evidence.hpp"

#include <algorithm>

#include "logarithm.hpp"

namespace dedup {

namespace {

// Rates outside this range give a zero or infinite penalty.
constexpr double min_odds = 1.5, max_rate = 0.98;
// log2 of the possible positions of a passage in two articles of 256 words.
constexpr double few_places = 16.0;

}  // namespace

double find_penalty(double rate, double chance_rate) {
    rate = std::min(std::max(rate, min_odds * chance_rate), max_rate);
    return natural_log((1 - chance_rate) / (1 - rate)) / natural_log(rate / chance_rate);
}

double weigh_side(double shared, double mass, double chance_rate) {
    if (mass <= 0) return 0.0;
    return shared - find_penalty(shared / mass, chance_rate) * std::max(mass - shared, 0.0);
}

double weigh_evidence(double shared, double mass_a, double mass_b, double chance_rate) {
    return (weigh_side(shared, mass_a, chance_rate) + weigh_side(shared, mass_b, chance_rate)) / 2;
}

double find_floor(std::int64_t n_a, std::int64_t n_b, double min_score, double slope) {
    const double places = std::max(static_cast<double>(n_a) * static_cast<double>(n_b), 1.0);
    return min_score + slope * std::max(0.0, binary_log(places) - few_places);
}

}  // namespace dedup
