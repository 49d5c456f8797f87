#include "counterparts.hpp"

#include <algorithm>
#include <tuple>

namespace dedup {

namespace {

// Content words of a sentence that needs a counterpart.
constexpr std::int64_t min_content = 5;
// Maximum rounds of splitting: a part can lose the counterpart of a sentence to another part.
constexpr int max_rounds = 4;

std::int64_t find_word(const Side& side, std::int64_t token) {
    return std::lower_bound(side.tokens, side.tokens + side.n, token) - side.tokens;
}

// Number of ranges before a token, or -1 if one of them holds it.
std::int64_t find_part(const std::vector<Range>& ranges, std::int64_t token) {
    const auto after = std::partition_point(ranges.begin(), ranges.end(),
                                            [&](const Range& one) { return one.high <= token; });
    return after != ranges.end() && after->low <= token ? -1 : after - ranges.begin();
}

// Extends a core to clause ends, but not into the ranges beside its part or out of the whole.
Range extend_part(const Stream& tokens, const std::vector<Range>& ranges, std::int64_t part,
                  Range core, Range whole, std::int64_t max_words) {
    const Range range = extend_range(tokens.flags, tokens.n, core, max_words);
    const auto n = static_cast<std::int64_t>(ranges.size());
    const std::int64_t low = part > 0 ? ranges[part - 1].high : whole.low;
    const std::int64_t high = part < n ? ranges[part].low : whole.high;
    return {std::max(range.low, low), std::min(range.high, high)};
}

}  // namespace

void SentenceSplitter::mark_stems(const Side& side, Range range, std::uint8_t is_there) {
    for (std::int64_t k = find_word(side, range.low); k < side.n && side.tokens[k] < range.high;
         ++k)
        if (side.stems[k] >= 0) there_[side.stems[k]] = is_there;
}

// Finds the whole sentences of a range that share too little with the marked stems.
void SentenceSplitter::find_own(const Side& side, const Stream& tokens, Range range,
                                std::vector<Range>& own) {
    std::int64_t start = -1, n_words = 0, word = find_word(side, range.low);
    double bits = 0, shared = 0;
    for (std::int64_t token = range.low; token <= range.high; ++token) {
        if (token == 0 || token == tokens.n || (tokens.flags[token] & starts_sentence)) {
            if (start >= 0 && n_words >= min_content && shared < min_shared_ * bits)
                own.push_back({start, token});
            start = token;
            n_words = 0;
            bits = shared = 0;
        }
        if (token == range.high || word == side.n || side.tokens[word] != token) continue;
        ++n_words;
        bits += side.bits[word];
        if (side.stems[word] >= 0 && there_[side.stems[word]]) shared += side.bits[word];
        ++word;
    }
}

bool SentenceSplitter::find_own_sentences(const Pair& pair, const Stretch& stretch,
                                          bool is_abridged) {
    there_.resize(std::max<std::size_t>(there_.size(), pair.n_stems));
    const Range a{stretch[0], stretch[1]}, b{stretch[2], stretch[3]};
    own_a_.clear();
    own_b_.clear();
    if (!is_abridged || a.high - a.low <= b.high - b.low) {
        mark_stems(pair.side_b, b, 1);
        find_own(pair.side_a, pair.a, a, own_a_);
        mark_stems(pair.side_b, b, 0);
    }
    if (!is_abridged || b.high - b.low < a.high - a.low) {
        mark_stems(pair.side_a, a, 1);
        find_own(pair.side_b, pair.b, b, own_b_);
        mark_stems(pair.side_a, a, 0);
    }
    return !own_a_.empty() || !own_b_.empty();
}

// Lists the matched words outside of own sentences by their parts.
void SentenceSplitter::place_words(const Pair& pair, const Stretch& stretch, bool is_ordered) {
    const auto [p, p_end, q, q_end] = stretch;
    matches_within(pair.matches, p, p_end, q, q_end, inside_);
    if (is_ordered)
        aligner_.align_stretch(pair.a.slice(p, p_end), pair.b.slice(q, q_end),
                               pair.bits_a.data() + p, inside_, aligned_);
    words_.clear();
    for (const std::int64_t match : is_ordered ? aligned_ : inside_) {
        const Word word{find_part(own_a_, p + left_of(match)), find_part(own_b_, q + right_of(match)),
                        p + left_of(match), q + right_of(match)};
        if (word.part_a >= 0 && word.part_b >= 0) words_.push_back(word);
    }
    std::sort(words_.begin(), words_.end(), [](const Word& one, const Word& other) {
        return std::tie(one.part_a, one.part_b, one.p, one.q) <
               std::tie(other.part_a, other.part_b, other.p, other.q);
    });
}

void SentenceSplitter::split_part(const Pair& pair, const Part& part, std::int64_t max_words) {
    const Range whole_a{part.stretch[0], part.stretch[1]};
    const Range whole_b{part.stretch[2], part.stretch[3]};
    for (std::size_t first = 0, last = 0; first < words_.size(); first = last) {
        const Word& word = words_[first];
        Stretch core{word.p, word.p + 1, word.q, word.q + 1};
        for (; last < words_.size() && words_[last].part_a == word.part_a &&
               words_[last].part_b == word.part_b; ++last) {
            core[1] = words_[last].p + 1;
            core[2] = std::min(core[2], words_[last].q);
            core[3] = std::max(core[3], words_[last].q + 1);
        }
        const Range a = extend_part(pair.a, own_a_, word.part_a, {core[0], core[1]}, whole_a,
                                    max_words);
        const Range b = extend_part(pair.b, own_b_, word.part_b, {core[2], core[3]}, whole_b,
                                    max_words);
        open_.push_back({{a.low, a.high, b.low, b.high}, core, part.group, part.n_rounds + 1});
    }
}

const std::vector<Part>& SentenceSplitter::split(const Pair& pair,
                                                 const std::vector<Stretch>& stretches,
                                                 const std::vector<Stretch>& cores,
                                                 Order order, std::int64_t max_words) {
    parts_.clear();
    open_.clear();
    for (std::size_t k = 0; k < stretches.size(); ++k)
        open_.push_back({stretches[k], cores[k], static_cast<std::int64_t>(k), 0});
    while (!open_.empty()) {
        const Part part = open_.back();
        open_.pop_back();
        if (!find_own_sentences(pair, part.stretch, order == Order::abridged)) {
            parts_.push_back(part);
        } else if (part.n_rounds < max_rounds) {
            place_words(pair, part.stretch, order == Order::same);
            split_part(pair, part, max_words);
        }
    }
    std::sort(parts_.begin(), parts_.end(), [](const Part& one, const Part& other) {
        return std::tie(one.stretch, one.core, one.group) <
               std::tie(other.stretch, other.core, other.group);
    });
    return parts_;
}

}  // namespace dedup
