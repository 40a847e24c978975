// A block device: what an iSCSI session offers, what caching wraps, what INT 13h reads. Requests are asynchronous,
// several may be in flight, and they are moved on by the Loop; waiting is the caller's business.
#pragma once

#include <cstdint>

#include "san/diagnosis.h"
#include "util/bytes.h"
#include "util/list.h"
#include "util/result.h"

namespace san {

struct BlockGeometry {
    std::uint64_t blocks = 0;
    std::uint32_t block_size = 512;  // bytes: 512, 2048 or 4096
    bool read_only = false;
    bool is_cdrom = false;           // SCSI peripheral device type 05h
};

// One command. The caller owns it and its memory until state is Done or Failed, or cancel() has returned.
struct BlockRequest : util::ListNode<BlockRequest> {
    enum class Operation : std::uint8_t { Read, Write, Flush };
    enum class State : std::uint8_t { Idle, Pending, Done, Failed };

    Operation operation = Operation::Read;
    State state = State::Idle;
    std::uint64_t lba = 0;
    std::uint32_t count = 0;          // blocks, not above max_transfer_blocks()
    util::MutableBytes data;          // count * block_size: filled by reads, sent by writes (not changed)
    // When Failed: why. A medium error on a read says at which block, if the target did.
    const util::Failure* failure = nullptr;
    std::uint64_t failed_lba = 0;
};

class BlockDevice {
  public:
    virtual ~BlockDevice() = default;
    virtual const BlockGeometry& geometry() const = 0;
    // The most one request may carry.
    virtual std::uint32_t max_transfer_blocks() const = 0;
    // Starts a request. Requests may complete in any order; a write and a later read of the same blocks in flight at
    // once give an undefined order, as with any disk: whoever caches must wait.
    virtual void submit(BlockRequest& request) = 0;
    // Gives the request back now; what it had done is unknown.
    virtual void cancel(BlockRequest& request) = 0;
    // Counts up each time the session was lost and made anew: whatever was cached must be dropped.
    virtual std::uint32_t generation() const = 0;
    // True while the session is lost and being made anew, or a request waits for the unit to become ready: for a
    // status line to the person who waits.
    virtual bool reconnecting() const = 0;
    // The operating system may take over: until the next submit() nothing is sent but answers.
    virtual void quiesce() {}
    // In words, the last thing that went wrong.
    virtual const Diagnosis& diagnosis() const = 0;
};

}  // namespace san
