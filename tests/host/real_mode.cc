#include "tests/host/real_mode.h"

#include <array>

#include "util/panic.h"

namespace host {

static PxeApi *the_api = nullptr, *rom_api = nullptr;
static platform::PciAddress rom_address;
static std::array<std::byte, 0x110000> memory;
constexpr platform::FarPointer kEntry{0x0106, 0x9a19};

void set_pxe(PxeApi* api) { the_api = api; }
void set_undi_rom(platform::PciAddress address, PxeApi* api) {
    rom_address = address;
    rom_api = api;
}

util::MutableBytes real_memory(std::uint32_t address, std::size_t size) {
    if (address > memory.size() || size > memory.size() - address) return {};
    return {memory.data() + address, size};
}

}  // namespace host

namespace platform {

FarPointer undi_entry() { return host::the_api ? host::kEntry : FarPointer{}; }

bool load_undi(PciAddress address) {
    if (!host::rom_api || address != host::rom_address) return false;
    host::the_api = host::rom_api;
    return true;
}

util::MutableBytes real_mode_memory() { return host::real_memory(host::kRealModeMemory, host::kRealModeMemorySize); }

FarPointer real_mode_address(const void* in_that_memory) {
    auto address = static_cast<const std::byte*>(in_that_memory) - host::memory.data();
    return {static_cast<std::uint16_t>(address & 15), static_cast<std::uint16_t>(address >> 4)};
}

util::Bytes real_mode_bytes(FarPointer at, std::uint16_t size) {
    std::uint32_t address = at.segment * 16u + at.offset;
    // A length that goes past the end of real mode's reach is read from its beginning: the driver bounds it by the frame.
    util::Bytes bytes = host::real_memory(address, size);
    return bytes.size() == size ? bytes : host::real_memory(0, size);
}

std::uint16_t pxe_call(FarPointer entry, std::uint16_t opcode, FarPointer parameters, Interrupts interrupts) {
    if (entry.offset != host::kEntry.offset || entry.segment != host::kEntry.segment || !host::the_api)
        util::panic("call to a PXE API that is not there");
    return host::the_api->call(opcode, parameters.segment * 16u + parameters.offset, interrupts);
}

}  // namespace platform
