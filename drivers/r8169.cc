#include "drivers/r8169.h"

#include "drivers/frame.h"
#include "drivers/phy_registers.h"
#include "drivers/r8169_traits.h"
#include "drivers/wait.h"

namespace drivers {

using namespace r8169;

namespace {

constexpr util::Duration kQuietTime = util::Duration::milliseconds(1);  // a frame is over
constexpr util::Duration kResetTime = util::Duration::milliseconds(10);
constexpr util::Duration kPhyTime = util::Duration::milliseconds(2);
constexpr util::Duration kPhyPause = util::Duration::microseconds(20);  // before the next access
constexpr std::uint8_t kSubsystemId = 0x2e;
constexpr std::uint16_t kEg1032Revision3 = 0x0024;
constexpr std::uint32_t kFrameCheckSize = 4;

}  // namespace

R8169::R8169(const Chip& chip, platform::PciAddress address, net::PacketPool& pool)
    : traits_(chip.traits), pci_(address), identity_(pci_.identity(chip.driver, chip.name)), budget_(pool) {}

util::Result<util::Owned<net::Link>> R8169::probe(const Chip& chip, platform::PciAddress address, net::PacketPool& pool) {
    auto link = TRY(util::make_owned<R8169>(chip, address, pool));
    TRY(link->identify());
    return util::Owned<net::Link>(std::move(link));
}

// By ports, which the RTL8110SC wants; by memory where the BIOS has given it none: chips on PCI have it behind the second
// register, others behind the third.
util::Result<void> R8169::find_registers() {
    BaseAddress ports = pci_.base_address(0);
    if (ports.is_io()) {
        registers_ = RegisterWindow::ports(static_cast<std::uint16_t>(ports.base));
        return {};
    }
    for (unsigned i : {1u, 2u}) {
        BaseAddress memory = pci_.base_address(i);
        if (!memory.is_reachable_memory()) continue;
        registers_ = RegisterWindow::memory(static_cast<std::uint32_t>(memory.base));
        return {};
    }
    return kRegistersOutOfReach;
}

// The chip loads its address from the EEPROM when it gets power.
util::Result<void> R8169::identify() {
    if ((traits_ & kRevision3) && pci_.read16(kSubsystemId) != kEg1032Revision3) return kNoAnswer;
    TRY(find_registers());
    express_ = pci_.find_capability(kPciExpress);
    pci_.enable(PciFunction::Access::Registers);
    bool answers = registers_.read8(at(Register::Cr)) != 0xff;
    for (unsigned i = 0; i < 6; ++i) mac_.octets[i] = registers_.read8(at(Register::Idr0, i));
    pci_.disable();
    if (!answers) return kNoAnswer;
    return is_unicast(mac_) ? util::Result<void>{} : kNoMacAddress;
}

// First it takes no more frames: it might still be moving one.
util::Result<void> R8169::reset() const {
    registers_.write16(at(Register::Imr), 0);
    registers_.write32(at(Register::Rcr), rcr::kWholeFrames);
    wait(kQuietTime);
    registers_.write8(at(Register::Cr), cr::kRst);
    bool back = wait_until([this] { return !(registers_.read8(at(Register::Cr)) & cr::kRst); }, kResetTime);
    if (!back) return kNoAnswer;
    if (!express_) registers_.write8(at(Register::Ldps), kResetMac);
    return {};
}

util::Result<void> R8169::open() {
    if (open_) return {};
    pci_.enable(PciFunction::Access::RegistersAndDma);
    open_ = true;
    auto opened = start();
    if (!opened.ok()) close();
    return opened;
}

util::Result<void> R8169::start() {
    keep_link_awake();
    TRY(reset());
    constexpr std::size_t kRingSize = Ring::kSlots * sizeof(Descriptor);
    memory_ = TRY(DmaMemory::allocate(2 * kRingSize, kRingAlignment));
    receiving_.open(memory_.data());
    sending_.open(memory_.data() + kRingSize);
    budget_.open(Ring::kSlots);
    refill();
    if (!receiving_.used()) return util::kOutOfMemory;
    wake_phy();
    if (net::addresses_change() && mac_is_set_) tell_address();
    registers_.write16(at(Register::CpCr), kDescriptors);
    registers_.write16(at(Register::Rms), express_ ? std::uint16_t{net::PacketBuffer::kCapacity} : kMostOnPci);
    registers_.write8(at(Register::EtThr), kEarlyThreshold);
    tell_ring(Register::Rdsar, 0);
    tell_ring(Register::Tnpds, kRingSize);
    registers_.write32(at(Register::Mar0), 0xffffffff);
    registers_.write32(at(Register::Mar0, 4), 0xffffffff);
    // Chips before the RTL8168G take these two only when they are on, that and later ones want them before.
    auto configure = [this] {
        registers_.write32(at(Register::Tcr), tcr::kIfg | tcr::kMxdmaUnlimited);
        registers_.write32(at(Register::Rcr), rcr::kWholeFrames | rcr::kAb | rcr::kAm | rcr::kApm);
    };
    configure();
    registers_.write8(at(Register::Cr), cr::kRe | cr::kTe);
    configure();
    registers_.write16(at(Register::Isr), 0xffff);
    sampler_.restart();
    return {};
}

void R8169::keep_link_awake() {
    if (!express_) return;
    auto control = static_cast<std::uint8_t>(express_ + kLinkControl);
    found_link_control_ = pci_.read16(control);
    pci_.write16(control, static_cast<std::uint16_t>(found_link_control_ & ~kLinkSleeps));
}

void R8169::tell_address() const {
    const auto& o = mac_.octets;
    registers_.write8(at(Register::Cr9346), cr9346::kConfigWriteEnable);
    registers_.write32(at(Register::Idr0, 4), o[4] | o[5] << 8);
    registers_.write32(at(Register::Idr0), o[0] | o[1] << 8 | o[2] << 16 | std::uint32_t{o[3]} << 24);
    registers_.write8(at(Register::Cr9346), cr9346::kNormal);
}

// The upper half first.
void R8169::tell_ring(Register where, std::size_t offset) const {
    registers_.write32(at(where, 4), 0);
    registers_.write32(at(where), static_cast<std::uint32_t>(memory_.bus_address() + offset));
}

std::uint16_t R8169::read_phy(unsigned number) const {
    registers_.write32(at(Register::PhyAr), number << phyar::kRegisterShift);
    std::uint32_t value = 0;
    (void)wait_until([&] { return (value = registers_.read32(at(Register::PhyAr))) & phyar::kFlag; }, kPhyTime);
    wait(kPhyPause);
    return static_cast<std::uint16_t>(value);
}

void R8169::write_phy(unsigned number, unsigned value) const {
    registers_.write32(at(Register::PhyAr), phyar::kFlag | number << phyar::kRegisterShift | value);
    (void)wait_until([this] { return !(registers_.read32(at(Register::PhyAr)) & phyar::kFlag); }, kPhyTime);
    wait(kPhyPause);
}

// Drivers of operating systems switch it off when they go, or, to be woken by a frame, let it negotiate no more than 10 or 100 Mbit/s.
// A link that is as it should be stays up.
void R8169::wake_phy() const {
    std::uint32_t revision = registers_.read32(at(Register::Tcr)) & tcr::kRevisionMask;
    if (express_ && (revision & kSeries) != kSeriesOf8168B)
        registers_.write8(at(Register::Pmch), registers_.read8(at(Register::Pmch)) | kPhyPowered);
    if (express_ && revision >= kRtl8168G)
        registers_.write32(at(Register::Misc), registers_.read32(at(Register::Misc)) & ~kRxdvGated);
    write_phy(kPhyPage, 0);
    write_phy(kPhyMmdData, 0);
    unsigned control = read_phy(phy::kControl), advertised = read_phy(phy::kAdvertised);
    unsigned gigabit = traits_ & kFast ? phy::k1000Full : read_phy(phy::kGigabit);
    bool awake = (control & (phy::kPowerDown | phy::kAutoNegotiation)) == phy::kAutoNegotiation;
    if (awake && (advertised & phy::kAll10And100) == phy::kAll10And100 && (gigabit & phy::k1000Full)) return;
    write_phy(phy::kAdvertised, advertised | phy::kAll10And100);
    if (!(traits_ & kFast)) write_phy(phy::kGigabit, gigabit | phy::k1000Full);
    write_phy(phy::kControl, phy::kAutoNegotiation | phy::kRestartAutoNegotiation);
}

void R8169::close() {
    if (!open_) return;
    open_ = false;
    (void)reset();
    if (express_) pci_.write16(static_cast<std::uint8_t>(express_ + kLinkControl), found_link_control_);
    pci_.disable();
    receiving_.clear();
    sending_.clear();
    memory_.release();
    state_ = {};
}

void R8169::Ring::open(std::byte* descriptors) {
    descriptors_ = reinterpret_cast<volatile Descriptor*>(descriptors);
    head_ = 0;
}

void R8169::Ring::clear() {
    for (net::Packet& packet : packets_) packet.drop();
    used_ = 0;
}

void R8169::Ring::give(net::Packet packet, const std::byte* data, std::uint32_t status) {
    unsigned slot = (head_ + used_) % kSlots;
    if (slot == kSlots - 1) status |= descriptor::kEor;
    descriptors_[slot].vlan = 0;
    descriptors_[slot].address = static_cast<std::uint32_t>(platform::bus_address(data));
    platform::dma_barrier();
    descriptors_[slot].status = status | descriptor::kOwn;
    platform::dma_barrier();
    packets_[slot] = std::move(packet);
    ++used_;
}

net::Packet R8169::Ring::take(std::uint32_t& status) {
    status = descriptors_[head_].status;
    platform::dma_barrier();
    net::Packet packet = std::move(packets_[head_]);
    head_ = (head_ + 1) % kSlots;
    --used_;
    return packet;
}

void R8169::refill() {
    for (std::size_t wanted = budget_.wanted(receiving_.used()); wanted; --wanted) {
        net::Packet packet = budget_.pool().allocate(0);
        if (!packet) return;
        const std::byte* data = packet.buffer().bytes();
        receiving_.give(std::move(packet), data, net::PacketBuffer::kCapacity);
    }
}

// True when something has been sent.
bool R8169::reclaim() {
    unsigned before = sending_.used();
    std::uint32_t status;
    while (sending_.has_returned()) sending_.take(status).drop();
    return sending_.used() != before;
}

void R8169::demand_transmit() const {
    registers_.write8(at(Register::TpPoll), kNormalQueue);
}

// Chips on PCI Express may not notice a demand while they send: what is left behind a frame that has been sent may have to be told
// of again.
net::Packet R8169::receive() {
    if (!open_) return net::Packet();
    if (reclaim() && sending_.used()) demand_transmit();
    net::Packet packet;
    while (!packet && receiving_.has_returned()) {
        std::uint32_t status;
        packet = receiving_.take(status);
        std::size_t size = (status & descriptor::kLengthMask) - kFrameCheckSize;
        constexpr std::uint32_t kWhole = descriptor::kFs | descriptor::kLs;
        if ((status & (kWhole | descriptor::kRes)) == kWhole && is_frame_size(size))
            packet.append(size);
        else
            packet.drop();
    }
    refill();
    return packet;
}

bool R8169::transmit(net::Packet& packet) {
    if (!open_ || !is_frame_size(packet.size())) {
        packet.drop();
        return true;
    }
    reclaim();
    if (sending_.used() == Ring::kSlots) return false;
    pad_frame(packet);
    util::Bytes data = packet.data();
    sending_.give(std::move(packet), data.data(), descriptor::kFs | descriptor::kLs | static_cast<std::uint32_t>(data.size()));
    demand_transmit();
    return true;
}

// After an error of the bus, and some chips after an overflow, nothing moves until a reset.
net::LinkState R8169::state() {
    if (!open_ || !sampler_.due()) return state_;
    std::uint16_t events = registers_.read16(at(Register::Isr));
    registers_.write16(at(Register::Isr), events);
    if ((events & isr::kSystemError) || ((events & isr::kFifoOverflow) && !receiving_.has_returned())) {
        close();
        if (!open().ok()) return state_;
    }
    std::uint8_t now = registers_.read8(at(Register::PhyStatus));
    state_ = {};
    if (!(now & phy_status::kLink)) return state_;
    state_ = {.up = true,
              .megabits = now & phy_status::k10 ? 10u : now & phy_status::k100 ? 100u : 1000u,
              .duplex = now & phy_status::kFullDuplex ? net::Duplex::Full : net::Duplex::Half};
    return state_;
}

}  // namespace drivers
