#include "drivers/pcnet32.h"

#include <platform/io.h>

#include <algorithm>

#include "drivers/frame.h"
#include "drivers/wait.h"

namespace drivers {

using namespace pcnet32;

namespace {

constexpr util::Duration kResetTime = util::Duration::milliseconds(1);
constexpr util::Duration kInitTime = util::Duration::milliseconds(20);
// The block, then rings at a multiple of 16.
constexpr std::size_t kRingsAt = 32;
constexpr std::uint16_t kNoSize = 0xf000;

constexpr std::uint16_t size_field(std::size_t size) {
    return static_cast<std::uint16_t>(kNoSize | ((0u - size) & 0xfff));
}

}  // namespace

Pcnet32::Pcnet32(const Chip& chip, platform::PciAddress address, net::PacketPool& pool)
    : pci_(address), identity_(pci_.identity(chip.driver, chip.name)), budget_(pool) {}

util::Result<util::Owned<net::Link>> Pcnet32::probe(const Chip& chip, platform::PciAddress address,
                                                    net::PacketPool& pool) {
    auto link = TRY(util::make_owned<Pcnet32>(chip, address, pool));
    TRY(link->identify());
    return util::Owned<net::Link>(std::move(link));
}

// RAP: which register the data ports lead to.
void Pcnet32::select(unsigned index) const {
    if (wide_)
        platform::out32(static_cast<std::uint16_t>(port_ + kRapWide), index);
    else
        platform::out16(static_cast<std::uint16_t>(port_ + kRapWord), static_cast<std::uint16_t>(index));
}

void Pcnet32::write_csr(Csr index, unsigned value) const {
    select(static_cast<unsigned>(index));
    auto port = static_cast<std::uint16_t>(port_ + kRdp);
    wide_ ? platform::out32(port, value) : platform::out16(port, static_cast<std::uint16_t>(value));
}

std::uint16_t Pcnet32::read_csr(Csr index) const {
    select(static_cast<unsigned>(index));
    auto port = static_cast<std::uint16_t>(port_ + kRdp);
    return wide_ ? static_cast<std::uint16_t>(platform::in32(port)) : platform::in16(port);
}

void Pcnet32::write_bcr(Bcr index, unsigned value) const {
    select(static_cast<unsigned>(index));
    if (wide_)
        platform::out32(static_cast<std::uint16_t>(port_ + kBdpWide), value);
    else
        platform::out16(static_cast<std::uint16_t>(port_ + kBdpWord), static_cast<std::uint16_t>(value));
}

std::uint16_t Pcnet32::read_bcr(Bcr index) const {
    select(static_cast<unsigned>(index));
    if (wide_) return static_cast<std::uint16_t>(platform::in32(static_cast<std::uint16_t>(port_ + kBdpWide)));
    return platform::in16(static_cast<std::uint16_t>(port_ + kBdpWord));
}

// The address is in the ROM that the ports begin with.
util::Result<void> Pcnet32::identify() {
    BaseAddress bar = pci_.base_address(0);
    if (!bar.is_io()) return kRegistersOutOfReach;
    port_ = static_cast<std::uint16_t>(bar.base);
    pci_.enable(PciFunction::Access::Registers);
    for (unsigned i = 0; i < 6; i += 2) {
        std::uint16_t word = platform::in16(static_cast<std::uint16_t>(port_ + kAprom + i));
        mac_.octets[i] = static_cast<std::uint8_t>(word);
        mac_.octets[i + 1] = static_cast<std::uint8_t>(word >> 8);
    }
    pci_.disable();
    return is_unicast(mac_) ? util::Result<void>{} : kNoMacAddress;
}

// Reading the reset port resets, whatever is read. One of the two is the right one.
void Pcnet32::reset() {
    (void)platform::in32(static_cast<std::uint16_t>(port_ + kResetWide));
    (void)platform::in16(static_cast<std::uint16_t>(port_ + kResetWord));
    wait(kResetTime);
    wide_ = false;
    wide_ = read_csr(Csr::Status) != csr0::kStop;
}

util::Result<void> Pcnet32::open() {
    if (open_) return {};
    pci_.enable(PciFunction::Access::RegistersAndDma);
    open_ = true;
    auto opened = start();
    if (!opened.ok()) close();
    return opened;
}

util::Result<void> Pcnet32::start() {
    reset();
    if (read_csr(Csr::Status) != csr0::kStop) return kNoAnswer;
    memory_ = TRY(DmaMemory::allocate(kRingsAt + (kReceiveSlots + kTransmitSlots) * sizeof(Descriptor), 16));
    receive_head_ = receive_tail_ = posted_ = 0;
    transmit_head_ = transmit_tail_ = used_ = 0;
    budget_.open(kReceiveSlots);
    refill();
    if (!posted_) return util::kOutOfMemory;

    auto& block = *reinterpret_cast<InitializationBlock*>(memory_.data());
    block.receive_length = kReceiveBits << 4;
    block.transmit_length = kTransmitBits << 4;
    std::copy(mac_.octets.begin(), mac_.octets.end(), block.address);
    block.logical_filter[0] = block.logical_filter[1] = 0xffffffff;
    block.receive_ring = memory_.bus_address_low() + kRingsAt;
    block.transmit_ring = block.receive_ring + kReceiveSlots * sizeof(Descriptor);
    platform::dma_barrier();

    write_bcr(Bcr::SoftwareStyle, kSoftwareStyle2);
    write_bcr(Bcr::Misc, read_bcr(Bcr::Misc) | kAsel);
    write_bcr(Bcr::Led0, kLnkste);
    write_csr(Csr::Masks, csr3::kAllMasked);
    write_csr(Csr::Features, csr4::kAllMasked | csr4::kDmaPlus);
    write_csr(Csr::Iadr0, memory_.bus_address_low() & 0xffff);
    write_csr(Csr::Iadr1, memory_.bus_address_low() >> 16);
    write_csr(Csr::Status, csr0::kInit);
    if (!wait_until([this] { return read_csr(Csr::Status) & csr0::kIdon; }, kInitTime)) return kNotAsSpecified;
    write_csr(Csr::Status, csr0::kIdon | csr0::kStrt);
    sampler_.restart();
    return {};
}

void Pcnet32::close() {
    if (!open_) return;
    open_ = false;
    write_csr(Csr::Status, csr0::kStop);
    pci_.disable();
    for (net::Packet& packet : received_) packet.drop();
    for (net::Packet& packet : sending_) packet.drop();
    memory_.release();
    posted_ = used_ = 0;
    state_ = {};
}

volatile Descriptor* Pcnet32::receive_ring() const {
    return reinterpret_cast<volatile Descriptor*>(memory_.data() + kRingsAt);
}

void Pcnet32::refill() {
    for (std::size_t wanted = budget_.wanted(posted_); wanted; --wanted) {
        net::Packet packet = budget_.pool().allocate(0);
        if (!packet) return;
        volatile Descriptor& slot = receive_ring()[receive_tail_];
        slot.address = static_cast<std::uint32_t>(platform::bus_address(packet.buffer().bytes()));
        slot.size = size_field(net::PacketBuffer::kCapacity);
        platform::dma_barrier();
        slot.status = descriptor::kOwn;
        received_[receive_tail_] = std::move(packet);
        receive_tail_ = (receive_tail_ + 1) % kReceiveSlots;
        ++posted_;
    }
}

net::Packet Pcnet32::receive() {
    if (!open_) return net::Packet();
    reclaim();
    net::Packet packet;
    while (posted_ && !packet) {
        volatile Descriptor& slot = receive_ring()[receive_head_];
        std::uint16_t status = slot.status;
        if (status & descriptor::kOwn) break;
        platform::dma_barrier();
        std::size_t size = (slot.length & 0xfffu) - std::size_t{kFrameCheckSize};
        constexpr unsigned kWhole = descriptor::kStp | descriptor::kEnp;
        packet = std::move(received_[receive_head_]);
        receive_head_ = (receive_head_ + 1) % kReceiveSlots;
        --posted_;
        if ((status & (kWhole | descriptor::kErr)) == kWhole && is_frame_size(size))
            packet.append(size);
        else
            packet.drop();
    }
    refill();
    return packet;
}

void Pcnet32::reclaim() {
    while (used_ && !(transmit_ring()[transmit_head_].status & descriptor::kOwn)) {
        sending_[transmit_head_].drop();
        transmit_head_ = (transmit_head_ + 1) % kTransmitSlots;
        --used_;
    }
}

bool Pcnet32::transmit(net::Packet& packet) {
    if (!open_ || !is_frame_size(packet.size())) {
        packet.drop();
        return true;
    }
    reclaim();
    if (used_ == kTransmitSlots) return false;
    pad_frame(packet);
    util::Bytes data = packet.data();
    volatile Descriptor& slot = transmit_ring()[transmit_tail_];
    slot.address = static_cast<std::uint32_t>(platform::bus_address(data.data()));
    slot.size = size_field(data.size());
    slot.length = 0;
    slot.counts = 0;
    platform::dma_barrier();
    slot.status = descriptor::kOwn | descriptor::kStp | descriptor::kEnp;
    platform::dma_barrier();
    sending_[transmit_tail_] = std::move(packet);
    transmit_tail_ = (transmit_tail_ + 1) % kTransmitSlots;
    ++used_;
    write_csr(Csr::Status, csr0::kTdmd);
    return true;
}

// How fast only a PHY knows that not all of them have. After a memory error, or where the transmitter has run dry, it stops.
net::LinkState Pcnet32::state() {
    if (!open_ || !sampler_.due()) return state_;
    constexpr unsigned kRuns = csr0::kTxon | csr0::kRxon;
    if ((read_csr(Csr::Status) & (kRuns | csr0::kMerr)) != kRuns) {
        close();
        if (!open().ok()) return state_;
    }
    state_ = {.up = (read_bcr(Bcr::Led0) & kLedOut) != 0};
    if (state_.up)
        state_.duplex = read_bcr(Bcr::FullDuplex) & kFullDuplexEnabled ? net::Duplex::Full : net::Duplex::Half;
    return state_;
}

}  // namespace drivers
