#include "missing.hpp"

#include <algorithm>

namespace dedup {

namespace {

// A sentence with at most this share of words without a capital is a heading.
constexpr double max_lower = 0.1;

bool has_capital(std::uint8_t flags) {
    return (flags & (is_capital | is_digit)) == is_capital && (flags & is_dense) != is_stop;
}

bool holds(const std::vector<std::uint64_t>& ordered, std::uint64_t value) {
    return std::binary_search(ordered.begin(), ordered.end(), value);
}

// Whether the sentence [low, high) has words without a capital, as a heading does not.
bool has_lower(const Stream& tokens, std::int64_t low, std::int64_t high) {
    std::int64_t n_words = 0, n_lower = 0;
    for (std::int64_t at = low; at < high; ++at) {
        const std::uint8_t flags = tokens.flags[at];
        const bool is_word = (flags & (is_content | is_digit)) == is_content;
        n_words += is_word;
        n_lower += is_word && !has_capital(flags);
    }
    return static_cast<double>(n_lower) > max_lower * static_cast<double>(n_words);
}

// The names of an article, and all words and stems that it has.
class ArticleNames {
public:
    void read(const Stream& tokens) {
        is_ready = true;
        find(tokens);
        words_.assign(tokens.hashes, tokens.hashes + tokens.n);
        words_.insert(words_.end(), tokens.stems, tokens.stems + tokens.n);
        std::sort(words_.begin(), words_.end());
    }

    bool has(std::uint64_t word) const { return holds(words_, word); }

    bool is_ready = false;
    std::vector<std::int64_t> names;

private:
    void find(const Stream& tokens) {
        std::vector<std::uint8_t> marks(tokens.n + 1, 0);
        std::vector<std::uint64_t> inner;
        for (std::int64_t low = 0, high = 0; low < tokens.n; low = high) {
            high = low + 1;
            while (high < tokens.n && !(tokens.flags[high] & starts_sentence)) ++high;
            if (!has_lower(tokens, low, high)) continue;
            for (std::int64_t at = low; at < high; ++at) {
                marks[at] = has_capital(tokens.flags[at]);
                if (marks[at] && !(tokens.flags[at] & starts_sentence))
                    inner.push_back(tokens.hashes[at]);
            }
        }
        std::sort(inner.begin(), inner.end());
        for (std::int64_t at = 0; at < tokens.n; ++at) {
            if (!marks[at]) continue;
            const bool opens = tokens.flags[at] & starts_sentence;
            const bool is_followed =
                marks[at + 1] && !(tokens.flags[at + 1] & starts_sentence);
            if (!opens || is_followed || holds(inner, tokens.hashes[at])) names.push_back(at);
        }
    }

    std::vector<std::uint64_t> words_;
};

// Whether two articles have the same words with digits, the same ones without a word between.
bool have_same_digits(const Stream& a, const Stream& b) {
    const auto find_next = [](const Stream& tokens, std::int64_t at) {
        while (at < tokens.n && !(tokens.flags[at] & is_digit)) ++at;
        return at;
    };
    std::int64_t p = find_next(a, 0), q = find_next(b, 0);
    bool is_first = true;
    for (std::int64_t p_last = -1, q_last = -1; p < a.n && q < b.n; is_first = false) {
        const bool do_follow = !is_first && p == p_last + 1;
        const bool do_follow_there = !is_first && q == q_last + 1;
        if (a.hashes[p] != b.hashes[q] || do_follow != do_follow_there) return false;
        p_last = p;
        q_last = q;
        p = find_next(a, p + 1);
        q = find_next(b, q + 1);
    }
    return p >= a.n && q >= b.n;
}

}  // namespace

MissingNames find_missing_names(std::span<const std::int64_t> pairs, const Stream& tokens,
                                std::span<const std::int64_t> offsets) {
    std::vector<ArticleNames> articles(offsets.size());
    const auto tokens_of = [&](std::int64_t article) {
        return tokens.slice(offsets[article], offsets[article + 1]);
    };
    const auto names_of = [&](std::int64_t article) -> const ArticleNames& {
        if (!articles[article].is_ready) articles[article].read(tokens_of(article));
        return articles[article];
    };
    MissingNames found;
    found.bounds.assign(1, 0);
    for (std::size_t k = 0; k < pairs.size(); k += 2) {
        for (const std::size_t side : {k, k + 1}) {
            const ArticleNames& own = names_of(pairs[side]);
            const ArticleNames& other = names_of(pairs[side ^ 1]);
            const Stream here = tokens_of(pairs[side]);
            for (const std::int64_t at : own.names)
                if (!other.has(here.hashes[at]) && !other.has(here.stems[at]))
                    found.tokens.push_back(at);
            found.bounds.push_back(static_cast<std::int64_t>(found.tokens.size()));
        }
        found.same_digits.push_back(
            have_same_digits(tokens_of(pairs[k]), tokens_of(pairs[k + 1])));
    }
    return found;
}

}  // namespace dedup
