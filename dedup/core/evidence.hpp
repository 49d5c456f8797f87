// Step: shared and unshared information -> evidence of reuse, in bits.
//
// A reused stretch shares a part of its information, its rate; any other stretch shares a
// part too, the chance rate. A shared bit speaks for reuse with log(rate / chance_rate), an
// unshared bit against it with log((1 - rate) / (1 - chance_rate)). Both are divided by the
// first: a shared bit counts one, an unshared bit costs the penalty.
#pragma once

#include <cstdint>

namespace dedup {

// Returns what an unshared bit costs where the part `rate` of all bits is shared: about .1
// where little more than chance is shared, 1.3 where all is. chance_rate is in (0, 1).
// Log-odds of two Bernoulli models, as in the scores of Karlin and Altschul 1990.
double find_penalty(double rate, double chance_rate);

// Returns the evidence that a stretch is reused: the mean of both sides, each at its own penalty.
// shared, mass_a, mass_b are bits; the masses are at least `shared`.
double weigh_evidence(double shared, double mass_a, double mass_b, double chance_rate);

// Returns the evidence of one side.
double weigh_side(double shared, double mass, double chance_rate);

// Returns the bits that a passage of articles of n_a and n_b words needs: min_score up to 256
// words each, slope more for each doubling of the places where they can meet.
// The search space m * n of Karlin and Altschul 1990, equation 1.
double find_floor(std::int64_t n_a, std::int64_t n_b, double min_score, double slope);

}  // namespace dedup
