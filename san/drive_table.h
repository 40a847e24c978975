// The drives that we add to the BIOS's, by drive number. One table exists; scripts fill it (sanhook,
// sanboot), arch publishes it (platform::publish_drives), INT 13h looks drives up.
//
// The BIOS's own hard disks keep their order and move up behind ours: the n-th of them is seen at the n-th
// number from 80h that is not in the table. A diskette of ours is drive 0, and the BIOS's follow behind it.
#pragma once

#include <array>

#include "san/drive.h"
#include "util/owned.h"

namespace san {

inline constexpr util::Failure kTooManyDrives{util::code::kDisk + 1, "no more SAN drives can be added"};
inline constexpr util::Failure kBadDriveNumber{util::code::kDisk + 2,
                                               "a hard disk's drive number is from 0x80 to 0xff, a diskette's is 0"};

class DriveTable {
  public:
    static constexpr std::uint8_t kFirstDrive = 0x80;
    static constexpr std::size_t kMaxDrives = 8;

    constexpr explicit DriveTable(util::Loop& loop) : loop_(loop) {}
    DriveTable(const DriveTable&) = delete;
    DriveTable& operator=(const DriveTable&) = delete;

    // Makes the device a drive of that number; a drive that has the number is detached first. Several paths
    // to one disk are the business of a BlockDevice that wraps them. Cache: Drive::create(). Failures:
    // kBadDriveNumber, kTooManyDrives, util::kOutOfMemory; then the device is gone.
    util::Result<Drive*> attach(std::uint8_t number, util::Owned<BlockDevice> device, const DrivePath& path,
                                std::size_t cache_bytes = Drive::kCacheBytes);
    // False when there is no such drive.
    bool detach(std::uint8_t number);
    // Gives a drive another number, which must be free.
    void renumber(std::uint8_t from, std::uint8_t to);
    // Null when the number is not ours.
    Drive* find(std::uint8_t number);
    std::size_t count() const { return count_; }
    bool empty() const { return count_ == 0; }
    bool has_diskette() const { return count_ && drives_[0]->number() < kFirstDrive; }
    // By rising number.
    std::span<util::Owned<Drive>> drives() { return std::span(drives_).first(count_); }

    // The first number from 80h that is free: what sanhook and sanboot take when told none.
    std::uint8_t next_free() const;

    // The number that the BIOS knows the drive by which callers see at `number` (not one of ours).
    std::uint8_t bios_number(std::uint8_t number) const;
    // And back.
    std::uint8_t visible_number(std::uint8_t bios_number) const;
    // What belongs at 40:75h when the BIOS has that many hard disks of its own: one more than the highest
    // number in use, less 80h.
    std::uint8_t visible_count(std::uint8_t bios_count) const;

  private:
    void put(util::Owned<Drive> drive);
    util::Owned<Drive> take(std::uint8_t number);
    // Where the hard disks begin.
    std::size_t first() const { return has_diskette() ? 1 : 0; }
    util::Loop& loop_;
    std::array<util::Owned<Drive>, kMaxDrives> drives_;
    std::size_t count_ = 0;
};

}  // namespace san
