// Instruction sets of the inner loops. Results are identical.
#pragma once

#include <vector>

namespace dedup {

// portable  C++ without intrinsics.
// sse2      intrinsics of every x86-64 processor.
// avx2      32-byte registers and bit instructions (BMI).
// avx512    multiplies of 64 bits in registers (AVX-512 F, BW, DQ, VL): what hashes. The rest
//           is as in avx2.
enum class Variant { portable, sse2, avx2, avx512 };

// Variants that this processor supports, fastest last.
std::vector<Variant> find_variants();

// The fastest of them, determined once.
Variant best_variant();

}  // namespace dedup
