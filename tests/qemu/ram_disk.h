// A block device in memory for the machine test, which takes its time: what INT 13h does while it waits can be seen.
#pragma once

#include <platform/clock.h>

#include <algorithm>
#include <cstring>

#include "san/block_device.h"
#include "util/loop.h"
#include "util/vector.h"

namespace arch {

class RamDisk final : public san::BlockDevice, private util::Poller {
  public:
    RamDisk(util::Loop& loop, util::Vector<std::byte> bytes, util::Duration delay)
        : bytes_(std::move(bytes)), delay_(delay) {
        geometry_.blocks = bytes_.size() / geometry_.block_size;
        loop.add(*this);
    }

    const san::BlockGeometry& geometry() const override { return geometry_; }
    std::uint32_t max_transfer_blocks() const override { return 128; }
    void submit(san::BlockRequest& request) override {
        request.state = san::BlockRequest::State::Pending;
        if (requests_.empty()) done_at_ = platform::now() + delay_;
        requests_.push_back(request);
    }
    void cancel(san::BlockRequest& request) override { request.unlink(); }
    std::uint32_t generation() const override { return 0; }
    bool reconnecting() const override { return false; }
    const san::Diagnosis& diagnosis() const override { return diagnosis_; }

  private:
    bool poll(util::Instant now) override {
        if (requests_.empty() || now < done_at_) return false;
        san::BlockRequest& request = *requests_.pop_front();
        std::byte* at = bytes_.data() + request.lba * geometry_.block_size;
        if (request.operation == san::BlockRequest::Operation::Read)
            std::memcpy(request.data.data(), at, request.data.size());
        if (request.operation == san::BlockRequest::Operation::Write)
            std::memcpy(at, request.data.data(), request.data.size());
        request.state = san::BlockRequest::State::Done;
        done_at_ = now + delay_;
        return true;
    }
    util::Instant poll_at() const override { return requests_.empty() ? util::Instant::never() : done_at_; }

    util::Vector<std::byte> bytes_;
    util::Duration delay_;
    util::Instant done_at_;
    san::BlockGeometry geometry_;
    san::Diagnosis diagnosis_;
    util::List<san::BlockRequest> requests_;
};

}  // namespace arch
