#include "edits.hpp"

#include <algorithm>

namespace dedup {

namespace {

bool holds(std::span<const std::uint64_t> ordered, std::uint64_t value) {
    return std::binary_search(ordered.begin(), ordered.end(), value);
}

}  // namespace

void EditWriter::match_content(const Stream& a, const Stream& b) {
    order_.clear();
    for (std::int64_t q = 0; q < b.n; ++q)
        if (free_b_[q] && (b.flags[q] & is_content)) order_.push_back(q);
    std::stable_sort(order_.begin(), order_.end(), [&](std::int64_t one, std::int64_t other) {
        return b.hashes[one] < b.hashes[other];
    });
    const auto n = static_cast<std::int64_t>(order_.size());
    n_used_.assign(n, 0);
    for (std::int64_t p = 0; p < a.n; ++p) {
        if (!free_a_[p] || !(a.flags[p] & is_content)) continue;
        const std::uint64_t value = a.hashes[p];
        const auto found =
            std::lower_bound(order_.begin(), order_.end(), value,
                             [&](std::int64_t q, std::uint64_t x) { return b.hashes[q] < x; });
        const std::int64_t first = found - order_.begin();
        if (first == n) continue;
        const std::int64_t at = first + n_used_[first];
        if (at >= n || b.hashes[order_[at]] != value) continue;
        moved_.push_back(pack(p, order_[at]));
        ++n_used_[first];
        free_a_[p] = free_b_[order_[at]] = 0;
    }
}

const std::vector<std::int64_t>& EditWriter::match_moved(const Alignment& aligned, const Stream& a,
                                                         const Stream& b) {
    free_a_.assign(a.n, 1);
    free_b_.assign(b.n, 1);
    for (const std::int64_t match : aligned)
        free_a_[left_of(match)] = free_b_[right_of(match)] = 0;
    moved_.clear();
    match_content(a, b);
    const std::size_t n_content = moved_.size();
    for (std::size_t k = 0; k < n_content; ++k) {
        for (const std::int64_t step : {1, -1}) {
            std::int64_t p = left_of(moved_[k]) + step, q = right_of(moved_[k]) + step;
            while (p >= 0 && p < a.n && q >= 0 && q < b.n && free_a_[p] && free_b_[q] &&
                   a.hashes[p] == b.hashes[q]) {
                moved_.push_back(pack(p, q));
                free_a_[p] = free_b_[q] = 0;
                p += step;
                q += step;
            }
        }
    }
    return moved_;
}

EditOp EditWriter::op_of(const Stream& a, const Stream& b, std::int64_t p) const {
    if (moved_a_[p]) return edit_moved;
    return a.hashes[p] == b.hashes[to_b_[p]] ? edit_kept : edit_inflected;
}

// Appends the edits of unaligned words.
void EditWriter::append_change(const Stream& a, const Stream& b, Stretch change,
                               std::int64_t p_low, std::int64_t q_low,
                               std::vector<EditRow>& edits) const {
    auto [p, p_end, q, q_end] = change;
    for (; p < p_end && q < q_end && a.hashes[p] == b.hashes[q]; ++p) ++q;
    for (; p < p_end && q < q_end && a.hashes[p_end - 1] == b.hashes[q_end - 1]; --p_end) --q_end;
    const std::int64_t n_before = p - change[0], n_behind = change[1] - p_end;
    p += p_low;
    p_end += p_low;
    q += q_low;
    q_end += q_low;
    if (n_before > 0) edits.push_back({edit_kept, p - n_before, p, q - n_before, q});
    if (p_end > p || q_end > q) {
        const EditOp op = p_end == p    ? edit_inserted
                          : q_end == q ? edit_deleted
                                       : edit_substituted;
        edits.push_back({op, p, p_end, q, q_end});
    }
    if (n_behind > 0)
        edits.push_back({edit_kept, p_end, p_end + n_behind, q_end, q_end + n_behind});
}

void EditWriter::append(const Alignment& aligned, const Stream& a, const Stream& b,
                        std::int64_t p_low, std::int64_t q_low, std::vector<EditRow>& edits) {
    to_b_.assign(a.n, -1);
    to_a_.assign(b.n, -1);
    moved_a_.assign(a.n, 0);
    moved_b_.assign(b.n, 0);
    const auto link = [&](std::int64_t match) {
        to_b_[left_of(match)] = right_of(match);
        to_a_[right_of(match)] = left_of(match);
    };
    for (const std::int64_t match : aligned) link(match);
    for (const std::int64_t match : match_moved(aligned, a, b)) {
        link(match);
        moved_a_[left_of(match)] = moved_b_[right_of(match)] = 1;
    }
    std::int64_t p = 0, q = 0;
    while (p < a.n || q < b.n) {
        const bool has_moved = p < a.n && moved_a_[p];
        while (q < b.n && moved_b_[q]) ++q;
        std::int64_t p_end = p, q_end = q;
        while (p_end < a.n && to_b_[p_end] < 0) ++p_end;
        while (q_end < b.n && to_a_[q_end] < 0 && !has_moved) ++q_end;
        if (p_end > p || q_end > q) {
            append_change(a, b, {p, p_end, q, q_end}, p_low, q_low, edits);
            p = p_end;
            q = q_end;
        } else if (p < a.n) {
            const EditOp op = op_of(a, b, p);
            const std::int64_t step = to_b_[p] - p;
            while (p_end < a.n && to_b_[p_end] == p_end + step && op_of(a, b, p_end) == op)
                ++p_end;
            edits.push_back(
                {op, p_low + p, p_low + p_end, q_low + p + step, q_low + p_end + step});
            if (!has_moved) q = p_end + step;
            p = p_end;
        }
    }
}

std::uint8_t mark_edit(std::int64_t op, const std::array<std::int64_t, 4>& edit,
                       const std::array<std::int64_t, 2>& firsts, const Stream& tokens,
                       const TellingWords& words) {
    if (op != edit_substituted && op != edit_inserted && op != edit_deleted) return 0;
    std::uint8_t mark = 0;
    int n_named = 0;
    for (int side = 0; side < 2; ++side) {
        const std::int64_t low = edit[2 * side];
        const std::int64_t high = std::min(edit[2 * side + 1], low + words.max_words);
        bool is_named = false;
        for (std::int64_t at = firsts[side] + low; at < firsts[side] + high; ++at) {
            is_named |= (tokens.flags[at] & (is_capital | is_digit)) != 0 ||
                        holds(words.numbers, tokens.hashes[at]);
            if (holds(words.denials, tokens.hashes[at])) mark |= may_deny;
        }
        n_named += is_named;
    }
    return n_named == 2 ? mark | may_name : mark;
}

}  // namespace dedup
