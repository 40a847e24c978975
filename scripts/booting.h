// Booting from SAN drives and from what DHCP named: what `sanboot` and `autoboot` do.
#pragma once

#include <span>
#include <string_view>

#include "scripts/network.h"
#include "scripts/san_drives.h"

namespace scripts {

inline constexpr util::Failure kNothingToBoot{
    util::code::kScript + 57, "the DHCP server names nothing to boot: neither filename nor root-path"};
inline constexpr util::Failure kDidNotBoot{util::code::kScript + 58,
                                           "no network interface could be booted from"};

// While it exists the machine is another system's: NICs that no drive needs are quiet, and so is what serves the drives until
// it is asked. When that system gave up they are opened again.
class QuietNics {
  public:
    // All but one, for a program that uses it through us.
    explicit QuietNics(System& system, const Nic* but = nullptr);
    QuietNics(const QuietNics&) = delete;
    ~QuietNics();

  private:
    System& system_;
    unsigned closed_ = 0;
};

inline constexpr util::Failure kNamesUs{
    util::code::kScript + 73,
    "the DHCP server names the very program that is running: have it tell requests of user class iPXE apart"};

// Whether a drive stays when booting from it failed. AsSet: when keep-san is set.
enum class Keep : std::uint8_t { AsSet, Yes };

struct SanBoot {
    std::uint8_t drive;
    std::span<const std::string_view> uris;  // none: boots what has the number already, hooked or local
    Describe describe = Describe::Yes;
    Keep keep = Keep::AsSet;
};

// Hooks and boots. With skip-san-boot set it only hooks, and succeeds. Failure: hooking's, or the boot
// sector's.
util::Result<void> san_boot(System& system, const SanBoot& boot);

// Boots from these interfaces: asks DHCP on all of them, boots as the best lease says, and goes on with the
// others when that fails. Failure: kDidNotBoot, or kCancelled.
util::Result<void> auto_boot(System& system, std::span<Nic* const> nics);

}  // namespace scripts
