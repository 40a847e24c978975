#include "drivers/e1000.h"

#include "drivers/frame.h"
#include "drivers/wait.h"

namespace drivers {

using namespace e1000;

namespace {

constexpr util::Duration kResetTime = util::Duration::milliseconds(1);  // at least 1 us, SDM 13.4.1
constexpr util::Duration kLongResetTime = util::Duration::milliseconds(20);  // 82575 and later: 5 ms; PCH: 20
constexpr util::Duration kEepromTime =
    util::Duration::milliseconds(20);  // reading the EEPROM after reset, one word
constexpr util::Duration kQuietTime =
    util::Duration::milliseconds(10);  // frames under way when it is stopped
constexpr util::Duration kMasterTime =
    util::Duration::milliseconds(80);  // PCI Express completions outstanding
constexpr util::Duration kQueueTime = util::Duration::milliseconds(10);
constexpr std::uint32_t kAllOnes = 0xffffffff;                        // what nobody's registers read as

}  // namespace

E1000::E1000(const Chip& chip, platform::PciAddress address, net::PacketPool& pool)
    : pci_(address),
      traits_(chip.traits),
      identity_(pci_.identity(chip.driver, chip.name)),
      receive_ring_(pool, chip.traits & kWithin64K ? Boundaries::Within64K : Boundaries::Free,
                    chip.traits & kExpress ? FrameCheck::Stripped : FrameCheck::Kept,
                    chip.traits & kQueues ? Format::Advanced : Format::Legacy) {}

util::Result<util::Owned<net::Link>> E1000::probe(const Chip& chip, platform::PciAddress address,
                                                  net::PacketPool& pool) {
    auto link = TRY(util::make_owned<E1000>(chip, address, pool));
    TRY(link->identify());
    return util::Owned<net::Link>(std::move(link));
}

// Who it is, before anything is changed.
util::Result<void> E1000::identify() {
    BaseAddress bar = pci_.base_address(0);
    if (!bar.is_reachable_memory()) return kRegistersOutOfReach;
    registers_ = platform::Mmio(bar.base);
    pci_.enable(PciFunction::Access::Registers);
    bool answers = read(Register::Status) != kAllOnes;
    bool known = answers && (read_address_from_eeprom() || read_address_from_filter());
    pci_.disable();
    if (!answers) return kNoAnswer;
    if (!known) return kNoMacAddress;
    return {};
}

bool E1000::read_eeprom(unsigned word, std::uint16_t& value) const {
    bool narrow = has(kEerdNarrow);
    std::uint32_t done = narrow ? eerd::kDoneNarrow : eerd::kDoneWide;
    unsigned shift = narrow ? eerd::kAddressShiftNarrow : eerd::kAddressShiftWide;
    write(Register::Eerd, eerd::kStart | word << shift);
    std::uint32_t answer = 0;
    if (!wait_until([&] { return (answer = read(Register::Eerd)) & done; }, kEepromTime)) return false;
    value = static_cast<std::uint16_t>(answer >> eerd::kDataShift);
    return true;
}

// Words 0 to 2, low byte first (SDM 5.6.1). The second port of a dual chip has the first one's address with
// the last bit turned.
bool E1000::read_address_from_eeprom() {
    if (!has(kEerdNarrow | kEerdWide)) return false;
    net::MacAddress address;
    for (unsigned word = 0; word < 3; ++word) {
        std::uint16_t value;
        if (!read_eeprom(word, value)) return false;
        address.octets[2 * word] = static_cast<std::uint8_t>(value);
        address.octets[2 * word + 1] = static_cast<std::uint8_t>(value >> 8);
    }
    if (read(Register::Status) >> status::kFunctionIdShift & 1) address.octets[5] ^= 1;
    if (!is_unicast(address)) return false;
    mac_ = address;
    return true;
}

// Hardware loads the first receive address from its EEPROM at power-on.
bool E1000::read_address_from_filter() {
    std::uint32_t low = read(Register::Ral), high = read(Register::Rah);
    for (unsigned i = 0; i < 4; ++i) mac_.octets[i] = static_cast<std::uint8_t>(low >> (8 * i));
    for (unsigned i = 0; i < 2; ++i) mac_.octets[4 + i] = static_cast<std::uint8_t>(high >> (8 * i));
    return (high & kRahAddressValid) && is_unicast(mac_);
}

util::Result<void> E1000::open() {
    if (open_) return {};
    pci_.enable(PciFunction::Access::RegistersAndDma);
    if (has(k82573Only)) pci_.switch_aspm_off();
    open_ = true;
    auto opened = reset();
    if (opened.ok()) opened = open_rings();
    if (!opened.ok()) {
        close();
        return opened;
    }
    set_up_link();
    set_up_filters();
    start_receiver();
    start_transmitter();
    sampler_.restart();
    return {};
}

util::Result<void> E1000::open_rings() {
    bool pcix = read(Register::Status) & status::kPcixMode;
    TRY(transmit_ring_.open(has(kBufferEnds) && pcix ? BufferEnds::UpperDword : BufferEnds::Free));
    return receive_ring_.open();
}

void E1000::close() {
    if (!open_) return;
    open_ = false;
    (void)reset();
    say_driver_is_there(false);
    pci_.disable();
    receive_ring_.close();
    transmit_ring_.close();
    state_ = {};
}

// No interrupts, nothing moving: what must be before a reset (SDM 14.3, 82574 section 4.6.3). A receiver without a ring moves nothing,
// and is left as it is: the ROM may have enabled it early (arch/prefix/early_receiver.inc).
void E1000::stop() {
    write(Register::Imc, kAllOnes);
    bool receives = read(Register::Rdlen);
    bool moving = receives || (read(Register::Tctl) & tctl::kEn);
    if (receives) write(Register::Rctl, 0);
    write(Register::Tctl, tctl::kPsp);
    (void)read(Register::Status);  // posted writes arrive
    if (moving) wait(kQuietTime);
    if (has(kI219)) flush_rings();
    if (has(kExpress)) {
        write(Register::Ctrl, read(Register::Ctrl) | ctrl::kGioMasterDisable);
        (void)wait_until([this] { return !(read(Register::Status) & status::kGioMasterEnable); },
                         kMasterTime);
    }
}

// The PCH is reset without its PHY, which firmware may use, and whose link stays up. Reading configuration space keeps the accesses apart.
util::Result<void> E1000::reset() {
    stop();
    if (has(kIch8)) {
        write(Register::Pba, kPba8);
        write(Register::Pbs, kPbs16);
    }
    if (has(kFlag)) {
        (void)acquire_software_flag();
        (void)pci_.read32(0);
    }
    write(Register::Ctrl, read(Register::Ctrl) | ctrl::kRst);
    wait(has(kQueues | kFlag) ? kLongResetTime : kResetTime);
    bool back = wait_until([this] { return !(read(Register::Ctrl) & ctrl::kRst); }, kEepromTime);
    if (has(kFlag)) release_software_flag();
    // A chip without an EEPROM never says that it has read it.
    if (has(kExpress) && !has(kPch))
        (void)wait_until([this] { return read(Register::Eecd) & eecd::kAutoRd; }, kEepromTime);
    write(Register::Imc, kAllOnes);
    (void)read(Register::Icr);
    return back && read(Register::Status) != kAllOnes ? util::Result<void>{} : kNoAnswer;
}

// To management firmware.
void E1000::say_driver_is_there(bool there) const {
    if (!has(kExpress)) return;
    bool in_swsm = has(k82573Only);
    Register at = in_swsm ? Register::Swsm : Register::CtrlExt;
    std::uint32_t bit = in_swsm ? swsm::kDrvLoad : ctrl_ext::kDrvLoad;
    std::uint32_t others = read(at) & ~(in_swsm ? bit | swsm::kSmbi : bit);
    write(at, there ? others | bit : others);
}

// Lets MAC and PHY find speed and duplex; a link that is up stays up (SDM 14.5).
void E1000::set_up_link() const {
    constexpr std::uint32_t kOff = ctrl::kLrst | ctrl::kIlos | ctrl::kFrcspd | ctrl::kFrcdplx | ctrl::kRfce |
                                   ctrl::kTfce | ctrl::kVme | ctrl::kPhyRst | ctrl::kGioMasterDisable;
    std::uint32_t on = ctrl::kSlu | (has(kQueues | kPch) ? 0 : ctrl::kAsde);
    if (has(kPch)) set_up_pch();
    if (has(kUlp)) leave_ultra_low_power();
    write(Register::Ctrl, (read(Register::Ctrl) & ~kOff) | on);
    say_driver_is_there(true);
    if (has(kQueues)) {
        set_up_pcs();
    } else {
        for (Register flow_control : {Register::Fcal, Register::Fcah, Register::Fct, Register::Fcttv})
            write(flow_control, 0);
    }
    wake_phy();
}

// To a PHY outside the chip, as with the I354, goes SGMII, over which MAC and PHY negotiate (82576 data sheet, 3.5.3).
bool E1000::is_sgmii() const {
    return (read(Register::CtrlExt) >> ctrl_ext::kLinkModeShift & ctrl_ext::kLinkModeMask) == ctrl_ext::kSgmii;
}

void E1000::set_up_pcs() const {
    if (!is_sgmii()) return;
    constexpr std::uint32_t kOff = pcs_lctl::kFsd | pcs_lctl::kForceLink | pcs_lctl::kAnTimeoutEnable;
    write(Register::PcsLctl, (read(Register::PcsLctl) & ~kOff) | pcs_lctl::kAnEnable | pcs_lctl::kAnRestart);
}

// Our address, broadcast, and all multicast. The other addresses of a PCH are firmware's.
void E1000::set_up_filters() const {
    const auto& o = mac_.octets;
    write(Register::Ral, o[0] | o[1] << 8 | o[2] << 16 | std::uint32_t{o[3]} << 24);
    write(Register::Rah, o[4] | o[5] << 8 | kRahAddressValid);
    for (unsigned i = 1; i < (has(kPch) ? 1 : kReceiveAddresses); ++i) {
        write(Register::Ral, i, 8, 0);
        write(Register::Rah, i, 8, 0);
    }
    for (unsigned i = 0; i < (has(kPch) ? kMtaWordsPch : kMtaWords); ++i) write(Register::Mta, i, 4, 0);
    if (has(kUnicastTable))
        for (unsigned i = 0; i < kUtaWords; ++i) write(Register::Uta, i, 4, 0);
}

// The ring is set up, and its tail is written once the queue says that it is enabled (82576 data sheet, 4.5.9 and 4.5.10).
void E1000::enable_queue(Register control, std::uint32_t value) const {
    write(control, value);
    (void)wait_until([&] { return read(control) & queue::kEnable; }, kQueueTime);
}

// SDM 14.4: the ring first, the enable bit last; behind that only the tail of a queue.
void E1000::start_receiver() {
    const DmaMemory& memory = receive_ring_.memory();
    if (!has(kQueues)) write(Register::Rdtr, 0);
    write(Register::Rdbal, memory.bus_address_low());
    write(Register::Rdbah, memory.bus_address_high());
    write(Register::Rdlen, static_cast<std::uint32_t>(memory.size()));
    write(Register::Rdh, 0);
    if (has(kQueues)) {
        write(Register::Srrctl, kSrrctlAdvanced2048);
        enable_queue(Register::Rxdctl, queue::kReceive);
    } else {
        write(Register::Rdt, receive_ring_.tail());
    }
    write(Register::Rxcsum, rxcsum::kIpofl | rxcsum::kTuofl);
    std::uint32_t strip = has(kExpress) ? rctl::kSecrc : 0;
    // QEMU's reset keeps RCTL, and its 82540EM takes no frame for a second after a write.
    if (read(Register::Rctl) != kReceive) write(Register::Rctl, kReceive | strip);
    if (has(kQueues)) write(Register::Rdt, receive_ring_.tail());
}

// SDM 14.5.
void E1000::start_transmitter() {
    const DmaMemory& memory = transmit_ring_.memory();
    write(Register::Tdbal, memory.bus_address_low());
    write(Register::Tdbah, memory.bus_address_high());
    write(Register::Tdlen, static_cast<std::uint32_t>(memory.size()));
    write(Register::Tdh, 0);
    write(Register::Tdt, 0);
    if (has(kQueues))
        enable_queue(Register::Txdctl, queue::kTransmit);
    else if (has(kExpress))
        write(Register::Txdctl, txdctl::kGran | txdctl::kMustBeOne | txdctl::kWthresh1);
    write(Register::Tipg, has(e1000::kIpgt8) ? tipg::kIpgt8 : tipg::kIpgt10);
    write(Register::Tctl, kTransmitting);
}

// Not at 10 and 100 Mbit/s, where some of the PCI Express chips do it wrong, and it gains nothing.
std::size_t E1000::segmentation_limit() const {
    return has(kCuts) && state_.megabits == 1000 ? TransmitRing::kMostToCut : 0;
}

bool E1000::transmit(net::Packet& packet) {
    if (!open_ || (!is_frame_size(packet.size()) && !packet.buffer().segment_size)) {
        packet.drop();
        return true;
    }
    transmit_ring_.reclaim();
    if (!transmit_ring_.put(packet)) return false;
    write(Register::Tdt, transmit_ring_.tail());
    return true;
}

net::Packet E1000::receive() {
    if (!open_) return net::Packet();
    transmit_ring_.reclaim();
    net::Packet packet = receive_ring_.next();
    if (receive_ring_.refill()) write(Register::Rdt, receive_ring_.tail());
    return packet;
}

net::LinkState E1000::state() {
    if (!open_ || !sampler_.due()) return state_;
    std::uint32_t now = read(Register::Status);
    net::LinkState before = std::exchange(state_, {});
    if (now == kAllOnes || !(now & status::kLu)) return state_;
    constexpr std::uint16_t kMegabits[] = {10, 100, 1000, 1000};
    state_ = {.up = true,
              .megabits = kMegabits[now >> status::kSpeedShift & 3],
              .duplex = now & status::kFd ? net::Duplex::Full : net::Duplex::Half};
    if (has(kSpeeds | kNoK1) && before != state_) tune_to_speed();
    return state_;
}

}  // namespace drivers
