// A drive: a block device with read-ahead, a geometry and a number, whose reads and writes are ordinary
// functions that wait. DriveTable owns drives; INT 13h and scripts read and write them.
#pragma once

#include "san/block_device.h"
#include "san/drive_batch.h"
#include "san/drive_cache.h"
#include "san/geometry.h"
#include "util/loop.h"
#include "util/owned.h"

namespace san {

inline constexpr util::Failure kBeyondEnd{util::code::kDisk + 3, "beyond the end of the disk"};
inline constexpr util::Failure kDriveTimedOut{util::code::kDisk + 4, "the disk did not answer in time"};

// How an operating system may find the same disk: for the EDD device path.
struct DrivePath {
    static constexpr std::uint16_t kNoPciDevice = 0xffff;
    std::uint16_t nic = kNoPciDevice;  // PCI bus, device, function
    std::uint64_t lun = 0;             // as on the wire, first byte highest
};

// Media type and first block of an image on a CD ("El Torito" 1.0, figure 7).
struct CdEmulation {
    std::uint8_t media = 0;
    std::uint32_t lba = 0;
};

// What became of a read or write.
struct Transferred {
    std::uint32_t blocks = 0;                // from the first on, without a gap
    const util::Failure* failure = nullptr;  // null: all of them
    bool ok() const { return !failure; }
};

class Drive final {
  public:
    static constexpr std::size_t kCacheBytes = 2 << 20;
    // How long a call waits for a lost session before it fails, and when the waiting person is told.
    static constexpr util::Duration kPatience = util::Duration::seconds(330);
    static constexpr util::Duration kNoticeAfter = util::Duration::seconds(3);
    static constexpr util::Duration kNoticeEvery = util::Duration::seconds(15);

    // Reads the partition table. When memory is short the cache gets smaller, down to none. A disk whose
    // first block cannot be read is a drive all the same. Failure: util::kOutOfMemory.
    static util::Result<util::Owned<Drive>> create(util::Loop& loop, std::uint8_t number,
                                                   util::Owned<BlockDevice> device, const DrivePath& path,
                                                   std::size_t cache_bytes);
    Drive(util::Loop& loop, std::uint8_t number, util::Owned<BlockDevice> device, const DrivePath& path);
    Drive(const Drive&) = delete;
    Drive& operator=(const Drive&) = delete;

    std::uint8_t number() const { return number_; }
    void set_number(std::uint8_t number) { number_ = number; }
    bool is_diskette() const { return number_ < 0x80; }
    // What an image on a CD is, for AH=4Bh; the media type is 0 for all else.
    const CdEmulation& emulation() const { return emulation_; }
    void set_emulation(const CdEmulation& emulation) { emulation_ = emulation; }
    BlockDevice& device() { return *device_; }
    const BlockGeometry& block_geometry() const { return device_->geometry(); }
    const ChsGeometry& chs_geometry() const { return chs_; }
    const DrivePath& path() const { return path_; }
    // What the last INT 13h call on this drive left.
    std::uint8_t last_status() const { return last_status_; }
    void set_last_status(std::uint8_t status) { last_status_ = status; }

    // Both wait, below an operating system: Ctrl-C does not end them. The span holds whole blocks, fewer than
    // 2^32. Failures: kBeyondEnd (nothing is transferred), kDriveTimedOut, or the device's.
    Transferred read(std::uint64_t lba, util::MutableBytes target);
    // Done when the target has said so. The span's bytes are not changed.
    Transferred write(std::uint64_t lba, util::MutableBytes source);
    // Whether the blocks can be read.
    Transferred verify(std::uint64_t lba, std::uint32_t count);
    // Forgets what was read ahead of these blocks: another drive may be the same LUN, and writes them.
    void forget(std::uint64_t lba, std::uint32_t count) { cache_.drop(lba, count); }
    // Forgets what was read ahead: AH=00h.
    void reset();
    void set_prefetch(Prefetch prefetch) { cache_.set_prefetch(prefetch); }
    const DriveCache::Statistics& cache_statistics() const { return cache_.statistics(); }

    bool has(std::uint64_t lba, std::uint64_t count) const;

  private:
    // How often a wait looks whether the session is there.
    static constexpr util::Duration kLook = util::Duration::milliseconds(500);

    using Condition = bool (*)(void* of);
    void read_geometry();
    Transferred finish(DriveBatch& batch, BlockRequest::Operation operation, std::uint64_t lba,
                       util::MutableBytes data);
    util::Result<void> wait(Condition condition, void* of);
    util::Result<void> wait_for(DriveBatch& batch);
    util::Result<void> wait_for(DriveCache::Slot& slot);
    void breathe(std::size_t bytes);
    void drop_if_session_changed();
    std::uint32_t blocks_in(util::Bytes data) const {
        return static_cast<std::uint32_t>(data.size() >> block_shift_);
    }

    util::Loop& loop_;
    util::Owned<BlockDevice> device_;
    DriveCache cache_;
    ChsGeometry chs_;
    DrivePath path_;
    CdEmulation emulation_;
    std::size_t bytes_since_poll_ = 0;
    std::uint32_t generation_ = 0;
    std::uint32_t block_shift_;
    std::uint8_t number_;
    std::uint8_t last_status_ = 0;
};

}  // namespace san
