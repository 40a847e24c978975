// The TFTP client (RFC 1350, with the options of RFC 2347 to 2349 and windows, RFC 7440): reading a file.
//
// TftpTransfer is the protocol, polled; fetch_tftp() is the story around it, one line of the table of schemes.
#pragma once

#include "net/fetch/fetch.h"
#include "net/wire/tftp.h"

namespace net {

inline constexpr util::Failure kTftpTimedOut{util::code::kFetch + 16, "the TFTP server does not answer"};
inline constexpr util::Failure kTftpStalled{util::code::kFetch + 17, "the TFTP server has stopped sending"};
inline constexpr util::Failure kTftpNoFile{util::code::kFetch + 18, "the TFTP server has no such file"};
inline constexpr util::Failure kTftpDenied{util::code::kFetch + 19, "the TFTP server refuses access to the file"};
inline constexpr util::Failure kTftpError{util::code::kFetch + 20, "the TFTP server reports an error"};
inline constexpr util::Failure kTftpNonsense{util::code::kFetch + 21, "the TFTP server granted options that were not asked for"};
inline constexpr util::Failure kTftpShort{util::code::kFetch + 22, "the file ended before the size that the TFTP server had announced"};
inline constexpr util::Failure kTftpRefused{util::code::kFetch + 23, "no TFTP server listens there"};
inline constexpr util::Failure kTftpBadName{util::code::kFetch + 24, "not a file name that TFTP can ask for"};

class TftpTransfer final : public util::Poller {
  public:
    // At most this many blocks are asked for at once: more gains nothing on a LAN.
    static constexpr std::uint16_t kLargestWindow = 32;
    static constexpr std::uint16_t kLargestBlock = 1468;  // fills an Ethernet frame (RFC 2348)

    // The path bounds block and window. Socket and sink must outlive it.
    TftpTransfer(DatagramSocket& socket, FetchSink& sink, DatagramService::Path path);
    // Tells the server when it is given up in the middle.
    ~TftpTransfer() override;

    // Asks for a file. Failure: kTftpBadName. The rest is seen in done() and result().
    util::Result<void> start(const Ipv4Endpoint& server, std::string_view filename, util::Instant now);
    bool done() const { return phase_ == Phase::Done || phase_ == Phase::Failed; }
    // Precondition: done().
    util::Result<void> result() const;
    // The server's own words, made printable; may be empty.
    std::string_view server_text() const { return server_text_.view(); }

    bool poll(util::Instant now) override;
    util::Instant poll_at() const override;

  private:
    enum class Phase : std::uint8_t { Idle, Requested, Receiving, Done, Failed };

    void request(util::Instant now);
    void take(const TftpPacket& packet, const Ipv4Endpoint& remote, util::Instant now);
    void take_options(const TftpPacket& packet, const Ipv4Endpoint& remote, util::Instant now);
    void take_data(const TftpPacket& packet, const Ipv4Endpoint& remote, util::Instant now);
    void take_error(const TftpPacket& packet, util::Instant now);
    util::Result<void> begin_once();
    void finish();
    void acknowledge(util::Instant now);
    void time_out(util::Instant now);
    void fail(const util::Failure& failure);
    // Tells the server too.
    void abort(TftpError error, std::string_view text, const util::Failure& failure);
    void send_error(const Ipv4Endpoint& to, TftpError error, std::string_view text);

    DatagramSocket& socket_;
    FetchSink& sink_;
    Phase phase_ = Phase::Idle;
    bool with_options_ = true;
    bool has_begun_ = false;        // the sink
    bool gap_reported_ = false;     // since the last block in order
    std::uint16_t wanted_block_size_, wanted_window_;
    std::uint16_t block_size_ = kTftpDefaultBlockSize, window_ = 1;
    std::uint16_t last_block_ = 0;      // received in order; wraps to 0 after 65535
    std::uint16_t since_ack_ = 0;       // blocks received since
    std::optional<std::uint64_t> announced_;
    std::uint64_t received_ = 0;
    Ipv4Endpoint server_;               // its port is the transfer id once Receiving
    util::String filename_;
    unsigned timeouts_ = 0;             // one after another
    util::Instant retry_at_;
    const util::Failure* failure_ = nullptr;
    util::Text<160> server_text_;
};

// Whether a transfer that the server has broken off is begun anew: where images can be large (schemes.cc).
bool begins_tftp_anew();

// tftp://host[:port]/name. The slash before the name separates only (RFC 3617): two slashes ask for "/name".
//
// TFTP cannot go on in the middle of a file: a server that was started again knows nothing of the transfer (RFC 1350 section 2), and may have
// another file by then. So when the server has fallen silent, or ICMP or an error packet says that it does not know the transfer any more,
// all of it is begun anew, three times at most. A server that has not sent anything yet, or reports an error, ends it at once.
util::Result<void> fetch_tftp(FetchContext& context, const Uri& uri, FetchSink& sink, const FetchRequest& request);

}  // namespace net
