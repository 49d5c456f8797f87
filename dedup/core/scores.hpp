// Step: candidate passages -> scores and verdicts.
//
// Three kinds of candidates compete: words in the same order (chains), words in any order
// (unordered clusters), and abridgements, where one side is spread thinly over the other.
#pragma once

#include <cstdint>
#include <vector>

#include "anchors.hpp"
#include "boundaries.hpp"
#include "chains.hpp"
#include "clusters.hpp"
#include "pair.hpp"

namespace dedup {

// Scalars of the alignment, in the order of dedup.align.scalars.Scalars.
struct Search {
    std::int64_t window, max_gap;
    double chance_rate, order_penalty, unordered_penalty, min_candidate, unordered_weight;
    std::int64_t max_extension;
    double min_score, slope;
    std::int64_t min_chars, min_run;
    double max_suppressed;
    std::int64_t abridged_gap;
    double abridged_penalty, abridged_ratio, abridged_cosine;
};

// Search that found a candidate, in search order; a copy needs none.
enum Origin : std::int64_t { from_chain, from_cluster, from_abridgement, from_copy };
// Verdict on a candidate.
enum Verdict : std::int64_t { kept, too_short, too_weak, dominated, suppressed };

// A candidate passage and its verdict.
struct Candidate {
    Stretch stretch;
    Origin origin;
    Verdict verdict;
    double score;  // bits
};

// Judges pairs. Holds all scratch memory of one thread.
class Judge {
public:
    explicit Judge(const Search& search) : search_(search) {}
    Judge(const Judge&) = delete;
    Judge& operator=(const Judge&) = delete;

    // Numbers two articles and finds their anchors. is_copy() then says whether to judge().
    void open(const Stream& a, const Article& article_a, const Stream& b, const Article& article_b);

    // Finds the anchors of a copy too.
    void find_anchors();

    // Finds and judges the candidates of the open pair: chains, then clusters, then abridgements,
    // each sorted. is_thorough: also search where no passage is possible. Kept candidates are
    // trimmed to words that no better passage covers.
    void judge(bool is_thorough);

    // Steps of judge(), for a weighed pair with matches.
    //
    // Finds stretches where one side may abridge the other.
    void find_abridged(std::vector<Stretch>& found);
    // Among candidates for the same words, keeps the one that explains most.
    void compete();
    // Lets passages cover their words, best first; trims and realigns the others. Every candidate
    // has an alignment.
    void settle();

    Pair pair;
    std::vector<Candidate> candidates;
    // Alignment of each candidate; may be longer than `candidates`.
    std::vector<Alignment> alignments;
    double floor = 0;  // bits that a passage of this pair needs
    Clusters clusters;

    ClusterFinder& cluster_finder() { return cluster_finder_; }

private:
    bool is_hopeless();
    void judge_all(const std::vector<Stretch>& stretches, const std::vector<Stretch>& cores,
                   Origin origin);
    Verdict judge_one(const Stretch& stretch, const Alignment& aligned, double score) const;
    void compete_one(std::size_t number);
    double explain_side(const Stretch& stretch, bool is_a);
    bool cover(std::size_t number);

    const Search search_;
    AnchorFinder anchor_finder_;
    ClusterFinder cluster_finder_;
    Aligner aligner_;
    ChainFinder chain_finder_{aligner_, cluster_finder_};
    BoundaryFinder boundary_finder_{aligner_, cluster_finder_};
    Clusters thin_clusters_;
    std::vector<Stretch> found_, cores_;
    std::vector<std::int64_t> inside_, words_;
    std::vector<std::size_t> order_, rivals_;
    std::vector<std::uint8_t> covered_a_, covered_b_;
};

}  // namespace dedup
