// Checks of spans in the bindings.
#pragma once

#include "arrays.hpp"

namespace dedup {

// Checks that spans of each text are half-open, sorted and, if required, disjoint.
template <class T>
void check_texts(std::span<const T> spans, std::span<const std::int64_t> bounds, bool are_disjoint,
                 std::string_view name) {
    for (std::size_t text = 0; text + 1 < bounds.size(); ++text) {
        for (std::int64_t k = bounds[text]; k < bounds[text + 1]; ++k) {
            require(spans[2 * k] <= spans[2 * k + 1], name, ": no half-open span");
            if (k == bounds[text]) continue;
            require(spans[2 * k - 2] <= spans[2 * k], name, ": not sorted");
            require(!are_disjoint || spans[2 * k - 1] <= spans[2 * k], name, ": not disjoint");
        }
    }
}

}  // namespace dedup
