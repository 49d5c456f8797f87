// Step: sorted postings -> eight bytes each in a file, and the buckets of some keys out of it.
//
// A key is cut to its top 40 bits. The directory tells the first of them, at least 16; an
// entry holds the other 24, then 24 bits of the article, counted from the first of its file,
// then 16 of the place, modulo 65,536: rest << 40 | article << 16 | place. Entries of a cell
// are ascending. Everything is read lowest byte first.
//
// A file is read as it lies: its bytes are compared with their sums, and what they say of
// entries and articles is checked as it is read, so that no file, however made, leads outside.
// Such a file is an std::invalid_argument.
#pragma once

#include "postings.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace dedup {

// Bits of a directory: no fewer, as an entry has only so many of a key, and no more.
inline constexpr std::int64_t min_directory_bits = 16, max_directory_bits = 30;
// Articles of one file, from the first to the last.
inline constexpr std::int64_t max_articles = std::int64_t{1} << 24;
// Bytes that are checked at once.
inline constexpr std::size_t file_block = 4096;

// Values that stand in a file one after the other.
struct Section {
    std::size_t at;  // first byte
    std::size_t n;   // number of values
};

// Postings as they lie in a file, and what checks them.
struct Packed {
    std::span<const std::uint8_t> file;   // (n_bytes,), the whole file
    std::span<const std::uint64_t> sums;  // (n_blocks,), XXH64 of each block
    std::span<std::uint8_t> is_checked;   // (n_blocks,), compared already; changed in place
    Section directory;                    // uint32, 2**bits + 1, entries before each cell
    Section entries;                      // uint64
    std::uint64_t first;                  // number of the article that entries count from
};

// Packs sorted postings of whole cells, and adds them to the counts of their cells.
//
// first   number of the article to count from, at most max_articles before any.
// n_bits  bits of the directory.
// counts  uint32 (2**n_bits,).
std::vector<std::uint64_t> pack_entries(std::span<const std::uint64_t> keys,
                                        std::span<const std::uint32_t> articles,
                                        std::span<const std::uint32_t> places,
                                        std::int64_t first, std::int64_t n_bits,
                                        std::span<std::uint32_t> counts);

struct Unpacked {
    std::vector<std::uint64_t> keys;  // (n,), the lowest 24 bits zero
    std::vector<std::uint32_t> articles;
    std::vector<std::uint32_t> places;
    std::int64_t bad = -1;  // the first block that is damaged, or -1
};

// Unpacks the entries of live articles in the cells [low, high).
//
// live_docs  bool (n_articles,), by number, whether an article is live.
Unpacked unpack_range(const Packed& packed, std::size_t low, std::size_t high,
                      std::span<const bool> live_docs);

struct NarrowedFile {
    Narrowed buckets;
    std::int64_t bad = -1;  // the first block that is damaged, or -1; then nothing is found
};

// Copies the buckets of some keys out of a file, as narrow_live does out of sorted postings.
NarrowedFile narrow_packed(const Packed& packed, std::span<const std::uint64_t> keys,
                           std::int64_t max_bucket, std::span<const bool> live_docs);

// Compares the blocks that hold the bytes [low, high) with their sums, each once.
//
// Returns the first block that is damaged, or -1.
std::int64_t check_bytes(std::span<const std::uint8_t> file, std::span<const std::uint64_t> sums,
                         std::span<std::uint8_t> is_checked, std::size_t low, std::size_t high);

// Returns the XXH64 of each block of a file.
std::vector<std::uint64_t> sum_blocks(std::span<const std::uint8_t> file);

}  // namespace dedup
