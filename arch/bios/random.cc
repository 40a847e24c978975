// Random numbers: ChaCha20 with fast key erasure (each block's first half replaces the key). The key starts from what
// differs between machines and boots: SMBIOS, clock and calendar, interrupt vectors and BIOS data, and the jitter between
// processor and timer, and each request stirs in the moment it comes at.
#include <platform/boot.h>
#include <platform/clock.h>
#include <platform/io.h>
#include <platform/random.h>

#include <algorithm>
#include <cstring>

#include "arch/bios/machine.h"
#include "util/chacha.h"

namespace arch {
namespace {

constexpr unsigned kKey = 4, kCounter = 12;  // places in the state
constinit util::ChachaState state{};

// Replaces the key; the rest of the block is output.
util::ChachaState next_block() {
    util::ChachaState block = util::chacha_block(state);
    std::copy_n(block.begin(), 8, state.begin() + kKey);
    ++state[kCounter];
    return block;
}

void stir(util::Bytes bytes) {
    while (!bytes.empty()) {
        std::uint32_t words[8] = {};
        std::size_t count = std::min(bytes.size(), sizeof words);
        std::memcpy(words, bytes.data(), count);
        for (unsigned i = 0; i < 8; ++i) state[kKey + i] ^= words[i];
        next_block();
        bytes = bytes.subspan(count);
    }
}

void stir_word(std::uint32_t word) { stir(std::as_bytes(std::span(&word, 1))); }

void stir_clock_chip() {
    constexpr std::uint16_t kIndex = 0x70, kData = 0x71;
    for (std::uint8_t index = 0; index < 14; ++index) {
        platform::out8(kIndex, index);
        stir_word(platform::in8(kData));
    }
}

void stir_jitter() {
    for (unsigned i = 0; i < 64; ++i)
        stir_word(static_cast<std::uint32_t>(platform::now().us()) ^ std::uint32_t{pit_counter()} << 16);
}

}  // namespace

void random_initialise() {
    std::copy(util::kChachaConstants.begin(), util::kChachaConstants.end(), state.begin());
    stir({physical<const std::byte>(0), 0x500});  // vectors and BIOS data
    stir(platform::smbios_table());
    stir_clock_chip();
    stir_jitter();
}

}  // namespace arch

namespace platform {

void random_bytes(util::MutableBytes target) {
    using namespace arch;
    stir_word(static_cast<std::uint32_t>(now().us()) ^ std::uint32_t{pit_counter()} << 16);
    while (!target.empty()) {
        util::ChachaState block = next_block();
        std::size_t count = std::min(target.size(), sizeof block / 2);
        std::memcpy(target.data(), &block[8], count);
        target = target.subspan(count);
    }
}

}  // namespace platform
