#include "variant.hpp"

namespace dedup {

std::vector<Variant> find_variants() {
    std::vector<Variant> variants{Variant::portable};
#if defined(__x86_64__)
    variants.push_back(Variant::sse2);
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
        __builtin_cpu_supports("bmi2")) {
        variants.push_back(Variant::avx2);
        if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
            __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
            variants.push_back(Variant::avx512);
    }
#endif
    return variants;
}

Variant best_variant() {
    static const Variant best = find_variants().back();
    return best;
}

}  // namespace dedup
