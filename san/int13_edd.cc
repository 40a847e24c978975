// INT 13h AH=41h to 4Eh: EDD and what El Torito adds.
#include <algorithm>
#include <cstddef>
#include <cstring>

#include "san/edd.h"
#include "san/int13.h"

namespace san {

namespace {

enum Function : std::uint8_t {
    kRead = 0x42,
    kWrite = 0x43,
    kVerify = 0x44,
    kLock = 0x45,
    kEject = 0x46,
    kSeek = 0x47,
    kGetParameters = 0x48,
    kChangeLine = 0x49,
    kEmulationStatus = 0x4b,
    kSetHardware = 0x4e,
};

// DS:SI.
std::uint64_t packet_address(const Int13Registers& registers) {
    return std::uint64_t{registers.ds} * 16 + registers.si();
}

}  // namespace

DiskStatus Int13::dispatch_extended(Drive& drive, Int13Registers& registers) {
    if (drive.is_diskette() && registers.ah() != kEmulationStatus) return DiskStatus::InvalidCommand;
    switch (registers.ah()) {
        case kCheckExtensions:
            return check_extensions(registers);
        case kRead:
        case kWrite:
        case kVerify:
        case kSeek:
            return transfer_extended(drive, registers);
        case kLock:
        case kEject:
            return DiskStatus::NotRemovable;
        case kGetParameters:
            return get_extended_parameters(drive, registers);
        case kChangeLine:
            return DiskStatus::Ok;
        case kEmulationStatus:
            return emulation_status(drive, registers);
        case kSetHardware:
            return set_hardware(drive, registers);
        // Among them 05h to 07h, format: there is nothing to format, and nothing may be lost.
        default:
            return DiskStatus::InvalidCommand;
    }
}

DiskStatus Int13::check_extensions(Int13Registers& registers) {
    constexpr std::uint16_t kAsked = 0x55aa, kAnswered = 0xaa55;
    constexpr std::uint8_t kVersion3 = 0x30;
    constexpr std::uint16_t kPacketAccess = 1 << 0, kEnhancedDrive = 1 << 2, kFlatAddresses = 1 << 3;
    if (registers.bx() != kAsked) return DiskStatus::InvalidCommand;
    registers.set_bx(kAnswered);
    registers.set_ah(kVersion3);
    registers.set_cx(kPacketAccess | kEnhancedDrive | kFlatAddresses);
    return DiskStatus::Ok;
}

// What a packet asks for; nullopt when it makes no sense.
std::optional<Int13::Extent> Int13::read_packet(std::uint64_t address) {
    util::MutableBytes memory = memory_.map(address, EddPacket::kShortest);
    if (memory.empty()) return std::nullopt;
    EddPacket packet{};
    std::size_t size = std::min<std::size_t>(std::to_integer<std::uint8_t>(memory[0]), sizeof packet);
    if (size < EddPacket::kShortest) return std::nullopt;
    memory = memory_.map(address, size);
    if (memory.empty()) return std::nullopt;
    std::memcpy(&packet, memory.data(), size);

    Extent extent{packet.lba, packet.count, std::uint64_t{packet.segment} * 16 + packet.offset};
    if (packet.segment == EddPacket::kAddressIsFlat && packet.offset == EddPacket::kAddressIsFlat &&
        size >= EddPacket::kWithFlatAddress)
        extent.address = packet.flat_address;
    if (packet.count == EddPacket::kCountIsLong && size >= EddPacket::kWithLongCount) {
        extent.count = packet.long_count;
        extent.count_is_long = true;
    }
    return extent;
}

// How many blocks were transferred goes where their number was.
void Int13::write_packet_count(std::uint64_t address, const Extent& extent) {
    util::Le32 count(extent.count);
    std::size_t offset = extent.count_is_long ? offsetof(EddPacket, long_count) : offsetof(EddPacket, count);
    std::size_t size = extent.count_is_long ? sizeof(EddPacket::long_count) : sizeof(EddPacket::count);
    util::MutableBytes field = memory_.map(address + offset, size);
    if (!field.empty()) std::memcpy(field.data(), &count, size);
}

DiskStatus Int13::transfer_extended(Drive& drive, Int13Registers& registers) {
    constexpr std::uint8_t kLastWriteMode = 2;  // AL: 0 and 1 without, 2 with verification
    std::uint64_t address = packet_address(registers);
    std::uint8_t function = registers.ah();
    auto extent = read_packet(address);
    if (!extent || (function == kWrite && registers.al() > kLastWriteMode)) return DiskStatus::InvalidCommand;
    if (!drive.has(extent->lba, std::max(extent->count, 1u))) {
        extent->count = 0;
        write_packet_count(address, *extent);
        return DiskStatus::SectorNotFound;
    }
    if (function == kSeek || extent->count == 0) return DiskStatus::Ok;
    Extent done = *extent;
    Access access = function == kRead ? Access::Read : function == kWrite ? Access::Write : Access::Verify;
    DiskStatus status = transfer(drive, access, done);
    if (status == DiskStatus::Ok && function == kWrite && registers.al() == kLastWriteMode) {
        done = *extent;
        status = transfer(drive, Access::Verify, done);
    }
    if (status != DiskStatus::Ok) write_packet_count(address, done);
    return status;
}

DiskStatus Int13::get_extended_parameters(Drive& drive, Int13Registers& registers) {
    std::uint64_t address = packet_address(registers);
    util::MutableBytes size = memory_.map(address, sizeof(util::Le16));
    if (size.empty()) return DiskStatus::InvalidCommand;
    util::Le16 room;
    std::memcpy(&room, size.data(), sizeof room);
    util::MutableBytes target = memory_.map(address, std::min<std::size_t>(room, sizeof(EddParameters)));
    return fill_edd_parameters(drive, target) ? DiskStatus::Ok : DiskStatus::InvalidCommand;
}

// Subfunctions of AL; all that is about ATA transfer modes has no meaning and does no harm.
DiskStatus Int13::set_hardware(Drive& drive, Int13Registers& registers) {
    constexpr std::uint8_t kPrefetchOn = 0, kPrefetchOff = 1, kLastSubfunction = 6;
    std::uint8_t wish = registers.al();
    if (wish > kLastSubfunction) return DiskStatus::InvalidCommand;
    if (wish <= kPrefetchOff) drive.set_prefetch(wish == kPrefetchOn ? Prefetch::On : Prefetch::Off);
    registers.set_al(0);  // no other drive is touched by it
    return DiskStatus::Ok;
}

// A CD is there as itself: 2048-byte blocks, nothing emulated. An image on a CD says what it is, and stays when it is told to
// end: it is taken away when what was booted gives the machine back. A disk has no such status.
DiskStatus Int13::emulation_status(Drive& drive, Int13Registers& registers) {
    constexpr std::uint8_t kAsk = 1;  // 0: end the emulation
    const CdEmulation& emulation = drive.emulation();
    if ((!drive.block_geometry().is_cdrom && !emulation.media) || registers.al() > kAsk) return DiskStatus::InvalidCommand;
    util::MutableBytes target = memory_.map(packet_address(registers), sizeof(EmulationPacket));
    if (target.empty()) return DiskStatus::InvalidCommand;
    EmulationPacket packet{};
    packet.size = sizeof packet;
    packet.media = emulation.media;
    packet.image_lba = emulation.lba;
    packet.drive = drive.number();
    std::memcpy(target.data(), &packet, sizeof packet);
    return DiskStatus::Ok;
}

}  // namespace san
