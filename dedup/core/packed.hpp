// Step: sorted postings -> a file with 8 bytes each, and look-ups of buckets in it.
//
// A key is cut to its top 40 bits. The directory encodes the first of them, at least 16. An entry
// has the last 24 of them, 24 bits of the article, relative to the first of its file, and 16 bits
// of the place, modulo 65,536: rest << 40 | article << 16 | place. Entries of a cell are ascending.
// All values are little-endian.
//
// Blocks are verified against their checksums, and entries and articles are checked on reading, so
// that no file can cause an access out of bounds. A bad file is an std::invalid_argument.
#pragma once

#include "postings.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace dedup {

// Minimum bits of a directory, as an entry has only 24 bits of a key, and the maximum.
inline constexpr std::int64_t min_directory_bits = 16, max_directory_bits = 30;
// Maximum article range of one file.
inline constexpr std::int64_t max_articles = std::int64_t{1} << 24;
// Bytes per checksum.
inline constexpr std::size_t file_block = 4096;

// Array in a file.
struct Section {
    std::size_t at;  // first byte
    std::size_t n;   // number of values
};

// Postings in a file, with checksums.
struct Packed {
    std::span<const std::uint8_t> file;   // (n_bytes,), the whole file
    std::span<const std::uint64_t> sums;  // (n_blocks,), XXH64 of each block
    std::span<std::uint8_t> is_checked;   // (n_blocks,), compared already; changed in place
    Section directory;                    // uint32, 2**bits + 1, entries before each cell
    Section entries;                      // uint64
    std::uint64_t first;                  // number of the article that entries count from
};

// Packs sorted postings of whole cells, and counts them per cell.
//
// first   base article number, at most max_articles before any.
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
// live_docs  bool (n_articles,), whether each article number is live.
Unpacked unpack_range(const Packed& packed, std::size_t low, std::size_t high,
                      std::span<const bool> live_docs);

struct NarrowedParts {
    std::vector<std::uint64_t> keys;  // (n_keys,), ascending, unique
    Narrowed buckets;
    std::int64_t file = -1;  // the first file with a damaged block, or -1; then nothing is found
    std::int64_t bad = -1;   // the damaged block
};

// Copies the buckets of some keys from all parts of an index, and joins them.
//
// Parts are read as narrow_live reads sorted postings, but the last one as narrow_postings does.
//
// files    segments.
// runs     postings of later articles, in memory.
// own      postings of the query articles.
// queries  uint64 (n_queries,), in any order.
NarrowedParts narrow_parts(std::span<const Packed> files, std::span<const PostingsView> runs,
                           const PostingsView& own, std::span<const std::uint64_t> queries,
                           const Readers& readers, std::int64_t max_bucket,
                           std::span<const bool> live_docs);

// Verifies the blocks of the bytes [low, high), each once.
//
// Returns the first damaged block, or -1.
std::int64_t check_bytes(std::span<const std::uint8_t> file, std::span<const std::uint64_t> sums,
                         std::span<std::uint8_t> is_checked, std::size_t low, std::size_t high);

// Returns the XXH64 of each block of a file.
std::vector<std::uint64_t> sum_blocks(std::span<const std::uint8_t> file);

}  // namespace dedup
