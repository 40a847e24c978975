// Loading an UNDI from an option ROM in the BIOS's space, where no PXE stack has done so: Preboot Execution Environment (PXE)
// Specification 2.1, sections 3.1 (the loader) and 4.2 (START_UNDI, and STOP_UNDI when we leave). While it is there, what is booted
// runs with less base memory.
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
// What it has of base memory, in KiB.
struct Place {
    std::uint16_t begin = 0, end = 0;
    std::uint16_t size() const { return end - begin; }
    bool has(const FarPointer& pointer) const { return linear(pointer) >= begin * 1024u && linear(pointer) < end * 1024u; }
};
constinit Place place;

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

void unload() {
    if (!entry.is_null())
        for (Opcode opcode : {Opcode::Shutdown, Opcode::Cleanup, Opcode::Stop})
            (void)call(opcode, fresh_block<drivers::undi::Shared>().status);
    // Somebody else's has come below it since, or an interrupt still leads there.
    bool needed = bda::base_memory_kib() != place.begin;
    for (unsigned number = 0; number < 256; ++number) needed |= place.has(vector(static_cast<std::uint8_t>(number)));
    if (!needed) move_base_memory_end(place.size());
}

bool load(const drivers::UndiRom& rom, platform::PciAddress address) {
    std::uint16_t code_kib = kib(rom.code_size), data_kib = kib(rom.data_size), end = bda::base_memory_kib();
    if (end < kLeastBaseMemory + code_kib + data_kib) return false;
    place = {static_cast<std::uint16_t>(end - code_kib - data_kib), end};
    move_base_memory_end(-place.size());
    auto& block = fresh_block<drivers::undi::LoaderBlock>();
    set_registers(block, address);
    block.data_segment = static_cast<std::uint16_t>((end - data_kib) * 64);
    block.code_segment = static_cast<std::uint16_t>(place.begin * 64);
    auto segment = static_cast<std::uint16_t>((kRomSpace + rom.offset) >> 4);
    if (run_loader({rom.loader, segment}, block)) {
        const auto* pxe = physical<net::pxe::BangPxe>(block.pxe.segment * 16u + block.pxe.offset);
        bool is_one = std::memcmp(pxe->signature, "!PXE", sizeof pxe->signature) == 0;
        if (is_one) entry = {pxe->entry_16.offset, pxe->entry_16.segment};
        if (!entry.is_null() && start(address)) {
            unload_undi = unload;
            return true;
        }
    }
    unload();  // some of it may run
    entry = {};
    return false;
}

}  // namespace

platform::FarPointer loaded_undi() { return entry; }

constinit UndiUnloader* unload_undi = nullptr;

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
