// NumPy arrays in the bindings: inputs are checked, outputs are owned.
//
// In<T>   one-dimensional, C-contiguous, read-only; T is the exact dtype.
// Out<T>  the same, writable, for arrays changed in place.
// Table<T> two-dimensional, C-contiguous, read-only.
// Bindings register arrays with noconvert(): a wrong dtype or layout, or unaligned elements, is a
// TypeError. All other invalid input is a ValueError.
//
// No other thread may write to an argument during a call: bindings check it once, then use it
// without the GIL.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/tuple.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dedup {

namespace nb = nanobind;

template <class T, std::size_t n_dimensions>
struct Aligned : nb::ndarray<T, nb::ndim<n_dimensions>, nb::c_contig, nb::device::cpu> {};

template <class T>
using In = Aligned<const T, 1>;
template <class T>
using Out = Aligned<T, 1>;
template <class T>
using Table = Aligned<const T, 2>;
template <class T>
using Array1 = nb::ndarray<nb::numpy, T, nb::ndim<1>>;
template <class T>
using Array2 = nb::ndarray<nb::numpy, T, nb::ndim<2>>;

template <class T>
std::span<const T> view(const In<T>& array) {
    return {array.data(), array.shape(0)};
}

template <class T>
std::span<T> view(const Out<T>& array) {
    return {array.data(), array.shape(0)};
}

// All elements of a table, row by row.
template <class T>
std::span<const T> view(const Table<T>& array) {
    return {array.data(), array.shape(0) * array.shape(1)};
}

inline void append(std::string& message, std::string_view part) { message += part; }
inline void append(std::string& message, std::int64_t number) {
    message += std::to_string(number);
}

template <class... Parts>
[[noreturn, gnu::cold, gnu::noinline]] void refuse(Parts... parts) {
    std::string message;
    (append(message, parts), ...);
    throw std::invalid_argument(message);
}

// Checks every element. Builds the message only on failure, and inlines the check even in bindings
// with little optimization.
template <class... Parts>
[[gnu::always_inline]] inline void require(bool holds, Parts... parts) {
    if (!holds) refuse(parts...);
}

// Upper bound of numbers that bindings add, so that sums do not overflow.
inline constexpr std::int64_t max_addend = std::int64_t{1} << 62;

// Checks that a number is in [least, end).
[[gnu::always_inline]] inline void check_range(std::int64_t value, std::int64_t least,
                                               std::int64_t end, std::string_view name) {
    require(least <= value && value < end, name, ": out of range");
}

// Checks that every number is in [least, end).
template <class T>
void check_all(std::span<const T> values, std::int64_t least, std::int64_t end,
               std::string_view name) {
    for (const T value : values) check_range(static_cast<std::int64_t>(value), least, end, name);
}

// Checks that offsets are monotone, start at or above 0, and end within n elements.
inline void check_offsets(std::span<const std::int64_t> offsets, std::size_t n,
                          std::string_view name) {
    require(!offsets.empty(), name, ": expected at least one offset");
    require(offsets.front() >= 0, name, ": negative offset");
    for (std::size_t k = 1; k < offsets.size(); ++k)
        require(offsets[k - 1] <= offsets[k], name, ": offsets decrease");
    require(static_cast<std::size_t>(offsets.back()) <= n, name, ": offset past the end");
}

// Checks that every index is in [0, n).
template <class T>
void check_indices(std::span<const T> indices, std::size_t n, std::string_view name) {
    for (const T index : indices)
        require(index >= 0 && static_cast<std::size_t>(index) < n, name, ": index out of range");
}

// Checks that every byte is 0 or 1; NumPy accepts other bytes as bools.
inline void check_bools(std::span<const bool> values, std::string_view name) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(values.data());
    std::uint8_t all = 0;
    for (std::size_t k = 0; k < values.size(); ++k) all |= bytes[k];
    require(all <= 1, name, ": neither true nor false");
}

// Checks that output memory overlaps no other argument, so that checked input stays valid.
template <class Written, class... Others>
void check_apart(const Written& written, std::string_view name, const Others&... others) {
    const auto low = reinterpret_cast<std::uintptr_t>(written.data());
    const std::uintptr_t high = low + written.nbytes();
    const auto is_apart = [&](const auto& other) {
        const auto first = reinterpret_cast<std::uintptr_t>(other.data());
        return written.nbytes() == 0 || other.nbytes() == 0 || first >= high ||
               first + other.nbytes() <= low;
    };
    require((is_apart(others) && ...), name, ": overlaps another array");
}

// Checks the table of stem frequencies, see information.hpp.
inline void check_idf(const In<std::uint8_t>& idf) {
    require(idf.shape(0) == std::size_t{1} << 21, "idf: expected 2**21 entries");
}

// Moves a vector into a Python owner; returns its elements and the owner.
template <class T>
std::pair<T*, nb::capsule> hand_over(std::vector<T>&& values) {
    auto owned = std::make_unique<std::vector<T>>(std::move(values));
    nb::capsule owner(owned.get(),
                      [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); });
    return {owned.release()->data(), std::move(owner)};
}

// Passes a vector to NumPy without a copy.
template <class T>
Array1<T> to_array(std::vector<T>&& values) {
    const std::size_t n = values.size();
    const auto [data, owner] = hand_over(std::move(values));
    return Array1<T>(data, {n}, owner);
}

// Passes a vector as rows of n_columns elements.
template <class T>
Array2<T> to_table(std::vector<T>&& values, std::size_t n_columns) {
    const std::size_t n = values.size() / n_columns;
    const auto [data, owner] = hand_over(std::move(values));
    return Array2<T>(data, {n, n_columns}, owner);
}

// Passes a vector of std::array rows.
template <class T, std::size_t n_columns>
Array2<T> to_table(std::vector<std::array<T, n_columns>>&& rows) {
    const std::size_t n = rows.size();
    const auto [data, owner] = hand_over(std::move(rows));
    return Array2<T>(reinterpret_cast<T*>(data), {n, n_columns}, owner);
}

}  // namespace dedup

namespace nanobind::detail {

template <class T, std::size_t n_dimensions>
struct type_caster<dedup::Aligned<T, n_dimensions>> {
    using Array = ndarray<T, ndim<n_dimensions>, c_contig, device::cpu>;
    using Own = dedup::Aligned<T, n_dimensions>;

    NB_TYPE_CASTER(Own, make_caster<Array>::Name)

    template <class Flags>
    bool from_python(handle source, Flags flags, cleanup_list* cleanup) noexcept {
        make_caster<Array> caster;
        // Scalars beside an array in a tuple may be converted, an array never.
        constexpr auto convert = static_cast<Flags>(cast_flags::convert);
        if (!caster.from_python(source, static_cast<Flags>(flags & ~convert), cleanup))
            return false;
        static_cast<Array&>(value) = std::move(caster.value);
        return value.size() == 0 ||
               reinterpret_cast<std::uintptr_t>(value.data()) % alignof(T) == 0;
    }
};

}  // namespace nanobind::detail
