// Arrays of bool, because NumPy cannot own the bits of a std::vector<bool>.
#pragma once

#include "arrays.hpp"

namespace dedup {

// Passes zeros and ones to NumPy as bools, without a copy.
inline Array1<bool> to_bools(std::vector<std::uint8_t>&& values) {
    static_assert(sizeof(bool) == 1);
    const std::size_t n = values.size();
    const auto [data, owner] = hand_over(std::move(values));
    return Array1<bool>(reinterpret_cast<bool*>(data), {n}, owner);
}

}  // namespace dedup
