// The frame of INT 13h: whose call it is, chaining, and the functions of old (AH below 40h). AH=41h and up:
// int13_edd.cc.
#include "san/int13.h"

#include <algorithm>

#include "san/iscsi_failures.h"

namespace san {

namespace {

// BIOS data area.
constexpr std::uint64_t kLastStatusAddress = 0x474, kDriveCountAddress = 0x475;

enum Function : std::uint8_t {
    kReset = 0x00,
    kLastStatus = 0x01,
    kRead = 0x02,
    kWrite = 0x03,
    kVerify = 0x04,
    kGetParameters = 0x08,
    kInitialise = 0x09,
    kSeek = 0x0c,
    kAlternateReset = 0x0d,
    kTestReady = 0x10,
    kRecalibrate = 0x11,
    kDiagnose = 0x14,
    kGetType = 0x15,
    kDetectChange = 0x16,
};
constexpr std::uint8_t kDiskette = 1, kFixedDisk = 3;  // AH=15h
// INT 1Eh: the diskette parameter table.
constexpr std::uint64_t kDisketteTableVector = 0x1e * 4, kEquipmentAddress = 0x410;

// BL of AH=08h, by sectors a track and cylinders.
std::uint8_t diskette_type(const ChsGeometry& chs) {
    switch (chs.sectors) {
        case 9: return chs.cylinders == 40 ? 1 : 3;
        case 15: return 2;
        case 36: return 6;
        default: return 4;
    }
}

// CX and DH, as AH=02h to 04h and 0Ch have it.
Chs caller_chs(const Int13Registers& registers) {
    return {static_cast<std::uint16_t>(registers.ch() | (registers.cl() & 0xc0) << 2), registers.dh(),
            static_cast<std::uint8_t>(registers.cl() & 0x3f)};
}

}  // namespace

DiskStatus disk_status(const util::Failure& failure, BlockRequest::Operation operation) {
    static constexpr struct {
        const util::Failure* failure;
        DiskStatus status;
    } kTable[] = {
        {&kBeyondEnd, DiskStatus::SectorNotFound},
        {&kOutsideDisk, DiskStatus::SectorNotFound},
        {&kWriteProtected, DiskStatus::WriteProtected},
        {&kNotReady, DiskStatus::NotReady},
        {&kEmptyLun, DiskStatus::NotReady},
        {&kReservationConflict, DiskStatus::NotReady},
        {&kDriveTimedOut, DiskStatus::TimedOut},
        {&kPatienceEnded, DiskStatus::TimedOut},
        {&kTaskStuck, DiskStatus::TimedOut},
    };
    for (const auto& row : kTable)
        if (row.failure == &failure) return row.status;
    bool writes = operation == BlockRequest::Operation::Write;
    if (&failure == &kMediumError) return writes ? DiskStatus::WriteFault : DiskStatus::UncorrectableData;
    if (&failure == &kSpaceExhausted) return DiskStatus::WriteFault;
    return DiskStatus::ControllerFailure;
}

Int13::Outcome Int13::handle(Int13Registers& registers, Chained& chained) {
    Drive* drive = drives_.find(registers.dl());
    if (!drive) return chain(registers, chained);
    std::uint8_t function = registers.ah();
    DiskStatus status = dispatch(*drive, registers);
    registers.set_carry(status != DiskStatus::Ok);
    if (status != DiskStatus::Ok || !answers_in_ah(function))
        registers.set_ah(static_cast<std::uint8_t>(status));
    if (function != kLastStatus) remember(*drive, status);
    return Outcome::Handled;
}

// Functions whose answer, when good, is in AH.
bool Int13::answers_in_ah(std::uint8_t function) {
    return function == kGetType || function == kCheckExtensions;
}

DiskStatus Int13::dispatch(Drive& drive, Int13Registers& registers) {
    switch (registers.ah()) {
        case kReset:
        case kAlternateReset:
            drive.reset();
            return DiskStatus::Ok;
        case kLastStatus:
            return static_cast<DiskStatus>(drive.last_status());
        case kRead:
        case kWrite:
        case kVerify:
            return transfer_chs(drive, registers);
        case kGetParameters:
            return get_parameters(drive, registers);
        case kSeek:
            return drive.chs_geometry().lba(caller_chs(registers)) ? DiskStatus::Ok : DiskStatus::SeekFailed;
        case kTestReady:
            return drive.device().reconnecting() ? DiskStatus::NotReady : DiskStatus::Ok;
        case kGetType:
            return get_type(drive, registers);
        case kDiagnose:
            registers.set_al(0);
            return DiskStatus::Ok;
        // Nothing to set up, and the medium is never another.
        case kInitialise:
        case kRecalibrate:
        case kDetectChange:
            return DiskStatus::Ok;
        default:
            return dispatch_extended(drive, registers);
    }
}

DiskStatus Int13::transfer_chs(Drive& drive, Int13Registers& registers) {
    constexpr std::uint8_t kMostBlocks = 128;  // 64 KiB in sectors
    std::uint8_t function = registers.ah(), count = registers.al();
    registers.set_al(0);
    if (count == 0 || count > kMostBlocks) return DiskStatus::InvalidCommand;
    auto lba = drive.chs_geometry().lba(caller_chs(registers));
    if (!lba || !drive.has(*lba, count)) return DiskStatus::SectorNotFound;
    auto address = std::uint64_t{registers.es} * 16 + registers.bx();
    Extent extent{*lba, count, address};
    Access access = function == kRead ? Access::Read : function == kWrite ? Access::Write : Access::Verify;
    DiskStatus status = transfer(drive, access, extent);
    registers.set_al(static_cast<std::uint8_t>(extent.count));
    return status;
}

// Leaves in extent.count what was done.
DiskStatus Int13::transfer(Drive& drive, Access access, Extent& extent) {
    using Operation = BlockRequest::Operation;
    Transferred result;
    if (access == Access::Verify) {
        result = drive.verify(extent.lba, extent.count);
    } else {
        std::uint64_t size = std::uint64_t{extent.count} * drive.block_geometry().block_size;
        util::MutableBytes memory = size <= UINT32_MAX
                                        ? memory_.map(extent.address, static_cast<std::size_t>(size))
                                        : util::MutableBytes();
        if (memory.empty()) {
            extent.count = 0;
            return DiskStatus::DataBoundary;
        }
        if (access == Access::Write)
            for (auto& other : drives_.drives()) other->forget(extent.lba, extent.count);
        result = access == Access::Read ? drive.read(extent.lba, memory) : drive.write(extent.lba, memory);
    }
    extent.count = result.blocks;
    if (result.ok()) return DiskStatus::Ok;
    return disk_status(*result.failure, access == Access::Write ? Operation::Write : Operation::Read);
}

DiskStatus Int13::get_parameters(Drive& drive, Int13Registers& registers) {
    const ChsGeometry& chs = drive.chs_geometry();
    auto last = static_cast<std::uint16_t>(chs.cylinders - 1);
    registers.set_al(0);
    if (drive.is_diskette()) {
        registers.set_bx(static_cast<std::uint16_t>((registers.bx() & 0xff00) | diskette_type(chs)));
        if (util::MutableBytes vector = memory_.map(kDisketteTableVector, 4); !vector.empty()) {
            util::Reader reader(vector);
            registers.edi = (registers.edi & ~0xffffu) | reader.le16();
            registers.es = reader.le16();
        }
    } else {
        registers.set_bx(registers.bx() & 0xff00);
    }
    registers.set_cx(static_cast<std::uint16_t>((last & 0xff) << 8 | (last >> 2 & 0xc0) | chs.sectors));
    registers.set_dx(static_cast<std::uint16_t>((chs.heads - 1) << 8 | drive_count(drive.is_diskette())));
    return DiskStatus::Ok;
}

DiskStatus Int13::get_type(Drive& drive, Int13Registers& registers) {
    if (drive.is_diskette()) {
        registers.set_ah(kDiskette);
        return DiskStatus::Ok;
    }
    auto blocks =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(drive.block_geometry().blocks, UINT32_MAX));
    registers.set_cx(static_cast<std::uint16_t>(blocks >> 16));
    registers.set_dx(static_cast<std::uint16_t>(blocks));
    registers.set_ah(kFixedDisk);
    return DiskStatus::Ok;
}

// What other handlers have added since counts, too, so the BIOS's own place for it is asked.
std::uint8_t Int13::drive_count(bool diskettes) {
    if (diskettes) {
        util::MutableBytes equipment = memory_.map(kEquipmentAddress, 1);
        auto bits = equipment.empty() ? std::uint8_t{1} : std::to_integer<std::uint8_t>(equipment[0]);
        return static_cast<std::uint8_t>(bits & 1 ? (bits >> 6) + 1 : 0);
    }
    util::MutableBytes count = memory_.map(kDriveCountAddress, 1);
    if (count.empty()) return drives_.visible_count(0);
    return std::to_integer<std::uint8_t>(count[0]);
}

void Int13::remember(Drive& drive, DiskStatus status) {
    drive.set_last_status(static_cast<std::uint8_t>(status));
    util::MutableBytes last = memory_.map(kLastStatusAddress, 1);
    if (!last.empty()) last[0] = static_cast<std::byte>(status);
}

Int13::Outcome Int13::chain(Int13Registers& registers, Chained& chained) {
    chained = {registers.ah(), registers.dl()};
    std::uint8_t number = drives_.bios_number(registers.dl());
    registers.set_dl(number);
    bool is_hard_disk = number >= DriveTable::kFirstDrive;
    if (number == chained.drive && !(is_hard_disk && chained.function == kGetParameters))
        return Outcome::Chain;
    return Outcome::ChainAndReturn;
}

void Int13::after_chain(Int13Registers& registers, const Chained& chained) {
    bool answers_in_dx = chained.function == kGetType && !registers.carry() && registers.ah() == kFixedDisk;
    if (answers_in_dx) return;
    if (chained.function == kGetParameters && !registers.carry())
        registers.set_dl(drive_count(chained.drive < DriveTable::kFirstDrive));
    else
        registers.set_dl(chained.drive);
}

}  // namespace san
