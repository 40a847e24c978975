// Intel's network controllers that are half in the chip set and half in a PHY beside it (82562 to 82567 at ICH8 to ICH10; 82577, 82578, 82579,
// I217, I218, I219): whom the PHY is shared with, its pages, and what both halves need to find each other. Facts: drivers/e1000_registers.h.
#include "drivers/e1000.h"
#include "drivers/wait.h"

namespace drivers {

using namespace e1000;

namespace {

constexpr util::Duration kFlagTime = util::Duration::milliseconds(100);   // a driver's turn
constexpr util::Duration kOwnerTime = util::Duration::seconds(1);         // firmware's or hardware's turn
constexpr util::Duration kUlpTime = util::Duration::seconds(1);
constexpr util::Duration kSmbusTime = util::Duration::milliseconds(50);   // the MAC gives up on earlier accesses
constexpr util::Duration kFlushTime = util::Duration::microseconds(250);
constexpr util::Duration kKumeranTime = util::Duration::microseconds(20);
constexpr std::uint8_t kRingStatus = 0xe4;  // configuration space of the I219
constexpr std::uint16_t kFlushRequired = 1u << 8;

}  // namespace

// SWFLAG stays 0 when it is written as long as firmware or hardware have the PHY. One that is set before is from a driver that has gone.
bool E1000::acquire_software_flag() const {
    auto flag = [this] { return read(Register::ExtcnfCtrl) & extcnf_ctrl::kSwflag; };
    (void)wait_until([&] { return !flag(); }, kFlagTime);
    write(Register::ExtcnfCtrl, read(Register::ExtcnfCtrl) | extcnf_ctrl::kSwflag);
    if (wait_until(flag, kOwnerTime)) return true;
    release_software_flag();
    return false;
}

void E1000::release_software_flag() const {
    write(Register::ExtcnfCtrl, read(Register::ExtcnfCtrl) & ~extcnf_ctrl::kSwflag);
}

// Clears and sets bits of a register on one of the PHY's pages; the caller has the PHY.
bool E1000::change_phy(pch::PhyRegister at, std::uint32_t clear, std::uint32_t set) const {
    constexpr std::uint32_t kPageSelect = mdic::kPhy1 | pch::kPageSelect << mdic::kRegisterShift;
    std::uint32_t reg = mdic::kPhy1 | at.reg << mdic::kRegisterShift;
    access_phy(mdic::kOpWrite | kPageSelect | at.page << pch::kPageShift);
    std::uint32_t value = access_phy(mdic::kOpRead | reg);
    if (!phy_answered(value)) return false;
    access_phy(mdic::kOpWrite | reg | (value & 0xffff & ~clear) | set);
    return true;
}

// A PHY in Ultra Low Power mode, in which drivers of operating systems leave it without a link, answers by SMBus only.
void E1000::leave_ultra_low_power() const {
    if (read(Register::Fwsm) & fwsm::kValid) {  // firmware has put it there, and takes it out
        write(Register::H2me, (read(Register::H2me) & ~h2me::kUlp) | h2me::kEnforce);
        (void)wait_until([this] { return !(read(Register::Fwsm) & fwsm::kUlpDone); }, kUlpTime);
        write(Register::H2me, read(Register::H2me) & ~h2me::kEnforce);
        return;
    }
    if (!acquire_software_flag()) return;
    if (!change_phy(pch::kSmbusControl, pch::kForceSmbus, 0)) {
        write(Register::CtrlExt, read(Register::CtrlExt) | ctrl_ext::kForceSmbus);
        wait(kSmbusTime);
        (void)change_phy(pch::kSmbusControl, pch::kForceSmbus, 0);
        write(Register::CtrlExt, read(Register::CtrlExt) & ~ctrl_ext::kForceSmbus);
        (void)change_phy(pch::kPowerControl, 0, pch::kK1Enable);
        (void)change_phy(pch::kUlpConfig, pch::kUlpClear, 0);
        (void)change_phy(pch::kUlpConfig, 0, pch::kUlpStart);
        write(Register::Fextnvm7, read(Register::Fextnvm7) & ~fextnvm7::kDisableSmbPerst);
    }
    release_software_flag();
}

// What MAC and PHY need once the speed is known, or they lose frames: K1 is the sleep of the wires between them.
void E1000::tune_to_speed() const {
    if (has(kNoK1)) {
        if (!acquire_software_flag()) return;
        (void)change_phy(pch::kKumeranDiagnostic, 0xffff, pch::kLinkIsUp);
        release_software_flag();
        return;
    }
    bool gigabit = state_.megabits == 1000;
    bool k1_beacon_long = !has(kPch82579) || state_.megabits == 10;
    if (k1_beacon_long)
        write(Register::Fextnvm4, (read(Register::Fextnvm4) & ~fextnvm4::kBeaconMask) |
                                      (has(kPch82579) ? fextnvm4::kBeacon16 : fextnvm4::kBeacon8));
    if (has(kI219)) {
        bool wide = !gigabit && state_.duplex == net::Duplex::Full;
        write(Register::Tipg, wide ? tipg::kIpgt12 : tipg::kIpgt8);
    }
    if (!acquire_software_flag()) return;
    if (has(kPch82579) || (has(kI218Lp) && gigabit)) {
        if (state_.megabits != 10) (void)change_phy(pch::kPowerControl, pch::kK1Enable, 0);
    } else {
        (void)change_phy(pch::kPowerControl, 0, pch::kK1Enable | (gigabit ? pch::kK1ClockRequest : 0));
    }
    if (!has(kPch82579))
        (void)change_phy(pch::kPllClockGate, pch::kPllClockGateMask, gigabit ? pch::kPllGateGigabit : pch::kPllGateSlow);
    if (has(kI219))
        (void)change_phy(pch::kPointerGap, gigabit ? pch::kGapMask : 0xffff, gigabit ? pch::kGapGigabit : pch::kGapSlow);
    release_software_flag();
}

// The I219 hangs until the machine is reset when it is reset with descriptors in its rings. It says so; then one more descriptor, which sends
// the ring itself nowhere, and fetching in another unit make it let go of them.
void E1000::flush_rings() {
    write(Register::Fextnvm11, read(Register::Fextnvm11) | fextnvm11::kDisableMulrFix);
    auto required = [this] { return pci_.read16(kRingStatus) & kFlushRequired; };
    if (!transmit_ring_.memory().size() || !required()) return;
    write(Register::Tctl, kTransmitting);
    transmit_ring_.put_ring_itself();
    write(Register::Tdt, transmit_ring_.tail());
    wait(kFlushTime);
    write(Register::Tctl, tctl::kPsp);
    if (!required()) return;
    write(Register::Rxdctl, queue::kFlush);
    write(Register::Rctl, rctl::kEn);
    wait(kFlushTime);
    write(Register::Rctl, 0);
}

// In the MAC. It takes that over when its speed is forced for a moment.
void E1000::switch_k1_off() const {
    if (!acquire_software_flag()) return;
    write(Register::Kmrnctrlsta, kmrnctrlsta::kK1Config | kmrnctrlsta::kRead);
    wait(kKumeranTime);
    std::uint32_t k1 = read(Register::Kmrnctrlsta) & 0xffff & ~kmrnctrlsta::kK1Enable;
    write(Register::Kmrnctrlsta, kmrnctrlsta::kK1Config | k1);
    wait(kKumeranTime);
    std::uint32_t control = read(Register::Ctrl), extended = read(Register::CtrlExt);
    write(Register::Ctrl, (control & ~ctrl::kSpeedMask) | ctrl::kFrcspd);
    write(Register::CtrlExt, extended | ctrl_ext::kSpeedBypass);
    (void)read(Register::Status);
    wait(kKumeranTime);
    write(Register::Ctrl, control);
    write(Register::CtrlExt, extended);
    (void)read(Register::Status);
    wait(kKumeranTime);
    release_software_flag();
}

// Bits that the chip set wants set (PCH), and two outstanding reads instead of three (I219, which overruns its buffer).
void E1000::set_up_pch() const {
    std::uint32_t tarc = read(Register::Tarc0) | tarc0::kRequired | (has(kIch8) ? tarc0::kRequestsMask : 0);
    write(Register::CtrlExt, read(Register::CtrlExt) | ctrl_ext::kMustBeOnePch);
    if (has(kI219)) {
        tarc = (tarc & ~tarc0::kRequestsMask) | tarc0::kTwoRequests;
        write(Register::Iosfpc, read(Register::Iosfpc) | iosfpc::kRdmtsHex);
    }
    if (has(kNoK1)) {
        write(Register::CrcOffset, kCrcOffsetNoise);
        switch_k1_off();
    }
    write(Register::Tarc0, tarc);
    write(Register::Rfctl, read(Register::Rfctl) | rfctl::kNfsOff);
    if (has(kKeepsDmaClock)) write(Register::FfltDbg, read(Register::FfltDbg) | ffltdbg::kDmaClock);
}

}  // namespace drivers
