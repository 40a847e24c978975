#include "arch/bios/uart.h"

#include <platform/clock.h>
#include <platform/io.h>

#include "arch/bios/machine.h"

namespace arch {
namespace {

// 16550 registers, from the base port. PC16550D data sheet, table II.
enum Register : std::uint16_t {
    kData = 0,        // divisor low while kDivisorAccess
    kInterrupts = 1,  // divisor high
    kFifoControl = 2, // when written
    kInterruptId = 2, // when read
    kLineControl = 3,
    kModemControl = 4,
    kLineStatus = 5,
    kScratch = 7,
};
constexpr std::uint8_t kEightBits = 0x03, kDivisorAccess = 0x80;
constexpr std::uint8_t kDtrRts = 0x03;
constexpr std::uint8_t kDataReady = 0x01, kTransmitEmpty = 0x20;
constexpr std::uint8_t kFifoOn = 0x07, kFifoWorks = 0xc0;
constexpr std::uint8_t kFifoSize = 16;
constexpr std::uint8_t kDivisor115200 = 1;
constexpr std::uint16_t kUsualCom1 = 0x3f8;
// A byte takes 87 us at 115200; this much is for a terminal that holds us up.
constexpr util::Duration kPatience = util::Duration::milliseconds(20);
// Less than what the FIFO holds takes, or than a byte does where there is none; a port access leaves a virtual machine.
constexpr util::Duration kBetweenReads = util::Duration::milliseconds(1), kBetweenBytes = util::Duration::microseconds(50);

}  // namespace

void Uart::open() {
    std::uint16_t port = bda::com1();
    if (!port) port = kUsualCom1;
    for (std::uint8_t probe : {0x5a, 0xa5}) {
        platform::out8(port + kScratch, probe);
        if (platform::in8(port + kScratch) != probe) return;
    }
    platform::out8(port + kInterrupts, 0);
    platform::out8(port + kLineControl, kEightBits | kDivisorAccess);
    platform::out8(port + kData, kDivisor115200);
    platform::out8(port + kInterrupts, 0);
    platform::out8(port + kLineControl, kEightBits);
    platform::out8(port + kFifoControl, kFifoOn);
    has_fifo_ = (platform::in8(port + kInterruptId) & kFifoWorks) == kFifoWorks;
    platform::out8(port + kModemControl, kDtrRts);
    port_ = port;
}

void Uart::write(char c) {
    if (!port_) return;
    if (!fifo_room_) {
        util::Instant give_up = platform::now() + kPatience;
        while (!(platform::in8(port_ + kLineStatus) & kTransmitEmpty)) {
            if (stalled_ || platform::now() >= give_up) {
                stalled_ = true;
                return;
            }
        }
        stalled_ = false;
        fifo_room_ = has_fifo_ ? kFifoSize : 1;
    }
    --fifo_room_;
    platform::out8(port_ + kData, static_cast<std::uint8_t>(c));
}

int Uart::read() {
    if (!port_ || platform::now() < next_read_) return -1;
    if (platform::in8(port_ + kLineStatus) & kDataReady) return platform::in8(port_ + kData);
    next_read_ = platform::now() + (has_fifo_ ? kBetweenReads : kBetweenBytes);
    return -1;
}

}  // namespace arch
