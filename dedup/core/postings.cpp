#include "postings.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <numeric>
#include <type_traits>

namespace dedup {

namespace {

// Maximum cell for insertion sort, and maximum range to scan; larger ones, which good hashes
// produce only for equal keys, are sorted or searched.
constexpr std::int64_t max_inserted = 32;

// Sorts one large cell.
void sort_cell(SortedPostings& postings, std::int64_t first, std::int64_t last) {
    std::vector<std::int64_t> order(last - first);
    std::iota(order.begin(), order.end(), first);
    std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
        return postings.keys[a] < postings.keys[b];
    });
    const auto permute = [&](auto& column) {
        auto sorted = std::remove_reference_t<decltype(column)>();
        sorted.reserve(order.size());
        for (const std::int64_t at : order) sorted.push_back(column[at]);
        std::copy(sorted.begin(), sorted.end(), column.begin() + first);
    };
    permute(postings.articles);
    permute(postings.places);
    permute(postings.keys);
}

// Sorts one cell.
void order_cell(SortedPostings& postings, std::int64_t first, std::int64_t last) {
    const auto begin = postings.keys.begin();
    if (std::is_sorted(begin + first, begin + last)) return;
    if (last - first > max_inserted) {
        sort_cell(postings, first, last);
        return;
    }
    for (std::int64_t at = first + 1; at < last; ++at) {
        const std::uint64_t key = postings.keys[at];
        const std::uint32_t article = postings.articles[at], place = postings.places[at];
        std::int64_t to = at;
        for (; to > first && postings.keys[to - 1] > key; --to) {
            postings.keys[to] = postings.keys[to - 1];
            postings.articles[to] = postings.articles[to - 1];
            postings.places[to] = postings.places[to - 1];
        }
        postings.keys[to] = key;
        postings.articles[to] = article;
        postings.places[to] = place;
    }
}

// Sorts postings into cells by the bits of their keys, and each cell by key.
SortedPostings sort_cells(std::span<const std::uint64_t> keys,
                          std::span<const std::uint32_t> articles,
                          std::span<const std::uint32_t> places, CellBits bits) {
    const std::size_t n = keys.size();
    const int shift = 64 - bits.n_cell;
    const auto cell_of = [&](std::uint64_t key) { return (key << bits.n_skipped) >> shift; };
    SortedPostings sorted;
    sorted.directory.assign((std::size_t{1} << bits.n_cell) + 1, 0);
    auto& directory = sorted.directory;
    for (const std::uint64_t key : keys) ++directory[cell_of(key) + 1];
    std::partial_sum(directory.begin(), directory.end(), directory.begin());
    std::vector<std::int64_t> ends(directory.begin(), directory.end() - 1);
    sorted.keys.resize(n);
    sorted.articles.resize(n);
    sorted.places.resize(n);
    for (std::size_t at = 0; at < n; ++at) {
        const std::int64_t to = ends[cell_of(keys[at])]++;
        sorted.keys[to] = keys[at];
        sorted.articles[to] = articles[at];
        sorted.places[to] = places[at];
    }
    for (std::size_t cell = 0; cell + 1 < directory.size(); ++cell)
        order_cell(sorted, directory[cell], directory[cell + 1]);
    return sorted;
}

// Range of a query; the directory narrows it to [low, end).
KeyRange find_range(std::span<const std::uint64_t> keys, std::uint64_t query, std::int64_t low,
                 std::int64_t end) {
    const auto begin = keys.begin();
    if (end - low > max_inserted)
        low = std::lower_bound(begin + low, begin + end, query) - begin;
    while (low < end && keys[low] < query) ++low;
    if (low == end || keys[low] != query) return {low, low};
    // Most buckets are short: doubling steps find the end faster than a binary search.
    std::int64_t step = 1;
    while (low + step < end && keys[low + step] == query) step *= 2;
    std::int64_t high = low + step / 2;
    const std::int64_t last = std::min(low + step, end);
    if (step > max_inserted)
        return {low, std::upper_bound(begin + high, begin + last, query) - begin};
    while (high < end && keys[high] == query) ++high;
    return {low, high};
}

}  // namespace

SortedPostings sort_postings(std::span<const std::uint64_t> keys,
                             std::span<const std::uint32_t> articles,
                             std::span<const std::uint32_t> places) {
    int n_bits = 1;
    while ((std::size_t{4} << n_bits) <= keys.size()) ++n_bits;
    return sort_cells(keys, articles, places, {0, n_bits});
}

SortedPostings sort_shared(std::span<const std::uint64_t> keys,
                           std::span<const std::uint32_t> articles,
                           std::span<const std::uint32_t> places, CellBits bits) {
    SortedPostings sorted = sort_cells(keys, articles, places, bits);
    const auto end_of = [&](std::int64_t low, std::int64_t end) {
        std::int64_t high = low;
        while (high < end && sorted.keys[high] == sorted.keys[low]) ++high;
        return high;
    };
    std::int64_t to = 0, cell_low = 0;
    for (std::size_t cell = 0; cell + 1 < sorted.directory.size(); ++cell) {
        const std::int64_t cell_end = sorted.directory[cell + 1];
        for (std::int64_t low = cell_low, high = low; low < cell_end; low = high) {
            high = end_of(low, cell_end);
            if (sorted.articles[low] == sorted.articles[high - 1]) continue;
            for (std::int64_t at = low; at < high; ++at, ++to) {
                sorted.keys[to] = sorted.keys[at];
                sorted.articles[to] = sorted.articles[at];
                sorted.places[to] = sorted.places[at];
            }
        }
        cell_low = cell_end;
        sorted.directory[cell + 1] = to;
    }
    sorted.keys.resize(to);
    sorted.articles.resize(to);
    sorted.places.resize(to);
    return sorted;
}

std::vector<KeyRange> look_up(std::span<const std::uint64_t> keys,
                           std::span<const std::int64_t> directory,
                           std::span<const std::uint64_t> queries) {
    const int shift = 64 - std::countr_zero(directory.size() - 1);
    const auto n = static_cast<std::int64_t>(keys.size());
    std::vector<KeyRange> ranges;
    ranges.reserve(queries.size());
    for (const std::uint64_t query : queries) {
        const std::size_t cell = query >> shift;
        const std::int64_t low = directory[cell], end = directory[cell + 1];
        if (low < 0 || end < low || end > n)
            throw std::invalid_argument("directory: a cell is no range of keys");
        ranges.push_back(find_range(keys, query, low, end));
    }
    return ranges;
}

Narrowed narrow_postings(const PostingsView& postings, std::span<const std::uint64_t> keys,
                         const Readers& readers, std::int64_t max_bucket) {
    std::vector<KeyRange> ranges = look_up(postings.keys, postings.directory, keys);
    const std::int64_t n_head = max_bucket / 2 + max_bucket % 2, n_tail = max_bucket / 2;
    const auto begin = postings.articles.begin();
    std::vector<KeyRange> own;  // of each bucket, the entries of the query articles
    Narrowed found;
    found.bounds.push_back(0);
    for (auto& [low, high] : ranges) {
        low = std::lower_bound(begin + low, begin + high, readers.low) - begin;
        const std::int64_t own_start =
            std::lower_bound(begin + low, begin + high, readers.first) - begin;
        const std::int64_t end =
            std::lower_bound(begin + own_start, begin + high, readers.last) - begin;
        own.push_back({own_start, end});
        found.n_absent.push_back(std::max<std::int64_t>(own_start - low - max_bucket, 0));
        found.bounds.push_back(found.bounds.back() + end - low - found.n_absent.back());
    }
    found.articles.reserve(found.bounds.back());
    found.places.reserve(found.bounds.back());
    const auto copy = [&](std::int64_t low, std::int64_t end) {
        const auto places = postings.places.begin();
        found.articles.insert(found.articles.end(), begin + low, begin + end);
        found.places.insert(found.places.end(), places + low, places + end);
    };
    for (std::size_t k = 0; k < ranges.size(); ++k) {
        const std::int64_t low = ranges[k].low;
        if (found.n_absent[k] > 0) copy(low, low + n_head);
        copy(found.n_absent[k] > 0 ? own[k].low - n_tail : low, own[k].high);
    }
    return found;
}

Narrowed narrow_live(const PostingsView& postings, std::span<const std::uint64_t> keys,
                     std::int64_t max_bucket, std::span<const bool> live_docs) {
    return narrow_ranges(
        look_up(postings.keys, postings.directory, keys), max_bucket, live_docs,
        [&](std::int64_t at) -> std::uint64_t { return postings.articles[at]; },
        [&](std::int64_t at) { return postings.places[at]; });
}

Narrowed join_narrowed(std::span<const Narrowed> parts, std::size_t n_keys) {
    Narrowed joined;
    joined.bounds.assign(n_keys + 1, 0);
    joined.n_absent.assign(n_keys, 0);
    std::size_t n = 0;
    for (const Narrowed& part : parts) n += part.articles.size();
    joined.articles.resize(n);
    joined.places.resize(n);
    std::size_t at = 0;
    for (std::size_t k = 0; k < n_keys; ++k) {
        for (const Narrowed& part : parts) {
            // Buckets are short: a loop is faster than memcpy.
            for (std::int64_t entry = part.bounds[k]; entry < part.bounds[k + 1]; ++entry, ++at) {
                joined.articles[at] = part.articles[entry];
                joined.places[at] = part.places[entry];
            }
            joined.n_absent[k] += part.n_absent[k];
        }
        joined.bounds[k + 1] = static_cast<std::int64_t>(at);
    }
    return joined;
}

}  // namespace dedup
