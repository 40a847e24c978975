// A file on an HTTP server as a read-only block device: range requests (RFC 9110 section 14), several on their way over
// one connection that is made anew when the server has closed it.
//
// An ISO 9660 image is a CD with blocks of 2048 bytes, anything else a disk with blocks of 512. What is read is only ever
// of the file that was opened: a server that has another one by now makes the drive fail.
// http_device.cc: opening, requests, answers. http_device_link.cc: the connection.
#pragma once

#include <array>

#include "net/fetch/http_requester.h"
#include "san/block_device.h"
#include "san/polled_clock.h"

namespace san {

namespace http_code {
inline constexpr std::uint16_t kFirst = util::code::kDisk + 0x20;
}
inline constexpr util::Failure kHttpNoRanges{http_code::kFirst + 1,
                                             "the HTTP server cannot send parts of the file, which a drive needs"};
inline constexpr util::Failure kHttpFileChanged{http_code::kFirst + 2, "the file on the HTTP server has changed"};
inline constexpr util::Failure kHttpNoSize{http_code::kFirst + 3, "the HTTP server does not say how large the file is"};
inline constexpr util::Failure kHttpTooSmall{http_code::kFirst + 4, "the file is too small to be a disk"};
inline constexpr util::Failure kHttpWrongPart{http_code::kFirst + 5, "the HTTP server sent another part of the file than asked for"};
inline constexpr util::Failure kHttpSilent{http_code::kFirst + 6, "the HTTP server does not answer"};

class HttpDevice final : public BlockDevice, public util::Poller {
  public:
    // Finds out what the file is. The context must outlive the device. On failure `out` tells
    // a person what happened.
    static util::Result<util::Owned<HttpDevice>> open(net::FetchContext& context, const net::Uri& uri, Diagnosis& out);
    ~HttpDevice() override;

    const BlockGeometry& geometry() const override { return geometry_; }
    std::uint32_t max_transfer_blocks() const override { return kMaxTransferBytes / geometry_.block_size; }
    void submit(BlockRequest& request) override;
    void cancel(BlockRequest& request) override;
    // What is read is the same file whatever becomes of connections.
    std::uint32_t generation() const override { return 0; }
    bool reconnecting() const override { return wanted() && state_ != State::Open; }
    const Diagnosis& diagnosis() const override { return diagnosis_; }

    bool poll(util::Instant now) override;
    util::Instant poll_at() const override;

    // Where it is, after redirects.
    net::Ipv4Address server() const { return address_; }

  private:
    template <class T, class... Args>
    friend util::Result<util::Owned<T>> util::make_owned(Args&&... args);
    explicit HttpDevice(net::FetchContext& context)
        : context_(context), query_(context.datagrams, context.random, context.dns), requester_(context) {}

    static constexpr std::uint32_t kMaxTransferBytes = 262144;
    static constexpr std::size_t kMostFlights = 8;
    enum class State : std::uint8_t {
        Idle,        // no connection, and none is needed
        Resolving,
        Connecting,
        Open,
        Waiting,     // until retry_at_, to try again
    };

    util::Result<void> start(const net::Uri& uri);
    bool wanted() const { return probing_ || flights_ || !const_cast<util::List<BlockRequest>&>(pending_).empty(); }
    void fail_request(BlockRequest& request, const util::Failure& failure);
    net::HttpRequester::Range range_of(const BlockRequest& request) const;
    static net::HttpRequester::Range probe_range();
    bool take_head();
    bool take_content(util::Bytes content);
    bool take_end();
    bool finish_probe();

    // http_device_link.cc
    void connect();
    void follow_query();
    void follow_connecting();
    void secure();
    void begin_answer();
    bool send_requests();
    bool receive();
    void answer_complete();
    void drop_connection();
    void lose_connection();
    void link_failed(const char* stage, const util::Failure& failure);
    void diagnose(const char* stage, const util::Failure& failure);

    net::FetchContext& context_;
    net::DnsQuery query_;
    net::HttpRequester requester_;
    net::Uri uri_;                  // as it was given
    BlockGeometry geometry_{0, 512, true, false};
    std::uint64_t size_ = 0;        // of the file, bytes
    std::uint32_t validator_ = 0;   // 0: not known
    State state_ = State::Idle;
    bool probing_ = true;
    const util::Failure* dead_ = nullptr;
    Diagnosis diagnosis_;

    util::Owned<net::Stream> stream_;
    net::Ipv4Address address_;
    net::HttpReader reader_;
    util::List<BlockRequest> pending_;
    // Asked for on this connection and not answered, oldest first; null: cancelled, its answer is dropped.
    std::array<BlockRequest*, kMostFlights> requests_{};
    std::size_t flights_ = 0;
    std::size_t depth_ = 1;         // so many may be on their way: more once the server has kept a connection open
    bool is_secured_ = false;       // the stream is, or is about to be
    bool head_taken_ = false;       // of the oldest one's answer
    bool closed_in_vain_ = false;   // the last connection was closed without an answer
    std::size_t received_ = 0;      // of its content
    std::array<std::byte, 2048> probe_;

    PolledClock clock_;
    util::Instant heard_at_;  // something came
    util::Instant good_at_;   // nothing was amiss
    util::Instant retry_at_;
    util::Duration delay_;
};

}  // namespace san
