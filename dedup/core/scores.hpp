// Step: candidate passages -> scores and verdicts.
//
// Three kinds of candidates compete: words in the same order (chains), words in any order
// (unordered clusters), and abridgements, where one side is spread thinly over the other.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "anchors.hpp"
#include "boundaries.hpp"
#include "chains.hpp"
#include "clusters.hpp"
#include "counterparts.hpp"
#include "pair.hpp"
#include "runs.hpp"
#include "second_look.hpp"

namespace dedup {

// Scalars of the alignment, in the order of dedup.align.scalars.Scalars.
struct Search {
    std::int64_t window, max_gap;
    double chance_rate, order_penalty, unordered_penalty, min_candidate, x_drop, max_bridge;
    double unordered_weight;
    std::int64_t max_extension;
    double min_score, slope;
    std::int64_t min_chars, min_run;
    double max_suppressed, min_shared;
    std::int64_t abridged_gap;
    double abridged_penalty, abridged_ratio, abridged_cosine;
    double related_share, min_odds;
    std::span<const double> weights;  // (n_weights,), see second_look.hpp
};

// Search that found a candidate, in search order; a copy needs none.
enum Origin : std::int64_t {
    from_chain, from_cluster, from_abridgement, from_copy, from_run, from_second
};
// Verdict on a candidate.
enum Verdict : std::int64_t {
    kept, too_short, too_weak, dominated, suppressed, revised, unlikely
};

// A candidate passage and its verdict.
struct Candidate {
    Stretch stretch;
    Origin origin;
    Verdict verdict;
    double score;       // bits
    double confidence;  // log-odds that an editor calls it reuse, once kept
    bool is_added;      // by the second look, where no other candidate was kept
};

inline bool is_kept(const Candidate& one) { return one.verdict == kept; }

// Whether two stretches have words in common on both sides.
inline bool do_meet(const Stretch& one, const Stretch& other) {
    return one[0] < other[1] && other[0] < one[1] && one[2] < other[3] && other[2] < one[3];
}

// Judges pairs. Holds all scratch memory of one thread.
class Judge {
public:
    explicit Judge(const Search& search)
        : search_(search), second_look_(aligner_, search.weights) {}
    Judge(const Judge&) = delete;
    Judge& operator=(const Judge&) = delete;

    // Numbers two articles and finds their anchors. is_copy() then says whether to judge().
    void open(const Stream& a, const Article& article_a, const Stream& b, const Article& article_b);

    // Finds the anchors of a copy too.
    void find_anchors();

    // Finds and judges the candidates of the open pair: chains, then clusters, then abridgements,
    // each sorted; then looks again. is_thorough: also search where no passage is possible. Kept
    // candidates are trimmed to words that no better passage covers.
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
    // Replaces kept candidates by the passages of reused words that meet them, if these explain
    // more, and adds the others.
    void revise();
    // Adds short runs of equal words where no passage is on either side; quotes_only: of words that
    // both sides quote.
    void add_short_runs(bool quotes_only);
    // Sets the confidence of each kept candidate, or of all; drops unlikely ones without a run.
    void rate(bool is_thorough);
    // Makes every run of min_run equal words, four of them content words, lie in a passage whose
    // other side has it, too. A passage that meets the run on both sides is extended; otherwise
    // the run becomes a passage. No run crosses a cut.
    void add_runs();

    Pair pair;
    std::vector<Candidate> candidates;
    // Alignment of each candidate; may be longer than `candidates`.
    std::vector<Alignment> alignments;
    double floor = 0;  // bits that a passage of this pair needs
    Clusters clusters;

    ClusterFinder& cluster_finder() { return cluster_finder_; }

private:
    bool is_hopeless();
    void judge_searches();
    bool may_have_runs(bool from_b, const std::vector<std::int32_t>& run_of) const;
    void list_parts(const Article& own, const Article& other, std::int64_t n_words);
    void number_runs();
    void own_words(std::size_t number, const Stretch& words, bool of_b);
    void add_run(const Stretch& run, bool from_b);
    void realign(std::size_t number);
    void judge_found(Origin origin);
    void judge_parts(const std::vector<Part>& parts, Origin origin);
    double measure_part(const Part& part, Alignment& aligned);
    Verdict judge_one(const Candidate& one, const Alignment& aligned, double together) const;
    void compete_one(std::size_t number);
    double explain_side(const Stretch& stretch, bool is_a);
    bool cover(std::size_t number);
    double find_identity(std::size_t number) const;
    std::int64_t find_longest(std::size_t number) const;
    std::int64_t count_chars(const Stretch& stretch) const;
    void reject_copied();
    void cover_kept(std::size_t last);
    void suppress_covered(std::size_t first);
    void find_short_runs(bool quotes_only, std::vector<Stretch>& found);
    void look();

    const Search search_;
    AnchorFinder anchor_finder_;
    ClusterFinder cluster_finder_;
    Aligner aligner_;
    ChainFinder chain_finder_{aligner_, cluster_finder_};
    BoundaryFinder boundary_finder_{aligner_, cluster_finder_};
    SecondLook second_look_;
    bool has_looked_ = false;
    SentenceSplitter splitter_{aligner_, search_.min_shared};
    RunFinder run_finder_;
    std::vector<Run> runs_;
    std::vector<Range> parts_;
    // Number of the aligned run of equal words of each token, 0 if none.
    std::vector<std::int32_t> run_of_a_, run_of_b_;
    std::vector<std::uint8_t> is_extended_;
    std::vector<std::int32_t> run_ends_;
    // The last passage of each word of the side that is looked through, or -1.
    std::vector<std::int32_t> owners_;
    const Article *article_a_ = nullptr, *article_b_ = nullptr;
    Clusters thin_clusters_;
    std::vector<Stretch> found_, cores_;
    std::vector<double> together_;
    std::vector<std::int64_t> inside_, words_;
    std::vector<std::size_t> order_, rivals_;
    std::vector<std::uint8_t> covered_a_, covered_b_;
};

}  // namespace dedup
