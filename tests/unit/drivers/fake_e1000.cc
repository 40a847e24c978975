#include "tests/unit/drivers/fake_e1000.h"

#include <platform/clock.h>

#include <cstring>

namespace {

constexpr std::uint32_t kCtrl = 0x0000, kStatus = 0x0008, kEecd = 0x0010, kEerd = 0x0014, kCtrlExt = 0x0018,
                        kMdic = 0x0020, kFcal = 0x0028, kFcah = 0x002c, kFct = 0x0030, kIcr = 0x00c0,
                        kIms = 0x00d0, kImc = 0x00d8, kRctl = 0x0100, kFcttv = 0x0170, kTctl = 0x0400,
                        kTipg = 0x0410, kRdbal = 0x2800, kRdtr = 0x2820, kTdbal = 0x3800, kTxdctl = 0x3828,
                        kRxcsum = 0x5000, kMta = 0x5200, kMtaEnd = 0x5400, kRal = 0x5400, kRah = 0x5404,
                        kRaEnd = 0x5480;
// 82576 data sheet, chapter 8.
constexpr std::uint32_t kSrrctl = 0x280c, kRxdctl = 0x2828, kPcsLctl = 0x4208, kSwsm = 0x5b50, kSwFwSync = 0x5b5c,
                        kUta = 0xa000, kUtaEnd = 0xa200;
constexpr std::uint32_t kRst = 1u << 26, kSlu = 1u << 6, kMasterDisable = 1u << 2;
constexpr std::uint32_t kEnable = 1u << 1;
constexpr unsigned kWindowBytes = 0x20000;

std::string hex(std::uint32_t value) {
    char text[16];
    std::snprintf(text, sizeof text, "%x", value);
    return text;
}

}  // namespace

FakeE1000::FakeE1000(const Model& model) : FakePciDevice(0x8086, model.device), model_(model) {
    if (model.is_pch()) pch.emplace(model.pch);
    if (model.pch == FakePch::Kind::Lan82573) {
        std::vector<std::uint8_t> express(18);
        express[14] = 3;  // L0s and L1
        link_control_ = static_cast<std::uint8_t>(add_capability(0x10, express) + 0x10);
        allow_config_write(link_control_, 3);
    }
    add_memory_window(0, model.window, kWindowBytes, model.express ? Width::Bits32 : Width::Bits64);
    add_io_window(2, 0xc040, 0x20);
    add_capability(0x01, {0x22, 0xc8, 0x00, 0x20, 0x00, 0x00});  // power management, in D0
    allow_config_write(0x44, 0x03);
    reset();
    resets = 0;
    written_.insert(kImc);  // power-on leaves interrupts off, but nobody should count on it
    written_.clear();
}

void FakeE1000::reset() {
    std::uint32_t rctl = model_.keeps_rctl ? registers_[kRctl] : 0;
    registers_ = {{kRctl, rctl}};
    written_.clear();
    registers_[kCtrlExt] = model_.sgmii ? 2u << 22 : 0;
    enabling_.clear();
    pcs_negotiates_ = false;
    if (model_.unicast_table)
        for (std::uint32_t at = kUta; at < kUtaEnd; at += 4) registers_[at] = 0xc3c3c3c3;
    receive_ = transmit_ = {};
    posted_.clear();
    to_send_.clear();
    frame_.clear();
    context_.reset();
    // Multicast table and transmit gap come up as anything.
    for (std::uint32_t at = kMta; at < kMtaEnd; at += 4) registers_[at] = 0xa5a5a5a5;
    for (std::uint32_t at = kRal + 8; at < kRaEnd; at += 4) registers_[at] = 0x5a5a5a5a;
    if (!model_.blank_eeprom) {
        std::uint32_t low = kMac[0] | kMac[1] << 8 | kMac[2] << 16 | std::uint32_t{kMac[3]} << 24;
        registers_[kRal] = low;
        registers_[kRah] = kMac[4] | (kMac[5] ^ model_.port) << 8 | 1u << 31;
    } else {
        registers_[kRal] = 0xffffffff;
        registers_[kRah] = 0x8000ffff;
    }
    interrupts_masked_ = false;
    link_forgotten_ = model_.forgets_link;
    ++resets;
}

// A receiver without a ring moves nothing.
bool FakeE1000::is_receiving() const {
    auto rctl = registers_.find(kRctl);
    return rctl != registers_.end() && (rctl->second & kEnable) && receive_.bytes && queue_runs(kRxdctl);
}

bool FakeE1000::in_reset() const {
    return platform::now() < reset_until_;
}

void FakeE1000::leave_running() {
    receive_.bytes = 4096;
    registers_[kRctl] = kEnable;
    registers_[kTctl] = kEnable;
    registers_[kIms] = 0x9d;
    if (model_.queues) enabling_ = {{kRxdctl, 0}, {kTxdctl, 0}};
}

void FakeE1000::set_link(bool up, unsigned megabits, net::Duplex duplex) {
    link_up_ = up;
    megabits_ = megabits;
    duplex_ = duplex;
}

bool FakeE1000::is_quiet() const {
    auto value = [&](std::uint32_t at) {
        auto found = registers_.find(at);
        return found == registers_.end() ? 0u : found->second;
    };
    return !(value(kRctl) & kEnable) && !(value(kTctl) & kEnable) && !is_master() && interrupts_masked_ &&
           !(value(kCtrlExt) & 1u << 28) && !(pch && pch->has_driver());
}

bool FakeE1000::known(std::uint32_t at, bool write) const {
    if (model_.unicast_table && at >= kUta && at < kUtaEnd) return true;
    if (pch && pch->has_register(at)) return true;
    if (is_in_chip_set() && at >= kRal + 8 && at < kRaEnd) return false;  // firmware's
    if (is_in_chip_set() && at >= kMta + 32 * 4 && at < kMtaEnd) return false;
    switch (at) {
        case kRxdctl:
            return model_.queues || (pch && pch->is_i219());
        case kSrrctl:
        case kSwsm:
        case kSwFwSync:
            return model_.queues;
        case kPcsLctl:
            return model_.sgmii;
        case kCtrl:
        case kCtrlExt:
        case kMdic:
        case kRctl:
        case kTctl:
        case kTipg:
        case kTxdctl:
        case kRxcsum:
            return true;
        case kFcal:
        case kFcah:
        case kFct:
        case kFcttv:
        case kRdtr:
            return !model_.queues;
        case kImc:
            return write;
        case kStatus:
        case kIcr:
            return !write;
        case kEecd:
            return !write && !is_in_chip_set();
        case kEerd:
            return model_.eeprom != Eeprom::None;
    }
    for (std::uint32_t ring : {kRdbal, kTdbal})
        if (at == ring || at == ring + 4 || at == ring + 8 || at == ring + 0x10 || at == ring + 0x18)
            return true;
    return (at >= kMta && at < kMtaEnd) || (at >= kRal && at < kRaEnd);
}

void FakeE1000::check_reserved(std::uint32_t at, std::uint32_t value) const {
    std::uint32_t reserved = 0;
    if (at == kRctl && !model_.express && (value & 1u << 26))
        host::violation("SECRC, which not all of the family have");
    if (at == kRctl) reserved = 1u << 0 | 1u << 10 | 1u << 11 | 1u << 14 | 1u << 21 | 1u << 24 | 0x1fu << 27;
    if (at == kTctl) reserved = 1u << 0 | 1u << 2 | 1u << 23 | (model_.express ? 7u << 29 : 0x3fu << 26);
    if (at == kTipg) reserved = 3u << 30;
    if (at == kRxcsum) reserved = ~0x7ffu;
    if (at == kRah + 0) reserved = 0x1fffu << 18;
    if (at == kCtrl) reserved = model_.express ? 1u << 1 | 1u << 4 : 1u << 1 | 1u << 2 | 1u << 4;
    if (model_.queues && at == kCtrl) reserved |= 1u << 3 | 1u << 5;
    if (is_in_chip_set() && at == kCtrl) reserved |= 1u << 5 | 1u << 31;  // the PHY may be firmware's
    if (pch && at == kRxdctl && value != (31u | 1u << 8 | 1u << 24)) host::violation("RXDCTL for nothing but a flush");
    if (model_.queues && (at == kTxdctl || at == kRxdctl)) reserved = 0xf9e0e0e0;
    if (at == kTxdctl && model_.express && !model_.queues && !(value & 1u << 22))
        host::violation("TXDCTL bit 22 must be 1");
    if (at == kSrrctl && value != (1u << 25 | 2))
        host::violation("SRRCTL: neither advanced one-buffer descriptors nor 2 KiB: " + hex(value));
    if (at == kTxdctl && !model_.express) reserved = 3u << 22;
    if (value & reserved)
        host::violation("reserved bits " + hex(value & reserved) + " written to " + hex(at));
}

std::uint32_t FakeE1000::read_status() const {
    std::uint32_t status = 0;
    auto ctrl = registers_.count(kCtrl) ? registers_.at(kCtrl) : 0;
    if (link_up_ && !link_forgotten_ && (ctrl & kSlu)) status |= 2;
    if (duplex_ == net::Duplex::Full) status |= 1;
    status |= model_.port << 2;
    status |= (megabits_ == 10 ? 0u : megabits_ == 100 ? 1u : 2u) << 6;
    if (model_.pcix) status |= 1u << 13;
    if (model_.express && !(ctrl & kMasterDisable) && is_master()) status |= 1u << 19;
    return status;
}

std::uint32_t FakeE1000::read_eerd() const {
    bool narrow = model_.eeprom == Eeprom::Narrow;
    unsigned word = eerd_ >> (narrow ? 8 : 2) & (narrow ? 0xff : 0x3fff);
    std::uint32_t data = 0xffff;
    if (word < 3 && !model_.blank_eeprom) data = kMac[2 * word] | kMac[2 * word + 1] << 8;
    return data << 16 | (narrow ? 1u << 4 : 1u << 1) | (eerd_ & (narrow ? 0xff00u : 0xfffcu));
}

std::uint32_t FakeE1000::read_window(unsigned bar, std::uint32_t at, unsigned size) {
    if (dead) return 0xffffffff;
    if (bar != 0 || size != 4 || at % 4 || !known(at, false)) {
        host::violation("read of " + std::to_string(size) + " bytes at " + hex(at));
        return 0xffffffff;
    }
    if (in_reset()) host::violation("register " + hex(at) + " read while the device resets");
    if (at == kStatus) return read_status();
    if (at == kEecd) return model_.express ? 1u << 9 : 0;
    if (at == kEerd) return read_eerd();
    if (at == kMdic) return mdic_;
    if (pch && pch->has_register(at)) return pch->read(at);
    if (at == kSwsm) return read_swsm();
    if (at == kSwFwSync) return sync_;
    if (model_.queues && (at == kRxdctl || at == kTxdctl)) return read_queue(at);
    if (at == kTdbal + 0x10 || at == kRdbal + 0x10)
        host::violation("head registers say nothing reliable while the ring runs");
    if (at == kRdbal + 8) return receive_.bytes;
    return registers_[at];
}

void FakeE1000::write_window(unsigned bar, std::uint32_t at, unsigned size, std::uint32_t value) {
    if (dead) return;
    if (bar != 0 || size != 4 || at % 4 || !known(at, true))
        return host::violation("write of " + std::to_string(size) + " bytes at " + hex(at));
    if (in_reset()) host::violation("register " + hex(at) + " written while the device resets");
    check_reserved(at, value);
    written_.insert(at);
    if (at == kCtrl) return write_ctrl(value);
    if (at == kRctl) return write_rctl(value);
    if (at == kTctl) return write_tctl(value);
    if (at == kMdic) return write_mdic(value);
    if (pch && pch->has_register(at)) return pch->write(at, value);
    if (at == kSwsm) return write_swsm(value);
    if (at == kSwFwSync) return write_sync(value);
    if (at == kPcsLctl) write_pcs(value);
    if (model_.queues && (at == kRxdctl || at == kTxdctl)) return write_queue(at, value);
    if (at == kImc) interrupts_masked_ = value == 0xffffffff;
    if (at == kEerd) eerd_ = value;
    if (at >= kRdbal && at <= kRdbal + 0x18 && at != kSrrctl)
        return write_ring(receive_, at - kRdbal, value,
                          model_.queues ? enabling_.count(kRxdctl) : !model_.keeps_rctl && registers_[kRctl] & kEnable);
    if (at >= kTdbal && at <= kTdbal + 0x18)
        return write_ring(transmit_, at - kTdbal, value,
                          model_.queues ? enabling_.count(kTxdctl) : registers_[kTctl] & kEnable);
    registers_[at] = value;
}

void FakeE1000::write_ctrl(std::uint32_t value) {
    if (value & kRst) {
        if (!interrupts_masked_) host::violation("reset with interrupts unmasked");
        if (is_receiving() || (registers_[kTctl] & kEnable)) host::violation("reset while the rings run");
        if (model_.express && (read_status() & 1u << 19)) host::violation("reset while mastering the bus");
        if (needs_flush()) host::violation("reset with descriptors in the rings: it hangs");
        if (pch) pch->check_reset();
        reset();
        reset_until_ = platform::now() + (pch             ? util::Duration::milliseconds(20)
                                          : model_.queues ? util::Duration::milliseconds(5)
                                                          : util::Duration::microseconds(1));
        return;
    }
    registers_[kCtrl] = value;
    if (pch) pch->force_speed((value & 1u << 11) && !(value & 3u << 8));
}

void FakeE1000::write_mdic(std::uint32_t value) {
    if (pch) {
        mdic_ = pch->access_phy(value, registers_[kCtrlExt] & 1u << 11, phy_control_);
        return;
    }
    unsigned reg = value >> 16 & 0x1f, phy = value >> 21 & 0x1f, operation = value >> 26 & 3;
    if (phy != 1 || reg != 0) host::violation("MDIC: unknown PHY register");
    if (model_.queues && !(sync_ & phy_flag())) host::violation("PHY used without its semaphore");
    if (operation == 1) phy_control_ = static_cast<std::uint16_t>(value);
    if (operation == 1 && (value & 0x0200)) {
        link_forgotten_ = false;
        ++negotiations;
    }
    if (operation == 1 && !(value & 0x0200)) host::violation("PHY woken without negotiating anew");
    mdic_ = (value & 0x0fff0000) | phy_control_ | 1u << 28;
}

// A queue of the 82575 and later takes a while to start; of other chips there is nothing to start.
bool FakeE1000::queue_runs(std::uint32_t at) const {
    if (!model_.queues) return true;
    auto found = enabling_.find(at);
    return found != enabling_.end() && found->second == 0;
}

std::uint32_t FakeE1000::read_queue(std::uint32_t at) {
    auto found = enabling_.find(at);
    if (found != enabling_.end() && found->second) --found->second;
    return (registers_[at] & ~(1u << 25)) | (queue_runs(at) ? 1u << 25 : 0);
}

void FakeE1000::write_queue(std::uint32_t at, std::uint32_t value) {
    const Ring& ring = at == kRxdctl ? receive_ : transmit_;
    if (!(value & 1u << 25)) {
        enabling_.erase(at);
    } else if (!enabling_.count(at)) {
        if (!ring.bytes) host::violation("queue enabled without a ring");
        if (at == kRxdctl && !written_.count(kSrrctl)) host::violation("receive queue enabled with SRRCTL unset");
        enabling_[at] = 3;
    }
    registers_[at] = value;
}

void FakeE1000::check_receive_queue() {
    if (!queue_runs(kRxdctl)) host::violation("receiver enabled without its queue");
    if (!model_.unicast_table) return;
    for (std::uint32_t at = kUta; at < kUtaEnd; at += 4)
        if (registers_[at]) return host::violation("unicast table left as it came up");
}

// SWSM.SMBI: whoever reads 0 has it. SWESMBI stays 0 as long as firmware has it.
std::uint32_t FakeE1000::read_swsm() {
    std::uint32_t value = (smbi_ ? 1u : 0) | (swesmbi_ ? 2u : 0);
    smbi_ = true;
    return value;
}

void FakeE1000::write_swsm(std::uint32_t value) {
    if ((value & 2) && !smbi_) host::violation("SWESMBI wanted without SMBI");
    if (!(value & 1)) smbi_ = false;
    swesmbi_ = (value & 2) && !firmware_semaphore_;
}

void FakeE1000::write_sync(std::uint32_t value) {
    if (!smbi_ || !swesmbi_) host::violation("SW_FW_SYNC written without SWSM");
    if ((value ^ sync_) & ~phy_flag()) host::violation("SW_FW_SYNC: flags of others changed");
    if ((value & phy_flag()) && (sync_ & phy_flag() << 16)) host::violation("the PHY is firmware's");
    sync_ = value;
}

void FakeE1000::write_pcs(std::uint32_t value) {
    if (value & (1u << 4 | 1u << 5)) host::violation("SGMII forced");
    if (value & 1u << 18) host::violation("SGMII negotiates with a time-out");
    pcs_negotiates_ = (value >> 16 & 3) == 3;
}

void FakeE1000::write_ring(Ring& ring, std::uint32_t reg, std::uint32_t value, bool enabled) {
    if (reg == 0x18) {
        if (ring.count() == 0 || value >= ring.count()) return host::violation("tail beyond the ring");
        if (model_.queues && value && !queue_runs(&ring == &receive_ ? kRxdctl : kTxdctl))
            host::violation("tail moved before the queue said that it is enabled");
        if (&ring == &receive_) return take_receive_descriptors(value);
        return take_transmit_descriptors(value);
    }
    if (enabled) host::violation("ring set up while it runs");
    if (!resets) host::violation("ring set up before the device was reset");
    if (reg == 0x00) ring.base = (ring.base & ~0xffffffffull) | value;
    if (reg == 0x04) ring.base = (ring.base & 0xffffffffull) | std::uint64_t{value} << 32;
    if (reg == 0x08) ring.bytes = value;
    if (reg == 0x10) ring.head = value;
    if (reg == 0x00 && value % 16) host::violation("ring not aligned to 16 bytes");
    if (reg == 0x08 && (value % 128 || value == 0 || value > 1u << 20))
        host::violation("ring length " + hex(value));
    if (reg == 0x10 && value != 0) host::violation("head not set to 0");
}

std::array<std::uint8_t, 6> FakeE1000::station() const {
    std::array<std::uint8_t, 6> mac;
    for (unsigned i = 0; i < 6; ++i) mac[i] = static_cast<std::uint8_t>(registers_.at(i < 4 ? kRal : kRah) >> 8 * (i % 4));
    return mac;
}

// The I219's way to take its receive descriptors back: fetched by descriptors, for a moment.
bool FakeE1000::flushes() const {
    auto rxdctl = registers_.find(kRxdctl);
    return pch && rxdctl != registers_.end() && (rxdctl->second & 1u << 24);
}

std::uint32_t FakeE1000::read_config(std::uint8_t offset, unsigned size) {
    if (offset == 0xe4 && pch && pch->is_i219()) return needs_flush() ? 0x100 : 0;
    return FakePciDevice::read_config(offset, size);
}

void FakeE1000::write_rctl(std::uint32_t value) {
    ++rctl_writes;
    if (flushes()) {
        if (value & kEnable) posted_.clear();
        registers_[kRctl] = value;
        return;
    }
    if ((value & kEnable) && !(registers_[kRctl] & kEnable)) {
        if (!receive_.bytes) host::violation("receiver enabled without a ring");
        if (!written_.count(kRdbal + 0x10)) host::violation("receiver enabled before RDH was set");
        if (model_.queues) check_receive_queue();
        if (!is_master()) host::violation("receiver enabled without bus mastering");
        if (link_control_ && read_config(link_control_, 1) & 3) host::violation("receiver enabled with ASPM, which stops this chip");
        if (!interrupts_masked_) host::violation("receiver enabled with interrupts unmasked");
        for (std::uint32_t at = kMta; at < (is_in_chip_set() ? kMta + 32 * 4 : kMtaEnd); at += 4)
            if (registers_[at] == 0xa5a5a5a5) return host::violation("multicast table left as it came up");
        for (std::uint32_t at = kRal; at < (is_in_chip_set() ? kRal + 8 : kRaEnd); at += 4)
            if (!written_.count(at)) return host::violation("receive addresses left as they came up");
        if (value & (1u << 5)) host::violation("long frames enabled, for which the buffers are too small");
        if (value & (3u << 16 | 1u << 25)) host::violation("buffer size is not 2048");
        if (value & (1u << 3 | 1u << 2)) host::violation("promiscuous, or bad frames stored");
        if (!(value & 1u << 15)) host::violation("broadcast not accepted");
    }
    registers_[kRctl] = value;
}

void FakeE1000::write_tctl(std::uint32_t value) {
    if ((value & kEnable) && !(registers_[kTctl] & kEnable)) {
        if (!transmit_.bytes) host::violation("transmitter enabled without a ring");
        if (!queue_runs(kTxdctl)) host::violation("transmitter enabled without its queue");
        if (is_in_chip_set()) pch->check_transmitter();
        if (!written_.count(kTipg)) host::violation("transmitter enabled with TIPG unset");
        if ((value >> 4 & 0xff) != 0x0f) host::violation("collision threshold is not the recommended one");
        if ((value >> 12 & 0x3ff) != 0x40) host::violation("collision distance is not the recommended one");
    }
    registers_[kTctl] = value;
}

void FakeE1000::take_receive_descriptors(std::uint32_t tail) {
    for (; receive_.tail != tail; receive_.tail = (receive_.tail + 1) % receive_.count()) {
        std::uint64_t at = receive_.base + 16 * receive_.tail;
        auto descriptor = dma(at, 16);
        if (descriptor.empty()) return;
        std::uint64_t buffer;
        std::memcpy(&buffer, descriptor.data(), 8);
        if (descriptor[model_.queues ? 8 : 12] != std::byte{0}) host::violation("receive descriptor given with its status set");
        for (std::size_t i = 8; model_.queues && i < 16; ++i)
            if (descriptor[i] != std::byte{0}) return host::violation("a header buffer, which one-buffer descriptors do not have");
        for (const Posted& posted : posted_)
            if (buffer < posted.buffer + 2048 && posted.buffer < buffer + 2048)
                host::violation("buffers overlap");
        if (dma(buffer, 2048).empty()) return;
        posted_.push_back({at, buffer});
    }
    if (posted_.size() >= receive_.count()) host::violation("tail has overtaken head");
}

// 82576 data sheet, 7.1.5: RSS type, packet type and hash where the address was; status 20 bits and errors 12 bits, of which the
// upper 8 are those of a legacy descriptor; length; VLAN tag.
void FakeE1000::write_back_advanced(std::span<std::byte> descriptor, std::uint16_t length, How how) {
    std::uint32_t findings = std::uint32_t{how.errors} << 24 | how.status;
    std::uint16_t tag = 0xbeef;
    std::memset(descriptor.data(), 0xee, 8);
    std::memcpy(&descriptor[8], &findings, 4);
    std::memcpy(&descriptor[12], &length, 2);
    std::memcpy(&descriptor[14], &tag, 2);
}

bool FakeE1000::deliver(std::span<const std::byte> frame, How how) {
    if (dead || !(registers_[kRctl] & kEnable) || !queue_runs(kRxdctl) || posted_.empty() || !link_up_) return false;
    Posted posted = posted_.front();
    posted_.pop_front();
    unsigned frame_check = registers_[kRctl] & 1u << 26 ? 0 : 4;
    auto buffer = dma(posted.buffer, std::min<std::size_t>(frame.size() + frame_check, 2048));
    auto descriptor = dma(posted.descriptor, 16);
    if (buffer.empty() || descriptor.empty()) return false;
    std::memcpy(buffer.data(), frame.data(), std::min(frame.size(), buffer.size()));
    auto length = how.length.value_or(static_cast<std::uint16_t>(frame.size() + frame_check));
    if (model_.queues) {
        write_back_advanced(descriptor, length, how);
        return true;
    }
    std::memcpy(&descriptor[8], &length, 2);
    descriptor[12] = std::byte{how.status};
    descriptor[13] = std::byte{how.errors};
    return true;
}

void FakeE1000::take_transmit_descriptors(std::uint32_t tail) {
    if (!(registers_[kTctl] & kEnable) && tail != transmit_.tail)
        host::violation("tail moved while not enabled");
    for (; transmit_.tail != tail; transmit_.tail = (transmit_.tail + 1) % transmit_.count())
        to_send_.push_back(transmit_.base + 16 * transmit_.tail);
    if (to_send_.size() >= transmit_.count()) host::violation("tail has overtaken head");
    if (needs_flush() && pch->read(0x5bbc) & 1u << 13) return flush_transmit_ring();
    if (sends_at_once) finish_sending();
}

// The last descriptor is one that is not sent: of the ring itself, 512 bytes.
void FakeE1000::flush_transmit_ring() {
    if (to_send_.empty()) return;
    auto last = dma(to_send_.back(), 16);
    std::uint64_t address;
    std::memcpy(&address, last.data(), 8);
    bool dummy = address == transmit_.base && last[9] == std::byte{2} && last[11] == std::byte{2};
    if (dummy) return to_send_.clear();
    if (sends_at_once) finish_sending();
}

void FakeE1000::finish_sending() {
    for (; !to_send_.empty(); to_send_.pop_front()) {
        auto descriptor = dma(to_send_.front(), 16);
        if (descriptor.empty()) return;
        std::uint64_t address;
        std::uint16_t length;
        std::memcpy(&address, &descriptor[0], 8);
        std::memcpy(&length, &descriptor[8], 2);
        auto command = std::to_integer<unsigned>(descriptor[11]);
        if (descriptor[12] != std::byte{0}) host::violation("transmit descriptor given with its status set");
        if ((command & 0x20) && descriptor[10] == std::byte{0}) {
            take_context(descriptor);
            descriptor[12] = std::byte{1};
            continue;
        }
        check_command(descriptor);
        if (length == 0) host::violation("transmit descriptor of length 0");
        auto data = dma(address, length);
        if (data.empty()) return;
        // The 82544's erratum in PCI-X mode.
        if (model_.pcix && model_.eeprom == Eeprom::None && length > 4 && !((address + length - 1) & 4))
            host::violation("the device hangs: a buffer ends in the lower half of 8 bytes");
        frame_.insert(frame_.end(), data.begin(), data.end());
        ++pieces_;
        descriptor[12] = std::byte{1};
        if (!(command & 1)) continue;
        if (command & 0x04) {
            cut_frame();
            after_cut_ = true;
            continue;
        }
        if (after_cut_ && pieces_ == 1) host::violation("reported as sent too early: one piece behind a cut packet");
        after_cut_ = false;
        if (frame_.size() < 60 || frame_.size() > 1518)
            host::violation("frame of " + std::to_string(frame_.size()));
        sent.push_back(std::move(frame_));
        frame_.clear();
        split_frames += pieces_ > 1;
        pieces_ = 0;
    }
}

// The length is the payload's, 20 bits of it; DTYP is 0.
void FakeE1000::take_context(std::span<const std::byte> descriptor) {
    auto byte = [&](unsigned at) { return std::to_integer<unsigned>(descriptor[at]); };
    auto word = [&](unsigned at) { return byte(at) | byte(at + 1) << 8; };
    if (byte(11) != 0x2f) host::violation("context command " + hex(byte(11)));
    if (!frame_.empty()) host::violation("context within a packet");
    context_ = {byte(0), byte(1), word(2), byte(4), byte(5), word(8) | (byte(10) & 15) << 16, byte(13), word(14)};
    if (word(6)) host::violation("TCP ends somewhere");
}

void FakeE1000::check_command(std::span<const std::byte> descriptor) {
    auto byte = [&](unsigned at) { return std::to_integer<unsigned>(descriptor[at]); };
    unsigned command = byte(11);
    if (model_.queues && (command & 0x20)) host::violation("neither a legacy descriptor nor an advanced one");
    if ((command & 0x0a) != 0x0a) host::violation("neither FCS nor report wanted");
    if (!(command & 0x20)) {
        if (command & ~0x0bu) host::violation("transmit command " + hex(command));
        if (byte(10) || byte(13)) host::violation("transmit descriptor not cleared");
        return;
    }
    if (byte(10) != 0x10) host::violation("descriptor of type " + hex(byte(10) >> 4));
    if (command & ~0x2fu) host::violation("transmit command " + hex(command));
    if (!(command & 0x04)) host::violation("data descriptor of a packet that is not to be cut");
    if (!context_) host::violation("a packet to be cut without a context");
    if (byte(13) != (frame_.empty() ? 3u : 0u)) host::violation("POPTS " + hex(byte(13)));
}

// SDM 3.5: headers are those of the first segment; length, identification, sequence number, PSH and FIN, and both checksums
// are the device's work.
void FakeE1000::cut_frame() {
    auto whole = std::move(frame_);
    frame_.clear();
    pieces_ = 0;
    if (!context_) return;
    Context c = *context_;
    if (c.ip_start != 14 || c.ip_sum_at != 24 || c.ip_end != c.tcp_start - 1 || c.tcp_sum_at != c.tcp_start + 16)
        return host::violation("the context does not say where the headers are");
    if (whole.size() != c.header + c.payload) return host::violation("PAYLEN is not the payload's");
    if (!c.segment || c.header + c.segment > 1514) return host::violation("MSS " + std::to_string(c.segment));
    auto put = [](std::byte* at, std::uint32_t value, unsigned size) {
        for (unsigned i = 0; i < size; ++i) at[i] = static_cast<std::byte>(value >> 8 * (size - 1 - i));
    };
    auto get = [](const std::byte* at, unsigned size) {
        std::uint32_t value = 0;
        for (unsigned i = 0; i < size; ++i) value = value << 8 | std::to_integer<std::uint32_t>(at[i]);
        return value;
    };
    auto sum = [&](std::span<const std::byte> bytes) {
        std::uint32_t total = 0;
        for (std::size_t i = 0; i < bytes.size(); ++i) total += std::to_integer<std::uint32_t>(bytes[i]) << (i % 2 ? 0 : 8);
        while (total >> 16) total = (total & 0xffff) + (total >> 16);
        return total;
    };
    std::byte* header = whole.data();
    if (get(header + 16, 2) || get(header + 24, 2)) host::violation("IPv4 length or checksum is not zero");
    std::uint32_t sequence = get(header + c.tcp_start + 4, 4), identification = get(header + 18, 2);
    std::byte flags = header[c.tcp_start + 13];
    for (unsigned at = 0; at < c.payload; at += c.segment, ++identification) {
        unsigned size = std::min(c.segment, c.payload - at);
        bool last = at + size == c.payload;
        std::vector<std::byte> one(whole.begin(), whole.begin() + c.header);
        one.insert(one.end(), whole.begin() + c.header + at, whole.begin() + c.header + at + size);
        put(&one[16], static_cast<std::uint32_t>(one.size() - 14), 2);
        put(&one[18], identification, 2);
        put(&one[c.tcp_start + 4], sequence + at, 4);
        if (!last) one[c.tcp_start + 13] = flags & ~std::byte{0x09};
        put(&one[24], ~sum(std::span(one).subspan(14, c.tcp_start - 14)), 2);
        auto tcp = std::span(one).subspan(c.tcp_start);
        auto length = static_cast<std::uint32_t>(tcp.size());
        std::uint32_t total = get(&tcp[16], 2) + length;  // the pseudo-header's sum lacks the length
        put(&tcp[16], (total & 0xffff) + (total >> 16), 2);
        put(&tcp[16], ~sum(tcp), 2);
        sent.push_back(std::move(one));
    }
    ++cut_packets;
}
