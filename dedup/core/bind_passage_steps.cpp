// Bindings of single alignment steps, from matches to passages, for tests against Python twins on
// small data; they keep the GIL.
#include "align_doors.hpp"
#include "bindings.hpp"
#include "bools.hpp"
#include "edits.hpp"

namespace dedup {

namespace {

// Maximum cells of a gap, and token range of a chain in b; both bound allocations.
constexpr std::int64_t max_cells = 1 << 20, max_range = 1 << 22;

std::vector<std::int64_t> make_matches(const In<std::int64_t>& matches, std::int64_t n_a,
                                       std::int64_t n_b) {
    check_matches(view(matches), n_a, n_b, "matches");
    return {view(matches).begin(), view(matches).end()};
}

Array1<std::int64_t> chain_door(In<std::int64_t> matches, In<float> bits) {
    const auto n = static_cast<std::int64_t>(bits.shape(0));
    const float* weights = make_bits(bits, n, "bits");
    Aligner aligner;
    return to_array(std::vector(aligner.chain(make_matches(matches, n, max_range), weights)));
}

Array1<std::int64_t> align_gap_door(In<std::uint64_t> stems_a, In<float> bits_a,
                                    In<std::uint64_t> stems_b) {
    const auto n_a = static_cast<std::int64_t>(stems_a.shape(0));
    const auto n_b = static_cast<std::int64_t>(stems_b.shape(0));
    require(n_a <= max_cells && n_b <= max_cells && (n_a + 1) * (n_b + 1) <= max_cells,
            "stems: more than 2**20 cells");
    const float* weights = make_bits(bits_a, n_a, "bits_a");
    Alignment aligned;
    Aligner().align_gap(stems_a.data(), weights, n_a, stems_b.data(), n_b, 0, aligned);
    return to_array(std::move(aligned));
}

template <void (Aligner::*align)(const Stream&, const Stream&, const float*,
                                 const std::vector<std::int64_t>&, Alignment&)>
Array1<std::int64_t> align_door(const StreamTuple& tokens_a, const StreamTuple& tokens_b,
                                In<float> bits_a, In<std::int64_t> matches) {
    const Stream a = make_stream(tokens_a), b = make_stream(tokens_b);
    const float* weights = make_bits(bits_a, a.n, "bits_a");
    Alignment aligned;
    Aligner aligner;
    (aligner.*align)(a, b, weights, make_matches(matches, a.n, b.n), aligned);
    return to_array(std::move(aligned));
}

// First penalty, drop, minimum score and chance rate.
using SplitTuple = std::tuple<double, double, double, double>;

Array2<std::int64_t> split_alignment_door(In<std::int64_t> aligned, const StreamTuple& tokens_a,
                                          const StreamTuple& tokens_b, In<float> bits_a,
                                          In<float> bits_b, const SplitTuple& scalars) {
    const Stream a = make_stream(tokens_a), b = make_stream(tokens_b);
    const Split limits = std::apply([](auto... each) { return Split{each...}; }, scalars);
    check_penalty(limits.penalty, "limits.penalty");
    check_chance_rate(limits.chance_rate, "limits.chance_rate");
    Aligner aligner;
    ClusterFinder clusters;
    ChainFinder finder(aligner, clusters);
    return to_rows(finder.split(make_alignment(aligned, a.n, b.n), a, b,
                                make_bits(bits_a, a.n, "bits_a"),
                                make_bits(bits_b, b.n, "bits_b"), limits));
}

nb::tuple measure_alignment_door(In<std::int64_t> aligned, const StreamTuple& tokens_a,
                                 const StreamTuple& tokens_b, In<float> bits_a,
                                 In<float> bits_b) {
    const Stream a = make_stream(tokens_a), b = make_stream(tokens_b);
    const AlignmentMeasure found = measure_alignment(
        make_alignment(aligned, a.n, b.n), a, b, make_bits(bits_a, a.n, "bits_a"),
        make_bits(bits_b, b.n, "bits_b"));
    return nb::make_tuple(found.shared, found.identity, found.quoted);
}

std::int64_t longest_run_door(In<std::int64_t> aligned, const StreamTuple& tokens_a,
                              const StreamTuple& tokens_b) {
    const Stream a = make_stream(tokens_a), b = make_stream(tokens_b);
    return longest_run(make_alignment(aligned, a.n, b.n), a, b);
}

void check_moves(std::int64_t n_words) {
    require(n_words >= 0 && n_words <= max_words, "max_words: negative or too large");
}

// A stream with flags only.
Stream make_flagged(const In<std::uint8_t>& flags) {
    require(flags.shape(0) < static_cast<std::size_t>(max_words), "flags: 2**31 or more");
    return {nullptr, nullptr, nullptr, nullptr, flags.data(),
            static_cast<std::int64_t>(flags.shape(0))};
}

nb::tuple extend_range_door(In<std::uint8_t> flags, std::int64_t low, std::int64_t high,
                            std::int64_t n_words) {
    const Stream tokens = make_flagged(flags);
    require(low >= 0 && low < high && high <= tokens.n, "range: outside the tokens, or empty");
    check_moves(n_words);
    const Range found = extend_range(tokens.flags, tokens.n, {low, high}, n_words);
    return nb::make_tuple(found.low, found.high);
}

nb::tuple extend_stretches_door(Table<std::int64_t> rows, In<std::uint8_t> flags_a,
                                In<std::uint8_t> flags_b, std::int64_t n_words) {
    const Stream a = make_flagged(flags_a), b = make_flagged(flags_b);
    check_moves(n_words);
    std::vector<Stretch> stretches = make_sorted(rows, a.n, b.n), cores;
    extend_stretches(stretches, cores, a, b, n_words);
    return nb::make_tuple(to_table(std::move(stretches)), to_table(std::move(cores)));
}

Array2<std::int64_t> cut_door(const PairTuple& parts, Table<std::int64_t> rows) {
    Pair pair;
    fill_pair(parts, pair);
    std::vector<Stretch> stretches = make_sorted(rows, pair.a.n, pair.b.n);
    Aligner aligner;
    ClusterFinder clusters;
    BoundaryFinder(aligner, clusters).cut(pair, stretches);
    return to_table(std::move(stretches));
}

Array2<std::int64_t> complete_sentences_door(const PairTuple& parts, Table<std::int64_t> rows,
                                             std::int64_t n_words) {
    Pair pair;
    fill_pair(parts, pair);
    check_moves(n_words);
    std::vector<Stretch> stretches = make_stretches(rows, pair.a.n, pair.b.n);
    Aligner aligner;
    ClusterFinder clusters;
    BoundaryFinder(aligner, clusters).complete_sentences(pair, stretches, n_words);
    return to_table(std::move(stretches));
}

Array2<std::int64_t> find_abridged_door(const PairTuple& parts, const SearchTuple& scalars) {
    Judge judge(make_search(scalars));
    fill_pair(parts, judge.pair);
    std::vector<Stretch> found;
    judge.find_abridged(found);
    return to_table(std::move(found));
}

// Candidates as columns: stretches, origins, scores and verdicts.
using CandidatesTuple =
    std::tuple<Table<std::int64_t>, In<std::int64_t>, In<double>, In<std::int64_t>>;

// Writes candidates; each alignment is a marker that is never a valid match.
constexpr std::int64_t not_aligned = -1;

void fill_candidates(const CandidatesTuple& columns, Judge& judge) {
    const auto& [rows, origins, scores, verdicts] = columns;
    const std::vector<Stretch> stretches = make_stretches(rows, judge.pair.a.n, judge.pair.b.n);
    const std::size_t n = stretches.size();
    require(origins.shape(0) == n && scores.shape(0) == n && verdicts.shape(0) == n,
            "candidates: columns differ in length");
    check_indices(view(origins), from_second + 1, "origins");
    check_indices(view(verdicts), unlikely + 1, "verdicts");
    for (std::size_t k = 0; k < n; ++k) {
        require(scores.data()[k] == scores.data()[k], "scores: not a number");
        judge.candidates.push_back({stretches[k], static_cast<Origin>(origins.data()[k]),
                                    static_cast<Verdict>(verdicts.data()[k]), scores.data()[k],
                                    0.0, false});
    }
    judge.alignments.assign(n, {not_aligned});
}

nb::tuple to_columns(const std::vector<Candidate>& candidates) {
    std::vector<Stretch> stretches;
    std::vector<std::int64_t> origins, verdicts;
    std::vector<double> scores;
    for (const Candidate& one : candidates) {
        stretches.push_back(one.stretch);
        origins.push_back(one.origin);
        scores.push_back(one.score);
        verdicts.push_back(one.verdict);
    }
    return nb::make_tuple(to_table(std::move(stretches)), to_array(std::move(origins)),
                          to_array(std::move(scores)), to_array(std::move(verdicts)));
}

nb::tuple compete_door(const PairTuple& parts, const CandidatesTuple& columns,
                       const SearchTuple& scalars) {
    Judge judge(make_search(scalars));
    fill_pair(parts, judge.pair);
    fill_candidates(columns, judge);
    judge.compete();
    return to_columns(judge.candidates);
}

nb::tuple settle_door(const PairTuple& parts, const CandidatesTuple& columns,
                      const SearchTuple& scalars) {
    Judge judge(make_search(scalars));
    fill_pair(parts, judge.pair);
    fill_candidates(columns, judge);
    judge.settle();
    std::vector<std::uint8_t> is_aligned;
    for (std::size_t k = 0; k < judge.candidates.size(); ++k)
        is_aligned.push_back(judge.alignments[k] != Alignment{not_aligned});
    return nb::make_tuple(to_columns(judge.candidates), to_bools(std::move(is_aligned)));
}

nb::tuple judge_door(const StreamTuple& tokens_a, const StreamTuple& tokens_b,
                     In<std::int64_t> cuts_a, In<std::int64_t> cuts_b, In<std::uint8_t> idf,
                     const SearchTuple& scalars, bool is_thorough) {
    Judge judge(make_search(scalars));
    const Stream a = make_stream(tokens_a), b = make_stream(tokens_b);
    check_idf(idf);
    ArticleMaker maker(view(idf));
    const Article article_a = maker.make(a), article_b = maker.make(b);
    judge.pair.cuts_a = make_cuts(cuts_a);
    judge.pair.cuts_b = make_cuts(cuts_b);
    judge.open(a, article_a, b, article_b);
    judge.find_anchors();
    judge.judge(is_thorough);
    return nb::make_tuple(to_columns(judge.candidates), judge.floor);
}

// Features of the words, each with those of its sentence, row by row.
std::vector<double> list_features(const SecondLook::Words& words) {
    std::vector<double> features;
    for (const Sentence& one : words.sentences.rows)
        for (std::int64_t p = one.low; p < one.high; ++p) {
            const WordFeatures& own = words.features[p];
            features.insert(features.end(), own.begin(), own.end());
            features.insert(features.end(), one.features.begin(), one.features.end());
        }
    return features;
}

// Returns of each side: features of the words, log-odds, reused words and partners; then the
// stretches of reused words.
nb::tuple look_again_door(const PairTuple& parts, In<double> weights) {
    Pair pair;
    fill_pair(parts, pair);
    Aligner aligner;
    SecondLook look(aligner, make_weights(view(weights), "weights"));
    look.judge(pair);
    std::vector<Stretch> found;
    look.find(found);
    const auto side = [&](bool is_b) {
        const SecondLook::Words& words = look.words(is_b);
        return nb::make_tuple(
            to_array(list_features(words)), to_array(std::vector(words.odds)),
            to_bools(std::vector(words.reused)), to_array(std::vector(words.sentences.partners)));
    };
    return nb::make_tuple(side(false), side(true), to_table(std::move(found)));
}

Array2<std::int64_t> find_runs_door(const StreamTuple& tokens_a, In<std::int64_t> cuts_a,
                                    const StreamTuple& tokens_b, In<std::int64_t> cuts_b,
                                    Table<std::int64_t> parts_b, std::int64_t min_words) {
    const Stream a = make_stream(tokens_a), b = make_stream(tokens_b);
    require(parts_b.shape(1) == 2, "parts_b: expected two columns");
    std::vector<Range> parts;
    for (std::size_t k = 0; k < parts_b.shape(0); ++k) {
        const Range part{parts_b.data()[2 * k], parts_b.data()[2 * k + 1]};
        require((k == 0 ? 0 : parts.back().high + 1) <= part.low && part.low < part.high &&
                    part.high <= b.n,
                "parts_b: row ", k, " is empty, not apart, or out of range");
        parts.push_back(part);
    }
    require(min_words >= 1, "min_words: expected 1 or more, not ", min_words);
    std::vector<Run> runs;
    RunFinder().find(a, make_cuts(cuts_a), b, make_cuts(cuts_b), parts, min_words, runs);
    std::vector<std::array<std::int64_t, 3>> rows;
    for (const Run& run : runs) rows.push_back({run.p, run.q, run.n});
    return to_table(std::move(rows));
}

Array1<std::int64_t> match_moved_door(In<std::int64_t> aligned, const StreamTuple& tokens_a,
                                      const StreamTuple& tokens_b) {
    const Stream a = make_stream(tokens_a), b = make_stream(tokens_b);
    EditWriter writer;
    return to_array(std::vector(writer.match_moved(make_alignment(aligned, a.n, b.n), a, b)));
}

Array2<std::int64_t> write_edits_door(In<std::int64_t> aligned, const StreamTuple& tokens_a,
                                      const StreamTuple& tokens_b, std::int64_t p_low,
                                      std::int64_t q_low) {
    const Stream a = make_stream(tokens_a), b = make_stream(tokens_b);
    require(p_low >= 0 && p_low <= max_words && q_low >= 0 && q_low <= max_words,
            "p_low, q_low: negative or too large");
    std::vector<EditRow> edits;
    EditWriter().append(make_alignment(aligned, a.n, b.n), a, b, p_low, q_low, edits);
    return to_table(std::move(edits));
}

void bind_alignments(nb::module_& m) {
    m.def("chain", chain_door, nb::arg("matches").noconvert(), nb::arg("bits").noconvert(),
          "Find the heaviest chain of matches.");
    m.def("align_gap", align_gap_door, nb::arg("stems_a").noconvert(),
          nb::arg("bits_a").noconvert(), nb::arg("stems_b").noconvert(),
          "Find the heaviest common subsequence of two short stretches.");
    m.def("align_words", align_door<&Aligner::align_words>, nb::arg("a").noconvert(),
          nb::arg("b").noconvert(), nb::arg("bits_a").noconvert(), nb::arg("matches").noconvert(),
          "Align two stretches around a chain of matches.");
    m.def("align_stretch", align_door<&Aligner::align_stretch>, nb::arg("a").noconvert(),
          nb::arg("b").noconvert(), nb::arg("bits_a").noconvert(), nb::arg("matches").noconvert(),
          "Align two stretches without stray function words.");
    m.def("split_alignment", split_alignment_door, nb::arg("aligned").noconvert(),
          nb::arg("a").noconvert(), nb::arg("b").noconvert(), nb::arg("bits_a").noconvert(),
          nb::arg("bits_b").noconvert(), nb::arg("limits"),
          "Split an alignment where going on does not pay.");
    m.def("measure_alignment", measure_alignment_door, nb::arg("aligned").noconvert(),
          nb::arg("a").noconvert(), nb::arg("b").noconvert(), nb::arg("bits_a").noconvert(),
          nb::arg("bits_b").noconvert(), "Measure an alignment.");
    m.def("longest_run", longest_run_door, nb::arg("aligned").noconvert(),
          nb::arg("a").noconvert(), nb::arg("b").noconvert(),
          "Count the words of the longest run of equal words.");
    m.def("find_runs", find_runs_door, nb::arg("a").noconvert(), nb::arg("cuts_a").noconvert(),
          nb::arg("b").noconvert(), nb::arg("cuts_b").noconvert(), nb::arg("parts_b").noconvert(),
          nb::arg("min_words"), "Find the longest runs of equal words of two articles.");
    m.def("match_moved", match_moved_door, nb::arg("aligned").noconvert(),
          nb::arg("a").noconvert(), nb::arg("b").noconvert(),
          "Match equal words that an alignment left over.");
    m.def("write_edits", write_edits_door, nb::arg("aligned").noconvert(),
          nb::arg("a").noconvert(), nb::arg("b").noconvert(), nb::arg("p_low"), nb::arg("q_low"),
          "Write the edit script of a passage.");
}

}  // namespace

void bind_passage_steps(nb::module_& m) {
    bind_alignments(m);
    m.def("extend_range", extend_range_door, nb::arg("flags").noconvert(), nb::arg("low"),
          nb::arg("high"), nb::arg("max_words"), "Move the ends of a range to boundaries.");
    m.def("extend_stretches", extend_stretches_door, nb::arg("stretches").noconvert(),
          nb::arg("flags_a").noconvert(), nb::arg("flags_b").noconvert(), nb::arg("max_words"),
          "Extend stretches and join those that overlap.");
    m.def("cut", cut_door, nb::arg("pair").noconvert(), nb::arg("stretches").noconvert(),
          "Cut stretches at masked text.");
    m.def("complete_sentences", complete_sentences_door, nb::arg("pair").noconvert(),
          nb::arg("stretches").noconvert(), nb::arg("max_words"),
          "Move ends to those of sentences that are alike.");
    m.def("find_abridged", find_abridged_door, nb::arg("pair").noconvert(), nb::arg("search"),
          "Find stretches where one side may abridge the other.");
    m.def("compete", compete_door, nb::arg("pair").noconvert(),
          nb::arg("candidates").noconvert(), nb::arg("search"),
          "Keep the explanation that explains most.");
    m.def("settle", settle_door, nb::arg("pair").noconvert(), nb::arg("candidates").noconvert(),
          nb::arg("search"), "Let passages cover their words, the best first.");
    m.def("look_again", look_again_door, nb::arg("pair").noconvert(),
          nb::arg("weights").noconvert(), "Judge every word of a related pair.");
    m.def("judge", judge_door, nb::arg("a").noconvert(), nb::arg("b").noconvert(),
          nb::arg("cuts_a").noconvert(), nb::arg("cuts_b").noconvert(),
          nb::arg("idf").noconvert(), nb::arg("search"), nb::arg("is_thorough"),
          "Find the candidates of a pair and judge them.");
}

}  // namespace dedup
