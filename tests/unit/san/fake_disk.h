// A block device in memory with latency, for tests of what is above it. It answers in any order, fails where
// it is told to, loses its session, and is as nasty as the contract (san/block_device.h) allows: what a read
// finds is decided when it is submitted, and its memory is scribbled over until it is done.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <random>
#include <set>
#include <vector>

#include "san/drive.h"
#include "san/iscsi_failures.h"
#include "tests/host/host.h"
#include "util/loop.h"

namespace san {

// What the test keeps when the device goes to a drive.
struct FakeMedium {
    explicit FakeMedium(std::uint64_t block_count, std::uint32_t size = 512) : bytes(block_count * size) {
        geometry.blocks = block_count;
        geometry.block_size = size;
        for (std::uint64_t lba = 0; lba < block_count; ++lba) stamp(lba, 0);
    }
    // Every block differs from every other one, and from what it was with another salt; within it, every 64 bytes do.
    void stamp(std::uint64_t lba, std::uint32_t salt) {
        std::byte* block = &bytes[lba * geometry.block_size];
        std::memset(block, static_cast<int>((lba + salt) & 0xff), geometry.block_size);
        for (std::uint32_t i = 0; i < geometry.block_size; i += 64) {
            auto word = static_cast<std::uint32_t>(lba * 0x01000193 + i + salt * 0x9e3779b9u);
            std::memcpy(block + i, &word, 4);
        }
    }
    util::Bytes at(std::uint64_t lba, std::uint64_t count) const {
        return util::Bytes(bytes).subspan(lba * geometry.block_size, count * geometry.block_size);
    }
    BlockGeometry geometry;
    std::vector<std::byte> bytes;
    std::map<std::uint64_t, const util::Failure*> bad_blocks;
    bool knows_bad_block = true;  // says at which block it failed
};

class FakeDisk final : public BlockDevice, public util::Poller {
  public:
    struct Seen {
        BlockRequest::Operation operation;
        std::uint64_t lba;
        std::uint32_t count;
    };

    FakeDisk(util::Loop& loop, FakeMedium& medium) : loop_(loop), medium_(medium) { loop.add(*this); }
    ~FakeDisk() override { EXPECT_TRUE(pending_.empty()) << "requests outlive the device"; }

    const BlockGeometry& geometry() const override { return medium_.geometry; }
    std::uint32_t max_transfer_blocks() const override { return max_transfer; }
    void submit(BlockRequest& request) override {
        ASSERT_NE(request.state, BlockRequest::State::Pending);
        ASSERT_GT(request.count, 0u);
        ASSERT_LE(request.count, max_transfer);
        ASSERT_LE(request.lba + request.count, medium_.geometry.blocks);
        ASSERT_EQ(request.data.size(), std::size_t{request.count} * medium_.geometry.block_size);
        seen.push_back({request.operation, request.lba, request.count});
        request.state = BlockRequest::State::Pending;
        if (request.operation == BlockRequest::Operation::Read)
            std::memset(request.data.data(), 0xee, request.data.size());
        pending_.push_back({&request, snapshot(request), loop_.now() + next_latency()});
        deepest = std::max(deepest, pending_.size());
    }
    void cancel(BlockRequest& request) override {
        request.state = BlockRequest::State::Idle;
        std::erase_if(pending_, [&](const Flight& flight) { return flight.request == &request; });
        ++cancelled;
    }
    std::uint32_t generation() const override { return generation_; }
    bool reconnecting() const override { return loop_.now() < back_at_; }
    const Diagnosis& diagnosis() const override { return diagnosis_; }

    bool poll(util::Instant now) override {
        if (reconnecting()) return false;
        bool progress = false;
        for (std::size_t i = 0; i < pending_.size();) {
            if (pending_[i].due > now) {
                ++i;
                continue;
            }
            Flight flight = std::move(pending_[i]);
            pending_.erase(pending_.begin() + static_cast<std::ptrdiff_t>(i));
            complete(flight);
            progress = true;
        }
        return progress;
    }
    util::Instant poll_at() const override {
        util::Instant at = util::Instant::never();
        for (const Flight& flight : pending_) at = std::min(at, std::max(flight.due, back_at_));
        return at;
    }

    // The session is lost and comes back after that long; what was under way is done again.
    void lose_session(util::Duration outage) {
        ++generation_;
        back_at_ = loop_.now() + outage;
        for (Flight& flight : pending_) flight.data = snapshot(*flight.request);
    }
    std::size_t in_flight() const { return pending_.size(); }

    std::uint32_t max_transfer = 512;
    util::Duration latency = util::Duration::milliseconds(1);
    std::mt19937* shuffle = nullptr;  // latencies at random: any order
    bool dead = false;                // never answers
    std::vector<Seen> seen;
    std::size_t deepest = 0;
    unsigned cancelled = 0;

  private:
    struct Flight {
        BlockRequest* request;
        std::vector<std::byte> data;
        util::Instant due;
    };
    util::Duration next_latency() {
        if (dead) return util::Duration::seconds(1000000);
        return shuffle ? util::Duration::microseconds(1 + (*shuffle)() % 3000) : latency;
    }
    std::vector<std::byte> snapshot(const BlockRequest& request) const {
        util::Bytes from = request.operation == BlockRequest::Operation::Read
                               ? medium_.at(request.lba, request.count)
                               : util::Bytes(request.data);
        return {from.begin(), from.end()};
    }
    void complete(Flight& flight) {
        BlockRequest& request = *flight.request;
        std::uint32_t good = request.count, size = medium_.geometry.block_size;
        auto bad = medium_.bad_blocks.lower_bound(request.lba);
        if (bad != medium_.bad_blocks.end() && bad->first < request.lba + request.count) {
            good = static_cast<std::uint32_t>(bad->first - request.lba);
            request.state = BlockRequest::State::Failed;
            request.failure = bad->second;
            request.failed_lba = medium_.knows_bad_block ? bad->first : 0;
        } else {
            request.state = BlockRequest::State::Done;
        }
        if (request.operation == BlockRequest::Operation::Write)
            std::memcpy(&medium_.bytes[request.lba * size], flight.data.data(), std::size_t{good} * size);
        else if (request.state == BlockRequest::State::Done)
            std::memcpy(request.data.data(), flight.data.data(), flight.data.size());
    }

    util::Loop& loop_;
    FakeMedium& medium_;
    std::vector<Flight> pending_;
    std::uint32_t generation_ = 0;
    util::Instant back_at_;
    Diagnosis diagnosis_;
};

}  // namespace san
