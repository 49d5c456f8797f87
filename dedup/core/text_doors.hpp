// Shared parts of the bindings of text and sketches.
#pragma once

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "arrays.hpp"
#include "variant.hpp"

namespace dedup {

// "portable", "sse2" or "avx2"; the fastest if none is given.
using VariantName = std::optional<std::string>;

// Tokens and code points of an article are counted in 32 bits.
inline constexpr std::int64_t max_text = std::int64_t{1} << 31;

// Throws if this processor does not run it.
Variant choose_variant(const VariantName& name);

// The text is readable up to padding bytes past the last offset.
void check_text(const In<std::uint8_t>& text, std::span<const std::int64_t> offsets);

}  // namespace dedup
