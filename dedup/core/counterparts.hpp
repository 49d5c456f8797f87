// Step: candidate passages -> candidate passages without a sentence that only one side has.
//
// A whole sentence has a counterpart if the other side of the passage has a share of its content
// words, in any order. A passage is split at sentences without one. Only sentences of five content
// words or more count: a shorter one says too little. An abridgement leaves sentences of its longer
// side out: there only the shorter side counts.
#pragma once

#include <cstdint>
#include <vector>

#include "boundaries.hpp"
#include "chains.hpp"
#include "clusters.hpp"
#include "pair.hpp"

namespace dedup {

// A part of a candidate passage. core: the box of its matched words; group: number of the
// candidate passage that it is a part of.
struct Part {
    Stretch stretch, core;
    std::int64_t group;
    int n_rounds;
};

// Order of the words of a candidate passage.
enum class Order { same, any, abridged };

// Splits candidate passages. Holds the scratch memory of one thread.
class SentenceSplitter {
public:
    // min_shared: share of the bits of a sentence that the other side has, if it has a counterpart.
    SentenceSplitter(Aligner& aligner, double min_shared)
        : aligner_(aligner), min_shared_(min_shared) {}

    // Finds the whole sentences of a stretch without a counterpart. Returns whether there are any.
    // is_abridged: look on the shorter side only.
    bool find_own_sentences(const Pair& pair, const Stretch& stretch, bool is_abridged);

    // Splits stretches. A part is the box of aligned words, or of anchors if the words may have any
    // order, extended to clause ends within max_words. Sorted.
    const std::vector<Part>& split(const Pair& pair, const std::vector<Stretch>& stretches,
                                   const std::vector<Stretch>& cores, Order order,
                                   std::int64_t max_words);

private:
    // A matched word, by the numbers of the parts of both sides that hold it.
    struct Word {
        std::int64_t part_a, part_b, p, q;
    };

    void find_own(const Side& side, const Stream& tokens, Range range, std::vector<Range>& own);
    void mark_stems(const Side& side, Range range, std::uint8_t is_there);
    void place_words(const Pair& pair, const Stretch& stretch, bool is_ordered);
    void split_part(const Pair& pair, const Part& part, std::int64_t max_words);

    Aligner& aligner_;
    const double min_shared_;
    Alignment aligned_;
    std::vector<std::int64_t> inside_;
    std::vector<std::uint8_t> there_;  // by common stem; all zero between calls
    std::vector<Range> own_a_, own_b_;
    std::vector<Word> words_;
    std::vector<Part> open_, parts_;
};

}  // namespace dedup
