// One read or write of any length, cut into requests that are under way together. Made by Drive for one call.
#pragma once

#include <array>

#include "san/block_device.h"

namespace san {

class DriveBatch {
  public:
    // The data must outlive the batch.
    DriveBatch(BlockDevice& device, BlockRequest::Operation operation, std::uint64_t lba,
               util::MutableBytes data);
    ~DriveBatch();
    DriveBatch(const DriveBatch&) = delete;
    DriveBatch& operator=(const DriveBatch&) = delete;

    // Submits what can be submitted, and notes what came back. True when nothing is left to wait for.
    bool advance();

    // Blocks transferred, from the first on, without a gap.
    std::uint32_t blocks() const { return static_cast<std::uint32_t>(done_ - first_); }
    const util::Failure* failure() const { return failure_; }
    // When a request failed at a block that is known: how many blocks before it, from blocks() on, may be
    // good.
    std::uint32_t good_blocks() const { return good_blocks_; }

  private:
    static constexpr std::uint32_t kInFlight = 8;  // a power of 2: the counters below may wrap

    BlockRequest& oldest() { return requests_[taken_ % kInFlight]; }
    void submit_next();
    void fail(const BlockRequest& request);

    BlockDevice& device_;
    std::array<BlockRequest, kInFlight> requests_;
    std::uint32_t submitted_ = 0, taken_ = 0;  // requests so far
    BlockRequest::Operation operation_;
    std::uint64_t first_, next_, done_, end_;  // blocks: of all, to submit, to take, behind the last
    util::MutableBytes data_;
    const util::Failure* failure_ = nullptr;
    std::uint32_t good_blocks_ = 0;
};

}  // namespace san
