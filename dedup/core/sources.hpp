// Step: shared seeds of a query -> its sources: the articles that share enough with it, without
// those that better sources explain.
//
// A stem counts once in a window, however many hits match it: the hit that says most counts.
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

// What a pair needs.
struct Floors {
    std::span<const std::int64_t> lengths;  // (n_articles,), tokens of each
    std::int64_t query;                     // the query article
    double min_bits;                        // bits needed where both have 256 words or less
    double slope;                           // bits more for each doubling of the places
};

// A place at which an article has a seed of the query.
struct Hit {
    std::int64_t article;
    std::int64_t seed;
    std::int64_t place;  // token of the article, less than 2**32
};

// What each stem said so far, by its number; of another turn than the last it is void.
class Tally {
public:
    Tally() : most_(n_numbers), turns_(n_numbers, 0) {}
    void begin() { ++turn_; }
    // Lets a seed speak, and returns what it says beyond what was said.
    float add(const Query& query, std::int64_t seed);

private:
    static constexpr std::size_t n_numbers = std::size_t{1} << 16;
    std::vector<float> most_;
    std::vector<std::int64_t> turns_;
    std::int64_t turn_ = 0;
};

// Lists the first hit of each article that shares enough within `window` tokens on either side.
// Hits are grouped by article, sorted by seed in each. Returns indices of hits, ascending.
std::vector<std::int64_t> find_sources(std::span<const Hit> hits, const Query& query,
                                       const Floors& floors, std::int64_t window, Tally& tally);

// Leaves out sources of stretches that better sources explain already, best first.
//
// sources      as find_sources returns them.
// n_cut        int64 (n_seeds,), entries of each seed that were left aside.
// max_sources  sources of one stretch that are all kept.
//
// Returns those of `sources` that are kept, in their order.
std::vector<std::int64_t> choose_sources(std::span<const Hit> hits,
                                         std::span<const std::int64_t> sources,
                                         std::span<const std::int64_t> n_cut, const Query& query,
                                         const Floors& floors, std::int64_t window,
                                         std::int64_t max_sources, Tally& tally);

// The most bits that a square of two texts holds; from `enough` on no fuller is looked for.
float fill_window(std::span<const Hit> hits, const Query& query, std::int64_t window,
                  double enough, Tally& tally);

}  // namespace dedup
