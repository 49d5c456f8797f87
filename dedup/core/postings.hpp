// Step: postings -> postings sorted by key, and look-ups of buckets in them.
//
// Keys are hashes, so their top bits are uniform: a directory by these gives the position of a key
// to within a few entries. Sorting takes a counting pass, a moving pass and a small sort per cell;
// a look-up reads the directory and a few keys.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <vector>

namespace dedup {

// Columns sorted by key, stably.
struct SortedPostings {
    std::vector<std::uint64_t> keys;      // (n,), ascending
    std::vector<std::uint32_t> articles;  // (n,)
    std::vector<std::uint32_t> places;    // (n,)
    std::vector<std::int64_t> directory;  // (2**bits + 1,), keys whose top bits are less
};

// View of sorted columns.
struct PostingsView {
    std::span<const std::uint64_t> keys;
    std::span<const std::uint32_t> articles;
    std::span<const std::uint32_t> places;
    std::span<const std::int64_t> directory;
};

// Buckets of some keys, with only the entries that articles read.
struct Narrowed {
    std::vector<std::int64_t> bounds;     // (n_keys + 1,), entries before each bucket
    std::vector<std::int64_t> n_absent;   // (n_keys,), entries left out of the middle
    std::vector<std::uint32_t> articles;  // (n_entries,)
    std::vector<std::uint32_t> places;    // (n_entries,)
};

// Query articles, half-open, and the first article that any of them reads.
struct Readers {
    std::uint32_t low;
    std::uint32_t first;
    std::uint32_t last;
};

// Entries of one bucket, half-open.
struct KeyRange {
    std::int64_t low;
    std::int64_t high;
};

// Sorts postings by key; the three columns are of one length.
SortedPostings sort_postings(std::span<const std::uint64_t> keys,
                             std::span<const std::uint32_t> articles,
                             std::span<const std::uint32_t> places);

// Bits of a key that select its cell in a directory: n_cell, after the first n_skipped.
struct CellBits {
    int n_skipped;
    int n_cell;
};

// Sorts postings as sort_postings does, and keeps those of keys that several articles carry.
//
// keys      all alike in their first n_skipped bits.
// articles  non-decreasing.
//
// The directory counts the postings kept.
SortedPostings sort_shared(std::span<const std::uint64_t> keys,
                           std::span<const std::uint32_t> articles,
                           std::span<const std::uint32_t> places, CellBits bits);

// Finds the range of each query among sorted keys; empty for a missing key.
//
// directory  int64 (2**bits + 1,), bits at least 1. Only cells that are read are checked, as
//            checking all would take longer than the look-up: std::invalid_argument for an invalid
//            cell.
std::vector<KeyRange> look_up(std::span<const std::uint64_t> keys,
                           std::span<const std::int64_t> directory,
                           std::span<const std::uint64_t> queries);

// Copies the bucket entries that a range of query articles may read.
//
// keys         uint64 (n_keys,), ascending, unique.
// max_bucket   maximum entries before an article, at least 0; above that, only the first and the
//              latest are read.
//
// Returns at most max_bucket entries of a bucket, and those of the query articles.
Narrowed narrow_postings(const PostingsView& postings, std::span<const std::uint64_t> keys,
                         const Readers& readers, std::int64_t max_bucket);

// Copies the live entries of the buckets of some keys.
//
// keys        uint64 (n_keys,), ascending, unique.
// max_bucket  maximum live entries of a bucket; above that, only the first and the last are read.
// live_docs   bool (n_articles,), whether each article number is live.
//
// Throws std::invalid_argument for an article past the end of live_docs.
Narrowed narrow_live(const PostingsView& postings, std::span<const std::uint64_t> keys,
                     std::int64_t max_bucket, std::span<const bool> live_docs);

// Joins the buckets of n_keys equal keys, part by part.
Narrowed join_narrowed(std::span<const Narrowed> parts, std::size_t n_keys);

// Whether an article is live; its number may come from a damaged file.
inline bool is_live(std::span<const bool> live_docs, std::uint64_t article) {
    if (article >= live_docs.size()) throw std::invalid_argument("live_docs: no such article");
    // Any nonzero byte counts as true.
    return reinterpret_cast<const std::uint8_t*>(live_docs.data())[article] != 0;
}

// Copies the live entries of each range, at most max_bucket of them.
//
// Only live entries count, so that results are the same before and after a merge.
//
// article_of, place_of  functions of the number of an entry.
template <class ArticleOf, class PlaceOf>
Narrowed narrow_ranges(std::span<const KeyRange> ranges, std::int64_t max_bucket,
                       std::span<const bool> live_docs, ArticleOf article_of, PlaceOf place_of) {
    Narrowed found;
    std::int64_t most = 0;
    for (const KeyRange& range : ranges) most += std::min(range.high - range.low, max_bucket);
    found.articles.reserve(most);
    found.places.reserve(most);
    found.bounds.push_back(0);
    for (const auto& [low, high] : ranges) {
        const bool is_long = high - low > max_bucket;
        // The tail of the last live entries begins here, unless the head reaches it.
        std::int64_t tail = high, n_tail = 0;
        while (is_long && tail > low && n_tail < max_bucket / 2)
            n_tail += is_live(live_docs, article_of(--tail));
        std::int64_t n = 0, absent = 0;
        for (std::int64_t at = low; at < high; ++at) {
            if (is_long && at < tail && n == (max_bucket + 1) / 2) {
                for (; at < tail; ++at) absent += is_live(live_docs, article_of(at));
                if (at == high) break;
            }
            const std::uint64_t article = article_of(at);
            if (!is_live(live_docs, article)) continue;
            found.articles.push_back(static_cast<std::uint32_t>(article));
            found.places.push_back(place_of(at));
            ++n;
        }
        found.bounds.push_back(found.bounds.back() + n);
        found.n_absent.push_back(absent);
    }
    return found;
}

}  // namespace dedup
