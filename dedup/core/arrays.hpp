// NumPy arrays at the doors of the core: what comes in is checked, what goes out is owned.
//
// In<T>   one-dimensional, C-contiguous, read-only; T is the exact dtype.
// Out<T>  the same, writable: the door says that it is changed in place.
// Table<T> two-dimensional, C-contiguous, read-only.
// Doors register their arrays with noconvert(): another dtype or layout is a TypeError, and so are
// elements that do not stand at multiples of their size, as in a view of bytes.
// Everything else that a caller can get wrong is a ValueError.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/tuple.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
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

inline void require(bool holds, const std::string& message) {
    if (!holds) throw std::invalid_argument(message);
}

// Offsets are monotone, start at or above 0, and end inside n elements.
inline void check_offsets(std::span<const std::int64_t> offsets, std::size_t n,
                          const std::string& name) {
    require(!offsets.empty(), name + ": expected at least one offset");
    require(offsets.front() >= 0, name + ": negative offset");
    for (std::size_t k = 1; k < offsets.size(); ++k)
        require(offsets[k - 1] <= offsets[k], name + ": offsets decrease");
    require(static_cast<std::size_t>(offsets.back()) <= n, name + ": offset past the end");
}

// Every index is in [0, n).
template <class T>
void check_indices(std::span<const T> indices, std::size_t n, const std::string& name) {
    for (const T index : indices)
        require(index >= 0 && static_cast<std::size_t>(index) < n, name + ": index out of range");
}

// Every byte is 0 or 1; NumPy lets others pass for bools.
inline void check_bools(std::span<const bool> values, const std::string& name) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(values.data());
    std::uint8_t all = 0;
    for (std::size_t k = 0; k < values.size(); ++k) all |= bytes[k];
    require(all <= 1, name + ": neither true nor false");
}

// Memory that is written is no memory that is read or written as something else: what was checked
// stays as it was.
template <class Written, class... Others>
void check_apart(const Written& written, const std::string& name, const Others&... others) {
    const auto low = reinterpret_cast<std::uintptr_t>(written.data());
    const std::uintptr_t high = low + written.nbytes();
    const auto is_apart = [&](const auto& other) {
        const auto first = reinterpret_cast<std::uintptr_t>(other.data());
        return written.nbytes() == 0 || other.nbytes() == 0 || first >= high ||
               first + other.nbytes() <= low;
    };
    require((is_apart(others) && ...), name + ": overlaps another array");
}

// Hands a vector to NumPy without a copy.
template <class T>
Array1<T> to_array(std::vector<T>&& values) {
    auto owned = std::make_unique<std::vector<T>>(std::move(values));
    T* data = owned->data();
    const std::size_t n = owned->size();
    nb::capsule owner(owned.release(),
                      [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); });
    return Array1<T>(data, {n}, owner);
}

// The same of rows of n_columns elements.
template <class T>
Array2<T> to_table(std::vector<T>&& values, std::size_t n_columns) {
    auto owned = std::make_unique<std::vector<T>>(std::move(values));
    T* data = owned->data();
    const std::size_t n = owned->size() / n_columns;
    nb::capsule owner(owned.release(),
                      [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); });
    return Array2<T>(data, {n, n_columns}, owner);
}

// The same of rows that are arrays.
template <class T, std::size_t n_columns>
Array2<T> to_table(std::vector<std::array<T, n_columns>>&& rows) {
    using Rows = std::vector<std::array<T, n_columns>>;
    auto owned = std::make_unique<Rows>(std::move(rows));
    T* data = reinterpret_cast<T*>(owned->data());
    const std::size_t n = owned->size();
    nb::capsule owner(owned.release(),
                      [](void* p) noexcept { delete static_cast<Rows*>(p); });
    return Array2<T>(data, {n, n_columns}, owner);
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
        if (!caster.from_python(source, flags, cleanup)) return false;
        static_cast<Array&>(value) = std::move(caster.value);
        return value.size() == 0 ||
               reinterpret_cast<std::uintptr_t>(value.data()) % alignof(T) == 0;
    }
};

}  // namespace nanobind::detail
