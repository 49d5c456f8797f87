#include "groups.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace dedup {

namespace {

struct Span {
    std::int64_t start, end;

    std::int64_t length() const { return end - start; }
};

Span span_at(std::span<const std::int64_t> spans, std::size_t k) {
    return {spans[2 * k], spans[2 * k + 1]};
}

std::int64_t share(const Span& one, const Span& other) {
    return std::min(one.end, other.end) - std::max(one.start, other.start);
}

// Selects among the spans [first, last), where each overlaps an earlier one.
void fold_cluster(std::size_t first, std::size_t last, std::span<const std::int64_t> spans,
                  std::span<const double> identities, std::vector<std::uint8_t>& keep) {
    std::vector<std::size_t> order(last - first);
    std::iota(order.begin(), order.end(), first);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t one, std::size_t other) {
        return identities[one] > identities[other];
    });
    for (const std::size_t k : order) {
        const Span own = span_at(spans, k);
        bool is_met = false;
        for (std::size_t at = first; at < last && !is_met; ++at) {
            if (!keep[at]) continue;
            const Span other = span_at(spans, at);
            const std::int64_t shorter = std::min(own.length(), other.length());
            // Compare twice the overlap without overflow.
            const std::int64_t shared = share(own, other);
            is_met = shared >= shorter - shared;
        }
        keep[k] = !is_met;
    }
}

}  // namespace

std::vector<std::int64_t> group_spans(std::span<const std::int64_t> spans, double min_same) {
    const std::size_t n = spans.size() / 2;
    std::vector<std::int64_t> groups(n);
    std::vector<std::size_t> open;
    for (std::size_t k = 0; k < n; ++k) {
        const Span own = span_at(spans, k);
        double best = min_same;
        std::size_t group = k, n_kept = 0;
        for (const std::size_t first : open) {
            const Span other = span_at(spans, first);
            const std::int64_t shared = std::min(own.end, other.end) - own.start;
            if (shared <= 0) continue;
            open[n_kept++] = first;
            const double same = static_cast<double>(shared) /
                                static_cast<double>(std::max(own.end, other.end) - other.start);
            if (same >= best && (same > best || group == k)) {
                best = same;
                group = first;
            }
        }
        open.resize(n_kept);
        groups[k] = static_cast<std::int64_t>(group);
        if (group == k) open.push_back(k);
    }
    return groups;
}

std::vector<std::int64_t> find_nested(std::span<const std::int64_t> spans, double min_same) {
    std::vector<std::int64_t> pairs;
    std::vector<std::size_t> met;
    for (std::size_t k = 0; k < spans.size() / 2; ++k) {
        const Span own = span_at(spans, k);
        std::size_t n_kept = 0;
        for (const std::size_t at : met) {
            const Span other = span_at(spans, at);
            const std::int64_t shared = std::min(own.end, other.end) - own.start;
            if (shared <= 0) continue;
            met[n_kept++] = at;
            const std::int64_t length = own.length(), other_length = other.length();
            const double enough = min_same * static_cast<double>(std::min(length, other_length));
            if (length == other_length || static_cast<double>(shared) < enough) continue;
            const auto outer = static_cast<std::int64_t>(length < other_length ? at : k);
            const auto inner = static_cast<std::int64_t>(length < other_length ? k : at);
            pairs.push_back(outer << 32 | inner);
        }
        met.resize(n_kept);
        met.push_back(k);
    }
    std::sort(pairs.begin(), pairs.end());
    std::vector<std::int64_t> rows(2 * pairs.size());
    for (std::size_t k = 0; k < pairs.size(); ++k) {
        rows[2 * k] = pairs[k] >> 32;
        rows[2 * k + 1] = pairs[k] & 0xFFFFFFFF;
    }
    return rows;
}

std::vector<std::uint8_t> fold_spans(std::span<const std::int64_t> families,
                                     std::span<const std::int64_t> spans,
                                     std::span<const double> identities) {
    std::vector<std::uint8_t> keep(families.size(), 0);
    std::size_t first = 0;
    while (first < families.size()) {
        std::size_t last = first + 1;
        std::int64_t end = spans[2 * first + 1];
        while (last < families.size() && families[last] == families[first] &&
               spans[2 * last] < end) {
            end = std::max(end, spans[2 * last + 1]);
            ++last;
        }
        fold_cluster(first, last, spans, identities, keep);
        first = last;
    }
    return keep;
}

}  // namespace dedup
