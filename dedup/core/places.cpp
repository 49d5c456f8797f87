#include "places.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "stream.hpp"

namespace dedup {

namespace {

// Cells of one gap that are compared; a larger gap holds no chained word and stays open.
constexpr std::int64_t max_cells = 1 << 16;
// Of a stretch that is carried over, the share of words that must have a counterpart.
constexpr double min_carried = 0.5;

using Stems = std::span<const std::uint64_t>;
using Matches = std::vector<std::int64_t>;

// Content stems with their places, by stem and then by place.
std::vector<std::pair<std::uint64_t, std::int64_t>> sort_stems(const PlaceWords& words) {
    std::vector<std::pair<std::uint64_t, std::int64_t>> stems;
    for (std::int64_t at = 0; at < words.size(); ++at)
        if (words.flags[at] & is_content) stems.emplace_back(words.stems[at], at);
    std::sort(stems.begin(), stems.end());
    return stems;
}

// A chain of matches by its length and its last match, -1 for none.
struct Chain {
    std::int64_t length = 0, last = -1;
};

// Whether a chain is longer than another, or ends nearer; the tree knows no other.
bool is_better(const Chain& one, const Chain& other, const Matches& matches) {
    if (one.length != other.length || one.last < 0 || other.last < 0)
        return one.length > other.length;
    const std::int64_t q = right_of(matches[one.last]), other_q = right_of(matches[other.last]);
    return q > other_q || (q == other_q && one.last > other.last);
}

// Finds the longest chain of sorted matches that increases strictly on both sides: Jacobson and
// Vo 1992, with a Fenwick tree of maxima. Of two ways that are as long to come to a match, it is
// the one whose last match stands nearer in q, then in p.
Matches chain_matches(const Matches& matches) {
    if (matches.empty()) return {};
    std::int64_t low = right_of(matches[0]), high = low;
    for (const std::int64_t match : matches) {
        low = std::min(low, right_of(match));
        high = std::max(high, right_of(match));
    }
    // Matches lie close enough for the tree to be over places, not over ranks.
    std::vector<Chain> best(high - low + 2);
    const auto size = static_cast<std::int64_t>(best.size()) - 1;
    const auto n = static_cast<std::int64_t>(matches.size());
    std::vector<std::int64_t> lengths(n), before(n);
    std::int64_t top = -1;
    for (std::int64_t first = 0, last = 0; first < n; first = last) {
        // Matches of one p are scored before any of them is entered: they exclude each other.
        for (; last < n && left_of(matches[last]) == left_of(matches[first]); ++last) {
            Chain own;
            for (std::int64_t rank = right_of(matches[last]) - low; rank > 0; rank -= rank & -rank)
                if (is_better(best[rank], own, matches)) own = best[rank];
            lengths[last] = own.length + 1;
            before[last] = own.last;
            if (top < 0 || lengths[last] > lengths[top]) top = last;
        }
        for (std::int64_t k = first; k < last; ++k) {
            const Chain own{lengths[k], k};
            for (std::int64_t rank = right_of(matches[k]) - low + 1; rank <= size;
                 rank += rank & -rank)
                if (is_better(own, best[rank], matches)) best[rank] = own;
        }
    }
    Matches chain;
    for (; top >= 0; top = before[top]) chain.push_back(matches[top]);
    std::reverse(chain.begin(), chain.end());
    return chain;
}

// Adds the longest common subsequence of two short stretches, the ends of which are at `base`:
// Wagner and Fischer 1974.
void align_gap(Stems a, Stems b, std::int64_t base, Matches& out) {
    // Most of a gap is in one side only.
    std::vector<std::int64_t> rows;
    for (std::size_t p = 0; p < a.size(); ++p)
        if (std::find(b.begin(), b.end(), a[p]) != b.end())
            rows.push_back(static_cast<std::int64_t>(p));
    if (rows.empty()) return;
    const std::size_t width = b.size() + 1;
    std::vector<std::int32_t> best((rows.size() + 1) * width, 0);
    for (std::size_t row = rows.size(); row-- > 0;) {
        const std::uint64_t stem = a[rows[row]];
        std::int32_t* own = best.data() + row * width;
        const std::int32_t* next = own + width;
        for (std::size_t q = b.size(); q-- > 0;) {
            std::int32_t value = std::max(next[q], own[q + 1]);
            if (stem == b[q]) value = std::max(value, next[q + 1] + 1);
            own[q] = value;
        }
    }
    std::size_t row = 0, q = 0;
    while (row < rows.size() && q < b.size()) {
        const std::int32_t* own = best.data() + row * width;
        const std::int32_t* next = own + width;
        if (a[rows[row]] == b[q] && own[q] == next[q + 1] + 1) {
            out.push_back(base + pack(rows[row], static_cast<std::int64_t>(q)));
            ++row;
            ++q;
        } else if (next[q] >= own[q + 1]) {
            ++row;
        } else {
            ++q;
        }
    }
}

// Aligns two stretches, given a chain of matches of content words.
Matches align_chain(Stems a, Stems b, const Matches& chain) {
    Matches out;
    std::int64_t p_low = 0, q_low = 0;
    for (std::size_t k = 0; k <= chain.size(); ++k) {
        const bool is_last = k == chain.size();
        const std::int64_t p_high =
            is_last ? static_cast<std::int64_t>(a.size()) : left_of(chain[k]);
        const std::int64_t q_high =
            is_last ? static_cast<std::int64_t>(b.size()) : right_of(chain[k]);
        // Equal words next to a chained one go with it; what is left in between is small.
        for (; p_low < p_high && q_low < q_high && a[p_low] == b[q_low]; ++p_low, ++q_low)
            out.push_back(pack(p_low, q_low));
        std::int64_t p_end = p_high, q_end = q_high;
        while (p_end > p_low && q_end > q_low && a[p_end - 1] == b[q_end - 1]) {
            --p_end;
            --q_end;
        }
        const std::int64_t n_rows = p_end - p_low, n_columns = q_end - q_low;
        if (n_rows * n_columns <= max_cells)
            align_gap(a.subspan(p_low, n_rows), b.subspan(q_low, n_columns), pack(p_low, q_low),
                      out);
        for (std::int64_t step = 0; step < p_high - p_end; ++step)
            out.push_back(pack(p_end + step, q_end + step));
        if (!is_last) out.push_back(pack(p_high, q_high));
        p_low = p_high + 1;
        q_low = q_high + 1;
    }
    return out;
}

// Leaves out stray function words: one says something only beside another word that matches.
Matches drop_strays(const Matches& aligned, std::span<const std::uint8_t> flags) {
    Matches kept;
    for (std::size_t k = 0; k < aligned.size(); ++k) {
        const bool has_left = k > 0 && aligned[k - 1] + next_word == aligned[k];
        const bool has_right = k + 1 < aligned.size() && aligned[k] + next_word == aligned[k + 1];
        if (flags[left_of(aligned[k])] & is_content || has_left || has_right)
            kept.push_back(aligned[k]);
    }
    return kept;
}

}  // namespace

PlaceWords PlaceWords::slice(std::int64_t low, std::int64_t high) const {
    return {hashes.subspan(low, high - low), stems.subspan(low, high - low),
            flags.subspan(low, high - low)};
}

std::vector<std::int64_t> match_stems(const PlaceWords& a, const PlaceWords& b) {
    const auto of_a = sort_stems(a), of_b = sort_stems(b);
    Matches matches;
    std::size_t i = 0, j = 0;
    while (i < of_a.size() && j < of_b.size()) {
        if (of_a[i].first != of_b[j].first) {
            ++(of_a[i].first < of_b[j].first ? i : j);
            continue;
        }
        std::size_t n = 1, m = 1;
        while (i + n < of_a.size() && of_a[i + n].first == of_a[i].first) ++n;
        while (j + m < of_b.size() && of_b[j + m].first == of_b[j].first) ++m;
        for (std::size_t step = 0; step < n && n == m; ++step)
            matches.push_back(pack(of_a[i + step].second, of_b[j + step].second));
        i += n;
        j += m;
    }
    std::sort(matches.begin(), matches.end());
    return matches;
}

PlaceAlignment align_places(const PlaceWords& a, const PlaceWords& b) {
    if (std::equal(a.hashes.begin(), a.hashes.end(), b.hashes.begin(), b.hashes.end())) {
        Matches aligned(a.hashes.size());
        for (std::int64_t at = 0; at < a.size(); ++at) aligned[at] = pack(at, at);
        return {std::move(aligned), 1.0};
    }
    const Matches chain = chain_matches(match_stems(a, b));
    Matches aligned = drop_strays(align_chain(a.stems, b.stems, chain), a.flags);
    std::int64_t n_equal = 0;
    for (const std::int64_t match : aligned)
        n_equal += a.hashes[left_of(match)] == b.hashes[right_of(match)];
    const auto longer = static_cast<double>(std::max(a.size(), b.size()));
    return {std::move(aligned), static_cast<double>(n_equal) / longer};
}

WordSpan carry(std::span<const std::int64_t> aligned, const WordSpan& own, const WordSpan& limits) {
    const WordSpan nothing{limits.start, limits.start};
    const auto first = std::lower_bound(aligned.begin(), aligned.end(), pack(own.start, 0));
    const auto last = std::lower_bound(aligned.begin(), aligned.end(), pack(own.end, 0));
    if (last <= first) return nothing;
    const auto n_carried = static_cast<double>(last - first);
    if (n_carried < min_carried * static_cast<double>(own.end - own.start)) return nothing;
    const std::int64_t low = first == aligned.begin() ? limits.start : right_of(first[-1]) + 1;
    const std::int64_t high = last == aligned.end() ? limits.end : right_of(*last);
    const std::int64_t start = right_of(*first), end = right_of(last[-1]) + 1;
    if (n_carried < min_carried * static_cast<double>(end - start)) return {low, low};
    return {std::max(low, start - (left_of(*first) - own.start)),
            std::min(high, end + (own.end - 1 - left_of(last[-1])))};
}

}  // namespace dedup
