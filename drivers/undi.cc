#include "drivers/undi.h"

#include <platform/clock.h>
#include <platform/io.h>

#include <algorithm>
#include <cstring>

#include "drivers/frame.h"
#include "util/text.h"

namespace drivers {

namespace {

using undi::IsrBlock;
using util::Le16;
using undi::Opcode;
using platform::Interrupts;

constexpr util::Failure kUndiRefuses{util::code::kDriver + 5, "the PXE ROM's driver (UNDI) does not open its adapter"};
constexpr util::Failure kUndiNotEthernet{util::code::kDriver + 6, "the PXE ROM's driver (UNDI) drives no Ethernet adapter"};

// Against ROMs that never come to an end: more than any ring holds.
constexpr unsigned kMostSteps = 128;
// A frame is sent in 1.2 ms at 10 Mbit/s, and later when others send or the switch asks for a pause (IEEE 802.3, clause 4.2.3
// and annex 31B). Each frame that is reported in time earns the UNDI some more patience, and each that is not costs half of it.
constexpr util::Duration kFirstPatience = util::Duration::milliseconds(5), kLongestPatience = util::Duration::milliseconds(100);
constexpr util::Duration kEarnedPatience = util::Duration::microseconds(10);
// The UNDI of QEMU's pcnet reports frames only when one comes in, and forgets all of its ring of 16 when that is full.
constexpr unsigned kMostUnreported = 8;
// Longer than any link takes to come up, which frames may wait for.
constexpr util::Duration kSilence = util::Duration::seconds(5);
// So many frames without an answer are no coincidence: transports ask again after seconds (RFC 6298).
constexpr unsigned kMostUnanswered = 3;
constexpr std::uint16_t kSmallestMtu = 576;  // what every IPv4 host takes, RFC 791

// Frames that surely fit into the receive rings of ROMs: RxBufCt says 1 or nothing of use. Seen to be right with every UNDI of
// the package ipxe-qemu.
constexpr std::size_t receive_buffers(std::uint16_t vendor, std::uint16_t device) {
    // 82557 to 82559: a ring of 4, one of which stays free for what is not asked for. Where it overflowed on QEMU's, machines ran
    // wild; a frame was found at address 0, which is where a receive unit goes on whose last descriptor has no successor.
    if (vendor == 0x8086 && (device == 0x1209 || device == 0x1229)) return 3;
    if (vendor == 0x10ec && device == 0x8139) return 4;  // RTL8139: a ring of 8 KiB
    if (vendor == 0x1022 && device == 0x2000) return 4;  // Am79C970, PCnet
    return 8;
}

// 8259A interrupt controllers: mask registers.
constexpr std::uint16_t kPicMask1 = 0x21, kPicMask2 = 0xa1;
std::uint16_t mask_port(std::uint16_t interrupt) { return interrupt < 8 ? kPicMask1 : kPicMask2; }
std::uint8_t mask_bit(std::uint16_t interrupt) { return static_cast<std::uint8_t>(1u << (interrupt & 7)); }

undi::FarPointer16 far_pointer(const void* at) {
    auto pointer = platform::real_mode_address(at);
    return {pointer.offset, pointer.segment};
}

}  // namespace

Undi::Undi(const Chip& chip, net::PacketPool& pool)
    : pool_(pool),
      entry_(platform::undi_entry()),
      shared_(*util::view_as<undi::Shared>(platform::real_mode_memory())),
      identity_{.driver = chip.driver, .chip = chip.name} {}

util::Result<util::Owned<net::Link>> Undi::probe(const Chip& chip, platform::PciAddress, net::PacketPool& pool) {
    auto link = TRY(util::make_owned<Undi>(chip, pool));
    TRY(link->identify());
    return util::Owned<net::Link>(std::move(link));
}

undi::Shared& Undi::fresh_block() {
    std::memset(shared_.bytes, 0, sizeof shared_.bytes);
    return shared_;
}

// The interrupt service call, which is made for every frame.
bool Undi::service(std::uint16_t function) {
    shared_.isr = {.function = Le16(function)};
    return call(Opcode::Isr, Interrupts::Off);
}

bool Undi::call(Opcode opcode, Interrupts interrupts) {
    auto exit = platform::pxe_call(entry_, static_cast<std::uint16_t>(opcode),
                                   platform::real_mode_address(&shared_), interrupts);
    return exit == undi::kSuccess && shared_.status == undi::kSuccess;
}

util::Result<void> Undi::identify() {
    const undi::InformationBlock& information = fresh_block().information;
    if (!call(Opcode::GetInformation)) return kNoAnswer;
    if (information.hardware_type != undi::InformationBlock::kEthernet) return kUndiNotEthernet;
    mac_ = information.current_address;
    if (!is_unicast(mac_)) mac_ = information.permanent_address;
    if (!is_unicast(mac_)) return kNoMacAddress;
    if (information.mtu >= kSmallestMtu) mtu_ = std::min<std::uint16_t>(information.mtu, mtu_);
    interrupt_ = information.interrupt;
    const undi::NicTypeBlock& nic = fresh_block().nic_type;
    if (call(Opcode::GetNicType) && (nic.type == nic.kPci || nic.type == nic.kCardBus)) {
        identity_.has_pci_address = true;
        identity_.busdevfn = nic.busdevfn;
        identity_.vendor = nic.vendor;
        identity_.device = nic.device;
    }
    return {};
}

// The address is told before Open; an adapter that is open refuses it.
bool Undi::start_receiving() {
    if (net::addresses_change() && mac_is_set_) {
        fresh_block().station_address.address = mac_;
        if (!call(Opcode::SetStationAddress)) return false;
    }
    fresh_block().open.packet_filter = undi::OpenBlock::kDirected | undi::OpenBlock::kBroadcast;
    return call(Opcode::Open);
}

// UNDIs switch it on when their ROM starts and rely on it; a driver of ours may have had the NIC since.
void Undi::enable_bus_mastering() const {
    constexpr std::uint8_t kVendorId = 0, kDeviceId = 2, kCommand = 4;  // PCI configuration header
    constexpr std::uint16_t kCommandMaster = 1u << 2;
    platform::PciAddress address{identity_.busdevfn};
    if (!identity_.has_pci_address || platform::pci_read16(address, kVendorId) != identity_.vendor ||
        platform::pci_read16(address, kDeviceId) != identity_.device)
        return;
    platform::pci_write16(address, kCommand, platform::pci_read16(address, kCommand) | kCommandMaster);
}

// From the least that may be needed to the most: the ROM's own stack may have left it open or closed, and bringing it up
// from nothing takes some NICs seconds.
bool Undi::bring_up() {
    if (initialised_) {
        if (start_receiving()) return true;
        fresh_block();
        call(Opcode::Close);
        if (start_receiving()) return true;
    }
    for (Opcode opcode : {Opcode::Shutdown, Opcode::Startup, Opcode::Initialize}) {
        fresh_block();
        call(opcode);
    }
    return start_receiving();
}

util::Result<void> Undi::open() {
    if (open_) return {};
    mask_interrupt();
    enable_bus_mastering();
    open_ = bring_up();
    if (!open_) {
        unmask_interrupt();
        return kUndiRefuses;
    }
    initialised_ = true;
    reports_ = false;
    begin_anew();
    patience_ = kFirstPatience;
    const undi::InterfaceBlock& interface = fresh_block().interface;
    megabits_ = call(Opcode::GetInterfaceInformation) ? interface.speed / 1000000 : 0;
    return {};
}

void Undi::begin_anew() {
    stuck_ = has_heard_ = false;
    unreported_ = unanswered_ = 0;
}

// What it has not sent is lost. It stays open for us when it refuses: the next silence tries again.
void Undi::reopen() {
    LOG("%v: its driver (UNDI) has fallen silent, and is opened again", &identity_.driver);
    fresh_block();
    call(Opcode::Close);
    bring_up();
    begin_anew();
}

// A receiver that has stopped, by an overflow for instance, and that the UNDI does not look after. Once for each time that
// something is heard: a cable that is out, and servers that are off, are silent as well.
bool Undi::is_deaf(util::Instant now) const {
    return has_heard_ && unanswered_ >= kMostUnanswered && now >= heard_at_ + kSilence;
}

void Undi::close() {
    if (!open_) return;
    open_ = initialised_ = false;
    for (Opcode opcode : {Opcode::Close, Opcode::Shutdown}) {
        fresh_block();
        call(opcode);
    }
    unmask_interrupt();
    received_.clear();
    assembling_.drop();
}

// Nobody serves it: what is shared with it would be called without end.
void Undi::mask_interrupt() {
    if (interrupt_ == 0 || interrupt_ > 15) return;
    std::uint8_t mask = platform::in8(mask_port(interrupt_));
    masked_ = !(mask & mask_bit(interrupt_));
    platform::out8(mask_port(interrupt_), mask | mask_bit(interrupt_));
}

void Undi::unmask_interrupt() {
    if (!masked_) return;
    masked_ = false;
    std::uint16_t port = mask_port(interrupt_);
    platform::out8(port, static_cast<std::uint8_t>(platform::in8(port) & ~mask_bit(interrupt_)));
}

// Section 4.2.22. What Start says is not believed: ROMs say "not ours" of interrupts that are masked, and "ours" when
// nothing is there.
void Undi::drain() {
    service(IsrBlock::kStart);
    std::uint16_t function = IsrBlock::kProcess;
    for (unsigned i = 0; i < kMostSteps; ++i) {
        if (!service(function)) return;
        function = IsrBlock::kGetNext;
        if (shared_.isr.function == IsrBlock::kReceive)
            take_fragment(shared_.isr);
        else if (shared_.isr.function == IsrBlock::kTransmit)
            note_sent();
        else
            return;
    }
}

// A frame may come in pieces, each with the length of the whole.
void Undi::take_fragment(const IsrBlock& isr) {
    has_heard_ = true;
    unanswered_ = 0;
    heard_at_ = platform::now();
    std::uint16_t length = isr.buffer_length;
    if (!assembling_) {
        expected_ = isr.frame_length;
        if (is_frame_size(expected_)) assembling_ = pool_.allocate();
        if (!assembling_) return;
    }
    platform::FarPointer at{isr.frame.offset, isr.frame.segment};
    if (at.is_null() || length == 0 || isr.frame_length != expected_ || length > expected_ - assembling_.size())
        return assembling_.drop();
    util::Bytes piece = platform::real_mode_bytes(at, length);
    std::memcpy(assembling_.append(length).data(), piece.data(), length);
    if (assembling_.size() == expected_) received_.push_back(std::move(assembling_));
}

net::Packet Undi::receive() {
    if (received_.empty() && open_) drain();
    return received_.pop_front();
}

// Some report several frames at once: what they report is taken for all.
void Undi::note_sent() {
    if (unreported_ == 1) patience_ = std::min(patience_ + kEarnedPatience, kLongestPatience);
    unreported_ = 0;
    reports_ = true;
}

// The NIC may read a frame from base memory until the UNDI says that it is sent. Some have copied it, and say so late or never.
bool Undi::has_room() {
    if (unreported_) drain();
    if (!unreported_) return true;
    if ((reports_ && unreported_ >= kMostUnreported) || platform::now() < taken_at_ + patience_) return false;
    patience_ = patience_ / 2;
    return true;
}

// Whether the UNDI takes the frame.
bool Undi::hand_over(util::Bytes frame) {
    std::size_t size = std::max(frame.size(), kShortestFrame);
    std::memset(shared_.frame, 0, kShortestFrame);  // nothing else's bytes may leak
    std::memcpy(shared_.frame, frame.data(), frame.size());
    shared_.descriptor = {};
    shared_.descriptor.immediate_length = static_cast<std::uint16_t>(size);
    shared_.descriptor.frame = far_pointer(shared_.frame);
    undi::TransmitBlock& block = fresh_block().transmit;
    block.flag = shared_.frame[0] == std::byte{0xff} ? block.kBroadcast : block.kDestinationAddress;
    block.destination = far_pointer(shared_.frame);
    block.descriptor = far_pointer(&shared_.descriptor);
    return call(Opcode::Transmit, Interrupts::Off);
}

bool Undi::transmit(net::Packet& packet) {
    util::Instant now = platform::now();
    bool sendable = open_ && is_frame_size(packet.size());
    if (sendable && is_deaf(now)) reopen();
    if (sendable && has_room() && hand_over(packet.data())) {
        ++unreported_;
        ++unanswered_;
        taken_at_ = now;
        stuck_ = false;
    } else if (sendable) {
        if (!stuck_) stuck_since_ = now;
        stuck_ = true;
        if (now < stuck_since_ + kSilence) return false;
        reopen();
    }
    packet.drop();
    return true;
}

// The API does not tell whether there is a cable: Open fails where the ROM looks at it.
net::LinkState Undi::state() { return {.up = open_, .megabits = open_ ? megabits_ : 0}; }

std::size_t Undi::receive_capacity() const {
    return receive_buffers(identity_.vendor, identity_.device);
}

}  // namespace drivers
