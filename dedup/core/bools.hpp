// Arrays of bool: std::vector<bool> has no bytes that NumPy could take over.
#pragma once

#include "arrays.hpp"

namespace dedup {

// Hands zeros and ones to NumPy as bools, without a copy.
inline Array1<bool> to_bools(std::vector<std::uint8_t>&& values) {
    static_assert(sizeof(bool) == 1);
    auto owned = std::make_unique<std::vector<std::uint8_t>>(std::move(values));
    bool* data = reinterpret_cast<bool*>(owned->data());
    const std::size_t n = owned->size();
    nb::capsule owner(owned.release(), [](void* p) noexcept {
        delete static_cast<std::vector<std::uint8_t>*>(p);
    });
    return Array1<bool>(data, {n}, owner);
}

}  // namespace dedup
