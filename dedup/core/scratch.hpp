// Memory reused between calls.
#pragma once

#include <cstdint>
#include <vector>

namespace dedup {

// Makes room for n values and some more, so that slow growth reallocates rarely.
template <class T>
void fit(std::vector<T>& values, std::int64_t n) {
    if (static_cast<std::int64_t>(values.size()) < n) values.resize(n + n / 2 + 16);
}

}  // namespace dedup
