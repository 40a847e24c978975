#include "tests/host/boot.h"

#include <platform/boot.h>
#include <platform/memory.h>

#include <cstring>

#include "util/text.h"

namespace host {

Machine& machine() {
    static Machine instance;
    return instance;
}

}  // namespace host

namespace platform {

void publish_drives(san::DriveTable& drives) {
    host::machine().drives = &drives;
    host::machine().events.push_back("publish_drives");
}

util::Result<void> publish_ibft(util::Bytes table) {
    host::machine().ibft.assign(util::as_text(table));
    host::machine().events.push_back(table.empty() ? "remove_ibft" : "publish_ibft");
    return {};
}

util::Result<void> boot_drive(std::uint8_t drive) {
    util::Text<16> event;
    host::machine().events.emplace_back(event.format("boot 0x%02x", drive).view());
    if (host::machine().on_boot_drive) host::machine().on_boot_drive(drive);
    return *host::machine().boot_failure;
}

util::Result<void> boot(const scripts::BootPlan& plan) {
    host::machine().events.emplace_back("boot a program");
    if (host::machine().on_boot) host::machine().on_boot(plan);
    return *host::machine().boot_failure;
}

util::Result<void> offer_pxe(net::PxeApi& api) {
    host::machine().events.emplace_back("offer PXE");
    host::machine().pxe = &api;
    return {};
}

std::optional<std::uint16_t> withdraw_pxe() {
    host::machine().events.emplace_back("withdraw PXE");
    host::machine().pxe = nullptr;
    return host::machine().pxe_status;
}

void reboot(Reset reset) {
    host::machine().events.emplace_back(reset == Reset::Warm ? "warm reset" : "cold reset");
    throw host::Rebooted{};
}

util::Result<void> power_off() {
    host::machine().events.push_back("power off");
    if (host::machine().on_power_off) host::machine().on_power_off();
    return util::kUnsupported;
}

CachedDhcp cached_dhcp() {
    return {util::as_bytes(host::machine().cached_ack), util::as_bytes(host::machine().cached_reply)};
}
bool is_running_image(util::Bytes file) {
    return !host::machine().running_image.empty() && util::as_text(file) == host::machine().running_image;
}
std::optional<std::uint16_t> boot_device() {
    return host::machine().boot_device;
}
bool read_boot_disk(std::uint32_t block, std::span<std::byte, 512> target) {
    const auto& disk = host::machine().boot_disk;
    if (disk.empty()) return false;
    std::memset(target.data(), 0, target.size());
    if (auto found = disk.find(block); found != disk.end()) std::memcpy(target.data(), found->second.data(), found->second.size());
    return true;
}
std::string_view boot_command_line() {
    return host::machine().command_line;
}
util::Bytes boot_initrd() {
    constexpr std::uint32_t kInitrd = 2 << 20;  // where the machine has memory (tests/host/memory.h)
    const std::string& initrd = host::machine().initrd;
    std::memcpy(memory_at(kInitrd), initrd.data(), initrd.size());
    return {memory_at(kInitrd), initrd.size()};
}
util::Bytes smbios_table() {
    return util::as_bytes(host::machine().smbios);
}
std::uint64_t memory_size() {
    return host::machine().memory;
}
CpuidLeaf cpuid(std::uint32_t leaf) { return cpuid(leaf, 0); }
CpuidLeaf cpuid(std::uint32_t leaf, std::uint32_t subfunction) {
    auto found = host::machine().cpuid.find(std::uint64_t{subfunction} << 32 | leaf);
    return found == host::machine().cpuid.end() ? CpuidLeaf{} : found->second;
}

util::Bytes acpi_table(std::string_view signature, unsigned index) {
    for (const std::string& table : host::machine().acpi)
        if (table.starts_with(signature) && index-- == 0) return util::as_bytes(table);
    return {};
}

bool cpu_supports(bool extended, unsigned bit) {
    std::uint64_t features = extended ? host::machine().cpu_extended_features : host::machine().cpu_features;
    return features >> bit & 1;
}

}  // namespace platform
