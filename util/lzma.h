// LZMA1 decoder: unpacks the firmware at start. Raw stream, size known beforehand, no end marker needed.
//
// Written for size and for running anywhere: no heap, no globals, no tables, so that the compiled code is position
// independent. Any input is safe: it either yields exactly the wanted number of bytes or fails. Format: "LZMA
// specification" (draft), Igor Pavlov, 2015, in the public domain.
#pragma once

#include <cstdint>

namespace util {

struct LzmaInput {
    const std::uint8_t* data;
    std::uint32_t size;
    std::uint8_t properties;  // (pb * 5 + lp) * 9 + lc
};

// Probabilities the decoder learns while it runs; about 28 KiB. Needs no initialisation.
struct LzmaWorkspace {
    static constexpr unsigned kMaxLiteralBits = 4;  // lc + lp
    using Probability = std::uint16_t;
    struct Length {
        Probability choice[2];
        Probability low[16][8], middle[16][8], high[256];
    };
    Probability is_match[12][16];
    Probability is_repeat[12], is_repeat0[12], is_repeat1[12], is_repeat2[12];
    Probability is_repeat0_long[12][16];
    Probability slot[4][64];
    Probability special[128];
    Probability align[16];
    Length match_length, repeat_length;
    Probability literal[0x300 << kMaxLiteralBits];
};

// False when the stream is damaged, ends early, or its properties are unsupported.
bool lzma_unpack(const LzmaInput& input, std::uint8_t* target, std::uint32_t target_size, LzmaWorkspace& workspace);

}  // namespace util
