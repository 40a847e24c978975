#include "scripts/images/nbp.h"

#include <platform/boot.h>
#include <platform/memory.h>

#include "scripts/images/nbp_packets.h"
#include "scripts/images/starting.h"
#include "scripts/system.h"

namespace scripts {

namespace {

// Until the program is through its keys are its own, and so is the DHCP port.
class GivenAway {
  public:
    GivenAway(System& system, Nic& nic) : system_(system), nic_(nic), cancel_(system.loop.cancel()) {
        system.loop.set_cancel(util::Loop::Cancel::Never);
        nic.port.close();
    }
    GivenAway(const GivenAway&) = delete;
    ~GivenAway() {
        (void)nic_.interface.open();  // the program may have shut it down
        (void)nic_.interface.open();  // the program may have shut it down
        (void)nic_.port.open();
        system_.loop.set_cancel(cancel_);
    }

  private:
    System& system_;
    Nic& nic_;
    util::Loop::Cancel cancel_;
};

// PXE takes the end of base memory, after the plan was made.
bool fits(const BootPlan& plan) {
    std::uint32_t end = platform::base_memory_end();
    for (const BootBlock& block : plan.blocks.span())
        if (block.target < end && block.end() > end) return false;
    return true;
}

util::Result<void> offer_and_boot(net::PxeApi& api, const BootPlan& plan) {
    TRY(platform::offer_pxe(api));
    auto result = fits(plan) ? platform::boot(plan) : util::Result<void>(util::kOutOfMemory);
    auto status = platform::withdraw_pxe();
    if (!status) return result;
    // PXE 2.1 section 4.4.6: remove all, keep UNDI, keep all. What is kept is ours to decide.
    constexpr std::uint16_t kKeepUndi = 4, kKeepAll = 5;
    if (*status != 0 && *status != kKeepUndi && *status != kKeepAll) return kProgramFailed;
    return {};
}

util::Result<void> run_nbp(System& system, Nic& nic, const Image& image, const BootPlan& plan) {
    TRY(nic.open());
    NbpPackets packets;
    TRY(packets.make(system.settings, nic, image.uri()));
    GivenAway given_away(system, nic);
    auto api = TRY(util::make_owned<net::PxeApi>(net::PxeApi::Parts{
        system.parts.stack, nic.interface, system.fetch_context, packets.packets(), system.parts.read_pci,
        system.san.uses(nic.interface)}));
    return offer_and_boot(*api, plan);
}

}  // namespace

util::Result<void> start_nbp(System& system, Image& image, const ImageFormat& format) {
    return start_planned(system, image, format, system.network.find("netX"), run_nbp);
}

}  // namespace scripts
