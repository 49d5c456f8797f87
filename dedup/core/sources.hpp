// Step: shared seeds of a query -> its sources: articles that share enough with it, unless better
// sources explain the text.
//
// A stem counts once in a window, by its best hit.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace dedup {

// Seeds of the query article.
struct Query {
    std::span<const std::uint32_t> positions;  // (n_seeds,), token of each, not decreasing
    std::span<const std::uint16_t> words;      // (n_seeds, 2), numbers of its two stems
    std::span<const float> worths;             // (n_seeds, 2), bits that a match of each says
};

// Requirements for a pair.
struct Floors {
    std::span<const std::int64_t> lengths;  // (n_articles,), tokens of each
    std::int64_t query;                     // the query article
    double min_bits;                        // bits needed where both have 256 words or less
    double slope;                           // bits more for each doubling of the places
};

// A position where an article has a seed of the query.
struct Hit {
    std::int64_t article;
    std::int64_t seed;
    std::int64_t place;  // token of the article, less than 2**32
};

// Bits counted so far per stem number; valid only for the current turn.
class Tally {
public:
    Tally() : most_(n_numbers), turns_(n_numbers, 0) {}
    void begin() { ++turn_; }
    // Counts a seed, and returns its new bits.
    float add(const Query& query, std::int64_t seed);

private:
    static constexpr std::size_t n_numbers = std::size_t{1} << 16;
    std::vector<float> most_;
    std::vector<std::int64_t> turns_;
    std::int64_t turn_ = 0;
};

// Finds the first hit of each article that shares enough within `window` tokens on either side.
// Hits are grouped by article, then sorted by seed. Returns indices of hits, ascending.
std::vector<std::int64_t> find_sources(std::span<const Hit> hits, const Query& query,
                                       const Floors& floors, std::int64_t window, Tally& tally);

// Drops sources whose stretches better sources explain, best first.
//
// sources      as returned by find_sources.
// n_cut        int64 (n_seeds,), entries of each seed that were left out.
// max_sources  maximum sources of one stretch.
//
// Returns the kept `sources`, in order.
std::vector<std::int64_t> choose_sources(std::span<const Hit> hits,
                                         std::span<const std::int64_t> sources,
                                         std::span<const std::int64_t> n_cut, const Query& query,
                                         const Floors& floors, std::int64_t window,
                                         std::int64_t max_sources, Tally& tally);

// Returns the most bits in any square window of two texts. Stops at `enough` bits.
float fill_window(std::span<const Hit> hits, const Query& query, std::int64_t window,
                  double enough, Tally& tally);

}  // namespace dedup
