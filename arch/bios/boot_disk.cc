// The disk or CD that we were started from, read once more: by a loader of our own (Origin::Disk), or from a CD by that of others, which do not say
// where they have come from. The BIOS does, of CDs.
#include <platform/boot.h>

#include <cstring>
#include <optional>
#include <utility>

#include "arch/bios/machine.h"

namespace arch {
namespace {

constexpr std::uint8_t kDiskVector = 0x13, kFirstHardDisk = 0x80;
constexpr std::uint32_t kBuffer = 0x10000;  // the loaders of ours that we may go back to are below it, and nothing is above
constexpr FarPointer kBufferPointer{0, kBuffer >> 4};
constexpr std::uint32_t kBlock = 512, kCdBlock = 2048;
constexpr unsigned kTries = 3;

// As EDD 3.0 section 8.2.1 has it.
struct AddressPacket {
    std::uint8_t size, reserved;
    std::uint16_t count;
    FarPointer buffer;
    std::uint64_t block;
};
static_assert(sizeof(AddressPacket) == 16);

// El Torito 1.0, section 4.3: AX=4B01h. What it says of the CD that was booted from.
struct [[gnu::packed]] SpecificationPacket {
    std::uint8_t size, media, drive, controller;
    std::uint32_t image;
    std::uint16_t device, cache, segment, sectors;
    std::uint8_t geometry[3];
    bool is_without_emulation() const { return size >= sizeof(SpecificationPacket) && (media & 15) == 0 && drive >= kFirstHardDisk; }
};
static_assert(sizeof(SpecificationPacket) == 0x13);

struct Geometry {
    std::uint16_t sectors, heads;
};

RealRegisters call(std::uint8_t drive, std::uint16_t eax, std::uint32_t ebx = 0, std::uint32_t ecx = 0, std::uint32_t head = 0) {
    RealRegisters registers{};
    registers.eax = eax;
    registers.ebx = ebx;
    registers.ecx = ecx;
    registers.edx = head << 8 | drive;
    registers.es = kBufferPointer.segment;
    bios_interrupt(kDiskVector, registers);
    return registers;
}

bool has_packets(std::uint8_t drive) {
    constexpr std::uint16_t kInstallationCheck = 0x4100, kAsked = 0x55aa, kAnswered = 0xaa55;
    if (drive < kFirstHardDisk) return false;
    RealRegisters answer = call(drive, kInstallationCheck, kAsked);
    return !carry(answer) && static_cast<std::uint16_t>(answer.ebx) == kAnswered && answer.ecx & 1;
}

// With a packet in base memory, in and out.
template <class Packet>
bool call_with(Packet& packet, std::uint8_t drive, std::uint16_t eax) {
    Resident& resident = arch::resident();
    std::memcpy(resident.transfer, &packet, sizeof packet);
    RealRegisters registers{};
    registers.eax = eax;
    registers.edx = drive;
    registers.ds = static_cast<std::uint16_t>(resident.linear >> 4);
    registers.esi = offsetof(Resident, transfer);
    bios_interrupt(kDiskVector, registers);
    std::memcpy(&packet, resident.transfer, sizeof packet);
    return !carry(registers);
}

bool read_by_packet(std::uint8_t drive, std::uint32_t block) {
    constexpr std::uint16_t kExtendedRead = 0x4200;
    AddressPacket packet{sizeof packet, 0, 1, kBufferPointer, block};
    return call_with(packet, drive, kExtendedRead);
}

bool read_by_geometry(std::uint8_t drive, std::uint32_t block, Geometry geometry) {
    constexpr std::uint16_t kReadOneSector = 0x0201;
    constexpr std::uint32_t kCylinders = 1024;
    std::uint32_t sector = block % geometry.sectors + 1, track = block / geometry.sectors;
    std::uint32_t head = track % geometry.heads, cylinder = track / geometry.heads;
    if (cylinder >= kCylinders) return false;
    return !carry(call(drive, kReadOneSector, kBufferPointer.offset, (cylinder & 0xff) << 8 | cylinder >> 8 << 6 | sector, head));
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

struct BootDisk {
    std::uint8_t drive;
    std::uint32_t block_size;
};

bool read_block(const BootDisk& disk, std::uint32_t block) {
    if (disk.block_size == kCdBlock || has_packets(disk.drive)) return read_by_packet(disk.drive, block);
    Geometry geometry = geometry_of(disk.drive);
    return geometry.sectors && geometry.heads && read_by_geometry(disk.drive, block, geometry);
}

// BIOSes number CD drives as they like, and answer for the one that was booted from.
std::optional<BootDisk> find_cd() {
    constexpr std::uint16_t kGetStatus = 0x4b01;
    for (unsigned drive = kFirstHardDisk; drive <= 0xff; ++drive) {
        SpecificationPacket packet{};
        packet.size = sizeof packet;
        if (call_with(packet, static_cast<std::uint8_t>(drive), kGetStatus) && packet.is_without_emulation()) return BootDisk{packet.drive, kCdBlock};
    }
    return std::nullopt;
}

std::optional<BootDisk> find_boot_disk() {
    const Resident& resident = arch::resident();
    if (resident.origin == Origin::Disk)
        return BootDisk{static_cast<std::uint8_t>(resident.handover), resident.handover & kCdBlocks ? kCdBlock : kBlock};
    return resident.origin == Origin::LinuxKernel ? find_cd() : std::nullopt;
}

}  // namespace
}  // namespace arch

namespace platform {

bool read_boot_disk(std::uint32_t block, std::span<std::byte, 512> target) {
    using namespace arch;
    constexpr std::uint16_t kReset = 0x0000;
    static constinit bool is_known = false;
    static constinit std::optional<BootDisk> disk;
    if (!std::exchange(is_known, true)) disk = find_boot_disk();
    if (!disk) return false;
    std::uint32_t parts = disk->block_size / kBlock;
    for (unsigned i = 0; i < kTries; ++i) {
        if (read_block(*disk, block / parts)) {
            std::memcpy(target.data(), physical<std::byte>(kBuffer) + block % parts * kBlock, target.size());
            return true;
        }
        call(disk->drive, kReset);
    }
    return false;
}

}  // namespace platform
