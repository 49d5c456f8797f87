// Step: two articles -> runs of equal words that both have, however frequent the words are.
//
// A suffix automaton of one side gives, for every word of the other, the longest run that ends
// there and its first place: linear in the length of both, whatever repeats.
// Blumer et al. 1985 (the automaton); Chang and Lawler 1994 (matching statistics).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "segments.hpp"
#include "stream.hpp"

namespace dedup {

// Equal words: tokens [p, p + n) of a and [q, q + n) of b.
struct Run {
    std::int64_t p, q, n;
};

// Finds runs; holds the scratch memory of one thread.
class RunFinder {
public:
    // Finds the runs of at least min_words words that no other run of a contains. Each span of a
    // of that length that stands in b lies in one. Of several places in b, the first counts.
    // No run goes over a cut: tokens before which something is masked, increasing; or out of one
    // of the parts of b, which are apart and increase.
    // runs is written, in the order of p.
    void find(const Stream& a, const std::vector<std::int64_t>& cuts_a, const Stream& b,
              const std::vector<std::int64_t>& cuts_b, std::span<const Range> parts_b,
              std::int64_t min_words, std::vector<Run>& runs);

private:
    // A set of spans of b that end at the same places; `end` is the first of these, exclusive.
    struct State {
        std::int64_t length, end;
        std::int32_t link, edges;
    };
    // Reads `word` in state `from`; `next` chains the edges of a state.
    struct Edge {
        std::uint64_t word;
        std::int32_t from, to, next;
    };

    void build(const Stream& b, const std::vector<std::int64_t>& cuts,
               std::span<const Range> parts);
    void append(std::uint64_t word, std::int64_t end);
    std::int32_t split(std::int32_t from, std::uint64_t word, std::int32_t to);
    std::int32_t find_edge(std::int32_t from, std::uint64_t word) const;
    void add_edge(std::int32_t from, std::uint64_t word, std::int32_t to);
    std::uint64_t find_slot(std::int32_t from, std::uint64_t word) const;

    std::vector<State> states_;
    std::vector<Edge> edges_;
    std::vector<std::int32_t> slots_;  // open addressing: an edge, or -1
    std::int32_t last_ = 0;
};

}  // namespace dedup
