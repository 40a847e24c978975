#include "scripts/settings/live_settings.h"

#include <platform/cpu.h>
#include <platform/memory.h>

#include "scripts/system.h"

namespace scripts {

namespace {

util::Result<bool> take(std::string_view bytes, SettingValue& value) {
    TRY(value.bytes.append(bytes));
    return !bytes.empty();
}

template <class Number>
util::Result<bool> take_number(Number number, SettingValue& value) {
    return take(util::as_text(std::as_bytes(std::span(&number, 1))), value);
}

// A register of CPUID holds four characters, the first in the lowest byte.
util::Result<void> append_register(std::uint32_t characters, SettingValue& value) {
    util::Le32 bytes(characters);
    return value.bytes.append(util::as_text(std::as_bytes(std::span(&bytes, 1))));
}

}  // namespace

// Intel's Software Developer's Manual, volume 2A, CPUID: leaf 0, and leaves 80000002h to 80000004h.
util::Result<bool> live_cpuvendor(System*, net::Interface*, SettingValue& value) {
    platform::CpuidLeaf leaf = platform::cpuid(0);
    if (!leaf.ebx) return false;
    for (std::uint32_t part : {leaf.ebx, leaf.edx, leaf.ecx}) TRY(append_register(part, value));
    return true;
}

util::Result<bool> live_cpumodel(System*, net::Interface*, SettingValue& value) {
    util::String whole;
    for (std::uint32_t number = 0x80000002; number <= 0x80000004; ++number) {
        platform::CpuidLeaf leaf = platform::cpuid(number);
        for (std::uint32_t part : {leaf.eax, leaf.ebx, leaf.ecx, leaf.edx}) TRY(append_register(part, value));
    }
    // Some processors pad it in front.
    TRY(whole.append(value.bytes.view()));
    value.bytes.clear();
    return take(util::trim(whole.view().substr(0, whole.view().find('\0'))), value);
}

util::Result<bool> live_cwuri(System* system, net::Interface*, SettingValue& value) {
    return take(system->engine.base_uri(), value);
}

// Up to the last slash of the path: what a relative URI is appended to.
util::Result<bool> live_cwduri(System* system, net::Interface*, SettingValue& value) {
    std::string_view uri = system->engine.base_uri();
    return take(uri.substr(0, uri.substr(0, uri.find_first_of("?#")).rfind('/') + 1), value);
}

util::Result<bool> live_unixtime(System* system, net::Interface*, SettingValue& value) {
    return take_number(util::Be32(static_cast<std::uint32_t>(system->wall_clock.now())), value);
}

util::Result<bool> live_linktype(System*, net::Interface*, SettingValue& value) { return take("Ethernet", value); }

// The screen's 80 by 25 characters with their attributes, as they are in a VGA's memory.
util::Result<bool> live_vram(System*, net::Interface*, SettingValue& value) {
    constexpr std::uint32_t kTextScreen = 0xb8000, kSize = 80 * 25 * 2;
    return take({reinterpret_cast<const char*>(platform::memory_at(kTextScreen)), kSize}, value);
}

}  // namespace scripts
