// The PHY of a PRO/1000, and taking turns at it with management firmware where there is some.
#include "drivers/e1000.h"
#include "drivers/phy_registers.h"
#include "drivers/wait.h"

namespace drivers {

using namespace e1000;

namespace {

constexpr util::Duration kPhyTime = util::Duration::milliseconds(1);         // 64 us an MDI frame
constexpr util::Duration kLinkTime = util::Duration::milliseconds(20);
constexpr util::Duration kPauseTime = util::Duration::microseconds(100);     // or the 82579 gives an answer twice
constexpr util::Duration kSemaphoreTime = util::Duration::milliseconds(10);  // held for some register accesses
constexpr util::Duration kTurnTime = util::Duration::milliseconds(200);      // firmware may use the PHY so long

}  // namespace

std::uint32_t E1000::access_phy(std::uint32_t operation) const {
    write(Register::Mdic, operation);
    std::uint32_t answer = 0;
    (void)wait_until([&] { return (answer = read(Register::Mdic)) & mdic::kReady; }, kPhyTime);
    if (has(kFlag)) wait(kPauseTime);
    return answer;
}

bool E1000::phy_answered(std::uint32_t answer) {
    return (answer & (mdic::kReady | mdic::kError)) == mdic::kReady;
}

// QEMU's 82576 (since 8.0) has no link behind a reset until the PHY is told to negotiate; a chip has it at once, if there is one.
bool E1000::has_lost_link() const {
    return has(kQueues) && !is_sgmii() && !wait_until([this] { return read(Register::Status) & status::kLu; }, kLinkTime);
}

// Drivers of operating systems power the PHY down when they go.
void E1000::wake_phy() const {
    if (!acquire_phy()) return;
    if (has(kMdioSlow)) (void)change_phy(pch::kMdioMode, 0, pch::kMdioSlow);
    if (has(kPhyPages)) (void)change_phy(pch::kPortGeneral, pch::kHostWakeUp, 0);
    std::uint32_t at = phy::kControl << mdic::kRegisterShift | (has(kPhyAt2) ? mdic::kPhy2 : mdic::kPhy1);
    std::uint32_t control = access_phy(mdic::kOpRead | at);
    if (phy_answered(control) && ((control & phy::kPowerDown) || has_lost_link())) {
        std::uint32_t awake = (control & 0xffff & ~std::uint32_t{phy::kPowerDown}) | phy::kAutoNegotiation |
                              phy::kRestartAutoNegotiation;
        access_phy(mdic::kOpWrite | at | awake);
    }
    release_phy();
}

// False when firmware keeps it: then the link is firmware's as well.
bool E1000::acquire_phy() const {
    if (has(kFlag)) return acquire_software_flag();
    if (!has(kSemaphores)) return true;
    return wait_until([this] { return change_sync(sync_flag(), 0); }, kTurnTime);
}

void E1000::release_phy() const {
    if (has(kFlag)) release_software_flag();
    if (has(kSemaphores)) (void)change_sync(0, sync_flag());
}

// One flag a port: bits 1, 2, 5 and 6 of SW_FW_SYNC.
std::uint32_t E1000::sync_flag() const {
    unsigned port = read(Register::Status) >> status::kFunctionIdShift & 3;
    return 2u << (port < 2 ? port : port + 2);
}

// Sets a flag in SW_FW_SYNC that neither driver nor firmware has set, or clears one (82576 data sheet, 4.7). SMBI keeps off the
// drivers of other ports, and is taken from one that has kept it, as nobody else runs here; SWESMBI keeps off firmware.
bool E1000::change_sync(std::uint32_t set, std::uint32_t clear) const {
    (void)wait_until([this] { return !(read(Register::Swsm) & swsm::kSmbi); }, kSemaphoreTime);
    auto take = [this] {
        write(Register::Swsm, read(Register::Swsm) | swsm::kSwesmbi);
        return read(Register::Swsm) & swsm::kSwesmbi;
    };
    bool mine = wait_until(take, kSemaphoreTime);
    if (mine) {
        std::uint32_t sync = read(Register::SwFwSync);
        mine = !(sync & (set | set << kFirmwareShift));
        if (mine) write(Register::SwFwSync, (sync | set) & ~clear);
    }
    write(Register::Swsm, read(Register::Swsm) & ~(swsm::kSmbi | swsm::kSwesmbi));
    return mine;
}

}  // namespace drivers
