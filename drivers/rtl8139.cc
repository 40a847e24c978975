#include "drivers/rtl8139.h"

#include <platform/io.h>

#include <algorithm>
#include <cstring>

#include "drivers/frame.h"
#include "drivers/wait.h"

namespace drivers {

using namespace rtl8139;

namespace {

constexpr util::Duration kResetTime = util::Duration::milliseconds(10);
constexpr std::size_t kSenderSize = 1536;
constexpr std::size_t kRingMemory = kRingSize + kRingSlack;

}  // namespace

Rtl8139::Rtl8139(const Chip& chip, platform::PciAddress address, net::PacketPool& pool)
    : pool_(pool), pci_(address), identity_(pci_.identity(chip.driver, chip.name)) {}

util::Result<util::Owned<net::Link>> Rtl8139::probe(const Chip& chip, platform::PciAddress address,
                                                    net::PacketPool& pool) {
    auto link = TRY(util::make_owned<Rtl8139>(chip, address, pool));
    TRY(link->identify());
    return util::Owned<net::Link>(std::move(link));
}

// The chip loads its address from the EEPROM when it gets power.
util::Result<void> Rtl8139::identify() {
    BaseAddress bar = pci_.base_address(0);
    if (!bar.is_io()) return kRegistersOutOfReach;
    port_ = static_cast<std::uint16_t>(bar.base);
    pci_.enable(PciFunction::Access::Registers);
    bool answers = platform::in8(port(Register::Cr)) != 0xff;
    for (unsigned i = 0; i < 6; ++i) mac_.octets[i] = platform::in8(port(Register::Idr0, i));
    pci_.disable();
    if (!answers) return kNoAnswer;
    return is_unicast(mac_) ? util::Result<void>{} : kNoMacAddress;
}

util::Result<void> Rtl8139::reset() const {
    platform::out16(port(Register::Imr), 0);
    platform::out8(port(Register::Cr), cr::kRst);
    bool back = wait_until([this] { return !(platform::in8(port(Register::Cr)) & cr::kRst); }, kResetTime);
    return back ? util::Result<void>{} : kNoAnswer;
}

util::Result<void> Rtl8139::open() {
    if (open_) return {};
    pci_.enable(PciFunction::Access::RegistersAndDma);
    open_ = true;
    auto opened = reset();
    if (opened.ok()) opened = allocate();
    if (!opened.ok()) {
        close();
        return opened;
    }
    start();
    sampler_.restart();
    return {};
}

void Rtl8139::tell_address() const {
    const auto& o = mac_.octets;
    platform::out8(port(Register::Cr9346), cr9346::kConfigWriteEnable);
    platform::out32(port(Register::Idr0), o[0] | o[1] << 8 | o[2] << 16 | std::uint32_t{o[3]} << 24);
    platform::out32(port(Register::Idr0, 4), o[4] | o[5] << 8);
    platform::out8(port(Register::Cr9346), cr9346::kNormal);
}

util::Result<void> Rtl8139::allocate() {
    memory_ = TRY(DmaMemory::allocate(kRingMemory + kSenders * kSenderSize, 16));
    return {};
}

// The receiver's and the transmitter's configuration can be written only when they are on.
void Rtl8139::start() {
    if (net::addresses_change() && mac_is_set_) tell_address();  // a reset may have taken it back
    read_ = 0;
    noticed_ = true;
    next_sender_ = sending_ = 0;
    platform::out32(port(Register::Rbstart), memory_.bus_address_low());
    platform::out8(port(Register::Cr), cr::kRe | cr::kTe);
    platform::out32(port(Register::Tcr), tcr::kIfg | tcr::kMxdma2048);
    platform::out32(port(Register::Rcr), rcr::kRxfthWhole | rcr::kRblen64K | rcr::kMxdmaUnlimited | rcr::kAb | rcr::kAm |
                                             rcr::kApm);
    platform::out32(port(Register::Mar0), 0xffffffff);
    platform::out32(port(Register::Mar0, 4), 0xffffffff);
    platform::out16(port(Register::Isr), kAllInterrupts);
}

void Rtl8139::close() {
    if (!open_) return;
    open_ = false;
    (void)reset();
    pci_.disable();
    memory_.release();
    state_ = {};
}

std::size_t Rtl8139::receive_capacity() const {
    constexpr std::size_t kPlace = (sizeof(FrameHeader) + kLongestFrame + 4 + 3) & ~std::size_t{3};
    return (kRingSize - 1) / kPlace;
}

std::byte* Rtl8139::sender(unsigned index) const {
    return memory_.data() + kRingMemory + index * kSenderSize;
}

bool Rtl8139::transmit(net::Packet& packet) {
    if (!open_ || !is_frame_size(packet.size())) {
        packet.drop();
        return true;
    }
    if (sending_ == kSenders) {
        if (!(platform::in32(port(Register::Tsd0, 4u * next_sender_)) & tsd::kOwn)) return false;
        --sending_;
    }
    pad_frame(packet);
    util::Bytes data = packet.data();
    std::byte* place = sender(next_sender_);
    std::memcpy(place, data.data(), data.size());
    platform::dma_barrier();
    platform::out32(port(Register::Tsad0, 4u * next_sender_), static_cast<std::uint32_t>(platform::bus_address(place)));
    platform::out32(port(Register::Tsd0, 4u * next_sender_), static_cast<std::uint32_t>(data.size()));
    next_sender_ = (next_sender_ + 1) % kSenders;
    ++sending_;
    packet.drop();
    return true;
}

// BUFE says how CAPR compares with what came, so CAPR has to be right after each frame. After the ring was full the chip
// takes nothing until it has been told as well that this was noticed.
bool Rtl8139::find_frame() {
    if (!(platform::in8(port(Register::Cr)) & cr::kBufe)) return true;
    if (!noticed_) platform::out16(port(Register::Isr), kAllInterrupts);
    noticed_ = true;
    return false;
}

net::Packet Rtl8139::receive() {
    if (!open_ || !find_frame()) return net::Packet();
    // TCP keeps packets until they are read, and an acknowledgment must find one.
    if (pool_.available() <= pool_.total() / 8) return net::Packet();
    platform::dma_barrier();
    FrameHeader header;
    const std::byte* ring = memory_.data();
    std::memcpy(&header, ring + read_, sizeof header);  // at a multiple of 4, as the ring's end is
    if (header.length == kStillMoving) return net::Packet();
    std::size_t size = header.length - std::size_t{4};
    net::Packet packet = pool_.allocate(0);
    if (!(header.status & kRok) || !is_frame_size(size) || !packet) {
        // Nothing leads from here to the next frame.
        (void)reset();
        start();
        return net::Packet();
    }
    util::MutableBytes target = packet.append(size);
    auto from = static_cast<std::uint16_t>(read_ + sizeof header);
    std::size_t straight = std::min(size, kRingSize - from);
    std::memcpy(target.data(), ring + from, straight);
    std::memcpy(target.data() + straight, ring, size - straight);
    read_ = static_cast<std::uint16_t>((from + header.length + 3) & ~3u);
    platform::out16(port(Register::Capr), static_cast<std::uint16_t>(read_ - kCaprBehind));
    noticed_ = false;
    return packet;
}

net::LinkState Rtl8139::state() {
    if (!open_ || !sampler_.due()) return state_;
    std::uint8_t media = platform::in8(port(Register::Msr));
    state_ = {};
    if (media & msr::kLinkb) return state_;
    bool slow = media & msr::kSpeed10;
    unsigned agreed = platform::in16(port(Register::Anar)) & platform::in16(port(Register::Anlpar));
    state_ = {.up = true,
              .megabits = slow ? 10u : 100u,
              .duplex = agreed & (slow ? k10Full : k100Full) ? net::Duplex::Full : net::Duplex::Half};
    return state_;
}

}  // namespace drivers
