#include "san/drive_table.h"

#include <algorithm>

namespace san {

util::Result<Drive*> DriveTable::attach(std::uint8_t number, util::Owned<BlockDevice> device,
                                        const DrivePath& path, std::size_t cache_bytes) {
    if (number < kFirstDrive) return kBadDriveNumber;
    if (!find(number) && count_ == kMaxDrives) return kTooManyDrives;
    detach(number);  // first: its cache makes room for the new one
    util::Owned<Drive> drive = TRY(Drive::create(loop_, number, std::move(device), path, cache_bytes));
    std::size_t at = 0;
    while (at < count_ && drives_[at]->number() < number) ++at;
    std::move_backward(drives_.begin() + at, drives_.begin() + count_, drives_.begin() + count_ + 1);
    drives_[at] = std::move(drive);
    ++count_;
    return drives_[at].get();
}

bool DriveTable::detach(std::uint8_t number) {
    for (std::size_t at = 0; at < count_; ++at) {
        if (drives_[at]->number() != number) continue;
        std::move(drives_.begin() + at + 1, drives_.begin() + count_, drives_.begin() + at);
        drives_[--count_].reset();
        return true;
    }
    return false;
}

Drive* DriveTable::find(std::uint8_t number) {
    for (util::Owned<Drive>& drive : drives())
        if (drive->number() == number) return drive.get();
    return nullptr;
}

std::uint8_t DriveTable::next_free() const {
    std::uint8_t number = kFirstDrive;
    for (std::size_t i = 0; i < count_ && drives_[i]->number() == number; ++i) ++number;
    return number;
}

std::uint8_t DriveTable::bios_number(std::uint8_t number) const {
    if (number < kFirstDrive) return number;
    std::uint8_t ours_below = 0;
    while (ours_below < count_ && drives_[ours_below]->number() < number) ++ours_below;
    return static_cast<std::uint8_t>(number - ours_below);
}

std::uint8_t DriveTable::visible_number(std::uint8_t bios_number) const {
    if (bios_number < kFirstDrive) return bios_number;
    unsigned number = bios_number;
    for (std::size_t i = 0; i < count_ && drives_[i]->number() <= number; ++i) ++number;
    return static_cast<std::uint8_t>(std::min(number, 0xffu));
}

std::uint8_t DriveTable::visible_count(std::uint8_t bios_count) const {
    unsigned highest = kFirstDrive - 1u;
    if (bios_count != 0) highest = visible_number(static_cast<std::uint8_t>(kFirstDrive + bios_count - 1));
    if (count_ != 0) highest = std::max<unsigned>(highest, drives_[count_ - 1]->number());
    return static_cast<std::uint8_t>(highest - kFirstDrive + 1);
}

}  // namespace san
