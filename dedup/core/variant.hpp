// Which instructions the hot loops take. Results are the same bit for bit.
#pragma once

#include <vector>

namespace dedup {

// portable  C++ without intrinsics.
// sse2      intrinsics that every x86-64 processor has.
// avx2      32 bytes a register, and the bit instructions (BMI) that came with it.
// avx512    multiplies of 64 bits in registers (AVX-512 F, BW, DQ, VL): what hashes. The rest
//           is as in avx2.
enum class Variant { portable, sse2, avx2, avx512 };

// Variants that this processor runs, the fastest last.
std::vector<Variant> find_variants();

// The fastest of them; asked of the processor once.
Variant best_variant();

}  // namespace dedup
