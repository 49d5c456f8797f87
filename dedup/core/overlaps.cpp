#include "overlaps.hpp"

#include <algorithm>

#include "coverage.hpp"
#include "edits.hpp"
#include "roles.hpp"

namespace dedup {

namespace {

// Sums of one pair after the other.
class PairSummer {
public:
    explicit PairSummer(const SummedPassages& passages) : passages_(passages) {
        sums_.bounds.push_back(0);
    }

    void append(std::size_t pair) {
        const std::int64_t low = passages_.bounds[pair], high = passages_.bounds[pair + 1];
        std::int64_t n_kept = 0, n_of_text = 0;
        counted_.clear();
        for (std::int64_t row = low; row < high; ++row) {
            n_kept += passages_.n_kept[row];
            if (!passages_.is_counted[row]) continue;
            n_of_text += passages_.n_kept[row];
            counted_.push_back(row);
        }
        sums_.text_shares.push_back(
            n_kept > 0 ? static_cast<double>(n_of_text) / static_cast<double>(n_kept) : 1.0);
        sums_.coverages.emplace_back();
        sums_.shared.emplace_back();
        for (int side = 0; side < 2; ++side) {
            const std::int64_t article = passages_.pairs[2 * pair + side];
            sums_.coverages.back()[side] = cover(article, side);
            sums_.shared.back()[side] = share(article, side);
            sums_.bounds.push_back(static_cast<std::int64_t>(sums_.is_shared.size()));
        }
    }

    PairSums take() { return std::move(sums_); }

private:
    double cover(std::int64_t article, int side) {
        spans_.clear();
        for (const std::int64_t row : counted_) {
            const std::int64_t* chars = passages_.chars.data() + 4 * row + 2 * side;
            spans_.push_back({chars[0], chars[1]});
        }
        std::sort(spans_.begin(), spans_.end());
        const std::int64_t first = passages_.piece_bounds[article];
        const std::int64_t n = passages_.piece_bounds[article + 1] - first;
        return cover_text({spans_.empty() ? nullptr : spans_.front().data(), 2 * spans_.size()},
                          passages_.pieces.subspan(2 * first, 2 * n));
    }

    // Appends the words of a side, and returns the share of them that is shared.
    double share(std::int64_t article, int side) {
        if (counted_.empty()) return 0;
        const std::int64_t first = passages_.offsets[article];
        const std::int64_t n = passages_.offsets[article + 1] - first;
        const std::size_t before = sums_.is_shared.size();
        sums_.is_shared.resize(before + n, 0);
        std::uint8_t* is_shared = sums_.is_shared.data() + before;
        for (const std::int64_t row : counted_) {
            for (std::int64_t edit = passages_.edit_bounds[row];
                 edit < passages_.edit_bounds[row + 1]; ++edit) {
                if (passages_.ops[edit] != edit_kept && passages_.ops[edit] != edit_moved) continue;
                const std::int64_t* span = passages_.edit_tokens.data() + 4 * edit + 2 * side;
                std::fill(is_shared + span[0], is_shared + span[1], 1);
            }
        }
        std::int64_t n_shared = 0, n_text = 0;
        for (std::int64_t at = 0; at < n; ++at) {
            const bool is_text = passages_.roles[first + at] != role_furniture;
            sums_.is_text.push_back(is_text);
            n_text += is_text;
            n_shared += is_text && is_shared[at];
        }
        return static_cast<double>(n_shared) /
               static_cast<double>(std::max<std::int64_t>(n_text, 1));
    }

    const SummedPassages& passages_;
    PairSums sums_;
    std::vector<std::int64_t> counted_;
    std::vector<std::array<std::int64_t, 2>> spans_;
};

}  // namespace

PairSums sum_up_pairs(const SummedPassages& passages) {
    PairSummer summer(passages);
    for (std::size_t pair = 0; pair < passages.n_pairs(); ++pair) summer.append(pair);
    return summer.take();
}

}  // namespace dedup
