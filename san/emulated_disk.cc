#include "san/emulated_disk.h"

#include "san/iscsi_failures.h"

namespace san {

static constexpr std::uint32_t kBlock = 512, kCdBlock = 2048;

util::Result<util::Owned<EmulatedDisk>> EmulatedDisk::create(util::Loop& loop, BlockDevice& cd, std::uint32_t first,
                                                             std::uint64_t blocks) {
    auto disk = TRY(util::make_owned<EmulatedDisk>(cd, first, blocks));
    // One more: a request may begin and end in the middle of a block.
    TRY(disk->buffer_.resize(kMostBlocks * kBlock + kCdBlock));
    loop.add(*disk);
    return disk;
}

EmulatedDisk::~EmulatedDisk() {
    if (current_) cd_.cancel(inner_);
}

void EmulatedDisk::submit(BlockRequest& request) {
    request.failure = nullptr;
    request.failed_lba = request.lba;
    request.state = BlockRequest::State::Failed;
    if (request.operation == BlockRequest::Operation::Write)
        request.failure = &kWriteProtected;
    else if (request.lba > geometry_.blocks || request.count > geometry_.blocks - request.lba)
        request.failure = &kOutsideDisk;
    if (request.failure) return;
    request.state = BlockRequest::State::Done;
    if (request.operation == BlockRequest::Operation::Flush || !request.count) return;
    request.state = BlockRequest::State::Pending;
    pending_.push_back(request);
    start_next();
}

void EmulatedDisk::start_next() {
    if (current_) return;
    current_ = pending_.pop_front();
    if (!current_) return;
    ASSERT(current_->count <= kMostBlocks);
    constexpr std::uint32_t kRatio = kCdBlock / kBlock;
    skip_ = static_cast<std::uint32_t>(current_->lba) % kRatio * kBlock;
    inner_.lba = first_ + current_->lba / kRatio;
    inner_.count = static_cast<std::uint32_t>((skip_ + current_->data.size() + kCdBlock - 1) / kCdBlock);
    inner_.data = buffer_.span().first(inner_.count * std::size_t{kCdBlock});
    cd_.submit(inner_);
}

bool EmulatedDisk::poll(util::Instant) {
    if (!current_ || inner_.state == BlockRequest::State::Pending) return false;
    BlockRequest& request = *std::exchange(current_, nullptr);
    request.state = inner_.state;
    request.failure = inner_.failure;
    if (request.state == BlockRequest::State::Done)
        std::memcpy(request.data.data(), inner_.data.data() + skip_, request.data.size());
    start_next();
    return true;
}

void EmulatedDisk::cancel(BlockRequest& request) {
    request.unlink();
    request.state = BlockRequest::State::Idle;
    if (current_ != &request) return;
    cd_.cancel(inner_);
    current_ = nullptr;
    start_next();
}

}  // namespace san
