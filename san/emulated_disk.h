// The diskette or hard disk that is an image on a CD ("El Torito" 1.0 section 1.2): blocks of 512 bytes out of the CD's blocks
// of 2048, read-only. One request at a time, through a buffer of its own: the drive above it reads ahead.
#pragma once

#include "san/block_device.h"
#include "util/loop.h"
#include "util/owned.h"
#include "util/vector.h"

namespace san {

class EmulatedDisk final : public BlockDevice, public util::Poller {
  public:
    // The CD must outlive it. The image begins at that block of the CD. Failure: out of memory.
    static util::Result<util::Owned<EmulatedDisk>> create(util::Loop& loop, BlockDevice& cd, std::uint32_t first,
                                                          std::uint64_t blocks);
    ~EmulatedDisk() override;

    const BlockGeometry& geometry() const override { return geometry_; }
    std::uint32_t max_transfer_blocks() const override { return kMostBlocks; }
    void submit(BlockRequest& request) override;
    void cancel(BlockRequest& request) override;
    std::uint32_t generation() const override { return cd_.generation(); }
    bool reconnecting() const override { return cd_.reconnecting(); }
    const Diagnosis& diagnosis() const override { return cd_.diagnosis(); }

    bool poll(util::Instant now) override;

  private:
    template <class T, class... Args>
    friend util::Result<util::Owned<T>> util::make_owned(Args&&... args);
    EmulatedDisk(BlockDevice& cd, std::uint32_t first, std::uint64_t blocks) : cd_(cd), first_(first) {
        geometry_.blocks = blocks;
        geometry_.read_only = true;
    }
    static constexpr std::uint32_t kMostBlocks = 64;
    void start_next();

    BlockDevice& cd_;
    std::uint32_t first_;
    BlockGeometry geometry_;
    util::List<BlockRequest> pending_;
    BlockRequest* current_ = nullptr;  // that inner_ is for
    BlockRequest inner_;
    std::size_t skip_ = 0;             // bytes before it in the buffer
    util::Vector<std::byte> buffer_;
};

}  // namespace san
