#include "packed.hpp"

#include "hash.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace dedup {

namespace {

constexpr int key_bits = 40, rest_bits = 24, article_bits = 24, place_bits = 16;
constexpr int cut = 64 - key_bits, rest_at = article_bits + place_bits, article_at = place_bits;
constexpr std::uint64_t rest_mask = (std::uint64_t{1} << rest_bits) - 1,
                        article_mask = (std::uint64_t{1} << article_bits) - 1,
                        place_mask = (std::uint64_t{1} << place_bits) - 1;
// Maximum range to scan; a larger one is searched.
constexpr std::size_t max_read = 32;
// Keys whose cells are asked for before they are needed: no cache holds a file.
constexpr std::size_t ahead = 12;

std::uint64_t load_entry(const Packed& packed, std::size_t at) {
    return load_word(packed.file.data() + packed.entries.at + sizeof(std::uint64_t) * at);
}

std::size_t load_bound(const Packed& packed, std::size_t cell) {
    std::uint32_t bound;
    std::memcpy(&bound, packed.file.data() + packed.directory.at + sizeof bound * cell,
                sizeof bound);
    return bound;
}

std::uint64_t find_article(const Packed& packed, std::uint64_t entry) {
    return packed.first + (entry >> article_at & article_mask);
}

std::uint32_t find_place(std::uint64_t entry) {
    return static_cast<std::uint32_t>(entry & place_mask);
}

int find_directory_bits(const Packed& packed) {
    return std::countr_zero(packed.directory.n - 1);
}

// Verifies the blocks of some values of a section.
std::int64_t check_values(const Packed& packed, const Section& section, std::size_t size,
                          std::size_t low, std::size_t high) {
    return check_bytes(packed.file, packed.sums, packed.is_checked, section.at + size * low,
                       section.at + size * high);
}

void require_range(std::size_t low, std::size_t end, std::size_t n) {
    if (low > end || end > n)
        throw std::invalid_argument("directory: a cell is no range of entries");
}

// First entry in [low, end) that is not less than a value.
std::size_t find_entry(const Packed& packed, std::size_t low, std::size_t end,
                       std::uint64_t value) {
    while (low < end) {
        const std::size_t middle = low + (end - low) / 2;
        if (load_entry(packed, middle) < value)
            low = middle + 1;
        else
            end = middle;
    }
    return low;
}

// Entries of a key; the directory narrows them to [low, end).
KeyRange find_range(const Packed& packed, std::uint64_t key, std::size_t low, std::size_t end) {
    const std::uint64_t rest = key >> cut & rest_mask;
    if (end - low > max_read) low = find_entry(packed, low, end, rest << rest_at);
    while (low < end && load_entry(packed, low) >> rest_at < rest) ++low;
    std::size_t high = low;
    // The maximum rest has no successor, so search to the end.
    if (end - low > max_read && rest < rest_mask)
        high = find_entry(packed, low, end, (rest + 1) << rest_at);
    while (high < end && load_entry(packed, high) >> rest_at == rest) ++high;
    return {static_cast<std::int64_t>(low), static_cast<std::int64_t>(high)};
}

// Lists the entries of each key; stops at a damaged block and returns it.
std::int64_t find_ranges(const Packed& packed, std::span<const std::uint64_t> keys,
                         std::vector<KeyRange>& ranges) {
    const int shift = 64 - find_directory_bits(packed);
    const std::uint8_t* directory = packed.file.data() + packed.directory.at;
    const std::uint8_t* entries = packed.file.data() + packed.entries.at;
    for (std::size_t k = 0; k < keys.size(); ++k) {
        if (k + 2 * ahead < keys.size())
            __builtin_prefetch(directory + sizeof(std::uint32_t) * (keys[k + 2 * ahead] >> shift));
        if (k + ahead < keys.size()) {
            // Not verified yet: a damaged bound asks for another entry.
            const std::size_t bound = load_bound(packed, keys[k + ahead] >> shift);
            __builtin_prefetch(entries + sizeof(std::uint64_t) * std::min(bound, packed.entries.n));
        }
        const std::uint64_t key = keys[k];
        const std::size_t cell = key >> shift;
        std::int64_t bad =
            check_values(packed, packed.directory, sizeof(std::uint32_t), cell, cell + 2);
        if (bad >= 0) return bad;
        const std::size_t low = load_bound(packed, cell), end = load_bound(packed, cell + 1);
        require_range(low, end, packed.entries.n);
        bad = check_values(packed, packed.entries, sizeof(std::uint64_t), low, end);
        if (bad >= 0) return bad;
        ranges.push_back(find_range(packed, key, low, end));
    }
    return -1;
}

}  // namespace

std::vector<std::uint64_t> pack_entries(std::span<const std::uint64_t> keys,
                                        std::span<const std::uint32_t> articles,
                                        std::span<const std::uint32_t> places,
                                        std::int64_t first, std::int64_t n_bits,
                                        std::span<std::uint32_t> counts) {
    const auto shift = static_cast<int>(64 - n_bits);
    std::vector<std::uint64_t> entries(keys.size());
    // Keys that differ only in dropped bits become one key, so sort each cell.
    const auto order = [&](std::size_t begin, std::size_t end) {
        const auto from = entries.begin() + begin, to = entries.begin() + end;
        if (!std::is_sorted(from, to)) std::sort(from, to);
    };
    std::size_t begin = 0;
    for (std::size_t at = 0; at < keys.size(); ++at) {
        const std::uint64_t cell = keys[at] >> shift;
        ++counts[cell];
        if (at > begin && keys[at - 1] >> shift != cell) {
            order(begin, at);
            begin = at;
        }
        const auto article = static_cast<std::uint64_t>(articles[at] - first);
        entries[at] = (keys[at] >> cut & rest_mask) << rest_at | article << article_at |
                      (places[at] & place_mask);
    }
    order(begin, keys.size());
    return entries;
}

Unpacked unpack_range(const Packed& packed, std::size_t low, std::size_t high,
                      std::span<const bool> live_docs) {
    Unpacked found;
    found.bad = check_values(packed, packed.directory, sizeof(std::uint32_t), low, high + 1);
    if (found.bad >= 0) return found;
    const std::size_t begin = load_bound(packed, low), end = load_bound(packed, high);
    require_range(begin, end, packed.entries.n);
    found.bad = check_values(packed, packed.entries, sizeof(std::uint64_t), begin, end);
    if (found.bad >= 0) return found;
    const int shift = 64 - find_directory_bits(packed);
    found.keys.resize(end - begin);
    found.articles.resize(end - begin);
    found.places.resize(end - begin);
    std::size_t n = 0, at = begin;
    for (std::size_t cell = low; cell < high; ++cell) {
        const std::uint64_t top = std::uint64_t{cell} << shift;
        const std::size_t last = load_bound(packed, cell + 1);
        require_range(at, last, end);
        for (; at < last; ++at) {
            const std::uint64_t entry = load_entry(packed, at);
            const std::uint64_t article = find_article(packed, entry);
            if (!is_live(live_docs, article)) continue;
            found.keys[n] = top | (entry >> rest_at) << cut;
            found.articles[n] = static_cast<std::uint32_t>(article);
            found.places[n] = find_place(entry);
            ++n;
        }
    }
    found.keys.resize(n);
    found.articles.resize(n);
    found.places.resize(n);
    return found;
}

NarrowedParts narrow_parts(std::span<const Packed> files, std::span<const PostingsView> runs,
                           const PostingsView& own, std::span<const std::uint64_t> queries,
                           const Readers& readers, std::int64_t max_bucket,
                           std::span<const bool> live_docs) {
    std::vector<std::uint64_t> keys(queries.begin(), queries.end());
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    std::vector<Narrowed> parts;
    std::vector<KeyRange> ranges;
    for (std::size_t file = 0; file < files.size(); ++file) {
        const Packed& packed = files[file];
        ranges.clear();
        const std::int64_t bad = find_ranges(packed, keys, ranges);
        if (bad >= 0) return {{}, {}, static_cast<std::int64_t>(file), bad};
        const auto article_of = [&](std::int64_t at) {
            return find_article(packed, load_entry(packed, at));
        };
        const auto place_of = [&](std::int64_t at) { return find_place(load_entry(packed, at)); };
        parts.push_back(narrow_ranges(ranges, max_bucket, live_docs, article_of, place_of));
    }
    for (const PostingsView& run : runs)
        parts.push_back(narrow_live(run, keys, max_bucket, live_docs));
    parts.push_back(narrow_postings(own, keys, readers, max_bucket));
    Narrowed joined = join_narrowed(parts, keys.size());
    return {std::move(keys), std::move(joined)};
}

std::int64_t check_bytes(std::span<const std::uint8_t> file, std::span<const std::uint64_t> sums,
                         std::span<std::uint8_t> is_checked, std::size_t low, std::size_t high) {
    if (low >= high) return -1;
    for (std::size_t block = low / file_block; block <= (high - 1) / file_block; ++block) {
        // Other threads may read the same file; many versions of libc++ lack std::atomic_ref.
        if (__atomic_load_n(&is_checked[block], __ATOMIC_RELAXED)) continue;
        const std::size_t at = block * file_block, n = std::min(file_block, file.size() - at);
        if (xxh64(file.data() + at, n) != sums[block]) return static_cast<std::int64_t>(block);
        __atomic_store_n(&is_checked[block], std::uint8_t{1}, __ATOMIC_RELAXED);
    }
    return -1;
}

std::vector<std::uint64_t> sum_blocks(std::span<const std::uint8_t> file) {
    std::vector<std::uint64_t> sums;
    sums.reserve((file.size() + file_block - 1) / file_block);
    for (std::size_t at = 0; at < file.size(); at += file_block)
        sums.push_back(xxh64(file.data() + at, std::min(file_block, file.size() - at)));
    return sums;
}

}  // namespace dedup
