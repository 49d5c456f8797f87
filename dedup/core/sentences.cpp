#include "sentences.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "logarithm.hpp"
#include "scratch.hpp"

namespace dedup {

namespace {

// Words at which a sentence is cut.
constexpr std::int64_t max_sentence = 50;
// Occurrences on the other side beyond which a stem is not looked up.
constexpr std::int32_t max_places = 64;
// Words of a window: a multiple of those of the sentence, and a few more for a brief one.
constexpr double window_ratio = 1.4;
constexpr std::int64_t window_extra = 8, margin = 4;
// Bits of a word whose neighbor is the same on both sides, in the choice of a window.
constexpr double neighbor_bits = 0.8;
// A window needs this much more to replace an earlier one.
constexpr double least_gain = 1e-6;
constexpr double least_mass = 0.1;

double log_more(double value) { return binary_log(1.0 + value); }

std::int64_t find_end(const Stream& tokens, std::int64_t low) {
    std::int64_t high = low + 1;
    while (high < tokens.n && high - low < max_sentence && !(tokens.flags[high] & starts_sentence))
        ++high;
    return high;
}

// Counts the neighbors of two equal words that are the same on both sides, without a branch.
int count_neighbors(const View& view, const Sentence& sentence, std::int64_t p, std::int64_t q) {
    const std::uint64_t *own = view.own.stems, *other = view.other.stems;
    const int has_left = (p > sentence.low) & (q > 0);
    const int has_right = (p + 1 < sentence.high) & (q + 1 < view.other.n);
    return (has_left & (own[p - has_left] == other[q - has_left])) +
           (has_right & (own[p + has_right] == other[q + has_right]));
}

// Sets the features that depend on the other sentences and on both articles.
void add_context(const View& view, std::vector<Sentence>& rows) {
    double best = 0, second = 0;
    for (const Sentence& one : rows) {
        second = std::max(second, std::min(best, one.run));
        best = std::max(best, one.run);
    }
    const double own = log_more(static_cast<double>(view.own.n));
    const double other = log_more(static_cast<double>(view.other.n));
    const auto share = [](const Sentence& one) {
        return one.bits / std::max(one.mass, least_mass);
    };
    for (std::size_t k = 0; k < rows.size(); ++k) {
        SentenceFeatures& features = rows[k].features;
        features[share_before] = k > 0 ? share(rows[k - 1]) : 0;
        features[share_after] = k + 1 < rows.size() ? share(rows[k + 1]) : 0;
        features[log_own] = own;
        features[log_other] = other;
        features[log_longest] = rows[k].run < best ? best : second;
    }
}

}  // namespace

void SentenceFinder::index_places(const View& view) {
    const Side& side = view.other_side;
    bounds_.assign(view.n_stems + 1, 0);
    for (std::int64_t j = 0; j < side.n; ++j)
        if (side.stems[j] >= 0) ++bounds_[side.stems[j]];
    std::int32_t total = 0;
    for (std::int32_t& bound : bounds_) bound = total += bound;
    fit(places_, total + 1);
    for (std::int64_t j = side.n; j-- > 0;)
        if (const std::int32_t stem = side.stems[j]; stem >= 0)
            places_[--bounds_[stem]] = static_cast<std::int32_t>(j);
    fit(weights_, view.n_stems);
    fit(counts_, view.n_stems);
    std::fill(counts_.begin(), counts_.begin() + view.n_stems, 0);
    first_.assign(view.n_stems, -1);
    marks_.assign(side.n / 64 + 1, 0);
}

// Lists the places of the words of a sentence, sorted, and sets the weights of their stems.
void SentenceFinder::find_hits(const View& view, Range words, const Sentence& sentence) {
    const Side &own = view.own_side, &other = view.other_side;
    hits_.clear();
    fit(after_, words.high - words.low);
    std::int32_t low = INT32_MAX, high = -1;
    for (std::int64_t i = words.high; i-- > words.low;) {
        const std::int32_t stem = own.stems[i];
        if (stem < 0 || bounds_[stem + 1] - bounds_[stem] > max_places ||
            bounds_[stem + 1] == bounds_[stem])
            continue;
        weights_[stem] = own.bits[i];
        after_[i - words.low] = first_[stem];
        if (first_[stem] < 0) {
            for (std::int32_t at = bounds_[stem]; at < bounds_[stem + 1]; ++at)
                marks_[places_[at] / 64] |= std::uint64_t{1} << places_[at] % 64;
            low = std::min(low, places_[bounds_[stem]]);
            high = std::max(high, places_[bounds_[stem + 1] - 1]);
        }
        first_[stem] = static_cast<std::int32_t>(i);
    }
    for (std::int32_t block = low / 64; block <= high / 64 && high >= 0; ++block) {
        for (; marks_[block] != 0; marks_[block] &= marks_[block] - 1) {
            const std::int64_t j = 64 * std::int64_t{block} + std::countr_zero(marks_[block]);
            const std::int32_t stem = other.stems[j];
            const std::int64_t q = other.tokens[j];
            for (std::int32_t i = first_[stem]; i >= 0; i = after_[i - words.low])
                hits_.push_back({q, stem,
                                 neighbor_bits * count_neighbors(view, sentence, own.tokens[i], q)});
        }
    }
    for (std::int64_t i = words.low; i < words.high; ++i)
        if (own.stems[i] >= 0) first_[own.stems[i]] = -1;
}

// Slides a window over the places of the words. A stem counts once, with the bits of its first word
// in the sentence; a place counts again for each neighbor that is the same on both sides.
bool SentenceFinder::find_window(const View& view, Range words, const Sentence& sentence,
                                 Range& window) {
    find_hits(view, words, sentence);
    const auto width = static_cast<std::int64_t>(
                           window_ratio * static_cast<double>(sentence.high - sentence.low)) +
                       window_extra;
    double total = 0, best = 0;
    std::size_t low = 0;
    for (const Hit& hit : hits_) {
        // Whether a stem is new is a toss-up, so a branch would be wrong often.
        total += counts_[hit.stem]++ == 0 ? weights_[hit.stem] : 0.0F;
        total += hit.neighbors;
        for (; hit.q - hits_[low].q >= width; ++low) {
            const Hit& left = hits_[low];
            total -= --counts_[left.stem] == 0 ? weights_[left.stem] : 0.0F;
            total -= left.neighbors;
        }
        if (total > best + least_gain) {
            best = total;
            window = {hits_[low].q, hit.q + 1};
        }
    }
    for (; low < hits_.size(); ++low) counts_[hits_[low].stem] = 0;
    window = {std::max<std::int64_t>(window.low - margin, 0),
              std::min(window.high + margin, view.other.n)};
    return best > 0;
}

// Marks the words of a sentence that its window has. Returns the share of bits of distinct stems.
double SentenceFinder::mark_present(const View& view, Range words, Range window,
                                    std::vector<std::uint8_t>& present) {
    const Side &own = view.own_side, &other = view.other_side;
    double all = 0, shared = 0;
    for (std::int64_t i = words.low; i < words.high; ++i) {
        const std::int32_t stem = own.stems[i];
        const bool is_first = stem < 0 || counts_[stem]++ == 0;
        if (is_first) all += own.bits[i];
        if (stem < 0) continue;
        const auto last = places_.begin() + bounds_[stem + 1];
        const auto at =
            std::partition_point(places_.begin() + bounds_[stem], last,
                                 [&](std::int32_t j) { return other.tokens[j] < window.low; });
        if (at == last || other.tokens[*at] >= window.high) continue;
        present[own.tokens[i]] = 1;
        if (is_first) shared += own.bits[i];
    }
    for (std::int64_t i = words.low; i < words.high; ++i)
        if (own.stems[i] >= 0) counts_[own.stems[i]] = 0;
    return shared / std::max(all, least_mass);
}

// Measures the alignment of a sentence with its window.
void SentenceFinder::measure(const View& view, Range words, Range window, Sentence& sentence) {
    const Side& own = view.own_side;
    std::int64_t n_content = 0, longest = 0, run = 0, i = words.low;
    for (std::size_t k = 0; k < aligned_.size(); ++k) {
        const std::int64_t p = sentence.low + left_of(aligned_[k]);
        run = k > 0 && aligned_[k - 1] + next_word == aligned_[k] ? run + 1 : 1;
        longest = std::max(longest, run);
        sentence.bits += view.own_bits[p];
        while (i < words.high && own.tokens[i] < p) ++i;
        n_content += i < words.high && own.tokens[i] == p;
    }
    const auto n = static_cast<double>(sentence.high - sentence.low);
    const auto n_aligned = static_cast<std::int64_t>(aligned_.size());
    const double other_bits =
        n_aligned == 0 ? 0
                       : view.other_mass[window.low + right_of(aligned_.back()) + 1] -
                             view.other_mass[window.low + right_of(aligned_.front())];
    SentenceFeatures& features = sentence.features;
    sentence.run = log_more(static_cast<double>(longest));
    features[aligned_share] = static_cast<double>(n_aligned) / n;
    features[aligned_cosine] =
        sentence.bits / std::sqrt(std::max(sentence.mass * other_bits, least_mass));
    features[stop_share] = static_cast<double>(n_aligned - n_content) /
                           std::max(n - static_cast<double>(words.high - words.low), 1.0);
    features[log_bits] = log_more(sentence.bits);
}

void SentenceFinder::find(const View& view, Sentences& found) {
    found.rows.clear();
    found.partners.assign(view.own.n, -1);
    found.present.assign(view.own.n, 0);
    index_places(view);
    Range words{0, 0};
    for (std::int64_t low = 0; low < view.own.n;) {
        Sentence one{low, find_end(view.own, low), 0, 0, 0, {}};
        one.mass = view.own_mass[one.high] - view.own_mass[low];
        words.low = words.high;
        while (words.high < view.own_side.n && view.own_side.tokens[words.high] < one.high)
            ++words.high;
        Range window{0, 0};
        aligned_.clear();
        if (find_window(view, words, one, window)) {
            one.features[window_bits] = mark_present(view, words, window, found.present);
            aligner_.align_stretch(view.own.slice(low, one.high),
                                   view.other.slice(window.low, window.high),
                                   view.own_bits.data() + low, no_matches_, aligned_);
            for (const std::int64_t each : aligned_)
                found.partners[low + left_of(each)] = window.low + right_of(each);
        }
        measure(view, words, window, one);
        found.rows.push_back(one);
        low = one.high;
    }
    add_context(view, found.rows);
}

}  // namespace dedup
