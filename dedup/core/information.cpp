#include "information.hpp"

#include "logarithm.hpp"

namespace dedup {

namespace {

// Minimum assumed content words of an article, so that a short one has some information.
constexpr std::int64_t min_places = 32;
// Above this share of capitalized content words, capitals do not mark names.
constexpr double max_capitals = 0.45;

}  // namespace

double find_cap(std::int64_t count, std::int64_t n_content) {
    return -binary_log(static_cast<double>(count) / static_cast<double>(n_content + min_places));
}

bool tell_names(std::int64_t n_capitals, std::int64_t n_content) {
    return static_cast<double>(n_capitals) < max_capitals * static_cast<double>(n_content);
}

}  // namespace dedup
