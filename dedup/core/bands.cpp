#include "bands.hpp"

#include "hash.hpp"

namespace dedup {

std::vector<std::uint64_t> hash_bands(std::span<const std::uint32_t> signatures,
                                      std::size_t n_articles, std::size_t n_perm,
                                      std::size_t n_bands, std::size_t n_rows) {
    std::vector<std::uint64_t> keys(n_articles * n_bands);
    for (std::size_t article = 0; article < n_articles; ++article) {
        const std::uint32_t* signature = signatures.data() + article * n_perm;
        for (std::size_t band = 0; band < n_bands; ++band) {
            std::uint64_t value = band + 1;
            for (std::size_t row = 0; row < n_rows; ++row)
                value = combine(value, signature[band * n_rows + row]);
            keys[article * n_bands + band] = avalanche(value);
        }
    }
    return keys;
}

}  // namespace dedup
