#include "san/drive.h"

#include <algorithm>
#include <bit>

#include "san/iscsi_failures.h"
#include "util/text.h"

namespace san {

using Operation = BlockRequest::Operation;

Drive::Drive(util::Loop& loop, std::uint8_t number, util::Owned<BlockDevice> device, const DrivePath& path)
    : loop_(loop),
      device_(std::move(device)),
      cache_(*device_),
      path_(path),
      generation_(device_->generation()),
      block_shift_(static_cast<std::uint32_t>(std::countr_zero(device_->geometry().block_size))),
      number_(number) {}

util::Result<util::Owned<Drive>> Drive::create(util::Loop& loop, std::uint8_t number,
                                               util::Owned<BlockDevice> device, const DrivePath& path,
                                               std::size_t cache_bytes) {
    auto drive = TRY(util::make_owned<Drive>(loop, number, std::move(device), path));
    drive->cache_.allocate(cache_bytes);
    drive->read_geometry();
    return drive;
}

// A disk whose first block cannot be read is still a disk: it may be about to be written.
void Drive::read_geometry() {
    const BlockGeometry& blocks = block_geometry();
    auto* sector = static_cast<std::byte*>(util::heap_allocate(blocks.block_size));
    util::MutableBytes first;
    if (sector && read(0, {sector, blocks.block_size}).ok()) first = {sector, blocks.block_size};
    chs_ = is_diskette() ? diskette_geometry(blocks.blocks) : guess_geometry(first, blocks.blocks);
    util::heap_free(sector);
    reset();  // this was no reader
}

bool Drive::has(std::uint64_t lba, std::uint64_t count) const {
    std::uint64_t blocks = block_geometry().blocks;
    return count <= blocks && lba <= blocks - count;
}

Transferred Drive::read(std::uint64_t lba, util::MutableBytes target) {
    std::uint32_t count = blocks_in(target);
    if (!has(lba, count)) return {0, &kBeyondEnd};
    breathe(target.size());
    bool noted = false;
    auto note = [&](DriveCache::Found found) {
        if (!noted) cache_.read_ahead(lba, count, found);
        noted = true;
    };
    std::uint32_t done = 0;
    while (done != count) {
        drop_if_session_changed();
        std::uint64_t at = lba + done;
        util::MutableBytes rest = target.subspan(std::size_t{done} << block_shift_);
        DriveCache::Slot* slot = cache_.find(at);
        if (slot && slot->done()) {
            done += cache_.copy(*slot, at, rest);
        } else if (slot && slot->pending()) {
            note(DriveCache::Found::All);
            if (auto waited = wait_for(*slot); !waited.ok()) return {done, &waited.failure()};
        } else if (slot) {
            cache_.release(*slot);  // failed: perhaps not all of it is needed, and the error is found anew
        } else {
            auto missing = static_cast<std::size_t>(cache_.next_cached(at, lba + count) - at) << block_shift_;
            DriveBatch batch(*device_, Operation::Read, at, rest.first(missing));
            batch.advance();
            note(DriveCache::Found::NotAll);
            Transferred part = finish(batch, Operation::Read, at, rest.first(missing));
            done += part.blocks;
            if (!part.ok()) return {done, part.failure};
        }
    }
    note(DriveCache::Found::All);
    return {done, nullptr};
}

Transferred Drive::write(std::uint64_t lba, util::MutableBytes source) {
    std::uint32_t count = blocks_in(source);
    if (block_geometry().read_only) return {0, &kWriteProtected};
    if (!has(lba, count)) return {0, &kBeyondEnd};
    cache_.drop(lba, count);
    DriveBatch batch(*device_, Operation::Write, lba, source);
    return finish(batch, Operation::Write, lba, source);
}

Transferred Drive::verify(std::uint64_t lba, std::uint32_t count) {
    if (!has(lba, count)) return {0, &kBeyondEnd};
    std::uint32_t done = 0;
    while (done != count && cache_.has_memory()) {
        drop_if_session_changed();
        DriveCache::Slot* slot = cache_.find(lba + done);
        if (!slot) slot = cache_.fetch(lba + done, count - done);
        if (!slot) {  // all of them on their way to readers
            cache_.drop_all();
            continue;
        }
        if (auto waited = wait_for(*slot); !waited.ok()) return {done, &waited.failure()};
        if (slot->failed()) {
            const util::Failure* failure = slot->failure();
            std::uint64_t good = slot->failed_lba() - lba;
            cache_.release(*slot);
            return {good > done && good < count ? static_cast<std::uint32_t>(good) : done, failure};
        }
        done = static_cast<std::uint32_t>(std::min<std::uint64_t>(count, slot->end() - lba));
    }
    return {count, nullptr};
}

void Drive::reset() {
    cache_.drop_all();
    generation_ = device_->generation();
}

// A request that failed at a known block is done again up to there, as what it had done is not known.
Transferred Drive::finish(DriveBatch& batch, Operation operation, std::uint64_t lba,
                          util::MutableBytes data) {
    if (auto waited = wait_for(batch); !waited.ok()) return {batch.blocks(), &waited.failure()};
    Transferred result{batch.blocks(), batch.failure()};
    if (std::uint32_t good = batch.good_blocks()) {
        DriveBatch again(
            *device_, operation, lba + result.blocks,
            data.subspan(std::size_t{result.blocks} << block_shift_, std::size_t{good} << block_shift_));
        if (wait_for(again).ok()) result.blocks += again.blocks();
    }
    return result;
}

util::Result<void> Drive::wait_for(DriveBatch& batch) {
    return wait([](void* of) { return static_cast<DriveBatch*>(of)->advance(); }, &batch);
}

util::Result<void> Drive::wait_for(DriveCache::Slot& slot) {
    return wait([](void* of) { return !static_cast<DriveCache::Slot*>(of)->pending(); }, &slot);
}

namespace {

// Below an operating system nobody may cancel with a key that is meant for it.
class Uncancelled {
  public:
    explicit Uncancelled(util::Loop& loop) : loop_(loop), before_(loop.cancel()) {
        loop_.set_cancel(util::Loop::Cancel::Never);
    }
    ~Uncancelled() { loop_.set_cancel(before_); }

  private:
    util::Loop& loop_;
    util::Loop::Cancel before_;
};

}  // namespace

util::Result<void> Drive::wait(Condition condition, void* of) {
    if (condition(of)) return {};
    Uncancelled uncancelled(loop_);
    bytes_since_poll_ = 0;
    const util::Instant begin = loop_.now(), deadline = begin + kPatience;
    util::Instant notice = util::Instant::never();
    bool noticed = false;
    for (;;) {
        util::Instant until = std::min({deadline, notice, loop_.now() + kLook});
        auto waited = loop_.run_until([&] { return condition(of); }, until);
        if (waited.ok()) {
            if (noticed) util::print("drive 0x%x: the disk is back\n", unsigned{number_});
            return {};
        }
        util::Instant now = loop_.now();
        if (now >= deadline) return kDriveTimedOut;
        if (!device_->reconnecting()) {
            notice = util::Instant::never();
        } else if (notice == util::Instant::never()) {
            notice = now + kNoticeAfter;
        } else if (now >= notice) {
            std::string_view why = device_->diagnosis().what.view();
            util::print("drive 0x%x: no disk for %u s, still trying: %v\n", unsigned{number_},
                        static_cast<unsigned>((now - begin).s()), &why);
            notice = now + kNoticeEvery;
            noticed = true;
        }
    }
}

// Many reads in a row may need no waiting. The network must be looked after all the same: what arrives makes
// room for what is under way, and targets want their pings answered.
void Drive::breathe(std::size_t bytes) {
    constexpr std::size_t kBytesPerPoll = 8 << 10;
    bytes_since_poll_ += bytes;
    if (bytes_since_poll_ < kBytesPerPoll) return;
    bytes_since_poll_ = 0;
    loop_.poll_once();
}

// Another initiator may have written while there was no session.
void Drive::drop_if_session_changed() {
    std::uint32_t generation = device_->generation();
    if (generation == generation_) return;
    generation_ = generation;
    cache_.drop_done();
}

}  // namespace san
