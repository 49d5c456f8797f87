#include "repeats.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <numeric>

#include "compare.hpp"
#include "hash.hpp"
#include "stream.hpp"

namespace dedup {

namespace {

// Maximum articles of a shingle to compare when counting unrelated ones.
constexpr std::size_t max_looked = 64;
// Slots per known shingle of the table that is asked before a search.
constexpr std::size_t slots_per_known = 16;
// Known shingles per word from which the table takes longer to fill than the searches it saves.
constexpr std::size_t known_per_word = 8;

// Length of the sentence that starts at a token, at most k; 0 if none starts there.
std::int64_t unit_length(std::span<const std::uint8_t> flags, std::int64_t first, std::int64_t low,
                         std::int64_t high, std::int64_t k) {
    if (first > low && !(flags[first] & starts_sentence)) return 0;
    std::int64_t length = 1;
    while (length < k && first + length < high && !(flags[first + length] & starts_sentence))
        ++length;
    return length;
}

// Calls visit(key, first, width, article) for every shingle, by first token, longer ones first.
template <class Visit>
void visit_shingles(const Articles& articles, std::int64_t k, Visit visit) {
    for (std::size_t article = 0; article + 1 < articles.offsets.size(); ++article) {
        const std::int64_t low = articles.offsets[article], high = articles.offsets[article + 1];
        for (std::int64_t first = low; first < high; ++first) {
            const auto own = static_cast<std::int64_t>(article);
            if (k <= high - first)
                visit(hash_tokens(articles.hashes.subspan(first, k)), first, k, own);
            const std::int64_t width = unit_length(articles.flags, first, low, high, k);
            if (width != 0 && width != k)
                visit(hash_tokens(articles.hashes.subspan(first, width)), first, width, own);
        }
    }
}

// Counts articles per hash slot of their keys: too high only for colliding keys.
std::vector<std::int32_t> count_articles(const Articles& articles, std::int64_t k,
                                         std::size_t size) {
    std::vector<std::int32_t> counts(size, 0);
    std::vector<std::int64_t> last(size, -1);
    visit_shingles(articles, k,
                   [&](std::uint64_t key, std::int64_t, std::int64_t, std::int64_t article) {
                       const std::size_t slot = key & (size - 1);
                       counts[slot] += last[slot] != article;
                       last[slot] = article;
                   });
    return counts;
}

// Whether some articles have enough stories.
bool is_spread(std::span<const std::int64_t> articles, const Tellers& tellers,
               const Spread& spread) {
    const std::size_t n_slots = tellers.signatures.size() / tellers.days.size();
    const double max_slots = spread.max_resemblance * static_cast<double>(n_slots);
    const std::size_t n_looked = std::min(articles.size(), max_looked);
    std::vector<std::int64_t> leaders;
    std::int64_t n_stories = 0, n_days = 0;
    for (std::size_t look = 0; look < n_looked; ++look) {
        const std::int64_t article = articles[look * articles.size() / n_looked];
        const auto own = tellers.signatures.subspan(article * n_slots, n_slots);
        if (own[0] == empty_slot) continue;
        bool is_new = true, is_new_day = tellers.days[article] >= 0;
        for (const std::int64_t leader : leaders) {
            const auto other = tellers.signatures.subspan(leader * n_slots, n_slots);
            std::int64_t n_equal = 0;
            for (std::size_t slot = 0; slot < n_slots; ++slot) n_equal += own[slot] == other[slot];
            is_new &= static_cast<double>(n_equal) <= max_slots;
            is_new_day &= tellers.days[leader] != tellers.days[article];
        }
        if (is_new) {
            leaders.push_back(article);
            n_stories += tellers.is_own[article];
            n_days += is_new_day;
        }
        if (n_stories >= spread.min_stories || n_days >= spread.min_days) return true;
    }
    return false;
}

}  // namespace

void Shingles::add(std::uint64_t key, std::int64_t first, std::int64_t width,
                   std::int64_t owner) {
    keys.push_back(key);
    firsts.push_back(first);
    widths.push_back(width);
    owners.push_back(owner);
}

std::uint64_t hash_tokens(std::span<const std::uint64_t> hashes) {
    std::uint64_t value = hashes.size();
    for (const std::uint64_t hash : hashes) value = combine(value, hash);
    return avalanche(value);
}

Shingles find_repeats(const Articles& articles, std::int64_t k, std::int64_t min_articles) {
    std::size_t size = 16;
    while (size < articles.hashes.size()) size *= 2;
    const std::vector<std::int32_t> counts = count_articles(articles, k, size);
    Shingles found;
    visit_shingles(articles, k,
                   [&](std::uint64_t key, std::int64_t first, std::int64_t width,
                       std::int64_t article) {
                       if (counts[key & (size - 1)] >= min_articles)
                           found.add(key, first, width, article);
                   });
    std::vector<std::size_t> order(found.keys.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t one, std::size_t other) {
        return found.keys[one] < found.keys[other];
    });
    Shingles repeats;
    std::size_t low = 0;
    while (low < order.size()) {
        const std::uint64_t key = found.keys[order[low]];
        std::size_t high = low;
        std::int64_t n_articles = 0;
        while (high < order.size() && found.keys[order[high]] == key) {
            n_articles +=
                high == low || found.owners[order[high]] != found.owners[order[high - 1]];
            ++high;
        }
        for (std::size_t at = low; at < high && n_articles >= min_articles; ++at) {
            const std::size_t k_found = order[at];
            repeats.add(key, found.firsts[k_found], found.widths[k_found], found.owners[k_found]);
        }
        low = high;
    }
    return repeats;
}

Shingles find_known(const Articles& articles, std::int64_t k,
                    std::span<const std::uint64_t> known) {
    Shingles found;
    // Few shingles are known; a table of the low bits answers for most others without a search.
    const bool is_asked = known.size() / known_per_word < articles.hashes.size();
    const std::size_t mask =
        is_asked ? std::bit_ceil(slots_per_known * known.size() + 1) - 1 : 0;
    std::vector<std::uint8_t> may_be(mask + 1, !is_asked);
    if (is_asked)
        for (const std::uint64_t key : known) may_be[key & mask] = 1;
    visit_shingles(articles, k,
                   [&](std::uint64_t key, std::int64_t first, std::int64_t width,
                       std::int64_t article) {
                       if (may_be[key & mask] &&
                           std::binary_search(known.begin(), known.end(), key))
                           found.add(key, first, width, article);
                   });
    return found;
}

void cover_tokens(std::span<const std::int64_t> firsts, std::span<const std::int64_t> widths,
                  std::span<bool> covered) {
    for (std::size_t k = 0; k < firsts.size(); ++k)
        std::fill_n(covered.begin() + firsts[k], widths[k], true);
}

std::vector<std::uint8_t> keep_spread(std::span<const std::uint64_t> keys,
                                      std::span<const std::int64_t> owners,
                                      const Tellers& tellers, const Spread& spread) {
    std::vector<std::uint8_t> kept(keys.size(), 0);
    std::vector<std::int64_t> articles;
    std::size_t low = 0;
    while (low < keys.size()) {
        std::size_t high = low;
        articles.clear();
        while (high < keys.size() && keys[high] == keys[low]) {
            if (high == low || owners[high] != owners[high - 1]) articles.push_back(owners[high]);
            ++high;
        }
        if (is_spread(articles, tellers, spread))
            std::fill(kept.begin() + low, kept.begin() + high, 1);
        low = high;
    }
    return kept;
}

}  // namespace dedup
