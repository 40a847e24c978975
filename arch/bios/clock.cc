// Time. With a time stamp counter: that, measured once against the PIT. Without one (i486): the PIT's channel 2 runs free
// and is read often enough to see every wrap (55 ms); longer gaps, between two INT 13h calls for instance, are bridged with the
// BIOS's tick count. Channel 0 is left alone: it belongs to the BIOS, and later to boot loaders and DOS.
#include <platform/clock.h>
#include <platform/io.h>

#include "arch/bios/cpu.h"
#include "arch/bios/machine.h"

namespace arch {
namespace {

// 8254 and the PC's port 61h, which gates channel 2 and shows its output.
constexpr std::uint16_t kPitChannel2 = 0x42, kPitCommand = 0x43, kPortB = 0x61;
constexpr std::uint8_t kGate2 = 0x01, kSpeaker = 0x02, kOutput2 = 0x20;
constexpr std::uint8_t kCountDown = 0xb0;     // channel 2, low and high byte, mode 0: the output rises at zero
constexpr std::uint8_t kRateGenerator = 0xb4; // channel 2, low and high byte, mode 2
constexpr std::uint8_t kLatch2 = 0x80;
constexpr std::uint32_t kPitHertz = 1193182;

constexpr std::uint16_t kCalibration = kPitHertz / 250;  // 4 ms, exact to a two-thousandth

struct Clock {
    std::uint32_t us_per_cycle = 0;  // times 2^32; 0: no time stamp counter
    std::uint64_t first_stamp = 0;
    std::uint16_t last_count = 0;    // of channel 2, which counts down
    std::uint32_t last_tick = 0;     // of the BIOS
    std::uint64_t pit_cycles = 0;
};
constinit Clock state;

void start_channel2(std::uint8_t mode, std::uint16_t count) {
    platform::out8(kPortB, static_cast<std::uint8_t>((platform::in8(kPortB) & ~kSpeaker) | kGate2));
    platform::out8(kPitCommand, mode);
    platform::out8(kPitChannel2, static_cast<std::uint8_t>(count));
    platform::out8(kPitChannel2, static_cast<std::uint8_t>(count >> 8));
}

std::uint16_t read_channel2() {
    platform::out8(kPitCommand, kLatch2);
    std::uint16_t low = platform::in8(kPitChannel2);
    return static_cast<std::uint16_t>(low | platform::in8(kPitChannel2) << 8);
}

// Channel 2 and the time stamp at the same moment. A virtual machine may be held up between two instructions, so the
// quickest of several readings counts.
struct Reading {
    std::uint16_t count;
    std::uint64_t stamp;
};

Reading read_both() {
    Reading best{};
    std::uint64_t quickest = UINT64_MAX;
    for (unsigned i = 0; i < 6; ++i) {
        std::uint64_t before = time_stamp();
        std::uint16_t count = read_channel2();
        std::uint64_t took = time_stamp() - before;
        if (took >= quickest) continue;
        quickest = took;
        best = {count, before + took / 2};
    }
    return best;
}

// Microseconds a cycle, times 2^32; 0 when the PIT does not seem to run, or the counter is too slow to be of use.
std::uint32_t measure_time_stamp() {
    constexpr std::uint32_t kUsPerCount = (std::uint64_t{1000000} << 32) / kPitHertz;  // times 2^32
    constexpr unsigned kTries = 4, kPatience = 1u << 16;
    for (unsigned i = 0; i < kTries; ++i) {
        start_channel2(kCountDown, 0xffff);
        Reading start = read_both();
        for (unsigned patience = kPatience; patience; --patience)
            if (start.count - read_channel2() >= kCalibration) break;
        Reading end = read_both();
        if (platform::in8(kPortB) & kOutput2) continue;  // held up so long that it came round
        std::uint32_t counts = start.count - end.count;
        std::uint64_t cycles = end.stamp - start.stamp;
        if (counts < kCalibration || cycles < counts || cycles >> 32) continue;
        return static_cast<std::uint32_t>(std::uint64_t{counts} * kUsPerCount / cycles);
    }
    return 0;
}

std::uint64_t pit_now() {
    std::uint16_t count = read_channel2();
    std::uint32_t tick = bda::ticks();
    std::uint32_t ticks = tick - state.last_tick;  // midnight makes it huge
    state.pit_cycles += static_cast<std::uint16_t>(state.last_count - count);
    if (ticks > 1 && ticks < 0x10000) state.pit_cycles += std::uint64_t{ticks - 1} << 16;
    state.last_count = count;
    state.last_tick = tick;
    // 65536 / 1193182 s = 54925.4 us a wrap
    return (state.pit_cycles >> 16) * 54925 + (state.pit_cycles & 0xffff) * 54925 / 65536;
}

constinit util::Instant next_breath, next_look;
// Each look is three port accesses, which leave a virtual machine and wait there for what it has to do meanwhile: frames for us, mostly.
// So does PAUSE.
constexpr util::Duration kBetweenLooks = util::Duration::milliseconds(1);
// Drivers' interrupts are off, so what shows up is the BIOS's: the tick 18 times a second, keys now and then.
constexpr util::Duration kLongestHold = util::Duration::milliseconds(50);
constexpr std::uint16_t kPicCommand = 0x20, kPicMask = 0x21;
constexpr std::uint8_t kReadRequests = 0x0a;  // OCW3: the next read gives the interrupt request register

bool interrupt_waits() {
    platform::out8(kPicCommand, kReadRequests);
    return platform::in8(kPicCommand) & ~platform::in8(kPicMask);
}

}  // namespace

std::uint16_t pit_counter() {
    constexpr std::uint16_t kPitChannel0 = 0x40;
    platform::out8(kPitCommand, 0);  // latch channel 0
    std::uint16_t low = platform::in8(kPitChannel0);
    return static_cast<std::uint16_t>(low | platform::in8(kPitChannel0) << 8);
}

void clock_initialise() {
    if (cpuid(1).edx & kFeatureTimeStamp) {
        state.us_per_cycle = measure_time_stamp();
        state.first_stamp = time_stamp();
        if (state.us_per_cycle) return;
    }
    start_channel2(kRateGenerator, 0);
    state.last_count = read_channel2();
    state.last_tick = bda::ticks();
}

}  // namespace arch

namespace platform {

util::Instant now() {
    using namespace arch;
    std::uint64_t us;
    if (state.us_per_cycle) {
        std::uint64_t cycles = time_stamp() - state.first_stamp;
        us = (cycles >> 32) * state.us_per_cycle +
             ((cycles & 0xffffffff) * state.us_per_cycle >> 32);
    } else {
        us = pit_now();
    }
    return util::Instant::at_us(static_cast<std::int64_t>(us));
}

void idle(util::Instant) {
    using namespace arch;
    util::Instant at = now();
    if (at >= next_look) {
        next_look = at + kBetweenLooks;
        if (at >= next_breath || interrupt_waits()) {
            next_breath = at + kLongestHold;
            run_real_routine(resident().entries.breathe);
        }
        asm volatile("rep; nop");  // PAUSE on processors that have it
    }
}

}  // namespace platform
