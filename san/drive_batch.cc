#include "san/drive_batch.h"

#include <algorithm>
#include <bit>

namespace san {

static unsigned block_shift(const BlockDevice& device) {
    return static_cast<unsigned>(std::countr_zero(device.geometry().block_size));
}

DriveBatch::DriveBatch(BlockDevice& device, BlockRequest::Operation operation, std::uint64_t lba,
                       util::MutableBytes data)
    : device_(device),
      operation_(operation),
      first_(lba),
      next_(lba),
      done_(lba),
      end_(lba + (data.size() >> block_shift(device))),
      data_(data) {}

DriveBatch::~DriveBatch() {
    for (BlockRequest& request : requests_)
        if (request.state == BlockRequest::State::Pending) device_.cancel(request);
}

// After a failure nothing new is begun, but what is under way is waited for: to cancel a write costs the
// session.
bool DriveBatch::advance() {
    while (taken_ != submitted_ && oldest().state != BlockRequest::State::Pending) {
        BlockRequest& request = oldest();
        if (!failure_) {
            if (request.state == BlockRequest::State::Done)
                done_ += request.count;
            else
                fail(request);
        }
        ++taken_;
    }
    while (!failure_ && next_ != end_ && submitted_ - taken_ < kInFlight) submit_next();
    return taken_ == submitted_;  // a request that ended within submit() is taken the next time
}

void DriveBatch::submit_next() {
    BlockRequest& request = requests_[submitted_ % kInFlight];
    unsigned shift = block_shift(device_);
    std::uint64_t most = std::max(device_.max_transfer_blocks(), 1u);
    request.operation = operation_;
    request.state = BlockRequest::State::Idle;
    request.lba = next_;
    request.count = static_cast<std::uint32_t>(std::min(most, end_ - next_));
    request.data =
        data_.subspan(static_cast<std::size_t>(next_ - first_) << shift, std::size_t{request.count} << shift);
    request.failure = nullptr;
    request.failed_lba = 0;
    next_ += request.count;
    ++submitted_;
    device_.submit(request);
}

void DriveBatch::fail(const BlockRequest& request) {
    failure_ = request.failure ? request.failure : &util::kInvalid;
    // A target that does not know at which block it failed leaves 0.
    if (request.failed_lba > request.lba && request.failed_lba < request.lba + request.count)
        good_blocks_ = static_cast<std::uint32_t>(request.failed_lba - request.lba);
}

}  // namespace san
