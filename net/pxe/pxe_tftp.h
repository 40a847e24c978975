// TFTP for PXE programs (PXE 2.1 section 3.3): one file at a time, given out in pieces as the program asks for them.
//
// The pieces have the size that the program wants; what goes over the wire has the blocks and windows that fit the
// wire (net/fetch/tftp.h). While the program does not ask nothing is acknowledged, so the server waits for it.
#pragma once

#include <optional>

#include "net/fetch/tftp.h"

namespace net {

class PxeApi;

// A transfer with its socket.
class PxeTransfer {
  public:
    // Failure: no route, out of memory, kTftpBadName.
    util::Result<void> start(FetchContext& context, const Ipv4Endpoint& server, std::string_view filename,
                             FetchSink& sink);
    void stop();
    bool is_started() const { return transfer_.has_value(); }
    bool done() const { return transfer_->done(); }
    util::Result<void> result() const { return transfer_->result(); }
    // Waits until it is done, or a counter (of the sink's) has come so far.
    void run(util::Loop& loop, const std::size_t& counter, std::size_t enough);

  private:
    util::Owned<DatagramSocket> socket_;
    std::optional<TftpTransfer> transfer_;  // goes before the socket
};

// What has arrived and was not read yet.
class PxeFifo final : public FetchSink {
  public:
    // More than a window ever brings.
    static constexpr std::size_t kRoom = TftpTransfer::kLargestWindow * TftpTransfer::kLargestBlock + 16384;
    util::Result<void> allocate() { return bytes_.resize(kRoom); }
    void release() {
        bytes_ = {};
        begin_ = count_ = 0;
    }
    util::Result<void> begin(std::optional<std::uint64_t> size) override {
        announced_ = size;
        return {};
    }
    util::Result<void> write(util::Bytes data) override;
    std::optional<std::uint64_t> announced() const { return announced_; }
    const std::size_t& count() const { return count_; }
    util::Bytes front(std::size_t count) const { return util::Bytes(bytes_.span()).subspan(begin_, count); }
    void drop(std::size_t count) {
        begin_ += count;
        count_ -= count;
    }

  private:
    util::Vector<std::byte> bytes_;
    std::size_t begin_ = 0, count_ = 0;
    std::optional<std::uint64_t> announced_;
};

struct PxeTftp {
    PxeFifo fifo;
    PxeTransfer transfer;  // goes before what it writes to
    std::uint16_t packet_size = 0;
    std::uint16_t packet_number = 0;
};

}  // namespace net
