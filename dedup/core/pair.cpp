#include "pair.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <type_traits>

#include "information.hpp"
#include "scratch.hpp"

namespace dedup {

namespace {

// Evidence of a function word; measured at .5 to .8 bits.
constexpr float stop_bits = 0.6F;

// Bits of the filter for each gram.
constexpr std::size_t filter_bits = 16;
// Columns of an article start at multiples of this many bytes.
constexpr std::size_t column_alignment = 8;
// Occurrences up to this have their cap computed once.
constexpr std::int64_t few_counts = 32;

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

// Lists the content words. Returns how many begin with a capital.
std::int64_t ArticleMaker::list_content(const Stream& tokens) {
    fit(tokens_, tokens.n);
    std::int32_t* next = tokens_.data();
    // Every second word is one, so a branch would be wrong as often.
    std::int64_t n_capitals = 0;
    for (std::int64_t token = 0; token < tokens.n; ++token) {
        const std::uint8_t flags = tokens.flags[token];
        *next = static_cast<std::int32_t>(token);
        next += (flags & is_content) != 0;
        n_capitals += (flags & is_content) != 0 && (flags & is_capital) != 0;
    }
    n_content_ = next - tokens_.data();
    return n_capitals;
}

// Numbers the stems of content words by first occurrence. Their caps are their counts for now.
void ArticleMaker::number_distinct(const Stream& tokens) {
    std::uint64_t size = 16;
    while (size < 2 * static_cast<std::uint64_t>(n_content_)) size *= 2;
    slots_.assign(size, -1);
    fit(stems_, n_content_);
    fit(words_, n_content_);
    std::int32_t* slots = slots_.data();
    Stem* stems = stems_.data();
    std::int32_t n_distinct = 0;
    for (std::int64_t k = 0; k < n_content_; ++k) {
        const std::int32_t token = tokens_[k];
        const std::uint64_t hash = tokens.stems[token];
        // No cache holds the table, so ask for its cells before they are needed.
        __builtin_prefetch(idf_.data() + find_cell(hash, tokens.flags[token]));
        std::uint64_t slot = hash & (size - 1);
        while (slots[slot] >= 0 && stems[slots[slot]].hash != hash) slot = (slot + 1) & (size - 1);
        if (slots[slot] < 0) {
            stems[n_distinct] = {hash, 0.0};
            slots[slot] = n_distinct++;
        }
        words_[k].stem = slots[slot];
        stems[slots[slot]].cap += 1;
    }
    n_stems_ = n_distinct;
}

void ArticleMaker::find_caps() {
    std::array<double, few_counts + 1> caps{};
    std::int64_t most = 0;
    for (std::size_t k = 0; k < n_stems_; ++k) {
        const auto count = static_cast<std::int64_t>(stems_[k].cap);
        while (most < std::min(count, few_counts)) {
            ++most;
            caps[most] = find_cap(most, n_content_);
        }
        stems_[k].cap = count <= few_counts ? caps[count] : find_cap(count, n_content_);
    }
}

// Hashes every gram_words words in a row, and marks their bits.
void ArticleMaker::hash_grams(const Stream& tokens) {
    n_grams_ = std::max<std::int64_t>(tokens.n - gram_words + 1, 0);
    std::size_t size = 1;
    while (64 * size < filter_bits * static_cast<std::size_t>(n_grams_)) size *= 2;
    fit(grams_, n_grams_);
    filter_.assign(size, 0);
    std::uint64_t* filter = filter_.data();
    std::uint64_t first_weight = 1, gram = 0;
    for (std::int64_t k = 1; k < gram_words; ++k) first_weight *= gram_factor;
    for (std::int64_t token = 0; token < tokens.n; ++token) {
        gram = gram * gram_factor + tokens.hashes[token];
        const std::int64_t first = token - gram_words + 1;
        if (first < 0) continue;
        const auto top = static_cast<std::uint32_t>(gram * gram_factor >> 32);
        const std::uint64_t bit = top & (64 * size - 1);
        grams_[first] = top;
        filter[bit / 64] |= std::uint64_t{1} << bit % 64;
        gram -= tokens.hashes[first] * first_weight;
    }
}

// Copies the article at hand to memory of its own.
Article ArticleMaker::keep() {
    Article article;
    std::byte* free = nullptr;
    std::size_t size = 0;
    // First adds up the sizes of the columns, then copies them.
    const auto put = [&]<class T>(const std::vector<T>& values, std::size_t n,
                                  std::span<const T>& column) {
        static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= column_alignment);
        const std::size_t n_bytes =
            (n * sizeof(T) + column_alignment - 1) / column_alignment * column_alignment;
        size += n_bytes;
        if (free == nullptr || n == 0) return;
        std::memcpy(free, values.data(), n * sizeof(T));
        column = {reinterpret_cast<const T*>(free), n};
        free += n_bytes;
    };
    const auto put_all = [&] {
        put(tokens_, n_content_, article.tokens);
        put(words_, n_content_, article.words);
        put(is_fact_, n_content_, article.is_fact);
        put(stems_, n_stems_, article.stems);
        put(slots_, slots_.size(), article.slots);
        put(grams_, n_grams_, article.grams);
        put(filter_, filter_.size(), article.filter);
    };
    put_all();
    article.log_size = std::bit_width(size);
    article.memory = take(article.log_size);
    free = article.memory.get();
    put_all();
    return article;
}

std::unique_ptr<std::byte[]> ArticleMaker::take(int log_size) {
    auto& free = free_[log_size];
    if (free.empty())
        return std::make_unique_for_overwrite<std::byte[]>(std::size_t{1} << log_size);
    std::unique_ptr<std::byte[]> memory = std::move(free.back());
    free.pop_back();
    return memory;
}

void ArticleMaker::recycle(Article& article) {
    if (article.memory) free_[article.log_size].push_back(std::move(article.memory));
    article = {};
}

Article ArticleMaker::make(const Stream& tokens) {
    const std::int64_t n_capitals = list_content(tokens);
    const bool has_case = tell_names(n_capitals, n_content_);
    number_distinct(tokens);
    find_caps();
    hash_grams(tokens);
    fit(is_fact_, n_content_);
    for (std::int64_t k = 0; k < n_content_; ++k) {
        const std::int32_t token = tokens_[k];
        words_[k].information = idf_[find_cell(tokens.stems[token], tokens.flags[token])];
        words_[k].kind = find_kind(tokens.flags, token, has_case);
        is_fact_[k] = kind_shares[words_[k].kind] < 1;
    }
    return keep();
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
        const float information = static_cast<float>(word.information) * idf_unit;
        weights[k] = static_cast<float>(std::min(static_cast<double>(information), place.cap)) *
                     kind_shares[word.kind];
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
