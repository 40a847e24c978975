// A pair of in-memory byte queues as a net::Stream, with the other end for a fake server.
#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>

#include "net/stream.h"

namespace fake {

inline constexpr util::Failure kRefused{util::code::kTcp + 0xe1, "connection refused"};
inline constexpr util::Failure kReset{util::code::kTcp + 0xe2, "connection reset"};

// What both ends share.
struct Pipe {
    std::string to_server, to_client;
    std::size_t capacity = 1 << 20;     // of to_server
    std::size_t piece = SIZE_MAX;       // the most that peek() and receive() show at once
    net::Stream::State state = net::Stream::State::Open;
    const util::Failure* failure = nullptr;
    bool client_closed = false, client_aborted = false, server_closed = false;

    void fail(const util::Failure& why) {
        state = net::Stream::State::Failed;
        failure = &why;
    }
};

class Stream final : public net::Stream {
  public:
    explicit Stream(std::shared_ptr<Pipe> pipe) : pipe_(std::move(pipe)) {}
    State state() const override {
        if (pipe_->state == State::Open && pipe_->server_closed && pipe_->to_client.empty()) return State::PeerClosed;
        return pipe_->state;
    }
    const util::Failure& failure() const override { return *pipe_->failure; }
    std::size_t send(util::Bytes data) override {
        if (pipe_->state != State::Open) return 0;
        std::size_t count = std::min(data.size(), send_room());
        pipe_->to_server.append(util::as_text(data.first(count)));
        return count;
    }
    std::size_t send_room() const override {
        return pipe_->capacity - std::min(pipe_->capacity, pipe_->to_server.size());
    }
    util::Bytes peek() const override {
        util::Bytes all = util::as_bytes(pipe_->to_client);
        return all.first(std::min(all.size(), pipe_->piece));
    }
    void consume(std::size_t count) override { pipe_->to_client.erase(0, count); }
    std::size_t receive(util::MutableBytes target) override {
        util::Bytes there = peek();
        std::size_t count = std::min(there.size(), target.size());
        if (count) std::memcpy(target.data(), there.data(), count);
        consume(count);
        return count;
    }
    std::size_t readable() const override { return pipe_->to_client.size(); }
    void close() override { pipe_->client_closed = true; }
    void abort() override { pipe_->client_closed = pipe_->client_aborted = true; }

  private:
    std::shared_ptr<Pipe> pipe_;
};

}  // namespace fake
