#include "anchors.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace dedup {

namespace {

// Maximum occurrences in a times occurrences in b to anchor each with each.
constexpr std::int64_t max_repeats = 12;
// Maximum occurrences on the rarer side to anchor a more frequent pair-shingle in order.
constexpr std::int32_t max_few = 2;
// Knuth's multiplicative hash: 2**64 by the golden ratio.
constexpr std::uint64_t golden = 0x9E3779B97F4A7C15;
// Anchors are nearly sorted; up to this many moves per word beat a general sort.
constexpr std::int64_t max_moves = 32;

std::int64_t key_of(std::int32_t left, std::int32_t right) {
    return pack(std::min(left, right), std::max(left, right));
}

void find_common(const Side& side, std::vector<std::int32_t>& common) {
    common.resize(side.n);
    std::size_t n = 0;
    for (std::int64_t k = 0; k < side.n; ++k) {
        common[n] = static_cast<std::int32_t>(k);
        n += side.stems[k] >= 0;
    }
    common.resize(n);
}

// Calls visit(first, second, key) for each pair-shingle of common words.
template <class Visit>
void each_pair(const Side& side, const std::vector<std::int32_t>& common, std::int64_t window,
               Visit visit) {
    for (std::size_t x = 0; x < common.size(); ++x) {
        const std::int32_t first = common[x];
        for (std::size_t y = x + 1; y < common.size() && common[y] < first + window; ++y) {
            const std::int32_t second = common[y];
            if (side.stems[first] != side.stems[second])
                visit(first, second, key_of(side.stems[first], side.stems[second]));
        }
    }
}

void sort_nearly_sorted(std::vector<std::int64_t>& values) {
    std::int64_t left = max_moves * static_cast<std::int64_t>(values.size());
    for (std::size_t k = 1; k < values.size(); ++k) {
        const std::int64_t value = values[k];
        std::size_t at = k;
        for (; at > 0 && values[at - 1] > value; --at) values[at] = values[at - 1];
        values[at] = value;
        left -= static_cast<std::int64_t>(k - at);
        if (left < 0) {
            std::sort(values.begin(), values.end());
            return;
        }
    }
}

}  // namespace

std::uint64_t AnchorFinder::find_slot(std::int64_t key) const {
    std::uint64_t slot = ((static_cast<std::uint64_t>(key) * golden) >> 32) & mask_;
    while (slots_[slot] >= 0 && shingles_[slots_[slot]].key != key) slot = (slot + 1) & mask_;
    return slot;
}

void AnchorFinder::index_pairs(const Side& b, std::int64_t window) {
    find_common(b, common_b_);
    const auto most = static_cast<std::int64_t>(common_b_.size()) * (window - 1);
    // A slot of a table twice as large must fit an int32.
    if (most > std::numeric_limits<std::int32_t>::max() / 2)
        throw std::length_error("an article has too many words for this window");
    std::int64_t size = 16;
    while (size < 2 * most) size *= 2;
    mask_ = size - 1;
    slots_.assign(size, -1);
    shingles_.clear();
    occurrences_.clear();
    each_pair(b, common_b_, window, [&](std::int32_t first, std::int32_t second, std::int64_t key) {
        const auto number = static_cast<std::int32_t>(occurrences_.size());
        occurrences_.push_back({first, second, -1});
        std::int32_t& slot = slots_[find_slot(key)];
        if (slot < 0) {
            slot = static_cast<std::int32_t>(shingles_.size());
            shingles_.push_back({key, 0, 1, number, number});
            return;
        }
        Shingle& shingle = shingles_[slot];
        occurrences_[shingle.tail].next = number;
        shingle.tail = number;
        ++shingle.n_b;
    });
}

void AnchorFinder::find_hits(const Side& a, std::int64_t window) {
    find_common(a, common_a_);
    hits_.clear();
    each_pair(a, common_a_, window, [&](std::int32_t first, std::int32_t second, std::int64_t key) {
        const std::int32_t shingle = slots_[find_slot(key)];
        if (shingle < 0) return;
        hits_.push_back({first, second, shingle});
        ++shingles_[shingle].n_a;
    });
}

void AnchorFinder::append(const Side& a, const Side& b, bool take_frequent,
                          std::vector<std::int64_t>& anchors) {
    for (const Hit& hit : hits_) {
        Shingle& shingle = shingles_[hit.shingle];
        const std::int64_t n_a = shingle.n_a, n_b = shingle.n_b;
        const bool is_frequent = n_a * n_b > max_repeats;
        if (is_frequent && std::min(n_a, n_b) > max_few && !take_frequent) continue;
        std::int32_t at = shingle.head;
        if (is_frequent && at >= 0) shingle.head = occurrences_[at].next;
        while (at >= 0) {
            auto [first, second, next] = occurrences_[at];
            if (b.stems[first] != a.stems[hit.first]) std::swap(first, second);
            anchors.push_back(pack(hit.first, first));
            anchors.push_back(pack(hit.second, second));
            at = is_frequent ? -1 : next;
        }
    }
}

void AnchorFinder::find(const Side& a, const Side& b, std::int64_t window,
                        std::vector<std::int64_t>& anchors) {
    anchors.clear();
    index_pairs(b, window);
    find_hits(a, window);
    append(a, b, false, anchors);
    if (anchors.empty()) append(a, b, true, anchors);
    sort_nearly_sorted(anchors);
    anchors.erase(std::unique(anchors.begin(), anchors.end()), anchors.end());
}

}  // namespace dedup
