// The host's side of <platform/boot.h>: what programs asked of the machine, recorded.
#pragma once

#include <platform/cpu.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

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

namespace host {

struct Machine {
    std::vector<std::string> events;  // "publish_drives", "publish_ibft", "boot 0x80", "power off"
    san::DriveTable* drives = nullptr;
    std::string ibft;
    std::string smbios;
    std::string command_line, initrd;
    std::map<std::uint32_t, std::string> boot_disk;  // blocks; others are zeros, unless there are none
    std::string cached_ack, cached_reply, running_image;
    std::uint64_t memory = std::uint64_t{256} << 20;
    std::uint64_t cpu_features = 0, cpu_extended_features = 0;  // EDX, and above it ECX
    std::map<std::uint64_t, platform::CpuidLeaf> cpuid;  // by leaf, and above it the subfunction
    std::vector<std::string> acpi;  // tables, with their headers
    std::optional<std::uint16_t> boot_device;
    const util::Failure* boot_failure = &util::kNotFound;  // what boot_drive() and boot() give back
    std::function<void(const scripts::BootPlan&)> on_boot;  // looks at what boot() shall start
    std::function<void(std::uint8_t drive)> on_boot_drive;
    std::function<void()> on_power_off;
    net::PxeApi* pxe = nullptr;                // while it is offered
    std::optional<std::uint16_t> pxe_status;   // what the program returned with
};
Machine& machine();

// What reboot() throws, as it may not return.
struct Rebooted {};

}  // namespace host
