#include "san/drive_table.h"

#include <algorithm>

namespace san {

util::Result<Drive*> DriveTable::attach(std::uint8_t number, util::Owned<BlockDevice> device,
                                        const DrivePath& path, std::size_t cache_bytes) {
    if (number && number < kFirstDrive) return kBadDriveNumber;
    if (!find(number) && count_ == kMaxDrives) return kTooManyDrives;
    detach(number);  // first: its cache makes room for the new one
    util::Owned<Drive> drive = TRY(Drive::create(loop_, number, std::move(device), path, cache_bytes));
    Drive* attached = drive.get();
    put(std::move(drive));
    return attached;
}

void DriveTable::put(util::Owned<Drive> drive) {
    std::size_t at = 0;
    while (at < count_ && drives_[at]->number() < drive->number()) ++at;
    std::move_backward(drives_.begin() + at, drives_.begin() + count_, drives_.begin() + count_ + 1);
    drives_[at] = std::move(drive);
    ++count_;
}

util::Owned<Drive> DriveTable::take(std::uint8_t number) {
    for (std::size_t at = 0; at < count_; ++at) {
        if (drives_[at]->number() != number) continue;
        util::Owned<Drive> drive = std::move(drives_[at]);
        std::move(drives_.begin() + at + 1, drives_.begin() + count_, drives_.begin() + at);
        --count_;
        return drive;
    }
    return nullptr;
}

bool DriveTable::detach(std::uint8_t number) { return static_cast<bool>(take(number)); }

void DriveTable::renumber(std::uint8_t from, std::uint8_t to) {
    ASSERT(!find(to));
    util::Owned<Drive> drive = take(from);
    ASSERT(drive);
    drive->set_number(to);
    put(std::move(drive));
}

Drive* DriveTable::find(std::uint8_t number) {
    for (util::Owned<Drive>& drive : drives())
        if (drive->number() == number) return drive.get();
    return nullptr;
}

std::uint8_t DriveTable::next_free() const {
    std::uint8_t number = kFirstDrive;
    for (std::size_t i = first(); i < count_ && drives_[i]->number() == number; ++i) ++number;
    return number;
}

std::uint8_t DriveTable::bios_number(std::uint8_t number) const {
    std::size_t from = number < kFirstDrive ? 0 : first(), below = from;
    while (below < count_ && drives_[below]->number() < number) ++below;
    return static_cast<std::uint8_t>(number - (below - from));
}

std::uint8_t DriveTable::visible_number(std::uint8_t bios_number) const {
    if (bios_number < kFirstDrive) return static_cast<std::uint8_t>(bios_number + first());
    unsigned number = bios_number;
    for (std::size_t i = first(); i < count_ && drives_[i]->number() <= number; ++i) ++number;
    return static_cast<std::uint8_t>(std::min(number, 0xffu));
}

std::uint8_t DriveTable::visible_count(std::uint8_t bios_count) const {
    unsigned highest = kFirstDrive - 1u;
    if (bios_count != 0) highest = visible_number(static_cast<std::uint8_t>(kFirstDrive + bios_count - 1));
    if (count_ != first()) highest = std::max<unsigned>(highest, drives_[count_ - 1]->number());
    return static_cast<std::uint8_t>(highest - kFirstDrive + 1);
}

}  // namespace san
