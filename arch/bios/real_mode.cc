// The PXE stack that we were started from (Origin::Pxe), as the prefix found it.
#include <platform/boot.h>
#include <platform/realmode.h>

#include "arch/bios/machine.h"
#include "arch/bios/undi_rom.h"
#include "arch/stage/handover.h"

namespace arch {

static const PxeHandover* handover() {
    const Resident& block = resident();
    return block.origin == Origin::Pxe ? physical<PxeHandover>(block.handover) : nullptr;
}

}  // namespace arch

namespace platform {

FarPointer undi_entry() {
    const arch::PxeHandover* pxe = arch::handover();
    return pxe ? FarPointer{pxe->entry.offset, pxe->entry.segment} : arch::loaded_undi();
}

CachedDhcp cached_dhcp() {
    const arch::PxeHandover* pxe = arch::handover();
    if (!pxe) return {};
    const auto* packets = arch::physical<std::byte>(pxe->cached_segment * 16u);
    return {{packets, pxe->cached_sizes[0]}, {packets + arch::kCachedSpacing, pxe->cached_sizes[1]}};
}

util::MutableBytes real_mode_memory() {
    return {arch::physical<std::byte>(arch::base_memory_begin()), arch::resident().extra_kib * 1024u};
}

FarPointer real_mode_address(const void* in_that_memory) {
    auto address = reinterpret_cast<std::uintptr_t>(in_that_memory);
    return {static_cast<std::uint16_t>(address & 15), static_cast<std::uint16_t>(address >> 4)};
}

util::Bytes real_mode_bytes(FarPointer at, std::uint16_t size) {
    return {arch::physical<std::byte>(arch::linear({at.offset, at.segment})), size};
}

std::uint16_t pxe_call(FarPointer entry, std::uint16_t opcode, FarPointer parameters, Interrupts interrupts) {
    arch::Resident& block = arch::resident();
    block.target = {entry.offset, entry.segment};
    block.call.ebx = opcode;
    block.call.edi = parameters.offset;
    block.call.es = parameters.segment;
    block.call.flags = interrupts == Interrupts::On ? arch::kInterruptFlag : std::uint16_t{0};
    arch::run_real_routine(block.entries.pxe);
    return static_cast<std::uint16_t>(block.call.eax);
}

}  // namespace platform
