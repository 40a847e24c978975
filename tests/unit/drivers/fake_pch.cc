#include "tests/unit/drivers/fake_pch.h"

#include <platform/clock.h>

#include "tests/host/fake_bus.h"

namespace {

constexpr std::uint32_t kFextnvm4 = 0x0024, kFextnvm7 = 0x00e4, kExtcnfCtrl = 0x0f00, kIosfpc = 0x0f28, kTarc0 = 0x3840, kRfctl = 0x5008,
                        kKmrnctrlsta = 0x0034, kPba = 0x1000, kPbs = 0x1008, kCrcOffset = 0x5f50, kSwsmOf82573 = 0x5b50, kH2me = 0x5b50, kFwsm = 0x5b54, kFextnvm11 = 0x5bbc, kFfltDbg = 0x5f04;
constexpr std::uint32_t kSwflag = 1u << 5;
constexpr unsigned kMdioMode = 769 << 5 | 16, kPortGeneral = 769 << 5 | 17, kKumeran = 770 << 5 | 19, kSmbusControl = 769 << 5 | 23, kPowerControl = 770 << 5 | 17, kPllGate = 772 << 5 | 28,
                   kPointerGap = 776 << 5 | 20, kUlpConfig = 779 << 5 | 16;

}  // namespace

FakePch::FakePch(Kind kind) : kind_(kind) {
    registers_ = {{kExtcnfCtrl, 0}};
    if (is(Kind::Lan82573)) registers_[kSwsmOf82573] = 0;
    if (is_in_chip_set()) registers_[kTarc0] = registers_[kRfctl] = 0;
    if (is(Kind::Ich8)) registers_[kPba] = registers_[kPbs] = 0;
    if (loses_by_k1()) registers_[kKmrnctrlsta] = registers_[kCrcOffset] = 0;
    if (kind >= Kind::Lan82579) registers_[kFextnvm4] = 0;
    if (kind >= Kind::I218) {
        registers_[kFextnvm7] = 0;
        registers_[kH2me] = 0;
        registers_[kFwsm] = 0;
    }
    if (is_i219()) registers_[kIosfpc] = registers_[kFextnvm11] = 0;
    if (kind == Kind::I219Tgp) registers_[kFfltDbg] = 0;
    if (has_pages()) pages_ = {{kMdioMode, 0}, {kPortGeneral, 0x0010}, {kSmbusControl, 0}, {kPowerControl, 0x4000}};
    if (loses_by_k1()) pages_[kKumeran] = 0x4100;
    if (kind >= Kind::I217) pages_[kPllGate] = 0x1000;
    if (kind >= Kind::I218) pages_[kUlpConfig] = 0;
    if (is_i219()) pages_[kPointerGap] = 0x0003;
}

bool FakePch::has_register(std::uint32_t at) const {
    return registers_.count(at);
}

std::uint32_t FakePch::read(std::uint32_t at) const {
    if (at == kKmrnctrlsta) return k1_wanted_ ? 0x0003 : 0x0001;
    if (at == kFwsm) return (firmware_ ? 1u << 15 : 0) | (firmware_ && low_power_ ? 1u << 10 : 0);
    return registers_.at(at);
}

void FakePch::write(std::uint32_t at, std::uint32_t value) {
    if (at == kFwsm) return host::violation("FWSM is firmware's");
    if (at == kExtcnfCtrl && firmware_has_phy_) value &= ~kSwflag;
    if (at == kKmrnctrlsta) {
        if (!has_flag()) host::violation("Kumeran without SWFLAG");
        if ((value >> 16 & 0x1f) != 7) host::violation("unknown Kumeran register");
        if (!(value & 1u << 21)) k1_wanted_ = value & 2;
        return;
    }
    if (at == kSwsmOf82573 && is(Kind::Lan82573) && (value & 7)) host::violation("SWSM: semaphores of a driver that wants none");
    if (is(Kind::Lan82573)) return void(registers_[at] = value);
    if (at == kH2me && firmware_ && (value >> 11 & 3) == 2) low_power_ = false;
    if (at == kH2me && !firmware_) return host::violation("H2ME written, and nobody there");
    registers_[at] = value;
}

void FakePch::force_speed(bool forced) {
    if (forced) k1_ = k1_wanted_;
}

void FakePch::enter_ultra_low_power(bool firmware) {
    firmware_ = firmware;
    low_power_ = true;
    pages_[kSmbusControl] |= 1;
    pages_[kUlpConfig] = 0x0110;
    pages_[kPowerControl] = 0;
    registers_[kFextnvm7] |= 1u << 5;
}

std::uint32_t FakePch::access_phy(std::uint32_t mdic, bool mac_forces_smbus, std::uint16_t& control) {
    unsigned reg = mdic >> 16 & 0x1f, address = mdic >> 21 & 0x1f;
    bool write = (mdic >> 26 & 3) == 1;
    std::uint32_t answer = (mdic & 0x0fff0000) | 1u << 28;
    if (!has_flag()) host::violation("PHY used without SWFLAG");
    if (platform::now() < phy_ready_) host::violation("PHY used again within 100 us");
    phy_ready_ = platform::now() + util::Duration::microseconds(100);
    if ((pages_[kSmbusControl] & 1) && !mac_forces_smbus) return answer | 1u << 30;
    if (address == (kind_ >= Kind::Ich10 ? 2u : 1u) && reg == 0) {
        if ((is(Kind::Lan82577) || is(Kind::Lan82579)) && !(pages_[kMdioMode] & 0x0400)) host::violation("MDIO is too quick for this PHY");
        if (write) control = static_cast<std::uint16_t>(mdic);
        return answer | control;
    }
    if (address == 1 && reg == 31 && write) {
        page_ = (mdic & 0xffff) >> 5;
        return answer;
    }
    unsigned at = page_ << 5 | reg;
    if (address != 1 || !pages_.count(at)) host::violation("unknown PHY register " + std::to_string(page_) + "." + std::to_string(reg));
    if (write) pages_[at] = static_cast<std::uint16_t>(mdic);
    if (at == kUlpConfig && (pages_[at] & 0x1d75) == 1) low_power_ = false;
    return answer | pages_[at];
}

void FakePch::check_reset() {
    if (!has_flag() && !firmware_has_phy_) host::violation("reset without SWFLAG");
    registers_[kExtcnfCtrl] &= ~kSwflag;
    if (!is_in_chip_set()) return;
    if (is(Kind::Ich8) && (registers_[kPba] != 8 || registers_[kPbs] != 16)) host::violation("packet memory that spoils bits");
    registers_[kTarc0] = is_i219() ? 3u << 28 : 0;
    registers_[kRfctl] = 0;
}

void FakePch::check_transmitter() const {
    constexpr std::uint32_t kRequired = 1u << 23 | 1u << 24 | 1u << 26 | 1u << 27;
    if ((read(kTarc0) & kRequired) != kRequired) host::violation("TARC0 without its required bits");
    if (is(Kind::Ich8) && (read(kTarc0) >> 28 & 3) != 3) host::violation("TARC0 without its required bits");
    if (loses_by_k1() && k1_ && !firmware_has_phy_) host::violation("K1 stalls the MAC");
    if (loses_by_k1() && registers_.at(kCrcOffset) != 0x65656565) host::violation("noise is handed over");
    bool reachable = has_pages() && !firmware_has_phy_ && !(pages_.at(kSmbusControl) & 1);
    if (reachable && (pages_.at(kPortGeneral) & 0x10)) host::violation("wake-up of the host left on");
    if (is_i219() && ((read(kTarc0) >> 28 & 3) != 2 || !(read(kIosfpc) & 1u << 16))) host::violation("three reads at a time overrun the buffer");
    if (is(Kind::I219Tgp) && !(read(kFfltDbg) & 1u << 12)) host::violation("the DMA clock may stop");
    if ((read(kRfctl) & 0xc0) != 0xc0) host::violation("NFS filters corrupt descriptors");
}
