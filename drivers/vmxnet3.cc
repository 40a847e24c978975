#include "drivers/vmxnet3.h"

#include "drivers/frame.h"

namespace drivers {

using namespace vmxnet3;

Vmxnet3::Vmxnet3(const Chip& chip, platform::PciAddress address, net::PacketPool& pool)
    : pci_(address), identity_(pci_.identity(chip.driver, chip.name)), budget_(pool) {}

util::Result<util::Owned<net::Link>> Vmxnet3::probe(const Chip& chip, platform::PciAddress address,
                                                    net::PacketPool& pool) {
    auto link = TRY(util::make_owned<Vmxnet3>(chip, address, pool));
    TRY(link->identify());
    return util::Owned<net::Link>(std::move(link));
}

std::uint32_t Vmxnet3::ask(Command what) const {
    write(Register::Command, static_cast<std::uint32_t>(what));
    return read(Register::Command);
}

util::Result<void> Vmxnet3::identify() {
    BaseAddress doorbells = pci_.base_address(0), registers = pci_.base_address(1);
    if (!doorbells.is_reachable_memory() || !registers.is_reachable_memory()) return kRegistersOutOfReach;
    doorbells_ = RegisterWindow::memory(static_cast<std::uint32_t>(doorbells.base));
    registers_ = RegisterWindow::memory(static_cast<std::uint32_t>(registers.base));
    pci_.enable(PciFunction::Access::Registers);
    std::uint64_t address = ask(Command::GetMacLow);
    address |= std::uint64_t{ask(Command::GetMacHigh)} << 32;
    pci_.disable();
    for (unsigned i = 0; i < 6; ++i) mac_.octets[i] = static_cast<std::uint8_t>(address >> 8 * i);
    return is_unicast(mac_) ? util::Result<void>{} : kNoMacAddress;
}

util::Result<void> Vmxnet3::open() {
    if (open_) return {};
    pci_.enable(PciFunction::Access::RegistersAndDma);
    open_ = true;
    auto opened = start();
    if (!opened.ok()) close();
    return opened;
}

template <class Part>
std::uint64_t Vmxnet3::bus_address(const volatile Part& part) const {
    auto offset = reinterpret_cast<const volatile std::byte*>(&part) - memory_.data();
    return memory_.bus_address() + static_cast<std::size_t>(offset);
}

// The addresses are written by halves: the lower one first.
util::Result<void> Vmxnet3::start() {
    write(Register::Command, static_cast<std::uint32_t>(Command::Reset));
    std::uint32_t revisions = read(Register::Revision), versions = read(Register::UptVersion);
    if (revisions == 0xffffffff) return kNoAnswer;
    if (!(revisions & versions & kVersion1)) return kNotAsSpecified;
    write(Register::Revision, kVersion1);
    write(Register::UptVersion, kVersion1);
    memory_ = TRY(DmaMemory::allocate(sizeof(Memory), alignof(Memory)));
    receive_tail_ = received_at_ = transmit_tail_ = sent_at_ = {};
    receive_head_ = posted_ = transmit_head_ = used_ = 0;
    describe();
    budget_.open(kMostPosted);
    (void)refill();
    if (!posted_) return util::kOutOfMemory;
    auto low = [](std::uint64_t value) { return static_cast<std::uint32_t>(value); };
    std::uint64_t mac = 0, shared = bus_address(memory().driver);
    for (unsigned i = 0; i < 6; ++i) mac |= std::uint64_t{mac_.octets[i]} << 8 * i;
    write(Register::MacLow, low(mac));
    write(Register::MacHigh, low(mac >> 32));
    platform::dma_barrier();
    write(Register::SharedLow, low(shared));
    write(Register::SharedHigh, low(shared >> 32));
    if (ask(Command::Enable) != 0) return kNotAsSpecified;
    ring(Doorbell::InterruptMask, 1);
    ring(Doorbell::Receive, receive_tail_.at);
    write(Register::Command, static_cast<std::uint32_t>(Command::SetReceiveMode));
    write(Register::Command, static_cast<std::uint32_t>(Command::SetVlanFilter));
    sampler_.restart();
    return {};
}

// The memory is zero where nothing is said here.
void Vmxnet3::describe() {
    volatile DriverShared& driver = memory().driver;
    driver.magic = kMagic;
    driver.driver_version = kDriverVersion;
    driver.guest = kGuestPxe32;
    driver.revision = kVersion1;
    driver.upt_version = kVersion1;
    driver.features = kReceiveChecksums;
    driver.queues = bus_address(memory().queues);
    driver.queues_size = sizeof(Queues);
    driver.mtu = kLongestFrame - kHeaderSize;
    driver.receive_pieces = 1;
    driver.transmit_queues = 1;
    driver.receive_queues = 1;
    driver.interrupts = 1;
    driver.interrupt_control = kNoInterrupts;
    using namespace vmxnet3::receive_mode;
    driver.receive_mode = kUnicast | kMulticast | kBroadcast | kAllMulticasts;
    for (unsigned i = 0; i < kVlanWords; ++i) driver.vlans[i] = 0xffffffff;

    volatile TransmitQueue& transmit = memory().queues.transmit;
    transmit.threshold = 1;
    transmit.ring = bus_address(memory().transmit);
    transmit.ring_slots = kTransmitSlots;
    transmit.completions = bus_address(memory().sent);
    transmit.completion_slots = kTransmitSlots;
    transmit.stopped = 1;

    volatile ReceiveQueue& receive = memory().queues.receive;
    receive.ring[0] = bus_address(memory().receive);
    receive.ring_slots[0] = kReceiveSlots;
    receive.ring[1] = bus_address(memory().second);
    receive.ring_slots[1] = kSecondSlots;
    receive.completions = bus_address(memory().received);
    receive.completion_slots = kCompletionSlots;
    receive.stopped = 1;
}

void Vmxnet3::close() {
    if (!open_) return;
    open_ = false;
    write(Register::Command, static_cast<std::uint32_t>(Command::Disable));
    write(Register::Command, static_cast<std::uint32_t>(Command::Reset));
    write(Register::SharedLow, 0);
    write(Register::SharedHigh, 0);
    pci_.disable();
    for (net::Packet& packet : received_) packet.drop();
    for (net::Packet& packet : sending_) packet.drop();
    memory_.release();
    posted_ = used_ = 0;
    state_ = {};
}

// True when there are more.
bool Vmxnet3::refill() {
    std::size_t wanted = budget_.wanted(posted_);
    bool added = false;
    for (; wanted; --wanted) {
        net::Packet packet = budget_.pool().allocate(0);
        if (!packet) break;
        volatile Descriptor& slot = memory().receive[receive_tail_.at];
        slot.address = platform::bus_address(packet.buffer().bytes());
        platform::dma_barrier();
        slot.word2 = std::uint32_t{net::PacketBuffer::kCapacity} | (receive_tail_.generation ? receive::kGeneration : 0u);
        received_[receive_tail_.at] = std::move(packet);
        receive_tail_.advance(kReceiveSlots);
        ++posted_;
        added = true;
    }
    return added;
}

// False when the device has completed no more.
bool Vmxnet3::next(Completion& completion) {
    volatile Completion& slot = memory().received[received_at_.at];
    completion.word3 = slot.word3;
    if (!(completion.word3 & completion::kGeneration) == received_at_.generation) return false;
    platform::dma_barrier();
    completion.word0 = slot.word0;
    completion.word2 = slot.word2;
    received_at_.advance(kCompletionSlots);
    return true;
}

// Buffers before the one that is complete have been passed over. A null packet when it is no frame, or in none of our buffers.
net::Packet Vmxnet3::take(const Completion& completion) {
    std::uint32_t word0 = completion.word0, word3 = completion.word3;
    unsigned index = word0 & completion::kIndexMask;
    if ((word0 & completion::kQueueMask) || index >= kReceiveSlots) return net::Packet();
    if ((index + kReceiveSlots - receive_head_) % kReceiveSlots >= posted_) return net::Packet();
    while (receive_head_ != index) {
        received_[receive_head_].drop();
        receive_head_ = (receive_head_ + 1) % kReceiveSlots;
        --posted_;
    }
    net::Packet packet = std::move(received_[receive_head_]);
    receive_head_ = (receive_head_ + 1) % kReceiveSlots;
    --posted_;
    std::size_t size = completion.word2 & completion::kSizeMask;
    constexpr std::uint32_t kWhole = completion::kStart | completion::kEnd;
    if ((word0 & kWhole) != kWhole || (completion.word2 & completion::kError) || !is_frame_size(size)) return net::Packet();
    packet.append(size);
    using namespace vmxnet3::completion;
    bool header_good = (word3 & (kIpv4 | kHeaderGood)) == (kIpv4 | kHeaderGood) || (word3 & kIpv6);
    bool looked = !(word0 & kNoChecksum) && !(word3 & kFragment) && (word3 & (kTcp | kUdp)) && (word3 & kTransportGood);
    if (header_good && looked) packet.buffer().checksum = net::Checksum::Verified;
    return packet;
}

net::Packet Vmxnet3::receive() {
    if (!open_) return net::Packet();
    reclaim();
    net::Packet packet;
    Completion completion{};
    for (unsigned i = 0; i < kCompletionSlots && !packet && next(completion); ++i) packet = take(completion);
    if (refill() && memory().queues.receive.wants_doorbell) ring(Doorbell::Receive, receive_tail_.at);
    return packet;
}

// A completion stands for all frames up to the one that it names.
void Vmxnet3::reclaim() {
    for (unsigned i = 0; i < kTransmitSlots; ++i) {
        volatile Completion& slot = memory().sent[sent_at_.at];
        if (!(slot.word3 & completion::kGeneration) == sent_at_.generation) return;
        platform::dma_barrier();
        unsigned index = slot.word0 & completion::kIndexMask;
        sent_at_.advance(kTransmitSlots);
        unsigned count = (index + kTransmitSlots - transmit_head_) % kTransmitSlots + 1;
        if (index >= kTransmitSlots || count > used_) continue;
        for (; count; --count) {
            sending_[transmit_head_].drop();
            transmit_head_ = (transmit_head_ + 1) % kTransmitSlots;
            --used_;
        }
    }
}

bool Vmxnet3::transmit(net::Packet& packet) {
    if (!open_ || !is_frame_size(packet.size())) {
        packet.drop();
        return true;
    }
    reclaim();
    if (used_ == kMostSending) return false;
    const net::PacketBuffer& buffer = packet.buffer();
    // QEMU's device takes padding for a part of what it sums, and like others pads by itself.
    if (buffer.checksum != net::Checksum::Offload) pad_frame(packet);
    std::uint32_t word2 = static_cast<std::uint32_t>(packet.size()), word3 = transmit::kEndOfPacket | transmit::kComplete;
    if (buffer.checksum == net::Checksum::Offload) {
        word2 |= (std::uint32_t{buffer.checksum_start} + buffer.checksum_offset) << transmit::kOffloadPositionShift;
        word3 |= transmit::kChecksum | buffer.checksum_start;
    }
    if (transmit_tail_.generation) word2 |= transmit::kGeneration;
    volatile Descriptor& slot = memory().transmit[transmit_tail_.at];
    slot.address = platform::bus_address(packet.data().data());
    slot.word3 = word3;
    platform::dma_barrier();
    slot.word2 = word2;
    platform::dma_barrier();
    sending_[transmit_tail_.at] = std::move(packet);
    transmit_tail_.advance(kTransmitSlots);
    ++used_;
    ring(Doorbell::Transmit, transmit_tail_.at);
    return true;
}

net::LinkState Vmxnet3::state() {
    if (!open_ || !sampler_.due()) return state_;
    if (memory().driver.events & kQueueErrors) {
        close();
        if (!open().ok()) return state_;
    }
    std::uint32_t answer = ask(Command::GetLink);
    state_ = {};
    if (answer & 1) state_ = {.up = true, .megabits = answer >> 16, .duplex = net::Duplex::Full};
    return state_;
}

}  // namespace drivers
