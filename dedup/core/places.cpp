#include "places.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "chains.hpp"
#include "stream.hpp"

namespace dedup {

namespace {

// Of a stretch that is carried over, the share of words that must have a counterpart.
constexpr double min_carried = 0.5;

// Content stems with their places, by stem and then by place.
std::vector<std::pair<std::uint64_t, std::int64_t>> sort_stems(const PlaceWords& words) {
    std::vector<std::pair<std::uint64_t, std::int64_t>> stems;
    for (std::int64_t at = 0; at < words.size(); ++at)
        if (words.flags[at] & is_content) stems.emplace_back(words.stems[at], at);
    std::sort(stems.begin(), stems.end());
    return stems;
}

Stream stream_of(const PlaceWords& words) {
    return {words.hashes.data(), words.stems.data(), nullptr, nullptr, words.flags.data(),
            words.size()};
}

}  // namespace

PlaceWords PlaceWords::slice(std::int64_t low, std::int64_t high) const {
    return {hashes.subspan(low, high - low), stems.subspan(low, high - low),
            flags.subspan(low, high - low)};
}

std::vector<std::int64_t> match_stems(const PlaceWords& a, const PlaceWords& b) {
    const auto of_a = sort_stems(a), of_b = sort_stems(b);
    Alignment matches;
    std::size_t i = 0, j = 0;
    while (i < of_a.size() && j < of_b.size()) {
        if (of_a[i].first != of_b[j].first) {
            ++(of_a[i].first < of_b[j].first ? i : j);
            continue;
        }
        std::size_t n = 1, m = 1;
        while (i + n < of_a.size() && of_a[i + n].first == of_a[i].first) ++n;
        while (j + m < of_b.size() && of_b[j + m].first == of_b[j].first) ++m;
        for (std::size_t step = 0; step < n && n == m; ++step)
            matches.push_back(pack(of_a[i + step].second, of_b[j + step].second));
        i += n;
        j += m;
    }
    std::sort(matches.begin(), matches.end());
    return matches;
}

PlaceAlignment align_places(const PlaceWords& a, const PlaceWords& b) {
    if (std::equal(a.hashes.begin(), a.hashes.end(), b.hashes.begin(), b.hashes.end())) {
        Alignment aligned(a.hashes.size());
        for (std::int64_t at = 0; at < a.size(); ++at) aligned[at] = pack(at, at);
        return {std::move(aligned), 1.0};
    }
    const std::vector<float> ones(a.hashes.size(), 1.0F);
    Alignment aligned;
    Aligner().align_stretch(stream_of(a), stream_of(b), ones.data(), match_stems(a, b), aligned);
    std::int64_t n_equal = 0;
    for (const std::int64_t match : aligned)
        n_equal += a.hashes[left_of(match)] == b.hashes[right_of(match)];
    const auto longer = static_cast<double>(std::max(a.size(), b.size()));
    return {std::move(aligned), static_cast<double>(n_equal) / longer};
}

WordSpan carry(std::span<const std::int64_t> aligned, const WordSpan& own, const WordSpan& limits) {
    const WordSpan nothing{limits.start, limits.start};
    const auto first = std::lower_bound(aligned.begin(), aligned.end(), pack(own.start, 0));
    const auto last = std::lower_bound(aligned.begin(), aligned.end(), pack(own.end, 0));
    if (last <= first) return nothing;
    const auto n_carried = static_cast<double>(last - first);
    if (n_carried < min_carried * static_cast<double>(own.end - own.start)) return nothing;
    const std::int64_t low = first == aligned.begin() ? limits.start : right_of(first[-1]) + 1;
    const std::int64_t high = last == aligned.end() ? limits.end : right_of(*last);
    const std::int64_t start = right_of(*first), end = right_of(last[-1]) + 1;
    if (n_carried < min_carried * static_cast<double>(end - start)) return {low, low};
    return {std::max(low, start - (left_of(*first) - own.start)),
            std::min(high, end + (own.end - 1 - left_of(last[-1])))};
}

}  // namespace dedup
