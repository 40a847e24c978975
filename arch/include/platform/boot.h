// <platform/boot.h>: leaving for another program, and what the machine itself can do. The firmware's side
// (arch/bios/); the host's twin is under tests/host/.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "util/bytes.h"
#include "util/result.h"

namespace net {
class PxeApi;
}
namespace san {
class DriveTable;
}
namespace scripts {
struct BootPlan;
}

namespace platform {

// What was started has come to an end and given the machine back. It may have used all memory that is not ours.
inline constexpr util::Failure kGaveBack{util::code::kPlatform + 3, "what was started has given the machine back"};

// Makes the drives in the table appear to the BIOS (INT 13h, BDA drive count), or takes them away again. Called
// whenever the table changes. The table must outlive the machine: the firmware has one.
void publish_drives(san::DriveTable& drives);

// Puts an iBFT (ACPI table "iBFT", checksummed) where operating systems look for it; an empty one removes it.
// Failure: it does not fit.
util::Result<void> publish_ibft(util::Bytes table);

// Loads the boot sector of a BIOS drive to 0:7C00 and jumps there with DL = drive. Returns only when that failed or the
// boot sector gave up (INT 18h, INT 19h).
util::Result<void> boot_drive(std::uint8_t drive);

// Puts everything in its place and starts it (scripts/images/boot_plan.h). Returns only when the program gave the machine back.
// NICs are quiet by then; the hooks are off and our memory is free again where the program cannot return and no drive needs them.
util::Result<void> boot(const scripts::BootPlan& plan);
// Makes a PXE API there for the network boot program that boot() starts next, until it is withdrawn: takes base memory for
// it, and INT 1Ah. Failure: too little base memory.
util::Result<void> offer_pxe(net::PxeApi& api);
// The program is through. With which status, when it has returned; nullopt when it gave up by INT 18h.
std::optional<std::uint16_t> withdraw_pxe();

// Warm: without the BIOS's memory test.
enum class Reset : std::uint8_t { Cold, Warm };
[[noreturn]] void reboot(Reset reset = Reset::Warm);
// Returns when the machine cannot switch itself off.
util::Result<void> power_off();

// DHCP packets that the PXE stack which loaded us had got: its ACK, and the reply that named the boot file, which may be a proxy's.
// Empty: it gave none. They lie in RAM that is not ours: to be read before anything is loaded.
struct CachedDhcp {
    util::Bytes ack, reply;
};
CachedDhcp cached_dhcp();
// Whether a file holds the very image that runs.
bool is_running_image(util::Bytes file);

// Bus, device, function (as PciAddress) of the NIC whose option ROM we were started from.
std::optional<std::uint16_t> boot_device();

// Reads a block of 512 bytes of the disk or CD that we were started from (.usb, .hd, .dsk, .iso; .lkrn on a CD). Before drives of ours are published,
// and before anything is loaded to 1000:0. False: it cannot be read, or we were not started from one.
bool read_boot_disk(std::uint32_t block, std::span<std::byte, 512> target);

// What the boot loader that loaded us gave us to run (.lkrn): a command line and an initrd, empty when there is none.
// Both lie in RAM that is not ours: to be read before anything is loaded. The initrd begins on a page.
std::string_view boot_command_line();
util::Bytes boot_initrd();

// SMBIOS structure table, empty when there is none.
util::Bytes smbios_table();

// The ACPI table with that signature ("APIC"), header and all: the first is number 0, where there are several. Empty: there is none.
util::Bytes acpi_table(std::string_view signature, unsigned index);

// Installed RAM in bytes, as E820 counts it.
std::uint64_t memory_size();

// "i386" machine facts for cpuid-like commands.
// Whether CPUID has a feature: bits 0 to 31 are EDX, 32 to 63 ECX.
bool cpu_supports(bool extended, unsigned bit);

}  // namespace platform
