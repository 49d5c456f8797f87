#include "table.hpp"

#include <algorithm>

namespace dedup {

namespace {

using Spans = std::array<std::int64_t, 4>;

// A span of tokens of an article, in code points.
void place(const Stream& tokens, std::int64_t first, std::int64_t low, const std::int64_t* span,
           std::int64_t* chars) {
    const std::int64_t begin = first + span[0], stop = first + span[1];
    if (begin < stop) {
        chars[0] = tokens.starts[begin];
        chars[1] = tokens.ends[stop - 1];
    } else {
        chars[0] = chars[1] = span[0] > low ? tokens.ends[begin - 1] : tokens.starts[begin];
    }
}

Spans turn(const std::int64_t* spans, bool is_swapped) {
    if (is_swapped) return {spans[2], spans[3], spans[0], spans[1]};
    return {spans[0], spans[1], spans[2], spans[3]};
}

std::int64_t turn_op(std::int64_t op, bool is_swapped) {
    if (!is_swapped) return op;
    return op == edit_inserted ? edit_deleted : op == edit_deleted ? edit_inserted : op;
}

// Writes the columns of one pair after the other.
class ColumnWriter {
public:
    ColumnWriter(const FoundPassages& found, const Stream& tokens, const TellingWords& words)
        : found_(found), tokens_(tokens), words_(words) {
        columns_.edit_bounds.push_back(0);
    }

    void append_pair(std::size_t pair) {
        const std::int64_t low = found_.bounds[pair], high = found_.bounds[pair + 1];
        rows_.clear();
        for (std::int64_t row = low; row < high; ++row)
            rows_.push_back({turn(found_.spans.data() + 4 * row, found_.swapped[pair]), row});
        std::sort(rows_.begin(), rows_.end());
        for (const auto& [spans, row] : rows_) append_passage(pair, spans, row);
    }

    TableColumns take() { return std::move(columns_); }

private:
    void append_passage(std::size_t pair, const Spans& spans, std::int64_t row) {
        const std::int64_t a = found_.pairs[2 * pair], b = found_.pairs[2 * pair + 1];
        firsts_ = {found_.offsets[a], found_.offsets[b]};
        Spans chars;
        for (int side = 0; side < 2; ++side)
            place(tokens_, firsts_[side], spans[2 * side], &spans[2 * side], &chars[2 * side]);
        columns_.order.push_back(row);
        columns_.articles.push_back({a, b});
        columns_.tokens.push_back(spans);
        columns_.chars.push_back(chars);
        columns_.n_words.push_back(std::max(spans[1] - spans[0], spans[3] - spans[2]));
        columns_.n_kept.push_back(0);
        edits_.clear();
        for (std::int64_t at = found_.edit_bounds[row]; at < found_.edit_bounds[row + 1]; ++at)
            edits_.push_back({turn(found_.edits.data() + 5 * at + 1, found_.swapped[pair]), at});
        std::sort(edits_.begin(), edits_.end());
        for (const auto& [own, at] : edits_)
            append_edit(turn_op(found_.edits[5 * at], found_.swapped[pair]), own, spans);
        columns_.edit_bounds.push_back(static_cast<std::int64_t>(columns_.ops.size()));
    }

    void append_edit(std::int64_t op, const Spans& edit, const Spans& passage) {
        Spans chars;
        for (int side = 0; side < 2; ++side)
            place(tokens_, firsts_[side], passage[2 * side], &edit[2 * side], &chars[2 * side]);
        if (op == edit_kept) columns_.n_kept.back() += edit[1] - edit[0];
        columns_.ops.push_back(op);
        columns_.edit_tokens.push_back(edit);
        columns_.edit_chars.push_back(chars);
        columns_.marks.push_back(mark_edit(op, edit, firsts_, tokens_, words_));
    }

    const FoundPassages& found_;
    const Stream& tokens_;
    const TellingWords& words_;
    TableColumns columns_;
    std::array<std::int64_t, 2> firsts_{};
    // Spans, and their row in the input.
    std::vector<std::pair<Spans, std::int64_t>> rows_, edits_;
};

bool is_inside_number(const Stream& tokens, std::int64_t at) {
    return (tokens.flags[at] & tokens.flags[at - 1] & is_digit) != 0 &&
           std::int64_t{tokens.starts[at]} == std::int64_t{tokens.ends[at - 1]} + 1;
}

}  // namespace

std::vector<std::array<std::int64_t, 3>> find_split_numbers(const FoundPassages& found,
                                                            const Stream& tokens) {
    std::vector<std::array<std::int64_t, 3>> split;
    for (std::size_t pair = 0; pair < found.n_pairs(); ++pair) {
        const std::array articles = {found.article(pair, 0), found.article(pair, 1)};
        for (std::int64_t row = found.bounds[pair]; row < found.bounds[pair + 1]; ++row) {
            const std::int64_t* span = found.spans.data() + 4 * row;
            const auto splits = [&](std::int64_t edit) {
                for (int end = 0; end < 4; ++end) {
                    const int side = end / 2;
                    const std::int64_t at = found.edits[5 * edit + 1 + end];
                    if (at > span[2 * side] && at < span[2 * side + 1] &&
                        is_inside_number(tokens, found.offsets[articles[side]] + at))
                        return true;
                }
                return false;
            };
            for (std::int64_t at = found.edit_bounds[row]; at < found.edit_bounds[row + 1]; ++at) {
                if (!splits(at)) continue;
                split.push_back({row, articles[0], articles[1]});
                break;
            }
        }
    }
    return split;
}

TableColumns fill_columns(const FoundPassages& found, const Stream& tokens,
                          const TellingWords& words) {
    ColumnWriter writer(found, tokens, words);
    for (std::size_t pair = 0; pair < found.n_pairs(); ++pair) writer.append_pair(pair);
    return writer.take();
}

}  // namespace dedup
