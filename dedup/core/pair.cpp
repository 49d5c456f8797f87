#include "pair.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "information.hpp"
#include "scratch.hpp"

namespace dedup {

namespace {

// Evidence of a function word; measured at .5 to .8 bits.
constexpr float stop_bits = 0.6F;

// Bits of the filter for each gram.
constexpr std::size_t filter_bits = 16;
// Occurrences up to this have their cap computed once.
constexpr std::int32_t few_counts = 32;

// Lists the content words. Returns how many begin with a capital.
std::int64_t list_content(const Stream& tokens, std::vector<std::int32_t>& content) {
    content.resize(tokens.n);
    // Every second word is one, so a branch would be wrong as often.
    std::int64_t n = 0, n_capitals = 0;
    for (std::int64_t token = 0; token < tokens.n; ++token) {
        const std::uint8_t flags = tokens.flags[token];
        content[n] = static_cast<std::int32_t>(token);
        n += (flags & is_content) != 0;
        n_capitals += (flags & is_content) != 0 && (flags & is_capital) != 0;
    }
    content.resize(n);
    return n_capitals;
}

// Numbers the stems of content words by first occurrence.
void number_distinct(const Stream& tokens, Article& article) {
    const std::size_t n = article.tokens.size();
    std::uint64_t size = 16;
    while (size < 2 * n) size *= 2;
    article.slots.assign(size, -1);
    article.stems.resize(n);
    std::int32_t n_distinct = 0;
    for (std::size_t k = 0; k < n; ++k) {
        const std::uint64_t hash = tokens.stems[article.tokens[k]];
        std::uint64_t slot = hash & (size - 1);
        while (article.slots[slot] >= 0 && article.stems[article.slots[slot]].hash != hash)
            slot = (slot + 1) & (size - 1);
        if (article.slots[slot] < 0) {
            article.stems[n_distinct] = {hash, 0.0, 0};
            article.slots[slot] = n_distinct++;
        }
        article.words[k].stem = article.slots[slot];
        ++article.stems[article.slots[slot]].count;
    }
    article.stems.resize(n_distinct);
}

void find_caps(Article& article) {
    const auto n = static_cast<std::int64_t>(article.tokens.size());
    std::array<double, few_counts + 1> caps{};
    std::int32_t most = 0;
    for (Stem& stem : article.stems) {
        while (most < std::min(stem.count, few_counts)) {
            ++most;
            caps[most] = find_cap(most, n);
        }
        stem.cap = stem.count <= few_counts ? caps[stem.count] : find_cap(stem.count, n);
    }
}

// Hashes every gram_words words in a row, and marks their bits.
void hash_grams(const Stream& tokens, Article& article) {
    const std::int64_t n = std::max<std::int64_t>(tokens.n - gram_words + 1, 0);
    article.grams.resize(n);
    std::uint64_t first_weight = 1, gram = 0;
    for (std::int64_t k = 1; k < gram_words; ++k) first_weight *= gram_factor;
    for (std::int64_t token = 0; token < tokens.n; ++token) {
        gram = gram * gram_factor + tokens.hashes[token];
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
std::int32_t find_stem(const Article& article, std::uint64_t hash) {
    const std::uint64_t mask = article.slots.size() - 1;
    for (std::uint64_t slot = hash & mask; article.slots[slot] >= 0; slot = (slot + 1) & mask)
        if (article.stems[article.slots[slot]].hash == hash) return article.slots[slot];
    return -1;
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
    const std::int64_t n_capitals = list_content(tokens, article.tokens);
    const auto n = static_cast<std::int64_t>(article.tokens.size());
    const bool has_case = tell_names(n_capitals, n);
    article.words.resize(n);
    article.is_fact.resize(n);
    // No cache holds the table, so ask for its cells before they are needed.
    for (const std::int32_t token : article.tokens)
        __builtin_prefetch(idf.data() + find_cell(tokens.stems[token], tokens.flags[token]));
    number_distinct(tokens, article);
    find_caps(article);
    hash_grams(tokens, article);
    for (std::int64_t k = 0; k < n; ++k) {
        const std::int32_t token = article.tokens[k];
        const float information =
            find_information(tokens.stems[token], tokens.flags[token], idf.data());
        const float share = find_share(tokens.flags, token, has_case);
        article.words[k].information = information;
        article.words[k].share = share;
        article.is_fact[k] = share < 1;
    }
}

// Every stem as if the other side lacked it.
void Pair::open_places(const Article& article, std::vector<Place>& places) {
    places.resize(article.stems.size());
    for (std::size_t k = 0; k < places.size(); ++k) places[k] = {article.stems[k].cap, -1};
}

// Writes common numbers and bits of the content words of one side.
void Pair::place_side(const Article& article, const std::vector<Place>& places,
                      std::vector<std::int32_t>& stems, std::vector<float>& weights) {
    const std::size_t n = article.words.size();
    fit(stems, static_cast<std::int64_t>(n) + 1);
    fit(weights, static_cast<std::int64_t>(n) + 1);
    for (std::size_t k = 0; k < n; ++k) {
        const Word& word = article.words[k];
        const Place& place = places[word.stem];
        stems[k] = place.number;
        weights[k] =
            static_cast<float>(std::min(static_cast<double>(word.information), place.cap)) *
            word.share;
    }
}

void Pair::number(const Stream& tokens_a, const Article& article_a, const Stream& tokens_b,
                  const Article& article_b) {
    a = tokens_a;
    b = tokens_b;
    open_places(article_a, places_a_);
    open_places(article_b, places_b_);
    n_stems = 0;
    for (std::size_t k = 0; k < places_a_.size(); ++k) {
        const std::int32_t other = find_stem(article_b, article_a.stems[k].hash);
        if (other < 0) continue;
        const double cap = std::min(places_a_[k].cap, places_b_[other].cap);
        places_a_[k] = places_b_[other] = {cap, static_cast<std::int32_t>(n_stems++)};
    }
    place_side(article_a, places_a_, stems_a_, weights_a_);
    place_side(article_b, places_b_, stems_b_, weights_b_);
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
