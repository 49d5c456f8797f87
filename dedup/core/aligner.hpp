// Step: matches of content words -> an alignment.
//
// First finds the heaviest increasing chain of content words, then fills the gaps with a weighted
// longest common subsequence of all words. An alignment is a list of p << 32 | q, strictly
// increasing on both sides, relative to the start of the stretch.
#pragma once

#include <cstdint>
#include <vector>

#include "stream.hpp"

namespace dedup {

using Alignment = std::vector<std::int64_t>;

// Measures of an alignment.
struct AlignmentMeasure {
    double shared;    // bits
    double identity;  // equal words aligned over the words of the longer side
    double quoted;    // part of the aligned words that is quoted on one side
};

AlignmentMeasure measure_alignment(const Alignment& aligned, const Stream& a, const Stream& b,
                                   const float* bits_a, const float* bits_b);

// Counts the words of the longest run of equal words of an alignment.
std::int64_t longest_run(const Alignment& aligned, const Stream& a, const Stream& b);

// Aligns stretches of tokens. Holds the scratch memory of one thread.
class Aligner {
public:
    // Finds the heaviest chain of matches that increases strictly on both sides.
    //
    // matches  p << 32 | q, sorted, with q in a narrow range.
    // bits     float32 by p, positive.
    //
    // Returns the indices of the chained matches, increasing. Among chains of equal weight, the one
    // whose last match is nearer in q, then in p, wins. Heaviest increasing subsequence; Jacobson
    // and Vo 1992, with a Fenwick tree of maxima.
    const std::vector<std::int64_t>& chain(const std::vector<std::int64_t>& matches,
                                           const float* bits);

    // Appends the heaviest common subsequence of two short stretches; adds `offset` to each
    // p << 32 | q. bits_a: float32 by p. Wagner and Fischer 1974, weighted, without a gap cost.
    void align_gap(const std::uint64_t* stems_a, const float* bits_a, std::int64_t n_a,
                   const std::uint64_t* stems_b, std::int64_t n_b, std::int64_t offset,
                   Alignment& out);

    // Aligns two stretches, given matches of content words. Writes `aligned`.
    void align_words(const Stream& a, const Stream& b, const float* bits_a,
                     const std::vector<std::int64_t>& matches, Alignment& aligned);

    // As align_words(), without function words that have no aligned neighbor.
    void align_stretch(const Stream& a, const Stream& b, const float* bits_a,
                       const std::vector<std::int64_t>& matches, Alignment& aligned);

private:
    // Lists the rows and columns of a gap that have a match, and the columns of each row, from the
    // last. Returns whether there are any.
    bool find_cells(const std::uint64_t* stems_a, std::int64_t n_a, const std::uint64_t* stems_b,
                    std::int64_t n_b);
    void find_few_cells(const std::uint64_t* stems_a, std::int64_t n_a,
                        const std::uint64_t* stems_b, std::int64_t n_b);
    void fill_table(const float* bits_a);

    // A chain by its last match k: total bits, and q << 32 | k.
    struct Chain {
        double total;
        std::int64_t end;
        // Whether it is heavier than another, or equal and ends nearer.
        bool is_better(const Chain& other) const {
            return (total > other.total) | ((total == other.total) & (end > other.end));
        }
    };

    std::vector<std::int64_t> chain_, before_;
    std::vector<Chain> best_, open_;
    // Of a gap: its rows and columns by word, the matches of row k, which end at cell_ends_[k], and
    // the words of b by hash.
    std::vector<std::int64_t> rows_, columns_;
    std::vector<std::int32_t> cells_, column_of_, heads_, next_;
    std::vector<std::size_t> cell_ends_;
    std::vector<float> table_;
    Alignment all_;
};

}  // namespace dedup
