// Argument types of the alignment bindings: token streams, search scalars, and pairs.
//
// A pair is built from checked parts, so that it is always consistent: every content word is a
// token, every anchor joins two content words, and the core computes bits, totals and matches
// itself.
#pragma once

#include <cmath>
#include <algorithm>
#include <limits>
#include <string_view>
#include <tuple>

#include "arrays.hpp"
#include "scores.hpp"
#include "stream.hpp"

namespace dedup {

constexpr std::int64_t max_window = 1 << 16;
// Maximum tokens of an article, or distance that an end may move.
constexpr std::int64_t max_words = std::numeric_limits<std::int32_t>::max();
// Maximum stems common to two articles; bounds an allocation.
constexpr std::int64_t max_stems = 1 << 24;

// In the order of Search.
using SearchTuple =
    std::tuple<std::int64_t, std::int64_t, double, double, double, double, double, double, double,
               std::int64_t, double, double, std::int64_t, std::int64_t, double, double,
               std::int64_t, double, double, double, double, double,
               In<double>>;

// Reject a negative penalty: it would end a segment between two words.
inline void check_penalty(double penalty, std::string_view name) {
    require(penalty >= 0, name, ": negative or not a number");
}

inline void check_chance_rate(double chance_rate, std::string_view name) {
    require(chance_rate > 0 && chance_rate < 1, name, ": expected a share between 0 and 1");
}

// Weights of the second look.
inline std::span<const double> make_weights(std::span<const double> weights,
                                            std::string_view name) {
    require(weights.size() == n_weights, name, ": expected ", n_weights, ", not ", weights.size());
    for (const double weight : weights) require(std::isfinite(weight), name, ": not finite");
    return weights;
}

inline Search make_search(const SearchTuple& scalars) {
    const auto convert = [](const auto& each) {
        if constexpr (std::is_arithmetic_v<std::remove_cvref_t<decltype(each)>>)
            return each;
        else
            return view(each);
    };
    const Search search =
        std::apply([&](const auto&... each) { return Search{convert(each)...}; }, scalars);
    make_weights(search.weights, "search.weights");
    require(search.window >= 1 && search.window <= max_window,
            "search.window: expected 1 to 65536, not ", search.window);
    require(search.max_extension >= 0 && search.max_extension <= max_words,
            "search.max_extension: negative or too large");
    check_chance_rate(search.chance_rate, "search.chance_rate");
    check_penalty(search.order_penalty, "search.order_penalty");
    check_penalty(search.unordered_penalty, "search.unordered_penalty");
    check_penalty(search.abridged_penalty, "search.abridged_penalty");
    return search;
}

// Hashes, stems, starts, ends and flags.
using StreamTuple = std::tuple<In<std::uint64_t>, In<std::uint64_t>, In<std::uint32_t>,
                               In<std::uint32_t>, In<std::uint8_t>>;
// Token indices, common stem numbers, bits, and whether a word is a fact.
using SideTuple =
    std::tuple<In<std::int32_t>, In<std::int32_t>, In<float>, In<bool>>;
// Streams, sides and cuts of a and b, and the anchors.
using PairTuple = std::tuple<StreamTuple, StreamTuple, SideTuple, SideTuple, In<std::int64_t>,
                             In<std::int64_t>, In<std::int64_t>>;

inline Stream make_stream(const In<std::uint64_t>& hashes, const In<std::uint64_t>& stems,
                          const In<std::uint32_t>& starts, const In<std::uint32_t>& ends,
                          const In<std::uint8_t>& flags) {
    const std::size_t n = hashes.shape(0);
    require(stems.shape(0) == n && starts.shape(0) == n && ends.shape(0) == n &&
                flags.shape(0) == n,
            "tokens: columns differ in length");
    return {hashes.data(), stems.data(), starts.data(), ends.data(), flags.data(),
            static_cast<std::int64_t>(n)};
}

// Stream of one article.
inline Stream make_stream(const StreamTuple& columns) {
    const Stream tokens = std::apply(
        [](const auto&... each) { return make_stream(each...); }, columns);
    require(tokens.n < max_words, "tokens: 2**31 or more");
    return tokens;
}

// Returns a side whose words index n_tokens tokens.
inline Side make_side(const SideTuple& columns, std::int64_t n_tokens) {
    const auto& [tokens, stems, bits, is_fact] = columns;
    const std::size_t n = tokens.shape(0);
    require(stems.shape(0) == n && bits.shape(0) == n && is_fact.shape(0) == n,
            "side: columns differ in length");
    check_bools(view(is_fact), "side: is_fact");
    std::int64_t before = -1;
    for (std::size_t k = 0; k < n; ++k) {
        const std::int64_t token = tokens.data()[k];
        require(token > before && token < n_tokens, "side: tokens must increase below n_tokens");
        before = token;
        require(stems.data()[k] >= -1 && stems.data()[k] < max_stems,
                "side: a stem is below -1 or too large");
        require(bits.data()[k] >= 0 && bits.data()[k] <= std::numeric_limits<float>::max(),
                "side: bits are negative or not finite");
    }
    static_assert(sizeof(bool) == 1);
    return {tokens.data(), stems.data(), bits.data(),
            reinterpret_cast<const std::uint8_t*>(is_fact.data()), static_cast<std::int64_t>(n)};
}

// Anchors or matches p << 32 | q: sorted, unique, p below n_a and q below n_b.
inline void check_matches(std::span<const std::int64_t> matches, std::int64_t n_a,
                          std::int64_t n_b, std::string_view name) {
    std::int64_t before = -1;
    for (const std::int64_t match : matches) {
        require(match > before, name, ": not sorted, or repeated");
        require(left_of(match) < n_a && right_of(match) < n_b, name, ": out of range");
        before = match;
    }
}

// An alignment, which increases on both sides.
inline Alignment make_alignment(const In<std::int64_t>& aligned, std::int64_t n_a,
                                std::int64_t n_b) {
    check_matches(view(aligned), n_a, n_b, "aligned");
    for (std::size_t k = 1; k < aligned.shape(0); ++k)
        require(left_of(aligned.data()[k - 1]) < left_of(aligned.data()[k]) &&
                    right_of(aligned.data()[k - 1]) < right_of(aligned.data()[k]),
                "aligned: does not increase on both sides");
    return {view(aligned).begin(), view(aligned).end()};
}

inline const float* make_bits(const In<float>& bits, std::int64_t n, std::string_view name) {
    require(bits.shape(0) == static_cast<std::size_t>(n), name, ": expected one for each token");
    for (const float one : view(bits))
        require(one >= 0 && one <= std::numeric_limits<float>::max(),
                name, ": negative or not finite");
    return bits.data();
}

inline std::vector<std::int64_t> make_cuts(const In<std::int64_t>& cuts) {
    require(std::is_sorted(view(cuts).begin(), view(cuts).end()), "cuts: not sorted");
    return {view(cuts).begin(), view(cuts).end()};
}

// Builds a weighed pair with its matches. The arrays must outlive it.
inline void fill_pair(const PairTuple& parts, Pair& pair) {
    const auto& [a, b, side_a, side_b, cuts_a, cuts_b, anchors] = parts;
    pair.a = make_stream(a);
    pair.b = make_stream(b);
    pair.side_a = make_side(side_a, pair.a.n);
    pair.side_b = make_side(side_b, pair.b.n);
    pair.cuts_a = make_cuts(cuts_a);
    pair.cuts_b = make_cuts(cuts_b);
    check_matches(view(anchors), pair.side_a.n, pair.side_b.n, "anchors");
    pair.anchors.assign(view(anchors).begin(), view(anchors).end());
    pair.n_stems = 0;
    for (const Side& side : {pair.side_a, pair.side_b})
        for (std::int64_t k = 0; k < side.n; ++k)
            pair.n_stems = std::max(pair.n_stems, std::int64_t{side.stems[k]} + 1);
    pair.weigh();
    pair.place_anchors();
}

// Candidate passages, nonempty on both sides.
inline std::vector<Stretch> make_stretches(const Table<std::int64_t>& rows, std::int64_t n_a,
                                           std::int64_t n_b) {
    require(rows.shape(1) == 4, "stretches: expected four columns");
    std::vector<Stretch> stretches(rows.shape(0));
    for (std::size_t k = 0; k < stretches.size(); ++k) {
        Stretch& one = stretches[k];
        std::copy(rows.data() + 4 * k, rows.data() + 4 * k + 4, one.begin());
        require(one[0] >= 0 && one[0] < one[1] && one[1] <= n_a && one[2] >= 0 &&
                    one[2] < one[3] && one[3] <= n_b,
                "stretches: row ", k, " lies outside the tokens");
    }
    return stretches;
}

inline std::vector<Stretch> make_sorted(const Table<std::int64_t>& rows, std::int64_t n_a,
                                        std::int64_t n_b) {
    std::vector<Stretch> stretches = make_stretches(rows, n_a, n_b);
    require(std::is_sorted(stretches.begin(), stretches.end()), "stretches: not sorted");
    return stretches;
}

// Converts ranges to rows of low and high.
inline Array2<std::int64_t> to_rows(const std::vector<Range>& ranges) {
    std::vector<std::array<std::int64_t, 2>> rows;
    for (const Range& range : ranges) rows.push_back({range.low, range.high});
    return to_table(std::move(rows));
}

}  // namespace dedup
