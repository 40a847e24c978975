// Loading an UNDI from an option ROM in the BIOS's space, where no PXE stack has done so: Preboot Execution Environment (PXE)
// Specification 2.1, sections 3.1 (the loader) and 4.2.1 (START_UNDI). What it takes of base memory it keeps, as its
// loader hooks interrupts: what is booted later runs with less.
#include "arch/bios/undi_rom.h"

#include <cstring>

#include "arch/bios/machine.h"
#include "drivers/undi_rom.h"
#include "net/wire/pxe.h"

namespace arch {
namespace {

using drivers::undi::Opcode;

constexpr std::uint32_t kRomSpace = 0xc0000, kRomSpaceEnd = 0xf0000;
// Less than what boot sectors and loaders need is not left.
constexpr std::uint16_t kLeastBaseMemory = 384;

constinit platform::FarPointer entry;

std::uint16_t kib(std::uint16_t bytes) { return static_cast<std::uint16_t>((bytes + 1023u) / 1024); }

platform::FarPointer parameters() { return platform::real_mode_address(platform::real_mode_memory().data()); }

// The API is called with opcode, offset and segment of the parameters on the stack, a loader with offset and segment.
bool run_loader(platform::FarPointer loader, drivers::undi::LoaderBlock& block) {
    platform::FarPointer at = parameters();
    return platform::pxe_call(loader, at.offset, {at.segment, 0}, platform::Interrupts::On) == drivers::undi::kSuccess &&
           block.status == drivers::undi::kSuccess;
}

bool call(Opcode opcode, const util::Le16& status) {
    return platform::pxe_call(entry, static_cast<std::uint16_t>(opcode), parameters(), platform::Interrupts::On) == drivers::undi::kSuccess &&
           status == drivers::undi::kSuccess;
}

template <class Block>
Block& fresh_block() {
    util::MutableBytes memory = platform::real_mode_memory();
    std::memset(memory.data(), 0, sizeof(Block));
    return *util::view_as<Block>(memory);
}

// What the BIOS calls option ROMs with.
template <class Block>
void set_registers(Block& block, platform::PciAddress address) {
    constexpr std::uint16_t kNone = 0xffff;  // no Plug and Play card select number, no ISA read port
    FarPointer pnp = pnp_structure();
    block.ax = address.busdevfn;
    block.bx = block.dx = kNone;
    block.es = pnp.segment;
    block.di = pnp.offset;
}

// Whether it started, as a PXE stack leaves it.
bool start(platform::PciAddress address) {
    auto& block = fresh_block<drivers::undi::StartBlock>();
    set_registers(block, address);
    if (!call(Opcode::Start, block.status)) return false;
    for (Opcode opcode : {Opcode::Startup, Opcode::Initialize})
        if (auto& shared = fresh_block<drivers::undi::Shared>(); !call(opcode, shared.status)) return false;
    return true;
}

bool load(const drivers::UndiRom& rom, platform::PciAddress address) {
    std::uint16_t code_kib = kib(rom.code_size), data_kib = kib(rom.data_size), end = bda::base_memory_kib();
    if (end < kLeastBaseMemory + code_kib + data_kib) return false;
    move_base_memory_end(-(code_kib + data_kib));
    auto& block = fresh_block<drivers::undi::LoaderBlock>();
    set_registers(block, address);
    block.data_segment = static_cast<std::uint16_t>((end - data_kib) * 64);
    block.code_segment = static_cast<std::uint16_t>((end - data_kib - code_kib) * 64);
    auto segment = static_cast<std::uint16_t>((kRomSpace + rom.offset) >> 4);
    if (run_loader({rom.loader, segment}, block)) {
        const auto* pxe = physical<net::pxe::BangPxe>(block.pxe.segment * 16u + block.pxe.offset);
        entry = {pxe->entry_16.offset, pxe->entry_16.segment};
        if (start(address)) return true;
    }
    entry = {};
    move_base_memory_end(code_kib + data_kib);
    return false;
}

}  // namespace

platform::FarPointer loaded_undi() { return entry; }

}  // namespace arch

namespace platform {

bool load_undi(PciAddress address) {
    // A boot program without an UNDI has unloaded it (.pxe): some ROMs' loaders do not come back when they run a second time.
    if (arch::resident().origin == arch::Origin::Pxe) return false;
    util::Bytes area{arch::physical<std::byte>(arch::kRomSpace), arch::kRomSpaceEnd - arch::kRomSpace};
    auto rom = drivers::find_undi_rom(area, pci_read16(address, 0), pci_read16(address, 2));
    return rom && arch::load(*rom, address);
}

}  // namespace platform
