#include "logarithm.hpp"

#include <bit>
#include <cstdint>
#include <limits>

namespace dedup {

namespace {

// x = 2**exponent * (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)), and log(1 + f) = f - half + rest.
struct Split {
    double exponent, f, half, rest;
};

constexpr double ln2_high = 6.93147180369123816490e-01, ln2_low = 1.90821492927058770002e-10;
constexpr double inverse_ln2_high = 1.44269504072144627571e+00;
constexpr double inverse_ln2_low = 1.67517131648865118353e-10;
constexpr double two_to_54 = 18014398509481984.0;
constexpr std::uint64_t low_half = 0xFFFFFFFF;

// x is finite and above 0.
Split split(double x) {
    std::int64_t exponent = 0;
    if (x < std::numeric_limits<double>::min()) {
        x *= two_to_54;
        exponent = -54;
    }
    const auto bits = std::bit_cast<std::uint64_t>(x);
    // Adding the distance from sqrt(1/2) to 1 in the high word carries if 1 + f reaches sqrt(2).
    const std::uint64_t high = (bits >> 32) + (0x3FF00000 - 0x3FE6A09E);
    exponent += static_cast<std::int64_t>(high >> 20) - 0x3FF;
    const std::uint64_t mantissa = (high & 0x000FFFFF) + 0x3FE6A09E;
    const double f = std::bit_cast<double>(mantissa << 32 | (bits & low_half)) - 1.0;
    const double s = f / (2.0 + f), z = s * s, w = z * z;
    const double odd = w * (3.999999999940941908e-01 +
                            w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
    const double even =
        z * (6.666666666666735130e-01 +
             w * (2.857142874366239149e-01 +
                  w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
    const double half = 0.5 * f * f;
    return {static_cast<double>(exponent), f, half, s * (half + (even + odd))};
}

// Result for arguments without a finite logarithm; 0 otherwise.
bool is_special(double x, double& result) {
    if (x > 0 && x <= std::numeric_limits<double>::max()) return false;
    result = x == 0   ? -std::numeric_limits<double>::infinity()
             : x > 0 ? x
                     : std::numeric_limits<double>::quiet_NaN();
    return true;
}

}  // namespace

double natural_log(double x) {
    double result = 0;
    if (is_special(x, result)) return result;
    const Split of = split(x);
    return of.exponent * ln2_high -
           ((of.half - (of.rest + of.exponent * ln2_low)) - of.f);
}

double binary_log(double x) {
    double result = 0;
    if (is_special(x, result)) return result;
    const Split of = split(x);
    // The leading part without its low bits, so that its product is exact.
    const double high = std::bit_cast<double>(
        std::bit_cast<std::uint64_t>(of.f - of.half) & ~low_half);
    const double low = (of.f - high) - of.half + of.rest;
    const double value_high = high * inverse_ln2_high;
    const double value_low = (low + high) * inverse_ln2_low + low * inverse_ln2_high;
    const double sum = of.exponent + value_high;
    return value_low + ((of.exponent - sum) + value_high) + sum;
}

}  // namespace dedup
