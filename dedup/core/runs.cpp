#include "runs.hpp"

#include <algorithm>

namespace dedup {

namespace {

// Knuth's multiplicative hash: 2**64 by the golden ratio.
constexpr std::uint64_t golden = 0x9E3779B97F4A7C15;
// States and edges of an automaton, for each word.
constexpr std::size_t states_per_word = 2, edges_per_word = 3;

}  // namespace

std::uint64_t RunFinder::find_slot(std::int32_t from, std::uint64_t word) const {
    const std::uint64_t mask = slots_.size() - 1;
    std::uint64_t slot = ((word ^ static_cast<std::uint64_t>(from) * golden) * golden >> 32) & mask;
    while (slots_[slot] >= 0 &&
           (edges_[slots_[slot]].from != from || edges_[slots_[slot]].word != word))
        slot = (slot + 1) & mask;
    return slot;
}

std::int32_t RunFinder::find_edge(std::int32_t from, std::uint64_t word) const {
    return slots_[find_slot(from, word)];
}

void RunFinder::add_edge(std::int32_t from, std::uint64_t word, std::int32_t to) {
    slots_[find_slot(from, word)] = static_cast<std::int32_t>(edges_.size());
    edges_.push_back({word, from, to, states_[from].edges});
    states_[from].edges = static_cast<std::int32_t>(edges_.size()) - 1;
}

// Gives the spans that end like the shorter ones of `to` a state of their own.
std::int32_t RunFinder::split(std::int32_t from, std::uint64_t word, std::int32_t to) {
    const auto clone = static_cast<std::int32_t>(states_.size());
    states_.push_back({states_[from].length + 1, states_[to].end, states_[to].link, -1});
    for (std::int32_t edge = states_[to].edges; edge >= 0; edge = edges_[edge].next)
        add_edge(clone, edges_[edge].word, edges_[edge].to);
    states_[to].link = clone;
    for (; from >= 0; from = states_[from].link) {
        const std::int32_t edge = find_edge(from, word);
        if (edge < 0 || edges_[edge].to != to) break;
        edges_[edge].to = clone;
    }
    return clone;
}

void RunFinder::append(std::uint64_t word, std::int64_t end) {
    const auto state = static_cast<std::int32_t>(states_.size());
    states_.push_back({states_[last_].length + 1, end, 0, -1});
    std::int32_t from = last_;
    last_ = state;
    for (; from >= 0; from = states_[from].link) {
        const std::int32_t edge = find_edge(from, word);
        if (edge >= 0) {
            const std::int32_t to = edges_[edge].to;
            states_[state].link =
                states_[to].length == states_[from].length + 1 ? to : split(from, word, to);
            return;
        }
        add_edge(from, word, state);
    }
}

void RunFinder::build(const Stream& b, const std::vector<std::int64_t>& cuts,
                      std::span<const Range> parts) {
    std::size_t n = cuts.size() + parts.size();
    for (const Range& part : parts) n += static_cast<std::size_t>(part.high - part.low);
    states_.clear();
    edges_.clear();
    states_.reserve(states_per_word * n + 1);
    edges_.reserve(edges_per_word * n);
    std::size_t size = 16;
    while (size < 2 * edges_per_word * n) size *= 2;
    slots_.assign(size, -1);
    states_.push_back({0, 0, -1, -1});
    last_ = 0;
    // A word that no text has, another at each cut and before each part.
    std::uint64_t no_word = 0;
    for (const Range& part : parts) {
        append(--no_word, part.low);
        auto cut = std::upper_bound(cuts.begin(), cuts.end(), part.low);
        for (std::int64_t q = part.low; q < part.high; ++q) {
            if (cut != cuts.end() && *cut == q) {
                append(--no_word, q);
                ++cut;
            }
            append(b.hashes[q], q + 1);
        }
    }
}

void RunFinder::find(const Stream& a, const std::vector<std::int64_t>& cuts_a, const Stream& b,
                     const std::vector<std::int64_t>& cuts_b, std::span<const Range> parts_b,
                     std::int64_t min_words, std::vector<Run>& runs) {
    runs.clear();
    build(b, cuts_b, parts_b);
    std::int32_t state = 0;
    std::int64_t length = 0;
    auto cut = cuts_a.begin();
    for (std::int64_t p = 0; p < a.n; ++p) {
        if (cut != cuts_a.end() && *cut == p) {
            state = 0;
            length = 0;
            ++cut;
        }
        std::int32_t edge = find_edge(state, a.hashes[p]);
        for (; edge < 0 && state > 0; edge = find_edge(state, a.hashes[p])) {
            state = states_[state].link;
            length = states_[state].length;
        }
        if (edge < 0) continue;
        state = edges_[edge].to;
        ++length;
        if (length < min_words) continue;
        const Run run{p + 1 - length, states_[state].end - length, length};
        if (!runs.empty() && runs.back().p == run.p)
            runs.back() = run;
        else
            runs.push_back(run);
    }
}

}  // namespace dedup
