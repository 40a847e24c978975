// The disk that we were started from (Origin::Disk), read once more.
#include <platform/boot.h>

#include <cstring>

#include "arch/bios/machine.h"

namespace arch {
namespace {

constexpr std::uint8_t kDiskVector = 0x13, kFirstHardDisk = 0x80;
constexpr std::uint16_t kBuffer = 0x7c00;  // our own boot sector was there
constexpr unsigned kTries = 3;

// As EDD 3.0 section 8.2.1 has it.
struct AddressPacket {
    std::uint8_t size, reserved;
    std::uint16_t count;
    FarPointer buffer;
    std::uint64_t block;
};
static_assert(sizeof(AddressPacket) == 16);

struct Geometry {
    std::uint16_t sectors, heads;
};

RealRegisters call(std::uint8_t drive, std::uint16_t eax, std::uint32_t ebx = 0, std::uint32_t ecx = 0, std::uint32_t head = 0) {
    RealRegisters registers{};
    registers.eax = eax;
    registers.ebx = ebx;
    registers.ecx = ecx;
    registers.edx = head << 8 | drive;
    bios_interrupt(kDiskVector, registers);
    return registers;
}

bool has_packets(std::uint8_t drive) {
    constexpr std::uint16_t kInstallationCheck = 0x4100, kAsked = 0x55aa, kAnswered = 0xaa55;
    if (drive < kFirstHardDisk) return false;
    RealRegisters answer = call(drive, kInstallationCheck, kAsked);
    return !carry(answer) && static_cast<std::uint16_t>(answer.ebx) == kAnswered && answer.ecx & 1;
}

bool read_by_packet(std::uint8_t drive, std::uint32_t block) {
    constexpr std::uint16_t kExtendedRead = 0x4200;
    Resident& resident = arch::resident();
    AddressPacket packet{sizeof packet, 0, 1, {kBuffer, 0}, block};
    std::memcpy(resident.transfer, &packet, sizeof packet);
    RealRegisters registers{};
    registers.eax = kExtendedRead;
    registers.edx = drive;
    registers.ds = static_cast<std::uint16_t>(resident.linear >> 4);
    registers.esi = offsetof(Resident, transfer);
    bios_interrupt(kDiskVector, registers);
    return !carry(registers);
}

bool read_by_geometry(std::uint8_t drive, std::uint32_t block, Geometry geometry) {
    constexpr std::uint16_t kReadOneSector = 0x0201;
    constexpr std::uint32_t kCylinders = 1024;
    std::uint32_t sector = block % geometry.sectors + 1, track = block / geometry.sectors;
    std::uint32_t head = track % geometry.heads, cylinder = track / geometry.heads;
    if (cylinder >= kCylinders) return false;
    return !carry(call(drive, kReadOneSector, kBuffer, (cylinder & 0xff) << 8 | cylinder >> 8 << 6 | sector, head));
}

// A floppy's is that of the medium, which its first sector has (ours always does): the drive may take larger ones.
Geometry geometry_of(std::uint8_t drive) {
    constexpr std::uint16_t kGetParameters = 0x0800;
    constexpr std::uint32_t kSectorsAt = 0x18, kHeadsAt = 0x1a;
    Geometry geometry{};
    if (drive < kFirstHardDisk) {
        if (read_by_geometry(drive, 0, {1, 1}))
            geometry = {*physical<std::uint16_t>(kBuffer + kSectorsAt), *physical<std::uint16_t>(kBuffer + kHeadsAt)};
    } else if (RealRegisters answer = call(drive, kGetParameters); !carry(answer)) {
        geometry.sectors = answer.ecx & 0x3f;
        geometry.heads = static_cast<std::uint16_t>((answer.edx >> 8 & 0xff) + 1);
    }
    return geometry;
}

bool read_block(std::uint8_t drive, std::uint32_t block) {
    if (has_packets(drive)) return read_by_packet(drive, block);
    Geometry geometry = geometry_of(drive);
    return geometry.sectors && geometry.heads && read_by_geometry(drive, block, geometry);
}

}  // namespace
}  // namespace arch

namespace platform {

bool read_boot_disk(std::uint32_t block, std::span<std::byte, 512> target) {
    using namespace arch;
    constexpr std::uint16_t kReset = 0x0000;
    const Resident& resident = arch::resident();
    if (resident.origin != Origin::Disk || resident.handover == kNoBootDisk) return false;
    auto drive = static_cast<std::uint8_t>(resident.handover);
    for (unsigned i = 0; i < kTries; ++i) {
        if (read_block(drive, block)) {
            std::memcpy(target.data(), physical<std::byte>(kBuffer), target.size());
            return true;
        }
        call(drive, kReset);
    }
    return false;
}

}  // namespace platform
