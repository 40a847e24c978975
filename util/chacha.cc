#include "util/chacha.h"

#include <bit>

namespace util {

static void quarter_round(ChachaState& s, unsigned a, unsigned b, unsigned c, unsigned d) {
    auto half = [&s](unsigned x, unsigned y, unsigned z, int r1) {
        s[x] += s[y];
        s[z] = std::rotl(s[z] ^ s[x], r1);
    };
    half(a, b, d, 16);
    half(c, d, b, 12);
    half(a, b, d, 8);
    half(c, d, b, 7);
}

ChachaState chacha_block(const ChachaState& input) {
    ChachaState s = input;
    // Eight quarter rounds make a double round: four on columns, four on diagonals.
    for (unsigned i = 0; i < 80; ++i) {
        unsigned column = i & 3, shift = i >> 2 & 1;
        quarter_round(s, column, 4 + ((column + shift) & 3), 8 + ((column + 2 * shift) & 3), 12 + ((column + 3 * shift) & 3));
    }
    for (unsigned i = 0; i < s.size(); ++i) s[i] += input[i];
    return s;
}

}  // namespace util
