#include "aligner.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <limits>

#include "scratch.hpp"

namespace dedup {

namespace {

// Maximum cells of one gap; a larger gap stays unaligned.
constexpr std::int64_t max_cells = 1 << 16;
constexpr int word_bits = 64;

// End of no chain: not even one without weight is better.
constexpr std::int64_t no_end = std::numeric_limits<std::int64_t>::max();

}  // namespace

AlignmentMeasure measure_alignment(const Alignment& aligned, const Stream& a, const Stream& b,
                                   const float* bits_a, const float* bits_b) {
    if (aligned.empty()) return {0, 0, 0};
    double shared = 0;
    std::int64_t n_equal = 0, n_quoted_a = 0, n_quoted_b = 0;
    for (const std::int64_t match : aligned) {
        const std::int64_t p = left_of(match), q = right_of(match);
        shared += std::min(bits_a[p], bits_b[q]);
        n_equal += a.hashes[p] == b.hashes[q];
        n_quoted_a += (a.flags[p] & is_quoted) != 0;
        n_quoted_b += (b.flags[q] & is_quoted) != 0;
    }
    return {shared, static_cast<double>(n_equal) / static_cast<double>(std::max(a.n, b.n)),
            static_cast<double>(std::max(n_quoted_a, n_quoted_b)) /
                static_cast<double>(aligned.size())};
}

std::int64_t longest_run(const Alignment& aligned, const Stream& a, const Stream& b) {
    std::int64_t longest = 0, length = 0;
    for (std::size_t k = 0; k < aligned.size(); ++k) {
        if (a.hashes[left_of(aligned[k])] != b.hashes[right_of(aligned[k])]) {
            length = 0;
            continue;
        }
        length = length > 0 && aligned[k - 1] + next_word == aligned[k] ? length + 1 : 1;
        longest = std::max(longest, length);
    }
    return longest;
}

const std::vector<std::int64_t>& Aligner::chain(const std::vector<std::int64_t>& matches,
                                                const float* bits) {
    chain_.clear();
    const auto n = static_cast<std::int64_t>(matches.size());
    if (n == 0) return chain_;
    std::int64_t low = right_of(matches[0]), high = low;
    for (const std::int64_t match : matches) {
        low = std::min(low, right_of(match));
        high = std::max(high, right_of(match));
    }
    // Matches are dense enough to index the tree by position, not by rank.
    const std::int64_t size = high - low + 1;
    best_.assign(size + 1, {0.0, no_end});
    fit(before_, n);
    Chain top{0.0, -1};
    for (std::int64_t first = 0, last = 0; first < n; first = last) {
        // Matches of one p exclude each other, so score all before entering any.
        const std::int64_t p = left_of(matches[first]);
        open_.clear();
        for (; last < n && left_of(matches[last]) == p; ++last) {
            const std::int64_t q = right_of(matches[last]);
            Chain before{0.0, no_end};
            for (std::int64_t rank = q - low; rank > 0; rank -= rank & -rank)
                before = best_[rank].is_better(before) ? best_[rank] : before;
            before_[last] = before.end == no_end ? -1 : right_of(before.end);
            open_.push_back({before.total + bits[p], pack(q, last)});
            if (top.end < 0 || open_.back().total > top.total) top = open_.back();
        }
        for (const Chain& one : open_)
            for (std::int64_t rank = left_of(one.end) - low + 1; rank <= size; rank += rank & -rank)
                best_[rank] = one.is_better(best_[rank]) ? one : best_[rank];
    }
    for (std::int64_t k = right_of(top.end); k >= 0; k = before_[k]) chain_.push_back(k);
    std::reverse(chain_.begin(), chain_.end());
    return chain_;
}

// As find_cells(), if the words of b have a bit each.
void Aligner::find_few_cells(const std::uint64_t* stems_a, std::int64_t n_a,
                             const std::uint64_t* stems_b, std::int64_t n_b) {
    // By low bits of the stem, the words of b.
    std::array<std::uint64_t, word_bits> places{};
    for (std::int64_t q = 0; q < n_b; ++q)
        places[stems_b[q] % word_bits] |= std::uint64_t{1} << q;
    std::uint64_t met = 0;
    for (std::int64_t p = 0; p < n_a; ++p) {
        const std::size_t before = cells_.size();
        for (std::uint64_t left = places[stems_a[p] % word_bits]; left != 0;) {
            const int q = word_bits - 1 - std::countl_zero(left);
            const std::uint64_t bit = std::uint64_t{1} << q;
            left ^= bit;
            if (stems_b[q] != stems_a[p]) continue;
            cells_.push_back(q);
            met |= bit;
        }
        if (cells_.size() == before) continue;
        rows_.push_back(p);
        cell_ends_.push_back(cells_.size());
    }
    fit(column_of_, n_b);
    for (; met != 0; met &= met - 1) {
        const int q = std::countr_zero(met);
        column_of_[q] = static_cast<std::int32_t>(columns_.size());
        columns_.push_back(q);
    }
}

bool Aligner::find_cells(const std::uint64_t* stems_a, std::int64_t n_a,
                         const std::uint64_t* stems_b, std::int64_t n_b) {
    rows_.clear();
    cells_.clear();
    cell_ends_.clear();
    columns_.clear();
    if (n_b <= word_bits) {
        find_few_cells(stems_a, n_a, stems_b, n_b);
        return !rows_.empty();
    }
    std::uint64_t size = 64;
    while (size < 2 * static_cast<std::uint64_t>(n_b)) size *= 2;
    heads_.assign(size, -1);
    fit(next_, n_b);
    for (std::int64_t q = 0; q < n_b; ++q) {
        std::int32_t& head = heads_[stems_b[q] & (size - 1)];
        next_[q] = head;
        head = static_cast<std::int32_t>(q);
    }
    column_of_.assign(n_b, -1);
    for (std::int64_t p = 0; p < n_a; ++p) {
        const std::size_t before = cells_.size();
        for (std::int32_t q = heads_[stems_a[p] & (size - 1)]; q >= 0; q = next_[q]) {
            if (stems_b[q] != stems_a[p]) continue;
            cells_.push_back(q);
            column_of_[q] = 0;
        }
        if (cells_.size() == before) continue;
        rows_.push_back(p);
        cell_ends_.push_back(cells_.size());
    }
    if (rows_.empty()) return false;
    for (std::int64_t q = 0; q < n_b; ++q) {
        if (column_of_[q] < 0) continue;
        column_of_[q] = static_cast<std::int32_t>(columns_.size());
        columns_.push_back(q);
    }
    return true;
}

void Aligner::fill_table(const float* bits_a) {
    const std::size_t n = rows_.size(), width = columns_.size() + 1;
    fit(table_, static_cast<std::int64_t>((n + 1) * width));
    float* table = table_.data();
    std::fill(table + n * width, table + (n + 1) * width, 0.0F);
    for (std::size_t row = n; row-- > 0;) {
        float* here = table + row * width;
        const float* below = here + width;
        std::copy(below, below + width, here);
        // A row decreases to the right, so a match raises only the cells before it, up to a larger.
        for (std::size_t k = row > 0 ? cell_ends_[row - 1] : 0; k < cell_ends_[row]; ++k) {
            std::int64_t column = column_of_[cells_[k]];
            const float value = below[column + 1] + bits_a[rows_[row]];
            for (; column >= 0 && here[column] < value; --column) here[column] = value;
        }
    }
}

void Aligner::align_gap(const std::uint64_t* stems_a, const float* bits_a, std::int64_t n_a,
                        const std::uint64_t* stems_b, std::int64_t n_b, std::int64_t offset,
                        Alignment& out) {
    if (!find_cells(stems_a, n_a, stems_b, n_b)) return;
    fill_table(bits_a);
    const std::size_t n = rows_.size(), n_columns = columns_.size(), width = n_columns + 1;
    std::size_t row = 0, column = 0;
    // In a word that only b has, a row ends that is worth nothing from there on.
    const auto pass_own = [&] {
        if (column == n_columns || columns_[column] == (column > 0 ? columns_[column - 1] + 1 : 0))
            return;
        const float* at = table_.data() + column;
        while (row < n && at[(row + 1) * width] >= at[row * width]) ++row;
    };
    pass_own();
    while (row < n && column < n_columns) {
        const std::int64_t p = rows_[row], q = columns_[column];
        const float* here = table_.data() + row * width;
        const float* below = here + width;
        if (stems_a[p] == stems_b[q] && here[column] == below[column + 1] + bits_a[p]) {
            out.push_back(pack(p, q) + offset);
            ++row;
        } else if (below[column] >= here[column + 1]) {
            ++row;
            continue;
        }
        ++column;
        pass_own();
    }
}

void Aligner::align_words(const Stream& a, const Stream& b, const float* bits_a,
                          const std::vector<std::int64_t>& matches, Alignment& aligned) {
    chain(matches, bits_a);
    aligned.clear();
    std::int64_t p = 0, q = 0;
    for (std::size_t k = 0; k <= chain_.size(); ++k) {
        const bool is_last = k == chain_.size();
        const std::int64_t p_high = is_last ? a.n : left_of(matches[chain_[k]]);
        const std::int64_t q_high = is_last ? b.n : right_of(matches[chain_[k]]);
        // Equal words next to a chained one are aligned with it; the rest is small.
        for (; p < p_high && q < q_high && a.stems[p] == b.stems[q]; ++p, ++q)
            aligned.push_back(pack(p, q));
        std::int64_t p_end = p_high, q_end = q_high;
        while (p_end > p && q_end > q && a.stems[p_end - 1] == b.stems[q_end - 1]) {
            --p_end;
            --q_end;
        }
        if (p_end > p && q_end > q && (p_end - p) * (q_end - q) <= max_cells)
            align_gap(a.stems + p, bits_a + p, p_end - p, b.stems + q, q_end - q, pack(p, q),
                      aligned);
        for (; p_end < p_high; ++p_end, ++q_end) aligned.push_back(pack(p_end, q_end));
        if (!is_last) aligned.push_back(pack(p_high, q_high));
        p = p_high + 1;
        q = q_high + 1;
    }
}

void Aligner::align_stretch(const Stream& a, const Stream& b, const float* bits_a,
                            const std::vector<std::int64_t>& matches, Alignment& aligned) {
    align_words(a, b, bits_a, matches, all_);
    aligned.clear();
    // A function word is evidence only beside another match.
    for (std::size_t k = 0; k < all_.size(); ++k) {
        const std::int64_t match = all_[k];
        if ((a.flags[left_of(match)] & is_content) || (k > 0 && all_[k - 1] + next_word == match) ||
            (k + 1 < all_.size() && match + next_word == all_[k + 1]))
            aligned.push_back(match);
    }
}

}  // namespace dedup
