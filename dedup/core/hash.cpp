#include "hash.hpp"

namespace dedup {

std::uint64_t xxh64(const std::uint8_t* data, std::size_t n) {
    std::size_t at = 0;
    std::uint64_t value = prime_5;
    if (n >= 32) {
        std::uint64_t lanes[4] = {prime_1 + prime_2, prime_2, 0, 0 - prime_1};
        for (; at + 32 <= n; at += 32)
            for (std::size_t lane = 0; lane < 4; ++lane)
                lanes[lane] = mix_lane(lanes[lane], load_word(data + at + 8 * lane));
        value = std::rotl(lanes[0], 1) + std::rotl(lanes[1], 7);
        value += std::rotl(lanes[2], 12) + std::rotl(lanes[3], 18);
        for (const std::uint64_t lane : lanes)
            value = (value ^ mix_lane(0, lane)) * prime_1 + prime_4;
    }
    value += n;
    for (; at + 8 <= n; at += 8)
        value = std::rotl(value ^ mix_lane(0, load_word(data + at)), 27) * prime_1 + prime_4;
    if (at + 4 <= n) {
        std::uint32_t half;
        std::memcpy(&half, data + at, sizeof half);
        value = std::rotl(value ^ (half * prime_1), 23) * prime_2 + prime_3;
        at += 4;
    }
    for (; at < n; ++at) value = std::rotl(value ^ (data[at] * prime_5), 11) * prime_1;
    return avalanche(value);
}

}  // namespace dedup
