// Step: a pair that shares a passage -> how likely each word is reused, and passages of those that
// are.
//
// Within a related pair, aligned words decide and not bits: the pair needs no more evidence that
// one text was made from the other. A word is judged by its sentence, its clause and its neighbors,
// with fitted weights; the reused words of a side are then its most likely sequence of states.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "chains.hpp"
#include "sentences.hpp"

namespace dedup {

// Measures of a word, before those of its sentence.
enum WordFeature : std::size_t {
    aligned_4,     // aligned share of the words within 4
    aligned_15,    // the same within 15
    log_nearest,   // log2 of 1 more than the distance to the nearer aligned word
    log_farther,   // the same of the nearest aligned word on the other side
    log_jump,      // log2 of 1 more than the words by which the places of both differ from here
    clause_share,  // aligned share of its clause
    log_clause,    // log2 of 1 more than the words of its clause
    log_run,       // log2 of 1 more than the shorter of the runs of both nearest aligned words
    present_10,    // share of the content words within 10 that the window has
    present_25,    // the same within 25
    n_word_features,
};
using WordFeatures = std::array<double, n_word_features>;

// Measures of a passage.
enum PassageFeature : std::size_t {
    evidence_mean,   // log-odds of its words, mean of both sides
    evidence_least,  // the same, of the side with less
    identity_share,  // identity
    log_passage,     // log2 of 1 more than the words of its shorter side
    log_score,       // log2 of 1 more than its score in bits
    is_added,        // 1 if the second look found it where no other passage is
    fact_share,      // names and numbers among its aligned words: what it says, not how
    plain_share,     // aligned share of the other content words, of the side with fewer
    log_ratio,       // log2 of how many times as long the longer side is
    n_passage_features,
};

// Weights of words, of passages, and the constants of both, as the fit writes them.
constexpr std::size_t n_features = std::size_t{n_word_features} + n_sentence_features;
constexpr std::size_t n_word_weights = n_features + 1;
constexpr std::size_t n_weights = n_word_weights + n_passage_features + 1;

// Judges the words of one pair after another. Holds the scratch memory of one thread.
class SecondLook {
public:
    SecondLook(Aligner& aligner, std::span<const double> weights)
        : finder_(aligner), weights_(weights) {}

    // Judges every word of both sides of a weighed pair.
    void judge(const Pair& pair);

    // Smaller of the shares of both sides that are reused.
    double related_share() const { return related_share_; }

    // Adds passages of reused words to `found`, then joins those that adjoin on both sides. Sorted.
    void find(std::vector<Stretch>& found) const;

    // Mean log-odds of the words of a side, each within +-max_evidence.
    double evidence(bool is_b, std::int64_t low, std::int64_t high) const;

    // Log-odds that an editor calls a passage reuse.
    double confidence(const Stretch& stretch, const Alignment& aligned, double identity,
                      double score, bool is_added) const;

    // A side, judged.
    struct Words {
        Sentences sentences;
        std::vector<std::uint8_t> kinds;    // (n,) is_plain or is_fact of content words, else 0
        std::vector<WordFeatures> features;  // (n,) without those of its sentence
        std::vector<double> odds;           // (n,) log-odds of being reused
        std::vector<double> total;          // (n + 1,) running total of the clamped odds
        std::vector<std::uint8_t> reused;   // (n,)
        std::vector<std::int32_t> segment;  // (n,) number of the reused segment, or -1
        std::vector<Range> segments;        // reused words of one sentence
    };
    const Words& words(bool is_b) const { return words_[is_b]; }

private:
    void measure(const Stream& tokens, Words& words);
    void measure_words(const Stream& tokens, Words& words) const;
    void weigh(std::int64_t n, Words& words) const;
    void decode(const Stream& tokens, Words& words);
    void add_side(bool is_b, std::vector<Stretch>& found) const;

    SentenceFinder finder_;
    const std::span<const double> weights_;
    Words words_[2];
    double related_share_ = 0;
    std::vector<std::int32_t> before_, after_, runs_;
    // Words before each token that are aligned, content words, or in the window.
    std::vector<std::int32_t> n_aligned_, n_content_, n_present_;
    std::vector<std::uint8_t> turns_;
};

// Joins sorted stretches that adjoin or meet on both sides.
void join_stretches(std::vector<Stretch>& stretches);

}  // namespace dedup
