// Step: a pair of articles -> for each sentence, its best place in the other article.
//
// A sentence is looked up as a whole: the window of the other side that has most of its distinct
// stems, then an alignment over all words of both. Sentences are cut at max_sentence words, and
// stems that the other side repeats often are not looked up, so that the work stays linear.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "aligner.hpp"
#include "pair.hpp"
#include "segments.hpp"

namespace dedup {

// Measures of a sentence, in the order of its features.
enum SentenceFeature : std::size_t {
    aligned_share,   // aligned words over its words
    aligned_cosine,  // aligned bits over the geometric mean of the bits of both sides
    stop_share,      // aligned function words over its function words
    log_bits,        // log2 of 1 more than the aligned bits
    window_bits,     // bits of its distinct stems that the window has, over those of all its stems
    share_before,    // aligned bits over bits, of the sentence before
    share_after,     // the same of the sentence after
    log_own,         // log2 of 1 more than the words of its article
    log_other,       // the same of the other article
    log_longest,     // log2 of 1 more than the longest aligned run of any other sentence
    n_sentence_features,
};
using SentenceFeatures = std::array<double, n_sentence_features>;

// A sentence: its tokens, half-open, and the measures of its best place.
struct Sentence {
    std::int64_t low, high;
    double bits, mass;  // aligned bits, all bits
    double run;         // log2 of 1 more than the longest aligned run
    SentenceFeatures features;
};

// One article as the other side of a pair sees it.
struct View {
    const Stream &own, &other;
    const Side &own_side, &other_side;
    const std::vector<float>& own_bits;
    const std::vector<double>&own_mass, &other_mass;
    std::int64_t n_stems;
};

// Sentences of one side, and its tokens.
struct Sentences {
    std::vector<Sentence> rows;
    std::vector<std::int64_t> partners;  // (n_tokens,) aligned token of the other side, or -1
    std::vector<std::uint8_t> present;   // (n_tokens,) a content word whose stem the window has
};

// Looks sentences up. Holds the scratch memory of one thread.
class SentenceFinder {
public:
    explicit SentenceFinder(Aligner& aligner) : aligner_(aligner) {}

    // Finds the sentences of one side of a weighed pair, and their places.
    void find(const View& view, Sentences& found);

private:
    // A word of the other side whose stem a sentence has, and a word of the sentence.
    struct Hit {
        std::int64_t q;
        std::int32_t stem;
        double neighbors;  // bits of the neighbors that are the same on both sides
    };

    void index_places(const View& view);
    void find_hits(const View& view, Range words, const Sentence& sentence);
    // Content words low to high are those of the sentence.
    bool find_window(const View& view, Range words, const Sentence& sentence, Range& window);
    double mark_present(const View& view, Range words, Range window,
                        std::vector<std::uint8_t>& present);
    void measure(const View& view, Range words, Range window, Sentence& sentence);

    Aligner& aligner_;
    // Content words of the other side by common stem: those of stem s are places_[bounds_[s]] to
    // places_[bounds_[s + 1]].
    std::vector<std::int32_t> bounds_, places_, counts_;
    std::vector<float> weights_;
    std::vector<Hit> hits_;
    // Words of a sentence by stem: the first, and after each the next, or -1.
    std::vector<std::int32_t> first_, after_;
    std::vector<std::uint64_t> marks_;  // a bit of each word of the other side, 0 between calls
    const std::vector<std::int64_t> no_matches_;
    Alignment aligned_;
};

}  // namespace dedup
