#include "drivers/eepro100.h"

#include <algorithm>

#include "drivers/frame.h"
#include "drivers/phy_registers.h"
#include "drivers/wait.h"

namespace drivers {

using namespace eepro100;

namespace {

constexpr util::Duration kResetTime = util::Duration::milliseconds(1);
constexpr util::Duration kCommandTime = util::Duration::milliseconds(10);
constexpr util::Duration kMdiTime = util::Duration::milliseconds(1);
constexpr util::Duration kEepromTime = util::Duration::microseconds(4);  // half a clock
// How often the command register is read before a frame waits for the next poll: a command is taken in some microseconds.
constexpr unsigned kPatience = 100;
constexpr std::uint8_t kPciRevision = 8;
constexpr std::size_t kRoom = net::PacketBuffer::kCapacity - sizeof(FrameDescriptor);

constexpr std::uint32_t offset(Register what) {
    return static_cast<std::uint32_t>(what);
}

}  // namespace

Eepro100::Eepro100(const Chip& chip, platform::PciAddress address, net::PacketPool& pool)
    : pci_(address), identity_(pci_.identity(chip.driver, chip.name)), budget_(pool) {}

util::Result<util::Owned<net::Link>> Eepro100::probe(const Chip& chip, platform::PciAddress address,
                                                     net::PacketPool& pool) {
    auto link = TRY(util::make_owned<Eepro100>(chip, address, pool));
    TRY(link->identify());
    return util::Owned<net::Link>(std::move(link));
}

util::Result<void> Eepro100::identify() {
    BaseAddress memory = pci_.base_address(0), ports = pci_.base_address(1);
    if (memory.is_reachable_memory())
        registers_ = RegisterWindow::memory(static_cast<std::uint32_t>(memory.base));
    else if (ports.is_io())
        registers_ = RegisterWindow::ports(static_cast<std::uint16_t>(ports.base));
    else
        return kRegistersOutOfReach;
    pci_.enable(PciFunction::Access::Registers);
    auto result = read_eeprom();
    pci_.disable();
    return result;
}

// The first words are the address. How many bits an EEPROM takes as a word's number the first read finds out.
util::Result<void> Eepro100::read_eeprom() {
    unsigned address_bits = 0;
    for (unsigned i = 0; i < 3; ++i) {
        std::uint16_t word = eeprom_word(i, address_bits);
        mac_.octets[2 * i] = static_cast<std::uint8_t>(word);
        mac_.octets[2 * i + 1] = static_cast<std::uint8_t>(word >> 8);
    }
    if (!is_unicast(mac_)) return kNoMacAddress;
    std::uint16_t phy = eeprom_word(eeprom::kPhyWord, address_bits);
    if (phy & eeprom::kPhyKindMask) phy_ = phy & 0x1f;
    is_82557_ = identity_.device == kDevice82557 && pci_.read8(kPciRevision) < kRevision82558;
    has_mii_ = !is_82557_ || !(phy & eeprom::kPhyKindMask) || !(phy & eeprom::kPhyHasNoMii);
    return {};
}

// Sets the EEPROM's pins, and reads them half a clock later.
std::uint16_t Eepro100::pins(unsigned value) const {
    registers_.write16(offset(Register::Eeprom), static_cast<std::uint16_t>(value));
    wait(kEepromTime);
    return registers_.read16(offset(Register::Eeprom));
}

bool Eepro100::shift_in(unsigned bit) const {
    unsigned value = eeprom::kSelect | (bit ? eeprom::kIn : 0u);
    pins(value);
    bool out = pins(value | eeprom::kClock) & eeprom::kOut;
    pins(value);
    return out;
}

// It answers the last bit of the number with a zero. With 0 for address_bits that is looked for, and the number must be 0, too.
std::uint16_t Eepro100::eeprom_word(unsigned number, unsigned& address_bits) const {
    pins(eeprom::kSelect);
    for (unsigned i = 3; i--;) shift_in(eeprom::kRead >> i & 1);
    if (address_bits) {
        for (unsigned i = address_bits; i--;) shift_in(number >> i & 1);
    } else {
        while (address_bits++ < eeprom::kMostAddressBits)
            if (!shift_in(0)) break;
        address_bits = std::min(address_bits, eeprom::kMostAddressBits);
    }
    unsigned word = 0;
    for (unsigned i = 0; i < 16; ++i) word = word << 1 | shift_in(0);
    pins(0);
    return static_cast<std::uint16_t>(word);
}

std::uint16_t Eepro100::phy_register(unsigned number) const {
    registers_.write32(offset(Register::Mdi), mdi::kRead | std::uint32_t{phy_} << mdi::kPhyShift | number << mdi::kRegisterShift);
    std::uint32_t value = 0;
    bool done = wait_until([&] { return (value = registers_.read32(offset(Register::Mdi))) & mdi::kReady; }, kMdiTime);
    return done ? static_cast<std::uint16_t>(value) : 0;
}

// The selective one first: a reset in the middle of a transfer could hang the bus (section 6.3.3.1).
void Eepro100::reset() {
    registers_.write32(offset(Register::Port), kSelectiveReset);
    wait(kResetTime);
    registers_.write32(offset(Register::Port), kSoftwareReset);
    wait(kResetTime);
    registers_.write8(offset(Register::ScbInterrupt), kMaskInterrupts);
}

bool Eepro100::is_free() const {
    for (unsigned i = 0; i < kPatience; ++i)
        if (registers_.read8(offset(Register::ScbCommand)) == 0) return true;
    return false;
}

bool Eepro100::command(Command what, std::uint32_t pointer) const {
    if (!wait_until([this] { return registers_.read8(offset(Register::ScbCommand)) == 0; }, kCommandTime)) return false;
    registers_.write32(offset(Register::ScbPointer), pointer);
    registers_.write8(offset(Register::ScbCommand), static_cast<std::uint8_t>(what));
    return true;
}

unsigned Eepro100::receive_unit() const {
    return receive_unit_state(registers_.read16(offset(Register::ScbStatus)));
}

util::Result<void> Eepro100::open() {
    if (open_) return {};
    pci_.enable(PciFunction::Access::RegistersAndDma);
    open_ = true;
    auto opened = start();
    if (!opened.ok()) close();
    return opened;
}

util::Result<void> Eepro100::start() {
    reset();
    memory_ = TRY(DmaMemory::allocate(kTransmitSlots * sizeof(CommandBlock), 32));
    stalled_ = true;
    receive_head_ = posted_ = settled_ = 0;
    transmit_head_ = transmit_tail_ = used_ = 0;
    budget_.open(kReceiveSlots);
    refill();
    if (!posted_) return util::kOutOfMemory;
    if (!command(Command::CommandBase) || !command(Command::ReceiveBase)) return kNoAnswer;
    TRY(set_up());
    restart();
    if (stalled_) return kNotAsSpecified;
    sampler_.restart();
    return {};
}

// Configuration and address are commands like frames to send, the ring's first.
util::Result<void> Eepro100::set_up() {
    for (unsigned i = 0; i < kTransmitSlots; ++i)
        block(i).link = memory_.bus_address_low() + (i + 1) % kTransmitSlots * sizeof(CommandBlock);
    std::copy(std::begin(kConfiguration), std::end(kConfiguration), block(0).bytes);
    if (!has_mii_) block(0).bytes[kMiiByte] = 0;
    if (!is_82557_) block(0).bytes[kLongFramesByte] = kConfiguration[kLongFramesByte] | kLongFrames;
    std::copy(mac_.octets.begin(), mac_.octets.end(), block(1).bytes);
    put(block::kConfigure);
    put(block::kSetAddress);
    if (!command(Command::CommandStart, memory_.bus_address_low())) return kNoAnswer;
    (void)wait_until([this] { return reclaim(), used_ == 0; }, kCommandTime);
    return used_ == 0 ? util::Result<void>{} : kNotAsSpecified;
}

void Eepro100::close() {
    if (!open_) return;
    open_ = false;
    reset();
    pci_.disable();
    for (net::Packet& packet : received_) packet.drop();
    for (net::Packet& packet : sending_) packet.drop();
    memory_.release();
    posted_ = settled_ = used_ = 0;
    state_ = {};
}

volatile FrameDescriptor& Eepro100::descriptor(unsigned slot) const {
    return *reinterpret_cast<volatile FrameDescriptor*>(received_[slot % kReceiveSlots].buffer().bytes());
}

std::uint32_t Eepro100::descriptor_address(unsigned slot) const {
    return static_cast<std::uint32_t>(platform::bus_address(received_[slot % kReceiveSlots].buffer().bytes()));
}

volatile CommandBlock& Eepro100::block(unsigned slot) const {
    return reinterpret_cast<volatile CommandBlock*>(memory_.data())[slot];
}

// The list grows at its end: what was last ceases to be only when the new part is complete. Where the device has read before that it
// would be the last, it stops there nevertheless: settle() notices.
void Eepro100::refill() {
    unsigned before = posted_;
    for (std::size_t wanted = budget_.wanted(posted_); wanted; --wanted) {
        net::Packet packet = budget_.pool().allocate(0);
        if (!packet) break;
        unsigned slot = (receive_head_ + posted_) % kReceiveSlots;
        received_[slot] = std::move(packet);
        volatile FrameDescriptor& added = descriptor(slot);
        added.status = 0;
        added.command = frame::kEndOfList;
        added.count = 0;
        added.size = kRoom;
        if (posted_ > before) {
            volatile FrameDescriptor& previous = descriptor(slot + kReceiveSlots - 1);
            previous.link = descriptor_address(slot);
            previous.command = 0;
        }
        ++posted_;
    }
    if (posted_ == before) return;
    if (before == 0) {
        stalled_ = true;
        return;
    }
    volatile FrameDescriptor& last = descriptor(receive_head_ + before - 1u);
    last.link = descriptor_address(receive_head_ + before);
    platform::dma_barrier();
    last.command = 0;
}

unsigned Eepro100::count_complete() const {
    unsigned count = 0;
    while (count < posted_ && (descriptor(receive_head_ + count).status & frame::kComplete)) ++count;
    return count;
}

// QEMU says that a frame is complete before it has written it. Reading a register waits until it has; one read does for all
// frames that are there, and tells whether the device has stopped.
void Eepro100::settle() {
    unsigned complete = count_complete();
    if (!complete) return;
    if (receive_unit() != kReceiveUnitReady) stalled_ = true;
    platform::dma_barrier();
    settled_ = static_cast<std::uint16_t>(complete);
}

// Goes on behind what has been received until it stopped.
void Eepro100::restart() {
    if (receive_unit() == kReceiveUnitReady) return;
    settled_ = static_cast<std::uint16_t>(count_complete());
    if (settled_ == posted_) return;
    stalled_ = !command(Command::ReceiveStart, descriptor_address(receive_head_ + settled_));
}

net::Packet Eepro100::receive() {
    if (!open_) return net::Packet();
    reclaim();
    if (!settled_) settle();
    net::Packet packet;
    while (settled_ && !packet) {
        volatile FrameDescriptor& head = descriptor(receive_head_);
        std::size_t size = head.count & frame::kCountMask;
        bool good = (head.status & frame::kGood) && is_frame_size(size);
        packet = std::move(received_[receive_head_]);
        receive_head_ = (receive_head_ + 1) % kReceiveSlots;
        --posted_;
        --settled_;
        if (good) {
            packet.append(sizeof(FrameDescriptor) + size);
            packet.pull(sizeof(FrameDescriptor));
        } else {
            packet.drop();
        }
    }
    refill();
    if (stalled_) restart();
    return packet;
}

void Eepro100::reclaim() {
    while (used_ && (block(transmit_head_).status & block::kComplete)) {
        sending_[transmit_head_].drop();
        transmit_head_ = (transmit_head_ + 1) % kTransmitSlots;
        --used_;
    }
}

// The device suspends itself behind the new block instead of the one before it.
void Eepro100::put(std::uint16_t what) {
    block(transmit_tail_).status = 0;
    block(transmit_tail_).command = what | block::kSuspend;
    platform::dma_barrier();
    volatile CommandBlock& previous = block((transmit_tail_ + kTransmitSlots - 1) % kTransmitSlots);
    previous.command = static_cast<std::uint16_t>(previous.command & ~block::kSuspend);
    platform::dma_barrier();
    transmit_tail_ = (transmit_tail_ + 1) % kTransmitSlots;
    ++used_;
}

bool Eepro100::transmit(net::Packet& packet) {
    if (!open_ || !is_frame_size(packet.size())) {
        packet.drop();
        return true;
    }
    reclaim();
    if (used_ == kMostSending || !is_free()) return false;
    pad_frame(packet);
    volatile TransmitPart& part = block(transmit_tail_).transmit;
    part.buffers = memory_.bus_address_low() + transmit_tail_ * sizeof(CommandBlock) + 16;
    part.size = 0;
    part.threshold = kWholeFrame;
    part.count = 1;
    part.data = static_cast<std::uint32_t>(platform::bus_address(packet.data().data()));
    part.data_size = static_cast<std::uint32_t>(packet.size());
    sending_[transmit_tail_] = std::move(packet);
    put(block::kTransmit | block::kFlexible);
    // At 10 Mbit/s some chips miss it unless another command has come before it.
    if (state_.megabits == 10) {
        registers_.write8(offset(Register::ScbCommand), static_cast<std::uint8_t>(Command::Nop));
        (void)is_free();
    }
    registers_.write8(offset(Register::ScbCommand), static_cast<std::uint8_t>(Command::CommandResume));
    return true;
}

// The PHY is asked for more only when the link has come up. A device that has stopped without a frame that tells is noticed here; what
// carries out commands is never idle unless it has met with an error.
net::LinkState Eepro100::state() {
    if (!open_ || !sampler_.due()) return state_;
    std::uint16_t status = registers_.read16(offset(Register::ScbStatus));
    if (!(status & kCommandUnitMask)) {
        close();
        if (!open().ok()) return state_;
    } else if (receive_unit_state(status) != kReceiveUnitReady) {
        stalled_ = true;
    }
    if (!has_mii_) return state_ = {.up = true, .megabits = 10, .duplex = net::Duplex::Half};
    bool up = (phy_register(phy::kStatus) & phy::kLinkUp) || (phy_register(phy::kStatus) & phy::kLinkUp);
    if (up == state_.up) return state_;
    state_ = {.up = up};
    if (!up) return state_;
    unsigned common = phy_register(phy::kAdvertised) & phy_register(phy::kPartner);
    state_.megabits = common & (phy::k100Full | phy::k100Half) ? 100 : 10;
    bool full = common & (state_.megabits == 100 ? phy::k100Full : phy::k10Full);
    state_.duplex = full ? net::Duplex::Full : net::Duplex::Half;
    return state_;
}

}  // namespace drivers
