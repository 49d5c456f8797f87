// Logarithms with the same result on every system; libraries differ in the last bit.
//
// Both err by less than one unit in the last place, and log2 of a power of two is exact.
// The method and the coefficients are those of Sun's fdlibm, e_log.c, with the split of the
// leading terms of FreeBSD's e_log2.c.
#pragma once

namespace dedup {

// Natural logarithm. Minus infinity at 0, not a number below.
double natural_log(double x);

// Logarithm to the base 2. Minus infinity at 0, not a number below.
double binary_log(double x);

}  // namespace dedup
