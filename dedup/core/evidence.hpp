// Step: shared and unshared information -> evidence of reuse, in bits.
//
// A reused stretch shares a fraction of its information, the rate; any other stretch shares the
// chance rate. The log-odds of a shared bit are log(rate / chance_rate), those of an unshared bit
// log((1 - rate) / (1 - chance_rate)). Both are divided by the first, so that a shared bit counts 1
// and an unshared bit costs the penalty.
#pragma once

#include <cstdint>

namespace dedup {

// Returns the penalty of an unshared bit at a rate: about .1 just above the chance rate, 1.3 if all
// is shared. chance_rate is in (0, 1). Log-odds of two Bernoulli models, as in the scores of Karlin
// and Altschul 1990.
double find_penalty(double rate, double chance_rate);

// Returns the evidence of reuse: the mean of both sides, each at its own penalty.
// shared, mass_a, mass_b are bits; the masses are at least `shared`.
double weigh_evidence(double shared, double mass_a, double mass_b, double chance_rate);

// Returns the evidence of one side.
double weigh_side(double shared, double mass, double chance_rate);

// Returns the minimum score of a passage in articles of n_a and n_b words: min_score up to 256
// words each, plus slope per doubling of the possible positions. The search space m * n of Karlin
// and Altschul 1990, equation 1.
double find_floor(std::int64_t n_a, std::int64_t n_b, double min_score, double slope);

}  // namespace dedup
