#include "seeds.hpp"

#include "flags.hpp"
#include "hash.hpp"
#include "information.hpp"

#include <algorithm>
#include <cstddef>

namespace dedup {

namespace {

// Step of stored evidence in bits, as in the table of frequencies.
constexpr float evidence_step = 0.125F;
constexpr float most_evidence = 255.0F;

std::uint64_t hash_pair(std::uint64_t left, std::uint64_t right) {
    return avalanche(combine(std::min(left, right), std::max(left, right)));
}

// Counts by key, with open addressing; entries of earlier articles are free.
class Table {
public:
    struct Slot {
        std::uint64_t key = 0;
        std::int64_t value = 0;
        std::int64_t article = -1;
    };

    explicit Table(std::size_t n) {
        std::size_t size = 16;
        while (size < 2 * n) size *= 2;
        slots_.resize(size);
    }

    // Returns the value of a key, `initial` if new in the article.
    std::int64_t& find(std::uint64_t key, std::int64_t article, std::int64_t initial) {
        const std::size_t mask = slots_.size() - 1;
        std::size_t at = (key >> 8) & mask;
        while (slots_[at].article == article && slots_[at].key != key) at = (at + 1) & mask;
        if (slots_[at].article != article) slots_[at] = {key, initial, article};
        return slots_[at].value;
    }

private:
    std::vector<Slot> slots_;
};

// A content word of an article.
struct Word {
    std::size_t token;
    std::uint64_t stem;
    std::int64_t number;
    float bits;
    std::uint8_t evidence;
};

// Lists the content words of an article with their information, and counts stems.
void weigh_words(std::span<const std::uint64_t> stems, std::span<const std::uint8_t> flags,
                 std::span<const std::uint8_t> idf, Table& table, std::int64_t article,
                 std::vector<Word>& words, std::vector<std::int64_t>& counts) {
    words.clear();
    counts.clear();
    std::int64_t n_capitals = 0;
    for (std::size_t token = 0; token < stems.size(); ++token) {
        if (!(flags[token] & is_content)) continue;
        n_capitals += (flags[token] & is_capital) != 0;
        const auto n_stems = static_cast<std::int64_t>(counts.size());
        const std::int64_t number = table.find(stems[token], article, n_stems);
        if (number == n_stems) counts.push_back(0);
        ++counts[number];
        const float bits = find_information(stems[token], flags[token], idf.data());
        words.push_back({token, stems[token], number, bits, 0});
    }
    const auto n = static_cast<std::int64_t>(words.size());
    const bool has_case = tell_names(n_capitals, n);
    for (Word& word : words) {
        const auto token = static_cast<std::int64_t>(word.token);
        const double bits =
            std::min(static_cast<double>(word.bits), find_cap(counts[word.number], n)) *
            static_cast<double>(find_share(flags.data(), token, has_case));
        word.evidence = static_cast<std::uint8_t>(
            std::min(static_cast<float>(bits) / evidence_step, most_evidence));
    }
}

// Adds the seeds of one article.
void pair_words(std::span<const Word> words, const SeedRules& rules, Table& table,
                std::int64_t article, Seeds& seeds) {
    const auto n_words = static_cast<std::int64_t>(words.size());
    for (std::int64_t at = 0; at < n_words; ++at) {
        const std::int64_t end = std::max<std::int64_t>(at - rules.window, -1);
        for (std::int64_t other = at - 1; other > end; --other) {
            const Word &left = words[other], &right = words[at];
            if (left.stem == right.stem) continue;
            if (static_cast<double>(left.bits + right.bits) < rules.min_bits) continue;
            const std::uint64_t key = hash_pair(left.stem, right.stem);
            if (key % rules.sample != 0) continue;
            if (++table.find(key, article, 0) > rules.max_repeats) continue;
            seeds.keys.push_back(key);
            seeds.positions.push_back(static_cast<std::uint32_t>(right.token));
            seeds.words.push_back(static_cast<std::uint16_t>(left.number));
            seeds.words.push_back(static_cast<std::uint16_t>(right.number));
            seeds.evidence.push_back(left.evidence);
            seeds.evidence.push_back(right.evidence);
        }
    }
}

}  // namespace

Seeds find_seeds(std::span<const std::uint64_t> stems, std::span<const std::uint8_t> flags,
                 std::span<const std::int64_t> offsets, std::span<const std::uint8_t> idf,
                 const SeedRules& rules) {
    std::size_t most = 0;
    for (std::size_t article = 0; article + 1 < offsets.size(); ++article) {
        const auto own = flags.subspan(offsets[article], offsets[article + 1] - offsets[article]);
        most = std::max<std::size_t>(
            most, std::count_if(own.begin(), own.end(),
                                [](std::uint8_t flag) { return (flag & is_content) != 0; }));
    }
    // Upper bound of the pairs in an article.
    Table of_pairs(most * std::min<std::size_t>(rules.window - 1, most)), of_stems(most);
    std::vector<Word> words;
    std::vector<std::int64_t> counts;
    Seeds seeds;
    seeds.offsets.push_back(0);
    for (std::size_t article = 0; article + 1 < offsets.size(); ++article) {
        const std::size_t low = offsets[article], n = offsets[article + 1] - offsets[article];
        const auto number = static_cast<std::int64_t>(article);
        weigh_words(stems.subspan(low, n), flags.subspan(low, n), idf, of_stems, number, words,
                    counts);
        pair_words(words, rules, of_pairs, number, seeds);
        seeds.offsets.push_back(static_cast<std::int64_t>(seeds.keys.size()));
    }
    return seeds;
}

}  // namespace dedup
