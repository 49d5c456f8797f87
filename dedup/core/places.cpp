#include "places.hpp"

#include <algorithm>
#include <cstddef>

namespace dedup {

namespace {

// Minimum share of a projected stretch's words with a counterpart.
constexpr double min_projected = 0.5;

Stream stream_of(const PlaceWords& words) {
    return {words.hashes.data(), words.stems.data(), nullptr, nullptr, words.flags.data(),
            words.size()};
}

}  // namespace

PlaceWords PlaceWords::slice(std::int64_t low, std::int64_t high) const {
    return {hashes.subspan(low, high - low), stems.subspan(low, high - low),
            flags.subspan(low, high - low)};
}

// By stem, then by place.
void PlaceAligner::sort_stems(const PlaceWords& words, Stems& stems) {
    stems.clear();
    for (std::int64_t at = 0; at < words.size(); ++at)
        if (words.flags[at] & is_content) stems.emplace_back(words.stems[at], at);
    std::sort(stems.begin(), stems.end());
}

const Alignment& PlaceAligner::match_stems(const PlaceWords& a, const PlaceWords& b) {
    sort_stems(a, stems_a_);
    sort_stems(b, stems_b_);
    matches_.clear();
    std::size_t i = 0, j = 0;
    while (i < stems_a_.size() && j < stems_b_.size()) {
        const std::uint64_t stem = stems_a_[i].first, other = stems_b_[j].first;
        if (stem != other) {
            ++(stem < other ? i : j);
            continue;
        }
        std::size_t n = 1, m = 1;
        while (i + n < stems_a_.size() && stems_a_[i + n].first == stem) ++n;
        while (j + m < stems_b_.size() && stems_b_[j + m].first == stem) ++m;
        for (std::size_t step = 0; step < n && n == m; ++step)
            matches_.push_back(pack(stems_a_[i + step].second, stems_b_[j + step].second));
        i += n;
        j += m;
    }
    std::sort(matches_.begin(), matches_.end());
    return matches_;
}

const PlaceAlignment& PlaceAligner::align(const PlaceWords& a, const PlaceWords& b) {
    Alignment& aligned = found_.aligned;
    if (std::equal(a.hashes.begin(), a.hashes.end(), b.hashes.begin(), b.hashes.end())) {
        aligned.resize(a.hashes.size());
        for (std::int64_t at = 0; at < a.size(); ++at) aligned[at] = pack(at, at);
        found_.identity = 1.0;
        return found_;
    }
    if (ones_.size() < a.hashes.size()) ones_.resize(a.hashes.size(), 1.0F);
    aligner_.align_stretch(stream_of(a), stream_of(b), ones_.data(), match_stems(a, b), aligned);
    std::int64_t n_equal = 0;
    for (const std::int64_t match : aligned)
        n_equal += a.hashes[left_of(match)] == b.hashes[right_of(match)];
    const auto longer = static_cast<double>(std::max(a.size(), b.size()));
    found_.identity = static_cast<double>(n_equal) / longer;
    return found_;
}

WordSpan project(std::span<const std::int64_t> aligned, const WordSpan& own,
                 const WordSpan& limits) {
    const WordSpan nothing{limits.start, limits.start};
    const auto first = std::lower_bound(aligned.begin(), aligned.end(), pack(own.start, 0));
    const auto last = std::lower_bound(aligned.begin(), aligned.end(), pack(own.end, 0));
    if (last <= first) return nothing;
    const auto n_projected = static_cast<double>(last - first);
    if (n_projected < min_projected * static_cast<double>(own.end - own.start)) return nothing;
    const std::int64_t low = first == aligned.begin() ? limits.start : right_of(first[-1]) + 1;
    const std::int64_t high = last == aligned.end() ? limits.end : right_of(*last);
    const std::int64_t start = right_of(*first), end = right_of(last[-1]) + 1;
    if (n_projected < min_projected * static_cast<double>(end - start)) return {low, low};
    return {std::max(low, start - (left_of(*first) - own.start)),
            std::min(high, end + (own.end - 1 - left_of(last[-1])))};
}

}  // namespace dedup
