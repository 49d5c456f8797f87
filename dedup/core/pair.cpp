#include "pair.hpp"

#include <algorithm>
#include <cstring>

#include "information.hpp"
#include "scratch.hpp"

namespace dedup {

namespace {

// Evidence of a function word; measured at .5 to .8 bits.
constexpr float stop_bits = 0.6F;

// Knuth's multiplicative hash: 2**64 by the golden ratio; odd, so that no word is lost.
constexpr std::uint64_t golden = 0x9E3779B97F4A7C15;
// Bits of the filter for each gram.
constexpr std::size_t filter_bits = 16;

std::uint64_t bit_of(const Article& article, std::uint64_t gram) {
    return (gram * golden >> 32) & (64 * article.filter.size() - 1);
}

// Numbers the stems of content words by first occurrence.
void number_distinct(const Stream& tokens, Article& article) {
    const std::size_t n = article.tokens.size();
    std::uint64_t size = 16;
    while (size < 2 * n) size *= 2;
    article.keys.resize(size);
    article.slots.assign(size, -1);
    article.distinct.resize(n);
    article.stems.clear();
    article.counts.clear();
    for (std::size_t k = 0; k < n; ++k) {
        const std::uint64_t stem = tokens.stems[article.tokens[k]];
        std::uint64_t slot = stem & (size - 1);
        while (article.slots[slot] >= 0 && article.keys[slot] != stem)
            slot = (slot + 1) & (size - 1);
        if (article.slots[slot] < 0) {
            article.slots[slot] = static_cast<std::int32_t>(article.stems.size());
            article.keys[slot] = stem;
            article.stems.push_back(stem);
            article.counts.push_back(0);
        }
        article.distinct[k] = article.slots[slot];
        ++article.counts[article.slots[slot]];
    }
}

// Hashes every gram_words words in a row, and marks their bits.
void hash_grams(const Stream& tokens, Article& article) {
    const std::int64_t n = std::max<std::int64_t>(tokens.n - gram_words + 1, 0);
    article.grams.resize(n);
    std::uint64_t first_weight = 1, gram = 0;
    for (std::int64_t k = 1; k < gram_words; ++k) first_weight *= golden;
    for (std::int64_t token = 0; token < tokens.n; ++token) {
        gram = gram * golden + tokens.hashes[token];
        const std::int64_t first = token - gram_words + 1;
        if (first < 0) continue;
        article.grams[first] = gram;
        gram -= tokens.hashes[first] * first_weight;
    }
    std::size_t size = 1;
    while (64 * size < filter_bits * static_cast<std::size_t>(n)) size *= 2;
    article.filter.assign(size, 0);
    for (const std::uint64_t one : article.grams) {
        const std::uint64_t bit = bit_of(article, one);
        article.filter[bit / 64] |= std::uint64_t{1} << bit % 64;
    }
}

// Number of the stem in an article, or -1.
std::int32_t find_stem(const Article& article, std::uint64_t stem) {
    const std::uint64_t mask = article.keys.size() - 1;
    for (std::uint64_t slot = stem & mask; article.slots[slot] >= 0; slot = (slot + 1) & mask)
        if (article.keys[slot] == stem) return article.slots[slot];
    return -1;
}

// Writes common numbers and bits of the content words of one side.
void place_side(const Article& article, const std::vector<std::int32_t>& map,
                const std::vector<double>& caps, std::vector<std::int32_t>& stems,
                std::vector<float>& weights) {
    const auto n = static_cast<std::int64_t>(article.tokens.size());
    fit(stems, n + 1);
    fit(weights, n + 1);
    for (std::int64_t k = 0; k < n; ++k) {
        const std::int32_t stem = map[article.distinct[k]];
        stems[k] = stem;
        const double information = article.information[k];
        weights[k] = stem < 0 ? article.own_bits[k]
                              : static_cast<float>(std::min(information, caps[stem])) *
                                    article.share[k];
    }
}

void weigh_side_tokens(const Side& side, std::int64_t n_tokens, std::vector<float>& bits,
                       std::vector<double>& mass) {
    fit(bits, n_tokens + 1);
    fit(mass, n_tokens + 2);
    std::fill(bits.begin(), bits.begin() + n_tokens, stop_bits);
    for (std::int64_t k = 0; k < side.n; ++k) bits[side.tokens[k]] = side.bits[k];
    double total = mass[0] = 0;
    for (std::int64_t token = 0; token < n_tokens; ++token)
        mass[token + 1] = total += bits[token];
}

}  // namespace

void prepare_article(const Stream& tokens, std::span<const std::uint8_t> idf, Article& article) {
    article.tokens.clear();
    for (std::int64_t token = 0; token < tokens.n; ++token)
        if (tokens.flags[token] & is_content)
            article.tokens.push_back(static_cast<std::int32_t>(token));
    number_distinct(tokens, article);
    hash_grams(tokens, article);
    const auto n = static_cast<std::int64_t>(article.tokens.size());
    std::int32_t most = 0;
    for (const std::int32_t count : article.counts) most = std::max(most, count);
    article.caps.resize(most + 1);
    for (std::int32_t count = 0; count <= most; ++count)
        article.caps[count] = find_cap(count, n);
    std::int64_t n_capitals = 0;
    for (const std::int32_t token : article.tokens)
        n_capitals += (tokens.flags[token] & is_capital) != 0;
    const bool has_case = tell_names(n_capitals, n);
    article.information.resize(n);
    article.share.resize(n);
    article.own_bits.resize(n);
    article.is_fact.resize(n);
    for (std::int64_t k = 0; k < n; ++k) {
        const std::int32_t token = article.tokens[k];
        const float information =
            find_information(tokens.stems[token], tokens.flags[token], idf.data());
        const float share = find_share(tokens.flags, token, has_case);
        const double cap = article.caps[article.counts[article.distinct[k]]];
        article.information[k] = information;
        article.share[k] = share;
        article.is_fact[k] = share < 1;
        article.own_bits[k] =
            static_cast<float>(std::min(static_cast<double>(information), cap)) * share;
    }
}

bool may_have(const Article& article, std::uint64_t gram) {
    const std::uint64_t bit = bit_of(article, gram);
    return article.filter[bit / 64] >> bit % 64 & 1;
}

void Pair::number(const Stream& tokens_a, const Article& article_a, const Stream& tokens_b,
                  const Article& article_b) {
    a = tokens_a;
    b = tokens_b;
    const auto n_a = static_cast<std::int64_t>(article_a.stems.size());
    const auto n_b = static_cast<std::int64_t>(article_b.stems.size());
    map_a_.assign(n_a, -1);
    map_b_.assign(n_b, -1);
    caps_.clear();
    n_stems = 0;
    for (std::int64_t k = 0; k < n_a; ++k) {
        const std::int32_t other = find_stem(article_b, article_a.stems[k]);
        if (other < 0) continue;
        map_a_[k] = map_b_[other] = static_cast<std::int32_t>(n_stems++);
        caps_.push_back(std::min(article_a.caps[article_a.counts[k]],
                                 article_b.caps[article_b.counts[other]]));
    }
    place_side(article_a, map_a_, caps_, stems_a_, weights_a_);
    place_side(article_b, map_b_, caps_, stems_b_, weights_b_);
    side_a = {article_a.tokens.data(), stems_a_.data(), weights_a_.data(),
              article_a.is_fact.data(), static_cast<std::int64_t>(article_a.tokens.size())};
    side_b = {article_b.tokens.data(), stems_b_.data(), weights_b_.data(),
              article_b.is_fact.data(), static_cast<std::int64_t>(article_b.tokens.size())};
}

void Pair::weigh() {
    weigh_side_tokens(side_a, a.n, bits_a, mass_a);
    weigh_side_tokens(side_b, b.n, bits_b, mass_b);
}

void Pair::place_anchors() {
    matches.clear();
    for (const std::int64_t anchor : anchors)
        matches.push_back(
            pack(side_a.tokens[left_of(anchor)], side_b.tokens[right_of(anchor)]));
}

bool Pair::is_copy() const {
    return cuts_a.empty() && cuts_b.empty() && a.n == b.n &&
           std::memcmp(a.hashes, b.hashes, a.n * sizeof(std::uint64_t)) == 0;
}

void matches_within(const std::vector<std::int64_t>& matches, std::int64_t p, std::int64_t p_end,
                    std::int64_t q, std::int64_t q_end, std::vector<std::int64_t>& inside) {
    inside.clear();
    auto at = std::lower_bound(matches.begin(), matches.end(), pack(p, 0));
    const auto end = std::lower_bound(matches.begin(), matches.end(), pack(p_end, 0));
    for (; at < end; ++at)
        if (right_of(*at) >= q && right_of(*at) < q_end) inside.push_back(*at - pack(p, q));
}

}  // namespace dedup
