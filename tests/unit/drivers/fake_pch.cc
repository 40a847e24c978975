#include "tests/unit/drivers/fake_pch.h"

#include <platform/clock.h>

#include "tests/host/fake_bus.h"

namespace {

constexpr std::uint32_t kFextnvm4 = 0x0024, kFextnvm7 = 0x00e4, kExtcnfCtrl = 0x0f00, kIosfpc = 0x0f28, kTarc0 = 0x3840, kRfctl = 0x5008,
                        kH2me = 0x5b50, kFwsm = 0x5b54, kFextnvm11 = 0x5bbc, kFfltDbg = 0x5f04;
constexpr std::uint32_t kSwflag = 1u << 5;
constexpr unsigned kMdioMode = 769 << 5 | 16, kSmbusControl = 769 << 5 | 23, kPowerControl = 770 << 5 | 17, kPllGate = 772 << 5 | 28,
                   kPointerGap = 776 << 5 | 20, kUlpConfig = 779 << 5 | 16;

}  // namespace

FakePch::FakePch(Kind kind) : kind_(kind) {
    registers_ = {{kFextnvm4, 0}, {kExtcnfCtrl, 0}, {kTarc0, 0x3 << 28}, {kRfctl, 0}};
    if (kind != Kind::Lan82579 && kind != Kind::I217) {
        registers_[kFextnvm7] = 0;
        registers_[kH2me] = 0;
        registers_[kFwsm] = 0;
    }
    if (is_i219()) registers_[kIosfpc] = registers_[kFextnvm11] = 0;
    if (kind == Kind::I219Tgp) registers_[kFfltDbg] = 0;
    pages_ = {{kMdioMode, 0}, {kSmbusControl, 0}, {kPowerControl, 0x4000}};
    if (kind != Kind::Lan82579) pages_[kPllGate] = 0x1000;
    if (kind >= Kind::I218) pages_[kUlpConfig] = 0;
    if (is_i219()) pages_[kPointerGap] = 0x0003;
}

bool FakePch::has_register(std::uint32_t at) const {
    return registers_.count(at);
}

std::uint32_t FakePch::read(std::uint32_t at) const {
    if (at == kFwsm) return (firmware_ ? 1u << 15 : 0) | (firmware_ && low_power_ ? 1u << 10 : 0);
    return registers_.at(at);
}

void FakePch::write(std::uint32_t at, std::uint32_t value) {
    if (at == kFwsm) return host::violation("FWSM is firmware's");
    if (at == kExtcnfCtrl && firmware_has_phy_) value &= ~kSwflag;
    if (at == kH2me && firmware_ && (value >> 11 & 3) == 2) low_power_ = false;
    if (at == kH2me && !firmware_) host::violation("H2ME written, and nobody there");
    registers_[at] = value;
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
    if (address == 2 && reg == 0) {
        if (is(Kind::Lan82579) && !(pages_[kMdioMode] & 0x0400)) host::violation("MDIO is too quick for this PHY");
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
    registers_[kTarc0] = 3u << 28;
    registers_[kRfctl] = 0;
}

void FakePch::check_transmitter() const {
    constexpr std::uint32_t kRequired = 1u << 23 | 1u << 24 | 1u << 26 | 1u << 27;
    if ((read(kTarc0) & kRequired) != kRequired) host::violation("TARC0 without its required bits");
    if (is_i219() && ((read(kTarc0) >> 28 & 3) != 2 || !(read(kIosfpc) & 1u << 16))) host::violation("three reads at a time overrun the buffer");
    if (is(Kind::I219Tgp) && !(read(kFfltDbg) & 1u << 12)) host::violation("the DMA clock may stop");
    if ((read(kRfctl) & 0xc0) != 0xc0) host::violation("NFS filters corrupt descriptors");
}
