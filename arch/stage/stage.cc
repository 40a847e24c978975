// The loader stage: unpacks and places the image. Runs in 32-bit flat mode at whatever address its prefix (or PMM) keeps
// the packed image, so nothing here may need relocation: no globals, no tables; the build checks it.
#include <platform/calling.h>

#include "arch/resident/resident.h"
#include "arch/stage/packed.h"
#include "arch/stage/unpack.h"

namespace arch {
namespace {

// A flat or based segment descriptor. Accessed bits are set, as a GDT may lie in write-protected memory.
constexpr std::uint64_t descriptor(std::uint32_t base, std::uint32_t limit, std::uint32_t access_and_flags) {
    std::uint32_t low = base << 16 | (limit & 0xffff);
    std::uint32_t high = (base & 0xff000000) | (base >> 16 & 0xff) | (limit & 0xf0000) | access_and_flags;
    return std::uint64_t{high} << 32 | low;
}
constexpr std::uint32_t kCode = 0x9b00, kData = 0x9300;  // present, ring 0, accessed
constexpr std::uint32_t kFlat = 0x00c00000;              // 4 KiB granularity, 32-bit
constexpr std::uint32_t kSmall32 = 0x00400000;           // byte granularity, 32-bit

void copy(std::uint8_t* to, const std::uint8_t* from, std::uint32_t count) {
    asm volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(count)::"memory");
}

bool intact(const PackedHeader& header) {
    if (header.magic != kPackedMagic) return false;
    std::uint32_t sum = 0;
    const auto* words = reinterpret_cast<const std::uint32_t*>(&header);
    for (std::uint32_t i = 0; i < header.size / 4; ++i) sum += words[i];
    return sum == 0;
}

// The resident block's addresses, which depend on where everything went.
void connect(Resident& resident, const Placement& place, const PackedHeader& header) {
    std::uint32_t linear = place.resident;
    resident.linear = linear;
    resident.image_entry = place.memory_base + header.image_entry;
    resident.esp32 = place.memory_base + ((header.image_size + 15) & ~15u) + kStack32Size;
    resident.heap_base = resident.esp32;
    resident.pm_target[0] += linear;
    resident.rm_target.segment = static_cast<std::uint16_t>(linear >> 4);
    resident.real_call += linear;
    resident.gdt_register = {sizeof resident.gdt - 1, linear + __builtin_offsetof(Resident, gdt)};
    resident.gdt[kCode32 / 8] = descriptor(0, 0xfffff, kCode | kFlat);
    resident.gdt[kData32 / 8] = descriptor(0, 0xfffff, kData | kFlat);
    resident.gdt[kCode16 / 8] = descriptor(linear, 0xffff, kCode);
    resident.gdt[kData16 / 8] = descriptor(linear, 0xffff, kData);
    resident.gdt[kCanary / 8] = descriptor(linear, sizeof(Resident), kData | kSmall32);
    resident.memory_base = place.memory_base;
    resident.memory_end = place.memory_end;
    resident.handover = place.handover;
    resident.image_checksum = header.checksum;
    resident.boot_device = place.boot_device;
    resident.origin = static_cast<Origin>(place.origin);
    resident.base_memory_kib = place.base_memory_kib;
    resident.extra_kib = place.extra_kib;
    resident.sp16 = __builtin_offsetof(Resident, stack16) + sizeof resident.stack16;
}

}  // namespace

// Returns 0, or 1 when the packed image is damaged, 2 when the memory is too small.
extern "C" PLATFORM_SYSTEM_V [[gnu::section(".text.entry")]] std::uint32_t stage_main(const Placement* placement) {
    const Placement& place = *placement;
    const auto* header = reinterpret_cast<const PackedHeader*>(place.packed);
    if (!intact(*header)) return 1;
    std::uint32_t room = place.memory_end - place.memory_base;
    if (room < header->image_size + kStack32Size || room < header->unpacked_size) return 2;
    auto* image = reinterpret_cast<std::uint8_t*>(place.memory_base);
    if (!unpack(*header, image)) return 1;
    auto* resident = reinterpret_cast<std::uint8_t*>(place.resident);
    copy(resident, image + header->image_size, header->resident_size);
    connect(*reinterpret_cast<Resident*>(resident), place, *header);
    return 0;
}

}  // namespace arch
